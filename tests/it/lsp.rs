//! The language server, as an editor talks to it: the binary on its pipes.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub const URI: &str = "file:///a.conn";

pub struct Client {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: i64,
    /// To `initialize`.
    pub answer: Value,
}

impl Client {
    fn start(capabilities: &Value) -> Self {
        Self::introduced(json!({ "capabilities": capabilities }))
    }

    /// With options of its own, and perhaps a folder.
    pub fn with(options: &Value, folder: Option<&Path>) -> Self {
        let folders: Vec<Value> =
            folder.iter().map(|folder| json!({ "uri": format!("file://{}", folder.display()), "name": "a" })).collect();
        Self::introduced(json!({ "capabilities": {}, "initializationOptions": options, "workspaceFolders": folders }))
    }

    fn introduced(params: Value) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_connrun"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut client = Self { process, input, output, next: 0, answer: Value::Null };
        client.answer = client.ask("initialize", params);
        assert_eq!(client.answer["serverInfo"]["name"], "connrun");
        client.tell("initialized", json!({}));
        client
    }

    fn open(text: &str) -> Self {
        let mut client = Self::start(&json!({}));
        client.tell_open(URI, text);
        client
    }

    pub fn tell_open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "connector", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// The address of a file, as clients write it.
    pub fn uri(path: &Path) -> String {
        format!("file://{}", path.display()).replace(' ', "%20")
    }

    fn write(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    pub fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            if line.trim().is_empty() {
                break;
            }
            if let Some(number) = line.strip_prefix("Content-Length: ") {
                length = number.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The whole response to a request.
    fn response(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.read();
            if message["id"] == id {
                return message;
            }
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        self.response(method, params)["result"].take()
    }

    /// Asks about a place: a line and a column, both from 0.
    fn at(&mut self, method: &str, line: usize, column: usize) -> Value {
        self.ask(method, json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": column } }))
    }

    /// The next findings that are sent, as `line:column code`.
    fn diagnostics(&mut self) -> Vec<String> {
        loop {
            let message = self.read();
            if message["method"] == "textDocument/publishDiagnostics" {
                return shown(&message["params"]["diagnostics"]);
            }
        }
    }

    fn change(&mut self, start: (usize, usize), end: (usize, usize), text: &str) {
        let place = |(line, column): (usize, usize)| json!({ "line": line, "character": column });
        let range = json!({ "start": place(start), "end": place(end) });
        self.tell("textDocument/didChange", json!({ "textDocument": { "uri": URI, "version": 2 }, "contentChanges": [{ "range": range, "text": text }] }));
    }

    pub fn end(mut self) {
        self.response("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.process.wait().unwrap().success());
    }
}

fn shown(diagnostics: &Value) -> Vec<String> {
    let one = |finding: &Value| {
        let start = &finding["range"]["start"];
        format!("{}:{} {}", start["line"], start["character"], finding["code"].as_str().unwrap())
    };
    diagnostics.as_array().unwrap().iter().map(one).collect()
}

fn labels(completion: &Value) -> Vec<&str> {
    completion["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect()
}

pub const TEXT: &str = "\
{
  title: '😀 Acme',

  actions: {
    get: {
      execute: lambda do |connection, input|
        call('clean', input['id'])
        get('/x').params(a: 1)
      end
    }
  },

  methods: {
    # Takes out what is empty.
    clean: lambda do |hash|
      call(:clean, hash)
    end
  }
}
";

#[test]
fn findings_come_and_go() {
    let mut client = Client::open(TEXT);
    assert_eq!(client.diagnostics(), [""; 0]);
    // Without the comma after a title that takes two units a character.
    client.change((1, 18), (1, 19), "");
    assert_eq!(client.diagnostics(), ["1:18 syntax::missing-comma"]);
    client.change((1, 18), (1, 18), ",");
    assert_eq!(client.diagnostics(), [""; 0]);
    client.end();
}

#[test]
fn findings_are_given_when_asked_for() {
    let mut client = Client::start(&json!({ "textDocument": { "diagnostic": {} } }));
    client.tell("textDocument/didOpen", json!({ "textDocument": { "uri": URI, "languageId": "connector", "version": 1, "text": "{\n  title: 'A',\n  titel: 'B'\n}\n" } }));
    let report = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(shown(&report["items"]), ["2:2 check::unknown-key"]);
    client.end();
}

#[test]
fn fixes_are_offered() {
    let mut client = Client::open("{\n  title: 'A'\n  titel: 'B'\n}\n");
    let range = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 0 } });
    let actions = client.ask(
        "textDocument/codeAction",
        json!({ "textDocument": { "uri": URI }, "range": range, "context": { "diagnostics": [] } }),
    );
    assert_eq!(actions[0]["title"], "add the comma");
    assert_eq!(actions[0]["edit"]["changes"][URI][0]["newText"], ",");
    assert_eq!(actions[1]["kind"], "source.fixAll");
    client.end();
}

