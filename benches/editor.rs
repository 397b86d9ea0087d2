//! How quickly the language server answers: 25 breaking and 25 mending edits of a connector of 10,000 lines, over its pipes.
//! `cargo bench --bench editor`. `CONNRUN` may name another binary; where `ruff` is installed, its server is asked the same of
//! a Python file with as many lines, in the same run. Memory is `VmHWM` of `/proc`, so it is known on Linux only.

#[path = "support/connector.rs"]
mod connector;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

const LINES: usize = 10_000;
const ROUNDS: usize = 25;

fn main() {
    let text = connector();
    let path = std::env::var("CONNRUN").ok().or(option_env!("CARGO_BIN_EXE_connrun").map(str::to_owned));
    let mut command = Command::new(path.expect("CONNRUN or cargo bench"));
    command.arg("lsp");
    println!("connrun lsp, {} lines, {} KB", text.lines().count(), text.len() >> 10);
    measure(&mut command, "file:///bench.conn", "connector", &text, "value == ''", "value == '");
    let python = python();
    if Command::new("ruff").arg("--version").output().is_ok() {
        println!("ruff server, {} lines, {} KB", python.lines().count(), python.len() >> 10);
        measure(Command::new("ruff").arg("server"), "file:///bench.py", "python", &python, "'name': name", "'name': ");
    }
}

/// At least so many lines, and nothing in them that is not defined.
fn connector() -> String {
    let mut text = String::new();
    while text.lines().count() < LINES {
        text = connector::generate(text.len() + (50 << 10));
    }
    let numbers = 0..text.matches("      title: 'Update record").count();
    let methods: String =
        numbers.map(|number| format!("    format_{number}: lambda do |item|\n      item\n    end,\n")).collect();
    let actions = text.trim_end().strip_suffix("  }\n}").expect("the end of the actions");
    format!(
        "{actions}  }},\n\n  methods: {{\n{methods}  }},\n\n  pick_lists: {{\n    statuses: lambda do\n      \
         [%w[Open open], %w[Closed closed]]\n    end\n  }},\n\n  object_definitions: {{\n    record: {{\n      \
         fields: lambda do\n        [{{ name: 'id' }}]\n      end\n    }}\n  }}\n}}\n"
    )
}

fn python() -> String {
    let mut text = String::from("import json\n\n");
    for number in 0.. {
        if text.lines().count() >= LINES {
            break;
        }
        text.push_str(&format!(
            "\ndef update_record_{number}(connection, name, values):\n    \"\"\"Change the fields that are given.\"\"\"\n    \
             if not values:\n        raise ValueError('Provide values')\n    payload = {{\n        'name': name,\n        \
             'number': {number},\n        'values': [value for value in values if value is not None],\n    }}\n    \
             response = connection.patch('records/' + name, json.dumps(payload))\n    return {{\n        \
             'records': response.get('items', []),\n        'total': response.get('total', 0),\n    }}\n\n"
        ));
    }
    text
}

struct Client {
    process: Child,
    input: ChildStdin,
    /// Messages as they come, and when: a server that nobody listens to stops. Reading them as JSON is not its time.
    output: Receiver<(Instant, Vec<u8>)>,
    /// When the message came that was read last.
    arrived: Instant,
    next: i64,
}

impl Client {
    fn start(command: &mut Command) -> Self {
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a server");
        let (input, output) = (process.stdin.take().expect("a pipe"), process.stdout.take().expect("a pipe"));
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send((Instant::now(), message)).is_err() {
                    break;
                }
            }
        });
        Self { process, input, output: receiver, arrived: Instant::now(), next: 0 }
    }

    fn write(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("a server that listens");
        self.input.flush().expect("a server that listens");
    }

    fn read(&mut self) -> Vec<u8> {
        let (arrived, message) = self.output.recv_timeout(Duration::from_secs(60)).expect("a message within a minute");
        self.arrived = arrived;
        message
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: &Value) -> Vec<u8> {
        self.next += 1;
        let id = self.next;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        let own = format!("\"id\":{id},");
        loop {
            let message = self.read();
            let head = String::from_utf8_lossy(&message[..message.len().min(60)]).replace(' ', "");
            if head.contains(&own) && !head.contains("\"method\"") {
                return message;
            }
        }
    }

    /// Waits for the findings of a version of the text.
    fn findings(&mut self, version: usize) -> usize {
        loop {
            let message = self.read();
            let head = String::from_utf8_lossy(&message[..message.len().min(60)]).into_owned();
            if !head.contains("textDocument/publishDiagnostics") {
                continue;
            }
            let message: Value = serde_json::from_slice(&message).expect("JSON");
            if message["params"]["version"].as_u64().is_none_or(|known| known >= version as u64) {
                return message["params"]["diagnostics"].as_array().map_or(0, Vec::len);
            }
        }
    }

    /// Megabytes: the most so far.
    fn memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1024.0)
    }
}

