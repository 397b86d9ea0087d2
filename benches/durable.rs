//! What durability costs: commits beside a bare SQLite loop, commits with millions of seen keys beside few, thousands of
//! triggers that wait, and a sync of a million records that is killed and resumed. `cargo bench --bench durable`; one part
//! with `-- commits|seen|idle|sync`.
//!
//! `CONNRUN` may name another binary, `CONNRUN_KEYS`, `CONNRUN_TRIGGERS` and `CONNRUN_RECORDS` other sizes.

use connrun::store::{Change, Identity, Instance, Kind, NewJob, Place, Sqlite, Store};
use rusqlite::{Connection, TransactionBehavior, params};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Events of one commit.
const EVENTS: usize = 100;
/// Commits of each kind that are timed.
const COMMITS: usize = 400;
/// Records of one chunk.
const CHUNK: usize = 1_000;

fn main() {
    let folder = std::env::temp_dir().join(format!("connrun-durable-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|it| it == name);
    if wanted("commits") {
        commits(&folder);
    }
    if wanted("seen") {
        seen(&folder);
    }
    if wanted("idle") {
        idle(&folder);
    }
    if wanted("sync") {
        sync(&folder);
    }
    let _ = std::fs::remove_dir_all(folder);
}

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn identity() -> Identity {
    Identity {
        connector: "connectors/customers.conn".to_owned(),
        kind: Kind::Trigger,
        name: "new_customer".to_owned(),
        connection: String::new(),
        input: "{}".to_owned(),
    }
}

/// Keys that lie nowhere near each other, as hashes and uuids do.
fn key(number: usize) -> String {
    let mixed = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("{:016x}@2024-03-15T12:34:56Z", mixed ^ (mixed >> 29))
}

fn event(number: usize) -> String {
    format!("{{\"id\":{number},\"name\":\"Ines Garcia\",\"email\":\"ines.garcia.{number}@email.com\"}}")
}

fn change(from: usize) -> Change {
    let jobs = (from..from + EVENTS).map(|it| NewJob { key: Some(key(it)), event: event(it) }).collect();
    let place = Place { cursor: Some(from.to_string()), last_run: Some(from as i64), ..Place::default() };
    Change { place: Some(place), jobs, now: 1_710_506_096_000, ..Change::default() }
}

/// Poll commits as a trigger makes them: what is known is asked for, then all of it is written.
struct Poller {
    store: Sqlite,
    instance: Instance,
    next: usize,
}

impl Poller {
    fn open(path: &Path, next: usize) -> Self {
        let mut store = Sqlite::open(path).expect("a state");
        let instance = store.open(&identity()).expect("an instance");
        Self { store, instance, next }
    }

    fn commit(&mut self) -> Duration {
        let change = change(self.next);
        self.next += EVENTS;
        let keys: Vec<&str> = change.jobs.iter().filter_map(|job| job.key.as_deref()).collect();
        let began = Instant::now();
        let known = self.store.seen(self.instance.id, &keys).expect("keys");
        assert!(!known.contains(&true));
        self.instance.version = self.store.commit(&self.instance, &change).expect("a commit").version;
        began.elapsed()
    }
}

/// The least that keeps the promise: events with a unique key and a cursor, in one transaction.
struct Bare {
    connection: Connection,
    next: usize,
}

impl Bare {
    fn open(path: &Path) -> Self {
        let connection = Connection::open(path).expect("a database");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE event (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, event TEXT NOT NULL);
                 CREATE TABLE cursor (id INTEGER PRIMARY KEY, cursor TEXT);
                 INSERT INTO cursor VALUES (1, '0');",
            )
            .expect("tables");
        Self { connection, next: 0 }
    }

    fn commit(&mut self) -> Duration {
        let change = change(self.next);
        self.next += EVENTS;
        let began = Instant::now();
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).expect("a transaction");
        {
            let insert = "INSERT OR IGNORE INTO event (key, event) VALUES (?1, ?2)";
            let mut insert = transaction.prepare_cached(insert).expect("a statement");
            for job in &change.jobs {
                insert.execute(params![job.key, job.event]).expect("a row");
            }
            let update = "UPDATE cursor SET cursor = ?1 WHERE id = 1";
            transaction.prepare_cached(update).expect("a statement").execute([self.next.to_string()]).expect("a row");
        }
        transaction.commit().expect("a commit");
        began.elapsed()
    }
}

