//! `CSV` itself, and `String#parse_csv`.

use super::{Builder, Format, Headers, Malformed, format_of, headers_of, lines_of, read, with_headers};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Hash, Result, Unwind, Value, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "generate",
        "(text = '', **options) { |csv| … } -> String",
        "Rows that the block adds, as text.",
        "CSV.generate(col_sep: ';') { |csv| csv << [1, 2] } => \"1;2\\n\"",
        |host, _, mut args| {
            let options = args.take_keywords().unwrap_or_default();
            let text = if args.is_empty() { String::new() } else { args.str(0)?.to_text() };
            let wanted = options.get(&Value::symbol("write_headers")).is_some_and(|value| value.truthy());
            generate(host, text, &options, wanted, &args)
        },
    ),
    ruby(
        "generate_line",
        "(row, **options) -> String",
        "One row as text.",
        "CSV.generate_line([1, nil]) => \"1,\\n\"",
        |host, _, mut args| {
            let options = args.take_keywords().unwrap_or_default();
            let items = match args.get(0) {
                Value::Array(items) => items.to_vec(),
                other => return Err(crate::methods::args::no_conversion(&other, "Array")),
            };
            lines_of(host, &items, &format_of(&options)?).map(Value::string)
        },
    ),
    ruby(
        "parse",
        "(text, **options) -> Array",
        "The rows, each an array; with `headers:` each a hash.",
        "CSV.parse(\"a,b\\n1,2\") => [[\"a\", \"b\"], [\"1\", \"2\"]]\nCSV.parse(\"a,b\\n1,2\", headers: true).map(&:to_h) => [{\"a\"=>\"1\", \"b\"=>\"2\"}]",
        |host, _, mut args| {
            let options = args.take_keywords().unwrap_or_default();
            let rows = parse(&args, &options)?;
            let Some(block) = args.block else { return Ok(Value::array(rows)) };
            for row in rows {
                host.yield_block(&block, &[row])?;
            }
            Ok(Value::Nil)
        },
    ),
    ruby(
        "parse_line",
        "(text, **options) -> Array",
        "The first row.",
        "CSV.parse_line('a,b') => [\"a\", \"b\"]\nCSV.parse_line('') => nil",
        first_row,
    ),
];

pub(super) const STRING: &[Method] = &[ruby(
    "parse_csv",
    "(**options) -> Array",
    "The first row of the text.",
    "'a,b'.parse_csv => [\"a\", \"b\"]",
    |host, text, mut args| {
        let options = args.take_keywords();
        let mut given = Args::one(text.clone());
        if let Some(options) = options {
            given.values.push(Value::Hash(options));
            given.keywords = true;
        }
        first_row(host, text, given)
    },
)];

/// Runs a `generate` block.
pub(in crate::methods) fn generate(
    host: &mut dyn Host,
    text: String,
    options: &Hash,
    write_headers: bool,
    args: &Args,
) -> Result<Value> {
    let block = args.need_block()?;
    let csv = Value::object(Builder::new(host, text, options, write_headers)?);
    host.yield_block(&block, std::slice::from_ref(&csv))?;
    Ok(csv.downcast::<Builder>().map_or(Value::Nil, Builder::finish))
}

fn first_row(_: &mut dyn Host, _: &Value, mut args: Args) -> Result<Value> {
    let options = args.take_keywords().unwrap_or_default();
    Ok(parse(&args, &options)?.into_iter().next().unwrap_or_default())
}

fn parse(args: &Args, options: &Hash) -> Result<Vec<Value>> {
    if args.get(0).is_nil() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "Cannot parse nil as CSV"));
    }
    let text = args.str(0)?;
    let format: Format = format_of(options)?;
    let rows = read(&text.bytes(), &format).map_err(malformed)?;
    match headers_of(&options.get(&Value::symbol("headers")).unwrap_or_default()) {
        Headers::None => Ok(rows
            .into_iter()
            .map(|row| Value::array(row.into_iter().map(|field| field.map_or(Value::Nil, Value::string)).collect()))
            .collect()),
        headers => {
            let rows = with_headers(rows, headers, &format).map_err(malformed)?;
            Ok(rows.into_iter().map(|row| Value::Hash(Rc::new(row))).collect())
        }
    }
}

#[cold]
fn malformed(Malformed(message): Malformed) -> Box<Unwind> {
    raise(ClassId::CSV_MALFORMED_ERROR, message)
}
