//! Secrets that are written into the code: known shapes of keys, and texts that look random under a telling name. What a
//! finding shows of the text has the secret blotted out.

use super::Report;
use super::connector::{Connector, literal};
use super::facts::Facts;
use super::part::Part;
use crate::syntax::ast::{Arg, Expr, ExprKind, Pair, Target, TargetKind};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Source, Span};

/// Where secrets are, and what they are.
pub fn find(part: &Part) -> Vec<(Span, &'static str)> {
    let mut visitor = Secrets { source: part.source, found: Vec::new() };
    part.hashes.iter().for_each(|pairs| visitor.pairs(pairs));
    part.walk(&mut visitor);
    let examples: Vec<Span> = part
        .entries
        .iter()
        .filter(|entry| matches!(entry.name(), "sample_output" | "help" | "description"))
        .map(|entry| entry.span)
        .collect();
    visitor.found.retain(|(span, _)| !examples.iter().any(|example| example.lo <= span.lo && span.hi <= example.hi));
    visitor.found.sort_by_key(|(span, _)| span.lo);
    visitor.found.dedup_by_key(|(span, _)| span.lo);
    visitor.found
}

pub fn check(connector: &Connector, report: &mut Report) {
    let moved = |(facts, by): (&Facts, i64)| -> Vec<_> {
        facts.secrets.iter().map(|(span, what)| (span.moved(by), *what)).collect()
    };
    let found: Vec<(Span, &str)> = connector.facts().flat_map(moved).collect();
    if found.is_empty() {
        return;
    }
    let spans: Vec<Span> = found.iter().map(|(span, _)| *span).collect();
    let blotted = blot(connector.source, &spans);
    for (span, what) in found {
        let message = format!("{what} is written into the code");
        let help = "make it a setting: a field with `control_type: 'password'`, read as `connection['…']`; and replace \
                    the secret, for everyone who has the file knows it";
        let finding = report.warn("check::secret", span, message, "a secret", help.into());
        finding.source = Some(blotted.clone());
    }
}

/// The same text with stars for the secrets: reports show lines of it.
fn blot(source: &Source, spans: &[Span]) -> Source {
    let mut text = source.text().to_owned();
    for span in spans.iter().filter(|span| source.slice(**span).is_ascii()) {
        let stars = source.slice(*span).replace(|c: char| c != '\n', "*");
        text.replace_range(span.range(), &stars);
    }
    Source::new(source.name(), text)
}

/// How known keys begin, how long they are at least, and what to call them.
const SHAPES: &[(&str, usize, &str)] = &[
    ("-----BEGIN RSA PRIVATE KEY-----", 100, "a private key"),
    ("-----BEGIN EC PRIVATE KEY-----", 100, "a private key"),
    ("-----BEGIN PRIVATE KEY-----", 100, "a private key"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", 100, "a private key"),
    ("AIza", 39, "an API key"),
    ("AKIA", 20, "an access key"),
    ("ghp_", 40, "an access token"),
    ("gho_", 40, "an access token"),
    ("github_pat_", 40, "an access token"),
    ("glpat-", 26, "an access token"),
    ("sk_live_", 24, "an API key"),
    ("rk_live_", 24, "an API key"),
    ("xoxb-", 24, "an access token"),
    ("xoxp-", 24, "an access token"),
    ("SG.", 60, "an API key"),
    ("eyJ", 80, "a signed token"),
];

/// What stands before credentials in a header.
const SCHEMES: [&str; 3] = ["Bearer ", "Basic ", "Token "];

/// Parts of names whose values are secret.
const TELLING: [&str; 12] = [
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "private_key",
    "authorization",
    "credential",
    "auth_key",
];

/// Parts of names that only look telling.
const HARMLESS: [&str; 9] = ["url", "type", "_name", "label", "hint", "expires", "field", "path", "_id"];

struct Secrets<'s> {
    source: &'s Source,
    found: Vec<(Span, &'static str)>,
}

impl Visitor for Secrets<'_> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Str(_) => self.text(expr),
            ExprKind::Hash(pairs) => self.pairs(pairs),
            ExprKind::Call(call) => {
                for arg in &call.args {
                    if let Arg::Keywords(pairs, _) = arg {
                        self.pairs(pairs);
                    }
                }
            }
            ExprKind::Assign { target, value } => self.assigned(target, value),
            _ => {}
        }
        walk::walk_expr(self, expr);
    }
}

