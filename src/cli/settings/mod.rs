//! The settings of a connection: from a file, one of its accounts, inline JSON, the environment, single overrides.

pub mod args;
mod command;
mod edit;
mod encrypted;
mod keep;
mod store;
mod target;

pub use command::run;
pub use keep::keep;
pub use store::write_whole;
pub use target::Target;

use super::args::Where;
use super::failure::Failure;
use super::files;
use crate::text::{Source, Span, nearest};
use crate::value::yaml::{self, YamlMode};
use crate::value::{Hash, Value, to_s};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Variables that begin like this set one setting each.
const VARIABLE: &str = "CONNRUN_SETTINGS_";
const PLAIN: &str = "settings.yaml";
const ENCRYPTED: &str = "settings.yaml.enc";
/// What stands under this name is a part of every account.
const SHARED: &str = "integration";

/// Settings, and a remark about where they came from.
pub struct Settings {
    pub values: Rc<Hash>,
    pub note: Option<String>,
    /// Where they stand, if they stand in a file.
    pub origin: Option<Origin>,
}

/// A file of settings, and the account in it.
#[derive(Clone, Debug)]
pub struct Origin {
    pub path: PathBuf,
    pub account: Option<String>,
}

impl Origin {
    /// As remarks name it.
    pub fn named(&self) -> String {
        let file = self.path.display();
        self.account.as_ref().map_or_else(|| file.to_string(), |account| format!("{file} (account {account})"))
    }
}

/// Finds and reads the settings that the options and the surroundings name.
pub fn read(place: &Where) -> Result<Settings, Failure> {
    let (path, note) = path(place);
    let base = match (&path, &place.settings) {
        (Some(path), _) => file(path, place)?,
        (None, Some(text)) => inline(text)?,
        (None, None) => nothing(place)?,
    };
    let settings = base.copy();
    for (name, value) in std::env::vars() {
        if let Some(key) = name.strip_prefix(VARIABLE).filter(|key| !key.is_empty()) {
            settings.insert_str(&known_key(&settings, key), Value::string(value));
        }
    }
    for pair in &place.set {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            let message = format!("`--set {pair}` sets nothing: there is no `=`");
            return Err(Failure::usage("usage::set", message).help("write `--set key=value`"));
        };
        settings.insert_str(key, Value::str(value));
    }
    let origin = path.map(|path| Origin { path, account: place.connection.clone() });
    Ok(Settings { values: Rc::new(settings), note, origin })
}

/// A YAML file in the clear, decrypted if its name says so.
pub fn unsealed(path: &Path, place: &Where) -> Result<Source, Failure> {
    store::Stored::open(path, place).map(|stored| stored.source)
}

/// Variables are written in capitals: the setting whose name is the same but for that, else a new one in small letters.
fn known_key(settings: &Hash, key: &str) -> String {
    let names = settings.keys().into_iter().map(|name| to_s(&name).to_text());
    names.into_iter().find(|name| name.eq_ignore_ascii_case(key)).unwrap_or_else(|| key.to_ascii_lowercase())
}

fn inline(text: &str) -> Result<Rc<Hash>, Failure> {
    match files::read_secret_json(text, "--settings")? {
        Value::Hash(settings) => Ok(settings),
        other => Err(Failure::usage("usage::settings", format!("--settings is {}, not an object", kind_of(&other)))
            .help("settings are names with values: {\"api_token\": \"…\"}")),
    }
}

/// The file that holds the settings, the one that was named or the one that stands here: plain before encrypted.
fn path(place: &Where) -> (Option<PathBuf>, Option<String>) {
    match &place.settings {
        Some(text) if files::is_inline(text) || text == "-" => return (None, None),
        Some(path) => return (Some(PathBuf::from(path)), None),
        None => {}
    }
    let (plain, encrypted) = (Path::new(PLAIN), Path::new(ENCRYPTED));
    let both = format!("{PLAIN} is used, {ENCRYPTED} beside it is not");
    let found = [plain, encrypted].into_iter().find(|path| path.exists());
    (found.map(Path::to_path_buf), (plain.exists() && encrypted.exists()).then_some(both))
}

fn nothing(place: &Where) -> Result<Rc<Hash>, Failure> {
    match &place.connection {
        None => Ok(Rc::new(Hash::new())),
        Some(name) => Err(Failure::usage("usage::settings", format!("there are no settings to find `{name}` in"))
            .help(format!("`-n` picks an account of {PLAIN}; name another file with `-s`"))),
    }
}

