//! Regular expressions, on Oniguruma with Ruby's syntax: the only module that names the engine.

use super::{Str, Value};
use std::rc::Rc;

/// `i`, `m`, `x`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RegexpOptions {
    pub ignore_case: bool,
    pub multi_line: bool,
    pub extended: bool,
}

/// A compiled pattern with its source as written.
pub struct Regexp {
    pub source: Box<[u8]>,
    pub options: RegexpOptions,
    engine: onig::Regex,
}

/// A successful match: the text it was found in and the byte ranges of the groups (0 is the whole).
pub struct MatchData {
    pub regexp: Rc<Regexp>,
    pub text: Rc<Str>,
    pub groups: Vec<Option<(usize, usize)>>,
}

impl Regexp {
    /// Compiles; the error is the engine's sentence as Ruby words it.
    pub fn new(source: &[u8], options: RegexpOptions) -> Result<Self, String> {
        let text = String::from_utf8_lossy(source);
        let mut flags = onig::RegexOptions::REGEX_OPTION_NONE;
        if options.ignore_case {
            flags |= onig::RegexOptions::REGEX_OPTION_IGNORECASE;
        }
        if options.multi_line {
            flags |= onig::RegexOptions::REGEX_OPTION_MULTILINE;
        }
        if options.extended {
            flags |= onig::RegexOptions::REGEX_OPTION_EXTEND;
        }
        let engine = onig::Regex::with_options(&text, flags, onig::Syntax::ruby())
            .map_err(|error| format!("{}: /{text}/", error.description()))?;
        Ok(Self { source: source.into(), options, engine })
    }

    /// The first match at or after byte `from` of `text`: the byte ranges of its groups.
    pub fn find(&self, text: &str, from: usize) -> Option<Vec<Option<(usize, usize)>>> {
        let mut region = onig::Region::new();
        self.engine.search_with_options(
            text,
            from,
            text.len(),
            onig::SearchOptions::SEARCH_OPTION_NONE,
            Some(&mut region),
        )?;
        Some((0..region.len()).map(|group| region.pos(group)).collect())
    }

    /// The named groups in order, each with its numbers.
    pub fn names(&self) -> Vec<(String, Vec<u32>)> {
        let mut names = Vec::new();
        self.engine.foreach_name(|name, numbers| {
            names.push((name.to_owned(), numbers.to_vec()));
            true
        });
        names
    }

    pub fn group_count(&self) -> usize {
        self.engine.captures_len()
    }
}

impl MatchData {
    /// The text of a group; nil if it did not take part.
    pub fn group(&self, number: usize) -> Value {
        match self.groups.get(number) {
            Some(Some((lo, hi))) => Value::Str(Rc::new(self.text.sub_bytes(*lo, *hi))),
            _ => Value::Nil,
        }
    }
}

impl RegexpOptions {
    /// The letters of the options that are on, in Ruby's order.
    pub fn letters(self) -> String {
        let flags = [(self.multi_line, 'm'), (self.ignore_case, 'i'), (self.extended, 'x')];
        flags.iter().filter(|(on, _)| *on).map(|(_, letter)| *letter).collect()
    }
}

impl Regexp {
    /// `/source/mix`.
    pub fn inspect(&self) -> String {
        format!("/{}/{}", String::from_utf8_lossy(&self.source).replace('/', "\\/"), self.options.letters())
    }

    /// `(?-mix:source)`.
    pub fn to_s(&self) -> String {
        let on = self.options.letters();
        let off: String = "mix".chars().filter(|letter| !on.contains(*letter)).collect();
        let dash = if off.is_empty() { "" } else { "-" };
        format!("(?{on}{dash}{off}:{})", String::from_utf8_lossy(&self.source))
    }
}

impl MatchData {
    /// `#<MatchData "ab" 1:"a" name:"b">`.
    pub fn inspect(&self) -> String {
        let names = self.regexp.names();
        let mut out = format!("#<MatchData {}", super::inspect(&self.group(0)).to_text());
        for number in 1..self.groups.len() {
            let name = names.iter().find(|(_, numbers)| numbers.contains(&(number as u32)));
            let label = name.map_or_else(|| number.to_string(), |(name, _)| name.clone());
            out.push_str(&format!(" {label}:{}", super::inspect(&self.group(number)).to_text()));
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
        let numbers = self.regexp.names().into_iter().find(|(known, _)| known == name)?.1;
        let groups = numbers.iter().rev().map(|number| self.group(*number as usize));
        Some(groups.into_iter().find(|group| !group.is_nil()).unwrap_or_default())
    }
}
