//! `strftime`, as Ruby's Time and Date write it: they agree but for a few directives and for how flags combine.

use super::moment::argument_error;
use crate::methods::Host;
use crate::value::calendar::{Calendar, EPOCH_DAY, iso_week, numbered_week};
use crate::value::{ClassId, Date, Flavor, Instant, Result, Time, Wall, Zone, offset_text, raise};

/// What is written out.
pub struct Shown {
    wall: Wall,
    at: Instant,
    offset: i32,
    zone: String,
    calendar: Calendar,
    /// Date and DateTime.
    is_date: bool,
    is_utc: bool,
}

impl Shown {
    pub fn time(time: &Time) -> Self {
        let is_date = time.flavor == Flavor::DateTime;
        let zone = if is_date { time.offset_text(":") } else { time.abbreviation().unwrap_or_default() };
        Self {
            wall: time.wall(),
            at: time.at.clone(),
            offset: time.offset(),
            zone,
            calendar: time.calendar(),
            is_date,
            is_utc: time.zone() == Zone::Utc,
        }
    }

    pub fn date(date: Date) -> Self {
        let since_day_zero = date.seconds();
        let at = Instant::new(since_day_zero.seconds - EPOCH_DAY * 86_400, since_day_zero.nanos);
        Self {
            wall: Wall::of(at.seconds, Calendar::Reformed),
            at,
            offset: 0,
            zone: offset_text(0, ":"),
            calendar: Calendar::Reformed,
            is_date: true,
            is_utc: false,
        }
    }
}

/// The flags between `%` and the letter.
#[derive(Clone, Copy, Default)]
struct Flags {
    /// `-`: no padding.
    left: bool,
    /// `^`
    upper: bool,
    /// `#`
    change: bool,
    lower: bool,
    /// `_` or `0`.
    padding: Option<u8>,
    width: usize,
    colons: usize,
    /// `E` or `O` was there; Date takes no flag after them.
    modified: bool,
}

/// Formats; directives that do not exist stay as they are written.
pub fn strftime(host: &mut dyn Host, format: &[u8], shown: &Shown) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(format.len() * 4);
    // Date gives up on texts a thousand times as long as their format.
    let limit = if shown.is_date { 1024 * format.len().next_power_of_two() } else { usize::MAX };
    write(host, format, shown, &mut out, limit)?;
    Ok(out)
}

fn write(host: &mut dyn Host, format: &[u8], shown: &Shown, out: &mut Vec<u8>, limit: usize) -> Result<()> {
    let mut at = 0;
    while let Some(byte) = format.get(at) {
        if *byte != b'%' {
            out.push(*byte);
            at += 1;
            continue;
        }
        let (flags, letter, next) = read_directive(format, at + 1, shown.is_date);
        let Some(letter) = letter else {
            if next > format.len() && !shown.is_date {
                let shown = String::from_utf8_lossy(format).into_owned();
                return Err(argument_error(format!("invalid format: {shown}")));
            }
            let next = next.min(format.len());
            out.extend_from_slice(format.get(at..next).unwrap_or_default());
            at = next;
            continue;
        };
        if flags.width >= limit {
            let shown = String::from_utf8_lossy(format).into_owned();
            return Err(raise(ClassId::ERRNO_ERANGE, format!("Numerical result out of range - {shown}")));
        }
        if flags.width > 4096 {
            host.charge(flags.width)?;
        }
        if !write_directive(host, letter, flags, shown, out)? {
            out.extend_from_slice(format.get(at..next).unwrap_or_default());
        }
        at = next;
    }
    Ok(())
}

