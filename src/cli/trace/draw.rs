//! Requests drawn for a terminal: as a line, in full, and all of a run as a table with a bar for the time of each.

use super::file::Kept;
use crate::cli::paint::{Paint, middle};
use crate::http::dry::ANSWERED_BY;
use crate::http::redact::{MASK_START, Redactor};
use crate::http::trace::{Answer, Body, Exchange, Record};
use crate::http::{Request, Response, status};
use chrono::{DateTime, Utc};

/// So many characters of a body are printed while a run goes on.
pub const EXCERPT: usize = 2000;

/// So much of a body that is not sent is shown.
const UNSENT: usize = 1 << 20;

/// One exchange on one line, as `-v` shows it.
pub fn line(record: &Record) -> String {
    let outcome = match &record.answer {
        Some(answer) => format!("{}, {} bytes", status::message(answer.status), answer.body.bytes),
        None => record.error.clone().unwrap_or_default(),
    };
    format!("{} {} → {outcome} in {:.1} ms\n", record.method, record.url, record.took)
}

/// Which it was: number, cause and place.
pub fn heading(record: &Record) -> Vec<String> {
    std::iter::once(record.number.to_string()).chain(remarks(record)).collect()
}

fn remarks(record: &Record) -> Vec<String> {
    let place = record.place.as_ref().map(|place| format!("{}:{}", place.file, place.line));
    let cause = Some(record.cause.clone()).filter(|cause| !cause.is_empty());
    cause.into_iter().chain(place).collect()
}

/// Request and answer with heads and bodies; of bodies at most so many characters.
pub fn whole(record: &Record, paint: Paint, most: Option<usize>) -> String {
    let remarks = remarks(record).join(" · ");
    let remarks = if remarks.is_empty() { remarks } else { paint.dim(&format!("  {remarks}")) };
    let mut out = format!("{} {} {}{remarks}\n", paint.bold("→"), paint.bold(&record.method), paint.bold(&record.url));
    out += &head(&record.headers, paint);
    out += &record.body.as_ref().map(|body| block(body, paint, most)).unwrap_or_default();
    out.push('\n');
    match &record.answer {
        Some(answer) => {
            let summary = format!("{}, {}", milliseconds(record.took), size(answer.body.bytes));
            let parts = if most.is_none() { parts(record) } else { String::new() };
            let parts = if parts.is_empty() { parts } else { paint.dim(&format!("  {parts}")) };
            out += &format!("{} {} in {summary}{parts}\n", paint.bold("←"), outcome(answer, paint));
            out += &head(&answer.headers, paint);
            out += &block(&answer.body, paint, most);
        }
        None => {
            let error = record.error.as_deref().unwrap_or_default();
            out += &format!("{} no answer after {}: {error}\n", paint.red("←"), milliseconds(record.took));
        }
    }
    out + "\n"
}

/// A request that a dry run keeps back, and what it is answered with.
pub fn unsent(request: &Request, answer: &Response, redactor: &Redactor, paint: Paint) -> String {
    let by = answer.headers.get(ANSWERED_BY).unwrap_or_default();
    let outcome = Ok(answer.clone());
    let record = Record::of(Exchange { request, outcome: &outcome }, redactor, UNSENT);
    let line = format!("{} {}", record.method, record.url);
    let mut out = format!("{} {}\n", paint.yellow("not sent"), paint.bold(&line));
    out += &head(&record.headers, paint);
    out += &record.body.as_ref().map(|body| block(body, paint, None)).unwrap_or_default();
    out + &paint.dim(&match by {
        "nothing" => {
            format!("  answered with {}, for there is nothing better\n\n", String::from_utf8_lossy(&answer.body))
        }
        "request" => "  answered with what was sent, for there is nothing better\n\n".to_owned(),
        by => format!("  answered with the {by}{}\n\n", if is_xml(answer) { ", written as XML" } else { "" }),
    })
}

fn is_xml(answer: &Response) -> bool {
    let recorded = answer.headers.get(ANSWERED_BY) == Some("recording");
    !recorded && answer.headers.get("Content-Type").is_some_and(|kind| kind.contains("xml"))
}

fn outcome(answer: &Answer, paint: Paint) -> String {
    let text = status::message(answer.status);
    match answer.status {
        200..=299 => paint.green(&text),
        300..=399 => paint.cyan(&text),
        _ => paint.red(&text),
    }
}

fn head(headers: &[(String, String)], paint: Paint) -> String {
    headers.iter().map(|(name, value)| format!("  {} {value}\n", paint.dim(&format!("{name}:")))).collect()
}

