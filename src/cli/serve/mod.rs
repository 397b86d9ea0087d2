//! `connrun serve`: keeps the triggers and syncs of a project running.

pub mod args;
mod board;
mod desk;
mod facts;
mod hooks;
mod jobs;
mod plan;
mod reload;
mod shop;
mod tell;
mod work;

use self::args::Serve;
use self::board::{Board, When};
use self::desk::Clerk;
use self::jobs::{Bell, Hand};
use self::plan::{Key, Plan};
use self::shop::Shop;
use self::tell::Teller;
use self::work::{Worker, lines};
use super::args::Display;
use super::durable::{open_state, state_failure};
use super::failure::Failure;
use super::out::counted;
use super::secrets::Secrets;
use super::{files, interrupt, report};
use crate::project::{self, Project};
use crate::runtime::Emitted;
use crate::server::{Access, Http, is_loopback};
use crate::store::{Identity, Instance, Millis, Sqlite, Status, Store};
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where state is kept unless said otherwise.
const STATE: &str = ".connrun/state.db";
/// Stack of a worker; reserved, not used, until a connector is that deep.
const STACK: usize = 256 << 20;
/// How often the project's file is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Everything that the threads of a server share.
pub struct Server {
    pub board: Board,
    pub shop: Shop,
    pub teller: Teller,
    pub secrets: Secrets,
    pub state: PathBuf,
    /// The address at which services reach the webhooks.
    pub url: OnceLock<String>,
    /// What clients of the API have to send, and what keys of addresses are made of.
    pub token: Option<String>,
    /// Rings when there may be a job.
    pub bell: Bell,
    /// Remarks of connectors that were passed on: once is enough.
    pub noted: Mutex<HashSet<String>>,
    /// Held by who takes subscriptions back.
    pub sweeping: Mutex<()>,
}

pub fn run(options: &Serve, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let path = find(options)?;
    let state =
        options.state.as_deref().map(std::path::absolute).transpose().map_err(|error| {
            Failure::usage("state::folder", format!("the path of the state cannot be told: {error}"))
        })?;
    let name = enter_folder(&path)?;
    let project = match load(&name)? {
        Ok(project) => project,
        Err(failures) => return Ok(all(failures, display, secrets)),
    };
    if options.check {
        return check(&name, &project, options, display, secrets);
    }
    interrupt::watch_gently();
    let state = state.or_else(|| project.state.clone()).unwrap_or_else(|| PathBuf::from(STATE));
    let access = access(&project, options)?;
    let server = Server {
        board: Board::new(now),
        shop: Shop::open(&options.network, display, secrets, Some(&state))?,
        teller: Teller::new(display, secrets, now),
        secrets: secrets.clone(),
        state,
        url: OnceLock::new(),
        token: access.token.clone(),
        bell: Bell::default(),
        noted: Mutex::default(),
        sweeping: Mutex::default(),
    };
    server.take(&project)?;
    server.serve(&name, &project, options, access)
}

/// Looks at what a start would look at: variables, where to listen, and what connectors say of their schedules.
fn check(name: &str, project: &Project, options: &Serve, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let shop = Shop::open(&options.network, display, secrets, None)?;
    let mut failures: Vec<Failure> = access(project, options).err().into_iter().collect();
    failures.extend(shop.wrong_accounts(&project.accounts));
    let mut told = HashSet::new();
    for plan in Plan::all(project, Path::new(STATE)) {
        let checked = shop.version(&plan.part().connector.value).and_then(|(version, _)| {
            let facts = work::facts(&plan, &version)?;
            work::times(&plan, &facts).map(drop)
        });
        // A connector that does not load is wrong once, however many of its parts are wanted.
        failures.extend(checked.err().filter(|failure| told.insert(failure.diagnostic.message.clone())));
    }
    if !failures.is_empty() {
        return Ok(all(failures, display, secrets));
    }
    let (triggers, syncs) = (project.triggers.len() as u64, project.syncs.len() as u64);
    let what = format!("{} and {}", counted(triggers, "trigger"), counted(syncs, "sync"));
    super::out::say(&format!("{name}: {what}, nothing wrong\n"))?;
    Ok(0)
}

