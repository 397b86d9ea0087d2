//! RSA and elliptic-curve keys, and certificates, from PEM or DER.

use super::{Algorithm, pem};
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey, EncodeRsaPrivateKey};
use rsa::pkcs8::EncodePublicKey;
use rsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use rsa::traits::PublicKeyParts;
use rsa::{Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use x509_cert::der::{Decode, Encode};

/// An RSA key, private or public.
pub struct RsaKey {
    private: Option<RsaPrivateKey>,
    public: RsaPublicKey,
}

/// How a text is padded before it is encrypted with RSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    Pkcs1,
    /// OAEP with SHA-1, as OpenSSL defaults to.
    Oaep,
}

impl RsaKey {
    /// From a private key, a public key or a certificate, in PEM or DER.
    pub fn read(text: &[u8], passphrase: Option<&[u8]>) -> Option<Self> {
        let Some(block) = pem::first(text, passphrase) else { return Self::from_der(text) };
        match block.label.as_str() {
            "RSA PRIVATE KEY" => RsaPrivateKey::from_pkcs1_der(&block.der).ok().map(Self::from),
            "PRIVATE KEY" => RsaPrivateKey::from_pkcs8_der(&block.der).ok().map(Self::from),
            "ENCRYPTED PRIVATE KEY" => {
                let plain = decrypt_pkcs8(&block.der, passphrase?)?;
                RsaPrivateKey::from_pkcs8_der(&plain).ok().map(Self::from)
            }
            "RSA PUBLIC KEY" => RsaPublicKey::from_pkcs1_der(&block.der).ok().map(Self::from),
            "PUBLIC KEY" => RsaPublicKey::from_public_key_der(&block.der).ok().map(Self::from),
            _ => None,
        }
    }

    fn from_der(der: &[u8]) -> Option<Self> {
        let private = RsaPrivateKey::from_pkcs1_der(der).or_else(|_| RsaPrivateKey::from_pkcs8_der(der));
        if let Ok(private) = private {
            return Some(private.into());
        }
        RsaPublicKey::from_public_key_der(der).or_else(|_| RsaPublicKey::from_pkcs1_der(der)).ok().map(Self::from)
    }

    pub fn bits(&self) -> usize {
        self.public.n().bits() as usize
    }

    pub const fn is_private(&self) -> bool {
        self.private.is_some()
    }

    #[must_use]
    pub fn public(&self) -> Self {
        Self { private: None, public: self.public.clone() }
    }

    /// PKCS#1 v1.5; `None` without the private part.
    pub fn sign(&self, algorithm: Algorithm, data: &[u8]) -> Option<Vec<u8>> {
        self.private.as_ref()?.sign(scheme(algorithm), &algorithm.digest(data)).ok()
    }

    pub fn verify(&self, algorithm: Algorithm, signature: &[u8], data: &[u8]) -> bool {
        self.public.verify(scheme(algorithm), &algorithm.digest(data), signature).is_ok()
    }

    /// `random` fills the padding.
    pub fn encrypt(&self, padding: Padding, data: &[u8], random: &mut dyn FnMut() -> u64) -> Option<Vec<u8>> {
        let mut random = Words(random);
        match padding {
            Padding::Pkcs1 => self.public.encrypt(&mut random, Pkcs1v15Encrypt, data),
            Padding::Oaep => self.public.encrypt(&mut random, Oaep::<sha1::Sha1>::new(), data),
        }
        .ok()
    }

    pub fn decrypt(&self, padding: Padding, data: &[u8]) -> Option<Vec<u8>> {
        let private = self.private.as_ref()?;
        match padding {
            Padding::Pkcs1 => private.decrypt(Pkcs1v15Encrypt, data),
            Padding::Oaep => private.decrypt(Oaep::<sha1::Sha1>::new(), data),
        }
        .ok()
    }

    /// The key as OpenSSL prints it: PKCS#1 for a private one, SubjectPublicKeyInfo for a public one.
    pub fn to_der(&self) -> Option<Vec<u8>> {
        match &self.private {
            Some(private) => private.to_pkcs1_der().ok().map(|der| der.as_bytes().to_vec()),
            None => self.public.to_public_key_der().ok().map(|der| der.as_bytes().to_vec()),
        }
    }

    pub fn to_pem(&self) -> Option<String> {
        let label = if self.is_private() { "RSA PRIVATE KEY" } else { "PUBLIC KEY" };
        self.to_der().map(|der| pem::write(label, &der))
    }

