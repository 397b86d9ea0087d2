//! What a text says about a date: the fields that were found in it, in the order they were found.

use crate::value::{Hash, Rational, Value, int_value};
use num_bigint::BigInt;
use smallvec::SmallVec;
use std::rc::Rc;

/// A field of a date, named as `Date._parse` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Year,
    Month,
    MonthDay,
    YearDay,
    WeekDay,
    WeekYear,
    Week,
    /// Monday is 1.
    WeekYearDay,
    /// The week counted from the first Sunday.
    SundayWeek,
    /// The week counted from the first Monday.
    MondayWeek,
    JulianDay,
    Hour,
    Minute,
    Second,
    Fraction,
    /// Seconds since the epoch.
    Epoch,
    Zone,
    Offset,
    /// The text that a format did not use.
    Leftover,
}

impl Field {
    const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "mon",
            Self::MonthDay => "mday",
            Self::YearDay => "yday",
            Self::WeekDay => "wday",
            Self::WeekYear => "cwyear",
            Self::Week => "cweek",
            Self::WeekYearDay => "cwday",
            Self::SundayWeek => "wnum0",
            Self::MondayWeek => "wnum1",
            Self::JulianDay => "jd",
            Self::Hour => "hour",
            Self::Minute => "min",
            Self::Second => "sec",
            Self::Fraction => "sec_fraction",
            Self::Epoch => "seconds",
            Self::Zone => "zone",
            Self::Offset => "offset",
            Self::Leftover => "leftover",
        }
    }
}

/// The fields found. Few, so searched linearly.
#[derive(Clone, Default)]
pub struct Parts {
    fields: SmallVec<[(Field, Value); 10]>,
}

impl Parts {
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.fields.iter().find(|(other, _)| *other == field).map(|(_, value)| value)
    }

    pub fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    /// The field as a machine integer. Numbers beyond come out as the largest one: every check of a range refuses it.
    pub fn int(&self, field: Field) -> Option<i64> {
        match self.get(field)? {
            Value::Int(number) => Some(*number),
            Value::BigInt(number) => Some(if number.sign() == num_bigint::Sign::Minus { i64::MIN } else { i64::MAX }),
            _ => None,
        }
    }

    pub fn set(&mut self, field: Field, value: Value) {
        match self.fields.iter_mut().find(|(other, _)| *other == field) {
            Some((_, place)) => *place = value,
            None => self.fields.push((field, value)),
        }
    }

    pub fn set_int(&mut self, field: Field, number: i64) {
        self.set(field, Value::Int(number));
    }

    /// Sets the field to the number that `digits` (with an optional sign) spell.
    pub fn set_digits(&mut self, field: Field, digits: &str) {
        self.set(field, number(digits));
    }

    /// Sets a field from a group of a match, if the group took part.
    pub fn set_group(&mut self, field: Field, group: Option<&str>) {
        if let Some(digits) = group {
            self.set_digits(field, digits);
        }
    }

    /// Sets the part of the second that stands after its point.
    pub fn set_fraction(&mut self, digits: Option<&str>) {
        if let Some(digits) = digits {
            self.set(Field::Fraction, decimal_places(digits));
        }
    }

    /// Sets the zone and what it means.
    pub fn set_zone(&mut self, zone: Option<&str>) {
        if let Some(zone) = zone {
            self.set(Field::Zone, Value::str(zone));
            self.set(Field::Offset, super::zone_offset(zone));
        }
    }

    pub fn remove(&mut self, field: Field) -> Option<Value> {
        let at = self.fields.iter().position(|(other, _)| *other == field)?;
        Some(self.fields.remove(at).1)
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// As the Hash that `Date._parse` answers with.
    pub fn to_hash(&self) -> Value {
        let hash = Hash::with_capacity(self.fields.len());
        for (field, value) in &self.fields {
            hash.insert(Value::symbol(field.name()), value.clone());
        }
        Value::hash(hash)
    }
}

/// The integer that a sign and digits spell; 0 for none.
pub fn number(digits: &str) -> Value {
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    digits.parse().map_or_else(|_| int_value(digits.parse().unwrap_or_default()), Value::Int)
}

/// `digits / 10^length`.
pub fn decimal_places(digits: &str) -> Value {
    let numerator: BigInt = digits.parse().unwrap_or_default();
    Value::Rational(Rc::new(Rational::reduced(numerator, BigInt::from(10).pow(digits.len() as u32))))
}
