//! `connrun list`: what a folder holds, as people and programs read it.

use super::support::command::{Run, connrun, snapshot};

fn shelf(arguments: &str) -> Run {
    connrun(arguments)
        .file("shop/orders.conn", "{ title: 'Orders', version: '1.2', tags: %w[sales eu], categories: ['Commerce', 'ERP'], actions: { a: {}, b: {} } }")
        .file("shop/carts.conn", "{ title: 'Carts', tags: ['sales'], categories: ['Commerce'], triggers: { t: {} }, syncs: { s: {} } }")
        .file("plain.conn", "{ actions: { a: {} } }")
        .file("half.conn", "{ title: 'Half', tags: ['eu'], actions: { a: {")
        .file(".hidden/no.conn", "{}")
}

#[test]
fn connectors_are_listed() {
    let texts = [
        shelf("list").transcript(),
        shelf("list shop --tag eu").transcript(),
        shelf("list --category commerce --tag sales --json").transcript(),
        shelf("list --tag seals").transcript(),
        connrun("list").transcript(),
        connrun("list nowhere").transcript(),
        connrun("list").file("a.conn", "{ title: 'A' }").transcript(),
    ];
    snapshot("list", &texts.join("\n"));
}
