//! Running lambdas and blocks: frames, `yield`, jumps that end here.

use super::{Frame, Interpreter, bind, procs};
use crate::methods::Args;
use crate::program::{Lambda, LambdaKind};
use crate::text::Span;
use crate::value::{FrameId, Proc, Result, Unwind, Value};
use std::any::Any;
use std::rc::Rc;

impl Interpreter {
    /// Calls a proc with arguments: counted strictly for lambdas, spread for blocks.
    pub(super) fn invoke(&mut self, callee: &Rc<Proc>, args: Args) -> Result<Value> {
        let Some(code) = lambda_of(callee) else {
            return procs::call(self, callee, args);
        };
        let base = self.stack.len();
        if callee.is_lambda {
            let block = args.block.clone();
            return self.run_lambda(callee, code, base, block, |it| bind::bind(it, code, args, true));
        }
        self.enter()?;
        self.run_block(callee, code, base, |it| bind::bind(it, code, bind::spread(code, args), false))
    }

    /// `yield values`: the hot way into a block, whose plain parameters are copied to where its variables will be.
    pub(super) fn yield_to(&mut self, block: &Rc<Proc>, values: &[Value]) -> Result<Value> {
        match lambda_of(block) {
            Some(code) if code.params.simple && !block.is_lambda => {
                self.enter()?;
                let base = self.stack.len();
                bind::push_plain(&mut self.stack, &code.params, values);
                self.run_block(block, code, base, |_| Ok(()))
            }
            code => self.yield_rarely(block, code, values),
        }
    }

    #[inline(never)]
    fn yield_rarely(&mut self, block: &Rc<Proc>, code: Option<&Lambda>, values: &[Value]) -> Result<Value> {
        let args = match code {
            Some(code) if block.is_lambda => bind::yielded_to_lambda(code, values),
            _ => Args::of(values),
        };
        self.invoke(block, args)
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
        let home = FrameId(self.next_id);
        let cells = self.cells.len();
        self.push_frame(Frame { cells, closure: Rc::clone(callee), home, block, label: Some(code.label) }, code);
        let outer_base = self.push_slots(base, code);
        let outer_match = std::mem::take(&mut self.last_match);
        let (value, failure) = parted(bind(self).and_then(|()| self.run_body(code)));
        self.last_match = outer_match;
        self.pop_frame();
        self.pop_slots(outer_base);
        match failure {
            None => Ok(value),
            Some(unwind) => self.leave_lambda(unwind, callee, code, home, called_at),
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

    /// The same for a block that has been entered.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn run_block(
        &mut self,
        block: &Rc<Proc>,
        code: &Lambda,
        base: usize,
        bind: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<Value> {
        let called_at = self.span;
        if !code.leaf {
            let (given, label) = match self.frame() {
                Some(frame) => (frame.block.clone(), frame.label),
                None => (None, None),
            };
            let cells = self.cells.len();
            self.push_frame(Frame { cells, closure: Rc::clone(block), home: block.home, block: given, label }, code);
        }
        let outer_base = self.push_slots(base, code);
        let outer_self = self.enter_self(block);
        let (value, failure) = parted(bind(self).and_then(|()| self.run_body(code)));
        if let Some(outer_self) = outer_self {
            self.receiver = outer_self;
        }
        if !code.leaf {
            self.pop_frame();
        }
        self.pop_slots(outer_base);
        match failure {
            None => Ok(value),
            Some(unwind) => self.leave_block(unwind, code, called_at),
        }
    }

    /// A jump or an error that comes out of a block's body.
    fn leave_block(&mut self, unwind: Box<Unwind>, code: &Lambda, called_at: Span) -> Result<Value> {
        match *unwind {
            Unwind::Next(value) => Ok(value),
            other => Err(self.trace(Box::new(other), || label_of(code), called_at)),
        }
    }

    /// A block runs with the `self` it was made with.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn enter_self(&mut self, block: &Rc<Proc>) -> Option<Value> {
        match (&block.receiver, &self.receiver) {
            (Value::Nil, _) => None,
            (Value::Object(own), Value::Object(running)) if Rc::ptr_eq(own, running) => None,
            (own, _) => Some(std::mem::replace(&mut self.receiver, own.clone())),
        }
    }

    /// `redo` runs the body again.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn run_body(&mut self, code: &Lambda) -> Result<Value> {
        loop {
            match self.eval(&code.body) {
                Err(unwind) if matches!(*unwind, Unwind::Redo) => self.step()?,
                other => return other,
            }
        }
    }

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn push_frame(&mut self, frame: Frame, code: &Lambda) {
        for _ in 0..code.cells {
            self.cells.push(crate::value::Cell::default());
        }
        self.frames.push(frame);
    }

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn pop_frame(&mut self) {
        if let Some(frame) = self.frames.pop()
            && frame.cells < self.cells.len()
        {
            self.cells.truncate(frame.cells);
        }
    }

    /// Makes the variables of the running code those from `base` on, and says where they were before.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn push_slots(&mut self, base: usize, code: &Lambda) -> usize {
        while self.stack.len() < base + usize::from(code.slots) {
            self.stack.push(Value::Nil);
        }
        std::mem::replace(&mut self.base, base)
    }

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn pop_slots(&mut self, outer_base: usize) {
        self.stack.truncate(self.base);
        self.base = outer_base;
        self.depth -= 1;
    }
}

/// The two sides of a result: held apart they stay in registers while a frame is taken down.
#[allow(clippy::inline_always)]
#[inline(always)]
fn parted(result: Result<Value>) -> (Value, Option<Box<Unwind>>) {
    match result {
        Ok(value) => (value, None),
        Err(unwind) => (Value::Nil, Some(unwind)),
    }
}

/// The code of a proc that the program wrote.
#[inline]
pub(super) fn lambda_of(callee: &Proc) -> Option<&Lambda> {
    let code: &dyn Any = &*callee.code;
    code.downcast_ref()
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
