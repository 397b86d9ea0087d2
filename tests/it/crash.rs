//! Pollers that are killed at any instant, also inside a commit: afterwards every event is exactly one job, in order.
//!
//! A short run is part of the tests. The long one:
//! `CONNRUN_CRASHES=200 CONNRUN_EVENTS=2000 cargo test --test it crash:: -- --test-threads 1`.

use super::support::feed::{Feed, number};
use super::support::serving::Serving;
use serde_json::Value as Json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

const CONNECTOR: &str = r"
{
  title: 'Feed',
  connection: { fields: [{ name: 'url' }], base_uri: lambda { |connection| connection['url'] } },
  triggers: {
    told: {
      webhook_subscribe: ->(_url) { { id: 1 } },
      webhook_notification: ->(_input, payload) { payload['events'] },
      dedup: ->(event) { event['id'] }
    },
    ascending: {
      poll: lambda do |_connection, _input, last|
        last ||= 0
        page = get('/ascending').params(after: last)
        { events: page['events'], next_poll: page['last'], can_poll_more: page['more'] }
      end,
      dedup: lambda { |event| event['id'] }
    },
    descending: {
      type: :paging_desc,
      poll: lambda do |_connection, _input, page|
        page ||= 0
        answer = get('/descending').params(page: page)
        { events: answer['events'], next_page: answer['more'] ? page + 1 : nil }
      end,
      document_id: lambda { |event| event['id'] },
      sort_by: lambda { |event| event['at'] }
    }
  },
  syncs: {
    dated: {
      primary_key: 'id',
      backfill: { from: '2024-01-01', window: '1h' },
      fetch: lambda do |_connection, input, state|
        first = (input['from'] - '2024-01-01T00:00:00Z'.to_time).to_i / 60 + 1
        ids = ((state || first)...[(state || first) + 20, first + 60].min).to_a
        get('/dated').params(page: 0).presence
        { records: ids.map { |id| { id: id } }, state: ids.last + 1, has_more: ids.last + 1 < first + 60 }
      end
    },
    records: {
      primary_key: 'id',
      fetch: lambda do |_connection, _input, state|
        page = get('/records').params(after: state || 0)
        { records: page['events'], state: page['last'], has_more: page['more'] }
      end
    }
  }
}
";

/// Events of a page, and how many of them are on the page before as well.
const PAGE: usize = 20;
const OVERLAP: usize = 5;

fn environment(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Publishes a few more events at each question, so that pages shift while they are read; and counts the questions.
fn feed(total: usize) -> (Feed, Arc<AtomicUsize>) {
    let (published, asked) = (Mutex::new(0), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&asked);
    let feed = Feed::start(move |path| {
        count.fetch_add(1, Ordering::SeqCst);
        let there = {
            let mut published = published.lock().unwrap();
            *published = (*published + 7).min(total);
            *published
        };
        let event = |id: usize| format!("{{\"id\":{id},\"at\":{}}}", id / 3);
        let (events, last, more): (Vec<String>, usize, bool) = if path.starts_with("/records") {
            let from = number(path, "after").unwrap();
            let to = (from + PAGE).min(there);
            ((from + 1..=to).map(event).collect(), to, to < total)
        } else if path.starts_with("/ascending") {
            let from = number(path, "after").unwrap().saturating_sub(OVERLAP);
            let to = (from + PAGE).min(there);
            ((from + 1..=to).map(event).collect(), to, to < there)
        } else {
            let newest = there.saturating_sub(number(path, "page").unwrap() * (PAGE - OVERLAP));
            let oldest = newest.saturating_sub(PAGE);
            ((oldest + 1..=newest).rev().map(event).collect(), 0, oldest > 0)
        };
        Some(format!("{{\"events\":[{}],\"last\":{last},\"more\":{more}}}", events.join(",")))
    });
    (feed, asked)
}

/// A process in that folder.
fn start(folder: &Path, url: &str, command: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(command.split(' '))
        .args(["-c", "feed.conn", "--set", &format!("url={url}")])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn listed(folder: &Path) -> Vec<Json> {
    let output = Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(["runs", "list", "--json"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Starts a command again and again, and kills each process some answers later, at any instant of what follows an
/// answer: reading it, committing it, asking again. Returns the folder and the feed.
fn killed(command: &str, total: usize) -> (TempDir, Feed) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("feed.conn"), CONNECTOR).unwrap();
    let (feed, asked) = feed(total);
    let mut chance = 11_u64;
    for _ in 0..environment("CONNRUN_CRASHES", 20) {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let questions = asked.load(Ordering::SeqCst) + 1 + (chance >> 60) as usize % 4;
        let mut process = start(folder.path(), &feed.url(), command);
        while asked.load(Ordering::SeqCst) < questions && process.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros((chance >> 33) % 20_000));
        process.kill().unwrap();
        process.wait().unwrap();
    }
    (folder, feed)
}

/// Kills pollers of a trigger, lets the last one finish, and looks at the jobs.
fn survives(trigger: &str) {
    let total = environment("CONNRUN_EVENTS", 600);
    let (folder, feed) = killed(&format!("trigger {trigger} --follow --interval 0"), total);
    let before = listed(folder.path()).len();
    assert!(before > 0 && before <= total, "the killed ones have committed something: {before}");
    // What is published grows with every question: polls until all of it is there.
    let mut jobs = Vec::new();
    for _ in 0..total {
        assert!(start(folder.path(), &feed.url(), &format!("trigger {trigger}")).wait().unwrap().success());
        jobs = listed(folder.path());
        if jobs.len() >= total {
            break;
        }
    }
    let ids: Vec<u64> = jobs.iter().map(|job| job["event"]["id"].as_u64().unwrap()).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=total as u64).collect::<Vec<_>>(), "every event exactly one job");
    let times: Vec<u64> = jobs.iter().map(|job| job["event"]["at"].as_u64().unwrap()).collect();
    assert!(times.is_sorted(), "oldest first");
}

