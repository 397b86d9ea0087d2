//! Numbers for people: currency, percentage, phone, delimited, rounded, human and human size, as ActiveSupport writes
//! them.

use super::arithmetic::decimal::{Rounding, ratio, round_places};
use super::{Args, Host, Method, Receiver, Table, args, decimal, sdk};
use crate::text::Name;
use crate::value::{ClassId, Decimal, Hash, Kind, Result, Value, number_text, raise, to_s};
use num_traits::ToPrimitive;
use std::rc::Rc;

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Integer, Kind::Float]), rows: ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Integer]), rows: INTEGER_ROWS },
];

const ROWS: &[Method] = &[sdk(
    "to_currency",
    "(options = nil) -> String",
    "The number as an amount of money.",
    "1234.5.to_currency => \"$1,234.50\"\n1234.5.to_currency(unit: 'kr', format: '%n %u') => \"1,234.50 kr\"",
    |host, number, args| currency(host, number, &options_of(&args, 0)?),
)];

const INTEGER_ROWS: &[Method] = &[sdk(
    "to_phone",
    "(options = nil) -> String",
    "The number as a phone number.",
    "5551234567.to_phone => \"555-123-4567\"\n5551234567.to_phone(area_code: true) => \"(555) 123-4567\"",
    |host, number, args| phone(host, number, &options_of(&args, 0)?),
)];

/// `number.to_s(:currency, unit: '€')`: the format is the first argument.
pub fn to_formatted_s(host: &mut dyn Host, number: &Value, args: Args) -> Result<Value> {
    let Value::Symbol(format) = args.get(0) else { return Ok(Value::Str(to_s(number))) };
    let convert: fn(&mut dyn Host, &Value, &Options) -> Result<Value> = match format.text().as_str() {
        "phone" => phone,
        "currency" => currency,
        "percentage" => percentage,
        "delimited" => delimited,
        "rounded" => rounded,
        "human" => human,
        "human_size" => human_size,
        _ => return Ok(Value::Str(to_s(number))),
    };
    let options = options_of(&args, 1)?;
    convert(host, number, &options)
}

/// The options hash at an argument; keys may be strings.
pub fn options_of(args: &Args, index: usize) -> Result<Options> {
    match args.get(index) {
        Value::Nil => Ok(Options::default()),
        Value::Hash(hash) => Ok(Options { given: Some(hash), defaults: PLAIN }),
        other => Err(args::no_conversion(&other, "Hash")),
    }
}

/// Options as given, over the defaults of the format.
#[derive(Clone)]
pub struct Options {
    given: Option<Rc<Hash>>,
    defaults: Defaults,
}

#[derive(Clone, Copy)]
struct Defaults {
    delimiter: &'static str,
    precision: i64,
    significant: bool,
    strip: bool,
}

const PLAIN: Defaults = Defaults { delimiter: ",", precision: 3, significant: false, strip: false };
const ROUNDED: Defaults = Defaults { delimiter: "", ..PLAIN };
const CURRENCY: Defaults = Defaults { precision: 2, ..PLAIN };
const HUMAN: Defaults = Defaults { delimiter: "", significant: true, strip: true, ..PLAIN };

impl Default for Options {
    fn default() -> Self {
        Self { given: None, defaults: PLAIN }
    }
}

impl Options {
    fn with(&self, defaults: Defaults) -> Self {
        Self { given: self.given.clone(), defaults }
    }

    fn get(&self, key: &str) -> Option<Value> {
        let hash = self.given.as_ref()?;
        hash.get(&Value::symbol(key)).or_else(|| hash.get_str(key))
    }

    fn text(&self, key: &str, default: &str) -> String {
        self.get(key).map_or_else(|| default.to_owned(), |value| to_s(&value).to_text())
    }

    fn delimiter(&self) -> String {
        self.text("delimiter", self.defaults.delimiter)
    }

    fn separator(&self) -> String {
        self.text("separator", ".")
    }

    /// `None` is an explicit nil: no rounding.
    fn precision(&self) -> Result<Option<i64>> {
        match self.get("precision") {
            None => Ok(Some(self.defaults.precision)),
            Some(Value::Nil) => Ok(None),
            Some(value) => args::to_int(&value).map(Some),
        }
    }

