//! Messages as they travel: JSON behind a line with its length. What is no message is told to the client, and the next one is
//! read: nothing that comes in ends a session but its end.

use serde::Serialize;
use serde_json::Value;
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::Receiver;

/// What came in.
#[derive(Debug, PartialEq)]
pub enum Message {
    Request {
        id: Value,
        method: String,
        params: Value,
    },
    Note {
        method: String,
        params: Value,
    },
    /// To something that the server asked.
    Answer,
    Broken {
        id: Value,
        code: Code,
        reason: String,
    },
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Code {
    NotJson = -32700,
    NoMessage = -32600,
    NoMethod = -32601,
    Defect = -32603,
    NotInitialized = -32002,
    Failed = -32803,
    Changed = -32801,
    CalledOff = -32800,
}

const LENGTH: &[u8] = b"content-length:";

/// A line of more bytes is no header.
const LONGEST_LINE: u64 = 4096;

/// A length of more bytes is a mistake, or the machine's end.
const LONGEST_BODY: usize = 256 << 20;

/// The next message; none where the client has gone.
///
/// # Errors
/// The pipe's.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let Some(length) = header(input)? else { return Ok(None) };
    let mut body = Vec::new();
    input.take(length as u64).read_to_end(&mut body)?;
    Ok((body.len() == length).then(|| message(&body)))
}

/// The length of the next message. Lines that say nothing of it are passed over, so after a wrong length the next right one
/// counts.
fn header(input: &mut impl BufRead) -> io::Result<Option<usize>> {
    let mut length = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if matches!(line.as_slice(), b"\n" | b"\r\n") {
            if length.is_some() {
                return Ok(length);
            }
            continue;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(at) = memchr::memmem::rfind(&lower, LENGTH) {
            let number = lower.get(at + LENGTH.len()..).unwrap_or_default();
            let number = std::str::from_utf8(number).ok().and_then(|number| number.trim().parse::<usize>().ok());
            length = number.filter(|number| *number <= LONGEST_BODY);
        }
    }
}

fn message(body: &[u8]) -> Message {
    let broken = |id, code, reason: &str| Message::Broken { id, code, reason: reason.to_owned() };
    let mut value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => return broken(Value::Null, Code::NotJson, &format!("this is not JSON: {error}")),
    };
    let Some(parts) = value.as_object_mut() else {
        return broken(Value::Null, Code::NoMessage, "a message is an object");
    };
    let mut take = |key: &str| parts.get_mut(key).map(Value::take);
    let (id, method, params) = (take("id"), take("method"), take("params").unwrap_or_default());
    let id = match id {
        Some(id @ (Value::String(_) | Value::Number(_))) => Some(id),
        None => None,
        Some(Value::Null) if method.is_none() => None,
        Some(_) => return broken(Value::Null, Code::NoMessage, "an `id` is a number or a string"),
    };
    match (id, method) {
        (Some(id), Some(Value::String(method))) => Message::Request { id, method, params },
        (None, Some(Value::String(method))) => Message::Note { method, params },
        (id, Some(_)) => broken(id.unwrap_or_default(), Code::NoMessage, "a `method` is a string"),
        (_, None) if take("result").is_some() || take("error").is_some() => Message::Answer,
        (id, None) => broken(id.unwrap_or_default(), Code::NoMessage, "there is no `method`"),
    }
}

/// Text of JSON. What is answered are plain data, of which nothing can fail to be written.
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// The answer to a request; `result` is JSON.
pub fn answer(id: &Value, result: &str) -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}")
}

pub fn refusal(id: &Value, code: Code, reason: &str) -> String {
    let reason = json(&reason);
    format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":{},\"message\":{reason}}}}}", code as i32)
}

/// Something that nobody asked; `params` is JSON.
pub fn note(method: &str, params: &str) -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\",\"params\":{params}}}")
}

/// Writes bodies as they come, until nobody makes more.
///
/// # Errors
/// The pipe's.
pub fn write(output: &mut impl Write, bodies: &Receiver<String>) -> io::Result<()> {
    while let Ok(first) = bodies.recv() {
        // What waits behind it leaves with it.
        for body in std::iter::once(first).chain(bodies.try_iter()) {
            write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
            output.write_all(body.as_bytes())?;
        }
        output.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Code, Message, read};
    use serde_json::{Value, json};

    fn messages(mut input: &[u8]) -> Vec<Message> {
        std::iter::from_fn(|| read(&mut input).unwrap()).collect()
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn messages_are_told_apart() {
        let request = frame(r#"{"jsonrpc":"2.0","id":1,"method":"a","params":[2]}"#);
        let note = "content-length:14\r\nContent-Type: x\r\n\r\n{\"method\":\"b\"}";
        let answer = frame(r#"{"id":"x","result":null}"#);
        let expected = [
            Message::Request { id: json!(1), method: "a".into(), params: json!([2]) },
            Message::Note { method: "b".into(), params: Value::Null },
            Message::Answer,
        ];
        assert_eq!(messages(format!("{request}{note}{answer}").as_bytes()), expected);
    }

    /// Each of these is followed by a good message, which is read.
    #[test]
    fn nonsense_is_passed_over() {
        let good = frame(r#"{"method":"m"}"#);
        for (nonsense, code) in [
            (frame("{"), Some(Code::NotJson)),
            (frame("\u{0}\u{1}"), Some(Code::NotJson)),
            (frame("[]"), Some(Code::NoMessage)),
            (frame(r#"{"id":[],"method":"m"}"#), Some(Code::NoMessage)),
            (frame(r#"{"id":1,"method":2}"#), Some(Code::NoMessage)),
            (frame("{}"), Some(Code::NoMessage)),
            (frame(&"[".repeat(9999)), Some(Code::NotJson)),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n".into(), None),
            ("Content-Length: -1\r\n\r\n".into(), None),
            ("Content-Length: 99999999999999999999\r\n\r\n".into(), None),
            (format!("Content-Length: 2\r\n\r\n{{}}{}", "x".repeat(9000)), Some(Code::NoMessage)),
            ("\r\n\r\n\r\n".into(), None),
        ] {
            let read = messages(format!("{nonsense}{good}").as_bytes());
            let codes: Vec<_> = read.iter().map(|message| matches!(message, Message::Note { .. })).collect();
            assert_eq!(codes.last(), Some(&true), "{nonsense:?}: {read:?}");
            let told = read.iter().find_map(|message| match message {
                Message::Broken { code, .. } => Some(*code),
                _ => None,
            });
            assert_eq!(told, code, "{nonsense:?}");
        }
        assert_eq!(messages(b"Content-Length: 10\r\n\r\n{}"), []);
    }
}
