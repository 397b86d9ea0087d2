//! Constants that are values, not classes: `Float::INFINITY`, `Math::PI`.

use super::decimal::ROUND_MODE;
use super::time::constants as time;
use crate::value::{Decimal, Value};

/// The value of a constant by its full path; `None` if there is none of that name.
pub fn constant(path: &str) -> Option<Value> {
    // DateTime has the constants of Date.
    let inherited = path.strip_prefix("DateTime::").map(|name| format!("Date::{name}"));
    let path = inherited.as_deref().unwrap_or(path);
    match CONSTANTS.binary_search_by_key(&path, |(name, _)| name) {
        Ok(at) => CONSTANTS.get(at).map(|(_, make)| make()),
        Err(_) => path
            .strip_prefix("Encoding::")
            .and_then(super::encoding::constant)
            .or_else(|| path.strip_prefix("Regexp::").and_then(super::regexp::constant)),
    }
}

/// The names, for completion and suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    CONSTANTS.iter().map(|(name, _)| *name)
}

type Constant = (&'static str, fn() -> Value);

/// Sorted by name.
const CONSTANTS: &[Constant] = &[
    ("ActiveSupport::Duration::PARTS", time::duration_parts),
    ("ActiveSupport::Duration::PARTS_IN_SECONDS", time::duration_lengths),
    ("ActiveSupport::Duration::SECONDS_PER_DAY", || Value::Int(86_400)),
    ("ActiveSupport::Duration::SECONDS_PER_HOUR", || Value::Int(3600)),
    ("ActiveSupport::Duration::SECONDS_PER_MINUTE", || Value::Int(60)),
    ("ActiveSupport::Duration::SECONDS_PER_MONTH", || Value::Int(2_629_746)),
    ("ActiveSupport::Duration::SECONDS_PER_WEEK", || Value::Int(604_800)),
    ("ActiveSupport::Duration::SECONDS_PER_YEAR", || Value::Int(31_556_952)),
    ("ActiveSupport::TimeZone::MAPPING", time::zone_names),
    ("BigDecimal::BASE", || Value::Int(1_000_000_000)),
    ("BigDecimal::EXCEPTION_ALL", || Value::Int(255)),
    ("BigDecimal::EXCEPTION_INFINITY", || Value::Int(1)),
    ("BigDecimal::EXCEPTION_NaN", || Value::Int(2)),
    ("BigDecimal::EXCEPTION_OVERFLOW", || Value::Int(1)),
    ("BigDecimal::EXCEPTION_UNDERFLOW", || Value::Int(4)),
    ("BigDecimal::EXCEPTION_ZERODIVIDE", || Value::Int(16)),
    ("BigDecimal::INFINITY", || Value::decimal(Decimal::Infinite { negative: false })),
    ("BigDecimal::NAN", || Value::decimal(Decimal::NaN)),
    ("BigDecimal::ROUND_CEILING", || Value::Int(5)),
    ("BigDecimal::ROUND_DOWN", || Value::Int(2)),
    ("BigDecimal::ROUND_FLOOR", || Value::Int(6)),
    ("BigDecimal::ROUND_HALF_DOWN", || Value::Int(4)),
    ("BigDecimal::ROUND_HALF_EVEN", || Value::Int(7)),
    ("BigDecimal::ROUND_HALF_UP", || Value::Int(3)),
    ("BigDecimal::ROUND_MODE", || Value::Int(ROUND_MODE)),
    ("BigDecimal::ROUND_UP", || Value::Int(1)),
    ("BigDecimal::SIGN_NEGATIVE_FINITE", || Value::Int(-2)),
    ("BigDecimal::SIGN_NEGATIVE_INFINITE", || Value::Int(-3)),
    ("BigDecimal::SIGN_NEGATIVE_ZERO", || Value::Int(-1)),
    ("BigDecimal::SIGN_NaN", || Value::Int(0)),
    ("BigDecimal::SIGN_POSITIVE_FINITE", || Value::Int(2)),
    ("BigDecimal::SIGN_POSITIVE_INFINITE", || Value::Int(3)),
    ("BigDecimal::SIGN_POSITIVE_ZERO", || Value::Int(1)),
    ("Complex::I", || super::complex::complex(Value::Int(0), Value::Int(1))),
    ("Date::ABBR_DAYNAMES", || time::day_names(3)),
    ("Date::ABBR_MONTHNAMES", || time::month_names(3)),
    ("Date::DAYNAMES", || time::day_names(usize::MAX)),
    ("Date::DAYS_INTO_WEEK", time::days_into_week),
    ("Date::ENGLAND", || Value::Int(2_361_222)),
    ("Date::GREGORIAN", || Value::float(f64::NEG_INFINITY)),
    ("Date::ITALY", || Value::Int(2_299_161)),
    ("Date::JULIAN", || Value::float(f64::INFINITY)),
    ("Date::MONTHNAMES", || time::month_names(usize::MAX)),
    ("Date::WEEKEND_DAYS", || Value::array(vec![Value::Int(6), Value::Int(0)])),
    ("Float::DIG", || Value::Int(i64::from(f64::DIGITS))),
    ("Float::EPSILON", || Value::float(f64::EPSILON)),
    ("Float::INFINITY", || Value::float(f64::INFINITY)),
    ("Float::MANT_DIG", || Value::Int(i64::from(f64::MANTISSA_DIGITS))),
    ("Float::MAX", || Value::float(f64::MAX)),
    ("Float::MAX_10_EXP", || Value::Int(i64::from(f64::MAX_10_EXP))),
    ("Float::MAX_EXP", || Value::Int(i64::from(f64::MAX_EXP))),
    ("Float::MIN", || Value::float(f64::MIN_POSITIVE)),
    ("Float::MIN_10_EXP", || Value::Int(i64::from(f64::MIN_10_EXP))),
    ("Float::MIN_EXP", || Value::Int(i64::from(f64::MIN_EXP))),
    ("Float::NAN", || Value::float(f64::NAN)),
    ("Float::RADIX", || Value::Int(i64::from(f64::RADIX))),
    ("JSON::Infinity", || Value::float(f64::INFINITY)),
    ("JSON::MinusInfinity", || Value::float(f64::NEG_INFINITY)),
    ("JSON::NaN", || Value::float(f64::NAN)),
    ("Math::E", || Value::float(std::f64::consts::E)),
    ("Math::PI", || Value::float(std::f64::consts::PI)),
    ("Numeric::EXABYTE", || Value::Int(1 << 60)),
    ("Numeric::GIGABYTE", || Value::Int(1 << 30)),
    ("Numeric::KILOBYTE", || Value::Int(1 << 10)),
    ("Numeric::MEGABYTE", || Value::Int(1 << 20)),
    ("Numeric::PETABYTE", || Value::Int(1 << 50)),
    ("Numeric::TERABYTE", || Value::Int(1 << 40)),
    ("OpenSSL::PKey::RSA::PKCS1_OAEP_PADDING", || Value::Int(4)),
    ("OpenSSL::PKey::RSA::PKCS1_PADDING", || Value::Int(1)),
    ("Process::CLOCK_MONOTONIC", || Value::Int(1)),
    ("Process::CLOCK_PROCESS_CPUTIME_ID", || Value::Int(2)),
    ("Process::CLOCK_REALTIME", || Value::Int(0)),
    ("Process::CLOCK_THREAD_CPUTIME_ID", || Value::Int(3)),
    ("Random::DEFAULT", || Value::Class(crate::value::ClassId::RANDOM)),
    ("Time::COMMON_YEAR_DAYS_IN_MONTH", time::days_of_months),
    ("Time::DAYS_INTO_WEEK", time::days_into_week),
    ("Time::WEEKEND_DAYS", || Value::array(vec![Value::Int(6), Value::Int(0)])),
    ("URI::DEFAULT_PARSER", || Value::Class(crate::value::ClassId::URI_PARSER)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_sorted() {
        assert!(CONSTANTS.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn constants_have_their_values() {
        let shown = |path: &str| constant(path).map(|value| format!("{value:?}"));
        assert_eq!(shown("Float::MAX").as_deref(), Some("1.7976931348623157e+308"));
        assert_eq!(shown("Math::PI").as_deref(), Some("3.141592653589793"));
        assert_eq!(shown("Integer::MAX"), None);
    }
}