/// Kills copies into a file and lets the last one finish.
fn copied(file: &str) -> TempDir {
    let command = format!("sync records --to {file}");
    let (folder, feed) = killed(&command, environment("CONNRUN_EVENTS", 600));
    assert!(start(folder.path(), &feed.url(), &command).wait().unwrap().success());
    folder
}

/// Events of one notification.
const TOLD: usize = 5;

/// Sends a notification; whether it was answered that it is kept.
fn tell(url: &str, first: usize) -> Option<()> {
    let events: Vec<String> = (first..first + TOLD).map(|id| format!("{{\"id\":{id}}}")).collect();
    let body = format!("{{\"events\":[{}]}}", events.join(","));
    let host = url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(host).ok()?;
    let head = format!(
        "POST /webhooks/triggers/told HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).ok()?;
    answer.starts_with("HTTP/1.1 2").then_some(())
}

/// A service that repeats a notification until it is answered, and a server that is killed meanwhile.
#[test]
fn notifications_are_lost_or_repeated_by_no_kill() {
    let total = environment("CONNRUN_EVENTS", 600) / TOLD * TOLD;
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("feed.conn"), CONNECTOR).unwrap();
    let project = "[triggers.told]\nconnector = 'feed.conn'\ntrigger = 'told'\n";
    std::fs::write(folder.path().join("connrun.toml"), project).unwrap();
    let (next, mut chance) = (Arc::new(AtomicUsize::new(1)), 11_u64);
    let send = |url: String| {
        let next = Arc::clone(&next);
        std::thread::spawn(move || {
            while next.load(Ordering::SeqCst) <= total && tell(&url, next.load(Ordering::SeqCst)).is_some() {
                next.fetch_add(TOLD, Ordering::SeqCst);
            }
        })
    };
    for _ in 0..environment("CONNRUN_CRASHES", 20) {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let serving = Serving::start(folder.path(), &[]);
        let sender = send(serving.url.clone());
        std::thread::sleep(Duration::from_micros((chance >> 33) % 60_000));
        serving.kill();
        sender.join().unwrap();
    }
    let serving = Serving::start(folder.path(), &[]);
    send(serving.url.clone()).join().unwrap();
    while listed(folder.path()).len() < total {
        std::thread::yield_now();
    }
    serving.until("/triggers/told", |trigger| trigger["status"] == "idle");
    let mut ids: Vec<u64> = listed(folder.path()).iter().map(|job| job["event"]["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=total as u64).collect::<Vec<_>>());
}

#[test]
fn lines_are_copied_once() {
    let folder = copied("records.jsonl");
    let text = std::fs::read_to_string(folder.path().join("records.jsonl")).unwrap();
    let ids: Vec<u64> =
        text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (1..=environment("CONNRUN_EVENTS", 600) as u64).collect::<Vec<_>>());
}

#[test]
fn windows_are_filled_once() {
    let hours = environment("CONNRUN_EVENTS", 600).div_ceil(60);
    let to = format!("2024-01-{:02}T{:02}:00:00Z", 1 + hours / 24, hours % 24);
    let command = format!("backfill dated --to {to} --into records.jsonl");
    let (folder, feed) = killed(&command, 1);
    assert!(start(folder.path(), &feed.url(), &command).wait().unwrap().success());
    let text = std::fs::read_to_string(folder.path().join("records.jsonl")).unwrap();
    let ids: Vec<u64> =
        text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (1..=hours as u64 * 60).collect::<Vec<_>>());
}

#[test]
fn rows_are_copied_once() {
    let folder = copied("records.db");
    let database = rusqlite::Connection::open(folder.path().join("records.db")).unwrap();
    let total = environment("CONNRUN_EVENTS", 600) as i64;
    let found: (i64, i64, i64) = database
        .query_row("SELECT count(*), min(id), max(id) FROM records", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(found, (total, 1, total));
}

#[test]
fn ascending_polls_lose_and_repeat_nothing() {
    survives("ascending");
}

#[test]
fn descending_pages_lose_and_repeat_nothing() {
    survives("descending");
}
