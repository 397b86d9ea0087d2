//! Strings: bytes with an encoding, shared and mutable, with O(1) indexing while they are ASCII.

use super::encoding::{Encoding, Layout, Packed, count_utf8};
use std::cell::{Cell, Ref, RefCell, RefMut};
use std::rc::Rc;
use std::sync::Arc;

/// Which class a string is of: the SDK marks bytes (Binary) and schema-converted text (UnicodeString).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrClass {
    Plain,
    Binary,
    Unicode,
    /// Text that was escaped for HTML.
    Safe,
}

/// A string object.
pub struct Str {
    bytes: RefCell<Bytes>,
    encoding: Cell<Packed>,
    class: Cell<StrClass>,
    frozen: Cell<bool>,
    shape: Cell<Shape>,
    /// A hash of the bytes; 0 until somebody asks.
    digest: Cell<u32>,
}

/// Most strings are short: up to this many bytes live in the object itself.
const INLINE: usize = 22;

/// Longer text is shared by its copies until one of them changes.
const SHARE_FROM: usize = 64;

enum Bytes {
    Inline {
        len: u8,
        data: [u8; INLINE],
    },
    /// Shared with the program's text or with copies, until it is changed.
    Shared(Arc<[u8]>),
    /// Changed, or made to be changed; in a box, so that all the others are small.
    #[allow(clippy::box_collection)]
    Owned(Box<Vec<u8>>),
}

const _: () = assert!(size_of::<Bytes>() == 24 && size_of::<Str>() == 40, "a million records have millions of strings");

impl Bytes {
    fn of(bytes: &[u8]) -> Self {
        let mut data = [0; INLINE];
        match data.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                Self::Inline { len: bytes.len() as u8, data }
            }
            None => Self::Shared(Arc::from(bytes)),
        }
    }

    fn as_slice(&self) -> &[u8] {
        match self {
            Self::Inline { len, data } => data.get(..*len as usize).unwrap_or_default(),
            Self::Shared(shared) => shared,
            Self::Owned(owned) => owned,
        }
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            // Unused places are zero, and comparing all of them needs no call.
            (Self::Inline { len: a_len, data: a }, Self::Inline { len: b_len, data: b }) => a_len == b_len && a == b,
            _ => self.as_slice() == other.as_slice(),
        }
    }

    fn make_owned(&mut self) -> &mut Vec<u8> {
        if !matches!(self, Self::Owned(_)) {
            *self = Self::Owned(Box::new(self.as_slice().to_vec()));
        }
        match self {
            Self::Owned(owned) => owned,
            // Not reached; a leaked empty vector keeps this free of panics.
            Self::Shared(_) | Self::Inline { .. } => Box::leak(Box::default()),
        }
    }

    /// A copy; long owned text becomes shared by both.
    fn copy(&mut self) -> Self {
        if let Self::Owned(owned) = self
            && owned.len() >= SHARE_FROM
        {
            *self = Self::Shared(Arc::from(std::mem::take(&mut **owned)));
        }
        match self {
            Self::Shared(shared) => Self::Shared(Arc::clone(shared)),
            other => Self::of(other.as_slice()),
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
        Self::of(text.as_bytes(), Encoding::Utf8)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::owned(text.into_bytes(), Encoding::Utf8)
    }
}

impl Str {
    pub fn owned(bytes: Vec<u8>, encoding: Encoding) -> Self {
        let bytes = if bytes.len() <= INLINE { Bytes::of(&bytes) } else { Bytes::Owned(Box::new(bytes)) };
        Self::new(bytes, encoding)
    }

    /// A string of a copy of these bytes.
    pub fn of(bytes: &[u8], encoding: Encoding) -> Self {
        Self::new(Bytes::of(bytes), encoding)
    }

    /// A literal's string.
    pub fn shared(bytes: &Arc<[u8]>) -> Self {
        Self::new(
            if bytes.len() <= INLINE { Bytes::of(bytes) } else { Bytes::Shared(Arc::clone(bytes)) },
            Encoding::Utf8,
        )
    }

    pub fn binary(bytes: Vec<u8>) -> Self {
        let text = Self::owned(bytes, Encoding::Binary);
        text.class.set(StrClass::Binary);
        text
    }

