//! AES by key length and mode.

use aes::cipher::{
    Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit,
    block_padding::Pkcs7,
};
use aes_gcm::{AeadInOut, AesGcm, Nonce};

/// How blocks are chained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Ecb,
    Cbc,
    Ctr,
    Gcm,
}

/// A cipher with its key, as OpenSSL names it: `aes-256-cbc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aes {
    /// 16, 24 or 32 bytes.
    pub key_len: usize,
    pub mode: Mode,
}

/// Bytes of an authentication tag.
pub const TAG_LEN: usize = 16;
const BLOCK: usize = 16;

/// What is wrong with the input of a cipher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The key or the initialisation vector has the wrong length for the cipher.
    Length,
    /// The text is no whole number of blocks.
    BlockLength,
    /// The padding is not one; mostly a wrong key.
    Padding,
    /// The tag does not fit the text, key and associated data.
    Tag,
}

impl Error {
    /// As OpenSSL words it.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Length => "invalid key length",
            Self::BlockLength => "wrong final block length",
            Self::Padding => "bad decrypt",
            Self::Tag => "",
        }
    }
}

/// Runs a generic expression with the block cipher of a key length.
macro_rules! with_aes {
    ($key:expr, $cipher:ident => $body:expr) => {
        match $key.len() {
            16 => {
                type $cipher = aes::Aes128;
                $body
            }
            24 => {
                type $cipher = aes::Aes192;
                $body
            }
            32 => {
                type $cipher = aes::Aes256;
                $body
            }
            _ => return Err(Error::Length),
        }
    };
}

impl Aes {
    /// By OpenSSL's name, any case.
    pub fn find(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if let Some(bits) = name.strip_prefix("id-aes").and_then(|rest| rest.strip_suffix("-gcm")) {
            return Some(Self { key_len: key_len(bits)?, mode: Mode::Gcm });
        }
        let rest = name.strip_prefix("aes-").or_else(|| name.strip_prefix("aes"))?;
        let Some((bits, mode)) = rest.split_once('-') else {
            return Some(Self { key_len: key_len(rest)?, mode: Mode::Cbc });
        };
        let mode = match mode {
            "cbc" => Mode::Cbc,
            "ctr" => Mode::Ctr,
            "ecb" => Mode::Ecb,
            "gcm" => Mode::Gcm,
            _ => return None,
        };
        Some(Self { key_len: key_len(bits)?, mode })
    }

    /// OpenSSL's name: `AES-256-CBC`.
    pub fn name(self) -> String {
        let bits = self.key_len * 8;
        match self.mode {
            Mode::Ecb => format!("AES-{bits}-ECB"),
            Mode::Cbc => format!("AES-{bits}-CBC"),
            Mode::Ctr => format!("AES-{bits}-CTR"),
            Mode::Gcm => format!("id-aes{bits}-GCM"),
        }
    }

    /// Bytes of the initialisation vector.
    pub const fn iv_len(self) -> usize {
        match self.mode {
            Mode::Ecb => 0,
            Mode::Cbc | Mode::Ctr => BLOCK,
            Mode::Gcm => 12,
        }
    }

    pub const fn block_len(self) -> usize {
        match self.mode {
            Mode::Ecb | Mode::Cbc => BLOCK,
            Mode::Ctr | Mode::Gcm => 1,
        }
    }
}

fn key_len(bits: &str) -> Option<usize> {
    match bits {
        "128" => Some(16),
        "192" => Some(24),
        "256" => Some(32),
        _ => None,
    }
}

/// CBC with PKCS#7 padding.
pub fn cbc_encrypt(key: &[u8], iv: &[u8], data: &[u8]) -> Result<Vec<u8>, Error> {
    with_aes!(key, Cipher => {
        let cipher = cbc::Encryptor::<Cipher>::new_from_slices(key, iv).map_err(|_| Error::Length)?;
        Ok(cipher.encrypt_padded_vec::<Pkcs7>(data))
    })
}

/// The inverse of `cbc_encrypt`; without `padded`, the last block is kept as it is.
pub fn cbc_decrypt(key: &[u8], iv: &[u8], data: &[u8], padded: bool) -> Result<Vec<u8>, Error> {
    if data.is_empty() || !data.len().is_multiple_of(BLOCK) {
        return Err(Error::BlockLength);
    }
    with_aes!(key, Cipher => {
        let cipher = cbc::Decryptor::<Cipher>::new_from_slices(key, iv).map_err(|_| Error::Length)?;
        if padded {
            cipher.decrypt_padded_vec::<Pkcs7>(data).map_err(|_| Error::Padding)
        } else {
            let plain = cipher.decrypt_padded_vec::<aes::cipher::block_padding::NoPadding>(data);
            plain.map_err(|_| Error::BlockLength)
        }
    })
}

/// CBC of whole blocks, unpadded.
pub fn cbc_encrypt_blocks(key: &[u8], iv: &[u8], data: &[u8]) -> Result<Vec<u8>, Error> {
    if !data.len().is_multiple_of(BLOCK) {
        return Err(Error::BlockLength);
    }
    with_aes!(key, Cipher => {
        let cipher = cbc::Encryptor::<Cipher>::new_from_slices(key, iv).map_err(|_| Error::Length)?;
        Ok(cipher.encrypt_padded_vec::<aes::cipher::block_padding::NoPadding>(data))
    })
}

