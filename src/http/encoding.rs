//! Undoing `Content-Encoding`, with a limit on what comes out: a small answer may unpack to gigabytes.

use std::io::{self, Read};

use super::{ErrorKind, Headers};

/// What a request asks for unless the connector says otherwise.
pub const ACCEPT_ENCODING: &str = "gzip;q=1.0,deflate;q=0.6,identity;q=0.3";

/// Decodes `body` by the `Content-Encoding` fields and removes these, and `Content-Length`, which no longer fits.
///
/// An encoding nobody knows is left in place with its body. Errors: [`ErrorKind::Encoding`] for damaged data,
/// [`ErrorKind::TooLarge`] past `limit` bytes.
pub fn decode(headers: &mut Headers, mut body: Vec<u8>, limit: u64) -> Result<Vec<u8>, ErrorKind> {
    let named = headers.all("Content-Encoding").collect::<Vec<_>>().join(",").to_ascii_lowercase();
    let encodings: Vec<&str> =
        named.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "identity").collect();
    let known = encodings.iter().all(|name| ["gzip", "x-gzip", "deflate", "br"].contains(name));
    if encodings.is_empty() || !known || body.is_empty() {
        return Ok(body);
    }
    for encoding in encodings.iter().rev() {
        body = decode_one(encoding, &body, limit)?;
    }
    headers.remove("Content-Encoding");
    headers.remove("Content-Length");
    Ok(body)
}

fn decode_one(encoding: &str, body: &[u8], limit: u64) -> Result<Vec<u8>, ErrorKind> {
    let unpacked = match encoding {
        "br" => read_limited(brotli_decompressor::Decompressor::new(body, 4096), limit),
        "deflate" if is_zlib(body) => read_limited(flate2::read::ZlibDecoder::new(body), limit),
        "deflate" => read_limited(flate2::read::DeflateDecoder::new(body), limit),
        _ => read_limited(flate2::read::MultiGzDecoder::new(body), limit),
    };
    unpacked
        .map_err(|error| ErrorKind::Encoding { encoding: encoding.to_owned(), reason: error.to_string() })?
        .ok_or(ErrorKind::TooLarge { what: "body", limit })
}

/// `deflate` should mean zlib, but some servers send the bare stream; the header's check bits tell.
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [cmf, flags, ..] if cmf & 0x0f == 8 && (u16::from(*cmf) * 256 + u16::from(*flags)).is_multiple_of(31))
}

/// Reads to the end; `None` when there is more than `limit`.
fn read_limited(reader: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut out = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut out)?;
    Ok((out.len() as u64 <= limit).then_some(out))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;

    use super::*;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn raw(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(encoding: &str, body: Vec<u8>, limit: u64) -> Result<(String, Headers), ErrorKind> {
        let mut headers: Headers = [("content-encoding", encoding), ("Content-Length", "9")].into_iter().collect();
        let body = decode(&mut headers, body, limit)?;
        Ok((String::from_utf8(body).unwrap(), headers))
    }

    #[test]
    fn every_encoding() {
        // "hello hello hello" by the reference brotli encoder.
        let brotli = hex::decode("0b088068656c6c6f2068656c6c6f2068656c6c6f03").unwrap();
        let text = b"hello hello hello";
        for (encoding, body) in [
            ("gzip", gzip(text)),
            ("x-gzip", gzip(text)),
            ("GZIP", gzip(text)),
            ("deflate", zlib(text)),
            ("deflate", raw(text)),
            ("br", brotli),
            ("deflate, gzip", gzip(&zlib(text))),
            ("gzip", [gzip(b"hello "), gzip(b"hello hello")].concat()),
        ] {
            let (decoded, headers) = decoded(encoding, body, 100).unwrap();
            assert_eq!(decoded, "hello hello hello", "{encoding}");
            assert!(headers.is_empty());
        }
    }

    #[test]
    fn unknown_encodings_are_left_alone() {
        let (body, headers) = decoded("zstd", b"abc".to_vec(), 100).unwrap();
        assert_eq!((body.as_str(), headers.len()), ("abc", 2));
        assert_eq!(decoded("identity", b"abc".to_vec(), 1).unwrap().0, "abc");
    }

    #[test]
    fn bombs_end_at_the_limit() {
        let million = vec![b'0'; 1_000_000];
        for body in [gzip(&million), gzip(&gzip(&million))] {
            let encoding = if body.len() > 500 { "gzip" } else { "gzip, gzip" };
            let kind = decoded(encoding, body, 10_000).unwrap_err();
            assert_eq!(kind, ErrorKind::TooLarge { what: "body", limit: 10_000 });
        }
        assert!(decoded("gzip", gzip(&vec![b'0'; 10_000]), 10_000).is_ok());
    }

    #[test]
    fn damaged_data_says_so() {
        let whole = gzip(b"hello hello hello");
        for (encoding, body) in [
            ("gzip", whole[..whole.len() - 9].to_vec()),
            ("gzip", b"plain".to_vec()),
            ("deflate", b"\xff\xff\xff".to_vec()),
            ("br", b"\xff\xff\xff\xff".to_vec()),
        ] {
            let kind = decoded(encoding, body, 100).unwrap_err();
            assert!(matches!(&kind, ErrorKind::Encoding { .. }), "{kind}");
        }
    }
}
