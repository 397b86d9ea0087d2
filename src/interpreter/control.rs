//! Loops, `case`, `defined?`.

use super::Interpreter;
use super::names::names;
use crate::methods::Args;
use crate::program::{ArgNode, Node, Op};
use crate::value::{FrameId, Result, Unwind, Value, case_equal_plain};

use crate::program::{CaseNode, While};

impl Interpreter {
    #[inline(never)]
    pub(super) fn eval_while(&mut self, parts: &While) -> Result<Value> {
        let mut first = parts.do_while;
        loop {
            self.step().map_err(|unwind| self.locate(unwind, parts.cond.span))?;
            if !first && self.holds(&parts.cond)? == parts.until {
                return Ok(Value::Nil);
            }
            first = false;
            if let Err(unwind) = self.perform(&parts.body) {
                match *unwind {
                    Unwind::Next(_) => {}
                    Unwind::Break { home, value } if home == FrameId::default() => return Ok(value),
                    other => return Err(Box::new(other)),
                }
            }
        }
    }

    pub(super) fn eval_case(&mut self, parts: &CaseNode) -> Result<Value> {
        let subject = match &parts.subject {
            Some(subject) => {
                let subject = self.eval(subject)?;
                Some(crate::methods::Host::force(self, &subject)?)
            }
            None => None,
        };
        for when in &parts.whens {
            if self.any_test(&when.tests, subject.as_ref())? {
                return self.eval(&when.body);
            }
        }
        self.eval(&parts.otherwise)
    }

    fn any_test(&mut self, tests: &[ArgNode], subject: Option<&Value>) -> Result<bool> {
        for test in tests {
            let values = match test {
                ArgNode::Value(node) => {
                    let value = self.eval(node)?;
                    if self.passes(&value, subject, node)? {
                        return Ok(true);
                    }
                    continue;
                }
                ArgNode::Splat(node) => {
                    let value = self.eval(node)?;
                    self.splat(&value)?
                }
                ArgNode::Keywords(_) => continue,
            };
            for value in &values {
                if self.case_equal_to(value, subject)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn passes(&mut self, value: &Value, subject: Option<&Value>, node: &Node) -> Result<bool> {
        self.case_equal_to(value, subject).map_err(|unwind| self.locate(unwind, node.span))
    }

    fn case_equal_to(&mut self, pattern: &Value, subject: Option<&Value>) -> Result<bool> {
        match subject {
            Some(subject) => self.case_equal(pattern, subject),
            None => Ok(pattern.truthy()),
        }
    }

    /// `pattern === value`.
    pub(super) fn case_equal(&mut self, pattern: &Value, value: &Value) -> Result<bool> {
        match pattern {
            Value::Nil | Value::True | Value::False | Value::Int(_) | Value::Symbol(_) | Value::Str(_) => {
                Ok(case_equal_plain(pattern, value))
            }
            _ => {
                let known = names().case_equal;
                let answer = self.dispatch(pattern, known.column, known.name, Args::one(value.clone()))?;
                Ok(answer.truthy())
            }
        }
    }

    /// `defined?` of a call, constant, global or instance variable: nil where it would fail.
    pub(super) fn eval_defined(&mut self, operand: &Node) -> Result<Value> {
        let text = match &operand.op {
            Op::Class(_) => Some("constant"),
            Op::Const(path) => crate::methods::constant(path).map(|_| "constant"),
            Op::InstanceVar(name) => {
                let value = crate::methods::Host::instance_variable(self, name.as_str());
                (!value.is_nil()).then_some("instance-variable")
            }
            Op::Global(name) => {
                let known = matches!(name.as_str(), "$~" | "$!" | "$stdout" | "$stderr" | "$PROGRAM_NAME" | "$0");
                let matched = crate::methods::Host::last_match(self);
                (known || !matched.is_nil()).then_some("global-variable")
            }
            Op::Yield(_) => self.frame().is_some_and(|frame| frame.block.is_some()).then_some("yield"),
            Op::Call(call) => match &call.receiver {
                None => {
                    let receiver = self.receiver.clone();
                    self.knows(&receiver, call.name).then_some("method")
                }
                Some(receiver) => match self.eval(receiver) {
                    Ok(receiver) => self.knows(&receiver, call.name).then_some("method"),
                    Err(unwind) if matches!(*unwind, Unwind::Raise(_)) => None,
                    Err(unwind) => return Err(unwind),
                },
            },
            _ => Some("method"),
        };
        Ok(text.into())
    }
}