/// The next message; none where the server is gone.
fn read(output: &mut BufReader<ChildStdout>) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some(number) = line.strip_prefix("Content-Length: ") {
            length = number.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(body)
}

/// Runs what ends with a message of the server, and takes the time until that came.
fn timed<T>(times: &mut Vec<f64>, client: &mut Client, run: impl FnOnce(&mut Client) -> T) -> T {
    let start = Instant::now();
    let result = run(client);
    times.push(client.arrived.saturating_duration_since(start).as_secs_f64() * 1000.0);
    result
}

fn row(name: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied();
    let (middle, high) = (at(50).unwrap_or_default(), at(95).unwrap_or_default());
    println!("  {name:28} {middle:>8.1} {high:>8.1}");
}

const WHOLE: [&str; 4] = [
    "textDocument/documentSymbol",
    "textDocument/semanticTokens/full",
    "textDocument/foldingRange",
    "textDocument/formatting",
];

/// Replaces `good` by `bad` at many places, one after the other, and asks in between.
fn measure(command: &mut Command, uri: &str, language: &str, text: &str, good: &str, bad: &str) {
    println!("  {:28} {:>8} {:>8}", "milliseconds", "p50", "p95");
    let mut first = Vec::new();
    let mut client = Client::start(command);
    let capabilities = json!({ "capabilities": {} });
    let answer = timed(&mut first, &mut client, |client| client.ask("initialize", &capabilities));
    row("initialize", &mut first);
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    let served = answer["result"]["capabilities"].clone();
    client.tell("initialized", &json!({}));
    let mut opened = Vec::new();
    timed(&mut opened, &mut client, |client| {
        let item = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        client.tell("textDocument/didOpen", &json!({ "textDocument": item }));
        client.findings(1)
    });
    row("open to findings", &mut opened);
    let places: Vec<usize> = text.match_indices(good).map(|(at, _)| at).collect();
    let mut times: Vec<(&str, Vec<f64>)> = Vec::new();
    let mut version = 1;
    for round in 0..ROUNDS {
        let at = places[round * places.len() / ROUNDS];
        let (line, column) = (text[..at].matches('\n').count(), at - text[..at].rfind('\n').map_or(0, |at| at + 1));
        for (old, new) in [(good, bad), (bad, good)] {
            version += 1;
            let place = |length: usize| json!({ "line": line, "character": column + length });
            let range = json!({ "start": place(0), "end": place(old.len()) });
            let found = timed(of(&mut times, "edit to findings"), &mut client, |client| {
                let document = json!({ "uri": uri, "version": version });
                let changes = json!([{ "range": range, "text": new }]);
                client.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": changes }));
                client.findings(version)
            });
            assert!(new == good || found > 0, "the mistake is not found");
            let here = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": column + 1 },
                "newName": "renamed", "options": { "tabSize": 2, "insertSpaces": true } });
            for (method, known) in [
                ("textDocument/completion", "completionProvider"),
                ("textDocument/hover", "hoverProvider"),
                ("textDocument/rename", "renameProvider"),
            ] {
                if !served[known].is_null() {
                    timed(of(&mut times, method), &mut client, |client| client.ask(method, &here));
                }
            }
            let knowns = [
                "documentSymbolProvider",
                "semanticTokensProvider",
                "foldingRangeProvider",
                "documentFormattingProvider",
            ];
            for (method, known) in WHOLE.into_iter().zip(knowns) {
                if !served[known].is_null() {
                    timed(of(&mut times, method), &mut client, |client| client.ask(method, &here));
                }
            }
        }
    }
    for (name, times) in &mut times {
        row(name, times);
    }
    storm(&mut client, uri, version);
    println!("  {:28} {:>8.0}", "resident MiB", client.memory().unwrap_or(f64::NAN));
    let _ = client.process.kill();
    let _ = client.process.wait();
}

fn of<'t>(times: &'t mut Vec<(&'static str, Vec<f64>)>, name: &'static str) -> &'t mut Vec<f64> {
    let at = times.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
        times.push((name, Vec::new()));
        times.len() - 1
    });
    &mut times[at].1
}

/// 1,000 edits, 50 a second, with findings read as they come: how long after the last its findings arrive.
fn storm(client: &mut Client, uri: &str, version: usize) {
    const EDITS: usize = 1000;
    let start = Instant::now();
    for edit in 1..=EDITS {
        let due = Duration::from_millis(20 * edit as u64);
        std::thread::sleep(due.saturating_sub(start.elapsed()));
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": edit % 2 } });
        let text = if edit % 2 == 0 { "#" } else { "# " };
        let change = json!([{ "range": range, "text": text }]);
        let document = json!({ "uri": uri, "version": version + edit });
        client.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": change }));
    }
    let mut last = Vec::new();
    timed(&mut last, client, |client| client.findings(version + EDITS));
    row("after 1,000 edits", &mut last);
}
