//! What tests reach of a connector: numbers that were counted by hand, the report that other programs read, and that
//! looking changes nothing; where the time goes.

use crate::support::command::{Run, connrun, snapshot};

/// Lines 5, 7, 8, 10, 11, 13, 14 and 16 of `sort` have statements; 28, 30 and 31 of `risky`.
const CONNECTOR: &str = "{
  title: 'Things',
  actions: {
    sort: {
      input_fields: lambda { |_d| [{ name: 'kind' }, { name: 'size' }, { name: 'name' }] },
      execute: lambda do |_connection, input|
        kind = input['kind'] || 'none'
        size =
          case kind
          when 'none' then 0
          when 'small' then 1
          else
            big = input['size'].to_i
            big > 9 ? 9 : big
          end
        { kind: kind, size: size, name: input['name']&.upcase }
      end
    },
    never: {
      execute: lambda do |_connection, _input|
        call('risky', 'x')
      end
    }
  },
  methods: {
    risky: lambda do |text|
      begin
        Integer(text)
      rescue ArgumentError => e
        puts e.message unless text.blank?
        0
      end
    end,
    unused: lambda { |a| a && a + 1 }
  }
}
";

const TESTS: &str = "\
tests:
- name: nothing
  path: actions.sort
  expect: { output: { kind: none, size: 0, name: null } }
- name: big
  path: actions.sort
  input: { kind: big, size: '5', name: a }
  expect: { output: { kind: big, size: 5, name: A } }
- name: number
  path: methods.risky
  args: ['7']
  expect: { output: 7 }
";

fn things(arguments: &str) -> Run {
    connrun(arguments).file("things.conn", CONNECTOR).file("things.test.yaml", TESTS).env("COLUMNS", "80")
}

/// By hand: of `sort` seven of eight lines, all ways but `small` and a size over nine; of `risky` one of three lines and
/// the one way without an error.
#[test]
fn what_was_counted_by_hand() {
    let printed = things("test --coverage").run();
    assert_eq!(printed.status, 0, "{printed}");
    snapshot("coverage_table", &printed.stdout);
    let narrow = things("test --coverage").env("COLUMNS", "60").run();
    assert!(narrow.stdout.lines().all(|line| line.chars().count() <= 80), "{narrow}");
}

#[test]
fn reports_for_other_programs() {
    let run = things("test --coverage=lcov:cover/../report.info").file("cover/.keep", "");
    let printed = run.run();
    assert_eq!(printed.status, 0, "{printed}");
    snapshot("coverage_lcov_said", &printed.stdout);
    let report = std::fs::read_to_string(run.path().join("report.info")).unwrap();
    snapshot("coverage_lcov", &report);
    let same = connrun("test --lcov again.info --format tap").run_in(run.path());
    assert!(same.stdout.starts_with("TAP version 14\n") && !same.stdout.contains('%'), "{same}");
    assert!(same.stderr.starts_with("things.conn · 61 % of lines · 53 % of branches"), "{same}");
    assert_eq!(std::fs::read_to_string(run.path().join("again.info")).unwrap(), report);
}

#[test]
fn too_little_is_a_failure() {
    assert_eq!(things("test --fail-under 61.5").run().status, 0);
    let printed = things("test --fail-under 61.6").run();
    assert_eq!(printed.status, 1, "{printed}");
    assert!(printed.stdout.ends_with("61.5 % of the lines are covered, 61.6 % are wanted\n"), "{printed}");
    for arguments in ["test --fail-under 101", "test --coverage=html", "test --coverage=lcov:no/such.info"] {
        assert_eq!(things(arguments).run().status, 2, "{arguments}");
    }
}

