//! State that ends with the process: for dry runs and for tests of what builds on a store.

use super::{Change, Committed, Identity, Instance, Job, Millis, Pending, Place, Result, Store, StoreError, Wanted};
use std::collections::{BTreeMap, HashSet};

/// Everything in maps.
#[derive(Default)]
pub struct Memory {
    kept: Vec<Kept>,
    jobs: Vec<Job>,
    leased: HashSet<i64>,
    last_instance: i64,
    last_job: u64,
}

struct Kept {
    instance: Instance,
    seen: BTreeMap<String, Millis>,
    pending: Vec<Pending>,
}

impl Memory {
    fn kept(&mut self, id: i64) -> Result<&mut Kept> {
        self.kept.iter_mut().find(|kept| kept.instance.id == id).ok_or_else(|| StoreError::no_instance(id))
    }
}

/// Remembers a key; `false` for one that was known, which keeps its time.
fn first_time(seen: &mut BTreeMap<String, Millis>, key: &str, now: Millis) -> bool {
    let fresh = !seen.contains_key(key);
    if fresh {
        seen.insert(key.to_owned(), now);
    }
    fresh
}

impl Store for Memory {
    fn open(&mut self, identity: &Identity) -> Result<Instance> {
        if let Some(kept) = self.kept.iter().find(|kept| kept.instance.identity == *identity) {
            return Ok(kept.instance.clone());
        }
        self.last_instance += 1;
        let instance =
            Instance { id: self.last_instance, identity: identity.clone(), version: 0, place: Place::default() };
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
        self.kept(instance)?.seen.iter().for_each(|(key, at)| each(key, *at));
        Ok(())
    }

    fn forget_before(&mut self, instance: i64, time: Millis) -> Result<u64> {
        let kept = self.kept(instance)?;
        let before = kept.seen.len();
        kept.seen.retain(|_, at| *at >= time);
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
        kept.seen.extend(change.seen.iter().cloned());
        for key in &change.touched {
            kept.seen.entry(key.clone()).and_modify(|at| *at = change.now.max(*at));
        }
        kept.pending.extend(change.pending.iter().cloned());
        let fresh: Vec<bool> = change
            .jobs
            .iter()
            .map(|job| job.key.as_ref().is_none_or(|key| first_time(&mut kept.seen, key, change.now)))
            .collect();
        let mut jobs = Vec::with_capacity(fresh.len());
        for (new, fresh) in change.jobs.iter().zip(fresh) {
            if !fresh {
                jobs.push(None);
                continue;
            }
            self.last_job += 1;
            let id = format!("memory-{}", self.last_job);
            self.jobs.push(Job {
                id: id.clone(),
                instance: instance.id,
                key: new.key.clone(),
                event: new.event.clone(),
                status: change.status,
                attempts: 0,
                created_at: change.now,
                finished_at: None,
                due: None,
                carry: None,
                error: None,
            });
            jobs.push(Some(id));
        }
        Ok(Committed { version, jobs })
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

    fn settle(&mut self, job: &Job) -> Result<()> {
        if let Some(kept) = self.jobs.iter_mut().find(|kept| kept.id == job.id) {
            *kept = job.clone();
        }
        Ok(())
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