    fn flag(&self, key: &str, default: bool) -> bool {
        self.get(key).map_or(default, |value| value.truthy())
    }
}

/// What may be written with digits: not text in exponent form, not words.
fn is_numeric(number: &Value) -> bool {
    match number {
        Value::Str(text) => {
            let bytes = text.bytes();
            !bytes.iter().any(|byte| matches!(byte.to_ascii_lowercase(), b'd' | b'e'))
                && number_text::float_strict(&bytes).is_some()
        }
        other => super::numeric::is_number(other),
    }
}

fn delimited(host: &mut dyn Host, number: &Value, options: &Options) -> Result<Value> {
    if !is_numeric(number) {
        return Ok(number.clone());
    }
    let text = to_s(number).to_text();
    let mut parts = text.split('.');
    let (whole, fraction) = (parts.next().unwrap_or_default(), parts.next());
    let whole = match options.get("delimiter_pattern").filter(Value::truthy) {
        Some(pattern) => {
            let with = Value::string(format!("\\0{}", options.delimiter()));
            let answer = host.send(&Value::str(whole), Name::new("gsub"), Args::of(&[pattern, with]))?;
            to_s(&answer).to_text()
        }
        None => grouped(whole, &options.delimiter()),
    };
    Ok(Value::string(match fraction {
        Some(fraction) => whole + &options.separator() + fraction,
        None => whole,
    }))
}

/// Groups of three from the right; a sign counts as a character, as it does in ActiveSupport.
fn grouped(text: &str, delimiter: &str) -> String {
    let head = text.len() % 3;
    let mut groups = Vec::with_capacity(text.len() / 3 + 1);
    if head > 0 {
        groups.push(&text[..head]);
    }
    groups.extend((head..text.len()).step_by(3).map(|at| &text[at..at + 3]));
    groups.join(delimiter)
}

fn rounded(host: &mut dyn Host, number: &Value, options: &Options) -> Result<Value> {
    let options = if options.given.is_some() && options.defaults.delimiter != PLAIN.delimiter {
        options.clone()
    } else {
        options.with(ROUNDED)
    };
    rounded_with(host, number, &options)
}

/// Rounds, pads with zeros, groups, and strips zeros where asked to.
fn rounded_with(host: &mut dyn Host, number: &Value, options: &Options) -> Result<Value> {
    if !is_numeric(number) {
        return Ok(number.clone());
    }
    let text = match options.precision()? {
        None => Value::Str(to_s(number)),
        Some(precision) => Value::string(rounded_text(number, precision, options)?),
    };
    let delimited = delimited(host, &text, options)?;
    let text = to_s(&delimited).to_text();
    if !options.flag("strip_insignificant_zeros", options.defaults.strip) {
        return Ok(Value::string(text));
    }
    Ok(Value::string(strip_zeros(&text, &options.separator())))
}

fn rounded_text(number: &Value, precision: i64, options: &Options) -> Result<String> {
    let significant = options.flag("significant", options.defaults.significant) && precision > 0;
    let rounded = round_number(number, precision, significant, options)?;
    let Decimal::Finite(_) = rounded else {
        return Ok(if rounded.is_nan() {
            "NaN"
        } else if rounded.is_negative() {
            "-Inf"
        } else {
            "Inf"
        }
        .to_owned());
    };
    let precision = if significant { (precision - digit_count(&rounded)).max(0) } else { precision };
    let text = rounded.to_plain();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    if precision == 0 {
        return Ok(whole.to_owned());
    }
    let length = usize::try_from(precision).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative argument"))?;
    Ok(format!("{whole}.{fraction:0<length$.length$}"))
}

/// The number as a decimal, rounded to places or to significant digits.
fn round_number(number: &Value, precision: i64, significant: bool, options: &Options) -> Result<Decimal> {
    let decimal = as_decimal(number, precision);
    let places = if significant { precision - digit_count(&decimal) } else { precision };
    let mode = match options.get("round_mode") {
        None => Rounding::HalfUp,
        Some(mode) => decimal::rounding_mode(&mode)?,
    };
    Ok(match decimal.finite() {
        Some(finite) => round_places(&finite, places, mode).into(),
        None => decimal,
    })
}

