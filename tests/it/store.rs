//! What every store promises, asked of each of them; and what an SQLite file does when it is not what it should be.

use connrun::store::{
    Answer, Attempt, Change, ErrorKind, Identity, Job, Kind, Memory, NewJob, Pending, Place, Settlement, Sqlite,
    Status, Store, Wanted,
};
use tempfile::TempDir;

/// Runs the same questions against every implementation.
fn every(ask: impl Fn(&mut dyn Store)) {
    ask(&mut Memory::default());
    let folder = TempDir::new().unwrap();
    ask(&mut Sqlite::open(&folder.path().join("state.db")).unwrap());
}

fn identity(name: &str) -> Identity {
    Identity {
        connector: "connectors/a.conn".to_owned(),
        kind: Kind::Trigger,
        name: name.to_owned(),
        connection: String::new(),
        input: "{}".to_owned(),
    }
}

fn job(key: &str) -> NewJob {
    NewJob { key: Some(key.to_owned()), event: format!("{{\"id\":\"{key}\"}}") }
}

fn jobs_of(store: &mut dyn Store, wanted: &Wanted) -> Vec<Job> {
    let mut jobs = Vec::new();
    store.jobs(wanted, &mut |job| jobs.push(job.clone())).unwrap();
    jobs
}

fn keys(jobs: &[Job]) -> Vec<&str> {
    jobs.iter().map(|job| job.key.as_deref().unwrap_or("-")).collect()
}

#[test]
fn an_instance_is_found_again_by_what_it_is() {
    every(|store| {
        let made = store.open(&identity("a")).unwrap();
        assert_eq!(store.open(&identity("a")).unwrap(), made);
        assert_ne!(store.open(&identity("b")).unwrap().id, made.id);
        let other = Identity { connection: "acme".to_owned(), ..identity("a") };
        assert_ne!(store.open(&other).unwrap().id, made.id);
        assert_eq!(store.instances().unwrap().len(), 3);
        assert_eq!(store.instance(99).unwrap_err().kind, ErrorKind::Missing);
    });
}

#[test]
fn a_commit_moves_everything_at_once_and_drops_seen_keys() {
    every(|store| {
        let instance = store.open(&identity("a")).unwrap();
        let place = Place { cursor: Some("7".to_owned()), next_due: Some(60), ..Place::default() };
        let jobs = vec![job("x"), job("y"), job("x"), NewJob { key: None, event: "1".to_owned() }];
        let change = Change { place: Some(place.clone()), jobs, now: 5, ..Change::default() };
        let committed = store.commit(&instance, &change).unwrap();
        assert_eq!(committed.jobs.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, true]);
        let now = store.instance(instance.id).unwrap();
        assert_eq!((now.version, now.place), (committed.version, place));
        assert_eq!(keys(&jobs_of(store, &Wanted::default())), ["x", "y", "-"]);
        assert_eq!(store.seen(instance.id, &["x", "z", "y"]).unwrap(), [true, false, true]);
        assert_eq!(store.seen_count(instance.id).unwrap(), 2);
    });
}

#[test]
fn who_has_read_an_older_version_writes_nothing() {
    every(|store| {
        let old = store.open(&identity("a")).unwrap();
        store.commit(&old, &Change { jobs: vec![job("x")], ..Change::default() }).unwrap();
        let late = store.commit(&old, &Change { jobs: vec![job("y")], clear_seen: true, ..Change::default() });
        assert_eq!(late.unwrap_err().kind, ErrorKind::Conflict);
        assert_eq!(store.seen(old.id, &["x", "y"]).unwrap(), [true, false]);
        assert_eq!(jobs_of(store, &Wanted::default()).len(), 1);
    });
}

#[test]
fn pending_events_wait_for_the_end_of_their_cycle() {
    every(|store| {
        let pending = |key: &str| Pending { key: Some(key.to_owned()), rank: "1".to_owned(), event: "{}".to_owned() };
        let mut at = store.open(&identity("a")).unwrap();
        for page in [vec![pending("c"), pending("b")], vec![pending("a")]] {
            let committed = store.commit(&at, &Change { pending: page, ..Change::default() }).unwrap();
            at.version = committed.version;
        }
        let waiting = store.pending(at.id).unwrap();
        assert_eq!(waiting.iter().filter_map(|it| it.key.as_deref()).collect::<Vec<_>>(), ["c", "b", "a"]);
        assert!(jobs_of(store, &Wanted::default()).is_empty());
        let end = Change { clear_pending: true, jobs: vec![job("a"), job("b"), job("c")], ..Change::default() };
        store.commit(&at, &end).unwrap();
        assert!(store.pending(at.id).unwrap().is_empty());
        assert_eq!(keys(&jobs_of(store, &Wanted::default())), ["a", "b", "c"]);
    });
}

