//! `SecureRandom`: random text from the host's generator.

use super::{ascii_value, bytes_value};
use crate::methods::kernel::{Source, random_number};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Result, Value, raise};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "alphanumeric",
        "(count = 16) -> String",
        "Random letters and digits.",
        "SecureRandom.alphanumeric(5).length => 5",
        |host, _, args| {
            const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
            let count = count(&args, 16)?;
            let letters = (0..count).map(|_| char::from(LETTERS[(host.random() % LETTERS.len() as u64) as usize]));
            Ok(ascii_value(letters.collect()))
        },
    ),
    ruby(
        "base64",
        "(count = 16) -> String",
        "Random bytes in Base64.",
        "SecureRandom.base64(3).length => 4",
        |host, _, args| {
            let count = count(&args, 16)?;
            Ok(ascii_value(STANDARD.encode(random_bytes(host, count))))
        },
    ),
    ruby(
        "bytes gen_random random_bytes",
        "(count = 16) -> String",
        "Random bytes.",
        "SecureRandom.random_bytes(3).bytesize => 3",
        |host, _, args| {
            let count = count(&args, 16)?;
            Ok(bytes_value(random_bytes(host, count)))
        },
    ),
    ruby(
        "hex",
        "(count = 16) -> String",
        "Random bytes in hexadecimal, two digits each.",
        "SecureRandom.hex(4).length => 8",
        |host, _, args| {
            let count = count(&args, 16)?;
            Ok(ascii_value(hex::encode(random_bytes(host, count))))
        },
    ),
    ruby(
        "rand random_number",
        "(max = 0) -> Integer or Float",
        "A random number below `max` or in a range; a float for 0.",
        "SecureRandom.random_number(1) => 0",
        |host, _, args| random_number(&mut Source::of_host(host), &args.get(0)),
    ),
    ruby(
        "urlsafe_base64",
        "(count = 16, padding = false) -> String",
        "Random bytes in the URL's Base64.",
        "SecureRandom.urlsafe_base64(3).length => 4",
        |host, _, args| {
            let count = count(&args, 16)?;
            let engine = if args.get(1).truthy() { URL_SAFE } else { URL_SAFE_NO_PAD };
            Ok(ascii_value(engine.encode(random_bytes(host, count))))
        },
    ),
    ruby("uuid", "() -> String", "A random UUID.", "SecureRandom.uuid.length => 36", |host, _, _| {
        Ok(ascii_value(uuid(host)))
    }),
];

fn count(args: &Args, default: usize) -> Result<usize> {
    match args.given(0) {
        None | Some(Value::Nil) => Ok(default),
        Some(_) => usize::try_from(args.int(0)?)
            .map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative string size (or size too big)")),
    }
}

/// So many bytes of the host's generator.
pub fn random_bytes(host: &mut dyn Host, count: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(count + 8);
    while out.len() < count {
        out.extend_from_slice(&host.random().to_le_bytes());
    }
    out.truncate(count);
    out
}

/// A version 4 UUID.
pub fn uuid(host: &mut dyn Host) -> String {
    let mut bytes = random_bytes(host, 16);
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let digits = hex::encode(bytes);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
