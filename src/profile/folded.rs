//! Folded stacks: a line for each way of calls with the microseconds spent at its end, as tools for flame graphs read it.

use super::Tree;

pub fn folded(tree: &Tree) -> String {
    let mut out = String::new();
    write(tree, "", &mut out);
    out
}

fn write(tree: &Tree, before: &str, out: &mut String) {
    // A semicolon parts the calls, a blank the number.
    let name = tree.name.replace(';', ",");
    let way = if before.is_empty() { name } else { format!("{before};{name}") };
    let own = (tree.own() * 1e6).round() as u64;
    if own > 0 {
        out.push_str(&format!("{way} {own}\n"));
    }
    tree.inner.iter().for_each(|inner| write(inner, &way, out));
}
