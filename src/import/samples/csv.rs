//! Records from CSV: the first line has the names.

use super::text::typed;
use serde_json::{Map, Value as Json};

/// What stands between columns, by the names that options use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    #[default]
    Comma,
    Space,
    Tab,
    Colon,
    Semicolon,
    Pipe,
}

impl Separator {
    const ALL: [(Self, u8, &'static str); 6] = [
        (Self::Comma, b',', "comma"),
        (Self::Semicolon, b';', "semicolon"),
        (Self::Tab, b'\t', "tab"),
        (Self::Pipe, b'|', "pipe"),
        (Self::Colon, b':', "colon"),
        (Self::Space, b' ', "space"),
    ];

    /// All names.
    pub fn names() -> [&'static str; 6] {
        Self::ALL.map(|(.., name)| name)
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(.., known)| *known == name).map(|(separator, ..)| *separator)
    }

    fn byte(self) -> u8 {
        Self::ALL.iter().find(|(known, ..)| *known == self).map_or(b',', |(_, byte, _)| *byte)
    }

    /// The name of another one that the first line has, where it has none of this.
    fn rather(self, line: &str) -> Option<&'static str> {
        let has = |byte: u8| line.as_bytes().contains(&byte);
        let mut others = Self::ALL.iter().filter(|(known, ..)| !matches!(known, Self::Colon | Self::Space));
        if has(self.byte()) { None } else { others.find(|(_, byte, _)| has(*byte)).map(|(.., name)| *name) }
    }
}

/// The records, and remarks. Errors: lines that cannot be read, or no line with names.
pub fn records(text: &str, separator: Separator) -> Result<(Vec<Json>, Vec<String>), String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.byte())
        .has_headers(true)
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    if headers.iter().all(|name| name.trim().is_empty()) {
        return Err("the first line has no names".to_owned());
    }
    let mut notes = Vec::new();
    let first = text.lines().next().unwrap_or_default();
    if let Some(name) = separator.rather(first) {
        notes.push(format!("there is one column only; `--col-sep {name}` makes several of them"));
    }
    let mut names: Vec<String> = Vec::new();
    for (at, name) in headers.iter().enumerate() {
        let name = name.trim();
        let mut unique = if name.is_empty() { format!("column_{}", at + 1) } else { name.to_owned() };
        if names.contains(&unique) {
            notes.push(format!("the column {name} is there twice; the later one is called {name}_{}", at + 1));
            unique = format!("{name}_{}", at + 1);
        }
        names.push(unique);
    }
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        let pair = |(at, name): (usize, &String)| (name.clone(), row.get(at).map_or(Json::Null, typed));
        records.push(Json::Object(names.iter().enumerate().map(pair).collect::<Map<_, _>>()));
    }
    if records.is_empty() {
        notes.push("there are names and no values: every column is taken for text".to_owned());
        records.push(Json::Object(names.into_iter().map(|name| (name, "".into())).collect()));
    }
    Ok((records, notes))
}
