//! What the response of a failed request answers besides being text.

use crate::methods::{Method, sdk};

/// Sorted by name.
pub(super) const ROWS: &[Method] = &[sdk(
    "body",
    "() -> String",
    "The text itself: the response that a failed request carries is its body.",
    "'text'.body => \"text\"",
    |_, receiver, _| Ok(receiver.clone()),
)];
