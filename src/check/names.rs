//! Methods and constants that nothing has: misspelled ones, and ones that the library lacks.

use super::connector::{Connector, Section};
use super::part::Part;
use super::{Report, meant};
use crate::diagnostic::Fix;
use crate::methods;
use crate::syntax::ast::{Arg, Call, ConstScope, Expr, ExprKind, Target, TargetKind};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Span, nearest};
use crate::value::{ClassId, Kind};
use hashbrown::HashSet;
use std::sync::LazyLock;

static KNOWN: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| methods::tables().flat_map(|table| table.rows).flat_map(|row| row.names.split(' ')).collect());

/// Bare constants of a connector are looked for here, too.
const SDK: &str = "Workato::Connector::Sdk::";

/// Words that are read before any table: lambdas, the context.
const BUILT_IN: [&str; 9] =
    ["lambda", "proc", "call", "block_given?", "binding", "new", "class", "method_missing", "defined?"];

/// What a part has to do with names that tables do not know.
pub struct Facts {
    /// Names that the part defines, or whose presence it asks for.
    own: HashSet<String>,
    /// It has names that nothing knows, unless another part defines them.
    suspicious: bool,
}

impl Facts {
    pub fn of(part: &Part) -> Self {
        let mut own = Own::default();
        part.walk(&mut own);
        let mut report = Report { source: part.source, findings: Vec::new() };
        part.walk(&mut Calls { methods: &|_| false, report: &mut report, own: &HashSet::new() });
        Self { own: own.names, suspicious: !report.findings.is_empty() }
    }
}

/// Looks again at what is suspicious, now that it is known what the connector defines.
pub fn check(connector: &Connector, report: &mut Report) {
    if !connector.facts().any(|(facts, _)| facts.names.suspicious) {
        return;
    }
    let own = connector.facts().flat_map(|(facts, _)| facts.names.own.iter().cloned()).collect();
    let methods = |name: &str| connector.definition(Section::Methods, name).is_some();
    let mut visitor = Calls { methods: &methods, report, own: &own };
    let parts = connector.parts();
    let suspicious = parts.iter().zip(connector.facts()).filter(|(_, (facts, _))| facts.names.suspicious);
    suspicious.for_each(|(part, _)| part.walk(&mut visitor));
}

/// Names that the file defines itself, or whose presence it asks for: `io.respond_to?(:seek)`.
#[derive(Default)]
struct Own {
    names: HashSet<String>,
}

