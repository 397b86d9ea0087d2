//! Three numbers of a date, and which of them is the year, the month and the day.

use super::parts::{Field, Parts};

/// Where the decision goes.
pub struct Slots<'p> {
    pub parts: &'p mut Parts,
    pub expand_years: &'p mut bool,
}

/// Sets year, month and day from texts in the order a form has them. What has an apostrophe or more than two digits is the
/// year, wherever it stands; a year with letters behind it (`2nd`) is a day.
pub fn assign(to: Slots, year: Option<&str>, month: Option<&str>, day: Option<&str>) {
    let (mut year, mut month, mut day) = (year, month, day);
    if year.is_some() && month.is_some() && day.is_none() {
        (year, month, day) = (None, year, month);
    }
    if year.is_none() && day.is_some_and(is_year) {
        (year, day) = (day, None);
    }
    if let Some(text) = year {
        let (digits, rest) = signed_digits(text);
        if !rest.is_empty() {
            (year, day) = (day, Some(digits));
        }
    }
    if month.is_some_and(is_year) {
        (year, month, day) = (month, day, year);
    }
    if day.is_some_and(is_year) {
        (year, day) = (day, year);
    }
    if let Some(text) = year {
        let (digits, _) = signed_digits(text);
        if digits.starts_with(['-', '+']) || digits.len() > 2 {
            *to.expand_years = false;
        }
        to.parts.set_digits(Field::Year, digits);
    }
    to.parts.set_group(Field::Month, month.map(plain_digits));
    to.parts.set_group(Field::MonthDay, day.map(plain_digits));
}

fn is_year(text: &str) -> bool {
    text.starts_with('\'') || text.len() > 2
}

/// The first number of a text with its sign, and what follows it.
fn signed_digits(text: &str) -> (&str, &str) {
    let start = text.find(|c: char| c.is_ascii_digit() || c == '-' || c == '+').unwrap_or(text.len());
    let text = &text[start..];
    let sign = usize::from(text.starts_with(['-', '+']));
    let end = text[sign..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |end| sign + end);
    text.split_at(end)
}

fn plain_digits(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}
