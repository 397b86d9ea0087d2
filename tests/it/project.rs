//! `connrun.toml`: what is wrong with one is said with its place, all of it at once.

use super::support::command::{connrun, snapshot};

const CONNECTOR: &str = "{
  title: 'Feed',
  triggers: { new_entry: { poll: ->(_, _, _) { {} }, dedup: ->(event) { event['id'] } } },
  actions: { note: { execute: ->(_, input) { input } } },
  syncs: { entries: { fetch: ->(_, _, _) { { records: [] } } } }
}
";

/// What `connrun serve --check` says of a text.
fn checked(text: &str) -> String {
    let run = connrun("serve --check").shown("connrun.toml", text).file("feed.conn", CONNECTOR);
    run.file("settings.yaml", "api_token: x\n").transcript()
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = checked(
        "[accounts.acme]\nsetings = 'settings.yaml'\n\n[triggers.entries]\nconector = 'feed.conn'\ntrigger = 'new_entry'\n\
         schedule = '0 25 * * *'\ncatch_up = 'two'\npoll_interval = 'often'\n\n[triggers.'two words']\nconnector = 'feed.conn'\n\
         trigger = 'new_entry'\nmax_pages = 0\ndo = { acton = 'note' }\n\n[syncs.all]\nconnector = 'feed.conn'\nsync = 'entries'\n\
         timezone = 'Europe/Berln'\nsink = { sqlite = 'a.db', csv = 'a.csv' }\n\n[srver]\n",
    );
    snapshot("project_keys", &text);
}

#[test]
fn names_are_looked_up() {
    let text = checked(
        "[accounts.acme]\nsettings = 'setings.yaml'\n\n[triggers.entries]\nconnector = 'feed.conn'\naccount = 'acne'\n\
         trigger = 'new_entri'\ndo = { action = 'nte' }\n\n[triggers.more]\nconnector = 'fed.conn'\ntrigger = 'x'\n\n\
         [triggers.again]\nconnector = 'feed.conn'\ntrigger = 'new_entry'\n\n[triggers.once_more]\nconnector = 'feed.conn'\n\
         trigger = 'new_entry'\n\n[syncs.all]\nconnector = 'feed.conn'\nsync = 'entires'\nsink = { csv = 'a.csv' }\n",
    );
    snapshot("project_names", &text);
}

#[test]
fn what_is_no_toml_and_what_is_right() {
    let texts = [
        checked("[triggers.entries\n"),
        checked("[check]\nunknown-kee = 'off'\n"),
        checked("[accounts.acme]\nsettings = { api_token = 'env:CONNRUN_TEST_NO_SUCH' }\n"),
        checked(
            "[triggers.entries]\nconnector = 'feed.conn'\ntrigger = 'new_entry'\npoll_interval = 0.5\n\
             do = { action = 'note', map = ['id'], on_failure = { action = 'note' } }\n",
        ),
        connrun("serve").transcript(),
        connrun("serve -f nope.toml").file("note.toml", "").transcript(),
    ];
    snapshot("project_others", &texts.join("\n"));
}
