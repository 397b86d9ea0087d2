//! A connector as its author wrote it: entries by path, what is defined by name, and every mention of such a name.

use super::facts::{Facts, Known};
use super::part::Part;
use crate::syntax::Parsed;
use crate::syntax::ast::{Block, BlockArg, Expr, ExprKind, File, Pair, ParamKind};
use crate::text::{Name, Source, Span};
use crate::vocabulary::{self, Key};
use hashbrown::HashMap;
use std::rc::Rc;

/// One `key: value` at a path that the vocabulary knows.
pub struct Entry<'a> {
    /// From the top, the entry's own key last.
    pub path: Vec<&'static str>,
    pub key_span: Span,
    pub value: &'a Expr,
    pub span: Span,
    /// What the vocabulary says of it, if it may stand there.
    pub key: Option<&'static Key>,
    /// Names chosen by the author may stand where this one stands.
    pub free: bool,
}

impl Entry<'_> {
    pub fn name(&self) -> &'static str {
        self.path.last().copied().unwrap_or_default()
    }
}

/// Where things are defined that are mentioned by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    Methods,
    PickLists,
    ObjectDefinitions,
}

impl Section {
    /// The section that an entry with this path defines something of.
    pub fn of(path: &[&str]) -> Option<Self> {
        let [section, _] = path else { return None };
        match *section {
            "methods" => Some(Self::Methods),
            "pick_lists" | "picklists" => Some(Self::PickLists),
            "object_definitions" => Some(Self::ObjectDefinitions),
            _ => None,
        }
    }

    pub const fn key(self) -> &'static str {
        match self {
            Self::Methods => "methods",
            Self::PickLists => "pick_lists",
            Self::ObjectDefinitions => "object_definitions",
        }
    }

    /// As a message calls one thing of the section.
    pub const fn thing(self) -> &'static str {
        match self {
            Self::Methods => "method",
            Self::PickLists => "pick list",
            Self::ObjectDefinitions => "object definition",
        }
    }
}

/// A name in quotes, or as a symbol, that stands for something of a section.
#[derive(Clone, Copy, Debug)]
pub struct Mention<'f> {
    pub section: Section,
    pub name: &'f str,
    /// The name without its quotes or colon.
    pub span: Span,
    pub kind: MentionKind,
}

#[derive(Clone, Copy, Debug)]
pub enum MentionKind {
    /// `call('name', …)`: how many arguments follow, where that can be counted, and the whole call.
    Call { arguments: Option<usize>, span: Span },
    /// `pick_list: 'name'`.
    PickList,
    /// `object_definitions['name']`.
    Definition,
}

/// Everything the rules and the editor ask of a connector.
pub struct Connector<'a> {
    pub source: &'a Source,
    pub file: &'a File,
    root: Option<&'a Expr>,
    /// Its parts can be looked at one by one.
    separable: bool,
    pub entries: Vec<Entry<'a>>,
    /// What is known of each part, and how far it has moved since that was learnt.
    facts: Vec<(Rc<Facts>, i64)>,
    /// Where among the entries a name is defined.
    definitions: HashMap<(Section, &'static str), usize>,
}

impl<'a> Connector<'a> {
    /// `known` is what was learnt of an earlier version of the text; it becomes what is known of this one.
    pub fn of(source: &'a Source, parsed: &'a Parsed, known: &mut Known) -> Self {
        let file = &parsed.file;
        let root = file.statements.iter().rev().find(|statement| matches!(statement.kind, ExprKind::Hash(_)));
        let (entries, facts, definitions) = (Vec::new(), Vec::new(), HashMap::new());
        let mut connector = Self { source, file, root, separable: false, entries, facts, definitions };
        if let Some(pairs) = root.and_then(pairs) {
            connector.collect(pairs, &mut Vec::new());
        }
        connector.definitions = connector.definitions();
        connector.separable = parsed.is_separable() && connector.is_connector();
        connector.facts = known.learn(&connector, parsed);
        connector
    }

    fn definitions(&self) -> HashMap<(Section, &'static str), usize> {
        let of = |(at, entry): (usize, &Entry)| Some(((Section::of(&entry.path)?, entry.name()), at));
        // Of several with one name the last counts.
        self.entries.iter().enumerate().filter_map(of).collect()
    }

    /// What is known of each part, and how far it has moved since that was learnt.
    pub fn facts(&self) -> impl Iterator<Item = (&Facts, i64)> {
        self.facts.iter().map(|(facts, by)| (&**facts, *by))
    }

    /// The parts that `facts` are about, in the same order.
    pub fn parts(&self) -> Vec<Part<'_, 'a>> {
        if self.separable { Part::all(self) } else { vec![Part::whole(self)] }
    }

