//! Strings: bytes with an encoding, shared and mutable, with O(1) indexing while they are ASCII.

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::rc::Rc;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    Utf8,
    /// ASCII-8BIT
    Binary,
    UsAscii,
    /// Any other, by its Ruby name; its text is kept as bytes.
    Other(&'static str),
}

impl Encoding {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Binary => "ASCII-8BIT",
            Self::UsAscii => "US-ASCII",
            Self::Other(name) => name,
        }
    }
}

/// Which class a string is of: the SDK marks bytes (Binary) and schema-converted text (UnicodeString).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrClass {
    Plain,
    Binary,
    Unicode,
}

/// A string object.
pub struct Str {
    bytes: RefCell<Bytes>,
    encoding: Cell<Encoding>,
    class: Cell<StrClass>,
    frozen: Cell<bool>,
    shape: Cell<Shape>,
}

/// A literal shares the program's text until it is changed.
enum Bytes {
    Shared(Arc<[u8]>),
    Owned(Vec<u8>),
}

impl Bytes {
    fn make_owned(&mut self) -> &mut Vec<u8> {
        if let Self::Shared(shared) = self {
            *self = Self::Owned(shared.to_vec());
        }
        match self {
            Self::Owned(owned) => owned,
            // Not reached; a leaked empty vector keeps this free of panics.
            Self::Shared(_) => Box::leak(Box::default()),
        }
    }
}

/// What is known of the bytes; recomputed after a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Unknown,
    Ascii,
    ValidUtf8,
    Broken,
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self::owned(text.as_bytes().to_vec(), Encoding::Utf8)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::owned(text.into_bytes(), Encoding::Utf8)
    }
}

impl Str {
    pub fn owned(bytes: Vec<u8>, encoding: Encoding) -> Self {
        Self::new(Bytes::Owned(bytes), encoding)
    }

    /// A literal's string.
    pub fn shared(bytes: &Arc<[u8]>) -> Self {
        Self::new(Bytes::Shared(Arc::clone(bytes)), Encoding::Utf8)
    }

    pub fn binary(bytes: Vec<u8>) -> Self {
        let text = Self::owned(bytes, Encoding::Binary);
        text.class.set(StrClass::Binary);
        text
    }

    fn new(bytes: Bytes, encoding: Encoding) -> Self {
        Self {
            bytes: RefCell::new(bytes),
            encoding: Cell::new(encoding),
            class: Cell::new(StrClass::Plain),
            frozen: Cell::new(false),
            shape: Cell::new(Shape::Unknown),
        }
    }

    pub fn bytes(&self) -> Ref<'_, [u8]> {
        Ref::map(self.bytes.borrow(), |bytes| match bytes {
            Bytes::Shared(shared) => &**shared,
            Bytes::Owned(owned) => owned,
        })
    }

    /// The bytes for changing; frozenness is the caller's check. Never hold it across a call of the host.
    pub fn bytes_mut(&self) -> RefMut<'_, Vec<u8>> {
        self.shape.set(Shape::Unknown);
        RefMut::map(self.bytes.borrow_mut(), Bytes::make_owned)
    }

    /// The text, if the bytes are valid UTF-8 (whatever the encoding says).
    pub fn text(&self) -> Option<Ref<'_, str>> {
        if self.shape() == Shape::Broken {
            return None;
        }
        Ref::filter_map(self.bytes(), |bytes| std::str::from_utf8(bytes).ok()).ok()
    }

    /// The text with replacement characters for what is not UTF-8.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    fn shape(&self) -> Shape {
        if self.shape.get() == Shape::Unknown {
            let bytes = self.bytes();
            let shape = if bytes.is_ascii() {
                Shape::Ascii
            } else if std::str::from_utf8(&bytes).is_ok() {
                Shape::ValidUtf8
            } else {
                Shape::Broken
            };
            self.shape.set(shape);
        }
        self.shape.get()
    }

    pub fn is_ascii(&self) -> bool {
        self.shape() == Shape::Ascii
    }

    /// Valid in its encoding.
    pub fn is_valid(&self) -> bool {
        match self.encoding.get() {
            Encoding::Utf8 => self.shape() != Shape::Broken,
            Encoding::UsAscii => self.is_ascii(),
            Encoding::Binary | Encoding::Other(_) => true,
        }
    }

    /// Each byte is a character: indexing needs no scan.
    pub fn is_single_byte(&self) -> bool {
        !matches!(self.encoding.get(), Encoding::Utf8 | Encoding::Other(_)) || self.is_ascii()
    }

    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding.get()
    }

    pub fn set_encoding(&self, encoding: Encoding) {
        self.encoding.set(encoding);
    }

    pub fn class(&self) -> StrClass {
        self.class.get()
    }

    pub fn set_class(&self, class: StrClass) {
        self.class.set(class);
    }

    pub fn is_frozen(&self) -> bool {
        self.frozen.get()
    }

    pub fn freeze(&self) {
        self.frozen.set(true);
    }

    /// An unfrozen copy of the same class and encoding; shared text stays shared.
    pub fn copy(&self) -> Self {
        let bytes = match &*self.bytes.borrow() {
            Bytes::Shared(shared) => Bytes::Shared(Arc::clone(shared)),
            Bytes::Owned(owned) => Bytes::Owned(owned.clone()),
        };
        let copy = Self::new(bytes, self.encoding.get());
        copy.class.set(self.class.get());
        copy.shape.set(self.shape.get());
        copy
    }

    /// What a hash keeps of a string key.
    pub fn frozen_copy(&self) -> Rc<Self> {
        let copy = self.copy();
        copy.freeze();
        Rc::new(copy)
    }

    /// A plain string of the bytes `lo..hi` in the same encoding; out of range is cut.
    pub fn sub_bytes(&self, lo: usize, hi: usize) -> Self {
        let bytes = self.bytes();
        let hi = hi.min(bytes.len());
        Self::owned(bytes.get(lo..hi).unwrap_or_default().to_vec(), self.encoding.get())
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        &*self.bytes() == other.as_bytes()
    }
}

/// `"…".inspect`: escapes as Ruby writes them.
pub fn inspect_string(text: &Str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.bytes();
    let is_utf8 = matches!(text.encoding(), Encoding::Utf8);
    for chunk in bytes.utf8_chunks() {
        let mut chars = chunk.valid().chars().peekable();
        while let Some(c) = chars.next() {
            if !c.is_ascii() && !is_utf8 {
                let mut buffer = [0; 4];
                c.encode_utf8(&mut buffer).bytes().for_each(|byte| write_hex(byte, out));
            } else {
                write_char(c, chars.peek().copied(), out);
            }
        }
        chunk.invalid().iter().for_each(|byte| write_hex(*byte, out));
    }
    out.push(b'"');
}

fn write_hex(byte: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("\\x{byte:02X}").as_bytes());
}

fn write_char(c: char, next: Option<char>, out: &mut Vec<u8>) {
    let short = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\u{1b}' => "\\e",
        '#' if matches!(next, Some('{' | '$' | '@')) => "\\#",
        c if c.is_ascii_control() => return out.extend_from_slice(format!("\\x{:02X}", c as u32).as_bytes()),
        c if c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c) || c == '\u{feff}' => {
            return out.extend_from_slice(format!("\\u{:04X}", c as u32).as_bytes());
        }
        c => {
            let mut buffer = [0; 4];
            return out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
    };
    out.extend_from_slice(short.as_bytes());
}
