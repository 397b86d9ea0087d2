//! The method tables keep their own rules, and every example in them holds.

use connrun::methods::{Method, Receiver, Table, tables};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

fn place(table: &Table, row: &Method) -> String {
    format!("{:?} {}", table.receiver, row.name())
}

#[test]
fn rows_are_sorted_and_documented() {
    let mut wrong = Vec::new();
    for table in tables() {
        for pair in table.rows.windows(2) {
            if pair[0].name() >= pair[1].name() {
                wrong.push(format!("{} stands before {}", place(table, &pair[0]), pair[1].name()));
            }
        }
        for row in table.rows {
            if !row.doc.ends_with(['.', '?']) || !row.signature.starts_with('(') {
                wrong.push(format!("{}: a sentence and a signature are needed", place(table, row)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_receiver_has_two_rows_of_a_name() {
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    for table in tables() {
        let receivers: Vec<String> = match table.receiver {
            Receiver::Kinds(kinds) => kinds.iter().map(|kind| format!("{kind:?}")).collect(),
            other => vec![format!("{other:?}")],
        };
        for row in table.rows {
            for name in row.names.split(' ') {
                for receiver in &receivers {
                    if !seen.insert(format!("{receiver}#{name}")) {
                        twice.push(format!("{receiver}#{name}"));
                    }
                }
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

/// `expression => result` lines of every row, with the place they stand in.
fn examples() -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for table in tables() {
        for row in table.rows {
            for line in row.example.lines().filter(|line| !line.trim().is_empty()) {
                let (expression, result) = line.rsplit_once(" => ").unwrap_or((line, ""));
                all.push((place(table, row), expression.to_owned(), result.trim().to_owned()));
            }
        }
    }
    all
}

#[test]
fn examples_hold() {
    hold(&examples());
}

/// Where the interpreter takes a short way: what Ruby answers has to come out all the same.
#[test]
fn short_ways_lead_to_the_same_place() {
    const ROWS: &[(&str, &str, &str)] = &[
        ("a block without a frame calls a lambda", "f = ->(x) { y = x + 1; y * 2 }; [f].map { |g| g.call(3) }", "[8]"),
        ("a block in such a block", "[1, 2].map { |v| [3].map { |w| w + 1 }.sum + v }", "[5, 6]"),
        ("its own variables", "%w[a b].each_with_index.map { |s, i| t = s + 'x'; t + i.to_s }", r#"["ax0", "bx1"]"#),
        ("a jump out", "[1, 2, 3].each { |x| break x * 10 if x == 2 }", "20"),
        ("a return through a block", "->() { [1, 2].each { |x| return x }; 9 }.call", "1"),
        ("an error in a block", "begin; [1].map { |z| z.foo }; rescue NoMethodError; 'caught'; end", r#""caught""#),
        ("a key that changes", "k = 'ab'; h = { 'ab' => 1, 'ac' => 2 }; [h[k], h[k << 'c'], h['ab']]", "[1, nil, 1]"),
        ("many keys", "h = (1..20).to_h { |i| [\"k#{i}\", i] }; [h['k7'], h['k' + '20'], h['k21']]", "[7, 20, nil]"),
        ("keys by identity", "h = {}.compare_by_identity; h['a'] = 1; h['a'] = 2; h.size", "2"),
        ("a default", "h = Hash.new(5); h['x'] += 1; [h['x'], h['y']]", "[6, 5]"),
        ("places of an array", "a = [1, 2, 3]; a[1] = 5; a[-1] = 7; a[4] = 9; a", "[1, 5, 7, nil, 9]"),
        (
            "joined literals can change",
            "x = 'lit' + 'more'; x << '!'; [x, 'lit' + 'more']",
            r#"["litmore!", "litmore"]"#,
        ),
        ("a long join", "('a' * 20 + 'bcdef').length", "25"),
        ("merging oneself", "m = { 'a' => 1 }; m.merge!(m); m", r#"{"a"=>1}"#),
        (
            "small integers of text",
            "[' -7 ', '1_000', '0d12', '-', '9' * 20].map(&:to_i)",
            "[-7, 1000, 12, 0, 99999999999999999999]",
        ),
    ];
    hold(&ROWS.iter().map(|row| (row.0.to_owned(), row.1.to_owned(), row.2.to_owned())).collect::<Vec<_>>());
}

/// Every expression has its answer: (what it is about, expression, `inspect` of its value).
fn hold(examples: &[(String, String, String)]) {
    let lines: String = examples
        .iter()
        .enumerate()
        .map(|(id, (_, expression, _))| {
            json!({ "id": id.to_string(), "expr": format!("({expression}\n).inspect") }).to_string() + "\n"
        })
        .collect();
    let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(["eval", "--jsonl", "--now", "2024-03-15T12:34:56Z", "--seed", "1", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(lines.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), examples.len());
    let mut wrong = Vec::new();
    for ((place, expression, want), answer) in examples.iter().zip(&answers) {
        let got = match (answer.get("ok").and_then(Value::as_str), answer["error"].as_str()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(class)) => format!("{class}: {}", answer["message"].as_str().unwrap_or_default()),
            _ => answer.to_string(),
        };
        if got != *want {
            wrong.push(format!("{place}: {expression}\n    says {want}\n    is   {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} examples do not hold:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}
