//! Regular expressions, on Oniguruma with Ruby's syntax: the only module that names the engine.

use super::pattern::{Pattern, rewrite};
use super::{ClassId, Encoding, Exception, Limit, Result, Str, Unwind, Value, raise};
use onig::{EncodedBytes, EncodedChars, MatchParam, Region, SearchOptions, Syntax, SyntaxOperator};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

/// `i`, `m`, `x` and `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RegexpOptions {
    pub ignore_case: bool,
    pub multi_line: bool,
    pub extended: bool,
    /// `/…/n`: for bytes.
    pub no_encoding: bool,
}

/// A compiled pattern with its source as written.
pub struct Regexp {
    pub source: Box<[u8]>,
    pub options: RegexpOptions,
    /// Over UTF-8; none if the pattern is of bytes that are no text.
    text_engine: Option<onig::Regex>,
    /// Over bytes, made when a text asks for it.
    byte_engine: OnceLock<Option<onig::Regex>>,
    /// Characters beyond ASCII stand in the pattern.
    beyond_ascii: bool,
}

/// The byte ranges of a match's groups; 0 is the whole.
pub type Groups = Vec<Option<(usize, usize)>>;

/// A successful match: the text it was found in (a frozen copy) and the byte ranges of the groups (0 is the whole).
pub struct MatchData {
    pub regexp: Rc<Regexp>,
    pub text: Rc<Str>,
    pub groups: Groups,
}

/// How often the engine may go back within one attempt before it gives up; long texts may take more.
const RETRIES: u32 = 20_000_000;
const RETRIES_PER_BYTE: u32 = 64;

/// How many places to go back to it may remember.
const MATCH_STACK: u32 = 16_000_000;

/// Compiled patterns that a thread remembers.
const CACHE: usize = 256;

#[derive(PartialEq, Eq, Hash)]
struct CacheKey(Box<[u8]>, RegexpOptions);

thread_local! {
    static REGION: RefCell<Region> = RefCell::new(Region::new());
    static COMPILED: RefCell<hashbrown::HashMap<CacheKey, Rc<Regexp>, foldhash::fast::FixedState>> = RefCell::default();
}

impl Regexp {
    /// Compiles; the error is Ruby's sentence with the pattern.
    pub fn new(source: &[u8], options: RegexpOptions) -> std::result::Result<Self, String> {
        let fail = |reason: &str| format!("{reason}: {}", inspect_source(source, options));
        let (text_engine, byte_engine, beyond_ascii) = match rewrite(source, options, false) {
            Ok(pattern) => {
                let engine = compile_text(&pattern, options).map_err(|reason| fail(&reason))?;
                (Some(engine), OnceLock::new(), pattern.beyond_ascii)
            }
            Err(reason) if options.no_encoding => {
                let engine =
                    rewrite(source, options, true).ok().and_then(|pattern| compile_bytes(&pattern, options).ok());
                (None, OnceLock::from(Some(engine.ok_or_else(|| fail(reason))?)), true)
            }
            Err(reason) => return Err(fail(reason)),
        };
        Ok(Self { source: source.into(), options, text_engine, byte_engine, beyond_ascii })
    }

    /// The compiled pattern, from this thread's memory if it was compiled lately.
    pub fn cached(source: &[u8], options: RegexpOptions) -> std::result::Result<Rc<Self>, String> {
        let key = CacheKey(source.into(), options);
        if let Some(known) = COMPILED.with_borrow(|cache| cache.get(&key).cloned()) {
            return Ok(known);
        }
        let compiled = Rc::new(Self::new(source, options)?);
        COMPILED.with_borrow_mut(|cache| {
            if cache.len() >= CACHE {
                cache.clear();
            }
            cache.insert(key, Rc::clone(&compiled));
        });
        Ok(compiled)
    }

    /// The first match at or after byte `from` of `text`. Raises if the text is not valid in its encoding or the pattern
    /// is of another one; a search that goes back too often ends in a limit error.
    pub fn find(&self, text: &Str, from: usize) -> Result<Option<Groups>> {
        self.search(text, from, text.len(), groups)
    }

