//! `workato.aes_…`.

use super::refuse;
use crate::methods::crypto::cipher;
use crate::methods::stdlib::bytes_arg;
use crate::methods::{Args, Host, Method, sdk};
use crate::value::{ClassId, Result, Str, Value, raise};
use std::rc::Rc;

const IV: usize = 16;

pub(super) const ROWS: &[Method] = &[
    sdk(
        "aes_cbc_decrypt",
        "(text, key, init_vector = nil) -> Binary",
        "Undoes `aes_cbc_encrypt`.",
        "workato.aes_cbc_decrypt('bad', '0123456789abcdef') => Workato::Connector::Sdk::ArgumentError: wrong final block length",
        |_, _, args| {
            let (text, key, iv) = cbc_arguments(&args)?;
            cipher::cbc_decrypt(&key, &iv, &text, true).map(Value::binary).map_err(|error| refuse(error.message()))
        },
    ),
    sdk(
        "aes_cbc_encrypt",
        "(text, key, init_vector = nil) -> Binary",
        "AES in CBC mode; the key has 16, 24 or 32 bytes, the vector 16 (zeros if none).",
        "workato.aes_cbc_encrypt('data', '0123456789abcdef', 'fedcba9876543210').encode_hex => \"1da6f09c42f7fc43797aeede866e812c\"\nworkato.aes_cbc_encrypt('data', 'short') => Workato::Connector::Sdk::ArgumentError: Incorrect key size for AES",
        |_, _, args| {
            let (text, key, iv) = cbc_arguments(&args)?;
            if text.is_empty() {
                return Err(raise(ClassId::ARGUMENT_ERROR, "data must not be empty"));
            }
            cipher::cbc_encrypt(&key, &iv, &text).map(Value::binary).map_err(|error| refuse(error.message()))
        },
    ),
    sdk(
        "aes_gcm_decrypt",
        "(text, key, auth_tag, init_vector, auth_data = '') -> Binary",
        "Undoes `aes_gcm_encrypt`; the tag must fit.",
        "e, t = workato.aes_gcm_encrypt('data', '0123456789abcdef', '123456789012'); workato.aes_gcm_decrypt(e, '0123456789abcdef', t, '123456789012').as_utf8 => \"data\"",
        gcm_decrypt,
    ),
    sdk(
        "aes_gcm_encrypt",
        "(text, key, init_vector, auth_data = '') -> Array",
        "AES in GCM mode: the cipher text and its tag; the vector has 12 bytes.",
        "workato.aes_gcm_encrypt('data', '0123456789abcdef', '123456789012').map(&:encode_hex) => [\"a2303694\", \"74fb86e1b8466e99a7498dd3a8887212\"]",
        gcm_encrypt,
    ),
];

fn check_key(key: &[u8]) -> Result<()> {
    if matches!(key.len(), 16 | 24 | 32) { Ok(()) } else { Err(refuse("Incorrect key size for AES")) }
}

fn cbc_arguments(args: &Args) -> Result<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    let key = bytes_arg(args, 1)?;
    check_key(&key)?;
    let is_blank = match args.get(2) {
        Value::Nil => true,
        Value::Str(iv) => iv.text().is_some_and(|iv| iv.trim().is_empty()),
        _ => false,
    };
    let iv = if is_blank { vec![0; IV] } else { bytes_arg(args, 2)? };
    if iv.len() != IV {
        return Err(raise(ClassId::ARGUMENT_ERROR, "iv must be 16 bytes"));
    }
    Ok((bytes_arg(args, 0)?, key, iv))
}

/// All arguments must be strings, the first one valid and not empty.
fn gcm_arguments(args: &Args, what: &str, is_empty: fn(&Str) -> bool) -> Result<Vec<Rc<Str>>> {
    let mut texts = Vec::with_capacity(args.len());
    for value in &args.values {
        match value {
            Value::Str(text) => texts.push(Rc::clone(text)),
            _ => return Err(refuse("All arguments must be of type String")),
        }
    }
    if !texts[0].is_valid() {
        let message = format!("Data to be {what} must have valid encoding");
        return Err(raise(ClassId::SDK_ARGUMENT_ENCODING_ERROR, message));
    }
    if is_empty(&texts[0]) {
        return Err(refuse(format!("Data to be {what} must not be empty")));
    }
    Ok(texts)
}

fn gcm_encrypt(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let texts = gcm_arguments(&args, "encrypted", Str::is_empty)?;
    let bytes = |at: usize| texts.get(at).map(|text| text.bytes().to_vec()).unwrap_or_default();
    check_key(&bytes(1))?;
    if bytes(2).len() != 12 {
        return Err(refuse("Incorrect key size for Initialization Vector"));
    }
    let (text, tag) =
        cipher::gcm_encrypt(&bytes(1), &bytes(2), &bytes(0), &bytes(3)).map_err(|error| refuse(error.message()))?;
    Ok(Value::array(vec![Value::binary(text), Value::binary(tag)]))
}

fn gcm_decrypt(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let texts = gcm_arguments(&args, "decrypted", |text| text.text().is_some_and(|text| text.trim().is_empty()))?;
    let bytes = |at: usize| texts.get(at).map(|text| text.bytes().to_vec()).unwrap_or_default();
    if !(12..=16).contains(&bytes(2).len()) {
        return Err(refuse("Incorrect authentication tag size"));
    }
    check_key(&bytes(1))?;
    if bytes(3).len() != 12 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "iv must be 12 bytes"));
    }
    let plain = cipher::gcm_decrypt(&bytes(1), &bytes(3), &bytes(0), &bytes(2), &bytes(4));
    plain.map(Value::binary).map_err(|_| refuse("Not able to decrypt, please check input values again"))
}
