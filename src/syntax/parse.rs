//! The way from a source to its tree.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use pest::Parser;
use pest::error::InputLocation;
use pest::iterators::Pair;

use super::ast::{Expr, ExprKind, File, Pair as Entry};
use super::build::{Builder, Cursor};
use super::errors;
use super::grammar::{Grammar, Rule};
use super::locals;
use super::parts::{self, Part};
use super::prepare::{self, Prepared};
use super::recover::{self, Patched, Recovery};
use super::tokens::{self, Token};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{Source, Span};

/// More readings than this of one text, each with new knowledge of its local variables, are not tried.
const MOST_READINGS: usize = 20;

/// Errors of a repaired text that the grammar lets through: of many, most come from the repair.
const MOST_MORE: usize = 3;

/// A tree, always, and what is wrong with the text.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub file: File,
    pub diagnostics: Vec<Diagnostic>,
    /// Where the tree rests on a guess: the text was repaired there. Nothing is known of what belongs around these places.
    pub repaired: Vec<Span>,
    /// How many bytes the grammar was given until this was known.
    pub effort: usize,
    /// The parts that were read on their own.
    pub(super) parts: Vec<Part>,
    /// Local variables live outside of all blocks, so that a part means something else when it stands alone.
    pub(super) declares: bool,
}

impl Parsed {
    /// No part of the text gives what is around it a meaning, or gets one from there: each can be looked at alone.
    pub fn is_separable(&self) -> bool {
        !self.declares
    }

    /// Nothing stands in the way of running it.
    pub fn is_valid(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity < Severity::Error)
    }
}

/// Where the grammar could not go on.
#[derive(Clone, Copy)]
pub struct Failure {
    pub offset: usize,
    /// The native stack, not the text, was the limit.
    pub too_deep: bool,
}

/// A connector file.
pub fn parse(source: &Source) -> Parsed {
    settle(source, Rule::file, &[], None).unwrap_or_else(|failure| parts::read(source, None, Some(failure)))
}

/// The same as `parse`, in less time: what an earlier reading has of the text is not read again.
pub fn reparse(source: &Source, before: Option<(Source, Parsed)>) -> Parsed {
    parts::read(source, before, None)
}

/// The body of a lambda in which `locals` are known: `connection`, `input`.
pub fn parse_body(source: &Source, locals: &[&str]) -> Parsed {
    whole(source, Rule::file, locals)
}

/// The entries of a hash without its braces; the file's only statement is the hash.
pub fn parse_entries(source: &Source) -> Parsed {
    whole(source, Rule::entries, &[])
}

/// Reads a text without looking for its parts.
pub fn whole(source: &Source, rule: Rule, locals: &[&str]) -> Parsed {
    settle(source, rule, locals, None)
        .unwrap_or_else(|failure| recovered(source, rule, locals, failure, &Patched::new(source.text())))
}

/// A connector file and its tokens. A text that the grammar refuses has none.
pub fn parse_tokens(source: &Source) -> (Parsed, Vec<Token>) {
    let mut found = Vec::new();
    let mut keep = |root: &Pair<'_, Rule>, prepared: &Prepared<'_>| found = tokens::of(root, source.text(), prepared);
    let parsed = observed(source, Rule::file, &[], None, &mut keep);
    let parsed = parsed.unwrap_or_else(|failure| parts::read(source, None, Some(failure)));
    (parsed, found)
}

/// The tokens of a text, or of a part of one; none where the grammar refuses it.
pub fn tokens(text: &str, rule: Rule) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut keep = |root: &Pair<'_, Rule>, prepared: &Prepared<'_>| found = tokens::of(root, text, prepared);
    observed(&Source::new("", text), rule, &[], None, &mut keep).ok()?;
    Some(found)
}

/// Looks at the grammar's reading before the tree is built from it.
type Observer<'o> = &'o mut dyn FnMut(&Pair<'_, Rule>, &Prepared<'_>);

