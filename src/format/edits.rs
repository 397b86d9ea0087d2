//! The difference between two texts that differ in white space only, as small edits.

use crate::diagnostic::Edit;
use crate::text::Span;

/// What turns `old` into `new`. Where they differ in more than white space it is one edit of everything.
pub fn edits(old: &str, new: &str) -> Vec<Edit> {
    let (old_bytes, new_bytes) = (old.as_bytes(), new.as_bytes());
    let (mut at, mut to) = (0, 0);
    let mut found = Vec::new();
    while at < old.len() || to < new.len() {
        let (old_gap, new_gap) = (blank(&old_bytes[at..]), blank(&new_bytes[to..]));
        if old_bytes[at..at + old_gap] != new_bytes[to..to + new_gap] {
            let text = new.get(to..to + new_gap).unwrap_or_default().to_owned();
            found.push(Edit { span: Span::new(at as u32, (at + old_gap) as u32), text });
        }
        at += old_gap;
        to += new_gap;
        match (old_bytes.get(at), new_bytes.get(to)) {
            (None, None) => break,
            (a, b) if a == b => {
                at += 1;
                to += 1;
            }
            _ => return vec![Edit { span: super::sheet::whole(old), text: new.to_owned() }],
        }
    }
    found
}

/// Those of the edits that lie within `span`.
pub fn edits_within(old: &str, new: &str, span: Span) -> Vec<Edit> {
    let inside = |edit: &Edit| span.lo <= edit.span.hi && edit.span.lo <= span.hi;
    edits(old, new).into_iter().filter(inside).collect()
}

fn blank(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::edits;

    #[test]
    fn only_blanks_are_edited() {
        let edits = edits("{a:1,\n b: 2}\n", "{ a: 1,\n  b: 2 }\n");
        let shown: Vec<_> = edits.iter().map(|edit| (edit.span.lo, edit.span.hi, edit.text.as_str())).collect();
        assert_eq!(shown, [(1, 1, " "), (3, 3, " "), (5, 7, "\n  "), (11, 11, " ")]);
    }
}