#[test]
fn completion_knows_the_place() {
    let mut client = Client::open(TEXT);
    client.change((4, 10), (4, 10), "\n      ti");
    let keys = client.at("textDocument/completion", 5, 8);
    let keys = labels(&keys);
    assert!(keys.contains(&"title") && keys.contains(&"input_fields") && !keys.contains(&"execute"), "{keys:?}");
    let names = client.at("textDocument/completion", 7, 14);
    assert_eq!(labels(&names), ["clean"]);
    let methods = client.at("textDocument/completion", 8, 18);
    assert!(labels(&methods).iter().take(40).any(|name| *name == "after_error_response"));
    client.end();
}

#[test]
fn names_are_found_and_changed() {
    let mut client = Client::open(TEXT);
    let definition = client.at("textDocument/definition", 6, 16);
    assert_eq!(definition["range"]["start"], json!({ "line": 14, "character": 4 }));
    let params = json!({ "textDocument": { "uri": URI }, "position": { "line": 14, "character": 5 }, "context": { "includeDeclaration": true } });
    assert_eq!(client.ask("textDocument/references", params).as_array().unwrap().len(), 3);
    let params =
        json!({ "textDocument": { "uri": URI }, "position": { "line": 14, "character": 5 }, "newName": "tidy" });
    let renamed = client.ask("textDocument/rename", params);
    let edits = renamed["changes"][URI].as_array().unwrap();
    assert!(edits.len() == 3 && edits.iter().all(|edit| edit["newText"] == "tidy"), "{renamed}");
    let params = json!({ "textDocument": { "uri": URI }, "position": { "line": 14, "character": 5 }, "newName": "1x" });
    assert_eq!(client.response("textDocument/rename", params)["error"]["message"], "`1x` is not a name");
    client.end();
}

#[test]
fn places_are_explained() {
    let mut client = Client::open(TEXT);
    let text = |hover: Value| hover["contents"]["value"].as_str().unwrap_or_default().to_owned();
    assert!(text(client.at("textDocument/hover", 5, 8)).contains("actions.*.execute"));
    assert!(text(client.at("textDocument/hover", 6, 16)).contains("Takes out what is empty."));
    assert!(text(client.at("textDocument/hover", 7, 20)).contains("params"));
    let signature = client.at("textDocument/signatureHelp", 6, 25);
    assert_eq!(signature["signatures"][0]["label"], "clean(hash)");
    client.end();
}

#[test]
fn the_outline_survives_errors() {
    let mut client = Client::open(TEXT);
    client.change((8, 6), (8, 9), "");
    let symbols = client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }));
    let names: Vec<&str> = symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["title", "actions", "methods"]);
    assert_eq!(symbols[1]["children"][0]["children"][0]["name"], "execute");
    let folds = client.ask("textDocument/foldingRange", json!({ "textDocument": { "uri": URI } }));
    assert!(folds.as_array().unwrap().iter().any(|fold| fold["startLine"] == 3));
    client.end();
}

/// Nonsense is answered, or passed over, and the session goes on.
#[test]
fn nonsense_does_not_end_the_session() {
    let mut client = Client::open("{ title: 'A' }");
    assert_eq!(client.response("no/such", json!({}))["error"]["code"], -32601);
    for params in
        [json!(null), json!([]), json!({ "textDocument": 1 }), json!({ "textDocument": { "uri": "file:///other" } })]
    {
        client.ask("textDocument/hover", params);
    }
    client.tell("textDocument/didChange", json!({ "textDocument": { "uri": URI }, "contentChanges": [{ "range": { "start": { "line": 99, "character": 9 }, "end": { "line": 1, "character": -4 } }, "text": "x" }, {}, 7] }));
    client.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///never" }, "contentChanges": [{ "text": "x" }] }),
    );
    for (at, text) in ["{", "do", "'", "\"#{", "<<~A\n", "é😀", "end", "}", "[", "("].into_iter().enumerate() {
        client.change((0, at), (0, at + at % 2), text);
        client.at("textDocument/completion", 0, at);
    }
    client.end();
}

/// Edits as `line:column-line:column "text"`.
fn edits(edits: &Value) -> Vec<String> {
    let place = |at: &Value| format!("{}:{}", at["line"], at["character"]);
    let one = |edit: &Value| {
        format!("{}-{} {}", place(&edit["range"]["start"]), place(&edit["range"]["end"]), edit["newText"])
    };
    edits.as_array().unwrap().iter().map(one).collect()
}

