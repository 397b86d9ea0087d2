//! Templates of webhook answers: `{{a.b}}`, sections over what is true or a list, and what stands where nothing is.

use serde_json::Value as Json;

/// Sections nest less deeply than this.
const DEPTH: usize = 50;

/// How a value stands in the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As it is.
    Plain,
    /// As a part of a text in JSON, unless three braces say otherwise.
    Json,
}

/// Fills a template. What is unknown is nothing; a tag that does not end is text.
pub fn render(template: &str, context: &Json, escape: Escape) -> String {
    let mut out = String::new();
    let mut stack = vec![context];
    fill(template, &mut stack, escape, &mut out);
    out
}

/// A tag: what stands before it, its mark, its name, and what comes after it.
struct Tag<'a> {
    before: &'a str,
    mark: char,
    name: &'a str,
    after: &'a str,
}

fn tag(text: &str) -> Option<Tag<'_>> {
    let (before, rest) = text.split_once("{{")?;
    if let Some(raw) = rest.strip_prefix('{') {
        let (name, after) = raw.split_once("}}}")?;
        return Some(Tag { before, mark: '&', name: name.trim(), after });
    }
    let (inside, after) = rest.split_once("}}")?;
    let inside = inside.trim();
    let mark = inside.chars().next().filter(|c| matches!(c, '#' | '^' | '/' | '!' | '&')).unwrap_or(' ');
    let name = inside.trim_start_matches(mark).trim();
    Some(Tag { before, mark, name, after })
}

fn fill(template: &str, stack: &mut Vec<&Json>, escape: Escape, out: &mut String) {
    let mut rest = template;
    while let Some(Tag { before, mark, name, after }) = tag(rest) {
        out.push_str(before);
        rest = after;
        match mark {
            '!' | '/' => {}
            '#' | '^' => {
                let (inner, behind) = section(after, name);
                rest = behind;
                if stack.len() < DEPTH {
                    repeat(inner, mark == '^', look(stack, name), stack, escape, out);
                }
            }
            _ => out.push_str(&shown(look(stack, name), if mark == '&' { Escape::Plain } else { escape })),
        }
    }
    out.push_str(rest);
}

fn repeat<'a>(
    inner: &str,
    inverted: bool,
    value: Option<&'a Json>,
    stack: &mut Vec<&'a Json>,
    escape: Escape,
    out: &mut String,
) {
    let value = value.filter(|value| !is_nothing(value));
    match value {
        None if inverted => fill(inner, stack, escape, out),
        Some(Json::Array(items)) if !inverted => {
            for item in items {
                stack.push(item);
                fill(inner, stack, escape, out);
                stack.pop();
            }
        }
        Some(value) if !inverted => {
            stack.push(value);
            fill(inner, stack, escape, out);
            stack.pop();
        }
        _ => {}
    }
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::Array(items) => items.is_empty(),
        Json::String(text) => text.is_empty(),
        _ => false,
    }
}

/// What a section holds, and what comes behind its end; a section without an end goes to the end.
fn section<'a>(text: &'a str, name: &str) -> (&'a str, &'a str) {
    let (mut rest, mut open) = (text, 1);
    while let Some(found) = tag(rest) {
        if found.name == name {
            match found.mark {
                '#' | '^' => open += 1,
                '/' => open -= 1,
                _ => {}
            }
        }
        if open == 0 {
            let end = text.len() - rest.len() + found.before.len();
            return (text.get(..end).unwrap_or(text), found.after);
        }
        rest = found.after;
    }
    (text, "")
}

/// The value of a dotted name, from the innermost section outwards; `.` is the item itself.
fn look<'a>(stack: &[&'a Json], name: &str) -> Option<&'a Json> {
    if name == "." {
        return stack.last().copied();
    }
    let mut parts = name.split('.');
    let first = parts.next()?;
    let from = stack.iter().rev().find_map(|value| step(value, first))?;
    parts.try_fold(from, step)
}

/// Names of headers are found however they are spelled.
fn step<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    match value {
        Json::Object(fields) => fields
            .get(name)
            .or_else(|| fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)),
        Json::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn shown(value: Option<&Json>, escape: Escape) -> String {
    let text = match value {
        None | Some(Json::Null) => return String::new(),
        Some(Json::String(text)) => text.clone(),
        // A list or an object has no part to be in quotes.
        Some(other) => return other.to_string(),
    };
    match escape {
        Escape::Plain => text,
        Escape::Json => {
            let quoted = Json::from(text).to_string();
            quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Escape, render};
    use serde_json::json;

    #[test]
    fn templates_are_filled() {
        let context = json!({
            "headers": { "X-Custom-Header": "h" },
            "query": { "hub.challenge": "42", "mode": "subscribe" },
            "body": { "challenge": "say \"hi\"", "user": { "id": 7 }, "items": [{ "n": 1 }, { "n": 2 }], "none": [], "list": [3, 4] },
        });
        for (template, escape, expected) in [
            ("plain", Escape::Plain, "plain"),
            ("{{body.challenge}}", Escape::Plain, "say \"hi\""),
            ("{\"challenge\":\"{{body.challenge}}\"}", Escape::Json, "{\"challenge\":\"say \\\"hi\\\"\"}"),
            ("{{{body.challenge}}}", Escape::Json, "say \"hi\""),
            ("{{ body.user.id }}-{{body.items.1.n}}", Escape::Plain, "7-2"),
            ("{{headers.x-custom-header}}", Escape::Plain, "h"),
            (
                "{{#body.items}}<{{n}} of {{query.mode}}>{{/body.items}}",
                Escape::Plain,
                "<1 of subscribe><2 of subscribe>",
            ),
            ("{{#body.list}}{{.}},{{/body.list}}", Escape::Plain, "3,4,"),
            ("{{^body.none}}nothing{{/body.none}}{{#body.none}}x{{/body.none}}", Escape::Plain, "nothing"),
            ("{{! a note }}{{nope}}{{body.nope.deep}}", Escape::Plain, ""),
            ("{{#body.user}}{{#missing}}x{{/missing}}{{id}}{{/body.user}}!", Escape::Plain, "7!"),
            ("{{unclosed", Escape::Plain, "{{unclosed"),
            ("{{#body.user}}open", Escape::Plain, "open"),
            ("{{body.user}}", Escape::Plain, "{\"id\":7}"),
        ] {
            assert_eq!(render(template, &context, escape), expected, "{template}");
        }
    }
}
