//! State that ends with the process: for dry runs and for tests of what builds on a store.

use super::{
    Answer, Attempt, Change, Committed, INTERRUPTED, Identity, Instance, Job, Millis, NewJob, Notification, Pending,
    Place, Result, Settlement, Status, Store, StoreError, Wanted,
};
use std::collections::{BTreeMap, HashSet};

/// Everything in maps.
#[derive(Default)]
pub struct Memory {
    kept: Vec<Kept>,
    jobs: Vec<Job>,
    attempts: Vec<(String, Attempt)>,
    leased: HashSet<i64>,
    last_instance: i64,
    last_job: u64,
    /// With whose they are, and when they are due.
    notifications: Vec<Arrived>,
    last_notification: i64,
    /// Of each connection when the next turn is, and when the last one was taken.
    turns: BTreeMap<String, (i64, i64)>,
}

/// A job that is to wait, and was told something while it ran, does not wait for it.
fn heed(job: &mut Job, now: Millis) {
    if job.status != Status::Waiting {
        return;
    }
    if job.cancelled {
        (job.status, job.finished_at, job.due) = (Status::Cancelled, Some(now), None);
        (job.carry, job.token) = (None, None);
    } else if job.token.is_some() && job.answer.as_ref().map(|answer| &answer.token) == job.token.as_ref() {
        (job.status, job.due) = (Status::Queued, None);
    }
}

/// Whose it is, when it is due, and what it is.
type Arrived = (i64, Option<Millis>, Notification);

struct Kept {
    instance: Instance,
    /// When each key was met, and the job that it became.
    seen: BTreeMap<String, (Millis, Option<String>)>,
    pending: Vec<Pending>,
}

impl Memory {
    fn kept(&mut self, id: i64) -> Result<&mut Kept> {
        self.kept.iter_mut().find(|kept| kept.instance.id == id).ok_or_else(|| StoreError::no_instance(id))
    }

    /// As if every process that used it had died: leases are free, and what ran may run again.
    pub fn abandon(&mut self, now: Millis) {
        self.leased.clear();
        for job in self.jobs.iter_mut().filter(|job| job.status == Status::Running) {
            let (number, began, outcome) = (job.attempts, job.since, INTERRUPTED.to_owned());
            let attempt = Attempt { number, began, ended: now, outcome, error: None };
            self.attempts.push((job.id.clone(), attempt));
            (job.status, job.since) = (Status::Queued, now);
            if job.cancelled {
                (job.status, job.finished_at) = (Status::Cancelled, Some(now));
            }
        }
    }

    /// Makes a job; `None` if its key has been seen.
    fn make_job(&mut self, instance: i64, new: &NewJob, status: Status, now: Millis) -> Result<Option<String>> {
        let id = format!("memory-{}", self.last_job + 1);
        if let Some(key) = &new.key {
            let seen = &mut self.kept(instance)?.seen;
            if seen.contains_key(key) {
                return Ok(None);
            }
            seen.insert(key.clone(), (now, Some(id.clone())));
        }
        self.last_job += 1;
        self.jobs.push(Job {
            id: id.clone(),
            instance,
            key: new.key.clone(),
            event: new.event.clone(),
            status,
            attempts: 0,
            created_at: now,
            since: now,
            finished_at: None,
            due: None,
            carry: None,
            error: None,
            token: None,
            answer: None,
            cancelled: false,
        });
        Ok(Some(id))
    }
}

impl Store for Memory {
    fn open(&mut self, identity: &Identity) -> Result<Instance> {
        if let Some(kept) = self.kept.iter().find(|kept| kept.instance.identity == *identity) {
            return Ok(kept.instance.clone());
        }
        self.last_instance += 1;
        let instance = Instance {
            id: self.last_instance,
            identity: identity.clone(),
            version: 0,
            paused: false,
            place: Place::default(),
        };
        self.kept.push(Kept { instance: instance.clone(), seen: BTreeMap::new(), pending: Vec::new() });
        Ok(instance)
    }

    fn instance(&mut self, id: i64) -> Result<Instance> {
        Ok(self.kept(id)?.instance.clone())
    }

    fn instances(&mut self) -> Result<Vec<Instance>> {
        Ok(self.kept.iter().map(|kept| kept.instance.clone()).collect())
    }

    fn seen(&mut self, instance: i64, keys: &[&str]) -> Result<Vec<bool>> {
        let kept = self.kept(instance)?;
        Ok(keys.iter().map(|key| kept.seen.contains_key(*key)).collect())
    }