/// Every kind of branch gives what it gave without anybody looking.
#[test]
fn looking_changes_nothing() {
    let connector = "{ title: 'T', methods: { all: lambda do |n, list|
  a = n || 1
  b = list&.first
  c = { 'x' => nil }
  c['x'] ||= a
  c['x'] &&= c['x'] + 1
  d = if a == 1 then :one elsif a > 1 && b then :more else :less end
  e = (raise 'no' if a == 3) rescue 'caught'
  f = case list
      in [x, *] if x.to_i > 1 then x
      in [] then :empty
      else :other end
  g = list.map { |i| next 0 unless i; i > 1 ? i : -i }
  h = begin; Integer(b || 'x'); rescue ArgumentError; :bad; else; :fine; ensure; g << 9; end
  i = 0
  i += 1 while i < 3 && a
  j = lambda { |z| return z || 5 }
  k = !(a && b)
  l = (n and list and not b.nil?)
  for q in list do g << q if q end
  [a, b, c, d, e, f, g, h, i, j.call(n), k, l]
end } }";
    let mut tests = String::from("tests:\n");
    for (at, args) in ["[~, []]", "[1, [1, 2]]", "[3, [5]]", "[2, [~, 3]]", "[false, ['7']]"].iter().enumerate() {
        tests += &format!("- {{ name: t{at}, path: methods.all, args: {args} }}\n");
    }
    let plain = connrun("test").env("CI", "").file("t.conn", connector).file("t.test.yaml", &tests);
    let printed = plain.run();
    assert_eq!(printed.status, 0, "{printed}");
    let kept = std::fs::read_to_string(plain.path().join("t.test.snap.json")).unwrap();
    assert_eq!(kept.matches("\"output\"").count(), 4, "{kept}");
    let looked = connrun("test --coverage --profile").run_in(plain.path());
    assert!(looked.stdout.starts_with("5 passed"), "{looked}");
    assert!(looked.stdout.contains("methods.all:1"), "{looked}");
}

const CALLS: &str = "{
  title: 'Calls',
  connection: { fields: [{ name: 'api_key', control_type: 'password' }] },
  actions: { go: { execute: lambda do |connection, _input|
    { ids: call('two', connection['api_key']) + call('two', connection['api_key']) }
  end } },
  methods: { two: lambda { |key| [get(\"https://api.example.com/v1/customers/1234.json?api_token=#{key}\")['customer']['id']] } }
}
";

#[test]
fn where_the_time_goes() {
    let exec = "exec action go -c calls.conn --sandbox --set api_key=top-secret-1 --compact";
    let run = connrun(exec).args("--profile").file("calls.conn", CALLS);
    let printed = run.run();
    assert_eq!(printed.stdout, "{\"ids\":[1234,1234]}\n", "{printed}");
    // Times say in which order the rows come.
    let mut rows: Vec<&str> =
        printed.stderr.lines().filter_map(|line| Some(line.rsplit_once("ms ")?.1.trim())).collect();
    rows.sort_unstable();
    insta::assert_snapshot!(rows.join("\n"), @r"
    1  actions.go.execute:4
    2  GET api.example.com/v1/customers/…
    2  methods.two:7
    connrun itself
    ");
    for ending in ["svg", "folded"] {
        let file = format!("p.{ending}");
        let drawn = connrun(exec).args("--profile").arg(&file).run_in(run.path());
        assert_eq!((drawn.stdout.as_str(), drawn.stderr.as_str()), ("{\"ids\":[1234,1234]}\n", ""));
        let text = std::fs::read_to_string(run.path().join(&file)).unwrap();
        assert!(text.contains("methods.two") && text.contains("GET api.example.com/v1/customers/…"), "{text}");
        assert!(!text.contains("top-secret") && !printed.stderr.contains("top-secret"), "{text}");
    }
    let refused = connrun(exec).args("--profile=p.png").run_in(run.path());
    assert_eq!(refused.status, 2, "{refused}");
}

/// Secrets that stand in a path, too.
#[test]
fn profiles_hold_no_secrets() {
    let connector = CALLS.replace("/v1/", "/#{key}/");
    let run = connrun("exec action go -c calls.conn --sandbox --set api_key=top/secret-1 --profile p.folded");
    let run = run.file("calls.conn", connector);
    run.run();
    let text = std::fs::read_to_string(run.path().join("p.folded")).unwrap();
    assert!(!text.contains("secret-1") && text.contains("[redacted"), "{text}");
}
