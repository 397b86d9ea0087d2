//! Digests and keyed digests by name.

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha2::Digest;

/// A digest algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512_256,
}

/// Runs a generic expression with the hash type of an algorithm.
macro_rules! with_hash {
    ($algorithm:expr, $hash:ident => $body:expr) => {
        match $algorithm {
            Algorithm::Md5 => {
                type $hash = md5::Md5;
                $body
            }
            Algorithm::Sha1 => {
                type $hash = sha1::Sha1;
                $body
            }
            Algorithm::Sha224 => {
                type $hash = sha2::Sha224;
                $body
            }
            Algorithm::Sha256 => {
                type $hash = sha2::Sha256;
                $body
            }
            Algorithm::Sha384 => {
                type $hash = sha2::Sha384;
                $body
            }
            Algorithm::Sha512 => {
                type $hash = sha2::Sha512;
                $body
            }
            Algorithm::Sha512_256 => {
                type $hash = sha2::Sha512_256;
                $body
            }
        }
    };
}

impl Algorithm {
    /// By the names that OpenSSL takes: any case, with or without a dash.
    pub fn find(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "MD5" | "SSL3-MD5" | "RSA-MD5" => Self::Md5,
            "SHA" | "SHA1" | "SHA-1" | "RSA-SHA1" => Self::Sha1,
            "SHA224" | "SHA-224" | "SHA2-224" | "RSA-SHA224" => Self::Sha224,
            "SHA256" | "SHA-256" | "SHA2-256" | "RSA-SHA256" => Self::Sha256,
            "SHA384" | "SHA-384" | "SHA2-384" | "RSA-SHA384" => Self::Sha384,
            "SHA512" | "SHA-512" | "SHA2-512" | "RSA-SHA512" => Self::Sha512,
            "SHA512-256" | "SHA-512/256" | "SHA2-512/256" | "RSA-SHA512/256" => Self::Sha512_256,
            _ => return None,
        })
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha224 => "SHA224",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
            Self::Sha512_256 => "SHA512-256",
        }
    }

    /// Bytes of a digest.
    pub const fn size(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 | Self::Sha512_256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Bytes that go in at a time.
    pub const fn block_len(self) -> usize {
        match self {
            Self::Sha384 | Self::Sha512 | Self::Sha512_256 => 128,
            _ => 64,
        }
    }

    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        with_hash!(self, Hash => Hash::digest(data).to_vec())
    }

    pub fn hmac(self, key: &[u8], data: &[u8]) -> Vec<u8> {
        with_hash!(self, Hash => keyed::<Hash>(key, data))
    }

    /// PBKDF2 with this algorithm's HMAC.
    pub fn pbkdf2(self, password: &[u8], salt: &[u8], rounds: u32, len: usize) -> Vec<u8> {
        let mut out = vec![0; len];
        with_hash!(self, Hash => pbkdf2::pbkdf2_hmac::<Hash>(password, salt, rounds, &mut out));
        out
    }

    /// HKDF: extracts from the key, expands to `len` bytes; `None` if that is too many.
    pub fn hkdf(self, key: &[u8], salt: &[u8], info: &[u8], len: usize) -> Option<Vec<u8>> {
        let salt = if salt.is_empty() { vec![0; self.size()] } else { salt.to_vec() };
        let pseudo_random = self.hmac(&salt, key);
        let mut out = Vec::with_capacity(len + self.size());
        let mut block = Vec::new();
        for number in 1..=u8::try_from(len.div_ceil(self.size())).ok()? {
            block.extend_from_slice(info);
            block.push(number);
            block = self.hmac(&pseudo_random, &block);
            out.extend_from_slice(&block);
        }
        out.truncate(len);
        Some(out)
    }

    /// What stands before the digest in an RSA signature: the DER of a DigestInfo up to the digest itself.
    pub const fn signature_prefix(self) -> &'static [u8] {
        match self {
            Self::Md5 => b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10",
            Self::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
            Self::Sha224 => b"\x30\x2d\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00\x04\x1c",
            Self::Sha256 => b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
            Self::Sha384 => b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
            Self::Sha512 => b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
            Self::Sha512_256 => b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x06\x05\x00\x04\x20",
        }
    }
}

fn keyed<D: EagerHash>(key: &[u8], data: &[u8]) -> Vec<u8>
where
    Hmac<D>: KeyInit + Mac,
{
    // A key of any length will do, so this never is an error.
    <Hmac<D> as KeyInit>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(data);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

/// Equal, in a time that depends on the length alone.
pub fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_openssl() {
        let hex = |bytes: Vec<u8>| hex::encode(bytes);
        assert_eq!(hex(Algorithm::Md5.digest(b"a")), "0cc175b9c0f1b6a831c399e269772661");
        assert_eq!(hex(Algorithm::Sha1.hmac(b"key", b"abc")), "4fd0b215276ef12f2b3e4c8ecac2811498b656fc");
        assert_eq!(hex(Algorithm::Sha1.pbkdf2(b"pass", b"salt", 1000, 16)), "3bcf2cb1b21e0e2030d10d24982a0aaf");
        assert_eq!(
            Algorithm::Sha256.hkdf(b"k", b"s", b"i", 16).map(hex).as_deref(),
            Some("02b0929a9d46e9236e23320ea2a8c3b4")
        );
    }

    #[test]
    fn prefixes_end_with_the_length_of_the_digest() {
        for name in ["MD5", "sha", "SHA-224", "Sha256", "SHA384", "SHA512", "SHA512-256"] {
            let algorithm = Algorithm::find(name).expect(name);
            assert_eq!(algorithm.signature_prefix().last(), Some(&(algorithm.size() as u8)), "{name}");
        }
    }
}
