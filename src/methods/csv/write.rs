//! Rows to CSV text.

use super::{Format, Headers, format_of, headers_of};
use crate::methods::kernel::text_of;
use crate::methods::{Args, Host, Method, ruby, sdk};
use crate::text::Name;
use crate::value::{ClassId, Hash, Object, Result, Str, Value, raise};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

pub(super) const ARRAY: &[Method] = &[sdk(
    "to_csv",
    "(multi_line: true, **options) -> String",
    "The items as a line of CSV; an array of arrays as several, unless `multi_line: false`.",
    "[1, 'a,b', nil].to_csv => \"1,\\\"a,b\\\",\\n\"\n[[1, 2], [3]].to_csv => \"1,2\\n3\\n\"\n[1, 2].to_csv(col_sep: ';') => \"1;2\\n\"",
    to_csv,
)];

pub(super) const BUILDER: &[Method] = &[ruby(
    "<< add_row puts",
    "(row) -> CSV",
    "Adds a row, an array or a hash under the headers.",
    "CSV.generate { |csv| csv << [1, nil] } => \"1,\\n\"",
    |host, builder, args| {
        let Some(csv) = builder.downcast::<Builder>() else { return Ok(Value::Nil) };
        csv.add(host, &args.get(0))?;
        Ok(builder.clone())
    },
)];

fn to_csv(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let options = args.take_keywords().unwrap_or_default();
    let format = format_of(&options)?;
    let Value::Array(items) = receiver else { return Ok(Value::Nil) };
    let items = items.to_vec();
    let several = options.get(&Value::symbol("multi_line")).is_none_or(|value| value.truthy());
    if several && matches!(items.first(), Some(Value::Array(_))) {
        let mut out = String::new();
        let inner = Args { values: args.values, keywords: false, block: None };
        for item in &items {
            let mut inner = inner.clone();
            if !options.is_empty() {
                inner.values.push(Value::Hash(Rc::clone(&options)));
                inner.keywords = true;
            }
            let line = host.send(item, Name::new("to_csv"), inner)?;
            out.push_str(&crate::value::to_s(&line).to_text());
        }
        return Ok(Value::string(out));
    }
    lines_of(host, &items, &format).map(Value::string)
}

/// One row with its line end.
pub fn lines_of(host: &mut dyn Host, items: &[Value], format: &Format) -> Result<String> {
    let mut fields = Vec::with_capacity(items.len());
    for item in items {
        fields.push(if item.is_nil() { None } else { Some(text_of(host, item)?) });
    }
    Ok(line(&fields, format))
}

/// One row of texts with its line end.
pub fn line(fields: &[Option<Rc<Str>>], format: &Format) -> String {
    let mut out = String::new();
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push_str(&format.column);
        }
        match field {
            None if format.force_quotes => push_quoted("", format, &mut out),
            None => {}
            Some(text) => {
                let text = text.to_text();
                if format.force_quotes || needs_quotes(&text, format) {
                    push_quoted(&text, format, &mut out);
                } else {
                    out.push_str(&text);
                }
            }
        }
    }
    out.push_str(format.row.as_deref().unwrap_or("\n"));
    out
}

fn needs_quotes(text: &str, format: &Format) -> bool {
    let Some(quote) = format.quote else { return false };
    text.is_empty() || text.contains(['\r', '\n', quote]) || text.contains(&format.column)
}

fn push_quoted(text: &str, format: &Format, out: &mut String) {
    let quote = format.quote.unwrap_or('"');
    out.push(quote);
    out.push_str(&text.replace(quote, &format!("{quote}{quote}")));
    out.push(quote);
}

/// What a `generate` block adds rows to.
pub struct Builder {
    out: RefCell<String>,
    format: Format,
    headers: RefCell<Vec<Value>>,
    /// The first row names the columns.
    names_from_first: std::cell::Cell<bool>,
}

impl Builder {
    /// Begins with `text`, and with a line of headers if they are named and wanted.
    pub fn new(host: &mut dyn Host, text: String, options: &Hash, write_headers: bool) -> Result<Self> {
        let format = format_of(options)?;
        let headers = headers_of(&options.get(&Value::symbol("headers")).unwrap_or_default());
        let names_from_first = matches!(headers, Headers::First);
        let names = match headers {
            Headers::Given(names) => names,
            Headers::Line(line) => {
                let row = super::read(line.as_bytes(), &format).unwrap_or_default().into_iter().next();
                row.unwrap_or_default().into_iter().map(|name| name.map_or(Value::Nil, Value::string)).collect()
            }
            Headers::First | Headers::None => Vec::new(),
        };
        let mut out = text;
        if write_headers && !names.is_empty() {
            out.push_str(&lines_of(host, &names, &format)?);
        }
        let names_from_first = std::cell::Cell::new(names_from_first);
        Ok(Self { out: RefCell::new(out), format, headers: RefCell::new(names), names_from_first })
    }

    fn add(&self, host: &mut dyn Host, row: &Value) -> Result<()> {
        let items = match host.force(row)? {
            Value::Array(items) => items.to_vec(),
            Value::Hash(hash) => self.under_headers(&hash)?,
            other => return Err(no_row(&other)),
        };
        let line = lines_of(host, &items, &self.format)?;
        if self.names_from_first.replace(false) {
            *self.headers.borrow_mut() = items;
        }
        host.charge(self.out.borrow().len() + line.len())?;
        self.out.borrow_mut().push_str(&line);
        Ok(())
    }

    fn under_headers(&self, row: &Hash) -> Result<Vec<Value>> {
        let headers = self.headers.borrow();
        if headers.is_empty() {
            return Err(no_row(&Value::Nil));
        }
        Ok(headers.iter().map(|name| row.get(name).unwrap_or_default()).collect())
    }

    pub fn finish(&self) -> Value {
        Value::string(self.out.borrow().clone())
    }
}

fn no_row(value: &Value) -> Box<crate::value::Unwind> {
    let shown = crate::value::inspect(value).to_text();
    let message = format!("undefined method `collect' for {shown}:{}", value.class().name());
    raise(ClassId::NO_METHOD_ERROR, message)
}

impl Object for Builder {
    fn class(&self) -> ClassId {
        ClassId::CSV
    }

    fn namespace(&self) -> Option<&'static str> {
        Some("CSV")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
