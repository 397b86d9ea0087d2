//! `OpenSSL`: ciphers, RSA and elliptic-curve keys, certificates, key derivation.

use super::{algorithm_of, ascii_value, bytes_arg, bytes_value, random_bytes};
use crate::methods::crypto::keys::Padding;
use crate::methods::crypto::{Algorithm, Certificate, EcKey, RsaKey};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Flavor, Hash, Instant, Kind, Object, Result, Time, Unwind, Value, Zone, raise};
use num_bigint::BigInt;
use std::any::Any;

pub(super) const PKEY: &[Method] = &[ruby(
    "read",
    "(pem, passphrase = nil) -> Key",
    "An RSA or elliptic-curve key.",
    "OpenSSL::PKey.read('bad') => OpenSSL::PKey::PKeyError: Could not parse PKey: unsupported",
    |_, _, args| {
        let (text, passphrase) = (bytes_arg(&args, 0)?, passphrase(&args)?);
        if let Some(key) = RsaKey::read(&text, passphrase.as_deref()) {
            return Ok(Value::object(Rsa(key)));
        }
        match EcKey::read(&text, passphrase.as_deref()) {
            Some(key) => Ok(Value::object(Ec(key))),
            None => Err(raise(ClassId::PKEY_ERROR, "Could not parse PKey: unsupported")),
        }
    },
)];

pub(super) const RSA_CLASS: &[Method] = &[ruby(
    "new",
    "(pem, passphrase = nil) -> RSA",
    "An RSA key from PEM or DER.",
    "OpenSSL::PKey::RSA.new('bad') => OpenSSL::PKey::RSAError: Neither PUB key nor PRIV key: unsupported",
    |_, _, args| rsa_key(&bytes_arg(&args, 0)?, passphrase(&args)?.as_deref()).map(|key| Value::object(Rsa(key))),
)];

pub(super) const RSA: &[Method] = &[
    ruby("e", "() -> Integer", "The public exponent.", "", |_, key, _| Ok(number(&rsa(key)?.parts().1))),
    ruby("export to_pem to_s", "(cipher = nil, passphrase = nil) -> String", "The key as PEM.", "", |_, key, _| {
        rsa(key)?.to_pem().map(ascii_value).ok_or_else(|| rsa_error("cannot be written"))
    }),
    ruby("n", "() -> Integer", "The modulus.", "", |_, key, _| Ok(number(&rsa(key)?.parts().0))),
    ruby("private?", "() -> true or false", "Whether it can sign.", "", |_, key, _| Ok(rsa(key)?.is_private().into())),
    ruby("private_decrypt", "(bytes, padding = 1) -> String", "Undoes `public_encrypt`.", "", |_, key, args| {
        let plain = rsa(key)?.decrypt(padding(&args)?, &bytes_arg(&args, 0)?);
        plain.map(bytes_value).ok_or_else(|| rsa_error("padding check failed"))
    }),
    ruby("public?", "() -> true or false", "Always true: every key has its public part.", "", |_, _, _| {
        Ok(Value::True)
    }),
    ruby(
        "public_encrypt",
        "(bytes, padding = 1) -> String",
        "Encrypts for the holder of the private key.",
        "",
        |host, key, args| {
            let (padding, data) = (padding(&args)?, bytes_arg(&args, 0)?);
            let sealed = rsa(key)?.encrypt(padding, &data, &mut || host.random());
            sealed.map(bytes_value).ok_or_else(|| rsa_error("data too large for key size"))
        },
    ),
    ruby("public_key", "() -> RSA", "The public part.", "", |_, key, _| Ok(Value::object(Rsa(rsa(key)?.public())))),
    ruby("public_to_pem", "() -> String", "The public part as PEM.", "", |_, key, _| {
        rsa(key)?.public().to_pem().map(ascii_value).ok_or_else(|| rsa_error("cannot be written"))
    }),
    ruby("sign", "(digest, data) -> String", "The signature, by PKCS#1 v1.5.", "", |_, key, args| {
        let (algorithm, data) = (algorithm_of(&args.get(0))?, bytes_arg(&args, 1)?);
        if !rsa(key)?.is_private() {
            return Err(raise(ClassId::ARGUMENT_ERROR, "private key is needed"));
        }
        rsa(key)?.sign(algorithm, &data).map(bytes_value).ok_or_else(|| rsa_error("digest too big for rsa key"))
    }),
    ruby("to_der", "() -> String", "The key as DER.", "", |_, key, _| {
        rsa(key)?.to_der().map(bytes_value).ok_or_else(|| rsa_error("cannot be written"))
    }),
    ruby(
        "verify",
        "(digest, signature, data) -> true or false",
        "Whether the signature is this key's.",
        "",
        |_, key, args| {
            let algorithm = algorithm_of(&args.get(0))?;
            Ok(rsa(key)?.verify(algorithm, &bytes_arg(&args, 1)?, &bytes_arg(&args, 2)?).into())
        },
    ),
];

