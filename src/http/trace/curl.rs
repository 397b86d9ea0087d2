//! Records as curl commands for a shell; secrets are variables that whoever runs them sets.

use super::Record;
use crate::http::redact::MASK_START;

/// The command that sends the same request.
pub fn command(record: &Record) -> String {
    let mut words = vec!["curl".to_owned()];
    match (record.method.as_str(), &record.body) {
        ("GET", None) => {}
        ("HEAD", None) => words.push("--head".to_owned()),
        // A body makes it a POST already.
        ("POST", Some(_)) => {}
        (method, _) => words.push(format!("-X {method}")),
    }
    if unmasked(&record.url).contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    words.push(quoted(&record.url));
    let mut lines = vec![words.join(" ")];
    let digest = record.header("Authorization").is_some_and(|value| value.starts_with("Digest "));
    match &record.user {
        Some((user, password)) => lines.push(format!("-u {}", quoted(&format!("{user}:{password}")))),
        None if digest => lines.push("--digest -u \"$CONNRUN_USER:$CONNRUN_PASSWORD\"".to_owned()),
        None => {}
    }
    let known = record.user.is_some() || digest;
    for (name, value) in
        record.headers.iter().filter(|(name, _)| !(known && name.eq_ignore_ascii_case("Authorization")))
    {
        lines.push(match value.as_str() {
            "" => format!("-H {}", quoted(&format!("{name};"))),
            value => format!("-H {}", quoted(&format!("{name}: {value}"))),
        });
    }
    if let Some(body) = &record.body {
        if record.header("Content-Type").is_none() {
            // Else curl would name one of its own.
            lines.push("-H 'Content-Type:'".to_owned());
        }
        lines.push(match (body.binary, body.bytes) {
            (true, bytes) => format!("--data-binary @body.bin  # {bytes} bytes, which the trace does not have"),
            (_, 0) => "--data-raw ''".to_owned(),
            _ if body.cut => format!("--data-raw {}  # the beginning of {} bytes", quoted(&body.text), body.bytes),
            _ => format!("--data-raw {}", quoted(&body.text)),
        });
    }
    lines.join(" \\\n  ") + "\n"
}

/// The variables that the commands use, with the names of the secrets that belong into them.
pub fn variables(records: &[Record]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for text in records.iter().flat_map(Record::sent) {
        for (_, name) in pieces(text) {
            let row = name.map(|name| (variable(name), name.to_owned()));
            found.extend(row.filter(|row| !found.contains(row)));
        }
    }
    found
}

/// A literal text and the name of the secret behind it, one after the other.
fn pieces(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MASK_START) {
        let Some((name, after)) = after.split_once(']') else { break };
        pieces.push((before, Some(name)));
        rest = after;
    }
    pieces.push((rest, None));
    pieces
}

fn unmasked(text: &str) -> String {
    pieces(text).into_iter().map(|(literal, _)| literal).collect()
}

fn variable(name: &str) -> String {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    format!("CONNRUN_{}", plain.collect::<String>())
}

/// One word of a POSIX shell.
fn quoted(text: &str) -> String {
    let pieces = pieces(text);
    let single = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    if let [(literal, None)] = pieces.as_slice() {
        return single(literal);
    }
    // Easier to read, where nothing in the text means anything between double quotes.
    if !pieces.iter().any(|(literal, _)| literal.contains(['"', '$', '`', '\\', '!', '\n'])) {
        let inner = pieces.iter().enumerate().map(|(at, (literal, name))| {
            let next = pieces.get(at + 1).and_then(|(literal, _)| literal.chars().next());
            let joined = next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
            let name = name.map(variable);
            format!(
                "{literal}{}",
                match name {
                    Some(name) if joined => format!("${{{name}}}"),
                    Some(name) => format!("${name}"),
                    None => String::new(),
                }
            )
        });
        return format!("\"{}\"", inner.collect::<String>());
    }
    let words = pieces.iter().map(|(literal, name)| {
        let literal = if literal.is_empty() { String::new() } else { single(literal) };
        let name = name.map(|name| format!("\"${}\"", variable(name)));
        literal + &name.unwrap_or_default()
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Record};
    use super::*;

    fn record(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Record {
        Record {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.map(|text| Body { text: text.to_owned(), bytes: text.len(), ..Body::default() }),
            ..Record::default()
        }
    }

    #[test]
    fn commands() {
        let mut all = String::new();
        for record in [
            record("GET", "https://h/a?b=1&c=it's", &[("Accept", "application/json"), ("X-Empty", "")], None),
            record(
                "POST",
                "https://h/a",
                &[("Content-Type", "application/json")],
                Some("{\"a\": \"$5 [redacted:api_key]\"}"),
            ),
            record(
                "PUT",
                "https://h/[redacted:api_key]x?q[]=1",
                &[("Authorization", "Bearer [redacted:access token]")],
                Some(""),
            ),
            record("HEAD", "https://h/", &[("Authorization", "Digest [redacted:authorization]")], None),
            Record {
                user: Some(("ada".to_owned(), "[redacted:password]".to_owned())),
                ..record("DELETE", "https://h/1", &[("authorization", "Basic [redacted:authorization]")], None)
            },
        ] {
            all += &command(&record);
        }
        insta::assert_snapshot!(all, @r#"
        curl 'https://h/a?b=1&c=it'\''s' \
          -H 'Accept: application/json' \
          -H 'X-Empty;'
        curl 'https://h/a' \
          -H 'Content-Type: application/json' \
          --data-raw '{"a": "$5 '"$CONNRUN_API_KEY"'"}'
        curl -X PUT --globoff "https://h/${CONNRUN_API_KEY}x?q[]=1" \
          -H "Authorization: Bearer $CONNRUN_ACCESS_TOKEN" \
          -H 'Content-Type:' \
          --data-raw ''
        curl --head 'https://h/' \
          --digest -u "$CONNRUN_USER:$CONNRUN_PASSWORD"
        curl -X DELETE 'https://h/1' \
          -u "ada:$CONNRUN_PASSWORD"
        "#);
    }

    #[test]
    fn variables_are_named_once() {
        let records = [record(
            "GET",
            "https://h/?k=[redacted:api_key]",
            &[("A", "[redacted:api_key]")],
            Some("[redacted:api_key encoded]"),
        )];
        let pair = |variable: &str, name: &str| (variable.to_owned(), name.to_owned());
        let expected = [pair("CONNRUN_API_KEY", "api_key"), pair("CONNRUN_API_KEY_ENCODED", "api_key encoded")];
        assert_eq!(variables(&records), expected);
    }
}
