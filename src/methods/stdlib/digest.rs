//! `Digest` and `OpenSSL::Digest`, `OpenSSL::HMAC`: at once, or piece by piece.

use super::{ascii_value, bytes_arg, bytes_value};
use crate::methods::crypto::{Algorithm, digest::same_bytes};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Kind, Object, Result, Value, raise, to_s};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::any::Any;
use std::cell::RefCell;

pub(super) const MODULE: &[Method] = &[ruby(
    "hexencode",
    "(bytes) -> String",
    "Bytes in hexadecimal.",
    "Digest.hexencode('a') => \"61\"",
    |_, _, args| Ok(ascii_value(hex::encode(bytes_arg(&args, 0)?))),
)];

/// Of `Digest::SHA256` and its like.
pub(super) const DIGESTS: &[Method] = &[
    ruby(
        "base64digest",
        "(bytes) -> String",
        "The digest in Base64.",
        "Digest::SHA1.base64digest('a') => \"hvfkN/qlp/zhXR3cuerq6jd2Z7g=\"",
        |_, class, args| Ok(ascii_value(STANDARD.encode(whole(class, &args)?))),
    ),
    ruby(
        "digest",
        "(bytes) -> String",
        "The digest's bytes.",
        "Digest::MD5.digest('a').bytesize => 16",
        |_, class, args| Ok(bytes_value(whole(class, &args)?)),
    ),
    ruby(
        "hexdigest",
        "(bytes) -> String",
        "The digest in hexadecimal.",
        "Digest::MD5.hexdigest('a') => \"0cc175b9c0f1b6a831c399e269772661\"",
        |_, class, args| Ok(ascii_value(hex::encode(whole(class, &args)?))),
    ),
    ruby(
        "new",
        "(bits = 256) -> Digest",
        "An empty digest to add to.",
        "Digest::SHA256.new.update('a').hexdigest[0, 8] => \"ca978112\"",
        new_digest,
    ),
];

/// Of `OpenSSL::Digest`, where the algorithm is the first argument, and of its subclasses, where it is not.
pub(super) const OPENSSL_DIGESTS: &[Method] = &[
    ruby(
        "base64digest",
        "(*name_and_bytes) -> String",
        "The digest in Base64.",
        "OpenSSL::Digest.base64digest('MD5', 'a') => \"DMF1ucDxtqgxw5niaXcmYQ==\"",
        |_, class, args| Ok(ascii_value(STANDARD.encode(named(class, &args)?))),
    ),
    ruby(
        "digest",
        "(*name_and_bytes) -> String",
        "The digest's bytes.",
        "OpenSSL::Digest.digest('SHA256', 'a').bytesize => 32",
        |_, class, args| Ok(bytes_value(named(class, &args)?)),
    ),
    ruby(
        "hexdigest",
        "(*name_and_bytes) -> String",
        "The digest in hexadecimal.",
        "OpenSSL::Digest::MD5.hexdigest('a') => \"0cc175b9c0f1b6a831c399e269772661\"",
        |_, class, args| Ok(ascii_value(hex::encode(named(class, &args)?))),
    ),
    ruby(
        "new",
        "(name = nil, data = nil) -> Digest",
        "A digest to add to.",
        "OpenSSL::Digest.new('sha256').name => \"SHA256\"\nOpenSSL::Digest.new('nope') => RuntimeError: Unsupported digest algorithm (nope).: unknown object name",
        new_openssl,
    ),
];

pub(super) const HMACS: &[Method] = &[
    ruby(
        "base64digest",
        "(digest, key, data) -> String",
        "The keyed digest in Base64.",
        "OpenSSL::HMAC.base64digest('SHA256', 'k', 'd') => \"5+ohw7y2Ok2jrXhQMWjTa9ygvmIjgupgoQj61OSWZnk=\"",
        |_, _, args| Ok(ascii_value(STANDARD.encode(keyed(&args)?))),
    ),
    ruby(
        "digest",
        "(digest, key, data) -> String",
        "The keyed digest's bytes.",
        "OpenSSL::HMAC.digest('SHA1', 'k', 'd').bytesize => 20",
        |_, _, args| Ok(bytes_value(keyed(&args)?)),
    ),
    ruby(
        "hexdigest",
        "(digest, key, data) -> String",
        "The keyed digest in hexadecimal.",
        "OpenSSL::HMAC.hexdigest('MD5', 'key', 'abc') => \"d2fe98063f876b03193afb49b4979591\"",
        |_, _, args| Ok(ascii_value(hex::encode(keyed(&args)?))),
    ),
    ruby(
        "new",
        "(key, digest) -> HMAC",
        "A keyed digest to add to.",
        "OpenSSL::HMAC.new('key', 'MD5').update('abc').hexdigest[0, 8] => \"d2fe9806\"",
        |_, _, args| {
            let key = bytes_arg(&args, 0)?;
            let algorithm = algorithm_of(&args.get(1))?;
            Ok(Hasher::value(ClassId::OPENSSL_HMAC, algorithm, Some(key), Vec::new()))
        },
    ),
];

