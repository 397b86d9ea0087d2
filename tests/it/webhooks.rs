//! Webhooks: subscribed, kept before they are answered, made into events once; with a real service on loopback.

use super::support::command::snapshot;
use super::support::feed::Feed;
use super::support::serving::{Serving, ask, folder};
use connrun::sandbox::Sandbox;
use std::sync::{Arc, Mutex};

const CONNECTOR: &str = "
{
  title: 'Service',
  connection: { base_uri: ->(connection) { connection['url'] } },
  webhook_keys: ->(params, headers, payload) { [payload['team'], headers['X-Team']] },
  triggers: {
    told: {
      input_fields: -> { [{ name: 'topic' }] },
      webhook_subscribe: ->(url, _connection, input, _recipe) { get('/subscribe').params(url: url, topic: input['topic']) },
      webhook_unsubscribe: ->(subscription) { get('/unsubscribe').params(id: subscription['id']) },
      webhook_notification: lambda do |input, payload, _eis, _eos, headers, params, _connection, subscription|
        raise 'not this one' if payload['bad']
        (payload['events'] || []).map do |event|
          event.merge('topic' => input['topic'], 'by' => headers['X-By'], 'page' => params['page'], 'sub' => subscription['id'])
        end
      end,
      webhook_response_type: 'json',
      webhook_response_body: '{\"challenge\": \"{{body.challenge}}{{query.challenge}}\"}',
      webhook_response_headers: '{\"x-by\": \"{{headers.X-By}}\", \"set-cookie\": \"no\"}',
      webhook_response_status: 202,
      dedup: ->(event) { event['id'] }
    },
    short: {
      webhook_subscribe: ->(url) { [get('/subscribe').params(url: url, topic: 'short'), Time.now + 1] },
      webhook_refresh: ->(subscription) { [get('/refresh').params(id: subscription['id']), Time.now + 3600] },
      webhook_unsubscribe: ->(subscription) { get('/unsubscribe').params(id: subscription['id']) },
      webhook_notification: ->(_input, payload) { payload },
      webhook_payload_type: 'raw'
    },
    team: {
      input_fields: -> { [{ name: 'team' }] },
      webhook_key: ->(_connection, input) { input['team'] },
      webhook_notification: ->(_input, payload) { { id: payload['id'] } },
      dedup: ->(event) { event['id'] }
    },
    looked_up: {
      webhook_subscribe: ->(url) { get('/subscribe').params(url: url, topic: 'looked_up') },
      poll: ->(_connection, _input, last) { get('/entries').params(after: last || 0) },
      dedup: ->(event) { event['id'] }
    }
  }
}
";

/// What the service was asked, and the numbers of its entries.
#[derive(Clone, Default)]
struct Service {
    asked: Arc<Mutex<Vec<String>>>,
    entries: Arc<Mutex<usize>>,
}

