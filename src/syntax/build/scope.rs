//! Which bare words are local variables: those assigned earlier in the text, as Ruby's own parser knows them.

use hashbrown::HashMap;

use crate::text::Name;

type Names = HashMap<Name, u32, foldhash::fast::FixedState>;

/// The scopes around the place being built. A block sees what surrounds it, a `def` does not.
#[derive(Default)]
pub struct Scopes {
    visible: Names,
    frames: Vec<Frame>,
}

#[derive(Default)]
struct Frame {
    declared: Vec<Name>,
    /// What was visible outside of a `def`.
    hidden: Option<Names>,
    /// Parameters were declared, so `_1` is an ordinary name.
    has_params: bool,
    /// The highest of `_1`…`_9` that was used.
    numbered: u8,
    is_block: bool,
}

impl Scopes {
    pub fn knows(&self, name: Name) -> bool {
        self.visible.contains_key(&name)
    }

    pub fn declares(&self) -> bool {
        !self.visible.is_empty()
    }

    pub fn declare(&mut self, name: Name) {
        *self.visible.entry(name).or_insert(0) += 1;
        if let Some(frame) = self.frames.last_mut() {
            frame.declared.push(name);
        }
    }

    pub fn enter_block(&mut self) {
        self.frames.push(Frame { is_block: true, ..Frame::default() });
    }

    pub fn enter_def(&mut self) {
        let hidden = Some(std::mem::take(&mut self.visible));
        self.frames.push(Frame { hidden, ..Frame::default() });
    }

    pub fn has_params(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.has_params = true;
        }
    }

    /// Leaves the innermost scope and tells the highest numbered parameter that it used.
    pub fn leave(&mut self) -> u8 {
        let Some(frame) = self.frames.pop() else { return 0 };
        if let Some(hidden) = frame.hidden {
            self.visible = hidden;
            return 0;
        }
        for name in frame.declared {
            if let Some(count) = self.visible.get_mut(&name) {
                *count -= 1;
                if *count == 0 {
                    self.visible.remove(&name);
                }
            }
        }
        frame.numbered
    }

    /// What `_n` is here; marks the block as using it.
    pub fn use_numbered(&mut self, number: u8) -> Numbered {
        match self.frames.last_mut() {
            Some(frame) if frame.is_block && frame.has_params => Numbered::Declared,
            Some(frame) if frame.is_block => {
                frame.numbered = frame.numbered.max(number);
                Numbered::Parameter
            }
            _ => Numbered::Name,
        }
    }

    /// The innermost block uses numbered parameters.
    pub fn uses_numbered(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.numbered > 0)
    }
}

/// What a name like `_1` may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    Parameter,
    /// Not allowed: the block declares its parameters.
    Declared,
    Name,
}
