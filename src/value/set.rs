//! Sets: a hash whose keys are the members.

use super::Hash;
use std::rc::Rc;

#[derive(Default)]
pub struct Set {
    /// member → true
    pub members: Rc<Hash>,
}
