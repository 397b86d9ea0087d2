//! `connrun connect`: the form, the login in a browser, what is saved, and what goes wrong on the way.

use crate::support::command::{connrun, snapshot};
use connrun::http::live::{Live, Settings};
use connrun::http::{Method, Request, Transport};
use connrun::sandbox::Sandbox;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

const CUSTOMERS: &str = include_str!("../../connectors/customers.conn");
const OAUTH2: &str = include_str!("../../connectors/oauth2.conn");

/// Every kind of question.
const FORM: &str = "{
  title: 'Form',
  connection: {
    fields: [
      { name: 'region', control_type: 'select', options: [%w[Europe eu], %w[America us]], optional: false },
      { name: 'subdomain', control_type: 'subdomain', url: '.acme.com', optional: false, hint: 'What stands before <b>.acme.com</b>.' },
      { name: 'key', control_type: 'password', pattern: '^k-', error: 'A key begins with k-.', optional: false },
      { name: 'verify', type: :boolean, control_type: 'checkbox', default: true },
      { name: 'retries', type: :integer, max: 5 },
      { name: 'proxy', ngIf: 'input.verify == \"false\"' },
      { name: 'note' }
    ],
    authorization: { type: 'none' }
  },
  test: lambda { |connection| connection }
}
";

#[test]
fn the_form() {
    let run = connrun("connect").file("form.conn", FORM);
    let run = run.stdin("3\neurope\nhttps://my.acme.com/login\nsecret\nk-secret\n\nmany\n9\n3\n\n");
    let printed = run.run();
    let saved = std::fs::read_to_string(run.path().join("settings.yaml")).unwrap_or_default();
    snapshot("connect_form", &format!("{printed}--- settings.yaml\n{saved}"));
    // A second time everything is known already, and no is an answer, too.
    let again =
        connrun("connect").file("form.conn", FORM).file("settings.yaml", &saved).stdin("\n\n\nno\n\nproxy.local\n\n");
    let printed = again.run();
    let saved = std::fs::read_to_string(again.path().join("settings.yaml")).unwrap();
    snapshot("connect_form_again", &format!("{printed}--- settings.yaml\n{saved}"));
}

#[test]
fn an_account_is_added_and_comments_stay() {
    let file = "# Ours.\nacme:\n  api_token: one-token # keep\n";
    let run = connrun("connect --sandbox -n globex --non-interactive --set api_token=two-token")
        .file("c.conn", CUSTOMERS)
        .file("settings.yaml", file);
    assert_eq!(run.run().status, 0, "{}", run.run());
    let saved = std::fs::read_to_string(run.path().join("settings.yaml")).unwrap();
    assert_eq!(saved, "# Ours.\nacme:\n  api_token: one-token # keep\nglobex:\n  api_token: two-token\n");
    let listed = std::fs::read_dir(run.path()).unwrap().count();
    assert_eq!(listed, 2, "nothing else is left");
}

#[test]
fn without_a_person() {
    let plain = |arguments: &str| connrun(arguments).file("c.conn", CUSTOMERS);
    let all = [
        plain("connect --non-interactive --sandbox --set api_token=good-token").transcript(),
        plain("connect --non-interactive").transcript(),
        plain("connect").transcript(),
        plain("connect --non-interactive -s {\"api_token\":\"x\"}").transcript(),
        connrun("connect --non-interactive --set client_id=a --set client_secret=b")
            .file("o.conn", OAUTH2)
            .transcript(),
        connrun("connect --non-interactive --sandbox").file("o.conn", OAUTH2).transcript(),
        connrun("connect --non-interactive --set region=eu --set subdomain=a --set key=bad")
            .file("f.conn", FORM)
            .transcript(),
    ];
    snapshot("connect_non_interactive", &all.join("\n"));
}

/// Credentials that the service does not take are not saved.
#[test]
fn what_does_not_work_is_not_saved() {
    let connector = CUSTOMERS.replace("get('/v1/customers.json').params(limit: 1)", "get('/status/401')");
    let run = connrun("connect --sandbox --non-interactive --set api_token=wrong-token").file("c.conn", connector);
    let printed = run.run();
    assert_eq!(printed.status, 3, "{printed}");
    assert!(printed.stderr.contains("the settings were not saved"), "{printed}");
    assert!(!run.path().join("settings.yaml").exists());
}