/// A body under its head.
fn block(body: &Body, paint: Paint, most: Option<usize>) -> String {
    if body.text.is_empty() {
        return String::new();
    }
    let text = body.pretty();
    let shown = most.and_then(|most| text.char_indices().nth(most)).map_or(text.as_str(), |(at, _)| &text[..at]);
    let mut out = String::from("\n");
    for line in shown.trim_end().lines() {
        out.push_str(if line.is_empty() { "" } else { "  " });
        out.push_str(line);
        out.push('\n');
    }
    if body.cut || shown.len() < text.len() {
        out.push_str(&paint.dim(&format!("  … of {}\n", size(body.bytes))));
    }
    out
}

/// Where the time went, in words.
fn parts(record: &Record) -> String {
    let parts = &record.parts;
    let named = [
        ("lookup", parts.lookup),
        ("connect", parts.connect),
        ("tls", parts.tls),
        ("send", parts.send),
        ("wait", parts.wait),
        ("receive", parts.receive),
    ];
    let shown = named.iter().filter(|(_, took)| *took >= 0.05);
    shown.map(|(name, took)| format!("{name} {}", milliseconds(*took))).collect::<Vec<_>>().join(" · ")
}

fn milliseconds(took: f64) -> String {
    if took >= 10_000.0 { format!("{:.1} s", took / 1000.0) } else { format!("{took:.1} ms") }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..=1023 => format!("{bytes} B"),
        1024..=1_048_575 => format!("{:.1} KB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// On narrower terminals answers have only their number.
const WIDE: usize = 100;

/// One request as the cells of its row.
struct Row {
    cells: [String; 6],
    failed: bool,
}

/// All of a run.
pub fn table(kept: &Kept, paint: Paint, width: usize, now: DateTime<Utc>) -> String {
    let records = &kept.records;
    let total = records.iter().map(|record| record.at + record.took).fold(0.0, f64::max);
    let first = records.iter().map(|record| record.at).fold(f64::INFINITY, f64::min).min(total);
    let mut out = title(kept, total - first, paint, width, now);
    if records.is_empty() {
        return out;
    }
    let host = only_host(records);
    let asked = host.map_or_else(|| "request".to_owned(), |host| format!("request to {host}"));
    let narrow = width < WIDE;
    let rows: Vec<Row> = records.iter().map(|record| row(record, host, narrow)).collect();
    let heads = ["#".to_owned(), "line".to_owned(), asked, "answer".to_owned(), "size".to_owned(), "time".to_owned()];
    let mut widths = heads.each_ref().map(|head| head.chars().count());
    for (at, widest) in widths.iter_mut().enumerate() {
        let longest = rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.chars().count()).max();
        *widest = longest.unwrap_or(0).max(*widest);
    }
    // The bar gets what addresses leave, addresses what a short bar leaves.
    let [number, line, address, answer, bytes, time] = widths;
    let fixed = number + line + answer + bytes + time + 2 * 7;
    let shortest = if narrow { 9 } else { 12 };
    let address = address.min(width.saturating_sub(fixed + shortest)).max(20);
    let bar = width.saturating_sub(fixed + address).clamp(8, 48);
    let columns = [number, line, address, answer, bytes, time];
    out += &paint.dim(laid_out(&heads, columns).trim_end());
    out.push('\n');
    for (row, record) in rows.iter().zip(records) {
        let text = laid_out(&row.cells, columns);
        out += &if row.failed { paint.red(&text) } else { text };
        out += &waterfall(record, first, (total - first).max(0.001), bar, paint);
        out.push('\n');
    }
    let sign = |symbol: char, word: &str, paint: &dyn Fn(&str) -> String| paint(&symbol.to_string()) + " " + word;
    let legend = [
        sign(CONNECT, "connect", &|text| paint.blue(text)),
        sign(WAIT, "send and wait", &|text| paint.magenta(text)),
        sign(RECEIVE, "receive", &|text| paint.green(text)),
    ];
    let more = "`connrun trace N`: one in full · `--curl`: as commands · `--har`: an archive";
    out + "\n" + &legend.join("   ") + "\n" + &paint.dim(more) + "\n"
}

fn title(kept: &Kept, took: f64, paint: Paint, width: usize, now: DateTime<Utc>) -> String {
    let run = &kept.head.run;
    let mut words = Vec::new();
    words.extend(Some(kept.head.connector.clone()).filter(|name| !name.is_empty()));
    words.push(ago((now - kept.head.began).num_seconds()));
    words.push(match kept.records.len() {
        0 => "nothing was sent".to_owned(),
        1 => format!("1 request in {}", milliseconds(took)),
        count => format!("{count} requests in {}", milliseconds(took)),
    });
    if kept.lost > 0 {
        words.push(format!("the {} before them are not kept", kept.lost));
    }
    let facts = words.join(" · ");
    // What does not fit on one line stands on two.
    let fits = run.chars().count() + 3 + facts.chars().count() <= width;
    format!("{}{}{facts}\n\n", paint.bold(run), if fits { " · " } else { "\n" })
}

/// The host that all requests went to.
fn only_host(records: &[Record]) -> Option<&str> {
    let mut hosts = records.iter().map(|record| host(&record.url));
    let first = hosts.next()?;
    hosts.all(|host| host == first).then_some(first)
}

fn without_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

fn host(url: &str) -> &str {
    without_scheme(url).split(['/', '?', '#']).next().unwrap_or_default()
}

/// Which secret it was can be read where there is more room.
fn short_masks(url: &str) -> String {
    let mut parts = url.split(MASK_START);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += "•••";
        out += part.split_once(']').map_or("", |(_, rest)| rest);
    }
    out
}

