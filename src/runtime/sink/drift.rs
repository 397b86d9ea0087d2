//! Records that no longer look like the ones before them.

/// What to do with a record that has a new column or a value of another type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drift {
    /// New columns are added; a value of another type ends the run.
    #[default]
    Evolve,
    /// Both end the run.
    Freeze,
    /// The record is dropped, and counted.
    DiscardRow,
    /// The value is dropped, and counted.
    DiscardValue,
}

/// What did not fit, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drifted {
    pub column: String,
    /// What became of it.
    pub what: String,
    pub times: u64,
}

impl Drifted {
    /// Counts one more of its kind.
    pub fn count(all: &mut Vec<Self>, column: &str, what: &str) {
        match all.iter_mut().find(|it| it.column == column && it.what == what) {
            Some(known) => known.times += 1,
            None => all.push(Self { column: column.to_owned(), what: what.to_owned(), times: 1 }),
        }
    }
}
