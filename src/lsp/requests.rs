//! Each request in three steps: where, what the editor layer knows, how the protocol writes it.

use super::capabilities::{Client, MENTIONS, RUN};
use super::convert::{Location, Places, Range, TextEdit};
use super::documents::Documents;
use super::{formatting, wire, workspace};
use crate::diagnostic::{Diagnostic, Edit, together};
use crate::editor::{self, Document, Item, ItemKind, Lens, LensKind, Symbol};
use crate::text::Span;
use serde::Serialize;
use serde_json::{Value, json};

/// JSON, or why there is none.
type Answer = Result<String, String>;

/// The answer to a request; `None` for a method that nobody serves. A text that is not open has no answers.
pub fn answer(documents: &mut Documents, client: Client, method: &str, params: &Value) -> Option<Answer> {
    let serve: fn(&Ask) -> Answer = match method {
        "textDocument/completion" => |ask| Ok(completion(ask)),
        "textDocument/hover" => |ask| Ok(hover(ask)),
        "textDocument/signatureHelp" => |ask| Ok(signature(ask)),
        "textDocument/definition" => |ask| Ok(definition(ask)),
        "textDocument/references" => |ask| Ok(references(ask)),
        "textDocument/documentHighlight" => |ask| Ok(highlights(ask)),
        "textDocument/documentSymbol" => |ask| Ok(wire::json(&symbols(ask, editor::symbols(ask.document)))),
        "textDocument/selectionRange" => |ask| Ok(selections(ask)),
        "textDocument/semanticTokens/full" => |ask| Ok(tokens(ask)),
        "textDocument/codeLens" => |ask| Ok(lenses(ask)),
        "textDocument/inlayHint" => |ask| Ok(hints(ask)),
        "textDocument/foldingRange" => |ask| Ok(folds(ask)),
        "textDocument/codeAction" => |ask| Ok(actions(ask)),
        "textDocument/prepareRename" => |ask| Ok(prepare_rename(ask)),
        "textDocument/rename" => rename,
        "textDocument/formatting" => |ask| formatting::whole(ask.document, ask.places),
        "textDocument/rangeFormatting" => |ask| formatting::range(ask.document, ask.places, ask.params),
        "textDocument/onTypeFormatting" => |ask| Ok(formatting::typed(ask.document, ask.places, ask.params)),
        "textDocument/diagnostic" => |ask| Ok(report(ask)),
        _ => return None,
    };
    let uri = params.pointer("/textDocument/uri").and_then(Value::as_str).unwrap_or_default();
    let Some((document, places)) = documents.get(uri) else { return Some(Ok("null".into())) };
    let offset = places.offset(&params["position"]);
    Some(serve(&Ask { document, places, uri, offset, client, params }))
}

/// One question.
struct Ask<'a> {
    document: &'a Document,
    places: Places<'a>,
    uri: &'a str,
    offset: usize,
    client: Client,
    params: &'a Value,
}

impl<'a> Ask<'a> {
    fn location(&self, span: Span) -> Location<'a> {
        Location { uri: self.uri, range: self.places.range(span) }
    }

    fn change(&self, edits: &[Edit]) -> Value {
        let edits: Vec<TextEdit> = edits.iter().map(|edit| self.places.edit(edit)).collect();
        json!({ "changes": { self.uri: edits } })
    }
}

fn report(ask: &Ask) -> String {
    let items: Vec<_> = ask.document.findings().iter().map(|finding| ask.places.finding(finding, ask.uri)).collect();
    format!("{{\"kind\":\"full\",\"items\":{}}}", wire::json(&items))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CompletionItem<'i> {
    label: &'i str,
    kind: u8,
    detail: &'i str,
    documentation: &'i str,
    sort_text: String,
    insert_text: &'i str,
    insert_text_format: u8,
}

