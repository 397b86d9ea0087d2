//! `connrun generate test`: what is generated passes at once, says what it should, and holds no secret.

use crate::support::command::{connrun, snapshot};
use std::path::Path;

const CUSTOMERS: &str = include_str!("../../connectors/customers.conn");

/// The tests of a folder pass, so many of them.
fn pass(folder: &Path, count: usize) {
    let printed = connrun("test").env("CI", "1").run_in(folder);
    assert!(printed.status == 0 && printed.stdout.starts_with(&format!("{count} passed in ")), "{printed}");
}

#[test]
fn samples_become_tests() {
    let run = connrun("generate test").file("customers.conn", CUSTOMERS);
    run.snapshot("generate_test_of_samples");
    let written = connrun("generate test -o customers.test.yaml").run_in(run.path());
    assert_eq!((written.status, written.stderr.as_str()), (0, "note: customers.test.yaml written: 1 test\n"));
    pass(run.path(), 1);
    let elsewhere = connrun("generate test -o more.yaml").run_in(run.path());
    insta::assert_snapshot!(elsewhere.stderr, @r"
    note: more.yaml written: 1 test
    note: `connrun test` finds files that end in .test.yaml by itself, this one only by its name
    ");
    pass(run.path(), 1);
    // What is there stays.
    let again = connrun("generate test -o customers.test.yaml").run_in(run.path());
    assert_eq!((again.status, again.stdout.as_str()), (0, ""), "{again}");
    pass(run.path(), 1);
}

/// Every template's actions, in a folder of their own beside the tests that are there.
#[test]
fn templates_get_tests() {
    for template in ["token", "oauth2", "public", "webhook", "graphql"] {
        let run = connrun("new shop --template").arg(template);
        assert_eq!(run.run().status, 0);
        let folder = run.path().join("shop");
        std::fs::remove_dir_all(folder.join("tests")).unwrap();
        std::fs::create_dir(folder.join("made")).unwrap();
        let made = connrun("generate test -o made/all.test.yaml").run_in(&folder);
        if made.stderr.contains("written") {
            let text = std::fs::read_to_string(folder.join("made/all.test.yaml")).unwrap();
            pass(&folder, text.matches("\n- name:").count());
        } else {
            assert!(made.stderr.contains("is left out") || made.stderr.contains("no actions"), "{template}: {made}");
        }
    }
}

const ORDERS: &str = "{
  title: 'Orders',
  connection: {
    fields: [{ name: 'key', control_type: 'password', optional: false }, { name: 'shop' }],
    base_uri: lambda { |_c| 'https://api.example.com' },
    authorization: { type: 'custom_auth', apply: lambda { |c| params(api_token: c['key']) } }
  },
  actions: {
    find: {
      input_fields: lambda { |_d| [{ name: 'id', type: 'integer', optional: false }, { name: 'password' }] },
      execute: lambda do |connection, input|
        found = get('/v1/customers.json', id: input['id'])['customer']
        said = post('/echo', name: found['name'], token: connection['key'])
        { name: found['name'], sent: said['body'], at: now.to_s }
      end
    },
    pages: {
      execute: lambda do |_c, _i|
        items = []
        items += get('/v1/customers.json', page: items.length)['customers'] while items.length < 1_000_000
        items
      end,
      sample_output: lambda { |_c, _i| { id: 1 } }
    }
  }
}
";

#[test]
fn a_run_becomes_a_test() {
    let find = r#"exec action find --sandbox --set key=top-secret-1 --set shop=main -i {"id":1234,"password":"hunter2-hunter2"}"#;
    let run = connrun(find).args("--now 2024-03-15T12:34:56Z").file("orders.conn", ORDERS);
    let ran = run.run();
    assert_eq!(ran.status, 0, "{ran}");
    let made = connrun("generate test --from-run").run_in(run.path());
    snapshot("generate_test_of_a_run", &made.to_string());
    for options in ["", "--name again"] {
        let made = connrun("generate test --from-run -o orders.test.yaml").args(options).run_in(run.path());
        assert_eq!(made.status, 0, "{made}");
    }
    // A name that is taken gets a number.
    let made = connrun("generate test --from-run -o orders.test.yaml").run_in(run.path());
    assert_eq!(made.stderr, "note: orders.test.yaml written: 1 test\n");
    pass(run.path(), 3);
    let text = std::fs::read_to_string(run.path().join("orders.test.yaml")).unwrap();
    assert!(text.contains("- name: find 2\n"), "{text}");
    for file in ["orders.test.yaml", ".connrun/last-trace.jsonl"] {
        let text = std::fs::read_to_string(run.path().join(file)).unwrap();
        assert!(!text.contains("top-secret") && !text.contains("hunter2"), "{file}: {text}");
    }
    // A run that was recorded has its answers in the recording.
    let recorded = connrun(find).args("--record kept/find.yaml").file("orders.conn", ORDERS).file("kept/.keep", "");
    assert_eq!(recorded.run().status, 0);
    let made = connrun("generate test --from-run -o orders.test.yaml").run_in(recorded.path());
    assert_eq!(made.status, 0, "{made}");
    let text = std::fs::read_to_string(recorded.path().join("orders.test.yaml")).unwrap();
    assert!(text.contains("  cassette: kept/find.yaml\n") && !text.contains("exchanges"), "{text}");
    pass(recorded.path(), 1);
}

#[test]
fn what_cannot_become_a_test() {
    let mut all = String::new();
    let run =
        connrun("generate test --from-run").file("orders.conn", ORDERS).file("full.test.yaml", "path: actions.find\n");
    all += &run.transcript();
    for arguments in ["generate test pagse", "generate test pages", "generate test find -o full.test.yaml"] {
        all += &format!("$ connrun {arguments}\n{}\n", connrun(arguments).run_in(run.path()));
    }
    std::fs::create_dir(run.path().join(".connrun")).unwrap();
    let trace = r#"{"run":"eval","connector":"orders.conn","began":"2026-01-01T00:00:00Z"}"#;
    std::fs::write(run.path().join(".connrun/last-trace.jsonl"), trace).unwrap();
    all += &run.transcript();
    snapshot("generate_test_refused", &all);
}
