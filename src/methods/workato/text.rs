//! Methods of strings that digest, sign and encode.

use super::{key_bytes, refuse};
use crate::methods::crypto::Algorithm;
use crate::methods::stdlib::{ascii_value, rsa_key};
use crate::methods::{Args, Method, sdk};
use crate::value::{ClassId, Result, Unwind, Value, raise};

pub(super) const ROWS: &[Method] = &[
    sdk(
        "encode_sha256",
        "() -> Binary",
        "The SHA-256 digest.",
        "'abc'.encode_sha256.encode_hex[0, 8] => \"ba7816bf\"",
        |_, text, _| digest(text, Algorithm::Sha256),
    ),
    sdk(
        "encode_sha512",
        "() -> Binary",
        "The SHA-512 digest.",
        "'abc'.encode_sha512.encode_hex[0, 8] => \"ddaf35a1\"",
        |_, text, _| digest(text, Algorithm::Sha512),
    ),
    sdk(
        "encode_sha512_256",
        "() -> Binary",
        "The SHA-512/256 digest, as the bytes of its hexadecimal text.",
        "'abc'.encode_sha512_256.as_utf8[0, 8] => \"53048e26\"",
        |_, text, _| Ok(Value::binary(hex::encode(Algorithm::Sha512_256.digest(&bytes(text))).into_bytes())),
    ),
    sdk(
        "hmac_md5",
        "(key) -> Binary",
        "The MD5 digest keyed with a secret.",
        "'abc'.hmac_md5('key').encode_hex[0, 8] => \"d2fe9806\"",
        |_, text, args| keyed(text, &args, Algorithm::Md5),
    ),
    sdk(
        "hmac_sha1",
        "(key) -> Binary",
        "The SHA-1 digest keyed with a secret.",
        "'abc'.hmac_sha1('key').encode_hex[0, 8] => \"4fd0b215\"",
        |_, text, args| keyed(text, &args, Algorithm::Sha1),
    ),
    sdk(
        "hmac_sha256",
        "(key) -> Binary",
        "The SHA-256 digest keyed with a secret.",
        "'abc'.hmac_sha256('key').encode_hex[0, 8] => \"9c196e32\"\n'abc'.hmac_sha256(nil) => Workato::Connector::Sdk::ArgumentError: Expected a String for 'key' parameter, given NilClass",
        |_, text, args| keyed(text, &args, Algorithm::Sha256),
    ),
    sdk(
        "hmac_sha512",
        "(key) -> Binary",
        "The SHA-512 digest keyed with a secret.",
        "'abc'.hmac_sha512('key').encode_hex[0, 8] => \"3926a207\"",
        |_, text, args| keyed(text, &args, Algorithm::Sha512),
    ),
    sdk(
        "md5_hexdigest",
        "() -> String",
        "The MD5 digest in hexadecimal.",
        "''.md5_hexdigest => \"d41d8cd98f00b204e9800998ecf8427e\"",
        |_, text, _| Ok(ascii_value(hex::encode(Algorithm::Md5.digest(&bytes(text))))),
    ),
    sdk(
        "rsa_sha256",
        "(key) -> Binary",
        "The signature by an RSA key in PEM, over SHA-256.",
        "'a'.rsa_sha256(nil) => Workato::Connector::Sdk::ArgumentError: Expected a String for 'key' parameter, given NilClass",
        |_, text, args| sign(text, &args, Algorithm::Sha256),
    ),
    sdk(
        "rsa_sha512",
        "(key) -> Binary",
        "The signature by an RSA key in PEM, over SHA-512.",
        "'a'.rsa_sha512('bad') => Workato::Connector::Sdk::ArgumentError: Neither PUB key nor PRIV key: unsupported",
        |_, text, args| {
            sign(text, &args, Algorithm::Sha512).map_err(|unwind| match &*unwind {
                Unwind::Raise(error) if error.class.is_a(ClassId::RSA_ERROR) => refuse(error.message()),
                _ => unwind,
            })
        },
    ),
    sdk("sha1", "() -> Binary", "The SHA-1 digest.", "'abc'.sha1.encode_hex[0, 8] => \"a9993e36\"", |_, text, _| {
        digest(text, Algorithm::Sha1)
    }),
];

fn bytes(text: &Value) -> Vec<u8> {
    match text {
        Value::Str(text) => text.bytes().to_vec(),
        _ => Vec::new(),
    }
}

fn digest(text: &Value, algorithm: Algorithm) -> Result<Value> {
    Ok(Value::binary(algorithm.digest(&bytes(text))))
}

fn keyed(text: &Value, args: &Args, algorithm: Algorithm) -> Result<Value> {
    Ok(Value::binary(algorithm.hmac(&key_bytes(&args.get(0), "key")?, &bytes(text))))
}

fn sign(text: &Value, args: &Args, algorithm: Algorithm) -> Result<Value> {
    let key = rsa_key(&key_bytes(&args.get(0), "key")?, None)?;
    let signature = key.sign(algorithm, &bytes(text));
    signature.map(Value::binary).ok_or_else(|| raise(ClassId::ARGUMENT_ERROR, "private key is needed"))
}
