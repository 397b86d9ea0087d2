//! What may happen to a state while it is used: others use it too, somebody stops it, the clock jumps, the disk is full,
//! the file is not what it was. The result is a clear error or a clean wait, never an event that is lost or repeated.

use super::support::command::{Printed, connrun};
use super::support::feed::{Feed, number};
use serde_json::Value as Json;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use tempfile::TempDir;

const CONNECTOR: &str = "
{
  title: 'Feed',
  connection: { fields: [{ name: 'url' }], base_uri: lambda { |connection| connection['url'] } },
  triggers: {
    numbers: {
      poll: lambda do |_connection, _input, last|
        page = get('/numbers').params(after: last || 0)
        { events: page['events'], next_poll: page['last'], can_poll_more: page['more'] }
      end,
      dedup: lambda { |event| event['id'] }
    },
    newest: {
      type: :paging_desc,
      poll: lambda do |_connection, _input, page|
        answer = get('/newest').params(page: page || 0)
        { events: answer['events'], next_page: answer['more'] ? (page || 0) + 1 : nil }
      end,
      sort_by: lambda { |event| event['id'] }
    }
  }
}
";

const PAGE: usize = 5;

/// `total` events of that many bytes, five a page, one of each page on the next as well.
fn feed(total: usize, size: usize, look: impl Fn() + Send + Sync + 'static) -> Feed {
    Feed::start(move |path| {
        look();
        let event = |id: usize| format!("{{\"id\":{id},\"text\":\"{}\"}}", "x".repeat(size));
        let (events, last, more): (Vec<String>, usize, bool) = if let Some(after) = number(path, "after") {
            let last = (after + PAGE).min(total);
            ((after.max(1)..=last).map(event).collect(), last, last < total)
        } else {
            let newest = total.saturating_sub(number(path, "page").unwrap() * PAGE);
            let oldest = newest.saturating_sub(PAGE);
            ((oldest.max(1)..=newest).rev().map(event).collect(), 0, oldest > 1)
        };
        Some(format!("{{\"events\":[{}],\"last\":{last},\"more\":{more}}}", events.join(",")))
    })
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("feed.conn"), CONNECTOR).unwrap();
    folder
}

fn trigger(folder: &Path, feed: &Feed, arguments: &str) -> Printed {
    connrun("trigger").arg("--set").arg(&format!("url={}", feed.url())).args(arguments).run_in(folder)
}

/// A process that runs on its own.
fn start(folder: &Path, feed: &Feed, arguments: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(["trigger", "--set", &format!("url={}", feed.url())])
        .args(arguments.split(' '))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The ids of the events that became jobs of a trigger, oldest first.
fn ids(folder: &Path, trigger: &str) -> Vec<u64> {
    let listed = connrun("runs list --json --trigger").arg(trigger).run_in(folder);
    assert_eq!(listed.status, 0, "{listed}");
    let id = |line: &str| serde_json::from_str::<Json>(line).unwrap()["event"]["id"].as_u64().unwrap();
    listed.stdout.lines().map(id).collect()
}

fn all(total: u64) -> Vec<u64> {
    (1..=total).collect()
}

/// A gate that holds every request that comes while it is shut.
#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    moved: Condvar,
    waiting: AtomicUsize,
}

