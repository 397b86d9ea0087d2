//! The connectors of a project at hand: each file compiled once for each of its versions, settings and the way to the
//! network shared by all that run.

use super::facts::Declarations;
use crate::cli::args::{Display, Network, Run, Where};
use crate::cli::durable::{connector_name, open_state, state_failure};
use crate::cli::failure::Failure;
use crate::cli::files;
use crate::cli::network;
use crate::cli::open::{Opened, Opening, Shared, compile, limits, world};
use crate::cli::report;
use crate::cli::secrets::Secrets;
use crate::cli::trace::Recorder;
use crate::cli::world::Output;
use crate::connector::{Connector, Environment, Pace, Turns};
use crate::program::Program;
use crate::project::{Account, Settings};
use crate::runtime::{KeptTurns, digest};
use crate::store::Sqlite;
use crate::text::Source;
use crate::value::{Hash, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

/// Where the settings of an account are written.
const WRITTEN: &str = "`settings = { NAME = \"…\" }` of its account in connrun.toml";

/// What every run of the server has in common.
pub struct Shop {
    run: Run,
    network: Network,
    display: Display,
    secrets: Secrets,
    route: Arc<network::Route>,
    accounts: RwLock<Vec<Account>>,
    /// The state, for turns that hold across processes.
    state: Option<(PathBuf, Arc<Mutex<Sqlite>>)>,
    versions: Mutex<HashMap<PathBuf, Kept>>,
}

/// One version of a connector's file.
pub struct Version {
    pub source: Source,
    pub program: Arc<Program>,
    /// SHA-256 of its text.
    pub hash: String,
    pub declarations: Declarations,
}

struct Kept {
    version: Arc<Version>,
    /// What the file looked like when it was read last.
    stamp: Option<(SystemTime, u64)>,
    /// The text that was read last: the version's, or one that is broken.
    hash: String,
}

/// What became of a file since the last run.
pub enum News {
    Same,
    /// A new version runs from now on.
    Changed,
    /// The new text cannot run; the version before goes on.
    Broken(Box<Failure>),
}

impl Shop {
    /// A shop of a server with that state; without one its connectors are looked at only.
    pub fn open(
        network: &Network,
        display: &Display,
        secrets: &Secrets,
        state: Option<&Path>,
    ) -> Result<Self, Failure> {
        let state = match state {
            None => None,
            Some(path) => {
                let store = open_state(path)?.hasty().map_err(|error| state_failure(&error))?;
                Some((path.to_path_buf(), Arc::new(Mutex::new(store))))
            }
        };
        let run = Run::default();
        let recorder = Recorder::new(network, display, secrets, None, "serve".to_owned())?;
        let route = Arc::new(network::route(network, run.max_memory, secrets, recorder, None)?);
        Ok(Self {
            run,
            network: network.clone(),
            display: display.clone(),
            secrets: secrets.clone(),
            route,
            accounts: RwLock::default(),
            state,
            versions: Mutex::default(),
        })
    }

    /// What is wrong with accounts: variables that they want and that are not there.
    pub fn wrong_accounts(&self, accounts: &[Account]) -> Vec<Failure> {
        accounts.iter().filter_map(|account| place(Some(account), Path::new("")).err()).collect()
    }

    /// Takes the accounts of a project. Errors: a variable that one of them wants is not there.
    pub fn take_accounts(&self, accounts: &[Account]) -> Result<(), Failure> {
        if let Some(failure) = self.wrong_accounts(accounts).into_iter().next() {
            return Err(failure);
        }
        *self.accounts.write().unwrap_or_else(PoisonError::into_inner) = accounts.to_vec();
        Ok(())
    }

    /// The version of a file to run now. A file that has changed is read again; one that cannot run any more leaves the
    /// version before it in place. Errors: there is no such version.
    pub fn version(&self, path: &Path) -> Result<(Arc<Version>, News), Failure> {
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(path);
        if let Some(kept) = versions.get(path)
            && stamp.is_some()
            && kept.stamp == stamp
        {
            return Ok((Arc::clone(&kept.version), News::Same));
        }
        let read = files::read_connector(path);
        let hash = read.as_ref().map_or_else(|_| String::new(), |source| digest(source.text()));
        if let Some(kept) = versions.get_mut(path)
            && kept.hash == hash
        {
            kept.stamp = stamp;
            return Ok((Arc::clone(&kept.version), News::Same));
        }
        let made = read.and_then(|source| self.compile(source, hash.clone()));
        match (made, versions.get_mut(path)) {
            (Ok(version), before) => {
                let news = if before.is_some() { News::Changed } else { News::Same };
                let version = Arc::new(version);
                let kept = Kept { version: Arc::clone(&version), stamp, hash };
                versions.insert(path.to_path_buf(), kept);
                Ok((version, news))
            }
            (Err(failure), Some(kept)) => {
                (kept.stamp, kept.hash) = (stamp, hash);
                Ok((Arc::clone(&kept.version), News::Broken(Box::new(failure))))
            }
            (Err(failure), None) => Err(failure),
        }
    }

    /// Compiles a text and reads what it declares.
    fn compile(&self, source: Source, hash: String) -> Result<Version, Failure> {
        let program = compile(&source)?;
        let environment = Environment::new(Arc::clone(&self.route.transport), Value::hash(Hash::new()));
        let world = Box::new(world(&self.run, Output::Stderr));
        let loaded = Connector::load(Arc::clone(&program), world, limits(&self.run), environment);
        let connector = loaded.map_err(|unwind| report::of_unwind(&unwind, &source))?;
        let declarations = Declarations::of(&connector);
        Ok(Version { source, program, hash, declarations })
    }

    /// A connector of that version with the settings of an account, ready to run on this thread.
    pub fn connector(&self, version: &Version, path: &Path, account: &str) -> Result<Ready, Failure> {
        let whose = {
            let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
            place(accounts.iter().find(|known| known.name == account), path)?
        };
        let turns: Arc<dyn Turns> = match &self.state {
            None => Arc::new(Pace::default()),
            Some((state, store)) => Arc::new(KeptTurns::new(Arc::clone(store), &connector_name(path, state), account)),
        };
        let opening = Opening::new(&whose, &self.run, &self.network, &self.display);
        let shared = Shared { route: Arc::clone(&self.route), turns, written: WRITTEN };
        let opened =
            opening.open_shared(version.source.clone(), Arc::clone(&version.program), &shared, &self.secrets)?;
        Ok(Ready { opened, place: whose })
    }
}

/// A connector that is open, and where its settings came from.
pub struct Ready {
    pub opened: Opened,
    pub place: Where,
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}

/// The settings of an account, as the other commands name them.
fn place(account: Option<&Account>, connector: &Path) -> Result<Where, Failure> {
    let connector = Some(connector.to_path_buf());
    let Some(account) = account else { return Ok(Where { connector, ..Where::default() }) };
    let settings = match &account.settings {
        None => None,
        Some(Settings::File(path)) => Some(path.display().to_string()),
        Some(Settings::Values(values)) => {
            let mut values = Json::Object(values.clone());
            resolve(&mut values, &format!("account `{}`", account.name))?;
            Some(values.to_string())
        }
    };
    Ok(Where { connector, settings, connection: account.connection.clone(), key: account.key.clone(), set: Vec::new() })
}

/// Puts the values of variables in the place of `env:NAME`.
fn resolve(value: &mut Json, whose: &str) -> Result<(), Failure> {
    match value {
        Json::String(text) => *text = variable(text, whose)?,
        Json::Array(items) => items.iter_mut().try_for_each(|item| resolve(item, whose))?,
        Json::Object(fields) => fields.values_mut().try_for_each(|field| resolve(field, whose))?,
        _ => {}
    }
    Ok(())
}

/// A text, or the variable that `env:NAME` stands for.
pub fn variable(text: &str, whose: &str) -> Result<String, Failure> {
    let Some(name) = text.strip_prefix("env:") else { return Ok(text.to_owned()) };
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or_else(|| {
        Failure::usage("project::variable", format!("the {whose} wants the variable {name}, which is not set"))
            .help(format!("`export {name}=…` before `connrun serve`"))
    })
}
