//! `Date._parse`: finds whatever looks like a date or a time in any text. Each find is blanked out for the next ones.

use super::parts::{Field, Parts, number};
use super::pattern::{DAYS, Groups, MONTHS, Pattern, index_of, pattern};
use super::slots::{Slots, assign};
use super::{digits_run, zone_offset};
use crate::value::Value;
use std::sync::LazyLock;

/// Characters a text must contain for a form to be worth trying.
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const DASH: u8 = 4;
const DOT: u8 = 8;
const SLASH: u8 = 16;

/// A way to write a date: what it needs, how it looks, what it says.
struct Form {
    needs: u8,
    pattern: &'static Pattern,
    /// Texts with this in them are not of this form.
    unless: Option<&'static Pattern>,
    read: fn(&Groups, &mut Found),
}

/// What is found, and the two doubts that are settled at the end.
struct Found {
    parts: Parts,
    /// Years of two digits belong to a century.
    expand_years: bool,
    before_christ: bool,
}

macro_rules! patterns {
    ($($name:ident = $source:expr;)*) => { $(static $name: Pattern = LazyLock::new(|| pattern(&$source));)* };
}

const ERA: &str = r"(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?";

patterns! {
    WEEK_DAY = format!(r"\b({DAYS})[^-/\d\s]*");
    TIME = String::from(
        r"((?:\d+\s*:\s*\d+(?:\s*:\s*\d+(?:[,.]\d*)?)?|\d+\s*h(?:\s*\d+m?(?:\s*\d+s?)?)?)(?:\s*[ap](?:m\b|\.m\.))?"
    ) + r"|\d+\s*[ap](?:m\b|\.m\.))"
      + r"(?:\s*((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?"
      + r"|(?-i:[[:alpha:].\s]+)(?:standard|daylight)\stime\b|(?-i:[[:alpha:]]+)(?:\sdst)?\b))?";
    CLOCK = r"\A(\d+)h?(?:\s*:?\s*(\d+)m?(?:\s*:?\s*(\d+)(?:[,.](\d+))?s?)?)?(?:\s*([ap])(?:m\b|\.m\.))?";
    DAY_MONTH = format!(r"('?\d+)[^-\d\s]*\s*({MONTHS})[^-\d\s']*(?:\s*{ERA}\s*('?-?\d+(?:(?:st|nd|rd|th)\b)?))?");
    MONTH_DAY = format!(r"\b({MONTHS})[^-\d\s']*\s*('?\d+)[^-\d\s']*(?:\s*,?\s*{ERA}\s*('?-?\d+))?");
    DASHES = r"('?[-+]?\d+)-(\d+)-('?-?\d+)";
    JAPANESE = r"\b([mtshr])(\d+)\.(\d+)\.(\d+)";
    DAY_NAME_YEAR = format!(r"('?-?\d+)-({MONTHS})[^-/.]*-('?-?\d+)");
    NAME_DAY_YEAR = format!(r"\b({MONTHS})[^-/.]*-('?-?\d+)(?:-('?-?\d+))?");
    SLASHES = r"('?-?\d+)/\s*('?\d+)(?:\D\s*('?-?\d+))?";
    DOTS = r"('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)";
    WEEK = r"\b(\d{2}|\d{4})?-?w(\d{2})(?:-?(\d))?\b";
    DAY_OF_WEEK = r"-w-(\d)\b";
    MONTH_AND_DAY = r"--(\d{2})?-(\d{2})\b";
    MONTH_DAY_RUN = r"--(\d{2})(\d{2})?\b";
    YEAR_AND_DAY = r"\b(\d{2}|\d{4})-(\d{3})\b";
    FRACTION_BEFORE_DAY = r"[,.](\d{2}|\d{4})-\d{3}\b";
    DAY_OF_YEAR = r"\b-(\d{3})\b";
    DIGIT_BEFORE_DAY = r"\d-\d{3}\b";
    APOSTROPHE_YEAR = r"'(\d+)\b";
    MONTH = format!(r"\b({MONTHS})\S*");
    ORDINAL_DAY = r"(\d+)(st|nd|rd|th)\b";
    RUN = r"([-+]?)(\d{2,14})(?:\s*t?\s*(\d{2,6})?(?:[,.](\d*))?)?(?:\s*(z\b|[-+]\d{1,4}\b|\[[-+]?\d[^\]]*\]))?";
    BEFORE_CHRIST = r"\b(bc\b|bce\b|b\.c\.|b\.c\.e\.)";
    FRAGMENT = r"\A\s*(\d{1,2})\s*\z";
}

