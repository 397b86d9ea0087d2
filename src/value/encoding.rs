//! Encodings of strings: their names, and where characters begin and end in their bytes.

use std::cell::RefCell;

/// The encoding a string says it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    Utf8,
    /// ASCII-8BIT
    Binary,
    UsAscii,
    /// Any other, by its Ruby name; its text is kept as bytes.
    Other(&'static str),
}

/// An encoding in one byte, as strings keep it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed(u8);

thread_local! {
    /// The other encodings that this thread has met; there are a few dozen in all.
    static OTHERS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Packed encodings below this are not `Other`.
const OWN: u8 = 3;

impl Encoding {
    pub(super) fn packed(self) -> Packed {
        Packed(match self {
            Self::Utf8 => 0,
            Self::Binary => 1,
            Self::UsAscii => 2,
            Self::Other(name) => OTHERS.with_borrow_mut(|others| {
                let at = others.iter().position(|other| *other == name).unwrap_or_else(|| {
                    others.push(name);
                    others.len() - 1
                });
                u8::try_from(at + OWN as usize).unwrap_or(1)
            }),
        })
    }
}

impl Packed {
    pub(super) fn unpacked(self) -> Encoding {
        match self.0 {
            0 => Encoding::Utf8,
            1 => Encoding::Binary,
            2 => Encoding::UsAscii,
            other => {
                let at = (other - OWN) as usize;
                OTHERS.with_borrow(|others| others.get(at).map_or(Encoding::Binary, |name| Encoding::Other(name)))
            }
        }
    }
}

/// How an encoding lays out its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Utf8,
    /// Every byte is a character.
    Single,
    Utf16 {
        big: bool,
    },
    Utf32 {
        big: bool,
    },
    /// Lead bytes `81..=9F`, `E0..=FC`; half-width katakana stand alone.
    ShiftJis,
    /// Lead bytes `A1..=FE` (and `8E`, `8F` in Japanese).
    Euc,
    /// Lead bytes `81..=FE` with trail bytes from `40`; four bytes in GB 18030.
    Gb,
    /// Known by name only: bytes, not text.
    Dummy,
}

/// One encoding: its name, its other names and its layout.
struct Row(&'static str, &'static str, Layout);

/// Every encoding that can be named. Order as `Encoding.list` has it.
const ROWS: &[Row] = &[
    Row("ASCII-8BIT", "BINARY", Layout::Single),
    Row("UTF-8", "CP65001 locale external filesystem", Layout::Utf8),
    Row("US-ASCII", "ASCII ANSI_X3.4-1968 646", Layout::Single),
    Row("UTF-16BE", "UCS-2BE", Layout::Utf16 { big: true }),
    Row("UTF-16LE", "", Layout::Utf16 { big: false }),
    Row("UTF-32BE", "UCS-4BE", Layout::Utf32 { big: true }),
    Row("UTF-32LE", "UCS-4LE", Layout::Utf32 { big: false }),
    Row("UTF-16", "", Layout::Utf16 { big: true }),
    Row("UTF-32", "", Layout::Utf32 { big: true }),
    Row("EUC-JP", "eucJP", Layout::Euc),
    Row("Windows-31J", "CP932 csWindows31J SJIS PCK", Layout::ShiftJis),
    Row("Big5", "CP950", Layout::Euc),
    Row("EUC-KR", "eucKR", Layout::Euc),
    Row("GB18030", "", Layout::Gb),
    Row("GBK", "CP936", Layout::Gb),
    Row("GB2312", "EUC-CN eucCN", Layout::Euc),
    Row("ISO-8859-1", "ISO8859-1", Layout::Single),
    Row("ISO-8859-2", "ISO8859-2", Layout::Single),
    Row("ISO-8859-3", "ISO8859-3", Layout::Single),
    Row("ISO-8859-4", "ISO8859-4", Layout::Single),
    Row("ISO-8859-5", "ISO8859-5", Layout::Single),
    Row("ISO-8859-6", "ISO8859-6", Layout::Single),
    Row("ISO-8859-7", "ISO8859-7", Layout::Single),
    Row("ISO-8859-8", "ISO8859-8", Layout::Single),
    Row("ISO-8859-9", "ISO8859-9", Layout::Single),
    Row("ISO-8859-10", "ISO8859-10", Layout::Single),
    Row("ISO-8859-11", "ISO8859-11", Layout::Single),
    Row("ISO-8859-13", "ISO8859-13", Layout::Single),
    Row("ISO-8859-14", "ISO8859-14", Layout::Single),
    Row("ISO-8859-15", "ISO8859-15", Layout::Single),
    Row("ISO-8859-16", "ISO8859-16", Layout::Single),
    Row("KOI8-R", "CP878", Layout::Single),
    Row("KOI8-U", "", Layout::Single),
    Row("Shift_JIS", "", Layout::ShiftJis),
    Row("Windows-1250", "CP1250", Layout::Single),
    Row("Windows-1251", "CP1251", Layout::Single),
    Row("Windows-1252", "CP1252", Layout::Single),
    Row("Windows-1253", "CP1253", Layout::Single),
    Row("Windows-1254", "CP1254", Layout::Single),
    Row("Windows-1255", "CP1255", Layout::Single),
    Row("Windows-1256", "CP1256", Layout::Single),
    Row("Windows-1257", "CP1257", Layout::Single),
    Row("Windows-1258", "CP1258", Layout::Single),
    Row("Windows-874", "CP874", Layout::Single),
    Row("IBM437", "CP437", Layout::Single),
    Row("CP850", "IBM850", Layout::Single),
    Row("IBM852", "CP852", Layout::Single),
    Row("IBM866", "CP866", Layout::Single),
    Row("macRoman", "", Layout::Single),
    Row("macCyrillic", "", Layout::Single),
    Row("TIS-620", "", Layout::Single),
    Row("ISO-2022-JP", "ISO2022-JP", Layout::Dummy),
    Row("UTF-7", "CP65000", Layout::Dummy),
];

