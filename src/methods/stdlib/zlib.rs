//! `Zlib`: compressing and expanding whole strings.

use super::{bytes_arg, bytes_value};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Result, Value, raise};
use flate2::Compression;
use std::io::{Read, Write};

/// An expanded text may be that many bytes; asked for as it grows.
const STEP: usize = 1 << 16;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "adler32",
        "(bytes = '', start = 1) -> Integer",
        "The Adler-32 checksum.",
        "Zlib.adler32('a') => 6422626",
        |_, _, args| {
            let bytes = if args.is_empty() { Vec::new() } else { bytes_arg(&args, 0)? };
            Ok(Value::Int(adler32(&bytes)))
        },
    ),
    ruby(
        "crc32",
        "(bytes = '', start = 0) -> Integer",
        "The CRC-32 checksum.",
        "Zlib.crc32('a') => 3904355907",
        |_, _, args| {
            let bytes = if args.is_empty() { Vec::new() } else { bytes_arg(&args, 0)? };
            let mut crc = flate2::Crc::new();
            crc.update(&bytes);
            Ok(Value::Int(i64::from(crc.sum())))
        },
    ),
    ruby(
        "deflate",
        "(bytes, level = nil) -> String",
        "Compressed with a zlib header.",
        "Zlib.inflate(Zlib.deflate('aa')) => \"aa\"",
        deflate,
    ),
    ruby(
        "gunzip",
        "(bytes) -> String",
        "Expands what gzip compressed.",
        "Zlib.gunzip(Zlib.gzip('aa')) => \"aa\"\nZlib.gunzip('x') => Zlib::GzipFile::Error: not in gzip format",
        |host, _, args| {
            let bytes = bytes_arg(&args, 0)?;
            if !bytes.starts_with(b"\x1f\x8b") {
                return Err(raise(ClassId::ZLIB_GZIP_ERROR, "not in gzip format"));
            }
            expand(host, flate2::read::MultiGzDecoder::new(bytes.as_slice()))
        },
    ),
    ruby(
        "gzip",
        "(bytes, level: nil, strategy: nil) -> String",
        "Compressed as gzip does.",
        "Zlib.gzip('a').bytes.first(2) => [31, 139]",
        |_, _, args| {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
            let written = writer.write_all(&bytes_arg(&args, 0)?).and_then(|()| writer.finish());
            written.map(bytes_value).map_err(|error| raise(ClassId::ZLIB_ERROR, error.to_string()))
        },
    ),
    ruby(
        "inflate",
        "(bytes) -> String",
        "Expands what has a zlib header.",
        "Zlib.inflate('x') => Zlib::DataError: incorrect header check",
        inflate,
    ),
];

pub(super) const DEFLATE: &[Method] = &[ruby(
    "deflate",
    "(bytes, level = nil) -> String",
    "Compressed with a zlib header.",
    "Zlib::Deflate.deflate('a').class => String",
    deflate,
)];

pub(super) const INFLATE: &[Method] = &[ruby(
    "inflate",
    "(bytes) -> String",
    "Expands what has a zlib header.",
    "Zlib::Inflate.inflate(Zlib.deflate('a')) => \"a\"",
    inflate,
)];

fn deflate(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let level = match args.get(1) {
        Value::Int(level @ 0..=9) => Compression::new(level as u32),
        _ => Compression::default(),
    };
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), level);
    let written = writer.write_all(&bytes_arg(&args, 0)?).and_then(|()| writer.finish());
    written.map(bytes_value).map_err(|error| raise(ClassId::ZLIB_ERROR, error.to_string()))
}

fn inflate(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    expand(host, flate2::read::ZlibDecoder::new(bytes_arg(&args, 0)?.as_slice()))
}

/// Reads to the end, asking the host for memory on the way: a small text may expand to a huge one.
fn expand(host: &mut dyn Host, mut source: impl Read) -> Result<Value> {
    let mut out = Vec::new();
    let mut chunk = vec![0; STEP];
    loop {
        let count = source.read(&mut chunk).map_err(|_| raise(ClassId::ZLIB_DATA_ERROR, "incorrect header check"))?;
        if count == 0 {
            return Ok(bytes_value(out));
        }
        host.charge(out.len() + count)?;
        out.extend_from_slice(&chunk[..count]);
    }
}

fn adler32(bytes: &[u8]) -> i64 {
    const PRIME: u32 = 65_521;
    let (low, high) = bytes.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % PRIME;
        (low, (high + low) % PRIME)
    });
    i64::from(high << 16 | low)
}