impl Secrets<'_> {
    /// A text of a shape that only secrets have.
    fn text(&mut self, expr: &Expr) {
        let Some((text, span)) = literal(self.source, expr) else { return };
        let bare = SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(&text);
        let known = SHAPES.iter().find(|(start, least, _)| bare.starts_with(start) && bare.len() >= *least);
        if let Some((start, _, what)) = known {
            let pem = start.starts_with('-');
            if pem
                || !is_placeholder(bare)
                    && !bare.contains(char::is_whitespace)
                    && bare.bytes().any(|b| b.is_ascii_digit())
            {
                self.found.push((span, what));
            }
        } else if bare.len() < text.len() && looks_random(bare, 16) {
            self.found.push((span, "a credential"));
        }
    }

    fn pairs(&mut self, pairs: &[Pair]) {
        for pair in pairs {
            if let Pair::Entry { key, value, .. } = pair
                && let Some((name, _)) = literal(self.source, key)
            {
                self.named(&name, value);
            }
        }
    }

    fn assigned(&mut self, target: &Target, value: &Expr) {
        match &target.kind {
            TargetKind::Local(name) => self.named(name.as_str(), value),
            TargetKind::Index(index) => {
                if let Some(Arg::Value(key)) = index.args.first()
                    && let Some((name, _)) = literal(self.source, key)
                {
                    self.named(&name, value);
                }
            }
            _ => {}
        }
    }

    /// A text that looks random, under a name that says that it is secret.
    fn named(&mut self, name: &str, value: &Expr) {
        let name = name.to_ascii_lowercase();
        let telling =
            TELLING.iter().any(|part| name.contains(part)) && !HARMLESS.iter().any(|part| name.contains(part));
        if !telling || !matches!(value.kind, ExprKind::Str(_)) {
            return;
        }
        let Some((text, span)) = literal(self.source, value) else { return };
        if looks_random(&text, 16) {
            self.found.push((span, "what looks like a secret"));
        }
    }
}

/// Many different signs, of several kinds, none of the words of a placeholder.
fn looks_random(text: &str, least: usize) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.+/=~".contains(&b);
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    let letter = text.bytes().any(|b| b.is_ascii_alphabetic());
    text.len() >= least && text.bytes().all(plain) && digit && letter && !is_placeholder(text) && entropy(text) >= 3.2
}

fn is_placeholder(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["your", "xxx", "example", "placeholder", "changeme", "dummy", "sample", "test", "...", "****", "1234567", "abcdef"]
        .iter()
        .any(|word| text.contains(word))
}

/// Bits a sign, as the signs of the text are distributed.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[byte as usize] += 1);
    let length = text.len().max(1) as f64;
    let bits = |count: &u32| {
        let share = f64::from(*count) / length;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(bits).sum()
}

#[cfg(test)]
mod tests {
    use super::looks_random;

    #[test]
    fn words_are_no_secrets() {
        for (text, expected) in [
            ("9f86d081884c7d659a2feaa0c55ad015", true),
            ("Zx81-kLm20_pQ7vTn4Wy", true),
            ("YOUR_API_KEY_12345678901", false),
            ("application/x-www-form-urlencoded", false),
            ("client_credentials", false),
            ("00000000-0000-0000-0000-000000000000", false),
            ("short1", false),
        ] {
            assert_eq!(looks_random(text, 16), expected, "{text}");
        }
    }
}
