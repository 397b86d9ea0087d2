//! Failures on standard error, for people and for programs; and how an unwound run becomes a failure.

use super::advice;
use super::args::{Color, Display, ErrorFormat};
use super::failure::{Failure, Kind};
use crate::connector::USAGE;
use crate::connector::failure::{REQUEST, RESPONSE};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::{self, Style};
use crate::http::redact::Redactor;
use crate::http::status;
use crate::text::Source;
use crate::value::{ClassId, Exception, Limit, Unwind, Value, json};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::rc::Rc;

/// This much of a response body is shown.
const EXCERPT: usize = 2048;
/// This much of a message or an address is shown to people.
const LINE: usize = 1000;

/// How reports are drawn on this terminal.
pub fn style(display: &Display) -> Style {
    let color = match display.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::env::var_os("NO_COLOR").is_none() && std::io::stderr().is_terminal(),
    };
    Style { color, ..Style::default() }
}

/// Prints a failure and gives the exit status.
pub fn failure(mut failure: Failure, display: &Display, redactor: &Redactor) -> u8 {
    failure.request = failure.request.map(|request| masked(request, redactor));
    failure.response = failure.response.map(|response| masked(response, redactor));
    // Before the report breaks them into lines.
    failure.diagnostic.message = redactor.message(&failure.diagnostic.message);
    failure.diagnostic.help = failure.diagnostic.help.map(|help| redactor.text(&help));
    let text = match display.error_format {
        ErrorFormat::Human => human(&failure, style(display)),
        ErrorFormat::Json => format!("{}\n", machine(&failure)),
    };
    // Nothing is left to do when standard error is closed.
    let _ = std::io::stderr().write_all(redactor.text(&text).as_bytes());
    failure.kind.status()
}

/// A request or response as it may be shown: secrets masked by field, too.
fn masked(mut exchange: Json, redactor: &Redactor) -> Json {
    let mut content_type = None;
    if let Some(url) = exchange["url"].as_str() {
        exchange["url"] = redactor.url(url).into();
    }
    if let Some(headers) = exchange["headers"].as_object() {
        let shown = headers.iter().map(|(name, value)| {
            let text = value.as_str().unwrap_or_default();
            if name.eq_ignore_ascii_case("content-type") {
                content_type = Some(text.to_owned());
            }
            (redactor.text(name), redactor.header(name, text).into())
        });
        exchange["headers"] = Json::Object(shown.collect());
    }
    if let Some(body) = exchange["body"].as_str() {
        let body = redactor.body(content_type.as_deref(), body.as_bytes());
        exchange["body"] = cut(&body, EXCERPT).into();
    }
    exchange
}

/// Prints remarks that a run left behind.
pub fn remarks(remarks: &[String], display: &Display, redactor: &Redactor) {
    for remark in remarks.iter().filter(|_| !display.quiet) {
        // A closed standard error is no reason to fail.
        let _ = writeln!(std::io::stderr(), "note: {}", redactor.text(remark));
    }
}

fn human(failure: &Failure, style: Style) -> String {
    let message = cut(&failure.diagnostic.message, LINE);
    let mut out = render::human(&Diagnostic { message, ..(*failure.diagnostic).clone() }, style);
    if let Some(request) = &failure.request {
        let field = |name: &str| request[name].as_str().unwrap_or_default();
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "  request   {} {}", field("method"), cut(field("url"), LINE));
        out.push_str(&indented(field("body")));
    }
    if let Some(response) = &failure.response {
        let code = response["status"].as_u64().and_then(|code| u16::try_from(code).ok());
        let _ = writeln!(out, "  response  {}", code.map(status::message).unwrap_or_default());
        out.push_str(&indented(response["body"].as_str().unwrap_or_default()));
    }
    for cause in &failure.causes {
        let _ = writeln!(out, "  made of   {cause}");
    }
    if let (false, Some(source)) = (failure.trace.is_empty(), &failure.source) {
        out.push_str("  trace, innermost first\n");
        let width = failure.trace.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0);
        for calls in failure.trace.chunk_by(|a, b| a == b) {
            let Some((what, span)) = calls.first() else { continue };
            let place = source.line_column(span.lo);
            let times = if calls.len() > 1 { format!("  (and {} more)", calls.len() - 1) } else { String::new() };
            let _ = writeln!(out, "    {what:width$}  {}:{}:{}{times}", source.name(), place.line, place.column);
        }
    }
    out
}

/// A body under its heading, long lines broken.
fn indented(body: &str) -> String {
    const WIDTH: usize = 88;
    let mut out = String::new();
    for line in body.lines() {
        let characters: Vec<char> = line.chars().collect();
        for piece in characters.chunks(WIDTH) {
            let _ = writeln!(out, "            {}", piece.iter().collect::<String>());
        }
    }
    out
}

/// The object of `--error-format json`, on one line.
fn machine(failure: &Failure) -> Json {
    let diagnostic = render::json(&failure.diagnostic);
    let trace = failure.trace.iter().map(|(what, span)| {
        let place = failure.source.as_ref().map(|source| source.line_column(span.lo));
        json!({
            "what": what,
            "file": failure.source.as_ref().map(crate::text::Source::name),
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
        })
    });
    json!({
        "code": failure.diagnostic.code,
        "kind": failure.kind.name(),
        "message": failure.diagnostic.message,
        "class": failure.class,
        "file": diagnostic["file"],
        "line": diagnostic["line"],
        "column": diagnostic["column"],
        "end_line": diagnostic["end_line"],
        "end_column": diagnostic["end_column"],
        "help": failure.diagnostic.help,
        "trace": trace.collect::<Vec<_>>(),
        "request": failure.request,
        "response": failure.response,
    })
}

