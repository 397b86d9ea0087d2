//! Certificates and keys that a connector or the command line gives, made into the client's TLS settings.

use std::borrow::Cow;
use std::sync::Arc;

use pkcs8::der::pem::LineEnding;
use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use x509_cert::der::Decode as _;

use super::Settings;
use crate::http::{ErrorKind, Tls, TlsIdentity};

/// Errors: [`ErrorKind::TlsCertificate`] saying which of the texts cannot be used, and why.
pub(super) fn config(settings: &Settings, tls: &Tls) -> Result<TlsConfig, ErrorKind> {
    let mut builder = TlsConfig::builder().root_certs(roots(settings, tls)?).disable_verification(settings.insecure);
    if let Some(identity) = &tls.identity {
        builder = builder.client_cert(Some(client(identity)?));
    }
    Ok(builder.build())
}

fn bad(reason: impl Into<String>) -> ErrorKind {
    ErrorKind::TlsCertificate { reason: reason.into() }
}

/// The system's own verifier unless other roots are asked for; these replace the system's or join them.
fn roots(settings: &Settings, tls: &Tls) -> Result<RootCerts, ErrorKind> {
    let mut trusted = Vec::new();
    for pem in tls.server_certificates.iter().flatten() {
        trusted.extend(certificates(pem, "server certificate")?);
    }
    let strict = !trusted.is_empty() && !tls.system_roots_too;
    if let Some(pem) = settings.extra_roots.as_deref().filter(|_| !strict) {
        trusted.extend(certificates(pem, "root certificate")?);
    }
    if trusted.is_empty() {
        return Ok(RootCerts::PlatformVerifier);
    }
    if !strict {
        // A root that cannot be read is one we cannot use; the others still count.
        let system = rustls_native_certs::load_native_certs().certs;
        trusted.extend(system.iter().map(|root| Certificate::from_der(root.as_ref()).to_owned()));
    }
    Ok(RootCerts::new_with_certs(&trusted))
}

fn certificates(pem: &str, what: &str) -> Result<Vec<Certificate<'static>>, ErrorKind> {
    let mut found = Vec::new();
    for item in parse_pem(pem.as_bytes()) {
        match item {
            Ok(PemItem::Certificate(certificate)) => {
                x509_cert::Certificate::from_der(certificate.der())
                    .map_err(|error| bad(format!("the {what} is PEM, but no certificate: {error}")))?;
                found.push(certificate);
            }
            Ok(_) => {}
            Err(error) => return Err(bad(format!("the {what} is not valid PEM: {}", pem_problem(&error)))),
        }
    }
    if found.is_empty() {
        return Err(bad(format!("the {what} holds no `-----BEGIN CERTIFICATE-----` block")));
    }
    Ok(found)
}

fn client(identity: &TlsIdentity) -> Result<ClientCert, ErrorKind> {
    let mut chain = certificates(&identity.certificate, "client certificate")?;
    for pem in &identity.intermediates {
        chain.extend(certificates(pem, "intermediate certificate")?);
    }
    let key = key_pem(identity)?;
    check(&chain, &key)?;
    let key = PrivateKey::from_pem(key.as_bytes()).map_err(|error| bad(unreadable(&error)))?;
    Ok(ClientCert::new_with_certs(&chain, key))
}

/// The reader's words are those of its code.
fn pem_problem(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    if text.contains("MissingSectionEnd") {
        "it is cut, its last line `-----END …-----` is missing".to_owned()
    } else if text.contains("Base64Decode") {
        "it holds what is no base64".to_owned()
    } else if text.contains("no items found") {
        "it holds no `-----BEGIN PRIVATE KEY-----` block".to_owned()
    } else {
        text
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> String {
    format!("the client key cannot be read: {}", pem_problem(error))
}

/// The key as PEM, decrypted when it has to be.
fn key_pem(identity: &TlsIdentity) -> Result<Cow<'_, str>, ErrorKind> {
    let pem = &identity.key;
    if pem.contains("DEK-Info:") {
        return Err(bad(
            "the client key is encrypted in the old OpenSSL format; convert it: openssl pkcs8 -topk8 -in key.pem",
        ));
    }
    if !pem.contains("BEGIN ENCRYPTED PRIVATE KEY") {
        return Ok(Cow::Borrowed(pem));
    }
    let (_, encrypted) = SecretDocument::from_pem(pem).map_err(|error| bad(unreadable(&error)))?;
    let key = EncryptedPrivateKeyInfoRef::try_from(encrypted.as_bytes())
        .map_err(|error| bad(unreadable(&error)))?
        .decrypt(identity.passphrase.as_deref().unwrap_or_default())
        .map_err(|_| bad("the client key cannot be decrypted: is the passphrase right?"))?;
    let pem = key.to_pem("PRIVATE KEY", LineEnding::LF).map_err(|error| bad(unreadable(&error)))?;
    Ok(Cow::Owned(pem.to_string()))
}

/// The client would panic on a key that does not fit its certificate, so we ask first.
fn check(chain: &[Certificate<'static>], key: &str) -> Result<(), ErrorKind> {
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| bad(unreadable(&error)))?;
    let chain = chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec())).collect();
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(error.to_string()))?
        .with_root_certificates(RootCertStore::empty())
        .with_client_auth_cert(chain, key)
        .map(|_| ())
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => bad("the client key belongs to another certificate"),
            other => bad(format!("the client certificate and key cannot be used: {other}")),
        })
}
