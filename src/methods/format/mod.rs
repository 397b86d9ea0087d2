//! `format`, `sprintf` and `String#%`: reading the template and fetching the arguments. How numbers are written is in
//! `integer` and `float`.

mod float;
mod integer;

use super::string::require_compatible;
use super::{Args, Host, Method, Receiver, Table, convert, ruby};
use crate::value::{ClassId, Encoding, Hash, HashDefault, Result, Str, Value, inspect, raise, to_s};
use std::rc::Rc;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Context, rows: ROWS }];

const ROWS: &[Method] = &[ruby(
    "format sprintf",
    "(*template_and_values) -> String",
    "Writes the values into the template's `%` fields.",
    "format('%05.1f|%-4s|%x', 3.14159, 'ab', 255) => \"003.1|ab  |ff\"\nformat('%<a>03d %{b}', a: 7, b: 'x') => \"007 x\"",
    format_row,
)];

fn format_row(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    if args.is_empty() {
        return Err(too_few());
    }
    let template = args.str(0)?;
    format(host, &template, args.values.get(1..).unwrap_or_default())
}

/// `String#%`: an array on the right is the list of values, anything else the only one.
pub fn percent(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Value::Str(template) = receiver else { return Ok(Value::Nil) };
    let value = host.force(&args.get(0))?;
    match &value {
        Value::Array(values) => format(host, template, &values.to_vec()),
        _ => format(host, template, std::slice::from_ref(&value)),
    }
}

/// The template with its fields filled in, in the encoding that template and texts share. Errors are ArgumentError, TypeError or KeyError
/// with Ruby's words.
pub fn format(host: &mut dyn Host, template: &Str, args: &[Value]) -> Result<Value> {
    let bytes = template.bytes().to_vec();
    let mut out = Vec::with_capacity(bytes.len() + 16 * args.len());
    let mut reader = Reader { bytes: &bytes, at: 0, args, used: Used::Nothing, encoding: template.encoding() };
    while let Some(offset) = reader.rest().iter().position(|byte| *byte == b'%') {
        out.extend_from_slice(&reader.rest()[..offset]);
        reader.at += offset + 1;
        reader.field(host, &mut out)?;
    }
    out.extend_from_slice(reader.rest());
    let encoding = reader.encoding;
    if encoding != template.encoding() {
        require_compatible(template, &Str::owned(out.clone(), encoding))?;
    }
    Ok(Value::Str(Rc::new(Str::owned(out, encoding))))
}

/// A float with up to ten digits, as range errors show it.
pub fn brief(number: f64) -> String {
    let spec = Spec { precision: Some(10), ..Spec::default() };
    let mut out = Vec::new();
    float::write(&spec, b'g', number, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Flags, width and precision of one field.
#[derive(Clone, Debug, Default)]
pub(super) struct Spec {
    pub minus: bool,
    pub plus: bool,
    pub space: bool,
    pub zero: bool,
    pub sharp: bool,
    pub width: Option<usize>,
    pub precision: Option<usize>,
}

impl Spec {
    /// Writes text padded with spaces to the width, counted in characters.
    fn pad(&self, text: &[u8], out: &mut Vec<u8>) {
        let length = String::from_utf8_lossy(text).chars().count();
        let fill = self.width.unwrap_or(0).saturating_sub(length);
        if !self.minus {
            out.resize(out.len() + fill, b' ');
        }
        out.extend_from_slice(text);
        if self.minus {
            out.resize(out.len() + fill, b' ');
        }
    }

    /// The sign character of a number.
    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, _, _) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }
}

/// How values have been taken so far; the three ways do not mix.
#[derive(Clone, Copy)]
enum Used {
    Nothing,
    InOrder(usize),
    Numbered,
    Named,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    args: &'a [Value],
    used: Used,
    /// Of what has been written.
    encoding: Encoding,
}