    /// The first match in plain text; none as well where the engine gives up.
    pub fn find_in(&self, text: &str) -> Option<Groups> {
        let engine = self.text_engine.as_ref()?;
        let none = SearchOptions::SEARCH_OPTION_NONE;
        REGION.with_borrow_mut(|region| {
            let found = engine.search_with_param(text, 0, text.len(), none, Some(region), param(text.len()));
            found.ok().flatten().map(|_| groups(region))
        })
    }

    /// The range of the first match at or after byte `from`, without its groups.
    pub fn find_range(&self, text: &Str, from: usize) -> Result<Option<(usize, usize)>> {
        Ok(self.search(text, from, text.len(), |region| region.pos(0))?.flatten())
    }

    /// The last match that begins at or before byte `from`.
    pub fn find_last(&self, text: &Str, from: usize) -> Result<Option<Groups>> {
        self.search(text, from, 0, groups)
    }

    /// A match that begins exactly at byte `at`.
    pub fn find_at(&self, text: &Str, at: usize) -> Result<Option<Groups>> {
        let engine = self.engine_for(text)?;
        let bytes = text.bytes();
        let found = REGION.with_borrow_mut(|region| {
            let chars = EncodedBytes::from_parts(&bytes, engine.encoding());
            let none = SearchOptions::SEARCH_OPTION_NONE;
            let found = engine.match_with_param(chars, at, none, Some(region), param(bytes.len()));
            found.map(|found| found.map(|_| groups(region)))
        });
        found.map_err(|error| self.gave_up(&error, bytes.len()))
    }

    fn search<T>(&self, text: &Str, from: usize, to: usize, read: impl FnOnce(&Region) -> T) -> Result<Option<T>> {
        let engine = self.engine_for(text)?;
        let bytes = text.bytes();
        if from > bytes.len() {
            return Ok(None);
        }
        let found = REGION.with_borrow_mut(|region| {
            let chars = EncodedBytes::from_parts(&bytes, engine.encoding());
            let none = SearchOptions::SEARCH_OPTION_NONE;
            let found = engine.search_with_param(chars, from, to, none, Some(region), param(bytes.len()));
            found.map(|found| found.map(|_| read(region)))
        });
        found.map_err(|error| self.gave_up(&error, bytes.len()))
    }

    /// The engine that fits the text's encoding.
    fn engine_for(&self, text: &Str) -> Result<&onig::Regex> {
        let encoding = text.encoding();
        if !text.is_valid() {
            return Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid byte sequence in {}", encoding.name())));
        }
        if encoding == Encoding::Utf8 || text.is_ascii() {
            return self.text_engine.as_ref().or_else(|| self.byte_engine_if(text)).ok_or_else(|| self.misfit(text));
        }
        if !encoding.is_ascii_compatible() || (self.beyond_ascii && self.text_engine.is_some()) {
            return Err(self.misfit(text));
        }
        self.byte_engine().ok_or_else(|| self.misfit(text))
    }

    fn byte_engine_if(&self, text: &Str) -> Option<&onig::Regex> {
        if text.is_ascii() { self.byte_engine() } else { None }
    }

    fn byte_engine(&self) -> Option<&onig::Regex> {
        let make = || compile_bytes(&rewrite(&self.source, self.options, true).ok()?, self.options).ok();
        self.byte_engine.get_or_init(make).as_ref()
    }

    #[cold]
    fn misfit(&self, text: &Str) -> Box<Unwind> {
        let own = self.encoding().name();
        let theirs = text.encoding().name();
        let message = format!("incompatible encoding regexp match ({own} regexp with {theirs} string)");
        raise(ClassId::COMPATIBILITY_ERROR, message)
    }

    #[cold]
    fn gave_up(&self, error: &onig::Error, len: usize) -> Box<Unwind> {
        let message = format!(
            "more steps than a match may take: {} went back too often on a text of {len} bytes ({}); repeats inside \
             repeats, as in (a+)+, take exponential time: write them so that a text can match in one way only",
            self.inspect(),
            error.description()
        );
        let place = Rc::new(Exception::new(ClassId::REGEXP_ERROR, message.clone()));
        Box::new(Unwind::Limit { limit: Limit::Steps, message, place })
    }

