//! Strings, lists, interpolations and heredocs that are never closed.

use super::super::scan::{Literal, Mark, MarkKind};
use super::Finding;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::{Source, Span};

/// Every such literal.
pub fn check(source: &Source, marks: &[Mark]) -> Vec<Finding> {
    let unclosed = marks.iter().filter_map(|mark| match mark.kind {
        MarkKind::Unclosed(literal) => Some((mark.at, literal)),
        _ => None,
    });
    unclosed.map(|(at, literal)| tell(source, at, literal)).collect()
}

fn tell(source: &Source, at: usize, literal: Literal) -> Finding {
    let text = source.text().get(at..).unwrap_or_default();
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    match literal {
        Literal::String => string(source, at, line),
        Literal::List => list(source, at, line),
        Literal::Interpolation => interpolation(source, at, line),
        Literal::Apostrophe => apostrophe(source, at),
        Literal::Heredoc => heredoc(source, at, line),
    }
}

fn finding(diagnostic: Diagnostic, title: &str, range: std::ops::Range<usize>, text: &str) -> Finding {
    let span = Span::new(range.start as u32, range.end as u32);
    let fix = Fix { title: title.to_owned(), edits: vec![Edit { span, text: text.to_owned() }] };
    Finding { diagnostic: Diagnostic { fix: Some(fix), ..diagnostic }, repairs: vec![(range, text.to_owned())] }
}

/// Where a text that runs to the end of its line most likely ought to end: before the comma and the closers that follow it.
fn likely_end(line: &str) -> usize {
    let mut text = line.trim_end();
    text = text.strip_suffix(',').unwrap_or(text).trim_end();
    while let Some(last) = text.chars().last().filter(|c| matches!(c, ')' | ']' | '}')) {
        let open = match last {
            ')' => '(',
            ']' => '[',
            _ => '{',
        };
        let count = |c: char| text.matches(c).count();
        if count(last) <= count(open) {
            break;
        }
        text = text.get(..text.len() - 1).unwrap_or_default().trim_end();
    }
    if line.len() > text.len() && text.is_empty() { line.trim_end().len() } else { text.len() }
}

fn string(source: &Source, at: usize, line: &str) -> Finding {
    let quote = line.get(..1).unwrap_or_default();
    let end = at + 1 + likely_end(line.get(1..).unwrap_or_default());
    let help = format!("add `{quote}` at the end of the string");
    let diagnostic = Diagnostic::error("syntax::unclosed-string", "this string is never closed")
        .within(source)
        .label(Span::new(at as u32, at as u32 + 1), "its opening quote")
        .help(help.clone());
    finding(diagnostic, &help, end..end, quote)
}

fn list(source: &Source, at: usize, line: &str) -> Finding {
    let percent = line.starts_with('%');
    let length = if percent { line.find(|c: char| c != '%' && !c.is_alphanumeric()).map_or(1, |at| at + 1) } else { 1 };
    let opener = line.get(..length).unwrap_or_default();
    let close = match opener.chars().last() {
        Some('[') => ']',
        Some('(') => ')',
        Some('{') => '}',
        Some('<') => '>',
        other => other.unwrap_or('%'),
    };
    let what = if line.starts_with("%w") || line.starts_with("%i") { " list" } else { "" };
    let rest = line.get(length..).unwrap_or_default();
    let end = at + length + if percent { likely_end(rest) } else { rest.find([',', ')']).unwrap_or(likely_end(rest)) };
    let what = if opener == "/" { " regular expression" } else { what };
    let diagnostic = Diagnostic::error("syntax::unclosed-string", format!("this `{opener}`{what} is never closed"))
        .within(source)
        .label(Span::new(at as u32, (at + length) as u32), "opened here")
        .help(format!("add `{close}` at its end"));
    finding(diagnostic, &format!("add `{close}`"), end..end, &close.to_string())
}

fn interpolation(source: &Source, at: usize, line: &str) -> Finding {
    let code = line.get(2..).unwrap_or_default();
    let length = code.find(['"', '`', ' ', '/', '?', '&', ',']).unwrap_or(code.trim_end().len());
    let end = at + 2 + length;
    let name = code.get(..length).unwrap_or_default();
    let diagnostic = Diagnostic::error("syntax::unclosed-interpolation", "this `#{` is never closed")
        .within(source)
        .label(Span::new(at as u32, at as u32 + 2), "opened here")
        .help(if name.is_empty() { "add `}` after the code".to_string() } else { format!("add `}}` after `{name}`") });
    finding(diagnostic, "add `}`", end..end, "}")
}

fn apostrophe(source: &Source, at: usize) -> Finding {
    let diagnostic = Diagnostic::error("syntax::apostrophe-in-string", "this apostrophe `'` ends the string")
        .within(source)
        .label(Span::new(at as u32, at as u32 + 1), "the string ends here")
        .help("write the string in `\"…\"`, or the apostrophe as `\\'`");
    finding(diagnostic, "write `\\'`", at..at, "\\")
}

fn heredoc(source: &Source, at: usize, line: &str) -> Finding {
    let sigil = usize::from(matches!(line.as_bytes().get(2), Some(b'~' | b'-')));
    let quoted = line.get(2 + sigil..).unwrap_or_default();
    let quote = quoted.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let id: String =
        quoted.trim_start_matches(['\'', '"']).chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let length = 2 + sigil + id.len() + 2 * usize::from(quote.is_some());
    let span = Span::new(at as u32, (at + length) as u32);
    let opener = source.slice(span).to_owned();
    let below = at + line.len();
    let terminator = source.text().get(below..).and_then(|text| {
        let found = text.lines().scan(below, |start, line| {
            let here = *start;
            *start += line.len() + 1;
            Some((here, line))
        });
        found
            .filter(|(_, line)| line.trim() == id)
            .map(|(start, line)| start + line.len() - line.trim_start().len())
            .next()
    });
    if let Some(terminator) = terminator.filter(|_| sigil == 0) {
        let number = source.line_column(terminator as u32).line;
        let message = format!("the heredoc `{opener}` is never closed: the `{id}` of line {number} is indented");
        let diagnostic = Diagnostic::error("syntax::heredoc-indent", message)
            .within(source)
            .label(span, "opened here")
            .label(Span::new(terminator as u32, (terminator + id.len()) as u32), "does not begin its line")
            .help(format!("write `<<~{id}`"));
        return finding(diagnostic, &format!("write `<<~{id}`"), at + 2..at + 2, "~");
    }
    let diagnostic = Diagnostic::error(
        "syntax::unclosed-heredoc",
        format!("the heredoc `{opener}` is never closed: no line holds only `{id}`"),
    )
    .within(source)
    .label(span, "opened here")
    .help(format!("end it with a line that holds only `{id}`"));
    let mut repairs = vec![(span.range(), "''".to_string())];
    repairs.extend(body(source, at).map(|range| {
        let blank = source.text().get(range.clone()).unwrap_or_default();
        let blank = blank.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        (range, blank)
    }));
    Finding { diagnostic, repairs }
}

/// The lines below that stand right of the heredoc's own line: its body, most likely.
fn body(source: &Source, at: usize) -> Option<std::ops::Range<usize>> {
    let text = source.text();
    let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(text.get(start..)?);
    let first = at + text.get(at..)?.find('\n')? + 1;
    let mut end = first;
    for line in text.get(first..)?.split_inclusive('\n') {
        if !line.trim().is_empty() && indent(line) <= own {
            break;
        }
        end += line.len();
    }
    (end > first).then_some(first..end)
}