#[test]
fn texts_are_formatted_whole_in_part_and_while_typing() {
    let mut client = Client::open("{\n title: 'A',\n    version:'1',\n}\n");
    let document = json!({ "uri": URI });
    let whole = client.ask("textDocument/formatting", json!({ "textDocument": document, "options": {} }));
    assert_eq!(edits(&whole), ["0:1-1:1 \"\\n  \"", "1:12-2:4 \"\\n  \"", "2:12-2:12 \" \""]);
    let range = json!({ "start": { "line": 2, "character": 5 }, "end": { "line": 2, "character": 14 } });
    let part = client.ask("textDocument/rangeFormatting", json!({ "textDocument": document, "range": range }));
    assert_eq!(edits(&part), ["2:12-2:12 \" \""]);

    let mut type_at = |text: &str, line: usize, column: usize, typed: &str| {
        client.tell(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": URI, "version": 3 }, "contentChanges": [{ "text": text }] }),
        );
        let position = json!({ "line": line, "character": column });
        let params = json!({ "textDocument": { "uri": URI }, "position": position, "ch": typed });
        edits(&client.ask("textDocument/onTypeFormatting", params))
    };
    // A line break in something that is not closed yet; in a heredoc nothing moves.
    assert_eq!(type_at("{ test: lambda do |x|\n", 1, 0, "\n"), ["1:0-1:0 \"  \""]);
    assert_eq!(type_at("{\n  a: lambda do\n    end", 2, 7, "d"), ["2:0-2:4 \"  \""]);
    assert_eq!(type_at("{\n  a: {\n    }\n", 2, 5, "}"), ["2:0-2:4 \"  \""]);
    assert_eq!(type_at("{\n  a: <<~X\n\n  X\n}\n", 2, 0, "\n"), Vec::<String>::new());
    assert_eq!(type_at("{\n  weekend\n", 1, 9, "d"), Vec::<String>::new());
    client.end();
}

#[test]
fn variables_are_found_and_renamed() {
    let mut client = Client::open(TEXT);
    let place = |line: u64, column: u64| json!({ "line": line, "character": column });
    let definition = client.at("textDocument/definition", 6, 24);
    assert_eq!(definition["range"]["start"], place(5, 38));
    let kinds: Vec<Value> = client
        .at("textDocument/documentHighlight", 6, 24)
        .as_array()
        .unwrap()
        .iter()
        .map(|place| place["kind"].clone())
        .collect();
    assert_eq!(kinds, [3, 2]);
    let rename = |name: &str| json!({ "textDocument": { "uri": URI }, "position": { "line": 6, "character": 24 }, "newName": name });
    let renamed = client.ask("textDocument/rename", rename("given"));
    let starts: Vec<&Value> =
        renamed["changes"][URI].as_array().unwrap().iter().map(|edit| &edit["range"]["start"]).collect();
    assert_eq!(starts, [&place(5, 38), &place(6, 22)]);
    for refused in ["end", "Given", "a b"] {
        assert!(client.response("textDocument/rename", rename(refused))["error"]["message"].is_string(), "{refused}");
    }
    client.end();
}

#[test]
fn names_are_coloured_by_what_they_mean() {
    let mut client = Client::open(TEXT);
    let answer = client.ask("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": URI } }));
    let numbers: Vec<u64> = answer["data"].as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect();
    let (mut line, mut column) = (0, 0);
    let mut shown = Vec::new();
    for token in numbers.chunks(5) {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        shown.push((line, column, token[2], token[3]));
    }
    // `call`, the name it is given, `input`.
    let sixth: Vec<_> = shown.into_iter().filter(|token| token.0 == 6).collect();
    assert_eq!(sixth, [(6, 8, 4, 4), (6, 14, 5, 6), (6, 22, 5, 2)]);
    client.end();
}

#[test]
fn selections_grow() {
    let mut client = Client::open(TEXT);
    let positions = json!([{ "line": 6, "character": 24 }]);
    let answer =
        client.ask("textDocument/selectionRange", json!({ "textDocument": { "uri": URI }, "positions": positions }));
    let mut selection = &answer[0];
    let mut lines = Vec::new();
    while selection.is_object() {
        lines.push((selection["range"]["start"]["line"].as_u64(), selection["range"]["end"]["line"].as_u64()));
        selection = &selection["parent"];
    }
    assert!(lines.len() > 5 && lines.windows(2).all(|pair| pair[1].0 <= pair[0].0 && pair[0].1 <= pair[1].1));
    assert_eq!((lines[0], *lines.last().unwrap()), ((Some(6), Some(6)), (Some(0), Some(19))));
    client.end();
}

/// The server is busy with the first request while the others arrive in one piece.
#[test]
fn requests_are_called_off() {
    let fields = "    { name: 'a', type: 'string' },\n".repeat(5_000);
    let mut client = Client::open(&format!("{{\n  methods: {{\n    a: [\n{fields}    ]\n  }}\n}}\n"));
    let mut bytes = String::new();
    let mut add = |message: Value| {
        let body = message.to_string();
        bytes.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    };
    for id in 900..940 {
        let params = json!({ "textDocument": { "uri": URI } });
        add(json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/documentSymbol", "params": params }));
    }
    // Called off at once, when the first of them cannot have been answered.
    add(json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 939 } }));
    client.input.write_all(bytes.as_bytes()).unwrap();
    client.input.flush().unwrap();
    let mut answers = 0;
    while answers < 40 {
        let message = client.read();
        if let Some(id) = message["id"].as_i64() {
            answers += 1;
            let refused = message["error"]["code"] == -32800;
            assert_eq!(refused, id == 939, "{message}");
        }
    }
    client.end();
}
