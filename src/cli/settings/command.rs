//! `connrun settings`: shows, sets, edits, encrypts and decrypts the settings of connections.

use super::args::{Settings, SettingsCommand};
use super::encrypted::{self, KEY_FILE, Key};
use super::store::{Stored, write_whole};
use super::{ENCRYPTED, Origin, PLAIN, account, hash, keep, path, with_shared};
use crate::cli::args::{Display, Network, Run, Where};
use crate::cli::failure::Failure;
use crate::cli::open::Opening;
use crate::cli::out::say;
use crate::cli::secrets::{Field, Secrets};
use crate::cli::{files, report};
use crate::http::redact::{MASK, Redactor};
use crate::value::json::{self, BinaryForm};
use crate::value::{Hash, Value, to_s};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Runs the command; remarks go to standard error.
pub fn run(options: &Settings, display: &Display) -> Result<u8, Failure> {
    let remarks = match &options.command {
        SettingsCommand::Show { place, show_secrets } => show(place, *show_secrets)?,
        SettingsCommand::Set { place, pairs } => set(place, pairs)?,
        SettingsCommand::Edit { place } => edit(place)?,
        SettingsCommand::Encrypt { place, keep } => encrypt(place, *keep)?,
        SettingsCommand::Decrypt { place, keep } => decrypt(place, *keep)?,
    };
    report::remarks(&remarks, display, &Redactor::default());
    Ok(0)
}

/// The settings of the account, or all that the file holds.
fn show(place: &Where, show_secrets: bool) -> Result<Vec<String>, Failure> {
    let (found, note) = path(place);
    let settings = match (&found, &place.connection) {
        (Some(path), None) => hash(&Stored::open(path, place)?.source)?,
        (Some(path), Some(name)) => {
            let source = Stored::open(path, place)?.source;
            let all = hash(&source)?;
            with_shared(&all, &account(&all, name, &source)?)
        }
        (None, _) => super::read(place)?.values,
    };
    let shown = if show_secrets { Value::Hash(settings) } else { masked(&settings, &fields(place)) };
    let text = json::pretty(&shown, BinaryForm::Hex).map_err(|_| {
        Failure::usage("usage::settings", "the settings cannot be shown as JSON").help("are they text throughout?")
    })?;
    say(&(text + "\n"))?;
    let mut remarks: Vec<String> = note.into_iter().collect();
    if found.is_none() && place.settings.is_none() {
        remarks.push(format!("there is no {PLAIN} and no {ENCRYPTED} here"));
    }
    Ok(remarks)
}

/// Text is a secret, unless a field of the connector says that people see it in the clear.
fn masked(settings: &Hash, fields: &[Field]) -> Value {
    let shown = Hash::new();
    for (key, value) in settings.to_vec() {
        let name = to_s(&key).to_text();
        let open = fields.iter().any(|field| field.name == name && field.is_shown());
        let value = match value {
            Value::Hash(inner) => masked(&inner, fields),
            Value::Nil | Value::True | Value::False => value,
            Value::Str(text) if text.is_empty() => Value::Str(text),
            value if open => value,
            _ => Value::str(MASK),
        };
        shown.insert_str(&name, value);
    }
    Value::hash(shown)
}

/// The fields of the connector, if there is one: the command works without.
fn fields(place: &Where) -> Vec<Field> {
    let network = Network { offline: true, ..Network::default() };
    let run = Run::default();
    let bare = Where { connector: place.connector.clone(), settings: Some("{}".to_owned()), ..Where::default() };
    let quiet = Display::default();
    let opening = Opening::new(&bare, &run, &network, &quiet);
    opening.open(&Secrets::default()).map(|opened| opened.fields).unwrap_or_default()
}