    /// The named groups in order, each with its numbers.
    pub fn names(&self) -> Vec<(String, Vec<u32>)> {
        let mut names = Vec::new();
        if let Some(engine) = self.any_engine() {
            engine.foreach_name(|name, numbers| {
                names.push((name.to_owned(), numbers.to_vec()));
                true
            });
        }
        names.sort_by_key(|(_, numbers)| numbers.first().copied());
        names
    }

    /// How many groups there are, the whole match not counted.
    pub fn group_count(&self) -> usize {
        self.any_engine().map_or(0, onig::Regex::captures_len)
    }

    fn any_engine(&self) -> Option<&onig::Regex> {
        self.text_engine.as_ref().or_else(|| self.byte_engine())
    }

    /// US-ASCII unless characters beyond it stand in the pattern.
    pub fn encoding(&self) -> Encoding {
        match (self.beyond_ascii, &self.text_engine) {
            (false, _) => Encoding::UsAscii,
            (true, Some(_)) => Encoding::Utf8,
            (true, None) => Encoding::Binary,
        }
    }
}

fn groups(region: &Region) -> Groups {
    (0..region.len()).map(|group| region.pos(group)).collect()
}

fn param(len: usize) -> MatchParam {
    let mut param = MatchParam::default();
    let more = u32::try_from(len).unwrap_or(u32::MAX).saturating_mul(RETRIES_PER_BYTE);
    param.set_retry_limit_in_match(RETRIES.saturating_add(more));
    param.set_match_stack_limit(MATCH_STACK);
    param
}

fn compile_text(pattern: &Pattern, options: RegexpOptions) -> std::result::Result<onig::Regex, String> {
    let text = std::str::from_utf8(&pattern.bytes).map_err(|_| "invalid multibyte character".to_owned())?;
    compile(text, options)
}

fn compile_bytes(pattern: &Pattern, options: RegexpOptions) -> std::result::Result<onig::Regex, String> {
    compile(EncodedBytes::ascii(&pattern.bytes), options)
}

fn compile(pattern: impl EncodedChars, options: RegexpOptions) -> std::result::Result<onig::Regex, String> {
    let mut flags = onig::RegexOptions::REGEX_OPTION_NONE;
    flags.set(onig::RegexOptions::REGEX_OPTION_IGNORECASE, options.ignore_case);
    flags.set(onig::RegexOptions::REGEX_OPTION_MULTILINE, options.multi_line);
    flags.set(onig::RegexOptions::REGEX_OPTION_EXTEND, options.extended);
    let mut syntax = *Syntax::ruby();
    // `(?~…)`, which the binding has no name for.
    syntax.enable_operators(SyntaxOperator::from_bits_retain(1 << (32 + 25)));
    onig::Regex::with_options_and_encoding(pattern, flags, &syntax).map_err(|error| error.description().to_owned())
}

impl RegexpOptions {
    /// The letters of the options that are on, in Ruby's order; `n` is not one of them.
    pub fn letters(self) -> String {
        let flags = [(self.multi_line, 'm'), (self.ignore_case, 'i'), (self.extended, 'x')];
        flags.iter().filter(|(on, _)| *on).map(|(_, letter)| *letter).collect()
    }
}

fn inspect_source(source: &[u8], options: RegexpOptions) -> String {
    let none = if options.no_encoding { "n" } else { "" };
    format!("/{}/{}{none}", escape_source(source, false), options.letters())
}

