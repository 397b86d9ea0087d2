//! Encrypted settings, as the reference SDK keeps them: `base64(text)--base64(nonce)--base64(tag)`, AES-128 in GCM, around
//! Ruby's marshalled form of one string.

use crate::cli::args::Where;
use crate::cli::failure::Failure;
use crate::cli::files;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::{Path, PathBuf};

const KEY_VARIABLE: &str = "WORKATO_CONNECTOR_MASTER_KEY";
pub const KEY_FILE: &str = "master.key";

/// The 16 bytes that settings are encrypted with, and where they came from.
pub struct Key {
    bytes: [u8; 16],
    pub from: String,
}

/// Told by the name, as everywhere.
pub fn is_encrypted(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "enc")
}

impl Key {
    /// The key of a file: from `--key`, the environment, or the file beside it.
    pub fn of(place: &Where, settings: &Path) -> Result<Self, Failure> {
        Self::find(place, settings)?.ok_or_else(|| {
            let message = format!("{} is encrypted, and there is no key", settings.display());
            let help =
                format!("put the key into {KEY_FILE}, or into {KEY_VARIABLE}, or name its file with `--key FILE`");
            Failure::usage("usage::key", message).help(help)
        })
    }

    /// The same; `None` where there is no key at all.
    pub fn find(place: &Where, settings: &Path) -> Result<Option<Self>, Failure> {
        let beside = beside(settings);
        let (text, from) = if let Some(path) = &place.key {
            (files::read_text(path)?.text().to_owned(), path.display().to_string())
        } else if let Ok(text) = std::env::var(KEY_VARIABLE) {
            (text, KEY_VARIABLE.to_owned())
        } else if beside.exists() {
            (files::read_text(&beside)?.text().to_owned(), beside.display().to_string())
        } else {
            return Ok(None);
        };
        let mut bytes = [0; 16];
        match hex::decode_to_slice(text.trim(), &mut bytes) {
            Ok(()) => Ok(Some(Self { bytes, from })),
            Err(_) => Err(Failure::usage("usage::key", format!("the key from {from} is no key"))
                .help("a key is 32 hexadecimal digits")),
        }
    }

    /// A new key, and the file beside the settings that it belongs into.
    pub fn new(settings: &Path) -> Result<(Self, PathBuf), Failure> {
        let path = beside(settings);
        Ok((Self { bytes: random()?, from: path.display().to_string() }, path))
    }

    /// As it is written into its file.
    pub fn to_text(&self) -> String {
        hex::encode(self.bytes)
    }
}

/// The file of the key beside settings.
fn beside(settings: &Path) -> PathBuf {
    settings.parent().map_or_else(|| PathBuf::from(KEY_FILE), |folder| folder.join(KEY_FILE))
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::usage("usage::chance", format!("this machine gives no random numbers: {error}"))
            .help("nothing can be encrypted without them")
    })?;
    Ok(bytes)
}

/// The text of an encrypted file.
pub fn unseal(path: &Path, sealed: &str, key: &Key) -> Result<String, Failure> {
    let damaged = || {
        Failure::usage("usage::encrypted", format!("{} is damaged: it is not encrypted settings", path.display()))
            .help("restore the file; it is one line of three parts with `--` between them")
    };
    let parts: Vec<Vec<u8>> = sealed.trim().split("--").filter_map(|part| STANDARD.decode(part.trim()).ok()).collect();
    let [mut text, nonce, tag] = <[Vec<u8>; 3]>::try_from(parts).map_err(|_| damaged())?;
    let (nonce, tag) = (Nonce::try_from(nonce.as_slice()), aes_gcm::Tag::try_from(tag.as_slice()));
    let cipher = Aes128Gcm::new_from_slice(&key.bytes);
    let (Ok(nonce), Ok(tag), Ok(cipher)) = (nonce, tag, cipher) else { return Err(damaged()) };
    cipher.decrypt_inout_detached(&nonce, &[], text.as_mut_slice().into(), &tag).map_err(|_| {
        let message = format!("{} cannot be decrypted with the key from {}", path.display(), key.from);
        Failure::usage("usage::encrypted", message).help("either the key is another one, or the file was changed")
    })?;
    let plain = unmarshal(&text).ok_or_else(damaged)?;
    String::from_utf8(plain.to_vec()).map_err(|_| damaged())
}

/// A text as it stands in an encrypted file.
pub fn seal(text: &str, key: &Key) -> Result<String, Failure> {
    let nonce: [u8; 12] = random()?;
    let mut sealed = marshal(text);
    let tag = Aes128Gcm::new_from_slice(&key.bytes)
        .ok()
        .and_then(|cipher| cipher.encrypt_inout_detached(&Nonce::from(nonce), &[], sealed.as_mut_slice().into()).ok())
        .ok_or_else(|| Failure::usage("usage::encrypted", "the settings cannot be encrypted: they are too large"))?;
    Ok([&sealed[..], &nonce, &tag].map(|part| STANDARD.encode(part)).join("--"))
}

/// Ruby's marshalled form of one UTF-8 string.
fn marshal(text: &str) -> Vec<u8> {
    let mut out = vec![4, 8, b'I', b'"'];
    let length = text.len();
    match length {
        0 => out.push(0),
        1..=122 => out.push(length as u8 + 5),
        _ => {
            let bytes = length.to_le_bytes();
            let used = bytes.iter().rposition(|byte| *byte != 0).map_or(1, |last| last + 1);
            out.push(used as u8);
            out.extend(bytes.iter().take(used));
        }
    }
    out.extend(text.as_bytes());
    out.extend(b"\x06:\x06ET");
    out
}

/// The text inside Ruby's marshalled form of one UTF-8 string.
fn unmarshal(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(&[4, 8, b'I', b'"'])?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0 => (0, rest),
        1..=4 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first))?;
            (digits.iter().rev().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        5..=127 => (usize::from(first) - 5, rest),
        128.. => return None,
    };
    rest.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marshalled_strings() {
        let marshalled = |length: &[u8], text: &str| [b"\x04\x08I\"", length, text.as_bytes(), b"\x06:\x06ET"].concat();
        let [long, longer] = [300, 70_000].map(|length| "x".repeat(length));
        let cases = [(&b"\0"[..], ""), (b"\x08", "abc"), (b"\x02\x2c\x01", &long), (b"\x03\x70\x11\x01", &longer)];
        for (length, text) in cases {
            assert_eq!(marshal(text), marshalled(length, text));
            assert_eq!(unmarshal(&marshal(text)), Some(text.as_bytes()));
        }
        for length in [122, 123, 255, 256] {
            let text = "y".repeat(length);
            assert_eq!(unmarshal(&marshal(&text)), Some(text.as_bytes()));
        }
        assert_eq!(unmarshal(b"plain: text"), None);
        assert_eq!(unmarshal(&marshalled(b"\x7f", "short")), None);
    }

    #[test]
    fn what_was_sealed_is_read_back_with_the_same_key_only() {
        let key = Key { bytes: [7; 16], from: "here".to_owned() };
        let sealed = seal("token: \u{e9}\n", &key).ok().unwrap();
        assert_eq!(unseal(Path::new("s.enc"), &sealed, &key).ok().unwrap(), "token: \u{e9}\n");
        let other = Key { bytes: [8; 16], from: "there".to_owned() };
        assert!(unseal(Path::new("s.enc"), &sealed, &other).is_err());
        assert!(unseal(Path::new("s.enc"), &sealed[1..], &key).is_err());
    }
}
