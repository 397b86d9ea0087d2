//! YAML as Ruby's Psych reads it, and errors with a place.

use connrun::value::inspect;
use connrun::value::yaml::{YamlMode, parse};

fn shown(text: &str, mode: YamlMode) -> String {
    parse(text, mode).map_or_else(|error| error.to_string(), |value| inspect(&value).to_text())
}

/// What Psych 4 answers.
#[test]
fn scalars() {
    for (text, expected) in [
        ("0123", "83"),
        ("089", "\"089\""),
        ("1_000", "1000"),
        ("1,000", "1000"),
        ("0x1f", "31"),
        ("0b11", "3"),
        ("+1", "1"),
        ("-0", "0"),
        ("12:30", "45000"),
        ("1:20:30", "4830"),
        ("190:20:30.15", "685230.15"),
        ("yes", "true"),
        ("On", "true"),
        ("off", "false"),
        ("y", "\"y\""),
        ("True", "true"),
        ("~", "nil"),
        ("NULL", "nil"),
        ("''", "\"\""),
        (":sym", ":sym"),
        (":\"q s\"", ":\"q s\""),
        ("1.5", "1.5"),
        (".5", "0.5"),
        ("1.", "1.0"),
        ("1_0.5", "10.5"),
        ("1e3", "\"1e3\""),
        ("1.0e+3", "1000.0"),
        ("-.INF", "-Infinity"),
        (".nan", "NaN"),
        ("'12'", "\"12\""),
        ("\"a\\nb\"", "\"a\\nb\""),
        ("12345678901234567890", "12345678901234567890"),
        ("a b", "\"a b\""),
        ("http://x.y/z", "\"http://x.y/z\""),
        ("10.0.0.1", "\"10.0.0.1\""),
        ("0o17", "\"0o17\""),
        ("._1", "\"._1\""),
        ("1.2.3", "\"1.2.3\""),
        ("+.5", "0.5"),
        ("-1_000", "-1000"),
        ("0x", "\"0x\""),
        ("0b", "\"0b\""),
        ("1:99", "\"1:99\""),
    ] {
        assert_eq!(shown(&format!("a: {text}"), YamlMode::Settings), format!("{{\"a\"=>{expected}}}"), "{text}");
    }
}

#[test]
fn structures() {
    let text = "# accounts\nbase: &b {x: 1, y: [a, b]}\none:\n  <<: *b\n  y: |\n    two\n    lines\n? [k]\n: v\n";
    let expected = "{\"base\"=>{\"x\"=>1, \"y\"=>[\"a\", \"b\"]}, \
                    \"one\"=>{\"x\"=>1, \"y\"=>\"two\\nlines\\n\"}, [\"k\"]=>\"v\"}";
    assert_eq!(shown(text, YamlMode::Settings), expected);
    assert_eq!(shown("# nothing\n", YamlMode::Settings), "nil");
}

#[test]
fn errors() {
    let mut table = String::new();
    for (mode, text) in [
        (YamlMode::Settings, "a: 1\nb: [1, 2\nc: 3\n"),
        (YamlMode::Settings, "a: 'x\n"),
        (YamlMode::Settings, "a: b: c\n"),
        (YamlMode::Settings, "\ta: 1\n"),
        (YamlMode::Settings, "a: *none\n"),
        (YamlMode::Safe, "a: :b\n"),
        (YamlMode::Safe, "a: 2020-01-02\n"),
        (YamlMode::Safe, "a: 2020-01-02 03:04:05\n"),
        (YamlMode::Safe, "a: &x 1\nb: *x\n"),
    ] {
        table.push_str(&format!("{text:?} → {}\n", shown(text, mode)));
    }
    insta::assert_snapshot!(table);
}
