//! What the API asks of the server: where everything stands, and orders for it.

use super::Server;
use super::board::Entry;
use super::plan::Key;
use crate::cli::durable::{job_object, shown};
use crate::cli::out::counted;
use crate::runtime::{Embedded, Engine};
use crate::server::{Asked, Desk, Kind, Order, Reply, RunOrder, Whom};
use crate::store::{Identity, Instance, Job, Millis, Sqlite, Status, StoreError, Wanted};
use crate::text::nearest;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Jobs that are listed unless more are asked for, and at most.
const RUNS: u64 = 100;
const MOST_RUNS: u64 = 1000;

/// A clerk with an engine of its own.
pub struct Clerk {
    server: Arc<Server>,
    engine: Mutex<Embedded<Sqlite>>,
    began: Millis,
}

impl Clerk {
    pub fn new(server: &Arc<Server>, store: Sqlite) -> Self {
        let engine = Mutex::new(Embedded::new(store));
        Self { server: Arc::clone(server), engine, began: server.board.now() }
    }

    pub fn server(&self) -> &Arc<Server> {
        &self.server
    }

    pub fn with<T>(&self, work: impl FnOnce(&mut dyn Engine) -> Result<T, StoreError>) -> Result<T, Reply> {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut *engine).map_err(|error| {
            let reply = Reply::error(500, error.message);
            match error.help {
                Some(help) => reply.help(help),
                None => reply,
            }
        })
    }

    fn entry(&self, kind: Kind, name: &str) -> Result<Entry, Reply> {
        let key = key(kind, name);
        self.server.board.get(&key).ok_or_else(|| {
            let entries = self.server.board.entries();
            let of_kind = entries.iter().filter(|entry| entry.plan.key.is_sync == key.is_sync);
            let names: Vec<&str> = of_kind.map(|entry| &*entry.plan.key.name).collect();
            let what = if key.is_sync { "sync" } else { "trigger" };
            let near = nearest(name, names.iter().copied()).map(|near| format!("did you mean {near}? "));
            let listed = if names.is_empty() {
                format!("there is no {what} at all")
            } else {
                format!("there is: {}", names.join(", "))
            };
            Reply::error(404, format!("there is no {what} {name}"))
                .help(format!("{}{listed}", near.unwrap_or_default()))
        })
    }

    /// Where an entry stands in the state, if it has run.
    fn instance(&self, identity: &Identity) -> Result<Option<Instance>, Reply> {
        self.with(|engine| Ok(engine.instances()?.into_iter().find(|instance| instance.identity == *identity)))
    }

    fn shown(&self, entry: &Entry) -> Json {
        let part = entry.plan.part();
        let what = if entry.plan.key.is_sync { "sync" } else { "trigger" };
        let mut object = json!({
            "name": &*entry.plan.key.name,
            what: part.name.value,
            "connector": part.connector.value.display().to_string(),
            "account": part.account.as_ref().map(|account| &account.value),
            "status": status(entry),
            "schedule": entry.schedule,
            "next_run": Some(entry.due).filter(|_| !entry.paused).filter(|due| *due < Millis::MAX).map(shown),
            "last_run": entry.last.as_ref().map(|last| json!({
                "began": shown(last.began), "seconds": last.took.as_secs_f64(), "error": last.error,
            })),
            "runs": entry.counts.runs,
            "failures": entry.counts.failures,
            items(entry): entry.counts.items,
        });
        if let Some(url) = self.server.webhook_url(entry) {
            object["webhooks"] = entry.counts.webhooks.into();
            object["webhook_url"] = url.into();
        }
        object
    }

    fn detailed(&self, entry: &Entry) -> Result<Json, Reply> {
        let mut object = self.shown(entry);
        let instance = self.instance(&entry.plan.identity)?;
        let place = instance.map(|instance| instance.place).unwrap_or_default();
        let parsed = |text: Option<&String>| text.map(|text| serde_json::from_str::<Json>(text).unwrap_or_default());
        object["cursor"] = parsed(place.cursor.as_ref()).into();
        object["failures_in_a_row"] = place.failures.into();
        object["last_error"] = place.last_error.into();
        object["subscribed_until"] = place.subscription_until.map(shown).into();
        Ok(object)
    }

    fn ordered(&self, kind: Kind, name: &str, order: Order) -> Result<Reply, Reply> {
        let entry = self.entry(kind, name)?;
        let key = &entry.plan.key;
        match order {
            Order::Run if entry.paused => {
                return Err(Reply::error(409, format!("{name} is paused"))
                    .help(format!("POST {}/{name}/resume lets it go on", root(kind))));
            }
            Order::Run => self.server.board.ask(key),
            Order::Pause | Order::Resume => {
                let paused = order == Order::Pause;
                let who = &entry.plan.identity;
                self.with(|engine| if paused { engine.stop(who) } else { engine.start(who) })?;
                let what = if paused { "is paused" } else { "goes on" };
                self.server.teller.say(name, what);
                self.server.board.pause(key, paused)
            }
        };
        Ok(Reply::json(202, &self.shown(&self.entry(kind, name)?)))
    }

    fn listed(&self, asked: &Asked) -> Result<Reply, Reply> {
        let last =
            match asked.param("last") {
                None => RUNS,
                Some(text) => text.parse().ok().filter(|last| (1..=MOST_RUNS).contains(last)).ok_or_else(|| {
                    Reply::error(400, format!("last={text} is no whole number from 1 to {MOST_RUNS}"))
                })?,
            };
        let status = match asked.param("status") {
            None => None,
            Some(text) => Some(Status::of(text).ok_or_else(|| {
                let names: Vec<&str> = Status::names().collect();
                Reply::error(400, format!("there is no status {text}")).help(format!("there is: {}", names.join(", ")))
            })?),
        };
        let instance = match asked.param("trigger") {
            None => None,
            Some(name) => {
                let entry = self.entry(Kind::Trigger, name)?;
                match self.instance(&entry.plan.identity)? {
                    Some(instance) => Some(instance.id),
                    None => return Ok(Reply::json(200, &json!({ "runs": [] }))),
                }
            }
        };
        let wanted = Wanted { instance, status, last: Some(last) };
        let names = self.names()?;
        let runs = self.with(|engine| {
            let mut runs = Vec::new();
            engine.runs(&wanted, &mut |job| runs.push(run(job, &names)))?;
            Ok(runs)
        })?;
        Ok(Reply::json(200, &json!({ "runs": runs })))
    }

    fn job(&self, id: &str) -> Result<Job, Reply> {
        let found = self.with(|engine| engine.run(id))?;
        found
            .map(|(job, _)| job)
            .ok_or_else(|| Reply::error(404, format!("there is no run {id}")).help("GET /runs lists them"))
    }

    fn ordered_run(&self, id: &str, order: RunOrder) -> Result<Reply, Reply> {
        let (job, now) = (self.job(id)?, self.server.board.now());
        let refused = |help: &str| Reply::error(409, format!("run {id} is {}", job.status.name())).help(help);
        let done = match (order, job.status) {
            (_, Status::Emitted) => return Err(refused("its event was handed out, and there is nothing to run")),
            (RunOrder::Cancel, Status::Succeeded | Status::Failed | Status::Cancelled) => {
                return Err(refused("it has ended already"));
            }
            (RunOrder::Replay, Status::Running) => return Err(refused("wait until it has ended, or cancel it")),
            (RunOrder::Cancel, _) => self.with(|engine| engine.cancel(&job, now))?,
            (RunOrder::Replay, _) => self.with(|engine| engine.replay(&job, now))?,
        };
        if !done {
            return Err(
                Reply::error(409, format!("run {id} has changed meanwhile")).help("nothing was done; try again")
            );
        }
        self.server.bell.ring();
        Ok(Reply::json(202, &run(&self.job(id)?, &self.names()?)))
    }

    /// What a service says to a job that waits for it.
    fn resumed(&self, token: &str, asked: &Asked) -> Result<Reply, Reply> {
        let data = match asked.body.trim_ascii() {
            [] => json!({}),
            body => serde_json::from_slice::<Json>(body)
                .map_err(|error| Reply::error(400, format!("the body is no JSON: {error}")))?,
        };
        let now = self.server.board.now();
        if !self.with(|engine| engine.resume(token, &data.to_string(), now))? {
            return Err(Reply::error(404, "no run waits for this token")
                .help("it has been resumed already, its time is over, or the token is another state's"));
        }
        self.server.bell.ring();
        Ok(Reply::json(202, &json!({ "status": "resumed" })))
    }

    /// What the project calls each instance: a trigger that is not in it has the connector's name for it.
    fn names(&self) -> Result<HashMap<i64, String>, Reply> {
        let entries = self.server.board.entries();
        let instances = self.with(|engine| engine.instances())?;
        let name = |instance: &Instance| {
            let entry = entries.iter().find(|entry| entry.plan.identity == instance.identity);
            entry.map_or_else(|| instance.identity.name.clone(), |entry| entry.plan.key.name.to_string())
        };
        Ok(instances.iter().map(|instance| (instance.id, name(instance))).collect())
    }

    fn numbers(&self) -> String {
        let entries = self.server.board.entries();
        let now = self.server.board.now();
        let mut out = String::new();
        let running = entries.iter().filter(|entry| entry.running).count();
        let late = entries.iter().filter(|entry| !entry.paused && !entry.running && entry.due <= now).count();
        for (name, kind, help, value) in [
            ("connrun_up_seconds", "gauge", "Seconds since the server began.", (now - self.began) / 1000),
            ("connrun_running", "gauge", "Runs at this moment.", running as i64),
            ("connrun_waiting", "gauge", "Runs that are due and wait for a worker.", late as i64),
        ] {
            // Writing to a string cannot fail, here and below.
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        }
        let each: [Number; 6] = [
            ("connrun_runs_total", "counter", "Polls and runs of syncs.", |entry| entry.counts.runs as i64),
            ("connrun_failures_total", "counter", "Runs that failed.", |entry| entry.counts.failures as i64),
            ("connrun_items_total", "counter", "New events and records.", |entry| entry.counts.items as i64),
            ("connrun_webhooks_total", "counter", "Notifications that were taken.", |entry| {
                entry.counts.webhooks as i64
            }),
            ("connrun_paused", "gauge", "1 where it is paused.", |entry| i64::from(entry.paused)),
            ("connrun_last_run_milliseconds", "gauge", "How long the last run took.", |entry| {
                entry.last.as_ref().map_or(0, |last| last.took.as_millis() as i64)
            }),
        ];
        for (name, kind, help, value) in each {
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
            for entry in &entries {
                let kind = if entry.plan.key.is_sync { "sync" } else { "trigger" };
                let _ = writeln!(out, "{name}{{kind=\"{kind}\",name=\"{}\"}} {}", entry.plan.key.name, value(entry));
            }
        }
        out
    }
}

