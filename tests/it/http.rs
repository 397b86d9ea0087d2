//! The network transport against real sockets: what goes over the wire, and how failures end.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use connrun::http::digest::Digest;
use connrun::http::live::{Live, Settings};
use connrun::http::redirect::Redirects;
use connrun::http::reroute::Reroute;
use connrun::http::trace::{Exchange, Trace};
use connrun::http::{Credentials, ErrorKind, Method, Phase, RedirectPolicy, Request, Transport};

use crate::support::server::{Reply, Server};

fn live() -> Live {
    Live::new(Settings { max_head: 4096, max_body: 10_000, user_agent: "connrun/test".into(), ..Settings::default() })
        .unwrap()
}

fn send(server: &Server, method: Method, path: &str) -> Result<connrun::http::Response, ErrorKind> {
    live().send(&Request::new(method, format!("{}{path}", server.url()))).map_err(|error| error.kind)
}

/// The only request the server got, line ends shown.
fn only_request(server: &Server) -> String {
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:#?}");
    requests[0].replace("\r\n", "\n")
}

#[test]
fn header_names_go_out_as_written() {
    let server = Server::start([Reply::ok("")]);
    let request = Request::new(Method::Post, format!("{}/a?b=1#c", server.url()))
        .header("SOAPAction", "urn:x")
        .header("x-lower_case", "ünicode")
        .header("Accept", "application/json")
        .header("content-LENGTH", "999")
        .body("{}");
    live().send(&request).unwrap();
    insta::assert_snapshot!(only_request(&server), @r"
    POST /a?b=1 HTTP/1.1
    Host: HOST
    SOAPAction: urn:x
    x-lower_case: ünicode
    Accept: application/json
    Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3
    User-Agent: connrun/test
    Content-Length: 2

    {}
    ");
}

#[test]
fn every_verb_with_and_without_a_body() {
    let mut shown = String::new();
    for method in Method::ALL {
        for body in [None, Some("{}")] {
            let server = Server::start([Reply::ok("")]);
            let mut request = Request::new(method, format!("{}/x", server.url()));
            request.body = body.map(Into::into);
            assert_eq!(live().send(&request).unwrap().status, 200);
            let raw = only_request(&server);
            let length = raw.lines().find(|line| line.starts_with("Content-Length")).unwrap_or("no length");
            let (head, body) = raw.split_once("\n\n").unwrap();
            let line = format!("{:20} {length:18} {body}", head.lines().next().unwrap());
            shown.extend([line.trim_end(), "\n"]);
        }
    }
    insta::assert_snapshot!(shown, @r"
    GET /x HTTP/1.1      no length
    GET /x HTTP/1.1      Content-Length: 2  {}
    HEAD /x HTTP/1.1     no length
    HEAD /x HTTP/1.1     no length
    OPTIONS /x HTTP/1.1  no length
    OPTIONS /x HTTP/1.1  Content-Length: 2  {}
    POST /x HTTP/1.1     Content-Length: 0
    POST /x HTTP/1.1     Content-Length: 2  {}
    PUT /x HTTP/1.1      Content-Length: 0
    PUT /x HTTP/1.1      Content-Length: 2  {}
    PATCH /x HTTP/1.1    Content-Length: 0
    PATCH /x HTTP/1.1    Content-Length: 2  {}
    DELETE /x HTTP/1.1   no length
    DELETE /x HTTP/1.1   Content-Length: 2  {}
    COPY /x HTTP/1.1     no length
    COPY /x HTTP/1.1     Content-Length: 2  {}
    MOVE /x HTTP/1.1     no length
    MOVE /x HTTP/1.1     Content-Length: 2  {}
    ");
}

#[test]
fn a_user_in_the_url_becomes_a_header() {
    let server = Server::start([Reply::ok("")]);
    let url = server.url().replace("http://", "http://me%40x.com:p%3Aw@");
    live().send(&Request::new(Method::Get, url)).unwrap();
    let raw = only_request(&server);
    assert!(raw.contains("Authorization: Basic bWVAeC5jb206cDp3\n"), "{raw}");
    assert!(raw.starts_with("GET / HTTP/1.1\nHost: HOST\n"), "{raw}");
}

#[test]
fn fields_that_would_smuggle_are_refused() {
    let server = Server::start([]);
    let request = |name: &str, value: &str| Request::new(Method::Get, server.url()).header(name, value);
    for (request, expected) in [
        (request("X", "a\r\nY: b"), "header field value cannot include CR/LF"),
        (request("X", "a\0b"), "the value of header \"X\" holds a control character"),
        (request("X Y", "a"), "\"X Y\" cannot be a header name: it may hold letters, digits and !#$%&'*+-.^_`|~ only"),
        (request("", "a"), "\"\" cannot be a header name: it may hold letters, digits and !#$%&'*+-.^_`|~ only"),
    ] {
        assert_eq!(live().send(&request).unwrap_err().to_string(), expected);
    }
    assert!(server.requests().is_empty());
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn answers_are_unpacked() {
    let fields = [("Content-Encoding", "gzip"), ("X-Multi", "1"), ("X-Multi", "2"), ("X-Utf", "café")];
    let server = Server::start([Reply::full("201 Whatever", &fields, gzip(b"unzipped"))]);
    let response = send(&server, Method::Get, "/").unwrap();
    assert_eq!((response.status, response.body.as_slice()), (201, &b"unzipped"[..]));
    assert_eq!(response.headers.all("x-multi").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(response.headers.get("x-utf"), Some("café"));
    assert!(!response.headers.contains("content-encoding") && !response.headers.contains("content-length"));
    assert_eq!(response.url, format!("{}/", server.url()));
    let server = Server::start([Reply::Cut(b"HTTP/1.1 200 OK\r\nX-Latin: caf\xe9\r\n\r\nto the end".to_vec())]);
    let response = send(&server, Method::Get, "/").unwrap();
    assert_eq!((response.headers.get("X-Latin"), response.body.as_slice()), (Some("café"), &b"to the end"[..]));
}

#[test]
fn large_answers_end_at_the_limit() {
    let bomb = gzip(&vec![b'0'; 1_000_000]);
    let long_field = "x".repeat(5000);
    for (reply, what) in [
        (Reply::full("200 OK", &[("Content-Encoding", "gzip")], bomb), "body"),
        (Reply::ok(vec![b'x'; 10_001]), "body"),
        (Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 2000]), "body"),
        (Reply::full("200 OK", &[("X-Long", &long_field)], ""), "head"),
        (Reply::Drip(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-Again: 0123456789\r\n".repeat(20)), "head"),
    ] {
        let server = Server::start([reply]);
        match send(&server, Method::Get, "/") {
            Err(ErrorKind::TooLarge { what: which, .. }) => assert_eq!(which, what),
            // A head of many fields may pass the parser's count before its size.
            Err(ErrorKind::Protocol { .. }) if what == "head" => {}
            other => panic!("{other:?}"),
        }
    }
    let server = Server::start([Reply::ok(vec![b'x'; 10_000])]);
    assert_eq!(send(&server, Method::Get, "/").unwrap().body.len(), 10_000);
}

#[test]
fn slow_servers_end_at_the_limit() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".to_vec();
    let short = Some(Duration::from_millis(60));
    for (reply, read, total, expected) in [
        (Reply::Hang(Vec::new()), None, short, Phase::Total),
        (Reply::Hang(Vec::new()), short, None, Phase::Read),
        (Reply::Hang(head.clone()), None, short, Phase::Total),
        (Reply::Hang(head.clone()), short, None, Phase::Read),
        (Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), b".".to_vec()), None, short, Phase::Total),
        (Reply::Drip(Vec::new(), b"H".to_vec()), None, short, Phase::Total),
    ] {
        let server = Server::start([reply.clone()]);
        let mut request = Request::new(Method::Get, server.url());
        (request.timeouts.read, request.timeouts.total) = (read, total);
        let started = Instant::now();
        let error = live().send(&request).unwrap_err();
        // An endless non-answer may be recognised before its time is up.
        if !matches!(error.kind, ErrorKind::Protocol { .. }) {
            assert_eq!(error.kind, ErrorKind::Timeout(expected), "{reply:?}");
            assert_eq!(error.to_string(), "Timed out reading data from server");
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{reply:?}");
        assert_eq!(server.requests().len(), 1, "nothing is sent twice");
    }
}

#[test]
fn broken_connections_are_not_retried() {
    for reply in [
        Reply::Cut(Vec::new()),
        Reply::Cut(b"HTTP/1.1 200".to_vec()),
        Reply::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec()),
        Reply::Cut(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe".to_vec()),
    ] {
        let server = Server::start([reply.clone()]);
        let error = send(&server, Method::Get, "/").unwrap_err();
        assert_eq!((&error, error.to_string().as_str()), (&ErrorKind::Broken, "Server broke connection"), "{reply:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn nonsense_is_an_error() {
    for bytes in [&b"SMTP ready\r\n\r\n"[..], b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"] {
        let server = Server::start([Reply::Cut(bytes.to_vec())]);
        let kind = send(&server, Method::Get, "/").unwrap_err();
        assert!(matches!(kind, ErrorKind::Protocol { .. }), "{kind:?}");
    }
}

#[test]
fn nobody_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = live().send(&Request::new(Method::Get, format!("http://localhost:{port}/"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "Failed to open TCP connection to localhost:{port} \
             (Connection refused - connect(2) for localhost:{port})"
        )
    );
    // A label of more than 63 letters is refused by every resolver without asking anyone.
    let host = format!("{}.invalid", "a".repeat(70));
    let error = live().send(&Request::new(Method::Get, format!("http://{host}/"))).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Dns { host, port: 80 });
}

#[test]
fn connections_are_kept_and_replaced_when_stale() {
    let server = Server::start([Reply::ok("1"), Reply::ok("2")]);
    let live = live();
    let get = Request::new(Method::Get, server.url());
    let post = Request::new(Method::Post, server.url());
    let body = |request: &Request| live.send(request).map(|response| response.body).map_err(|error| error.kind);
    assert_eq!((body(&get), body(&post)), (Ok(b"1".to_vec()), Ok(b"2".to_vec())));
    assert_eq!(server.connections(), 1);
    // The kept connection ends just as it is used again: what may be repeated is sent on a new one.
    for reply in [Reply::Cut(Vec::new()), Reply::ok("3"), Reply::Cut(Vec::new())] {
        server.push(reply);
    }
    assert_eq!((body(&get), server.connections()), (Ok(b"3".to_vec()), 2));
    assert_eq!(body(&post), Err(ErrorKind::Broken));
}

#[test]
fn stopping_ends_what_is_under_way() {
    let server = Server::start([Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".to_vec())]);
    let live = live();
    let request = Request::new(Method::Get, server.url());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| live.send(&request).map_err(|error| error.kind));
        while server.requests().is_empty() {
            std::thread::yield_now();
        }
        live.stop();
        assert_eq!(waiting.join().unwrap(), Err(ErrorKind::Interrupted));
    });
    assert_eq!(live.send(&request).unwrap_err().kind, ErrorKind::Interrupted);
}

#[test]
fn redirects_over_the_wire() {
    let cookie = Reply::full("302 Found", &[("Location", "/two?z=1"), ("Set-Cookie", "s=1; Path=/")], "moved");
    let server = Server::start([cookie, Reply::redirect(307, "three"), Reply::ok("here")]);
    let request = Request::new(Method::Get, format!("{}/one?q=1", server.url()));
    let response = Redirects(live()).send(&request).unwrap();
    assert_eq!((response.body.as_slice(), response.url), (&b"here"[..], format!("{}/three", server.url())));
    let lines: Vec<String> = server
        .requests()
        .iter()
        .map(|raw| format!("{} {}", raw.lines().next().unwrap(), if raw.contains("Cookie: s=1") { "s" } else { "-" }))
        .collect();
    assert_eq!(lines, ["GET /one?q=1 HTTP/1.1 -", "GET /two?z=1 HTTP/1.1 s", "GET /three HTTP/1.1 s"]);
}

#[test]
fn a_followed_post_keeps_its_body() {
    let server = Server::start([Reply::redirect(301, "/to"), Reply::ok("")]);
    let mut request = Request::new(Method::Post, format!("{}/from", server.url()))
        .header("Content-Type", "application/json")
        .body("{\"a\":1}");
    request.redirects = RedirectPolicy::Follow;
    Redirects(live()).send(&request).unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].replace("/from", "/to"), requests[1]);
}

