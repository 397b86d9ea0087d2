//! Names in quotes: what is defined, what fields declare, and which of it is likely meant at a place.

use super::complete::{Item, ItemKind, value};
use super::usual::Topic;
use crate::check::{Connector, Entry, Section, lambda, literal, parameter_count};
use crate::syntax::ast::{Arg, Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::text::Span;
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;

/// So far fields are followed from where they are declared to what they are made of.
const HOPS: usize = 2;

/// So many callers of a method, and of these, are looked at.
const MOST_CALLERS: usize = 40;

/// Where a name is asked for.
pub struct Place<'c, 'a> {
    connector: &'c Connector<'a>,
    offset: usize,
    /// One action, one method.
    around: Span,
    topic: Topic,
}

impl<'c, 'a> Place<'c, 'a> {
    pub fn new(connector: &'c Connector<'a>, offset: usize) -> Self {
        let text = connector.source.text();
        let (before, after) = (text.get(..offset).unwrap_or_default(), text.get(offset..).unwrap_or_default());
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        let inside = |entry: &&Entry| entry.span.lo as usize <= offset && offset <= entry.span.hi as usize;
        let names = connector.entries.iter().filter(inside).skip(1).map(Entry::name);
        let parts = connector.entries.iter().filter(|entry| entry.path.len() <= 2 && inside(entry));
        let around = parts.max_by_key(|entry| entry.path.len()).map(|entry| entry.span).unwrap_or_default();
        Self { connector, offset, around, topic: Topic::new(before, after, names) }
    }

    fn is_here(&self, span: Span) -> bool {
        span.lo as usize <= self.offset && self.offset <= span.hi as usize
    }

    fn is_near(&self, span: Span) -> bool {
        self.around.lo <= span.lo && span.hi <= self.around.hi
    }

    /// What a section defines, the likeliest first.
    pub fn defined(&self, section: Section) -> Vec<Item> {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        let mut near: HashSet<&str> = HashSet::new();
        for mention in
            self.connector.mentions().filter(|mention| mention.section == section && !self.is_here(mention.span))
        {
            *counts.entry(mention.name).or_default() += 1;
            if self.is_near(mention.span) {
                near.insert(mention.name);
            }
        }
        let call =
            (section == Section::Methods).then(|| Call::after(self.connector.source.text(), self.offset)).flatten();
        let weigh = |entry: &&Entry| {
            let count = counts.get(entry.name()).copied().unwrap_or_default();
            // What nothing mentions yet is about to be mentioned.
            let wanted = if count == 0 { 14 } else { count.min(31).ilog2() * 3 + 1 };
            let near = if near.contains(entry.name()) { 5 } else { 0 };
            let call = call.as_ref().map_or(0, |call| call.fits(self.connector, entry));
            // A method calls itself only if it does so elsewhere, too.
            let own = if self.is_here(entry.span) && near == 0 { 0 } else { 20 };
            Reverse(self.topic.fits(entry.name()) + wanted + near + call + own)
        };
        let mut entries: Vec<&Entry> = self.connector.defined(section).collect();
        entries.sort_by_cached_key(weigh);
        let item = |entry: &Entry| {
            let detail =
                lambda(entry.value).map(|block| self.connector.source.slice(block.params.span).trim().to_owned());
            Item { kind: ItemKind::Name, detail: detail.unwrap_or_default(), ..value(entry.name(), "") }
        };
        entries.into_iter().map(item).collect()
    }

    /// Settings: those that fields declare, and those that are read.
    pub fn settings(&self) -> Vec<Item> {
        let fields = self.connector.entries.iter().filter(|entry| {
            entry.path == ["connection", "fields"] || entry.name() == "fields" && entry.path.contains(&"authorization")
        });
        let declared = named_fields(self.connector, fields);
        let acquired = acquired(self.connector);
        let reads = self.reads("connection");
        let (near, far): (Vec<_>, Vec<_>) = reads.iter().partition(|(_, span)| self.is_near(*span));
        let next = self.next(&declared, &near);
        let times = |reads: &[&(String, Span)], name: &str| {
            reads.iter().filter(|(known, _)| known == name).count().min(31) as u32
        };
        let names = declared.iter().chain(near.iter().chain(&far).map(|(name, _)| name)).chain(&acquired);
        let login = self.connector.entries.iter().any(|entry| self.is_here(entry.span) && entry.name() == "apply");
        self.ranked(names, |name| {
            let (near, far) = (times(&near, name), times(&far, name));
            let token = login && acquired.iter().any(|known| known == name);
            let follows = if next == Some(name) { 6 } else { 0 } + if token { 6 } else { 0 };
            let known = match near + far {
                0 if declared.iter().any(|known| known == name) => 15,
                0 => 0,
                _ => 8,
            };
            follows + known + (far + 1).ilog2() * 3 + if near > 0 { 5 } else { 0 }
        })
    }

    /// Fields of the input of the action or trigger, what it reads already, what others read, what objects have.
    pub fn inputs(&self) -> Vec<Item> {
        let asking = self.asking();
        let is_asking = |span: Span| asking.iter().any(|around| around.lo <= span.lo && span.hi <= around.hi);
        let is_input = |entry: &&Entry| matches!(entry.name(), "input_fields" | "config_fields");
        let fields: Vec<&Entry> =
            self.connector.entries.iter().filter(is_input).filter(|entry| is_asking(entry.span)).collect();
        let declared = named_fields(self.connector, fields.iter().copied());
        let hop = named_fields(self.connector, self.reached(fields).into_iter());
        let mentions = self.connector.mentions().filter(|mention| mention.section == Section::ObjectDefinitions);
        let mentioned: HashSet<&str> =
            mentions.filter(|mention| is_asking(mention.span)).map(|mention| mention.name).collect();
        let definitions = || self.connector.defined(Section::ObjectDefinitions);
        let beside = named_fields(self.connector, definitions().filter(|entry| mentioned.contains(entry.name())));
        let reads = self.reads("input");
        let (near, far): (Vec<_>, Vec<_>) = reads.iter().partition(|(_, span)| self.is_near(*span));
        let anywhere = definitions().chain(self.connector.entries.iter().filter(is_input));
        let others = named_fields(self.connector, anywhere);
        let next = self.next(if declared.is_empty() { &hop } else { &declared }, &near);
        let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
        let seen = near.iter().chain(&far).map(|(name, _)| name);
        let names = declared.iter().chain(&hop).chain(&beside).chain(seen).chain(&others);
        self.ranked(names, |name| {
            let read = near.iter().any(|(known, _)| known == name);
            let fits = match name {
                name if has(&declared, name) => 60,
                name if has(&hop, name) => 50,
                name if has(&beside, name) => 25,
                _ => 0,
            };
            fits + if next == Some(name) { 14 } else { 0 } + if read { 8 } else { 0 }
        })
    }

    /// What is asked for after the last that was read: fields are read in the order in which they are declared, as often as
    /// not.
    fn next<'n>(&self, declared: &'n [String], near: &[&(String, Span)]) -> Option<&'n str> {
        let before = near.iter().filter(|(_, span)| (span.hi as usize) < self.offset).max_by_key(|(_, span)| span.lo);
        let last = before.and_then(|(name, _)| declared.iter().position(|known| known == name));
        let first = || declared.first().filter(|_| near.is_empty());
        last.and_then(|at| declared.get(at + 1)).or_else(first).map(String::as_str)
    }

    /// The action or trigger around the place; around a method those that call it, or call what calls it.
    fn asking(&self) -> Vec<Span> {
        let part = |span: Span| {
            let parts = self.connector.entries.iter().filter(|entry| entry.path.len() == 2);
            parts.rev().find(move |entry| entry.span.lo <= span.lo && span.hi <= entry.span.hi)
        };
        let mut found: Vec<&Entry> = part(self.around).into_iter().collect();
        let mut at = 0;
        while let Some(method) = found.get(at).filter(|_| at < MOST_CALLERS).copied() {
            at += 1;
            if Section::of(&method.path) != Some(Section::Methods) {
                continue;
            }
            let calls = self.connector.mentions().filter(|mention| {
                mention.section == Section::Methods && mention.name == method.name() && !self.is_here(mention.span)
            });
            for caller in calls.filter_map(|mention| part(mention.span)).collect::<Vec<_>>() {
                if !found.iter().any(|known| known.span == caller.span) {
                    found.push(caller);
                }
            }
        }
        found.into_iter().map(|entry| entry.span).collect()
    }

    /// The definitions and methods that are mentioned within entries, and those that are mentioned in these in turn.
    fn reached(&self, within: Vec<&Entry<'a>>) -> Vec<&Entry<'a>> {
        let mut found: Vec<&Entry> = Vec::new();
        let mut spans: Vec<Span> = within.into_iter().map(|entry| entry.span).collect();
        for _ in 0..HOPS {
            let inside = |span: Span| spans.iter().any(|around| around.lo <= span.lo && span.hi <= around.hi);
            let new: Vec<&Entry> = self
                .connector
                .mentions()
                .filter(|mention| mention.section != Section::PickLists && inside(mention.span))
                .filter_map(|mention| self.connector.definition(mention.section, mention.name))
                .filter(|entry| !found.iter().any(|known| known.span == entry.span))
                .collect();
            spans = new.iter().map(|entry| entry.span).collect();
            found.extend(new);
        }
        found
    }

    /// Each name once, by its weight and what it has to do with the place.
    fn ranked<'n>(&self, names: impl Iterator<Item = &'n String>, weight: impl Fn(&str) -> u32) -> Vec<Item> {
        let mut seen = HashSet::new();
        let mut once: Vec<&String> = names.filter(|name| seen.insert(name.as_str())).collect();
        once.sort_by_cached_key(|name| Reverse(weight(name) + 2 * self.topic.fits(name)));
        once.into_iter().map(|name| Item { kind: ItemKind::Name, ..value(name, "") }).collect()
    }

    /// Every `hash['name']` but the one that is being written.
    fn reads(&self, hash: &str) -> Vec<(String, Span)> {
        let mut reads = Reads { connector: self.connector, hash, found: Vec::new() };
        self.connector.file.statements.iter().for_each(|statement| reads.expr(statement));
        reads.found.retain(|(name, span)| !name.is_empty() && !self.is_here(*span));
        reads.found
    }
}

