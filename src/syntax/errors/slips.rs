//! Slips of the keyboard where the grammar stopped: something left out, doubled, or written as another language has it.

use super::mistakes::{Mistake, line_at, mistake};

pub fn find(text: &str, offset: usize) -> Option<Mistake> {
    comment(text, offset)
        .or_else(|| missing_value(text, offset))
        .or_else(|| quote_in_string(text, offset))
        .or_else(|| dangling(text, offset))
        .or_else(|| separator(text, offset))
        .or_else(|| missing_colon(text, offset))
        .or_else(|| colon_after_head(text, offset))
        .or_else(|| bars(text, offset))
        .or_else(|| block_as_value(text, offset))
        .or_else(|| ternary(text, offset))
}

fn word_before(text: &str) -> &str {
    let start = text.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    text.get(start..).unwrap_or_default()
}

/// `// …` and `/* … */`.
fn comment(text: &str, offset: usize) -> Option<Mistake> {
    let (start, line) = line_at(text, offset);
    let rest = line.trim_start();
    let at = start + line.len() - rest.len();
    let mark = ["//", "/*", "--"].into_iter().find(|mark| rest.starts_with(*mark))?;
    Some(mistake("syntax::foreign-syntax", (at, at + 2), format!("`{mark}` does not begin a comment"), "write `#`"))
}

/// `"He said "hi""`: the inner quote ends the string.
fn quote_in_string(text: &str, offset: usize) -> Option<Mistake> {
    let before = text.get(..offset)?;
    let quote = before.chars().last().filter(|c| matches!(c, '\'' | '"'))?;
    let (start, line) = line_at(text, offset);
    let opened = before.get(start..)?.matches(quote).count() % 2 == 0;
    let rest = line.get(offset - start..)?;
    (opened && rest.starts_with(|c: char| c.is_alphanumeric()) && rest.contains(quote)).then(|| {
        let other = if quote == '"' { "'…'" } else { "\"…\"" };
        let message = format!("this `{quote}` ends the string");
        let help = format!("write `\\{quote}` inside of the string, or put the string into `{other}`");
        mistake("syntax::apostrophe-in-string", (offset - 1, offset), message, help)
    })
}

const OPERATORS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "=~", "+=", "-=", "<<", "=>", "**", "->", "and", "or", "not", "=", "+", "-",
    "*", "/", "<", ">", "!",
];

/// An operator or a dot after which nothing comes.
fn dangling(text: &str, offset: usize) -> Option<Mistake> {
    let (start, line) = line_at(text, offset);
    let first = line.trim_start();
    let mut above = text.get(..start)?;
    let at_line_start = text.get(start..offset)?.trim().is_empty();
    let closes = ["end", "}", "]", ")", "else", "elsif", "when"].into_iter().any(|closer| first.starts_with(closer));
    if !(at_line_start && closes) {
        // `x.` takes the `end` below for a method's name, so the grammar stops a little later.
        let earlier = text.get(..start)?.trim_end();
        let line_start = earlier.rfind('\n').map_or(0, |newline| newline + 1);
        let last = earlier.get(line_start..)?.trim();
        if !matches!(last, "end" | "end," | "}" | "},") {
            return None;
        }
        above = text.get(..line_start)?;
        let code = above.trim_end();
        return code.ends_with('.').then(|| nothing_after(code.len() - 1, "."));
    }
    let code = loop {
        let code = above.trim_end();
        let line_start = code.rfind('\n').map_or(0, |newline| newline + 1);
        let last = code.get(line_start..)?;
        if last.trim_start().starts_with('#') {
            above = code.get(..line_start)?;
        } else {
            break code;
        }
    };
    if code.ends_with('.') {
        return Some(nothing_after(code.len() - 1, "."));
    }
    let operator = OPERATORS.into_iter().find(|operator| code.ends_with(operator))?;
    let word = operator.starts_with(|c: char| c.is_alphabetic());
    (!word || word_before(code) == operator).then(|| nothing_after(code.len() - operator.len(), operator))
}

fn nothing_after(at: usize, operator: &str) -> Mistake {
    let message = format!("nothing comes after this `{operator}`");
    mistake(
        "syntax::incomplete",
        (at, at + operator.len()),
        message,
        format!("complete the expression, or remove the `{operator}`"),
    )
}

/// `title -> 'x'`, `title:: 'x'`, `title : 'x'`, `title: => 'x'`.
fn separator(text: &str, offset: usize) -> Option<Mistake> {
    let (start, line) = line_at(text, offset);
    let inner = line.trim_start();
    let indent = start + line.len() - inner.len();
    let length = inner.find(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|length| *length > 0)?;
    let (key, rest) = inner.split_at(length);
    let trimmed = rest.trim_start();
    let at = indent + length + rest.len() - trimmed.len();
    let written = [": =>", ":=>", ":=", "::", "->", ":"].into_iter().find(|written| trimmed.starts_with(written))?;
    let spaced = trimmed.get(written.len()..)?.starts_with(' ');
    let alone = written == ":" && rest.starts_with(' ');
    let fits = at <= offset && offset <= at + written.len() + 1;
    (fits && spaced && (alone || written != ":")).then(|| {
        let message = match written {
            ":" => format!("no blank may stand between the key `{key}` and its `:`"),
            _ => format!("`{written}` does not separate the key `{key}` from its value"),
        };
        mistake("syntax::wrong-separator", (at, at + written.len()), message, format!("write `{key}: …`"))
    })
}

