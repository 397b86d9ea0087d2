//! Names for readers, and small helpers of the SDK: `labelize`, `quote`.

use super::inflect::humanize;
use super::text::{like, this};
use crate::methods::{Args, Host, Method, sdk};
use crate::text::Name;
use crate::value::{Result, Value};

pub(super) const ROWS: &[Method] = &[
    sdk(
        "labelize",
        "(*acronyms) -> String",
        "As a label: words apart, the first with a capital; `id`, `url`, `uri` and the acronyms given in capitals.",
        "'customer_id'.labelize => \"Customer ID\"\n'HTTPServer2'.labelize => \"HTTP server 2\"",
        labelize,
    ),
    sdk("quote", "() -> String", "Each `'` doubled, for SQL.", "\"it's\".quote => \"it''s\"", |_, receiver, _| {
        let text = this(receiver)?;
        let mut out = Vec::with_capacity(text.len() + 2);
        for byte in text.bytes().iter() {
            out.push(*byte);
            if *byte == b'\'' {
                out.push(b'\'');
            }
        }
        Ok(like(text, out))
    }),
];

/// Words that are written in capitals.
const ACRONYMS: &[&str] = &["id", "url", "uri"];

fn labelize(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?.to_text();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, word) in words(&text).into_iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        if word.split('\n').any(|line| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_uppercase())) {
            out.push_str(&word);
        } else if is_acronym(host, &word, &args)? {
            out.push_str(&word.to_uppercase());
        } else if at == 0 {
            out.push_str(&humanize(&word, true, false));
        } else {
            out.push_str(&word.to_lowercase());
        }
    }
    Ok(out.into())
}

fn is_acronym(host: &mut dyn Host, word: &str, args: &Args) -> Result<bool> {
    let known = |line: &str| ACRONYMS.iter().any(|acronym| acronym.eq_ignore_ascii_case(line));
    if word.split('\n').any(known) {
        return Ok(true);
    }
    for pattern in &args.values {
        if host.send(pattern, Name::new("=~"), Args::one(Value::str(word)))?.truthy() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The label of a name, as `labelize` makes it without further acronyms.
pub fn label_of(name: &str) -> String {
    let one = |(at, word): (usize, String)| {
        if word.bytes().all(|byte| byte.is_ascii_uppercase()) {
            word
        } else if ACRONYMS.iter().any(|acronym| acronym.eq_ignore_ascii_case(&word)) {
            word.to_uppercase()
        } else if at == 0 {
            humanize(&word, true, false)
        } else {
            word.to_lowercase()
        }
    };
    words(name).into_iter().enumerate().map(one).collect::<Vec<_>>().join(" ")
}

/// The words of a name: apart at underscores, between digits and other characters, at humps (`camelCase`) and after
/// acronyms (`HTTPServer`). Blank ones are left out.
pub fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (at, c) in chars.iter().copied().enumerate() {
        if c == '_' {
            words.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| chars.get(before)).copied();
        if before.is_some_and(|before| is_border(before, c, chars.get(at + 1).copied())) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words.retain(|word| !word.chars().all(char::is_whitespace));
    words
}

fn is_border(before: char, c: char, after: Option<char>) -> bool {
    let hump = c.is_ascii_uppercase() && !before.is_ascii_uppercase();
    let after_acronym = c.is_ascii_uppercase()
        && (before.is_ascii_uppercase() || before.is_ascii_digit())
        && after.is_some_and(|after| !after.is_ascii_uppercase() && !after.is_ascii_digit() && after != '_');
    before.is_ascii_digit() != c.is_ascii_digit() || hump || after_acronym
}