#[test]
fn keys_are_forgotten_by_age_unless_they_are_met_again() {
    const DAY: i64 = 86_400_000;
    every(|store| {
        let mut at = store.open(&identity("a")).unwrap();
        let change = Change { seen: vec![("old".to_owned(), 0), ("met".to_owned(), 0)], ..Change::default() };
        at.version = store.commit(&at, &change).unwrap().version;
        let met = Change { touched: vec!["met".to_owned(), "never".to_owned()], now: 3 * DAY, ..Change::default() };
        store.commit(&at, &met).unwrap();
        assert_eq!(store.forget_before(at.id, 2 * DAY).unwrap(), 1);
        let mut left = Vec::new();
        store.seen_keys(at.id, &mut |key, time| left.push((key.to_owned(), time))).unwrap();
        assert_eq!(left, [("met".to_owned(), 3 * DAY)]);
    });
}

#[test]
fn jobs_are_listed_oldest_first_and_settled_one_by_one() {
    every(|store| {
        let (a, b) = (store.open(&identity("a")).unwrap(), store.open(&identity("b")).unwrap());
        store.commit(&a, &Change { jobs: vec![job("1"), job("2"), job("3")], now: 9, ..Change::default() }).unwrap();
        let queued = Change { jobs: vec![job("4")], status: Status::Queued, ..Change::default() };
        store.commit(&b, &queued).unwrap();
        let wanted = Wanted { instance: Some(a.id), last: Some(2), ..Wanted::default() };
        assert_eq!(keys(&jobs_of(store, &wanted)), ["2", "3"]);
        let wanted = Wanted { status: Some(Status::Queued), ..Wanted::default() };
        let mut job = jobs_of(store, &wanted).remove(0);
        assert_eq!((job.instance, job.attempts), (b.id, 0));
        let before = job.clone();
        (job.status, job.attempts, job.error) = (Status::Failed, 3, Some("no".to_owned()));
        let attempt = Attempt { number: 3, began: 1, ended: 2, outcome: "failed".to_owned(), error: job.error.clone() };
        let with = Settlement { attempt: Some(attempt.clone()), ..Settlement::default() };
        assert!(store.settle(&before, &job, &with).unwrap());
        assert!(!store.settle(&before, &job, &Settlement::default()).unwrap(), "it is no longer as it was read");
        assert_eq!(store.attempts(&job.id).unwrap(), [attempt]);
        assert_eq!(store.job(&job.id).unwrap(), Some(job));
        assert_eq!(store.job("nothing-1").unwrap(), None);
        store.remove(a.id).unwrap();
        assert_eq!(keys(&jobs_of(store, &Wanted::default())), ["4"]);
    });
}

#[test]
fn jobs_of_one_instance_run_one_at_a_time_and_those_that_wait_let_others_pass() {
    every(|store| {
        let (a, b) = (store.open(&identity("a")).unwrap(), store.open(&identity("b")).unwrap());
        for (at, keys) in [(&a, ["a1", "a2"]), (&b, ["b1", "b2"])] {
            let change = Change { jobs: keys.map(job).into(), status: Status::Queued, ..Change::default() };
            store.commit(at, &change).unwrap();
        }
        let key = |job: Option<Job>| job.and_then(|job| job.key).unwrap_or_default();
        let first = store.claim(10).unwrap().unwrap();
        assert_eq!((first.key.as_deref(), first.attempts, first.since), (Some("a1"), 1, 10));
        assert_eq!(key(store.claim(10).unwrap()), "b1");
        assert_eq!(key(store.claim(10).unwrap()), "", "both instances run a job");
        let waits = Job { status: Status::Waiting, due: Some(100), ..first.clone() };
        store.settle(&first, &waits, &Settlement { now: 20, ..Settlement::default() }).unwrap();
        assert_eq!(key(store.claim(30).unwrap()), "a2");
        assert_eq!(store.next_due().unwrap(), Some(100));
        assert_eq!(store.job_of_key(a.id, "a1").unwrap().map(|job| job.id), Some(first.id));
        assert_eq!(store.job_of_key(a.id, "b1").unwrap(), None);
    });
}