fn ago(seconds: i64) -> String {
    let (number, unit) = match seconds {
        ..5 => return "just now".to_owned(),
        5..120 => (seconds, "second"),
        120..7200 => (seconds / 60, "minute"),
        7200..172_800 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{number} {unit}s ago")
}

fn row(record: &Record, host: Option<&str>, narrow: bool) -> Row {
    let plain = without_scheme(&record.url);
    let plain = host.and_then(|host| plain.strip_prefix(host)).unwrap_or(plain);
    let plain = if plain.is_empty() { "/".to_owned() } else { short_masks(plain) };
    let answer = match &record.answer {
        Some(answer) if narrow => answer.status.to_string(),
        Some(answer) => status::message(answer.status),
        None => "no answer".to_owned(),
    };
    let answer = if record.cause.is_empty() { answer } else { format!("{answer} · {}", record.cause) };
    Row {
        cells: [
            record.number.to_string(),
            record.place.as_ref().map_or_else(String::new, |place| place.line.to_string()),
            format!("{} {plain}", record.method),
            answer,
            record.answer.as_ref().map_or_else(String::new, |answer| size(answer.body.bytes)),
            milliseconds(record.took),
        ],
        failed: record.answer.as_ref().is_none_or(|answer| answer.status >= 400),
    }
}

/// Cells under each other; numbers to the right.
fn laid_out(cells: &[String; 6], widths: [usize; 6]) -> String {
    let mut out = String::new();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let cell = if at == 2 { address(cell, width) } else { middle(cell, width) };
        let space = " ".repeat(width.saturating_sub(cell.chars().count()));
        out += &if matches!(at, 0 | 1 | 4 | 5) { space + &cell } else { cell + &space };
        out.push_str("  ");
    }
    out
}

/// An address that is too long keeps its path, and of its query the end.
fn address(text: &str, most: usize) -> String {
    let count = |text: &str| text.chars().count();
    match text.split_once('?') {
        Some((path, query)) if count(text) > most && count(path) + 8 <= most => {
            let room = most - count(path) - 2;
            let end: String = query.chars().skip(count(query) - room.min(count(query))).collect();
            format!("{path}?…{end}")
        }
        _ => middle(text, most),
    }
}

const CONNECT: char = '░';
const WAIT: char = '▒';
const RECEIVE: char = '█';

/// A bar from when the request left to when its answer was there, of all of the run's time.
fn waterfall(record: &Record, first: f64, total: f64, width: usize, paint: Paint) -> String {
    let place = |time: f64| (((time - first) / total) * width as f64).round().clamp(0.0, width as f64) as usize;
    let parts = &record.parts;
    let opened = parts.lookup + parts.connect + parts.tls;
    let received = parts.receive.min(record.took);
    let start = place(record.at).min(width.saturating_sub(1));
    let end = place(record.at + record.took).max(start + 1);
    let waiting = place(record.at + opened).clamp(start, end);
    // Something of the longest part is always to be seen.
    let receiving = place(record.at + record.took - received).clamp(waiting, end);
    let bar = |symbol: char, from: usize, to: usize| symbol.to_string().repeat(to.saturating_sub(from));
    " ".repeat(start)
        + &paint.blue(&bar(CONNECT, start, waiting))
        + &paint.magenta(&bar(WAIT, waiting, receiving))
        + &paint.green(&bar(RECEIVE, receiving, end))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_keep_their_path() {
        for (most, shown) in [
            (40, "GET /v1/items.json?limit=100&order=asc"),
            (30, "GET /v1/items.json?…&order=asc"),
            (26, "GET /v1/items.json?…er=asc"),
            (20, "GET /v1/items…er=asc"),
        ] {
            assert_eq!(address("GET /v1/items.json?limit=100&order=asc", most), shown);
        }
        assert_eq!(address("GET /v1/items", 9), "GET /…ems");
    }
}