fn commits(folder: &Path) {
    let mut ours = Poller::open(&folder.join("ours.db"), 0);
    let mut bare = Bare::open(&folder.join("bare.db"));
    let (mut our_times, mut bare_times) = (Vec::new(), Vec::new());
    // One after the other, so that a busy disk is busy for both.
    for _ in 0..COMMITS {
        our_times.push(ours.commit());
        bare_times.push(bare.commit());
    }
    let (ours, bare) = (total(&our_times), total(&bare_times));
    println!("poll commits of {EVENTS} events, synchronous=FULL, {COMMITS} of each:");
    println!("  connrun        {:>8.2} ms each, median {:.2} ms", ours / COMMITS as f64, median(&mut our_times));
    println!("  bare SQLite    {:>8.2} ms each, median {:.2} ms", bare / COMMITS as f64, median(&mut bare_times));
    println!("  speed          {:>8.0} % of bare SQLite (goal: 80)", bare / ours * 100.0);
}

fn seen(folder: &Path) {
    let most = size("CONNRUN_KEYS", 10_000_000);
    let mut pollers: Vec<(usize, Poller)> =
        [10_000, most].map(|keys| (keys, filled(&folder.join(format!("seen-{keys}.db")), keys))).into();
    for (_, poller) in &mut pollers {
        for _ in 0..20 {
            poller.commit();
        }
    }
    let mut times = vec![Vec::new(); 2];
    for _ in 0..COMMITS {
        for ((_, poller), times) in pollers.iter_mut().zip(&mut times) {
            times.push(poller.commit());
        }
    }
    println!("commits of {EVENTS} events with seen keys, {COMMITS} of each:");
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    for ((keys, _), (times, median)) in pollers.iter().zip(times.iter().zip(&medians)) {
        let mean = total(times) / COMMITS as f64;
        println!("  {keys:>10} keys   median {median:.2} ms, mean {mean:.2} ms");
    }
    println!("  slower by {:.0} % (goal: at most 20)", (medians[1] / medians[0] - 1.0) * 100.0);
}

/// How long triggers are watched while they wait.
const WATCHED: Duration = Duration::from_secs(10);

fn idle(folder: &Path) {
    let triggers = size("CONNRUN_TRIGGERS", 5_000);
    std::fs::write(folder.join("waits.conn"), "{ title: 'W', triggers: { new: { poll: -> { { events: [] } } } } }")
        .expect("a file");
    let trigger = |at| {
        format!(
            "[triggers.t{at}]\nconnector = 'waits.conn'\ntrigger = 'new'\ninput = {{ n = {at} }}\nschedule = '0 0 1 1 *'\n"
        )
    };
    let project: String = (0..triggers).map(trigger).collect();
    std::fs::write(folder.join("connrun.toml"), project).expect("a file");
    let began = Instant::now();
    let mut child = Command::new(program())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .current_dir(folder)
        .stderr(Stdio::piped())
        .spawn()
        .expect("connrun");
    let said = BufReader::new(child.stderr.take().expect("its lines"));
    let hello = said.lines().map_while(Result::ok).find(|line| line.contains("http://"));
    assert!(hello.is_some(), "the server did not start");
    let (ready, before) = (began.elapsed(), busy(&child));
    std::thread::sleep(WATCHED);
    let share = busy(&child).zip(before).map(|(now, before)| (now - before) / WATCHED.as_secs_f64() * 100.0);
    let peak = high_water(&child);
    let _ = child.kill();
    let _ = child.wait();
    println!("{triggers} triggers that wait, ready in {:.1} s:", ready.as_secs_f64());
    let share = share.map_or("?".to_owned(), |share| format!("{share:.2} %"));
    println!("  {share} of a core (goal: 2), peak {} (goal: 200 MB)", shown(peak));
}

/// The seconds that a process's threads have run; known on Linux.
fn busy(child: &Child) -> Option<f64> {
    let threads = std::fs::read_dir(format!("/proc/{}/task", child.id())).ok()?;
    let nanos = threads.filter_map(|thread| {
        let ran = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        ran.split(' ').next()?.parse::<f64>().ok()
    });
    Some(nanos.sum::<f64>() / 1e9)
}

/// A state that has seen so many keys.
fn filled(path: &Path, keys: usize) -> Poller {
    const BATCH: usize = 100_000;
    let began = Instant::now();
    let mut poller = Poller::open(path, keys);
    for from in (0..keys).step_by(BATCH) {
        let seen = (from..(from + BATCH).min(keys)).map(|it| (key(it), 1_710_000_000_000 + it as i64)).collect();
        let change = Change { seen, ..Change::default() };
        poller.instance.version = poller.store.commit(&poller.instance, &change).expect("a commit").version;
    }
    let bytes = std::fs::metadata(path).map_or(0, |about| about.len());
    println!("{keys:>10} keys written in {:.0} s, {} MB", began.elapsed().as_secs_f64(), bytes / 1_000_000);
    poller
}

