//! `connrun test`: what passes, how failures look, snapshots, reports for other programs, files with mistakes.

use crate::support::command::{Run, connrun, snapshot};
use std::path::Path;

const CONNECTOR: &str = "{
  title: 'Items',
  connection: {
    fields: [{ name: 'key', control_type: 'password', optional: false }],
    base_uri: lambda { |_connection| 'https://api.example.com' },
    authorization: { type: 'api_key', apply: lambda { |connection| headers('X-Key' => connection['key']) } }
  },
  actions: {
    find: {
      input_fields: lambda { |_d| [{ name: 'id', label: 'Number', type: 'integer', optional: false }] },
      execute: lambda do |_connection, input|
        puts \"looking for #{input['id']}\"
        get(\"/items/#{input['id']}\").params(full: true)
      end
    },
    create: {
      input_fields: lambda { |_d| [{ name: 'name' }, { name: 'key' }] },
      execute: lambda do |_connection, input|
        made = post('/items', input)
        { id: made['id'], at: now, ticket: SecureRandom.hex(4) }
      end
    },
    fail: { execute: lambda { |_connection, _input| error('not today') } }
  },
  methods: { twice: lambda { |n| n * 2 } }
}
";

const TESTS: &str = "\
settings: { key: top-secret-1 }
tests:
- name: finds an item
  path: actions.find
  input: { id: 7 }
  exchanges:
  - request: GET https://api.example.com/items/7?full=true
    response: { json: { id: 7, name: Ada, tags: [a, b] } }
  expect:
    output: { id: 7, name: Ada, tags: [a, b] }
    requests:
    - GET https://api.example.com/items/7?full=true
- name: creates an item
  path: action create
  input: { name: Bob }
  now: 2024-03-15T12:34:56Z
  exchanges:
  - request: { method: POST, url: https://api.example.com/items, json: { name: Bob } }
    response: { json: { id: 8 } }
  expect:
    requests:
    - POST https://api.example.com/items: { name: Bob }
- name: doubles
  path: methods.twice
  args: [21]
  expect: { output: 42 }
- name: fails as it has to
  path: actions.fail
  expect: { error: { message: not today, class: RuntimeError } }
- name: asks for the number
  path: actions.find
  expect: { error: Number }
";

fn items(arguments: &str, tests: &str) -> Run {
    connrun(arguments).file("items.conn", CONNECTOR).file("items.test.yaml", tests)
}

/// Times differ.
fn shown(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r#"time="\d\.\d{3}""#, "time=\"N\"");
    settings.bind(|| snapshot(name, text));
}

#[test]
fn tests_that_pass() {
    let run = items("test", TESTS);
    let printed = run.run();
    assert_eq!(printed.status, 0, "{printed}");
    let mut all = printed.to_string();
    for arguments in ["test -v", "test doubl", "test --format tap", "test items.test.yaml --format junit -j 1"] {
        all += &format!("$ connrun {arguments}\n{}", connrun(arguments).run_in(run.path()));
    }
    shown("test_passes", &all);
}

#[test]
fn tests_that_fail() {
    let wrong = "\
settings: { key: top-secret-1 }
tests:
- name: another output
  path: actions.find
  input: { id: 7 }
  exchanges:
  - request: GET https://api.example.com/items/7?full=true
    response: { json: { id: 7, name: Ada, tags: [a, b], key: top-secret-1 } }
  expect:
    output: { id: 7, name: Bob, tags: [a], key: x }
    requests:
    - GET https://api.example.com/items/8?full=true
    - GET https://api.example.com/more
- name: a request that nobody expects
  path: actions.find
  input: { id: 7 }
  exchanges:
  - request: GET https://api.example.com/items/8?full=true
- name: an error that is none
  path: methods.twice
  args: [1]
  expect: { error: true }
- name: another error
  path: actions.fail
  expect: { error: { message: tomorrow, class: ArgumentError } }
- name: nothing is answered
  path: actions.find
  input: { id: 1 }
  expect: { output: {} }
";
    let run = items("test", wrong);
    let mut all = run.run().to_string();
    for arguments in ["test error --format tap", "test error --format junit"] {
        all += &format!("$ connrun {arguments}\n{}", connrun(arguments).run_in(run.path()));
    }
    assert!(!all.contains("top-secret"), "{all}");
    shown("test_fails", &all);
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| format!("{error}"))
}

