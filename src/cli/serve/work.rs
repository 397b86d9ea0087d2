//! One worker: takes what is due, runs it, and says how it went.

use super::Server;
use super::board::{Last, Report, Task};
use super::facts::Facts;
use super::plan::{Plan, Times, What};
use super::shop::{News, Ready, Version};
use crate::cli::args::{Run, SaveSettings};
use crate::cli::durable::{shown, state_failure};
use crate::cli::failure::{Failure, Kind};
use crate::cli::open::world;
use crate::cli::out::counted;
use crate::cli::world::{Output, SystemWorld};
use crate::diagnostic::Diagnostic;
use crate::interpreter::World;
use crate::project::{Sink as Place, SinkKind, Sync, Trigger};
use crate::runtime::sink::{Csv, Drift, Lines, Sink, Sqlite as Table};
use crate::runtime::{
    Copy, Cycle, Embedded, Emitted, Engine, Inbox, Incremental, Outcome, Pace, Progress, Subscription, Trouble, Wish,
    arrange,
};
use crate::store::{Instance, Millis, Sqlite, Status, Store};
use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long keys of seen events are remembered.
const RETENTION: Millis = 30 * 86_400_000;
/// A run that could not even begin is tried again after so long.
const AGAIN: Millis = 60_000;

/// A thread's own things.
pub struct Worker<'a> {
    server: &'a Server,
    engine: Embedded<Sqlite>,
    clocked: Clocked<'a>,
}

/// One run of a plan: the version it is pinned to, what that declares, and the due time that it is for.
struct Visit<'v> {
    plan: &'v Plan,
    version: &'v Version,
    facts: &'v Facts,
    times: &'v Times,
    slot: Option<Millis>,
}

/// What a run came to.
#[derive(Default)]
struct Ran {
    items: u64,
    /// What to tell; nothing of a run that brought nothing.
    told: Option<String>,
}

impl<'a> Worker<'a> {
    pub fn new(server: &'a Server, store: Sqlite) -> Self {
        Self { server, engine: Embedded::new(store), clocked: Clocked::new(server) }
    }

    /// Works until the server stops.
    pub fn work(mut self) {
        while let Some(task) = self.server.board.take() {
            let report = self.run(&task);
            self.server.board.done(&task, report);
            // It left the project while it ran, and may have subscribed meanwhile.
            if self.server.board.get(&task.plan.key).is_none() {
                self.server.sweep();
            }
        }
    }

    fn run(&mut self, task: &Task) -> Report {
        let (plan, began, clock) = (&task.plan, self.server.board.now(), Instant::now());
        let name = &*plan.key.name;
        let (mut due, mut schedule, mut items, mut error) = (began.saturating_add(AGAIN), String::new(), 0, None);
        let mut errand = None;
        match self.version(plan) {
            Ok((version, facts, times)) => {
                let visit = Visit { plan, version: &version, facts: &facts, times: &times, slot: task.slot };
                let result = self.attend(&visit);
                let instance = self.engine.store.open(&plan.identity);
                let now = self.server.board.now();
                let place = instance.as_ref().map(|instance| &instance.place);
                due = match &place {
                    Ok(place) if place.failures > 0 || facts.hooks.polls || plan.key.is_sync => {
                        times.due(Some(place), now)
                    }
                    Ok(_) => Millis::MAX,
                    Err(_) => now.saturating_add(AGAIN),
                };
                if let (Ok(instance), true) = (&instance, facts.is_told()) {
                    errand = self.next_errand(instance, now);
                }
                schedule.clone_from(&times.shown);
                match result {
                    Ok(ran) => {
                        items = ran.items;
                        let told = ran.told.map(|told| format!("{told} in {}", took(clock.elapsed())));
                        match told {
                            Some(told) => self.server.teller.say(name, &told),
                            None => self.server.teller.mention(name, "nothing new"),
                        }
                    }
                    Err(failure) => {
                        error = Some(failure.diagnostic.message.clone());
                        let failures = place.map_or(0, |place| place.failures);
                        let again = if failures > 1 { format!(", {failures} times in a row") } else { String::new() };
                        let what = format!("failed{again}; next run at {}", shown(due));
                        self.server.teller.fail(name, &what, failure);
                    }
                }
            }
            Err(failure) => {
                error = Some(failure.diagnostic.message.clone());
                self.server.teller.fail(name, "cannot run", failure);
            }
        }
        let error = error.map(|error| self.server.secrets.redactor().text(&error));
        Report { last: Last { began, took: clock.elapsed(), error }, items, due, errand, schedule }
    }

