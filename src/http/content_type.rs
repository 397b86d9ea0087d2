//! What header fields say about bodies: media types from file extensions, charsets, and how header names are spelled.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// Bare extensions that may stand for a media type in `Content-Type` and `Accept`; sorted.
const EXTENSIONS: &[(&str, &str)] = &[
    ("atom", "application/atom+xml"),
    ("avi", "video/x-msvideo"),
    ("bin", "application/octet-stream"),
    ("bmp", "image/bmp"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("eml", "message/rfc822"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ics", "text/calendar"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "application/javascript"),
    ("json", "application/json"),
    ("mp3", "audio/mpeg"),
    ("mp4", "application/mp4"),
    ("mpeg", "video/mpeg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("ps", "application/postscript"),
    ("rss", "application/rss+xml"),
    ("rtf", "application/rtf"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("tiff", "image/tiff"),
    ("tsv", "text/tab-separated-values"),
    ("txt", "text/plain"),
    ("vcf", "text/x-vcard"),
    ("wav", "audio/x-wav"),
    ("webp", "image/webp"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("yaml", "text/x-yaml"),
    ("yml", "text/x-yaml"),
    ("zip", "application/zip"),
];

/// The media type of a bare extension (`xml`); anything else is returned as it is.
pub fn expand(value: &str) -> &str {
    let key = value.to_ascii_lowercase();
    EXTENSIONS
        .binary_search_by_key(&key.as_str(), |row| row.0)
        .ok()
        .and_then(|at| EXTENSIONS.get(at))
        .map_or(value, |row| row.1)
}

/// The same for a comma separated list, as `Accept` has it.
pub fn expand_list(value: &str) -> String {
    value.split(',').map(|item| expand(item.trim())).collect::<Vec<_>>().join(", ")
}

/// The header name a symbol stands for: `:x_api_key` is `X-Api-Key`.
pub fn header_name_of_symbol(symbol: &str) -> String {
    let capitalised = |word: &str| {
        let mut chars = word.chars();
        chars
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase())
    };
    symbol.split('_').map(capitalised).collect::<Vec<_>>().join("-")
}

/// Whether a header key names `plain` (`Content-Type`, `Accept`) however it is written; `_` may stand for `-`.
pub fn is_header_key(key: &str, plain: &str) -> bool {
    key.len() == plain.len()
        && key.bytes().zip(plain.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b) || (a == b'_' && b == b'-'))
}

/// The media type without its parameters, in lower case.
pub fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The value of a parameter (`charset`, `boundary`), unquoted.
pub fn parameter<'a>(content_type: &'a str, name: &str) -> Option<&'a str> {
    content_type.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// The body as text in the declared charset; `None` when none is declared, it is unknown, or the bytes do not fit it.
pub fn decode<'a>(content_type: Option<&str>, body: &'a [u8]) -> Option<Cow<'a, str>> {
    let label = parameter(content_type?, "charset")?;
    if ["iso-8859-1", "iso8859-1", "latin1"].iter().any(|name| label.eq_ignore_ascii_case(name)) {
        return Some(encoding_rs::mem::decode_latin1(body));
    }
    let encoding = Encoding::for_label(label.as_bytes())?;
    encoding.decode_without_bom_handling_and_without_replacement(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions() {
        assert!(EXTENSIONS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(expand("xml"), "application/xml");
        assert_eq!(expand("text/x"), "text/x");
        assert_eq!(expand("nope"), "nope");
        assert_eq!(expand_list("json,xml, */*;q=0.1"), "application/json, application/xml, */*;q=0.1");
    }

    #[test]
    fn header_names() {
        assert_eq!(header_name_of_symbol("x_under_sym"), "X-Under-Sym");
        assert_eq!(header_name_of_symbol("SOAPAction"), "Soapaction");
        assert!(is_header_key("content_type", "Content-Type"));
        assert!(!is_header_key("content", "Content-Type"));
    }

    #[test]
    fn charsets() {
        for (content_type, bytes, expected) in [
            (Some("text/plain; charset=utf-8"), &b"\xc3\xa9"[..], Some("é")),
            (Some("text/plain; charset=\"ISO-8859-1\""), b"\xe9", Some("é")),
            (Some("text/plain;Charset=Shift_JIS"), b"\x82\xa0", Some("あ")),
            (Some("text/plain; charset=utf-8"), b"\xff", None),
            (Some("text/plain; charset=nope"), b"a", None),
            (Some("text/plain"), b"a", None),
            (None, b"a", None),
        ] {
            assert_eq!(decode(content_type, bytes).as_deref(), expected, "{content_type:?}");
        }
    }
}
