//! The same, written otherwise: lambdas with `do` or with an arrow, names of methods in quotes or as symbols, keys in the usual
//! order.

use super::Document;
use crate::check::{MentionKind, lambda, literal, pairs};
use crate::diagnostic::{Edit, Fix};
use crate::syntax::ast::{Block, Expr, ExprKind, Pair, ParamKind};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Source, Span};

/// What can be written otherwise at `offset`: on the first line of a lambda, of an action or a trigger, in the name that `call`
/// is given.
pub fn rewrites(document: &Document, offset: usize) -> Vec<Fix> {
    let all = [quoting(document, offset), lambda_style(document, offset), sorted(document, offset)];
    all.into_iter().flatten().collect()
}

/// The keys of actions and triggers as most people order them.
const ORDER: [&str; 21] = [
    "title",
    "subtitle",
    "description",
    "help",
    "display_priority",
    "deprecated",
    "batch",
    "config_fields",
    "input_fields",
    "webhook_key",
    "webhook_subscribe",
    "webhook_unsubscribe",
    "webhook_notification",
    "execute",
    "retry_on_response",
    "retry_on_request",
    "max_retries",
    "poll",
    "dedup",
    "output_fields",
    "sample_output",
];

/// The entries of an action or trigger in their usual order; only where nothing but commas stands between them, so that no
/// comment loses what it is about.
fn sorted(document: &Document, offset: usize) -> Option<Fix> {
    let source = &document.source;
    let line = source.line_of(offset as u32);
    let connector = document.connector();
    let entry = connector.entries.iter().find(|entry| {
        matches!(entry.path.as_slice(), ["actions" | "triggers", _]) && source.line_of(entry.key_span.lo) == line
    })?;
    let mut spans: Vec<(usize, Span)> = Vec::new();
    for pair in pairs(entry.value)? {
        let Pair::Entry { key, span, .. } = pair else { return None };
        let (name, _) = literal(source, key)?;
        spans.push((ORDER.iter().position(|known| *known == name)?, *span));
    }
    let between = spans.windows(2).filter_map(|two| match two {
        [(_, first), (_, second)] => Some(Span::new(first.hi, second.lo)),
        _ => None,
    });
    let apart = between.map(|gap| source.slice(gap)).all(|gap| gap.trim() == "," && gap.contains('\n'));
    if !apart || spans.is_sorted_by_key(|(rank, _)| *rank) || source.slice(entry.value.span).contains("<<") {
        return None;
    }
    let mut wanted = spans.clone();
    wanted.sort_by_key(|(rank, _)| *rank);
    let moved = spans.iter().zip(&wanted).filter(|(old, new)| old.1 != new.1);
    let edits = moved.map(|((_, at), (_, from))| Edit { span: *at, text: source.slice(*from).to_owned() });
    Some(Fix { title: "put the keys into their usual order".into(), edits: edits.collect() })
}

/// `call('name')` as `call(:name)`, and back.
fn quoting(document: &Document, offset: usize) -> Option<Fix> {
    let connector = document.connector();
    let mention = connector.mentions().find(|mention| {
        let around = mention.span.lo as usize <= offset && offset <= mention.span.hi as usize;
        around && matches!(mention.kind, MentionKind::Call { .. })
    })?;
    let (span, name) = (mention.span, mention.name);
    let text = document.source.text();
    let before = text.get(..span.lo as usize)?.chars().next_back()?;
    let after = text.get(span.hi as usize..)?.chars().next()?;
    let plain = name.trim_end_matches(['?', '!']).chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    let quoted = matches!(before, '\'' | '"') && before == after;
    match before {
        ':' => Some(Fix::one(format!("write `'{name}'`"), Span::new(span.lo - 1, span.hi), format!("'{name}'"))),
        _ if quoted && plain => {
            Some(Fix::one(format!("write `:{name}`"), Span::new(span.lo - 1, span.hi + 1), format!(":{name}")))
        }
        _ => None,
    }
}

/// Only values of entries: elsewhere a `do` could belong to what stands before the lambda.
fn lambda_style(document: &Document, offset: usize) -> Option<Fix> {
    let mut values = Values { source: &document.source, line: document.source.line_of(offset as u32), found: None };
    document.parsed.file.statements.iter().for_each(|statement| values.expr(statement));
    values.found
}

struct Values<'s> {
    source: &'s Source,
    line: usize,
    found: Option<Fix>,
}

impl Visitor for Values<'_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Hash(pairs) = &expr.kind {
            for pair in pairs {
                let Pair::Entry { value, .. } = pair else { continue };
                if self.source.line_of(value.span.lo) == self.line
                    && let Some(block) = lambda(value)
                    && let Some(fix) = restyled(self.source, value, block)
                {
                    self.found = Some(fix);
                }
            }
        }
        walk::walk_expr(self, expr);
    }
}

fn restyled(source: &Source, value: &Expr, block: &Block) -> Option<Fix> {
    let params = &block.params;
    let simple = |kind: &ParamKind| matches!(kind, ParamKind::Required(_) | ParamKind::Rest(_));
    if !params.items.iter().all(|param| simple(&param.kind)) || !params.locals.is_empty() || params.trailing_comma {
        return None;
    }
    let names: Vec<&str> = params.items.iter().map(|param| source.slice(param.span).trim()).collect();
    let names = names.join(", ");
    let arrow = source.slice(value.span).starts_with("->");
    // From what opens the lambda to the end of its parameters, whichever comes last.
    let from = params.items.last().map_or(block.span.lo, |last| last.span.hi);
    let rest = source.slice(Span::new(from, block.span.hi));
    let head = match (arrow, params.items.is_empty()) {
        (true, _) => {
            let brace = rest.find('{').map(|at| at + 1);
            let word = rest.find("do").map(|at| at + 2);
            brace.into_iter().chain(word).min()?
        }
        (false, true) => {
            if block.is_do {
                2
            } else {
                1
            }
        }
        (false, false) => rest.find('|')? + 1,
    };
    let end = if block.is_do { 3 } else { 1 };
    let header = Span::new(value.span.lo, from + head as u32);
    let closer = Span::new(value.span.hi - end, value.span.hi);
    let bars = |open: &str, close: &str| if names.is_empty() { String::new() } else { format!("{open}{names}{close}") };
    let (title, start, finish) = if arrow {
        ("write it with `lambda do`", format!("lambda do{}", bars(" |", "|")), "end")
    } else {
        ("write it with `->`", format!("->{} {{", bars("(", ")")), "}")
    };
    let edits = vec![Edit { span: header, text: start }, Edit { span: closer, text: finish.to_owned() }];
    (header.hi <= closer.lo).then(|| Fix { title: title.to_owned(), edits })
}