/// The source between slashes: slashes escaped, what is no text in hexadecimal, and in `to_s` also what does not print.
fn escape_source(source: &[u8], codes: bool) -> String {
    let mut out = String::with_capacity(source.len() + 2);
    let hex = |byte: u8, out: &mut String| {
        out.push_str("\\x");
        out.push_str(&hex::encode_upper([byte]));
    };
    let mut escaped = false;
    for chunk in source.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '/' if !escaped => out.push_str("\\/"),
                c if codes && c.is_ascii_control() && !c.is_ascii_whitespace() => hex(c as u8, &mut out),
                c => out.push(c),
            }
            escaped = c == '\\' && !escaped;
        }
        for byte in chunk.invalid() {
            hex(*byte, &mut out);
        }
    }
    out
}

impl Regexp {
    /// `/source/mix`.
    pub fn inspect(&self) -> String {
        inspect_source(&self.source, self.options)
    }

    /// `(?-mix:source)`. A pattern that is one group with options already gives those.
    pub fn to_s(&self) -> String {
        let (options, source) = unwrap_group(&self.source, self.options);
        let on = options.letters();
        let off: String = "mix".chars().filter(|letter| !on.contains(*letter)).collect();
        let dash = if off.is_empty() { "" } else { "-" };
        format!("(?{on}{dash}{off}:{})", escape_source(source, true))
    }
}

/// Takes `(?i-m:…)` and `(?i)` off a source that is nothing else.
fn unwrap_group(source: &[u8], options: RegexpOptions) -> (RegexpOptions, &[u8]) {
    let whole = (options, source);
    let Some(rest) = source.strip_prefix(b"(?") else { return whole };
    let mut inner = options;
    let mut on = true;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'-' => on = false,
            b'm' => inner.multi_line = on,
            b'i' => inner.ignore_case = on,
            b'x' => inner.extended = on,
            b')' => return (inner, rest.get(at + 1..).unwrap_or_default()),
            b':' => {
                let Some(body) = rest.get(at + 1..).and_then(|body| body.strip_suffix(b")")) else { return whole };
                // `(?i:a)(b)` ends in a parenthesis too, but its inside is no pattern.
                return if Regexp::new(body, inner).is_ok() { (inner, body) } else { whole };
            }
            _ => return whole,
        }
    }
    whole
}

impl MatchData {
    /// The text of a group; nil if it did not take part.
    pub fn group(&self, number: usize) -> Value {
        match self.groups.get(number) {
            Some(Some((lo, hi))) => Value::Str(Rc::new(self.text.sub_bytes(*lo, *hi))),
            _ => Value::Nil,
        }
    }

    /// The number of the group with that name: the last of that name that took part, else the last.
    pub fn number_of(&self, name: &str) -> Option<usize> {
        let names = self.regexp.names();
        let (_, numbers) = names.iter().find(|(known, _)| known == name)?;
        let took_part = |number: &&u32| matches!(self.groups.get(**number as usize), Some(Some(_)));
        numbers.iter().rev().find(took_part).or(numbers.last()).map(|number| *number as usize)
    }

    /// `#<MatchData "ab" 1:"a" name:"b">`.
    pub fn inspect(&self) -> String {
        let names = self.regexp.names();
        let mut out = format!("#<MatchData {}", super::inspect(&self.group(0)).to_text());
        for number in 1..self.groups.len() {
            let name = names.iter().find(|(_, numbers)| numbers.contains(&(number as u32)));
            let label = name.map_or_else(|| number.to_string(), |(name, _)| name.clone());
            out = out + " " + &label + ":" + &super::inspect(&self.group(number)).to_text();
        }
        out + ">"
    }
}

impl MatchData {
    /// The text before the match.
    pub fn before(&self) -> Value {
        let end = self.groups.first().copied().flatten().map_or(0, |(lo, _)| lo);
        Value::Str(Rc::new(self.text.sub_bytes(0, end)))
    }

    /// The text after the match.
    pub fn after(&self) -> Value {
        let start = self.groups.first().copied().flatten().map_or(0, |(_, hi)| hi);
        Value::Str(Rc::new(self.text.sub_bytes(start, self.text.len())))
    }

    /// The text of a named group: the last of that name that took part. `None` if no group has the name.
    pub fn named(&self, name: &str) -> Option<Value> {
        self.number_of(name).map(|number| self.group(number))
    }
}
