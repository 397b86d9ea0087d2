//! What the editor layer answers, without a protocol: closing what a line opens, lenses, hints, rewriting, folding.

use connrun::check::{self, Config};
use connrun::diagnostic::apply;
use connrun::editor::{self, Document, LensKind};
use connrun::format;
use connrun::text::{Source, Span};

/// The text without its `‸`, and where that stood.
fn placed(text: &str) -> (String, usize) {
    let at = text.find('‸').unwrap();
    (text.replace('‸', ""), at)
}

fn document(text: &str) -> Document {
    Document::new(Source::new("a.conn", text))
}

/// After a line break at `‸` comes what closes the line above, if that is not there yet.
#[test]
fn what_a_line_opens_is_closed() {
    for (before, after) in [
        ("{\n  test: lambda do |c|\n‸\n}\n", "{\n  test: lambda do |c|\n\n  end\n}\n"),
        ("{\n  test: ->(c) {\n‸\n}\n", "{\n  test: ->(c) {\n\n  }\n}\n"),
        ("{\n  a: {\n‸\n  b: 1\n}\n", "{\n  a: {\n\n  },\n  b: 1\n}\n"),
        ("{\n  a: [\n    {\n‸\n    { name: 'x' }\n  ]\n}\n", "{\n  a: [\n    {\n\n    },\n    { name: 'x' }\n  ]\n}\n"),
        ("{\n  a: get('/x').params(b: {\n‸\n}\n", "{\n  a: get('/x').params(b: {\n\n  })\n}\n"),
        ("{\n  a: lambda do\n    if x\n‸\n  end\n}\n", "{\n  a: lambda do\n    if x\n\n    end\n  end\n}\n"),
    ] {
        let (text, at) = placed(before);
        let edit = format::close(&text, at);
        assert_eq!(apply(&text, &edit.into_iter().collect::<Vec<_>>()), after, "{before}");
    }
}

#[test]
fn what_is_closed_stays() {
    for text in [
        "{\n  test: lambda do |c|\n‸\n  end\n}\n",
        "{\n  test: lambda do |c|\n‸\n    get('/x')\n  end\n}\n",
        "{\n  a: lambda do\n    if x\n‸\n    else\n      1\n    end\n  end\n}\n",
        "{\n  a: [\n‸\n  ]\n}\n",
        "{\n  a: 1,\n‸\n}\n",
        "{\n  a: <<~X\n    do\n‸\n  X\n}\n",
        "{\n  a: { b: 1 },\n‸\n}\n",
        "{\n  # if\n‸\n}\n",
        "‸",
    ] {
        let (text, at) = placed(text);
        assert_eq!(format::close(&text, at), None, "{text}");
    }
}

const CONNECTOR: &str = "\
{
  title: 'A',
  test: lambda do |connection|
    get('/me')
  end,
  actions: {
    add: {
      execute: lambda do |_connection, input|
        call('join', input['a'], 'x', list)
      end
    }
  },
  methods: {
    join: lambda do |first, second, list|
      call(:other)
    end,
    other: lambda do
      1
    end,
    alone: lambda do
      1
    end
  }
}
";

#[test]
fn lenses_stand_above_what_runs_and_what_is_mentioned() {
    let document = document(CONNECTOR);
    let shown: Vec<String> = editor::lenses(&document)
        .into_iter()
        .map(|lens| match lens.kind {
            LensKind::Run(words) => format!("{}: run {}", document.source.slice(lens.span), words.join(" ")),
            LensKind::Mentions(spans) => format!("{}: {}", document.source.slice(lens.span), spans.len()),
        })
        .collect();
    assert_eq!(shown, ["test: run test", "add: run action add", "join: 1", "other: 1", "alone: 0"]);
}

/// Names before arguments, unless these are called the same; parameters that a lambda does not name.
#[test]
fn hints_say_what_is_not_written() {
    let document = document(CONNECTOR);
    let whole = Span::new(0, CONNECTOR.len() as u32);
    let shown: Vec<String> = editor::hints(&document, whole)
        .into_iter()
        .map(|hint| {
            let line = document.source.line_column(hint.at).line;
            format!("{line} {}", hint.label)
        })
        .collect();
    assert_eq!(shown[..2], ["8 , extended_input_schema, extended_output_schema, continue", "9 first:"], "{shown:?}");
    assert_eq!(shown[2..], ["9 second:"]);
    assert_eq!(editor::hints(&document, Span::new(0, 20)), []);
}

