//! The sandbox, asked over real connections.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use connrun::http::live::{Live, Settings};
use connrun::http::redirect::Redirects;
use connrun::http::{ErrorKind, Method, Request, Response, Transport, xml};
use connrun::sandbox::{ROUTES, Sandbox};
use serde_json::Value;

const TOKEN: &str = "api_token=any";

struct Client {
    sandbox: Sandbox,
    live: Live,
}

impl Client {
    fn new() -> Self {
        Self { sandbox: Sandbox::start(0).unwrap(), live: Live::new(Settings::default()).unwrap() }
    }

    fn send(&self, request: Request) -> Response {
        let url = format!("{}{}", self.sandbox.url(), request.url);
        self.live.send(&Request { url, ..request }).unwrap()
    }

    fn get(&self, path: &str) -> Response {
        self.send(Request::new(Method::Get, path))
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.get(path).body).unwrap()
    }

    /// Sends a JSON body; gives the status and the answer.
    fn write(&self, method: Method, path: &str, body: &str) -> (u16, Value) {
        let request = Request::new(method, path).header("Content-Type", "application/json").body(body);
        let response = self.send(request);
        (response.status, serde_json::from_slice(&response.body).unwrap_or_default())
    }

    /// The ids of a page of customers.
    fn ids(&self, query: &str) -> Vec<u64> {
        let page = self.json(&format!("/v1/customers.json?{TOKEN}&{query}"));
        page["customers"].as_array().unwrap().iter().map(|customer| customer["id"].as_u64().unwrap()).collect()
    }
}

/// Status and message of an error answer.
fn refusal(response: &Response) -> String {
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    format!("{} {}", response.status, body["error"]["message"].as_str().unwrap())
}

