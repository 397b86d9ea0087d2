//! The grammar of VS Code, made from connrun's tables, and its snippets, which are connectors.

use connrun::check;
use connrun::diagnostic::Severity;
use connrun::methods::{self, Origin, Receiver};
use connrun::text::Source;
use connrun::vocabulary;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A rule for any of these words.
fn words(words: BTreeSet<&str>) -> String {
    words.into_iter().filter(|word| *word != "*").collect::<Vec<_>>().join("|")
}

/// Keys and calls stand on top of Ruby's grammar, wherever that is in code.
pub fn grammar() -> String {
    let sections = vocabulary::keys().filter(|key| key.parent().is_empty()).map(|key| key.name());
    let sections: BTreeSet<_> = sections.collect();
    let keys = vocabulary::keys().map(|key| key.name()).chain(vocabulary::FIELD_KEYS.iter().map(|key| key.name));
    let keys = keys.filter(|key| !sections.contains(key)).collect();
    let context = methods::tables().filter(|table| matches!(table.receiver, Receiver::Context));
    let rows = context.flat_map(|table| table.rows).filter(|row| row.origin == Origin::Sdk);
    let calls = rows.flat_map(|row| row.names.split(' ')).collect();
    let key = |names: String, scope: &str| {
        json!({
            "match": format!("(?<![\\w.:?!@$])({names})(:)(?!:)"),
            "captures": { "1": { "name": scope }, "2": { "name": "punctuation.separator.key-value.conn" } },
        })
    };
    let all = json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Connector",
        "scopeName": "source.conn",
        "fileTypes": ["conn"],
        "patterns": [{ "include": "#words" }, { "include": "source.ruby" }],
        "injections": {
            "L:source.conn -string -comment -regexp": { "patterns": [{ "include": "#words" }] },
            // Inside of an interpolation is code again, but for the strings there.
            "L:meta.embedded.line.ruby -(meta.embedded.line.ruby string) -comment": { "patterns": [{ "include": "#words" }] },
        },
        "repository": {
            "words": { "patterns": [{ "include": "#sections" }, { "include": "#keys" }, { "include": "#calls" }] },
            "sections": key(words(sections), "keyword.other.section.conn"),
            "keys": key(words(keys), "support.type.property-name.conn"),
            "calls": {
                "match": format!("(?<![\\w.:?!@$])({})(?![\\w:?!])", words(calls)),
                "name": "support.function.conn",
            },
        },
    });
    format!("{all:#}\n")
}

/// The text of a snippet as it stands when nothing is filled in: of `${1:name}` the name, of `${1|a,b|}` the first.
fn plain(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some(at) = rest.find('$') {
        out += &rest[..at];
        rest = &rest[at + 1..];
        if let Some(inner) = rest.strip_prefix('{') {
            let end = inner.find('}').unwrap();
            let place = inner[..end].trim_start_matches(|c: char| c.is_ascii_digit());
            out += place.trim_start_matches([':', '|']).split([',', '|']).next().unwrap();
            rest = &inner[end + 1..];
        } else {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    out + rest
}

/// Where each snippet belongs.
const PLACES: [(&str, &str); 9] = [
    ("connector", "BODY"),
    ("action", "{ title: 'T', actions: {\nBODY\n} }"),
    ("polling trigger", "{ title: 'T', triggers: {\nBODY\n} }"),
    ("webhook trigger", "{ title: 'T', triggers: {\nBODY\n} }"),
    ("pick list", "{ title: 'T', pick_lists: {\nBODY\n} }"),
    ("object definition", "{ title: 'T', object_definitions: {\nBODY\n} }"),
    ("method", "{ title: 'T', methods: {\nBODY\n} }"),
    ("oauth2", "{ title: 'T', connection: { fields: [{ name: 'client_id' }, { name: 'client_secret' }],\nBODY\n} }"),
    ("error", "{ title: 'T', test: lambda do |_connection|\nget('/me')\nBODY\nend }"),
];

#[test]
fn snippets_are_connectors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/vscode/snippets/conn.json");
    let snippets: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for (name, snippet) in snippets.as_object().unwrap() {
        let lines: Vec<_> = snippet["body"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        let body = plain(&lines.join("\n").replace('\t', "  "));
        let around = PLACES.iter().find(|(known, _)| known == name).map(|(_, text)| *text);
        let text = around.unwrap_or_else(|| panic!("{name}: where does it belong?")).replace("BODY", &body);
        let findings = check::check(&Source::new("t.conn", text.as_str()), &check::Config::default());
        let wrong: Vec<_> = findings.iter().filter(|finding| finding.severity > Severity::Hint).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}\n{text}");
    }
}
