//! Texts that a slip of the hand made wrong, and clients that send nonsense. By default a few rounds with one seed;
//! `CONNRUN_FUZZ_ROUNDS=200 CONNRUN_FUZZ_FILES=folder CONNRUN_FUZZ_SEED=3 cargo test --test it fuzz -- --nocapture` goes on for
//! as long as one likes, over the connectors of a folder.

use crate::support::random::Random;
use connrun::diagnostic::Severity;
use connrun::syntax;
use connrun::text::Source;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(name: &str, usual: usize) -> usize {
    setting(name).and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The connectors that mistakes are made in.
fn texts() -> Vec<String> {
    let own = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("connectors");
    let folder = setting("CONNRUN_FUZZ_FILES").map_or_else(own, PathBuf::from);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| matches!(path.extension().and_then(|end| end.to_str()), Some("conn" | "rb")));
    paths.sort();
    let texts = paths.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    texts.filter(|text| syntax::parse(&Source::new("a.conn", text.as_str())).is_valid()).collect()
}

/// A text with one mistake, and where it was made.
fn slip(text: &str, spans: &[std::ops::Range<usize>], random: &mut Random) -> (String, usize) {
    let one = |random: &mut Random| spans[random.below(spans.len())].clone();
    let at = one(random);
    let (before, token, after) = (&text[..at.start], &text[at.clone()], &text[at.end..]);
    let made = match random.below(8) {
        0..=2 => [before, after].concat(),
        3 | 4 => [before, token, " ", token, after].concat(),
        5 | 6 => [before, &text[one(random)], " ", token, after].concat(),
        _ => before.to_owned(),
    };
    (made, at.start)
}

/// The line of a byte, from 0.
fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

#[derive(Debug, Default)]
struct Tally {
    made: usize,
    refused: usize,
    silent: usize,
    many: usize,
    near: usize,
}

#[test]
fn slips_are_told_where_they_are() {
    let (rounds, mut random) = (number("CONNRUN_FUZZ_ROUNDS", 6), Random::new(number("CONNRUN_FUZZ_SEED", 5) as u64));
    let mut tally = Tally::default();
    for text in texts() {
        let (_, tokens) = syntax::parse_tokens(&Source::new("a.conn", text.as_str()));
        let spans: Vec<_> = tokens.iter().map(|token| token.span.range()).collect();
        for _ in 0..rounds {
            let (made, at) = slip(&text, &spans, &mut random);
            let source = Source::new("a.conn", made.as_str());
            let (parsed, tokens) = syntax::parse_tokens(&source);
            tally.made += 1;
            if !tokens.is_empty() || made.trim().is_empty() {
                continue;
            }
            let errors = parsed.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
            let lines: Vec<usize> =
                errors.filter_map(|finding| finding.span()).map(|span| line(&made, span.lo as usize)).collect();
            tally.refused += 1;
            tally.silent += usize::from(lines.is_empty());
            tally.many += usize::from(lines.len() > 5);
            let near = lines.first().is_some_and(|first| first.abs_diff(line(&made, at)) <= 3);
            tally.near += usize::from(near);
            if !near && setting("CONNRUN_FUZZ_SHOW").is_some() {
                println!("far: line {} of\n{made}\n{:?}", line(&made, at) + 1, parsed.diagnostics);
            }
        }
    }
    println!("{tally:?}");
    assert!(tally.refused > tally.made / 3, "{tally:?}");
    assert_eq!(tally.silent, 0, "{tally:?}");
    assert!(tally.many * 100 <= tally.refused * 5, "{tally:?}");
    assert!(tally.near * 100 >= tally.refused * 80, "{tally:?}");
}

const METHODS: [&str; 21] = [
    "textDocument/codeLens",
    "textDocument/inlayHint",
    "workspace/symbol",
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/signatureHelp",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/documentSymbol",
    "textDocument/selectionRange",
    "textDocument/semanticTokens/full",
    "textDocument/foldingRange",
    "textDocument/codeAction",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/formatting",
    "textDocument/rangeFormatting",
    "textDocument/onTypeFormatting",
    "textDocument/diagnostic",
    "no/such",
];

const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "end",
    "do",
    "'",
    "\"",
    "#{",
    "|",
    ",",
    ":",
    "\n",
    "é😀",
    "<<~A\n",
    "=>",
    "lambda do",
    "x",
    "call('",
    "input['",
    "\u{FEFF}",
    "if",
];

fn position(random: &mut Random) -> Value {
    match random.below(12) {
        0 => json!({ "line": -1, "character": 1.5 }),
        1 => json!({ "line": u64::MAX, "character": u64::MAX }),
        2 => Value::Null,
        _ => json!({ "line": random.below(60), "character": random.below(50) }),
    }
}