fn as_decimal(number: &Value, precision: i64) -> Decimal {
    match number {
        Value::Rational(number) => {
            let whole = digit_count(&Decimal::from(&number.numerator / &number.denominator));
            ratio(&number.numerator, &number.denominator, usize::try_from(whole + precision).unwrap_or(0))
        }
        Value::Decimal(number) => Decimal::clone(number),
        Value::Float(number) => Decimal::from_float_digits(number.get()),
        other => Decimal::parse(&to_s(other).to_text()).map_or_else(|| Decimal::from(0), |(number, _)| number),
    }
}

/// How many digits stand before the point; zero or less for small fractions.
fn digit_count(number: &Decimal) -> i64 {
    if number.is_zero() { 1 } else { number.digits().1 }
}

fn strip_zeros(text: &str, separator: &str) -> String {
    match text.rfind(separator) {
        Some(at) if !separator.is_empty() => {
            let digits = &text[at + separator.len()..];
            if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return text.to_owned();
            }
            let kept = digits.trim_end_matches('0');
            if kept.is_empty() { text[..at].to_owned() } else { format!("{}{separator}{kept}", &text[..at]) }
        }
        _ => text.to_owned(),
    }
}

/// `$1,234.50`. Text that is no number comes back with the unit.
pub fn currency(host: &mut dyn Host, number: &Value, options: &Options) -> Result<Value> {
    let options = options.with(CURRENCY);
    let text = to_s(number).to_text();
    let text = text.trim();
    let mut format = options.text("format", "%u%n");
    let mut body = text;
    if let Some(rest) = text.strip_prefix('-') {
        body = rest;
        if options.precision()? != Some(0) || number_text::float_prefix(rest.as_bytes()) > 0.5 {
            format = options.text("negative_format", &format!("-{format}"));
        }
    }
    let amount = rounded_with(host, &Value::str(body), &options)?;
    let unit = options.text("unit", "$");
    Ok(Value::string(format.replace("%n", &to_s(&amount).to_text()).replace("%u", &unit)))
}

fn percentage(host: &mut dyn Host, number: &Value, options: &Options) -> Result<Value> {
    let options = options.with(ROUNDED);
    let amount = rounded_with(host, number, &options)?;
    Ok(Value::string(options.text("format", "%n%").replace("%n", &to_s(&amount).to_text())))
}

/// `555-123-4567`, `(555) 123-4567`, `+1-555-123-4567 x 9`.
pub fn phone(host: &mut dyn Host, number: &Value, options: &Options) -> Result<Value> {
    let text = to_s(number).to_text();
    let text = text.trim();
    let delimiter =
        options.get("delimiter").filter(Value::truthy).map_or_else(|| "-".to_owned(), |it| to_s(&it).to_text());
    let with_area = options.flag("area_code", false);
    let body = match options.get("pattern") {
        Some(pattern) => {
            let form =
                if with_area { format!("(\\1) \\2{delimiter}\\3") } else { format!("\\1{delimiter}\\2{delimiter}\\3") };
            let answer = host.send(&Value::str(text), Name::new("gsub"), Args::of(&[pattern, Value::string(form)]))?;
            to_s(&answer).to_text()
        }
        None => phone_digits(text, &delimiter, with_area),
    };
    let body = match body.strip_prefix(&delimiter) {
        Some(_) if !with_area && !delimiter.trim().is_empty() => body.chars().skip(1).collect(),
        _ => body,
    };
    let part = |key: &str| options.get(key).map(|value| to_s(&value).to_text()).filter(|text| !text.trim().is_empty());
    let country = part("country_code").map_or_else(String::new, |code| format!("+{code}{delimiter}"));
    let extension = part("extension").map_or_else(String::new, |extension| format!(" x {extension}"));
    Ok(Value::string(format!("{country}{body}{extension}")))
}

