//! Ranges.

use super::Value;

/// `lo..hi`; nil stands for a missing end.
pub struct Range {
    pub lo: Value,
    pub hi: Value,
    pub exclusive: bool,
}
