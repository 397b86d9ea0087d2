//! `connrun serve`, as a person and a client of its API see it: the real program, real servers, real signals.

use super::support::command::{connrun, snapshot};
use super::support::feed::{Feed, number};
use super::support::serving::{Serving, ask, folder};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const CONNECTOR: &str = "
{
  title: 'Feed',
  connection: { base_uri: ->(connection) { connection['url'] } },
  triggers: {
    new_entry: {
      input_fields: -> { [{ name: 'list', optional: true }] },
      poll: lambda do |_connection, _input, last|
        page = get('/entries').params(after: last || 0)
        { events: page['events'], next_poll: page['last'] }
      end,
      dedup: ->(event) { event['id'] }
    }
  },
  actions: {
    note: {
      input_fields: -> { [{ name: 'text' }] },
      execute: lambda do |_connection, input|
        error('not this one') if input['text'] == 'entry 2'
        get('/noted').params(text: input['text'])
      end
    },
    drone: {
      execute: lambda do |_connection, _input|
        1000.times { get('/noted').params(text: 'drone').presence; sleep(0.02) }
      end
    },
    approve: {
      execute: lambda do |_connection, _input, _eis, _eos, continue|
        suspend(continue: {}, expires_at: now + 3600) unless continue['said']
        get('/noted').params(text: continue['said'])
      end,
      before_suspend: ->(token, _expires_at, _continue) { get('/noted').params(text: token).presence },
      before_resume: ->(data, _input, continue) { continue['said'] = data['said'] }
    },
    alert: {
      input_fields: -> { [{ name: 'text' }] },
      execute: ->(_connection, input) { get('/noted').params(text: input['text']) }
    }
  },
  syncs: {
    entries: {
      primary_key: 'id',
      fetch: ->(_connection, _input, state) { { records: get('/entries').params(after: 0)['events'], state: { n: 1 } } }
    }
  }
}
";

/// Entries 1 to `available`, a new one for whoever has counted that up; what `/noted` was told is kept.
fn feed(available: &Arc<AtomicUsize>, noted: &Arc<std::sync::Mutex<Vec<String>>>) -> Feed {
    let (available, noted) = (Arc::clone(available), Arc::clone(noted));
    Feed::start(move |path| {
        if let Some((_, text)) = path.split_once("/noted?text=") {
            noted.lock().unwrap().push(text.to_owned());
            return Some("{}".to_owned());
        }
        let (after, last) = (number(path, "after")?, available.load(Ordering::SeqCst));
        let events: Vec<_> = (after + 1..=last).map(|id| format!("{{\"id\":{id}}}")).collect();
        Some(format!("{{\"events\":[{}],\"last\":{last}}}", events.join(",")))
    })
}

fn project(url: &str, rest: &str) -> String {
    format!("[accounts.acme]\nsettings = {{ url = '{url}' }}\n\n{rest}")
}

const POLL: &str = "[triggers.entries]\nconnector = 'feed.conn'\naccount = 'acme'\ntrigger = 'new_entry'\n";

