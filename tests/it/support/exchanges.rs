//! A server for recorded exchanges: the first unused one whose method and path fit answers; it keeps what it was sent.

use serde_json::{Map, Value};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Headers that say nothing about the request itself.
const SKIPPED: &[&str] =
    &["host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding"];

#[derive(Default)]
struct Shared {
    exchanges: Mutex<Vec<(Value, bool)>>,
    requests: Mutex<Vec<Value>>,
}

/// One server for all cases of a test, loaded anew for each.
pub struct Exchanges {
    /// `http://host:port`
    pub base: String,
    shared: Arc<Shared>,
}

impl Exchanges {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        // The thread ends with the process: nobody waits for it.
        std::thread::spawn({
            let (shared, base) = (Arc::clone(&shared), base.clone());
            move || {
                for socket in listener.incoming().map_while(Result::ok) {
                    let (shared, base) = (Arc::clone(&shared), base.clone());
                    std::thread::spawn(move || serve(socket, &shared, &base));
                }
            }
        });
        Self { base, shared }
    }

    /// These answers and no others, nothing received yet.
    pub fn load(&self, exchanges: &[Value]) {
        *self.shared.exchanges.lock().unwrap() = exchanges.iter().map(|exchange| (exchange.clone(), false)).collect();
        self.shared.requests.lock().unwrap().clear();
    }

    /// What came in, in the form of the recordings: method, target, headers in small letters, body.
    pub fn requests(&self) -> Vec<Value> {
        self.shared.requests.lock().unwrap().clone()
    }
}

fn serve(mut socket: TcpStream, shared: &Shared, base: &str) {
    let Some(request) = read(&socket, base) else { return };
    let answer = {
        let method = request["method"].as_str().unwrap_or_default().to_owned();
        let target = request["target"].as_str().unwrap_or_default().to_owned();
        shared.requests.lock().unwrap().push(request);
        take(&mut shared.exchanges.lock().unwrap(), &method, &target)
    };
    let is_head = shared.requests.lock().unwrap().last().is_some_and(|request| request["method"] == "HEAD");
    let _ = socket.write_all(&bytes_of(&answer, base, is_head));
}

fn take(exchanges: &mut [(Value, bool)], method: &str, target: &str) -> Value {
    let path = target.split('?').next().unwrap_or_default();
    let fits = |wanted: &Value, found: &[&str]| wanted.is_null() || found.iter().any(|text| wanted == text);
    for (exchange, used) in exchanges {
        if !*used && fits(&exchange["method"], &[method]) && fits(&exchange["path"], &[path, target]) {
            *used = exchange["repeat"].is_null();
            return exchange.clone();
        }
    }
    serde_json::json!({ "status": 404, "body": "no exchange" })
}

fn read(socket: &TcpStream, base: &str) -> Option<Value> {
    let mut reader = BufReader::new(socket);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut first = line.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let mut headers: Vec<(String, String)> = Vec::new();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).ok()?;
        let line = line.iter().map(|byte| char::from(*byte)).collect::<String>();
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(recorded(&method, &target, &headers, body, base))
}

/// The address is written as in the recordings, and so is a multipart boundary.
fn recorded(method: &str, target: &str, headers: &[(String, String)], mut body: Vec<u8>, base: &str) -> Value {
    let content_type = headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.clone());
    let boundary = content_type.as_deref().and_then(|value| value.split_once("boundary=")).map(|(_, b)| b.to_owned());
    let host = base.strip_prefix("http://").unwrap_or(base);
    let plain = |text: &str| {
        let text = text.replace(base, "{{BASE}}").replace(host, "{{HOST}}");
        boundary.as_ref().map_or_else(|| text.clone(), |boundary| text.replace(boundary, "BOUNDARY"))
    };
    let mut request = Map::new();
    request.insert("method".to_owned(), method.into());
    request.insert("target".to_owned(), plain(target).into());
    let kept = headers.iter().filter(|(name, _)| !SKIPPED.contains(&name.as_str()));
    let headers: Map<String, Value> = kept.map(|(name, value)| (name.clone(), plain(value).into())).collect();
    request.insert("headers".to_owned(), headers.into());
    if !body.is_empty() {
        if let Ok(text) = std::str::from_utf8(&body) {
            body = plain(text).into_bytes();
        }
        match String::from_utf8(body) {
            Ok(text) => request.insert("body".to_owned(), text.into()),
            Err(error) => {
                let hex: String = error.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
                request.insert("body_hex".to_owned(), hex.into())
            }
        };
    }
    Value::Object(request)
}

fn bytes_of(exchange: &Value, base: &str, is_head: bool) -> Vec<u8> {
    let with_base = |text: &str| text.replace("{{BASE}}", base);
    let (mut content_type, body) = match (exchange.get("json"), exchange["body_hex"].as_str()) {
        (Some(json), _) => ("application/json", with_base(&json.to_string()).into_bytes()),
        (None, Some(hex)) => ("text/plain", from_hex(hex)),
        (None, None) => ("text/plain", with_base(exchange["body"].as_str().unwrap_or_default()).into_bytes()),
    };
    let mut fields = String::new();
    for (name, value) in exchange["headers"].as_object().into_iter().flatten() {
        let values: Vec<&Value> = value.as_array().map_or_else(|| vec![value], |list| list.iter().collect());
        if name == "Content-Type" {
            content_type = value.as_str().unwrap_or_default();
            continue;
        }
        for value in values {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            fields += &format!("{name}: {}\r\n", with_base(&text));
        }
    }
    let status = exchange["status"].as_u64().unwrap_or(200);
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n{fields}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let body = if is_head { Vec::new() } else { body };
    [head.into_bytes(), body].concat()
}

fn from_hex(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter_map(|digit| char::from(digit).to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or(0)).collect()
}
