//! What may be written at a place: keys where keys stand, names in quotes where something is named, methods after a dot.

use super::mentions::Place;
use super::usual::Habits;
use super::{Document, locals};
use crate::check::{Connector, Entry, Section, lambda};
use crate::methods::{self, Receiver};
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::value::Kind;
use crate::vocabulary::{self, CONTROL_TYPES, FIELD_KEYS, FIELD_TYPES, Key, Shape, Standing};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub label: String,
    pub kind: ItemKind,
    /// A few words beside the label.
    pub detail: String,
    /// One sentence.
    pub doc: String,
    /// What is written; `$0` and `${1:…}` are stops.
    pub insert: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    Key,
    Value,
    Method,
    Variable,
    Name,
}

/// The items for `offset`, the likeliest first. Clients filter them by what has been typed.
pub fn complete(document: &Document, offset: usize) -> Vec<Item> {
    let connector = document.connector();
    let line = document.line_before(offset);
    let typed = line.len() - line.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '?' | '!')).len();
    let before = line.get(..line.len() - typed).unwrap_or_default();
    if let Some(items) = quoted(&connector, before, offset).or_else(|| bare(&connector, before, offset)) {
        return items;
    }
    if before.ends_with('.') && !before.ends_with("..") {
        return after_dot(document, offset - typed);
    }
    if before.trim().is_empty() || before.trim_end().ends_with(['{', ',']) {
        let keys = keys(&connector, offset);
        if !keys.is_empty() {
            return keys;
        }
    }
    if inside_lambda(&connector, offset) { in_code(&connector, offset) } else { Vec::new() }
}

/// Names and words in quotes (or as symbols) after what asks for them.
fn quoted(connector: &Connector, before: &str, offset: usize) -> Option<Vec<Item>> {
    let mut asked = before.strip_suffix(['\'', '"', ':'])?.trim_end();
    if asked.is_empty() {
        // `call(` and a line break.
        let above = connector.source.text().get(..offset)?.rsplit_once('\n').map_or("", |(above, _)| above);
        asked = above.trim_end().rsplit('\n').next().unwrap_or_default();
    }
    let asks = |words: &[&str]| words.iter().any(|word| asked.ends_with(word));
    let place = || Place::new(connector, offset);
    if asks(&["call(", "call"]) {
        return Some(place().defined(Section::Methods));
    }
    if asks(&["pick_list:", "'pick_list' =>"]) {
        return Some(place().defined(Section::PickLists));
    }
    if asks(&["object_definitions[", "object_definition["]) {
        return Some(place().defined(Section::ObjectDefinitions));
    }
    if asks(&["connection["]) {
        return Some(place().settings());
    }
    if asks(&["input["]) {
        return Some(place().inputs());
    }
    if asks(&["control_type:"]) {
        return Some(CONTROL_TYPES.iter().map(|row| value(row.name, row.doc)).collect());
    }
    if asks(&["authorization: { type:"]) || asks(&["type:"]) && path_at(connector, offset).ends_with(&["authorization"])
    {
        return Some(["oauth2", "custom_auth", "basic_auth", "api_key", "multi"].map(|name| value(name, "")).to_vec());
    }
    asks(&["type:", "of:"]).then(|| FIELD_TYPES.iter().map(|row| value(row.name, row.doc)).collect())
}

/// The same where no quote has been written yet: it comes with the word.
fn bare(connector: &Connector, before: &str, offset: usize) -> Option<Vec<Item>> {
    const ASKING: [&str; 5] = ["control_type:", "type:", "of:", "pick_list:", "call("];
    let asked = before.trim_end();
    // `type:a` is no entry, and `subtype:` is none of these.
    let asks = |word: &&str| {
        let rest = asked.strip_suffix(*word);
        rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_')) && before != asked
            || *word == "call(" && before.ends_with(word)
    };
    ASKING.iter().find(|word| asks(word))?;
    let mut items = quoted(connector, &format!("{asked}'"), offset)?;
    items.iter_mut().for_each(|item| item.insert = format!("'{}'", item.label));
    Some(items)
}

pub fn value(name: &str, doc: &str) -> Item {
    Item { label: name.into(), kind: ItemKind::Value, detail: String::new(), doc: doc.into(), insert: name.into() }
}

// ---- keys

/// The path of the innermost hash of the connector around `offset`, as its author wrote it.
pub fn path_at(connector: &Connector, offset: usize) -> Vec<&'static str> {
    let at = offset as u32;
    let inside = |entry: &&Entry| {
        let span = entry.value.span;
        matches!(entry.value.kind, ExprKind::Hash(_)) && span.lo < at && at < span.hi
    };
    connector
        .entries
        .iter()
        .filter(inside)
        .max_by_key(|entry| entry.path.len())
        .map(|entry| entry.path.clone())
        .unwrap_or_default()
}

fn inside_lambda(connector: &Connector, offset: usize) -> bool {
    connector.entries.iter().any(|entry| {
        lambda(entry.value).is_some_and(|block| (block.span.lo as usize) < offset && offset < block.span.hi as usize)
    })
}