impl Desk for Clerk {
    fn health(&self) -> Reply {
        if self.server.board.is_stopping() {
            return Reply::json(503, &json!({ "status": "stopping" }));
        }
        let entries = self.server.board.entries();
        let failing = entries.iter().filter(|entry| status(entry) == "failing");
        let failing: Vec<&str> = failing.map(|entry| &*entry.plan.key.name).collect();
        let since = (self.server.board.now() - self.began) / 1000;
        Reply::json(200, &json!({ "status": "ok", "up": counted(since.unsigned_abs(), "second"), "failing": failing }))
    }

    fn list(&self, kind: Kind) -> Reply {
        let entries = self.server.board.entries();
        let of_kind = entries.iter().filter(|entry| entry.plan.key.is_sync == (kind == Kind::Sync));
        let listed: Vec<Json> = of_kind.map(|entry| self.shown(entry)).collect();
        Reply::json(200, &json!({ root(kind).trim_start_matches('/'): listed }))
    }

    fn show(&self, kind: Kind, name: &str) -> Reply {
        let shown = self.entry(kind, name).and_then(|entry| self.detailed(&entry));
        shown.map_or_else(|reply| reply, |object| Reply::json(200, &object))
    }

    fn order(&self, kind: Kind, name: &str, order: Order) -> Reply {
        self.ordered(kind, name, order).unwrap_or_else(|reply| reply)
    }