#[test]
fn digest_challenges_are_answered_once() {
    let challenge = [("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"")];
    let server = Server::start([
        Reply::full("401 Unauthorized", &challenge, ""),
        Reply::full("401 Unauthorized", &challenge, "no"),
    ]);
    let mut request = Request::new(Method::Get, format!("{}/a?b", server.url()));
    request.digest = Some(Credentials { user: "u".into(), password: "p".into() });
    let response = Digest(live()).send(&request).unwrap();
    assert_eq!((response.status, response.body.as_slice()), (401, &b"no"[..]));
    let requests = server.requests();
    assert!(!requests[0].contains("Authorization") && requests.len() == 2);
    assert!(requests[1].contains("Authorization: Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/a?b\""));
}

#[test]
fn rerouted_requests_say_where_they_were_going() {
    let server = Server::start([Reply::redirect(302, "https://other.example/b"), Reply::ok("")]);
    let seen = std::sync::Mutex::new(Vec::new());
    let watch = |exchange: Exchange<'_>| {
        let status = exchange.outcome.as_ref().map(|response| response.status).unwrap();
        seen.lock().unwrap().push(format!("{} {status}", exchange.request.url));
    };
    let transport = Redirects(Trace::new(Reroute::new(live(), &server.url()).unwrap(), watch));
    let request = Request::new(Method::Get, "https://API.example.com/a?b=1").header("Authorization", "Bearer t");
    let response = transport.send(&request).unwrap();
    assert_eq!(response.url, "https://other.example/b");
    let requests = server.requests();
    assert!(requests[0].starts_with("GET /a?b=1 HTTP/1.1\r\nHost: HOST\r\n"), "{}", requests[0]);
    assert!(requests[0].contains("x-connrun-original-url: https://api.example.com/a?b=1\r\n"), "{}", requests[0]);
    assert!(requests[0].contains("Authorization") && !requests[1].contains("Authorization"));
    assert!(requests[1].contains("x-connrun-original-url: https://other.example/b\r\n"));
    assert_eq!(*seen.lock().unwrap(), ["https://API.example.com/a?b=1 302", "https://other.example/b 200"]);
}

#[test]
fn a_proxy_is_asked_for_the_connection() {
    let server = Server::start([Reply::Cut(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".to_vec())]);
    let proxy = Some(server.url().replace("http://", "http://me:pw@"));
    let live = Live::new(Settings { proxy, ..Settings::default() }).unwrap();
    let error = live.send(&Request::new(Method::Get, "https://api.example.com/")).unwrap_err();
    assert!(error.to_string().starts_with("Failed to open TCP connection to api.example.com:443 ("), "{error}");
    let raw = only_request(&server);
    assert!(raw.starts_with("CONNECT api.example.com:443 HTTP/1.1\n"), "{raw}");
    assert!(raw.contains("Proxy-Authorization: Basic bWU6cHc="), "{raw}");
    let settings = Settings { proxy: Some("nope nope".into()), ..Settings::default() };
    let problem = Live::new(settings).err().unwrap();
    assert_eq!(problem, "\"nope nope\" is not the URL of a proxy, such as http://host:3128");
}