impl Visitor for Own {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Def { name, .. } => {
                self.names.insert(name.to_string());
            }
            ExprKind::Call(call) if matches!(call.name.as_str(), "respond_to?" | "try" | "try!") => {
                match call.args.first() {
                    Some(Arg::Value(Expr { kind: ExprKind::Symbol(name), .. })) => {
                        self.names.insert(name.to_string());
                    }
                    Some(Arg::Value(Expr { kind: ExprKind::Str(text), .. })) => {
                        self.names.insert(String::from_utf8_lossy(text).into_owned());
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        walk::walk_expr(self, expr);
    }

    fn target(&mut self, target: &Target) {
        if let TargetKind::Const(name) = target.kind {
            self.names.insert(name.to_string());
        }
        walk::walk_target(self, target);
    }
}

struct Calls<'c, 'r> {
    /// Whether the connector has a method of that name.
    methods: &'c dyn Fn(&str) -> bool,
    report: &'c mut Report<'r>,
    own: &'c HashSet<String>,
}

impl Calls<'_, '_> {
    fn call(&mut self, call: &Call) {
        let name = call.name.as_str();
        if call.name_span.is_empty() || self.own.contains(name) {
            return;
        }
        if let Some((space, members)) = call.receiver.as_ref().and_then(namespace) {
            if !members.contains(&name) && methods::reference::of("Object").binary_search(&name).is_err() {
                self.member(call, &space, &members);
            }
            return;
        }
        if let Some(class) = call.receiver.as_ref().and_then(path) {
            return self.of_class(call, class.strip_prefix("::").unwrap_or(&class));
        }
        if self.is_known(name) || call.receiver.as_ref().is_some_and(|receiver| self.is_told(receiver)) {
            return;
        }
        if call.receiver.is_none() && call.args.is_empty() && self.is_key(call.name_span) {
            let message = format!("`{name}:` has no value, and there is no variable `{name}` to take");
            let help = format!("write a value behind `{name}:`");
            self.report.warn("check::unknown-method", call.name_span, message, "no value", help);
            return;
        }
        let near = nearest(name, KNOWN.iter().copied().filter(|known| known.len() > 2 && alike(name, known)));
        let message = match &call.receiver {
            Some(_) => format!("nothing has a method `{name}`"),
            None => format!("there is no variable and no method `{name}`"),
        };
        let is_method = (self.methods)(name);
        let help = match (methods::refused_name(name), is_method, HANDED.contains(&name)) {
            (Some(reason), ..) => reason.to_owned(),
            (_, true, _) if call.receiver.is_none() => {
                let more = if call.args.is_empty() { "" } else { ", …" };
                format!("methods of the connector are called so: `call('{name}'{more})`")
            }
            (.., true) => format!("`{name}` is not handed over here: take it as a parameter"),
            _ => meant(near, "methods of the connector are called by `call('name', …)`"),
        };
        let finding = self.report.warn("check::unknown-method", call.name_span, message, "unknown", help);
        finding.perhaps(call.name_span, near);
        if is_method && call.receiver.is_none() && call.args.is_empty() && !call.parens {
            finding.choices.insert(0, Fix::one("write it as a call", call.name_span, format!("call('{name}')")));
        }
    }

    /// The name is a key without a value, which takes what is called the same.
    fn is_key(&self, name: Span) -> bool {
        let rest = self.report.source.text().get(name.hi as usize..).unwrap_or_default();
        rest.starts_with(':') && !rest.starts_with("::")
    }

    /// A method of a class or module itself; nothing is said where the constant is unknown.
    fn of_class(&mut self, call: &Call, path: &str) {
        let registry = methods::registry();
        let classes = [ClassId::find(&format!("{SDK}{path}")), ClassId::find(path)];
        let mut classes = classes.into_iter().flatten().filter(|class| class.info().nameable).peekable();
        if classes.peek().is_none() || registry.find_name(Kind::Class, call.name).is_some() {
            return;
        }
        if classes.any(|class| registry.singleton(class, call.name).is_some()) {
            return;
        }
        let name = call.name.as_str();
        let members = methods::reference::of(path);
        let near = nearest(name, members.iter().copied().filter(|known| alike(name, known)));
        let instead = methods::refused_method(path, name).or_else(|| methods::refused_name(&format!("{path}.{name}")));
        let help = match instead.or_else(|| methods::refused_name(name)) {
            Some(instead) => instead.to_owned(),
            None if members.is_empty() => meant(near, "its instances may have it"),
            None => meant(near, &format!("`connrun explain {path}` lists what it has")),
        };
        let message = format!("`{path}` has no method `{name}`");
        self.report
            .warn("check::unknown-method", call.name_span, message, "unknown", help)
            .perhaps(call.name_span, near);
    }

    fn is_known(&self, name: &str) -> bool {
        KNOWN.contains(name) || BUILT_IN.contains(&name) || self.own.contains(name)
    }

    /// A call in the chain before is unknown: nothing is known of its value.
    fn is_told(&self, receiver: &Expr) -> bool {
        let ExprKind::Call(call) = &receiver.kind else { return false };
        match &call.receiver {
            Some(inner) if namespace(inner).is_some_and(|(_, members)| !members.contains(&call.name.as_str())) => true,
            Some(inner) => !self.is_known(call.name.as_str()) || self.is_told(inner),
            None => !self.is_known(call.name.as_str()),
        }
    }

    /// A constant that nothing defines.
    fn constant(&mut self, path: &str, span: Span) {
        let sdk = format!("{SDK}{path}");
        let path = path.strip_prefix("::").unwrap_or(path);
        let is_class = |path: &str| ClassId::find(path).is_some_and(|class| class.info().nameable);
        if is_class(path)
            || is_class(&sdk)
            || methods::constant(path).is_some()
            || methods::refused_constant(path).is_some()
        {
            return;
        }
        let near = nearest(path, constants());
        let help = meant(near, "a connector has the constants of the library, and defines none");
        let finding = self.report.warn(
            "check::unknown-constant",
            span,
            format!("there is no constant `{path}`"),
            "unknown",
            help,
        );
        finding.perhaps(span, near);
    }

    /// `workato.…` has what the platform's library has, and no more.
    fn member(&mut self, call: &Call, space: &str, members: &[&str]) {
        let name = call.name.as_str();
        let near = nearest(name, members.iter().copied());
        let message = format!("`{space}` has no `{name}`");
        let otherwise =
            methods::refused_name(name).map_or_else(|| format!("it has {}", members.join(", ")), str::to_owned);
        let finding =
            self.report.warn("check::unknown-method", call.name_span, message, "unknown", meant(near, &otherwise));
        finding.perhaps(call.name_span, near);
    }
}

/// Every constant that can be named.
fn constants() -> impl Iterator<Item = &'static str> {
    let classes = methods::tables().filter_map(|table| match table.receiver {
        methods::Receiver::Singleton(class) => Some(class),
        _ => None,
    });
    classes.chain(methods::constants::names())
}

/// Short names are too near to each other: only letters that changed places, or one too many or too few, are a slip.
fn alike(written: &str, known: &str) -> bool {
    if written.len() > 4 {
        return true;
    }
    let sorted = |name: &str| {
        let mut letters: Vec<char> = name.chars().collect();
        letters.sort_unstable();
        letters
    };
    let within = |short: &str, long: &str| {
        let mut rest = long.chars();
        long.len() == short.len() + 1 && short.chars().all(|c| rest.any(|other| other == c))
    };
    sorted(written) == sorted(known) || within(written, known) || within(known, written)
}

/// `A::B` as it is written; `None` where the scope is computed.
fn path(expr: &Expr) -> Option<String> {
    let ExprKind::Const { scope, name } = &expr.kind else { return None };
    match scope {
        ConstScope::Bare => Some(name.to_string()),
        ConstScope::Top => Some(format!("::{name}")),
        ConstScope::In(outer) => Some(format!("{}::{name}", path(outer)?)),
    }
}

/// What lambdas are handed, which methods do not see.
const HANDED: [&str; 6] = ["connection", "input", "closure", "payload", "object_definitions", "config_fields"];

/// A namespace such as `workato.csv`, and what it has.
fn namespace(receiver: &Expr) -> Option<(String, Vec<&'static str>)> {
    let space = space(receiver, 3)?;
    let members = methods::reference::of(&space);
    (!members.is_empty()).then_some((space, members))
}

/// `workato.a.b` as text, up to so many steps.
fn space(receiver: &Expr, steps: usize) -> Option<String> {
    let ExprKind::Call(call) = &receiver.kind else { return None };
    match &call.receiver {
        None if call.name.as_str() == "workato" => Some("workato".to_owned()),
        Some(inner) if steps > 1 && call.args.is_empty() => Some(format!("{}.{}", space(inner, steps - 1)?, call.name)),
        _ => None,
    }
}

impl Visitor for Calls<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call(call) => self.call(call),
            ExprKind::Const { .. } => {
                if let Some(path) = path(expr).filter(|path| !self.own.contains(path)) {
                    return self.constant(&path, expr.span);
                }
            }
            // Asking whether something is there needs no answer.
            ExprKind::Defined(_) => return,
            _ => {}
        }
        walk::walk_expr(self, expr);
    }
}
