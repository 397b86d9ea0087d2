//! Bare functions of the SDK that need no connector.

use super::namespace;
use crate::methods::crypto::rncryptor;
use crate::methods::stdlib::{bytes_arg, lenient_base64, uuid};
use crate::methods::{Method, sdk};
use crate::value::{ClassId, Value, raise};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(super) const ROWS: &[Method] = &[
    sdk("blank", "() -> String", "An empty string.", "blank => \"\"", |_, _, _| Ok(Value::str(""))),
    sdk("clear null skip", "() -> nil", "Nothing, for a formula that clears a field.", "clear => nil", |_, _, _| {
        Ok(Value::Nil)
    }),
    sdk(
        "decrypt",
        "(text, key) -> Binary",
        "What `encrypt` made, in the clear.",
        "decrypt(encrypt('text', 'key'), 'key').as_utf8 => \"text\"\ndecrypt('bad', 'key') => RuntimeError: invalid/corrupt input",
        |_, _, args| {
            let sealed = lenient_base64(&bytes_arg(&args, 0)?);
            let plain = rncryptor::decrypt(&sealed, &bytes_arg(&args, 1)?).map_err(|error| {
                raise(
                    ClassId::RUNTIME_ERROR,
                    match error {
                        rncryptor::Error::Format => "invalid/corrupt input",
                        rncryptor::Error::Check => "invalid/corrupt input or key",
                    },
                )
            })?;
            Ok(Value::binary(plain))
        },
    ),
    sdk(
        "encrypt",
        "(text, key) -> String",
        "The text under a password, in Base64 (RNCryptor's third format).",
        "encrypt('text', 'key').length => 112",
        |host, _, args| {
            let (text, key) = (bytes_arg(&args, 0)?, bytes_arg(&args, 1)?);
            let sealed = rncryptor::encrypt(&text, &key, || host.random()).unwrap_or_default();
            Ok(Value::string(STANDARD.encode(sealed)))
        },
    ),
    sdk("uuid", "() -> String", "A random UUID.", "uuid.length => 36", |host, _, _| Ok(Value::string(uuid(host)))),
    sdk(
        "workato",
        "() -> Workato",
        "The SDK's helpers: JWT, AES, CSV, YAML and more.",
        "workato.uuid.length => 36",
        |_, _, _| Ok(namespace("workato")),
    ),
];
