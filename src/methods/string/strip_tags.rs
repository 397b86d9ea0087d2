//! `strip_tags`: the text of an HTML fragment.

use super::entities::entity;
use super::text::{like, this};
use crate::methods::{Method, sdk};

pub(super) const ROWS: &[Method] = &[sdk(
    "strip_tags",
    "() -> String",
    "The text of HTML, without tags, comments, scripts, styles and forms; `&`, `<` and `>` stay escaped.",
    "'<p>Hello <b>x</b></p>'.strip_tags => \"Hello x\"\n'a & b<script>1</script>'.strip_tags => \"a &amp; b\"",
    |_, receiver, _| {
        let text = this(receiver)?;
        Ok(like(text, text_of(&text.to_text()).into_bytes()))
    },
)];

/// The text between the tags.
pub fn text_of(html: &str) -> String {
    // The parser that the rule comes from stops at a NUL.
    let html = html.split('\0').next().unwrap_or_default();
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    let mut in_form = false;
    while let Some(c) = rest.chars().next() {
        let before = out.len();
        rest = match c {
            '<' => markup(rest, &mut out, &mut in_form),
            '&' => reference(rest, &mut out),
            '>' => {
                out.push_str("&gt;");
                &rest[1..]
            }
            c => {
                out.push(c);
                &rest[c.len_utf8()..]
            }
        };
        if in_form {
            out.truncate(before);
        }
    }
    out
}

/// From a `<` on: skips a tag, a comment or an instruction; anything else is a character.
fn markup<'a>(rest: &'a str, out: &mut String, in_form: &mut bool) -> &'a str {
    let inside = &rest[1..];
    if let Some(comment) = inside.strip_prefix("!--") {
        return comment.find("-->").map_or("", |end| &comment[end + 3..]);
    }
    if inside.starts_with('?') {
        return inside.find('>').map_or("", |end| &inside[end + 1..]);
    }
    if inside.get(..8).is_some_and(|word| word.eq_ignore_ascii_case("!doctype")) {
        return inside.find('>').map_or("", |end| &inside[end + 1..]);
    }
    let (closing, name_at) = inside.strip_prefix('/').map_or((false, inside), |after| (true, after));
    if !name_at.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        if closing {
            return name_at;
        }
        out.push_str("&lt;");
        return inside;
    }
    let len = name_at.find(|c: char| !(c.is_ascii_alphanumeric() || ":_-.".contains(c))).unwrap_or(name_at.len());
    let (name, attributes) = name_at.split_at(len);
    let name = name.to_ascii_lowercase();
    if name == "form" {
        *in_form = !closing;
    }
    if closing {
        return attributes.find('>').map_or("", |end| &attributes[end + 1..]);
    }
    let after = skip_attributes(attributes);
    if name == "script" || name == "style" { skip_raw(after, &name) } else { after }
}

/// What follows the `>` of a tag; quotes around values may hold another.
fn skip_attributes(text: &str) -> &str {
    let mut chars = text.char_indices();
    let mut after_equals = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '>' => return &text[at + 1..],
            '"' | '\'' if after_equals => {
                if !chars.by_ref().any(|(_, inner)| inner == c) {
                    return "";
                }
                after_equals = false;
            }
            '=' => after_equals = true,
            c if c.is_ascii_whitespace() => {}
            _ => after_equals = false,
        }
    }
    ""
}

/// What follows the end of a script or style, whose text is no HTML.
fn skip_raw<'a>(text: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let start = from + at + 2;
        let found = text.get(start..start + name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
        let ends = !text[start..].chars().nth(name.len()).is_some_and(|c| c.is_ascii_alphanumeric());
        if found && ends {
            return text[start..].find('>').map_or("", |end| &text[start + end + 1..]);
        }
        from = start;
    }
    ""
}

/// From a `&` on: a reference is written as its character, anything else escaped.
fn reference<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let inside = &rest[1..];
    if let Some(number) = inside.strip_prefix('#') {
        let (radix, digits) = number.strip_prefix(['x', 'X']).map_or((10, number), |digits| (16, digits));
        let len = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let (digits, after) = digits.split_at(len);
        let code = u32::from_str_radix(digits, radix).ok().filter(|code| *code != 0).and_then(char::from_u32);
        if let Some(c) = code {
            write_escaped(c, out);
        }
        return after.strip_prefix(';').unwrap_or(after);
    }
    let len = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
    let (name, after) = inside.split_at(len);
    if let (Some(c), Some(after)) = (entity(name), after.strip_prefix(';')) {
        write_escaped(c, out);
        return after;
    }
    out.push_str("&amp;");
    inside
}

fn write_escaped(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        c => out.push(c),
    }
}
