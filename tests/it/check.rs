//! `connrun check`: what the rules say of a connector that breaks each of them, and of none of our own.

use crate::support::command::connrun;
use std::path::Path;

const FAULTY: &str = "\
{
  title: 'Acme',
  titel: 'Acme',

  connection: {
    fields: [
      { name: 'token', label: 'Token', control_type: 'pasword', optinal: false },
      { name: 'color', label: 'Color', control_type: 'select', pick_list: 'colours', type: 'sting' }
    ]
  },

  actions: {
    get: {
      exeute: 1,
      input_fields: lambda do |object_definitions|
        object_definitions['usr']
      end,
      execute: lambda do |input, connection|
        unused = 1
        call('claen', input)
        call(:clean, 1, 2)
        input['name'].upcasse
      end
    }
  },

  triggers: {
    made: {
      poll: lambda do |connection, input, closure, more, most|
        { events: [], events: [] }
      end
    }
  },

  methods: {
    clean: lambda do |hash|
      hash.compact
    end,
    never: lambda do
      1 # connrun:allow nothing
    end
  },

  pick_lists: {
    colors: lambda do |_connection|
      [['Red', 'red']]
    end
  },

  object_definitions: {
    user: {
      fields: lambda do |_connection, _config_fields, object_definitions|
        [{ name: 'id', type: 'integer' }].concat(object_definitions['user'])
      end
    }
  }
}
";

#[test]
fn every_rule() {
    let run = connrun("check a.conn --format github").file("a.conn", FAULTY).run();
    insta::assert_snapshot!(run.stdout);
    assert_eq!(run.status, 0);
}

#[test]
fn comments_allow() {
    let text = "{\n  title: 'A',\n  # connrun:allow unknown-key\n  titel: 'B',\n  tilte: 'C' # connrun:allow all\n}\n";
    let run = connrun("check a.conn --format json").file("a.conn", text).run();
    assert_eq!(run.stdout, "[]\n");
}

#[test]
fn warnings_may_be_denied() {
    let run = connrun("check a.conn --deny warnings -q").file("a.conn", FAULTY).run();
    assert_eq!(run.status, 1);
}

#[test]
fn as_sarif() {
    let run = connrun("check a.conn --format sarif").file("a.conn", "{\n  title: 'A'\n  version: '1'\n}\n").run();
    let log: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "syntax::missing-comma");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    assert_eq!(run.status, 1);
}

/// After a syntax error nothing is said of what may be missing because of it.
#[test]
fn quiet_around_errors() {
    let text = "{\n  actions: {\n    go: {\n      execute: lambda do |connection, input|\n        call('x'\n      end\n    }\n  }\n}\n";
    let run = connrun("check a.conn --format github").file("a.conn", text).run();
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
}

#[test]
fn our_own_connectors_are_clean() {
    for name in ["customers", "github", "rss"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("connectors/{name}.conn"));
        let run = connrun("check --format github --deny warnings").arg(&path.display().to_string()).run();
        assert_eq!((run.stdout.as_str(), run.status), ("", 0), "{name}");
    }
}

