//! Whole connectors, as the reference SDK ran them: the result and every request, byte for byte.
//!
//! `tests/conformance/connectors-differ.txt` names the runs that deliberately differ. A run that differs without being
//! named there fails the test, and so does a name whose run is equal.

use crate::support::connector::{Case, Ran, parse};
use crate::support::exchanges::Exchanges;
use connrun::connector::Inputs;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const FOLDER: &str = "tests/conformance/connectors";

fn listed() -> BTreeSet<String> {
    let text = std::fs::read_to_string("tests/conformance/connectors-differ.txt").unwrap();
    let ids = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_whitespace().next());
    ids.map(str::to_owned).collect()
}

/// Writes the server's address as recordings have it, or the other way round.
fn replaced(value: &Value, from: &str, to: &str) -> Value {
    match value {
        Value::String(text) => text.replace(from, to).into(),
        Value::Array(items) => items.iter().map(|item| replaced(item, from, to)).collect(),
        Value::Object(map) => map.iter().map(|(key, item)| (key.clone(), replaced(item, from, to))).collect(),
        other => other.clone(),
    }
}

fn run(source: &str, run: &Value) -> Ran {
    let json = |key: &str| run.get(key).map(Value::to_string);
    let mut case = Case::new(source).settings(&json("settings").unwrap_or_else(|| "{}".to_owned())).habits(|habits| {
        habits.gem_order = true;
        habits.no_wait = true;
    });
    case.lookup_tables = json("lookup_tables");
    case.account_properties = run["account_properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let given = run.clone();
    case.run_with(run["path"].as_str().unwrap(), move |inputs| fill(inputs, &given))
}

fn fill(inputs: &mut Inputs, run: &Value) {
    let values = [
        ("input", &mut inputs.input),
        ("args", &mut inputs.args),
        ("closure", &mut inputs.closure),
        ("continue", &mut inputs.continued),
        ("config_fields", &mut inputs.config_fields),
        ("extended_input_schema", &mut inputs.extended_input_schema),
        ("extended_output_schema", &mut inputs.extended_output_schema),
        ("webhook_payload", &mut inputs.webhook_payload),
        ("webhook_params", &mut inputs.webhook_params),
        ("webhook_headers", &mut inputs.webhook_headers),
        ("webhook_subscribe_output", &mut inputs.webhook_subscribe_output),
        ("oauth2_code", &mut inputs.oauth2_code),
        ("redirect_url", &mut inputs.redirect_url),
        ("refresh_token", &mut inputs.refresh_token),
    ];
    for (key, place) in values {
        if let Some(value) = run.get(key) {
            *place = parse(&value.to_string());
        }
    }
    inputs.webhook_url = run["webhook_url"].as_str().map(str::to_owned);
    let number = |key: &str| run[key].as_str().and_then(|text| text.parse().ok()).or_else(|| run[key].as_i64());
    inputs.from = number("from").unwrap_or(inputs.from);
    inputs.frame_size = number("frame_size").unwrap_or(inputs.frame_size);
}

/// What differs between a recording and a run; nothing if they are equal.
fn difference(wanted: &Value, ran: &Ran, requests: &[Value], base: &str) -> Option<String> {
    let host = base.strip_prefix("http://").unwrap();
    let result = match (&ran.result, wanted.get("error")) {
        (Err(failure), Some(error)) => {
            let message = replaced(&replaced(&failure.message.as_str().into(), base, "{{BASE}}"), host, "{{HOST}}");
            error["class"] == failure.class.as_str()
                && (is_in_own_words(&error["message"]) || error["message"] == message)
        }
        (Ok(output), None) => {
            let output: Value = serde_json::from_str(output).unwrap();
            let output = replaced(&replaced(&output, base, "{{BASE}}"), host, "{{HOST}}");
            // As text: the order of the keys counts.
            format!("{output}") == format!("{}", wanted["output"])
        }
        _ => false,
    };
    let wanted_requests: Vec<Value> = wanted["requests"].as_array().into_iter().flatten().map(plain_headers).collect();
    if result && requests == wanted_requests {
        return None;
    }
    Some(format!("want {wanted}\n  got {ran}\n  requests {}", Value::Array(requests.to_vec())))
}

/// What the reference's type checks and its own objects say is said in other words here.
fn is_in_own_words(message: &Value) -> bool {
    let message = message.as_str().unwrap_or_default();
    ["Expected type ", "for #<Workato::", "for class `"].iter().any(|words| message.contains(words))
}

/// Names in small letters, without those that say nothing.
fn plain_headers(request: &Value) -> Value {
    let mut request = request.clone();
    let headers = request["headers"].as_object().cloned().unwrap_or_default();
    let kept = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
    request["headers"] = kept.filter(|(name, _)| name != "content-length").collect();
    request
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

#[test]
fn connectors_run_as_the_reference_ran_them() {
    let excused = listed();
    let server = Exchanges::start();
    let (mut differ, mut equal_but_listed, mut total) = (Vec::new(), Vec::new(), 0);
    for file in files() {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let recording: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let source = std::fs::read_to_string(Path::new(FOLDER).join(recording["connector"].as_str().unwrap())).unwrap();
        for case in recording["runs"].as_array().unwrap() {
            // What the reference could not print says nothing.
            if case["result"].to_string().contains("$unserializable") || case.get("nondeterministic").is_some() {
                continue;
            }
            total += 1;
            let id = format!("{name}/{}", case["id"].as_str().unwrap());
            server.load(case["exchanges"].as_array().map_or(&[][..], Vec::as_slice));
            let ran = run(&source, &replaced(case, "{{BASE}}", &server.base));
            let difference = difference(&case["result"], &ran, &server.requests(), &server.base);
            match (difference, excused.contains(&id)) {
                (Some(difference), false) => differ.push(format!("{id}\n  {difference}")),
                (None, true) => equal_but_listed.push(id),
                _ => {}
            }
        }
    }
    assert!(total > 300, "only {total} runs found");
    assert!(differ.is_empty(), "{} runs differ:\n{}", differ.len(), differ.join("\n"));
    let listed = equal_but_listed.join("\n");
    assert!(listed.is_empty(), "these are equal now, take them off connectors-differ.txt:\n{listed}");
}
