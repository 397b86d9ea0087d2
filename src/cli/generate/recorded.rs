//! Samples of data from a recording: what each kind of request was answered with, or what was sent.

use super::args::Schema;
use crate::cassette::{Answer, Interaction};
use crate::cli::args::Where;
use crate::cli::failure::Failure;
use crate::cli::tape;
use crate::http::{Headers, content_type, query, url};
use crate::import::samples::{self, Separator};
use crate::import::template;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::Path;

/// The samples of one kind of request, under its verb and path.
pub type Kinds = Vec<(String, Vec<Json>)>;

/// Errors: it is no recording, or has no such data.
pub fn read(path: &Path, options: &Schema) -> Result<Kinds, Failure> {
    let cassette = tape::read(path, &Where::default())?;
    let mut kinds: Kinds = Vec::new();
    let (mut others, mut asked) = (BTreeSet::new(), 0);
    for exchange in &cassette.exchanges {
        let name = name(exchange);
        if options.only.as_ref().is_some_and(|text| !name.contains(text.as_str())) {
            others.insert(name);
            continue;
        }
        asked += 1;
        let Some(found) = data(exchange, options.sent) else { continue };
        match kinds.iter_mut().find(|(known, _)| *known == name) {
            Some((_, samples)) => samples.extend(found),
            None => kinds.push((name, found)),
        }
    }
    match &options.only {
        Some(text) if asked == 0 => Err(Failure::usage(
            "usage::sample",
            format!("no request in {} has `{text}` in its verb and path", path.display()),
        )
        .help(format!("there is: {}", Vec::from_iter(others).join(", ")))),
        _ if kinds.is_empty() => {
            let what = if options.sent { "nothing that was sent" } else { "no answer" };
            Err(Failure::usage("usage::sample", format!("{what} in {} is JSON, XML, CSV or a form", path.display()))
                .help("record a run that gets data: `connrun exec … --record FILE`"))
        }
        _ => Ok(kinds),
    }
}

/// Verb and path, with `{}` for what looks like an id.
fn name(exchange: &Interaction) -> String {
    let path = url::absolute(&exchange.url).map_or_else(|_| exchange.url.clone(), |url| url.path);
    format!("{} {}", exchange.method, template(&path))
}

fn data(exchange: &Interaction, sent: bool) -> Option<Vec<Json>> {
    if sent {
        return records(&exchange.headers, exchange.body.as_deref()?);
    }
    match &exchange.answer {
        Answer::Response { status: 200..=299, headers, body } => records(headers, body),
        _ => None,
    }
}

fn records(headers: &Headers, body: &[u8]) -> Option<Vec<Json>> {
    let text = std::str::from_utf8(body).ok().filter(|text| !text.trim().is_empty())?;
    let kind = headers.get("Content-Type").map(content_type::essence).unwrap_or_default();
    match kind.as_str() {
        "text/csv" => samples::csv(text, Separator::Comma).ok().map(|(records, _)| records),
        "application/x-www-form-urlencoded" => {
            let pairs = query::parse(text).into_iter().map(|(name, value)| (name, samples::typed(&value)));
            Some(vec![Json::Object(pairs.collect())])
        }
        kind if kind.contains("xml") => samples::xml(text).ok(),
        _ => serde_json::from_str(text)
            .ok()
            .filter(|json: &Json| json.is_object() || json.is_array())
            .map(|json| vec![json]),
    }
}