#[test]
fn a_clock_that_goes_back_does_not_make_a_job_wait_longer() {
    every(|store| {
        let at = store.open(&identity("a")).unwrap();
        let change = Change { jobs: vec![job("x")], status: Status::Queued, ..Change::default() };
        store.commit(&at, &change).unwrap();
        let running = store.claim(1_000_000).unwrap().unwrap();
        let waits = Job { status: Status::Waiting, due: Some(1_000_060), ..running.clone() };
        store.settle(&running, &waits, &Settlement { now: 1_000_000, ..Settlement::default() }).unwrap();
        assert_eq!(store.claim(500).unwrap(), None);
        assert_eq!(store.next_due().unwrap(), Some(560), "60 from now, as it was asked");
        assert!(store.claim(560).unwrap().is_some());
    });
}

#[test]
fn a_job_whose_process_died_is_free_at_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state.db");
    let (mut first, mut second) = (Sqlite::open(&path).unwrap(), Sqlite::open(&path).unwrap());
    let at = first.open(&identity("a")).unwrap();
    first.commit(&at, &Change { jobs: vec![job("x")], status: Status::Queued, ..Change::default() }).unwrap();
    let running = first.claim(1).unwrap().unwrap();
    assert_eq!(second.claim(2).unwrap(), None, "the first one lives");
    drop(first);
    let again = second.claim(3).unwrap().unwrap();
    assert_eq!((&again.id, again.attempts), (&running.id, 2));
    let attempts = second.attempts(&again.id).unwrap();
    assert_eq!(attempts.iter().map(|it| (it.outcome.as_str(), it.ended)).collect::<Vec<_>>(), [("interrupted", 3)]);
}

#[test]
fn who_runs_an_instance_is_not_disturbed_by_a_pause() {
    every(|store| {
        let read = store.open(&identity("a")).unwrap();
        store.pause(read.id, true).unwrap();
        store.commit(&read, &Change { place: Some(Place::default()), ..Change::default() }).unwrap();
        assert!(store.instance(read.id).unwrap().paused);
    });
}

#[test]
fn a_lease_is_one_holders_until_it_is_given_back_or_its_holder_is_gone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state.db");
    let mut first = Sqlite::open(&path).unwrap();
    let mut second = Sqlite::open(&path).unwrap();
    let id = first.open(&identity("a")).unwrap().id;
    assert!(first.lease(id, 0).unwrap());
    assert!(first.lease(id, 1).unwrap(), "its holder may take it again");
    assert!(!second.lease(id, 1_000_000_000).unwrap(), "however much time has passed: the first one lives");
    first.release(id).unwrap();
    assert!(second.lease(id, 0).unwrap());
    drop(second);
    assert!(first.lease(id, 0).unwrap(), "what the dead held is free at once");
}

#[test]
fn two_open_files_see_each_others_commits() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state.db");
    let (mut first, mut second) = (Sqlite::open(&path).unwrap(), Sqlite::open(&path).unwrap());
    let instance = first.open(&identity("a")).unwrap();
    first.commit(&instance, &Change { jobs: vec![job("x")], ..Change::default() }).unwrap();
    assert_eq!(second.seen(instance.id, &["x"]).unwrap(), [true]);
    let late = second.commit(&instance, &Change::default());
    assert_eq!(late.unwrap_err().kind, ErrorKind::Conflict);
}

/// A state with a thousand keys, closed.
fn filled(path: &std::path::Path) {
    let mut store = Sqlite::open(path).unwrap();
    let instance = store.open(&identity("a")).unwrap();
    let jobs = (0..1000).map(|key| job(&key.to_string())).collect();
    store.commit(&instance, &Change { jobs, ..Change::default() }).unwrap();
}

/// The kind of error that opening gives; the file has to be the same afterwards.
fn refused(path: &std::path::Path) -> (ErrorKind, String) {
    let before = std::fs::read(path).unwrap();
    let error = Sqlite::open(path).map(drop).unwrap_err();
    assert!(before == std::fs::read(path).unwrap(), "the file was changed");
    (error.kind, error.message.replace(path.to_str().unwrap(), "state.db"))
}