/// A field while it is read: its spec and the value that `1$` or `<name>` chose.
#[derive(Default)]
struct Field {
    spec: Spec,
    chosen: Option<Value>,
    name: Option<String>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Reads one field after its `%` and writes it.
    fn field(&mut self, host: &mut dyn Host, out: &mut Vec<u8>) -> Result<()> {
        let mut field = Field::default();
        loop {
            let Some(byte) = self.peek() else {
                return Err(argument_error("incomplete format specifier; use %% (double %) instead"));
            };
            match byte {
                b' ' | b'#' | b'+' | b'-' | b'0' => self.flag(byte, &mut field.spec)?,
                b'1'..=b'9' => self.number_or_width(&mut field)?,
                b'*' => self.star(&mut field)?,
                b'.' => self.precision(&mut field)?,
                b'<' | b'{' => {
                    if let Some(value) = self.named(host, byte, &mut field)? {
                        return self.write_text(host, &field.spec, &value, out);
                    }
                }
                b'\n' | 0 => {
                    percent_sign(&field.spec, out)?;
                    out.push(byte);
                    self.at += 1;
                    return Ok(());
                }
                b'%' => {
                    self.at += 1;
                    return percent_sign(&field.spec, out);
                }
                kind => {
                    self.at += 1;
                    return self.write(host, kind, field, out);
                }
            }
        }
    }

    fn flag(&mut self, byte: u8, spec: &mut Spec) -> Result<()> {
        if spec.width.is_some() {
            return Err(argument_error("flag after width"));
        }
        if spec.precision.is_some() {
            return Err(argument_error("flag after precision"));
        }
        match byte {
            b' ' => spec.space = true,
            b'#' => spec.sharp = true,
            b'+' => spec.plus = true,
            b'-' => spec.minus = true,
            _ => spec.zero = true,
        }
        self.at += 1;
        Ok(())
    }

