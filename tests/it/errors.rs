//! What a person reads when something goes wrong, literally: input, command and report together.

use crate::support::command::{Run, connrun};
use connrun::sandbox::Sandbox;

/// A connector with one action `go` whose `execute` has this body.
fn action(body: &str) -> String {
    format!(
        "{{\n  title: 'Demo',\n\n  actions: {{\n    go: {{\n      execute: lambda do |connection, input|\n{}      end\n    }}\n  }}\n}}\n",
        body.lines().map(|line| format!("        {line}\n")).collect::<String>()
    )
}

/// Runs that action.
fn go(arguments: &str, body: &str) -> Run {
    connrun(&format!("exec action go -c demo.conn {arguments}")).shown("demo.conn", &action(body))
}

const TOKEN: &str = "\
{
  title: 'Demo',

  connection: {
    fields: [{ name: 'api_token', label: 'API token', control_type: 'password', optional: false }],

    authorization: {
      type: 'api_key',
      apply: lambda do |connection|
        params(api_token: connection['api_token'])
      end
    },

    base_uri: lambda do |_connection|
      'https://api.my-app.com'
    end
  },

  test: lambda do |_connection|
    get('/v1/customers.json')
  end
}
";

#[test]
fn a_method_on_nil() {
    let connector = "\
{
  title: 'Orders',

  actions: {
    total: {
      execute: lambda do |_connection, input|
        { total: call('sum', input['orders']) }
      end
    }
  },

  methods: {
    sum: lambda do |orders|
      orders.map do |order|
        order['lines'].map { |line| line['price'].round(2) }.sum
      end.sum
    end
  }
}
";
    connrun("exec actions.total.execute -c orders.conn -i")
        .arg(r#"{"orders": [{"lines": [{"price": 1.5}, {"cost": 2}]}]}"#)
        .shown("orders.conn", connector)
        .snapshot("method_on_nil");
}

#[test]
fn answers_that_fail() {
    go("--sandbox", "get('https://api.my-app.com/v1/customers.json', id: 5, api_token: 'x')['customer']")
        .snapshot("http_404");
    go("--sandbox", "post('https://api.my-app.com/status/500', name: 'Ada', password: 'never shown')\n  .headers('X-Api-Key' => 'nor this')['id']")
        .snapshot("http_500");
    go("--sandbox", "get('https://api.my-app.com/feed.rss')['items']").snapshot("answer_is_no_json");
    go("--reroute http://127.0.0.1:1", "get('https://api.my-app.com/v1/customers.json')['customers']")
        .snapshot("connection_refused");
    go("--offline", "post('https://api.my-app.com/v1/customers.json', name: 'Ada')['id']").snapshot("offline");
}

#[test]
fn credentials() {
    let sandbox = Sandbox::start(0).unwrap();
    connrun(&format!("exec test -c demo.conn --reroute {}", sandbox.url()))
        .shown("demo.conn", TOKEN)
        .snapshot("setting_missing");
    go(
        "--sandbox --set pin_code=hunter2hunter2",
        "get(\"https://api.my-app.com/status/500?note=#{connection['pin_code']}\")['id']",
    )
    .snapshot("secret_in_url");
}

#[test]
fn limits() {
    go("--max-steps 100000", "n = 0\nwhile true\n  n += 1\nend").snapshot("endless_loop");
    let connector = "\
{
  title: 'Demo',
  actions: { go: { execute: lambda { |_connection, _input| call('again', 1) } } },
  methods: { again: lambda { |n| call('again', n + 1) } }
}
";
    connrun("exec action go -c demo.conn --max-depth 200").shown("demo.conn", connector).snapshot("endless_recursion");
}

#[test]
fn names() {
    let connector = || connrun("exec").file("customers.conn", include_str!("../../connectors/customers.conn"));
    for (name, arguments) in [
        ("unknown_action", "action get_custmer_by_id"),
        ("unknown_part", "actions.get_customer_by_id.input_field"),
        ("unknown_kind", "acton get_customer_by_id"),
        ("no_name", "trigger"),
        ("unknown_flag", "action get_customer_by_id --inptu 1"),
    ] {
        arguments.split(' ').fold(connector(), Run::arg).snapshot(name);
    }
}

