//! Many fixes at once: which of them go together, and the text after them.

use super::{Edit, Fix};

/// The edits of those fixes that do not touch each other, in order of place; a fix is taken whole or not at all, and the
/// earlier one wins. And how many fixes these are.
pub fn together<'f>(fixes: impl IntoIterator<Item = &'f Fix>) -> (Vec<Edit>, usize) {
    let (mut taken, mut count) = (Vec::<Edit>::new(), 0);
    for fix in fixes {
        let free = |edit: &Edit| taken.iter().all(|other| edit.span.hi < other.span.lo || other.span.hi < edit.span.lo);
        if fix.edits.iter().all(free) {
            taken.extend(fix.edits.iter().cloned());
            count += 1;
        }
    }
    taken.sort_by_key(|edit| (edit.span.lo, edit.span.hi));
    (taken, count)
}

/// The text with the edits made, which are in order and apart. One that does not lie in the text is left out.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (lo, hi) = (edit.span.lo as usize, edit.span.hi as usize);
        let Some(before) = text.get(at..lo).filter(|_| text.is_char_boundary(hi.min(text.len()))) else { continue };
        out.push_str(before);
        out.push_str(&edit.text);
        at = hi.min(text.len());
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn fixes_that_touch_wait_for_the_next_time() {
        let fix = |lo, hi, text: &str| Fix::one("", Span::new(lo, hi), text);
        let fixes = [fix(4, 7, "B"), fix(0, 3, "a"), fix(6, 8, "no")];
        assert_eq!(apply("one two three", &together(&fixes).0), "a B three");
    }
}