/// Sets each `KEY=VALUE`; the value of a lone `KEY` is read from standard input, so that it stands in no history.
fn set(place: &Where, pairs: &[String]) -> Result<Vec<String>, Failure> {
    let target = file(place)?.unwrap_or_else(|| PathBuf::from(PLAIN));
    let mut changes = Vec::new();
    let alone: Vec<&String> = pairs.iter().filter(|pair| !pair.contains('=')).collect();
    if let [name, _, ..] = alone.as_slice() {
        // What follows may be a secret: it is not repeated.
        return Err(Failure::usage("usage::set", "a setting and its value are joined by `=`")
            .help(format!("write `{name}=…`; a name alone takes its value from standard input, and only one can")));
    }
    for pair in pairs {
        let (key, value) = match pair.split_once('=') {
            Some((key, value)) => (key, value.to_owned()),
            None => match standard_input()? {
                value if value.is_empty() => {
                    let message = format!("no value for '{pair}' came from standard input");
                    return Err(Failure::usage("usage::set", message)
                        .help(format!("write `{pair}=value`, or `{pair}=` for a setting without a value")));
                }
                value => (pair.as_str(), value),
            },
        };
        if key.is_empty() {
            return Err(Failure::usage("usage::set", format!("`{pair}` names no setting")).help("write `key=value`"));
        }
        changes.push((key.to_owned(), Value::string(value)));
    }
    if !target.exists() {
        if encrypted::is_encrypted(&target) {
            return Err(Failure::usage("usage::file", format!("there is no file {}", target.display()))
                .help(format!("set them in {PLAIN} first, then `connrun settings encrypt`")));
        }
        Stored::new(&target).replace("")?;
    }
    let origin = Origin { path: target, account: place.connection.clone() };
    if origin.account.is_none() {
        refuse_accounts(&origin.path, place)?;
    }
    keep::save(&origin, &changes, place)?;
    Ok(vec![format!("{} set in {}", plural(changes.len()), origin.named())])
}

/// A setting beside accounts would be in none of them.
fn refuse_accounts(path: &Path, place: &Where) -> Result<(), Failure> {
    let source = Stored::open(path, place)?.source;
    let all = hash(&source)?;
    if !all.is_empty() {
        super::single(all, &source)?;
    }
    Ok(())
}

fn plural(count: usize) -> String {
    if count == 1 { "1 setting".to_owned() } else { format!("{count} settings") }
}

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failure::usage("usage::stdin", format!("standard input cannot be read: {error}")))?;
    Ok(text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text)).to_owned())
}

/// Opens the text in an editor; what is no YAML afterwards is not taken.
fn edit(place: &Where) -> Result<Vec<String>, Failure> {
    let path = file(place)?.unwrap_or_else(|| PathBuf::from(PLAIN));
    let stored = if path.exists() { Stored::open(&path, place)? } else { Stored::new(&path) };
    let name = format!(".{}.{}.yaml", path.file_stem().unwrap_or_default().display(), std::process::id());
    let copy = path.with_file_name(name);
    let edited = edited(&copy, stored.source.text());
    // The copy is in the clear.
    let _ = std::fs::remove_file(&copy);
    let edited = edited?;
    if edited.text() == stored.source.text() {
        return Ok(vec![format!("{} is as it was", path.display())]);
    }
    hash(&crate::text::Source::new(path.display().to_string(), edited.text().to_owned())).map_err(|failure| {
        let help = failure.diagnostic.help.clone().unwrap_or_default();
        failure.help(format!("{help}\nthe file is as it was before"))
    })?;
    stored.replace(edited.text())?;
    Ok(vec![format!("{} saved", path.display())])
}

fn edited(copy: &Path, text: &str) -> Result<crate::text::Source, Failure> {
    let failed = |message: String| {
        Failure::usage("usage::editor", message).help("name an editor in the variable EDITOR: `EDITOR=vi`")
    };
    write_whole(copy, text.as_bytes())?;
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let editor = named.unwrap_or_else(|| if cfg!(windows) { "notepad".to_owned() } else { "vi".to_owned() });
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let status = std::process::Command::new(program).args(words).arg(copy).status();
    match status {
        Ok(status) if status.success() => files::read_text(copy),
        Ok(status) => Err(failed(format!("the editor `{editor}` failed ({status}); nothing was changed"))),
        Err(error) => Err(failed(format!("the editor `{editor}` cannot be started: {error}"))),
    }
}

