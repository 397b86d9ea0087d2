//! Arguments, array elements and hash entries, with an eye on the commas between them.

use super::super::ast::{Arg, BlockArg, Call, Expr, ExprKind, Pair};
use super::super::grammar::Rule;
use super::{Builder, Cursor, Node, expr, missing};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::{Name, Span};

#[derive(Default)]
pub struct Arguments {
    pub items: Vec<Arg>,
    pub block: Option<BlockArg>,
}

impl Builder<'_> {
    /// The arguments in `node`. `close` is the bracket that ends them, or NUL where none does.
    pub fn arguments(&mut self, node: Node<'_>, close: char) -> Arguments {
        let mut c = Cursor::new(node);
        if close != '\0' {
            c.end += 1;
            c.close -= 1;
        }
        let mut arguments = Arguments::default();
        let mut first = true;
        while let Some(rule) = c.peek() {
            self.comma(&c, first, "argument");
            first = false;
            if arguments.block.is_some() {
                let span = Span::at(self.at(c.next_start()));
                self.error(
                    "syntax::argument-order",
                    span,
                    "nothing may follow the block argument",
                    "move it to the end",
                );
            }
            match rule {
                Rule::block_pass => arguments.block = self.block_pass(&mut c),
                _ => self.argument(&mut arguments.items, &mut c),
            }
        }
        self.comma_at_end(&c, first);
        arguments
    }

    fn block_pass(&mut self, c: &mut Cursor<'_>) -> Option<BlockArg> {
        let ampersand = c.next()?;
        if matches!(c.peek(), None | Some(Rule::block_pass)) {
            let span = self.span(&ampersand);
            self.error("syntax::unexpected", span, "there is no block to pass on here", "name it: `&block`");
            return None;
        }
        Some(BlockArg::Pass(Box::new(self.value(c))))
    }

    /// One positional argument, splat or keyword; keywords in a row are one hash.
    fn argument(&mut self, items: &mut Vec<Arg>, c: &mut Cursor<'_>) {
        if c.next_if(Rule::splat).is_some() {
            let value = self.value(c);
            if matches!(items.last(), Some(Arg::Keywords(..))) {
                self.misplaced(value.span);
            }
            items.push(Arg::Splat(value));
            return;
        }
        let start = self.at(c.next_start());
        match self.pair(c) {
            Entry::Pair(pair) => {
                let span = Span::new(start, self.at(c.end));
                match items.last_mut() {
                    Some(Arg::Keywords(pairs, whole)) => {
                        pairs.push(pair);
                        *whole = whole.to(span);
                    }
                    _ => items.push(Arg::Keywords(vec![pair], span)),
                }
            }
            Entry::Lone(value) => {
                self.refuse_void(&value);
                if matches!(items.last(), Some(Arg::Keywords(..))) {
                    self.misplaced(value.span);
                }
                items.push(Arg::Value(value));
            }
        }
    }

    fn misplaced(&mut self, span: Span) {
        self.error(
            "syntax::argument-order",
            span,
            "a plain value cannot follow `key: value` pairs",
            "move it before the pairs, or give it a key",
        );
    }

    pub fn array_literal(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let arguments = self.arguments(node, ']');
        if arguments.block.is_some() {
            self.error("syntax::unexpected", span, "an array cannot hold a block argument", "");
        }
        expr(ExprKind::Array(arguments.items), span)
    }

    pub fn hash(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        c.end += 1;
        c.close -= 1;
        let pairs = self.pairs(&mut c);
        expr(ExprKind::Hash(pairs), span)
    }

    /// Hash entries up to the end of the cursor.
    pub fn pairs(&mut self, c: &mut Cursor<'_>) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let (mut first, mut lone) = (true, false);
        while c.peek().is_some_and(|rule| rule != Rule::EOI) {
            // Of an entry that is half written nobody needs to hear that its comma is missing, too.
            if !lone || Commas::of(c.gap()).first.is_some() {
                self.comma(c, first, "entry");
            }
            first = false;
            let pair = self.pair(c);
            lone = matches!(pair, Entry::Lone(_));
            match pair {
                Entry::Pair(pair) => pairs.push(pair),
                Entry::Lone(value) => {
                    let pair = self.lone_entry(value);
                    pairs.push(pair);
                }
            }
        }
        self.comma_at_end(c, first);
        pairs
    }

    /// An entry without a value: what was probably meant?
    fn lone_entry(&mut self, value: Expr) -> Pair {
        let span = value.span;
        if let ExprKind::Assign { target, .. } | ExprKind::OpAssign { target, .. } = &value.kind {
            let key = self.source.slice(target.span);
            let help = format!("write `{key}: …`, or `{key} => …`");
            let at = Span::new(target.span.hi, target.span.hi + 1);
            self.error("syntax::wrong-separator", at, "unexpected `=` in a hash", &help);
        } else {
            let message = "this hash entry has no value: `:` or `=>` is missing after the key";
            self.error("syntax::missing-value", Span::at(span.hi), message, "write `key: value` or `'key' => value`");
        }
        Pair::Entry { key: value, value: missing(Span::at(span.hi)), span }
    }

    fn pair(&mut self, c: &mut Cursor<'_>) -> Entry {
        if let Some(label) = c.next_if(Rule::label) {
            return Entry::Pair(self.labelled(&label, c));
        }
        if c.next_if(Rule::double_splat).is_some() {
            return Entry::Pair(Pair::Splat(self.value(c)));
        }
        let key = self.value(c);
        let arrow = match c.peek() {
            Some(Rule::rocket) => true,
            Some(Rule::string_colon) => false,
            _ => return Entry::Lone(key),
        };
        c.next();
        let key = if arrow { key } else { self.string_key(key) };
        if let Some(nothing) = c.next_if(Rule::omitted) {
            let at = self.span(&nothing);
            self.error("syntax::missing-value", at, "this key has no value", "write a value after it");
            let span = key.span;
            return Entry::Pair(Pair::Entry { key, value: missing(at), span });
        }
        let value = self.value(c);
        self.refuse_void(&value);
        let span = key.span.to(value.span);
        Entry::Pair(Pair::Entry { key, value, span })
    }

    /// `"a b": 1`: the string is a symbol.
    fn string_key(&mut self, key: Expr) -> Expr {
        let kind = match key.kind {
            ExprKind::Str(text) => ExprKind::Symbol(Name::new(&String::from_utf8_lossy(&text))),
            ExprKind::Interpolated(pieces) => ExprKind::DynSymbol(pieces),
            kind => {
                let text = self.source.slice(key.span);
                let plain = text.trim_start_matches(':');
                let help = if plain.chars().all(|c| c.is_alphanumeric() || c == '_') && text.starts_with(':') {
                    format!("write `{plain}: …` or `{text} => …`")
                } else {
                    format!("write `{text} => …`")
                };
                let message = format!("`{text}:` is not a key: `:` may follow only a name or a quoted text");
                self.error("syntax::double-colon-key", key.span, message, &help);
                kind
            }
        };
        expr(kind, key.span)
    }

    fn labelled(&mut self, label: &Node<'_>, c: &mut Cursor<'_>) -> Pair {
        let span = self.span(label);
        let text = label.as_str().trim_end_matches(':');
        let name = Name::new(text);
        let name_span = Span::new(span.lo, span.hi - 1);
        let key = expr(ExprKind::Symbol(name), name_span);
        let end = c.end;
        let value = if c.next_if(Rule::omitted).is_some() {
            c.end = end;
            self.shorthand(name, name_span, c)
        } else {
            self.value(c)
        };
        self.refuse_void(&value);
        let span = span.to(value.span);
        Pair::Entry { key, value, span }
    }

    /// `{ a: }` has the value that `a` names.
    fn shorthand(&mut self, name: Name, span: Span, c: &Cursor<'_>) -> Expr {
        let rest = c.input.get(c.end..).unwrap_or_default();
        let next = rest.trim_start().chars().next();
        let wordlike = !name.as_str().ends_with(['?', '!']);
        if !wordlike || !matches!(next, None | Some(',' | '}' | ')' | ']' | ';')) && !rest.starts_with(['\n', '\r']) {
            let at = Span::at(span.hi + 1);
            let message = format!("`{name}:` has no value");
            self.error("syntax::missing-value", at, message, "write a value after the colon");
            return missing(span);
        }
        if name.as_str().starts_with(|first: char| first.is_ascii_uppercase()) {
            let scope = super::super::ast::ConstScope::Bare;
            return expr(ExprKind::Const { scope, name }, span);
        }
        if self.scopes.knows(name) {
            return expr(ExprKind::Local(name), span);
        }
        let (args, block) = (Vec::new(), None);
        let call = Call { receiver: None, safe: false, name, name_span: span, args, parens: false, block };
        expr(ExprKind::Call(Box::new(call)), span)
    }

    // ---- commas

    fn comma(&mut self, c: &Cursor<'_>, first: bool, what: &str) {
        let gap = c.gap();
        if matches!(gap, ", " | "," | "") {
            if first && gap.starts_with(',') {
                self.extra_comma(self.at(c.end));
            }
            if first || !gap.is_empty() {
                return;
            }
        }
        let commas = Commas::of(gap);
        match (commas.first, first) {
            (Some(at), true) => self.extra_comma(self.at(c.end + at)),
            (None, false) => self.missing_comma(self.at(c.end), what),
            (Some(at), false) if commas.late => {
                let at = self.at(c.end + at);
                let message = "a `,` cannot begin a line";
                self.error(
                    "syntax::misplaced-comma",
                    Span::new(at, at + 1),
                    message,
                    "put it at the end of the line above",
                );
            }
            _ => {}
        }
        if let Some(second) = commas.second {
            self.extra_comma(self.at(c.end + second));
        }
    }

    fn comma_at_end(&mut self, c: &Cursor<'_>, empty: bool) {
        let commas = Commas::of(c.gap());
        let stray = if empty { commas.first } else { commas.second };
        if let Some(at) = stray {
            self.extra_comma(self.at(c.end + at));
        }
    }

    fn extra_comma(&mut self, at: u32) {
        let span = Span::new(at, at + 1);
        self.error("syntax::extra-comma", span, "nothing stands between this `,` and what is before it", "remove it");
    }

    fn missing_comma(&mut self, at: u32, what: &str) {
        let span = Span::at(at);
        let fix = Fix { title: "add the comma".into(), edits: vec![Edit { span, text: ",".into() }] };
        let mut diagnostic = Diagnostic::error("syntax::missing-comma", format!("missing `,` after this {what}"))
            .within(self.source)
            .label(span, "a `,` belongs here")
            .help("separate it from what follows with `,`");
        diagnostic.fix = Some(fix);
        self.diagnostics.push(diagnostic);
    }
}

