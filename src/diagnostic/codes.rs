//! Every code that a finding may bear: what it means, and a text that earns it.

/// One code.
#[derive(Debug)]
pub struct Code {
    pub code: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// A text with this mistake; `\n` is a line break.
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
        "call('clean', a, b)   # clean: ->(hash) { … }",
    ),
    row(
        "check::control-type",
        "A field has a control type that does not exist; it would be shown as text.",
        "control_type: 'textarea'",
    ),
    row(
        "check::cyclic-definition",
        "An object definition needs itself, directly or over others, so its fields never end.",
        "user: { fields: ->(_, _, object_definitions) { object_definitions['user'] } }",
    ),
    row(
        "check::duplicate-key",
        "A hash has the same key twice; the later one replaces the earlier one without a word.",
        "{ title: 'A', title: 'B' }",
    ),
    row("check::field-type", "A field has a type that does not exist; it would count as a string.", "type: 'ineger'"),
    row(
        "check::lambda-arity",
        "A lambda asks for more parameters than it is ever given.",
        "sample_output: ->(connection, input, more) { … }",
    ),
    row(
        "check::missing-key",
        "Something lacks a key without which it cannot run: `execute` of an action, `poll` or `dedup` of a trigger.",
        "triggers: { new_user: { title: 'New user' } }",
    ),
    row("check::no-connector", "The value of the file is no hash, so it is no connector.", "# nothing but a comment"),
    row(
        "check::no-pick-list",
        "A field offers choices but says nothing of which.",
        "{ name: 'color', control_type: 'select' }",
    ),
    row(
        "check::parameter-order",
        "A parameter bears the name of something that is handed over at another place.",
        "execute: ->(input, connection) { … }",
    ),
    row("check::undefined-method", "`call` names a method that `methods` does not define.", "call('claen', hash)"),
    row(
        "check::undefined-object-definition",
        "A name that `object_definitions` does not define.",
        "object_definitions['usr']",
    ),
    row("check::undefined-pick-list", "A name that `pick_lists` does not define.", "pick_list: 'colours'"),
    row(
        "check::unknown-field-key",
        "A key of a field that is nearly, but not quite, one that is read.",
        "{ name: 'id', optinal: false }",
    ),
    row("check::unknown-key", "A key that nothing reads at its place.", "actions: { go: { exeute: … } }"),
    row("check::unknown-method", "A name that is no variable and no method of anything.", "input['name'].upcasse"),
    row(
        "check::unused-definition",
        "A method, pick list or object definition that nothing mentions.",
        "methods: { never: -> { } }",
    ),
    row("check::unused-variable", "A local variable that is assigned and never read.", "total = 1"),
    row("check::wrong-value", "A key has a value of a kind that it does not take.", "execute: 'go'"),
    row(
        "refused::construct",
        "Something that reaches outside of the sandbox: files, processes, other code.",
        "File.read('x')",
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
    row("syntax::bad-interpolation", "The code in `#{…}` of a heredoc cannot be read.", "<<~A … #{1 +} … A"),
    row("syntax::bad-keyword", "A word of another language stands where a keyword of this one is meant.", "elseif x"),
    row("syntax::bad-number", "A number that cannot be read.", "08"),
    row("syntax::bad-pattern", "A pattern after `in` or `=>` that cannot be.", "case x in [*a, *b]"),
    row("syntax::bad-regex", "A regular expression that does not compile.", "/(/"),
    row("syntax::bad-regex-flag", "A letter after a regular expression that means nothing.", "/a/y"),
    row("syntax::broken-chain", "An empty line ends a chain of calls before its next dot.", "a\n\n.b"),
    row("syntax::chained-operator", "Operators that cannot stand in a row.", "a == b == c"),
    row("syntax::double-colon-key", "A symbol is followed by a colon.", ":title: 'x'"),
    row("syntax::duplicate-parameter", "Two parameters have the same name.", "->(a, a) { }"),
    row("syntax::else-if", "`else if` opens a second `if`, which needs an `end` of its own.", "else if x"),
    row("syntax::extra-closer", "A bracket closes nothing.", "[1]]"),
    row("syntax::extra-comma", "Nothing stands between two commas, or before the first.", "[1,, 2]"),
    row("syntax::extra-end", "An `end` closes nothing.", "if x\n1\nend\nend"),
    row("syntax::foreign-syntax", "Something is written as another language writes it.", "n++"),
    row(
        "syntax::heredoc-indent",
        "The line that ends a heredoc is indented, and its opener does not allow it.",
        "<<SQL",
    ),
    row("syntax::incomplete", "An operator, a dot or a ternary is not complete.", "total = 1 +"),
    row(
        "syntax::leading-operator",
        "A line begins with an operator, but the line above is complete without it.",
        "a\n|| b",
    ),
    row("syntax::mismatched-closer", "A closer of another kind than what is open.", "lambda do |x| … }"),
    row("syntax::misplaced-comma", "A comma begins a line.", "a\n, b"),
    row("syntax::misplaced-retry", "`retry` stands outside of a `rescue`.", "retry"),
    row("syntax::missing-closer", "A bracket is never closed.", "fields: [ { name: 'id' }"),
    row("syntax::missing-colon", "A key and its value stand side by side.", "title 'Acme'"),
    row("syntax::missing-comma", "Two entries, elements or arguments are not separated.", "title: 'A'\nversion: '1'"),
    row("syntax::missing-do", "Block parameters stand where no block begins.", "list.each |item|"),
    row("syntax::missing-end", "A word that needs an `end` has none.", "if x\n1"),
    row("syntax::missing-opener", "A hash or an array is closed, but was never opened.", "create:\n  title: 'x'\n}"),
    row("syntax::missing-value", "A key has no value.", "{ title: }"),
    row("syntax::needs-parentheses", "A call without parentheses stands where it cannot.", "f(g a, b)"),
    row("syntax::numbered-parameter", "`_1` is used where it cannot be.", "->(a) { _1 }"),
    row("syntax::parameter-order", "Parameters stand in an order in which they cannot.", "->(&b, a) { }"),
    row("syntax::too-deep", "The nesting is too deep to be read.", "[[[[…]]]]"),
    row("syntax::two-blocks", "A call is given two blocks.", "f(&b) { }"),
    row("syntax::unclosed-heredoc", "A heredoc has no line that ends it.", "<<~SQL"),
    row("syntax::unclosed-interpolation", "A `#{` has no `}`.", "\"#{a\""),
    row("syntax::unclosed-string", "A string, list or regular expression is never closed.", "'Acme"),
    row("syntax::unexpected", "Something stands where it cannot.", ")"),
    row("syntax::unexpected-comma", "Several values stand where one is taken.", "a, b"),
    row("syntax::unexpected-end", "The text ends in the middle of something.", "{ title: 'A',"),
    row("syntax::unexpected-line-end", "A line ends in the middle of something.", "x = foo(1 +"),
    row("syntax::unsupported", "A construct of Ruby that connectors cannot use.", "class Foo"),
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