    /// Modulus and exponent, big-endian.
    pub fn parts(&self) -> (Vec<u8>, Vec<u8>) {
        let bytes = |number: &[u8]| {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            number[zeros..].to_vec()
        };
        (bytes(&self.public.n().to_be_bytes()), bytes(&self.public.e().to_be_bytes()))
    }
}

impl From<RsaPrivateKey> for RsaKey {
    fn from(private: RsaPrivateKey) -> Self {
        Self { public: private.to_public_key(), private: Some(private) }
    }
}

impl From<RsaPublicKey> for RsaKey {
    fn from(public: RsaPublicKey) -> Self {
        Self { private: None, public }
    }
}

fn scheme(algorithm: Algorithm) -> Pkcs1v15Sign {
    Pkcs1v15Sign { hash_len: Some(algorithm.size()), prefix: algorithm.signature_prefix().into() }
}

fn decrypt_pkcs8(der: &[u8], passphrase: &[u8]) -> Option<Vec<u8>> {
    let info = pkcs8::EncryptedPrivateKeyInfoRef::try_from(der).ok()?;
    info.decrypt(passphrase).ok().map(|plain| plain.as_bytes().to_vec())
}

/// Random words of the host as the crates want them.
struct Words<'a>(&'a mut dyn FnMut() -> u64);

impl rsa::rand_core::TryRng for Words<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok((self.0)() as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok((self.0)())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in out.chunks_mut(8) {
            let word = (self.0)().to_le_bytes();
            chunk.iter_mut().zip(word).for_each(|(byte, random)| *byte = random);
        }
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Words<'_> {}

/// A key on one of the curves of JWT's ES algorithms.
pub struct EcKey {
    curve: Curve,
}

enum Curve {
    P256(Pair<p256::ecdsa::SigningKey, p256::ecdsa::VerifyingKey>),
    P384(Pair<p384::ecdsa::SigningKey, p384::ecdsa::VerifyingKey>),
    P521(Pair<p521::ecdsa::SigningKey, p521::ecdsa::VerifyingKey>),
}

struct Pair<S, V> {
    private: Option<S>,
    public: V,
}

/// Runs an expression on the key pair, whatever its curve, with the curve's crate as a name.
macro_rules! on_curve {
    ($key:expr, $pair:ident, $curve:ident => $body:expr) => {
        match &$key.curve {
            Curve::P256($pair) => {
                use p256 as $curve;
                $body
            }
            Curve::P384($pair) => {
                use p384 as $curve;
                $body
            }
            Curve::P521($pair) => {
                use p521 as $curve;
                $body
            }
        }
    };
}

/// Reads a key of one curve.
macro_rules! read_curve {
    ($curve:ident, $variant:ident, $block:expr) => {{
        let der = &$block.der;
        let private = match $block.label.as_str() {
            "EC PRIVATE KEY" => $curve::SecretKey::from_sec1_der(der).ok(),
            "PRIVATE KEY" => $curve::SecretKey::from_pkcs8_der(der).ok(),
            _ => None,
        };
        if let Some(secret) = private {
            let private = $curve::ecdsa::SigningKey::from(&secret);
            let public = $curve::ecdsa::VerifyingKey::from(&private);
            return Some(EcKey { curve: Curve::$variant(Pair { private: Some(private), public }) });
        }
        if $block.label == "PUBLIC KEY" {
            if let Ok(public) = $curve::PublicKey::from_public_key_der(der) {
                return Some(EcKey { curve: Curve::$variant(Pair { private: None, public: public.into() }) });
            }
        }
    }};
}

impl EcKey {
    /// From a private or public key in PEM.
    pub fn read(text: &[u8], passphrase: Option<&[u8]>) -> Option<Self> {
        // The parameters of the curve may stand in a block of their own before the key.
        let text = std::str::from_utf8(text).ok()?;
        let text = text.split_once("-----END EC PARAMETERS-----").map_or(text, |(_, rest)| rest);
        let mut block = pem::first(text.as_bytes(), passphrase)?;
        if block.label == "ENCRYPTED PRIVATE KEY" {
            block = pem::Block { der: decrypt_pkcs8(&block.der, passphrase?)?, label: "PRIVATE KEY".to_owned() };
        }
        read_curve!(p256, P256, block);
        read_curve!(p384, P384, block);
        read_curve!(p521, P521, block);
        None
    }

    /// Bits of the curve's order.
    pub const fn bits(&self) -> usize {
        match self.curve {
            Curve::P256(_) => 256,
            Curve::P384(_) => 384,
            Curve::P521(_) => 521,
        }
    }

    pub const fn is_private(&self) -> bool {
        match &self.curve {
            Curve::P256(pair) => pair.private.is_some(),
            Curve::P384(pair) => pair.private.is_some(),
            Curve::P521(pair) => pair.private.is_some(),
        }
    }

    /// The two numbers of a signature, one after the other, as JWT wants them; `None` without the private part.
    pub fn sign(&self, algorithm: Algorithm, data: &[u8]) -> Option<Vec<u8>> {
        let digest = self.digest(algorithm, data);
        on_curve!(self, pair, curve => {
            let signature: curve::ecdsa::Signature = pair.private.as_ref()?.sign_prehash(&digest).ok()?;
            Some(signature.to_bytes().to_vec())
        })
    }

    /// The signature in DER, as OpenSSL gives it.
    pub fn sign_der(&self, algorithm: Algorithm, data: &[u8]) -> Option<Vec<u8>> {
        let digest = self.digest(algorithm, data);
        on_curve!(self, pair, curve => {
            let signature: curve::ecdsa::Signature = pair.private.as_ref()?.sign_prehash(&digest).ok()?;
            Some(signature.to_der().as_bytes().to_vec())
        })
    }

    pub fn verify(&self, algorithm: Algorithm, signature: &[u8], data: &[u8]) -> bool {
        let digest = self.digest(algorithm, data);
        on_curve!(self, pair, curve => {
            curve::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| pair.public.verify_prehash(&digest, &signature).is_ok())
        })
    }

    pub fn verify_der(&self, algorithm: Algorithm, signature: &[u8], data: &[u8]) -> bool {
        let digest = self.digest(algorithm, data);
        on_curve!(self, pair, curve => {
            curve::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| pair.public.verify_prehash(&digest, &signature).is_ok())
        })
    }

    /// A digest shorter than half of the order is refused by the crates; zeros before it change nothing.
    fn digest(&self, algorithm: Algorithm, data: &[u8]) -> Vec<u8> {
        let digest = algorithm.digest(data);
        let least = self.bits().div_ceil(8).div_ceil(2);
        let mut padded = vec![0; least.saturating_sub(digest.len())];
        padded.extend_from_slice(&digest);
        padded
    }
}

