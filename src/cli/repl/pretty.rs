//! Results as the console prints them: on one line where they fit, else an entry a line.

use crate::connector::Run;
use crate::value::{Result, Value, to_s};

/// So many characters fit into a line.
const WIDTH: usize = 80;
/// Longer results end in the number of characters left out.
const MOST: usize = 4000;

/// The inspected value, broken into lines where it is long.
pub fn pretty(run: &mut Run<'_>, value: &Value) -> Result<String> {
    let mut out = String::new();
    write(run, value, 0, 0, &mut out)?;
    if let Some((at, _)) = out.char_indices().nth(MOST) {
        let left = out.get(at..).unwrap_or_default().chars().count();
        out.truncate(at);
        out.push_str(&format!("…\n({left} characters more: `to_json`, `first`, `dig` show parts)"));
    }
    Ok(out)
}

/// `before` characters of the line are taken.
fn write(run: &mut Run<'_>, value: &Value, depth: usize, before: usize, out: &mut String) -> Result<()> {
    if out.len() > 4 * MOST {
        return Ok(());
    }
    let text = inspected(run, value)?;
    let fits = text.chars().count() + before + 2 * depth <= WIDTH;
    match value {
        Value::Array(items) if !fits && depth < WIDTH / 4 => {
            out.push('[');
            for (at, item) in items.to_vec().iter().enumerate() {
                new_line(at, depth + 1, out);
                write(run, item, depth + 1, 1, out)?;
            }
            close(']', depth, out);
        }
        Value::Hash(hash) if !fits && depth < WIDTH / 4 => {
            out.push('{');
            for (at, (key, item)) in hash.to_vec().iter().enumerate() {
                new_line(at, depth + 1, out);
                let key = inspected(run, key)? + "=>";
                out.push_str(&key);
                write(run, item, depth + 1, key.chars().count() + 1, out)?;
            }
            close('}', depth, out);
        }
        _ => out.push_str(&text),
    }
    Ok(())
}

fn inspected(run: &mut Run<'_>, value: &Value) -> Result<String> {
    Ok(to_s(&run.send(value, "inspect", &[])?).to_text())
}

fn new_line(at: usize, depth: usize, out: &mut String) {
    out.push_str(if at == 0 { "\n" } else { ",\n" });
    out.push_str(&"  ".repeat(depth));
}

fn close(bracket: char, depth: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(bracket);
}
