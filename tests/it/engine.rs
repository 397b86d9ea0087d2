//! What every engine promises: nothing is lost or repeated, whenever a process dies, however pages shift and the clock
//! jumps, and whoever else works on the same.

use super::support::bed::{Bed, Crash, every, identity};
use connrun::runtime::{Engine, Map, Outcome, Submitted, Task, Trouble, Worked};
use connrun::store::{Change, ErrorKind, Job, NewJob, Place, Status};
use serde_json::{Value as Json, json};

const CONNECTOR: &str = "
{
  title: 'Feed',
  connection: { base_uri: lambda { 'http://api' } },
  triggers: {
    ascending: {
      poll: lambda do |_connection, _input, last|
        page = get('/up').params(after: last || 0)
        { events: page['events'], next_poll: page['last'], can_poll_more: page['more'] }
      end,
      dedup: lambda { |event| event['id'] }
    },
    descending: {
      type: :paging_desc,
      poll: lambda do |_connection, _input, page|
        answer = get('/down').params(page: page || 0)
        { events: answer['events'], next_page: answer['next'] }
      end,
      sort_by: lambda { |event| event['at'] }
    }
  },
  actions: {
    tell: {
      input_fields: lambda { [{ name: 'text' }] },
      execute: lambda do |_connection, input|
        post('/tell', { text: input['text'], job: execution_context['job_id'] })
      end
    },
    long: {
      execute: lambda do |_connection, _input, _eis, _eos, continue|
        step = continue['step'] || 0
        get('/long').params(step: step).presence
        reinvoke_after(seconds: 60, continue: { step: step + 1 }) if step < 2
        { done: step }
      end
    },
    asks: {
      execute: lambda do |_connection, _input, _eis, _eos, continue|
        if continue['answer']
          post('/did', continue)
        else
          suspend(continue: { 'asked' => true }, expires_at: now + 3600)
        end
      end,
      before_suspend: lambda do |token, _expires_at, continue|
        post('/ask', { token: token, asked: continue['asked'] }).presence
      end,
      before_resume: lambda { |data, _input, continue| continue['answer'] = data['answer'] },
      before_timeout_resume: lambda { |_input, continue| continue['answer'] = 'none' }
    },
    slow: {
      execute: lambda do |_connection, _input|
        begin
          [1, 2, 3].each { |at| get('/slow').params(at: at).presence }
        rescue => e
          get('/rescued')
        end
        {}
      end
    },
    flaky: {
      retry_on_response: [503],
      max_retries: 2,
      execute: lambda { |_connection, _input| get('/flaky') }
    }
  },
  methods: { mapped: lambda { |event| { text: \"#{event['id']} by a method\" } } }
}
";

/// Three pages each way; the second one repeats what the first one ended with.
fn pages(path: &str) -> (u16, String) {
    let event = |id: i64| json!({ "id": id, "at": id });
    let number = path.rsplit(['=', '/']).next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let answer = if path.starts_with("/up") {
        let from: i64 = number;
        let events: Vec<Json> = (from.max(1)..=(from + 2).min(6)).map(event).collect();
        json!({ "events": events, "last": (from + 2).min(6), "more": from + 2 < 6 })
    } else {
        let newest = 6 - 2 * number;
        let events: Vec<Json> = ((newest - 2).max(1)..=newest).rev().map(event).collect();
        json!({ "events": events, "next": if newest > 2 { json!(number + 1) } else { Json::Null } })
    };
    (200, answer.to_string())
}

fn task(action: &str) -> Task {
    Task {
        connector: "test.conn".to_owned(),
        account: String::new(),
        action: action.to_owned(),
        map: Map::Event,
        on_failure: None,
    }
}

fn submit(bed: &Bed, action: &str, key: &str, event: &str) -> Submitted {
    let job = NewJob { key: Some(key.to_owned()), event: event.to_owned() };
    bed.engine().submit(&task(action).identity(), job, bed.now()).unwrap()
}

/// The job of one turn of work.
fn worked(bed: &Bed, engine: &mut dyn Engine, task: &Task) -> Option<Job> {
    let Ok(worked) = bed.work(engine, task) else { panic!("the store has no trouble") };
    match worked {
        Worked::Job(job) => Some(*job),
        Worked::Idle { .. } => None,
    }
}

#[test]
fn whenever_a_process_dies_every_event_is_one_job_in_order() {
    every(CONNECTOR, |bed| {
        bed.answers(pages);
        for trigger in ["ascending", "descending"] {
            for crash in (0..4).flat_map(|commit| [Crash::Before(commit), Crash::After(commit)]) {
                let before = bed.jobs().len();
                let mut doomed = bed.engine();
                bed.crash(crash);
                let first = bed.poll(&mut doomed, trigger);
                bed.bury(doomed);
                let mut next = bed.engine();
                assert_eq!(bed.poll(&mut next, trigger).ok(), Some(Outcome::Done));
                assert_eq!(bed.ids()[before..], [1, 2, 3, 4, 5, 6], "{trigger}, {crash:?}, {:?}", first.ok());
                let instance = next.instances().unwrap().into_iter().find(|it| it.identity.name == trigger).unwrap();
                let anew = Change { place: Some(Place::default()), clear_seen: true, ..Change::default() };
                next.set_state(&instance, &anew).unwrap();
            }
        }
    });
}

#[test]
fn what_is_handed_out_is_committed() {
    every(CONNECTOR, |bed| {
        bed.answers(pages);
        let mut doomed = bed.engine();
        bed.crash(Crash::Before(1));
        let (outcome, emitted) = bed.poll_pages(&mut doomed, "ascending", None);
        assert!(matches!(outcome, Err(Trouble::Store(_))));
        let told: Vec<&str> = emitted.iter().map(|it| it.id.as_str()).collect();
        let kept = bed.jobs();
        assert_eq!(told, kept.iter().map(|job| job.id.as_str()).collect::<Vec<_>>());
        assert_eq!(told.len(), 2);
    });
}

#[test]
fn an_updated_record_is_a_new_event_after_the_older_ones() {
    every(CONNECTOR, |bed| {
        bed.answers(pages);
        let mut engine = bed.engine();
        bed.poll(&mut engine, "descending").ok().unwrap();
        let page = json!({ "events": [{ "id": 2, "at": 9 }, { "id": 7, "at": 7 }, { "id": 8, "at": 8 }, { "id": 6, "at": 6 }] });
        bed.answers(move |_| (200, page.to_string()));
        bed.poll(&mut engine, "descending").ok().unwrap();
        assert_eq!(bed.ids(), [1, 2, 3, 4, 5, 6, 7, 8, 2]);
        bed.poll(&mut engine, "descending").ok().unwrap();
        assert_eq!(bed.ids().len(), 9);
    });
}

#[test]
fn a_trigger_that_is_stopped_during_a_poll_ends_after_its_page() {
    every(CONNECTOR, |bed| {
        for trigger in ["ascending", "descending"] {
            let (other, name) = (bed.clone(), trigger.to_owned());
            bed.answers(move |path| {
                other.engine().stop(&identity(&name)).unwrap();
                pages(path)
            });
            let before = bed.asked.lock().unwrap().len();
            let mut engine = bed.engine();
            assert_eq!(bed.poll(&mut engine, trigger).ok(), Some(Outcome::Halfway));
            assert_eq!(bed.asked.lock().unwrap().len(), before + 1);
            assert_eq!(bed.poll(&mut engine, trigger).ok(), Some(Outcome::Paused));
            bed.answers(pages);
            let jobs = bed.jobs().len();
            engine.start(&identity(trigger)).unwrap();
            assert_eq!(bed.poll(&mut engine, trigger).ok(), Some(Outcome::Done));
            assert_eq!(bed.jobs().len() - jobs, if trigger == "ascending" { 4 } else { 6 });
        }
        assert_eq!(bed.ids(), [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]);
    });
}

#[test]
fn two_workers_on_one_trigger_make_each_job_once() {
    every(CONNECTOR, |bed| {
        let other = bed.clone();
        let mut once = true;
        bed.answers(move |path| {
            if std::mem::take(&mut once) {
                // A second worker begins while the first one waits for its page.
                let rival = other.with_answers(pages);
                let run = move || drop(rival.poll(&mut rival.engine(), "ascending"));
                std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap();
            }
            pages(path)
        });
        let _ = bed.poll(&mut bed.engine(), "ascending");
        bed.answers(pages);
        assert_eq!(bed.poll(&mut bed.engine(), "ascending").ok(), Some(Outcome::Done));
        assert_eq!(bed.ids(), [1, 2, 3, 4, 5, 6]);
    });
}

#[test]
fn a_failure_waits_longer_each_time_whatever_the_clock_does() {
    every(CONNECTOR, |bed| {
        let mut engine = bed.engine();
        let mut waits = Vec::new();
        for _ in 0..3 {
            assert!(matches!(bed.poll(&mut engine, "ascending"), Err(Trouble::Connector(_))));
            let place = engine.instances().unwrap().remove(0).place;
            waits.push(place.next_due.unwrap() - bed.now());
            assert!(place.last_error.unwrap().starts_with("Workato::Connector::Sdk::RequestFailedError: 404"));
            bed.pass(-86_400_000);
        }
        assert_eq!(waits, [3_750, 7_500, 15_000]);
        bed.answers(pages);
        bed.poll(&mut engine, "ascending").ok().unwrap();
        let place = engine.instances().unwrap().remove(0).place;
        assert_eq!((place.failures, place.last_error, place.next_due), (0, None, Some(bed.now() + 60_000)));
    });
}

#[test]
fn the_same_key_is_the_same_job() {
    every(CONNECTOR, |bed| {
        let first = submit(bed, "tell", "order-7", "{}");
        assert!(first.fresh);
        assert_eq!(submit(bed, "tell", "order-7", "{}"), Submitted { fresh: false, ..first.clone() });
        assert!(submit(bed, "long", "order-7", "{}").fresh, "another action is another thing");
        assert_eq!(bed.jobs().len(), 2);
    });
}

#[test]
fn who_has_read_an_older_state_changes_nothing() {
    every(CONNECTOR, |bed| {
        let mut engine = bed.engine();
        let read = engine.start(&identity("ascending")).unwrap();
        let to = |cursor: &str| {
            let place = Place { cursor: Some(cursor.to_owned()), ..Place::default() };
            Change { place: Some(place), ..Change::default() }
        };
        engine.set_state(&read, &to("1")).unwrap();
        assert_eq!(engine.set_state(&read, &to("2")).unwrap_err().kind, ErrorKind::Conflict);
        assert_eq!(engine.state(read.id).unwrap().place.cursor.as_deref(), Some("1"));
    });
}

#[test]
fn events_become_inputs_by_templates_names_or_a_method() {
    every(CONNECTOR, |bed| {
        bed.answers(|_| (200, "{}".to_owned()));
        let event = r#"{"id":7,"name":"Ada","text":"said"}"#;
        let fields = json!({ "text": "New: {{name}}" });
        for (at, map) in [
            Map::Event,
            Map::Names(vec!["text".to_owned()]),
            Map::Fields(fields.as_object().unwrap().clone()),
            Map::Method("mapped".to_owned()),
            Map::Method("maped".to_owned()),
        ]
        .into_iter()
        .enumerate()
        {
            let task = Task { map, ..task("tell") };
            let job = NewJob { key: Some(at.to_string()), event: event.to_owned() };
            let mut engine = bed.engine();
            assert_eq!(Task::of(&task.identity()), Some(task.clone()));
            engine.submit(&task.identity(), job, bed.now()).unwrap();
            let job = worked(bed, &mut engine, &task).unwrap();
            if at < 4 {
                assert_eq!((job.status, job.error), (Status::Succeeded, None));
            } else {
                assert_eq!(job.status, Status::Failed);
                assert!(job.error.unwrap().contains("maped"));
            }
        }
        let texts: Vec<String> =
            bed.asked.lock().unwrap().iter().map(|it| it.split("\"job\"").next().unwrap().to_owned()).collect();
        let expected = ["said", "said", "New: Ada", "7 by a method"];
        assert_eq!(texts, expected.map(|text| format!("/tell {{\"text\":\"{text}\",")));
    });
}

#[test]
fn reinvocations_are_timers_that_outlive_the_process() {
    every(CONNECTOR, |bed| {
        bed.answers(|_| (200, "{}".to_owned()));
        submit(bed, "long", "a", "{}");
        for step in 0..3 {
            let mut engine = bed.engine();
            let job = worked(bed, &mut engine, &task("long")).unwrap();
            if step == 2 {
                assert_eq!((job.status, job.attempts, job.finished_at), (Status::Succeeded, 3, Some(bed.now())));
                continue;
            }
            assert_eq!((job.status, job.due), (Status::Waiting, Some(bed.now() + 60_000)));
            bed.bury(engine);
            bed.pass(59_999);
            let due = bed.now() + 1;
            let idle = bed.work(&mut bed.engine(), &task("long"));
            assert!(matches!(idle, Ok(Worked::Idle { until: Some(at) }) if at == due));
            bed.pass(1);
        }
        assert_eq!(*bed.asked.lock().unwrap(), ["/long?step=0", "/long?step=1", "/long?step=2"]);
        let (_, attempts) = bed.engine().run(&bed.jobs()[0].id).unwrap().unwrap();
        let outcomes: Vec<&str> = attempts.iter().map(|it| it.outcome.as_str()).collect();
        assert_eq!(outcomes, ["reinvoked", "reinvoked", "succeeded"]);
    });
}

#[test]
fn a_clock_that_is_put_back_makes_nobody_wait_longer() {
    every(CONNECTOR, |bed| {
        bed.answers(|_| (200, "{}".to_owned()));
        submit(bed, "long", "a", "{}");
        let mut engine = bed.engine();
        worked(bed, &mut engine, &task("long")).unwrap();
        bed.pass(-86_400_000);
        assert!(worked(bed, &mut engine, &task("long")).is_none());
        bed.pass(60_000);
        assert!(worked(bed, &mut engine, &task("long")).is_some());
        bed.pass(86_400_000);
        assert_eq!(worked(bed, &mut engine, &task("long")).unwrap().status, Status::Succeeded);
    });
}

#[test]
fn failed_requests_are_tried_again_as_the_action_asks() {
    every(CONNECTOR, |bed| {
        for (fails, expected) in [(2, Status::Succeeded), (3, Status::Failed)] {
            let mut left = fails;
            bed.answers(move |_| {
                left -= 1;
                if left >= 0 { (503, "{}".to_owned()) } else { (200, "{}".to_owned()) }
            });
            submit(bed, "flaky", &fails.to_string(), "{}");
            let mut engine = bed.engine();
            for wait in [5_000, 10_000] {
                let job = worked(bed, &mut engine, &task("flaky")).unwrap();
                assert_eq!((job.status, job.due), (Status::Waiting, Some(bed.now() + wait)));
                assert!(job.error.unwrap().contains("503"));
                bed.pass(wait);
            }
            let job = worked(bed, &mut engine, &task("flaky")).unwrap();
            assert_eq!((job.status, job.attempts), (expected, 3));
            assert_eq!(job.error.is_some(), expected == Status::Failed);
        }
    });
}

#[test]
fn a_job_runs_again_when_its_process_dies_and_its_failure_is_told_once() {
    every(CONNECTOR, |bed| {
        bed.answers(|path| if path == "/tell" { (200, "{}".to_owned()) } else { pages(path) });
        let fields = json!({ "text": "{{trigger}} {{event.id}}: {{error}}" });
        let told = Task { map: Map::Fields(fields.as_object().unwrap().clone()), ..task("tell") };
        let doomed = Task { on_failure: Some(Box::new(told)), ..task("missing") };
        bed.poll_pages(&mut bed.engine(), "ascending", Some(1)).0.ok().unwrap();
        for crash in [Crash::Before(0), Crash::After(0)] {
            let mut engine = bed.engine();
            bed.crash(crash);
            assert!(matches!(bed.work(&mut engine, &doomed), Err(Trouble::Store(_))));
            bed.bury(engine);
            if crash == Crash::Before(0) {
                worked(bed, &mut bed.engine(), &doomed).unwrap();
            }
        }
        while worked(bed, &mut bed.engine(), &doomed).is_some() {}
        let asked = bed.asked.lock().unwrap();
        let texts: Vec<&str> =
            asked.iter().filter(|it| it.starts_with("/tell")).map(|it| it.split("\",\"job").next().unwrap()).collect();
        let expected = |id: i64| format!("/tell {{\"text\":\"ascending {id}: KeyError: there is no action 'missing'");
        assert_eq!(texts, [expected(1), expected(2)]);
        let jobs = bed.jobs();
        let stand: Vec<(Status, u32)> = jobs.iter().map(|job| (job.status, job.attempts)).collect();
        assert_eq!(stand[..2], [(Status::Failed, 2), (Status::Failed, 1)]);
        let (_, attempts) = bed.engine().run(&jobs[0].id).unwrap().unwrap();
        assert_eq!(attempts[0].outcome, "interrupted");
    });
}

#[test]
fn a_job_that_kills_its_processes_is_given_up() {
    every(CONNECTOR, |bed| {
        bed.answers(|_| (200, "{}".to_owned()));
        submit(bed, "tell", "a", r#"{"text":"x"}"#);
        for _ in 0..5 {
            let mut engine = bed.engine();
            bed.crash(Crash::Before(0));
            assert!(bed.work(&mut engine, &task("tell")).is_err());
            bed.bury(engine);
        }
        let job = worked(bed, &mut bed.engine(), &task("tell")).unwrap();
        assert_eq!((job.status, bed.asked.lock().unwrap().len()), (Status::Failed, 5));
        assert_eq!(job.error.as_deref(), Some("given up: the process died 5 times while it ran this job"));
        let mut engine = bed.engine();
        assert!(engine.replay(&job, bed.now()).unwrap());
        assert!(!engine.cancel(&job, bed.now()).unwrap(), "it is no longer as it was read");
        assert_eq!(worked(bed, &mut engine, &task("tell")).unwrap().status, Status::Succeeded);
    });
}

/// What `/ask` was told.
fn token(bed: &Bed) -> String {
    let asked = bed.asked.lock().unwrap();
    let last = asked.iter().rev().find_map(|it| it.strip_prefix("/ask ")).unwrap();
    serde_json::from_str::<Json>(last).unwrap()["token"].as_str().unwrap().to_owned()
}

/// What `/did` was told, so far.
fn did(bed: &Bed) -> Vec<Json> {
    let asked = bed.asked.lock().unwrap();
    asked.iter().filter_map(|it| it.strip_prefix("/did ")).map(|it| serde_json::from_str(it).unwrap()).collect()
}

#[test]
fn a_suspended_job_goes_on_with_its_answer_or_when_its_time_is_over() {
    every(CONNECTOR, |bed| {
        bed.answers(|_| (200, "{}".to_owned()));
        let mut engine = bed.engine();
        let id = submit(bed, "asks", "a", "{}").id;
        let job = worked(bed, &mut engine, &task("asks")).unwrap();
        assert_eq!((job.status, job.due, job.token), (Status::Waiting, Some(bed.now() + 3_600_000), Some(token(bed))));
        assert!(worked(bed, &mut engine, &task("asks")).is_none());
        assert!(!engine.resume(&token(bed).replace(".1.", ".2."), "{}", bed.now()).unwrap());
        bed.bury(engine);
        let mut engine = bed.engine();
        assert!(engine.resume(&token(bed), r#"{"answer":"yes"}"#, bed.now()).unwrap());
        assert!(!engine.resume(&token(bed), r#"{"answer":"no"}"#, bed.now()).unwrap(), "once");
        assert_eq!(worked(bed, &mut engine, &task("asks")).unwrap().status, Status::Succeeded);
        assert_eq!(did(bed), [json!({ "asked": true, "answer": "yes" })]);
        let (_, attempts) = engine.run(&id).unwrap().unwrap();
        assert_eq!(attempts.iter().map(|it| it.outcome.as_str()).collect::<Vec<_>>(), ["suspended", "succeeded"]);
        assert!(!engine.resume(&token(bed), "{}", bed.now()).unwrap(), "it has ended");

        submit(bed, "asks", "b", "{}");
        worked(bed, &mut engine, &task("asks")).unwrap();
        bed.pass(3_600_000);
        assert_eq!(worked(bed, &mut engine, &task("asks")).unwrap().status, Status::Succeeded);
        assert_eq!(did(bed)[1], json!({ "asked": true, "answer": "none" }));
    });
}

#[test]
fn a_suspension_outlives_a_crash_and_an_answer_that_comes_too_early() {
    every(CONNECTOR, |bed| {
        let other = bed.clone();
        // Whoever is asked answers at once, before the job waits; and the process dies before it does.
        bed.answers(move |path| {
            if path == "/ask" {
                let first = token(&other);
                let taken = other.engine().resume(&first, r#"{"answer":"early"}"#, other.now()).unwrap();
                return (200, json!({ "taken": taken }).to_string());
            }
            (200, "{}".to_owned())
        });
        submit(bed, "asks", "a", "{}");
        let mut doomed = bed.engine();
        bed.crash(Crash::Before(0));
        assert!(bed.work(&mut doomed, &task("asks")).is_err());
        let first = token(bed);
        bed.bury(doomed);
        let job = worked(bed, &mut bed.engine(), &task("asks")).unwrap();
        assert_eq!((token(bed), job.status), (first, Status::Queued), "the same token, and it is answered");
        assert_eq!(worked(bed, &mut bed.engine(), &task("asks")).unwrap().status, Status::Succeeded);
        assert_eq!(did(bed), [json!({ "asked": true, "answer": "early" })]);
    });
}

#[test]
fn a_running_job_that_is_cancelled_ends_before_its_next_request() {
    every(CONNECTOR, |bed| {
        let other = bed.clone();
        let id = submit(bed, "slow", "a", "{}").id;
        let running = id.clone();
        bed.answers(move |path| {
            if path == "/slow?at=2" {
                let (job, _) = other.engine().run(&running).unwrap().unwrap();
                assert!(other.engine().cancel(&job, other.now()).unwrap());
            }
            (200, "{}".to_owned())
        });
        let mut engine = bed.engine();
        let job = worked(bed, &mut engine, &task("slow")).unwrap();
        assert_eq!((job.status, job.finished_at), (Status::Cancelled, Some(bed.now())));
        assert_eq!(*bed.asked.lock().unwrap(), ["/slow?at=1", "/slow?at=2"], "no `rescue` sees it");
        let (job, attempts) = engine.run(&id).unwrap().unwrap();
        let told = "cancelled while it ran: it stopped before its next request or at a checkpoint";
        assert_eq!((attempts[0].outcome.as_str(), job.error.as_deref()), ("cancelled", Some(told)));
        assert!(engine.replay(&job, bed.now()).unwrap());
        bed.answers(|_| (200, "{}".to_owned()));
        assert_eq!(worked(bed, &mut engine, &task("slow")).unwrap().status, Status::Succeeded);
    });
}