#[test]
fn files_that_are_no_whole_state_are_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state.db");
    filled(&path);
    let whole = std::fs::read(&path).unwrap();

    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let (kind, message) = refused(&path);
    assert_eq!(kind, ErrorKind::Damaged);
    assert!(message.contains(&format!("{} of its {} bytes", whole.len() / 2, whole.len())), "{message}");

    let mut holed = whole.clone();
    holed[8192..].iter_mut().for_each(|byte| *byte = 0x5A);
    std::fs::write(&path, &holed).unwrap();
    assert_eq!(refused(&path).0, ErrorKind::Damaged);

    std::fs::write(&path, "not a database at all, just a text of some length\n".repeat(9)).unwrap();
    assert_eq!(refused(&path), (ErrorKind::Damaged, "state.db is not a state of connrun".to_owned()));

    std::fs::write(&path, &whole[..50]).unwrap();
    assert_eq!(refused(&path).0, ErrorKind::Damaged);
}

/// Who is killed while pages go from the log into the file has written its head, which counts pages that are not there yet.
#[test]
fn a_state_whose_log_has_the_rest_is_whole() {
    let folder = TempDir::new().unwrap();
    let (path, log) = (folder.path().join("state.db"), folder.path().join("state.db-wal"));
    let mut store = Sqlite::open(&path).unwrap();
    let instance = store.open(&identity("a")).unwrap();
    let jobs = (0..1000).map(|key| job(&key.to_string())).collect();
    store.commit(&instance, &Change { jobs, ..Change::default() }).unwrap();
    let (mut short, pages) = (std::fs::read(&path).unwrap(), std::fs::read(&log).unwrap());
    // To close it moves the pages.
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    assert!(short.len() < whole.len());
    short[..4096].copy_from_slice(&whole[..4096]);

    std::fs::write(&path, &short).unwrap();
    std::fs::write(&log, [0; 64]).unwrap();
    assert_eq!(refused(&path).0, ErrorKind::Damaged, "this log has nothing");

    std::fs::write(&log, pages).unwrap();
    let mut store = Sqlite::open(&path).unwrap();
    assert_eq!(jobs_of(&mut store, &Wanted::default()).len(), 1000);
}

#[test]
fn newer_states_and_other_programs_databases_are_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state.db");
    filled(&path);
    let mut newer = std::fs::read(&path).unwrap();
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, &newer).unwrap();
    let (kind, message) = refused(&path);
    assert_eq!(kind, ErrorKind::Newer);
    assert_eq!(message, "the state state.db is of version 99; this connrun knows versions up to 4");

    newer[68..72].copy_from_slice(b"GPKG");
    std::fs::write(&path, &newer).unwrap();
    assert_eq!(refused(&path), (ErrorKind::Damaged, "state.db is a database of another program".to_owned()));
    assert!(Sqlite::open(folder.path()).is_err(), "a folder is no state");
}

#[test]
fn notifications_stay_until_a_commit_has_dealt_with_them() {
    every(|store| {
        let instance = store.open(&identity("told")).unwrap();
        let other = store.open(&identity("other")).unwrap();
        let (first, second) = (
            store.receive(instance.id, 10, "{}", b"one").unwrap(),
            store.receive(instance.id, 20, "{}", &[0xFF, 0x00]).unwrap(),
        );
        store.receive(other.id, 5, "{}", b"").unwrap();
        let bodies = |store: &mut dyn Store, now| -> Vec<Vec<u8>> {
            store.received(instance.id, now).unwrap().into_iter().map(|kept| kept.body).collect()
        };
        assert_eq!(bodies(store, 9), Vec::<Vec<u8>>::new());
        assert_eq!(bodies(store, 20), [b"one".to_vec(), vec![0xFF, 0x00]]);
        store.put_off(first, Some(50), "no").unwrap();
        assert_eq!(bodies(store, 49), [vec![0xFF, 0x00]]);
        assert_eq!(store.received(instance.id, 50).unwrap()[0].attempts, 1);
        // A commit that is refused has dealt with nothing.
        let change = Change { handled: vec![second], jobs: vec![job("x")], now: 21, ..Change::default() };
        store.commit(&instance, &change).unwrap();
        assert_eq!(
            store.commit(&instance, &Change { handled: vec![first], ..change }).unwrap_err().kind,
            ErrorKind::Conflict
        );
        assert_eq!((bodies(store, 49), store.next_received(instance.id).unwrap()), (Vec::new(), Some(50)));
        store.put_off(first, None, "never").unwrap();
        assert_eq!(store.next_received(instance.id).unwrap(), None);
        assert_eq!(store.next_received(other.id).unwrap(), Some(5));
        let left = store.given_up().unwrap();
        let (of, kept) = left.first().unwrap();
        assert_eq!((left.len(), *of, kept.attempts, kept.error.as_deref()), (1, instance.id, 2, Some("never")));
        assert_eq!((store.revive(60).unwrap(), store.revive(60).unwrap()), (1, 0));
        assert_eq!((bodies(store, 59), bodies(store, 60)), (Vec::new(), vec![b"one".to_vec()]));
        assert_eq!(store.received(instance.id, 60).unwrap()[0].attempts, 0);
    });
}

