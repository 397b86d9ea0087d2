//! The table of everything the server answers; the description at `/openapi.json` and docs/serve.md list these rows.

use super::openapi;
use super::reply::{Asked, Reply};
use super::{Desk, Kind, Order, RunOrder, Whom};
use crate::text::nearest;
use serde_json::json;

/// One thing the server answers.
pub struct Route {
    /// `GET`, `POST`, or `*` for all that can bear a webhook.
    pub method: &'static str,
    /// Segments, of which `{name}` matches any text.
    pub path: &'static str,
    pub guard: Guard,
    /// One sentence.
    pub doc: &'static str,
    /// Query parameters with what they mean.
    pub query: &'static [(&'static str, &'static str)],
    /// The status of a good answer.
    pub status: u16,
    pub(super) handler: fn(&dyn Desk, &Asked) -> Reply,
}

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    Open,
    Token,
}

type Handler = fn(&dyn Desk, &Asked) -> Reply;

const fn get(path: &'static str, handler: Handler, doc: &'static str) -> Route {
    Route { method: "GET", path, guard: Guard::Token, doc, query: &[], status: 200, handler }
}

const fn post(path: &'static str, handler: Handler, doc: &'static str) -> Route {
    Route { method: "POST", status: 202, ..get(path, handler, doc) }
}

const fn hook(path: &'static str, handler: Handler, doc: &'static str) -> Route {
    Route { method: "*", guard: Guard::Open, ..get(path, handler, doc) }
}

/// In the order in which the documentation shows them.
pub const ROUTES: &[Route] = &[
    get("/", index, "What there is."),
    Route {
        guard: Guard::Open,
        ..get("/health", |desk, _| desk.health(), "Whether the server runs: 200, or 503 while it stops.")
    },
    get("/triggers", |desk, _| desk.list(Kind::Trigger), "All triggers: schedule, next run, last error, counts."),
    get("/triggers/{name}", |desk, asked| desk.show(Kind::Trigger, asked.name()), "One trigger, with its cursor."),
    post(
        "/triggers/{name}/run",
        |desk, asked| desk.order(Kind::Trigger, asked.name(), Order::Run),
        "Polls now, or as soon as the poll that runs has ended.",
    ),
    post(
        "/triggers/{name}/pause",
        |desk, asked| desk.order(Kind::Trigger, asked.name(), Order::Pause),
        "Polls no more until it is resumed; webhooks are kept meanwhile.",
    ),
    post(
        "/triggers/{name}/resume",
        |desk, asked| desk.order(Kind::Trigger, asked.name(), Order::Resume),
        "Polls again.",
    ),
    get("/syncs", |desk, _| desk.list(Kind::Sync), "All syncs."),
    get("/syncs/{name}", |desk, asked| desk.show(Kind::Sync, asked.name()), "One sync, with its state."),
    post("/syncs/{name}/run", |desk, asked| desk.order(Kind::Sync, asked.name(), Order::Run), "Runs it now."),
    post(
        "/syncs/{name}/pause",
        |desk, asked| desk.order(Kind::Sync, asked.name(), Order::Pause),
        "Runs it no more until it is resumed.",
    ),
    post("/syncs/{name}/resume", |desk, asked| desk.order(Kind::Sync, asked.name(), Order::Resume), "Runs it again."),
    Route {
        query: &[
            ("trigger", "Only of this trigger, by its name in connrun.toml."),
            ("status", "Only with this status."),
            ("last", "Only the newest; 100 unless said otherwise, at most 1000."),
        ],
        ..get("/runs", |desk, asked| desk.runs(asked), "The jobs that events became, oldest first.")
    },
    get("/runs/{id}", |desk, asked| desk.run(asked.name()), "One job, with its event."),
    post(
        "/runs/{id}/cancel",
        |desk, asked| desk.order_run(asked.name(), RunOrder::Cancel),
        "Gives a job up; one that runs ends before its next request, or at its next `checkpoint!`.",
    ),
    post(
        "/runs/{id}/replay",
        |desk, asked| desk.order_run(asked.name(), RunOrder::Replay),
        "Puts a job back into its queue, to begin anew.",
    ),
    Route {
        guard: Guard::Open,
        ..post(
            "/resume/{token}",
            |desk, asked| desk.resume(asked.name(), asked),
            "Goes on with a job that suspended itself; the body, JSON, is the data that `before_resume` gets.",
        )
    },
    get("/metrics", |desk, _| desk.metrics(), "Numbers in the text format of Prometheus."),
    get("/openapi.json", |_, _| Reply::json(200, &openapi::description()), "This table, as OpenAPI 3.1."),
    hook(
        "/webhooks/triggers/{name}",
        |desk, asked| desk.notified(Whom::Trigger(asked.name()), asked),
        "Where a service sends the events of one trigger. With a token set, the address has a key behind the name.",
    ),
    hook(
        "/webhooks/triggers/{name}/{key}",
        |desk, asked| desk.notified(Whom::Trigger(asked.name()), asked),
        "The same with its key.",
    ),
    hook(
        "/webhooks/connectors/{name}",
        |desk, asked| desk.notified(Whom::Connector(asked.name()), asked),
        "Where a service sends the events of all triggers of a connector with `webhook_keys`.",
    ),
    hook(
        "/webhooks/connectors/{name}/{key}",
        |desk, asked| desk.notified(Whom::Connector(asked.name()), asked),
        "The same with its key.",
    ),
];

fn index(_: &dyn Desk, _: &Asked) -> Reply {
    let rows = ROUTES.iter().map(|route| {
        let method = if route.method == "*" { "POST" } else { route.method };
        json!({ "method": method, "path": route.path, "about": route.doc })
    });
    Reply::json(200, &json!({ "connrun": env!("CARGO_PKG_VERSION"), "routes": rows.collect::<Vec<_>>() }))
}

/// Nothing answers at that path.
pub(super) fn nothing_at(path: &str) -> Reply {
    let reply = Reply::error(404, format!("there is nothing at {path}"));
    let near = nearest(path, ROUTES.iter().map(|route| route.path).filter(|path| !path.contains('{')));
    reply.help(near.map_or("GET / lists what there is".to_owned(), |near| format!("did you mean {near}?")))
}

/// The path is known, but not with that verb.
pub(super) fn not_taken(method: &str, path: &str) -> Reply {
    let verb = if method == "GET" || method == "HEAD" { "POST" } else { "GET" };
    Reply::error(405, format!("{path} does not take {method}")).help(format!("try {verb}; GET / lists what there is"))
}
