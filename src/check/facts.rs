//! What is known of each part of a connector. Between two versions of a text most parts stay as they are, and so does what
//! was learnt of them: only their places move.

use super::connector::{Connector, Mention, MentionKind, Section, literal};
use super::part::Part;
use super::{Report, declared, names, secrets, unused};
use crate::diagnostic::{Diagnostic, Edit};
use crate::program;
use crate::syntax::Parsed;
use crate::syntax::ast::{Arg, Call, Expr, ExprKind, Index, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Source, Span};
use hashbrown::HashMap;
use std::hash::BuildHasher;
use std::rc::Rc;

/// All places are those that things had when this was learnt.
pub struct Facts {
    /// Where the part began.
    base: u32,
    /// What resolving the code found.
    pub program: Vec<Diagnostic>,
    /// What rules say of the part alone: those that hold for broken texts, too, and the others.
    pub always: Vec<Diagnostic>,
    pub whole: Vec<Diagnostic>,
    pub mentions: Vec<Mentioned>,
    /// Sections that are also asked by names that are computed.
    pub dynamic: Vec<Section>,
    /// Hashes of the literal strings and symbols, but for keys that define something.
    pub literals: Vec<u64>,
    pub names: names::Facts,
    pub bare_calls: Vec<&'static str>,
    pub declared: declared::Facts,
    pub secrets: Vec<(Span, &'static str)>,
}

/// A mention as it is kept.
pub struct Mentioned {
    section: Section,
    name: String,
    span: Span,
    kind: MentionKind,
}

impl Mentioned {
    pub fn moved(&self, by: i64) -> Mention<'_> {
        let kind = match self.kind {
            MentionKind::Call { arguments, span } => MentionKind::Call { arguments, span: span.moved(by) },
            other => other,
        };
        Mention { section: self.section, name: &self.name, span: self.span.moved(by), kind }
    }
}

/// What is known of the parts of one text, by their lines and paths.
#[derive(Default)]
pub struct Known {
    parts: HashMap<u64, Rc<Facts>, foldhash::fast::FixedState>,
}

impl Known {
    /// What is known of each part of a connector, and how far it has moved. What is new is learnt, what is gone is forgotten.
    pub fn learn(&mut self, connector: &Connector, parsed: &Parsed) -> Vec<(Rc<Facts>, i64)> {
        let before = std::mem::take(&mut self.parts);
        let parts = connector.parts();
        if let [whole] = parts.as_slice() {
            let program = program::build(connector.file, connector.source).1;
            return vec![(Rc::new(Facts::of(whole, program)), 0)];
        }
        parts.iter().map(|part| self.part(part, parsed, &before)).collect()
    }

    fn part(
        &mut self,
        part: &Part,
        parsed: &Parsed,
        before: &HashMap<u64, Rc<Facts>, foldhash::fast::FixedState>,
    ) -> (Rc<Facts>, i64) {
        let Some((lines, key)) = part.lines.and_then(|lines| Some((lines, key(part, lines)?))) else {
            return (Rc::new(Facts::alone(part)), 0);
        };
        // A tree that rests on a repair says nothing of the text.
        let repaired = parsed.repaired.iter().any(|place| place.lo <= lines.hi && lines.lo <= place.hi);
        let facts = match before.get(&key).filter(|_| !repaired) {
            Some(facts) => Rc::clone(facts),
            None => Rc::new(Facts::alone(part)),
        };
        if !repaired {
            self.parts.insert(key, Rc::clone(&facts));
        }
        let by = i64::from(lines.lo) - i64::from(facts.base);
        (facts, by)
    }
}

fn key(part: &Part, lines: Span) -> Option<u64> {
    let path = &part.entries.first()?.path;
    Some(foldhash::fast::FixedState::default().hash_one((path, part.source.slice(lines))))
}

pub fn text_hash(text: &str) -> u64 {
    foldhash::fast::FixedState::default().hash_one(text)
}

impl Facts {
    fn alone(part: &Part) -> Self {
        let program = part.exprs().flat_map(|expr| program::complaints(expr, part.source)).collect();
        Self::of(part, program)
    }

