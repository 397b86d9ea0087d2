//! An issue tracker in the manner of code hosting sites: pages with a `Link` header, comments.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::World;
use super::message::{Asked, Reply};

/// How many issues every repository has when it is first asked for.
const COUNT: u64 = 42;
/// Writes a sandbox keeps.
const MOST: usize = 10_000;

/// What was written, by `owner/name`; the rest is made up when asked.
#[derive(Default)]
pub(super) struct Trackers {
    repositories: BTreeMap<String, Tracker>,
    writes: usize,
}

#[derive(Default)]
struct Tracker {
    opened: Vec<Value>,
    comments: BTreeMap<u64, Vec<Value>>,
}

const TITLES: [&str; 6] = [
    "Crash when the list is empty",
    "Explain the retry setting",
    "Timeout after an hour of work",
    "Sort order differs between pages",
    "Add a dry run",
    "Typo in the welcome mail",
];
const PEOPLE: [&str; 4] = ["ada", "grace", "linus", "margaret"];

type Refusal = (u16, String);

fn replied(outcome: Result<Reply, Refusal>) -> Reply {
    outcome.unwrap_or_else(|(status, message)| Reply::json(status, &json!({ "message": message })))
}

fn authorize(asked: &Asked) -> Result<(), Refusal> {
    let basic = asked.headers.get("Authorization").is_some_and(|field| field.starts_with("Basic "));
    if basic || asked.bearer().is_some() {
        return Ok(());
    }
    Err((401, "Requires authentication: send Authorization: Bearer with any token".to_owned()))
}

