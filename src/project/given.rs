//! What stands in a `connrun.toml`, with its place, checked against the table of keys.

use super::keys::{Key, Need, Shape, children};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span, nearest};
use serde_json::{Map, Value as Json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Given<T> {
    pub value: T,
    pub span: Span,
}

/// A table of the file, for reading what is known to be right.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    table: &'a DeTable<'a>,
}

pub fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

impl<'a> Table<'a> {
    pub fn new(table: &'a DeTable<'a>) -> Self {
        Self { table }
    }

    /// Every name with its table, as they stand in the file.
    pub fn tables(self, key: &str) -> Vec<(Given<String>, Table<'a>)> {
        let Some(table) = self.table(key) else { return Vec::new() };
        let named = sorted(table.table).into_iter();
        named
            .filter_map(|(name, value)| {
                let given = Given { value: name.get_ref().to_string(), span: span(name.span()) };
                value.get_ref().as_table().map(|table| (given, Self { table }))
            })
            .collect()
    }

    pub fn table(self, key: &str) -> Option<Table<'a>> {
        self.get(key)?.get_ref().as_table().map(|table| Self { table })
    }

    pub fn text(self, key: &str) -> Option<Given<String>> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str()?.to_owned();
        Some(Given { value: text, span: span(value.span()) })
    }

    pub fn number(self, key: &str) -> Option<Given<f64>> {
        let value = self.get(key)?;
        Some(Given { value: number(value.get_ref())?, span: span(value.span()) })
    }

    pub fn count(self, key: &str) -> Option<u64> {
        count(self.get(key)?.get_ref())
    }

    /// Anything as JSON.
    pub fn any(self, key: &str) -> Option<Json> {
        self.get(key).map(|value| json(value.get_ref()))
    }

    /// A table as JSON; empty where there is none.
    pub fn values(self, key: &str) -> Map<String, Json> {
        match self.get(key).map(|value| json(value.get_ref())) {
            Some(Json::Object(values)) => values,
            _ => Map::new(),
        }
    }

    fn get(self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }
}

/// As written, not as sorted.
fn sorted<'a>(table: &'a DeTable<'a>) -> Vec<(&'a Spanned<std::borrow::Cow<'a, str>>, &'a Spanned<DeValue<'a>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let text = match value {
        DeValue::Integer(number) => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        _ => return None,
    };
    text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

fn count(value: &DeValue<'_>) -> Option<u64> {
    let number = value.as_integer().filter(|number| number.radix() == 10)?;
    number.as_str().parse().ok().filter(|number| *number > 0)
}

/// A value as JSON; times are texts.
fn json(value: &DeValue<'_>) -> Json {
    match value {
        DeValue::String(text) => Json::from(text.as_ref()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).map_or(Json::Null, Json::from),
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Json::Null, Json::from),
        DeValue::Boolean(given) => Json::from(*given),
        DeValue::Datetime(time) => Json::from(time.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let entries = sorted(table).into_iter();
            entries.map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect()
        }
    }
}

/// Finds what is unknown, missing, or of another kind.
pub struct Checker<'a> {
    pub source: &'a Source,
    pub findings: Vec<Diagnostic>,
}

impl Checker<'_> {
    pub fn table(&mut self, pattern: &str, table: &DeTable<'_>, place: Span) {
        let any = children(pattern).find(|key| key.name() == "*");
        let mut meant = Vec::new();
        for (name, value) in sorted(table) {
            let row = any.or_else(|| children(pattern).find(|key| key.name() == name.get_ref().as_ref()));
            match row {
                Some(row) => self.value(row, name.get_ref(), value),
                None => meant.extend(self.unknown(pattern, name.get_ref(), span(name.span()))),
            }
        }
        // A key that is only misspelt is not missing as well.
        let is_missing =
            |key: &&Key| key.need == Need::Required && !table.contains_key(key.name()) && !meant.contains(&key.name());
        for missing in children(pattern).filter(is_missing) {
            let message = format!("`{}` is missing: {}", missing.name(), first_words(missing.doc));
            self.push("project::missing-key", message, place, "here", format!("write `{}`", missing.example));
        }
    }

    fn value(&mut self, row: &Key, name: &str, value: &Spanned<DeValue<'_>>) {
        let (given, place) = (value.get_ref(), span(value.span()));
        let fits = match row.shape {
            Shape::Text | Shape::Path | Shape::Secret => given.as_str().is_some_and(|text| !text.trim().is_empty()),
            Shape::Word(words) => given.as_str().is_some_and(|text| words.contains(&text)),
            Shape::Number => number(given).is_some(),
            Shape::Count => count(given).is_some(),
            Shape::Boolean => given.is_bool(),
            Shape::Table | Shape::Values => given.is_table(),
            Shape::PathOrValues => given.is_table() || given.is_str(),
            Shape::Mapping => given.is_table() || given.is_str() || given.is_array(),
            Shape::Foreign => true,
        };
        if !fits {
            let what = match row.shape {
                Shape::Word(_) => format!("`{name}` is one of {}", row.shape.name()),
                _ => format!("`{name}` is {}, not {}", row.shape.name(), kind(given)),
            };
            let help = if row.example.is_empty() { String::new() } else { format!("write `{}`", row.example) };
            self.push("project::wrong-type", what, place, "this", help);
            return;
        }
        if let (Shape::Table, DeValue::Table(inner)) = (row.shape, given) {
            self.table(row.path, inner, place);
        }
    }

    /// Tells of a key that there is not; the key that may be meant.
    fn unknown(&mut self, pattern: &str, name: &str, place: Span) -> Option<&'static str> {
        let known: Vec<&'static str> = children(pattern).map(Key::name).collect();
        let meant = nearest(name, known.iter().copied());
        let near = meant.map(|near| format!("did you mean `{near}`? "));
        let place_name = match pattern.replace(".*", "").as_str() {
            "" => "at the top".to_owned(),
            "accounts" => "in an account".to_owned(),
            "triggers" => "in a trigger".to_owned(),
            "syncs" => "in a sync".to_owned(),
            inner => format!("in `{}`", inner.rsplit('.').next().unwrap_or_default()),
        };
        let help = format!("{}there is: {}", near.unwrap_or_default(), known.join(", "));
        self.push("project::unknown-key", format!("there is no key `{name}` {place_name}"), place, "unknown", help);
        meant
    }

    pub fn push(&mut self, code: &'static str, message: String, place: Span, label: &str, help: String) {
        let finding = Diagnostic::error(code, message).within(self.source).label(place, label);
        self.findings.push(if help.is_empty() { finding } else { finding.help(help) });
    }
}

/// A sentence up to its first pause, without the full stop.
fn first_words(doc: &str) -> String {
    let words = doc.split([';', ':']).next().unwrap_or(doc).trim_end_matches('.');
    let mut letters = words.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(text) if text.trim().is_empty() => "an empty text",
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "this number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