#[test]
fn the_customer_of_the_guides() {
    let client = Client::new();
    let response = client.get("/v1/customers.json?id=1234&api_token=xyz");
    insta::assert_snapshot!(String::from_utf8(response.body).unwrap(), @r#"
    {
      "customer": {
        "id": 1234,
        "name": "John Smith",
        "email": "john.smith@email.com",
        "address": {
          "street": "123 Main St",
          "city": "Anytown",
          "state": "CA",
          "zip": "94321",
          "country": "USA"
        },
        "created_at": "2017-01-02T12:34:56Z",
        "updated_at": "2017-01-02T12:34:56Z"
      }
    }
    "#);
    let xml = client.get("/v1/customers.xml?id=1234&api_token=xyz");
    assert_eq!(xml.headers.get("Content-Type"), Some("application/xml; charset=utf-8"));
    insta::assert_snapshot!(String::from_utf8(xml.body).unwrap(), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <customer><id>1234</id><name>John Smith</name><email>john.smith@email.com</email><address><street>123 Main St</street><city>Anytown</city><state>CA</state><zip>94321</zip><country>USA</country></address><created_at>2017-01-02T12:34:56Z</created_at><updated_at>2017-01-02T12:34:56Z</updated_at></customer>
    "#);
    assert_eq!(client.json("/v1/customers/1234.json?api_token=x")["customer"]["name"], "John Smith");
}

#[test]
fn a_token_is_needed_and_any_will_do() {
    let client = Client::new();
    let response = client.get("/v1/customers.json?id=1234&api_token=");
    assert_eq!(
        refusal(&response),
        "401 no API token: add the parameter api_token or the header Authorization: Bearer; any value will do"
    );
    assert!(client.get("/v1/customers.xml").body.starts_with(b"<?xml"));
    let bearer = Request::new(Method::Get, "/v1/customers.json?limit=1").header("Authorization", "Bearer x");
    assert_eq!(client.send(bearer).status, 200);
}

#[test]
fn pages_of_customers() {
    let client = Client::new();
    assert_eq!(client.ids("").len(), 100);
    assert_eq!(client.ids("limit=3"), [1000, 1001, 1002]);
    assert_eq!(client.ids("limit=2&order=desc"), [1999, 1998]);
    // Bounds are inclusive.
    let john = "2017-01-02T12:34:56Z";
    assert_eq!(client.ids(&format!("created_since={john}&limit=2")), [1234, 1235]);
    assert_eq!(client.ids(&format!("created_before={john}&order=desc&limit=2")), [1234, 1233]);
    assert_eq!(client.ids(&format!("created_since={john}&created_before={john}")), [1234]);
    assert_eq!(client.ids("created_since=2017-01-02T14:34:56%2B02:00&limit=1"), [1234]);
    assert_eq!(client.ids("created_since=2018-01-01"), [0_u64; 0]);
}

#[test]
fn a_poller_meets_every_customer() {
    let client = Client::new();
    let (mut since, mut seen) = ("2017-01-01T12:00:00Z".to_owned(), Vec::new());
    loop {
        let page = client.json(&format!("/v1/customers.json?{TOKEN}&created_since={since}&order=asc&limit=100"));
        let customers = page["customers"].as_array().unwrap().clone();
        seen.extend(customers.iter().map(|customer| customer["id"].as_u64().unwrap()));
        since = customers.last().unwrap()["created_at"].as_str().unwrap().to_owned();
        if customers.len() < 100 {
            break;
        }
    }
    // Each page begins with the last one of the page before.
    seen.dedup();
    assert_eq!(seen, (1000..2000).collect::<Vec<u64>>());
}

#[test]
fn bad_parameters_are_explained() {
    let client = Client::new();
    let mut table = String::new();
    for query in
        ["id=abc", "id=7", "limit=0", "limit=x", "limit=1001", "order=up", "created_since=soon", "created_before=1"]
    {
        let response = client.get(&format!("/v1/customers.json?{TOKEN}&{query}"));
        table.extend([query, ": ", &refusal(&response), "\n"]);
    }
    for (method, path, body) in [
        (Method::Post, "/v1/customers.json", "{"),
        (Method::Post, "/v1/customers.json", "[]"),
        (Method::Post, "/v1/customers.json", r#"{"email":"a@b"}"#),
        (Method::Post, "/v1/customers.json", r#"{"name":"A","email":"nope"}"#),
        (Method::Patch, "/v1/customers/1234.json", r#"{"address":"home"}"#),
        (Method::Put, "/v1/customers/7.json", "{}"),
        (Method::Delete, "/v1/customers/x.json", ""),
        (Method::Delete, "/v1/customers.json", ""),
    ] {
        let request = Request::new(method, format!("{path}?{TOKEN}")).body(body);
        let response = client.send(request);
        table.extend([method.as_str(), " ", path, " ", body, ": ", &refusal(&response), "\n"]);
    }
    insta::assert_snapshot!(table, @r#"
    id=abc: 400 id "abc" is not a whole number
    id=7: 404 there is no customer 7; the first ones are 1000 to 1999
    limit=0: 400 limit "0" is not a whole number from 1 to 1000
    limit=x: 400 limit "x" is not a whole number from 1 to 1000
    limit=1001: 400 limit "1001" is not a whole number from 1 to 1000
    order=up: 400 order "up" is neither "asc" nor "desc"
    created_since=soon: 400 created_since "soon" is not a time such as 2017-01-02T12:34:56Z
    created_before=1: 400 created_before "1" is not a time such as 2017-01-02T12:34:56Z
    POST /v1/customers.json {: 400 the JSON body: EOF while parsing an object at line 1 column 1
    POST /v1/customers.json []: 400 the body is not an object with a customer's fields
    POST /v1/customers.json {"email":"a@b"}: 422 name is missing
    POST /v1/customers.json {"name":"A","email":"nope"}: 422 email is not an e-mail address
    PATCH /v1/customers/1234.json {"address":"home"}: 422 address is not an object with street, city, state, zip, country
    PUT /v1/customers/7.json {}: 404 there is no customer 7; the first ones are 1000 to 1999
    DELETE /v1/customers/x.json : 400 id "x" is not a whole number
    DELETE /v1/customers.json : 405 /v1/customers.json does not take DELETE, but GET, POST
    "#);
}

#[test]
fn the_life_of_a_customer() {
    let client = Client::new();
    let path = format!("/v1/customers.json?{TOKEN}");
    let body = r#"{"customer":{"id":5,"name":"Zoe","address":{"city":"Rome","zip":"1"}}}"#;
    let (status, created) = client.write(Method::Post, &path, body);
    assert_eq!((status, created["customer"]["id"].as_u64()), (201, Some(2000)));
    assert_eq!(created["customer"]["created_at"], "2017-01-04T05:38:54Z");
    let path = format!("/v1/customers/2000.json?{TOKEN}");
    let (status, updated) =
        client.write(Method::Patch, &path, r#"{"email":"z@x.com","address":{"zip":"2"},"created_at":"1"}"#);
    assert_eq!(status, 200);
    insta::assert_snapshot!(format!("{:#}", updated["customer"]), @r#"
    {
      "id": 2000,
      "name": "Zoe",
      "email": "z@x.com",
      "address": {
        "city": "Rome",
        "zip": "2"
      },
      "created_at": "2017-01-04T05:38:54Z",
      "updated_at": "2017-01-05T05:38:54Z"
    }
    "#);
    assert_eq!(client.ids("created_since=2017-01-04T05:36:00Z"), [2000]);
    assert_eq!(client.write(Method::Delete, &path, "").0, 204);
    assert_eq!((client.get(&path).status, client.write(Method::Delete, &path, "").0), (404, 404));
    // XML in, XML out; and what one sandbox remembers, another one does not know.
    let request = Request::new(Method::Post, format!("/v1/customers.xml?{TOKEN}"))
        .header("Content-Type", "application/xml")
        .body("<customer><name>A &amp; B</name></customer>");
    let root = xml::parse(&client.send(request).body).unwrap();
    assert_eq!(root.all("name").next().unwrap().text(), "A & B");
    assert_eq!(Client::new().get(&format!("/v1/customers/2001.json?{TOKEN}")).status, 404);
}

#[test]
fn echo_shows_what_arrived() {
    let client = Client::new();
    let request = Request::new(Method::Copy, "/echo?a=1&a=2&b%5B%5D=x+y")
        .header("Host", "h")
        .header("User-Agent", "u")
        .header("X-Some_Header", "v")
        .header("Content-Type", "application/json")
        .body(r#"{"k":[1]}"#);
    insta::assert_snapshot!(String::from_utf8(client.send(request).body).unwrap(), @r#"
    {
      "method": "COPY",
      "path": "/echo",
      "query_string": "a=1&a=2&b%5B%5D=x+y",
      "query": {
        "a": [
          "1",
          "2"
        ],
        "b[]": "x y"
      },
      "headers": {
        "Host": "h",
        "User-Agent": "u",
        "X-Some_Header": "v",
        "Content-Type": "application/json",
        "Accept": "*/*",
        "Accept-Encoding": "gzip;q=1.0,deflate;q=0.6,identity;q=0.3",
        "Content-Length": "9"
      },
      "body": "{\"k\":[1]}",
      "json": {
        "k": [
          1
        ]
      }
    }
    "#);
    let form = Request::new(Method::Post, "/echo")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("a=x+y&b=%C3%A9");
    let shown: Value = serde_json::from_slice(&client.send(form).body).unwrap();
    assert_eq!(shown["form"].to_string(), r#"{"a":"x y","b":"é"}"#);
    let binary: Value =
        serde_json::from_slice(&client.send(Request::new(Method::Post, "/echo").body(b"\xff\0")).body).unwrap();
    assert_eq!((&binary["body_base64"], &binary["body"]), (&"/wA=".into(), &Value::Null));
}

#[test]
fn tools() {
    let client = Client::new();
    for code in [200, 204, 299, 304, 401, 418, 500, 599] {
        assert_eq!(client.get(&format!("/status/{code}")).status, code);
    }
    assert_eq!(refusal(&client.get("/status/99")), "400 status \"99\" is not a number from 200 to 599");
    assert_eq!(client.json("/slow/1")["waited_ms"], 1);
    assert_eq!(client.get("/slow/60001").status, 400);
    let allowed = client.send(Request::new(Method::Options, "/v1/customers.json"));
    assert_eq!((allowed.status, allowed.headers.get("Allow")), (204, Some("GET, POST")));
    let head = client.send(Request::new(Method::Head, "/"));
    assert!(head.status == 200 && head.body.is_empty() && head.headers.get("Content-Length") != Some("0"));
    assert_eq!(refusal(&client.get("/nope")), "404 nothing is at /nope; GET / lists what there is");
    let index = client.json("/");
    assert_eq!(index["routes"].as_array().unwrap().len(), ROUTES.len());
    let login = client.get("/basic-auth/me%40x/p%3A");
    assert_eq!((login.status, login.headers.get("WWW-Authenticate")), (401, Some("Basic realm=\"sandbox\"")));
    let url = client.sandbox.url().replace("http://", "http://me%40x:p%3A@") + "/basic-auth/me%40x/p%3A";
    assert_eq!(client.live.send(&Request::new(Method::Get, url)).unwrap().status, 200);
}

#[test]
fn redirects_lead_somewhere() {
    let client = Client::new();
    let follow = Redirects(&client.live);
    let get = |path: &str| follow.send(&Request::new(Method::Get, client.sandbox.url() + path)).unwrap();
    assert_eq!(get("/redirect/3").url, client.sandbox.url() + "/redirect/0");
    assert_eq!(get("/redirect/11").status, 302);
    let arrived = get("/redirect?to=/echo%3Fa%3D1%0D%0AX-Evil:1&status=307");
    let shown: Value = serde_json::from_slice(&arrived.body).unwrap();
    assert_eq!((arrived.status, &shown["path"], shown["headers"].get("X-Evil")), (200, &"/echo".into(), None));
    assert_eq!(refusal(&get("/redirect?to=x&status=200")), "400 status \"200\" is not one of 301, 302, 303, 307, 308");
}

#[test]
fn issues_come_in_pages() {
    let client = Client::new();
    let (mut next, mut numbers) = ("/repos/a/b/issues?state=all&per_page=20".to_owned(), Vec::new());
    loop {
        let response = client.get(&next);
        let page: Value = serde_json::from_slice(&response.body).unwrap();
        numbers.extend(page.as_array().unwrap().iter().map(|issue| issue["number"].as_u64().unwrap()));
        let links = response.headers.get("Link").unwrap().to_owned();
        let Some(link) = links.split(", ").find(|link| link.ends_with("rel=\"next\"")) else { break };
        next = link.trim_start_matches('<').split('>').next().unwrap().replace(&client.sandbox.url(), "");
    }
    assert_eq!(numbers, (1..=42).rev().collect::<Vec<u64>>());
    assert_eq!(client.json("/repos/a/b/issues?since=2017-01-14T00:00:00%2B00:00")[0]["number"], 41);
    assert_eq!(client.get("/repos/a/b/issues?per_page=0").status, 422);
    assert_eq!(client.write(Method::Post, "/repos/a/b/issues/5/comments", r#"{"body":"x"}"#).0, 401);
    let comment = Request::new(Method::Post, "/repos/a/b/issues/5/comments")
        .header("Authorization", "Bearer t")
        .body(r#"{"body":"Mine"}"#);
    assert_eq!(client.send(comment).status, 201);
    let comments = client.json("/repos/a/b/issues/5/comments");
    let bodies: Vec<&str> = comments.as_array().unwrap().iter().map(|c| c["body"].as_str().unwrap()).collect();
    assert_eq!(bodies, ["I see this too.", "I see this too.", "Mine"]);
    assert_eq!(client.json("/repos/a/b/issues/5")["comments"], 3);
    assert_eq!(client.json("/repos/a/other/issues/5")["comments"], 2);
    let opened = Request::new(Method::Post, "/repos/a/b/issues")
        .header("Authorization", "token t")
        .header("x-connrun-original-url", "https://api.github.example/repos/a/b/issues")
        .body(r#"{"title":"New"}"#);
    let opened: Value = serde_json::from_slice(&client.send(opened).body).unwrap();
    assert_eq!(opened["url"], "https://api.github.example/repos/a/b/issues/43");
    assert_eq!(client.json("/repos/a/b/issues?per_page=1")[0]["title"], "New");
    assert_eq!(client.get("/repos/a/b/issues/44").status, 404);
}

#[test]
fn the_feed_is_rss() {
    let response = Client::new().get("/feed.rss");
    let root = xml::parse(&response.body).unwrap();
    let items: Vec<_> = root.all("channel").next().unwrap().all("item").collect();
    assert_eq!((root.name.as_str(), items.len()), ("rss", 8));
    let dates: Vec<String> = items.iter().map(|item| item.all("pubDate").next().unwrap().text()).collect();
    assert_eq!(
        (dates[0].as_str(), dates[7].as_str()),
        ("Thu, 26 Jan 2017 09:00:00 +0000", "Thu, 5 Jan 2017 09:00:00 +0000")
    );
}

/// Sends bytes as they are and gives the answer up to the end of the connection.
fn raw(client: &Client, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(client.sandbox.url().trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    // The server may have closed before it has read everything.
    let _ = socket.write_all(bytes);
    let _ = socket.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn garbage_is_refused_and_forgotten() {
    let client = Client::new();
    let mut table = String::new();
    let many_fields = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(201));
    let long_head = format!("GET /{} HTTP/1.1\r\n", "x".repeat(70_000));
    let chunk = |size: &str| format!("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nabc\r\n");
    for (name, bytes) in [
        ("nothing", Vec::new()),
        ("half a request", b"GET / HT".to_vec()),
        ("not HTTP", b"\x16\x03\x01\0\0\r\n\r\n".to_vec()),
        ("no path", b"GET nowhere HTTP/1.1\r\n\r\n".to_vec()),
        ("odd length", b"POST /echo HTTP/1.1\r\nContent-Length: -1\r\n\r\n".to_vec()),
        ("huge length", b"POST /echo HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n".to_vec()),
        ("many fields", many_fields.into_bytes()),
        ("long head", long_head.into_bytes()),
        ("odd chunk", chunk("xyz").into_bytes()),
        ("wrong chunk", chunk("2").into_bytes()),
        ("huge chunk", chunk("ffffffffffffffff").into_bytes()),
        ("bad escapes", b"GET /v1/customers/%ff%zz.json?api_token=%&id=%00 HTTP/1.0\r\n\r\n".to_vec()),
        ("other host", b"GET http://h/status/204?x=://y HTTP/1.0\r\n\r\n".to_vec()),
    ] {
        let answer = raw(&client, &bytes);
        let line = answer.lines().next().unwrap_or("(closed)");
        let message = answer.split("\"message\": ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
        table.extend([format!("{name}: {line} {message}").trim_end(), "\n"]);
    }
    insta::assert_snapshot!(table, @r#"
    nothing: (closed)
    half a request: (closed)
    not HTTP: HTTP/1.1 400 Bad Request "this is not HTTP: invalid token"
    no path: HTTP/1.1 400 Bad Request "\"nowhere\" is not a path"
    odd length: HTTP/1.1 400 Bad Request "Content-Length \"-1\" is not a number"
    huge length: HTTP/1.1 413 Payload Too Large "the body is larger than 16777216 bytes"
    many fields: HTTP/1.1 431 Request Header Fields Too Large "there are more than 200 header fields"
    long head: HTTP/1.1 431 Request Header Fields Too Large "the head is larger than 65536 bytes"
    odd chunk: HTTP/1.1 400 Bad Request "\"xyz\" is not the size of a chunk"
    wrong chunk: HTTP/1.1 400 Bad Request "a chunk is longer than it says"
    huge chunk: HTTP/1.1 413 Payload Too Large "the body is larger than 16777216 bytes"
    bad escapes: HTTP/1.1 400 Bad Request "id \"�%zz\" is not a whole number"
    other host: HTTP/1.1 204 No Content
    "#);
    assert_eq!(client.get("/status/200").status, 200);
}

#[test]
fn connections_carry_many_requests() {
    let client = Client::new();
    let chunked =
        "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: r\r\n\r\n";
    let answer = raw(&client, format!("GET /status/204 HTTP/1.1\r\n\r\n{chunked}GET / HTTP/1.0\r\n\r\n").as_bytes());
    assert_eq!(answer.matches("HTTP/1.1 2").count(), 3, "{answer}");
    assert!(answer.contains("\"body\": \"abcde\""), "{answer}");
}

#[test]
fn it_ends_at_once() {
    let Client { sandbox, live } = Client::new();
    let url = sandbox.url();
    let started = Instant::now();
    let waiting = std::thread::spawn({
        let url = url.clone();
        move || live.send(&Request::new(Method::Get, format!("{url}/slow/60000"))).map_err(|error| error.kind)
    });
    // Another connection is served meanwhile, so the slow one does not hold the server.
    let other = Live::new(Settings::default()).unwrap();
    assert_eq!(other.send(&Request::new(Method::Get, format!("{url}/status/200"))).unwrap().status, 200);
    drop(sandbox);
    let ended = waiting.join().unwrap();
    assert!(matches!(&ended, Ok(_) | Err(ErrorKind::Broken | ErrorKind::Refused { .. })), "{ended:?}");
    assert!(started.elapsed() < Duration::from_secs(20));
    let after = other.send(&Request::new(Method::Post, url)).unwrap_err();
    assert!(matches!(after.kind, ErrorKind::Refused { .. } | ErrorKind::Broken), "{after:?}");
}

#[test]
fn a_taken_port_is_an_error() {
    let first = Sandbox::start(0).unwrap();
    let port = first.url().rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(Sandbox::start(port).err().unwrap().kind(), std::io::ErrorKind::AddrInUse);
}

/// One exchange with the provider: what was asked, and what came.
fn grant(client: &Client, form: &str, authorization: Option<&str>) -> String {
    let mut request = Request::new(Method::Post, "/oauth/token")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form.to_owned());
    if let Some(authorization) = authorization {
        request = request.header("Authorization", authorization);
    }
    let response = client.send(request);
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    let challenge = response.headers.get("WWW-Authenticate").map(|field| format!("\n  WWW-Authenticate: {field}"));
    format!("POST /oauth/token {form}\n  {} {body}{}\n", response.status, challenge.unwrap_or_default())
}

/// Where a request for authorization leads.
fn authorized(client: &Client, query: &str) -> String {
    let response = client.get(&format!("/oauth/authorize?{query}"));
    let place = response.headers.get("Location").unwrap_or_else(|| std::str::from_utf8(&response.body).unwrap());
    format!(
        "GET /oauth/authorize?{query}\n  {} {}\n",
        response.status,
        place.split_whitespace().collect::<Vec<_>>().join(" ")
    )
}

const BACK: &str = "redirect_uri=https%3A%2F%2Fapp.example.com%2Fback";
const DEMO: &str = "client_id=demo&client_secret=demo-secret";

#[test]
fn codes_are_granted_and_redeemed_with_their_verifier() {
    let client = Client::new();
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let pkce = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let mut shown = String::new();
    shown += &authorized(&client, &format!("response_type=code&client_id=demo&state=a%20b&{BACK}%3Fx%3D1&{pkce}"));
    for wrong in ["wrong", ""] {
        shown += &authorized(&client, &format!("response_type=code&client_id={wrong}&{BACK}"));
    }
    shown += &authorized(&client, "response_type=code&client_id=demo");
    shown += &authorized(&client, &format!("response_type=token&client_id=demo&state=s&{BACK}"));
    shown += &authorized(&client, &format!("response_type=code&client_id=demo-public&{BACK}"));
    shown += &authorized(&client, &format!("response_type=code&client_id=demo&{BACK}&code_challenge=abc"));
    let redeem = |code: &str, more: &str| format!("grant_type=authorization_code&code=sandbox-code-{code}&{more}");
    // The wrong verifier uses the code up.
    let code = || authorized(&client, &format!("response_type=code&client_id=demo&{BACK}&{pkce}"));
    shown += &code();
    shown += &grant(&client, &redeem("0002", &format!("{BACK}&{DEMO}&code_verifier=wrong")), None);
    shown += &grant(&client, &redeem("0002", &format!("{BACK}&{DEMO}&code_verifier={verifier}")), None);
    shown += &code();
    shown += &grant(&client, &redeem("0003", &format!("{BACK}&{DEMO}")), None);
    shown += &code();
    shown += &grant(&client, &redeem("0004", &format!("{DEMO}&code_verifier={verifier}")), None);
    shown += &code();
    shown += &grant(&client, &redeem("0005", &format!("{BACK}&client_id=demo-public&code_verifier={verifier}")), None);
    shown += &authorized(&client, &format!("response_type=code&client_id=demo&{BACK}&lifetime=0"));
    shown += &grant(&client, &redeem("0006", &format!("{BACK}&{DEMO}")), None);
    shown += &code();
    let basic = "Basic ZGVtbzpkZW1vLXNlY3JldA==";
    shown += &grant(&client, &redeem("0007", &format!("{BACK}&code_verifier={verifier}")), Some(basic));
    shown += &grant(&client, &redeem("0007", &format!("{BACK}&code_verifier={verifier}")), Some(basic));
    shown += &grant(&client, &redeem("0001", &format!("{BACK}&client_id=demo&client_secret=guess")), None);
    shown += &grant(&client, &redeem("0001", &format!("{BACK}&client_id=nobody")), None);
    shown += &grant(&client, &format!("grant_type=password&{DEMO}"), None);
    shown += &grant(&client, DEMO, None);
    insta::assert_snapshot!(shown);
}

#[test]
fn refresh_tokens_rotate() {
    let client = Client::new();
    let refresh = |token: &str| grant(&client, &format!("grant_type=refresh_token&refresh_token={token}&{DEMO}"), None);
    let who = |token: &str| {
        let request = Request::new(Method::Get, "/oauth/userinfo").header("Authorization", format!("Bearer {token}"));
        let response = client.send(request);
        let challenge = response.headers.get("WWW-Authenticate").unwrap_or_default().to_owned();
        format!("GET /oauth/userinfo with {token}\n  {} {challenge}\n", response.status)
    };
    let mut shown = who("an-access-token-of-yesterday");
    shown += &refresh("demo-refresh-token");
    shown += &who("sandbox-access-0001");
    shown += &refresh("demo-refresh-token");
    shown += &refresh("sandbox-refresh-0002");
    shown += &who("sandbox-access-0001");
    shown += &who("sandbox-access-0003");
    shown += &refresh("");
    let other = "grant_type=refresh_token&refresh_token=sandbox-refresh-0004&client_id=demo-public";
    shown += &grant(&client, other, None);
    insta::assert_snapshot!(shown);
}

#[test]
fn invoices_are_xml_and_files_are_forms() {
    let client = Client::new();
    let mut shown = String::new();
    let mut send = |method: Method, path: &str, content_type: &str, body: &str| {
        let request = Request::new(method, path).header("X-Api-Key", "any").header("Content-Type", content_type);
        let response = client.send(request.body(body.to_owned()));
        shown +=
            &format!("{method} {path}\n{body}\n{} {}\n\n", response.status, String::from_utf8_lossy(&response.body));
    };
    let invoice =
        "<invoice currency=\"EUR\"><customer>A &amp; B</customer><line quantity=\"3\" price=\"4.90\"/></invoice>";
    send(Method::Post, "/billing/invoices.xml", "application/xml", invoice);
    send(Method::Get, "/billing/invoices/INV-1001.xml", "", "");
    send(Method::Get, "/billing/invoices/INV-7.xml", "", "");
    send(Method::Post, "/billing/invoices.xml", "application/xml", "<invoice><line quantity=\"1\"/></invoice>");
    send(Method::Post, "/billing/invoices.xml", "application/xml", "<invoice>");
    let part = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nabc\r\n";
    let field = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nline\r\nline\r\n";
    send(Method::Post, "/billing/files.xml", "multipart/form-data; boundary=x", &format!("{part}{field}--x--\r\n"));
    send(Method::Post, "/billing/files.xml", "multipart/form-data; boundary=x", part);
    send(Method::Post, "/billing/files.xml", "text/plain", "abc");
    insta::assert_snapshot!(shown.replace('\r', ""));
}