impl Gate {
    fn pass(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        drop(self.moved.wait_while(self.open.lock().unwrap(), |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.moved.notify_all();
    }

    fn wait_for(&self, requests: usize) {
        while self.waiting.load(Ordering::SeqCst) < requests {
            std::thread::yield_now();
        }
    }
}

#[test]
fn processes_that_share_a_state_wait_for_each_other() {
    let (folder, total) = (folder(), 200);
    let feed = feed(total, 10, || ());
    let mut processes: Vec<Child> = ["numbers", "numbers", "newest", "newest"]
        .iter()
        .map(|name| start(folder.path(), &feed, &format!("{name} --follow --interval 0")))
        .collect();
    // Both triggers are through when another poll of them, by whoever, brings nothing more.
    let path = folder.path().join(".connrun/state.db");
    while !path.exists() || ["numbers", "newest"].iter().any(|name| quiet_ids(folder.path(), name) < total) {
        std::thread::yield_now();
    }
    processes.iter_mut().for_each(|process| process.kill().unwrap());
    let ended = processes.iter_mut().map(|process| process.wait().unwrap()).count();
    assert_eq!(ended, 4);
    for name in ["numbers", "newest"] {
        assert_eq!(trigger(folder.path(), &feed, name).status, 0);
        assert_eq!(ids(folder.path(), name), all(total as u64), "{name}");
    }
}

/// How many jobs there are, while others may still make the first one.
fn quiet_ids(folder: &Path, trigger: &str) -> usize {
    connrun("runs list --json --trigger").arg(trigger).run_in(folder).stdout.lines().count()
}

#[test]
fn a_trigger_that_is_paused_during_a_poll_ends_after_its_page_and_goes_on_later() {
    for name in ["numbers", "newest"] {
        let (folder, gate) = (folder(), Arc::new(Gate::default()));
        let door = Arc::clone(&gate);
        let feed = feed(30, 10, move || door.pass());
        let mut process = start(folder.path(), &feed, name);
        gate.wait_for(1);
        let paused = connrun("state set --pause --yes").arg(name).run_in(folder.path());
        assert_eq!(paused.status, 0, "{paused}");
        gate.open();
        assert!(process.wait().unwrap().success());
        assert_eq!(gate.waiting.load(Ordering::SeqCst), 1, "it asked for no other page");
        let refused = trigger(folder.path(), &feed, name);
        assert!(refused.stderr.contains("state::paused"), "{refused}");
        assert_eq!(connrun("state set --resume --yes").arg(name).run_in(folder.path()).status, 0);
        assert_eq!(trigger(folder.path(), &feed, name).status, 0);
        assert_eq!(ids(folder.path(), name), all(30), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_lets_the_page_be_finished() {
    let (folder, gate) = (folder(), Arc::new(Gate::default()));
    let door = Arc::clone(&gate);
    let feed = feed(30, 10, move || door.pass());
    let mut process = start(folder.path(), &feed, "numbers --follow --interval 0");
    gate.wait_for(1);
    assert!(Command::new("kill").arg(process.id().to_string()).status().unwrap().success());
    // The signal is on its way: what comes after it is not asked for, whenever it arrives.
    gate.open();
    assert!(process.wait().unwrap().success());
    assert_eq!(trigger(folder.path(), &feed, "numbers").status, 0);
    assert_eq!(ids(folder.path(), "numbers"), all(30));
}

#[test]
fn a_clock_that_jumps_neither_loses_nor_repeats() {
    let folder = folder();
    let more = Arc::new(AtomicBool::new(false));
    let shown = Arc::clone(&more);
    let feeds = [feed(10, 10, || ()), feed(20, 10, || ())];
    // A day back, over both changes of daylight saving, a leap day, and far ahead.
    let times = [
        "2024-03-10T09:59:59Z",
        "2024-03-09T09:59:59Z",
        "2024-03-10T10:00:01Z",
        "2024-11-03T08:59:59Z",
        "2024-11-03T09:00:01Z",
        "2024-02-29T00:00:00Z",
        "2026-01-01T00:00:00Z",
    ];
    for (at, time) in times.iter().enumerate() {
        shown.store(at > 2, Ordering::SeqCst);
        let feed = &feeds[usize::from(more.load(Ordering::SeqCst))];
        for name in ["numbers", "newest"] {
            let polled = trigger(folder.path(), feed, &format!("{name} --retention 0 --now {time}"));
            assert_eq!(polled.status, 0, "{time}: {polled}");
            assert_eq!(ids(folder.path(), name), all(if at > 2 { 20 } else { 10 }), "{time} {name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_what_was_not_written_comes_later() {
    for name in ["numbers", "newest"] {
        let folder = folder();
        let feed = feed(60, 20_000, || ());
        // A limit on the size of files is what a full disk is to one process.
        let limited = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 800; exec \"$0\" \"$@\""])
            .arg(env!("CARGO_BIN_EXE_connrun"))
            .args(["trigger", name, "--set", &format!("url={}", feed.url())])
            .current_dir(folder.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&limited.stderr);
        assert!(!limited.status.success(), "{said}");
        assert!(said.contains("state::full") && said.contains(".connrun/state.db"), "{said}");
        let told = String::from_utf8_lossy(&limited.stdout).lines().count();
        let kept = ids(folder.path(), name).len();
        assert!(kept < 60 && told == kept, "{told} told, {kept} kept");
        assert_eq!(trigger(folder.path(), &feed, name).status, 0);
        assert_eq!(ids(folder.path(), name), all(60), "{name}");
    }
}

#[test]
fn a_state_that_is_not_what_it_was_is_refused_and_left_alone() {
    let folder = folder();
    let feed = feed(200, 500, || ());
    assert_eq!(trigger(folder.path(), &feed, "numbers").status, 0);
    let path = folder.path().join(".connrun/state.db");
    let whole = std::fs::read(&path).unwrap();
    let newer = [&whole[..60], &99_u32.to_be_bytes(), &whole[64..]].concat();
    let holed = [&whole[..4096], &[0x5A].repeat(whole.len() - 4096)].concat();
    let damages = [
        ("state::damaged", whole[..whole.len() / 2].to_vec()),
        ("state::damaged", whole[..10].to_vec()),
        ("state::damaged", holed),
        ("state::damaged", b"id,name\n1,Ada\n".repeat(100)),
        ("state::newer", newer),
    ];
    for (code, bytes) in damages {
        std::fs::write(&path, &bytes).unwrap();
        for command in ["trigger numbers", "runs list", "state show", "state reset numbers --yes"] {
            let run = connrun(command);
            let run =
                if command.starts_with("trigger") { run.arg("--set").arg(&format!("url={}", feed.url())) } else { run };
            let refused = run.run_in(folder.path());
            assert_eq!(refused.status, 2, "{command}: {refused}");
            assert!(refused.stderr.contains(code), "{command}: {refused}");
            assert!(refused.stdout.is_empty(), "{refused}");
        }
        assert!(std::fs::read(&path).unwrap() == bytes, "the file was changed");
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(ids(folder.path(), "numbers"), all(200));
}

#[test]
fn a_state_that_cannot_be_written_is_said() {
    let folder = folder();
    let feed = feed(5, 10, || ());
    // Where its journal would be lies a folder; permissions would not keep every user out.
    std::fs::create_dir_all(folder.path().join(".connrun/state.db-wal/x")).unwrap();
    let refused = trigger(folder.path(), &feed, "numbers");
    assert_ne!(refused.status, 0, "{refused}");
    assert!(refused.stderr.contains("state.db") && refused.stderr.contains("help:"), "{refused}");
    std::fs::remove_dir_all(folder.path().join(".connrun/state.db-wal")).unwrap();
    assert_eq!(trigger(folder.path(), &feed, "numbers").status, 0);
    assert_eq!(ids(folder.path(), "numbers"), all(5));
}
