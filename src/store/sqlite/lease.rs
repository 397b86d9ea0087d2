//! Who runs what. A holder keeps a locked file beside the state for as long as it lives, so what a dead process held is
//! free at once; on another host, where locks do not reach, a lease ends by its time.

use crate::store::{ErrorKind, Millis, Result, StoreError};
use rusqlite::{OptionalExtension, Result as Done, Transaction, params};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// How long a lease lasts unless it is taken again.
pub const LASTS: Millis = 120_000;

/// This process (more exactly: this open file) as others see it.
#[derive(Default)]
pub struct Holder {
    name: String,
    /// Locked as long as this value lives.
    lock: Option<File>,
    folder: PathBuf,
}

/// A holder as a transaction needs it.
pub struct Claim {
    pub name: String,
    pub host: String,
    pub folder: PathBuf,
}

impl Holder {
    /// Its name; empty before the first lease.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes the locked file at the first call.
    pub fn ready(&mut self, state: &Path) -> Result<Claim> {
        if self.lock.is_none() {
            let mut folder = state.as_os_str().to_owned();
            folder.push(".locks");
            self.folder = PathBuf::from(folder);
            self.name = format!("{}-{:08x}", std::process::id(), getrandom::u32().unwrap_or_default());
            let lock = locked(&self.folder, &self.name).map_err(|error| {
                let message = format!("no lock can be made in {}: {error}", self.folder.display());
                StoreError::new(ErrorKind::ReadOnly, message).help("check the permissions of the state's folder")
            })?;
            self.lock = Some(lock);
        }
        Ok(Claim { name: self.name.clone(), host: host(), folder: self.folder.clone() })
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        if self.lock.take().is_some() {
            // A file that stays behind is not locked, and removed by whoever meets it.
            let _ = fs::remove_file(self.folder.join(&self.name));
        }
    }
}

fn locked(folder: &Path, name: &str) -> std::io::Result<File> {
    fs::create_dir_all(folder)?;
    let file = File::create(folder.join(name))?;
    file.lock()?;
    Ok(file)
}

/// The name of this machine, as far as it can be told; one that cannot be told is every machine's.
fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}

/// Takes the lease for itself, if nobody who lives has it.
pub fn take(transaction: &Transaction<'_>, claim: &Claim, instance: i64, now: Millis) -> Done<bool> {
    let held = transaction
        .query_row("SELECT holder, host, until FROM lease WHERE instance = ?1", [instance], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Millis>(2)?))
        })
        .optional()?;
    if let Some((holder, host, until)) = held
        && holder != claim.name
    {
        let lives = if host == claim.host { lives(&claim.folder, &holder) } else { until > now };
        if lives {
            return Ok(false);
        }
    }
    let take = "INSERT OR REPLACE INTO lease (instance, holder, host, until) VALUES (?1, ?2, ?3, ?4)";
    transaction.execute(take, params![instance, claim.name, claim.host, now.saturating_add(LASTS)])?;
    Ok(true)
}

/// Whether somebody holds the lock of that name; the file of one who does not is removed.
pub fn lives(folder: &Path, holder: &str) -> bool {
    let path = folder.join(holder);
    let Ok(file) = File::open(&path) else { return false };
    if file.try_lock().is_err() {
        return true;
    }
    let _ = fs::remove_file(&path);
    false
}
