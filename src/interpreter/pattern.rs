//! `case … in`, `value in pattern`, `value => pattern`.

use super::Interpreter;
use crate::methods::Host;
use crate::program::{CaseInNode, HashRest, Node, PatternNode, PatternOp, Place};
use crate::text::{Name, Span};
use crate::value::{ClassId, Exception, Hash, Result, Unwind, Value, inspect};
use std::rc::Rc;

impl Interpreter {
    pub(super) fn eval_case_in(&mut self, parts: &CaseInNode, span: Span) -> Result<Value> {
        let subject = self.eval(&parts.subject)?;
        let subject = self.force(&subject)?;
        for arm in &parts.arms {
            if !self.matches(&arm.pattern, &subject)? {
                continue;
            }
            let passes = match &arm.guard {
                Some(guard) => self.eval(guard)?.truthy(),
                None => true,
            };
            if passes {
                return self.eval(&arm.body);
            }
        }
        match &parts.otherwise {
            Some(otherwise) => self.eval(otherwise),
            None => Err(self.locate(no_match(&subject), span)),
        }
    }

    pub(super) fn eval_match(
        &mut self,
        subject: &Node,
        pattern: &PatternNode,
        raises: bool,
        span: Span,
    ) -> Result<Value> {
        let subject = self.eval(subject)?;
        let subject = self.force(&subject)?;
        let found = self.matches(pattern, &subject)?;
        match (raises, found) {
            (false, found) => Ok(Value::bool(found)),
            (true, true) => Ok(Value::Nil),
            (true, false) => Err(self.locate(no_match(&subject), span)),
        }
    }

    fn matches(&mut self, pattern: &PatternNode, value: &Value) -> Result<bool> {
        match &pattern.op {
            PatternOp::Value(node) => {
                let expected = self.eval(node)?;
                self.case_equal(&expected, value)
            }
            PatternOp::Bind(place) => {
                self.set(*place, value.clone());
                Ok(true)
            }
            PatternOp::As(inner, place) => {
                let found = self.matches(inner, value)?;
                if found {
                    self.set(*place, value.clone());
                }
                Ok(found)
            }
            PatternOp::Alternatives(patterns) => {
                for pattern in patterns {
                    if self.matches(pattern, value)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            PatternOp::Array { class, before, rest, after } => {
                if !self.is_class(class.as_ref(), value)? {
                    return Ok(false);
                }
                self.matches_array(before, *rest, after, value)
            }
            PatternOp::Find { class, before, middle, after } => {
                if !self.is_class(class.as_ref(), value)? {
                    return Ok(false);
                }
                self.finds(*before, middle, *after, value)
            }
            PatternOp::Hash { class, entries, rest } => {
                if !self.is_class(class.as_ref(), value)? {
                    return Ok(false);
                }
                self.matches_hash(entries, *rest, value)
            }
        }
    }

    fn is_class(&mut self, class: Option<&Node>, value: &Value) -> Result<bool> {
        match class {
            Some(class) => {
                let class = self.eval(class)?;
                self.case_equal(&class, value)
            }
            None => Ok(true),
        }
    }

    fn matches_array(
        &mut self,
        before: &[PatternNode],
        rest: Option<Option<Place>>,
        after: &[PatternNode],
        value: &Value,
    ) -> Result<bool> {
        let Value::Array(array) = value else { return Ok(false) };
        let items = array.to_vec();
        let fixed = before.len() + after.len();
        if items.len() < fixed || (rest.is_none() && items.len() != fixed) {
            return Ok(false);
        }
        let (head, tail) = items.split_at(before.len());
        let (middle, tail) = tail.split_at(tail.len() - after.len());
        if !self.match_each(before, head)? {
            return Ok(false);
        }
        if let Some(Some(place)) = rest {
            self.set(place, Value::array(middle.to_vec()));
        }
        self.match_each(after, tail)
    }

    fn match_each(&mut self, patterns: &[PatternNode], items: &[Value]) -> Result<bool> {
        for (pattern, item) in patterns.iter().zip(items) {
            if !self.matches(pattern, item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn finds(
        &mut self,
        before: Option<Place>,
        middle: &[PatternNode],
        after: Option<Place>,
        value: &Value,
    ) -> Result<bool> {
        let Value::Array(array) = value else { return Ok(false) };
        let items = array.to_vec();
        for at in 0..=items.len().saturating_sub(middle.len()) {
            let Some(window) = items.get(at..at + middle.len()) else { break };
            if self.match_each(middle, window)? {
                if let Some(place) = before {
                    self.set(place, Value::array(items[..at].to_vec()));
                }
                if let Some(place) = after {
                    self.set(place, Value::array(items[at + middle.len()..].to_vec()));
                }
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn matches_hash(&mut self, entries: &[(Name, PatternNode)], rest: HashRest, value: &Value) -> Result<bool> {
        let Value::Hash(hash) = value else { return Ok(false) };
        if entries.is_empty() && matches!(rest, HashRest::None) {
            return Ok(hash.is_empty());
        }
        let left = Hash::copy(hash);
        for (name, pattern) in entries {
            let key = Value::Symbol((*name).into());
            let Some(item) = hash.get(&key) else { return Ok(false) };
            left.remove(&key);
            if !self.matches(pattern, &item)? {
                return Ok(false);
            }
        }
        match rest {
            HashRest::None | HashRest::Rest(None) => Ok(true),
            HashRest::Rest(Some(place)) => {
                self.set(place, Value::hash(left));
                Ok(true)
            }
            HashRest::Exact => Ok(left.is_empty()),
        }
    }
}

#[cold]
fn no_match(subject: &Value) -> Box<Unwind> {
    let exception = Exception::new(ClassId::NO_MATCHING_PATTERN_ERROR, inspect(subject).to_text())
        .with_help("add an `else` branch, or a pattern for this value");
    Box::new(Unwind::Raise(Rc::new(exception)))
}
