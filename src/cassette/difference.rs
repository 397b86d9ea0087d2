//! How a request differs from the recorded one that it is most like.

use super::body::Compared;
use super::key::Key;
use serde_json::Value as Json;

/// This many differences are named.
const MOST: usize = 8;
/// So much of a value is shown.
const SHOWN: usize = 80;

/// How far apart two requests are; the smaller, the more alike.
pub fn distance(a: &Key, b: &Key) -> usize {
    let unlike = |same: bool, weight: usize| if same { 0 } else { weight };
    let pieces = |key: &Key| key.path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (left, right) = (pieces(a), pieces(b));
    let paths = left.iter().zip(&right).filter(|(a, b)| a != b).count() + left.len().abs_diff(right.len());
    let queries = a.query.iter().filter(|pair| !b.query.contains(pair)).count()
        + b.query.iter().filter(|pair| !a.query.contains(pair)).count();
    unlike(a.place == b.place, 40)
        + unlike(a.method == b.method, 12)
        + 8 * paths.min(10)
        + 2 * queries.min(20)
        + unlike(a.body == b.body, 3)
}

/// Each difference on a line: what, how it was recorded, how it is now.
///
/// `then` says how it was: recorded, or expected.
pub fn differences(then: &str, recorded: &Key, now: &Key) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |what: &str, recorded: &str, now: &str| {
        if recorded != now {
            found.push(format!("{what}: {then} {}, now {}", short(recorded), short(now)));
        }
    };
    differ("method", recorded.method.as_str(), now.method.as_str());
    differ("host", &recorded.place, &now.place);
    differ("path", &recorded.path, &now.path);
    found.extend(queries(then, &recorded.query, &now.query));
    if recorded.body != now.body {
        found.extend(bodies(then, &recorded.body, &now.body));
    }
    if found.len() > MOST {
        let more = found.len() - MOST;
        found.truncate(MOST);
        found.push(format!("and {more} more"));
    }
    found
}

fn queries(then: &str, recorded: &[(String, String)], now: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<&str> = recorded.iter().chain(now).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let values = |pairs: &[(String, String)], name: &str| {
        let values: Vec<&str> =
            pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
        if values.is_empty() { None } else { Some(values.join(", ")) }
    };
    let lines = names.into_iter().filter_map(|name| match (values(recorded, name), values(now, name)) {
        (Some(before), Some(after)) if before == after => None,
        (Some(before), Some(after)) => {
            Some(format!("parameter `{name}`: {then} {}, now {}", short(&before), short(&after)))
        }
        (Some(before), None) => Some(format!("parameter `{name}`: {then} {}, now not there", short(&before))),
        (None, Some(after)) => Some(format!("parameter `{name}`: not {then}, now {}", short(&after))),
        (None, None) => None,
    });
    lines.collect()
}

fn bodies(then: &str, recorded: &Compared, now: &Compared) -> Vec<String> {
    match (recorded, now) {
        (Compared::Json(before), Compared::Json(after)) => {
            let parsed = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_default();
            let mut found = Vec::new();
            walk(then, "body", &parsed(before), &parsed(after), &mut found);
            found
        }
        (Compared::Text(before), Compared::Text(after)) => {
            let pair = before.lines().zip(after.lines()).enumerate().find(|(_, (a, b))| a != b);
            vec![match pair {
                Some((at, (a, b))) => format!("body, line {}: {then} {}, now {}", at + 1, short(a), short(b)),
                None => format!("body: {then} {} lines, now {}", before.lines().count(), after.lines().count()),
            }]
        }
        (before, after) => vec![format!("body: {then} {}, now {}", named(before), named(after))],
    }
}

fn named(body: &Compared) -> String {
    match body {
        Compared::Nothing => "none".to_owned(),
        Compared::Json(text) | Compared::Text(text) => short(text),
        Compared::Bytes(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// The leaves that differ, by their place: `body.customer.lines[2].price`.
fn walk(then: &str, place: &str, recorded: &Json, now: &Json, found: &mut Vec<String>) {
    match (recorded, now) {
        (Json::Object(before), Json::Object(after)) => {
            for (name, value) in before {
                match after.get(name) {
                    Some(other) => walk(then, &format!("{place}.{name}"), value, other, found),
                    None => found.push(format!("{place}.{name}: {then} {}, now not there", short(&value.to_string()))),
                }
            }
            for (name, value) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
                found.push(format!("{place}.{name}: not {then}, now {}", short(&value.to_string())));
            }
        }
        (Json::Array(before), Json::Array(after)) => {
            for (at, (a, b)) in before.iter().zip(after).enumerate() {
                walk(then, &format!("{place}[{at}]"), a, b, found);
            }
            if before.len() != after.len() {
                found.push(format!("{place}: {then} {} items, now {}", before.len(), after.len()));
            }
        }
        (before, after) if before != after => {
            let (before, after) = (before.to_string(), after.to_string());
            found.push(format!("{place}: {then} {}, now {}", short(&before), short(&after)));
        }
        _ => {}
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None if text.is_empty() => "nothing".to_owned(),
        None => text.to_owned(),
    }
}
