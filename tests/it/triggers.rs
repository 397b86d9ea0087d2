//! `connrun trigger`, `state` and `runs`, as a person uses them.

use super::support::command::{self, connrun};
use super::support::feed::{Feed, number};
use std::path::Path;
use tempfile::TempDir;

const CONNECTOR: &str = "
{
  title: 'Feed',
  connection: { fields: [{ name: 'url' }], base_uri: lambda { |connection| connection['url'] } },
  triggers: {
    new_entry: {
      poll: lambda do |_connection, _input, last|
        page = get('/entries').params(after: last || 0)
        { events: page['events'], next_poll: page['last'], can_poll_more: page['more'] }
      end,
      dedup: lambda { |event| event['id'] }
    },
    changed_entry: {
      type: :paging_desc,
      poll: lambda do |_connection, _input, page|
        answer = get('/changes').params(page: page || 1)
        { events: answer['events'], next_page: answer['next'] }
      end,
      sort_by: lambda { |event| event['changed'] }
    },
    told: { webhook_notification: lambda { |_input, payload| payload } }
  }
}
";

/// Two ascending pages; changes on two descending ones.
fn feed() -> Feed {
    Feed::start(|path| {
        let answer = match (path.split('?').next()?, number(path, "after"), number(path, "page")) {
            ("/entries", Some(0), _) => r#"{"events":[{"id":1},{"id":2}],"last":2,"more":true}"#,
            ("/entries", Some(2), _) => r#"{"events":[{"id":2},{"id":3}],"last":3,"more":false}"#,
            ("/entries", ..) => r#"{"events":[{"id":3}],"last":null,"more":false}"#,
            ("/changes", _, Some(1)) => r#"{"events":[{"id":9,"changed":30},{"id":8,"changed":20}],"next":2}"#,
            _ => r#"{"events":[{"id":7,"changed":10}],"next":null}"#,
        };
        Some(answer.to_owned())
    })
}

/// Commands one after the other in one folder, with what each printed.
fn session(commands: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("feed.conn"), CONNECTOR).unwrap();
    let url = feed().url();
    let transcript = commands.iter().map(|command| said(folder.path(), command, &url));
    transcript.collect::<Vec<_>>().join("\n")
}

fn said(folder: &Path, command: &str, url: &str) -> String {
    let mut parts = command.split('\'');
    let mut run = connrun(parts.next().unwrap());
    // What stands in quotes is one argument.
    for (at, part) in parts.enumerate() {
        run = if at % 2 == 0 {
            run.arg(part)
        } else {
            part.split_whitespace().fold(run, |run, argument| run.arg(argument))
        };
    }
    let run = if command.starts_with("trigger") { run.arg("--set").arg(&format!("url={url}")) } else { run };
    format!("$ connrun {command}\n{}", run.run_in(folder))
}

/// Compares with the snapshot of that name; the ids of jobs, times and hashes are blanked.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter("[0-9a-f]{8}-([0-9]+)", "job-$1");
    settings.add_filter(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ", "TIME");
    settings.add_filter("[0-9a-f]{64}", "SHA256");
    settings.add_filter(r",1[0-9]{12}\]", ",MILLISECONDS]");
    settings.bind(|| command::snapshot(name, text));
}

#[test]
fn new_events_come_once() {
    snapshot(
        "trigger_ascending",
        &session(&[
            "trigger new_entry --dry-run",
            "trigger new_entry",
            "trigger new_entry",
            "trigger new_entry --dry-run",
            "state show --json",
            "runs list",
            "runs list --json --last 1",
        ]),
    );
}

#[test]
fn changes_come_oldest_first() {
    snapshot(
        "trigger_descending",
        &session(&["trigger changed_entry", "trigger changed_entry", "state show", "trigger changed_entry --dry-run"]),
    );
}

#[test]
fn state_is_shown_before_it_is_changed() {
    snapshot(
        "state_changes",
        &session(&[
            "state show",
            "trigger new_entry",
            "state set new_entry --cursor '2'",
            "state set new_entry --cursor '{' --yes",
            "state set new_entry --cursor '2' --yes",
            "trigger new_entry",
            "state set new_entry --pause --yes",
            "trigger new_entry",
            "state reset new_entry --yes",
            "trigger new_entry",
            "state set nothing --pause",
            "state export",
        ]),
    );
}

#[test]
fn mistakes_are_explained() {
    snapshot(
        "trigger_mistakes",
        &session(&[
            "trigger",
            "trigger new_entri",
            "trigger told",
            "trigger new_entry -i '[1]'",
            "trigger new_entry --follow --once",
            "trigger new_entry --state feed.conn",
            "runs list",
            "trigger new_entry",
            "runs show 1",
            "runs list --status done",
            "runs list --trigger other",
        ]),
    );
}

#[test]
fn exported_state_goes_on_elsewhere() {
    let (from, to) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let url = feed().url();
    for folder in [&from, &to] {
        std::fs::write(folder.path().join("feed.conn"), CONNECTOR).unwrap();
    }
    assert_eq!(said(from.path(), "trigger new_entry", &url).matches("\"event\"").count(), 3);
    let exported = connrun("state export").run_in(from.path()).stdout;
    let imported = connrun("state import - --yes").stdin(&exported).run_in(to.path());
    assert_eq!(imported.status, 0, "{imported}");
    assert_eq!(said(to.path(), "trigger new_entry", &url).matches("\"event\"").count(), 0);
    let broken = exported.replace("[\"1\"", "[1");
    let refused = connrun("state import - --yes").stdin(&broken).run_in(to.path());
    snapshot("state_import_broken", &refused.to_string());
}

#[test]
fn a_replayed_event_is_printed_again() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("feed.conn"), CONNECTOR).unwrap();
    let printed = said(folder.path(), "trigger new_entry", &feed().url());
    let first = printed.lines().find(|line| line.starts_with("{\"id\"")).unwrap();
    let id = first.split('"').nth(3).unwrap();
    let again = connrun("runs replay").arg(id).run_in(folder.path());
    assert_eq!(again.stdout.trim_end(), first);
    let cancelled = connrun("runs cancel").arg(id).run_in(folder.path());
    snapshot("runs_cancel_emitted", &cancelled.to_string());
}