    fn new(bytes: Bytes, encoding: Encoding) -> Self {
        Self {
            bytes: RefCell::new(bytes),
            encoding: Cell::new(encoding.packed()),
            class: Cell::new(StrClass::Plain),
            frozen: Cell::new(false),
            shape: Cell::new(Shape::Unknown),
            digest: Cell::new(0),
        }
    }

    /// A hash of the bytes, kept until they change: texts whose digests differ are different.
    #[inline]
    pub fn digest(&self) -> u32 {
        match self.digest.get() {
            0 => {
                let digest = super::compare::digest(&self.bytes());
                self.digest.set(digest);
                digest
            }
            known => known,
        }
    }

    pub fn bytes(&self) -> Ref<'_, [u8]> {
        Ref::map(self.bytes.borrow(), Bytes::as_slice)
    }

    /// The bytes for changing; frozenness is the caller's check. Never hold it across a call of the host.
    pub fn bytes_mut(&self) -> RefMut<'_, Vec<u8>> {
        self.shape.set(Shape::Unknown);
        self.digest.set(0);
        RefMut::map(self.bytes.borrow_mut(), Bytes::make_owned)
    }

    /// The two texts in one, where they are of one encoding.
    pub fn joined(&self, other: &Self) -> Option<Self> {
        if self.encoding.get() != other.encoding.get() {
            return None;
        }
        let (head, tail) = (self.bytes(), other.bytes());
        let mut data = [0; INLINE];
        let bytes = match data.get_mut(..head.len() + tail.len()) {
            Some(place) => {
                let (left, right) = place.split_at_mut(head.len());
                left.copy_from_slice(&head);
                right.copy_from_slice(&tail);
                Bytes::Inline { len: (head.len() + tail.len()) as u8, data }
            }
            None => Bytes::Owned(Box::new([&*head, &*tail].concat())),
        };
        Some(Self::new(bytes, self.encoding()))
    }

    /// Appends bytes of the same encoding; keeps what is known of the whole where it can.
    pub fn append(&self, more: &Self) {
        let both = match (self.shape.get(), more.shape()) {
            (Shape::Ascii, Shape::Ascii) => Shape::Ascii,
            (Shape::Ascii | Shape::ValidUtf8, Shape::Ascii | Shape::ValidUtf8) => Shape::ValidUtf8,
            _ => Shape::Unknown,
        };
        if std::ptr::eq(self, more) {
            let copy = self.bytes().to_vec();
            self.bytes_mut().extend_from_slice(&copy);
        } else {
            self.bytes_mut().extend_from_slice(&more.bytes());
        }
        self.shape.set(both);
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

    /// Only ASCII characters, in an encoding that has them as single bytes.
    pub fn is_ascii(&self) -> bool {
        self.shape() == Shape::Ascii && self.encoding().is_ascii_compatible()
    }

    /// Valid in its encoding.
    pub fn is_valid(&self) -> bool {
        match self.encoding() {
            Encoding::Utf8 => self.shape() != Shape::Broken,
            Encoding::UsAscii => self.shape() == Shape::Ascii,
            Encoding::Binary => true,
            Encoding::Other(_) => {
                let layout = self.layout();
                let bytes = self.bytes();
                layout.is_single() || Steps { layout, rest: &bytes }.all(|step| step.valid)
            }
        }
    }

    pub fn layout(&self) -> Layout {
        self.encoding().layout()
    }

    /// Each byte is a character: indexing needs no scan.
    pub fn is_single_byte(&self) -> bool {
        match self.encoding() {
            Encoding::Utf8 => self.shape() == Shape::Ascii,
            Encoding::Binary | Encoding::UsAscii => true,
            Encoding::Other(_) => self.layout().is_single() || self.is_ascii(),
        }
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding.get().unpacked()
    }

    pub fn set_encoding(&self, encoding: Encoding) {
        self.encoding.set(encoding.packed());
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

    /// An unfrozen copy of the same class and encoding; long text is shared until one of the two changes.
    #[must_use]
    pub fn copy(&self) -> Self {
        let bytes = match self.bytes.try_borrow_mut() {
            Ok(mut bytes) => bytes.copy(),
            Err(_) => Bytes::of(&self.bytes()),
        };
        let copy = Self::new(bytes, self.encoding());
        copy.class.set(self.class.get());
        copy.shape.set(self.shape.get());
        copy.digest.set(self.digest.get());
        copy
    }

    /// What a hash keeps of a string key.
    pub fn frozen_copy(&self) -> Rc<Self> {
        let copy = self.copy();
        copy.freeze();
        Rc::new(copy)
    }

    /// A plain string of the bytes `lo..hi` in the same encoding; out of range is cut.
    #[must_use]
    pub fn sub_bytes(&self, lo: usize, hi: usize) -> Self {
        let bytes = self.bytes();
        let hi = hi.min(bytes.len());
        let part = Self::of(bytes.get(lo..hi).unwrap_or_default(), self.encoding());
        if self.shape.get() == Shape::Ascii {
            part.shape.set(Shape::Ascii);
        }
        part
    }
}

/// Characters.
impl Str {
    /// The number of characters.
    pub fn char_count(&self) -> usize {
        if self.is_single_byte() {
            return self.len();
        }
        let bytes = self.bytes();
        if self.encoding() == Encoding::Utf8 && self.shape() == Shape::ValidUtf8 {
            return count_utf8(&bytes);
        }
        Steps { layout: self.layout(), rest: &bytes }.count()
    }

    /// Where the character with that number begins; the end for the number after the last; `None` beyond.
    pub fn char_start(&self, number: usize) -> Option<usize> {
        if self.is_single_byte() {
            return (number <= self.len()).then_some(number);
        }
        let bytes = self.bytes();
        let mut steps = Steps { layout: self.layout(), rest: &bytes };
        for _ in 0..number {
            steps.next()?;
        }
        Some(bytes.len() - steps.rest.len())
    }

    /// How many characters begin before that byte.
    pub fn char_number(&self, byte: usize) -> usize {
        if self.is_single_byte() {
            return byte;
        }
        let bytes = self.bytes();
        let before = bytes.get(..byte).unwrap_or(&bytes);
        if self.encoding() == Encoding::Utf8 && self.shape() == Shape::ValidUtf8 {
            return count_utf8(before);
        }
        Steps { layout: self.layout(), rest: before }.count()
    }

    /// The byte after the character that begins at `at`; the length at the end.
    pub fn char_end(&self, at: usize) -> usize {
        let bytes = self.bytes();
        match bytes.get(at..) {
            Some(rest) if !rest.is_empty() => at + self.layout().step(rest).len,
            _ => bytes.len(),
        }
    }

    /// The byte ranges of all characters.
    pub fn char_ranges(&self) -> Vec<(usize, usize)> {
        let bytes = self.bytes();
        if self.is_single_byte() {
            return (0..bytes.len()).map(|at| (at, at + 1)).collect();
        }
        let mut at = 0;
        let steps = Steps { layout: self.layout(), rest: &bytes };
        steps
            .map(|step| {
                at += step.len;
                (at - step.len, at)
            })
            .collect()
    }

    /// The encoding of the two joined, or `None` if they cannot be: `Encoding.compatible?`.
    pub fn compatible(&self, other: &Self) -> Option<Encoding> {
        let (own, theirs) = (self.encoding(), other.encoding());
        if own == theirs || other.is_empty() {
            return Some(own);
        }
        if self.is_empty() {
            return Some(if own.is_ascii_compatible() && other.is_ascii() { own } else { theirs });
        }
        if !own.is_ascii_compatible() || !theirs.is_ascii_compatible() {
            return None;
        }
        if other.is_ascii() {
            Some(own)
        } else if self.is_ascii() {
            Some(theirs)
        } else {
            None
        }
    }

    /// `==`: the same bytes in encodings that can be compared.
    #[inline]
    pub fn same_text(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
            || (self.bytes.borrow().same(&other.bytes.borrow())
                && (self.encoding.get() == other.encoding.get() || self.compatible(other).is_some()))
    }
}

/// Walks over characters.
pub(super) struct Steps<'a> {
    pub layout: Layout,
    pub rest: &'a [u8],
}

impl Iterator for Steps<'_> {
    type Item = super::encoding::Step;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let step = self.layout.step(self.rest);
        self.rest = self.rest.get(step.len..).unwrap_or_default();
        Some(step)
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        &*self.bytes() == other.as_bytes()
    }
}
