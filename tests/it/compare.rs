//! `connrun diff` and `connrun generate docs`.

use crate::support::command::{connrun, snapshot};

const OLD: &str = "{
  title: 'Shop',
  version: '1.4.2',
  connection: { fields: [{ name: 'key', optional: false }], authorization: { type: 'api_key' } },
  actions: {
    get_order: {
      input_fields: -> { [{ name: 'id', type: :integer }, { name: 'expand' }] },
      execute: ->(_connection, input) { get(\"orders/#{input['id']}\") },
      output_fields: -> { [{ name: 'id', type: :integer }, { name: 'total', type: :number }] }
    },
    list_orders: { execute: ->(_connection, _input) { get('orders') } }
  }
}
";

#[test]
fn versions() {
    let breaking = OLD
        .replace(
            "{ name: 'id', type: :integer }, { name: 'expand' }",
            "{ name: 'id', type: :integer, optional: false }",
        )
        .replace("{ name: 'total', type: :number }", "{ name: 'total' }, { name: 'note' }")
        .replace("list_orders", "list_all_orders");
    let added = OLD.replace("{ name: 'total'", "{ name: 'note' }, { name: 'total'");
    let inner = OLD.replace("get('orders')", "get('all/orders')");
    let both = |arguments: &str, new: &str| connrun(arguments).file("old.conn", OLD).file("new.conn", new).transcript();
    let all = [
        both("diff old.conn new.conn --exit-code", &breaking),
        both("diff old.conn new.conn --json --exit-code", &breaking),
        both("diff old.conn new.conn --exit-code", &added),
        both("diff old.conn new.conn", &inner),
        both("diff old.conn new.conn", OLD),
        both("diff old.conn gone.conn", OLD),
        both("diff old.conn new.conn", "{ title: }"),
    ];
    snapshot("diff", &all.join("\n"));
}

#[test]
fn documentation() {
    let github = include_str!("../../connectors/github.conn");
    let run = connrun("generate docs").file("github.conn", github);
    snapshot("docs_markdown", &run.transcript());
    let oauth2 = connrun("generate docs -c o.conn").file("o.conn", include_str!("../../connectors/oauth2.conn"));
    assert!(oauth2.run().stdout.contains("http://localhost:45555/oauth/callback"));
    let page = connrun("generate docs -o github.html").file("github.conn", github);
    assert_eq!(page.run().to_string(), "status: 0\n--- stdout\n--- stderr\n");
    let html = std::fs::read_to_string(page.path().join("github.html")).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("<h3>Comment on an issue</h3>"), "{html}");
    // It needs nothing else, and what the connector says is text.
    for outside in ["<script", "<link", "src=", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
    let sly = github.replace("title: 'GitHub'", "title: '<img src=x onerror=alert(1)>'");
    let printed = connrun("generate docs --format html").file("c.conn", sly).run();
    assert!(!printed.stdout.contains("<img"), "{}", printed.stdout);
}