#[test]
fn lambdas_and_calls_are_rewritten() {
    for (before, after) in [
        ("{ a: lam‸bda do |x, y|\n  x\nend }", "{ a: ->(x, y) {\n  x\n} }"),
        ("{ a: lambda‸ do\n  1\nend }", "{ a: -> {\n  1\n} }"),
        ("{ a: lambda‸ { |x| x } }", "{ a: ->(x) { x } }"),
        ("{ a: ->‸(x) { x } }", "{ a: lambda do |x| x end }"),
        ("{ a: ->‸(do_it, *rest) do\n  do_it\nend }", "{ a: lambda do |do_it, *rest|\n  do_it\nend }"),
        (
            "{ methods: { a: lambda do |x|\n  call('‸b', x)\nend } }",
            "{ methods: { a: lambda do |x|\n  call(:b, x)\nend } }",
        ),
        (
            "{ methods: { a: lambda do |x|\n  call(:‸b?)\nend } }",
            "{ methods: { a: lambda do |x|\n  call('b?')\nend } }",
        ),
    ] {
        let (text, at) = placed(before);
        let document = document(&text);
        let rewrites = editor::rewrites(&document, at);
        assert_eq!(rewrites.len(), 1, "{before}");
        let made = apply(&text, &rewrites[0].edits);
        assert_eq!(made, after);
        assert!(self::document(&made).parsed.is_valid(), "{made}");
    }
    let action = |keys: &str| format!("{{ actions: {{\n  a‸: {{\n    {keys}\n  }}\n}} }}");
    let (text, at) = placed(&action("execute: 1,\n\n    title: 'T',\n    output_fields: [\n      {}\n    ]"));
    let edits = &editor::rewrites(&document(&text), at)[0].edits;
    assert_eq!(
        apply(&text, edits),
        action("title: 'T',\n\n    execute: 1,\n    output_fields: [\n      {}\n    ]").replace('‸', "")
    );
    for keys in [
        "title: 'T',\n    execute: 1",
        "execute: 1, # why\n    title: 'T'",
        "execute: 1,\n    titel: 'T'",
        "execute: 1, title: 'T'",
    ] {
        let (text, at) = placed(&action(keys));
        assert_eq!(editor::rewrites(&document(&text), at), [], "{text}");
    }
    for text in ["{ a: lambda‸ do |x, y = 1|\n  x\nend }", "{ a: [->‸(x) { x }] }", "{ methods: { a: call('‸a b') } }"]
    {
        let (text, at) = placed(text);
        assert_eq!(editor::rewrites(&document(&text), at), [], "{text}");
    }
}

#[test]
fn heredocs_and_regions_fold() {
    let text = "{\n  # region names\n  a: 1,\n  # endregion\n  b: <<~X,\n    one\n    two\n  X\n  c: 2\n}\n";
    let folds: Vec<_> = editor::folds(&document(text)).into_iter().map(|fold| (fold.first, fold.last)).collect();
    assert_eq!(folds, [(0, 8), (1, 3), (4, 7)]);
}

/// The parameters of a lambda are told while it is being written, and those of a method while it is called.
#[test]
fn parameters_are_told() {
    for (text, label, active) in [
        (
            "{ actions: { a: {\n  execute: lambda do |connection, ‸\n} } }",
            "execute |connection, input, extended_input_schema, extended_output_schema, continue|",
            1,
        ),
        ("{\n  test: ->(‸\n}", "test |connection|", 0),
        ("{ methods: { a: lambda do |x, y|\n  call('a', 1, ‸2)\nend } }", "a(x, y)", 1),
    ] {
        let (text, at) = placed(text);
        let signature = editor::signature(&document(&text), at).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((signature.label.as_str(), signature.active), (label, active), "{text}");
    }
    let (text, at) = placed("{\n  test: lambda do |connection|‸ get('/')\n  end\n}");
    assert_eq!(editor::signature(&document(&text), at), None);
}

/// Where words in quotes are asked for they are proposed without a quote, too, and bring theirs.
#[test]
fn words_bring_their_quotes() {
    for (text, label, insert) in [
        ("{ a: { name: 'x', control_type: ‸ } }", "select", "'select'"),
        ("{ a: { name: 'x', control_type: '‸' } }", "select", "select"),
        ("{ connection: {\n authorization: {\n  type: ‸\n} } }", "oauth2", "'oauth2'"),
        ("{ pick_lists: { p: lambda do\n[]\nend }, a: { name: 'x', pick_list: ‸ } }", "p", "'p'"),
        ("{ methods: { m: lambda do\n  call(‸)\nend } }", "m", "'m'"),
        ("{ methods: { m: lambda do\n  call(\n    :‸\n  )\nend } }", "m", "m"),
        (
            "{ connection: { authorization: { acquire: lambda do\n  { session: 1 }\nend, apply: lambda do |connection|\n  connection['‸']\nend } } }",
            "session",
            "session",
        ),
    ] {
        let (text, at) = placed(text);
        let items = editor::complete(&document(&text), at);
        let item = items.iter().find(|item| item.label == label).unwrap_or_else(|| panic!("{text}: {items:?}"));
        assert_eq!(item.insert, insert, "{text}");
    }
}