pub(super) const EC_CLASS: &[Method] = &[ruby(
    "new",
    "(pem, passphrase = nil) -> EC",
    "A key on P-256, P-384 or P-521.",
    "OpenSSL::PKey::EC.new('bad') => OpenSSL::PKey::ECError: invalid curve name",
    |_, _, args| {
        let key = EcKey::read(&bytes_arg(&args, 0)?, passphrase(&args)?.as_deref());
        key.map(|key| Value::object(Ec(key))).ok_or_else(|| raise(ClassId::EC_ERROR, "invalid curve name"))
    },
)];

pub(super) const EC: &[Method] = &[
    ruby(
        "dsa_sign_asn1",
        "(digest) -> String",
        "The signature of SHA-256's digest of the data, in DER.",
        "",
        |_, key, args| ec_sign(key, Algorithm::Sha256, &bytes_arg(&args, 0)?),
    ),
    ruby("private? private_key?", "() -> true or false", "Whether it can sign.", "", |_, key, _| {
        Ok(ec(key)?.is_private().into())
    }),
    ruby("sign", "(digest, data) -> String", "The signature in DER.", "", |_, key, args| {
        ec_sign(key, algorithm_of(&args.get(0))?, &bytes_arg(&args, 1)?)
    }),
    ruby(
        "verify",
        "(digest, signature, data) -> true or false",
        "Whether the signature is this key's.",
        "",
        |_, key, args| {
            let algorithm = algorithm_of(&args.get(0))?;
            Ok(ec(key)?.verify_der(algorithm, &bytes_arg(&args, 1)?, &bytes_arg(&args, 2)?).into())
        },
    ),
];

pub(super) const CERTIFICATE_CLASS: &[Method] = &[ruby(
    "new",
    "(pem) -> Certificate",
    "A certificate from PEM or DER.",
    "OpenSSL::X509::Certificate.new('bad') => OpenSSL::X509::CertificateError: PEM_read_bio_X509: no start line",
    |_, _, args| {
        let certificate = Certificate::read(&bytes_arg(&args, 0)?);
        certificate
            .map(|certificate| Value::object(Cert(certificate)))
            .ok_or_else(|| raise(ClassId::CERTIFICATE_ERROR, "PEM_read_bio_X509: no start line"))
    },
)];

pub(super) const CERTIFICATE: &[Method] = &[
    ruby("issuer", "() -> Name", "Who signed it.", "", |_, certificate, _| {
        Ok(Value::object(X509Name(cert(certificate)?.issuer())))
    }),
    ruby("not_after", "() -> Time", "Until when it holds.", "", |_, certificate, _| {
        Ok(utc(cert(certificate)?.validity().1))
    }),
    ruby("not_before", "() -> Time", "From when it holds.", "", |_, certificate, _| {
        Ok(utc(cert(certificate)?.validity().0))
    }),
    ruby("public_key", "() -> Key", "The key inside.", "", |_, certificate, _| {
        let pem = cert(certificate)?.public_key_pem().unwrap_or_default();
        if let Some(key) = RsaKey::read(pem.as_bytes(), None) {
            return Ok(Value::object(Rsa(key)));
        }
        let key = EcKey::read(pem.as_bytes(), None);
        key.map(|key| Value::object(Ec(key))).ok_or_else(|| raise(ClassId::CERTIFICATE_ERROR, "unsupported public key"))
    }),
    ruby("serial", "() -> Integer", "The number its issuer gave it.", "", |_, certificate, _| {
        Ok(number(&cert(certificate)?.serial()))
    }),
    ruby("subject", "() -> Name", "Whose it is.", "", |_, certificate, _| {
        Ok(Value::object(X509Name(cert(certificate)?.subject())))
    }),
    ruby("to_der", "() -> String", "The certificate as DER.", "", |_, certificate, _| {
        Ok(bytes_value(cert(certificate)?.der().to_vec()))
    }),
    ruby("to_pem to_s", "() -> String", "The certificate as PEM.", "", |_, certificate, _| {
        Ok(ascii_value(cert(certificate)?.to_pem()))
    }),
];

