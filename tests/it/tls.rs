//! Whom the network transport trusts, and how it shows who it is.

use connrun::http::live::{Live, Settings};
use connrun::http::{ErrorKind, Method, Request, Tls, TlsIdentity, Transport};
use rcgen::KeyPair;

use crate::support::tls::{Authority, TlsServer};

const KEY: &str = include_str!("fixtures/client_key.pem");
/// The same key, encrypted with the passphrase `sesame` by openssl.
const ENCRYPTED_KEY: &str = include_str!("fixtures/client_key_encrypted.pem");

fn get(server: &TlsServer, settings: Settings, tls: Tls) -> Result<String, String> {
    let request = Request { tls, ..Request::new(Method::Get, server.url()) };
    match Live::new(settings).unwrap().send(&request) {
        Ok(response) => Ok(String::from_utf8(response.body).unwrap()),
        Err(error) => Err(error.to_string()),
    }
}

fn trusting(authority: &Authority) -> Tls {
    Tls { server_certificates: Some(vec![authority.pem.clone()]), ..Tls::default() }
}

#[test]
fn whom_it_trusts() {
    let (known, other) = (Authority::new(), Authority::new());
    let server = TlsServer::start(&known, None);
    let plain = Settings::default;
    let with_roots = |authority: &Authority| Settings { extra_roots: Some(authority.pem.clone()), ..plain() };
    let yes = Ok("0".to_owned());
    assert_eq!(get(&server, plain(), trusting(&known)), yes);
    assert_eq!(get(&server, plain(), Tls { system_roots_too: true, ..trusting(&known) }), yes);
    assert_eq!(get(&server, with_roots(&known), Tls::default()), yes);
    assert_eq!(get(&server, with_roots(&known), Tls { system_roots_too: true, ..trusting(&other) }), yes);
    assert_eq!(get(&server, Settings { insecure: true, ..plain() }, Tls::default()), yes);
    for (settings, tls) in [
        (plain(), Tls::default()),
        (plain(), trusting(&other)),
        (with_roots(&other), Tls::default()),
        // Strict: nobody but those named.
        (with_roots(&known), trusting(&other)),
        (with_roots(&known), Tls { server_certificates: Some(Vec::new()), ..Tls::default() }),
    ] {
        let message = get(&server, settings, tls).unwrap_err();
        assert!(message.starts_with("TLS connection failed: "), "{message}");
    }
}

#[test]
fn how_it_shows_who_it_is() {
    let authority = Authority::new();
    let server = TlsServer::start(&authority, Some(&authority));
    let certificate = authority.sign("me", &KeyPair::from_pem(KEY).unwrap()).pem();
    let identity = |key: &str, passphrase: Option<&str>| TlsIdentity {
        certificate: certificate.clone(),
        key: key.to_owned(),
        passphrase: passphrase.map(str::to_owned),
        intermediates: Vec::new(),
    };
    let as_client = |identity: TlsIdentity| Tls { identity: Some(identity), ..trusting(&authority) };
    let asked = |identity| get(&server, Settings::default(), as_client(identity));
    assert_eq!(asked(identity(KEY, None)), Ok("1".to_owned()));
    assert_eq!(asked(identity(ENCRYPTED_KEY, Some("sesame"))), Ok("1".to_owned()));
    assert!(get(&server, Settings::default(), trusting(&authority)).is_err());
    let chain = TlsIdentity { intermediates: vec![authority.pem.clone()], ..identity(KEY, None) };
    assert_eq!(asked(chain), Ok("2".to_owned()));
}

#[test]
fn certificates_that_cannot_be_used_are_explained() {
    let authority = Authority::new();
    let certificate = authority.sign("me", &KeyPair::from_pem(KEY).unwrap()).pem();
    let other_key = KeyPair::generate().unwrap().serialize_pem();
    let old = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n";
    let mut table = String::new();
    for (name, certificate, key, passphrase) in [
        ("no certificate", "hello", KEY, None),
        ("damaged certificate", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", KEY, None),
        ("no key", certificate.as_str(), "hello", None),
        ("another's key", certificate.as_str(), other_key.as_str(), None),
        ("no passphrase", certificate.as_str(), ENCRYPTED_KEY, None),
        ("wrong passphrase", certificate.as_str(), ENCRYPTED_KEY, Some("open")),
        ("old encryption", certificate.as_str(), old, Some("sesame")),
    ] {
        let identity = TlsIdentity {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            passphrase: passphrase.map(str::to_owned),
            intermediates: Vec::new(),
        };
        let tls = Tls { identity: Some(identity), ..Tls::default() };
        let request = Request { tls, ..Request::new(Method::Get, "https://localhost:1/") };
        let error = Live::new(Settings::default()).unwrap().send(&request).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::TlsCertificate { .. }), "{error:?}");
        table.extend([name, ": ", &error.to_string(), "\n"]);
    }
    insta::assert_snapshot!(table, @r#"
    no certificate: the client certificate holds no `-----BEGIN CERTIFICATE-----` block
    damaged certificate: the client certificate is not valid PEM: it holds what is no base64
    no key: the client key cannot be read: it holds no `-----BEGIN PRIVATE KEY-----` block
    another's key: the client key belongs to another certificate
    no passphrase: the client key cannot be decrypted: is the passphrase right?
    wrong passphrase: the client key cannot be decrypted: is the passphrase right?
    old encryption: the client key is encrypted in the old OpenSSL format; convert it: openssl pkcs8 -topk8 -in key.pem
    "#);
}