    /// Decimal digits; `what` names them in the errors.
    fn number(&mut self, what: &str, form: &str) -> Result<usize> {
        let mut number: usize = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.saturating_mul(10).saturating_add(usize::from(digit - b'0'));
            if number > i32::MAX as usize {
                return Err(argument_error(format!("{what} too big")));
            }
            self.at += 1;
        }
        if self.peek().is_none() {
            return Err(argument_error(format!("malformed format string - %{form}[0-9]")));
        }
        Ok(number)
    }

    fn number_or_width(&mut self, field: &mut Field) -> Result<()> {
        let number = self.number("width", "*")?;
        if self.peek() != Some(b'$') {
            return set_width(&mut field.spec, number);
        }
        if field.chosen.is_some() {
            return Err(argument_error(format!("value given twice - {number}$")));
        }
        self.at += 1;
        field.chosen = Some(self.numbered(number)?);
        Ok(())
    }

    fn star(&mut self, field: &mut Field) -> Result<()> {
        if field.spec.width.is_some() {
            return Err(argument_error("width given twice"));
        }
        let width = self.star_value("width")?;
        field.spec.minus |= width < 0;
        set_width(&mut field.spec, usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX))
    }

    /// The integer that `*` or `*1$` stands for.
    fn star_value(&mut self, what: &str) -> Result<i64> {
        self.at += 1;
        let start = self.at;
        let number = self.number(what, if what == "width" { "*" } else { "." })?;
        if self.peek() == Some(b'$') {
            self.at += 1;
            return super::args::to_int(&self.numbered(number)?);
        }
        self.at = start;
        super::args::to_int(&self.next()?)
    }

    fn precision(&mut self, field: &mut Field) -> Result<()> {
        if field.spec.precision.is_some() {
            return Err(argument_error("precision given twice"));
        }
        self.at += 1;
        if self.peek() == Some(b'*') {
            let precision = self.star_value("precision")?;
            field.spec.precision = usize::try_from(precision).ok();
            return Ok(());
        }
        field.spec.precision = Some(self.number("precision", ".")?);
        Ok(())
    }

    /// `<name>` chooses the value and reading goes on; `{name}` is the whole field and answers with the value.
    fn named(&mut self, host: &mut dyn Host, open: u8, field: &mut Field) -> Result<Option<Value>> {
        let close = if open == b'<' { b'>' } else { b'}' };
        let Some(length) = self.rest().iter().position(|byte| *byte == close) else {
            return Err(argument_error("malformed name - unmatched parenthesis"));
        };
        let shown = String::from_utf8_lossy(&self.rest()[..=length]).into_owned();
        let name = shown[1..shown.len() - 1].to_owned();
        self.at += length + 1;
        if let Some(earlier) = &field.name {
            return Err(argument_error(format!("named{shown} after <{earlier}>")));
        }
        let value = self.lookup(host, &name, &shown)?;
        if open == b'{' {
            return Ok(Some(value));
        }
        field.name = Some(name);
        field.chosen = Some(value);
        Ok(None)
    }

    fn lookup(&mut self, host: &mut dyn Host, name: &str, shown: &str) -> Result<Value> {
        match self.used {
            Used::InOrder(count) => return Err(argument_error(format!("named{shown} after unnumbered({count})"))),
            Used::Numbered => return Err(argument_error(format!("named{shown} after numbered"))),
            Used::Nothing | Used::Named => self.used = Used::Named,
        }
        let hash = match self.args {
            [one] => host.force(one)?,
            _ => Value::Nil,
        };
        let Value::Hash(hash) = hash else { return Err(argument_error("one hash required")) };
        let key = Value::symbol(name);
        // An indifferent hash holds strings only, and the lookup goes past its conversion of keys.
        let found = if hash.is_indifferent() { None } else { hash.get(&key) };
        if let Some(value) = found {
            return Ok(value);
        }
        match default_of(host, &hash, &key)? {
            Value::Nil => Err(key_error(shown, &hash, key)),
            value => Ok(value),
        }
    }

    /// The next value in order.
    fn next(&mut self) -> Result<Value> {
        let count = match self.used {
            Used::Nothing => 1,
            Used::InOrder(count) => count + 1,
            Used::Numbered => return Err(argument_error("unnumbered(1) mixed with numbered")),
            Used::Named => return Err(argument_error("unnumbered(1) mixed with named")),
        };
        self.used = Used::InOrder(count);
        self.args.get(count - 1).cloned().ok_or_else(too_few)
    }

    fn numbered(&mut self, number: usize) -> Result<Value> {
        match self.used {
            Used::InOrder(count) => {
                return Err(argument_error(format!("numbered({number}) after unnumbered({count})")));
            }
            Used::Named => return Err(argument_error(format!("numbered({number}) after named"))),
            Used::Nothing | Used::Numbered => self.used = Used::Numbered,
        }
        if number < 1 {
            return Err(argument_error(format!("invalid index - {number}$")));
        }
        self.args.get(number - 1).cloned().ok_or_else(too_few)
    }

    fn write(&mut self, host: &mut dyn Host, kind: u8, field: Field, out: &mut Vec<u8>) -> Result<()> {
        let spec = field.spec;
        if !b"cspdiuoxXbBfgGeEaA".contains(&kind) {
            let shown = if kind.is_ascii_graphic() { format!(" - %{}", char::from(kind)) } else { String::new() };
            return Err(argument_error(format!("malformed format string{shown}")));
        }
        let value = match field.chosen {
            Some(value) => value,
            None => self.next()?,
        };
        let value = host.force(&value)?;
        host.charge(spec.width.unwrap_or(0).saturating_add(spec.precision.unwrap_or(0)))?;
        match kind {
            b'c' => write_char(&spec, &value, out),
            b's' => self.write_text(host, &spec, &value, out),
            b'p' => self.write_text(host, &spec, &Value::Str(Rc::new(inspect(&value))), out),
            b'f' if matches!(value, Value::Int(_) | Value::BigInt(_) | Value::Rational(_)) => {
                float::write_exact(&spec, &value, out);
                Ok(())
            }
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' | b'b' | b'B' => {
                let number = convert::to_integer(host, &value)?;
                integer::write(&spec, kind, &number, out);
                Ok(())
            }
            _ => {
                let number = convert::to_float(host, &value)?;
                float::write(&spec, kind, number, out);
                Ok(())
            }
        }
    }

    fn write_text(&mut self, host: &mut dyn Host, spec: &Spec, value: &Value, out: &mut Vec<u8>) -> Result<()> {
        let text = to_s(&host.force(value)?);
        if text.encoding() != self.encoding && !text.is_ascii() {
            self.encoding = require_compatible(&Str::owned(out.clone(), self.encoding), &text)?;
        }
        let bytes = text.bytes();
        let cut = match spec.precision {
            None => bytes.len(),
            Some(limit) => char_boundary(&bytes, limit),
        };
        spec.pad(&bytes[..cut], out);
        Ok(())
    }
}

