//! `workato.jwt_…`: JSON Web Tokens signed with RSA, elliptic curves or a shared secret.

use super::refuse;
use crate::methods::crypto::digest::same_bytes;
use crate::methods::crypto::{Algorithm, EcKey, RsaKey};
use crate::methods::stdlib::bytes_arg;
use crate::methods::{Args, Host, Method, json, sdk};
use crate::value::json as text;
use crate::value::{ClassId, Hash, Result, Unwind, Value, raise, to_s};
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

const NAMES: [&str; 9] = ["RS256", "RS384", "RS512", "HS256", "HS384", "HS512", "ES256", "ES384", "ES512"];
const LEAST_RSA_BITS: usize = 2048;

pub(super) const ROWS: &[Method] = &[
    sdk(
        "jwt_decode",
        "(token, key, algorithm) -> Hash",
        "Payload and header of a token whose signature and expiry are checked.",
        "workato.jwt_decode(workato.jwt_encode({ a: 1 }, 'secret', 'HS256'), 'secret', 'HS256') => {\"payload\"=>{\"a\"=>1}, \"header\"=>{\"typ\"=>\"JWT\", \"alg\"=>\"HS256\"}}\nworkato.jwt_decode('nope', 'secret', 'HS256') => JWT::DecodeError: Not enough or too many segments",
        decode,
    ),
    sdk(
        "jwt_encode",
        "(payload, key, algorithm, header_fields = {}) -> String",
        "A signed token; the key is a PEM, or the secret for the HS algorithms.",
        "workato.jwt_encode({ a: 1 }, 'secret', 'HS256', kid: 'k1') => \"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJhIjoxfQ.7_toGXme0flwYYtNZntLu3OUX3LL0glfCdeuwRUgdoI\"",
        |host, _, args| encode(host, &args, &args.text(2), &args.get(3)),
    ),
    sdk(
        "jwt_encode_rs256",
        "(payload, key, header_fields = {}) -> String",
        "A token signed with RS256.",
        "workato.jwt_encode_rs256({ a: 1 }, 'bad') => Workato::Connector::Sdk::ArgumentError: Invalid key",
        |host, _, args| encode(host, &args, "RS256", &args.get(2)),
    ),
];

/// An algorithm of JWT with its key.
enum Signer {
    Rsa(RsaKey),
    Ec(EcKey),
    Secret(Vec<u8>),
}

impl Signer {
    fn read(name: &str, key: &[u8]) -> Result<Self> {
        let invalid = || refuse("Invalid key");
        match &name[..2] {
            "RS" => RsaKey::read(key, None).map(Self::Rsa).ok_or_else(invalid),
            "ES" => EcKey::read(key, None).map(Self::Ec).ok_or_else(invalid),
            _ if key.is_empty() => {
                Err(raise(ClassId::JWT_DECODE_ERROR, "OpenSSL 3.0 does not support nil or empty hmac_secret"))
            }
            _ => Ok(Self::Secret(key.to_vec())),
        }
    }

    fn check_size(&self, name: &str) -> Result<()> {
        match self {
            Self::Rsa(key) if key.bits() < LEAST_RSA_BITS => {
                Err(refuse("A RSA key of size 2048 bits or larger MUST be used with JWT"))
            }
            Self::Ec(key) if key.bits() != ec_bits(name) => {
                Err(refuse(format!("An ECDSA key of size {} bits MUST be used with JWT", ec_bits(name))))
            }
            _ => Ok(()),
        }
    }

    fn sign(&self, algorithm: Algorithm, data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(key) => key.sign(algorithm, data),
            Self::Ec(key) => key.sign(algorithm, data),
            Self::Secret(secret) => Some(algorithm.hmac(secret, data)),
        }
    }

    fn verify(&self, algorithm: Algorithm, signature: &[u8], data: &[u8]) -> bool {
        match self {
            Self::Rsa(key) => key.verify(algorithm, signature, data),
            Self::Ec(key) => key.verify(algorithm, signature, data),
            Self::Secret(secret) => same_bytes(&algorithm.hmac(secret, data), signature),
        }
    }
}

fn ec_bits(name: &str) -> usize {
    match name {
        "ES256" => 256,
        "ES384" => 384,
        _ => 521,
    }
}

/// The name in capitals, and its digest.
fn find(name: &str, what: &str) -> Result<(String, Algorithm)> {
    let name = name.to_uppercase();
    let digest = NAMES.contains(&name.as_str()).then(|| Algorithm::find(&format!("SHA{}", &name[2..]))).flatten();
    match digest {
        Some(digest) => Ok((name, digest)),
        None => Err(refuse(format!("Unsupported {what}. Supports only {}. Got: '{name}'", NAMES.join(", ")))),
    }
}