fn keys(connector: &Connector, offset: usize) -> Vec<Item> {
    if let Some(present) = field_at(connector, offset) {
        let rows = FIELD_KEYS.iter().filter(|row| !present.iter().any(|name| name == row.name));
        return rows.map(|row| field_item(row.name, row.doc, row.shapes)).collect();
    }
    if inside_lambda(connector, offset) {
        return Vec::new();
    }
    let path = path_at(connector, offset);
    let typed = |entry: &Entry| entry.key_span.lo as usize <= offset && offset <= entry.key_span.hi as usize;
    let siblings: Vec<&Entry> = connector
        .entries
        .iter()
        .filter(|entry| entry.path.len() == path.len() + 1 && entry.path.starts_with(&path) && !typed(entry))
        .collect();
    let before = siblings.iter().rev().find(|entry| (entry.span.lo as usize) < offset).map_or("", |entry| entry.name());
    let after = siblings.iter().find(|entry| offset < entry.span.lo as usize).map(|entry| entry.name());
    let present = |name: &str| siblings.iter().any(|entry| entry.name() == name);
    let rows = vocabulary::children(&path).filter(|key| key.name() != "*" && !present(key.name()));
    let mut rows: Vec<&'static Key> = rows.collect();
    let given = Given::after(connector.source.text(), offset);
    let habits = Habits::of(connector, &path);
    let weight = |key: &&'static Key| {
        let name = key.name();
        let standing = u32::from(matches!(key.standing, Standing::Common | Standing::Display));
        // In the middle of a hash what it cannot do without is likelier than what usually follows.
        let missing = if after.is_some() && NEEDED.contains(&name) && habits.may_have(name) { 3_000 } else { 0 };
        let mentioned = if path.is_empty() && is_wanted(connector, name) { 30_000 } else { 0 };
        let given = given.as_ref().map_or(0, |given| given.fits(key));
        let usual = habits.between(&path, before, name, after);
        std::cmp::Reverse(given * 20_000 + usual * 2 + missing + mentioned + standing)
    };
    rows.sort_by_cached_key(weight);
    rows.into_iter().map(key_item).collect()
}

/// Something of this section is mentioned, and there is no such section.
fn is_wanted(connector: &Connector, key: &str) -> bool {
    let named = connector.mentions().find(|mention| mention.section.key() == key).map(|mention| mention.section);
    named.is_some_and(|section| connector.defined(section).next().is_none())
}

/// Keys that hardly any connector does without where they may stand.
const NEEDED: [&str; 11] = [
    "actions",
    "authorization",
    "connection",
    "dedup",
    "execute",
    "fields",
    "input_fields",
    "output_fields",
    "poll",
    "title",
    "type",
];

/// The value of a key that is being written.
struct Given<'t> {
    shapes: &'static [Shape],
    params: Vec<&'t str>,
}

impl<'t> Given<'t> {
    fn after(text: &'t str, offset: usize) -> Option<Self> {
        let line = text.get(offset..)?.split('\n').next()?;
        let rest = line.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        let value = rest.strip_prefix(':')?.trim_start();
        let lambda = ["lambda", "->", "proc"].iter().any(|word| value.starts_with(word));
        let shapes: &[Shape] = match value.chars().next()? {
            _ if lambda => &[Shape::Lambda],
            '{' => &[Shape::Hash],
            '[' => &[Shape::Fields, Shape::Array],
            '\'' | '"' => &[Shape::Text, Shape::Word],
            't' | 'f' => &[Shape::Boolean],
            '0'..='9' => &[Shape::Integer, Shape::Number],
            _ => return None,
        };
        let bars = if value.contains('|') { ['|', '|'] } else { ['(', ')'] };
        let params =
            value.split_once(bars[0]).and_then(|(_, rest)| rest.split_once(bars[1])).map_or("", |(params, _)| params);
        let params = if lambda {
            params.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
        } else {
            Vec::new()
        };
        Some(Self { shapes, params })
    }

    /// Two where the key takes such a value, more where its parameters bear their names.
    fn fits(&self, key: &Key) -> u32 {
        if !self.shapes.iter().any(|shape| key.takes(*shape)) {
            return 0;
        }
        let named =
            self.params.iter().zip(key.args).filter(|(param, arg)| param.trim_start_matches('_') == **arg).count();
        2 + named as u32
    }
}

/// The keys of the field around `offset`, if it stands in one, but in nothing within it.
fn field_at(connector: &Connector, offset: usize) -> Option<Vec<String>> {
    let mut finder = FieldAt { connector, at: offset as u32, found: None };
    connector.file.statements.iter().for_each(|statement| finder.expr(statement));
    finder.found.filter(|names| {
        names.iter().any(|name| matches!(name.as_str(), "name" | "control_type" | "label" | "optional"))
    })
}

struct FieldAt<'c, 'a> {
    connector: &'c Connector<'a>,
    at: u32,
    found: Option<Vec<String>>,
}

