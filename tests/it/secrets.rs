//! Secrets that are planted in settings, inputs of logins and answers occur in nothing that connrun prints or keeps,
//! whichever command and option it is.

use crate::support::command::connrun;
use crate::support::serving::{Serving, folder};
use base64::Engine as _;
use connrun::sandbox::Sandbox;
use std::path::Path;

/// With signs that every encoding writes in its own way.
const KEY: &str = "pla/nted+\"key\"=1&<x>";
const PASSWORD: &str = "plänted pass'word";
const FILE: &str = "settings.yaml";

const CONNECTOR: &str = r##"{
  title: 'Secrets',
  connection: {
    fields: [{ name: 'api_key', optional: false }, { name: 'password', control_type: 'password' }, { name: 'host' }],
    base_uri: lambda { |connection| "http://#{connection['host']}" }
  },
  test: lambda { |connection| get('/echo', key: connection['api_key'])['method'] },
  actions: {
    send: {
      sample_output: lambda { |_c, _i| { id: 1 } },
      execute: lambda do |connection, _input|
        key, word = connection['api_key'], connection['password']
        get('/echo', q: key, page: 1).headers('X-Odd' => "<#{key}>")['method']
        post('/echo', key: key, deep: [{ note: "it is #{word}" }]).user('ada').password(word)['method']
        post('/echo', word: word, plain: "#{key}!").request_format_www_form_urlencoded['method']
        post('/echo', xml: [{ content!: key }]).request_format_xml('root')['method']
        post('/echo').request_body("raw #{word}").headers('X-Packed' => [key].pack('m0'))['method']
        post('/echo', file: [word, 'text/plain', 'a.txt']).request_format_multipart_form['method']
        get("/echo?path=#{key.encode_url}")['method']
        { done: true }
      end
    },
    fail: {
      execute: lambda do |connection, _input|
        get('/status/500', key: connection['api_key']).headers('X-Word' => connection['api_key'])['a']
      end
    }
  },
  triggers: {
    tick: {
      poll: lambda do |connection, _input, last|
        get('/echo', key: connection['api_key'], word: connection['password'])['method']
        { events: [{ id: 1 }], next_poll: last.to_i + 1 }
      end,
      dedup: lambda { |event| event['id'] }
    }
  },
  syncs: {
    all: {
      primary_key: 'id',
      backfill: { from: '2024-01-01', window: '1d' },
      fetch: lambda do |connection, _input, _state|
        get('/echo', key: connection['api_key'], word: connection['password'])['method']
        { records: [{ id: 1 }], state: { n: 1 }, has_more: false }
      end
    }
  }
}
"##;

/// How a secret may look.
fn spellings(secret: &str) -> Vec<String> {
    let base64 = &base64::engine::general_purpose::STANDARD;
    let json = serde_json::Value::from(secret).to_string();
    let percent: String = secret
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let middle = |text: String| text.get(4..text.len() - 4).unwrap_or_default().to_owned();
    vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        percent.clone(),
        percent.to_ascii_lowercase(),
        secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        middle(base64.encode(secret)),
        middle(base64.encode(format!("ada:{secret}"))),
        middle(base64.encode(format!("x{secret}"))),
    ]
}

fn clean(what: &str, text: &str) {
    for secret in [KEY, PASSWORD] {
        for spelling in spellings(secret) {
            assert!(!text.contains(&spelling), "{what} holds {spelling:?}:\n{text}");
        }
    }
}

/// Every file below the folder but the settings.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.ends_with(FILE) && !path.ends_with("copy.yaml") {
            found.push(path);
        }
    }
    found
}