impl Encoding {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Binary => "ASCII-8BIT",
            Self::UsAscii => "US-ASCII",
            Self::Other(name) => name,
        }
    }

    /// The encoding of that name or other name, in any case.
    pub fn find(name: &str) -> Option<Self> {
        let row = ROWS.iter().find(|Row(main, others, _)| {
            main.eq_ignore_ascii_case(name) || others.split_whitespace().any(|other| other.eq_ignore_ascii_case(name))
        })?;
        Some(match row.0 {
            "UTF-8" => Self::Utf8,
            "ASCII-8BIT" => Self::Binary,
            "US-ASCII" => Self::UsAscii,
            other => Self::Other(other),
        })
    }

    /// The name and the other names of every encoding.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        ROWS.iter().map(|Row(name, others, _)| (*name, *others))
    }

    pub fn layout(self) -> Layout {
        match self {
            Self::Utf8 => Layout::Utf8,
            Self::Binary | Self::UsAscii => Layout::Single,
            Self::Other(name) => ROWS.iter().find(|row| row.0 == name).map_or(Layout::Single, |row| row.2),
        }
    }

    /// ASCII bytes are ASCII characters.
    pub fn is_ascii_compatible(self) -> bool {
        !matches!(self.layout(), Layout::Utf16 { .. } | Layout::Utf32 { .. } | Layout::Dummy)
    }

    /// A name without an implementation of its own, or one that needs a byte order mark to be read.
    pub fn is_dummy(self) -> bool {
        matches!(self.name(), "UTF-16" | "UTF-32") || self.layout() == Layout::Dummy
    }

    pub const fn is_unicode(self) -> bool {
        match self {
            Self::Utf8 => true,
            Self::Binary | Self::UsAscii => false,
            Self::Other(name) => matches!(name.as_bytes(), [b'U', b'T', b'F', b'-', b'1' | b'3', ..]),
        }
    }
}

/// A character at the front of some bytes: how long it is, and whether the bytes are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub len: usize,
    pub valid: bool,
}

const fn good(len: usize) -> Step {
    Step { len, valid: true }
}

const fn broken(len: usize) -> Step {
    Step { len, valid: false }
}

impl Layout {
    /// The first character of `bytes`, which are not empty. What is no character counts as one unit.
    pub fn step(self, bytes: &[u8]) -> Step {
        match self {
            Self::Single | Self::Dummy => good(1),
            Self::Utf8 => utf8_step(bytes),
            Self::Utf16 { big } => utf16_step(bytes, big),
            Self::Utf32 { big } => match bytes.first_chunk() {
                Some(unit) => {
                    let code = if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
                    Step { len: 4, valid: char::from_u32(code).is_some() }
                }
                None => broken(bytes.len()),
            },
            Self::ShiftJis => match *bytes {
                [0x00..=0x7f | 0xa1..=0xdf, ..] => good(1),
                [0x81..=0x9f | 0xe0..=0xfc, 0x40..=0x7e | 0x80..=0xfc, ..] => good(2),
                _ => broken(1),
            },
            Self::Euc => match *bytes {
                [0x00..=0x7f, ..] => good(1),
                [0x8f, 0xa1..=0xfe, 0xa1..=0xfe, ..] => good(3),
                [0x8e | 0xa1..=0xfe, 0xa1..=0xfe, ..] => good(2),
                _ => broken(1),
            },
            Self::Gb => match *bytes {
                [0x00..=0x80, ..] => good(1),
                [0x81..=0xfe, 0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, ..] => good(4),
                [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, ..] => good(2),
                _ => broken(1),
            },
        }
    }

    /// Every byte is a character, whatever the bytes are.
    pub const fn is_single(self) -> bool {
        matches!(self, Self::Single | Self::Dummy)
    }

    /// The smallest character's length.
    pub const fn unit(self) -> usize {
        match self {
            Self::Utf16 { .. } => 2,
            Self::Utf32 { .. } => 4,
            _ => 1,
        }
    }
}

fn utf8_step(bytes: &[u8]) -> Step {
    let is_tail = |at: usize| bytes.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    match *bytes {
        [0x00..=0x7f, ..] => good(1),
        [0xc2..=0xdf, ..] if is_tail(1) => good(2),
        [0xe0, 0xa0..=0xbf, ..] | [0xe1..=0xec | 0xee..=0xef, 0x80..=0xbf, ..] | [0xed, 0x80..=0x9f, ..]
            if is_tail(2) =>
        {
            good(3)
        }
        [0xf0, 0x90..=0xbf, ..] | [0xf1..=0xf3, 0x80..=0xbf, ..] | [0xf4, 0x80..=0x8f, ..]
            if is_tail(2) && is_tail(3) =>
        {
            good(4)
        }
        _ => broken(1),
    }
}

fn utf16_step(bytes: &[u8], big: bool) -> Step {
    let unit = |at: usize| {
        let pair = bytes.get(at..).and_then(<[u8]>::first_chunk)?;
        Some(if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) })
    };
    match (unit(0), unit(2)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => good(4),
        (Some(0xd800..=0xdfff), _) => broken(2),
        (Some(_), _) => good(2),
        (None, _) => broken(bytes.len()),
    }
}

/// Characters of valid UTF-8 text.
pub(super) fn count_utf8(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

/// How many bytes the UTF-8 character that begins with this byte has; 1 for what begins none.
pub(super) const fn utf8_lead_len(lead: u8) -> usize {
    match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    }
}