    /// The version of the connector that this run is pinned to, and when it runs.
    fn version(&self, plan: &Plan) -> Result<(Arc<Version>, Facts, Times), Failure> {
        let path = &plan.part().connector.value;
        let (version, news) = self.server.shop.version(path)?;
        match news {
            News::Same => {}
            News::Changed => self.server.teller.say(&path.display().to_string(), "has changed: the new version runs"),
            News::Broken(failure) => {
                let what = "has changed and cannot run: the version before goes on";
                self.server.teller.fail(&path.display().to_string(), what, *failure);
            }
        }
        let facts = facts(plan, &version)?;
        let times = times(plan, &facts)?;
        Ok((version, facts, times))
    }

    /// Everything that is due of a plan: what was kept for it, its subscription, and its poll or copy.
    fn attend(&mut self, visit: &Visit<'_>) -> Result<Ran, Failure> {
        let plan = visit.plan;
        let path = &plan.part().connector.value;
        let mut ready = self.server.shop.connector(visit.version, path, &plan.identity.connection)?;
        let result = self.everything(visit, &mut ready);
        self.remark(plan, &ready);
        result
    }

    fn everything(&mut self, visit: &Visit<'_>, ready: &mut Ready) -> Result<Ran, Failure> {
        let Visit { plan, version, facts, times, slot } = *visit;
        let mut ran = Ran::default();
        if facts.hooks.notified {
            ran = self.hear(plan, facts, ready)?;
        }
        if facts.hooks.subscribes {
            self.subscribe(plan, facts, ready)?;
        }
        let Some(slot) = slot else { return Ok(ran) };
        let next = |began: Millis| times.following(slot, began);
        let more = match &plan.what {
            What::Trigger(trigger) if facts.hooks.polls => self.poll(plan, trigger, version, ready, &next)?,
            What::Trigger(_) => Ran::default(),
            What::Sync(sync) => self.copy(plan, sync, version, facts, ready, &next)?,
        };
        Ok(Ran { items: ran.items + more.items, told: more.told.or(ran.told) })
    }

    /// Makes events of the notifications that were kept.
    fn hear(&mut self, plan: &Plan, facts: &Facts, ready: &mut Ready) -> Result<Ran, Failure> {
        let status = status(plan);
        let mut events = 0;
        let (server, engine) = (self.server, &mut self.engine);
        let result = self.clocked.paced(&|began| began, |pace| {
            let inbox = Inbox {
                identity: plan.identity.clone(),
                input: plan.input(),
                raw: facts.hooks.raw,
                keyed: facts.hooks.keyed,
                retention: Some(RETENTION),
                status,
                pace,
            };
            engine.hear(&inbox, &mut ready.opened.connector, &mut |jobs| {
                events += jobs.len() as u64;
                server.emit(&plan.key.name, jobs, status);
            })
        });
        let heard = result.map_err(|trouble| failure(ready, trouble))?;
        for error in &heard.failed {
            server.teller.warn(&plan.key.name, &format!("a notification failed and is tried again: {error}"));
        }
        let told = format!("{} of {}", counted(events, "new event"), counted(heard.handled as u64, "notification"));
        Ok(Ran { items: events, told: (heard.handled > 0).then_some(told) })
    }

    /// Has events sent to the trigger's address, for as long as it is in the project.
    fn subscribe(&mut self, plan: &Plan, facts: &Facts, ready: &mut Ready) -> Result<(), Failure> {
        let place = self.engine.store.open(&plan.identity).map_err(|error| state_failure(&error))?.place;
        let Some(url) = self.server.address(plan, facts) else { return Ok(()) };
        let (known, now) = (Subscription::of(&place), self.server.board.now());
        let (wishes, what): (Vec<Wish<'_>>, _) = match &known {
            None => (vec![Wish::Subscribe(&url)], "subscribed"),
            // Services would send to where nobody listens.
            Some(known) if known.url != url => {
                (vec![Wish::Unsubscribe, Wish::Subscribe(&url)], "subscribed at its new address")
            }
            Some(known) if known.refresh_at(now).is_none_or(|at| at > now) => return Ok(()),
            Some(_) if facts.hooks.refreshes => (vec![Wish::Refresh], "refreshed its subscription"),
            Some(_) => (vec![Wish::Unsubscribe, Wish::Subscribe(&url)], "subscribed anew"),
        };
        let mut made = None;
        for wish in wishes {
            let (store, connector) = (&mut self.engine.store, &mut ready.opened.connector);
            let arranged = self
                .clocked
                .paced(&|began| began, |pace| arrange(wish, &plan.identity, &plan.input(), connector, store, &pace));
            match arranged {
                Ok(arranged) => made = arranged,
                // What cannot be taken back is forgotten: a new one is wanted.
                Err(_) if wish == Wish::Unsubscribe => {}
                Err(trouble) => return Err(failure(ready, trouble)),
            }
        }
        let until = made.and_then(|made| made.until).map(|until| format!(" until {}", shown(until)));
        self.server.teller.say(&plan.key.name, &format!("{what}{}", until.unwrap_or_default()));
        Ok(())
    }