#[test]
fn snapshots() {
    let tests = "\
settings: { key: top-secret-1 }
tests:
- name: creates an item
  path: actions.create
  input: { name: Bob, key: top-secret-1 }
  exchanges:
  - request: { method: POST, url: https://api.example.com/items, json: { name: Bob, key: top-secret-1 } }
    response: { json: { id: 8 } }
";
    let strict = items("test", tests).env("CI", "true");
    let mut all = strict.transcript();
    let run = items("test", tests).env("CI", "");
    all += &run.transcript();
    all += &run.transcript();
    all += &read(run.path(), "items.test.snap.json");
    std::fs::write(run.path().join("items.conn"), CONNECTOR.replace("made['id'], at", "made['id'].to_s, at")).unwrap();
    all += &run.transcript();
    for arguments in ["test --review", "test --accept", "test", "test --review"] {
        all += &format!("$ connrun {arguments}\n{}", connrun(arguments).env("CI", "").run_in(run.path()));
    }
    assert!(!all.contains("top-secret"), "{all}");
    assert!(!run.path().join("items.test.snap.new.json").exists());
    shown("test_snapshots", &all);
}

#[test]
fn files_with_mistakes() {
    let mut all = String::new();
    for tests in [
        "tests: 5\n",
        "tests: []\n",
        "tests:\n- pth: a\n",
        "tests:\n- name: a\n",
        "tests:\n- { name: a, path: test }\n- { name: a, path: test }\n",
        "tests:\n- { path: test, now: soon }\n",
        "tests:\n- { path: test, expect: 5 }\n",
        "tests:\n- { path: test, exchanges: [{ request: GET }] }\n",
        "tests:\n- { path: test, cassette: nowhere.yaml }\n",
        "connector: nowhere.conn\ntests:\n- { path: test }\n",
        "a: [\n",
    ] {
        let printed = items("test", tests).run();
        assert_eq!(printed.status, 2, "{tests}\n{printed}");
        all += &format!("{tests}{}\n", printed.stderr);
    }
    all += &items("test nobody", TESTS).run().stderr;
    all += &connrun("test").run().stderr;
    shown("test_mistakes", &all);
}

/// A recording is a test's answers, with its clock, its dice and its settings.
#[test]
fn recordings_become_tests() {
    let run = connrun("exec action get_customer_by_id --sandbox --record r.yaml -i {\"id\":1234}")
        .file("customers.conn", include_str!("../../connectors/customers.conn"))
        .file("customers.test.yaml", "path: actions.get_customer_by_id\ninput: { id: 1234 }\ncassette: r.yaml\n");
    assert_eq!(run.run().status, 0);
    let first = connrun("test").env("CI", "").run_in(run.path());
    assert!(first.stdout.contains("snapshot written"), "{first}");
    let again = connrun("test").run_in(run.path());
    assert_eq!((again.status, again.stdout.starts_with("1 passed")), (0, true), "{again}");
}

/// What is saved is tested at once.
#[test]
fn a_saved_file_is_tested_again() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let run = items("test --watch", TESTS);
    let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(["test", "--watch"])
        .current_dir(run.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    std::fs::write(run.path().join("items.test.yaml"), TESTS.replace("output: 42", "output: 4300")).unwrap();
    let next: Vec<String> = lines.by_ref().take_while(|line| !line.contains("passed")).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(first.starts_with("5 passed"), "{first}");
    let next = next.join("\n");
    assert!(next.contains("── items.test.yaml ──") && next.contains("✗ doubles"), "{next}");
}

const LOOKING_UP: &str = "{
  title: 'Lookups',
  actions: {
    find: {
      input_fields: lambda { |_d| [{ name: 'code' }] },
      execute: lambda do |_connection, input|
        { city: lookup('Cities', code: input['code'])['name'], host: account_property('host'), fields: workato_schema('12').length }
      end
    }
  }
}
";

/// What a connector looks up stands beside it, or in the tests, the nearest first.
#[test]
fn lookups_of_tests() {
    let tests = "\
account_properties: { host: of-the-file }
tests:
- name: from files
  path: actions.find
  input: { code: ber }
  expect: { output: { city: Berlin, host: of-the-file, fields: 1 } }
- name: own
  path: actions.find
  input: { code: ber }
  account_properties: { host: own }
  lookup_tables: tables.yaml
  workato_schemas: { '12': [{ name: a }, { name: b }] }
  expect: { output: { city: Bern, host: own, fields: 2 } }
";
    let tables = |name: &str| format!("Cities:\n  id: 1\n  rows:\n  - {{ code: ber, name: {name} }}\n");
    let run = connrun("test -v")
        .file("connector.conn", LOOKING_UP)
        .file("account_properties.yaml", "host: of-the-folder\n")
        .file("lookup_tables.yaml", tables("Berlin"))
        .file("workato_schemas.json", "{\"12\": [{\"name\": \"a\"}]}")
        .file("tests/tables.yaml", tables("Bern"))
        .file("tests/one.test.yaml", tests);
    let printed = run.run();
    assert_eq!(printed.status, 0, "{printed}");
    let missing = run.file("tests/one.test.yaml", "path: actions.find\nlookup_tables: nowhere.yaml\n").run();
    assert!(missing.status == 2 && missing.stderr.contains("there is no file tests/nowhere.yaml"), "{missing}");
}
