//! Mistakes that are known by their looks: habits from other languages, slips of the keyboard.

use super::{Finding, slips};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::{Source, Span};

/// The mistake around `offset`, where the grammar stopped.
pub fn find(source: &Source, offset: usize) -> Option<Diagnostic> {
    let text = source.text();
    let found = missing_opener(text, 0, text.len().min(offset + 4096))
        .or_else(|| arrow_function(text, offset))
        .or_else(|| missing_do(text, 0, offset))
        .or_else(|| increment(text, offset))
        .or_else(|| broken_chain(text, offset))
        .or_else(|| unsupported(text, offset))
        .or_else(|| leading_operator(text, offset))
        .or_else(|| colon_then_blank(text, offset))
        .or_else(|| semicolon(text, offset))
        .or_else(|| slips::find(text, offset))?;
    Some(told(source, found))
}

/// Slips that unsettle the nesting of everything below, if they are ones: a `do`, `{` or `[` left out, `else if`.
pub fn openers(source: &Source) -> Vec<Finding> {
    let text = source.text();
    let mut found = Vec::new();
    for mistake in else_ifs(text) {
        let (lo, hi) = mistake.range;
        let edit = Edit { span: Span::new(lo as u32, hi as u32), text: "elsif".into() };
        let fix = Fix { title: "write `elsif`".into(), edits: vec![edit] };
        let diagnostic = Diagnostic { fix: Some(fix), ..told(source, mistake) };
        found.push(Finding { diagnostic, repairs: vec![(lo..hi, "elsif".into())] });
    }
    let mut from = 0;
    while let Some(mistake) = missing_do(text, from, text.len()) {
        from = mistake.range.1;
        found.push(repaired(source, mistake, "do "));
    }
    from = 0;
    while let Some(mistake) = missing_opener(text, from, text.len()) {
        from = mistake.range.1 + 1;
        found.push(repaired(source, mistake, " {"));
    }
    found.extend(missing_brackets(text).into_iter().map(|mistake| repaired(source, mistake, " [")));
    found
}

fn repaired(source: &Source, mistake: Mistake, text: &str) -> Finding {
    let at = mistake.range.0;
    let edit = Edit { span: Span::at(at as u32), text: text.to_owned() };
    let fix = Fix { title: format!("add `{}`", text.trim()), edits: vec![edit] };
    let diagnostic = Diagnostic { fix: Some(fix), ..told(source, mistake) };
    Finding { diagnostic, repairs: vec![(at..at, text.to_owned())] }
}

fn told(source: &Source, found: Mistake) -> Diagnostic {
    let (lo, hi) = found.range;
    Diagnostic::error(found.code, found.message)
        .within(source)
        .label(Span::new(lo as u32, hi as u32), "here")
        .help(found.help)
}

/// What is wrong, where, and what to do.
pub struct Mistake {
    code: &'static str,
    range: (usize, usize),
    message: String,
    help: String,
}

pub fn mistake(
    code: &'static str,
    range: (usize, usize),
    message: impl Into<String>,
    help: impl Into<String>,
) -> Mistake {
    Mistake { code, range, message: message.into(), help: help.into() }
}

/// The line that holds `offset`: where it starts, and its text.
pub fn line_at(text: &str, offset: usize) -> (usize, &str) {
    let offset = offset.min(text.len());
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    (start, text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default())
}

/// Lines up to the one that holds `offset`, and one more, each with its start.
fn lines_until(text: &str, offset: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let mut past = false;
    text.split_inclusive('\n')
        .map(move |line| {
            let at = start;
            start += line.len();
            (at, line.trim_end_matches(['\n', '\r']))
        })
        .take_while(move |(at, _)| !std::mem::replace(&mut past, *at > offset))
}

/// `create:` with entries below it, and no brace.
fn missing_opener(text: &str, from: usize, until: usize) -> Option<Mistake> {
    let code = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let lines = lines_until(text, until).filter(|(start, line)| *start >= from && code(line));
    let lines: Vec<(usize, &str)> = lines.collect();
    for pair in lines.windows(2) {
        let [(start, line), (_, below)] = pair else { continue };
        let trimmed = line.trim_end();
        let (Some(key), Some(_)) = (label(trimmed), label_prefix(below)) else { continue };
        let indent = |line: &str| line.len() - line.trim_start().len();
        if trimmed.trim_start().len() == key.len() + 1 && indent(below) > indent(line) {
            let at = start + trimmed.len();
            let message = format!("missing `{{` after `{key}:`");
            return Some(mistake(
                "syntax::missing-opener",
                (at, at),
                message,
                "the entries below need a hash around them",
            ));
        }
    }
    None
}

