//! Formatting, as the protocol asks for it: a whole text, a part of it, a line that is being typed.

use super::convert::{Places, TextEdit};
use super::wire;
use crate::diagnostic::{Diagnostic, Severity};
use crate::editor::Document;
use crate::format;
use crate::text::Span;
use serde_json::{Value, json};

/// Characters after which a line may belong elsewhere: a line break, a bracket, the last letters of `end` and `else`.
pub const FIRST_TRIGGER: &str = "\n";
pub const TRIGGERS: [&str; 5] = ["}", "]", ")", "d", "e"];

/// The edits of a whole text; none while it cannot be read.
pub fn whole(document: &Document, places: Places) -> Result<String, String> {
    within(document, places, Span::new(0, document.source.text().len() as u32))
}

/// Those that lie in the range asked for.
pub fn range(document: &Document, places: Places, params: &Value) -> Result<String, String> {
    let range = &params["range"];
    let (lo, hi) = (places.offset(&range["start"]), places.offset(&range["end"]));
    within(document, places, Span::new(lo as u32, hi as u32))
}

fn within(document: &Document, places: Places, span: Span) -> Result<String, String> {
    let text = document.formatted().map_err(|found| refusal(document, &found))?;
    let edits = format::edits_within(document.source.text(), &text, span);
    Ok(wire::json(&edits.iter().map(|edit| places.edit(edit)).collect::<Vec<TextEdit>>()))
}

/// What stands in the way.
fn refusal(document: &Document, found: &[Diagnostic]) -> String {
    let Some(error) = found.iter().find(|finding| finding.severity == Severity::Error) else {
        return "this text cannot be formatted".into();
    };
    let line = document.source.line_of(error.span().unwrap_or_default().lo) + 1;
    format!("not formatted, for the text has an error in line {line}: {}", error.message)
}

/// The line that was typed on. After a line break also the one above, if it closes something, and what closes it if it opens
/// something.
pub fn typed(document: &Document, places: Places, params: &Value) -> String {
    let text = document.source.text();
    let offset = places.offset(&params["position"]);
    let line_start = text.get(..offset).and_then(|above| above.rfind('\n')).map_or(0, |newline| newline + 1);
    let code = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim();
    let typed = params["ch"].as_str().unwrap_or_default();
    let asked: Vec<usize> = match typed {
        "\n" => line_start.checked_sub(1).into_iter().filter(|above| closes(text, *above)).chain([offset]).collect(),
        "d" | "e" if !matches!(code, "end" | "else") => Vec::new(),
        _ if !code.starts_with(['}', ']', ')', 'e']) => Vec::new(),
        _ => vec![offset],
    };
    let closed = if typed == "\n" { format::close(text, offset) } else { None };
    let moved = asked.into_iter().filter_map(|offset| format::reindent(text, offset));
    let edits: Vec<_> = moved.chain(closed).collect();
    wire::json(&edits.iter().map(|edit| places.edit(edit)).collect::<Vec<TextEdit>>())
}

/// Whether the line that ends at `end` begins with what closes something.
fn closes(text: &str, end: usize) -> bool {
    let line = text.get(..end).and_then(|above| above.rsplit('\n').next()).unwrap_or_default();
    line.trim_start().starts_with(['}', ']', ')']) || line.trim() == "end" || line.trim() == "end,"
}

/// What the server says it can do.
pub fn capabilities(all: &mut Value) {
    all["documentFormattingProvider"] = json!(true);
    all["documentRangeFormattingProvider"] = json!(true);
    all["documentOnTypeFormattingProvider"] =
        json!({ "firstTriggerCharacter": FIRST_TRIGGER, "moreTriggerCharacter": TRIGGERS });
}
