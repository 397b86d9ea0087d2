//! RNCryptor's third format, which the SDK's `encrypt` and `decrypt` speak: AES-256-CBC under a password, with an HMAC.

use super::{Algorithm, cipher, digest};

const VERSION: u8 = 3;
/// Keys are made of a password.
const PASSWORD: u8 = 1;
const ROUNDS: u32 = 10_000;
const SALT: usize = 8;
const IV: usize = 16;
const MAC: usize = 32;
const HEAD: usize = 2 + SALT + SALT + IV;

/// Why a text cannot be decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Too short, or of another version.
    Format,
    /// The check at its end fails: damaged, or another password.
    Check,
}

/// Encrypts; `random` makes salts and the initialisation vector.
pub fn encrypt(text: &[u8], password: &[u8], mut random: impl FnMut() -> u64) -> Option<Vec<u8>> {
    let mut out = vec![VERSION, PASSWORD];
    while out.len() < HEAD {
        out.extend_from_slice(&random().to_le_bytes());
    }
    out.truncate(HEAD);
    let parts = Parts::of(&out)?;
    let cipher = cipher::cbc_encrypt(&key(password, parts.key_salt), parts.iv, text).ok()?;
    let mac_key = key(password, parts.mac_salt);
    out.extend_from_slice(&cipher);
    let mac = Algorithm::Sha256.hmac(&mac_key, &out);
    out.extend_from_slice(&mac);
    Some(out)
}

/// Decrypts.
pub fn decrypt(data: &[u8], password: &[u8]) -> Result<Vec<u8>, Error> {
    if data.len() < HEAD + MAC || data[0] != VERSION {
        return Err(Error::Format);
    }
    let (signed, mac) = data.split_at(data.len() - MAC);
    let parts = Parts::of(signed).ok_or(Error::Format)?;
    if !digest::same_bytes(&Algorithm::Sha256.hmac(&key(password, parts.mac_salt), signed), mac) {
        return Err(Error::Check);
    }
    cipher::cbc_decrypt(&key(password, parts.key_salt), parts.iv, &signed[HEAD..], true).map_err(|_| Error::Check)
}

struct Parts<'a> {
    key_salt: &'a [u8],
    mac_salt: &'a [u8],
    iv: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(head: &'a [u8]) -> Option<Self> {
        Some(Self {
            key_salt: head.get(2..2 + SALT)?,
            mac_salt: head.get(2 + SALT..2 + 2 * SALT)?,
            iv: head.get(2 + 2 * SALT..HEAD)?,
        })
    }
}

fn key(password: &[u8], salt: &[u8]) -> Vec<u8> {
    Algorithm::Sha1.pbkdf2(password, salt, ROUNDS, 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encrypted_comes_back_only_with_its_password() {
        let sealed = encrypt(b"text", b"key", || 7).expect("sealed");
        assert_eq!(decrypt(&sealed, b"key").as_deref(), Ok(b"text".as_slice()));
        assert_eq!(decrypt(&sealed, b"wrong"), Err(Error::Check));
        assert_eq!(decrypt(b"bad", b"key"), Err(Error::Format));
    }
}