/// Characters of a text that read as letters of names, but that nobody means so: typographic quotes, invisible ones.
pub fn odd_characters(source: &Source) -> Vec<Diagnostic> {
    if !errors::suspicious(source.text()) {
        return Vec::new();
    }
    errors::characters(source).into_iter().map(|finding| finding.diagnostic).collect()
}

/// Reads with what is suspected of blanks before operators only where reading without fails.
pub fn settle(source: &Source, rule: Rule, locals: &[&str], patched: Option<&Patched>) -> Result<Parsed, Failure> {
    observed(source, rule, locals, patched, &mut |_, _| {})
}

fn observed(
    source: &Source,
    rule: Rule,
    locals: &[&str],
    patched: Option<&Patched>,
    observe: Observer<'_>,
) -> Result<Parsed, Failure> {
    let text = patched.map_or(source.text(), |patched| &patched.text);
    let prepared = prepare::file(text);
    match reread(source, rule, locals, &prepared, patched, Vec::new(), observe) {
        Err(failure) if !failure.too_deep => match locals::suspects(&prepared.text) {
            suspects if suspects.is_empty() => Err(failure),
            suspects => reread(source, rule, locals, &prepared, patched, suspects, observe).map_err(|_| failure),
        },
        reading => reading,
    }
}

/// A broken text, repaired as far as it goes. `start` is what of it is looked at, where `failure` lies.
pub fn recovered(source: &Source, rule: Rule, locals: &[&str], failure: Failure, start: &Patched) -> Parsed {
    let effort = Cell::new(0);
    let accepts = |text: &str| {
        effort.set(effort.get() + text.len());
        settle(&Source::new(source.name(), text), rule, locals, None).map(|_| ())
    };
    let recovery = if failure.too_deep { None } else { recover::recover(source, start, &accepts) };
    let failure = Failure { offset: start.original(failure.offset), ..failure };
    let Some(Recovery { patched, diagnostics, lost }) = recovery else { return failed(source, failure) };
    let Ok(mut parsed) = settle(source, rule, locals, Some(&patched)) else { return failed(source, failure) };
    parsed.effort += effort.get();
    let line = |at: u32| source.line_column(at).line;
    let told: Vec<usize> = diagnostics.iter().filter_map(|told| told.span()).map(|span| line(span.lo)).collect();
    parsed.diagnostics.retain(|diagnostic| {
        let Some(span) = diagnostic.span() else { return true };
        let repaired = patched.places.iter().chain(&lost).any(|place| place.lo <= span.lo && span.lo <= place.hi);
        !repaired && !told.contains(&line(span.lo))
    });
    parsed.diagnostics.truncate(MOST_MORE);
    parsed.diagnostics.extend(diagnostics);
    parsed.diagnostics.sort_by_key(|diagnostic| diagnostic.span().map(|span| span.lo));
    parsed.repaired = patched.places;
    parsed
}

/// Reads until nothing new is learnt about what is a local variable. `operators` are the blanks before operators that would
/// otherwise start an argument.
fn reread(
    source: &Source,
    rule: Rule,
    locals: &[&str],
    prepared: &Prepared<'_>,
    patched: Option<&Patched>,
    mut operators: Vec<usize>,
    observe: Observer<'_>,
) -> Result<Parsed, Failure> {
    let mut readings = 0;
    loop {
        readings += 1;
        let text = if operators.is_empty() {
            Cow::Borrowed(&*prepared.text)
        } else {
            prepare::mark(&prepared.text, &operators)
        };
        let root = parse_rule(rule, &text)?;
        observe(&root, prepared);
        let comments = comments(&root, prepared, patched);
        let mut builder = Builder::new(source, prepared.heredocs.clone(), locals);
        if let Some(patched) = patched {
            builder = builder.of_patched(patched);
        }
        let statements = builder.file(root);
        let known = operators.len();
        operators.extend(&builder.ambiguous);
        operators.sort_unstable();
        operators.dedup();
        let settled = operators.len() == known;
        if settled || readings == MOST_READINGS {
            if !settled && let Some(at) = builder.ambiguous.first() {
                builder.diagnostics.push(ambiguous(source, *at));
            }
            let frozen_strings = frozen_strings(source.text());
            let file = File { statements, comments, frozen_strings };
            let declares = builder.declares();
            let diagnostics = builder.diagnostics;
            let effort = text.len() * readings;
            return Ok(Parsed { file, diagnostics, repaired: Vec::new(), effort, parts: Vec::new(), declares });
        }
    }
}