/// One message, as bytes, that a client should or should not send; requests have a number.
fn message(random: &mut Random, id: usize) -> Vec<u8> {
    let uri = ["file:///a.conn", "file:///b.conn", "file:///never", "", "x:y"][random.below(5)];
    let document =
        json!({ "uri": uri, "version": random.below(9), "languageId": "connector", "text": "{ title: 'A' }" });
    let (from, to) = (position(random), position(random));
    let range = json!({ "start": from, "end": to });
    let change = json!({ "range": range, "text": PIECES[random.below(PIECES.len())] });
    let note = |method: &str, params: Value| json!({ "jsonrpc": "2.0", "method": method, "params": params });
    let message = match random.below(20) {
        0..=7 => note("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change, {}, 3] })),
        8 => note(
            ["textDocument/didClose", "textDocument/didOpen"][random.below(2)],
            json!({ "textDocument": document }),
        ),
        9 => note("$/cancelRequest", json!({ "id": random.below(id + 1) })),
        10 => note(["initialized", "$/setTrace", "workspace/didChangeConfiguration"][random.below(3)], Value::Null),
        11 => [json!([]), json!({}), json!({ "id": id }), json!({ "id": {}, "method": 3 })][random.below(4)].clone(),
        _ => {
            let params = json!({ "textDocument": document, "position": position(random), "range": range, "newName": "é x",
                "positions": [position(random)], "ch": PIECES[random.below(PIECES.len())], "context": { "diagnostics": 1 } });
            let params = if random.below(9) == 0 { json!([params]) } else { params };
            json!({ "jsonrpc": "2.0", "id": id, "method": METHODS[random.below(METHODS.len())], "params": params })
        }
    };
    let mut body = message.to_string().into_bytes();
    if random.below(12) == 0 {
        let at = random.below(body.len());
        body[at] = [0, b'"', b'{', 0xFF, b'\n'][random.below(5)];
    }
    let head = match random.below(30) {
        0 => "Content-Type: x\r\n\r\n".to_owned(),
        1 => format!("Content-Length: {}\r\n\r\n", body.len() + 1),
        2 => "Content-Length: many\r\n\r\n".to_owned(),
        _ => format!("Content-Length: {}\r\n\r\n", body.len()),
    };
    [head.into_bytes(), body].concat()
}

/// The next message of the server.
fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        length = line.trim().strip_prefix("Content-Length: ").map_or(length, |number| number.parse().unwrap());
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).unwrap();
    Some(serde_json::from_slice(&body).unwrap())
}

/// Whatever a client sends, the server answers the question that comes at the end, and leaves when it is told to.
#[test]
fn no_client_ends_the_server() {
    let sessions = number("CONNRUN_FUZZ_ROUNDS", 6);
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("connectors/invoices.conn")).unwrap();
    for session in 0..sessions {
        let mut random = Random::new((number("CONNRUN_FUZZ_SEED", 5) * 1000 + session) as u64);
        let mut server = Command::new(env!("CARGO_BIN_EXE_connrun"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut input, mut output) = (server.stdin.take().unwrap(), BufReader::new(server.stdout.take().unwrap()));
        let frame = |message: Value| format!("\r\nContent-Length: {}\r\n\r\n{message}", message.to_string().len());
        let open = json!({ "uri": "file:///a.conn", "version": 1, "languageId": "connector", "text": text });
        let reader = std::thread::spawn(move || {
            let mut defects = Vec::new();
            while let Some(message) = read(&mut output) {
                if message["error"]["code"] == -32603 {
                    defects.push(message);
                } else if message["id"] == "last" {
                    return (defects, true, output);
                }
            }
            (defects, false, output)
        });
        let mut sent = frame(json!({ "id": 0, "method": "initialize", "params": { "initializationOptions": { "commands": ["connrun.exec", "connrun.mentions"], "inlayHints": true } } })).into_bytes();
        sent.extend(
            frame(json!({ "method": "textDocument/didOpen", "params": { "textDocument": open } })).into_bytes(),
        );
        for id in 1..120 {
            sent.extend(message(&mut random, id));
        }
        // A message whose length was too large has eaten what follows it, but not more than one.
        sent.extend(frame(json!({})).into_bytes());
        sent.extend(frame(json!({ "id": "last", "method": "no/such" })).into_bytes());
        input.write_all(&sent).unwrap();
        input.flush().unwrap();
        let (defects, answered, _output) = reader.join().unwrap();
        assert!(answered && defects.is_empty(), "session {session}: {defects:?}");
        for message in [json!({ "id": "end", "method": "shutdown" }), json!({ "method": "exit" })] {
            input.write_all(frame(message).as_bytes()).unwrap();
        }
        drop(input);
        assert!(server.wait().unwrap().success(), "session {session}");
    }
}
