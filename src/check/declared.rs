//! Names that are read from `input` and `connection`, but that no field declares. Told only where all fields are written
//! out: as literals, or one step away in `object_definitions`.

use super::connector::{Connector, Section, lambda, literal, pairs, value_of};
use super::{Report, meant};
use crate::syntax::ast::{Arg, Block, Call, Expr, ExprKind, Index, Pair, ParamKind, Target, TargetKind};
use crate::syntax::walk::{self, BlockKind, Visitor};
use crate::text::{Name, Source, Span, nearest};
use crate::vocabulary::{self, Key};
use hashbrown::HashSet;

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

pub fn check(connector: &Connector, report: &mut Report) {
    inputs(connector, report);
    settings(connector, report);
}

/// Lambdas that run with the whole input.
const RUNS: [&str; 3] = ["execute", "poll", "webhook_subscribe"];

/// The fields of an action or trigger against what its lambdas read.
fn inputs(connector: &Connector, report: &mut Report) {
    for operation in connector.under(&["actions"]).chain(connector.under(&["triggers"])) {
        let Some(entries) = pairs(operation.value) else { continue };
        let mut read = Vec::new();
        let section = operation.path.first().copied().unwrap_or_default();
        for name in RUNS {
            let row = vocabulary::key(&[section, operation.name(), name]);
            if let Some((key, (_, value))) = row.zip(value_of(entries, name)) {
                read.extend(input_reads(connector, key, value));
            }
        }
        if read.is_empty() {
            continue;
        }
        let Some(fields) = operation_fields(connector, entries) else { continue };
        for (key, span) in read.into_iter().filter(|(key, _)| !fields.contains(key)) {
            let near = nearest(&key, fields.iter().map(String::as_str));
            let message = format!("no field of `{}` is called `{key}`", operation.name());
            let help = meant(near, "declare it in `input_fields`: what is not declared does not arrive");
            report.hint("check::undeclared-input", span, message, "not declared", help).perhaps(span, near);
        }
    }
}

/// What one lambda of an operation reads from its input.
fn input_reads(connector: &Connector, key: &Key, value: &Expr) -> Vec<(String, Span)> {
    let Some(block) = lambda(value) else { return Vec::new() };
    let param = key.args.iter().position(|arg| *arg == "input").and_then(|at| block.params.items.get(at));
    match param.map(|param| &param.kind) {
        Some(ParamKind::Required(name) | ParamKind::Optional(name, _)) if !misnamed(key, *name, "input") => {
            reads(connector.source, *name, block)
        }
        _ => Vec::new(),
    }
}

/// The parameter bears the name of something else that is handed over: `parameter-order` tells that.
fn misnamed(key: &Key, name: Name, real: &str) -> bool {
    let plain = name.as_str().trim_start_matches('_');
    plain != real && key.args.contains(&plain)
}

/// The names of all fields of an operation's input, if they are all written out.
fn operation_fields(connector: &Connector, entries: &[Pair]) -> Option<HashSet<String>> {
    if entries.iter().any(|pair| matches!(pair, Pair::Splat(_))) {
        return None;
    }
    let mut names = HashSet::new();
    let (_, input) = value_of(entries, "input_fields")?;
    collect(connector, body(input), true, &mut names)?;
    if let Some((_, config)) = value_of(entries, "config_fields") {
        collect(connector, body(config), true, &mut names)?;
    }
    Some(names)
}

/// The body of a lambda, or the value itself.
fn body(value: &Expr) -> &Expr {
    lambda(value).map_or(value, |block| &block.body)
}

/// Adds the names of the fields that an expression stands for; `None` if something of it is computed.
fn collect(connector: &Connector, expr: &Expr, may_hop: bool, names: &mut HashSet<String>) -> Option<()> {
    match &expr.kind {
        ExprKind::Array(items) => items.iter().try_for_each(|item| match item {
            Arg::Value(field) => field_name(connector.source, field, names),
            Arg::Splat(inner) => collect(connector, inner, may_hop, names),
            Arg::Keywords(..) => None,
        }),
        ExprKind::Seq(exprs) => match exprs.as_slice() {
            [] => Some(()),
            [only] => collect(connector, only, may_hop, names),
            _ => None,
        },
        ExprKind::Nil => Some(()),
        ExprKind::Begin(begin) if begin.rescues.is_empty() && begin.ensure.is_none() => {
            collect(connector, &begin.body, may_hop, names)
        }
        ExprKind::Index(index) => definition(connector, index, may_hop, names),
        ExprKind::Binary { op: crate::syntax::ast::BinaryOp::Add, lhs, rhs, .. } => {
            collect(connector, lhs, may_hop, names)?;
            collect(connector, rhs, may_hop, names)
        }
        ExprKind::Call(call) => chained(connector, call, may_hop, names),
        _ => None,
    }
}