#[test]
fn fields_are_proposed_where_they_are_read() {
    let text = "{\n  actions: {\n    other: { input_fields: lambda do\n      [{ name: 'far' }]\n    end },\n    add: {\n      \
                input_fields: lambda do |object_definitions|\n        object_definitions['thing']\n      end,\n      \
                execute: lambda do |_c, input|\n        call('use', input)\n        input['‸']\n      end\n    }\n  },\n  \
                methods: { use: lambda do |input|\n    input['one']\n  end, shared: lambda do\n    [{ name: 'two' }]\n  end },\n  \
                object_definitions: { thing: { fields: lambda do\n    [{ name: 'one' }].concat(call('shared'))\n  end } }\n}\n";
    let (text, at) = placed(text);
    let labels: Vec<String> = editor::complete(&document(&text), at).into_iter().map(|item| item.label).collect();
    assert_eq!(labels[..2], ["one", "two"], "{labels:?}");
    // The method is asked for the fields of those who call it.
    let at = text.find("input['one']").unwrap() + "input['".len();
    let labels: Vec<String> = editor::complete(&document(&text), at).into_iter().map(|item| item.label).collect();
    assert!(labels[..2].contains(&"two".to_owned()), "{labels:?}");
}

#[test]
fn patterns_with_two_splats_are_explained() {
    let find = |pattern: &str| {
        let text = format!("{{ methods: {{ m: lambda do |list|\n  case list\n  in {pattern} then 1\n  end\nend }} }}");
        let findings = check::check(&Source::new("a.conn", text), &Config::default());
        findings.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect::<Vec<_>>()
    };
    let two = "syntax::bad-pattern a pattern has one `*`, or two around what is looked for";
    assert!(find("[*a, *b]").contains(&two.to_owned()), "{:?}", find("[*a, *b]"));
    assert!(find("[x, *a, y, *b]").contains(&two.to_owned()));
    assert!(!find("[*, 1, *]").contains(&two.to_owned()) && !find("[a, *b]").contains(&two.to_owned()));
}

/// More mistakes than anybody makes at once leave the outline alone.
#[test]
fn many_mistakes_leave_the_rest() {
    let actions: String =
        (0..40).map(|number| format!("    a{number}: {{\n      title: 'T' +,\n      execute: 1\n    }},\n")).collect();
    let document = document(&format!("{{\n  title: 'A',\n  actions: {{\n{actions}  }},\n  test: 1\n}}\n"));
    let symbols = editor::symbols(&document);
    let names: Vec<&str> = symbols.iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!(names, ["title", "actions", "test"]);
    assert_eq!(symbols[1].children.len(), 40);
    let line = "{ title: 'A', actions: { a: { execute: lambda do |c, i| i['x'] + end } }, test: 1, methods: { m: 1 +, n: 2 } }";
    let document = self::document(line);
    assert!(!document.findings().is_empty());
    let names: Vec<String> = editor::symbols(&document).into_iter().map(|symbol| symbol.name).collect();
    assert_eq!(names, ["title", "actions", "test", "methods"]);
}

/// The first finding of a text, as `line:column code message (help)`; and how many there are.
fn first(text: &str) -> (String, usize) {
    let source = Source::new("a.conn", text);
    let findings = check::check(&source, &Config::default());
    let Some(finding) = findings.first() else { return (String::new(), 0) };
    let place = source.line_column(finding.span().unwrap().lo);
    let help = finding.help.as_deref().unwrap_or_default();
    let shown = format!("{}:{} {} {} ({help})", place.line, place.column, finding.code, finding.message);
    (shown, findings.len())
}

/// What somebody sees who has not finished a line, or forgot a word of it.
#[test]
fn half_written_lines_are_told_once() {
    let connector = |line: &str| {
        format!(
            "{{\n  title: 'A',\n  actions: {{\n    add: {{\n{line}\n      input_fields: lambda do\n        [{{ name: 'a' }}]\n      \
             end,\n      execute: lambda do |_connection, input|\n        {{ b: input['a'] }}\n      end\n    }}\n  }}\n}}\n"
        )
    };
    for (line, expected) in [
        (
            "      description:",
            "5:7 syntax::missing-value `description:` has no value (write a value behind `description:`, or take the key away)",
        ),
        (
            "      desc",
            "5:11 syntax::missing-value this hash entry has no value: `:` or `=>` is missing after the key (write `key: value` \
             or `'key' => value`)",
        ),
        (
            "      title: ,",
            "5:7 check::unknown-method `title:` has no value, and there is no variable `title` to take (write a value behind \
             `title:`)",
        ),
        (
            "      title: \"a #{b\", subtitle: { a: 1 },",
            "5:17 syntax::unclosed-interpolation this `#{` is never closed (add `}` after `b`)",
        ),
        (
            "      help: do |input|\n      end,",
            "5:13 syntax::unexpected a `do` block alone is no value (write `help: lambda do`)",
        ),
    ] {
        let text = connector(line);
        assert_eq!(first(&text), (expected.to_owned(), 1), "{text}");
        let symbols = editor::symbols(&document(&text));
        let keys: Vec<&str> = symbols[1].children[0].children.iter().map(|symbol| symbol.name.as_str()).collect();
        assert!(keys.ends_with(&["input_fields", "execute"]), "{text}\n{keys:?}");
    }
}
