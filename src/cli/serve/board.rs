//! Who is to run when, and how it went: shared by the workers, the API and whoever reads the project again.

use super::plan::{Key, Plan};
use crate::runtime::DueQueue;
use crate::store::Millis;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Nobody sleeps longer than that: clocks are set while we wait.
const NAP: Duration = Duration::from_secs(60);

/// The entries of all plans.
pub struct Board {
    inner: Mutex<Inner>,
    bell: Condvar,
    clock: fn() -> Millis,
}

#[derive(Default)]
struct Inner {
    entries: BTreeMap<Key, Entry>,
    queue: DueQueue<Key>,
    stopping: bool,
}

/// One plan and how it goes.
#[derive(Clone, Debug)]
pub struct Entry {
    pub plan: Arc<Plan>,
    pub running: bool,
    /// It shall run once more as soon as it can.
    pub asked: bool,
    pub paused: bool,
    /// When its next poll or run is due.
    pub due: Millis,
    /// When something else of it is due, such as a subscription that runs out.
    pub errand: Option<Millis>,
    /// As people read its schedule.
    pub schedule: String,
    pub counts: Counts,
    pub last: Option<Last>,
}

/// Since the server was started.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub runs: u64,
    pub failures: u64,
    /// New events, or records.
    pub items: u64,
    pub webhooks: u64,
}

/// The run that ended last.
#[derive(Clone, Debug)]
pub struct Last {
    pub began: Millis,
    pub took: Duration,
    pub error: Option<String>,
}

/// When a plan that is put on the board is due.
pub struct When {
    pub due: Millis,
    pub errand: Option<Millis>,
    pub schedule: String,
    pub paused: bool,
}

/// A run to make.
pub struct Task {
    pub plan: Arc<Plan>,
    /// The due time that it is for; `None` where only errands are due.
    pub slot: Option<Millis>,
}

/// How a run went.
pub struct Report {
    pub last: Last,
    pub items: u64,
    /// When the next one is due.
    pub due: Millis,
    pub errand: Option<Millis>,
    pub schedule: String,
}

impl Board {
    pub fn new(clock: fn() -> Millis) -> Self {
        Self { inner: Mutex::default(), bell: Condvar::new(), clock }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn now(&self) -> Millis {
        (self.clock)()
    }

    /// Puts a plan on the board, or another in place of the one of its name, which keeps its counts.
    pub fn put(&self, plan: Plan, when: When) {
        let mut inner = self.lock();
        let key = plan.key.clone();
        let plan = Arc::new(plan);
        if let Some(entry) = inner.entries.get_mut(&key) {
            (entry.plan, entry.due, entry.errand) = (plan, when.due, when.errand);
            (entry.schedule, entry.paused) = (when.schedule, when.paused);
        } else {
            let entry = Entry {
                plan,
                running: false,
                asked: false,
                paused: when.paused,
                due: when.due,
                errand: when.errand,
                schedule: when.schedule,
                counts: Counts::default(),
                last: None,
            };
            inner.entries.insert(key.clone(), entry);
        }
        inner.requeue(&key);
        drop(inner);
        self.bell.notify_all();
    }

    /// Takes a plan off the board; a run of it that has begun ends as ever.
    pub fn remove(&self, key: &Key) {
        let mut inner = self.lock();
        inner.entries.remove(key);
        inner.queue.forget(key);
    }

    /// Waits for the next run; `None` when the server stops.
    pub fn take(&self) -> Option<Task> {
        let mut inner = self.lock();
        loop {
            if inner.stopping {
                return None;
            }
            let now = self.now();
            if let Some((key, _)) = inner.queue.pop(now) {
                if let Some(task) = inner.begin(&key, now) {
                    // Somebody else may have slept for what is due next.
                    self.bell.notify_one();
                    return Some(task);
                }
                continue;
            }
            let nap = inner
                .queue
                .earliest()
                .map_or(NAP, |due| Duration::from_millis(due.saturating_sub(now).max(1).unsigned_abs()).min(NAP));
            inner = self.bell.wait_timeout(inner, nap).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A run has ended. A plan that was replaced meanwhile keeps its own due time.
    pub fn done(&self, task: &Task, report: Report) {
        let mut inner = self.lock();
        let key = &task.plan.key;
        if let Some(entry) = inner.entries.get_mut(key) {
            entry.running = false;
            entry.counts.runs += u64::from(task.slot.is_some());
            entry.counts.failures += u64::from(report.last.error.is_some());
            entry.counts.items += report.items;
            entry.last = Some(report.last);
            if Arc::ptr_eq(&entry.plan, &task.plan) {
                // What came while it ran is not lost.
                let errand = [entry.errand, report.errand].into_iter().flatten().min();
                (entry.due, entry.errand, entry.schedule) = (report.due, errand, report.schedule);
            }
        }
        inner.requeue(key);
        drop(inner);
        self.bell.notify_all();
    }

    /// Runs one as soon as it can be: now, or behind the run that it is at. `false` if there is none.
    pub fn ask(&self, key: &Key) -> bool {
        let known = self.change(key, |entry| entry.asked = true);
        self.bell.notify_all();
        known
    }

    /// Something else of it is due now: a notification has come.
    pub fn send(&self, key: &Key) -> bool {
        let now = self.now();
        let known = self.change(key, |entry| {
            entry.errand = Some(now);
            entry.counts.webhooks += 1;
        });
        self.bell.notify_all();
        known
    }

    pub fn pause(&self, key: &Key, paused: bool) -> bool {
        let known = self.change(key, |entry| entry.paused = paused);
        self.bell.notify_all();
        known
    }

    fn change(&self, key: &Key, change: impl FnOnce(&mut Entry)) -> bool {
        let mut inner = self.lock();
        let Some(entry) = inner.entries.get_mut(key) else { return false };
        change(entry);
        inner.requeue(key);
        true
    }

    pub fn get(&self, key: &Key) -> Option<Entry> {
        self.lock().entries.get(key).cloned()
    }

    /// All of them, triggers before syncs, by name.
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.values().cloned().collect()
    }

    /// Begins no run any more; those that have begun end.
    pub fn stop(&self) {
        self.lock().stopping = true;
        self.bell.notify_all();
    }

    pub fn is_stopping(&self) -> bool {
        self.lock().stopping
    }
}

impl Inner {
    /// Takes an entry as running, and says what for.
    fn begin(&mut self, key: &Key, now: Millis) -> Option<Task> {
        let entry = self.entries.get_mut(key)?;
        if entry.running || entry.paused {
            return None;
        }
        let asked = std::mem::take(&mut entry.asked);
        let slot = if asked { Some(entry.due.min(now)) } else { Some(entry.due).filter(|due| *due <= now) };
        entry.running = true;
        entry.errand = None;
        Some(Task { plan: Arc::clone(&entry.plan), slot })
    }

    /// Puts an entry where it belongs in the queue; what runs or is paused waits outside.
    fn requeue(&mut self, key: &Key) {
        let Some(entry) = self.entries.get(key) else { return };
        if entry.running || entry.paused {
            self.queue.forget(key);
            return;
        }
        let due = if entry.asked { Millis::MIN } else { entry.due.min(entry.errand.unwrap_or(Millis::MAX)) };
        if due == Millis::MAX { self.queue.forget(key) } else { self.queue.set(key.clone(), due) }
    }
}
