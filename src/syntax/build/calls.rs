//! Calls: bare words, receivers with dots, indexes, blocks, and the words that leave (`return`, `next`, …).

use super::super::ast::{Block, BlockArg, Call, ConstScope, Expr, ExprKind, Index};
use super::super::grammar::Rule;
use super::{
    Builder, Cursor, Node,
    args::{Arguments, sole_value},
    expr, scope,
};
use crate::text::{Name, Span};

impl Builder<'_> {
    /// A bare word: local variable, constant or call.
    pub fn word(&mut self, node: &Node<'_>, c: &mut Cursor<'_>) -> Expr {
        let (text, span) = (node.as_str(), self.span(node));
        let name = Name::new(text);
        let called =
            matches!(c.peek(), Some(Rule::parens | Rule::command_arguments | Rule::brace_block | Rule::do_block));
        if !called {
            if text.starts_with(|first: char| first.is_ascii_uppercase()) {
                return expr(ExprKind::Const { scope: ConstScope::Bare, name }, span);
            }
            if self.scopes.knows(name) || self.numbered_param(text, span) {
                return expr(ExprKind::Local(name), span);
            }
            if text == "__method__" {
                return expr(ExprKind::MethodName, span);
            }
        } else if c.peek() == Some(Rule::command_arguments) {
            if self.scopes.knows(name) {
                self.note_ambiguity(c);
            }
            self.refuse_misspelled(text, span);
        }
        self.call(None, false, name, span, c)
    }

    /// `elseif x` reads as a call, but nobody means it as one.
    fn refuse_misspelled(&mut self, word: &str, span: Span) {
        let meant = match word {
            "elseif" | "elif" => "elsif",
            "foreach" => "list.each do |item|",
            "switch" => "case",
            "var" | "let" | "const" => "name = value",
            _ => return,
        };
        self.error("syntax::bad-keyword", span, format!("`{word}` is not a keyword"), &format!("write `{meant}`"));
    }

    /// `x -1` with a local `x` is a subtraction, but the grammar cannot know: it reads an argument.
    fn note_ambiguity(&mut self, c: &Cursor<'_>) {
        let start = c.next_start();
        let first = c.input.as_bytes().get(start);
        if first.is_some_and(|byte| b"-+[*&:/%<?".contains(byte)) && start > 0 {
            self.ambiguous.push(self.base as usize + start - 1);
        }
    }

    fn numbered_param(&mut self, text: &str, span: Span) -> bool {
        let [b'_', digit @ b'1'..=b'9'] = text.as_bytes() else { return false };
        let used = self.scopes.use_numbered(digit - b'0');
        if used == scope::Numbered::Declared {
            let message = format!("`{text}` cannot be used: this block names its parameters");
            self.error("syntax::numbered-parameter", span, message, "use the names between the bars");
        }
        used == scope::Numbered::Parameter
    }

    /// Leaves a block's scope; the highest numbered parameter it used.
    pub fn leave_block(&mut self, span: Span) -> u8 {
        let numbered = self.scopes.leave();
        if numbered > 0 && self.scopes.uses_numbered() {
            let message = "a block with numbered parameters cannot stand inside another one";
            self.error("syntax::numbered-parameter", span, message, "name the parameters of one of them");
        }
        numbered
    }

    /// The call of `name`, whose arguments and block stand next in the cursor.
    fn call(&mut self, receiver: Option<Expr>, safe: bool, name: Name, name_span: Span, c: &mut Cursor<'_>) -> Expr {
        let start = receiver.as_ref().map_or(name_span, |receiver| receiver.span);
        let mut arguments = Arguments::default();
        let mut parens = false;
        if let Some(node) = c.next_if(Rule::parens) {
            parens = true;
            arguments = self.arguments(node, ')');
        } else if let Some(node) = c.next_if(Rule::command_arguments) {
            arguments = self.arguments(node, '\0');
        }
        let mut block = arguments.block;
        if !parens && !arguments.items.is_empty() {
            self.refuse_braces(name, c);
        }
        while matches!(c.peek(), Some(Rule::brace_block | Rule::do_block))
            && let Some(node) = c.next()
        {
            let span = self.span(&node);
            let literal = self.block(node);
            if block.is_some() {
                self.error("syntax::two-blocks", span, format!("`{name}` is given two blocks"), "keep one of them");
            }
            block = Some(BlockArg::Literal(Box::new(literal)));
        }
        let span = start.to(name_span).to(Span::at(self.at(c.end)));
        let call = Call { receiver, safe, name, name_span, args: arguments.items, parens, block };
        expr(ExprKind::Call(Box::new(call)), span)
    }

    /// `foo 1 { … }`: braces belong to the last argument, which takes none.
    fn refuse_braces(&mut self, name: Name, c: &Cursor<'_>) {
        if let Some(node) = c.head().filter(|node| node.as_rule() == Rule::brace_block) {
            let span = self.span(node);
            let message = format!("the arguments of `{name}` need parentheses before a block in braces");
            self.error(
                "syntax::needs-parentheses",
                span,
                message,
                &format!("write `{name}(…) {{ … }}`, or `do … end`"),
            );
        }
    }

    /// Everything chained to `operand`: `.name`, `&.name`, `::Name`, `[…]`.
    pub fn chained(&mut self, mut operand: Expr, c: &mut Cursor<'_>) -> Expr {
        let mut links = 0;
        while let Some(rule) = c.peek() {
            operand = match rule {
                Rule::index => self.index(operand, c),
                Rule::safe | Rule::method | Rule::call_mark => {
                    let safe = c.next_if(Rule::safe).is_some();
                    self.link(operand, safe, c)
                }
                Rule::scope_mark => {
                    c.next();
                    self.scoped(operand, c)
                }
                _ => break,
            };
            links += 1;
            if links > super::DEPTH_LIMIT {
                let at = operand.span;
                return self.long_chain(operand, at, c);
            }
        }
        operand
    }

    /// A chain nests its receivers, so its length is limited as nesting is.
    fn long_chain(&mut self, operand: Expr, span: Span, c: &mut Cursor<'_>) -> Expr {
        self.error(
            "syntax::too-deep",
            Span::at(span.hi),
            format!("this chain has more than {} links", super::DEPTH_LIMIT),
            "put a part of it into a variable",
        );
        while matches!(
            c.peek(),
            Some(
                Rule::index
                    | Rule::safe
                    | Rule::method
                    | Rule::call_mark
                    | Rule::scope_mark
                    | Rule::parens
                    | Rule::command_arguments
                    | Rule::brace_block
                    | Rule::do_block
            )
        ) {
            c.next();
        }
        operand
    }

    fn link(&mut self, receiver: Expr, safe: bool, c: &mut Cursor<'_>) -> Expr {
        self.refuse_command_receiver(&receiver);
        self.refuse_void(&receiver);
        match c.next() {
            Some(node) if node.as_rule() == Rule::method => {
                let span = self.span(&node);
                self.call(Some(receiver), safe, Name::new(node.as_str()), span, c)
            }
            // `f.(a)` is `f.call(a)`.
            Some(node) => {
                let span = self.span(&node);
                self.call(Some(receiver), safe, Name::new("call"), span, c)
            }
            None => receiver,
        }
    }

    /// `foo 1 do … end.bar` goes on after a command with a block; without one the dot is the argument's.
    fn refuse_command_receiver(&mut self, receiver: &Expr) {
        if !matches!(&receiver.kind, ExprKind::Call(call) if call.block.is_some()) {
            self.refuse_command(receiver);
        }
    }

    fn scoped(&mut self, operand: Expr, c: &mut Cursor<'_>) -> Expr {
        let constant = c.head().is_some_and(|node| {
            node.as_rule() == Rule::method && node.as_str().starts_with(|first: char| first.is_ascii_uppercase())
        });
        let called = matches!(
            c.peek_second(),
            Some(Rule::parens | Rule::command_arguments | Rule::brace_block | Rule::do_block)
        );
        if !constant || called {
            return self.link(operand, false, c);
        }
        let Some(node) = c.next() else { return operand };
        let span = operand.span.to(self.span(&node));
        let scope = ConstScope::In(Box::new(operand));
        expr(ExprKind::Const { scope, name: Name::new(node.as_str()) }, span)
    }

    fn index(&mut self, receiver: Expr, c: &mut Cursor<'_>) -> Expr {
        self.refuse_void(&receiver);
        let Some(node) = c.next() else { return receiver };
        let span = receiver.span.to(self.span(&node));
        let arguments = self.arguments(node, ']');
        if arguments.block.is_some() {
            self.error("syntax::unexpected", span, "an index takes no block", "");
        }
        let index = Index { receiver, safe: false, args: arguments.items };
        expr(ExprKind::Index(Box::new(index)), span)
    }

    /// `{ … }` or `do … end`.
    fn block(&mut self, node: Node<'_>) -> Block {
        let span = self.span(&node);
        let is_do = node.as_rule() == Rule::do_block;
        let mut inner = Cursor::new(node);
        let outer = std::mem::replace(&mut self.in_rescue, false);
        self.scopes.enter_block();
        let mut params = match inner.next_if(Rule::block_params) {
            Some(node) => self.params(node),
            None => super::super::ast::Params { span: Span::at(span.lo), ..Default::default() },
        };
        let body = self.guarded_body(&mut inner);
        params.numbered = self.leave_block(span);
        self.in_rescue = outer;
        Block { params, body, span, is_do }
    }

    /// `return`, `next`, `break`, `redo`, `retry`.
    pub fn jump(&mut self, node: &Node<'_>, c: &mut Cursor<'_>) -> Expr {
        let start = self.span(node);
        let mut value = None;
        if let Some(Rule::jump_arguments | Rule::command_arguments) = c.peek()
            && let Some(node) = c.next()
        {
            value = Some(Box::new(self.jump_value(node)));
        }
        let span = value.as_ref().map_or(start, |value| start.to(value.span));
        let kind = match node.as_str() {
            "return" => ExprKind::Return(value),
            "next" => ExprKind::Next(value),
            "break" => ExprKind::Break(value),
            word => {
                if value.is_some() {
                    self.error("syntax::unexpected", span, format!("`{word}` takes no value"), "");
                }
                if word == "retry" && !self.in_rescue {
                    self.error("syntax::misplaced-retry", span, "`retry` may stand only in a `rescue`", "");
                }
                if word == "redo" { ExprKind::Redo } else { ExprKind::Retry }
            }
        };
        expr(kind, span)
    }

    fn jump_value(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut arguments = self.arguments(node, '\0');
        if arguments.block.is_some() {
            self.error("syntax::unexpected", span, "a block cannot be returned", "");
        }
        sole_value(&mut arguments.items).unwrap_or_else(|| expr(ExprKind::Array(arguments.items), span))
    }

    pub fn yield_expr(&mut self, node: &Node<'_>, c: &mut Cursor<'_>) -> Expr {
        let start = self.span(node);
        let arguments = match c.peek() {
            Some(Rule::parens) => c.next().map(|node| self.arguments(node, ')')),
            Some(Rule::command_arguments) => c.next().map(|node| self.arguments(node, '\0')),
            _ => None,
        };
        let span = start.to(Span::at(self.at(c.end)));
        expr(ExprKind::Yield(arguments.unwrap_or_default().items), span)
    }
}
