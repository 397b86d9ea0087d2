//! Records as an HTTP archive, version 1.2: what browsers and proxies read.

use super::{Body, Parts, Record};
use crate::http::{query, status};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value as Json, json};

/// The archive of a run that began at that time.
pub fn archive(records: &[Record], began: DateTime<Utc>) -> Json {
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "connrun", "version": env!("CARGO_PKG_VERSION") },
        "entries": records.iter().map(|record| entry(record, began)).collect::<Vec<_>>(),
    }})
}

fn entry(record: &Record, began: DateTime<Utc>) -> Json {
    let at = began + TimeDelta::microseconds((record.at * 1000.0) as i64);
    let timings = timings(&record.parts, record.took);
    let mut entry = json!({
        "startedDateTime": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "time": record.took,
        "request": request(record),
        "response": response(record),
        "cache": {},
        "timings": timings,
    });
    let place = record.place.as_ref().map(|place| format!("{}:{}:{}", place.file, place.line, place.column));
    let remarks = [Some(record.cause.clone()).filter(|cause| !cause.is_empty()), place, record.error.clone()];
    let remarks: Vec<String> = remarks.into_iter().flatten().collect();
    if !remarks.is_empty() {
        entry["comment"] = remarks.join(", ").into();
    }
    entry
}

/// `connect` has the handshake in it, as the format wants; what is left over was spent before anything was opened. All
/// but `ssl` add up to the whole.
fn timings(parts: &Parts, took: f64) -> Json {
    let spent = |part: f64| if part > 0.0 { json!(part) } else { json!(-1) };
    let known = parts.lookup + parts.connect + parts.tls + parts.send + parts.wait + parts.receive;
    if known == 0.0 {
        return json!({ "blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0, "wait": took, "receive": 0 });
    }
    json!({
        "blocked": round((took - known).max(0.0)),
        "dns": spent(parts.lookup),
        "connect": spent(round(parts.connect + parts.tls)),
        "ssl": spent(parts.tls),
        "send": parts.send,
        "wait": parts.wait,
        "receive": parts.receive,
    })
}

fn round(milliseconds: f64) -> f64 {
    (milliseconds * 1000.0).round() / 1000.0
}

fn request(record: &Record) -> Json {
    let asked = record.url.split_once('?').map(|(_, query)| query.split('#').next().unwrap_or_default());
    let pairs = asked.map(query::parse).unwrap_or_default();
    let mut request = json!({
        "method": record.method,
        "url": record.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": named(&record.headers),
        "queryString": named(&pairs),
        "headersSize": -1,
        "bodySize": record.body.as_ref().map_or(0, |body| body.bytes),
    });
    if let Some(body) = &record.body {
        let mime = record.header("Content-Type").unwrap_or_default();
        request["postData"] = json!({ "mimeType": mime, "text": text(body) });
        if let Some(comment) = comment(body) {
            request["postData"]["comment"] = comment.into();
        }
    }
    request
}

fn response(record: &Record) -> Json {
    let Some(answer) = &record.answer else {
        return json!({
            "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
            "content": { "size": 0, "mimeType": "" }, "redirectURL": "", "headersSize": -1, "bodySize": -1,
            "comment": record.error.as_deref().unwrap_or_default(),
        });
    };
    let mut content = json!({
        "size": answer.body.bytes,
        "mimeType": answer.header("Content-Type").unwrap_or("application/octet-stream"),
        "text": text(&answer.body),
    });
    if let Some(comment) = comment(&answer.body) {
        content["comment"] = comment.into();
    }
    json!({
        "status": answer.status,
        "statusText": status::reason(answer.status).unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": named(&answer.headers),
        "content": content,
        "redirectURL": answer.header("Location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": answer.body.bytes,
    })
}

fn text(body: &Body) -> &str {
    if body.binary { "" } else { &body.text }
}

fn comment(body: &Body) -> Option<String> {
    match body {
        Body { binary: true, bytes, .. } => Some(format!("{bytes} bytes of binary data, left out")),
        Body { cut: true, bytes, .. } => Some(format!("the beginning of {bytes} bytes")),
        _ => None,
    }
}

fn named(pairs: &[(String, String)]) -> Vec<Json> {
    pairs.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}