    /// When a notification is tried again, or a subscription is to be refreshed.
    fn next_errand(&mut self, instance: &Instance, now: Millis) -> Option<Millis> {
        let again = self.engine.store.next_received(instance.id).ok().flatten();
        let refresh = Subscription::of(&instance.place).and_then(|known| known.refresh_at(now));
        // What failed has its own time to be tried again.
        let refresh = refresh.filter(|_| instance.place.failures == 0);
        [again, refresh].into_iter().flatten().min()
    }

    fn poll(
        &mut self,
        plan: &Plan,
        trigger: &Trigger,
        version: &Version,
        ready: &mut Ready,
        next: &dyn Fn(Millis) -> Millis,
    ) -> Result<Ran, Failure> {
        let status = status(plan);
        let mut events = 0;
        let (server, engine) = (self.server, &mut self.engine);
        let result = self.clocked.paced(next, |pace| {
            let cycle = Cycle {
                identity: plan.identity.clone(),
                input: plan.input(),
                connector_hash: version.hash.clone(),
                max_pages: trigger.max_pages,
                keep_duplicates: false,
                retention: Some(RETENTION),
                status,
                pace,
            };
            engine.poll(&cycle, &mut ready.opened.connector, &mut |jobs| {
                events += jobs.len() as u64;
                server.emit(&plan.key.name, jobs, status);
            })
        });
        let told = (events > 0).then(|| counted(events, "new event"));
        ended(ready, result, Ran { items: events, told })
    }

    fn copy(
        &mut self,
        plan: &Plan,
        sync: &Sync,
        version: &Version,
        facts: &Facts,
        ready: &mut Ready,
        next: &dyn Fn(Millis) -> Millis,
    ) -> Result<Ran, Failure> {
        let began = self.server.board.now();
        let mut sink = sink(&sync.sink, &sync.part.name.value, &facts.primary_key);
        let (mut records, mut chunks, mut notes) = (0, 0, Vec::new());
        let (server, engine) = (self.server, &mut self.engine);
        let result = self.clocked.paced(next, |pace| {
            let copy = Copy {
                identity: plan.identity.clone(),
                input: plan.input(),
                connector_hash: version.hash.clone(),
                incremental: facts.incremental.unwrap_or(Incremental::Native),
                full: false,
                max_chunks: None,
                plan: None,
                pace,
            };
            engine.copy(&copy, &mut ready.opened.connector, sink.as_mut(), &mut |progress| match progress {
                Progress::Note(note) => notes.push(note.to_owned()),
                Progress::Window { .. } => {}
                Progress::Chunk { records: more, drifted } => {
                    records += more as u64;
                    chunks += 1;
                    notes.extend(drifted.iter().map(|it| format!("`{}`: {} ({} times)", it.column, it.what, it.times)));
                }
            })
        });
        notes.iter().for_each(|note| server.teller.warn(&plan.key.name, note));
        if result.is_ok() {
            self.next_run(plan, next(began))?;
        }
        let told = format!("{} in {}", counted(records, "record"), counted(chunks, "chunk"));
        ended(ready, result, Ran { items: records, told: (records > 0).then_some(told) })
    }

    /// Keeps when a sync runs next; chunks do not say so themselves.
    fn next_run(&mut self, plan: &Plan, due: Millis) -> Result<(), Failure> {
        let wrong = |error| state_failure(&error);
        let instance = self.engine.store.open(&plan.identity).map_err(wrong)?;
        let now = self.server.board.now();
        let place = crate::store::Place { next_due: Some(due), ..instance.place.clone() };
        let change = crate::store::Change { place: Some(place), now, ..crate::store::Change::default() };
        self.engine.store.commit(&instance, &change).map(drop).map_err(wrong)
    }

