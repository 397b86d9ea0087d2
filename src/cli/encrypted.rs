//! Encrypted settings: `base64(text)--base64(nonce)--base64(tag)`, AES-128 in GCM, around a marshalled string.

use super::args::Where;
use super::failure::Failure;
use super::files;
use crate::text::Source;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;

const KEY_VARIABLE: &str = "WORKATO_CONNECTOR_MASTER_KEY";
const KEY_FILE: &str = "master.key";

/// Told by the name, as everywhere.
pub fn is_encrypted(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "enc")
}

/// Reads and decrypts.
pub fn read(path: &Path, place: &Where) -> Result<Source, Failure> {
    let sealed = files::read_text(path)?;
    let (key, from) = key(place, path)?;
    let damaged = || {
        Failure::usage("usage::encrypted", format!("{} is damaged: it is not encrypted settings", path.display()))
            .help("restore the file; it is one line of three parts with `--` between them")
    };
    let parts: Vec<Vec<u8>> =
        sealed.text().trim().split("--").filter_map(|part| STANDARD.decode(part.trim()).ok()).collect();
    let [mut text, nonce, tag] = <[Vec<u8>; 3]>::try_from(parts).map_err(|_| damaged())?;
    let (nonce, tag) = (Nonce::try_from(nonce.as_slice()), aes_gcm::Tag::try_from(tag.as_slice()));
    let (Ok(nonce), Ok(tag), Ok(cipher)) = (nonce, tag, Aes128Gcm::new_from_slice(&key)) else { return Err(damaged()) };
    cipher.decrypt_inout_detached(&nonce, &[], text.as_mut_slice().into(), &tag).map_err(|_| {
        let message = format!("{} cannot be decrypted with the key from {from}", path.display());
        Failure::usage("usage::encrypted", message).help("either the key is another one, or the file was changed")
    })?;
    let plain = unmarshal(&text).ok_or_else(damaged)?;
    Ok(Source::new(path.display().to_string(), String::from_utf8(plain.to_vec()).map_err(|_| damaged())?))
}

/// The key's 16 bytes, and where they came from.
fn key(place: &Where, settings: &Path) -> Result<(Vec<u8>, String), Failure> {
    let beside = settings.parent().map(|folder| folder.join(KEY_FILE)).filter(|path| path.exists());
    let (text, from) = if let Some(path) = &place.key {
        (files::read_text(path)?.text().to_owned(), path.display().to_string())
    } else if let Ok(text) = std::env::var(KEY_VARIABLE) {
        (text, KEY_VARIABLE.to_owned())
    } else if let Some(path) = beside {
        (files::read_text(&path)?.text().to_owned(), path.display().to_string())
    } else {
        let message = format!("{} is encrypted, and there is no key", settings.display());
        return Err(Failure::usage("usage::key", message)
            .help(format!("put the key into {KEY_FILE}, or into {KEY_VARIABLE}, or name its file with `--key FILE`")));
    };
    match hex::decode(text.trim()) {
        Ok(key) if key.len() == 16 => Ok((key, from)),
        _ => Err(Failure::usage("usage::key", format!("the key from {from} is no key"))
            .help("a key is 32 hexadecimal digits")),
    }
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
    use super::unmarshal;

    #[test]
    fn marshalled_strings() {
        let marshalled = |length: &[u8], text: &str| [b"\x04\x08I\"", length, text.as_bytes(), b"\x06:\x06ET"].concat();
        let long = "x".repeat(300);
        for (length, text) in [(&b"\0"[..], ""), (b"\x08", "abc"), (b"\x02\x2c\x01", &long)] {
            assert_eq!(unmarshal(&marshalled(length, text)), Some(text.as_bytes()));
        }
        assert_eq!(unmarshal(b"plain: text"), None);
        assert_eq!(unmarshal(&marshalled(b"\x7f", "short")), None);
    }
}
