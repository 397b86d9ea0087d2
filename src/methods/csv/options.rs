//! The options of Ruby's CSV.

use crate::value::{ClassId, Hash, Result, Str, Value, inspect, raise, to_s};

/// How rows are written as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    pub column: String,
    /// `None` finds out: the first line end of the text; written, it is `\n`.
    pub row: Option<String>,
    /// `None` is no quoting at all.
    pub quote: Option<char>,
    pub force_quotes: bool,
    pub skip_blanks: bool,
}

impl Default for Format {
    fn default() -> Self {
        Self { column: ",".to_owned(), row: None, quote: Some('"'), force_quotes: false, skip_blanks: false }
    }
}

/// Where the names of the columns come from.
#[derive(Clone)]
pub enum Headers {
    None,
    /// The first row.
    First,
    /// These.
    Given(Vec<Value>),
    /// A row of names, still as text.
    Line(String),
}

/// The format that options describe; unknown options are left to the caller.
pub fn format_of(options: &Hash) -> Result<Format> {
    let mut format = Format::default();
    let option = |name: &str| options.get(&Value::symbol(name));
    if let Some(column) = option("col_sep") {
        format.column = match &column {
            Value::Nil => String::new(),
            other => to_s(other).to_text(),
        };
        if format.column.is_empty() {
            let message = format!(":col_sep must be 1 or more characters: {}", inspect(&column).to_text());
            return Err(raise(ClassId::ARGUMENT_ERROR, message));
        }
    }
    match option("row_sep") {
        None | Some(Value::Symbol(_)) => {}
        Some(Value::Nil) => format.row = Some(String::new()),
        Some(row) => format.row = Some(to_s(&row).to_text()),
    }
    if let Some(quote) = option("quote_char") {
        format.quote = quote_of(&quote)?;
    }
    format.force_quotes = option("force_quotes").is_some_and(|value| value.truthy());
    format.skip_blanks = option("skip_blanks").is_some_and(|value| value.truthy());
    Ok(format)
}

fn quote_of(value: &Value) -> Result<Option<char>> {
    if value.is_nil() {
        return Ok(None);
    }
    let text = to_s(value).to_text();
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(quote), None) => Ok(Some(quote)),
        _ => Err(raise(ClassId::ARGUMENT_ERROR, ":quote_char has to be nil or a single character String")),
    }
}

/// `headers:` — true, names, or a line of names.
pub fn headers_of(value: &Value) -> Headers {
    match value {
        Value::Nil | Value::False => Headers::None,
        Value::Array(names) => Headers::Given(names.to_vec()),
        Value::Str(line) => Headers::Line(text(line)),
        _ => Headers::First,
    }
}

fn text(line: &Str) -> String {
    line.to_text()
}