    fn seen_count(&mut self, instance: i64) -> Result<u64> {
        Ok(self.kept(instance)?.seen.len() as u64)
    }

    fn seen_keys(&mut self, instance: i64, each: &mut dyn FnMut(&str, Millis)) -> Result<()> {
        self.kept(instance)?.seen.iter().for_each(|(key, at)| each(key, at.0));
        Ok(())
    }

    fn forget_before(&mut self, instance: i64, time: Millis) -> Result<u64> {
        let kept = self.kept(instance)?;
        let before = kept.seen.len();
        kept.seen.retain(|_, at| at.0 >= time);
        Ok((before - kept.seen.len()) as u64)
    }

    fn pending(&mut self, instance: i64) -> Result<Vec<Pending>> {
        Ok(self.kept(instance)?.pending.clone())
    }

    fn commit(&mut self, instance: &Instance, change: &Change) -> Result<Committed> {
        let kept = self.kept(instance.id)?;
        if kept.instance.version != instance.version {
            return Err(StoreError::conflict());
        }
        kept.instance.version += 1;
        let version = kept.instance.version;
        if let Some(place) = &change.place {
            kept.instance.place = place.clone();
        }
        if change.clear_seen {
            kept.seen.clear();
        }
        if change.clear_pending {
            kept.pending.clear();
        }
        for (key, at) in &change.seen {
            kept.seen.entry(key.clone()).or_insert((*at, None));
        }
        for key in &change.touched {
            kept.seen.entry(key.clone()).and_modify(|at| at.0 = change.now.max(at.0));
        }
        kept.pending.extend(change.pending.iter().cloned());
        self.notifications.retain(|(.., notification)| !change.handled.contains(&notification.id));
        let jobs = change.jobs.iter().map(|new| self.make_job(instance.id, new, change.status, change.now));
        let jobs = jobs.collect::<Result<_>>()?;
        Ok(Committed { version, jobs })
    }

    fn receive(&mut self, instance: i64, at: Millis, head: &str, body: &[u8]) -> Result<i64> {
        self.kept(instance)?;
        self.last_notification += 1;
        let (id, head, body) = (self.last_notification, head.to_owned(), body.to_vec());
        let notification = Notification { id, at, head, body, attempts: 0, error: None };
        self.notifications.push((instance, Some(at), notification));
        Ok(self.last_notification)
    }

    fn received(&mut self, instance: i64, now: Millis) -> Result<Vec<Notification>> {
        let fits = |(of, due, _): &&Arrived| *of == instance && due.is_some_and(|due| due <= now);
        Ok(self.notifications.iter().filter(fits).map(|(_, _, notification)| notification.clone()).take(100).collect())
    }

    fn next_received(&mut self, instance: i64) -> Result<Option<Millis>> {
        let of_instance = self.notifications.iter().filter(|(of, ..)| *of == instance);
        Ok(of_instance.filter_map(|(_, due, _)| *due).min())
    }

    fn put_off(&mut self, notification: i64, due: Option<Millis>, error: &str) -> Result<()> {
        if let Some((_, when, kept)) = self.notifications.iter_mut().find(|(.., kept)| kept.id == notification) {
            *when = due;
            kept.attempts += 1;
            kept.error = Some(error.to_owned());
        }
        Ok(())
    }

    fn given_up(&mut self) -> Result<Vec<(i64, Notification)>> {
        let left = self.notifications.iter().filter(|(_, due, _)| due.is_none());
        Ok(left.map(|(of, _, notification)| (*of, notification.clone())).collect())
    }

    fn revive(&mut self, now: Millis) -> Result<u64> {
        let mut revived = 0;
        for (_, due, notification) in self.notifications.iter_mut().filter(|(_, due, _)| due.is_none()) {
            (*due, notification.attempts) = (Some(now), 0);
            revived += 1;
        }
        Ok(revived)
    }

    fn pause(&mut self, instance: i64, paused: bool) -> Result<()> {
        self.kept(instance)?.instance.paused = paused;
        Ok(())
    }

    fn jobs(&mut self, wanted: &Wanted, each: &mut dyn FnMut(&Job)) -> Result<()> {
        let fits = |job: &&Job| {
            wanted.instance.is_none_or(|id| job.instance == id) && wanted.status.is_none_or(|is| job.status == is)
        };
        let found: Vec<&Job> = self.jobs.iter().filter(fits).collect();
        let skipped = wanted.last.map_or(0, |last| found.len().saturating_sub(last as usize));
        found.into_iter().skip(skipped).for_each(each);
        Ok(())
    }

