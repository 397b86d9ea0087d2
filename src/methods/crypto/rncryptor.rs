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
    /// Password, plain text and the whole sealed text, from the format's published test vectors.
    const VECTORS: &[(&str, &str, &str)] = &[
        (
            "a",
            "",
            "03010000000000000000000000000000000000000000000000000000000000000000b3039be31cd7ece5e754f5c8da17003666313ae8\
             a89ddcf8e3cb41fdc130b2329dbe07d6f4d32c34e050c8bd7e933b12",
        ),
        (
            "thepassword",
            "01",
            "03010001020304050607010203040506070802030405060708090a0b0c0d0e0f0001a1f8730e0bf480eb7b70f690abf21e029514164a\
             d3c474a51b30c7eaa1ca545b7de3de5b010acbad0a9a13857df696a8",
        ),
        (
            "thepassword",
            "0123456789abcdef",
            "030101020304050607000203040506070801030405060708090a0b0c0d0e0f0001020e437fe809309c03fd53a475131e9a1978b8eaef\
             576f60adb8ce2320849ba32d742900438ba897d22210c76c35c849df",
        ),
        (
            "thepassword",
            "0123456789abcdef01234567",
            "0301020304050607000103040506070801020405060708090a0b0c0d0e0f00010203e01bbda5df2ca8adace38f6c588d291e03f951b7\
             8d3417bc2816581dc6b767f1a2e57597512b18e1638f21235fa5928c",
        ),
        (
            "\u{4e2d}\u{6587}\u{5bc6}\u{7801}",
            "23456789abcdef0123456701",
            "03010304050607000102040506070801020305060708090a0b0c0d0e0f00010203048a9e08bdec1c4bfe13e81fb85f009ab3ddb91387\
             e809c4ad86d9e8a6014557716657bd317d4bb6a7644615b3de402341",
        ),
    ];

    #[test]
    fn the_published_vectors_hold() {
        for (password, text, sealed) in VECTORS {
            let (text, sealed) = (hex::decode(text).expect("hex"), hex::decode(sealed).expect("hex"));
            assert_eq!(decrypt(&sealed, password.as_bytes()).as_deref(), Ok(text.as_slice()));
            let mut chance = sealed[2..HEAD].chunks(8).map(|chunk| {
                let mut bytes = [0; 8];
                bytes[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(bytes)
            });
            let again = encrypt(&text, password.as_bytes(), || chance.next().unwrap_or_default());
            assert_eq!(again.as_deref(), Some(sealed.as_slice()));
        }
    }
}