#[test]
fn a_state_of_the_version_before_is_brought_forward_with_all_that_is_in_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(include_str!("fixtures/state-3.sql")).unwrap();
    let mut store = Sqlite::open(&path).unwrap();
    let instance = store.open(&identity("a")).unwrap();
    let place = &instance.place;
    assert_eq!((instance.version, instance.paused, place.last_run), (7, true, Some(1_710_506_096_000)));
    assert_eq!(place.cursor.as_deref(), Some("\"2024-03-15T00:00:00Z\""));
    let jobs = jobs_of(&mut store, &Wanted::default());
    let stand: Vec<_> = jobs.iter().map(|job| (job.id.as_str(), job.status, job.attempts, job.due)).collect();
    assert_eq!(stand, [("0badcafe-5", Status::Failed, 2, None), ("0badcafe-6", Status::Waiting, 1, Some(80))]);
    let outcomes: Vec<String> =
        store.attempts("0badcafe-5").unwrap().into_iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, ["retried", "failed"]);
    let mut seen = Vec::new();
    store.seen_keys(instance.id, &mut |key, at| seen.push((key.to_owned(), at))).unwrap();
    assert_eq!(seen, ["known", "x", "y"].map(|key| (key.to_owned(), 10)));
    let other = store.open(&identity("b")).unwrap();
    assert_eq!((store.pending(other.id).unwrap().len(), store.received(other.id, 10).unwrap().len()), (1, 1));
    // Numbers of jobs that are gone are not used again.
    let committed = store.commit(&other, &Change { jobs: vec![job("z")], ..Change::default() }).unwrap();
    assert_eq!(committed.jobs, [Some("0badcafe-10".to_owned())]);
    assert_eq!(store.claim(80).unwrap().map(|job| job.id).as_deref(), Some("0badcafe-6"));
    assert_eq!(store.secret().unwrap().len(), 64);
    drop(store);
    assert_eq!(Sqlite::open(&path).unwrap().instances().unwrap().len(), 2);
}

/// A job that runs.
fn running(store: &mut dyn Store, key: &str) -> Job {
    let at = store.open(&identity(key)).unwrap();
    store.commit(&at, &Change { jobs: vec![job(key)], status: Status::Queued, ..Change::default() }).unwrap();
    store.claim(10).unwrap().unwrap()
}

fn waiting(job: &Job, token: &str) -> Job {
    Job { status: Status::Waiting, due: Some(1000), token: Some(token.to_owned()), ..job.clone() }
}

#[test]
fn a_job_that_waits_is_woken_by_its_token_and_by_nothing_else() {
    every(|store| {
        let answer = |token: &str| Answer { token: token.to_owned(), data: "{\"ok\":true}".to_owned() };
        let job = running(store, "x");
        assert!(store.settle(&job, &waiting(&job, "t"), &Settlement { now: 20, ..Settlement::default() }).unwrap());
        assert!(!store.answer(&job.id, &answer("other"), 30).unwrap());
        assert_eq!(store.claim(30).unwrap(), None);
        assert!(store.answer(&job.id, &answer("t"), 40).unwrap());
        assert!(!store.answer(&job.id, &answer("t"), 41).unwrap(), "once");
        let woken = store.claim(40).unwrap().unwrap();
        assert_eq!((woken.id, woken.answer), (job.id, Some(answer("t"))));
        assert!(!store.answer("nothing-1", &answer("t"), 40).unwrap());
    });
}