pub(super) const NAME: &[Method] =
    &[ruby("to_s", "() -> String", "The parts, each after a slash.", "", |_, name, _| {
        Ok(name.downcast::<X509Name>().map(|name| name.0.clone()).into())
    })];

/// Of `OpenSSL::PKCS5`.
pub(super) const PKCS5: &[Method] = &[
    ruby(
        "pbkdf2_hmac",
        "(password, salt, rounds, length, digest) -> String",
        "A key derived from a password.",
        "OpenSSL::PKCS5.pbkdf2_hmac('p', 's', 10, 2, 'SHA256').unpack1('H*') => \"1d6f\"",
        |host, _, args| derive(host, &args, algorithm_of(&args.get(4))?),
    ),
    ruby(
        "pbkdf2_hmac_sha1",
        "(password, salt, rounds, length) -> String",
        "A key derived from a password with SHA-1.",
        "OpenSSL::PKCS5.pbkdf2_hmac_sha1('pass', 'salt', 1000, 2).unpack1('H*') => \"3bcf\"",
        |host, _, args| derive(host, &args, Algorithm::Sha1),
    ),
];

/// Of `OpenSSL::KDF`.
pub(super) const KDF: &[Method] = &[
    ruby(
        "hkdf",
        "(key, salt:, info:, length:, hash:) -> String",
        "A key derived from another.",
        "OpenSSL::KDF.hkdf('k', salt: 's', info: 'i', length: 2, hash: 'SHA256').unpack1('H*') => \"02b0\"",
        |_, _, mut args| {
            let options = args.take_keywords().unwrap_or_default();
            let algorithm = algorithm_of(&needed(&options, "hash")?)?;
            let bytes = |name: &str| bytes_arg(&Args::one(needed(&options, name)?), 0);
            let length = Args::one(needed(&options, "length")?).int(0)?;
            let key = algorithm.hkdf(&bytes_arg(&args, 0)?, &bytes("salt")?, &bytes("info")?, length.max(0) as usize);
            key.map(bytes_value).ok_or_else(|| raise(ClassId::OPENSSL_ERROR, "EVP_PKEY_derive"))
        },
    ),
    ruby(
        "pbkdf2_hmac",
        "(password, salt:, iterations:, length:, hash:) -> String",
        "A key derived from a password.",
        "OpenSSL::KDF.pbkdf2_hmac('p', salt: 's', iterations: 10, length: 2, hash: 'SHA256').unpack1('H*') => \"1d6f\"",
        |host, _, mut args| {
            let options = args.take_keywords().unwrap_or_default();
            let algorithm = algorithm_of(&needed(&options, "hash")?)?;
            let mut values = vec![args.get(0)];
            for name in ["salt", "iterations", "length"] {
                values.push(needed(&options, name)?);
            }
            derive(host, &Args::of(&values), algorithm)
        },
    ),
];

/// Of `OpenSSL::Random`.
pub(super) const RANDOM: &[Method] = &[ruby(
    "random_bytes",
    "(count) -> String",
    "Random bytes.",
    "OpenSSL::Random.random_bytes(3).bytesize => 3",
    |host, _, args| {
        let count = usize::try_from(args.int(0)?).unwrap_or(0);
        host.charge(count)?;
        Ok(bytes_value(random_bytes(host, count)))
    },
)];

