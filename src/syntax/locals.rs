//! Guessing local variables from the text alone, for a text that the grammar can read only when it knows some of them:
//! `total /2` is a division if `total` is one, and else begins a regular expression.

use hashbrown::HashSet;

/// The blanks after local variables that an operator follows without a blank of its own.
pub fn suspects(text: &str) -> Vec<usize> {
    let locals = assigned(text);
    let bytes = text.as_bytes();
    let mut suspects = Vec::new();
    for (start, word) in words(text) {
        let end = start + word.len();
        let blanks = bytes.iter().skip(end).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let operator = bytes.get(end + blanks).copied();
        let next = bytes.get(end + blanks + 1).copied();
        let spaced = next.is_none_or(|byte| byte.is_ascii_whitespace() || byte == b'=');
        if blanks > 0 && !spaced && operator.is_some_and(|byte| b"-+[*&:/%<?".contains(&byte)) && locals.contains(word)
        {
            suspects.push(end + blanks - 1);
        }
    }
    suspects
}

/// Words that are assigned or stand between bars.
fn assigned(text: &str) -> HashSet<&str> {
    let mut locals = HashSet::new();
    for (start, word) in words(text) {
        let rest = text.get(start + word.len()..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let before = text.get(..start).unwrap_or_default().trim_end_matches([' ', '\t', '*', '&', '(']);
        let equals =
            rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=~") && !rest.starts_with("=>");
        if equals || rest.starts_with('|') || before.ends_with('|') || before.ends_with(',') && rest.starts_with(',') {
            locals.insert(word);
        }
    }
    locals
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let wordlike = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| c.is_lowercase() || c == '_')?;
        let tail = text.get(start..)?;
        let length = tail.find(|c: char| !wordlike(c)).unwrap_or(tail.len());
        at = start + length;
        Some((start, &tail[..length]))
    })
}
