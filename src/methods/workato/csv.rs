//! `workato.csv`.

use super::refuse;
use crate::methods::csv::{Format, Malformed, format_of, generate, headers_of, read, with_headers};
use crate::methods::{Args, Host, Method, sdk};
use crate::text::Name;
use crate::value::{ClassId, Exception, Hash, Result, Unwind, Value, inspect, raise, to_s};
use std::rc::Rc;

const MOST_BYTES: usize = 30 << 20;
const MOST_LINES: usize = 65_000;

pub(super) const ROWS: &[Method] = &[
    sdk(
        "generate",
        "(text = nil, headers: nil, col_sep: nil, row_sep: nil, quote_char: nil, force_quotes: nil) { |csv| … } -> String",
        "Rows that the block adds, as text, after a line of headers.",
        "workato.csv.generate(headers: %w[a b]) { |csv| csv << [1, 2] } => \"a,b\\n1,2\\n\"",
        |host, _, mut args| {
            let options = known(&mut args, &["headers", "col_sep", "row_sep", "quote_char", "force_quotes"])?;
            let text = match args.get(0) {
                Value::Nil => String::new(),
                _ => args.str(0)?.to_text(),
            };
            generate(host, text, &options, true, &args).map_err(as_sdk_error)
        },
    ),
    sdk(
        "parse",
        "(text, headers:, col_sep: nil, row_sep: nil, quote_char: nil, skip_blanks: nil, skip_first_line: false) -> Array",
        "Rows as hashes under their headers: `headers: true` takes the first line, else give names.",
        "workato.csv.parse(\"a,b\\n1,2\\n\", headers: true) => [{\"a\"=>\"1\", \"b\"=>\"2\"}]\nworkato.csv.parse(\"1;2\", headers: %w[x y], col_sep: ';') => [{\"x\"=>\"1\", \"y\"=>\"2\"}]",
        parse,
    ),
];

/// The keywords, without those that are nil; an unknown one is an error.
fn known(args: &mut Args, names: &[&str]) -> Result<Rc<Hash>> {
    let given = args.take_keywords().unwrap_or_default();
    let options = Hash::new();
    for (key, value) in given.to_vec() {
        let known = matches!(&key, Value::Symbol(name) if name.with(|name| names.contains(&name)));
        if !known {
            return Err(raise(ClassId::ARGUMENT_ERROR, format!("unknown keyword: {}", inspect(&key).to_text())));
        }
        if !value.is_nil() {
            options.insert(key, value);
        }
    }
    Ok(Rc::new(options))
}

/// The SDK speaks of wrong options in its own class.
fn as_sdk_error(unwind: Box<Unwind>) -> Box<Unwind> {
    match &*unwind {
        Unwind::Raise(error) if error.class.is_a(ClassId::ARGUMENT_ERROR) => refuse(error.message()),
        _ => unwind,
    }
}

#[cold]
fn csv_error(class: ClassId, message: String) -> Box<Unwind> {
    Box::new(Unwind::Raise(Rc::new(Exception::new(class, message))))
}

fn parse(host: &mut dyn Host, _: &Value, mut args: Args) -> Result<Value> {
    const OPTIONS: &[&str] = &["headers", "col_sep", "row_sep", "quote_char", "skip_blanks", "skip_first_line"];
    let options = known(&mut args, OPTIONS)?;
    let Some(headers) = options.get(&Value::symbol("headers")) else {
        return Err(raise(ClassId::ARGUMENT_ERROR, "missing keyword: :headers"));
    };
    let Value::Str(text) = args.get(0) else {
        let message = format!("Parameter 'str': Expected type String, got type {}", args.get(0).class().name());
        return Err(raise(ClassId::TYPE_ERROR, message));
    };
    if !headers.truthy() {
        return Err(refuse(
            "Headers are required. Pass headers: true to implicitly use the first line or array/string for explicit headers",
        ));
    }
    if text.len() > MOST_BYTES {
        let mut human = |bytes: usize| {
            let size = host.send(&bytes.into(), Name::new("to_s"), Args::one(Value::symbol("human_size")));
            size.map(|size| to_s(&size).to_text())
        };
        let (most, got) = (human(MOST_BYTES)?, human(text.len())?);
        let message = format!("CSV file is too big. Max allowed: {most}, got: {got}");
        return Err(csv_error(ClassId::SDK_CSV_TOO_BIG_ERROR, message));
    }
    let format: Format = format_of(&options).map_err(as_sdk_error)?;
    let malformed = |Malformed(message)| csv_error(ClassId::SDK_CSV_FORMAT_ERROR, message);
    let rows = read(&text.bytes(), &format).map_err(malformed)?;
    let mut rows = with_headers(rows, headers_of(&headers), &format).map_err(malformed)?;
    if options.get(&Value::symbol("skip_first_line")).is_some_and(|value| value.truthy()) && !rows.is_empty() {
        rows.remove(0);
    }
    if rows.len() > MOST_LINES {
        let message = format!("CSV file has too many lines. Max allowed: {MOST_LINES}");
        return Err(csv_error(ClassId::SDK_CSV_TOO_LONG_ERROR, message));
    }
    Ok(Value::array(rows.into_iter().map(|row| Value::Hash(Rc::new(row))).collect()))
}
