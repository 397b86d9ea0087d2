//! `connrun sync`: what is copied where, how it goes on, and what becomes of records that no longer fit.

use super::support::command::{connrun, snapshot};
use super::support::feed::{Feed, number};
use std::path::Path;
use tempfile::TempDir;

const CONNECTOR: &str = "
{
  title: 'Feed',
  connection: { fields: [{ name: 'url' }], base_uri: lambda { |connection| connection['url'] } },
  syncs: {
    people: {
      primary_key: 'id',
      fetch: lambda do |_connection, _input, state|
        page = get('/people').params(page: state || 1)
        { records: page['people'], state: page['next'], has_more: page['next'].present? }
      end
    },
    all: {
      incremental: :none,
      fetch: lambda do |_connection, _input, state|
        page = get('/people').params(page: state || 1)
        { records: page['people'], state: page['next'], has_more: page['next'].present? }
      end
    },
    stuck: { fetch: lambda { |_connection, _input, state| { records: [], state: state, has_more: true } } },
    wrong: { incremental: :sometimes, fetch: lambda { {} } }
  }
}
";

/// Three pages: plain records, a new column, a value of another type.
fn feed() -> Feed {
    Feed::start(|path| {
        let page = match number(path, "page") {
            Some(1) => r#"{"people":[{"id":1,"name":"Ada","tags":["x"]},{"id":2,"name":null}],"next":2}"#,
            Some(2) => r#"{"people":[{"id":2,"name":"Grace","age":85}],"next":3}"#,
            _ => r#"{"people":[{"id":"c","name":"Alan","age":"41"}],"next":null}"#,
        };
        Some(page.to_owned())
    })
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("feed.conn"), CONNECTOR).unwrap();
    folder
}

/// One run in that folder, with what it printed.
fn said(folder: &Path, command: &str, feed: &Feed) -> String {
    let run = connrun(command).arg("--set").arg(&format!("url={}", feed.url()));
    format!("$ connrun {command}\n{}\n", run.run_in(folder))
}

/// The rows of a table, a line each.
fn rows(folder: &Path, table: &str) -> String {
    let database = rusqlite::Connection::open(folder.join("people.db")).unwrap();
    let declared: String =
        database.query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [table], |row| row.get(0)).unwrap();
    let mut statement = database.prepare(&format!("SELECT * FROM {table} ORDER BY id")).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let values = (0..columns).map(|at| Ok(format!("{:?}", row.get::<_, rusqlite::types::Value>(at)?)));
        values.collect::<rusqlite::Result<Vec<_>>>().map(|values| values.join(", "))
    });
    let rows: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
    format!("{declared}\n{}\n", rows.join("\n"))
}

#[test]
fn records_go_to_standard_output_or_files() {
    let (folder, feed) = (folder(), feed());
    let mut text = String::new();
    for command in [
        "sync people",
        "sync people",
        "sync people --to people.jsonl --max-chunks 1",
        "sync people --to people.jsonl",
        "sync all --to all.csv",
        "sync people --to people.csv --on-drift discard-value",
    ] {
        text += &said(folder.path(), command, &feed);
    }
    for file in ["people.jsonl", "people.csv"] {
        text += &format!("{file}:\n{}\n", std::fs::read_to_string(folder.path().join(file)).unwrap());
    }
    snapshot("sync_files", &text);
}

#[test]
fn tables_are_updated_by_their_key() {
    let feed = feed();
    let mut text = String::new();
    for mode in ["evolve", "freeze", "discard-row", "discard-value"] {
        let folder = folder();
        text += &said(folder.path(), &format!("sync people --to people.db --on-drift {mode}"), &feed);
        text += &format!("{}\n", rows(folder.path(), "people"));
    }
    snapshot("sync_tables", &text);
}

#[test]
fn what_cannot_be_synced_is_explained() {
    let (folder, feed) = (folder(), feed());
    let mut text = String::new();
    for command in [
        "sync",
        "sync peopel",
        "sync stuck",
        "sync wrong",
        "sync people --to people.txt",
        "sync people --to feed.conn/people.jsonl",
        "sync all --to people.jsonl",
        "sync people --table x",
    ] {
        text += &said(folder.path(), command, &feed);
    }
    snapshot("sync_mistakes", &text);
}

#[test]
fn a_torn_line_is_cut_off() {
    let (folder, feed) = (folder(), feed());
    said(folder.path(), "sync people --to people.jsonl --max-chunks 1", &feed);
    let path = folder.path().join("people.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{whole}{{\"id\":2,\"na")).unwrap();
    let printed = said(folder.path(), "sync people --to people.jsonl --max-chunks 1", &feed);
    assert!(printed.contains("11 bytes of an unfinished chunk were cut off"), "{printed}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, format!("{whole}{{\"id\":2,\"name\":\"Grace\",\"age\":85}}\n"));
}
