//! The parts of Ruby's standard library and of ActiveSupport's modules that connectors call by constant.

mod active_support;
mod base64;
mod cgi;
mod cipher;
mod digest;
mod openssl;
mod process;
mod secure_random;
mod timeout;
mod uri;
mod uri_object;
mod zlib;

pub use base64::lenient_base64;
pub use digest::algorithm_of;
pub use openssl::rsa_key;
pub use secure_random::{random_bytes, uuid};

use super::{Args, Receiver, Table};
use crate::value::{Encoding, Kind, Result, Str, Value};

const fn of(constant: &'static str, rows: &'static [super::Method]) -> Table {
    Table { receiver: Receiver::Singleton(constant), rows }
}

const fn object(name: &'static str, rows: &'static [super::Method]) -> Table {
    Table { receiver: Receiver::Namespace(name), rows }
}

/// Constants, then the objects that they make.
pub static TABLES: &[Table] = &[
    of("ActiveSupport::Inflector", active_support::INFLECTOR),
    of("ActiveSupport::NumberHelper", active_support::NUMBERS),
    of("ActiveSupport::SecurityUtils", cgi::COMPARING),
    of("Base64", base64::ROWS),
    of("CGI", cgi::CGI),
    of("Digest", digest::MODULE),
    of("Digest::Base", digest::DIGESTS),
    of("ERB::Util", cgi::ERB_UTIL),
    of("OpenSSL", cgi::COMPARING),
    of("OpenSSL::Cipher", cipher::CLASS),
    of("OpenSSL::Digest", digest::OPENSSL_DIGESTS),
    of("OpenSSL::HMAC", digest::HMACS),
    of("OpenSSL::KDF", openssl::KDF),
    of("OpenSSL::PKCS5", openssl::PKCS5),
    of("OpenSSL::PKey", openssl::PKEY),
    of("OpenSSL::PKey::EC", openssl::EC_CLASS),
    of("OpenSSL::PKey::RSA", openssl::RSA_CLASS),
    of("OpenSSL::Random", openssl::RANDOM),
    of("OpenSSL::X509::Certificate", openssl::CERTIFICATE_CLASS),
    of("Process", process::ROWS),
    of("SecureRandom", secure_random::ROWS),
    of("Timeout", timeout::ROWS),
    of("URI", uri::ROWS),
    of("URI::Generic", uri::CLASS_ROWS),
    of("URI::RFC2396_Parser", uri::PARSER),
    of("Zlib", zlib::ROWS),
    of("Zlib::Deflate", zlib::DEFLATE),
    of("Zlib::Inflate", zlib::INFLATE),
    Table { receiver: Receiver::Context, rows: uri::FUNCTIONS },
    Table { receiver: Receiver::Kinds(&[Kind::Uri]), rows: uri_object::ROWS },
    object("Certificate", openssl::CERTIFICATE),
    object("Cipher", cipher::ROWS),
    object("Digest", digest::OBJECT),
    object("EC", openssl::EC),
    object("RSA", openssl::RSA),
    object("X509Name", openssl::NAME),
];

/// A plain string of bytes without an encoding.
pub fn bytes_value(bytes: Vec<u8>) -> Value {
    Value::Str(Str::owned(bytes, Encoding::Binary).into())
}

/// A plain string of ASCII, as encoders give it.
pub fn ascii_value(text: String) -> Value {
    Value::Str(Str::owned(text.into_bytes(), Encoding::UsAscii).into())
}

/// The bytes of a string argument.
pub fn bytes_arg(args: &Args, index: usize) -> Result<Vec<u8>> {
    args.str(index).map(|text| text.bytes().to_vec())
}