fn set_width(spec: &mut Spec, width: usize) -> Result<()> {
    if spec.width.is_some() {
        return Err(argument_error("width given twice"));
    }
    if spec.precision.is_some() {
        return Err(argument_error("width after precision"));
    }
    spec.width = Some(width);
    Ok(())
}

fn percent_sign(spec: &Spec, out: &mut Vec<u8>) -> Result<()> {
    if spec.minus
        || spec.plus
        || spec.space
        || spec.zero
        || spec.sharp
        || spec.width.is_some()
        || spec.precision.is_some()
    {
        return Err(argument_error("invalid format character - %"));
    }
    out.push(b'%');
    Ok(())
}

fn default_of(host: &mut dyn Host, hash: &Rc<Hash>, key: &Value) -> Result<Value> {
    match hash.default_value() {
        HashDefault::None => Ok(Value::Nil),
        HashDefault::Value(value) => Ok(value),
        HashDefault::Proc(block) => host.call_proc(&block, Args::of(&[Value::Hash(Rc::clone(hash)), key.clone()])),
    }
}

/// The byte length of the first `count` characters.
fn char_boundary(bytes: &[u8], count: usize) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.char_indices().nth(count).map_or(bytes.len(), |(at, _)| at),
        Err(_) => count.min(bytes.len()),
    }
}

fn write_char(spec: &Spec, value: &Value, out: &mut Vec<u8>) -> Result<()> {
    let text = match value {
        Value::Str(text) => {
            let bytes = text.bytes().to_vec();
            if String::from_utf8_lossy(&bytes).chars().count() != 1 {
                return Err(argument_error("%c requires a character"));
            }
            bytes
        }
        other => {
            let code = super::args::to_int(other)?;
            if (-2..0).contains(&code) {
                spec.pad(&[code as u8], out);
                return Ok(());
            }
            let c = u32::try_from(code).ok().and_then(char::from_u32);
            c.ok_or_else(|| argument_error("invalid character"))?.to_string().into_bytes()
        }
    };
    spec.pad(&text, out);
    Ok(())
}

#[cold]
fn argument_error(message: impl Into<String>) -> Box<crate::value::Unwind> {
    raise(ClassId::ARGUMENT_ERROR, message)
}

#[cold]
fn too_few() -> Box<crate::value::Unwind> {
    argument_error("too few arguments")
}

#[cold]
fn key_error(shown: &str, hash: &Rc<Hash>, key: Value) -> Box<crate::value::Unwind> {
    let error = crate::value::Exception::new(ClassId::KEY_ERROR, format!("key{shown} not found"))
        .with_attribute("receiver", Value::Hash(Rc::clone(hash)))
        .with_attribute("key", key);
    Box::new(crate::value::Unwind::Raise(Rc::new(error)))
}