fn completion(ask: &Ask) -> String {
    let items = editor::complete(ask.document, ask.offset);
    let item = |(at, item): (usize, &'_ Item)| -> String {
        wire::json(&CompletionItem {
            label: &item.label,
            kind: match item.kind {
                ItemKind::Key => 10,
                ItemKind::Value => 12,
                ItemKind::Method => 2,
                ItemKind::Variable => 6,
                ItemKind::Name => 18,
            },
            detail: &item.detail,
            documentation: &item.doc,
            sort_text: format!("{at:05}"),
            insert_text: &item.insert,
            insert_text_format: if item.insert.contains('$') { 2 } else { 1 },
        })
    };
    let items: Vec<String> = items.iter().enumerate().map(item).collect();
    format!("{{\"isIncomplete\":false,\"items\":[{}]}}", items.join(","))
}

fn hover(ask: &Ask) -> String {
    let Some((span, text)) = editor::hover(ask.document, ask.offset) else { return "null".into() };
    json!({ "contents": { "kind": "markdown", "value": text }, "range": ask.places.range(span) }).to_string()
}

fn signature(ask: &Ask) -> String {
    let Some(signature) = editor::signature(ask.document, ask.offset) else { return "null".into() };
    let parameters: Vec<Value> = signature.parameters.iter().map(|label| json!({ "label": label })).collect();
    json!({
        "signatures": [{ "label": signature.label, "parameters": parameters, "documentation": signature.doc }],
        "activeSignature": 0,
        "activeParameter": signature.active,
    })
    .to_string()
}

fn definition(ask: &Ask) -> String {
    wire::json(&editor::definition(ask.document, ask.offset).map(|span| ask.location(span)))
}

fn references(ask: &Ask) -> String {
    let with_definition = ask.params.pointer("/context/includeDeclaration") == Some(&Value::Bool(true));
    let spans = editor::references(ask.document, ask.offset, with_definition);
    wire::json(&spans.into_iter().map(|span| ask.location(span)).collect::<Vec<_>>())
}

#[derive(Serialize)]
struct Highlight {
    range: Range,
    kind: u8,
}

fn highlights(ask: &Ask) -> String {
    let places = editor::highlights(ask.document, ask.offset).into_iter();
    let places =
        places.map(|(span, writes)| Highlight { range: ask.places.range(span), kind: if writes { 3 } else { 2 } });
    wire::json(&places.collect::<Vec<_>>())
}

/// For each place a range in a range in a range.
fn selections(ask: &Ask) -> String {
    let one = |position: &Value| {
        let spans = editor::selections(ask.document, ask.places.offset(position));
        spans.iter().rev().fold(Value::Null, |parent, span| {
            let range = ask.places.range(*span);
            if parent.is_null() { json!({ "range": range }) } else { json!({ "range": range, "parent": parent }) }
        })
    };
    let all: Vec<Value> = ask.params["positions"].as_array().into_iter().flatten().map(one).collect();
    wire::json(&all)
}