/// The digits at the end in groups of up to three, three and four.
fn phone_digits(text: &str, delimiter: &str, with_area: bool) -> String {
    let run = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let count = run.min(10);
    if count < if with_area { 8 } else { 7 } {
        return text.to_owned();
    }
    let (head, digits) = text.split_at(text.len() - count);
    let (area, local) = digits.split_at(count - 7);
    let (first, second) = local.split_at(3);
    if with_area {
        format!("{head}({area}) {first}{delimiter}{second}")
    } else {
        format!("{head}{area}{delimiter}{first}{delimiter}{second}")
    }
}

/// The units of `human` by power of ten.
const DECIMAL_UNITS: &[(i32, &str)] = &[
    (15, "quadrillion"),
    (12, "trillion"),
    (9, "billion"),
    (6, "million"),
    (3, "thousand"),
    (2, "hundred"),
    (1, "ten"),
    (0, "unit"),
    (-1, "deci"),
    (-2, "centi"),
    (-3, "mili"),
    (-6, "micro"),
    (-9, "nano"),
    (-12, "pico"),
    (-15, "femto"),
];

/// `1.23 Million`.
fn human(host: &mut dyn Host, number: &Value, options: &Options) -> Result<Value> {
    if !is_numeric(number) {
        return Ok(number.clone());
    }
    let options = options.with(HUMAN);
    let float = match options.precision()? {
        None => super::convert::to_float(host, number)?,
        Some(precision) => {
            let significant = options.flag("significant", true) && precision > 0;
            round_number(number, precision, significant, &options)?.to_f64()
        }
    };
    let units = match options.get("units") {
        None | Some(Value::Nil) => None,
        Some(Value::Hash(units)) => Some(units),
        Some(_) => {
            let message = ":units must be a Hash or String translation scope.";
            return Err(raise(ClassId::ARGUMENT_ERROR, message));
        }
    };
    let name_of = |key: &str| match &units {
        None => default_unit(key),
        Some(units) => units.get(&Value::symbol(key)).map(|unit| to_s(&unit).to_text()),
    };
    let magnitude = if float == 0.0 { 0 } else { float.abs().log10().floor() as i32 };
    let known = DECIMAL_UNITS.iter().find(|(power, key)| magnitude >= *power && name_of(key).is_some());
    let (power, key) = known.copied().unwrap_or((0, "unit"));
    let scaled = if power >= 0 { float / 10_f64.powi(power) } else { float * 10_f64.powi(-power) };
    let amount = rounded_with(host, &Value::float(scaled), &options)?;
    let form = options.text("format", "%n %u");
    let text = form.replace("%n", &to_s(&amount).to_text()).replace("%u", &name_of(key).unwrap_or_default());
    Ok(Value::str(text.trim()))
}

fn default_unit(key: &str) -> Option<String> {
    let name = match key {
        "unit" => "",
        "thousand" => "Thousand",
        "million" => "Million",
        "billion" => "Billion",
        "trillion" => "Trillion",
        "quadrillion" => "Quadrillion",
        _ => return None,
    };
    Some(name.to_owned())
}

/// `1.18 MB`.
fn human_size(host: &mut dyn Host, number: &Value, options: &Options) -> Result<Value> {
    const UNITS: &[&str] = &["Bytes", "KB", "MB", "GB", "TB", "PB", "EB"];
    if !is_numeric(number) {
        return Ok(number.clone());
    }
    let options = options.with(HUMAN);
    let float = super::convert::to_float(host, number)?;
    let whole = super::convert::float_to_integer(float)?;
    if whole < num_bigint::BigInt::from(1024) {
        let unit = if whole.to_i64() == Some(1) { "Byte" } else { "Bytes" };
        return Ok(Value::string(format!("{whole} {unit}")));
    }
    let exponent = ((float.ln() / 1024_f64.ln()) as usize).min(UNITS.len() - 1);
    let size = float / 1024_f64.powi(exponent as i32);
    let amount = rounded_with(host, &Value::float(size), &options)?;
    Ok(Value::string(format!("{} {}", to_s(&amount).to_text(), UNITS.get(exponent).unwrap_or(&"EB"))))
}
