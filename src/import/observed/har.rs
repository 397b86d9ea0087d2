//! Requests from an HTTP archive, as browsers save them: those that carry data, not the page around them.

use super::{Observed, Payload};
use serde_json::Value as Json;

/// The requests. Errors: it is no such archive, or only pages, pictures and scripts are in it.
pub fn requests(document: &Json) -> Result<Vec<Observed>, String> {
    let entries = document["log"]["entries"].as_array().ok_or("it has no `log.entries`, as HTTP archives do")?;
    let requests: Vec<Observed> = entries.iter().filter_map(observed).collect();
    if entries.is_empty() {
        return Err("nothing is in it: `log.entries` is empty".to_owned());
    }
    if requests.is_empty() {
        return Err(format!("none of its {} requests carries data in JSON, XML or a form", entries.len()));
    }
    Ok(requests)
}

fn observed(entry: &Json) -> Option<Observed> {
    let (request, response) = (&entry["request"], &entry["response"]);
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let content = &response["content"];
    let kind = content["mimeType"].as_str().unwrap_or_default();
    let carries = kind.contains("json") || kind.contains("xml") && !kind.contains("svg") && !kind.contains("html");
    let posted = &request["postData"];
    let sent_kind = posted["mimeType"].as_str().unwrap_or_default();
    let method = text(&request["method"]).to_ascii_uppercase();
    if method == "OPTIONS" || (!carries && sent_kind.is_empty()) {
        return None;
    }
    let pairs = |list: &Json| -> Vec<(String, String)> {
        let pair = |item: &Json| Some((item["name"].as_str()?.to_owned(), text(&item["value"])));
        list.as_array().into_iter().flatten().filter_map(pair).collect()
    };
    let fields = pairs(&posted["params"]);
    let body = match posted["text"].as_str() {
        _ if sent_kind.starts_with("multipart/") => {
            Payload::Multipart(fields.into_iter().map(|(name, value)| (name, value, false)).collect())
        }
        Some(text) => Payload::of(sent_kind, text),
        None if !fields.is_empty() => Payload::Form(fields),
        None => Payload::None,
    };
    let good = response["status"].as_u64().is_some_and(|status| (200..300).contains(&status));
    let answer = content["text"].as_str().filter(|_| good && kind.contains("json"));
    let answer = answer.and_then(|answer| {
        let decoded = match content["encoding"].as_str() {
            Some("base64") => {
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.decode(answer).ok()?
            }
            _ => answer.as_bytes().to_vec(),
        };
        serde_json::from_slice(&decoded).ok()
    });
    Some(Observed {
        method,
        url: request["url"].as_str()?.to_owned(),
        headers: pairs(&request["headers"]),
        body,
        other_answer: answer.is_none() && good && !kind.is_empty(),
        answer,
        ..Observed::default()
    })
}