#[test]
fn an_answer_that_comes_before_its_job_waits_is_not_lost() {
    every(|store| {
        let job = running(store, "x");
        let answer = Answer { token: "t".to_owned(), data: "1".to_owned() };
        assert!(store.answer(&job.id, &answer, 15).unwrap());
        store.settle(&job, &waiting(&job, "t"), &Settlement { now: 20, ..Settlement::default() }).unwrap();
        let woken = store.claim(20).unwrap().unwrap();
        assert_eq!(woken.answer, Some(answer));
        // What begins anew knows nothing of it.
        let again = Job { status: Status::Queued, token: None, ..woken.clone() };
        store.settle(&woken, &again, &Settlement { anew: true, now: 30, ..Settlement::default() }).unwrap();
        assert_eq!(store.claim(30).unwrap().unwrap().answer, None);
    });
}

#[test]
fn a_job_that_is_cancelled_while_it_runs_does_not_wait_for_another_step() {
    every(|store| {
        let job = running(store, "x");
        assert!(store.cancel(&job).unwrap());
        assert!(store.job(&job.id).unwrap().unwrap().cancelled);
        let later = Job { status: Status::Waiting, due: Some(100), ..job.clone() };
        assert!(store.settle(&job, &later, &Settlement { now: 20, ..Settlement::default() }).unwrap());
        let over = store.job(&job.id).unwrap().unwrap();
        assert_eq!((over.status, over.finished_at, over.due), (Status::Cancelled, Some(20), None));
        assert!(!store.cancel(&job).unwrap(), "it runs no longer");
        // One that ended on its own ended as it did.
        let job = running(store, "y");
        store.cancel(&job).unwrap();
        let done = Job { status: Status::Succeeded, finished_at: Some(30), ..job.clone() };
        store.settle(&job, &done, &Settlement { now: 30, ..Settlement::default() }).unwrap();
        assert_eq!(store.job(&job.id).unwrap().unwrap().status, Status::Succeeded);
    });
}

#[test]
fn turns_of_a_connection_lie_apart_whatever_the_clock_does() {
    every(|store| {
        let mut waits = |now: i64| store.take_turn("a", now, 100).unwrap();
        assert_eq!([waits(1000), waits(1000), waits(1050), waits(5000)], [0, 100, 150, 0]);
        // The clock goes back: the next one waits as long as it would have.
        assert_eq!([waits(10), waits(10)], [100, 200]);
        assert_eq!(store.take_turn("b", 10, 100).unwrap(), 0);
    });
}

#[test]
fn turns_hold_across_processes() {
    let folder = TempDir::new().unwrap();
    let open = || Sqlite::open(&folder.path().join("state.db")).unwrap().hasty().unwrap();
    let (mut first, mut second) = (open(), open());
    let waits = [&mut first, &mut second].map(|store| store.take_turn("a", 1000, 100).unwrap());
    assert_eq!((waits, first.take_turn("a", 1000, 100).unwrap()), ([0, 100], 200));
}

#[test]
fn keys_that_were_looked_through_are_not_looked_through_again_on_the_same_day() {
    const DAY: i64 = 86_400_000;
    let folder = TempDir::new().unwrap();
    let mut store = Sqlite::open(&folder.path().join("state.db")).unwrap();
    let mut at = store.open(&identity("a")).unwrap();
    let many = (0..25_000).map(|key| (format!("old-{key}"), 0)).chain([("new".to_owned(), 5 * DAY)]).collect();
    at.version = store.commit(&at, &Change { seen: many, ..Change::default() }).unwrap().version;
    assert_eq!(store.forget_before(at.id, DAY).unwrap(), 25_000);
    let more = Change { seen: vec![("late".to_owned(), 0)], ..Change::default() };
    store.commit(&at, &more).unwrap();
    assert_eq!(store.forget_before(at.id, DAY + DAY / 2).unwrap(), 0);
    assert_eq!(store.forget_before(at.id, 2 * DAY).unwrap(), 1);
    assert_eq!(store.seen_count(at.id).unwrap(), 1);
}
