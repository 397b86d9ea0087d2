//! `connrun backfill`, as a person uses it.

use super::support::command::{connrun, snapshot};
use tempfile::TempDir;

/// Commands one after the other in one folder, with what each printed.
fn session(folder: &TempDir, commands: &[&str]) -> String {
    let connector = concat!(env!("CARGO_MANIFEST_DIR"), "/connectors/customers.conn");
    let transcript = commands.iter().map(|command| {
        let run = connrun(command).arg("--sandbox").arg("-c").arg(connector);
        format!("$ connrun {command}\n{}", run.run_in(folder.path()))
    });
    transcript.collect::<Vec<_>>().join("\n")
}

#[test]
fn windows_are_read_one_by_one_and_gone_on_with() {
    let folder = TempDir::new().unwrap();
    let dates = "--from 2017-01-02 --to 2017-01-05";
    let text = session(
        &folder,
        &[
            &format!("backfill customers {dates} --dry-run --into people.db"),
            &format!("backfill customers {dates} --into people.db --max-chunks 2"),
            &format!("backfill customers {dates} --dry-run --into people.db"),
            &format!("backfill customers {dates} --into people.db"),
            &format!("backfill customers {dates} --into people.db"),
            &format!("backfill customers {dates} --into people.db --window 1mo --quiet"),
        ],
    );
    snapshot("backfill_windows", &text);
    let people = rusqlite::Connection::open(folder.path().join("people.db")).unwrap();
    let counted = "SELECT count(*), min(id), max(id) FROM customers";
    let found: (i64, i64, i64) =
        people.query_row(counted, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    assert_eq!(found, (1000, 1000, 1999));
}

#[test]
fn plans_are_shown_in_the_time_of_a_zone() {
    let text = session(
        &TempDir::new().unwrap(),
        &[
            "backfill customers --from 2024-01-31 --to 2024-12-31 --window 1mo --timezone Europe/Berlin --dry-run",
            "backfill customers --from 2024-10-26T12:00 --to 2024-10-29 --timezone America/Sao_Paulo --dry-run",
        ],
    );
    snapshot("backfill_plans", &text);
}

#[test]
fn mistakes_are_explained() {
    let folder = TempDir::new().unwrap();
    let text = session(
        &folder,
        &[
            "backfill",
            "backfill custmers",
            "backfill customers --from yesterday",
            "backfill customers --from 2017-01-05 --to 2017-01-02",
            "backfill customers --from 2017-01-02 --window 1",
            "backfill customers --from 2017-01-02 --timezone Berlin",
            "backfill customers --from 1970-01-01 --window 1s",
            "backfill customers --into people.xlsx",
            "backfill customers --to 2017-01-02T01:00 --into people.jsonl --quiet",
            "sync customers --to ./people.jsonl --quiet",
        ],
    );
    snapshot("backfill_mistakes", &text);
}