fn tokens(ask: &Ask) -> String {
    format!("{{\"data\":{}}}", wire::json(&ask.places.tokens(&editor::tokens(ask.document))))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentSymbol {
    name: String,
    detail: String,
    kind: u8,
    range: Range,
    selection_range: Range,
    children: Vec<DocumentSymbol>,
}

fn symbols(ask: &Ask, all: Vec<Symbol>) -> Vec<DocumentSymbol> {
    let one = |symbol: Symbol| DocumentSymbol {
        name: symbol.name,
        detail: symbol.detail,
        kind: workspace::kind(symbol.kind),
        range: ask.places.range(symbol.span),
        selection_range: ask.places.range(symbol.name_span),
        children: symbols(ask, symbol.children),
    };
    all.into_iter().map(one).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FoldingRange {
    start_line: usize,
    end_line: usize,
    kind: &'static str,
}

fn folds(ask: &Ask) -> String {
    let fold = |fold: editor::Fold| FoldingRange {
        start_line: fold.first,
        end_line: fold.last,
        kind: if fold.comment { "comment" } else { "region" },
    };
    wire::json(&editor::folds(ask.document).into_iter().map(fold).collect::<Vec<_>>())
}

/// What can be run, and how often things are mentioned, as far as the client can show it.
fn lenses(ask: &Ask) -> String {
    let one = |lens: Lens| {
        let command = match lens.kind {
            LensKind::Run(words) if ask.client.runs => {
                json!({ "title": format!("▶ run {}", words.join(" ")), "command": RUN, "arguments": [ask.uri, words] })
            }
            LensKind::Mentions(spans) if ask.client.shows_mentions => {
                let title = if spans.len() == 1 { "1 mention".to_owned() } else { format!("{} mentions", spans.len()) };
                let places: Vec<Location> = spans.into_iter().map(|span| ask.location(span)).collect();
                let position = ask.places.position(lens.span.lo);
                json!({ "title": title, "command": MENTIONS, "arguments": [ask.uri, position, places] })
            }
            _ => return None,
        };
        Some(json!({ "range": ask.places.range(lens.span), "command": command }))
    };
    wire::json(&editor::lenses(ask.document).into_iter().filter_map(one).collect::<Vec<_>>())
}

/// Words that are not written, in the range asked for.
fn hints(ask: &Ask) -> String {
    let range = &ask.params["range"];
    let (lo, hi) = (ask.places.offset(&range["start"]), ask.places.offset(&range["end"]));
    let one = |hint: editor::Hint| {
        json!({
            "position": ask.places.position(hint.at),
            "label": hint.label,
            "kind": 2,
            "paddingRight": hint.names_argument,
        })
    };
    wire::json(&editor::hints(ask.document, Span::new(lo as u32, hi as u32)).into_iter().map(one).collect::<Vec<_>>())
}

/// Each fix in the range, what can be written otherwise at its start, and all fixes at once.
fn actions(ask: &Ask) -> String {
    let range = &ask.params["range"];
    let line = |at: u32| ask.document.source.line_of(at);
    let (first, last) =
        (line(ask.places.offset(&range["start"]) as u32), line(ask.places.offset(&range["end"]) as u32));
    let near =
        |finding: &&Diagnostic| finding.span().is_some_and(|span| first <= line(span.hi) && line(span.lo) <= last);
    let mut actions: Vec<Value> = Vec::new();
    for finding in ask.document.findings().iter().filter(near) {
        // What a machine may do by itself comes first; of the rest a person chooses.
        let sure = finding.fix.iter().map(|fix| (fix, true));
        for (fix, preferred) in sure.chain(finding.choices.iter().map(|fix| (fix, false))) {
            actions.push(json!({
                "title": fix.title,
                "kind": "quickfix",
                "diagnostics": [ask.places.finding(finding, ask.uri)],
                "isPreferred": preferred,
                "edit": ask.change(&fix.edits),
            }));
        }
    }
    for rewrite in editor::rewrites(ask.document, ask.places.offset(&range["start"])) {
        let edit = ask.change(&rewrite.edits);
        actions.push(json!({ "title": rewrite.title, "kind": "refactor.rewrite", "edit": edit }));
    }
    let fixes = ask.document.findings().iter().filter_map(|finding| finding.fix.as_ref());
    let (all, _) = together(fixes);
    if !all.is_empty() {
        let title = "fix everything that can be fixed";
        actions.push(json!({ "title": title, "kind": "source.fixAll", "edit": ask.change(&all) }));
    }
    wire::json(&actions)
}

fn prepare_rename(ask: &Ask) -> String {
    let spans = editor::references(ask.document, ask.offset, true);
    let here = spans.into_iter().find(|span| span.lo as usize <= ask.offset && ask.offset <= span.hi as usize);
    wire::json(&here.map(|span| ask.places.range(span)))
}

fn rename(ask: &Ask) -> Answer {
    let new = ask.params["newName"].as_str().unwrap_or_default();
    editor::rename(ask.document, ask.offset, new).map(|edits| ask.change(&edits).to_string())
}
