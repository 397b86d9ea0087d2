//! What the SDK and Ruby's libraries compute with keys and digests, as plain functions over bytes. Keys never reach an
//! error text.

pub mod cipher;
pub mod digest;
pub mod keys;
pub mod pem;
pub mod rncryptor;

pub use cipher::{Aes, Mode};
pub use digest::Algorithm;
pub use keys::{Certificate, EcKey, RsaKey};
