//! What would take all time or all memory ends in a limit, inside methods too: exit status 4, with a report.

use crate::support::command::connrun;

/// Expressions that no machine can finish.
const ENDLESS: &[&str] = &[
    // Texts
    "'a' * 10**12",
    "'a'.ljust(10**12)",
    "'a'.rjust(10**12)",
    "'a'.center(10**12)",
    "'%2000000000d' % 1",
    "'%-2147483647s' % 'a'",
    "s = +'ab'; loop { s << s }",
    "s = 'x'; loop { s *= 10 }",
    "s = 'a' * 1000; loop { s = s.gsub('a', 'aaaa') }",
    "('a' * 100_000).gsub('a', 'b' * 100_000)",
    "('a' * 100_000).gsub(/a/) { 'b' * 100_000 }",
    "('a' * 100_000).gsub(/(a)/, '\\1' * 100_000)",
    "('a' * 10**8).chars",
    "('a' * 10**8).each_char { }",
    "('a ' * 10**7).split",
    "(\"a\\n\" * 10**7).lines",
    "['a'].pack(\"A#{10**9}\")",
    "'1'.upto('9' * 30) { }",
    // Lists
    "[0] * 10**12",
    "Array.new(10**12)",
    "Array.new(10**9) { |i| i }",
    "a = []; a[10**12] = 1",
    "[].fill(1, 0, 10**12)",
    "('a'..'zzzzzzzzzz').to_a",
    "(1..Float::INFINITY).to_a",
    "(1..10**12).to_a",
    "(1..10**12).map { |i| i }",
    "(1..10**12).each_slice(2).to_a",
    "1.step(by: 1, to: Float::INFINITY).to_a",
    "a = (1..2000).to_a; a.product(a, a)",
    "(1..100).to_a.permutation.to_a",
    "(1..100).to_a.combination(50).to_a",
    "a = [1]; 40.times { a = [a, a] }; a.flatten",
    "a = [1]; 60.times { a = [a, a] }; a.join",
    "a = [1]; 60.times { a = [a, a] }; a.inspect",
    "a = [1]; 60.times { a = [a, a] }; a.to_json",
    "a = [1]; 60.times { a = [a, a] }; a.hash",
    "a = [1]; b = [1]; 60.times { a = [a, a]; b = [b, b] }; a == b",
    "[1, 2].cycle { }",
    "[1].cycle.to_a",
    "a = []; loop { a << a.dup }",
    "Hash.new { |h, k| h[k] = h[k + 1] }[1]",
    "Enumerator.new { |y| loop { y << 1 } }.to_a",
    "(1..Float::INFINITY).lazy.map { |x| x * 2 }.to_a",
    // Numbers
    "10**10**9",
    "2**(10**10)",
    "1 << 10**12",
    "(1 << 10**6) ** 10**4",
    "Rational(3, 2) ** (10**9)",
    "BigDecimal('3') ** (10**9)",
    "BigDecimal('1e1000000000').to_i",
    "'1e1000000000'.to_r",
    "('9' * 10**7).to_i",
    "n = 3; loop { n = n * n }",
    "(1..10**6).inject { |a, b| a * b }",
    "(2**100_000).pow(2**100_000, 2**100_000 + 1)",
    // Patterns
    "/\\A(a+)+\\z/.match?('a' * 60 + 'b')",
    // Control
    "loop { }",
    "while true; end",
    "f = ->(x) { f.(x) }; f.(1)",
    "a = []; a << a; a.to_param",
    "begin; loop { }; rescue Exception; 'caught'; end",
    "begin; 'a' * 10**12; rescue Exception; 'caught'; end",
];

#[test]
fn methods_keep_to_them() {
    let run = |expression: &&str| {
        let printed = connrun("eval --max-memory 256 --timeout 0.5").arg(expression).run();
        let ended = printed.status == 4 && printed.stderr.contains("stopped: the run used");
        (!ended).then(|| format!("{expression}: status {}, {}{}", printed.status, printed.stdout, printed.stderr))
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let groups: Vec<_> = ENDLESS.chunks(ENDLESS.len().div_ceil(4)).collect();
        let threads: Vec<_> = groups
            .into_iter()
            .map(|group| scope.spawn(move || group.iter().filter_map(run).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A value that holds itself by way of an object, and one that lies deeper than anybody reads, as Ruby shows the first.
#[test]
fn what_holds_itself_is_shown() {
    for (expression, shown) in [
        ("r = []; r << r.each; r.inspect", "[#<Enumerator: [...]:each>]"),
        ("h = {}; h[:a] = h.each; h.inspect", "{:a=>#<Enumerator: {...}:each>}"),
        ("a = []; a << a.lazy.map { 1 }; a.inspect", "[#<Enumerator::Lazy: #<Enumerator::Lazy: [...]>:map>]"),
        ("a = []; a << StandardError.new(a); a.inspect", "[#<StandardError: [...]>]"),
        ("s = Set.new; s << s.each; s.inspect", "#<Set: {#<Enumerator: #<Set: {...}>:each>}>"),
        ("h = { a: 1 }; h[h] = 2; h.inspect", "{:a=>1, {...}=>2}"),
        ("s = Set.new; s << s; s.inspect", "#<Set: {#<Set: {...}>}>"),
        ("a = []; a << a; b = []; b << b; [a <=> b, a == b, a.eql?(b)].inspect", "[0, true, true]"),
        ("h = {}; h[:k] = h; begin; h.to_query; rescue SystemStackError; 'deep'; end", "deep"),
        ("h = { a: 1 }; h.tally(h).inspect", "{:a=>1, [:a, 1]=>1}"),
        ("e = [1].each; 100_000.times { e = e.each_slice(2) }; e.inspect[-15, 15]", ":each_slice(2)>"),
    ] {
        let printed = connrun("eval").arg(expression).run();
        assert_eq!((printed.stdout.trim_end(), printed.status), (format!("{shown:?}").as_str(), 0), "{expression}");
    }
}
