//! From one encoding to another, character by character.

use crate::value::{Encoding, Layout, Str};

/// How the characters of one encoding read and are written.
pub struct Codec {
    pub encoding: Encoding,
    pub layout: Layout,
    kind: Kind,
}

enum Kind {
    Utf8,
    Utf16 {
        big: bool,
    },
    Utf32 {
        big: bool,
    },
    Ascii,
    Latin1,
    /// Single bytes: the characters of `80..=FF`.
    Table(Box<[Option<char>; 128]>),
    Multi(&'static encoding_rs::Encoding),
}

impl Codec {
    /// The codec of an encoding; `None` where there is no converter for it.
    pub fn new(encoding: Encoding) -> Option<Self> {
        let layout = encoding.layout();
        let kind = match (encoding.name(), layout) {
            ("UTF-8", _) => Kind::Utf8,
            (_, Layout::Utf16 { big }) => Kind::Utf16 { big },
            (_, Layout::Utf32 { big }) => Kind::Utf32 { big },
            ("US-ASCII" | "ASCII-8BIT", _) => Kind::Ascii,
            ("ISO-8859-1", _) => Kind::Latin1,
            (name, Layout::Single) => Kind::Table(table(name)?),
            (name, _) => Kind::Multi(foreign(name)?),
        };
        Some(Self { encoding, layout, kind })
    }

    /// The character of one well-formed unit; `None` if none is defined for it.
    pub fn decode(&self, unit: &[u8]) -> Option<char> {
        match &self.kind {
            Kind::Utf8 => std::str::from_utf8(unit).ok()?.chars().next(),
            Kind::Utf16 { big } => {
                let units = unit.chunks_exact(2).filter_map(<[u8]>::first_chunk);
                let units = units.map(|pair| if *big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
                char::decode_utf16(units).next()?.ok()
            }
            Kind::Utf32 { big } => {
                let unit = unit.first_chunk()?;
                char::from_u32(if *big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) })
            }
            Kind::Ascii => unit.first().filter(|byte| byte.is_ascii()).map(|byte| char::from(*byte)),
            Kind::Latin1 => unit.first().map(|byte| char::from(*byte)),
            Kind::Table(table) => {
                let byte = *unit.first()?;
                if byte.is_ascii() { Some(char::from(byte)) } else { *table.get(usize::from(byte) - 128)? }
            }
            Kind::Multi(foreign) => foreign.decode_without_bom_handling_and_without_replacement(unit)?.chars().next(),
        }
    }

    /// Writes a character; false if the encoding has none for it.
    pub fn encode(&self, c: char, out: &mut Vec<u8>) -> bool {
        match &self.kind {
            Kind::Utf8 => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Kind::Utf16 { big } => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.extend_from_slice(&if *big { unit.to_be_bytes() } else { unit.to_le_bytes() });
                }
            }
            Kind::Utf32 { big } => {
                out.extend_from_slice(&if *big { (c as u32).to_be_bytes() } else { (c as u32).to_le_bytes() });
            }
            _ if c.is_ascii() => out.push(c as u8),
            Kind::Ascii => return false,
            Kind::Latin1 => match u8::try_from(c as u32) {
                Ok(byte) => out.push(byte),
                Err(_) => return false,
            },
            Kind::Table(table) => match table.iter().position(|known| *known == Some(c)) {
                Some(at) => out.push((at + 128) as u8),
                None => return false,
            },
            Kind::Multi(foreign) => {
                let mut buffer = [0; 4];
                let (bytes, _, unmappable) = foreign.encode(c.encode_utf8(&mut buffer));
                if unmappable {
                    return false;
                }
                out.extend_from_slice(&bytes);
            }
        }
        true
    }

    /// What is put for a character that cannot be written.
    pub fn replacement(&self) -> char {
        if self.encoding.is_unicode() { char::REPLACEMENT_CHARACTER } else { '?' }
    }
}

/// The upper half of a single-byte encoding.
fn table(name: &str) -> Option<Box<[Option<char>; 128]>> {
    let (label, has_controls) = match name {
        "ISO-8859-9" => ("windows-1254", true),
        "ISO-8859-11" | "TIS-620" => ("windows-874", true),
        "IBM866" => ("ibm866", false),
        "macRoman" => ("macintosh", false),
        "macCyrillic" => ("x-mac-cyrillic", false),
        _ => (name, !name.starts_with("Windows-")),
    };
    let foreign = encoding_rs::Encoding::for_label(label.as_bytes())?;
    let mut table = Box::new([None; 128]);
    for (at, place) in table.iter_mut().enumerate() {
        let byte = at as u8 + 128;
        let unit = [byte];
        let decoded = foreign.decode_without_bom_handling_and_without_replacement(&unit);
        let decoded = decoded.and_then(|text| text.chars().next());
        let control = char::from(byte);
        *place = match decoded {
            // Where the web's tables fill gaps with control characters, Ruby's have none.
            Some(c) if c == control && byte < 0xa0 && !has_controls => None,
            _ if byte < 0xa0 && name.starts_with("ISO-8859") => Some(control),
            other => other,
        };
    }
    Some(table)
}

fn foreign(name: &str) -> Option<&'static encoding_rs::Encoding> {
    let label = match name {
        "Windows-31J" | "Shift_JIS" => "shift_jis",
        "EUC-JP" => "euc-jp",
        "EUC-KR" => "euc-kr",
        "Big5" => "big5",
        "GBK" | "GB2312" => "gbk",
        "GB18030" => "gb18030",
        _ => return None,
    };
    encoding_rs::Encoding::for_label(label.as_bytes())
}

/// The text of a string in any encoding that has a codec; `None` if it is not valid there.
pub fn to_unicode(text: &Str) -> Option<String> {
    let codec = Codec::new(text.encoding())?;
    let bytes = text.bytes();
    let mut rest = &*bytes;
    let mut out = String::with_capacity(bytes.len());
    while !rest.is_empty() {
        let step = codec.layout.step(rest);
        let (unit, after) = rest.split_at_checked(step.len)?;
        rest = after;
        out.push(if step.valid { codec.decode(unit)? } else { return None });
    }
    Some(out)
}

/// The bytes of a text in an encoding; `None` if it has no place for a character.
pub fn from_unicode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    let codec = Codec::new(encoding)?;
    let mut out = Vec::with_capacity(text.len());
    text.chars().all(|c| codec.encode(c, &mut out)).then_some(out)
}