/// The forms of dates, in the order they are tried; the first that fits ends the search.
static FORMS: &[Form] = &[
    form(LETTER | DIGIT, &DAY_MONTH, |found, to| named_month(to, found, [4, 2, 1])),
    form(LETTER | DIGIT, &MONTH_DAY, |found, to| named_month(to, found, [4, 1, 2])),
    form(DIGIT | DASH, &DASHES, |found, to| assign(to.slots(), found.get(1), found.get(2), found.get(3))),
    form(DIGIT | DOT, &JAPANESE, |found, to| japanese_date(found, &mut to.parts)),
    form(LETTER | DIGIT | DASH, &DAY_NAME_YEAR, |found, to| {
        let month = month_number(found.text(2));
        assign(to.slots(), found.get(3), Some(&month), found.get(1));
    }),
    form(LETTER | DIGIT | DASH, &NAME_DAY_YEAR, |found, to| {
        let month = month_number(found.text(1));
        assign(to.slots(), found.get(3), Some(&month), found.get(2));
    }),
    form(DIGIT | SLASH, &SLASHES, |found, to| assign(to.slots(), found.get(1), found.get(2), found.get(3))),
    form(DIGIT | DOT, &DOTS, |found, to| assign(to.slots(), found.get(1), found.get(2), found.get(3))),
    form(DIGIT, &WEEK, |found, to| {
        to.parts.set_group(Field::WeekYear, found.get(1));
        to.parts.set_group(Field::Week, found.get(2));
        to.parts.set_group(Field::WeekYearDay, found.get(3));
    }),
    form(DIGIT, &DAY_OF_WEEK, |found, to| to.parts.set_group(Field::WeekYearDay, found.get(1))),
    form(DIGIT, &MONTH_AND_DAY, month_and_day),
    form(DIGIT, &MONTH_DAY_RUN, month_and_day),
    Form {
        unless: Some(&FRACTION_BEFORE_DAY),
        ..form(DIGIT, &YEAR_AND_DAY, |found, to| {
            to.parts.set_group(Field::Year, found.get(1));
            to.parts.set_group(Field::YearDay, found.get(2));
        })
    },
    Form {
        unless: Some(&DIGIT_BEFORE_DAY),
        ..form(DIGIT, &DAY_OF_YEAR, |found, to| {
            to.parts.set_group(Field::YearDay, found.get(1));
        })
    },
    form(DIGIT, &APOSTROPHE_YEAR, |found, to| to.parts.set_group(Field::Year, found.get(1))),
    form(LETTER, &MONTH, |found, to| to.parts.set_int(Field::Month, index_of(MONTHS, found.text(1)) + 1)),
    form(DIGIT, &ORDINAL_DAY, |found, to| to.parts.set_group(Field::MonthDay, found.get(1))),
    form(DIGIT, &RUN, |found, to| {
        if digits_run::read(found, &mut to.parts) {
            to.expand_years = false;
        }
    }),
];

const fn form(needs: u8, pattern: &'static Pattern, read: fn(&Groups, &mut Found)) -> Form {
    Form { needs, pattern, unless: None, read }
}

impl Found {
    fn slots(&mut self) -> Slots<'_> {
        Slots { parts: &mut self.parts, expand_years: &mut self.expand_years }
    }
}

/// Everything in `text` that looks like a date or time. `expand_years`: `24` is 2024.
pub fn parse(text: &str, expand_years: bool) -> Parts {
    let mut text = separated(text);
    let mut found = Found { parts: Parts::default(), expand_years, before_christ: false };
    take(&mut text, LETTER, &WEEK_DAY, &mut found, |found, to| {
        to.parts.set_int(Field::WeekDay, index_of(DAYS, found.text(1)));
    });
    take(&mut text, DIGIT, &TIME, &mut found, time_of_day);
    for form in FORMS {
        let refused = form.unless.is_some_and(|pattern| Groups::find(pattern, &text).is_some());
        if !refused && take(&mut text, form.needs, form.pattern, &mut found, form.read) {
            break;
        }
    }
    take(&mut text, LETTER, &BEFORE_CHRIST, &mut found, |_, to| to.before_christ = true);
    take(&mut text, DIGIT, &FRAGMENT, &mut found, fragment);
    settle_years(&mut found);
    let mut parts = found.parts;
    if let (Some(Value::Str(zone)), false) = (parts.get(Field::Zone), parts.has(Field::Offset)) {
        let offset = zone_offset(&zone.to_text());
        parts.set(Field::Offset, offset);
    }
    parts
}