/// The key of a line that is nothing but `key:`.
fn label(line: &str) -> Option<&str> {
    let key = line.trim_start().strip_suffix(':')?;
    (!key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(key)
}

fn label_prefix(line: &str) -> Option<&str> {
    let (key, rest) = line.trim_start().split_once(':')?;
    let word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    (word && !rest.starts_with(':')).then_some(key)
}

/// `(x) => { … }`.
fn arrow_function(text: &str, offset: usize) -> Option<Mistake> {
    let (start, line) = line_at(text, offset);
    let arrow = line.find("=> {").or_else(|| line.find("=>{"))?;
    let before = line.get(..arrow)?.trim_end();
    let open = before.ends_with(')').then(|| before.rfind('('))??;
    let inside = before.get(open + 1..before.len() - 1)?;
    let params = inside.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ',' | ' '));
    let called = before.get(..open)?.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    (params && !called).then(|| {
        let help = format!("write `->({inside}) {{ … }}`, or `lambda do |{inside}| … end`");
        mistake(
            "syntax::foreign-syntax",
            (start + open, start + arrow + 2),
            "a lambda is not written `(x) => { … }`",
            help,
        )
    })
}

/// `list.each |item|` at the end of a line.
fn missing_do(text: &str, from: usize, until: usize) -> Option<Mistake> {
    lines_until(text, until).skip_while(|(start, _)| *start < from).find_map(|(start, line)| {
        let trimmed = line.trim_end();
        let params = trimmed.strip_suffix('|')?;
        let bar = params.rfind('|')?;
        let before = params.get(..bar)?.trim_end();
        let names = params.get(bar + 1..)?;
        let plain = names.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ',' | ' ' | '(' | ')' | '*' | '&'));
        let opened = before.is_empty() || before.ends_with("do") || before.ends_with('{') || before.ends_with('|');
        (plain
            && !names.trim().is_empty()
            && !opened
            && before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | '?' | '!')))
        .then(|| {
            let call = before.trim_start();
            mistake(
                "syntax::missing-do",
                (start + bar, start + trimmed.len()),
                format!("missing `do` before the block parameters `|{names}|`"),
                format!("write `{call} do |{names}|`"),
            )
        })
    })
}

/// `n++`.
fn increment(text: &str, offset: usize) -> Option<Mistake> {
    let (start, _) = line_at(text, offset);
    let previous = text.get(..start)?.trim_end().len();
    for at in [offset, previous] {
        let (start, line) = line_at(text, at);
        for operator in ["++", "--"] {
            let Some(found) = line.find(operator) else { continue };
            let before = line.get(..found)?;
            let after = line.get(found + 2..)?.trim_start();
            let name = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
            if !name.is_empty() && (after.is_empty() || after.starts_with([';', '}', ')', '#', ','])) {
                let sign = &operator[..1];
                return Some(mistake(
                    "syntax::foreign-syntax",
                    (start + found, start + found + 2),
                    format!("there is no `{operator}` operator"),
                    format!("write `{name} {sign}= 1`"),
                ));
            }
        }
    }
    None
}

/// Each `else if`, which opens an `if` of its own.
fn else_ifs(text: &str) -> Vec<Mistake> {
    let lines = lines_until(text, text.len()).filter_map(|(start, line)| {
        let word = line.trim_start();
        word.starts_with("else if ").then(|| {
            let at = start + line.len() - word.len();
            let message = "`else if` opens a second `if`, which needs an `end` of its own";
            mistake("syntax::else-if", (at, at + 7), message, "write `elsif`")
        })
    });
    lines.collect()
}