/// The time of the nth event of a repository, a few hours after the one before.
fn moment(n: u64) -> String {
    let hours = TimeDelta::hours(7 * i64::try_from(n).unwrap_or_default());
    (DateTime::from_timestamp(1_483_351_200, 0).unwrap_or_default() + hours).to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn choose(from: &[&'static str], by: u64) -> &'static str {
    let at = usize::try_from(by).unwrap_or_default() % from.len().max(1);
    from.get(at).copied().unwrap_or_default()
}

fn repository(asked: &Asked) -> String {
    format!("{}/{}", asked.capture("owner"), asked.capture("name"))
}

fn issue(asked: &Asked, number: u64, title: &str, body: &str, author: &str, closed: bool) -> Value {
    let url = format!("{}/repos/{}/issues/{number}", asked.origin(), repository(asked));
    json!({
        "id": 1_000_000 + number,
        "number": number,
        "title": title,
        "body": body,
        "state": if closed { "closed" } else { "open" },
        "user": { "login": author },
        "labels": [{ "name": if number.is_multiple_of(2) { "bug" } else { "question" } }],
        "comments": 0,
        "created_at": moment(number),
        "updated_at": moment(number),
        "url": url,
    })
}

impl Trackers {
    /// Every issue of the repository asked for, oldest first.
    fn all(&self, asked: &Asked) -> Vec<Value> {
        let tracker = self.repositories.get(&repository(asked));
        let made_up = (1..=COUNT).map(|number| {
            let title = format!("{} (#{number})", choose(&TITLES, number));
            let body = format!("Seen in {}.\n\nSteps: open it, wait, look.", asked.capture("name"));
            issue(asked, number, &title, &body, choose(&PEOPLE, number), number.is_multiple_of(3))
        });
        let mut issues: Vec<Value> =
            made_up.chain(tracker.into_iter().flat_map(|tracker| tracker.opened.iter().cloned())).collect();
        for issue in &mut issues {
            let number = issue["number"].as_u64().unwrap_or_default();
            let written = tracker.and_then(|tracker| tracker.comments.get(&number)).map_or(0, Vec::len);
            issue["comments"] = (first_comments(number) + written as u64).into();
        }
        issues
    }

    fn find(&self, asked: &Asked) -> Result<(u64, Value), Refusal> {
        let number = asked.capture("number").parse().unwrap_or_default();
        let issue = self.all(asked).into_iter().find(|issue| issue["number"].as_u64() == Some(number));
        issue.map(|issue| (number, issue)).ok_or_else(|| (404, "Not Found".to_owned()))
    }

    /// Counts a write; there is room for so many.
    fn write(&mut self) -> Result<(), Refusal> {
        if self.writes >= MOST {
            return Err((507, format!("the sandbox keeps {MOST} writes; start a new one")));
        }
        self.writes += 1;
        Ok(())
    }
}

/// How many comments an issue has to begin with.
const fn first_comments(number: u64) -> u64 {
    if number > COUNT { 0 } else { number % 3 }
}

fn required<'a>(data: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    let text = data.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| (422, format!("Validation Failed: {name} is missing or not text")))
}

fn number_of(asked: &Asked, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
    let Some(text) = asked.param(name) else { return Ok(default) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| (422, format!("{name} {text:?} is not a whole number from 1 to {most}")))
}

pub(super) fn user(_: &World, asked: &Asked) -> Reply {
    replied(authorize(asked).map(|()| Reply::json(200, &json!({ "login": "sandbox", "id": 1, "type": "User" }))))
}

pub(super) fn list(world: &World, asked: &Asked) -> Reply {
    let page = || {
        let state = asked.param("state").unwrap_or("open");
        if !["open", "closed", "all"].contains(&state) {
            return Err((422, format!("state {state:?} is none of \"open\", \"closed\", \"all\"")));
        }
        let since = match asked.param("since") {
            None => None,
            Some(text) => Some(
                DateTime::parse_from_rfc3339(&text.replace(' ', "+"))
                    .map(|time| time.to_utc())
                    .map_err(|_| (422, format!("since {text:?} is not a time such as 2017-01-02T12:34:56Z")))?,
            ),
        };
        let (page, size) = (number_of(asked, "page", 1, 1_000_000)?, number_of(asked, "per_page", 30, 100)?);
        let trackers = world.issues.lock().unwrap_or_else(PoisonError::into_inner);
        let mut issues = trackers.all(asked);
        issues.retain(|issue| {
            let updated = issue["updated_at"].as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
            (state == "all" || issue["state"] == state) && since.is_none_or(|since| updated >= Some(since))
        });
        let last = issues.len().div_ceil(size).max(1);
        let shown: Vec<Value> = issues.into_iter().rev().skip((page - 1) * size).take(size).collect();
        let reply = Reply::json(200, &Value::Array(shown));
        Ok(match links(asked, page, last) {
            Some(links) => reply.header("Link", links),
            None => reply,
        })
    };
    replied(page())
}

/// The `Link` field: where the neighbouring pages are.
fn links(asked: &Asked, page: usize, last: usize) -> Option<String> {
    let to = |page: usize, rel: &str| {
        let mut pairs: Vec<&str> =
            asked.query_string.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("page=")).collect();
        let page = format!("page={page}");
        pairs.push(&page);
        format!("<{}{}?{}>; rel=\"{rel}\"", asked.origin(), asked.path, pairs.join("&"))
    };
    let mut links = Vec::new();
    if page > 1 {
        links.extend([to(page - 1, "prev"), to(1, "first")]);
    }
    if page < last {
        links.extend([to(page + 1, "next"), to(last, "last")]);
    }
    (!links.is_empty()).then(|| links.join(", "))
}

pub(super) fn show(world: &World, asked: &Asked) -> Reply {
    let trackers = world.issues.lock().unwrap_or_else(PoisonError::into_inner);
    replied(trackers.find(asked).map(|(_, issue)| Reply::json(200, &issue)))
}

pub(super) fn create(world: &World, asked: &Asked) -> Reply {
    let created = || {
        authorize(asked)?;
        let data = asked.data().map_err(|message| (400, message))?;
        let title = required(&data, "title")?;
        let body = data.get("body").and_then(Value::as_str).unwrap_or_default();
        let mut trackers = world.issues.lock().unwrap_or_else(PoisonError::into_inner);
        trackers.write()?;
        let tracker = trackers.repositories.entry(repository(asked)).or_default();
        let number = COUNT + 1 + tracker.opened.len() as u64;
        let issue = issue(asked, number, title, body, "sandbox", false);
        tracker.opened.push(issue.clone());
        Ok(Reply::json(201, &issue))
    };
    replied(created())
}

fn comment_value(number: u64, at: u64, body: &str, author: &str) -> Value {
    let time = moment(number + at);
    let id = number * 1000 + at;
    json!({ "id": id, "body": body, "user": { "login": author }, "created_at": time, "updated_at": time })
}

pub(super) fn comments(world: &World, asked: &Asked) -> Reply {
    let shown = || {
        let trackers = world.issues.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, _) = trackers.find(asked)?;
        let first = (1..=first_comments(number))
            .map(|at| comment_value(number, at, "I see this too.", choose(&PEOPLE, number + at)));
        let written = trackers.repositories.get(&repository(asked)).and_then(|tracker| tracker.comments.get(&number));
        let all: Vec<Value> = first.chain(written.into_iter().flatten().cloned()).collect();
        Ok(Reply::json(200, &Value::Array(all)))
    };
    replied(shown())
}

pub(super) fn comment(world: &World, asked: &Asked) -> Reply {
    let added = || {
        authorize(asked)?;
        let data = asked.data().map_err(|message| (400, message))?;
        let body = required(&data, "body")?;
        let mut trackers = world.issues.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, _) = trackers.find(asked)?;
        trackers.write()?;
        let tracker = trackers.repositories.entry(repository(asked)).or_default();
        let written = tracker.comments.entry(number).or_default();
        let comment = comment_value(number, first_comments(number) + written.len() as u64 + 1, body, "sandbox");
        written.push(comment.clone());
        Ok(Reply::json(201, &comment))
    };
    replied(added())
}