/// The project that is meant.
fn find(options: &Serve) -> Result<PathBuf, Failure> {
    if let Some(path) = &options.config {
        return Ok(if path.is_dir() { path.join(project::FILE) } else { path.clone() });
    }
    project::find(Path::new(project::FILE)).ok_or_else(|| {
        Failure::usage("project::missing", "there is no connrun.toml here or above").help(
            "four lines make one:\n[triggers.new_customers]\nconnector = \"connectors/customers.conn\"\n\
             trigger = \"new_customer_ascending\"\ninput = { created_since = \"2017-01-01T00:00:00Z\" }",
        )
    })
}

/// Everything is seen from the folder of the project. Returns the file's name in it.
fn enter_folder(path: &Path) -> Result<String, Failure> {
    if !path.is_file() {
        // The usual words about a file that is not there, with the nearest name.
        files::read_text(path)?;
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::env::set_current_dir(folder).map_err(|error| {
            Failure::usage("usage::file", format!("the folder {} cannot be entered: {error}", folder.display()))
        })?;
    }
    Ok(path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
}

/// Reads the project here; everything that is wrong with it, where something is.
fn load(name: &str) -> Result<Result<Project, Vec<Failure>>, Failure> {
    let source = files::read_text(Path::new(name))?;
    let failure = |diagnostic| Failure::new(super::failure::Kind::Usage, diagnostic);
    Ok(project::load(&source, Path::new("")).map_err(|findings| findings.into_iter().map(failure).collect()))
}

/// Prints all failures.
fn all(failures: Vec<Failure>, display: &Display, secrets: &Secrets) -> u8 {
    failures.into_iter().map(|failure| report::failure(failure, display, &secrets.redactor())).max().unwrap_or(2)
}

fn listen_address<'a>(project: &'a Project, options: &'a Serve) -> &'a str {
    options.listen.as_deref().unwrap_or(&project.server.listen.value)
}

/// Who may ask. Errors: others than this machine could, and nothing says who they have to be.
fn access(project: &Project, options: &Serve) -> Result<Access, Failure> {
    let token = match &project.server.token {
        Some(token) => Some(shop::variable(&token.value, "server's token")?),
        None => None,
    };
    let listen = listen_address(project, options);
    if !listen.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok()) {
        return Err(Failure::usage("serve::listen", format!("`{listen}` is no address to listen on"))
            .help("write an address and a port: `listen = \"127.0.0.1:8080\"`"));
    }
    let reachable = |what: String| {
        Err(Failure::usage("serve::token", format!("{what} is reached by others, and there is no token"))
            .help("set one: `token = \"env:CONNRUN_TOKEN\"` under `[server]` in connrun.toml"))
    };
    if token.is_none() && !is_loopback(listen) {
        return reachable(listen.to_owned());
    }
    if let (None, Some(url)) = (&token, &project.server.public_url)
        && !url.value.split("://").nth(1).is_some_and(|host| is_loopback(host.split('/').next().unwrap_or_default()))
    {
        return reachable(url.value.clone());
    }
    Ok(Access { token })
}

pub fn now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis)
}

impl Server {
    /// Puts the plans of a project on the board, in place of those that were there. Errors: one of them cannot run.
    pub fn take(&self, project: &Project) -> Result<Vec<Key>, Failure> {
        self.shop.take_accounts(&project.accounts)?;
        let known = self.instances()?;
        let now = self.board.now();
        let mut put = Vec::new();
        for plan in Plan::all(project, &self.state) {
            let (version, _) = self.shop.version(&plan.part().connector.value)?;
            let facts = work::facts(&plan, &version)?;
            let times = work::times(&plan, &facts)?;
            let instance = known.get(&plan.identity);
            let due = match (facts.hooks.polls || plan.key.is_sync, facts.is_told() && !facts.hooks.notified) {
                (false, _) => Millis::MAX,
                // What was said while nobody listened is looked up.
                (true, true) => now,
                (true, false) => times.due(instance.map(|instance| &instance.place), now),
            };
            // Subscriptions are made, and what was kept is dealt with.
            let errand = facts.is_told().then_some(now);
            let paused = instance.is_some_and(|instance| instance.paused);
            put.push((plan, When { due, errand, schedule: times.shown, paused }));
        }
        let keys: Vec<Key> = put.iter().map(|(plan, _)| plan.key.clone()).collect();
        self.teller.fit(keys.iter().map(|key| &*key.name));
        let before = self.board.entries();
        for entry in before.iter().filter(|entry| !keys.contains(&entry.plan.key)) {
            self.board.remove(&entry.plan.key);
        }
        for (plan, due) in put {
            let same = before.iter().find(|entry| entry.plan.key == plan.key);
            if same.is_none_or(|entry| entry.plan.what != plan.what) {
                self.board.put(plan, due);
            }
        }
        Ok(keys)
    }

