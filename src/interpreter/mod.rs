//! The tree-walker. One run lives on one thread; the clock, randomness and output come from a `World`.

mod assign;
mod begin;
mod bind;
mod call;
mod context;
mod control;
mod error;
mod eval;
mod host;
mod invoke;
mod limits;
mod literal;
mod names;
mod ops;
mod pattern;
mod probe;
mod procs;
mod quick;
mod world;

pub use context::Context;
pub use limits::Limits;
pub use world::World;

use crate::methods::{Args, Host, Platform, RunState};
use crate::program::{Capture, Lambda, Program};
use crate::text::{Name, Span};
use crate::value::{Cell, FrameId, Hash, Proc, Regexp, Result, Unwind, Value};
use hashbrown::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// A program being run.
pub struct Interpreter {
    program: Arc<Program>,
    world: Box<dyn World>,
    platform: Rc<dyn Platform>,
    limits: limits::Meter,
    /// Plain variables of all frames, innermost last.
    stack: Vec<Value>,
    /// Captured variables that frames made.
    cells: Vec<Cell>,
    /// Where the running code's variables begin on the stack.
    base: usize,
    /// Activations, innermost last.
    frames: Vec<Frame>,
    next_id: u64,
    depth: usize,
    /// `self`
    receiver: Value,
    last_match: Value,
    /// `$!`
    last_error: Value,
    /// Where the running built-in was called.
    span: Span,
    regexes: Vec<Option<Rc<Regexp>>>,
    /// The program's frozen strings; nil until first used.
    strings: Vec<Value>,
    /// Local `def`s.
    defined: HashMap<Name, Rc<Proc>, foldhash::fast::FixedState>,
    state: RunState,
}

/// An activation of a lambda or block.
struct Frame {
    /// Where its captured variables begin.
    cells: usize,
    /// Captured variables come from here.
    closure: Rc<Proc>,
    /// The lambda that `return` leaves: itself, or the one a block was made in.
    home: FrameId,
    /// The block that was given, for `yield`.
    block: Option<Rc<Proc>>,
    label: Option<Name>,
}

impl Interpreter {
    pub fn new(program: Arc<Program>, world: Box<dyn World>, limits: Limits) -> Self {
        Self {
            regexes: vec![None; program.regexes],
            strings: vec![Value::Nil; program.strings.len()],
            program,
            world,
            platform: Rc::new(context::NoPlatform),
            limits: limits::Meter::new(limits),
            stack: Vec::with_capacity(1024),
            cells: Vec::new(),
            base: 0,
            frames: Vec::with_capacity(64),
            next_id: 1,
            depth: 0,
            receiver: Context::value(crate::value::ClassId::CONTEXT),
            last_match: Value::Nil,
            last_error: Value::Nil,
            span: Span::default(),
            defined: HashMap::default(),
            state: RunState::default(),
        }
    }

    /// What bare calls such as `get` and `call` reach.
    pub fn set_platform(&mut self, platform: Rc<dyn Platform>) {
        self.platform = platform;
    }

    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    pub fn world(&mut self) -> &mut dyn World {
        &mut *self.world
    }

    /// Runs the file and gives its last value, the connector's hash.
    pub fn load(&mut self) -> Result<Value> {
        self.run(&[])
    }

    /// Runs the program's root with these arguments.
    pub fn run(&mut self, args: &[Value]) -> Result<Value> {
        let code: Arc<Lambda> = Arc::clone(&self.program.root);
        let root = Rc::new(Proc {
            code,
            captured: Box::default(),
            bound: Box::default(),
            receiver: Value::Nil,
            is_lambda: true,
            home: FrameId::default(),
            given_to: FrameId::default(),
        });
        self.call_proc(&root, Args::of(args)).map_err(|unwind| self.finish(unwind))
    }

    /// Goes on with a program that continues the running one, a line of a console, and gives its code as a lambda.
    /// `variables` are what lines share; new ones are added. The line has all the time and steps again.
    pub fn continue_with(&mut self, program: Arc<Program>, variables: &mut Vec<Cell>) -> Rc<Proc> {
        self.regexes.resize(program.regexes, None);
        self.strings.resize(program.strings.len(), Value::Nil);
        self.limits.restart(self.world.elapsed());
        let code: Arc<Lambda> = Arc::clone(&program.root);
        self.program = program;
        let captured = code.captures.iter().map(|capture| {
            let (Capture::Cell(number) | Capture::Captured(number)) = *capture;
            while variables.len() <= usize::from(number) {
                variables.push(Cell::default());
            }
            Rc::clone(&variables[usize::from(number)])
        });
        Rc::new(Proc {
            captured: captured.collect(),
            code: Arc::clone(&code) as _,
            bound: Box::default(),
            receiver: Value::Nil,
            is_lambda: true,
            home: FrameId::default(),
            given_to: FrameId::default(),
        })
    }

    /// Counts steps and time from now: what comes next is a run of its own.
    pub fn restart(&mut self) {
        self.limits.restart(self.world.elapsed());
    }

    /// A host's call of a lambda: arguments beyond the declared parameters are dropped (a splat takes all), `self` is
    /// `receiver`. A stray jump becomes the LocalJumpError that Ruby raises.
    pub fn call_lambda(
        &mut self,
        lambda: &Rc<Proc>,
        receiver: Value,
        args: &[Value],
        keywords: Option<Rc<Hash>>,
    ) -> Result<Value> {
        let declared = invoke::lambda_of(lambda).map_or(usize::MAX, Lambda::declared);
        let mut given = Args::of(args.get(..declared.min(args.len())).unwrap_or(args));
        if let Some(keywords) = keywords {
            given.values.push(Value::Hash(keywords));
            given.keywords = true;
        }
        self.call_with_receiver(lambda, receiver, given).map_err(|unwind| self.finish(unwind))
    }

    /// The running activation.
    #[inline]
    fn frame(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// What is left of an unwinding when it reaches the host.
    pub fn finish(&mut self, unwind: Box<Unwind>) -> Box<Unwind> {
        match *unwind {
            Unwind::Return { .. } => error::local_jump("unexpected return"),
            Unwind::Break { .. } => error::local_jump("break from proc-closure"),
            Unwind::Throw { tag, value } => error::uncaught_throw(&tag, value),
            Unwind::Retry | Unwind::Redo => error::local_jump("unexpected jump"),
            Unwind::Next(_) => error::local_jump("unexpected next"),
            other => Box::new(other),
        }
    }
}
