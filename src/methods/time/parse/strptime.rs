//! Reading a text by a format: `Date._strptime`.

use super::parts::{Field, Parts, decimal_places, number};
use super::pattern::{Groups, Pattern, pattern};
use crate::value::{Rational, Value, fraction};
use num_bigint::BigInt;
use std::rc::Rc;
use std::sync::LazyLock;

static ZONE: Pattern = LazyLock::new(|| {
    pattern(concat!(
        r"\A((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?",
        r"|(?-i:[[:alpha:].\s]+)(?:standard|daylight)\s+time\b|(?-i:[[:alpha:]]+)(?:\s+dst)?\b)"
    ))
});

const DAYS: &[&str] = &[
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sun",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
];

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
];

/// The fields that `format` finds in `text`; `None` if the text is not of that format. Text left over is a field.
pub fn strptime(text: &str, format: &str) -> Option<Parts> {
    let mut reader = Reader { text: text.as_bytes(), parts: Parts::default(), century: None, half_day: None };
    reader.read(format.as_bytes())?;
    let Reader { text: rest, mut parts, century, half_day } = reader;
    if !rest.is_empty() {
        parts.set(Field::Leftover, Value::string(String::from_utf8_lossy(rest).into_owned()));
    }
    if let Some(century) = century {
        for field in [Field::WeekYear, Field::Year] {
            if let Some(year) = parts.int(field) {
                parts.set_int(field, year.saturating_add(century.saturating_mul(100)));
            }
        }
    }
    if let (Some(hour), Some(half)) = (parts.int(Field::Hour), half_day) {
        parts.set_int(Field::Hour, hour % 12 + half);
    }
    Some(parts)
}

struct Reader<'t> {
    /// What is left to read. Bytes, because a format is compared byte by byte.
    text: &'t [u8],
    parts: Parts,
    century: Option<i64>,
    /// 0 for AM, 12 for PM.
    half_day: Option<i64>,
}

impl<'t> Reader<'t> {
    fn read(&mut self, format: &[u8]) -> Option<()> {
        let mut at = 0;
        while let Some(byte) = format.get(at) {
            at += 1;
            match byte {
                b'%' => {
                    let (directive, next) = directive_at(format, at)?;
                    match directive {
                        Some(directive) => self.directive(directive, format.get(next..).unwrap_or_default())?,
                        None => self.literal(format.get(at - 1..next).unwrap_or_default())?,
                    }
                    at = next;
                }
                byte if is_space(*byte) => self.skip_spaces(),
                byte => self.literal(&[*byte])?,
            }
        }
        Some(())
    }

    fn skip_spaces(&mut self) {
        let end = self.text.iter().position(|byte| !is_space(*byte)).unwrap_or(self.text.len());
        self.text = &self.text[end..];
    }

    fn literal(&mut self, bytes: &[u8]) -> Option<()> {
        self.text = self.text.strip_prefix(bytes)?;
        Some(())
    }

    fn directive(&mut self, directive: u8, rest: &[u8]) -> Option<()> {
        match directive {
            b'A' | b'a' => {
                let day = self.name(DAYS)? % 7;
                self.parts.set_int(Field::WeekDay, day);
            }
            b'B' | b'b' | b'h' => {
                let month = self.name(MONTHS)? % 12 + 1;
                self.parts.set_int(Field::Month, month);
            }
            b'C' => self.century = Some(self.digits(if is_number_next(rest) { 2 } else { usize::MAX })?.parse().ok()?),
            b'd' | b'e' => self.padded(Field::MonthDay, 1, 31)?,
            b'H' | b'k' => self.padded(Field::Hour, 0, 24)?,
            b'I' | b'l' => self.padded(Field::Hour, 1, 12)?,
            b'j' => self.ranged(Field::YearDay, 3, 1, 366)?,
            b'L' => self.fraction(if is_number_next(rest) { 3 } else { usize::MAX })?,
            b'N' => self.fraction(if is_number_next(rest) { 9 } else { usize::MAX })?,
            b'M' => self.ranged(Field::Minute, 2, 0, 59)?,
            b'm' => self.ranged(Field::Month, 2, 1, 12)?,
            b'S' => self.ranged(Field::Second, 2, 0, 60)?,
            b'U' => self.ranged(Field::SundayWeek, 2, 0, 53)?,
            b'W' => self.ranged(Field::MondayWeek, 2, 0, 53)?,
            b'u' => self.ranged(Field::WeekYearDay, 1, 1, 7)?,
            b'V' => self.ranged(Field::Week, 2, 1, 53)?,
            b'w' => self.ranged(Field::WeekDay, 1, 0, 6)?,
            b'G' => {
                let digits = self.digits(if is_number_next(rest) { 4 } else { usize::MAX })?;
                self.parts.set_digits(Field::WeekYear, digits);
            }
            b'g' => self.year_of_century(Field::WeekYear)?,
            b'y' => self.year_of_century(Field::Year)?,
            b'Y' => {
                let sign = self.sign();
                let digits = self.digits(if is_number_next(rest) { 4 } else { usize::MAX })?;
                self.parts.set_digits(Field::Year, &format!("{}{digits}", if sign < 0 { "-" } else { "" }));
            }
            b'p' | b'P' => self.half_day = Some(self.name(&["am", "pm", "a.m.", "p.m."])? % 2 * 12),
            b's' => {
                let seconds = self.signed_number()?;
                self.parts.set(Field::Epoch, seconds);
            }
            b'Q' => {
                let (millis, one) = fraction(&self.signed_number()?)?;
                self.parts.set(Field::Epoch, Value::Rational(Rc::new(Rational::reduced(millis, one * 1000))));
            }
            b'z' | b'Z' => self.zone()?,
            b'%' => self.literal(b"%")?,
            _ => self.read(composite(directive)?)?,
        }
        Some(())
    }

