//! Running lambdas and blocks: frames, `yield`, jumps that end here.

use super::{Frame, Interpreter, bind, procs};
use crate::methods::Args;
use crate::program::{Lambda, LambdaKind};
use crate::text::Span;
use crate::value::{FrameId, Proc, Result, Unwind, Value};
use std::rc::Rc;

impl Interpreter {
    /// Calls a proc with arguments: counted strictly for lambdas, spread for blocks.
    pub(super) fn invoke(&mut self, callee: &Rc<Proc>, args: Args) -> Result<Value> {
        let Some(code) = callee.code.as_any().downcast_ref::<Lambda>() else {
            return procs::call(self, callee, args);
        };
        let block = args.block.clone();
        if callee.is_lambda {
            let base = self.stack.len();
            return self.run_lambda(callee, code, base, block, |it| bind::bind(it, code, args, true));
        }
        self.run_block(callee, code, |interpreter| {
            let args = bind::spread(code, args);
            bind::bind(interpreter, code, args, false)
        })
    }

    /// `yield values`: the hot way into a block.
    pub(super) fn yield_to(&mut self, block: &Rc<Proc>, values: &[Value]) -> Result<Value> {
        let Some(code) = block.code.as_any().downcast_ref::<Lambda>() else {
            return procs::call(self, block, Args::of(values));
        };
        if block.is_lambda {
            let args = bind::yielded_to_lambda(code, values);
            let base = self.stack.len();
            return self.run_lambda(block, code, base, None, |it| bind::bind(it, code, args, true));
        }
        if code.params.simple {
            return self.run_block(block, code, |interpreter| {
                bind::bind_simple(interpreter, code, values);
                Ok(())
            });
        }
        self.run_block(block, code, |interpreter| {
            let args = bind::spread(code, Args::of(values));
            bind::bind(interpreter, code, args, false)
        })
    }

    /// Runs a lambda in a frame that begins at `base`, where its arguments may stand already; `bind` puts them there.
    #[inline]
    pub(super) fn run_lambda(
        &mut self,
        callee: &Rc<Proc>,
        code: &Lambda,
        base: usize,
        block: Option<Rc<Proc>>,
        bind: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<Value> {
        if let Err(unwind) = self.enter() {
            self.stack.truncate(base);
            return Err(unwind);
        }
        let called_at = self.span;
        self.next_id += 1;
        let id = FrameId(self.next_id);
        let outer = self.push_frame(callee, code, base, id, block);
        let outer_match = std::mem::take(&mut self.last_match);
        let result = bind(self).and_then(|()| self.run_body(code));
        self.last_match = outer_match;
        self.pop_frame(outer);
        self.depth -= 1;
        match result {
            Ok(value) => Ok(value),
            Err(unwind) => self.leave_lambda(unwind, callee, code, id, called_at),
        }
    }

    /// A jump or an error that comes out of a lambda's body.
    fn leave_lambda(
        &mut self,
        unwind: Box<Unwind>,
        callee: &Proc,
        code: &Lambda,
        id: FrameId,
        called_at: Span,
    ) -> Result<Value> {
        match *unwind {
            Unwind::Return { home, value } if home == id => Ok(value),
            Unwind::Next(value) => Ok(value),
            Unwind::Break { home, value } if home == callee.given_to => Ok(value),
            other => {
                // What the host calls has no place in the file.
                let called_at = if self.depth == 0 { Span::default() } else { called_at };
                Err(self.trace(Box::new(other), || label_of(code), called_at))
            }
        }
    }

    fn run_block(
        &mut self,
        block: &Rc<Proc>,
        code: &Lambda,
        bind: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<Value> {
        self.enter()?;
        let called_at = self.span;
        let given = self.frame.block.clone();
        let base = self.stack.len();
        let outer = self.push_frame(block, code, base, block.home, given);
        let outer_self = self.enter_self(block);
        let result = bind(self).and_then(|()| self.run_body(code));
        if let Some(outer_self) = outer_self {
            self.receiver = outer_self;
        }
        self.pop_frame(outer);
        self.depth -= 1;
        match result {
            Ok(value) => Ok(value),
            Err(unwind) => match *unwind {
                Unwind::Next(value) => Ok(value),
                other => {
                    let label = || label_of(code);
                    Err(self.trace(Box::new(other), label, called_at))
                }
            },
        }
    }

    /// A block runs with the `self` it was made with.
    fn enter_self(&mut self, block: &Rc<Proc>) -> Option<Value> {
        if block.receiver.is_nil() || crate::value::same(&block.receiver, &self.receiver) {
            return None;
        }
        Some(std::mem::replace(&mut self.receiver, block.receiver.clone()))
    }

    /// `redo` runs the body again.
    fn run_body(&mut self, code: &Lambda) -> Result<Value> {
        loop {
            match self.eval(&code.body) {
                Err(unwind) if matches!(*unwind, Unwind::Redo) => self.step()?,
                other => return other,
            }
        }
    }

    fn push_frame(
        &mut self,
        closure: &Rc<Proc>,
        code: &Lambda,
        base: usize,
        home: FrameId,
        block: Option<Rc<Proc>>,
    ) -> Frame {
        let cells = self.cells.len();
        self.stack.resize(base + usize::from(code.slots), Value::Nil);
        for _ in 0..code.cells {
            self.cells.push(crate::value::Cell::default());
        }
        let label = if code.kind == LambdaKind::Block { self.frame.label } else { Some(code.label) };
        let frame = Frame { base, cells, closure: Some(Rc::clone(closure)), home, block, label };
        std::mem::replace(&mut self.frame, frame)
    }

    fn pop_frame(&mut self, outer: Frame) {
        self.stack.truncate(self.frame.base);
        self.cells.truncate(self.frame.cells);
        self.frame = outer;
    }
}

/// What a trace calls a piece of code.
fn label_of(code: &Lambda) -> String {
    match code.kind {
        LambdaKind::Root => "the connector file".to_owned(),
        LambdaKind::Lambda => format!("lambda `{}`", code.label),
        LambdaKind::Block => format!("block of `{}`", code.label),
        LambdaKind::Def => format!("method `{}`", code.label),
    }
}