impl Service {
    fn start(&self) -> String {
        let service = self.clone();
        let feed = Feed::start(move |path| {
            let known = path.split('?').next().unwrap_or_default();
            if known == "/entries" {
                let last = *service.entries.lock().unwrap();
                return Some(format!("{{\"events\":[{{\"id\":{last}}}],\"next_poll\":{last}}}"));
            }
            let mut asked = service.asked.lock().unwrap();
            // The port is another one in every run.
            let port = path.find("127.0.0.1").map(|at| path[at..].split("%2F").next().unwrap().to_owned());
            asked.push(port.map_or(path.to_owned(), |port| path.replace(&port, "HOST")));
            Some(format!("{{\"id\":{}}}", asked.len()))
        });
        feed.url()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn project(url: &str, triggers: &str) -> String {
    format!("[accounts.acme]\nsettings = {{ url = '{url}' }}\n\n{triggers}")
}

fn trigger(name: &str, trigger: &str, more: &str) -> String {
    format!("[triggers.{name}]\nconnector = 'service.conn'\naccount = 'acme'\ntrigger = '{trigger}'\n{more}\n")
}

#[test]
fn notifications_become_events_once() {
    let service = Service::default();
    let url = service.start();
    let text = project(&url, &trigger("new", "told", "input = { topic = 'a b' }"));
    let folder = folder(&[("connrun.toml", &text), ("service.conn", CONNECTOR)]);
    let mut serving = Serving::start(folder.path(), &[]);
    serving.wait_for("subscribed");
    let path = "/webhooks/triggers/new";
    let post =
        |headers: &[(&str, &str)], path: &str, body: &str| ask(&serving.url, "POST", path, headers, body.as_bytes());
    let json = ("Content-Type", "application/json");
    let (status, head, body) = post(
        &[json, ("x-by", "me")],
        &format!("{path}?page=2"),
        r#"{"events":[{"id":1},{"id":2}],"challenge":"say \"hi\""}"#,
    );
    assert_eq!((status, String::from_utf8(body).unwrap().as_str()), (202, r#"{"challenge": "say \"hi\""}"#));
    assert!(head.contains("x-by: me") && head.contains("application/json") && !head.contains("cookie"), "{head}");
    let events: Vec<_> = serving.printed(2).into_iter().map(|line| line["event"].to_string()).collect();
    assert_eq!(
        events,
        [
            r#"{"id":1,"topic":"a b","by":"me","page":"2","sub":1}"#,
            r#"{"id":2,"topic":"a b","by":"me","page":"2","sub":1}"#
        ]
    );
    // A repeated message brings nothing but what is new in it; a form and a text without a type are read, too.
    post(&[json], path, r#"{"events":[{"id":2},{"id":3}]}"#);
    post(&[("Content-Type", "application/x-www-form-urlencoded")], path, "events=");
    post(&[], path, r#"{"events":[{"id":4}]}"#);
    let ids: Vec<_> = serving.printed(2).into_iter().map(|line| line["event"]["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [3, 4]);
    // Verifying an address brings no event.
    let (status, _, body) = ask(&serving.url, "GET", &format!("{path}?challenge=42"), &[], b"");
    assert_eq!((status, body.as_slice()), (202, br#"{"challenge": "42"}"#.as_slice()));
    assert_eq!(post(&[json], path, "{\"events\":").0, 400);
    assert_eq!(post(&[json], path, "{\"bad\": true}").0, 202);
    serving.wait_for("a notification failed and is tried again: RuntimeError: not this one");
    assert_eq!(service.asked(), ["/subscribe?topic=a+b&url=http%3A%2F%2FHOST%2Fwebhooks%2Ftriggers%2Fnew"]);
    assert!(serving.is_silent());
}

#[test]
fn what_was_answered_survives_a_kill() {
    let service = Service::default();
    let url = service.start();
    let text = project(&url, &trigger("new", "told", "input = { topic = 'a' }"));
    let folder = folder(&[("connrun.toml", &text), ("service.conn", CONNECTOR)]);
    let mut serving = Serving::start(folder.path(), &[]);
    serving.wait_for("subscribed");
    let listen = serving.url.trim_start_matches("http://").to_owned();
    // Nobody deals with what a paused trigger is told.
    assert_eq!(serving.post("/triggers/new/pause").0, 202);
    for id in 1..=20 {
        let body = format!("{{\"events\":[{{\"id\":{id}}}]}}");
        assert_eq!(serving.ask("POST", "/webhooks/triggers/new", &[], body.as_bytes()).0, 202);
    }
    serving.kill();
    let serving = Serving::start(folder.path(), &["--listen", &listen]);
    assert_eq!(serving.post("/triggers/new/resume").0, 202);
    let ids: Vec<_> = serving.printed(20).into_iter().map(|line| line["event"]["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, (1..=20).collect::<Vec<i64>>());
    serving.until("/triggers/new", |trigger| trigger["status"] == "idle");
    assert!(serving.is_silent());
    // The address is the same, so it is subscribed still.
    assert_eq!(service.asked().len(), 1);
    assert_eq!(serving.stop().0, 0);
}

#[test]
fn subscriptions_are_refreshed_moved_and_taken_back() {
    let service = Service::default();
    let url = service.start();
    let text = project(&url, &trigger("short", "short", ""));
    let folder = folder(&[("connrun.toml", &text), ("service.conn", CONNECTOR)]);
    let mut serving = Serving::start(folder.path(), &[]);
    serving.wait_for("refreshed its subscription until");
    assert_eq!(serving.stop().0, 0);
    // Under another address it is subscribed there, and no longer here.
    let moved = text + "[server]\npublic_url = 'http://localhost:9'\n";
    std::fs::write(folder.path().join("connrun.toml"), &moved).unwrap();
    let mut serving = Serving::start(folder.path(), &[]);
    serving.wait_for("subscribed at its new address");
    serving.wait_for("refreshed its subscription until");
    std::fs::write(folder.path().join("connrun.toml"), project(&url, "")).unwrap();
    serving.wait_for("left the project: its subscription was taken back");
    assert_eq!(serving.get("/triggers").1["triggers"].as_array().map(Vec::len), Some(0));
    assert_eq!(
        service.asked(),
        [
            "/subscribe?topic=short&url=http%3A%2F%2FHOST%2Fwebhooks%2Ftriggers%2Fshort",
            "/refresh?id=1",
            "/unsubscribe?id=2",
            "/subscribe?topic=short&url=http%3A%2F%2Flocalhost%3A9%2Fwebhooks%2Ftriggers%2Fshort",
            "/refresh?id=4",
            "/unsubscribe?id=5",
        ]
    );
}

#[test]
fn triggers_share_an_address_by_their_keys() {
    let service = Service::default();
    let url = service.start();
    let red = trigger("red", "team", "input = { team = 'r' }");
    let blue = trigger("blue", "team", "input = { team = 'b' }");
    let text = project(&url, &(red + &blue)) + "[server]\ntoken = 's3cret'\n";
    let folder = folder(&[("connrun.toml", &text), ("service.conn", CONNECTOR)]);
    let serving = Serving::start(folder.path(), &[]);
    let token = [("Authorization", "Bearer s3cret")];
    let (_, trigger) = serving.ask("GET", "/triggers/red", &token, b"");
    let address = trigger["webhook_url"].as_str().unwrap().to_owned();
    let path = address.strip_prefix(&serving.url).unwrap();
    assert!(
        path.starts_with("/webhooks/connectors/service/") && path.len() == "/webhooks/connectors/service/".len() + 32
    );
    // The key belongs to the address: without it, or with another, nothing is there.
    for wrong in ["/webhooks/connectors/service", "/webhooks/connectors/service/abc", "/webhooks/triggers/red"] {
        assert_eq!(serving.ask("POST", wrong, &[], b"{}").0, 404, "{wrong}");
    }
    for (team, headers, id) in [
        ("r", vec![], 1),
        ("b", vec![], 2),
        ("x", vec![("x-team", "r")], 3),
        ("x", vec![], 4),
        ("b", vec![("x-team", "r")], 5),
    ] {
        let body = format!("{{\"team\":\"{team}\",\"id\":{id}}}");
        assert_eq!(serving.ask("POST", path, &headers, body.as_bytes()).0, 200);
    }
    let mut events: Vec<_> =
        serving.printed(5).iter().map(|line| format!("{}{}", line["trigger"], line["event"]["id"])).collect();
    events.sort();
    assert_eq!(events, ["\"blue\"2", "\"blue\"5", "\"red\"1", "\"red\"3", "\"red\"5"]);
}

#[test]
fn a_webhook_sets_off_a_poll() {
    let service = Service::default();
    let url = service.start();
    *service.entries.lock().unwrap() = 1;
    let text = project(&url, &trigger("both", "looked_up", ""));
    let folder = folder(&[("connrun.toml", &text), ("service.conn", CONNECTOR)]);
    let mut serving = Serving::start(folder.path(), &[]);
    assert_eq!(serving.printed(1)[0]["event"]["id"], 1);
    serving.wait_for("1 new event");
    *service.entries.lock().unwrap() = 2;
    assert_eq!(serving.ask("POST", "/webhooks/triggers/both", &[], b"whatever").0, 200);
    assert_eq!(serving.printed(1)[0]["event"]["id"], 2);
    assert_eq!(serving.stop().0, 0);
    // What was said while nobody listened is looked up.
    *service.entries.lock().unwrap() = 3;
    let serving = Serving::start(folder.path(), &[]);
    assert_eq!(serving.printed(1)[0]["event"]["id"], 3);
}

#[test]
fn the_gallerys_connector_hears_of_the_sandboxs_customers() {
    let sandbox = Sandbox::start(0).unwrap();
    let connector = include_str!("../../connectors/webhooks.conn");
    let text = "[triggers.customers]\nconnector = 'webhooks.conn'\ntrigger = 'customer_event'\ninput = { event = 'created' }\n";
    let folder = folder(&[("connrun.toml", text), ("webhooks.conn", connector)]);
    let mut serving = Serving::start(folder.path(), &["--reroute", &sandbox.url()]);
    serving.wait_for("subscribed");
    let forged = [("X-Sandbox-Signature", "sha256=00")];
    assert_eq!(serving.ask("POST", "/webhooks/triggers/customers", &forged, b"{}").0, 200);
    let create = |name: &str| {
        let body = format!("{{\"name\":\"{name}\"}}");
        let json = [("Content-Type", "application/json")];
        ask(&sandbox.url(), "POST", "/v1/customers.json?api_token=x", &json, body.as_bytes()).0
    };
    assert_eq!(create("Ada"), 201);
    let event = serving.printed(1).remove(0);
    snapshot("webhooks_gallery", &format!("{:#}\n", event["event"]));
    serving.until("/triggers/customers", |kept| kept["events"] == 1 && kept["webhooks"] == 2);
}
