//! Coverage as `lcov` writes it, for editors, build servers and `genhtml`.

use super::{Counts, line};
use crate::program::{PointKind, Program};
use std::collections::BTreeMap;

/// One record for a connector. `file` is how it is found from where the report lies.
pub fn lcov(file: &str, program: &Program, counts: &Counts) -> String {
    let mut lines: BTreeMap<u32, u64> = BTreeMap::new();
    let mut lambdas: Vec<(u32, String, u64)> = Vec::new();
    let mut ways: Vec<(u32, u32, u64)> = Vec::new();
    for (number, point) in program.points.iter().enumerate() {
        let (line, count) = (line(program, point.span.lo), counts.get(number));
        match &point.what {
            PointKind::Lambda(path) => {
                let known = lambdas.iter().any(|(_, name, _)| *name == **path);
                let name = if known { format!("{path}:{line}") } else { path.to_string() };
                lambdas.push((line, name, count));
            }
            PointKind::Statement => {
                let known = lines.entry(line).or_default();
                *known = count.max(*known);
            }
            PointKind::Way { branch, .. } => ways.push((line, *branch, count)),
        }
    }
    let mut out = format!("TN:\nSF:{file}\n");
    for (line, name, _) in &lambdas {
        out += &format!("FN:{line},{name}\n");
    }
    for (_, name, count) in &lambdas {
        out += &format!("FNDA:{count},{name}\n");
    }
    let reached = lambdas.iter().filter(|(.., count)| *count > 0).count();
    out += &format!("FNF:{}\nFNH:{reached}\n", lambdas.len());
    out += &branches(ways);
    for (line, count) in &lines {
        out += &format!("DA:{line},{count}\n");
    }
    let reached = lines.values().filter(|count| **count > 0).count();
    out + &format!("LF:{}\nLH:{reached}\nend_of_record\n", lines.len())
}

/// A branch none of whose ways was taken was not come to at all: a dash.
fn branches(ways: Vec<(u32, u32, u64)>) -> String {
    // A branch stands where its first way does.
    let mut by_branch: BTreeMap<u32, (u32, Vec<u64>)> = BTreeMap::new();
    for (line, branch, count) in ways {
        by_branch.entry(branch).or_insert_with(|| (line, Vec::new())).1.push(count);
    }
    let mut rows: Vec<(u32, u32, Vec<u64>)> =
        by_branch.into_iter().map(|(branch, (line, counts))| (line, branch, counts)).collect();
    rows.sort_unstable();
    let (mut out, mut found, mut taken) = (String::new(), 0, 0);
    for (line, branch, counts) in rows {
        let seen = counts.iter().any(|count| *count > 0);
        for (way, count) in counts.iter().enumerate() {
            let shown = if seen { count.to_string() } else { "-".to_owned() };
            out += &format!("BRDA:{line},{branch},{way},{shown}\n");
            found += 1;
            taken += usize::from(*count > 0);
        }
    }
    out + &format!("BRF:{found}\nBRH:{taken}\n")
}
