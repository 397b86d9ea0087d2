//! What events are sorted by, in a form that a state can keep and that can still be compared when it is read again.

use crate::value::json::{self, BinaryForm};
use crate::value::{Value, compare};
use std::cmp::Ordering;

/// A value of `sort_by`.
#[derive(Clone)]
pub enum Rank {
    /// There is none, or it cannot be kept.
    None,
    /// A number or text.
    Plain(Value),
    /// Seconds and nanoseconds since the epoch.
    Instant(i64, u32),
}

impl Rank {
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Str(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) => Self::Plain(value.clone()),
            // A decimal is written as a text, and text does not compare with numbers: a number is what it means.
            Value::Decimal(_) => {
                json::parse(crate::value::to_s(value).to_text().as_bytes()).map_or(Self::None, Self::Plain)
            }
            Value::Time(time) => Self::Instant(time.at.seconds, time.at.nanos),
            Value::Date(date) => Self::Plain(Value::str(&date.to_s())),
            _ => Self::None,
        }
    }

    /// `null`, a number, a text, or `{"at":[seconds,nanoseconds]}`.
    pub fn to_json(&self) -> String {
        match self {
            Self::None => "null".to_owned(),
            Self::Plain(value) => json::compact(value, BinaryForm::Hex).unwrap_or_else(|_| "null".to_owned()),
            Self::Instant(seconds, nanos) => format!("{{\"at\":[{seconds},{nanos}]}}"),
        }
    }

    /// The rank that was written so; none for anything else.
    pub fn from_json(text: &str) -> Self {
        match json::parse(text.as_bytes()) {
            Ok(Value::Hash(hash)) => match hash.get_str("at") {
                Some(Value::Array(parts)) => match parts.to_vec().as_slice() {
                    [Value::Int(seconds), Value::Int(nanos)] => Self::Instant(*seconds, *nanos as u32),
                    _ => Self::None,
                },
                _ => Self::None,
            },
            Ok(value @ (Value::Str(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_))) => Self::Plain(value),
            _ => Self::None,
        }
    }

    /// `None` where the two cannot be compared.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Plain(a), Self::Plain(b)) => compare(a, b),
            (Self::Instant(a, a_nanos), Self::Instant(b, b_nanos)) => Some((a, a_nanos).cmp(&(b, b_nanos))),
            _ => None,
        }
    }
}

/// The highest of several, if all of them can be compared.
pub fn highest<'a>(ranks: impl Iterator<Item = &'a Rank>) -> Option<&'a Rank> {
    let mut best: Option<&Rank> = None;
    for rank in ranks {
        match best.map(|best| rank.compare(best)) {
            None | Some(Some(Ordering::Greater)) => best = Some(rank),
            Some(Some(_)) => {}
            Some(None) => return None,
        }
    }
    best
}