/// Of a digest under way.
pub(super) const OBJECT: &[Method] = &[
    ruby(
        "<< update",
        "(bytes) -> Digest",
        "Adds bytes.",
        "(Digest::MD5.new << 'a').hexdigest[0, 8] => \"0cc175b9\"",
        |_, digest, args| {
            let more = bytes_arg(&args, 0)?;
            own(digest)?.data.borrow_mut().extend_from_slice(&more);
            Ok(digest.clone())
        },
    ),
    ruby(
        "==",
        "(other) -> true or false",
        "The same digest, or its hexadecimal text.",
        "Digest::MD5.new == 'd41d8cd98f00b204e9800998ecf8427e' => true",
        |_, digest, args| {
            let digest = own(digest)?.result();
            Ok(Value::bool(match args.get(0) {
                Value::Str(text) => same_bytes(&text.bytes(), hex::encode(digest).as_bytes()),
                other => other.downcast::<Hasher>().is_some_and(|other| same_bytes(&digest, &other.result())),
            }))
        },
    ),
    ruby(
        "base64digest",
        "() -> String",
        "The digest in Base64.",
        "Digest::MD5.new.base64digest => \"1B2M2Y8AsgTpgAmY7PhCfg==\"",
        |_, digest, _| Ok(ascii_value(STANDARD.encode(own(digest)?.result()))),
    ),
    ruby(
        "block_length",
        "() -> Integer",
        "Bytes that go in at a time.",
        "Digest::SHA512.new.block_length => 128",
        |_, digest, _| Ok(own(digest)?.algorithm.block_len().into()),
    ),
    ruby(
        "clone dup",
        "() -> Digest",
        "A copy to go on with.",
        "Digest::MD5.new.dup.hexdigest[0, 4] => \"d41d\"",
        |_, digest, _| {
            let original = own(digest)?;
            let data = original.data.borrow().clone();
            Ok(Hasher::value(original.class, original.algorithm, original.key.clone(), data))
        },
    ),
    ruby(
        "digest",
        "(data = nil) -> String",
        "The digest's bytes.",
        "Digest::MD5.new.digest.bytesize => 16",
        |_, digest, args| result_of(digest, &args).map(bytes_value),
    ),
    ruby(
        "digest!",
        "() -> String",
        "The digest's bytes; begins anew.",
        "Digest::MD5.new.digest!.bytesize => 16",
        |_, digest, _| own(digest)?.finish().map(bytes_value),
    ),
    ruby(
        "digest_length length size",
        "() -> Integer",
        "Bytes of the digest.",
        "Digest::SHA256.new.digest_length => 32",
        |_, digest, _| Ok(own(digest)?.algorithm.size().into()),
    ),
    ruby(
        "hexdigest",
        "(data = nil) -> String",
        "The digest in hexadecimal.",
        "Digest::MD5.new.hexdigest => \"d41d8cd98f00b204e9800998ecf8427e\"",
        |_, digest, args| Ok(ascii_value(hex::encode(result_of(digest, &args)?))),
    ),
    ruby(
        "hexdigest!",
        "() -> String",
        "The digest in hexadecimal; begins anew.",
        "Digest::MD5.new.hexdigest![0, 4] => \"d41d\"",
        |_, digest, _| Ok(ascii_value(hex::encode(own(digest)?.finish()?))),
    ),
    ruby("name", "() -> String", "The algorithm.", "OpenSSL::Digest.new('sha1').name => \"SHA1\"", |_, digest, _| {
        Ok(own(digest)?.algorithm.name().into())
    }),
    ruby(
        "reset",
        "() -> Digest",
        "Begins anew.",
        "Digest::MD5.new.update('a').reset.hexdigest[0, 4] => \"d41d\"",
        |_, digest, _| {
            own(digest)?.data.borrow_mut().clear();
            Ok(digest.clone())
        },
    ),
    ruby(
        "to_s",
        "() -> String",
        "The digest in hexadecimal.",
        "Digest::MD5.new.to_s[0, 4] => \"d41d\"",
        |_, digest, _| Ok(ascii_value(hex::encode(own(digest)?.result()))),
    ),
];

/// A digest under way.
pub struct Hasher {
    class: ClassId,
    pub algorithm: Algorithm,
    /// Of an HMAC.
    key: Option<Vec<u8>>,
    data: RefCell<Vec<u8>>,
}

