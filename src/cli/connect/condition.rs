//! Whether a field is shown: `ngIf` conditions over what has been answered.

/// A condition in the form that connectors use: comparisons of `input.name` with literals, `!`, `&&`, `||`. What is written
/// in another way counts as true, so that nothing is hidden by mistake.
pub fn holds(condition: &str, value: &dyn Fn(&str) -> Option<String>) -> bool {
    condition.split("||").any(|any| any.split("&&").all(|one| single(one.trim(), value)))
}

fn single(text: &str, value: &dyn Fn(&str) -> Option<String>) -> bool {
    let text = text.trim_matches(['(', ')', ' ']);
    for (operator, wanted) in [("!==", false), ("===", true), ("!=", false), ("==", true)] {
        if let Some((left, right)) = text.split_once(operator) {
            let Some(name) = name(left) else { return true };
            let literal = right.trim().trim_matches(['"', '\'']);
            return (value(name).unwrap_or_default() == literal) == wanted;
        }
    }
    let (text, wanted) = text.strip_prefix('!').map_or((text, true), |rest| (rest, false));
    let Some(name) = name(text) else { return true };
    let truthy = value(name).is_some_and(|text| !["", "false", "0"].contains(&text.as_str()));
    truthy == wanted
}

/// The name in `input.name`, `input['name']` or `input["name"]`.
fn name(text: &str) -> Option<&str> {
    let rest = text.trim().strip_prefix("input")?;
    let plain = rest.strip_prefix('.').map(str::trim);
    let bracketed = || rest.strip_prefix('[')?.strip_suffix(']').map(|quoted| quoted.trim_matches(['"', '\'']));
    plain.or_else(bracketed).filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn conditions() {
        let value = |name: &str| match name {
            "kind" => Some("token".to_owned()),
            "on" => Some("true".to_owned()),
            "off" => Some("false".to_owned()),
            _ => None,
        };
        for (condition, expected) in [
            ("input.kind == 'token'", true),
            ("input.kind == \"basic\"", false),
            ("input['kind'] != 'basic' && input.on", true),
            ("input.off || input.kind === 'token'", true),
            ("!input.on", false),
            ("input.missing == ''", true),
            ("something(else)", true),
        ] {
            assert_eq!(holds(condition, &value), expected, "{condition}");
        }
    }
}