/// What logging in puts into the connection: the keys of what `acquire` makes, and the token of OAuth 2.
fn acquired(connector: &Connector) -> Vec<String> {
    let logins = connector.entries.iter().filter(|entry| matches!(entry.name(), "acquire" | "refresh"));
    let mut found = Vec::new();
    for block in logins.filter_map(|entry| lambda(entry.value)) {
        made(connector, &block.body, &mut found);
    }
    found.push("access_token".to_owned());
    found
}

/// The keys of the hash that an expression ends with.
fn made(connector: &Connector, expr: &Expr, found: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Seq(exprs) => exprs.last().into_iter().for_each(|last| made(connector, last, found)),
        ExprKind::Array(items) => {
            for item in items {
                if let Arg::Value(value) = item {
                    made(connector, value, found);
                }
            }
        }
        ExprKind::Hash(pairs) => {
            let key = |pair: &Pair| match pair {
                Pair::Entry { key, .. } => literal(connector.source, key).map(|(name, _)| name),
                Pair::Splat(_) => None,
            };
            found.extend(pairs.iter().filter_map(key));
        }
        _ => {}
    }
}

/// The rest of a call whose method is being written.
struct Call {
    arguments: Vec<String>,
}

/// Calls are not looked through further.
const LONGEST_CALL: usize = 2000;

