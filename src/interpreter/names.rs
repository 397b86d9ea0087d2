//! Method names that the evaluator itself calls, looked up once.

use crate::methods::{Column, registry};
use crate::text::Name;
use std::sync::LazyLock;

/// A name with its column.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub name: Name,
    pub column: Column,
}

pub(super) struct Names {
    pub index: Known,
    pub set_index: Known,
    pub case_equal: Known,
    pub to_s: Known,
    pub to_a: Known,
    pub to_proc: Known,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let known = |text| {
        let name = Name::new(text);
        Known { name, column: registry().column(name) }
    };
    Names {
        index: known("[]"),
        set_index: known("[]="),
        case_equal: known("==="),
        to_s: known("to_s"),
        to_a: known("to_a"),
        to_proc: known("to_proc"),
    }
});

pub(super) fn names() -> &'static Names {
    &NAMES
}
