//! Recorded answers of the reference SDK: expressions, by area.
//!
//! `tests/conformance/differs.txt` names the cases that deliberately differ, each with the reason. A case that fails
//! without being named there fails the test, and so does one that is named and passes.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

const NOW: &str = "2024-03-15T12:34:56Z";

/// At most so many cases may differ.
const MOST: usize = 60;

/// The cases of `differs.txt`, with their reasons.
fn differing() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string("tests/conformance/differs.txt").unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').map_or((line, ""), |(id, reason)| (id, reason.trim()))).fold(
        BTreeMap::new(),
        |mut cases, (id, reason)| {
            assert!(cases.insert(id.to_owned(), reason.to_owned()).is_none(), "{id} is listed twice");
            cases
        },
    )
}

/// Types strict, order of keys too; floats as numbers.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let is_float = |text: &str| text.contains(['.', 'e', 'E']);
            let (a, b) = (a.to_string(), b.to_string());
            is_float(&a) == is_float(&b) && (a == b || (is_float(&a) && a.parse::<f64>().ok() == b.parse().ok()))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((ak, av), (bk, bv))| ak == bk && same(av, bv))
        }
        _ => a == b,
    }
}

fn equal(want: &Value, got: &Value) -> bool {
    match want.get("error") {
        Some(error) => got.get("error") == Some(error),
        None => {
            got.get("class") == want.get("class")
                && got.get("ok").is_some_and(|ok| same(ok, want.get("ok").unwrap_or(&Value::Null)))
        }
    }
}

fn run(cases: &[Value]) -> BTreeMap<String, Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(["eval", "--jsonl", "--now", NOW, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines: String = cases
        .iter()
        .map(|case| {
            let mut case = case.as_object().unwrap().clone();
            case.retain(|key, _| ["id", "expr", "input", "methods", "settings"].contains(&key.as_str()));
            Value::Object(case).to_string() + "\n"
        })
        .collect();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(lines.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answers = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    answers.map(|answer| (answer["id"].as_str().unwrap_or_default().to_owned(), answer)).collect()
}

#[test]
fn expressions_answer_as_the_reference() {
    let excused = differing();
    let mut unmet: BTreeSet<&str> = excused.keys().map(String::as_str).collect();
    let mut failed = Vec::new();
    let mut passed_but_listed = Vec::new();
    let mut total = 0;
    let mut files: Vec<_> = std::fs::read_dir("tests/conformance/expr").unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let answers = run(&cases);
        for want in &cases {
            total += 1;
            let id = want["id"].as_str().unwrap();
            let ok = answers.get(id).is_some_and(|got| equal(want, got));
            unmet.remove(id);
            match (ok, excused.contains_key(id)) {
                (false, false) => failed.push(format!("{id}\n  want {want}\n  got  {:?}", answers.get(id))),
                (true, true) => passed_but_listed.push(id.to_owned()),
                _ => {}
            }
        }
    }
    assert!(total > 6000, "only {total} cases found");
    assert!(failed.is_empty(), "{} cases broke:\n{}", failed.len(), failed.join("\n"));
    assert!(passed_but_listed.is_empty(), "these pass now, take them off differs.txt: {passed_but_listed:?}");
    assert!(unmet.is_empty(), "differs.txt names cases that are not recorded: {unmet:?}");
}

#[test]
fn what_differs_has_its_reason() {
    let cases = differing();
    assert!(cases.len() <= MOST, "{} cases differ, which is more than {MOST}", cases.len());
    let bare: Vec<_> = cases.iter().filter(|(_, reason)| reason.is_empty()).map(|(id, _)| id).collect();
    assert!(bare.is_empty(), "say why these differ: {bare:?}");
}