const CONNECTOR: &str = "
{
  title: 'Records',
  connection: { fields: [{ name: 'url' }], base_uri: lambda { |connection| connection['url'] } },
  syncs: {
    records: {
      primary_key: 'id',
      fetch: lambda do |_connection, _input, state|
        page = get('/records').params(after: state || 0)
        { records: page['records'], state: page['last'], has_more: page['more'] }
      end
    }
  }
}
";

fn sync(folder: &Path) {
    let records = size("CONNRUN_RECORDS", 1_000_000);
    std::fs::write(folder.join("records.conn"), CONNECTOR).expect("a file");
    let url = serve(records);
    let began = Instant::now();
    let peak = run(folder, &url, "whole", None);
    let seconds = began.elapsed().as_secs_f64();
    println!("a sync of {records} records into SQLite, {CHUNK} a chunk:");
    println!("  {:.0} records a second, {seconds:.0} s, peak {} (goal: 100 MB)", records as f64 / seconds, shown(peak));
    // Killed after a third and after two thirds of the time.
    let part = Duration::from_secs_f64(seconds / 3.0);
    let peaks = [Some(part), Some(part), None].map(|end| run(folder, &url, "killed", end));
    let [whole, killed] = ["whole", "killed"].map(|name| digest(&folder.join(format!("{name}.db"))));
    let same = if whole == killed { "equal to" } else { "DIFFERENT from" };
    println!("  killed twice and resumed: {same} the uninterrupted one, {whole:?}, peak {}", shown(peaks[2]));
}

fn shown(peak: Option<f64>) -> String {
    peak.map_or("?".to_owned(), |peak| format!("{peak:.0} MB"))
}

/// Count, sum of ids, and a sum over all columns.
fn digest(path: &Path) -> (i64, i64, i64) {
    let sums = "SELECT count(*), sum(id), sum(length(name) * 31 + length(email) * 7 + score) FROM records";
    let database = Connection::open(path).expect("a database");
    database.query_row(sums, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("sums")
}

/// The binary that is measured.
fn program() -> String {
    let named = std::env::var("CONNRUN").ok();
    named.or(option_env!("CARGO_BIN_EXE_connrun").map(str::to_owned)).expect("CONNRUN or cargo bench")
}

/// Runs the sync, and kills it after that time. The most memory it had, in MB.
fn run(folder: &Path, url: &str, name: &str, end: Option<Duration>) -> Option<f64> {
    let mut child = Command::new(program())
        .args(["sync", "records", "-c", "records.conn", "--quiet", "--timeout", "3600"])
        .args(["--set", &format!("url={url}"), "--to", &format!("{name}.db"), "--state", &format!("{name}.state")])
        .current_dir(folder)
        .stdin(Stdio::null())
        .spawn()
        .expect("connrun");
    let (began, mut peak) = (Instant::now(), None);
    let status = loop {
        peak = high_water(&child).or(peak);
        match child.try_wait() {
            Ok(None) => {}
            status => break status.ok().flatten(),
        }
        if end.is_some_and(|end| began.elapsed() > end) {
            let _ = child.kill();
            let _ = child.wait();
            return peak;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.is_some_and(|status| status.success()), "the sync failed");
    peak
}

/// The most that was in memory so far, in MB; known on Linux.
fn high_water(child: &Child) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

/// An API with so many records.
fn serve(records: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || answer(&socket, records));
        }
    });
    url
}

fn answer(socket: &TcpStream, records: usize) -> Option<()> {
    let mut lines = BufReader::new(socket.try_clone().ok()?);
    loop {
        let mut first = String::new();
        if lines.read_line(&mut first).ok()? == 0 {
            return None;
        }
        let mut line = String::new();
        while lines.read_line(&mut line).ok()? > 2 {
            line.clear();
        }
        let after = first.split("after=").nth(1)?.split([' ', '&']).next()?.parse::<usize>().ok()?;
        let last = (after + CHUNK).min(records);
        let page: Vec<String> = (after + 1..=last).map(record).collect();
        let body = format!("{{\"records\":[{}],\"last\":{last},\"more\":{}}}", page.join(","), last < records);
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        let mut socket = socket;
        socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(body.as_bytes())).ok()?;
    }
}

fn record(id: usize) -> String {
    format!(
        "{{\"id\":{id},\"name\":\"Customer {id}\",\"email\":\"customer.{id}@email.com\",\"score\":{},\"active\":{},\
         \"created_at\":\"2024-03-15T12:34:56Z\",\"address\":{{\"city\":\"Albany\",\"zip\":\"12207\"}}}}",
        id % 97,
        id.is_multiple_of(3)
    )
}

/// Milliseconds of all.
fn total(times: &[Duration]) -> f64 {
    times.iter().sum::<Duration>().as_secs_f64() * 1000.0
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