/// The example of each code earns it, but for two: one takes ten thousand brackets, and one a text that nobody has found.
#[test]
fn examples_earn_their_codes() {
    let mut wrong = Vec::new();
    for row in connrun::diagnostic::CODES {
        if ["syntax::ambiguous", "syntax::too-deep"].contains(&row.code) {
            continue;
        }
        let config = connrun::check::Config { portable: row.code.starts_with("portable::"), ..Default::default() };
        let found = connrun::check::check(&connrun::text::Source::new("a.conn", row.example), &config);
        let codes: Vec<_> = found.iter().map(|finding| finding.code).collect();
        if !codes.contains(&row.code) {
            wrong.push(format!("{}: {codes:?}", row.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn comments_allow_on_their_line_and_on_the_next_code() {
    let text = "\
{
  title: 'A',
  # connrun:allow unknown-key -- the service reads it
  # (and nobody else)

  titel: 'B',
  tilte: 'C', # connrun:allow check::unknown-key, unknown-field-key
  ttile: 'D', # connrun:allow unknwon-key
  title_: 'E' # connrun:allowance unknown-key
}
";
    let run = connrun("check a.conn --format github").file("a.conn", text).run();
    insta::assert_snapshot!(run.stdout);
}

const SLIPS: &str = "{\n  titel: 'Acme',\n  connection: {\n    fields: [\n      { name: 'token', \
                     control_type: 'pasword' }\n    ],\n    authorization: {\n      credentials: lambda do \
                     |connection|\n        headers(token: connection['tokn'])\n      end\n    }\n  }\n}\n";

#[test]
fn fixes_are_shown() {
    let run = connrun("check a.conn --diff").file("a.conn", SLIPS).run();
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr));
}

/// Several files and folders; a comma that is missing, and then what it hid.
#[test]
fn fixes_are_made() {
    let folder = tempfile::TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("a.conn", "{\n  title: 'A'\n  titel: 'B'\n}\n");
    let field =
        |control: &str| format!("{{ connection: {{ fields: [{{ name: 'a', control_type: '{control}' }}] }} }}\n");
    write("b.conn", &field("pasword"));
    write("notes.txt", "{ titel: 'C' }\n");
    let run = connrun("check --fix").arg(&folder.path().display().to_string()).run();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("a.conn"), "{\n  title: 'A',\n  titel: 'B'\n}\n");
    assert_eq!(read("b.conn"), field("password"));
    assert_eq!(read("notes.txt"), "{ titel: 'C' }\n");
    assert_eq!(run.status, 0);
    assert!(run.stderr.starts_with("2 files: 0 errors, 1 warning; 2 fixes made"), "{}", run.stderr);
}

#[test]
fn a_project_says_what_codes_weigh() {
    let check = |toml: &str| {
        let run = connrun("check deep/a.conn --format github")
            .file("connrun.toml", toml)
            .file("deep/a.conn", "{ titel: 'A', version: '1' }\n")
            .run();
        let levels: Vec<_> = run.stdout.lines().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect();
        (run.status, levels.join(" "), run.stderr)
    };
    assert_eq!(check("[check]\nunknown-key = 'error'\n").0, 1);
    assert_eq!(check("[check]\n\"check::unknown-key\" = 'hint'\n").1, "::notice");
    assert_eq!(check("[check]\nunknown-key = 'off'\nportable = true\n").1, "::warning");
    let (status, _, said) = check("[check]\nunknwon-key = 'off'\n");
    assert_eq!(status, 2);
    assert!(said.contains("there is no code `unknwon-key`") && said.contains("connrun.toml"), "{said}");
}

/// One session of the server: a text is opened, and one thing is asked of it.
fn served(path: &Path, text: &str, method: &str, more: &serde_json::Value) -> serde_json::Value {
    use serde_json::json;
    use std::io::Write;
    let uri = format!("file://{}", path.display());
    let document = json!({ "uri": uri, "languageId": "connector", "version": 1, "text": text });
    let mut params = json!({ "textDocument": { "uri": uri } });
    params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    let messages = [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {
            "textDocument": { "diagnostic": {} }
        } } }),
        json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
        json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": method, "params": params }),
        json!({ "jsonrpc": "2.0", "id": 3, "method": "shutdown" }),
        json!({ "jsonrpc": "2.0", "method": "exit" }),
    ];
    let mut server = std::process::Command::new(env!("CARGO_BIN_EXE_connrun"))
        .arg("lsp")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    for message in messages.map(|message| message.to_string()) {
        write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
    }
    let output = String::from_utf8(server.wait_with_output().unwrap().stdout).unwrap();
    let bodies = output.split("Content-Length: ").filter_map(|part| part.split_once("\r\n\r\n"));
    let mut answers = bodies.map(|(_, body)| serde_json::from_str::<serde_json::Value>(body).unwrap());
    answers.find(|answer| answer["id"] == 2).unwrap()["result"].take()
}

/// What a person has to choose comes as code actions behind what a machine may do.
#[test]
fn the_server_offers_choices() {
    let end = serde_json::json!({ "line": 99, "character": 0 });
    let range = serde_json::json!({ "range": { "start": { "line": 0, "character": 0 }, "end": end } });
    let actions = served(Path::new("/nowhere/a.conn"), FAULTY, "textDocument/codeAction", &range);
    let titles: Vec<_> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|action| {
            let preferred = if action["isPreferred"] == true { "* " } else { "  " };
            format!("{preferred}{}", action["title"].as_str().unwrap())
        })
        .collect();
    insta::assert_snapshot!(titles.join("\n"));
}

