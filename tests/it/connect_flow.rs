//! What `connrun connect` does beyond plain fields and OAuth 2: steps of a flow, choices that depend on answers, several ways
//! to log in, encrypted settings, machines without a browser.

use crate::support::command::{Run, connrun, snapshot};
use crate::support::server::{Reply, Server};
use connrun::sandbox::Sandbox;
use std::path::Path;

fn saved(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("settings.yaml")).unwrap_or_default()
}

/// A connector whose connection has these steps.
fn flowing(steps: &str, arguments: &str) -> Run {
    let text = format!(
        "{{
  title: 'Flow',
  connection: {{
    fields: [{{ name: 'client_id', optional: false }}],
    flow: [
{steps}
    ],
    authorization: {{ type: 'custom_auth', apply: lambda {{ |connection| headers('X-Token' => connection['access_token']) }} }}
  }},
  test: lambda {{ |_connection| get('https://api.example.com/echo') }}
}}
"
    );
    connrun(&format!("connect --no-browser --wait 2 {arguments}")).file("f.conn", text)
}

/// A device that shows a code, and asks again and again whether somebody has typed it in elsewhere.
#[test]
fn a_device_is_let_in() {
    let answers = [
        (
            200,
            r#"{"device_code":"dev-123456","user_code":"WDJB-MJHT","verification_uri":"https://example.com/device"}"#,
        ),
        (400, r#"{"error":"authorization_pending"}"#),
        (200, r#"{"tokens":{"access":"made-access-1"},"refresh_token":"made-refresh-1"}"#),
        (200, r#"{"me":1}"#),
    ];
    let fields = [("Content-Type", "application/json")];
    let service = Server::start(answers.map(|(status, body)| Reply::full(&format!("{status} Said"), &fields, body)));
    let run = flowing(
        "      { form: [{ name: 'team', label: 'Team', optional: false }] },
      { http: { post: 'https://login.example.com/device', payload: { client_id: '{{client_id}}', scope: '{{team}}' }, format: 'form' },
        returns: { _device: 'device_code', _user_code: 'user_code', _where: 'verification_uri' } },
      { display: 'Enter {{_user_code}} at {{_where}}.' },
      { http: lambda { |connection| post('https://login.example.com/token', device_code: connection['_device']) },
        returns: { access_token: 'tokens.access', refresh_token: 'refresh_token' }, every: 0.01 }",
        &format!("--set client_id=me --reroute {}", service.url()),
    )
    .stdin("\nnorth\n");
    let printed = run.run();
    let line = |text: String| {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        format!("{} {body}", head.lines().next().unwrap())
    };
    let sent: Vec<String> = service.requests().into_iter().map(line).collect();
    let sent = sent.join("\n");
    snapshot("connect_device", &format!("{printed}--- sent\n{sent}\n--- settings.yaml\n{}", saved(run.path())));
}

/// A page that is no OAuth: the browser brings whatever the service has to say.
#[test]
fn a_page_is_visited() {
    let step = "      { redirect: 'https://login.example.com/oauth/authorize?client_id={{client_id}}&response_type=code&back={{redirect_uri}}&redirect_uri={{redirect_uri}}', returns: { access_token: 'code' } }";
    let run = flowing(step, "--sandbox --set client_id=demo").stdin("\n");
    let printed = run.run();
    assert_eq!(printed.status, 0, "{printed}");
    assert_eq!(saved(run.path()), "client_id: demo\naccess_token: sandbox-code-0001\n");
    // What is known already needs nobody.
    let again = connrun("connect --non-interactive").run_in(run.path());
    assert!(again.status != 3 && !again.stderr.contains("nobody is here"), "{again}");
}

#[test]
fn flows_that_cannot_be_gone() {
    let mut all = String::new();
    for (steps, arguments, stdin) in [
        ("      { fom: [] }", "", ""),
        ("      { form: [], http: {} }", "", ""),
        ("      { redirect: 'ftp://example.com' , returns: ['code'] }", "", ""),
        ("      { http: { fetch: 'https://example.com' } }", "", ""),
        ("      { http: { post: 'https://example.com', format: 'yaml' } }", "", ""),
        ("      { http: { get: 'https://api.example.com/echo' }, returns: ['ticket'] }", "--sandbox", ""),
        ("      { http: { get: 'https://api.example.com/status/401' }, returns: ['ticket'] }", "--sandbox", ""),
        ("      { http: { get: 'https://api.example.com/echo' }, returns: ['ticket'], every: 5 }", "--sandbox", ""),
        ("      { redirect: 'https://example.com/login', returns: ['code'] }", "--non-interactive", ""),
        (
            "      { redirect: 'https://example.com/login', returns: ['code'] }",
            "--redirect-url https://me.example.com/back",
            "\n",
        ),
    ] {
        let run = flowing(steps, &format!("--set client_id=me {arguments}")).stdin(&format!("\n{stdin}"));
        let printed = run.run();
        assert!([1, 2, 3].contains(&printed.status) && saved(run.path()).is_empty(), "{steps}\n{printed}");
        let report = printed.stderr.rsplit_once("> \n").map_or(printed.stderr.as_str(), |(_, report)| report);
        let state = report.split("state=").nth(1).and_then(|rest| rest.get(..32)).unwrap_or("no state").to_owned();
        all += &format!("{}\n{}: {}\n", steps.trim(), printed.status, report.trim().replace(&state, "STATE"));
    }
    snapshot("connect_flow_mistakes", &all);
}

const CHOICES: &str = "{
  title: 'Choices',
  connection: {
    fields: [
      { name: 'country', control_type: 'select', pick_list: 'countries', optional: false },
      { name: 'city', control_type: 'select', pick_list: 'cities', pick_list_params: { country: 'country' }, optional: false },
      { name: 'topics', control_type: 'multiselect', options: [%w[News news], %w[Sport sport], %w[Music music]], delimiter: '|' },
      { name: 'district', ngIf: \"input.city == 'par'\" }
    ],
    extended_fields: lambda do |connection|
      connection['city'] == 'ber' ? [{ name: 'wall', type: 'boolean', control_type: 'checkbox', optional: false }] : []
    end
  },
  pick_lists: {
    countries: lambda { |_connection| [%w[France fr], %w[Germany de]] },
    cities: lambda do |_connection, country:|
      { 'fr' => [%w[Lyon lyo], %w[Paris par]], 'de' => [%w[Berlin ber], %w[Bonn bon]] }[country]
    end
  },
  test: lambda { |connection| connection }
}
";

#[test]
fn choices_depend_on_answers() {
    let first = connrun("connect").file("c.conn", CHOICES).stdin("Germany\n1\n1, music\nyes\n");
    let second = connrun("connect").file("c.conn", CHOICES).stdin("fr\nBerlin\n2\n\nMarais\n");
    let all = [&first, &second].map(|run| format!("{}--- settings.yaml\n{}", run.run(), saved(run.path())));
    snapshot("connect_choices", &all.join("\n"));
}

const WAYS: &str = "{
  title: 'Ways',
  connection: {
    fields: [{ name: 'host' }],
    authorization: {
      type: 'multi',
      options: {
        key: { type: 'api_key', fields: [{ name: 'api_key', control_type: 'password', optional: false }],
               apply: lambda { |connection| headers('X-Key' => connection['api_key']) } },
        basic_login: { type: 'basic_auth', fields: [{ name: 'user', optional: false }, { name: 'password', control_type: 'password', optional: false }],
                       apply: lambda { |connection| user(connection['user']).password(connection['password']) } }
      }
    }
  },
  test: lambda { |_connection| get('https://api.example.com/echo')['headers'] }
}
";

#[test]
fn one_of_several_ways_to_log_in() {
    let asked = connrun("connect --sandbox").file("w.conn", WAYS).stdin("\nbasic login\nada\ntop-secret-1\n");
    let silent = connrun("connect --sandbox --non-interactive --set auth_type=key --set api_key=top-secret-2");
    let silent = silent.file("w.conn", WAYS);
    let missing = connrun("connect --non-interactive --set auth_type=basic_login").file("w.conn", WAYS);
    let all = [&asked, &silent, &missing].map(|run| format!("{}--- settings.yaml\n{}", run.run(), saved(run.path())));
    snapshot("connect_ways", &all.join("\n"));
}

/// What was encrypted is encrypted afterwards, with its comments and accounts.
#[test]
fn encrypted_settings_stay_encrypted() {
    let connector = include_str!("../../connectors/customers.conn");
    let run = connrun("settings encrypt")
        .file("c.conn", connector)
        .file("master.key", "6a1b2c3d4e5f60718293a4b5c6d7e8f9")
        .file("settings.yaml", "# Ours.\nacme:\n  api_token: old-token-1\n");
    assert_eq!(run.run().status, 0, "{}", run.run());
    std::fs::remove_file(run.path().join("settings.yaml")).unwrap_or_default();
    let connected =
        connrun("connect --sandbox -n acme --non-interactive --set api_token=new-token-1").run_in(run.path());
    assert_eq!(
        (connected.status, connected.stderr.as_str()),
        (0, "note: the connection works; saved in settings.yaml.enc (account acme)\n")
    );
    assert!(!run.path().join("settings.yaml").exists());
    let sealed = std::fs::read_to_string(run.path().join("settings.yaml.enc")).unwrap();
    assert!(!sealed.contains("new-token-1"));
    let shown = connrun("settings show -n acme --show-secrets").run_in(run.path());
    assert!(shown.stdout.contains("new-token-1"), "{shown}");
    let wrong = connrun("connect --sandbox -n acme --non-interactive")
        .env("WORKATO_CONNECTOR_MASTER_KEY", "00000000000000000000000000000000");
    let wrong = wrong.run_in(run.path());
    assert_eq!(wrong.status, 2, "{wrong}");
    assert_eq!(std::fs::read_to_string(run.path().join("settings.yaml.enc")).unwrap(), sealed, "untouched");
}

/// Nothing that could open an address is on this machine: the address is printed, and what comes of it pasted.
#[test]
fn a_machine_without_a_browser() {
    let sandbox = Sandbox::start(0).unwrap();
    let connector = include_str!("../../connectors/oauth2.conn");
    let run = connrun("connect --wait 1 --redirect-url https://me.example.com/back")
        .args("--set client_id=demo --set client_secret=demo-secret --reroute")
        .arg(&sandbox.url())
        .file("o.conn", connector)
        .env("PATH", "")
        .stdin("\n\n");
    let printed = run.run();
    assert_eq!(printed.status, 3, "{printed}");
    let words =
        ["No browser could be opened here", "Afterwards paste the address", "nobody pasted what came of the login"];
    assert!(words.iter().all(|word| printed.stderr.contains(word)), "{printed}");
}