/// The only plain value among `items`, if that is all there is.
pub fn sole_value(items: &mut Vec<Arg>) -> Option<Expr> {
    let sole = match items.as_slice() {
        [Arg::Value(_) | Arg::Keywords(..)] => items.pop()?,
        _ => return None,
    };
    match sole {
        Arg::Value(value) => Some(value),
        Arg::Keywords(pairs, span) => Some(expr(ExprKind::Hash(pairs), span)),
        Arg::Splat(_) => None,
    }
}

enum Entry {
    Pair(Pair),
    Lone(Expr),
}

/// Where the commas in a stretch of blanks and comments stand.
#[derive(Default)]
struct Commas {
    first: Option<usize>,
    second: Option<usize>,
    /// The first one comes after a line break.
    late: bool,
}

impl Commas {
    fn of(gap: &str) -> Self {
        let mut commas = Self::default();
        let (mut comment, mut lines) = (false, 0);
        for (at, byte) in gap.bytes().enumerate() {
            match byte {
                b'\n' => {
                    comment = false;
                    lines += 1;
                }
                b'#' => comment = true,
                b',' if comment => {}
                b',' if commas.first.is_none() => {
                    commas.first = Some(at);
                    commas.late = lines > 0;
                }
                b',' if commas.second.is_none() => commas.second = Some(at),
                _ => {}
            }
        }
        commas
    }
}
