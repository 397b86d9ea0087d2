//! The text form of keys and certificates.

use super::{Algorithm, cipher};
use base64::Engine;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// One block of a PEM text.
pub struct Block {
    /// `RSA PRIVATE KEY`
    pub label: String,
    /// What is inside, decrypted if it was encrypted with a passphrase in OpenSSL's old way.
    pub der: Vec<u8>,
}

/// The first block of the text; `None` if there is none, or it is damaged, or the passphrase is wrong.
pub fn first(text: &[u8], passphrase: Option<&[u8]>) -> Option<Block> {
    let text = std::str::from_utf8(text).ok()?;
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let body = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n'))?;
    let (headers, data) = body.split_once("\n\n").or_else(|| body.split_once("\r\n\r\n")).unwrap_or(("", body));
    let der = decode(data)?;
    let der = match headers.lines().find_map(|line| line.strip_prefix("DEK-Info: ")) {
        Some(info) => decrypt(info.trim(), &der, passphrase?)?,
        None => der,
    };
    Some(Block { label: label.to_owned(), der })
}

fn decode(data: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    let packed: String = data.split_ascii_whitespace().collect();
    LENIENT.decode(packed).ok().filter(|der| !der.is_empty())
}

/// `AES-128-CBC,hex of the iv`: the key comes from the passphrase and the iv's first 8 bytes by repeated MD5.
fn decrypt(info: &str, der: &[u8], passphrase: &[u8]) -> Option<Vec<u8>> {
    let (name, iv) = info.split_once(',')?;
    let aes = cipher::Aes::find(name)?;
    let iv = hex::decode(iv).ok()?;
    let mut key = Vec::new();
    let mut last = Vec::new();
    while key.len() < aes.key_len {
        last.extend_from_slice(passphrase);
        last.extend_from_slice(iv.get(..8)?);
        last = Algorithm::Md5.digest(&last);
        key.extend_from_slice(&last);
    }
    key.truncate(aes.key_len);
    cipher::cbc_decrypt(&key, &iv, der, true).ok()
}

/// A PEM text of the bytes, 64 characters a line.
pub fn write(label: &str, der: &[u8]) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in encoded.as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}