/// Reads a file and picks the account.
fn file(path: &Path, place: &Where) -> Result<Rc<Hash>, Failure> {
    let source = store::Stored::open(path, place)?.source;
    let all = hash(&source)?;
    let settings = match &place.connection {
        Some(name) => account(&all, name, &source)?,
        None => single(Rc::clone(&all), &source)?,
    };
    Ok(with_shared(&all, &settings))
}

/// A file's settings by name.
fn hash(source: &Source) -> Result<Rc<Hash>, Failure> {
    match parse(source)? {
        Value::Nil => Ok(Rc::new(Hash::new())),
        Value::Hash(all) => Ok(all),
        other => {
            let message = format!("{} is {}, not settings by name", source.name(), kind_of(&other));
            Err(Failure::usage("usage::settings", message).help("write one setting a line: `api_token: …`"))
        }
    }
}

/// An account's settings over those that all accounts share.
fn with_shared(all: &Hash, settings: &Rc<Hash>) -> Rc<Hash> {
    let Some(Value::Hash(shared)) = all.get_either(SHARED) else { return Rc::clone(settings) };
    let merged = shared.copy();
    let own = settings.to_vec().into_iter();
    for (key, value) in own.filter(|(key, _)| to_s(key).to_text() != SHARED) {
        merged.insert(key, value);
    }
    Rc::new(merged)
}

/// The account of that name.
fn account(all: &Hash, name: &str, source: &Source) -> Result<Rc<Hash>, Failure> {
    if let Some(Value::Hash(settings)) = all.get_either(name) {
        return Ok(settings);
    }
    let accounts = accounts(all);
    let file = source.name();
    if accounts.is_empty() {
        return Err(Failure::usage("usage::account", format!("{file} has no account `{name}`"))
            .help("it holds the settings of one connection; leave `-n` away"));
    }
    let near = nearest(name, accounts.iter().map(String::as_str));
    let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    Err(Failure::usage("usage::account", format!("{file} has no account `{name}`"))
        .help(format!("{near}there is: {}", accounts.join(", "))))
}

/// The whole file, unless it holds accounts.
fn single(all: Rc<Hash>, source: &Source) -> Result<Rc<Hash>, Failure> {
    let accounts = accounts(&all);
    let shared = usize::from(matches!(all.get_either(SHARED), Some(Value::Hash(_))));
    if accounts.is_empty() || accounts.len() + shared < all.len() {
        return Ok(all);
    }
    let message = match accounts.as_slice() {
        [one] => format!("{} has the account `{one}`, and it was not chosen", source.name()),
        _ => format!("{} has several accounts, and none was chosen", source.name()),
    };
    let first = accounts.first().map_or("NAME", String::as_str);
    Err(Failure::usage("usage::account", message)
        .help(format!("choose one with `-n {first}`; there is: {}", accounts.join(", "))))
}

/// The names under which whole hashes stand.
fn accounts(all: &Hash) -> Vec<String> {
    let hashes = all.to_vec().into_iter().filter(|(_, value)| matches!(value, Value::Hash(_)));
    hashes.map(|(name, _)| to_s(&name).to_text()).filter(|name| name != SHARED).collect()
}

/// A YAML file of the project, such as `lookup_tables.yaml`.
pub fn yaml(path: &Path) -> Result<Value, Failure> {
    parse(&files::read_text(path)?)
}

fn parse(source: &Source) -> Result<Value, Failure> {
    yaml::parse(source.text(), YamlMode::Settings).map_err(|error| {
        let source = files::veiled(source);
        let line = source.line_span(error.line).unwrap_or_default();
        let text = source.slice(line);
        let offset = text.char_indices().nth(error.column - 1).map_or(text.len(), |(at, _)| at) as u32;
        let lo = line.lo + offset;
        let hi = (lo + 1).min(source.text().len() as u32);
        let place = format!("{}:{}:{}", source.name(), error.line, error.column);
        Failure::usage("usage::yaml", format!("{place} is not valid YAML: {}", error.message))
            .at(&source, Span::new(lo.min(hi), hi), "here")
            .help("put quotes around values that hold `:`, `#`, quotes or brackets; indent with spaces")
    })
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::Str(_) => "a text",
        Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) => "a number",
        Value::True | Value::False => "true or false",
        Value::Nil => "null",
        _ => "something else",
    }
}