/// The flags, the letter and where the format goes on; no letter where the directive is broken off. One past the end says
/// that the format ended inside.
fn read_directive(format: &[u8], start: usize, is_date: bool) -> (Flags, Option<u8>, usize) {
    let mut flags = Flags::default();
    let mut at = start;
    loop {
        let Some(byte) = format.get(at).copied() else { return (flags, None, format.len() + 1) };
        at += 1;
        let flag_allowed = flags.width == 0 && !(is_date && (flags.modified || flags.colons > 0));
        match byte {
            b'-' | b'^' | b'#' | b'_' if !flag_allowed => return (flags, None, at),
            b'-' => {
                flags.left = true;
                if !is_date {
                    flags.padding = None;
                }
            }
            b'^' => flags.upper = true,
            b'#' => flags.change = true,
            b'_' => flags.padding = Some(b' '),
            b'0'..=b'9' => {
                if byte == b'0' {
                    if is_date && !flag_allowed {
                        return (flags, None, at);
                    }
                    flags.padding = Some(b'0');
                }
                let end =
                    format[at..].iter().position(|byte| !byte.is_ascii_digit()).map_or(format.len(), |run| at + run);
                let digits = std::str::from_utf8(&format[at - 1..end]).unwrap_or_default();
                match digits.parse::<u32>() {
                    Ok(width) if i32::try_from(width).is_ok() => flags.width = width as usize,
                    _ if is_date => flags.width = usize::MAX,
                    _ => return (flags, None, end),
                }
                at = end;
            }
            b':' => {
                let more = format[at..].iter().take_while(|byte| **byte == b':').count();
                if format.get(at + more) == Some(&b'z') && more <= 2 {
                    flags.colons = more + 1;
                    at += more;
                } else if more >= 3 && !is_date {
                    // Time reads four colons as if they were not there.
                    flags.colons = 4;
                    at += 3;
                } else {
                    return (flags, None, at);
                }
            }
            b'E' | b'O' => {
                let follows: &[u8] = if byte == b'E' { b"cCxXyY" } else { b"deHkIlmMSuUVwWy" };
                flags.modified = true;
                if !format.get(at).is_some_and(|next| follows.contains(next)) {
                    return (flags, None, at);
                }
            }
            letter => return (flags, Some(letter), at),
        }
    }
}

/// Writes one directive; false if there is none with that letter.
fn write_directive(
    host: &mut dyn Host,
    letter: u8,
    mut flags: Flags,
    shown: &Shown,
    out: &mut Vec<u8>,
) -> Result<bool> {
    if let Some(format) = composite(letter, shown.is_date) {
        let mut text = Vec::new();
        write(host, format, shown, &mut text, usize::MAX)?;
        if flags.upper {
            text.make_ascii_uppercase();
        }
        flags.left &= shown.is_date;
        pad_text(&text, flags, out);
        return Ok(true);
    }
    if let Some((value, width, padding)) = number(letter, shown) {
        pad_number(value, width, padding, flags, out);
        return Ok(true);
    }
    match letter {
        b'L' | b'N' => {
            let count = if flags.width > 0 {
                flags.width
            } else if letter == b'L' {
                3
            } else {
                9
            };
            out.extend_from_slice(shown.at.digits(count).as_bytes());
        }
        b'z' if flags.colons <= 3 => write_offset(shown, flags, out),
        _ => {
            let Some(text) = name(letter, &mut flags, shown) else { return Ok(false) };
            let mut text = text.into_bytes();
            if flags.upper {
                text.make_ascii_uppercase();
            } else if flags.lower {
                text.make_ascii_lowercase();
            }
            if !text.is_empty() || shown.is_date {
                pad_text(&text, flags, out);
            }
        }
    }
    Ok(true)
}

/// Directives that stand for several others.
const fn composite(letter: u8, is_date: bool) -> Option<&'static [u8]> {
    Some(match letter {
        b'c' => b"%a %b %e %H:%M:%S %Y",
        b'D' | b'x' => b"%m/%d/%y",
        b'F' => b"%Y-%m-%d",
        b'R' => b"%H:%M",
        b'r' => b"%I:%M:%S %p",
        b'T' | b'X' => b"%H:%M:%S",
        b'v' if is_date => b"%e-%^b-%Y",
        b'v' => b"%e-%^b-%4Y",
        b'+' if is_date => b"%a %b %e %H:%M:%S %Z %Y",
        _ => return None,
    })
}

/// The value of a directive that writes a number, the digits it has at least, and what fills it up.
fn number(letter: u8, shown: &Shown) -> Option<(i128, usize, u8)> {
    let wall = &shown.wall;
    let half_day = if wall.hour.is_multiple_of(12) { 12 } else { wall.hour % 12 };
    let small = |value: u32, width: usize, padding: u8| Some((i128::from(value), width, padding));
    let big = |value: i64, width: usize| Some((i128::from(value), width, b'0'));
    let year = wall.civil.year;
    let year_width = |year: i64| if year < 0 { 5 } else { 4 };
    match letter {
        b'Y' => big(year, year_width(year)),
        b'C' => big(year.div_euclid(100), 2),
        b'y' => big(year.rem_euclid(100), 2),
        b'm' => small(wall.civil.month, 2, b'0'),
        b'd' => small(wall.civil.day, 2, b'0'),
        b'e' => small(wall.civil.day, 2, b' '),
        b'j' => big(shown.calendar.year_day(wall.day), 3),
        b'H' => small(wall.hour, 2, b'0'),
        b'k' => small(wall.hour, 2, b' '),
        b'I' => small(half_day, 2, b'0'),
        b'l' => small(half_day, 2, b' '),
        b'M' => small(wall.minute, 2, b'0'),
        b'S' => small(wall.second, 2, b'0'),
        b's' => big(shown.at.seconds, 1),
        b'Q' if shown.is_date => Some((shown.at.total_nanos().div_euclid(1_000_000), 1, b'0')),
        b'U' => big(numbered_week(shown.calendar, wall.day, 0), 2),
        b'W' => big(numbered_week(shown.calendar, wall.day, 1), 2),
        b'u' => small(if wall.week_day() == 0 { 7 } else { wall.week_day() }, 1, b'0'),
        b'w' => small(wall.week_day(), 1, b'0'),
        b'V' => big(iso_week(shown.calendar, wall.day).1, 2),
        b'G' => {
            let year = iso_week(shown.calendar, wall.day).0;
            big(year, year_width(year))
        }
        b'g' => big(iso_week(shown.calendar, wall.day).0.rem_euclid(100), 2),
        _ => None,
    }
}

