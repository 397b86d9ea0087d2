//! What is kept of a run's requests: the table, one in full, curl commands that work, HAR files, and no secrets.

use crate::support::command::{connrun, snapshot};
use connrun::sandbox::Sandbox;
use serde_json::Value;

const CUSTOMERS: &str = include_str!("../../connectors/customers.conn");

/// A connector with one action `go` with this body; `key` and `password` are connection fields.
fn connector(body: &str) -> String {
    format!(
        "{{
  title: 'T',
  connection: {{ fields: [{{ name: 'api_key' }}, {{ name: 'password', control_type: 'password' }}] }},
  actions: {{ go: {{ execute: lambda do |connection, input|
{body}
  end }} }}
}}
"
    )
}

/// Times, ports and bars differ from run to run.
fn blanked(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r" +\d+\.\d ms", " N ms");
    settings.add_filter(r" +[░▒█ ]+\n", "\n");
    settings.add_filter(r"size +time", "size  time");
    settings.bind(|| snapshot(name, text));
}

#[test]
fn the_last_run() {
    let body = "get('https://api.example.com/v1/customers.json', api_token: connection['api_key'], id: 1234)['customer']
  post('https://api.example.com/echo', note: 'a').headers('X-Api-Key' => connection['api_key']).request_format_json['method']
  get('https://api.example.com/nowhere').after_error_response(404) { |_code, body, _headers, _message| body }['error']
  { done: true }";
    let run = connrun("exec action go -c t.conn --sandbox --set api_key=top-secret-1").file("t.conn", connector(body));
    let printed = run.run();
    assert_eq!(printed.status, 0, "{printed}");
    let mut all = String::new();
    for arguments in ["trace", "trace 2", "trace --curl", "trace 9", "trace 3 --json"] {
        let shown = connrun(arguments).env("COLUMNS", "160").run_in(run.path());
        all += &format!("$ connrun {arguments}\n{}{}\n", shown.stdout, shown.stderr);
    }
    let all = all.lines().filter(|line| !line.contains("\": ") || line.contains("url")).collect::<Vec<_>>().join("\n");
    blanked("trace_of_the_last_run", &all);
}

#[test]
fn nothing_was_sent_and_nothing_is_there() {
    let run = connrun("trace");
    let mut all = run.transcript();
    std::fs::create_dir(run.path().join(".connrun")).unwrap();
    std::fs::write(run.path().join(".connrun/last-trace.jsonl"), "no trace\n").unwrap();
    all += &run.transcript();
    // A run that sends nothing does not leave an older trace as the last one.
    assert_eq!(connrun("eval 1").run_in(run.path()).stdout, "1\n");
    all += &run.transcript();
    blanked("trace_of_nothing", &all);
}

#[test]
fn where_nothing_can_be_written_there_is_no_trace() {
    let run = connrun("exec action get_customer_by_id -c customers.conn --sandbox --compact -i {\"id\":1234}")
        .file("customers.conn", CUSTOMERS)
        // A file stands where the folder would.
        .file(".connrun", "");
    let printed = run.run();
    assert_eq!((printed.status, printed.stderr.as_str()), (0, ""));
    let off = connrun("exec action get_customer_by_id -c customers.conn --sandbox --compact -i {\"id\":1234}")
        .file("customers.conn", CUSTOMERS)
        .env("CONNRUN_TRACE", "off");
    assert_eq!(off.run().status, 0);
    assert!(!off.path().join(".connrun").exists());
}

/// A trace is put in the place of the file before it, which would be the end of `/dev/null`.
#[cfg(unix)]
#[test]
fn what_is_no_file_stays() {
    use std::os::unix::fs::FileTypeExt;
    let run = connrun("exec action get_customer_by_id -c customers.conn --sandbox --compact -i {\"id\":1234}")
        .file("customers.conn", CUSTOMERS)
        .env("CONNRUN_TRACE", "socket");
    let path = run.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    assert_eq!(run.run().status, 0);
    assert!(path.metadata().unwrap().file_type().is_socket());
}

/// What the specification of HAR 1.2 asks of every entry.
#[test]
fn archives() {
    let body = "post('https://api.example.com/echo?a=1', word: 'é')['method']
  get('https://api.example.com/status/204').response_format_raw.to_s
  { done: true }";
    let run = connrun("exec action go -c t.conn --sandbox --har run.har --now 2024-03-15T12:34:56Z")
        .file("t.conn", connector(body));
    run.run();
    let har: Value = serde_json::from_slice(&std::fs::read(run.path().join("run.har")).unwrap()).unwrap();
    assert_eq!(har["log"]["version"], "1.2");
    let entries = har["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        chrono::DateTime::parse_from_rfc3339(entry["startedDateTime"].as_str().unwrap()).unwrap();
        for key in ["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"] {
            assert!(!entry["request"][key].is_null(), "request {key}");
        }
        for key in
            ["status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize"]
        {
            assert!(!entry["response"][key].is_null(), "response {key}");
        }
        let timings = &entry["timings"];
        let parts = ["blocked", "dns", "connect", "send", "wait", "receive"].map(|key| timings[key].as_f64().unwrap());
        let sum: f64 = parts.iter().filter(|part| **part >= 0.0).sum();
        assert!((sum - entry["time"].as_f64().unwrap()).abs() < 0.01, "{timings}");
        assert!(entry["cache"].is_object());
    }
    assert_eq!(entries[0]["request"]["postData"]["text"], "{\"word\":\"é\"}");
    assert_eq!(entries[0]["request"]["queryString"][0]["value"], "1");
}

/// The commands are run by a shell; what arrives is what the connector sent.
#[test]
#[cfg(unix)]
fn curl_commands_work() {
    use std::process::Command;
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let sandbox = Sandbox::start(0).unwrap();
    let url = sandbox.url();
    let body = format!(
        "post('{url}/echo?q[]=1&k=%20x', text: \"it's $5 \\\"now\\\"\\n\", key: connection['api_key'])
    .headers('X-Word' => 'a!b', 'X-Key' => connection['api_key']).user('ada').password(connection['password'])"
    );
    let run =
        connrun("exec action go -c t.conn --compact --curl --set api_key=top-secret-1 --set password=correct!horse")
            .file("t.conn", connector(&body));
    let printed = run.run();
    assert!(!printed.stderr.contains("top-secret") && !printed.stderr.contains("correct!"), "{}", printed.stderr);
    let shell = Command::new("sh")
        .args(["-c", &printed.stderr])
        .env("CONNRUN_API_KEY", "top-secret-1")
        .env("CONNRUN_PASSWORD", "correct!horse")
        .output()
        .unwrap();
    let answered: Value =
        serde_json::from_slice(&shell.stdout).unwrap_or_else(|_| panic!("{shell:?}\n{}", printed.stderr));
    let expected: Value = serde_json::from_str(&printed.stdout).unwrap();
    for key in ["method", "path", "query", "body"] {
        assert_eq!(answered[key], expected[key], "{key} of\n{}", printed.stderr);
    }
    for header in ["x-word", "x-key", "authorization", "content-type"] {
        assert_eq!(answered["headers"][header], expected["headers"][header], "{header}");
    }
}