/// Plain settings become an encrypted file beside them, with the key that is there or a new one.
fn encrypt(place: &Where, keep: bool) -> Result<Vec<String>, Failure> {
    let plain = named(place)?.unwrap_or_else(|| PathBuf::from(PLAIN));
    if encrypted::is_encrypted(&plain) {
        return Err(Failure::usage("usage::encrypted", format!("{} is encrypted already", plain.display()))
            .help("`connrun settings edit` changes it"));
    }
    let stored = Stored::open(&plain, place)?;
    hash(&stored.source)?;
    let mut name = plain.clone().into_os_string();
    name.push(".enc");
    let target = PathBuf::from(name);
    refuse_existing(&target)?;
    let mut remarks = Vec::new();
    let key = match Key::find(place, &plain)? {
        Some(key) => key,
        None => {
            let (key, file) = Key::new(&plain)?;
            write_whole(&file, key.to_text().as_bytes())?;
            ignore_key(&file)?;
            remarks.push(format!("{} has the new key: keep it, and keep it out of version control", file.display()));
            key
        }
    };
    let sealed = encrypted::seal(stored.source.text(), &key)?;
    encrypted::unseal(&target, &sealed, &key)?;
    write_whole(&target, sealed.as_bytes())?;
    remarks.push(replaced(&plain, &target, keep)?);
    Ok(remarks)
}

fn decrypt(place: &Where, keep: bool) -> Result<Vec<String>, Failure> {
    let sealed = named(place)?.unwrap_or_else(|| PathBuf::from(ENCRYPTED));
    if !encrypted::is_encrypted(&sealed) {
        return Err(Failure::usage("usage::encrypted", format!("{} is not encrypted", sealed.display()))
            .help("the names of encrypted files end in `.enc`"));
    }
    let target = sealed.with_extension("");
    let stored = Stored::open(&sealed, place)?;
    refuse_existing(&target)?;
    write_whole(&target, stored.source.text().as_bytes())?;
    Ok(vec![replaced(&sealed, &target, keep)?])
}

/// Removes the old file unless it is to be kept, since of two only one is read.
fn replaced(old: &Path, new: &Path, keep: bool) -> Result<String, Failure> {
    if keep {
        return Ok(format!("{} written; {} is still there", new.display(), old.display()));
    }
    std::fs::remove_file(old).map_err(|error| {
        Failure::usage(
            "usage::output",
            format!("{} is written, {} cannot be removed: {error}", new.display(), old.display()),
        )
        .help("remove it by hand")
    })?;
    Ok(format!("{} written, {} removed", new.display(), old.display()))
}

fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        let message = format!("{} is there already", path.display());
        return Err(Failure::usage("usage::output", message).help("nothing was changed; move it away, or remove it"));
    }
    Ok(())
}

/// Tells git not to take the key, where its folder has a list of such files or belongs to a repository.
fn ignore_key(key: &Path) -> Result<(), Failure> {
    let list = key.with_file_name(".gitignore");
    let old = std::fs::read_to_string(&list).unwrap_or_default();
    if (!list.exists() && !key.with_file_name(".git").exists()) || old.lines().any(|line| line.trim() == KEY_FILE) {
        return Ok(());
    }
    let end = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
    std::fs::write(&list, format!("{old}{end}{KEY_FILE}\n")).map_err(|error| {
        Failure::usage("usage::output", format!("{} cannot be written: {error}", list.display()))
            .help(format!("add {KEY_FILE} to it by hand"))
    })
}

/// The file to work on. Inline settings are none.
fn file(place: &Where) -> Result<Option<PathBuf>, Failure> {
    named(place)?;
    Ok(path(place).0)
}

fn named(place: &Where) -> Result<Option<PathBuf>, Failure> {
    match &place.settings {
        Some(text) if files::is_inline(text) || text == "-" => {
            Err(Failure::usage("usage::settings", "these settings are in no file")
                .help("name a file: `-s settings.yaml`"))
        }
        other => Ok(other.as_ref().map(PathBuf::from)),
    }
}
