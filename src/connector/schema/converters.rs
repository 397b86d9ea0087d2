//! Converters that fields name: text to numbers, dates and times, and back.

use crate::connector::Run;
use crate::connector::run::wrap_array;
use crate::value::{ClassId, Result, Value, equal, is_blank};

/// A converter: what a value becomes.
pub type Converter = fn(&mut Run<'_>, &Value) -> Result<Value>;

/// Sorted by name.
const CONVERTERS: &[(&str, Converter)] = &[
    ("boolean_conversion", |run, value| run.try_send(value, "is_true?", &[])),
    ("convert_date_time", |run, value| in_user_zone(run, value)),
    ("convert_to_datetime", |run, value| or_else(run.try_send(value, "to_datetime", &[])?, value)),
    ("convert_to_datetime_wo_tz", |run, value| {
        let time = run.try_send(value, "to_datetime", &[])?;
        run.send(&time, "strftime", &[Value::str("%Y-%m-%d %H:%M:%S")])
    }),
    ("date_conversion", parse_date),
    ("date_iso8601_conversion", |run, value| {
        let date = parse_date(run, value)?;
        if date.is_nil() { Ok(date) } else { run.send(&date, "iso8601", &[]) }
    }),
    ("date_time_conversion", parse_date_time),
    ("date_time_iso8601_conversion", |run, value| {
        let time = parse_date_time(run, value)?;
        if time.is_nil() { Ok(time) } else { run.send(&time, "iso8601", &[]) }
    }),
    ("float_conversion", |run, value| number(run, value, "to_f")),
    ("implicit_utc_iso8601_time", |run, value| {
        let time = run.send(value, "in_time_zone", &[Value::str("UTC")])?;
        run.try_send(&time, "iso8601", &[])
    }),
    ("implicit_utc_time", |run, value| run.send(value, "in_time_zone", &[Value::str("UTC")])),
    ("integer_conversion", |run, value| number(run, value, "to_i")),
    ("item_array_wrap", |_, value| Ok(wrapped(value))),
    ("parse_date_output", |run, value| or_else(run.try_send(value, "to_date", &[])?, value)),
    ("parse_date_time_epoch_millis", |run, value| match value {
        Value::Time(_) => Ok(value.clone()),
        _ if is_numeric(value) => {
            let seconds = Value::float(as_float(run, value)? / 1000.0);
            run.send(&Value::Class(ClassId::TIME), "at", &[seconds])
        }
        _ => Ok(Value::False),
    }),
    ("parse_epoch_time", |run, value| match value {
        Value::Time(_) => Ok(value.clone()),
        _ if is_numeric(value) || is_number_text(run, value)? => {
            let seconds = run.send(value, "to_i", &[])?;
            at_in_zone(run, &seconds)
        }
        _ => Ok(Value::Nil),
    }),
    ("parse_float_epoch_time", |run, value| match value {
        Value::Time(_) => Ok(value.clone()),
        _ if is_numeric(value) || is_number_text(run, value)? => {
            let seconds = run.send(value, "to_f", &[])?;
            at_in_zone(run, &seconds)
        }
        _ => Ok(Value::False),
    }),
    ("parse_iso8601_date", |run, value| match value {
        Value::Date(_) => Ok(value.clone()),
        _ => run.try_send(value, "to_date", &[]),
    }),
    ("parse_iso8601_timestamp", |run, value| match value {
        Value::Time(_) => Ok(value.clone()),
        _ => run.try_send(value, "to_time", &[]),
    }),
    ("render_date_input", |run, value| {
        let time = in_user_zone(run, value)?;
        run.try_send(&time, "to_date", &[])
    }),
    ("render_date_time_epoch_millis", |run, value| {
        let seconds = run.try_send(value, "to_f", &[])?;
        if seconds.is_nil() {
            return Ok(Value::Nil);
        }
        let millis = Value::float(as_float(run, &seconds)? * 1000.0);
        run.send(&millis, "to_i", &[])
    }),
    ("render_epoch_time", |run, value| chain(run, value, &["to_time", "to_i"])),
    ("render_float_epoch_time", |run, value| chain(run, value, &["to_time", "to_f"])),
    ("render_iso8601_date", |run, value| chain(run, value, &["to_date", "iso8601"])),
    ("render_iso8601_timestamp", |run, value| chain(run, value, &["to_time", "iso8601"])),
];

/// The converter of that name.
pub(super) fn find(name: &str) -> Option<Converter> {
    let at = CONVERTERS.binary_search_by_key(&name, |(known, _)| known).ok()?;
    CONVERTERS.get(at).map(|(_, converter)| *converter)
}

/// All names, for suggestions and completion.
pub fn names() -> impl Iterator<Item = &'static str> {
    CONVERTERS.iter().map(|(name, _)| *name)
}

