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
    let examples = examples();
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
