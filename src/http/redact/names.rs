//! Which names tell of a secret: `api_token`, `X-Api-Key`, `clientSecret`…

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// A field whose name, letters and digits only, contains one of these holds a secret…
const TELLING: &[&str] = &[
    "accesstoken",
    "apikey",
    "apitoken",
    "assertion",
    "authorization",
    "authtoken",
    "clientsecret",
    "credential",
    "idtoken",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "refreshtoken",
    "secret",
    "sessionid",
    "sessiontoken",
];

/// …and so does one whose name is one of these.
const EXACT: &[&str] = &["auth", "cookie", "jwt", "pass", "pwd", "setcookie", "token"];

/// One of these words stands in every name that tells. Most names and most texts have none of them, and one look is
/// enough to know that.
const WORDS: &[&str] =
    &["assertion", "auth", "cookie", "credential", "jwt", "key", "pass", "pwd", "secret", "session", "token"];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(WORDS).ok()
});

/// Whether the name of a secret's field can stand in a text.
pub fn may_tell(text: impl AsRef<[u8]>) -> bool {
    FINDER.as_ref().is_none_or(|finder| finder.is_match(&text))
}

/// Whether a field of that name holds a secret: `api_token`, `X-Api-Key`, `clientSecret`…
pub fn is_secret_field(name: &str) -> bool {
    if !may_tell(name) {
        return false;
    }
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    EXACT.contains(&plain.as_str()) || TELLING.iter().any(|part| plain.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_tells_has_a_word() {
        let silent: Vec<&&str> = TELLING.iter().chain(EXACT).filter(|name| !may_tell(name)).collect();
        assert!(silent.is_empty(), "{silent:?}");
    }
}