impl Call {
    fn after(text: &str, offset: usize) -> Option<Self> {
        let rest = text.get(offset..)?.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        let rest = rest.strip_prefix(['\'', '"']).unwrap_or(rest);
        let (mut depth, mut arguments): (i32, Vec<String>) = (0, Vec::new());
        for c in rest.chars().take(LONGEST_CALL) {
            match c {
                ')' if depth == 0 => return Some(Self { arguments }),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                '\n' if arguments.is_empty() => return None,
                ',' if depth == 0 => {
                    arguments.push(String::new());
                    continue;
                }
                _ => {}
            }
            arguments.last_mut().into_iter().for_each(|argument| argument.push(c));
        }
        None
    }

    fn fits(&self, connector: &Connector, entry: &Entry) -> u32 {
        let Some(block) = lambda(entry.value) else { return 0 };
        let (least, most) = parameter_count(block);
        let count = self.arguments.len();
        if count < least || most.is_some_and(|most| most < count) {
            return 0;
        }
        let params = block.params.items.iter().map(|param| connector.source.slice(param.span).trim());
        let same = params.zip(&self.arguments).filter(|(param, argument)| argument.trim() == *param).count();
        30 + 8 * same as u32
    }
}

/// `name:` of all fields within these entries.
fn named_fields<'c, 'a: 'c>(connector: &Connector, entries: impl Iterator<Item = &'c Entry<'a>>) -> Vec<String> {
    let mut names = Names { connector, found: Vec::new() };
    entries.for_each(|entry| names.expr(entry.value));
    names.found
}

struct Names<'c, 'a> {
    connector: &'c Connector<'a>,
    found: Vec<String>,
}

impl Visitor for Names<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Hash(pairs) = &expr.kind {
            for pair in pairs {
                let Pair::Entry { key, value, .. } = pair else { continue };
                let text = |expr| literal(self.connector.source, expr).map(|(text, _)| text);
                if text(key).as_deref() == Some("name")
                    && let Some(name) = text(value)
                    && !self.found.contains(&name)
                {
                    self.found.push(name);
                }
            }
        }
        walk::walk_expr(self, expr);
    }
}

struct Reads<'c, 'a> {
    connector: &'c Connector<'a>,
    hash: &'c str,
    found: Vec<(String, Span)>,
}

impl Visitor for Reads<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Index(index) = &expr.kind
            && matches!(&index.receiver.kind, ExprKind::Local(name) if name.as_str().ends_with(self.hash))
            && let Some(Arg::Value(name)) = index.args.first()
        {
            self.found.extend(literal(self.connector.source, name));
        }
        walk::walk_expr(self, expr);
    }
}