/// Each command that has something to do with settings, and what it prints when things go well and when they do not.
const COMMANDS: &[&str] = &[
    "exec action send -c s.conn --trace --curl --har run.har --record r.yaml -v",
    "exec action send -c s.conn --replay r.yaml -v --debug",
    "exec action send -c s.conn --dry-run --trace",
    "exec action send -c s.conn --replay-or-record more.yaml",
    "exec action send -c s.conn --offline --error-format json",
    "exec action send -c s.conn --timeout 0.00001 -v",
    "trace",
    "trace --curl",
    "trace --har -o last.har",
    "trace --json",
    "trace 1",
    "exec action fail -c s.conn --debug --trace",
    "exec action fail -c s.conn --error-format json --har failed.har",
    "exec test -c s.conn --trace --compact",
    "exec action none -c s.conn",
    "exec connection -c s.conn",
    "trigger tick -c s.conn --once --trace --har t.har --curl --record polled.yaml",
    "trigger tick -c s.conn --dry-run -v",
    "sync all -c s.conn --trace --to all.db --record synced.yaml",
    "sync all -c s.conn --to all.jsonl",
    "backfill all -c s.conn --from 2024-01-01 --to 2024-01-03 --trace",
    "state show",
    "state show --json",
    "state export",
    "runs list",
    "runs list --json",
    "test -v",
    "test --accept --format junit",
    "test --format tap -o tap.txt",
    "settings show",
    "settings encrypt -s copy.yaml",
    "describe -c s.conn -v",
    "describe -c s.conn --json",
    "schema action send -c s.conn",
    "list .",
    "check s.conn",
    "diff s.conn s.conn",
    "generate docs -c s.conn -o docs.md",
    "generate docs -c s.conn -o docs.html",
    "generate schema --cassette r.yaml",
    "connect -c s.conn",
    "connect -c s.conn --non-interactive -v",
    "connect -c s.conn --non-interactive --set host=127.0.0.1:1",
    "repl -c s.conn",
    "eval -c s.conn get('/status/404',key:connection['api_key'])['a'] --trace",
    "eval -c s.conn raise(connection['api_key'])",
    "eval -c s.conn connection['password'].none",
    "eval -c s.conn {}.fetch(connection['password'])",
    "eval -c s.conn get('http://'+connection['password']+'/x')['a'] --record e.yaml",
    "eval -c s.conn get('/echo').headers(connection['api_key']=>'x')['a']",
    "exec action send -c s.conn --profile",
    "exec action send -c s.conn --profile profile.svg",
    "generate test -c s.conn -o all.test.yaml",
    "test --coverage",
    "test --lcov cover.info --profile",
];

/// What a person types: answers for `connect`, expressions for `repl`.
const TYPED: &str = "\n\n\nconnection['none'].foo\n:settings\n1.foo(connection['api_key'])\n\
                     get('/status/404', key: connection['api_key'])['a']\n:trace\n:run actions.fail\n";

#[test]
fn planted_secrets_stay_where_they_are() {
    let sandbox = Sandbox::start(0).unwrap();
    let host = sandbox.url().trim_start_matches("http://").to_owned();
    let settings = serde_json::json!({ "api_key": KEY, "password": PASSWORD, "host": host }).to_string();
    let first = connrun("describe -c s.conn").file("s.conn", CONNECTOR).file(FILE, &settings);
    let test = "path: actions.send\ncassette: r.yaml\n";
    let first = first.file("s.test.yaml", test).file("copy.yaml", &settings);
    let folder = first.path();
    clean("describe", &first.run().to_string());
    for arguments in COMMANDS {
        clean(arguments, &connrun(arguments).stdin(TYPED).env("CI", "").run_in(folder).to_string());
    }
    // A run that was given one, kept as a test.
    let input = serde_json::json!({ "word": PASSWORD }).to_string();
    let given = connrun("exec action send -c s.conn -i").arg(&input).run_in(folder);
    clean("exec with an input", &given.to_string());
    let made = connrun("generate test --from-run -c s.conn -o made.test.yaml").run_in(folder);
    clean("generate test", &made.to_string());
    let written = files(folder);
    for name in [
        "all.test.yaml",
        "made.test.yaml",
        "cover.info",
        "profile.svg",
        "r.yaml",
        "more.yaml",
        "polled.yaml",
        "synced.yaml",
        "e.yaml",
        "run.har",
        "last.har",
        "last-trace.jsonl",
        "s.test.snap.json",
        "t.har",
        "failed.har",
        "tap.txt",
        "state.db",
        "all.db",
        "all.jsonl",
        "docs.md",
        "docs.html",
        "copy.yaml.enc",
    ] {
        assert!(written.iter().any(|path| path.ends_with(name)), "{name} is not there: {written:?}");
    }
    for path in written {
        let bytes = std::fs::read(&path).unwrap();
        clean(&path.display().to_string(), &String::from_utf8_lossy(&bytes));
    }
}

