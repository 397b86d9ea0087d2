//! Secrets that are planted in settings, inputs of logins and answers occur in nothing that connrun prints or keeps,
//! whichever command and option it is.

use crate::support::command::connrun;
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
        } else if !path.ends_with(FILE) {
            found.push(path);
        }
    }
    found
}

#[test]
fn planted_secrets_stay_where_they_are() {
    let sandbox = Sandbox::start(0).unwrap();
    let host = sandbox.url().trim_start_matches("http://").to_owned();
    let settings = serde_json::json!({ "api_key": KEY, "password": PASSWORD, "host": host }).to_string();
    let first = connrun("describe -c s.conn").file("s.conn", CONNECTOR).file(FILE, &settings);
    let test = "path: actions.send\ncassette: r.yaml\n";
    let first = first.file("s.test.yaml", test);
    let folder = first.path();
    clean("describe", &first.run().to_string());
    for arguments in [
        "exec action send -c s.conn --trace --curl --har run.har --record r.yaml -v",
        "exec action send -c s.conn --replay r.yaml -v --debug",
        "exec action send -c s.conn --dry-run --trace",
        "exec action send -c s.conn --replay-or-record more.yaml",
        "exec action send -c s.conn --offline --error-format json",
        "trace",
        "trace --curl",
        "trace --har -o last.har",
        "trace --json",
        "trace 1",
        "exec action fail -c s.conn --debug --trace",
        "exec action fail -c s.conn --error-format json --har failed.har",
        "exec test -c s.conn --trace --compact",
        "trigger tick -c s.conn --once --trace --har t.har --curl",
        "state show",
        "runs list",
        "test -v",
        "test --accept --format junit",
        "test --format tap -o tap.txt",
        "settings show",
        "eval -c s.conn get('/status/404',key:connection['api_key'])['a'] --trace",
    ] {
        clean(arguments, &connrun(arguments).env("CI", "").run_in(folder).to_string());
    }
    let written = files(folder);
    for name in ["r.yaml", "run.har", "last-trace.jsonl", "s.test.snap.json", "t.har", "failed.har"] {
        assert!(written.iter().any(|path| path.ends_with(name)), "{name} is not there: {written:?}");
    }
    for path in written {
        let bytes = std::fs::read(&path).unwrap();
        clean(&path.display().to_string(), &String::from_utf8_lossy(&bytes));
    }
}