/// The error of a run and, one after the other, the errors that were being handled when it was raised.
pub fn causes(unwind: &Unwind) -> Vec<String> {
    const MOST: usize = 20;
    let Unwind::Raise(exception) = unwind else { return Vec::new() };
    let mut causes = Vec::new();
    let mut next = Some(Rc::clone(exception));
    while let Some(exception) = next.take().filter(|_| causes.len() < MOST) {
        causes.push(format!("{}: {}", exception.class.name(), exception.message()));
        next.clone_from(&exception.cause.borrow());
    }
    causes
}

/// The failure of a run that was unwound.
pub fn of_unwind(unwind: &Unwind, source: &Source) -> Failure {
    match unwind {
        Unwind::Raise(exception) => of_exception(exception, source),
        Unwind::Limit { limit, message, place } => {
            let help = match limit {
                Limit::Steps => "an endless loop? raise the limit with `--max-steps N`",
                Limit::Depth => "does a lambda call itself without an end? raise the limit with `--max-depth N`",
                Limit::Memory => "build less at once, or raise the limit with `--max-memory MB`",
                Limit::Walk => "what is put into itself twice, as in `a = [a, a]`, doubles each time",
                Limit::Time => "an endless loop, or a slow API? raise the limit with `--timeout SECONDS`",
            };
            let diagnostic =
                Diagnostic::error(limit_code(*limit), format!("stopped: the run used {message}")).help(help);
            with_place(Failure::new(Kind::Limit, diagnostic), place, source, "stopped here")
        }
        _ => Failure::new(Kind::Connector, Diagnostic::error("run::jump", "a jump left the connector")),
    }
}

const fn limit_code(limit: Limit) -> &'static str {
    match limit {
        Limit::Steps => "limit::steps",
        Limit::Depth => "limit::depth",
        Limit::Memory => "limit::memory",
        Limit::Time => "limit::time",
        Limit::Walk => "limit::walk",
    }
}

fn of_exception(exception: &Exception, source: &Source) -> Failure {
    let class = exception.class.name();
    let kind = kind_of(exception);
    let message = exception.message();
    let short = class.rsplit("::").next().unwrap_or(class);
    let message = if message.is_empty() { class.to_owned() } else { message };
    let request = exception.attribute(REQUEST).map(|request| as_json(&request));
    let label = match &request {
        Some(_) => "this request",
        None => short,
    };
    let code = match exception.attribute(USAGE) {
        Some(Value::Str(what)) if what.to_text() == "connector" => "usage::connector",
        None if kind == Kind::Usage => "usage::input",
        _ => code_of(kind),
    };
    let diagnostic = Diagnostic::error(code, message);
    let mut failure = with_place(Failure::new(kind, diagnostic), exception, source, label);
    failure.class = Some(class.to_owned());
    failure.request = request;
    failure.response = response_of(exception);
    failure.diagnostic.help = exception.help.borrow().clone().or_else(|| advised(exception, &failure));
    failure
}

fn advised(exception: &Exception, failure: &Failure) -> Option<String> {
    if failure.kind == Kind::Offline {
        return Some("leave `--offline` away to send it, or try `--sandbox`".to_owned());
    }
    let response = failure.response.as_ref()?;
    let advice = match exception.attribute("code") {
        Some(Value::Int(code)) => advice::for_status(code),
        _ => advice::for_unreadable(exception, response["body"].as_str().unwrap_or_default()),
    };
    advice.map(str::to_owned)
}

fn with_place(mut failure: Failure, exception: &Exception, source: &Source, label: &str) -> Failure {
    if let Some(span) = exception.span() {
        failure = failure.at(source, span, label);
    }
    let trace = exception.trace.borrow();
    failure.trace =
        trace.iter().map(|entry| (entry.what.clone(), entry.span)).filter(|(_, span)| !span.is_empty()).collect();
    failure.source = Some(source.clone());
    failure
}

const fn code_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Connector => "run::error",
        Kind::Api => "run::api",
        Kind::Auth => "run::auth",
        Kind::Network => "run::network",
        Kind::Limit => "limit::answer",
        Kind::Offline => "run::offline",
        Kind::Usage => "usage::name",
        Kind::Interrupted => "run::interrupted",
    }
}

fn kind_of(exception: &Exception) -> Kind {
    if let Some(Value::Symbol(kind)) = exception.attribute("kind") {
        let kinds = [Kind::Api, Kind::Auth, Kind::Network, Kind::Limit, Kind::Offline, Kind::Usage];
        if let Some(kind) = kinds.into_iter().find(|known| kind.with(|text| text == known.name())) {
            return kind;
        }
    }
    if exception.attribute(USAGE).is_some() || exception.class.is_a(ClassId::SDK_MISSING_INPUT_ERROR) {
        return Kind::Usage;
    }
    if exception.attribute("offline").is_some() {
        return Kind::Offline;
    }
    if exception.attribute(RESPONSE).is_some() {
        return match exception.attribute("code") {
            Some(Value::Int(401 | 403)) => Kind::Auth,
            _ => Kind::Api,
        };
    }
    if exception.attribute(REQUEST).is_some() { Kind::Network } else { Kind::Connector }
}

fn response_of(exception: &Exception) -> Option<Json> {
    Some(as_json(&exception.attribute(RESPONSE)?))
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn as_json(value: &Value) -> Json {
    json::generate(value).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null)
}
