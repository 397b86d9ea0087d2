//! How long to wait after a failure.

use crate::store::Millis;
use crate::value::{Exception, Hash, Unwind, Value, to_s};

/// The wait after the first failure; each further one doubles it.
const FIRST: f64 = 5_000.0;
const LONGEST: f64 = 3_600_000.0;

/// Milliseconds to wait after that many failures in a row. `chance` in 0..1 spreads those that failed together;
/// what the server asked for (`Retry-After`, in seconds) is never undercut.
pub fn after_failure(failures: u32, chance: f64, asked: Option<f64>) -> Millis {
    let grown = FIRST * 2_f64.powi(failures.saturating_sub(1).min(20) as i32);
    let spread = grown.min(LONGEST) * (0.75 + chance / 2.0);
    spread.max(asked.unwrap_or_default().clamp(0.0, 24.0 * 3600.0) * 1000.0) as Millis
}

/// The seconds that a failed request's answer asks to wait, where it says a number.
pub fn retry_after(unwind: &Unwind) -> Option<f64> {
    let Unwind::Raise(exception) = unwind else { return None };
    header(exception, "retry-after")?.trim().parse().ok()
}

fn header(exception: &Exception, name: &str) -> Option<String> {
    let answer = crate::connector::failure::attribute(exception, crate::connector::failure::RESPONSE)?;
    let headers = part(&answer, "headers")?;
    let pairs = headers.to_vec();
    let found = pairs.iter().find(|(key, _)| to_s(key).to_text().eq_ignore_ascii_case(name));
    found.map(|(_, value)| to_s(value).to_text())
}

fn part(value: &Value, key: &str) -> Option<std::rc::Rc<Hash>> {
    match value {
        Value::Hash(hash) => match hash.get_str(key) {
            Some(Value::Hash(inner)) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}