    fn of(part: &Part, program: Vec<Diagnostic>) -> Self {
        let mut finder = Finder::new(part.source);
        part.walk(&mut finder);
        let say = |rules: &[super::Rule]| {
            let mut report = Report { source: part.source, findings: Vec::new() };
            rules.iter().for_each(|rule| rule(part, &mut report));
            let mut findings = report.findings;
            findings.iter_mut().for_each(|finding| finding.source = None);
            findings
        };
        Self {
            base: part.lines.map_or(0, |lines| lines.lo),
            program,
            always: say(super::ALWAYS),
            whole: say(super::WHOLE),
            literals: finder.literals(part),
            mentions: finder.mentions,
            dynamic: finder.dynamic,
            names: names::Facts::of(part),
            bare_calls: unused::bare_calls(part),
            declared: declared::Facts::of(part),
            secrets: secrets::find(part),
        }
    }
}

impl Diagnostic {
    /// The same of a text in which everything stands `by` further on.
    #[must_use]
    pub fn moved(&self, by: i64, source: &Source) -> Self {
        let mut moved = self.clone();
        moved.source = Some(source.clone());
        let edits = moved.fix.iter_mut().chain(&mut moved.choices).flat_map(|fix| &mut fix.edits);
        edits.for_each(|Edit { span, .. }| *span = span.moved(by));
        moved.labels.iter_mut().for_each(|label| label.span = label.span.moved(by));
        moved
    }
}

/// The parameter that holds the object definitions.
fn is_definitions(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Local(name)
        if matches!(name.as_str().trim_start_matches('_'), "object_definitions" | "object_definition"))
}

/// Gathers what is mentioned by name.
struct Finder<'s> {
    source: &'s Source,
    mentions: Vec<Mentioned>,
    dynamic: Vec<Section>,
    literals: Vec<(String, Span)>,
}

impl Visitor for Finder<'_> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call(call) if call.receiver.is_none() && call.name.as_str() == "call" => {
                self.call(call, expr.span);
            }
            ExprKind::Index(index) if is_definitions(&index.receiver) => {
                self.index(index);
                return walk::walk_args(self, &index.args);
            }
            // Handed on, or asked in another way: nobody knows for what.
            ExprKind::Local(_) if is_definitions(expr) => self.dynamic.push(Section::ObjectDefinitions),
            ExprKind::Hash(pairs) => self.pairs(pairs),
            ExprKind::Str(_) | ExprKind::Symbol(_) => self.literals.extend(literal(self.source, expr)),
            _ => {}
        }
        walk::walk_expr(self, expr);
    }
}

impl<'s> Finder<'s> {
    fn new(source: &'s Source) -> Self {
        Self { source, mentions: Vec::new(), dynamic: Vec::new(), literals: Vec::new() }
    }

    /// Each literal once, but for the keys that define something.
    fn literals(&self, part: &Part) -> Vec<u64> {
        let keys: Vec<u32> = part
            .entries
            .iter()
            .filter(|entry| Section::of(&entry.path).is_some())
            .map(|entry| entry.key_span.lo)
            .collect();
        let others = self.literals.iter().filter(|(_, span)| keys.binary_search(&span.lo).is_err());
        let mut hashes: Vec<u64> = others.map(|(text, _)| text_hash(text)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }

    fn mention(&mut self, section: Section, value: &Expr, kind: MentionKind) {
        match literal(self.source, value) {
            Some((name, span)) => self.mentions.push(Mentioned { section, name, span, kind }),
            None => self.dynamic.push(section),
        }
    }

    fn call(&mut self, call: &Call, span: Span) {
        let Some(Arg::Value(name)) = call.args.first() else { return self.dynamic.push(Section::Methods) };
        let plain = call.args.iter().all(|arg| matches!(arg, Arg::Value(_)));
        let arguments = plain.then(|| call.args.len() - 1);
        self.mention(Section::Methods, name, MentionKind::Call { arguments, span });
    }

    fn index(&mut self, index: &Index) {
        if let Some(Arg::Value(name)) = index.args.first() {
            self.mention(Section::ObjectDefinitions, name, MentionKind::Definition);
        }
    }

    fn pairs(&mut self, pairs: &[Pair]) {
        for pair in pairs {
            let Pair::Entry { key, value, .. } = pair else { continue };
            let is_pick_list = super::connector::is_word(key, "pick_list");
            if is_pick_list && !matches!(value.kind, ExprKind::Array(_) | ExprKind::Nil) {
                self.mention(Section::PickLists, value, MentionKind::PickList);
            }
        }
    }
}
