//! Literals: texts, symbols and keys with the quotes that they need, and no more.

/// A string literal: single quotes, unless something in it can only be written in double ones.
pub fn text(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return double(text);
    }
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A symbol.
pub fn symbol(name: &str) -> String {
    if is_plain(name) { format!(":{name}") } else { format!(":{}", text(name)) }
}

/// A key with its colon. Keys of a connector are symbols.
pub fn key(name: &str) -> String {
    if is_plain(name) { format!("{name}:") } else { format!("{}:", text(name)) }
}

/// A name that needs no quotes as a label: letters, digits and underscores.
fn is_plain(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn double(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '#' => out.push_str("\\#"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        for (plain, expected) in [
            ("a", "'a'"),
            ("it's", "'it\\'s'"),
            ("a\\b", "'a\\\\b'"),
            ("a #{b}", "'a #{b}'"),
            ("a\n#{b}\"", "\"a\\n\\#{b}\\\"\""),
            ("\u{7f}", "\"\\u{7f}\""),
        ] {
            assert_eq!(text(plain), expected);
        }
        assert_eq!([key("a_1"), key("a-b"), key("1a"), symbol("date_time")], ["a_1:", "'a-b':", "'1a':", ":date_time"]);
    }
}
