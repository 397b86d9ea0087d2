//! What a text looks like: a date, an address, a telephone number.

use crate::import::field::Kind;
use serde_json::Value as Json;

/// What the texts of a place have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Date,
    DateTime,
    Email,
    Url,
    Phone,
    /// Several lines.
    Lines,
    Plain,
}

impl Look {
    pub fn of(text: &str) -> Self {
        if is_date(text) {
            return Self::Date;
        }
        if is_date_time(text) {
            return Self::DateTime;
        }
        if is_email(text) {
            return Self::Email;
        }
        if (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace) {
            return Self::Url;
        }
        if is_phone(text) {
            return Self::Phone;
        }
        if text.trim_end().contains('\n') { Self::Lines } else { Self::Plain }
    }

    /// What both have in common.
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, same) if one == same => one,
            (Self::Date, Self::DateTime) | (Self::DateTime, Self::Date) => Self::DateTime,
            (Self::Lines, _) | (_, Self::Lines) => Self::Lines,
            _ => Self::Plain,
        }
    }

    pub const fn kind(self) -> Kind {
        match self {
            Self::Date => Kind::Date,
            Self::DateTime => Kind::DateTime,
            _ => Kind::Text,
        }
    }

    pub const fn control(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Url => Some("url"),
            Self::Phone => Some("phone"),
            Self::Lines => Some("text-area"),
            Self::Date | Self::DateTime | Self::Plain => None,
        }
    }
}

/// `2024-03-15`
fn is_date(text: &str) -> bool {
    chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() && text.len() == 10
}

/// ISO 8601 with or without an offset, and the dates of mails and HTTP headers.
fn is_date_time(text: &str) -> bool {
    const FORMS: &[&str] = &["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    const WITH_OFFSET: &[&str] =
        &["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%d %H:%M:%S%.f%#z"];
    if !text.is_ascii() || text.len() > 40 {
        return false;
    }
    let plain = text.strip_suffix(" UTC").unwrap_or(text);
    FORMS.iter().any(|form| chrono::NaiveDateTime::parse_from_str(plain, form).is_ok())
        || WITH_OFFSET.iter().any(|form| chrono::DateTime::parse_from_str(text, form).is_ok())
        || chrono::DateTime::parse_from_rfc3339(text).is_ok()
        || (text.contains(':') && chrono::DateTime::parse_from_rfc2822(text).is_ok())
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let good = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let labels: Vec<&str> = host.split('.').collect();
    !name.is_empty()
        && name.chars().all(good)
        && labels.len() > 1
        && labels.iter().all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
}

/// An international number: a plus, then digits in groups.
fn is_phone(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('+') else { return false };
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " -().".contains(c))
}

/// What a text of CSV or XML stands for, where nothing but texts can be written.
pub fn typed(text: &str) -> Json {
    let trimmed = text.trim();
    match trimmed {
        "" => return Json::Null,
        "true" | "TRUE" | "True" => return Json::Bool(true),
        "false" | "FALSE" | "False" => return Json::Bool(false),
        _ => {}
    }
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    // `007` is a code, and so is a number of twenty digits.
    let padded = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.ends_with(|c: char| c.is_ascii_digit());
    if numeric && !padded && digits.len() <= 18 {
        if let Ok(number) = trimmed.parse::<i64>() {
            return number.into();
        }
        if let Some(number) = trimmed.parse().ok().and_then(serde_json::Number::from_f64) {
            return Json::Number(number);
        }
    }
    text.into()
}
