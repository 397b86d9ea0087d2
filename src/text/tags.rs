//! Texts that people write with a little HTML in them, shown where there is none.

/// The text without its tags; a `<` that begins none stays.
pub fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        match after.split_once('>').filter(|(tag, _)| tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')) {
            Some((_, after)) => rest = after,
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::without_tags;

    #[test]
    fn tags_go_and_the_rest_stays() {
        for (text, expected) in [
            ("Create one <a href=\"x\">here</a>.", "Create one here."),
            ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
            ("a<br/>b</p>", "ab"),
            ("cut <b", "cut <b"),
            ("<", "<"),
        ] {
            assert_eq!(without_tags(text), expected, "{text}");
        }
    }
}