    fn job(&mut self, id: &str) -> Result<Option<Job>> {
        Ok(self.jobs.iter().find(|job| job.id == id).cloned())
    }

    fn job_of_key(&mut self, instance: i64, key: &str) -> Result<Option<Job>> {
        let id = self.kept(instance)?.seen.get(key).and_then(|(_, job)| job.clone());
        id.map_or(Ok(None), |id| self.job(&id))
    }

    fn claim(&mut self, now: Millis) -> Result<Option<Job>> {
        for job in self.jobs.iter_mut().filter(|job| job.status == Status::Waiting && job.since > now) {
            job.due = job.due.map(|due| now + (due - job.since));
            job.since = now;
        }
        let busy: HashSet<i64> =
            self.jobs.iter().filter(|job| job.status == Status::Running).map(|job| job.instance).collect();
        let open = self.jobs.iter_mut().filter(|job| {
            matches!(job.status, Status::Queued | Status::Waiting)
                && job.due.is_none_or(|due| due <= now)
                && !busy.contains(&job.instance)
        });
        // Of those that are due at the same time the oldest: `min_by_key` takes the first.
        let Some(job) = open.min_by_key(|job| job.due) else { return Ok(None) };
        (job.status, job.due, job.since) = (Status::Running, None, now);
        job.attempts += 1;
        Ok(Some(job.clone()))
    }

    fn next_due(&mut self) -> Result<Option<Millis>> {
        Ok(self.jobs.iter().filter(|job| job.status == Status::Waiting).filter_map(|job| job.due).min())
    }

    fn settle(&mut self, before: &Job, after: &Job, with: &Settlement) -> Result<bool> {
        let held = self
            .jobs
            .iter_mut()
            .find(|kept| kept.id == before.id && kept.status == before.status && kept.attempts == before.attempts);
        let settled = held.is_some();
        if let Some(held) = held {
            let (answer, cancelled) = (held.answer.take().filter(|_| !with.anew), held.cancelled && !with.anew);
            *held = Job { since: with.now, answer, cancelled, ..after.clone() };
            heed(held, with.now);
        }
        if let Some(attempt) = &with.attempt {
            self.attempts.push((before.id.clone(), attempt.clone()));
        }
        if let (true, Some((instance, job))) = (settled, &with.follower) {
            self.make_job(*instance, job, Status::Queued, with.now)?;
        }
        Ok(settled)
    }

    fn answer(&mut self, id: &str, answer: &Answer, now: Millis) -> Result<bool> {
        let takes = |job: &Job| {
            let answered = job.answer.as_ref().is_some_and(|known| known.token == answer.token);
            let open = match job.status {
                Status::Queued | Status::Running => true,
                Status::Waiting => job.token.as_ref().is_none_or(|token| *token == answer.token),
                _ => false,
            };
            open && !answered
        };
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == id && takes(job)) else { return Ok(false) };
        job.answer = Some(answer.clone());
        if job.status == Status::Waiting && job.token.is_some() {
            (job.status, job.due, job.since) = (Status::Queued, None, now);
        }
        Ok(true)
    }

    fn cancel(&mut self, running: &Job) -> Result<bool> {
        let same =
            |job: &&mut Job| job.id == running.id && job.status == Status::Running && job.attempts == running.attempts;
        Ok(self.jobs.iter_mut().find(same).map(|job| job.cancelled = true).is_some())
    }

    fn secret(&mut self) -> Result<String> {
        Ok("memory".to_owned())
    }

    fn take_turn(&mut self, connection: &str, now: i64, apart: i64) -> Result<i64> {
        let (next, at) = self.turns.get(connection).copied().unwrap_or((now, now));
        let turn = if at > now { now + (next - at).max(0) } else { next.max(now) };
        self.turns.insert(connection.to_owned(), (turn + apart, now));
        Ok(turn - now)
    }

    fn attempts(&mut self, id: &str) -> Result<Vec<Attempt>> {
        Ok(self.attempts.iter().filter(|(job, _)| job == id).map(|(_, attempt)| attempt.clone()).collect())
    }

    fn lease(&mut self, instance: i64, _: Millis) -> Result<bool> {
        self.leased.insert(instance);
        Ok(true)
    }

    fn release(&mut self, instance: i64) -> Result<()> {
        self.leased.remove(&instance);
        Ok(())
    }

    fn remove(&mut self, instance: i64) -> Result<()> {
        self.kept(instance)?;
        self.kept.retain(|kept| kept.instance.id != instance);
        self.jobs.retain(|job| job.instance != instance);
        self.leased.remove(&instance);
        Ok(())
    }
}
