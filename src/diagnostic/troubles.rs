//! Codes of what goes wrong while something is kept running: what happened, and what to do.

/// One code.
#[derive(Debug)]
pub struct Trouble {
    pub code: &'static str,
    /// What happened, and what it means for the state.
    pub doc: &'static str,
    pub cure: &'static str,
}

/// The row of a code, with or without what stands before `::`.
pub fn trouble(name: &str) -> Option<&'static Trouble> {
    TROUBLES.iter().find(|row| row.code == name || row.code.rsplit("::").next() == Some(name))
}

const fn row(code: &'static str, doc: &'static str, cure: &'static str) -> Trouble {
    Trouble { code, doc, cure }
}

/// Sorted by code.
pub const TROUBLES: &[Trouble] = &[
    row(
        "runs::status",
        "A job cannot be replayed while it runs, nor cancelled once it runs or has ended.",
        "Wait until it has ended; `connrun runs show ID` says how it stands.",
    ),
    row(
        "runs::unknown",
        "The state holds no job of that id.",
        "`connrun runs list` lists them; a job belongs to the state file that it was made in (--state FILE).",
    ),
    row(
        "state::ambiguous",
        "Several triggers or syncs of that name stand in the state: with another input, connection or file.",
        "Name one by its number: `--id`, as `connrun state show` gives it.",
    ),
    row(
        "state::busy",
        "Another process has been writing the state for longer than ten seconds. Nothing was written.",
        "Try again when it has ended.",
    ),
    row(
        "state::conflict",
        "Another process has changed the state after it was read. Nothing was written.",
        "Do it again: it then goes on from the new state.",
    ),
    row(
        "state::damaged",
        "The state file is cut, holed, or no state of connrun. It was left as it is.",
        "Put a copy in its place, or name another file with --state FILE.",
    ),
    row(
        "state::error",
        "SQLite could not use the state file, for a reason that the message tells.",
        "Look whether others can open it: `sqlite3 FILE 'PRAGMA integrity_check'`.",
    ),
    row(
        "state::folder",
        "The folder of the state file cannot be made.",
        "Check the permissions of the folder above it, or name another file with --state FILE.",
    ),
    row(
        "state::full",
        "The disk does not take what is to be written: it is full, or the file may not grow. Nothing of the step was written.",
        "Make room and start again: it goes on where the last commit left it.",
    ),
    row(
        "state::import",
        "A line of the file to import is not what an export prints. Nothing was written.",
        "Give what `connrun state export` printed, whole.",
    ),
    row(
        "state::leased",
        "Another process that lives is running this trigger or sync.",
        "Wait until it has ended, or give this run a state of its own with --state FILE.",
    ),
    row(
        "state::missing",
        "There is no state file, or nothing of that number in it.",
        "`connrun trigger NAME` makes one; --state FILE names one elsewhere.",
    ),
    row("state::newer", "A newer connrun has written the state. It was left as it is.", "Use the newer connrun."),
    row(
        "state::paused",
        "The trigger or sync was paused by hand.",
        "`connrun state set NAME --resume --yes` lets it go on from where it stands.",
    ),
    row(
        "state::read-only",
        "The state file, its folder or the files beside it cannot be written.",
        "Check the permissions of the file and of its folder, or name another with --state FILE.",
    ),
    row("state::unknown", "The state holds nothing of that name.", "`connrun state show` lists what it holds."),
    row(
        "sync::backfill",
        "The sync does not say that its `fetch` reads windows, so each of them might bring everything.",
        "Let `fetch` ask for what lies from `input['from']` until `input['to']`, and add `backfill: { window: '1d' }`.",
    ),
    row(
        "sync::incremental",
        "`incremental:` of the sync is none of the words it may be.",
        "Write `:native` (new and changed records), `:created_only` or `:none`.",
    ),
    row(
        "sync::primary-key",
        "`primary_key:` of the sync is no name.",
        "Write a name or several: `primary_key: 'id'`, `primary_key: ['account', 'id']`.",
    ),
    row(
        "sync::sink",
        "The records cannot be written to where they are to go. Nothing of that chunk was kept.",
        "The message says what is wrong with the file, the table or a record; the next run begins with that chunk.",
    ),
    row(
        "trigger::no-poll",
        "The trigger has no `poll`: it is run by the requests that arrive at its webhook.",
        "`connrun serve` receives them.",
    ),
    row(
        "trigger::poll-interval",
        "`poll_interval:` of the trigger is no number of seconds.",
        "Write a number: `poll_interval: 300`.",
    ),
    row(
        "trigger::schedule",
        "`schedule:`, `timezone:` or `catch_up:` of the trigger or sync cannot be read.",
        "Write a cron pattern of five or six fields, a zone as `Europe/Kyiv`, and `:one`, `:all` or `:none`.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_described_in_sentences() {
        assert!(TROUBLES.is_sorted_by(|a, b| a.code < b.code));
        for row in TROUBLES {
            assert!(row.doc.ends_with('.') && row.cure.ends_with('.'), "{}", row.code);
        }
    }
}
