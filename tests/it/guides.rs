//! The two triggers of the platform's guides, ten polls each, against an API whose data changes in between: exactly the
//! expected events.

use super::support::command::connrun;
use super::support::feed::{Feed, number};
use super::support::random::Random;
use connrun::sandbox::Sandbox;
use serde_json::{Value as Json, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const CYCLES: usize = 10;

/// Sends a request to the demo API.
fn send(url: &str, method: &str, path: &str, body: &Json) {
    let (address, body) = (url.strip_prefix("http://").unwrap(), body.to_string());
    let mut socket = TcpStream::connect(address).unwrap();
    let head = format!(
        "{method} {path}?api_token=x HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{method} {path}: {answer}");
}

/// One poll: the ids of the events that it printed.
fn poll(folder: &Path, url: &str, trigger: &str) -> Vec<u64> {
    let connector = concat!(env!("CARGO_MANIFEST_DIR"), "/connectors/customers.conn");
    let run = connrun("trigger").arg(trigger).arg("-c").arg(connector).arg("--reroute").arg(url);
    let run = run.arg("--set").arg("api_token=x").arg("-i").arg(r#"{"created_since":"2017-01-03T12:00:00Z"}"#);
    let printed = run.run_in(folder);
    assert_eq!(printed.status, 0, "{printed}");
    let event = |line: &str| serde_json::from_str::<Json>(line).unwrap()["event"]["id"].as_u64().unwrap();
    printed.stdout.lines().map(event).collect()
}

/// New customers (more than a page of them at times), changed ones, deleted ones: what is new comes once, oldest first.
fn fires_for_new_customers(trigger: &str) {
    let (folder, sandbox) = (TempDir::new().unwrap(), Sandbox::start(0).unwrap());
    let url = sandbox.url();
    // The first of them was created at 12:00:06, as the sandbox makes them.
    let first = poll(folder.path(), &url, trigger);
    assert_eq!(first, (1671..2000).collect::<Vec<u64>>());
    let mut next = 2000;
    for cycle in 0..CYCLES as u64 {
        let new = [0, 1, 3, 120][cycle as usize % 4];
        for id in next..next + new {
            send(&url, "POST", "/v1/customers.json", &json!({ "name": format!("Customer {id}") }));
        }
        send(&url, "PUT", &format!("/v1/customers/{}.json", 1700 + cycle), &json!({ "name": "Changed" }));
        send(&url, "DELETE", &format!("/v1/customers/{}.json", 1999 - cycle), &Json::Null);
        let fired = poll(folder.path(), &url, trigger);
        assert_eq!(fired, (next..next + new).collect::<Vec<u64>>(), "cycle {cycle}");
        next += new;
    }
}

#[test]
fn the_ascending_trigger_fires_once_for_each_new_customer() {
    fires_for_new_customers("new_customer_ascending");
}

#[test]
fn the_descending_trigger_fires_once_for_each_new_customer() {
    fires_for_new_customers("new_customer_descending");
}

const CHANGES: &str = "
{
  title: 'Changes',
  connection: { fields: [{ name: 'url' }], base_uri: lambda { |connection| connection['url'] } },
  triggers: {
    changed: {
      type: :paging_desc,
      poll: lambda do |_connection, _input, page|
        page ||= 1
        { events: get('/changes').params(page: page)['events'], next_page: page + 1 }
      end,
      sort_by: lambda { |event| event['at'] }
    }
  }
}
";

/// Records are added and changed, neighbours come out of order, and an API without a last page starts over at the first.
#[test]
fn every_change_fires_once_in_order_whatever_the_pages_look_like() {
    const PAGE: usize = 7;
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("changes.conn"), CHANGES).unwrap();
    // Records by id: when each was changed last; and from which time on the next poll has seen nothing.
    let records: Arc<Mutex<(Vec<u64>, u64)>> = Arc::default();
    let shown = Arc::clone(&records);
    let feed = Feed::start(move |path| {
        let (records, mark) = shown.lock().unwrap().clone();
        let mut newest: Vec<(usize, u64)> = records.into_iter().enumerate().collect();
        newest.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
        let fresh = newest.iter().filter(|(_, at)| *at >= mark).count();
        newest[..fresh].chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
        let pages = newest.len().div_ceil(PAGE);
        let page = (number(path, "page").unwrap() - 1) % pages;
        let events = newest.chunks(PAGE).nth(page).unwrap().iter().map(|(id, at)| json!({ "id": id, "at": at }));
        Some(json!({ "events": events.collect::<Vec<_>>() }).to_string())
    });
    let (mut random, mut clock) = (Random::new(7), 0_u64);
    for cycle in 0..CYCLES {
        let mut expected = Vec::new();
        {
            let mut records = records.lock().unwrap();
            records.1 = clock + 1;
            for _ in 0..random.below(20) + usize::from(cycle == 0) {
                clock += 1;
                records.0.push(clock);
            }
            for _ in 0..random.below(6) {
                clock += 1;
                let known = records.0.len();
                records.0[random.below(known)] = clock;
            }
            let mark = records.1;
            let mut changed: Vec<(usize, u64)> =
                records.0.iter().copied().enumerate().filter(|(_, at)| *at >= mark).collect();
            changed.sort_by_key(|(_, at)| *at);
            expected.extend(changed.into_iter().map(|(id, at)| (id as u64, at)));
        }
        let run = connrun("trigger changed -c changes.conn --set").arg(&format!("url={}", feed.url()));
        let printed = run.run_in(folder.path());
        let fired: Vec<(u64, u64)> = printed
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<Json>(line).unwrap()["event"].clone())
            .map(|event| (event["id"].as_u64().unwrap(), event["at"].as_u64().unwrap()))
            .collect();
        assert_eq!(fired, expected, "cycle {cycle}: {printed}");
    }
}