/// ECB with PKCS#7 padding, or of whole blocks.
pub fn ecb_encrypt(key: &[u8], data: &[u8], padded: bool) -> Result<Vec<u8>, Error> {
    let mut out = data.to_vec();
    if padded {
        let fill = BLOCK - out.len() % BLOCK;
        out.resize(out.len() + fill, fill as u8);
    }
    if !out.len().is_multiple_of(BLOCK) {
        return Err(Error::BlockLength);
    }
    with_aes!(key, Cipher => {
        let cipher = Cipher::new_from_slice(key).map_err(|_| Error::Length)?;
        for block in out.chunks_exact_mut(BLOCK) {
            if let Ok(block) = <&mut Block<Cipher>>::try_from(block) {
                cipher.encrypt_block(block);
            }
        }
    });
    Ok(out)
}

/// The inverse of `ecb_encrypt`.
pub fn ecb_decrypt(key: &[u8], data: &[u8], padded: bool) -> Result<Vec<u8>, Error> {
    if data.is_empty() || !data.len().is_multiple_of(BLOCK) {
        return Err(Error::BlockLength);
    }
    let mut out = data.to_vec();
    with_aes!(key, Cipher => {
        let cipher = Cipher::new_from_slice(key).map_err(|_| Error::Length)?;
        for block in out.chunks_exact_mut(BLOCK) {
            if let Ok(block) = <&mut Block<Cipher>>::try_from(block) {
                cipher.decrypt_block(block);
            }
        }
    });
    if padded {
        let fill = usize::from(out.last().copied().unwrap_or_default());
        let kept = out.len().checked_sub(fill).ok_or(Error::Padding)?;
        if !(1..=BLOCK).contains(&fill) || !out[kept..].iter().all(|byte| usize::from(*byte) == fill) {
            return Err(Error::Padding);
        }
        out.truncate(kept);
    }
    Ok(out)
}

/// CTR, whose two directions are the same.
pub fn ctr(key: &[u8], iv: &[u8], data: &[u8]) -> Result<Vec<u8>, Error> {
    let mut counter = u128::from_be_bytes(iv.try_into().map_err(|_| Error::Length)?);
    let mut out = data.to_vec();
    for chunk in out.chunks_mut(BLOCK) {
        let stream = ecb_encrypt(key, &counter.to_be_bytes(), false)?;
        chunk.iter_mut().zip(stream).for_each(|(byte, stream)| *byte ^= stream);
        counter = counter.wrapping_add(1);
    }
    Ok(out)
}

/// GCM: the cipher text and its tag.
pub fn gcm_encrypt(key: &[u8], iv: &[u8], data: &[u8], associated: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let nonce = Nonce::try_from(iv).map_err(|_| Error::Length)?;
    with_aes!(key, Cipher => {
        let cipher = AesGcm::<Cipher, aes::cipher::consts::U12>::new_from_slice(key).map_err(|_| Error::Length)?;
        let mut out = data.to_vec();
        let tag = cipher.encrypt_inout_detached(&nonce, associated, out.as_mut_slice().into()).map_err(|_| Error::Length)?;
        Ok((out, tag.to_vec()))
    })
}

/// The inverse of `gcm_encrypt`; the tag has 16 bytes.
pub fn gcm_decrypt(key: &[u8], iv: &[u8], data: &[u8], tag: &[u8], associated: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce = Nonce::try_from(iv).map_err(|_| Error::Length)?;
    let tag = aes_gcm::Tag::try_from(tag).map_err(|_| Error::Tag)?;
    with_aes!(key, Cipher => {
        let cipher = AesGcm::<Cipher, aes::cipher::consts::U12>::new_from_slice(key).map_err(|_| Error::Length)?;
        let mut out = data.to_vec();
        cipher.decrypt_inout_detached(&nonce, associated, out.as_mut_slice().into(), &tag).map_err(|_| Error::Tag)?;
        Ok(out)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_encrypt_as_openssl_and_back() {
        let (key, iv) = (b"0123456789abcdef", b"fedcba9876543210");
        let cbc = cbc_encrypt(key, iv, b"data").expect("cbc");
        assert_eq!(hex::encode(&cbc), "1da6f09c42f7fc43797aeede866e812c");
        assert_eq!(cbc_decrypt(key, iv, &cbc, true).as_deref(), Ok(b"data".as_slice()));
        assert_eq!(cbc_decrypt(key, iv, b"bad", true), Err(Error::BlockLength));

        let (text, tag) = gcm_encrypt(key, b"123456789012", b"data", b"aad").expect("gcm");
        assert_eq!(
            (hex::encode(&text).as_str(), hex::encode(&tag).as_str()),
            ("a2303694", "a1433d9f9f3c9cb4ac5b7f78e601e0f9")
        );
        assert_eq!(gcm_decrypt(key, b"123456789012", &text, &tag, b"aad").as_deref(), Ok(b"data".as_slice()));
        assert_eq!(gcm_decrypt(key, b"123456789012", &text, &tag, b"other"), Err(Error::Tag));

        let ecb = ecb_encrypt(key, b"0123456789abcdefx", true).expect("ecb");
        assert_eq!(ecb_decrypt(key, &ecb, true).as_deref(), Ok(b"0123456789abcdefx".as_slice()));
        let stream = ctr(key, iv, b"0123456789abcdefx").expect("ctr");
        assert_eq!(ctr(key, iv, &stream).as_deref(), Ok(b"0123456789abcdefx".as_slice()));
        assert_eq!(cbc_encrypt(b"short", iv, b"data"), Err(Error::Length));
    }
}