pub const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The text of a directive that writes a name; sets the case it asks for.
fn name(letter: u8, flags: &mut Flags, shown: &Shown) -> Option<String> {
    let day = DAYS[shown.wall.week_day() as usize % 7];
    let month = MONTHS.get((shown.wall.civil.month as usize).wrapping_sub(1)).copied().unwrap_or("?");
    let text = match letter {
        b'A' => day,
        b'a' => &day[..3],
        b'B' => month,
        b'b' | b'h' => &month[..month.len().min(3)],
        b'p' | b'P' => {
            if (letter == b'p' && flags.change) || (letter == b'P' && !flags.change && !flags.upper) {
                (flags.upper, flags.lower) = (false, true);
            }
            return Some(if shown.wall.hour < 12 { "AM" } else { "PM" }.to_owned());
        }
        b'Z' => {
            if flags.change {
                (flags.upper, flags.lower) = (false, true);
            }
            return Some(shown.zone.clone());
        }
        b'%' => "%",
        b'n' => "\n",
        b't' => "\t",
        _ => return None,
    };
    flags.upper |= flags.change && letter.is_ascii_alphabetic();
    Some(text.to_owned())
}

fn pad_text(text: &[u8], flags: Flags, out: &mut Vec<u8>) {
    if !flags.left && flags.width > text.len() {
        out.extend(std::iter::repeat_n(flags.padding.unwrap_or(b' '), flags.width - text.len()));
    }
    out.extend_from_slice(text);
}

fn pad_number(value: i128, width: usize, padding: u8, flags: Flags, out: &mut Vec<u8>) {
    let width = if flags.left {
        1
    } else if flags.width > 0 {
        flags.width
    } else {
        width
    };
    let digits = value.unsigned_abs().to_string();
    let sign: &[u8] = if value < 0 { b"-" } else { b"" };
    let fill = width.saturating_sub(digits.len() + sign.len());
    if flags.padding.unwrap_or(padding) == b'0' {
        out.extend_from_slice(sign);
        out.extend(std::iter::repeat_n(b'0', fill));
    } else {
        out.extend(std::iter::repeat_n(b' ', fill));
        out.extend_from_slice(sign);
    }
    out.extend_from_slice(digits.as_bytes());
}

/// `%z` with up to three colons. The width counts the whole; it fills the hours.
fn write_offset(shown: &Shown, flags: Flags, out: &mut Vec<u8>) {
    let magnitude = shown.offset.unsigned_abs();
    let (hours, minutes, seconds) = (magnitude / 3600, magnitude / 60 % 60, magnitude % 60);
    let parts = match flags.colons {
        0 | 1 => 2,
        2 => 3,
        _ if seconds > 0 => 3,
        _ if minutes > 0 => 2,
        _ => 1,
    };
    let colon = if flags.colons > 0 { ":" } else { "" };
    let rest = match parts {
        1 => String::new(),
        2 => format!("{colon}{minutes:02}"),
        _ => format!("{colon}{minutes:02}{colon}{seconds:02}"),
    };
    let short = shown.is_date && flags.left && hours < 10;
    let least = if short { 1 } else { 2 };
    let width = flags.width.saturating_sub(1 + rest.len()).max(least);
    // Time writes UTC with a minus where `-` asks for no padding.
    let minus = shown.offset < 0 || (flags.left && shown.is_utc);
    let sign = if minus { '-' } else { '+' };
    let digits = hours.to_string();
    let text = if flags.padding == Some(b' ') {
        format!("{:>1$}{rest}", format!("{sign}{digits}"), width + 1)
    } else {
        format!("{sign}{digits:0>width$}{rest}")
    };
    out.extend_from_slice(text.as_bytes());
}
