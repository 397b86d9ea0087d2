//! Recording, replaying and dry runs, as a person uses them: what is in the file, what comes of a request that is not.

use crate::support::command::{Run, connrun, snapshot};
use connrun::sandbox::Sandbox;
use std::path::Path;

const CUSTOMERS: &str = include_str!("../../connectors/customers.conn");
const OAUTH2: &str = include_str!("../../connectors/oauth2.conn");
const INVOICES: &str = include_str!("../../connectors/invoices.conn");

/// A connector with one action `go` with this body.
fn go(arguments: &str, body: &str) -> Run {
    let text = format!(
        "{{
  title: 'T',
  connection: {{ fields: [{{ name: 'host' }}, {{ name: 'api_key' }}] }},
  actions: {{ go: {{
    sample_output: lambda {{ |_c, _i| {{ id: 7, state: 'sample' }} }},
    execute: lambda do |connection, input|
{body}
    end
  }} }}
}}
"
    );
    connrun(&format!("exec action go -c t.conn {arguments}")).file("t.conn", text)
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Each of these says the same when it is replayed without a network, without settings.
#[test]
fn replays_repeat_recordings_to_the_byte() {
    let folder = tempfile::TempDir::new().unwrap();
    for (name, text) in [("customers", CUSTOMERS), ("oauth2", OAUTH2), ("invoices", INVOICES)] {
        std::fs::write(folder.path().join(format!("{name}.conn")), text).unwrap();
    }
    std::fs::write(folder.path().join("oauth2.yaml"), include_str!("../../connectors/oauth2.settings.yaml")).unwrap();
    let page = r#"{"created_since": "2017-01-04T05:00:00Z"}"#;
    for (arguments, given, input) in [
        ("exec action get_customer_by_id -c customers.conn", "", r#"{"id": 1234}"#),
        ("exec trigger new_customer_ascending -c customers.conn", "--set api_token=top-secret-1", page),
        ("exec trigger new_customer_descending -c customers.conn --now 2017-01-05T00:00:00Z", "", page),
        ("exec action get_profile -c oauth2.conn", "-s oauth2.yaml", "{}"),
        ("exec action upload_file -c invoices.conn", "", r#"{"name": "a.txt", "content": "Paid."}"#),
    ] {
        let recorded =
            connrun(&format!("{arguments} {given} --sandbox --record r.yaml -i")).arg(input).run_in(folder.path());
        assert_eq!(recorded.status, 0, "{arguments}\n{recorded}");
        let replayed = connrun(&format!("{arguments} --replay r.yaml --offline -i")).arg(input).run_in(folder.path());
        assert_eq!(replayed.stdout, recorded.stdout, "{arguments}\n{replayed}\n{}", read(folder.path(), "r.yaml"));
        assert!(!read(folder.path(), "r.yaml").contains("top-secret"));
    }
}

/// Clock and dice are those of the recording; time goes on by what the connector sleeps.
#[test]
fn clock_and_dice_are_recorded() {
    let body = "before = Time.now
      sleep(0.01)
      echo = post('https://api.example.com/echo', at: now.to_f, id: SecureRandom.uuid).request_format_json
      { sent: echo['json'], slept: Time.now - before, n: rand(1000000) }";
    let run = go("--sandbox --record r.yaml", body);
    let recorded = run.run();
    assert_eq!(recorded.status, 0, "{recorded}");
    let replayed = go("--replay r.yaml", body).run_in(run.path());
    assert_eq!(recorded.stdout, replayed.stdout, "{replayed}");
}

#[test]
fn a_recording_can_be_read() {
    let run = go(
        "--sandbox --record r.yaml --now 2024-03-15T12:34:56Z --seed 7 --set host=api.example.com --set api_key=top-secret-1",
        "one = post(\"https://#{connection['host']}/echo?b=2&a=1\", key: connection['api_key'], n: 1.50).request_format_json
      two = get(\"https://#{connection['host']}/v1/customers.json\", id: 1234, api_token: connection['api_key'])
      three = get(\"https://#{connection['host']}/status/404\").after_error_response(404) { |code| { code: code } }
      { one: one['method'], two: two['customer']['name'], three: three['code'] }",
    );
    let printed = run.run();
    snapshot("cassette", &format!("{printed}\n{}", read(run.path(), "r.yaml")));
}

/// What keeps state and what evaluates an expression are recorded, too.
#[test]
fn polls_syncs_and_expressions_repeat_to_the_byte() {
    let connector = CUSTOMERS.replacen(
        "  triggers: {",
        "  syncs: {
    customers: {
      primary_key: 'id',
      fetch: lambda do |_connection, _input, state|
        page = get('/v1/customers.json', limit: 2)
        { records: page['customers'], state: { at: state['at'].to_i + 2 }, has_more: state['at'].nil? }
      end
    }
  },

  triggers: {",
        1,
    );
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("c.conn"), connector).unwrap();
    for (arguments, input) in [
        ("trigger new_customer_ascending -c c.conn", r#"{"created_since": "2017-01-04T05:00:00Z"}"#),
        ("trigger new_customer_descending -c c.conn --dry-run", r#"{"created_since": "2017-01-04T05:00:00Z"}"#),
        ("sync customers -c c.conn", "{}"),
        ("eval -c c.conn get('/v1/customers.json',id:input['id'])['customer']", r#"{"id": 1234}"#),
    ] {
        let run = |more: &str| {
            connrun(&format!("{arguments} --set api_token=top-secret-1 {more} -i")).arg(input).run_in(folder.path())
        };
        let recorded = run("--sandbox --record r.yaml");
        assert_eq!(recorded.status, 0, "{arguments}\n{recorded}");
        assert!(recorded.stdout.len() > 20 && recorded.stderr.contains("recorded "), "{arguments}\n{recorded}");
        std::fs::remove_dir_all(folder.path().join(".connrun")).unwrap();
        let replayed = run("--offline --replay r.yaml");
        let text = read(folder.path(), "r.yaml");
        // Jobs have names of their own.
        let plain = |text: &str| {
            text.lines().map(|line| line.split("\"dedup\"").last().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(plain(&replayed.stdout), plain(&recorded.stdout), "{arguments}\n{replayed}\n{text}");
        assert!(!text.contains("top-secret-1"), "{text}");
    }
    let both = connrun("trigger new_customer_ascending -c c.conn --follow --record r.yaml").run_in(folder.path());
    assert_eq!(both.status, 2, "{both}");
}

/// Who asks for XML is answered in XML.
#[test]
fn a_dry_run_answers_in_the_form_that_is_asked_for() {
    let sampled = |body: &str| go("--dry-run --compact", body);
    let without = |body: &str| {
        let run = go("--dry-run --compact", body);
        let text =
            read(run.path(), "t.conn").replace("sample_output: lambda { |_c, _i| { id: 7, state: 'sample' } },", "");
        std::fs::write(run.path().join("t.conn"), text).unwrap();
        run
    };
    let xml = "answer = post('https://api.example.com/items').payload(name: 'Ada', '@id': 3).format_xml('item')
      { read: answer }";
    let form = "{ read: post('https://api.example.com/items', name: 'Ada').request_format_www_form_urlencoded.response_format_xml }";
    let json = "{ read: post('https://api.example.com/items', name: 'Ada') }";
    let mut all = String::new();
    for body in [xml, form, json] {
        all += &format!("{body}\n{}{}\n", sampled(body).run(), without(body).run());
    }
    snapshot("dry_run_forms", &all);
}

const WRITTEN: &str = "\
exchanges:
- request: GET https://api.example.com/items?page=1
  response:
    json: { items: [{ id: 1 }] }
- request: GET https://api.example.com/items?page=2
  response:
    json: { items: [] }
- request:
    method: POST
    url: https://api.example.com/items
    json: { name: Ada, tags: [a, b], size: { w: 1, h: 2 } }
  response: 201
- request: GET https://api.example.com/slow
  failure: timeout-read
";

#[test]
fn what_is_not_recorded_is_an_error_that_names_the_difference() {
    let mut all = String::new();
    for body in [
        "get('https://api.example.com/items', page: 1)",
        "get('https://api.example.com/items', page: 3)",
        "get('https://api.example.com/item', page: 1)",
        "2.times { get('https://api.example.com/items', page: 1)['items'] }\n{}",
        "post('https://api.example.com/items', name: 'Bob', tags: ['a'], size: { w: 1, d: 3 }).request_format_json",
        "get('https://api.example.com/slow')",
        "begin; get('https://api.example.com/other').to_s; rescue StandardError; { rescued: true }; end",
    ] {
        let printed = go("--replay r.yaml --compact", body).file("r.yaml", WRITTEN).run();
        all += &format!("{body}\n{printed}\n");
    }
    snapshot("cassette_differences", &all);
}

#[test]
fn files_that_are_no_recordings() {
    let mut all = String::new();
    for text in [
        "",
        "- 1\n",
        "a: [\n",
        "exchanges: 5\n",
        "exchanges:\n- requst: GET https://h/\n",
        "exchanges:\n- request: https://h/\n",
        "exchanges:\n- request: BREW https://h/\n",
        "exchanges:\n- request: GET https://h/\n  response: { status: 99 }\n",
        "exchanges:\n- request: GET https://h/\n  response: { json: '{' }\n",
        "exchanges:\n- request: GET https://h/\n  failure: bored\n",
        "connrun: 2\nexchanges: []\n",
        "http_interactions:\n- request: { method: get, uri: 'https://h/' }\n",
    ] {
        let printed = go("--replay r.yaml", "{}").file("r.yaml", text).run();
        assert_eq!(printed.status, 2, "{text}\n{printed}");
        all += &format!("{text}{}\n", printed.stderr);
    }
    all += &go("--replay nowhere.yaml", "{}").run().stderr;
    all += &go("--record nowhere/r.yaml", "{}").run().stderr;
    all += &go("--record a.yaml --replay b.yaml", "{}").run().stderr;
    snapshot("cassette_mistakes", &all);
}

#[test]
fn what_is_new_is_added() {
    let sandbox = Sandbox::start(0).unwrap();
    let first = format!("{{ m: get('{}/echo?a=1')['method'] }}", sandbox.url());
    let both = format!("{{ m: get('{0}/echo?a=1')['method'] + get('{0}/echo?a=2')['method'] }}", sandbox.url());
    let run = go("--replay-or-record r.yaml --compact", &first);
    assert_eq!(run.run().stderr, "note: recorded 1 exchange\n");
    assert_eq!(run.run().stderr, "");
    let text = read(run.path(), "t.conn").replace(&first, &both);
    std::fs::write(run.path().join("t.conn"), text).unwrap();
    assert_eq!(run.run().stderr, "note: recorded 2 exchanges\n");
    drop(sandbox);
    let offline = connrun("exec action go -c t.conn --replay r.yaml --compact").run_in(run.path());
    assert_eq!((offline.stdout.as_str(), offline.stderr.as_str()), ("{\"m\":\"GETGET\"}\n", ""));
}

const VCR: &str = "\
---
http_interactions:
- request:
    method: get
    uri: https://api.example.com/items?b=2&a=1
    body:
      encoding: US-ASCII
      string: ''
    headers:
      User-Agent:
      - rest-client/2.1.0
  response:
    status:
      code: 200
      message: OK
    headers:
      Content-Type:
      - application/json
      Content-Encoding:
      - gzip
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        GZIPPED
  recorded_at: Tue, 01 Nov 2022 12:00:00 GMT
- request:
    method: post
    uri: https://api.example.com/items
    body:
      encoding: UTF-8
      string: '{\"name\":\"Ada\"}'
    headers: {}
  response:
    status:
      code: 201
      message: Created
    headers: {}
    body:
      encoding: UTF-8
      base64_string: |
        eyJpZCI6NX0=
  recorded_at: Tue, 01 Nov 2022 12:00:00 GMT
recorded_with: VCR 6.1.0
";

/// Also those that are encrypted as secure projects encrypt them.
#[test]
fn cassettes_of_vcr() {
    use base64::Engine as _;
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(b"{\"items\":[1,2]}").unwrap();
    let packed = base64::engine::general_purpose::STANDARD.encode(packed.finish().unwrap());
    let tape = VCR.replace("GZIPPED", &packed);
    let body = "items = get('https://api.example.com/items', a: 1, b: 2)['items']
      { items: items, id: post('https://api.example.com/items', name: 'Ada').request_format_json['id'] }";
    let plain = go("--replay tape.yml --compact", body).file("tape.yml", &tape).run();
    assert_eq!((plain.stdout.as_str(), plain.stderr.as_str()), ("{\"items\":[1,2],\"id\":5}\n", ""));
    // Encrypted settings and cassettes are the same kind of file.
    let run = go("--replay tape.yml.enc --compact", body)
        .file("settings.yaml", &tape)
        .file("master.key", "6a1b2c3d4e5f60718293a4b5c6d7e8f9");
    let sealed = connrun("settings encrypt").run_in(run.path());
    assert_eq!(sealed.status, 0, "{sealed}");
    std::fs::rename(run.path().join("settings.yaml.enc"), run.path().join("tape.yml.enc")).unwrap();
    let opened = run.run();
    assert_eq!(opened.stdout, plain.stdout, "{opened}");
    std::fs::write(run.path().join("master.key"), "00".repeat(16)).unwrap();
    assert_eq!(run.run().status, 2);
}

#[test]
fn dry_runs() {
    let mut all = String::new();
    let body = "found = get('https://api.example.com/v1/customers.json', id: 1234, api_token: connection['api_key'])['customer']
      made = post('https://api.example.com/items', name: found['name'], key: connection['api_key']).request_format_json
      gone = delete(\"https://api.example.com/items/#{made['id']}\")
      { name: found['name'], made: made, gone: gone }";
    all += &go("--dry-run --sandbox --compact --set api_key=top-secret-1", body).run().to_string();
    let recorded = "exchanges:\n- request: POST https://api.example.com/items\n  response: { json: { id: 9 } }\n";
    all += &go("--dry-run --replay r.yaml --compact", "post('https://api.example.com/items')")
        .file("r.yaml", recorded)
        .run()
        .to_string();
    assert!(!all.contains("top-secret"), "{all}");
    snapshot("dry_run", &all);
}

/// What is saved runs again; all of the first result is shown, of the others what changed.
#[test]
fn saved_files_run_again() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let source = "{ title: 'T', connection: { base_uri: lambda { |_c| 'https://api.my-app.com' } },
      actions: { go: { input_fields: lambda { |_d| [{ name: 'note' }] }, execute: lambda do |_connection, input|
        found = get('/v1/customers.json', api_token: 'x', id: 1234)['customer']
        { id: found['id'], name: found['name'], note: input['note'] }
      end } } }";
    let run =
        connrun("exec action go --sandbox --record r.yaml").file("t.conn", source).file("in.json", "{\"note\": 1}");
    assert_eq!(run.run().status, 0);
    let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(["exec", "action", "go", "--replay", "r.yaml", "-i", "in.json", "--watch"])
        .current_dir(run.path())
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut errors = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut seen = String::new();
    let mut until_done = |lines: &mut dyn Iterator<Item = String>, ending: &str| {
        for line in lines {
            seen += &format!("{line}\n");
            if line.contains(ending) {
                break;
            }
        }
    };
    // As editors save: a file that is half written is never seen.
    let save = |name: &str, text: &str| {
        std::fs::write(run.path().join("saved"), text).unwrap();
        std::fs::rename(run.path().join("saved"), run.path().join(name)).unwrap();
    };
    until_done(&mut lines, " ms");
    save("t.conn", &source.replace("found['name']", "found['name'].upcase"));
    until_done(&mut lines, " ms");
    save("in.json", "{\"note\": 2}");
    until_done(&mut lines, " ms");
    save("t.conn", &source.replace("found['name']", "found['name'] + nothing"));
    until_done(&mut errors, "NameError");
    save("t.conn", &source.replace("found['name']", "found['name'].upcase "));
    until_done(&mut lines, " ms");
    child.kill().unwrap();
    child.wait().unwrap();
    snapshot("exec_watch", &seen);
}

#[test]
fn watching_needs_files() {
    let run = connrun("exec action go --watch -i -").file("t.conn", "{ title: 'T' }").stdin("{}");
    run.snapshot("exec_watch_refused");
}
