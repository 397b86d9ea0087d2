//! One level of pest's pairs, read from left to right, comments left out.

use pest::iterators::{Pair, Pairs};

use super::super::grammar::Rule;

pub type Node<'i> = Pair<'i, Rule>;

/// The parts of one pair. `end` is where the part taken last ended, `close` where the whole ends.
pub struct Cursor<'i> {
    head: Option<Node<'i>>,
    rest: Pairs<'i, Rule>,
    pub input: &'i str,
    pub end: usize,
    pub close: usize,
}

impl<'i> Cursor<'i> {
    pub fn new(node: Node<'i>) -> Self {
        let input = node.get_input();
        let span = node.as_span();
        let mut cursor = Self { head: None, rest: node.into_inner(), input, end: span.start(), close: span.end() };
        cursor.advance();
        cursor
    }

    fn advance(&mut self) {
        self.head = self.rest.find(|node| node.as_rule() != Rule::comment);
    }

    pub fn peek(&self) -> Option<Rule> {
        self.head.as_ref().map(Node::as_rule)
    }

    pub fn head(&self) -> Option<&Node<'i>> {
        self.head.as_ref()
    }

    /// The rule after the next one.
    pub fn peek_second(&self) -> Option<Rule> {
        self.rest.clone().find(|node| node.as_rule() != Rule::comment).map(|node| node.as_rule())
    }

    pub fn next(&mut self) -> Option<Node<'i>> {
        let node = self.head.take()?;
        self.end = node.as_span().end();
        self.advance();
        Some(node)
    }

    /// Passes over all that is left.
    pub fn finish(&mut self) {
        self.head = None;
        self.end = self.close;
    }

    pub fn next_if(&mut self, rule: Rule) -> Option<Node<'i>> {
        if self.peek() == Some(rule) { self.next() } else { None }
    }

    /// Where the next part begins, or where everything ends.
    pub fn next_start(&self) -> usize {
        self.head.as_ref().map_or(self.close, |node| node.as_span().start())
    }

    /// The text between the part taken last and the next one: blanks, comments, separators.
    pub fn gap(&self) -> &'i str {
        self.input.get(self.end..self.next_start()).unwrap_or_default()
    }
}