/// A command that is new has to be looked at, too; these know no settings.
#[test]
fn no_command_is_left_out() {
    const WITHOUT: &[&str] = &["new", "import", "completions", "fmt", "explain", "lsp", "sandbox", "help", "serve"];
    let help = connrun("--help").run().stdout;
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    for name in names.map(|line| line.split_whitespace().next().unwrap()) {
        let hunted = COMMANDS.iter().any(|command| command.split(' ').next() == Some(name));
        assert!(hunted || WITHOUT.contains(&name), "{name} is in no list of this file");
    }
}

/// What is wrong in settings is shown without what they hold.
#[test]
fn settings_that_cannot_be_read() {
    for (name, text) in [
        ("s.yaml", format!("api_key: {KEY}: x\npassword: {PASSWORD}\n")),
        ("s.yaml", format!("password: \"{PASSWORD}\napi_key: 5\n")),
        ("s.yaml", format!("api_key: *{PASSWORD}\n")),
        ("s.yaml", format!("- {PASSWORD}\n")),
        ("s.yaml", format!("{PASSWORD}\n")),
        ("s.yaml", format!("a:\n  password: {PASSWORD}\nb:\n  password: x\n")),
        ("s.yaml.enc", format!("{PASSWORD}--{PASSWORD}--{PASSWORD}")),
        ("account_properties.yaml", format!("x: [{PASSWORD}\n")),
    ] {
        let run = connrun("exec action fail -c s.conn").file("s.conn", CONNECTOR).file(name, &text);
        let run = if name.starts_with("s.") { run.args(&format!("-s {name}")) } else { run };
        let printed = run.run().to_string();
        assert!(printed.starts_with("status: 2"), "{text}\n{printed}");
        clean(&text, &printed);
    }
    for inline in
        ["{\"password\": \"PASSWORD\",}", "{\"password\": PASSWORD}", "{\"password\" \"PASSWORD\"}", "[\"PASSWORD\"]"]
    {
        let inline = inline.replace("PASSWORD", PASSWORD);
        let printed = connrun("exec action fail -c s.conn -s").arg(&inline).file("s.conn", CONNECTOR).run().to_string();
        assert!(printed.starts_with("status: 2"), "{inline}\n{printed}");
        clean(&inline, &printed);
    }
    let place = connrun("exec action fail -c s.conn -s s.yaml").file("s.conn", CONNECTOR);
    place.file("s.yaml", "api_key: some: thing\nhost: example.com\n").snapshot("settings_veiled");
}

/// A server that runs into errors, with what its clients see of them.
#[test]
fn a_server_keeps_them_to_itself() {
    let sandbox = Sandbox::start(0).unwrap();
    let host = sandbox.url().trim_start_matches("http://").to_owned();
    let settings = serde_json::json!({ "api_key": KEY, "password": PASSWORD, "host": host }).to_string();
    let project = "[accounts.acme]\nsettings = 'settings.yaml'\n\n[triggers.tick]\nconnector = 's.conn'\naccount = 'acme'\n\
                   trigger = 'tick'\npoll_interval = 60\ndo = { action = 'fail', connector = 's.conn', account = 'acme' }\n";
    let folder = folder(&[("connrun.toml", project), ("s.conn", CONNECTOR), (FILE, &settings)]);
    let mut serving = Serving::start(folder.path(), &["-v"]);
    serving.wait_for("failed: ");
    for path in ["/", "/runs", "/triggers/tick", "/metrics", "/openapi.json", "/none"] {
        clean(path, &serving.get(path).1.to_string());
    }
    clean("serve", &serving.stop().1);
    for path in files(folder.path()) {
        let bytes = std::fs::read(&path).unwrap();
        clean(&path.display().to_string(), &String::from_utf8_lossy(&bytes));
    }
}