/// A login that has begun: the process, and the address that it asks a person to open.
struct Login {
    child: Child,
    errors: BufReader<std::process::ChildStderr>,
    folder: TempDir,
    address: String,
    port: u16,
    _sandbox: Sandbox,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Login {
    fn start() -> Self {
        let (sandbox, folder, port) = (Sandbox::start(0).unwrap(), TempDir::new().unwrap(), free_port());
        std::fs::write(folder.path().join("o.conn"), OAUTH2).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
            .args(["connect", "--no-browser", "--set", "client_id=demo", "--reroute", &sandbox.url(), "--wait", "60"])
            .args(["--port", &port.to_string()])
            .current_dir(folder.path())
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.as_mut().unwrap().write_all(b"\ndemo-secret\n").unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let (mut said, mut address) = (String::new(), String::new());
        while address.is_empty() || !said.contains("comes back to") {
            let mut line = String::new();
            assert_ne!(errors.read_line(&mut line).unwrap(), 0, "it ended: {said}");
            if line.trim().starts_with("http://127.0.0.1:") {
                line.trim().clone_into(&mut address);
            }
            said += &line;
        }
        Self { child, errors, folder, address, port, _sandbox: sandbox }
    }

    /// Where the provider sends the browser.
    fn back(&self, address: &str) -> String {
        let response = Live::new(Settings::default()).unwrap().send(&Request::new(Method::Get, address)).unwrap();
        response.headers.get("location").unwrap_or_else(|| panic!("{}", response.status)).to_owned()
    }

    /// The browser goes there; gives the page that it sees.
    fn visit(&self, address: &str) -> String {
        let response = Live::new(Settings::default()).unwrap().send(&Request::new(Method::Get, address)).unwrap();
        String::from_utf8(response.body).unwrap()
    }

    fn callback(&self, query: &str) -> String {
        format!("http://127.0.0.1:{}/oauth/callback?{query}", self.port)
    }

    fn state(&self) -> String {
        self.address.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned()
    }

    /// Status, everything it said from then on, and the settings that it saved.
    fn end(mut self) -> (i32, String, String) {
        drop(self.child.stdin.take());
        let mut said = String::new();
        self.errors.read_to_string(&mut said).unwrap();
        let status = self.child.wait().unwrap().code().unwrap();
        (status, said, std::fs::read_to_string(self.folder.path().join("settings.yaml")).unwrap_or_default())
    }
}

#[test]
fn a_login_in_the_browser() {
    let login = Login::start();
    for part in
        ["response_type=code", "scope=profile", "client_id=demo", "code_challenge=", "code_challenge_method=S256"]
    {
        assert!(login.address.contains(part), "{part}: {}", login.address);
    }
    assert_eq!(login.state().len(), 32);
    // A browser asks for the icon, too.
    assert!(login.visit(&format!("http://127.0.0.1:{}/favicon.ico", login.port)).contains("Nothing here"));
    let back = login.back(&login.address).replace("localhost", "127.0.0.1");
    assert!(login.visit(&back).contains("Thank you"));
    let (status, said, saved) = login.end();
    assert_eq!((status, said.contains("the connection works; saved in settings.yaml")), (0, true), "{said}");
    assert!(saved.contains("client_secret: demo-secret") && saved.contains("access_token: sandbox-access-"), "{saved}");
    assert!(saved.contains("refresh_token: sandbox-refresh-"), "{saved}");
    assert!(!said.contains("sandbox-access-"), "{said}");
}

#[test]
fn an_address_can_be_pasted() {
    for whole in [true, false] {
        let mut login = Login::start();
        let back = login.back(&login.address);
        let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let pasted = if whole { back } else { code };
        writeln!(login.child.stdin.as_mut().unwrap(), "{pasted}").unwrap();
        let (status, said, saved) = login.end();
        assert_eq!((status, saved.contains("access_token: ")), (0, true), "{said}");
    }
}

#[test]
fn logins_that_fail() {
    let mut all = String::new();
    let mut tell = |what: &str, (status, said, saved): (i32, String, String)| {
        assert_eq!((status, saved.as_str()), (3, ""), "{what}: {said}");
        all += &format!("{what}\n{}\n", said.trim());
    };
    let login = Login::start();
    assert!(login.visit(&login.callback("code=sandbox-code-0001&state=another")).contains("Thank you"));
    tell("another state", login.end());
    let login = Login::start();
    login.visit(&login.callback("code=sandbox-code-0001"));
    tell("no state", login.end());
    let login = Login::start();
    let denied = login
        .callback(&format!("error=access_denied&error_description=The%20user%20said%20no&state={}", login.state()));
    assert!(login.visit(&denied).contains("Not connected"));
    tell("denied", login.end());
    let login = Login::start();
    let back = login.back(&format!("{}&lifetime=0", login.address)).replace("localhost", "127.0.0.1");
    login.visit(&back);
    tell("an expired code", login.end());
    snapshot("connect_failures", &all);
}

#[test]
fn a_busy_port_and_nobody_coming() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let elsewhere = connrun("connect --redirect-url nonsense").file("o.conn", OAUTH2).run();
    assert!(elsewhere.status == 2 && elsewhere.stderr.contains("is no address to come back to"), "{elsewhere}");
    let unsaved = connrun("connect -s nowhere/s.yaml").file("o.conn", OAUTH2).run();
    assert!(unsaved.status == 2 && unsaved.stderr.contains("there is no folder nowhere"), "{unsaved}");
    let arguments = |port: u16| {
        format!(
            "connect --no-browser --wait 0 --port {port} --set client_id=a --set client_secret=b --reroute http://127.0.0.1:9"
        )
    };
    let busy = connrun(&arguments(port)).file("o.conn", OAUTH2).stdin("\n\n").run();
    assert_eq!(busy.status, 2, "{busy}");
    let nobody = connrun(&arguments(free_port())).file("o.conn", OAUTH2).stdin("\n\n").run();
    assert_eq!(nobody.status, 3, "{nobody}");
    let report = |text: &str| text.split("usage::").last().unwrap().split("run::auth").last().unwrap().to_owned();
    let text = format!("{}\n{}", report(&busy.stderr).replace(&port.to_string(), "PORT"), report(&nobody.stderr));
    snapshot("connect_busy", &text);
}