    fn instances(&self) -> Result<HashMap<Identity, Instance>, Failure> {
        let mut store = open_state(&self.state)?;
        let instances = store.instances().map_err(|error| state_failure(&error))?;
        Ok(instances.into_iter().map(|instance| (instance.identity.clone(), instance)).collect())
    }

    fn serve(self, name: &str, project: &Project, options: &Serve, access: Access) -> Result<u8, Failure> {
        let server = Arc::new(self);
        let http = server.listen(project, options, access)?;
        server.say_hello(name, project, &http);
        let mut threads = Vec::new();
        for at in 0..project.server.workers {
            threads.push(server.thread("worker", |server, store| Worker::new(server, store).work())?);
            // Half as many work on jobs: a job waits for its action, and polls must not wait for that.
            if at % 2 == 0 {
                threads.push(server.thread("jobs", |server, store| Hand::new(server, store).work())?);
            }
        }
        server.sweep();
        let mut watch = reload::Watch::new(name, project);
        while !interrupt::asked() {
            interrupt::sleep(LOOK);
            watch.look(&server);
        }
        server.teller.say("", "stopping: what runs ends after its page; a second signal ends it at once");
        server.board.stop();
        server.bell.ring();
        for thread in threads {
            let _ = thread.join();
        }
        drop(http);
        server.teller.say("", "stopped");
        Ok(0)
    }

    /// A thread with a store of its own.
    fn thread(
        self: &Arc<Self>,
        name: &str,
        work: impl FnOnce(&Self, Sqlite) + Send + 'static,
    ) -> Result<JoinHandle<()>, Failure> {
        let (server, store) = (Arc::clone(self), open_state(&self.state)?);
        let thread = std::thread::Builder::new().name(name.to_owned()).stack_size(STACK);
        let started = thread.spawn(move || work(&server, store));
        started.map_err(|error| Failure::usage("serve::thread", format!("no thread can start: {error}")))
    }

    /// Begins to answer requests.
    fn listen(self: &Arc<Self>, project: &Project, options: &Serve, access: Access) -> Result<Http, Failure> {
        let listen = listen_address(project, options);
        let clerk = Arc::new(Clerk::new(self, open_state(&self.state)?));
        let http = Http::start(listen, access, project.server.max_body, clerk).map_err(|error| {
            let help = match error.kind() {
                std::io::ErrorKind::AddrInUse => {
                    "another program listens there: choose another port with `--listen 127.0.0.1:PORT`, or 0 for a free one"
                }
                _ => "write an address and a port: `listen = \"127.0.0.1:8080\"`",
            };
            Failure::usage("serve::listen", format!("cannot listen on {listen}: {error}")).help(help)
        })?;
        let own = format!("http://{}", http.address());
        let public = project.server.public_url.as_ref().map(|url| url.value.trim_end_matches('/').to_owned());
        let _ = self.url.set(public.unwrap_or(own));
        Ok(http)
    }

    fn say_hello(&self, name: &str, project: &Project, http: &Http) {
        let (triggers, syncs) = (project.triggers.len() as u64, project.syncs.len() as u64);
        let what = format!("{} and {}", counted(triggers, "trigger"), counted(syncs, "sync"));
        let state = self.state.display();
        self.teller.say("", &format!("{name}: {what}; http://{}; state in {state}", http.address()));
        for entry in self.board.entries() {
            let when = if entry.paused { "paused".to_owned() } else { entry.schedule.clone() };
            let part = entry.plan.part();
            let what = format!("{} of {}, {when}", part.name.value, part.connector.value.display());
            self.teller.mention(&entry.plan.key.name, &what);
        }
    }

    /// Passes remarks of a connector on, each once.
    pub fn note(&self, name: &str, notes: &[String]) {
        for note in notes {
            let mut said = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            if said.insert(format!("{name}: {note}")) {
                self.teller.warn(name, note);
            }
        }
    }

    /// Hands out new events that no action runs for: a line each on standard output.
    pub fn emit(&self, name: &str, jobs: &[Emitted], status: Status) {
        if status == Status::Queued {
            self.bell.ring();
        } else {
            // What is committed is in the state, read or not.
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(lines(name, jobs).as_bytes()).and_then(|()| out.flush());
        }
    }
}