    /// The place of the first of these names that the text begins with.
    fn name(&mut self, names: &[&str]) -> Option<i64> {
        let at = names.iter().position(|name| {
            self.text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        })?;
        self.text = self.text.get(names[at].len()..)?;
        Some(at as i64)
    }

    /// At least one digit, at most `width`.
    fn digits(&mut self, width: usize) -> Option<&'t str> {
        let run = self.text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.text.len());
        let (digits, rest) = self.text.split_at(run.min(width));
        self.text = rest;
        std::str::from_utf8(digits).ok().filter(|digits| !digits.is_empty())
    }

    fn ranged(&mut self, field: Field, width: usize, low: i64, high: i64) -> Option<()> {
        let number: i64 = self.digits(width)?.parse().ok()?;
        self.parts.set_int(field, number);
        (low..=high).contains(&number).then_some(())
    }

    /// Two digits, or a space and one.
    fn padded(&mut self, field: Field, low: i64, high: i64) -> Option<()> {
        if let Some(rest) = self.text.strip_prefix(b" ") {
            self.text = rest;
            return self.ranged(field, 1, low, high);
        }
        self.ranged(field, 2, low, high)
    }

    fn year_of_century(&mut self, field: Field) -> Option<()> {
        self.ranged(field, 2, 0, 99)?;
        let year = self.parts.int(field)?;
        self.century.get_or_insert(if year >= 69 { 19 } else { 20 });
        Some(())
    }

    fn sign(&mut self) -> i32 {
        match self.text {
            [b'-', rest @ ..] => {
                self.text = rest;
                -1
            }
            [b'+', rest @ ..] => {
                self.text = rest;
                1
            }
            _ => 1,
        }
    }

    fn signed_number(&mut self) -> Option<Value> {
        let negative = self.text.starts_with(b"-");
        self.text = self.text.strip_prefix(b"-").unwrap_or(self.text);
        let digits = self.digits(usize::MAX)?;
        Some(number(&format!("{}{digits}", if negative { "-" } else { "" })))
    }

    fn fraction(&mut self, width: usize) -> Option<()> {
        let sign = self.sign();
        let (numerator, denominator) = fraction(&decimal_places(self.digits(width)?))?;
        let value = Rational::reduced(numerator * BigInt::from(sign), denominator);
        self.parts.set(Field::Fraction, Value::Rational(Rc::new(value)));
        Some(())
    }

    fn zone(&mut self) -> Option<()> {
        let text = self.text.utf8_chunks().next()?.valid();
        let found = Groups::find(&ZONE, text)?;
        self.text = self.text.get(found.whole().end..)?;
        self.parts.set_zone(found.get(1));
        Some(())
    }
}

/// The directive after a `%` at `at` and where the format goes on; `None` for a directive that does not exist, whose
/// characters the text must repeat. The outer `None` is a format that can match nothing.
fn directive_at(format: &[u8], at: usize) -> Option<(Option<u8>, usize)> {
    let byte = |at: usize| format.get(at).copied();
    match byte(at) {
        Some(b'E') if byte(at + 1).is_some_and(|next| b"cCxXyY".contains(&next)) => directive_at(format, at + 1),
        Some(b'O') if byte(at + 1).is_some_and(|next| b"deHImMSuUVwWy".contains(&next)) => directive_at(format, at + 1),
        Some(b'E' | b'O') => Some((None, at)),
        Some(b':') => {
            let colons = (1..=3).find(|colons| byte(at + colons) == Some(b'z'))?;
            (at..at + colons).all(|at| byte(at) == Some(b':')).then_some((Some(b'z'), at + colons + 1))
        }
        Some(known) if known.is_ascii_alphabetic() && (is_plain(known) || composite(known).is_some()) => {
            Some((Some(known), at + 1))
        }
        Some(b'%') => Some((Some(b'%'), at + 1)),
        Some(b'+') => Some((Some(b'+'), at + 1)),
        Some(_) => Some((None, at + 1)),
        None => Some((None, at)),
    }
}

const fn is_plain(directive: u8) -> bool {
    matches!(
        directive,
        b'A' | b'a'
            | b'B'
            | b'b'
            | b'h'
            | b'C'
            | b'd'
            | b'e'
            | b'H'
            | b'k'
            | b'I'
            | b'l'
            | b'j'
            | b'L'
            | b'N'
            | b'M'
            | b'm'
    ) || matches!(
        directive,
        b'S' | b'U' | b'W' | b'u' | b'V' | b'w' | b'G' | b'g' | b'y' | b'Y' | b'p' | b'P' | b's' | b'Q' | b'z' | b'Z'
    )
}

/// Directives that stand for a format of others.
const fn composite(directive: u8) -> Option<&'static [u8]> {
    Some(match directive {
        b'c' => b"%a %b %e %H:%M:%S %Y",
        b'D' | b'x' => b"%m/%d/%y",
        b'F' => b"%Y-%m-%d",
        b'n' | b't' => b" ",
        b'R' => b"%H:%M",
        b'r' => b"%I:%M:%S %p",
        b'T' | b'X' => b"%H:%M:%S",
        b'v' => b"%e-%b-%Y",
        b'+' => b"%a %b %e %H:%M:%S %Z %Y",
        _ => return None,
    })
}

/// Whether what follows in the format begins with a digit, so that a number before it has a fixed width.
fn is_number_next(rest: &[u8]) -> bool {
    match rest {
        [b'0'..=b'9', ..] => true,
        [b'%', b'E' | b'O', next, ..] | [b'%', next, ..] => {
            b"CDdeFGgHIjkLlMmNQRrSsTUuVvWwXxYy0123456789".contains(next)
        }
        _ => false,
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}