impl Visitor for FieldAt<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        let around = expr.span.lo < self.at && self.at < expr.span.hi;
        if !around && !matches!(expr.kind, ExprKind::Seq(_)) {
            return;
        }
        match &expr.kind {
            ExprKind::Hash(pairs) => {
                let key = |pair: &Pair| match pair {
                    Pair::Entry { key, .. } => crate::check::literal(self.connector.source, key).map(|(name, _)| name),
                    Pair::Splat(_) => None,
                };
                self.found = Some(pairs.iter().filter_map(key).collect());
            }
            ExprKind::Array(_) | ExprKind::Call(_) | ExprKind::Lambda(_) => self.found = None,
            _ => {}
        }
        walk::walk_expr(self, expr);
    }
}

fn field_item(name: &str, doc: &str, shapes: &[Shape]) -> Item {
    let insert = match shapes.first() {
        Some(Shape::Text | Shape::Word) => format!("{name}: '$0'"),
        Some(Shape::Boolean) => format!("{name}: ${{1:true}}"),
        Some(Shape::Fields | Shape::Array) => format!("{name}: [$0]"),
        Some(Shape::Hash) => format!("{name}: {{ $0 }}"),
        _ => format!("{name}: $0"),
    };
    let detail = shapes.first().map(Shape::to_string).unwrap_or_default();
    Item { label: name.into(), kind: ItemKind::Key, detail, doc: doc.into(), insert }
}

fn key_item(key: &'static Key) -> Item {
    let mut item = field_item(key.name(), key.doc, key.shapes);
    if key.takes(Shape::Lambda) && !key.takes(Shape::Any) {
        let usual = key.args.iter().filter(|arg| !arg.starts_with('*')).take(if key.name() == "poll" { 3 } else { 2 });
        let params = usual.copied().collect::<Vec<_>>().join(", ");
        let bars = if params.is_empty() { String::new() } else { format!(" |{params}|") };
        item.insert = format!("{}: lambda do{bars}\n  $0\nend", key.name());
        item.detail = format!("lambda |{}|", key.args.join(", "));
    } else if key.takes(Shape::Hash) && !key.takes(Shape::Text) {
        item.insert = format!("{}: {{\n  $0\n}}", key.name());
    }
    item
}

// ---- code

/// Methods: those of requests first where the chain begins with one.
fn after_dot(document: &Document, dot_end: usize) -> Vec<Item> {
    let text = document.source.text().get(..dot_end).unwrap_or_default();
    let request = begins_with_request(text);
    let mut items: Vec<Item> = Vec::new();
    let rank = |receiver: Receiver| match receiver {
        Receiver::Kinds(kinds) if kinds.contains(&Kind::Request) => u8::from(!request),
        Receiver::Kinds(kinds) if kinds.iter().any(|kind| matches!(kind, Kind::String | Kind::Array | Kind::Hash)) => 2,
        Receiver::Enumerable | Receiver::Object => 3,
        Receiver::Kinds(_) => 4,
        _ => 9,
    };
    let mut tables: Vec<_> = methods::tables().filter(|table| rank(table.receiver) < 9).collect();
    tables.sort_by_key(|table| rank(table.receiver));
    let mut seen = hashbrown::HashSet::new();
    for row in tables.iter().flat_map(|table| table.rows) {
        let plain = row.names.split(' ').find(|name| name.starts_with(|c: char| c.is_alphabetic()));
        if let Some(name) = plain.filter(|name| seen.insert(*name)) {
            items.push(Item { detail: row.signature.into(), kind: ItemKind::Method, ..value(name, row.doc) });
        }
    }
    items
}

const VERBS: [&str; 9] = ["get(", "post(", "put(", "patch(", "delete(", "head(", "options(", "copy(", "move("];

/// The chain that ends with `text` begins with a request: it is looked for from its last line upwards.
fn begins_with_request(text: &str) -> bool {
    for line in text.lines().rev().take(20) {
        let inner = line.trim_start();
        if VERBS.iter().any(|verb| {
            inner.starts_with(verb) || inner.contains(&format!(" {verb}")) || inner.contains(&format!("({verb}"))
        }) {
            return true;
        }
        let goes_on = inner.starts_with('.') || inner.trim_end().ends_with('.') || inner.is_empty();
        if !goes_on {
            return false;
        }
    }
    false
}

/// Variables of the lambdas around, the nearest first, then what can be called anywhere.
fn in_code(connector: &Connector, offset: usize) -> Vec<Item> {
    let around = connector.entry_around(offset as u32).unwrap_or_default();
    let variables = locals::visible(connector, around, offset);
    let mut items: Vec<Item> =
        variables.into_iter().map(|name| Item { kind: ItemKind::Variable, ..value(name.as_str(), "") }).collect();
    let context = methods::tables().filter(|table| table.receiver == Receiver::Context).flat_map(|table| table.rows);
    items.extend(context.map(|row| Item {
        kind: ItemKind::Method,
        detail: row.signature.into(),
        ..value(row.names.split(' ').next().unwrap_or_default(), row.doc)
    }));
    items
}