fn ambiguous(source: &Source, blank: usize) -> Diagnostic {
    Diagnostic::error("syntax::ambiguous", "this could be an operator or the start of an argument")
        .within(source)
        .label(Span::at(blank as u32 + 1), "here")
        .help("put blanks on both sides of the operator, or parentheses around the argument")
}

/// The pair of `rule`, which takes the whole text.
pub fn parse_rule(rule: Rule, text: &str) -> Result<Pair<'_, Rule>, Failure> {
    match Grammar::parse(rule, text) {
        Ok(mut pairs) => pairs.next().ok_or(Failure { offset: 0, too_deep: false }),
        Err(error) => {
            let (InputLocation::Pos(offset) | InputLocation::Span((offset, _))) = error.location;
            let too_deep = matches!(&error.variant, pest::error::ErrorVariant::CustomError { message } if message.contains("limit"));
            Err(Failure { offset, too_deep })
        }
    }
}

/// A file that cannot be read at all has one part, and it is missing.
fn failed(source: &Source, failure: Failure) -> Parsed {
    let whole = Span::new(0, source.text().len() as u32);
    let statements = vec![Expr { kind: ExprKind::Missing, span: whole }];
    let file = File { statements, comments: Vec::new(), frozen_strings: frozen_strings(source.text()) };
    let diagnostic = if failure.too_deep {
        Diagnostic::error("syntax::too-deep", "this is nested too deeply")
            .within(source)
            .label(Span::at(failure.offset as u32), "here")
            .help("move the inner part into a method or a variable")
    } else {
        errors::stopped(source, failure.offset)
    };
    let (effort, parts) = (source.text().len(), Vec::new());
    Parsed { file, diagnostics: vec![diagnostic], repaired: vec![whole], effort, parts, declares: false }
}

impl Builder<'_> {
    /// The statements of a file, or the one hash of a text of entries.
    fn file(&mut self, root: Pair<'_, Rule>) -> Vec<Expr> {
        let entries = root.as_rule() == Rule::entries;
        let span = root.as_span();
        let mut c = Cursor::new(root);
        if !entries {
            return self.statements(&mut c);
        }
        let pairs: Vec<Entry> = self.pairs(&mut c);
        vec![Expr { kind: ExprKind::Hash(pairs), span: Span::new(span.start() as u32, span.end() as u32) }]
    }
}

fn comments(root: &Pair<'_, Rule>, prepared: &Prepared<'_>, patched: Option<&Patched>) -> Vec<Span> {
    let span = |range: Range<usize>| {
        let span = Span::new(range.start as u32, range.end as u32);
        patched.map_or(span, |patched| patched.original_span(span))
    };
    let mut comments: Vec<Span> = prepared.comments.iter().cloned().map(span).collect();
    for pair in root.clone().into_inner().flatten() {
        if pair.as_rule() == Rule::comment {
            // The pair is what follows the `#`.
            let start = pair.as_span().start();
            comments.push(span(start - 1..start + pair.as_str().trim_end().len()));
        }
    }
    comments.sort_unstable();
    comments
}

/// The magic comment counts among the comments before the first code.
fn frozen_strings(text: &str) -> bool {
    let comment = |line: &&str| line.trim_start().is_empty() || line.trim_start().starts_with('#');
    text.trim_start_matches('\u{FEFF}').lines().take_while(comment).any(|line| {
        let words = line.trim_start_matches(['#', ' ', '\t']).trim_start_matches("-*-").to_ascii_lowercase();
        let Some((key, value)) = words.split_once(':') else { return false };
        key.trim().replace('-', "_") == "frozen_string_literal" && value.trim().starts_with("true")
    })
}