/// The text with one space for whatever is no letter, digit or `-+',./:@[]`.
fn separated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || "-+',./:@[]".contains(c) {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Reads a form and blanks it out; false if it is not there.
fn take(
    text: &mut String,
    needs: u8,
    pattern: &Pattern,
    found: &mut Found,
    read: impl FnOnce(&Groups, &mut Found),
) -> bool {
    if classes(text) & needs != needs {
        return false;
    }
    let Some(groups) = Groups::find(pattern, text) else { return false };
    let range = groups.whole();
    read(&groups, found);
    text.replace_range(range, " ");
    true
}

fn classes(text: &str) -> u8 {
    text.bytes().fold(0, |classes, byte| {
        classes
            | match byte {
                b'-' => DASH,
                b'.' => DOT,
                b'/' => SLASH,
                _ if byte.is_ascii_digit() => DIGIT,
                _ if byte.is_ascii_alphabetic() => LETTER,
                _ => 0,
            }
    })
}

fn month_number(name: &str) -> String {
    (index_of(MONTHS, name) + 1).to_string()
}

/// `2 Jan 2024`, `Jan 2, 2024`: `[year, month, day]` are the groups.
fn named_month(to: &mut Found, found: &Groups, [year, month, day]: [usize; 3]) {
    to.before_christ |= found.text(3).starts_with(['b', 'B']);
    let month = month_number(found.text(month));
    assign(to.slots(), found.get(year), Some(&month), found.get(day));
}

/// `--01-02`, `--0102`
fn month_and_day(found: &Groups, to: &mut Found) {
    to.parts.set_group(Field::Month, found.get(1));
    to.parts.set_group(Field::MonthDay, found.get(2));
}

/// `H31.04.30`: a year of an era.
pub fn japanese_date(found: &Groups, parts: &mut Parts) {
    let year = number(found.text(2));
    let first = era_start(found.text(1));
    match year {
        Value::Int(year) => parts.set_int(Field::Year, year.saturating_add(first)),
        big => parts.set(Field::Year, big),
    }
    parts.set_group(Field::Month, found.get(3));
    parts.set_group(Field::MonthDay, found.get(4));
}

/// The year before the first of an era: Meiji, Taishō, Shōwa, Heisei, Reiwa.
fn era_start(letter: &str) -> i64 {
    match letter {
        "M" | "m" => 1867,
        "T" | "t" => 1911,
        "S" | "s" => 1925,
        "R" | "r" => 2018,
        _ => 1988,
    }
}

fn time_of_day(found: &Groups, to: &mut Found) {
    if let Some(zone) = found.get(2) {
        to.parts.set(Field::Zone, Value::str(zone));
    }
    let Some(clock) = Groups::find(&CLOCK, found.text(1)) else { return };
    match clock.get(5) {
        Some(half) => {
            let hour = clock.text(1).parse::<i64>().unwrap_or(0) % 12;
            to.parts.set_int(Field::Hour, if half.eq_ignore_ascii_case("p") { hour + 12 } else { hour });
        }
        None => to.parts.set_group(Field::Hour, clock.get(1)),
    }
    to.parts.set_group(Field::Minute, clock.get(2));
    to.parts.set_group(Field::Second, clock.get(3));
    to.parts.set_fraction(clock.get(4));
}

/// A lone number of one or two digits that is left: the day of a time, or the hour of a day.
fn fragment(found: &Groups, to: &mut Found) {
    let number: i64 = found.text(1).parse().unwrap_or(0);
    if to.parts.has(Field::Hour) && !to.parts.has(Field::MonthDay) && (1..=31).contains(&number) {
        to.parts.set_int(Field::MonthDay, number);
    }
    if to.parts.has(Field::MonthDay) && !to.parts.has(Field::Hour) && (0..=24).contains(&number) {
        to.parts.set_int(Field::Hour, number);
    }
}

fn settle_years(found: &mut Found) {
    for field in [Field::WeekYear, Field::Year] {
        let Some(mut year) = found.parts.int(field) else { continue };
        if found.before_christ {
            year = year.saturating_neg().saturating_add(1);
            found.parts.set_int(field, year);
        }
        if found.expand_years && (0..=99).contains(&year) {
            found.parts.set_int(field, year + if year >= 69 { 1900 } else { 2000 });
        }
    }
}
