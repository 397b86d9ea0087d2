//! What servers, files and certificates do that they should not: each ends in a report within its limit, and shows no
//! secret.

use crate::support::command::{Printed, Run, connrun};
use crate::support::faults::{FaultServer, Script};
use crate::support::server::{Reply, Server};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// The setting that nobody may see: every way of writing text down changes it.
const TOKEN: &str = r#"s3cr3t/+&"<tok-en>-äé-0123456789=="#;

/// The same, as it may turn up.
fn spellings() -> Vec<String> {
    let percent = |keep: &str| {
        let byte = |byte: u8| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ if keep.as_bytes().contains(&byte) => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        TOKEN.bytes().map(byte).collect::<String>()
    };
    let json = TOKEN.replace('"', "\\\"");
    vec![
        TOKEN.to_owned(),
        percent("-_.~"),
        percent("-_.~").to_lowercase(),
        json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"),
        json,
        TOKEN.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
        STANDARD.encode(TOKEN),
        STANDARD.encode(format!("user:{TOKEN}")),
    ]
}

/// No spelling of the token, nor a good part of one, in what was printed.
#[track_caller]
fn assert_kept(printed: &Printed) {
    let all = format!("{}{}", printed.stdout, printed.stderr);
    // Reports break lines.
    let unbroken: String = all.chars().filter(|c| !c.is_whitespace()).collect();
    for spelling in spellings() {
        let start: String = spelling.chars().take(16).collect();
        for part in [start.as_str(), "0123456789", "MDEyMzQ1Njc4O", "AxMjM0NTY3ODk", "wMTIzNDU2Nzg5"] {
            assert!(!unbroken.contains(part), "{part} of the token is shown:\n{all}");
        }
    }
}

/// A connector that puts the token everywhere, with one action `go`.
fn connector(body: &str) -> String {
    let lines: String = body.lines().map(|line| format!("        {line}\n")).collect();
    include_str!("../fixtures/faults.conn").replace("        true\n", &lines)
}

/// One run against a server's script: within the time, nothing shown, no panic; script, body of the action, report.
struct Fault {
    body: String,
    options: Vec<String>,
    input: Option<String>,
    within: Duration,
}

const GET: &str = "get('https://api.example.com/things')['id']";

fn fault() -> Fault {
    Fault { body: GET.to_owned(), options: Vec::new(), input: None, within: Duration::from_secs(20) }
}

impl Fault {
    fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    fn options(mut self, options: &str) -> Self {
        self.options.extend(options.split(' ').map(str::to_owned));
        self
    }

    /// An input of two texts.
    fn input(mut self, text: &str, key: &str) -> Self {
        let input = serde_json::json!({ "text": text, "key": key }).to_string();
        self.input = Some(input);
        self
    }

    /// Runs it without a network.
    #[track_caller]
    fn offline(&self, name: &str) {
        self.compare(name, "", &self.run("http://127.0.0.1:1", &[]).run());
    }

    fn run(&self, base: &str, more: &[&str]) -> Run {
        let run = connrun("exec action go -c faults.conn --compact").file("faults.conn", connector(&self.body));
        let run = run.arg("--reroute").arg(base).arg("--set").arg(&format!("api_token={TOKEN}"));
        let run = self.input.iter().fold(run, |run, input| run.arg("--input").arg(input));
        self.options.iter().map(String::as_str).chain(more.iter().copied()).fold(run, Run::arg)
    }

    /// Runs it, with a trace and as JSON besides, and compares the plain report.
    #[track_caller]
    fn snapshot(&self, name: &str, script: Script) {
        let shown = format!("server:\n{script}\n");
        let server = FaultServer::start(script);
        let started = Instant::now();
        let plain = self.run(&server.url(), &[]).run();
        let took = started.elapsed();
        assert!(took < self.within, "{took:?}");
        assert!(server.requests() > 0, "nothing was sent: {plain}");
        for more in [["--trace", "--quiet"], ["--error-format", "json"]] {
            let other = self.run(&server.url(), &more).run();
            assert_eq!(other.status, plain.status, "{other}");
            assert_kept(&other);
        }
        self.compare(name, &shown, &plain);
    }

    #[track_caller]
    fn compare(&self, name: &str, shown: &str, printed: &Printed) {
        assert_kept(printed);
        assert!(!printed.stderr.contains("panicked"), "{printed}");
        let options =
            if self.options.is_empty() { String::new() } else { format!("options: {}\n", self.options.join(" ")) };
        snapshot(name, &format!("execute:\n  {}\n{shown}{options}{printed}", self.body.replace('\n', "\n  ")));
    }
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:PORT");
    settings.set_snapshot_path("snapshots/faults");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn connections_that_end_early() {
    fault().snapshot("closed_before_any_byte", Script::nothing());
    fault().snapshot("closed_in_the_status_line", Script::bytes("HTTP/1.1 2"));
    fault().snapshot("closed_in_the_head", Script::bytes("HTTP/1.1 200 OK\r\nContent-Type: appl"));
    fault().snapshot("closed_in_the_body", Script::bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\": "));
    fault().body("post('https://api.example.com/things', note: connection['api_token'])['id']").snapshot(
        "closed_in_the_body_of_a_post",
        Script::bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n"),
    );
}