/// `fields.concat(more)`, `fields.only('a')`, `fields.required('a')`, `fields.ignored('a')`.
fn chained(connector: &Connector, call: &Call, may_hop: bool, names: &mut HashSet<String>) -> Option<()> {
    let receiver = call.receiver.as_ref()?;
    let words = || call.args.iter().map(|arg| word(connector.source, arg));
    match call.name.as_str() {
        "concat" | "push" | "append" => {
            collect(connector, receiver, may_hop, names)?;
            call.args.iter().try_for_each(|arg| match arg {
                Arg::Value(value) if call.name.as_str() == "concat" => collect(connector, value, may_hop, names),
                Arg::Value(value) => field_name(connector.source, value, names),
                _ => None,
            })
        }
        // Which of them the platform keeps is its business; nothing is said of those that are left out.
        "required" | "ignored" => collect(connector, receiver, may_hop, names),
        "only" => words().try_for_each(|name| {
            names.insert(name?);
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
fn field_name(source: &Source, field: &Expr, names: &mut HashSet<String>) -> Option<()> {
    let pairs = pairs(field)?;
    let (_, name) = value_of(pairs, "name")?;
    names.insert(literal(source, name)?.0);
    match value_of(pairs, "toggle_field") {
        Some((_, toggle)) => field_name(source, toggle, names),
        None => Some(()),
    }
}

/// `object_definitions['name']`, one step.
fn definition(connector: &Connector, index: &Index, may_hop: bool, names: &mut HashSet<String>) -> Option<()> {
    let ExprKind::Local(receiver) = &index.receiver.kind else { return None };
    if !may_hop || !receiver.as_str().ends_with("object_definitions") {
        return None;
    }
    let name = word(connector.source, index.args.first()?)?;
    let entry = connector.definition(Section::ObjectDefinitions, &name)?;
    let (_, fields) = value_of(pairs(entry.value)?, "fields")?;
    collect(connector, body(fields), false, names)
}

/// The settings that are declared against what all lambdas read from the connection.
fn settings(connector: &Connector, report: &mut Report) {
    let Some(mut known) = declared_settings(connector) else { return };
    known.extend(SETTINGS.map(str::to_owned));
    for (entry, name, block) in connector.given("connection") {
        if entry.key.is_some_and(|key| misnamed(key, name, "connection")) {
            continue;
        }
        for (key, span) in reads(connector.source, name, block) {
            if known.contains(&key) || key.starts_with("__") {
                continue;
            }
            let near = nearest(&key, known.iter().map(String::as_str));
            let message = format!("no field of the connection is called `{key}`");
            let help = meant(near, "declare it in the `fields` of `connection`");
            report.warn("check::unknown-connection-field", span, message, "not declared", help).perhaps(span, near);
        }
    }
}

/// The names of all settings; `None` if some are computed, or if logging in brings others.
fn declared_settings(connector: &Connector) -> Option<HashSet<String>> {
    let mut names = HashSet::new();
    let mut found = false;
    for entry in connector.entries.iter().filter(|entry| entry.path.first() == Some(&"connection")) {
        match entry.name() {
            "fields" => {
                found = true;
                collect(connector, body(entry.value), false, &mut names)?;
            }
            // What the service answers becomes part of the connection.
            "acquire" | "refresh" | "extended_fields" | "token_url" => return None,
            "type" if literal(connector.source, entry.value).is_none_or(|(kind, _)| kind.contains("oauth2")) => {
                return None;
            }
            _ => {}
        }
    }
    // What a lambda puts into the connection is there for the others.
    for (_, name, block) in connector.given("connection") {
        names.extend(Reads::of(connector.source, name, block).written);
    }
    found.then_some(names)
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
