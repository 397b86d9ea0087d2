//! What the language server does only for clients that can show it, and what it knows of files that are not open.

use crate::lsp::{Client, TEXT, URI};
use serde_json::{Value, json};

fn whole() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } })
}

#[test]
fn lenses_and_hints_are_for_those_who_ask() {
    let commands = json!(["connrun.exec", "connrun.mentions"]);
    let mut client = Client::with(&json!({ "commands": commands, "inlayHints": true }), None);
    client.tell_open(URI, TEXT);
    let lenses = client.ask("textDocument/codeLens", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(lenses[0]["command"]["title"], "▶ run action get");
    assert_eq!(lenses[0]["command"]["arguments"], json!([URI, ["action", "get"]]));
    assert_eq!(lenses[0]["range"]["start"], json!({ "line": 4, "character": 4 }));
    assert_eq!(lenses[1]["command"]["title"], "2 mentions");
    assert_eq!(lenses[1]["command"]["arguments"][2].as_array().unwrap().len(), 2);
    let hints = client.ask("textDocument/inlayHint", json!({ "textDocument": { "uri": URI }, "range": whole() }));
    let shown: Vec<&str> = hints.as_array().unwrap().iter().map(|hint| hint["label"].as_str().unwrap()).collect();
    assert_eq!(shown, [", extended_input_schema, extended_output_schema, continue", "hash:"]);
    client.end();

    let mut plain = Client::with(&json!({}), None);
    plain.tell_open(URI, TEXT);
    assert_eq!(plain.ask("textDocument/codeLens", json!({ "textDocument": { "uri": URI } })), json!([]));
    assert_eq!(plain.answer["capabilities"]["inlayHintProvider"], false);
    assert_eq!(plain.answer["capabilities"]["codeLensProvider"], Value::Null);
    plain.end();
}

#[test]
fn definitions_are_found_in_all_files_of_the_folder() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::create_dir_all(folder.path().join("more/.hidden")).unwrap();
    let text =
        |name: &str| format!("{{\n  title: 'A',\n  methods: {{\n    {name}: lambda do\n      1\n    end\n  }}\n}}\n");
    for (file, name) in [("a b.conn", "clean_up"), ("more/b.conn", "clear"), ("more/.hidden/c.conn", "clean_away")] {
        std::fs::write(folder.path().join(file), text(name)).unwrap();
    }
    let mut client = Client::with(&json!({}), Some(folder.path()));
    let find = |client: &mut Client, query: &str| -> Vec<String> {
        let found = client.ask("workspace/symbol", json!({ "query": query }));
        let one = |one: &Value| {
            let uri = one["location"]["uri"].as_str().unwrap();
            let file = uri.rsplit('/').next().unwrap();
            format!("{} {} {} {}", file, one["containerName"], one["name"], one["location"]["range"]["start"]["line"])
        };
        found.as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(find(&mut client, "CL"), ["b.conn \"methods\" \"clear\" 3", "a%20b.conn \"methods\" \"clean_up\" 3"]);
    assert_eq!(find(&mut client, "cup"), ["a%20b.conn \"methods\" \"clean_up\" 3"]);
    // What is open counts as it is there, not as it is saved.
    let uri = Client::uri(&folder.path().join("a b.conn"));
    client.tell_open(&uri, &text("clean_all"));
    assert_eq!(find(&mut client, "clean"), ["a%20b.conn \"methods\" \"clean_all\" 3"]);
    client.end();
}

/// What is wrong with the project's file is told once, and the text is checked as if there were none.
#[test]
fn a_broken_project_file_is_told() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("connrun.toml"), "[check\nunknown-key = 'off'\n").unwrap();
    let mut client = Client::with(&json!({}), Some(folder.path()));
    let uri = Client::uri(&folder.path().join("a.conn"));
    client.tell_open(&uri, "{\n  title: 'A',\n  titel: 'B'\n}\n");
    let (mut told, mut codes) = (String::new(), Value::Null);
    while told.is_empty() || codes.is_null() {
        let message = client.read();
        match message["method"].as_str() {
            Some("window/showMessage") => told = message["params"]["message"].as_str().unwrap().to_owned(),
            Some("textDocument/publishDiagnostics") => codes = message["params"]["diagnostics"][0]["code"].clone(),
            _ => {}
        }
    }
    assert_eq!(codes, "check::unknown-key");
    assert!(
        told.contains("connrun.toml, line 1: ") && told.ends_with("until it is mended nothing in it counts"),
        "{told}"
    );
    client.end();
}

#[test]
fn lines_are_closed_and_texts_rewritten() {
    let mut client = Client::with(&json!({}), None);
    client.tell_open(URI, "{\n  test: lambda do |connection|\n\n}\n");
    let params = json!({ "textDocument": { "uri": URI }, "position": { "line": 2, "character": 0 }, "ch": "\n" });
    let edits = client.ask("textDocument/onTypeFormatting", params);
    let texts: Vec<&str> = edits.as_array().unwrap().iter().map(|edit| edit["newText"].as_str().unwrap()).collect();
    assert_eq!(texts, ["    ", "  end\n"]);
    client.tell_open("file:///b.conn", TEXT);
    let place = json!({ "start": { "line": 5, "character": 20 }, "end": { "line": 5, "character": 20 } });
    let params =
        json!({ "textDocument": { "uri": "file:///b.conn" }, "range": place, "context": { "diagnostics": [] } });
    let actions = client.ask("textDocument/codeAction", params);
    assert_eq!((&actions[0]["title"], &actions[0]["kind"]), (&json!("write it with `->`"), &json!("refactor.rewrite")));
    client.end();
}