#[test]
fn polls_go_on_over_restarts_and_changed_files() {
    let (available, noted) = (Arc::new(AtomicUsize::new(2)), Arc::default());
    let feed = feed(&available, &noted);
    let text = project(&feed.url(), &format!("{POLL}poll_interval = 0.05\n"));
    let folder = folder(&[("connrun.toml", &text), ("feed.conn", CONNECTOR)]);
    let mut serving = Serving::start(folder.path(), &[]);
    assert_eq!(
        serving.printed(2).iter().map(|line| line["event"]["id"].as_i64()).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
    serving.wait_for("2 new events");
    // A connector that is broken while it runs: the version before goes on.
    std::fs::write(folder.path().join("feed.conn"), "{ title: 'Feed',").unwrap();
    serving.wait_for("cannot run: the version before goes on");
    available.store(3, Ordering::SeqCst);
    assert_eq!(serving.printed(1)[0]["event"]["id"], 3);
    let renamed = CONNECTOR.replace("page['events']", "page['events'].map { |event| event.merge('new' => true) }");
    std::fs::write(folder.path().join("feed.conn"), renamed).unwrap();
    serving.wait_for("the new version runs");
    available.store(4, Ordering::SeqCst);
    assert_eq!(serving.printed(1)[0]["event"], serde_json::json!({ "id": 4, "new": true }));
    // So it is with the project.
    std::fs::write(folder.path().join("connrun.toml"), text.replace("poll_interval", "pol_interval")).unwrap();
    serving.wait_for("is wrong: what was before goes on");
    let other = text.replace("[triggers.entries]", "[triggers.others]");
    std::fs::write(folder.path().join("connrun.toml"), other).unwrap();
    serving.wait_for("has changed and was taken");
    assert_eq!(serving.get("/triggers/entries").0, 404);
    let (status, heard) = serving.stop();
    assert!(status == 0 && heard.ends_with("stopped"), "{status}: {heard}");
    available.store(5, Ordering::SeqCst);
    let serving = Serving::start(folder.path(), &[]);
    let again = serving.printed(1);
    assert_eq!((&again[0]["trigger"], &again[0]["event"]["id"]), (&"others".into(), &5.into()));
    assert_eq!(serving.stop().0, 0);
}

#[test]
fn actions_run_for_events_and_failures_are_told() {
    let (available, noted) = (Arc::new(AtomicUsize::new(3)), Arc::default());
    let feed = feed(&available, &noted);
    let action = "do = { action = 'note', map = { text = 'entry {{id}}' }, \
                  on_failure = { action = 'alert', map = { text = '{{trigger}} {{event.id}}' } } }\n";
    let text = project(&feed.url(), &format!("{POLL}poll_interval = 60\n{action}"));
    let folder = folder(&[("connrun.toml", &text), ("feed.conn", CONNECTOR)]);
    let mut serving = Serving::start(folder.path(), &[]);
    serving.wait_for("failed: ");
    let over = |runs: &serde_json::Value| {
        let runs = runs["runs"].as_array().unwrap();
        runs.len() == 4 && runs.iter().all(|run| run["finished_at"].is_string())
    };
    let runs = serving.until("/runs", over);
    let statuses: Vec<_> = runs["runs"].as_array().unwrap().iter().map(|run| run["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["succeeded", "failed", "succeeded", "succeeded"]);
    let mut told = noted.lock().unwrap().clone();
    told.sort();
    assert_eq!(told, ["entry+1", "entry+3", "new_entry+2"]);
    assert!(serving.is_silent(), "events with an action are not printed");
}

/// One job for that action, and what `/noted` hears.
fn one_job(action: &str) -> (Feed, tempfile::TempDir, Serving, Arc<std::sync::Mutex<Vec<String>>>) {
    let (available, noted) = (Arc::new(AtomicUsize::new(1)), Arc::default());
    let feed = feed(&available, &noted);
    let text = project(&feed.url(), &format!("{POLL}poll_interval = 60\ndo = {{ action = '{action}' }}\n"));
    let folder = folder(&[("connrun.toml", &text), ("feed.conn", CONNECTOR)]);
    let serving = Serving::start(folder.path(), &[]);
    (feed, folder, serving, noted)
}

fn is_first(runs: &serde_json::Value, status: &str) -> bool {
    runs["runs"][0]["status"] == status
}

#[test]
fn a_job_that_runs_is_cancelled() {
    for by_command in [false, true] {
        let (_feed, folder, serving, noted) = one_job("drone");
        let runs = serving.until("/runs", |runs| is_first(runs, "running") && !noted.lock().unwrap().is_empty());
        let id = runs["runs"][0]["id"].as_str().unwrap();
        if by_command {
            let told = connrun(&format!("runs cancel {id}")).run_in(folder.path());
            assert!(told.stdout.contains("runs: it ends before its next request"), "{told}");
        } else {
            assert_eq!(serving.post(&format!("/runs/{id}/cancel")).0, 202);
        }
        let runs = serving.until("/runs", |runs| is_first(runs, "cancelled"));
        let error = runs["runs"][0]["error"].as_str().unwrap();
        assert!(error.starts_with("cancelled while it ran") && noted.lock().unwrap().len() < 1000, "{error}");
        assert_eq!(serving.post(&format!("/runs/{id}/cancel")).0, 409);
        assert_eq!(serving.post("/runs/nothing-1/cancel").0, 404);
    }
}

#[test]
fn a_suspended_job_waits_over_a_restart_for_who_has_its_token() {
    let (_feed, folder, serving, noted) = one_job("approve");
    let runs = serving.until("/runs", |runs| is_first(runs, "waiting"));
    let token = noted.lock().unwrap()[0].clone();
    assert_eq!(runs["runs"][0]["resume_token"], token.as_str());
    assert_eq!(serving.stop().0, 0);
    let serving = Serving::start(folder.path(), &[]);
    let say = |token: &str, body: &[u8]| serving.ask("POST", &format!("/resume/{token}"), &[], body).0;
    assert_eq!(say(&token, b"{ no JSON"), 400);
    assert_eq!(say(&token.replace(".1.", ".2."), b"{}"), 404);
    assert_eq!(say(&token, b"{\"said\": \"yes\"}"), 202);
    assert_eq!(say(&token, b"{\"said\": \"no\"}"), 404);
    serving.until("/runs", |runs| is_first(runs, "succeeded"));
    assert_eq!(noted.lock().unwrap()[1..], ["yes"]);
}

#[test]
fn a_rate_limit_holds_for_all_jobs_of_a_connection() {
    let arrived: Arc<std::sync::Mutex<Vec<std::time::Instant>>> = Arc::default();
    let times = Arc::clone(&arrived);
    let feed = Feed::start(move |path| {
        if path.starts_with("/noted") {
            times.lock().unwrap().push(std::time::Instant::now());
            return Some("{}".to_owned());
        }
        Some("{\"events\":[{\"id\":1},{\"id\":3}],\"last\":3}".to_owned())
    });
    let connector = CONNECTOR.replace("connection: {", "connection: { rate_limit: { requests: 10, per: 1 },");
    let part = |name: &str, list: u32| {
        let poll = POLL.replace("[triggers.entries]", &format!("[triggers.{name}]"));
        format!("{poll}input = {{ list = '{list}' }}\ndo = {{ action = 'note', map = {{ text = 'x' }} }}\n\n")
    };
    let text = project(&feed.url(), &[part("a", 1), part("b", 2), part("c", 3)].concat());
    let folder = folder(&[("connrun.toml", &text), ("feed.conn", &connector)]);
    let serving = Serving::start(folder.path(), &[]);
    let over = |runs: &serde_json::Value| {
        let runs = runs["runs"].as_array().unwrap();
        runs.len() == 6 && runs.iter().all(|run| run["status"] == "succeeded")
    };
    serving.until("/runs", over);
    let arrived = arrived.lock().unwrap();
    let took = arrived[5] - arrived[0];
    assert!(took >= std::time::Duration::from_millis(450), "6 requests, 100 ms apart, came within {took:?}");
}

#[test]
fn a_notification_that_failed_is_sent_again() {
    let (available, noted) = (Arc::new(AtomicUsize::new(2)), Arc::default());
    let feed = feed(&available, &noted);
    let action = "do = { action = 'note', map = { text = 'entry {{id}}' }, \
                  on_failure = { action = 'note', map = { text = 'entry {{event.id}}' } } }\n";
    let text = project(&feed.url(), &format!("{POLL}poll_interval = 60\n{action}"));
    let folder = folder(&[("connrun.toml", &text), ("feed.conn", CONNECTOR)]);
    let serving = Serving::start(folder.path(), &[]);
    let both = |runs: &serde_json::Value| {
        runs["runs"].as_array().unwrap().iter().filter(|run| run["status"] == "failed").count() == 2
    };
    serving.until("/runs", both);
    assert_eq!(serving.stop().0, 0);
    let told = connrun("runs list --notifications --status failed --json").run_in(folder.path()).stdout;
    assert!(told.lines().count() == 1 && told.contains("\"dedup\":\"failure:"), "{told}");
    // What is wrong with the action is mended, and the notification goes out.
    std::fs::write(folder.path().join("feed.conn"), CONNECTOR.replace("error('not this one')", "nil")).unwrap();
    let again = connrun("runs replay --notifications").run_in(folder.path());
    assert_eq!(again.stdout, "1 notification queued again\n");
    let serving = Serving::start(folder.path(), &[]);
    serving.until("/runs?status=succeeded", |runs| runs["runs"].as_array().unwrap().len() == 2);
    assert_eq!(noted.lock().unwrap().iter().filter(|text| *text == "entry+2").count(), 1);
}

#[test]
fn the_api_answers() {
    let (available, noted) = (Arc::new(AtomicUsize::new(1)), Arc::default());
    let feed = feed(&available, &noted);
    let sync = "[syncs.copy]\nconnector = 'feed.conn'\naccount = 'acme'\nsync = 'entries'\nschedule = '0 2 * * *'\n\
                timezone = 'Europe/Berlin'\nsink = { jsonl = 'entries.jsonl' }\n";
    let text = project(&feed.url(), &format!("{POLL}poll_interval = 3600\n\n{sync}"));
    let folder = folder(&[("connrun.toml", &text), ("feed.conn", CONNECTOR)]);
    let mut serving = Serving::start(folder.path(), &[]);
    serving.wait_for("1 new event");
    available.store(2, Ordering::SeqCst);
    assert_eq!(serving.post("/triggers/entries/run").0, 202);
    serving.wait_for("1 new event");
    assert_eq!(serving.post("/syncs/copy/run").0, 202);
    serving.wait_for("2 records in 1 chunk");
    assert_eq!(std::fs::read_to_string(folder.path().join("entries.jsonl")).unwrap(), "{\"id\":1}\n{\"id\":2}\n");
    assert_eq!(serving.post("/triggers/entries/pause").0, 202);
    let mut said = String::new();
    for (method, path) in [
        ("GET", "/health"),
        ("POST", "/triggers/entries/run"),
        ("GET", "/triggers"),
        ("GET", "/syncs/copy"),
        ("GET", "/runs?trigger=entries&last=1"),
        ("GET", "/triggers/entires"),
        ("GET", "/runs?status=done"),
        ("GET", "/runs?last=0"),
        ("GET", "/helth"),
        ("GET", "/triggers/entries/pause"),
        ("GET", "/webhooks/triggers/entries"),
    ] {
        let (status, answer) = serving.ask(method, path, &[], b"");
        said.push_str(&format!("{method} {path} → {status}\n{answer:#}\n\n"));
    }
    let (_, metrics) = serving.get("/metrics");
    said.push_str(metrics.as_str().unwrap());
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ", "TIME");
    settings.add_filter("[0-9a-f]{8}-([0-9]+)", "job-$1");
    settings.add_filter(r#""seconds": [0-9.e-]+"#, "\"seconds\": N");
    settings.add_filter(r#""up": "\d+ seconds?""#, "\"up\": \"N seconds\"");
    settings.add_filter(r"(up_seconds|milliseconds\{[^}]*\}) \d+", "$1 N");
    settings.bind(|| snapshot("serve_api", &said));
    // A pause outlives the process.
    assert_eq!(serving.stop().0, 0);
    let serving = Serving::start(folder.path(), &[]);
    assert_eq!(serving.get("/triggers/entries").1["status"], "paused");
    let (_, described) = serving.get("/openapi.json");
    let documented: Vec<_> = described["paths"].as_object().unwrap().keys().collect();
    assert_eq!(documented.len(), connrun::server::ROUTES.len());
}

#[test]
fn who_may_ask() {
    let text = "[server]\ntoken = 'env:CONNRUN_TEST_TOKEN'\nmax_body = 1000\n";
    let guarded = folder(&[("connrun.toml", text)]);
    let serving = Serving::start_with(guarded.path(), &[], &[("CONNRUN_TEST_TOKEN", "s3cret")]);
    let status = |path: &str, headers: &[(&str, &str)]| serving.ask("GET", path, headers, b"").0;
    assert_eq!(status("/health", &[]), 200);
    assert_eq!(status("/triggers", &[]), 401);
    assert_eq!(status("/triggers", &[("Authorization", "Bearer other")]), 401);
    assert_eq!(status("/triggers", &[("Authorization", "Bearer s3cret")]), 200);
    assert_eq!(status("/triggers", &[("authorization", "bearer s3cret"), ("Host", "elsewhere.example")]), 200);
    assert_eq!(serving.ask("POST", "/webhooks/triggers/x", &[], &[b'x'; 1001]).0, 413);
    let (status, heard) = serving.stop();
    assert!(status == 0 && !heard.contains("s3cret"), "{heard}");

    let open = folder(&[("connrun.toml", "")]);
    let serving = Serving::start(open.path(), &[]);
    let port = serving.url.rsplit(':').next().unwrap().to_owned();
    for (headers, expected) in [
        (vec![], 200),
        (vec![("Host", format!("localhost:{port}"))], 200),
        (vec![("Host", "rebound.example".to_owned())], 403),
        (vec![("Origin", "https://elsewhere.example".to_owned())], 403),
        (vec![("Origin", serving.url.clone())], 200),
    ] {
        let given: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(ask(&serving.url, "GET", "/triggers", &given, b"").0, expected, "{given:?}");
    }
}

#[test]
fn what_cannot_be_served_is_said() {
    let texts = [
        connrun("serve").shown("connrun.toml", "[server]\nlisten = '0.0.0.0:8080'\n").transcript(),
        connrun("serve").shown("connrun.toml", "[server]\npublic_url = 'https://hooks.example.com'\n").transcript(),
        connrun("serve").shown("connrun.toml", "[server]\nlisten = 'nowhere'\n").transcript(),
        connrun("serve").shown("connrun.toml", "[server]\ntoken = 'env:CONNRUN_TEST_NO_SUCH'\n").transcript(),
        connrun("serve --check")
            .file("feed.conn", CONNECTOR.replace("new_entry: {", "new_entry: { schedule: '0 25 * * *',"))
            .shown(
                "connrun.toml",
                "[accounts.acme]\nsettings = { url = 'env:CONNRUN_TEST_NO_SUCH' }\n\n\
                 [triggers.entries]\nconnector = 'feed.conn'\naccount = 'acme'\ntrigger = 'new_entry'\n",
            )
            .transcript(),
    ];
    snapshot("serve_refused", &texts.join("\n"));
}

#[test]
fn a_setting_that_is_missing_is_named_as_the_project_writes_it() {
    let sandbox = connrun::sandbox::Sandbox::start(0).unwrap();
    let connector = "{ title: 'K', connection: { fields: [{ name: 'key', optional: false }], \
                     base_uri: ->(connection) { connection['url'] } }, \
                     triggers: { new_entry: { poll: -> { { events: get('/v1/customers.json')['customers'] } } } } }";
    let folder = folder(&[("connrun.toml", &project(&sandbox.url(), POLL)), ("feed.conn", connector)]);
    let mut serving = Serving::start(folder.path(), &[]);
    serving.wait_for("`settings = { key = \"…\" }` of its");
}

#[test]
fn a_signal_lets_the_page_end_and_no_other_begin() {
    use std::sync::mpsc::channel;
    let (arrived, wait_for_arrival) = channel();
    let (let_go, released) = channel::<()>();
    let (arrived, released) = (std::sync::Mutex::new(arrived), std::sync::Mutex::new(released));
    let feed = Feed::start(move |path| {
        arrived.lock().unwrap().send(path.to_owned()).unwrap();
        released.lock().unwrap().recv().ok()?;
        Some("{\"events\":[{\"id\":1}],\"last\":1,\"can_poll_more\":true}".to_owned())
    });
    let connector = CONNECTOR.replace("next_poll: page['last'] }", "next_poll: page['last'], can_poll_more: true }");
    let text = project(&feed.url(), POLL);
    let folder = folder(&[("connrun.toml", &text), ("feed.conn", &connector)]);
    let mut serving = Serving::start(folder.path(), &[]);
    wait_for_arrival.recv().unwrap();
    serving.signal("TERM");
    serving.wait_for("stopping");
    let_go.send(()).unwrap();
    serving.wait_for("1 new event");
    assert_eq!(serving.printed(1)[0]["event"]["id"], 1);
    serving.wait_for("stopped");
    assert_eq!(serving.ended(), 0);
    assert!(wait_for_arrival.try_recv().is_err(), "no page is asked for any more");
}
