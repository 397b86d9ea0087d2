//! Each request in three steps: where, what the editor layer knows, how the protocol writes it.

use super::convert::Lines;
use super::documents::Documents;
use super::formatting;
use crate::diagnostic::{Diagnostic, Edit, together};
use crate::editor::{self, Document, Item, ItemKind, Symbol, SymbolKind};
use crate::text::Span;
use serde_json::{Value, json};

type Answer = Result<Value, String>;

/// The answer to a request; `None` for a method that nobody serves. A text that is not open has no answers.
pub fn answer(documents: &mut Documents, method: &str, params: &Value) -> Option<Answer> {
    let serve: fn(&Ask) -> Answer = match method {
        "textDocument/completion" => |ask| Ok(completion(ask)),
        "textDocument/hover" => |ask| Ok(hover(ask)),
        "textDocument/signatureHelp" => |ask| Ok(signature(ask)),
        "textDocument/definition" => |ask| Ok(definition(ask)),
        "textDocument/references" => |ask| Ok(references(ask)),
        "textDocument/documentHighlight" => |ask| Ok(highlights(ask)),
        "textDocument/documentSymbol" => |ask| Ok(symbols(ask, &editor::symbols(ask.document))),
        "textDocument/selectionRange" => |ask| Ok(selections(ask)),
        "textDocument/semanticTokens/full" => {
            |ask| Ok(json!({ "data": ask.lines.tokens(&editor::tokens(ask.document)) }))
        }
        "textDocument/foldingRange" => |ask| Ok(folds(ask)),
        "textDocument/codeAction" => |ask| Ok(actions(ask)),
        "textDocument/prepareRename" => |ask| Ok(prepare_rename(ask)),
        "textDocument/rename" => rename,
        "textDocument/formatting" => |ask| Ok(formatting::whole(ask.document, &ask.lines)),
        "textDocument/rangeFormatting" => |ask| Ok(formatting::range(ask.document, &ask.lines, ask.params)),
        "textDocument/onTypeFormatting" => |ask| Ok(formatting::typed(ask.document, &ask.lines, ask.params)),
        "textDocument/diagnostic" => |ask| Ok(json!({ "kind": "full", "items": ask.findings() })),
        _ => return None,
    };
    let uri = params.pointer("/textDocument/uri").and_then(Value::as_str).unwrap_or_default();
    let Some((document, lines)) = documents.get(uri) else { return Some(Ok(Value::Null)) };
    let offset = lines.offset(&params["position"]);
    Some(serve(&Ask { document, lines, uri, offset, params }))
}

/// One question.
struct Ask<'a> {
    document: &'a Document,
    lines: Lines<'a>,
    uri: &'a str,
    offset: usize,
    params: &'a Value,
}

impl Ask<'_> {
    fn findings(&self) -> Vec<Value> {
        self.document.findings.iter().map(|finding| self.lines.diagnostic(finding, self.uri)).collect()
    }

    fn location(&self, span: Span) -> Value {
        json!({ "uri": self.uri, "range": self.lines.range(span) })
    }

    fn change(&self, edits: &[Edit]) -> Value {
        let edits: Vec<Value> = edits.iter().map(|edit| self.lines.edit(edit)).collect();
        json!({ "changes": { self.uri: edits } })
    }
}

fn completion(ask: &Ask) -> Value {
    let items = editor::complete(ask.document, ask.offset);
    let item = |(at, item): (usize, &Item)| {
        let kind = match item.kind {
            ItemKind::Key => 10,
            ItemKind::Value => 12,
            ItemKind::Method => 2,
            ItemKind::Variable => 6,
            ItemKind::Name => 18,
        };
        json!({
            "label": item.label,
            "kind": kind,
            "detail": item.detail,
            "documentation": item.doc,
            "sortText": format!("{at:05}"),
            "insertText": item.insert,
            "insertTextFormat": if item.insert.contains('$') { 2 } else { 1 },
        })
    };
    json!({ "isIncomplete": false, "items": items.iter().enumerate().map(item).collect::<Vec<_>>() })
}

fn hover(ask: &Ask) -> Value {
    let Some((span, text)) = editor::hover(ask.document, ask.offset) else { return Value::Null };
    json!({ "contents": { "kind": "markdown", "value": text }, "range": ask.lines.range(span) })
}

