//! Guesses how a list goes on, from the names that parameters and answers have.

use super::resolved;
use super::schema::type_of;
use crate::import::model::{Operation, Paging, Place, Style};
use crate::import::write::PAGE;
use serde_json::Value as Json;

const SIZES: &[&str] = &[
    "per_page",
    "page_size",
    "pagesize",
    "limit",
    "size",
    "count",
    "max_results",
    "maxresults",
    "top",
    "$top",
    "first",
];
const NUMBERS: &[&str] = &["page", "page_number", "pagenumber", "pageno", "page_no"];
const OFFSETS: &[&str] = &["offset", "skip", "$skip", "start", "start_at", "startat", "start_index", "startindex"];
const LAST_IDS: &[&str] = &["starting_after", "after_id", "last_id", "since_id"];
const CURSORS: &[&str] = &[
    "cursor",
    "after",
    "page_token",
    "pagetoken",
    "next_token",
    "nexttoken",
    "next_cursor",
    "continuation_token",
    "start_cursor",
];
/// Where answers have the next cursor.
const NEXT: &[&str] = &[
    "next_cursor",
    "nextcursor",
    "next_page_token",
    "nextpagetoken",
    "next_token",
    "nexttoken",
    "cursor",
    "after",
    "end_cursor",
];
/// Objects of an answer that are about its page.
const ABOUT: &[&str] = &["meta", "paging", "pagination", "page_info", "pageinfo", "response_metadata", "cursors"];
/// Keys that hold a list's items, where an answer has several lists.
const ITEMS: &[&str] = &["data", "items", "results", "records", "values", "entries"];

/// How the list of an operation goes on; `None` if it is none, or nobody can tell.
pub fn guess(operation: &Operation, answer: &Json, response: &Json, document: &Json) -> Option<Paging> {
    if operation.method != "get" {
        return None;
    }
    let items = match type_of(answer) {
        "array" => None,
        "object" => Some(list_of(answer, document)?),
        _ => return None,
    };
    let style = style(operation, answer, response, document)?;
    let is_whole = matches!(style, Style::Cursor(..) | Style::LastId(..));
    if is_whole && items.is_none() {
        return None;
    }
    Some(Paging { style, items, size: size(operation) })
}

fn style(operation: &Operation, answer: &Json, response: &Json, document: &Json) -> Option<Style> {
    let headers = response["headers"].as_object();
    if headers.is_some_and(|headers| headers.keys().any(|name| name.eq_ignore_ascii_case("link"))) {
        return Some(Style::Link);
    }
    if let Some(name) = query(operation, LAST_IDS) {
        let more = ["has_more", "hasMore"].iter().find(|key| answer["properties"][**key].is_object());
        return Some(Style::LastId(name, more.map(|key| (*key).to_owned())));
    }
    if let Some(name) = query(operation, CURSORS)
        && let Some(path) = cursor(answer, document)
    {
        return Some(Style::Cursor(name, path));
    }
    // Without a size nobody can tell the last page.
    size(operation)?;
    query(operation, NUMBERS).map(Style::Number).or_else(|| query(operation, OFFSETS).map(Style::Offset))
}

/// The parameters that turn pages.
pub fn parameters(paging: &Paging) -> Vec<String> {
    let mut names: Vec<String> = paging.size.iter().map(|(name, _)| name.clone()).collect();
    match &paging.style {
        Style::Link => names.extend(NUMBERS.iter().chain(CURSORS).map(|name| (*name).to_owned())),
        Style::Number(name) | Style::Offset(name) | Style::Cursor(name, _) | Style::LastId(name, _) => {
            names.push(name.clone());
            names.push("ending_before".to_owned());
        }
    }
    names
}

/// The parameter of the query that has one of these names.
fn query(operation: &Operation, names: &[&str]) -> Option<String> {
    let here = operation.params.iter().filter(|param| param.place == Place::Query);
    let mut sent = here.map(|param| &param.sent);
    sent.find(|sent| names.contains(&sent.to_ascii_lowercase().as_str())).cloned()
}

fn size(operation: &Operation) -> Option<(String, u64)> {
    let name = query(operation, SIZES)?;
    Some((name, PAGE))
}

/// The key of the list in an answer that is an object.
fn list_of(answer: &Json, document: &Json) -> Option<String> {
    let properties = answer["properties"].as_object()?;
    let is_list = |schema: &Json| type_of(resolved(document, schema)) == "array";
    let lists: Vec<&String> = properties.iter().filter(|(_, schema)| is_list(schema)).map(|(name, _)| name).collect();
    match lists.as_slice() {
        [one] => Some((*one).clone()),
        several => several.iter().find(|name| ITEMS.contains(&name.as_str())).map(|name| (*name).clone()),
    }
}

/// Where the next cursor stands: at the top, or in an object that is about the page.
fn cursor(answer: &Json, document: &Json) -> Option<Vec<String>> {
    let find = |schema: &Json| {
        let properties = resolved(document, schema)["properties"].as_object()?.keys();
        properties.into_iter().find(|name| NEXT.contains(&name.to_ascii_lowercase().as_str())).cloned()
    };
    if let Some(name) = find(answer) {
        return Some(vec![name]);
    }
    let properties = answer["properties"].as_object()?;
    let mut inner = properties.iter().filter(|(name, _)| ABOUT.contains(&name.to_ascii_lowercase().as_str()));
    inner.find_map(|(name, schema)| Some(vec![name.clone(), find(schema)?]))
}
