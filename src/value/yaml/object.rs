//! Values that YAML has no form for, as the tagged mappings that Psych writes for them.

use crate::value::{Decimal, Duration, Exception, Flavor, Rational, Time, Value, Zone, int_value};

/// A mapping under a tag of Ruby's.
pub(super) struct Object {
    pub tag: String,
    pub parts: Vec<(&'static str, Part)>,
}

pub(super) enum Part {
    Value(Value),
    Object(Object),
}

impl Object {
    fn new(tag: &str, parts: Vec<(&'static str, Value)>) -> Self {
        let parts = parts.into_iter().map(|(name, value)| (name, Part::Value(value))).collect();
        Self { tag: tag.to_owned(), parts }
    }
}

/// The parts of a value that is written as a tagged mapping; `None` for all others.
pub(super) fn parts_of(value: &Value) -> Option<Object> {
    Some(match value {
        Value::Set(set) => Object::new("!ruby/object:Set", vec![("hash", Value::Hash(set.members.clone()))]),
        Value::Range(range) => Object::new(
            "!ruby/range",
            vec![("begin", range.lo.clone()), ("end", range.hi.clone()), ("excl", Value::bool(range.exclusive))],
        ),
        Value::Rational(fraction) => rational(fraction),
        Value::Duration(duration) => of_duration(duration),
        Value::Exception(exception) => of_exception(exception),
        Value::Time(time) if time.flavor == Flavor::WithZone => with_zone(time),
        _ => return None,
    })
}

fn rational(fraction: &Rational) -> Object {
    Object::new(
        "!ruby/object:Rational",
        vec![
            ("denominator", int_value(fraction.denominator.clone())),
            ("numerator", int_value(fraction.numerator.clone())),
        ],
    )
}

fn of_duration(duration: &Duration) -> Object {
    let parts = crate::value::Hash::new();
    for (unit, amount) in &duration.parts {
        parts.insert(Value::symbol(unit.name()), amount.clone());
    }
    let parts = vec![("value", duration.seconds.clone()), ("parts", parts.into())];
    Object::new("!ruby/object:ActiveSupport::Duration", parts)
}

fn of_exception(exception: &Exception) -> Object {
    let backtrace = exception.attribute("backtrace").unwrap_or_default();
    Object::new(
        &format!("!ruby/exception:{}", exception.class.name()),
        vec![("message", exception.message_value()), ("backtrace", backtrace)],
    )
}

/// The instant, the zone, and what its clock shows, as if that were UTC.
fn with_zone(time: &Time) -> Object {
    let utc = |at| Value::Time(Time::new(at, Zone::Utc, Flavor::Time).into());
    let mut shown = time.at.clone();
    shown.seconds += i64::from(time.offset());
    let name = match &time.zone() {
        Zone::Named(zone, _) => zone.name().to_owned(),
        _ => "Etc/UTC".to_owned(),
    };
    let zone = Object::new("!ruby/object:ActiveSupport::TimeZone", vec![("name", Value::string(name))]);
    Object {
        tag: "!ruby/object:ActiveSupport::TimeWithZone".to_owned(),
        parts: vec![
            ("utc", Part::Value(utc(time.at.clone()))),
            ("zone", Part::Object(zone)),
            ("time", Part::Value(utc(shown))),
        ],
    }
}

/// `18:0.125e2`: how many digits it has room for, and its value.
pub(super) fn decimal_text(number: &Decimal) -> String {
    const DIGITS_A_WORD: usize = 9;
    let Decimal::Finite(finite) = number else {
        let text = crate::value::to_s(&Value::decimal(number.clone())).to_text();
        return if text == "-0.0" { format!("18:{text}") } else { format!("9:{text}") };
    };
    let (digits, scale) = finite.as_bigint_and_exponent();
    let text = digits.magnitude().to_string();
    if text == "0" {
        return "18:0.0".to_owned();
    }
    let sign = if digits.sign() == num_bigint::Sign::Minus { "-" } else { "" };
    let exponent = text.len() as i64 - scale;
    let coefficient = text.trim_end_matches('0');
    // What stands before the point counts at least one digit.
    let places = if scale > 0 { scale as usize + exponent.max(1) as usize } else { text.len() };
    let words = places.div_ceil(DIGITS_A_WORD) + 1;
    format!("{}:{sign}0.{coefficient}e{exponent}", words * DIGITS_A_WORD)
}
