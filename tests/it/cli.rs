//! The commands, as a person uses them: standard output and standard error, literally.

use crate::support::command::{Run, connrun};
use connrun::sandbox::Sandbox;

const CUSTOMERS: &str = include_str!("../../connectors/customers.conn");

/// In a folder whose only connector is the one for customers.
fn customers(arguments: &str) -> Run {
    connrun(arguments).file("customers.conn", CUSTOMERS)
}

/// A connector with one action `go` with this body.
fn go(arguments: &str, body: &str) -> Run {
    let text =
        format!("{{ title: 'T', actions: {{ go: {{ execute: lambda do |connection, input|\n{body}\nend }} }} }}");
    connrun(&format!("exec actions.go.execute -c t.conn {arguments}")).file("t.conn", text)
}

#[test]
fn an_action_of_the_sandbox() {
    customers("exec action get_customer_by_id --sandbox -i").arg(r#"{"id": 1234}"#).snapshot("exec_action");
}

#[test]
fn paths() {
    let mut all = String::new();
    for arguments in [
        "exec title",
        "exec test --sandbox --compact",
        "exec actions.get_customer_by_id.input_fields --compact",
        "exec object-definition customer --compact",
        "exec method sample_customer --compact",
        "exec triggers.new_customer_ascending.dedup -i {\"id\":7}",
        "exec connection.base_uri",
        "exec connection.authorization.type",
    ] {
        let text = customers(arguments).transcript();
        all += &if text.len() > 1500 { format!("{}…\n", text.chars().take(600).collect::<String>()) } else { text };
        all.push('\n');
    }
    crate::support::command::snapshot("exec_paths", &all);
}

#[test]
fn triggers_of_the_sandbox() {
    let page = r#"{"created_since": "2017-01-04T05:00:00Z"}"#;
    customers("exec trigger new_customer_ascending --sandbox --compact -i").arg(page).snapshot("exec_trigger");
    customers("exec trigger new_customer_descending --sandbox --now 2017-01-05T00:00:00Z -i")
        .arg(page)
        .snapshot("exec_paging_trigger");
    // A cursor comes back as text.
    customers("exec triggers.new_customer_ascending.poll_page --sandbox --compact --closure")
        .arg("\"2017-01-04T05:30:00Z\"")
        .snapshot("exec_poll_page_from_cursor");
}

/// All thousand customers, whichever way they are paged, oldest first and once each.
#[test]
fn every_page_of_a_poll() {
    for trigger in ["new_customer_ascending", "new_customer_descending"] {
        let printed = customers(&format!("exec trigger {trigger} --sandbox --now 2017-02-01T00:00:00Z -i"))
            .arg(r#"{"created_since": "2017-01-01T00:00:00Z"}"#)
            .run();
        let output: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
        let ids: Vec<_> =
            output["events"].as_array().unwrap().iter().map(|event| event["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, (1000..2000).collect::<Vec<_>>(), "{trigger}");
    }
}

#[test]
fn descriptions() {
    customers("describe").snapshot("describe");
    customers("describe --json").snapshot("describe_json");
    connrun("describe").file("github.conn", include_str!("../../connectors/github.conn")).snapshot("describe_github");
    connrun("describe").file("rss.conn", include_str!("../../connectors/rss.conn")).snapshot("describe_rss");
}

/// What is dynamic says why; nothing is sent.
#[test]
fn a_description_that_needs_the_service() {
    let connector = "{
  title: 'Dynamic',
  actions: {
    list: {
      input_fields: lambda { |_definitions, _connection| get('https://api.example.com/fields')['fields'] },
      output_fields: lambda { |_definitions, connection| connection['fields'].map { |name| { name: name } } }
    }
  }
}
";
    connrun("describe").shown("dynamic.conn", connector).snapshot("describe_dynamic");
}

#[test]
fn the_trace_has_no_secrets() {
    customers("exec action get_customer_by_id --sandbox --trace --set api_token=top-secret-1 -i")
        .arg(r#"{"id": 1234}"#)
        .snapshot("trace");
    let run = go(
        "--sandbox --trace --set password=correct-horse --set login=ada --set secret_word=xyzzyx",
        "{ method: post('https://api.my-app.com/echo', word: connection['secret_word'], pin: 1)
           .user(connection['login']).password(connection['password'])
           .headers('X-Word' => \"<#{connection['secret_word']}>\")['method'] }",
    );
    let printed = run.run();
    for secret in ["correct-horse", "xyzzyx", "YWRhOmNvcnJlY3QtaG9yc2U"] {
        assert!(!printed.stderr.contains(secret), "{secret} in\n{}", printed.stderr);
    }
    assert_eq!(printed.stdout, "{\n  \"method\": \"POST\"\n}\n");
}

#[test]
fn runs_repeat_to_the_byte() {
    let body = "{ now: Time.now, zone: now, today: today, n: rand(1_000_000), f: Random.rand, id: SecureRandom.uuid, \
                x: SecureRandom.hex(4), s: [1, 2, 3, 4, 5].shuffle }";
    let run = go("--now 2024-03-15T12:34:56Z --seed 7", body);
    let (first, second) = (run.run(), run.run());
    assert_eq!((first.status, &first.stderr), (0, &String::new()));
    assert_eq!(first.stdout, second.stdout);
    assert!(first.stdout.contains("2024-03-15"), "{}", first.stdout);
    let other = go("--now 2024-03-15T12:34:56Z --seed 8", body).run();
    assert_ne!(first.stdout, other.stdout);
}

#[test]
fn inputs_come_from_anywhere() {
    let expected = "{\n  \"name\": \"John Smith\"\n}\n";
    let run = |input: &str| {
        go(
            &format!("--sandbox -i {input}"),
            "get('https://x.y/v1/customers.json', id: input['id'], api_token: 'x')['customer'].slice('name')",
        )
    };
    for (run, what) in [
        (run("{\"id\":1234}"), "inline"),
        (run("in.json").file("in.json", "{\"id\": 1234}"), "file"),
        (run("-").stdin("{\"id\": 1234}"), "standard input"),
    ] {
        let printed = run.run();
        assert_eq!((printed.stdout.as_str(), printed.stderr.as_str()), (expected, ""), "{what}");
    }
}

#[test]
fn results_go_where_they_are_wanted() {
    let run = go("-o out.json", "{ a: [1, nil, 'é'], b: \"\\xFF\\x00\".b }");
    let printed = run.run();
    assert_eq!((printed.stdout.as_str(), printed.stderr.as_str(), printed.status), ("", "", 0));
    let written = std::fs::read_to_string(run.path().join("out.json")).unwrap();
    assert_eq!(written, "{\n  \"a\": [\n    1,\n    null,\n    \"é\"\n  ],\n  \"b\": \"0xff00\"\n}\n");
    let compact = go("--compact --binary base64", "{ a: [1], b: \"\\xFF\\x00\".b }").run();
    assert_eq!(compact.stdout, "{\"a\":[1],\"b\":\"/wA=\"}\n");
    // A run that fails leaves nothing behind.
    let failed = go("-o out.json", "error('no')");
    assert_eq!(failed.run().status, 1);
    assert!(!failed.path().join("out.json").exists());
}

#[test]
fn puts_goes_to_standard_error() {
    let printed = go("", "puts 'seen'\n{ a: 1 }").run();
    assert_eq!((printed.stdout.as_str(), printed.stderr.as_str()), ("{\n  \"a\": 1\n}\n", "seen\n"));
}

#[test]
fn requests_go_elsewhere() {
    let sandbox = Sandbox::start(0).unwrap();
    let body = "r = get('https://API.my-app.com:8443/echo?a=1')\n\
                { path: r['path'], to: r['headers'].to_json[/https:[^\"]+/] }";
    let printed = go(&format!("--reroute {}", sandbox.url()), body).run();
    assert_eq!(
        printed.stdout, "{\n  \"path\": \"/echo\",\n  \"to\": \"https://api.my-app.com:8443/echo?a=1\"\n}\n",
        "{}",
        printed.stderr
    );
    let offline = go("--offline", body).run();
    assert_eq!((offline.stdout.as_str(), offline.status), ("", 1));
}

#[test]
fn settings_come_from_files_the_environment_and_options() {
    let body = "connection.to_h";
    let yaml = "one:\n  host: a.example.com\n  api_token: 012\n  debug: yes\ntwo:\n  host: b.example.com\n";
    for (run, expected) in [
        (go("--compact", body), "{}"),
        (
            go("--compact -n one", body).file("settings.yaml", yaml),
            r#"{"host":"a.example.com","api_token":10,"debug":true}"#,
        ),
        (go("--compact -n two -s s.yaml --set host=c", body).file("s.yaml", yaml), r#"{"host":"c"}"#),
        (
            go("--compact -s {\"Host\":1}", body)
                .env("CONNRUN_SETTINGS_HOST", "x")
                .env("CONNRUN_SETTINGS_API_KEY", "k"),
            r#"{"Host":"x","api_key":"k"}"#,
        ),
    ] {
        let printed = run.run();
        assert_eq!(printed.stdout.trim_end(), expected, "{}", printed.stderr);
    }
}

#[test]
fn expressions() {
    let cases =
        "{\"id\": 1, \"expr\": \"input['a'] + call('two')\", \"input\": {\"a\": 1}, \"methods\": \"two: lambda { 2 }\"}
{\"id\": 2, \"expr\": \"puts 'x'; {a: :b}\"}
not json
{\"id\": 3, \"expr\": \"nil.foo\"}
{\"id\": 4, \"expr\": \"get('https://x.y/echo')['method']\"}
{\"id\": 5, \"expr\": \"1 +\"}
{\"id\": 6, \"expr\": \"throw :x\"}
";
    connrun("eval --sandbox --jsonl").stdin(cases).snapshot("eval_lines");
    connrun("eval").arg("{ sum: [1, 2, 3].sum, at: '2017-01-02'.to_date }").snapshot("eval");
    customers("eval --sandbox -c customers.conn")
        .arg("get('/v1/customers.json', id: 1234)['customer']['name']")
        .snapshot("eval_in_connector");
    customers("eval -c customers.conn").arg("call('sample_customer')[:name].upcas").snapshot("eval_error");
    connrun("eval").arg("[1, 2").snapshot("eval_syntax");
}

#[test]
fn checks() {
    customers("check customers.conn").snapshot("check_clean");
    connrun("check a.conn --format github").file("a.conn", "{\n  title: 'A'\n  test: 1\n}\n").snapshot("check_github");
}

#[test]
fn help_for_a_method() {
    connrun("explain pluck").snapshot("explain");
}

/// What somebody runs into who tries the parts one by one.
#[test]
fn first_steps() {
    let text = "{
  title: 'First',
  connection: {
    fields: [{ name: 'api_host', optional: false }],
    authorization: { type: 'multi', options: { key: { type: 'api_key' }, login: { type: 'oauth2' } } }
  },
  actions: {
    add: { input_fields: -> { [{ name: 'amount' }] }, execute: ->(_connection, input) { input } },
    bare: { execute: ->(_connection, input) { input } },
    wait: { execute: lambda do |_c, _i, _e, _o, continue|
      continue.blank? ? suspend(continue: { n: 1 }, expires_at: now + 60) : continue
    end }
  },
  pick_lists: { sizes: ->(_connection, kind:, of: nil) { [[kind, of]] } }
}
";
    let step = r#"{"step": "suspend", "resume_token": "t", "continue": {"n": 7}}"#;
    let mut all = String::new();
    for (arguments, last) in [
        ("describe", None),
        ("exec pick-list sizes", None),
        ("exec pick-list sizes --compact --args", Some(r#"{"kind": "shoe"}"#)),
        ("exec action add --compact -i", Some(r#"{"amonut": 1}"#)),
        ("exec action bare --compact -i", Some(r#"{"amount": 1, "name": "n"}"#)),
        ("exec action wait --compact --seed 1 --now 2024-01-01T00:00:00Z", None),
        ("exec action wait --compact --continue", Some(step)),
        ("exec action add --set", Some("api_host=api.example.com")),
        ("settings set token abcdef", None),
        ("settings set token", None),
    ] {
        let run = connrun(arguments).file("first.conn", text);
        all += &last.into_iter().fold(run, Run::arg).transcript();
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}