#[test]
fn answers_that_are_no_http() {
    fault().snapshot("http_0_9", Script::bytes("<html>the whole answer</html>\n"));
    fault().snapshot("garbage", Script::bytes(b"\x00\x01\x02\xff\xfe\r\n\r\n\x80\x81"));
    fault().snapshot("other_protocol", Script::bytes("SSH-2.0-OpenSSH_9.2p1\r\n"));
    fault().snapshot("status_no_number", Script::bytes("HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"));
    fault().snapshot("continue_flood", Script::default().forever("HTTP/1.1 100 Continue\r\n\r\n"));
}

#[test]
fn lengths_that_are_wrong() {
    let length =
        |text: &str| Script::bytes(format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: {text}\r\n\r\n{{\"id\": 1}}"));
    fault().snapshot("length_no_number", length("ten"));
    fault().snapshot("length_negative", length("-1"));
    fault().snapshot("length_beyond_any", length("99999999999999999999999"));
    fault().snapshot("length_too_short", length("4"));
    fault().snapshot("lengths_that_differ", length("9\r\nContent-Length: 4"));
    let chunked =
        |body: &str| Script::bytes(format!("HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n{body}"));
    fault().snapshot("chunk_size_no_number", chunked("zz\r\n{}\r\n0\r\n\r\n"));
    fault().snapshot("chunk_size_beyond_any", chunked("fffffffffffffffff\r\n{}\r\n0\r\n\r\n"));
    fault().snapshot("chunk_longer_than_its_size", chunked("2\r\n{\"id\": 1}\r\n0\r\n\r\n"));
    fault().snapshot("chunk_size_without_end", chunked("").forever("0"));
}

#[test]
fn heads_that_are_too_large() {
    let head = || Script::bytes("HTTP/1.1 200 OK\r\n");
    fault().snapshot("header_of_1_mb", head().send("X-Long: ").repeat("x", 1 << 20).send("\r\n\r\n{}"));
    fault().snapshot("headers_10_000", head().repeat("X-Many: y\r\n", 10_000).send("\r\n{}"));
    fault().snapshot("head_without_end", head().forever("X-Many: y\r\n"));
}

#[test]
fn slow_servers() {
    let slow = || fault().options("--timeout 1");
    slow().snapshot("one_byte_at_a_time", Script::bytes(format!("HTTP/1.1 200 OK\r\n{JSON}\r\n[")).drip("1,"));
    slow().snapshot("a_head_byte_by_byte", Script::bytes("HTTP/1.1 200 OK\r\nX-Slow: ").drip("x"));
    slow().snapshot("never_an_answer", Script::default().silence());
    slow().snapshot("silent_in_the_body", Script::bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{").silence());
}

/// What fetches a token ends with the run, too.
#[test]
fn slow_token_servers() {
    let text = "{
      title: 'Slow',
      connection: {
        authorization: {
          type: 'oauth2',
          token_url: lambda { 'https://auth.example.com/token' },
          client_id: 'id',
          client_secret: 'secret',
          apply: lambda { |_connection, token| headers('Authorization' => \"Bearer #{token}\") }
        }
      },
      actions: { go: { execute: lambda { get('https://api.example.com/things') } } }
    }";
    let refused = Reply::full("401 Unauthorized", &[], "");
    let server = Server::start([refused, Reply::Hang(Vec::new())]);
    let run = connrun("exec action go -c slow.conn --timeout 1 --set refresh_token=abcdefgh --reroute");
    let started = Instant::now();
    let printed = run.file("slow.conn", text).arg(&server.url()).run();
    assert!(started.elapsed() < Duration::from_secs(20), "{printed}");
    insta::assert_snapshot!(printed, @r"
    status: 4
    --- stdout
    --- stderr
    limit::time

      × stopped: the run used more than 1 seconds
      help: an endless loop, or a slow API? raise the limit with `--timeout SECONDS`
    ");
    assert_eq!(server.requests().len(), 2);
}

fn packed(encoding: &str, unpacked: usize) -> Vec<u8> {
    let zeros = vec![b'0'; unpacked];
    let level = flate2::Compression::best();
    if encoding == "gzip" {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
        encoder.write_all(&zeros).unwrap();
        return encoder.finish().unwrap();
    }
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(&zeros).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn bombs() {
    let encoded = |encoding: &str| format!("{JSON}Content-Encoding: {encoding}\r\n");
    for encoding in ["gzip", "deflate"] {
        let script = Script::answer(&encoded(encoding), packed(encoding, 300 << 20));
        fault().snapshot(&format!("{encoding}_bomb"), script);
    }
    fault().snapshot("brotli_bomb", Script::answer(&encoded("br"), include_bytes!("../fixtures/bomb.br")));
    fault().snapshot("damaged_gzip", Script::answer(&encoded("gzip"), &packed("gzip", 1000)[..20]));
    fault().snapshot("nested_json", Script::answer(JSON, "[".repeat(100_000)));
    fault()
        .snapshot("nested_json_closed", Script::answer(JSON, "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000)));
    let laughs: String = ('b'..='j')
        .map(|name| {
            let before = char::from(u8::try_from(name).unwrap() - 1);
            format!("<!ENTITY {name} \"{}\">", format!("&{before};").repeat(10))
        })
        .collect();
    let laughs = format!("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"ha\">{laughs}]><r>&j;</r>");
    let xml = || fault().body("get('https://api.example.com/things').response_format_xml['r']");
    let fields = "Content-Type: application/xml\r\n";
    xml().snapshot("xml_entity_bomb", Script::answer(fields, laughs));
    xml().snapshot(
        "xml_external_entity",
        Script::answer(fields, "<!DOCTYPE r [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><r>&f;</r>"),
    );
    xml().snapshot("xml_cut", Script::answer(fields, "<r><item id=\"1\">one</item><item id=\"2\">tw"));
    xml().snapshot("xml_nested", Script::answer(fields, "<a>".repeat(100_000)));
    xml().snapshot("xml_no_utf8", Script::answer(fields, b"<r>\xff</r>"));
}

#[test]
fn large_answers() {
    let array = |item: &str, times: usize| {
        Script::bytes(format!("HTTP/1.1 200 OK\r\n{JSON}\r\n[")).repeat(item, times).send("0]")
    };
    fault()
        .body("{ count: get('https://api.example.com/things').length }")
        .options("--max-memory 64")
        .snapshot("json_of_100_mb", array("{\"id\":1,\"name\":\"Ada\"},", 4_545_454));
    fault()
        .body("{ count: get('https://api.example.com/things').length }")
        .options("--max-memory 200")
        .snapshot("json_that_grows", array("[],", 16 << 20));
    fault().snapshot("body_without_end", Script::bytes("HTTP/1.1 200 OK\r\n\r\n").forever("0123456789abcdef"));
}

#[test]
fn texts_of_other_kinds() {
    let get = |chain: &str| fault().body(&format!("get('https://api.example.com/things'){chain}"));
    let name = || fault().body("{ name: get('https://api.example.com/things')['name'] }");
    let headers = get(".after_response { |_code, _body, headers| { name: headers['x_name'] } }");
    headers.snapshot(
        "header_no_utf8",
        Script::bytes(b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 2\r\n\r\n{}"),
    );
    name().snapshot("json_no_utf8", Script::answer(JSON, b"{\"name\": \"caf\xe9\"}"));
    get("").snapshot("body_binary", Script::answer(JSON, b"\x89PNG\r\n\x1a\n\xff\xfe\x00"));
    name().snapshot(
        "charset_unknown",
        Script::answer("Content-Type: application/json; charset=klingon\r\n", "{\"name\": \"Ada\"}"),
    );
    name().snapshot(
        "charset_wrong",
        Script::answer("Content-Type: application/json; charset=utf-8\r\n", b"{\"name\": \"\xff\xfe\"}"),
    );
}

#[test]
fn redirects_that_lead_nowhere() {
    let to =
        |place: &str| Script::bytes(format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"));
    fault().snapshot("redirect_loop", to("/things"));
    fault().snapshot("redirect_to_a_file", to("file:///etc/passwd"));
    fault().snapshot("redirect_to_nothing", to(""));
    fault().snapshot("redirect_to_no_url", to("http://[::1/"));
    fault().snapshot(
        "redirect_of_100_kb",
        Script::bytes("HTTP/1.1 302 Found\r\nLocation: /").repeat("x", 100_000).send("\r\nContent-Length: 0\r\n\r\n"),
    );
}

#[test]
fn long_urls() {
    let too_long = Script::bytes("HTTP/1.1 414 URI Too Long\r\nContent-Length: 0\r\n\r\n");
    let get = |length: &str| fault().body(&format!("get(\"https://api.example.com/#{{'x' * {length}}}\")['id']"));
    get("60_000").snapshot("url_of_60_kb", too_long);
    let longer = get("65_536");
    longer.offline("url_of_64_kb");
}

/// Texts that should be certificates and keys: nothing is sent.
#[test]
fn certificates_that_are_none() {
    let good = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (good.cert.pem(), good.signing_key.serialize_pem());
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let damaged = certificate.replace("MII", "M!I");
    let cut = certificate[..certificate.len() / 2].to_owned();
    let no_der = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode("no DER"));
    let server = |text: &str| {
        fault()
            .body("get('https://api.example.com/').tls_server_certs(certificates: [input['text']])['id']")
            .input(text, "")
    };
    server("hello").offline("tls_server_no_pem");
    server(&damaged).offline("tls_server_damaged");
    server(&cut).offline("tls_server_cut");
    server(&no_der).offline("tls_server_no_der");
    fault()
        .body("get('https://api.example.com/').tls_server_certs(certificates: [input['none']])['id']")
        .offline("tls_server_nil");
    let client = |text: &str, key: &str| {
        fault()
            .body(
                "get('https://api.example.com/').tls_client_cert(certificate: input['text'], key: input['key'])['id']",
            )
            .input(text, key)
    };
    client("hello", &key).offline("tls_client_no_pem");
    client(&no_der, &key).offline("tls_client_no_der");
    client(&certificate, "hello").offline("tls_key_no_pem");
    client(&certificate, &certificate).offline("tls_key_is_a_certificate");
    client(&certificate, &other).offline("tls_key_of_another");
    client(&certificate, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
        .offline("tls_key_damaged");
}

/// Files that should be encrypted settings, and keys that should open them.
#[test]
fn encrypted_settings_that_cannot_be_read() {
    let key = "0123456789abcdef0123456789abcdef";
    let sealed = std::fs::read_to_string("tests/fixtures/settings.yaml.enc").unwrap();
    let parts: Vec<&str> = sealed.trim().split("--").collect();
    let connector = "{ title: 'Demo', test: lambda { |_connection| true } }";
    let run = |name: &str, file: &[u8], key: Option<&str>| {
        let run =
            connrun("exec test -c demo.conn --offline").file("demo.conn", connector).file("settings.yaml.enc", file);
        let run = key.into_iter().fold(run, |run, key| run.file("master.key", key));
        let printed = run.run();
        assert!(!printed.stderr.contains("s3cr3t") && !printed.stderr.contains("0123456789abcdef"), "{printed}");
        format!("{name}: {}\n", printed.to_string().replace('\n', "\n  "))
    };
    let mut all = run("right", sealed.as_bytes(), Some(key));
    all += &run("no key", sealed.as_bytes(), None);
    all += &run("wrong key", sealed.as_bytes(), Some("ffffffffffffffffffffffffffffffff"));
    all += &run("key too short", sealed.as_bytes(), Some("0123"));
    all += &run("key is no hex", sealed.as_bytes(), Some("zz23456789abcdef0123456789abcdef"));
    all += &run("empty", b"", Some(key));
    all += &run("cut", &sealed.as_bytes()[..sealed.len() / 2], Some(key));
    all += &run("no base64", b"!!!--???--***", Some(key));
    all += &run(
        "tag of another",
        format!("{}--{}--{}", parts[0], parts[1], STANDARD.encode([0; 16])).as_bytes(),
        Some(key),
    );
    all += &run(
        "nonce too short",
        format!("{}--{}--{}", parts[0], STANDARD.encode([0; 4]), parts[2]).as_bytes(),
        Some(key),
    );
    all += &run("bytes", &[0xff; 300], Some(key));
    snapshot("encrypted_settings", &all);
}

/// Whatever a server sends back of what it was sent.
#[test]
fn answers_that_repeat_the_token() {
    let body = format!("{{\"error\": \"no\", \"sent\": [\n{}\n]}}", spellings().join("\n"));
    let refused = |body: &str| {
        Script::bytes(format!(
            "HTTP/1.1 400 Bad Request\r\nX-Sent: {TOKEN}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    };
    fault().snapshot("token_in_the_answer", refused(&body));
    // Where the excerpt of the body ends.
    for cut in [2040, 2047] {
        fault().snapshot(&format!("token_at_the_cut_{cut}"), refused(&format!("{}{TOKEN}", "x".repeat(cut))));
    }
    let raise = "answer = get('https://api.example.com/things').response_format_raw\n\
                 error(\"The service has refused what it was sent, which was the following text: #{answer}\")";
    fault().body(raise).snapshot("token_in_an_error", Script::answer("", TOKEN));
    fault()
        .body("post('https://api.example.com/things', note: connection['api_token'])['id']")
        .snapshot("token_in_no_json", Script::answer(JSON, format!("oops {TOKEN}")));
}
