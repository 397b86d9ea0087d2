//! Names that are read from `input` and `connection`, but that no field declares. Told only where all fields are written
//! out: as literals, or one step away in `object_definitions`.

use super::connector::{Connector, Entry, lambda, literal, pairs, value_of};
use super::part::Part;
use super::{Report, meant};
use crate::syntax::ast::{Arg, Block, Call, Expr, ExprKind, Index, Pair, ParamKind, Target, TargetKind};
use crate::syntax::walk::{self, BlockKind, Visitor};
use crate::text::{Name, Source, Span, nearest};
use crate::vocabulary::{self, Key};
use hashbrown::{HashMap, HashSet};

/// Settings that logging in makes, or that the platform adds.
const SETTINGS: [&str; 14] = [
    "access_token",
    "auth_type",
    "aws_api_key",
    "aws_assume_role",
    "aws_external_id",
    "aws_secret_key",
    "aws_workato_account_id",
    "expires_at",
    "expires_in",
    "refresh_token",
    "refresh_token_expires_in",
    "temp_credentials",
    "token_type",
    "user_credentials",
];

/// What a part reads and declares.
pub struct Facts {
    operations: Vec<Operation>,
    /// Object definitions, and the names of their fields where all are written out.
    definitions: Vec<(&'static str, Option<Vec<String>>)>,
    /// What is read from the connection, and what is put into it.
    settings_read: Vec<(String, Span)>,
    settings_written: Vec<String>,
    /// The settings that a connection has, if they are declared here and all written out.
    settings: Option<Vec<String>>,
}

/// An action or a trigger.
struct Operation {
    name: &'static str,
    read: Vec<(String, Span)>,
    fields: Option<Fields>,
}

/// Fields that are written out, and the object definitions that bring others.
#[derive(Default)]
struct Fields {
    names: Vec<String>,
    definitions: Vec<String>,
}

impl Facts {
    pub fn of(part: &Part) -> Self {
        let operations = part.under(&["actions"]).chain(part.under(&["triggers"]));
        let definitions =
            part.under(&["object_definitions"]).map(|entry| (entry.name(), defined_fields(part.source, entry)));
        let (mut settings_read, mut settings_written) = (Vec::new(), Vec::new());
        for (entry, name, block) in part.given("connection") {
            settings_written.extend(Reads::of(part.source, name, block).written);
            if !entry.key.is_some_and(|key| misnamed(key, name, "connection")) {
                settings_read.extend(reads(part.source, name, block));
            }
        }
        Self {
            operations: operations.filter_map(|entry| operation(part.source, entry)).collect(),
            definitions: definitions.collect(),
            settings_read,
            settings_written,
            settings: declared_settings(part),
        }
    }
}

pub fn check(connector: &Connector, report: &mut Report) {
    inputs(connector, report);
    settings(connector, report);
}

/// Lambdas that run with the whole input.
const RUNS: [&str; 3] = ["execute", "poll", "webhook_subscribe"];

/// What an action or trigger reads from its input, and which fields it has; none where it reads nothing.
fn operation(source: &Source, operation: &Entry) -> Option<Operation> {
    let entries = pairs(operation.value)?;
    let section = operation.path.first().copied().unwrap_or_default();
    let mut read = Vec::new();
    for name in RUNS {
        let row = vocabulary::key(&[section, operation.name(), name]);
        if let Some((key, (_, value))) = row.zip(value_of(entries, name)) {
            read.extend(input_reads(source, key, value));
        }
    }
    let fields = || operation_fields(source, entries);
    (!read.is_empty()).then(|| Operation { name: operation.name(), read, fields: fields() })
}

/// The fields of actions and triggers against what their lambdas read.
fn inputs(connector: &Connector, report: &mut Report) {
    let all = connector.facts().flat_map(|(facts, _)| &facts.declared.definitions);
    let definitions: HashMap<&str, Option<&Vec<String>>> = all.map(|(name, fields)| (*name, fields.as_ref())).collect();
    for (operation, by) in
        connector.facts().flat_map(|(facts, by)| facts.declared.operations.iter().map(move |one| (one, by)))
    {
        let Some(fields) = operation.fields.as_ref() else { continue };
        let mut known: HashSet<&str> = fields.names.iter().map(String::as_str).collect();
        let more = fields.definitions.iter().try_for_each(|name| {
            known.extend(definitions.get(name.as_str()).copied().flatten()?.iter().map(String::as_str));
            Some(())
        });
        if more.is_none() {
            continue;
        }
        for (key, span) in operation.read.iter().filter(|(key, _)| !known.contains(key.as_str())) {
            let (near, span) = (nearest(key, known.iter().copied()), span.moved(by));
            let message = format!("no field of `{}` is called `{key}`", operation.name);
            let help = meant(near, "declare it in `input_fields`: what is not declared does not arrive");
            report.hint("check::undeclared-input", span, message, "not declared", help).perhaps(span, near);
        }
    }
}

/// What one lambda of an operation reads from its input.
fn input_reads(source: &Source, key: &Key, value: &Expr) -> Vec<(String, Span)> {
    let Some(block) = lambda(value) else { return Vec::new() };
    let param = key.args.iter().position(|arg| *arg == "input").and_then(|at| block.params.items.get(at));
    match param.map(|param| &param.kind) {
        Some(ParamKind::Required(name) | ParamKind::Optional(name, _)) if !misnamed(key, *name, "input") => {
            reads(source, *name, block)
        }
        _ => Vec::new(),
    }
}

/// The parameter bears the name of something else that is handed over: `parameter-order` tells that.
fn misnamed(key: &Key, name: Name, real: &str) -> bool {
    let plain = name.as_str().trim_start_matches('_');
    plain != real && key.args.contains(&plain)
}

/// All fields of an operation's input, if none is computed.
fn operation_fields(source: &Source, entries: &[Pair]) -> Option<Fields> {
    if entries.iter().any(|pair| matches!(pair, Pair::Splat(_))) {
        return None;
    }
    let mut fields = Fields::default();
    let (_, input) = value_of(entries, "input_fields")?;
    collect(source, body(input), &mut fields)?;
    if let Some((_, config)) = value_of(entries, "config_fields") {
        collect(source, body(config), &mut fields)?;
    }
    Some(fields)
}

/// The fields of an object definition, if all are written out in it.
fn defined_fields(source: &Source, entry: &Entry) -> Option<Vec<String>> {
    let (_, value) = value_of(pairs(entry.value)?, "fields")?;
    let mut fields = Fields::default();
    collect(source, body(value), &mut fields)?;
    fields.definitions.is_empty().then_some(fields.names)
}

/// The body of a lambda, or the value itself.
fn body(value: &Expr) -> &Expr {
    lambda(value).map_or(value, |block| &block.body)
}

/// Adds the fields that an expression stands for; `None` if something of it is computed.
fn collect(source: &Source, expr: &Expr, fields: &mut Fields) -> Option<()> {
    match &expr.kind {
        ExprKind::Array(items) => items.iter().try_for_each(|item| match item {
            Arg::Value(field) => field_name(source, field, &mut fields.names),
            Arg::Splat(inner) => collect(source, inner, fields),
            Arg::Keywords(..) => None,
        }),
        ExprKind::Seq(exprs) => match exprs.as_slice() {
            [] => Some(()),
            [only] => collect(source, only, fields),
            _ => None,
        },
        ExprKind::Nil => Some(()),
        ExprKind::Begin(begin) if begin.rescues.is_empty() && begin.ensure.is_none() => {
            collect(source, &begin.body, fields)
        }
        ExprKind::Index(index) => definition(source, index, fields),
        ExprKind::Binary { op: crate::syntax::ast::BinaryOp::Add, lhs, rhs, .. } => {
            collect(source, lhs, fields)?;
            collect(source, rhs, fields)
        }
        ExprKind::Call(call) => chained(source, call, fields),
        _ => None,
    }
}

/// `fields.concat(more)`, `fields.only('a')`, `fields.required('a')`, `fields.ignored('a')`.
fn chained(source: &Source, call: &Call, fields: &mut Fields) -> Option<()> {
    let receiver = call.receiver.as_ref()?;
    let words = || call.args.iter().map(|arg| word(source, arg));
    match call.name.as_str() {
        "concat" | "push" | "append" => {
            collect(source, receiver, fields)?;
            call.args.iter().try_for_each(|arg| match arg {
                Arg::Value(value) if call.name.as_str() == "concat" => collect(source, value, fields),
                Arg::Value(value) => field_name(source, value, &mut fields.names),
                _ => None,
            })
        }
        // Which of them the platform keeps is its business; nothing is said of those that are left out.
        "required" | "ignored" => collect(source, receiver, fields),
        "only" => words().try_for_each(|name| {
            fields.names.push(name?);
            Some(())
        }),
        _ => None,
    }
}

fn word(source: &Source, arg: &Arg) -> Option<String> {
    match arg {
        Arg::Value(value) => literal(source, value).map(|(text, _)| text),
        _ => None,
    }
}

/// The name of a field that is a literal hash, and that of its other way to fill it in.
fn field_name(source: &Source, field: &Expr, names: &mut Vec<String>) -> Option<()> {
    let pairs = pairs(field)?;
    let (_, name) = value_of(pairs, "name")?;
    names.push(literal(source, name)?.0);
    match value_of(pairs, "toggle_field") {
        Some((_, toggle)) => field_name(source, toggle, names),
        None => Some(()),
    }
}

/// `object_definitions['name']`.
fn definition(source: &Source, index: &Index, fields: &mut Fields) -> Option<()> {
    let ExprKind::Local(receiver) = &index.receiver.kind else { return None };
    if !receiver.as_str().ends_with("object_definitions") {
        return None;
    }
    fields.definitions.push(word(source, index.args.first()?)?);
    Some(())
}

/// The settings that are declared against what all lambdas read from the connection.
fn settings(connector: &Connector, report: &mut Report) {
    let Some(declared) = connector.facts().find_map(|(facts, _)| facts.declared.settings.as_ref()) else { return };
    let mut known: HashSet<&str> = declared.iter().map(String::as_str).collect();
    known.extend(SETTINGS);
    // What a lambda puts into the connection is there for the others.
    known.extend(connector.facts().flat_map(|(facts, _)| facts.declared.settings_written.iter().map(String::as_str)));
    for (facts, by) in connector.facts() {
        for (key, span) in &facts.declared.settings_read {
            if known.contains(key.as_str()) || key.starts_with("__") {
                continue;
            }
            let (near, span) = (nearest(key, known.iter().copied()), span.moved(by));
            let message = format!("no field of the connection is called `{key}`");
            let help = meant(near, "declare it in the `fields` of `connection`");
            report.warn("check::unknown-connection-field", span, message, "not declared", help).perhaps(span, near);
        }
    }
}

/// The names of all settings; `None` if some are computed, or if logging in brings others.
fn declared_settings(part: &Part) -> Option<Vec<String>> {
    let mut fields = Fields::default();
    let mut found = false;
    for entry in part.entries.iter().filter(|entry| entry.path.first() == Some(&"connection")) {
        match entry.name() {
            "fields" => {
                found = true;
                collect(part.source, body(entry.value), &mut fields)?;
            }
            // What the service answers becomes part of the connection.
            "acquire" | "refresh" | "extended_fields" | "token_url" | "flow" => return None,
            "type" if literal(part.source, entry.value).is_none_or(|(kind, _)| kind.contains("oauth2")) => {
                return None;
            }
            _ => {}
        }
    }
    (found && fields.definitions.is_empty()).then_some(fields.names)
}

/// The keys that a lambda reads from the hash that it calls `name`, none if the name or the hash is given something else.
fn reads(source: &Source, name: Name, block: &Block) -> Vec<(String, Span)> {
    let mut found = Reads::of(source, name, block);
    if found.replaced {
        return Vec::new();
    }
    found.read.retain(|(key, _)| !found.written.contains(key));
    found.read
}

/// What is done with one hash.
struct Reads<'s> {
    source: &'s Source,
    name: Name,
    read: Vec<(String, Span)>,
    written: Vec<String>,
    replaced: bool,
}