impl Hasher {
    fn value(class: ClassId, algorithm: Algorithm, key: Option<Vec<u8>>, data: Vec<u8>) -> Value {
        Value::object(Self { class, algorithm, key, data: RefCell::new(data) })
    }

    fn result(&self) -> Vec<u8> {
        match &self.key {
            Some(key) => self.algorithm.hmac(key, &self.data.borrow()),
            None => self.algorithm.digest(&self.data.borrow()),
        }
    }

    fn finish(&self) -> Result<Vec<u8>> {
        let result = self.result();
        self.data.borrow_mut().clear();
        Ok(result)
    }
}

impl Object for Hasher {
    fn kind(&self) -> Kind {
        Kind::Crypto
    }

    fn class(&self) -> ClassId {
        self.class
    }

    fn inspect(&self) -> String {
        let digest = hex::encode(self.result());
        if self.key.is_some() { digest } else { format!("#<{}: {digest}>", self.class.name()) }
    }

    fn namespace(&self) -> Option<&'static str> {
        Some("Digest")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn own(value: &Value) -> Result<&Hasher> {
    value.downcast().ok_or_else(|| raise(ClassId::TYPE_ERROR, "no digest"))
}

fn result_of(digest: &Value, args: &Args) -> Result<Vec<u8>> {
    match args.given(0) {
        None | Some(Value::Nil) => Ok(own(digest)?.result()),
        Some(_) => Ok(own(digest)?.algorithm.digest(&bytes_arg(args, 0)?)),
    }
}

/// The algorithm that a name, a digest object or a digest class stands for.
pub fn algorithm_of(value: &Value) -> Result<Algorithm> {
    if let Some(digest) = value.downcast::<Hasher>() {
        return Ok(digest.algorithm);
    }
    let name = match value {
        Value::Class(class) => class.name().rsplit("::").next().unwrap_or_default().to_owned(),
        Value::Str(name) => name.to_text(),
        other => return Err(crate::methods::args::no_conversion(other, "OpenSSL/Digest")),
    };
    Algorithm::find(&name).ok_or_else(|| {
        raise(ClassId::RUNTIME_ERROR, format!("Unsupported digest algorithm ({name}).: unknown object name"))
    })
}

/// The algorithm of `Digest::SHA256`; `Digest::SHA2` is SHA256.
fn of_class(class: &Value) -> Result<Algorithm> {
    match to_s(class).to_text().rsplit("::").next() {
        Some("SHA2") => Ok(Algorithm::Sha256),
        _ => algorithm_of(class),
    }
}

fn whole(class: &Value, args: &Args) -> Result<Vec<u8>> {
    Ok(of_class(class)?.digest(&bytes_arg(args, 0)?))
}

fn new_digest(_: &mut dyn Host, class: &Value, args: Args) -> Result<Value> {
    let Value::Class(id) = class else { return Ok(Value::Nil) };
    let is_sha2 = id.name() == "Digest::SHA2";
    if args.given(0).is_some() && !is_sha2 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "wrong number of arguments (given 1, expected 0)"));
    }
    let algorithm = match args.given(0) {
        None => of_class(class)?,
        Some(_) => match args.int(0)? {
            256 => Algorithm::Sha256,
            384 => Algorithm::Sha384,
            512 => Algorithm::Sha512,
            bits => return Err(raise(ClassId::ARGUMENT_ERROR, format!("unsupported bit length: {bits}"))),
        },
    };
    Ok(Hasher::value(*id, algorithm, None, Vec::new()))
}

fn is_subclass(class: &Value) -> bool {
    !matches!(class, Value::Class(ClassId::OPENSSL_DIGEST))
}

fn named(class: &Value, args: &Args) -> Result<Vec<u8>> {
    if is_subclass(class) {
        return Ok(algorithm_of(class)?.digest(&bytes_arg(args, 0)?));
    }
    Ok(algorithm_of(&args.get(0))?.digest(&bytes_arg(args, 1)?))
}

fn new_openssl(_: &mut dyn Host, class: &Value, args: Args) -> Result<Value> {
    let Value::Class(id) = class else { return Ok(Value::Nil) };
    let (algorithm, data) =
        if is_subclass(class) { (algorithm_of(class)?, 0) } else { (algorithm_of(&args.get(0))?, 1) };
    let data = if args.get(data).is_nil() { Vec::new() } else { bytes_arg(&args, data)? };
    Ok(Hasher::value(*id, algorithm, None, data))
}

fn keyed(args: &Args) -> Result<Vec<u8>> {
    let algorithm = algorithm_of(&args.get(0))?;
    Ok(algorithm.hmac(&bytes_arg(args, 1)?, &bytes_arg(args, 2)?))
}
