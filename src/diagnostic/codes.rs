//! Every code that a finding may bear: what it means, and a text that earns it.

/// One code.
#[derive(Debug)]
pub struct Code {
    pub code: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// A text with this mistake, a whole connector where it is one of meaning; `\n` is a line break.
    pub example: &'static str,
}

/// The row of a code, with or without what stands before `::`.
pub fn code(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| row.code == name || row.code.rsplit("::").next() == Some(name))
}

const fn row(code: &'static str, doc: &'static str, example: &'static str) -> Code {
    Code { code, doc, example }
}

/// Sorted by code.
pub const CODES: &[Code] = &[
    row(
        "check::call-arity",
        "A method is called with more or fewer arguments than it has parameters.",
        "{\n  test: ->(connection) { call('clean', 1, 2) },\n  methods: { clean: ->(hash) { hash } }\n}",
    ),
    row(
        "check::control-type",
        "A field has a control type that does not exist; it would be shown as text.",
        "{ connection: { fields: [{ name: 'note', control_type: 'textarea' }] } }",
    ),
    row(
        "check::cyclic-definition",
        "An object definition needs itself, directly or over others, so its fields never end.",
        "{\n  object_definitions: {\n    user: { fields: ->(_, _, object_definitions) { object_definitions['user'] } }\n  }\n}",
    ),
    row(
        "check::deprecated",
        "A key has an older name; the newer one does the same.",
        "{ connection: { authorization: { credentials: ->(connection) { user(connection['name']) } } } }",
    ),
    row(
        "check::duplicate-key",
        "A hash has the same key twice; the later one replaces the earlier one without a word.",
        "{ title: 'A', title: 'B' }",
    ),
    row(
        "check::field-combination",
        "Keys of a field that do not go together, or that need another one.",
        "{ connection: { fields: [{ name: 'id', label: 'Id', optional: 'false' }] } }",
    ),
    row(
        "check::field-type",
        "A field has a type that does not exist; it would count as a string.",
        "{ connection: { fields: [{ name: 'id', label: 'Id', optional: false, type: 'ineger' }] } }",
    ),
    row(
        "check::lambda-arity",
        "A lambda asks for more parameters than it is ever given.",
        "{ test: ->(connection, more, most) { more } }",
    ),
    row(
        "check::missing-key",
        "Something lacks a key without which it cannot run: `execute` of an action, `poll` or `dedup` of a trigger.",
        "{ actions: { get_user: { title: 'Get user' } } }",
    ),
    row("check::no-connector", "The value of the file is no hash, so it is no connector.", "# nothing but a comment"),
    row(
        "check::no-pick-list",
        "A field offers choices but says nothing of which.",
        "{ connection: { fields: [{ name: 'color', control_type: 'select' }] } }",
    ),
    row(
        "check::parameter-order",
        "A parameter bears the name of something that is handed over at another place.",
        "{ actions: { get_user: { execute: ->(input, connection) { input } } } }",
    ),
    row(
        "check::secret",
        "A password, key or token stands in the file, where everyone who has the file can read it.",
        "{ connection: { authorization: { client_secret: 'q7Zk29xTbVw81LmR4s' } } }",
    ),
    row(
        "check::undeclared-input",
        "A lambda reads something of its input that no field declares; told where all fields are written out.",
        "{\n  actions: {\n    get_user: {\n      input_fields: -> { [{ name: 'id' }] },\n      execute: ->(_, input) { get(input['user_id']) }\n    }\n  }\n}",
    ),
    row(
        "check::undefined-method",
        "`call` names a method that `methods` does not define.",
        "{\n  test: ->(connection) { call('claen') },\n  methods: { clean: -> { } }\n}",
    ),
    row(
        "check::undefined-object-definition",
        "A name that `object_definitions` does not define.",
        "{\n  actions: {\n    get_user: {\n      output_fields: ->(object_definitions) { object_definitions['usr'] },\n      execute: ->(_, input) { input }\n    }\n  },\n  object_definitions: { user: { fields: -> { [] } } }\n}",
    ),
    row(
        "check::undefined-pick-list",
        "A name that `pick_lists` does not define.",
        "{\n  connection: { fields: [{ name: 'color', control_type: 'select', pick_list: 'colours' }] },\n  pick_lists: { colors: -> { [['Red', 'red']] } }\n}",
    ),
    row(
        "check::unknown-code",
        "A comment allows a code that does not exist.",
        "{ title: 'A' } # connrun:allow unknwon-key",
    ),
    row(
        "check::unknown-connection-field",
        "A lambda reads a setting that no field of the connection declares.",
        "{\n  connection: { fields: [{ name: 'token' }] },\n  test: ->(connection) { get('/me').headers(token: connection['tokn']) }\n}",
    ),
    row("check::unknown-constant", "A constant that the library does not have.", "{ test: ->(_) { Tyme.now } }"),
    row(
        "check::unknown-field-key",
        "A key of a field that is nearly, but not quite, one that is read.",
        "{ connection: { fields: [{ name: 'id', label: 'Id', type: 'string', optinal: false }] } }",
    ),
    row("check::unknown-key", "A key that nothing reads at its place.", "{ titel: 'Acme', connection: {} }"),
    row(
        "check::unknown-method",
        "A name that is no variable and no method of anything.",
        "{ test: ->(connection) { connection['name'].upcasse } }",
    ),
    row(
        "check::unreachable",
        "Code that never runs, because what stands before it never goes on.",
        "{\n  test: lambda do |connection|\n    return get('/me')\n    get('/you')\n  end\n}",
    ),
    row(
        "check::unsent-request",
        "A request whose answer nothing looks at; such are never sent.",
        "{\n  test: lambda do |connection|\n    post('/sessions')\n    get('/me')\n  end\n}",
    ),
    row(
        "check::unused-definition",
        "A method, pick list or object definition that nothing mentions.",
        "{ methods: { never: -> { 1 } } }",
    ),
    row(
        "check::unused-parameter",
        "A parameter of a method, or the last one of a block, that nothing reads.",
        "{ test: ->(_) { { a: 1 }.map { |key, value| key } } }",
    ),
    row(
        "check::unused-variable",
        "A local variable that is assigned and never read.",
        "{\n  test: lambda do |connection|\n    total = 1\n    get('/me')\n  end\n}",
    ),
    row(
        "check::wrong-value",
        "A key has a value of a kind that it does not take.",
        "{ actions: { get_user: { execute: 'get' } } }",
    ),
    row("portable::key", "A key that only connrun reads; told with `--portable`.", "{ title: 'A', version: '1' }"),
    row(
        "portable::method",
        "A method that the reference does not have; told with `--portable`.",
        "{ test: ->(_) { post('/me').request_format_raw } }",
    ),
    row(
        "portable::require",
        "The library is there already, and the platform refuses `require`.",
        "require 'json'\n{ title: 'A' }",
    ),
    row(
        "portable::text-time",
        "A time in the closure of a trigger is text for the next poll: closures are kept as JSON; told with `--portable`.",
        "{\n  triggers: {\n    new_user: {\n      poll: lambda do |connection, input, closure|\n        since = closure || 1.day.ago\n        { events: get('/users', since: since.iso8601)['users'], next_poll: now }\n      end,\n      dedup: ->(user) { user['id'] }\n    }\n  }\n}",
    ),
    row(
        "portable::value",
        "A value that only connrun takes at its place; told with `--portable`.",
        "{ connection: { base_uri: 'https://api.example.com' } }",
    ),
    row(
        "refused::construct",
        "Something that reaches outside of the sandbox: files, processes, other code.",
        "{ test: ->(_) { File.read('x') } }",
    ),
    row("syntax::ambiguous", "What follows a blank could be an operator or an argument.", "a -b"),
    row("syntax::apostrophe-in-string", "A quote inside of a string in the same quotes ends it.", "'Don't'"),
    row(
        "syntax::argument-order",
        "Arguments stand in an order in which they cannot: plain values follow pairs, or something follows the block.",
        "f(a: 1, 2)",
    ),
    row("syntax::bad-assignment", "What stands left of `=` cannot take a value.", "1 = x"),
    row(
        "syntax::bad-character",
        "A character that looks like another one, or like nothing, stands in code; such come along with pasted text.",
        "title: ‘Acme’",
    ),
    row("syntax::bad-escape", "An escape in a string that says nothing.", "\"\\u{zz}\""),
    row(
        "syntax::bad-interpolation",
        "The code in `#{…}` of a heredoc cannot be read.",
        "{\n  body: <<~TEXT\n    #{1 +}\n  TEXT\n}",
    ),
    row("syntax::bad-keyword", "A word of another language stands where a keyword of this one is meant.", "elseif x"),
    row("syntax::bad-number", "A number that cannot be read.", "08"),
    row("syntax::bad-pattern", "A pattern after `in` or `=>` that cannot be.", "case 1\nin { a: 1, a: 2 }\n  1\nend"),
    row("syntax::bad-regex", "A regular expression that does not compile.", "/(/"),
    row("syntax::bad-regex-flag", "A letter after a regular expression that means nothing.", "/a/y"),
    row("syntax::broken-chain", "An empty line ends a chain of calls before its next dot.", "a\n\n.b"),
    row("syntax::chained-operator", "Operators that cannot stand in a row.", "a == b == c"),
    row("syntax::double-colon-key", "A symbol is followed by a colon.", "{ :title: 'x' }"),
    row("syntax::duplicate-parameter", "Two parameters have the same name.", "->(a, a) { }"),
    row("syntax::else-if", "`else if` opens a second `if`, which needs an `end` of its own.", "else if x"),
    row("syntax::extra-closer", "A bracket closes nothing.", "[1]]"),
    row("syntax::extra-comma", "Nothing stands between two commas, or before the first.", "[1,, 2]"),
    row("syntax::extra-end", "An `end` closes nothing.", "if x\n1\nend\nend"),
    row("syntax::foreign-syntax", "Something is written as another language writes it.", "n++"),
    row(
        "syntax::heredoc-indent",
        "The line that ends a heredoc is indented, and its opener does not allow it.",
        "{\n  query: <<SQL\n    select 1\n    SQL\n}",
    ),
    row("syntax::incomplete", "An operator, a dot or a ternary is not complete.", "lambda do |x|\n  total = 1 +\nend"),
    row(
        "syntax::leading-operator",
        "A line begins with an operator, but the line above is complete without it.",
        "a\n|| b",
    ),
    row("syntax::mismatched-closer", "A closer of another kind than what is open.", "lambda do |x| … }"),
    row("syntax::misplaced-comma", "A comma begins a line.", "{\n  title: 'A'\n  , version: '1'\n}"),
    row("syntax::misplaced-retry", "`retry` stands outside of a `rescue`.", "retry"),
    row("syntax::missing-closer", "A bracket is never closed.", "fields: [ { name: 'id' }"),
    row("syntax::missing-colon", "A key and its value stand side by side.", "{\n  title 'Acme'\n}"),
    row(
        "syntax::missing-comma",
        "Two entries, elements or arguments are not separated.",
        "{\n  title: 'A'\n  version: '1'\n}",
    ),
    row("syntax::missing-do", "Block parameters stand where no block begins.", "list.each |item|"),
    row("syntax::missing-end", "A word that needs an `end` has none.", "if x\n1"),
    row("syntax::missing-opener", "A hash or an array is closed, but was never opened.", "create:\n  title: 'x'\n}"),
    row("syntax::missing-value", "A key has no value.", "{ 'title': }"),
    row("syntax::needs-parentheses", "A call without parentheses stands where it cannot.", "puts 1 { |x| x }"),
    row("syntax::numbered-parameter", "`_1` is used where it cannot be.", "->(a) { _1 }"),
    row("syntax::parameter-order", "Parameters stand in an order in which they cannot.", "->(&b, a) { }"),
    row("syntax::too-deep", "The nesting is too deep to be read.", "[[[[…]]]]"),
    row("syntax::two-blocks", "A call is given two blocks.", "f(&b) { }"),
    row("syntax::unclosed-heredoc", "A heredoc has no line that ends it.", "<<~SQL"),
    row("syntax::unclosed-interpolation", "A `#{` has no `}`.", "\"#{a\""),
    row("syntax::unclosed-string", "A string, list or regular expression is never closed.", "'Acme"),
    row("syntax::unexpected", "Something stands where it cannot.", "{ a: = 1 }"),
    row("syntax::unexpected-comma", "Several values stand where one is taken.", "a, b"),
    row("syntax::unexpected-end", "The text ends in the middle of something.", "x = 1 +"),
    row("syntax::unexpected-line-end", "A line ends in the middle of something.", "def\n1\nend"),
    row("syntax::unsupported", "A construct of Ruby that connectors cannot use.", "class Foo\nend"),
    row("syntax::useless-else", "An `else` without `rescue` does nothing.", "begin\n1\nelse\n2\nend"),
    row("syntax::void-value", "Something that gives no value stands where one is needed.", "x = return"),
    row(
        "syntax::wrong-separator",
        "A key and its value, or two entries, are separated by the wrong sign.",
        "{ a = 1 }",
    ),
];

#[cfg(test)]
mod tests {
    use super::{CODES, code};

    #[test]
    fn sorted_unique_and_documented() {
        assert!(CODES.is_sorted_by(|a, b| a.code < b.code));
        assert!(CODES.iter().all(|row| row.doc.ends_with('.') && !row.example.is_empty()));
        assert_eq!(code("missing-comma").map(|row| row.code), Some("syntax::missing-comma"));
    }
}