    fn runs(&self, asked: &Asked) -> Reply {
        self.listed(asked).unwrap_or_else(|reply| reply)
    }

    fn run(&self, id: &str) -> Reply {
        let shown = self.job(id).and_then(|job| Ok(run(&job, &self.names()?)));
        shown.map_or_else(|reply| reply, |job| Reply::json(200, &job))
    }

    fn order_run(&self, id: &str, order: RunOrder) -> Reply {
        self.ordered_run(id, order).unwrap_or_else(|reply| reply)
    }

    fn resume(&self, token: &str, asked: &Asked) -> Reply {
        self.resumed(token, asked).unwrap_or_else(|reply| reply)
    }

    fn metrics(&self) -> Reply {
        Reply::text(200, "text/plain; version=0.0.4; charset=utf-8", self.numbers())
    }

    fn notified(&self, whom: Whom<'_>, asked: &Asked) -> Reply {
        self.keep(whom, asked).unwrap_or_else(|reply| reply)
    }
}

/// A number of each entry: its name, kind and meaning, and how it is found.
type Number = (&'static str, &'static str, &'static str, fn(&Entry) -> i64);

fn key(kind: Kind, name: &str) -> Key {
    Key { is_sync: kind == Kind::Sync, name: name.into() }
}

const fn root(kind: Kind) -> &'static str {
    match kind {
        Kind::Trigger => "/triggers",
        Kind::Sync => "/syncs",
    }
}

fn status(entry: &Entry) -> &'static str {
    if entry.running {
        "running"
    } else if entry.paused {
        "paused"
    } else if entry.last.as_ref().is_some_and(|last| last.error.is_some()) {
        "failing"
    } else {
        "idle"
    }
}

fn items(entry: &Entry) -> &'static str {
    if entry.plan.key.is_sync { "records" } else { "events" }
}

fn run(job: &Job, names: &HashMap<i64, String>) -> Json {
    let mut object = job_object(job, &[("trigger", names.get(&job.instance).map(String::as_str))]);
    object["error"] = job.error.as_deref().into();
    object
}