/// Methods one after the other, as long as there is something that has them.
fn chain(run: &mut Run<'_>, value: &Value, methods: &[&str]) -> Result<Value> {
    let mut value = value.clone();
    for method in methods {
        value = run.try_send(&value, method, &[])?;
    }
    Ok(value)
}

fn or_else(converted: Value, value: &Value) -> Result<Value> {
    Ok(if converted.truthy() { converted } else { value.clone() })
}

/// Text that reads as a number; anything else stays.
fn number(run: &mut Run<'_>, value: &Value, method: &str) -> Result<Value> {
    if is_number_text(run, value)? {
        let number = run.send(value, method, &[])?;
        return or_else(number, value);
    }
    Ok(value.clone())
}

fn is_number_text(run: &mut Run<'_>, value: &Value) -> Result<bool> {
    Ok(run.try_send(value, "is_number?", &[])?.truthy())
}

const fn is_numeric(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) | Value::Rational(_))
}

fn as_float(run: &mut Run<'_>, value: &Value) -> Result<f64> {
    match run.send(value, "to_f", &[])? {
        Value::Float(number) => Ok(number.get()),
        _ => Ok(0.0),
    }
}

fn wrapped(value: &Value) -> Value {
    let items = wrap_array(value);
    if items.is_empty() {
        return Value::Nil;
    }
    let flat = items.into_iter().flat_map(|item| match item {
        Value::Array(inner) => inner.to_vec(),
        other => vec![other],
    });
    Value::array(flat.collect())
}

/// The zone of times that name none.
fn user_zone(run: &mut Run<'_>) -> Result<Value> {
    let name = run.session.environment.habits.time_zone.clone();
    let name = name.unwrap_or_else(|| "Pacific Time (US & Canada)".to_owned());
    run.send(&Value::Class(ClassId::TIME_ZONE), "[]", &[Value::string(name)])
}

fn in_user_zone(run: &mut Run<'_>, value: &Value) -> Result<Value> {
    let zone = user_zone(run)?;
    or_else(run.try_send(value, "in_time_zone", &[zone])?, value)
}

fn at_in_zone(run: &mut Run<'_>, seconds: &Value) -> Result<Value> {
    let zone = run.send(&Value::Class(ClassId::TIME), "zone", &[])?;
    run.send(&zone, "at", std::slice::from_ref(seconds))
}

fn parse_date(run: &mut Run<'_>, value: &Value) -> Result<Value> {
    match value {
        _ if is_blank(value) => Ok(Value::Nil),
        Value::Date(_) => Ok(value.clone()),
        Value::Time(_) => run.send(value, "to_date", &[]),
        _ => {
            let time = parse_time(run, value)?;
            run.send(&time, "to_date", &[])
        }
    }
}

fn parse_date_time(run: &mut Run<'_>, value: &Value) -> Result<Value> {
    match value {
        _ if is_blank(value) => Ok(Value::Nil),
        Value::Time(_) => Ok(value.clone()),
        Value::Date(_) => {
            let zone = user_zone(run)?;
            run.send(value, "in_time_zone", &[zone])
        }
        _ => parse_time(run, value),
    }
}

/// Text with an offset keeps it; text without one is read in the user's zone.
fn parse_time(run: &mut Run<'_>, value: &Value) -> Result<Value> {
    let written = run.send(&Value::Class(ClassId::TIME), "parse", std::slice::from_ref(value))?;
    let zone = user_zone(run)?;
    let local = run.send(&zone, "parse", std::slice::from_ref(value))?;
    Ok(if equal(&written, &local) { written } else { local })
}

#[cfg(test)]
mod tests {
    use super::CONVERTERS;

    #[test]
    fn sorted() {
        assert!(CONVERTERS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
