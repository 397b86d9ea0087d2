//! Pollers that are killed at any instant, also inside a commit: afterwards every event is exactly one job, in order.
//!
//! A short run is part of the tests. The long one: `CONNRUN_CRASHES=200 CONNRUN_EVENTS=2000 cargo test --test it crash`.

use super::support::feed::{Feed, number};
use serde_json::Value as Json;
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
        let (events, last, more): (Vec<String>, usize, bool) = if path.starts_with("/ascending") {
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

/// A poller of that trigger in that folder.
fn start(folder: &Path, url: &str, trigger: &str, mode: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(["trigger", trigger, "-c", "feed.conn", "--set", &format!("url={url}")])
        .args(mode)
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

/// Kills pollers of a trigger again and again, lets the last one finish, and looks at the jobs.
fn survives(trigger: &str) {
    let (kills, total) = (environment("CONNRUN_CRASHES", 20), environment("CONNRUN_EVENTS", 600));
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("feed.conn"), CONNECTOR).unwrap();
    let (feed, asked) = feed(total);
    let url = feed.url();
    let mut chance = 11_u64;
    for _ in 0..kills {
        let mut poller = start(folder.path(), &url, trigger, &["--follow", "--interval", "0"]);
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Some pages later, at any instant of what follows an answer: reading it, committing it, asking again.
        let questions = asked.load(Ordering::SeqCst) + 1 + (chance >> 60) as usize % 4;
        while asked.load(Ordering::SeqCst) < questions {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros((chance >> 33) % 20_000));
        poller.kill().unwrap();
        poller.wait().unwrap();
    }
    let before = listed(folder.path()).len();
    assert!(before > 0 && before <= total, "the killed ones have committed something: {before}");
    // What is published grows with every question: polls until one brings nothing new.
    let mut jobs = Vec::new();
    for _ in 0..total {
        assert!(start(folder.path(), &url, trigger, &["--once"]).wait().unwrap().success());
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

#[test]
fn ascending_polls_lose_and_repeat_nothing() {
    survives("ascending");
}

#[test]
fn descending_pages_lose_and_repeat_nothing() {
    survives("descending");
}
