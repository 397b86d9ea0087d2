//! Routes that show how a client behaves: echo, statuses, delays, redirects, basic authentication, a feed.

use std::time::Duration;

use base64::Engine as _;
use chrono::{DateTime, TimeDelta};
use serde_json::{Map, Value, json};

use super::World;
use super::message::{Asked, Format, Reply};
use crate::http::{content_type, query, status, xml};

const LONGEST_PAUSE: u64 = 60_000;

fn refused(message: String) -> Reply {
    Reply::error(400, Format::Json, message)
}

/// Pairs as an object; a key that comes again makes an array.
fn object(pairs: impl IntoIterator<Item = (String, String)>) -> Value {
    let mut fields = Map::new();
    for (key, value) in pairs {
        match fields.get_mut(&key) {
            None => drop(fields.insert(key, value.into())),
            Some(Value::Array(values)) => values.push(value.into()),
            Some(first) => *first = json!([first.take(), value]),
        }
    }
    Value::Object(fields)
}

/// Header fields that stand in an answer under the names they came with.
fn header_object(asked: &Asked) -> Value {
    object(asked.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())))
}

pub(super) fn echo(_: &World, asked: &Asked) -> Reply {
    let content_type = asked.headers.get("Content-Type").map(content_type::essence).unwrap_or_default();
    let mut shown = json!({
        "method": asked.method,
        "path": asked.path,
        "query_string": asked.query_string,
        "query": object(asked.query.iter().cloned()),
        "headers": header_object(asked),
    });
    match std::str::from_utf8(&asked.body) {
        Ok(text) => shown["body"] = text.into(),
        Err(_) => shown["body_base64"] = base64::engine::general_purpose::STANDARD.encode(&asked.body).into(),
    }
    if let Ok(parsed) = serde_json::from_slice::<Value>(&asked.body) {
        shown["json"] = parsed;
    }
    if content_type == "application/x-www-form-urlencoded" {
        shown["form"] = object(query::parse(&String::from_utf8_lossy(&asked.body)));
    }
    Reply::json(200, &shown)
}

pub(super) fn status(_: &World, asked: &Asked) -> Reply {
    let text = asked.capture("code");
    match text.parse::<u16>() {
        Ok(code @ 200..=599) => {
            let reply = Reply::json(code, &json!({ "status": code, "reason": status::reason(code) }));
            if status::is_redirect(code) { reply.header("Location", "/echo") } else { reply }
        }
        _ => refused(format!("status {text:?} is not a number from 200 to 599")),
    }
}

pub(super) fn slow(world: &World, asked: &Asked) -> Reply {
    let text = asked.capture("ms");
    match text.parse::<u64>() {
        Ok(ms) if ms <= LONGEST_PAUSE => {
            world.pause(Duration::from_millis(ms));
            Reply::json(200, &json!({ "waited_ms": ms }))
        }
        _ => refused(format!("{text:?} is not a number of milliseconds from 0 to {LONGEST_PAUSE}")),
    }
}

pub(super) fn redirects(_: &World, asked: &Asked) -> Reply {
    let text = asked.capture("n");
    match text.parse::<u16>() {
        Ok(0) => Reply::json(200, &json!({ "arrived": true, "method": asked.method })),
        Ok(left @ 1..=100) => moved(302, &format!("/redirect/{}", left - 1)),
        _ => refused(format!("{text:?} is not a number of redirects from 0 to 100")),
    }
}

pub(super) fn redirect(_: &World, asked: &Asked) -> Reply {
    let code = asked.param("status").unwrap_or("302");
    let Some(code) = code.parse().ok().filter(|code| status::is_redirect(*code)) else {
        return refused(format!("status {code:?} is not one of 301, 302, 303, 307, 308"));
    };
    match asked.param("to") {
        Some(to) => moved(code, to),
        None => refused("the parameter `to` is missing: where to redirect".to_owned()),
    }
}

fn moved(code: u16, to: &str) -> Reply {
    Reply::json(code, &json!({ "moved_to": to })).header("Location", to)
}

pub(super) fn basic_auth(_: &World, asked: &Asked) -> Reply {
    let expected = format!("{}:{}", asked.capture("user"), asked.capture("password"));
    let given = asked
        .headers
        .get("Authorization")
        .and_then(|field| field.strip_prefix("Basic "))
        .and_then(|encoded| base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok());
    if given.as_deref() == Some(expected.as_bytes()) {
        return Reply::json(200, &json!({ "authenticated": true, "user": asked.capture("user") }));
    }
    let message = "the user and password of this path are expected by basic authentication";
    Reply::error(401, Format::Json, message).header("WWW-Authenticate", "Basic realm=\"sandbox\"")
}

/// Headlines of the feed, newest first.
const NEWS: [&str; 8] = [
    "Search finds words inside attachments",
    "Exports now keep column order",
    "A calmer dashboard",
    "Webhooks are signed",
    "Dark mode for the whole app",
    "Faster imports for large files",
    "Time zones follow the account",
    "Hello & welcome",
];

pub(super) fn feed(_: &World, asked: &Asked) -> Reply {
    let origin = asked.origin();
    let mut channel = xml::Element::new("channel")
        .with_text("title", "Sandbox news")
        .with_text("link", format!("{origin}/"))
        .with_text("description", "What is new in a product that does not exist");
    for (at, title) in (0..).zip(NEWS) {
        let number = NEWS.len() - at;
        let days = TimeDelta::days(3 * i64::try_from(number).unwrap_or_default());
        let published = DateTime::from_timestamp(1_483_347_600, 0).unwrap_or_default() + days;
        channel = channel.with(
            xml::Element::new("item")
                .with_text("title", title)
                .with_text("link", format!("{origin}/news/{number}"))
                .with_text("guid", format!("{origin}/news/{number}"))
                .with_text("pubDate", published.to_rfc2822())
                .with_text("description", format!("{title}: <b>read more</b>.")),
        );
    }
    let rss = xml::Element {
        attributes: vec![("version".to_owned(), "2.0".to_owned())],
        ..xml::Element::new("rss").with(channel)
    };
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", rss.to_xml());
    Reply::text(200, "application/rss+xml; charset=utf-8", body)
}