/// `title 'Acme',` at the start of a line.
fn missing_colon(text: &str, offset: usize) -> Option<Mistake> {
    let (start, line) = line_at(text, offset);
    let inner = line.trim_start();
    let key = inner.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().filter(|key| !key.is_empty())?;
    let at = start + line.len() - inner.len() + key.len();
    let between = text.get(at..offset)?;
    let rest = text.get(offset..)?;
    let value = rest.starts_with(['\'', '"', '{', '[']) || rest.starts_with(|c: char| c.is_ascii_digit());
    (between.trim().is_empty() && value && line.trim_end().ends_with([',', '{', '[', '\'', '"'])).then(|| {
        let message = format!("missing `:` after the key `{key}`");
        mistake("syntax::missing-colon", (at, at), message, format!("write `{key}: …`"))
    })
}

/// `if x:` and `for x in y:`.
fn colon_after_head(text: &str, offset: usize) -> Option<Mistake> {
    let (start, line) = line_at(text, offset);
    let head = line.trim();
    let word = head.split(|c: char| !c.is_alphabetic()).next()?;
    let known = matches!(word, "if" | "elsif" | "elif" | "else" | "unless" | "while" | "for" | "case" | "when");
    (known && head.ends_with(':')).then(|| {
        let at = start + line.trim_end().len() - 1;
        let message = format!("no `:` follows the condition of `{word}`");
        mistake("syntax::foreign-syntax", (at, at + 1), message, "remove the `:`; the body ends with `end`")
    })
}

/// `do |a, b` without the second bar.
fn bars(text: &str, offset: usize) -> Option<Mistake> {
    [offset, text.get(..offset)?.trim_end().len()].into_iter().find_map(|place| {
        let (start, line) = line_at(text, place);
        let open = line.find("do |").map(|at| at + 3).or_else(|| line.find("{ |").map(|at| at + 2))?;
        let names = line.get(open + 1..)?;
        (!names.contains('|')).then(|| {
            let at = start + open;
            let help = format!("write `|{}|`", names.trim());
            mistake("syntax::missing-closer", (at, at + 1), "these block parameters are never closed with `|`", help)
        })
    })
}

/// `execute: do |input|`.
fn block_as_value(text: &str, offset: usize) -> Option<Mistake> {
    let rest = text.get(offset..)?;
    let is_do = rest.strip_prefix("do").is_some_and(|rest| rest.starts_with([' ', '\n', '\r']));
    let key = text.get(..offset)?.trim_end_matches(' ').strip_suffix(':')?;
    (is_do && key.ends_with(|c: char| c.is_alphanumeric() || c == '_')).then(|| {
        let message = "a `do` block alone is no value";
        let help = format!("write `{}: lambda do`", word_before(key));
        mistake("syntax::unexpected", (offset, offset + 2), message, help)
    })
}

/// Where the value of the key above is missing, so that the key at `offset` was taken for it: behind its colon.
pub fn missing_value_at(text: &str, offset: usize) -> Option<usize> {
    let (start, _) = line_at(text, offset);
    let rest = text.get(offset..)?;
    let key = text.get(start..offset)?.trim();
    let word = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    let above = text.get(..start)?.trim_end();
    let last = above.rsplit('\n').next()?.trim().strip_suffix(':')?;
    (rest.starts_with(':') && !rest.starts_with("::") && word(key) && word(last)).then_some(above.len())
}

/// `title:` and a line break.
fn missing_value(text: &str, offset: usize) -> Option<Mistake> {
    let at = missing_value_at(text, offset)?;
    let key = word_before(text.get(..at - 1)?);
    let help = format!("write a value behind `{key}:`, or take the key away");
    Some(mistake("syntax::missing-value", (at - 1 - key.len(), at), format!("`{key}:` has no value"), help))
}

/// `x ? 1` without `: 2`.
fn ternary(text: &str, offset: usize) -> Option<Mistake> {
    let before = text.get(..offset)?.trim_end();
    let (start, line) = line_at(text, before.len());
    let question = line.find(" ? ")?;
    let ended = text.get(before.len()..)?.trim_start_matches([' ', '\t']).starts_with(['\n', '#', ',', ')', '\r']);
    (ended && !line.get(question + 3..)?.contains(" : ")).then(|| {
        let at = start + question + 1;
        let message = "this ternary `?` has no `:` part";
        mistake("syntax::incomplete", (at, at + 1), message, "write `condition ? one : other`")
    })
}