    /// Says what the connector noted, and keeps credentials that it renewed.
    fn remark(&self, plan: &Plan, ready: &Ready) {
        self.server.note(&plan.key.name, &ready.opened.connector.session().notes());
        for remark in ready.opened.keep(&ready.place, SaveSettings::Yes) {
            self.server.teller.say(&plan.key.name, &remark);
        }
    }
}

/// What the connector declares of a plan's part.
pub fn facts(plan: &Plan, version: &Version) -> Result<Facts, Failure> {
    let name = &plan.part().name.value;
    version.declarations.get(plan.key.is_sync, name).cloned().ok_or_else(|| {
        let what = if plan.key.is_sync { "sync" } else { "trigger" };
        Failure::usage("usage::name", format!("{} has no {what} `{name}` any more", version.source.name()))
            .help("put it back, or take it out of connrun.toml")
    })
}

/// When a plan runs, by what is declared.
pub fn times(plan: &Plan, facts: &Facts) -> Result<Times, Failure> {
    plan.times(facts).map_err(|message| {
        Failure::usage("trigger::schedule", format!("`{}` cannot be scheduled: {message}", plan.part().name.value))
            .help("the connector says so; `schedule` or `poll_interval` in connrun.toml say otherwise")
    })
}

/// The server's clock and stop signal, with dice of a thread's own.
pub struct Clocked<'a> {
    server: &'a Server,
    dice: RefCell<SystemWorld>,
}

impl<'a> Clocked<'a> {
    pub fn new(server: &'a Server) -> Self {
        Self { server, dice: RefCell::new(world(&Run::default(), Output::Stderr)) }
    }

    /// Works with them; `next` says when what began at a time is due again.
    pub fn paced<T>(&self, next: &dyn Fn(Millis) -> Millis, work: impl FnOnce(Pace<'_>) -> T) -> T {
        work(Pace {
            now: &|| self.server.board.now(),
            chance: &|| (self.dice.borrow_mut().random() >> 11) as f64 / (1_u64 << 53) as f64,
            redact: &|text| self.server.secrets.redactor().message(text),
            stop: &|| self.server.board.is_stopping(),
            next,
        })
    }
}

fn ended(ready: &Ready, result: Result<Outcome, Trouble>, ran: Ran) -> Result<Ran, Failure> {
    match result {
        Ok(Outcome::Busy) => {
            let failure = Failure::usage("state::leased", "another process runs it now");
            Err(failure.help("it is tried again; one server for a state file is enough"))
        }
        Ok(_) => Ok(ran),
        Err(trouble) => Err(failure(ready, trouble)),
    }
}

/// Why a run ended early, as a report.
fn failure(ready: &Ready, trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Store(error) => state_failure(&error),
        Trouble::Connector(unwind) => ready.opened.failure(&unwind),
        Trouble::Sink(error) => {
            let failure = Failure::new(Kind::Connector, Diagnostic::error("sync::sink", error.message));
            match error.help {
                Some(help) => failure.help(help),
                None => failure,
            }
        }
    }
}

/// What new jobs of a plan begin as.
fn status(plan: &Plan) -> Status {
    match &plan.what {
        What::Trigger(trigger) if trigger.action.is_some() => Status::Queued,
        _ => Status::Emitted,
    }
}

fn sink(place: &Place, name: &str, key: &[String]) -> Box<dyn Sink> {
    let drift = match place.on_drift.as_deref() {
        Some("freeze") => Drift::Freeze,
        Some("discard-row") => Drift::DiscardRow,
        Some("discard-value") => Drift::DiscardValue,
        _ => Drift::Evolve,
    };
    let path = place.path.clone();
    match place.kind {
        SinkKind::Lines => Box::new(Lines::File(path, None)),
        SinkKind::Csv => Box::new(Csv::new(path, drift)),
        SinkKind::Sqlite => {
            let table = place.table.clone().unwrap_or_else(|| name.to_owned());
            Box::new(Table::new(path, table, key.to_vec(), drift))
        }
    }
}

pub fn took(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// The lines of new events.
pub fn lines(name: &str, jobs: &[Emitted]) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    jobs.iter()
        .map(|job| {
            let dedup = job.dedup.as_deref().map_or("null".to_owned(), quoted);
            let (trigger, id) = (quoted(name), quoted(&job.id));
            format!("{{\"trigger\":{trigger},\"id\":{id},\"dedup\":{dedup},\"event\":{}}}\n", job.event)
        })
        .collect()
}