    /// Every name that stands for something of a section, part by part.
    pub fn mentions(&self) -> impl Iterator<Item = Mention<'_>> {
        self.facts().flat_map(|(facts, by)| facts.mentions.iter().map(move |mention| mention.moved(by)))
    }

    /// The file's value is a hash with at least one key of connectors.
    pub fn is_connector(&self) -> bool {
        self.entries.iter().any(|entry| entry.path.len() == 1 && entry.key.is_some())
    }

    fn collect(&mut self, pairs: &'a [Pair], path: &mut Vec<&'static str>) {
        let free = vocabulary::has_free_keys(path);
        for pair in pairs {
            let Pair::Entry { key, value, span } = pair else { continue };
            let Some((name, key_span)) = literal(self.source, key) else { continue };
            path.push(Name::new(&name).as_str());
            let row = vocabulary::key(path);
            self.entries.push(Entry { path: path.clone(), key_span, value, span: *span, key: row, free });
            if let ExprKind::Hash(inner) = &value.kind
                && vocabulary::children(path).next().is_some()
            {
                self.collect(inner, path);
            }
            path.pop();
        }
    }

    /// What a section defines; the older spelling of pick lists counts.
    pub fn defined(&self, section: Section) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(move |entry| Section::of(&entry.path) == Some(section))
    }

    /// Of several with one name the last counts.
    pub fn definition(&self, section: Section, name: &str) -> Option<&Entry<'a>> {
        let name = Name::find(name)?.as_str();
        self.definitions.get(&(section, name)).and_then(|at| self.entries.get(*at))
    }

    /// The connector's hash and its entries.
    pub fn root(&self) -> Option<(&'a Expr, &'a [Pair])> {
        self.root.and_then(|root| Some((root, pairs(root)?)))
    }

    /// Nothing can be said of names that are missing from this section: it, or what is asked of it, is computed.
    pub fn is_open(&self, section: Section) -> bool {
        let computed = |pairs: &[Pair]| pairs.iter().any(|pair| matches!(pair, Pair::Splat(_)));
        let written = self.root().map_or(&[][..], |(_, pairs)| pairs).iter().any(|pair| match pair {
            Pair::Entry { key, value, .. } => {
                let named = literal(self.source, key).is_some_and(|(name, _)| name == section.key());
                named && !matches!(&value.kind, ExprKind::Hash(pairs) if !computed(pairs))
            }
            Pair::Splat(_) => true,
        });
        written || self.root.is_none()
    }

    /// Something of this section is asked for by a computed name.
    pub fn is_dynamic(&self, section: Section) -> bool {
        self.facts().any(|(facts, _)| facts.dynamic.contains(&section))
    }

    /// The span of the innermost entry of depth two or more that holds `offset`: one action, one method.
    pub fn entry_around(&self, offset: u32) -> Option<Span> {
        let around = self.entries.iter().filter(|entry| entry.span.lo <= offset && offset <= entry.span.hi);
        around.max_by_key(|entry| (entry.path.len().min(2), entry.path.len())).map(|entry| entry.span)
    }
}

/// The entries of a hash literal.
pub fn pairs(expr: &Expr) -> Option<&[Pair]> {
    match &expr.kind {
        ExprKind::Hash(pairs) => Some(pairs),
        _ => None,
    }
}

/// The value that a hash literal has under a key, and the key.
pub fn value_of<'a>(pairs: &'a [Pair], wanted: &str) -> Option<(&'a Expr, &'a Expr)> {
    pairs.iter().find_map(|pair| match pair {
        Pair::Entry { key, value, .. } if is_word(key, wanted) => Some((key, value)),
        _ => None,
    })
}

/// A literal string, symbol or label of that text.
pub fn is_word(expr: &Expr, wanted: &str) -> bool {
    match &expr.kind {
        ExprKind::Symbol(name) => name.as_str() == wanted,
        ExprKind::Str(text) => **text == *wanted.as_bytes(),
        _ => false,
    }
}

/// The text of a literal string, symbol or label, and where it stands without its quotes.
pub fn literal(source: &Source, expr: &Expr) -> Option<(String, Span)> {
    let text = match &expr.kind {
        ExprKind::Symbol(name) => name.as_str().to_owned(),
        ExprKind::Str(bytes) => String::from_utf8(bytes.to_vec()).ok()?,
        _ => return None,
    };
    let written = source.slice(expr.span);
    // After a colon or a quote, or where a label begins; `%q(x)` and the like are searched.
    let starts = |at: usize| written.get(at..).is_some_and(|rest| rest.starts_with(&text));
    let lead = [1, 0].into_iter().find(|at| starts(*at)).or_else(|| written.find(&text)).unwrap_or(0);
    let lead = if text.is_empty() { 0 } else { lead as u32 };
    let lo = expr.span.lo + lead;
    let span = Span::new(lo, (lo + text.len() as u32).min(expr.span.hi.max(lo)));
    Some((text, span))
}

/// How many arguments a lambda takes: at least, and at most if there is a limit.
pub fn parameter_count(block: &Block) -> (usize, Option<usize>) {
    let (mut least, mut most, mut open) = (0, 0, false);
    for param in &block.params.items {
        match param.kind {
            ParamKind::Required(_) | ParamKind::Destructure(_) => {
                least += 1;
                most += 1;
            }
            ParamKind::Optional(..) => most += 1,
            ParamKind::Rest(_) => open = true,
            _ => {}
        }
    }
    (least, (!open).then_some(most))
}

/// The lambda that an expression is, however it is written.
pub fn lambda(expr: &Expr) -> Option<&Block> {
    match &expr.kind {
        ExprKind::Lambda(block) => Some(block),
        ExprKind::Call(call) if call.receiver.is_none() && matches!(call.name.as_str(), "lambda" | "proc") => {
            match &call.block {
                Some(BlockArg::Literal(block)) => Some(block),
                _ => None,
            }
        }
        _ => None,
    }
}
