//! Regular expressions against Ruby's recorded answers, and what must not hang.

use connrun::value::{Encoding, Regexp, RegexpOptions, Str, Unwind};
use serde_json::Value as Json;

/// `[groups, byte where the match begins]`, or null, or "ERR" with the message.
fn answer(pattern: &str, text: &str) -> (Json, Json) {
    let regexp = match Regexp::new(pattern.as_bytes(), RegexpOptions::default()) {
        Ok(regexp) => regexp,
        Err(message) => return ("ERR".into(), message.into()),
    };
    let text = Str::from(text);
    let Ok(found) = regexp.find(&text, 0) else { return ("RAISED".into(), Json::Null) };
    let Some(groups) = found else { return (Json::Null, Json::Null) };
    let at = groups[0].map(|(lo, _)| lo);
    let texts = groups.iter().map(|group| group.map(|(lo, hi)| text.sub_bytes(lo, hi).to_text()));
    (texts.collect(), at.into())
}

#[test]
fn matches_as_ruby_does() {
    let cases = include_str!("../conformance/regex_cases.json");
    let cases: Vec<(String, String, Json, Json)> = serde_json::from_str(cases).unwrap();
    assert!(cases.len() > 60);
    let wrong: Vec<String> = cases
        .into_iter()
        // The absence operator stops before the text that it excludes, where Ruby stops within it.
        .filter(|(pattern, ..)| !pattern.contains("(?~"))
        .filter_map(|(pattern, text, groups, at)| {
            let got = answer(&pattern, &text);
            (got != (groups.clone(), at.clone()))
                .then(|| format!("/{pattern}/ on {text:?}: {got:?}, not {groups} {at}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_catastrophic_pattern_ends_in_a_limit() {
    let regexp = Regexp::new(b"\\A(a+)+\\z", RegexpOptions::default()).unwrap();
    let text = Str::from(format!("{}b", "a".repeat(60)));
    let Err(unwind) = regexp.find(&text, 0) else { panic!("it should have given up") };
    let Unwind::Limit { message, .. } = *unwind else { panic!("not a limit") };
    insta::assert_snapshot!(message, @"more steps than a match may take: /\\A(a+)+\\z/ went back too often on a text of 61 bytes (retry-limit-in-match over); repeats inside repeats, as in (a+)+, take exponential time: write them so that a text can match in one way only");
}

#[test]
fn bytes_are_searched_as_bytes() {
    let regexp = Regexp::new(b"b.", RegexpOptions::default()).unwrap();
    let bytes = Str::owned(b"a\xffb\xfe".to_vec(), Encoding::Binary);
    assert_eq!(regexp.find_range(&bytes, 0).ok().flatten(), Some((2, 4)));
}

#[test]
fn errors_are_worded_as_ruby_words_them() {
    let errors = [
        "[a/",
        "a)",
        "(",
        "[z-a]",
        "*a",
        "a{3,1}",
        "\\",
        "(?<n>",
        "\\k<x>",
        "(?z)",
        "\\p{Foo}",
        "(?<1>a)",
        "\\1",
        "[]",
        "[^]",
        "\\xff",
        "\\u12",
        "\\u{110000}",
        "\\x",
        "[a-\\d]",
        "[\\w-a]",
        "(?<=a+)",
        "\\g<1>",
        "\\g<a>",
        "(?<a>)\\1",
        "\\c",
        "\\M-a",
        "(?",
        "(?a",
        "[[:alpha:]",
        "a{100001}",
        "\\xe3\\x81",
    ];
    let errors = errors.map(|source| {
        Regexp::new(source.as_bytes(), RegexpOptions::default()).err().unwrap_or_else(|| format!("accepted: {source}"))
    });
    insta::assert_snapshot!(errors.join("\n"));
}