#[test]
fn inputs() {
    let connector = || {
        connrun("exec action get_customer_by_id --sandbox -i")
            .file("customers.conn", include_str!("../../connectors/customers.conn"))
    };
    connector().arg("{\"id\": 1234,}").snapshot("input_malformed");
    connector()
        .arg("input.json")
        .shown("input.json", "{\n  \"id\": 1234\n  \"name\": 'x'\n}\n")
        .snapshot("input_file_malformed");
    connector().arg("input.jsn").file("input.json", "{}").snapshot("input_file_missing");
    connector().arg("[1]").snapshot("input_list");
    connector().arg("").snapshot("input_empty");
    connector().arg("folder").file("folder/inside.json", "{}").snapshot("input_is_folder");
    connector().arg("deep.json").file("deep.json", "[".repeat(100_000)).snapshot("input_nested");
    connector().arg("{\"é\": \"ü\" 1}").snapshot("input_malformed_after_umlauts");
    let marked = connector().arg("marked.json").file("marked.json", "\u{feff}{\"id\": 1234}").run();
    assert_eq!((marked.status, marked.stderr.as_str()), (0, ""), "{marked}");
    connector().arg("{}").snapshot("input_field_missing");
    connector().arg("{\"id\": 1234, \"nam\": 1}").arg("--compact").snapshot("input_field_unknown");
    connector().arg("{\"id\": 1234}").arg("-o").arg("no/such/folder.json").snapshot("output_not_writable");
}

#[test]
fn settings() {
    let connector = || connrun("exec test -c demo.conn --offline").file("demo.conn", TOKEN);
    let accounts = "acme:\n  api_token: one\nglobex:\n  api_token: two\n";
    connector().shown("settings.yaml", "api_token: one\nnote: 'never closed\n").snapshot("settings_malformed");
    connector().shown("settings.yaml", accounts).snapshot("settings_several_accounts");
    connector().shown("settings.yaml", accounts).arg("-n").arg("acne").snapshot("settings_unknown_account");
    connector().shown("settings.yaml", "- a\n").snapshot("settings_no_hash");
    connector().file("settings.yaml.enc", "x").snapshot("settings_without_key");
    connector().file("settings.yaml.enc", "x").file("master.key", "0".repeat(32)).snapshot("settings_damaged");
    connector().arg("--set").arg("api_token").snapshot("set_without_value");
}

#[test]
fn connector_files() {
    let exec = || connrun("exec test -c demo.conn");
    exec().file("demos.conn", "{}").snapshot("connector_missing");
    exec().file("demo.conn", " \n").snapshot("connector_empty");
    exec().file("demo.conn/inside.conn", "{}").snapshot("connector_is_folder");
    exec().file("demo.conn", b"{\n  title: '\xff'\n}\n").snapshot("connector_not_utf8");
    exec().file("demo.conn", vec![b' '; (10 << 20) + 1]).snapshot("connector_too_large");
    exec().shown("demo.conn", "[1, 2]\n").snapshot("connector_no_hash");
    exec().shown("demo.conn", "{\n  title: 'Demo'\n  connection: {}\n}\n").snapshot("connector_syntax");
    let long = format!("{{ title: '{}', test: ->(_c) {{ [1, }} }}\n", "ä".repeat(100_000));
    exec().file("demo.conn", long).snapshot("connector_long_line");
    exec().file("demo.conn", "{ a: ".repeat(20_000)).snapshot("connector_never_closed");
    connrun("exec test").file("a.conn", "{}").file("b.conn", "{}").snapshot("connector_several");
    connrun("exec test").snapshot("connector_none");
}

/// For programs: one object on the last line, the same codes, kinds and places.
#[test]
fn as_json() {
    let json = |run: Run| {
        let printed = run.arg("--error-format").arg("json").run();
        let last = printed.stderr.trim_end().lines().last().unwrap_or_default().to_owned();
        let object: serde_json::Value = serde_json::from_str(&last).unwrap();
        format!("status: {}\n{object:#}\n\n", printed.status)
    };
    let mut all = json(go("--sandbox", "get('https://api.my-app.com/status/404')['x']"));
    all += &json(go("", "input['a'].upcase"));
    all += &json(go("--offline", "post('https://api.my-app.com/x', a: 1)['id']"));
    all += &json(connrun("exec test --nope"));
    crate::support::command::snapshot("errors_as_json", &all);
}

/// A token that was pasted with a line break, or written with letters that no server expects, is named with its setting.
#[test]
fn odd_characters_in_headers() {
    let body =
        "get('https://api.example.com/status/401').headers('X-Token' => connection['token'], 'X-Team' => 'north')['a']";
    let mut all = String::new();
    for token in ["tökén-123456", "token\n123456", "token-123456"] {
        let run = go("--sandbox --set", body).arg(&format!("token={token}"));
        let printed = run.run();
        let hint = printed.stderr.split("help:").nth(1).unwrap_or("none\n  request").split("  request").next().unwrap();
        all +=
            &format!("{token:?} ({})\n  {}\n", printed.status, hint.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    insta::assert_snapshot!(all, @r#"
    "tökén-123456" (3)
      the credentials are missing or not good: check the settings and what `apply` makes of them the header `X-Token` holds 'ö': only letters, digits and signs of ASCII are sure to arrive there; the setting `token` has one
    "token\n123456" (1)
      the header `X-Token` holds '\n': only letters, digits and signs of ASCII are sure to arrive there; the setting `token` has one
    "token-123456" (3)
      the credentials are missing or not good: check the settings and what `apply` makes of them
    "#);
}