/// What the server says is what the command says, place by place and word by word, in a project with its own weights.
#[test]
fn the_server_says_the_same() {
    use serde_json::json;
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("connrun.toml"), "[check]\nunused-variable = 'off'\nunknown-key = 'error'\n")
        .unwrap();
    let path = folder.path().join("a.conn");
    for text in [FAULTY, SLIPS, "{\n  title: 'A'\n  titel: 'B'\n}\n"] {
        std::fs::write(&path, text).unwrap();
        let run = connrun("check --format json").arg(&path.display().to_string()).run();
        let found: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let place = |found: &serde_json::Value, line: &str, column: &str| {
            let number = |key: &str| found[key].as_u64().unwrap() - 1;
            json!({ "line": number(line), "character": number(column) })
        };
        let expected = found.as_array().unwrap().iter().map(|found| {
            let help = found["help"].as_str().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
            let severity = match found["severity"].as_str().unwrap() {
                "error" => 1,
                "warning" => 2,
                _ => 4,
            };
            json!({
                "code": found["code"],
                "severity": severity,
                "message": format!("{}{help}", found["message"].as_str().unwrap()),
                "range": { "start": place(found, "line", "column"), "end": place(found, "end_line", "end_column") },
            })
        });
        let expected: Vec<_> = expected.collect();
        assert!(!expected.is_empty());
        let told = served(&path, text, "textDocument/diagnostic", &json!({}));
        let told = told["items"].as_array().unwrap().iter().map(|told| {
            json!({ "code": told["code"], "severity": told["severity"], "message": told["message"], "range": told["range"] })
        });
        let told: Vec<_> = told.collect();
        assert_eq!(told, expected);
    }
}

/// A finding about a secret shows no more of it than where it is, whatever the format.
#[test]
fn secrets_are_not_shown() {
    let text = "{\n  connection: {\n    authorization: {\n      client_secret: 'q7Zk29xTbVw81LmR4s'\n    }\n  }\n}\n";
    for format in ["human", "json", "sarif", "github"] {
        let run = connrun("check a.conn --format").arg(format).file("a.conn", text).run();
        assert!(run.stdout.contains("check::secret") && !run.stdout.contains("q7Zk29"), "{}", run.stdout);
    }
}

/// What each finding of the examples offers: the change that a machine may make, those that a person chooses, and what
/// becomes of the text. None of them breaks it.
#[test]
fn fixes_and_choices_of_the_examples() {
    let mut out = String::new();
    for row in connrun::diagnostic::CODES.iter().filter(|row| row.code.starts_with("check::")) {
        let source = connrun::text::Source::new("a.conn", row.example);
        let found = connrun::check::check(&source, &connrun::check::Config::default());
        let Some(finding) = found.iter().find(|finding| finding.code == row.code) else { continue };
        let made = finding.fix.iter().map(|fix| ("fix", fix));
        for (kind, fix) in made.chain(finding.choices.iter().map(|fix| ("choice", fix))) {
            let (edits, _) = connrun::diagnostic::together([fix]);
            let after = connrun::diagnostic::apply(row.example, &edits);
            let parsed = connrun::syntax::parse(&connrun::text::Source::new("a.conn", after.as_str()));
            assert!(parsed.is_valid(), "{}: {}\n{after}", row.code, fix.title);
            out += &format!("{} {kind}: {}\n{after}\n\n", row.code, fix.title);
        }
    }
    insta::assert_snapshot!(out);
}

/// Each code that the source mentions is explained.
#[test]
fn every_code_is_explained() {
    let mut pending = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            for part in
                std::fs::read_to_string(&path).unwrap().split('"').filter(|part| !part.contains([' ', '{', '\n', '\\']))
            {
                if ["syntax::", "check::", "portable::", "refused::"]
                    .iter()
                    .any(|start| part.starts_with(start) && part != *start)
                {
                    assert!(connrun::diagnostic::code(part).is_some(), "{part} in {}", path.display());
                }
            }
        }
    }
}

#[test]
fn steps_of_a_flow() {
    let text = "{
  title: 'Acme',
  connection: {
    fields: [{ name: 'id' }],
    flow: [
      { form: [{ name: 'team' }] },
      { redirekt: 'https://example.com' },
      { display: 'a', http: { get: 'https://example.com' } },
      { returns: ['code'] },
      { http: lambda { |connection| get(\"https://example.com/#{connection['token']}\") }, returns: ['token'], every: 5 }
    ]
  },
  test: lambda { |_connection| get('https://example.com') }
}
";
    crate::support::command::snapshot("check_flow", &connrun("check c.conn").shown("c.conn", text).transcript());
}
