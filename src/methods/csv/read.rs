//! CSV text to rows, as strict as Ruby's parser.

use super::{Format, Headers};
use crate::value::{Hash, Value};

/// The fields of a line; an empty line has none.
pub type Row = Vec<Option<String>>;

/// Why a text is no CSV: a sentence that ends with the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl Malformed {
    fn at(what: &str, line: usize) -> Self {
        Self(format!("{what} in line {line}."))
    }
}

/// The rows of a text.
pub fn read(text: &[u8], format: &Format) -> Result<Vec<Row>, Malformed> {
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => {
            let line = text[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            return Err(Malformed::at("Invalid byte sequence in UTF-8", line));
        }
    };
    let row_end = format.row.clone().unwrap_or_else(|| line_end(text).to_owned());
    let mut reader = Reader { rest: text, format, row_end, line: 1, rows: Vec::new() };
    while !reader.rest.is_empty() {
        let row = reader.row()?;
        if !(format.skip_blanks && row.is_empty()) {
            reader.rows.push(row);
        }
    }
    Ok(reader.rows)
}

/// The first line end of the text.
fn line_end(text: &str) -> &str {
    match text.find(['\r', '\n']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) => &text[at..=at],
        None => "\n",
    }
}

struct Reader<'a> {
    rest: &'a str,
    format: &'a Format,
    /// Empty where only the end of the text ends a row.
    row_end: String,
    line: usize,
    rows: Vec<Row>,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, what: &str) -> bool {
        match self.rest.strip_prefix(what) {
            Some(rest) if !what.is_empty() => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn at_row_end(&self) -> bool {
        self.rest.is_empty() || (!self.row_end.is_empty() && self.rest.starts_with(&self.row_end))
    }

    fn end_row(&mut self) {
        let end = std::mem::take(&mut self.row_end);
        self.eat(&end);
        self.row_end = end;
        self.line += 1;
    }

    fn row(&mut self) -> Result<Row, Malformed> {
        let mut row = Vec::new();
        if self.at_row_end() {
            self.end_row();
            return Ok(row);
        }
        loop {
            let field = match self.format.quote {
                Some(quote) if self.rest.starts_with(quote) => self.quoted(quote)?,
                quote => self.plain(quote)?,
            };
            row.push(field);
            if self.eat(&self.format.column) {
                continue;
            }
            self.end_row();
            return Ok(row);
        }
    }

    fn plain(&mut self, quote: Option<char>) -> Result<Option<String>, Malformed> {
        let mut end = 0;
        for (at, c) in self.rest.char_indices() {
            let here = &self.rest[at..];
            if here.starts_with(self.format.column.as_str())
                || (!self.row_end.is_empty() && here.starts_with(&self.row_end))
            {
                break;
            }
            if Some(c) == quote {
                return Err(Malformed::at("Illegal quoting", self.line));
            }
            if matches!(c, '\r' | '\n') {
                let what = format!("Unquoted fields do not allow new line <{:?}>", c.to_string());
                return Err(Malformed::at(&what, self.line));
            }
            end = at + c.len_utf8();
        }
        let (field, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok((!field.is_empty()).then(|| field.to_owned()))
    }

    fn quoted(&mut self, quote: char) -> Result<Option<String>, Malformed> {
        let opened_at = self.line;
        let mut field = String::new();
        let mut rest: &'a str = &self.rest[quote.len_utf8()..];
        loop {
            let Some(at) = rest.find(quote) else {
                return Err(Malformed::at("Unclosed quoted field", opened_at));
            };
            field.push_str(&rest[..at]);
            rest = &rest[at + quote.len_utf8()..];
            match rest.strip_prefix(quote) {
                Some(after) => {
                    field.push(quote);
                    rest = after;
                }
                None => break,
            }
        }
        self.rest = rest;
        self.line += field.matches(if self.row_end.is_empty() { "\n" } else { &self.row_end }).count();
        if !self.at_row_end() && !self.rest.starts_with(self.format.column.as_str()) {
            return Err(Malformed::at("Any value after quoted field isn't allowed", self.line));
        }
        Ok(Some(field))
    }
}

/// Rows as hashes under their headers: too few fields are nil, too many come under nil, the first of equal names wins.
pub fn with_headers(mut rows: Vec<Row>, headers: Headers, format: &Format) -> Result<Vec<Hash>, Malformed> {
    let name = |field: Option<String>| field.map_or(Value::Nil, Value::string);
    let names: Vec<Value> = match headers {
        Headers::Given(names) => names,
        Headers::Line(line) => {
            let first = read(line.as_bytes(), format)?.into_iter().next().unwrap_or_default();
            first.into_iter().map(name).collect()
        }
        Headers::First | Headers::None => {
            if rows.is_empty() {
                return Ok(Vec::new());
            }
            rows.remove(0).into_iter().map(name).collect()
        }
    };
    for name in &names {
        if let Value::Str(name) = name {
            name.freeze();
        }
    }
    Ok(rows.into_iter().map(|row| hash_of(&names, row)).collect())
}

fn hash_of(names: &[Value], row: Row) -> Hash {
    let hash = Hash::with_capacity(names.len());
    let width = names.len().max(row.len());
    let mut fields = row.into_iter();
    for at in 0..width {
        let value = fields.next().flatten().map_or(Value::Nil, Value::string);
        let name = names.get(at).cloned().unwrap_or_default();
        if !hash.contains(&name) {
            hash.insert(name, value);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, format: &Format) -> String {
        match read(text.as_bytes(), format) {
            Ok(rows) => format!("{rows:?}").replace("Some(", "").replace(')', "").replace("None", "nil"),
            Err(Malformed(message)) => message,
        }
    }

    #[test]
    fn texts_are_read_as_ruby_reads_them() {
        let plain = Format::default();
        for (text, expected) in [
            ("", "[]"),
            ("\n", "[[]]"),
            (",", "[[nil, nil]]"),
            ("a,", r#"[["a", nil]]"#),
            (r#""""#, r#"[[""]]"#),
            (r#""a""b",c"#, r#"[["a\"b", "c"]]"#),
            ("a,\"b\nc\",d", r#"[["a", "b\nc", "d"]]"#),
            ("x\r\n\r\ny", r#"[["x"], [], ["y"]]"#),
            (r#"a"b,c"#, "Illegal quoting in line 1."),
            (r#""a"b,c"#, "Any value after quoted field isn't allowed in line 1."),
            (r#""abc"#, "Unclosed quoted field in line 1."),
            ("1\n2\n\"3", "Unclosed quoted field in line 3."),
            ("a\rb\nc", r#"Unquoted fields do not allow new line <"\n"> in line 2."#),
            ("a\r\nb\n", r#"Unquoted fields do not allow new line <"\n"> in line 2."#),
            ("l1\nl2 \"x", "Illegal quoting in line 2."),
        ] {
            assert_eq!(show(text, &plain), expected, "{text:?}");
        }
        assert_eq!(show("a||b", &Format { column: "||".to_owned(), ..Format::default() }), r#"[["a", "b"]]"#);
        assert_eq!(
            show("a,b;c;", &Format { row: Some(";".to_owned()), ..Format::default() }),
            r#"[["a", "b"], ["c"]]"#
        );
        assert_eq!(show("a,\"b\"", &Format { quote: None, ..Format::default() }), r#"[["a", "\"b\""]]"#);
    }
}