fn signature(ask: &Ask) -> Value {
    let Some(signature) = editor::signature(ask.document, ask.offset) else { return Value::Null };
    let parameters: Vec<Value> = signature.parameters.iter().map(|label| json!({ "label": label })).collect();
    json!({
        "signatures": [{ "label": signature.label, "parameters": parameters }],
        "activeSignature": 0,
        "activeParameter": signature.active,
    })
}

fn definition(ask: &Ask) -> Value {
    editor::definition(ask.document, ask.offset).map_or(Value::Null, |span| ask.location(span))
}

fn references(ask: &Ask) -> Value {
    let with_definition = ask.params.pointer("/context/includeDeclaration") == Some(&Value::Bool(true));
    editor::references(ask.document, ask.offset, with_definition).into_iter().map(|span| ask.location(span)).collect()
}

fn highlights(ask: &Ask) -> Value {
    let kind = |writes| if writes { 3 } else { 2 };
    let places = editor::highlights(ask.document, ask.offset).into_iter();
    places.map(|(span, writes)| json!({ "range": ask.lines.range(span), "kind": kind(writes) })).collect()
}

/// For each place a range in a range in a range.
fn selections(ask: &Ask) -> Value {
    let one = |position: &Value| {
        let spans = editor::selections(ask.document, ask.lines.offset(position));
        spans.iter().rev().fold(Value::Null, |parent, span| {
            let range = ask.lines.range(*span);
            if parent.is_null() { json!({ "range": range }) } else { json!({ "range": range, "parent": parent }) }
        })
    };
    ask.params["positions"].as_array().into_iter().flatten().map(one).collect()
}

fn symbols(ask: &Ask, all: &[Symbol]) -> Value {
    let one = |symbol: &Symbol| {
        let kind = match symbol.kind {
            SymbolKind::Section => 2,
            SymbolKind::Lambda => 12,
            SymbolKind::Value => 7,
        };
        json!({
            "name": symbol.name,
            "detail": symbol.detail,
            "kind": kind,
            "range": ask.lines.range(symbol.span),
            "selectionRange": ask.lines.range(symbol.name_span),
            "children": symbols(ask, &symbol.children),
        })
    };
    all.iter().map(one).collect()
}

fn folds(ask: &Ask) -> Value {
    let fold = |fold: editor::Fold| {
        let kind = if fold.comment { "comment" } else { "region" };
        json!({ "startLine": fold.first, "endLine": fold.last, "kind": kind })
    };
    editor::folds(ask.document).into_iter().map(fold).collect()
}

/// Each fix in the range, and all fixes at once.
fn actions(ask: &Ask) -> Value {
    let range = &ask.params["range"];
    let (lo, hi) = (ask.lines.offset(&range["start"]), ask.lines.offset(&range["end"]));
    let line = |at: usize| ask.document.source.line_column(at as u32).line;
    let near = |finding: &&Diagnostic| {
        finding.span().is_some_and(|span| line(lo) <= line(span.hi as usize) && line(span.lo as usize) <= line(hi))
    };
    let mut actions: Vec<Value> = Vec::new();
    for finding in ask.document.findings.iter().filter(near) {
        // What a machine may do by itself comes first; of the rest a person chooses.
        let sure = finding.fix.iter().map(|fix| (fix, true));
        for (fix, preferred) in sure.chain(finding.choices.iter().map(|fix| (fix, false))) {
            actions.push(json!({
                "title": fix.title,
                "kind": "quickfix",
                "diagnostics": [ask.lines.diagnostic(finding, ask.uri)],
                "isPreferred": preferred,
                "edit": ask.change(&fix.edits),
            }));
        }
    }
    let fixes = ask.document.findings.iter().filter_map(|finding| finding.fix.as_ref());
    let (all, _) = together(fixes);
    if !all.is_empty() {
        let title = "fix everything that can be fixed";
        actions.push(json!({ "title": title, "kind": "source.fixAll", "edit": ask.change(&all) }));
    }
    actions.into()
}

fn prepare_rename(ask: &Ask) -> Value {
    let spans = editor::references(ask.document, ask.offset, true);
    let here = spans.into_iter().find(|span| span.lo as usize <= ask.offset && ask.offset <= span.hi as usize);
    here.map_or(Value::Null, |span| ask.lines.range(span))
}

fn rename(ask: &Ask) -> Answer {
    let new = ask.params["newName"].as_str().unwrap_or_default();
    editor::rename(ask.document, ask.offset, new).map(|edits| ask.change(&edits))
}