/// `OpenSSL::PKey::RSA`
pub struct Rsa(pub RsaKey);
struct Ec(EcKey);
struct Cert(Certificate);
struct X509Name(String);

/// Objects of this file differ only in what they are called.
macro_rules! crypto_object {
    ($type:ident, $class:ident, $table:literal) => {
        impl Object for $type {
            fn kind(&self) -> Kind {
                Kind::Crypto
            }

            fn class(&self) -> ClassId {
                ClassId::$class
            }

            fn namespace(&self) -> Option<&'static str> {
                Some($table)
            }

            fn as_any(&self) -> &dyn Any {
                self
            }
        }
    };
}

crypto_object!(Rsa, RSA, "RSA");
crypto_object!(Ec, EC, "EC");
crypto_object!(Cert, CERTIFICATE, "Certificate");
crypto_object!(X509Name, X509_NAME, "X509Name");

fn rsa(value: &Value) -> Result<&RsaKey> {
    value.downcast::<Rsa>().map(|key| &key.0).ok_or_else(|| raise(ClassId::TYPE_ERROR, "no RSA key"))
}

fn ec(value: &Value) -> Result<&EcKey> {
    value.downcast::<Ec>().map(|key| &key.0).ok_or_else(|| raise(ClassId::TYPE_ERROR, "no EC key"))
}

fn cert(value: &Value) -> Result<&Certificate> {
    value.downcast::<Cert>().map(|found| &found.0).ok_or_else(|| raise(ClassId::TYPE_ERROR, "no certificate"))
}

#[cold]
fn rsa_error(message: &str) -> Box<Unwind> {
    raise(ClassId::RSA_ERROR, message)
}

/// An RSA key, or the error OpenSSL has for what is none. The text itself never is in it.
pub fn rsa_key(text: &[u8], passphrase: Option<&[u8]>) -> Result<RsaKey> {
    RsaKey::read(text, passphrase).ok_or_else(|| rsa_error("Neither PUB key nor PRIV key: unsupported"))
}

fn passphrase(args: &Args) -> Result<Option<Vec<u8>>> {
    if args.get(1).is_nil() { Ok(None) } else { bytes_arg(args, 1).map(Some) }
}

/// `OpenSSL::PKey::RSA::PKCS1_PADDING` is 1, `PKCS1_OAEP_PADDING` 4.
fn padding(args: &Args) -> Result<Padding> {
    match args.get(1) {
        Value::Nil | Value::Int(1) => Ok(Padding::Pkcs1),
        Value::Int(4) => Ok(Padding::Oaep),
        _ => Err(rsa_error("unknown padding type")),
    }
}

fn ec_sign(key: &Value, algorithm: Algorithm, data: &[u8]) -> Result<Value> {
    let signature = ec(key)?.sign_der(algorithm, data);
    signature.map(bytes_value).ok_or_else(|| raise(ClassId::ARGUMENT_ERROR, "private key is needed"))
}

fn number(big_endian: &[u8]) -> Value {
    Value::big(BigInt::from_bytes_be(num_bigint::Sign::Plus, big_endian))
}

fn utc(seconds: i64) -> Value {
    Value::Time(Time::new(Instant::new(seconds, 0), Zone::Utc, Flavor::Time).into())
}

fn needed(options: &Hash, name: &str) -> Result<Value> {
    let missing = || raise(ClassId::ARGUMENT_ERROR, format!("missing keyword: :{name}"));
    options.get(&Value::symbol(name)).ok_or_else(missing)
}

fn derive(host: &mut dyn Host, args: &Args, algorithm: Algorithm) -> Result<Value> {
    let (rounds, length) = (args.int(2)?, args.int(3)?);
    let rounds = u32::try_from(rounds.max(1)).unwrap_or(u32::MAX);
    let length = usize::try_from(length).unwrap_or(0);
    host.charge(length)?;
    Ok(bytes_value(algorithm.pbkdf2(&bytes_arg(args, 0)?, &bytes_arg(args, 1)?, rounds, length)))
}