fn encode(host: &mut dyn Host, args: &Args, algorithm: &str, fields: &Value) -> Result<Value> {
    let (name, algorithm) = find(algorithm, "signing method")?;
    let signer = Signer::read(&name, &bytes_arg(args, 1)?)?;
    signer.check_size(&name)?;
    let header = Hash::indifferent();
    header.insert_str("typ", "JWT".into());
    header.insert_str("alg", name.as_str().into());
    if let Value::Hash(fields) = fields {
        for (key, value) in fields.to_vec() {
            let key = to_s(&key).to_text();
            if key != "typ" && key != "alg" {
                header.insert_str(&key, value);
            }
        }
    }
    let payload = host.force(&args.get(0))?;
    check_claims(&payload)?;
    let mut token = segment(host, &header.into())?;
    token.push('.');
    token.push_str(&segment(host, &payload)?);
    let signature = signer.sign(algorithm, token.as_bytes()).ok_or_else(|| refuse("Invalid key"))?;
    Ok(Value::string(format!("{token}.{}", BASE64.encode(signature))))
}

/// Claims that are times must be numbers.
fn check_claims(payload: &Value) -> Result<()> {
    let Value::Hash(payload) = payload else { return Ok(()) };
    for claim in ["exp", "iat", "nbf"] {
        let value = payload.get(&Value::symbol(claim)).or_else(|| payload.get_str(claim));
        if let Some(value) = value.filter(|value| !crate::value::ClassId::is_a(value.class(), ClassId::NUMERIC)) {
            let message = format!("{claim} claim must be a Numeric value but it is a {}", value.class().name());
            return Err(raise(ClassId::JWT_INVALID_PAYLOAD_ERROR, message));
        }
    }
    Ok(())
}

fn segment(host: &mut dyn Host, value: &Value) -> Result<String> {
    let plain = json::without_objects(host, value)?;
    text::generate(&plain).map(|json| BASE64.encode(json))
}

#[cold]
fn decode_error(message: &str) -> Box<Unwind> {
    raise(ClassId::JWT_DECODE_ERROR, message)
}

fn decode(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let (name, algorithm) = find(&args.text(2), "verification algorithm")?;
    let key = bytes_arg(&args, 1)?;
    let signer = Signer::read(&name, &key);
    // A secret may be wrong only once the token has been looked at.
    let signer = if name.starts_with("HS") { signer } else { Ok(signer?) };
    if args.get(0).is_nil() {
        return Err(decode_error("Nil JSON web token"));
    }
    let token = args.str(0)?.to_text();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else {
        return Err(decode_error("Not enough or too many segments"));
    };
    let header = read_segment(header)?;
    match &header {
        Value::Hash(fields) => match fields.get_str("alg") {
            None => return Err(decode_error("Token is missing alg header")),
            Some(found) if to_s(&found).to_text() != name => return Err(refuse("Mismatched algorithm and key")),
            Some(_) => {}
        },
        _ => return Err(decode_error("Token is missing alg header")),
    }
    let signature = BASE64.decode(signature).map_err(|_| decode_error("Invalid segment encoding"))?;
    let text = token.rsplit_once('.').map_or("", |(text, _)| text);
    if !signer?.verify(algorithm, &signature, text.as_bytes()) {
        return Err(refuse("Invalid signature"));
    }
    let payload = read_segment(payload)?;
    check_times(host.now().0, &payload)?;
    let result = Hash::indifferent();
    result.insert_str("payload", crate::value::indifferent(&payload));
    result.insert_str("header", crate::value::indifferent(&header));
    Ok(result.into())
}

fn read_segment(encoded: &str) -> Result<Value> {
    let invalid = || decode_error("Invalid segment encoding");
    let json = BASE64.decode(encoded).map_err(|_| invalid())?;
    text::parse(&json).map_err(|_| invalid())
}

fn check_times(now: i64, payload: &Value) -> Result<()> {
    let Value::Hash(payload) = payload else { return Ok(()) };
    let claim = |name: &str| match payload.get_str(name)? {
        Value::Int(seconds) => Some(seconds),
        Value::Float(seconds) => Some(seconds.get() as i64),
        Value::Str(text) => Some(text.to_text().trim().parse().unwrap_or_default()),
        _ => Some(0),
    };
    if claim("exp").is_some_and(|expiry| expiry <= now) {
        return Err(raise(ClassId::JWT_EXPIRED_ERROR, "Signature has expired"));
    }
    if claim("nbf").is_some_and(|begin| begin > now) {
        return Err(raise(ClassId::JWT_IMMATURE_ERROR, "Signature nbf has not been reached"));
    }
    Ok(())
}