impl<'s> Reads<'s> {
    fn of(source: &'s Source, name: Name, block: &Block) -> Self {
        let mut reads = Self { source, name, read: Vec::new(), written: Vec::new(), replaced: false };
        reads.expr(&block.body);
        reads
    }

    fn is_it(&self, expr: &Expr) -> bool {
        matches!(expr.kind, ExprKind::Local(name) if name == self.name)
    }

    fn key(&self, args: &[Arg]) -> Option<(String, Span)> {
        match args.first()? {
            Arg::Value(value) => literal(self.source, value),
            _ => None,
        }
    }
}

/// Methods that change the hash itself in ways that nobody can follow.
const CHANGING: [&str; 9] = [
    "merge!",
    "update",
    "replace",
    "store",
    "deep_merge!",
    "reverse_merge!",
    "with_defaults!",
    "transform_keys!",
    "compare_by_identity",
];

impl Visitor for Reads<'_> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Index(index) if self.is_it(&index.receiver) => self.read.extend(self.key(&index.args)),
            ExprKind::Call(call) if call.receiver.as_ref().is_some_and(|receiver| self.is_it(receiver)) => {
                match call.name.as_str() {
                    "dig" => self.read.extend(self.key(&call.args)),
                    changing if CHANGING.contains(&changing) => self.replaced = true,
                    _ => {}
                }
            }
            ExprKind::Call(call) if call.receiver.is_none() && call.name.as_str() == "binding" => self.replaced = true,
            _ => {}
        }
        walk::walk_expr(self, expr);
    }

    fn target(&mut self, target: &Target) {
        match &target.kind {
            TargetKind::Local(name) if *name == self.name => self.replaced = true,
            TargetKind::Index(index) if self.is_it(&index.receiver) => {
                let key = self.key(&index.args).map(|(key, _)| key);
                self.written.extend(key);
            }
            _ => {}
        }
        walk::walk_target(self, target);
    }

    /// A parameter of the same name hides the hash.
    fn block(&mut self, block: &Block, _: BlockKind) {
        let hides = |kind: &ParamKind| match kind {
            ParamKind::Required(name) | ParamKind::Optional(name, _) => *name == self.name,
            _ => false,
        };
        if !block.params.items.iter().any(|param| hides(&param.kind)) && !block.params.locals.contains(&self.name) {
            walk::walk_block(self, block);
        }
    }
}
