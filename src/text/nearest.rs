//! The known name that somebody probably meant: edit distance with neighbouring letters swapped counting one.

/// The nearest of `known` to `name`, if one is near enough to be what was meant; the first of equals wins.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    ranked(name, known).into_iter().next()
}

/// Up to `count` near names, nearest first.
pub fn nearest_several<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let mut found = ranked(name, known);
    found.truncate(count);
    found
}

fn ranked<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted: Vec<char> = plain(name);
    let allowed = match wanted.len() {
        0 => return Vec::new(),
        1..=3 => 1,
        4..=7 => 2,
        length => length / 3,
    };
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| {
            let letters = plain(candidate);
            if letters.len().abs_diff(wanted.len()) > allowed {
                return None;
            }
            let distance = distance(&wanted, &letters);
            // A short name must share something with what was written.
            (distance <= allowed && distance < wanted.len().max(letters.len())).then_some((distance, candidate))
        })
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Case and the kind of separator are no difference.
fn plain(name: &str) -> Vec<char> {
    name.chars().map(|c| if c == '-' { '_' } else { c }).flat_map(char::to_lowercase).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, &to) in b.iter().enumerate() {
            let replaced = row[j] + usize::from(from != to);
            let mut best = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_several};

    #[test]
    fn finds_what_was_meant() {
        let known = ["get", "post", "patch", "output_fields", "input_fields", "response_format_raw", "Content-Type"];
        for (name, expected) in [
            ("gte", Some("get")),
            ("psot", Some("post")),
            ("output_field", Some("output_fields")),
            ("inputfields", Some("input_fields")),
            ("respons_format_row", Some("response_format_raw")),
            ("content_type", Some("Content-Type")),
            ("get", None),
            ("x", None),
            ("", None),
            ("zebra", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
        assert_eq!(nearest_several("pat", ["put", "get", "pats", "pot"], 2), ["put", "pats"]);
    }
}