/// `fields:` with elements below it, and no bracket.
fn missing_brackets(text: &str) -> Vec<Mistake> {
    let lines: Vec<(usize, &str)> = lines_until(text, text.len()).filter(|(_, line)| !line.trim().is_empty()).collect();
    let pairs = lines.windows(2).filter_map(|pair| {
        let [(start, line), (_, below)] = pair else { return None };
        let key = label(line.trim_end())?;
        below.trim_start().starts_with('{').then(|| {
            let at = start + line.trim_end().len();
            let message = format!("missing `[` after `{key}:`");
            mistake("syntax::missing-opener", (at, at), message, "the elements below need an array around them")
        })
    });
    pairs.collect()
}

/// `.name` after an empty line.
fn broken_chain(text: &str, offset: usize) -> Option<Mistake> {
    let rest = text.get(offset..)?;
    let dot = rest.starts_with('.') && !rest.starts_with("..") || rest.starts_with("&.");
    let (start, line) = line_at(text, offset);
    let above = text.get(..start)?.trim_end_matches('\n');
    (dot && line.trim_start().starts_with(['.', '&']) && above.len() + 1 < start).then(|| {
        mistake(
            "syntax::broken-chain",
            (offset, offset + 1),
            "an empty line ends the chain above, so this `.` has nothing to go on from",
            "remove the empty line",
        )
    })
}

const UNSUPPORTED: [(&str, &str); 8] = [
    ("class", "a connector is one hash, and a class would change code outside of it"),
    ("module", "a connector is one hash, and a module would change code outside of it"),
    ("alias", "it would rename methods for everything else that runs"),
    ("undef", "it would remove methods for everything else that runs"),
    ("BEGIN", "code cannot run before the connector is read"),
    ("END", "code cannot run after the connector is done"),
    ("super", "a connector has no classes, so nothing can be inherited"),
    ("def", "methods can be defined only on the connector's own context: `def name`"),
];

/// What a sandbox does not run.
fn unsupported(text: &str, offset: usize) -> Option<Mistake> {
    let rest = text.get(offset..)?;
    let command =
        rest.starts_with('`') || rest.starts_with("%x") || rest.starts_with("<<~`") || rest.starts_with("<<`");
    if command {
        let message =
            "commands of the operating system are not supported: a connector cannot reach the machine it runs on";
        return Some(mistake("syntax::unsupported", (offset, offset + 1), message, "send an HTTP request instead"));
    }
    let singleton = rest.starts_with('.') && text.get(..offset)?.ends_with("def self");
    let word = if singleton { "def" } else { rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()? };
    let (word, why) = UNSUPPORTED.iter().find(|(name, _)| *name == word && (singleton || *name != "def"))?;
    let message = format!("`{word}` is not supported: {why}");
    let help = "keep shared code in `methods`, and call it with `call('name', …)`";
    Some(mistake("syntax::unsupported", (offset, offset + word.len()), message, help))
}

/// A line that begins with an operator.
fn leading_operator(text: &str, offset: usize) -> Option<Mistake> {
    let (start, line) = line_at(text, offset);
    let first = line.trim_start();
    if start + line.len() - first.len() != offset {
        return None;
    }
    let operator = ["&&", "||", "==", "!=", "?", "<<", "*", "/", "=", "=>", "and ", "or ", ":"]
        .into_iter()
        .find(|operator| first.starts_with(operator))?
        .trim_end();
    let message = format!("a line cannot begin with `{operator}`: the line above is complete without it");
    let help = format!("put the `{operator}` at the end of the line above");
    Some(mistake("syntax::leading-operator", (offset, offset + operator.len()), message, help))
}

/// `: name`, a symbol with a blank in it.
fn colon_then_blank(text: &str, offset: usize) -> Option<Mistake> {
    let rest = text.get(offset..)?.strip_prefix(':')?;
    let word: String = rest.trim_start_matches(' ').chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let doubled = text.get(..offset)?.trim_end_matches([' ', '\t']).ends_with(':');
    (doubled && rest.starts_with(' ') && !word.is_empty()).then(|| {
        let message = "this `:` stands alone";
        mistake(
            "syntax::unexpected",
            (offset, offset + 1),
            message,
            format!("write `:{word}` for a symbol, or remove it"),
        )
    })
}

/// `;` between entries.
fn semicolon(text: &str, offset: usize) -> Option<Mistake> {
    text.get(offset..)?.starts_with(';').then(|| {
        let message = "`;` cannot separate the parts of a list or hash";
        mistake("syntax::wrong-separator", (offset, offset + 1), message, "write `,`")
    })
}
