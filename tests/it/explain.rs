//! `connrun explain`: methods, keys and codes by name, and what is said of names that connectors cannot use.

use crate::support::command::connrun;

#[test]
fn names_are_explained() {
    let mut out = String::new();
    for name in [
        "unsent-request",
        "poll",
        "actions.go.execute",
        "control_type",
        "select",
        "integer_conversion",
        "dig",
        "timeout",
    ] {
        let run = connrun("explain").arg(name).run();
        out += &format!("$ connrun explain {name}\n{}{}\n", run.stdout, run.stderr);
    }
    insta::assert_snapshot!(out);
}

#[test]
fn other_names_are_refused_with_what_there_is_instead() {
    let mut out = String::new();
    for name in ["YAML.safe_load", "Net::HTTP.post_form", "File.extname", "eval", "seek", "cache", "exeute", "my_own"] {
        let run = connrun("explain").arg(name).run();
        assert_eq!(run.status, 2);
        out += &format!("$ connrun explain {name}\n{}\n", run.stderr);
    }
    insta::assert_snapshot!(out);
}