/// What connectors ask of a certificate.
pub struct Certificate {
    parsed: x509_cert::Certificate,
    der: Vec<u8>,
}

impl Certificate {
    /// From PEM or DER.
    pub fn read(text: &[u8]) -> Option<Self> {
        let der = match pem::first(text, None) {
            Some(block)
                if matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE") =>
            {
                block.der
            }
            Some(_) => return None,
            None => text.to_vec(),
        };
        let parsed = x509_cert::Certificate::from_der(&der).ok()?;
        Some(Self { parsed, der })
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub fn to_pem(&self) -> String {
        pem::write("CERTIFICATE", &self.der)
    }

    /// The key inside, as PEM.
    pub fn public_key_pem(&self) -> Option<String> {
        let der = self.parsed.tbs_certificate().subject_public_key_info().to_der().ok()?;
        Some(pem::write("PUBLIC KEY", &der))
    }

    /// `/C=US/O=Example/CN=example.com`
    pub fn subject(&self) -> String {
        slashed(&self.parsed.tbs_certificate().subject().to_string())
    }

    pub fn issuer(&self) -> String {
        slashed(&self.parsed.tbs_certificate().issuer().to_string())
    }

    /// Big-endian.
    pub fn serial(&self) -> Vec<u8> {
        self.parsed.tbs_certificate().serial_number().as_bytes().to_vec()
    }

    /// From when and until when it holds, in seconds since the epoch.
    pub fn validity(&self) -> (i64, i64) {
        let validity = self.parsed.tbs_certificate().validity();
        let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs() as i64;
        (seconds(validity.not_before), seconds(validity.not_after))
    }
}

/// RFC 4514 writes the last part first, with commas; OpenSSL the other way round.
fn slashed(name: &str) -> String {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => part.extend(chars.next()),
            ',' => parts.push(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    parts.push(part);
    parts.iter().rev().filter(|part| !part.is_empty()).map(|part| format!("/{part}")).collect()
}
