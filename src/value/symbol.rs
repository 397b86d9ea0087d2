//! Symbols: names of the program, and names made at run time that die with the run.

use crate::text::Name;
use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

/// A symbol. A bit above all names tells the per-run table from the process-wide names of programs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(u64);

const RUN_TIME: u64 = 1 << 32;

#[derive(Default)]
struct RunTime {
    numbers: HashMap<Rc<str>, u64, foldhash::fast::FixedState>,
    texts: Vec<Rc<str>>,
}

thread_local! {
    static RUN_TIME_SYMBOLS: RefCell<RunTime> = RefCell::default();
}

impl Symbol {
    /// The symbol of `text`: a program's name if one is spelt so, else one that lives until `forget_run_time`.
    pub fn new(text: &str) -> Self {
        if let Some(name) = Name::find(text) {
            return Self(u64::from(name.index()));
        }
        RUN_TIME_SYMBOLS.with_borrow_mut(|table| {
            if let Some(number) = table.numbers.get(text) {
                return Self(*number);
            }
            let number = table.texts.len() as u64 | RUN_TIME;
            let text: Rc<str> = text.into();
            table.texts.push(Rc::clone(&text));
            table.numbers.insert(text, number);
            Self(number)
        })
    }

    /// Runs `read` on the symbol's text.
    pub fn with<T>(self, read: impl FnOnce(&str) -> T) -> T {
        if self.0 & RUN_TIME == 0 {
            return read(Name::from_index(self.0 as u32).as_str());
        }
        let text = RUN_TIME_SYMBOLS.with_borrow(|table| table.texts.get((self.0 & !RUN_TIME) as usize).cloned());
        read(text.as_deref().unwrap_or_default())
    }

    pub fn text(self) -> String {
        self.with(str::to_owned)
    }

    /// The interned name of the same text, if the program has one.
    pub fn name(self) -> Option<Name> {
        (self.0 & RUN_TIME == 0).then(|| Name::from_index(self.0 as u32))
    }

    pub const fn index(self) -> u64 {
        self.0
    }

    /// Drops the symbols made at run time on this thread; to be called when a run's values are gone.
    pub fn forget_run_time() {
        RUN_TIME_SYMBOLS.with_borrow_mut(|table| *table = RunTime::default());
    }
}

impl From<Name> for Symbol {
    fn from(name: Name) -> Self {
        Self(u64::from(name.index()))
    }
}
