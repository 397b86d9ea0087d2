//! New credentials of a run, written back to where the settings came from.

use super::store::Stored;
use super::{Origin, edit, parse};
use crate::cli::args::{SaveSettings, Where};
use crate::cli::failure::Failure;
use crate::connector::SettingsUpdate;
use crate::value::yaml::{self, YamlMode};
use crate::value::{Hash, Value, equal, to_s};
use std::io::{IsTerminal, Write};
use std::rc::Rc;

/// Keeps what a run has renewed, if that is wanted and possible, and says what became of it. `before` are the settings
/// that the run began with.
pub fn keep(
    origin: Option<&Origin>,
    before: &Hash,
    updates: &[SettingsUpdate],
    wanted: SaveSettings,
    place: &Where,
) -> Vec<String> {
    let Some(last) = updates.last() else { return Vec::new() };
    let mut remarks: Vec<String> = updates.iter().map(|update| update.message.clone()).collect();
    let changes = changes(before, &last.settings);
    let outcome = match origin {
        _ if wanted == SaveSettings::No => "not saved".to_owned(),
        None => "not saved: the settings came from no file".to_owned(),
        Some(origin) if wanted == SaveSettings::Yes || agreed(origin) => match save(origin, &changes, place) {
            Ok(()) => format!("saved in {}", origin.named()),
            Err(failure) => format!("not saved: {}", failure.diagnostic.message),
        },
        Some(_) => "not saved (`--save-settings yes` saves them)".to_owned(),
    };
    if let Some(remark) = remarks.last_mut() {
        *remark = format!("{remark}: the new credentials serve this run and are {outcome}");
    }
    remarks
}

/// The settings that are new or other than before.
fn changes(before: &Hash, after: &Value) -> Vec<(String, Value)> {
    let Value::Hash(after) = after else { return Vec::new() };
    let pairs = after.to_vec().into_iter();
    pairs
        .filter(|(key, value)| !before.get_either(&to_s(key).to_text()).is_some_and(|old| equal(&old, value)))
        .map(|(key, value)| (to_s(&key).to_text(), value))
        .collect()
}

/// Asks, where somebody is there to answer.
fn agreed(origin: &Origin) -> bool {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return false;
    }
    // A question that cannot be put is answered with no.
    let _ = write!(std::io::stderr(), "The credentials were renewed. Save them in {}? [y/N] ", origin.named());
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes" | "Yes")
}

/// Writes changed settings into the file, each where it stands: in the account, or among those of all accounts.
pub fn save(origin: &Origin, changes: &[(String, Value)], place: &Where) -> Result<(), Failure> {
    let stored = Stored::open(&origin.path, place)?;
    let all = match parse(&stored.source)? {
        Value::Hash(all) => all,
        _ => Rc::new(Hash::new()),
    };
    let has = |section: Option<&str>, key: &str| match section {
        None => all.get_either(key).is_some(),
        Some(name) => matches!(all.get_either(name), Some(Value::Hash(hash)) if hash.get_either(key).is_some()),
    };
    let mut text = stored.source.text().to_owned();
    for (key, value) in changes {
        let account = origin.account.as_deref();
        let shared = !has(account, key) && has(Some(super::SHARED), key);
        let section = if shared { Some(super::SHARED) } else { account };
        let edited = edit::set(&text, section, key, value).filter(|edited| holds(edited, section, key, value));
        text = edited.ok_or_else(|| {
            let message = format!("`{key}` cannot be set in {}: its text is written in an unusual way", origin.named());
            Failure::usage("usage::settings", message).help("write one setting a line: `key: value`")
        })?;
    }
    stored.replace(&text)
}

/// The text says what it was changed to say.
fn holds(text: &str, section: Option<&str>, key: &str, value: &Value) -> bool {
    let Ok(Value::Hash(all)) = yaml::parse(text, YamlMode::Settings) else { return false };
    let hash = match section {
        None => all,
        Some(name) => match all.get_either(name) {
            Some(Value::Hash(hash)) => hash,
            _ => return false,
        },
    };
    hash.get_either(key).is_some_and(|found| equal(&found, value))
}
