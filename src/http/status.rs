//! Status codes and the reasons that error messages give for them, whatever the server wrote.

/// `(code, reason)`, sorted by code; the wording is what connectors match against.
const REASONS: &[(u16, &str)] = &[
    (100, "Continue"),
    (101, "Switching Protocols"),
    (102, "Processing"),
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non-Authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (207, "Multi-Status"),
    (208, "Already Reported"),
    (226, "IM Used"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (305, "Use Proxy"),
    (306, "Switch Proxy"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Payload Too Large"),
    (414, "URI Too Long"),
    (415, "Unsupported Media Type"),
    (416, "Range Not Satisfiable"),
    (417, "Expectation Failed"),
    (418, "I'm A Teapot"),
    (421, "Too Many Connections From This IP"),
    (422, "Unprocessable Entity"),
    (423, "Locked"),
    (424, "Failed Dependency"),
    (425, "Unordered Collection"),
    (426, "Upgrade Required"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (449, "Retry With"),
    (450, "Blocked By Windows Parental Controls"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
    (505, "HTTP Version Not Supported"),
    (506, "Variant Also Negotiates"),
    (507, "Insufficient Storage"),
    (508, "Loop Detected"),
    (509, "Bandwidth Limit Exceeded"),
    (510, "Not Extended"),
    (511, "Network Authentication Required"),
];

/// The canonical reason of a code.
pub fn reason(code: u16) -> Option<&'static str> {
    let at = REASONS.binary_search_by_key(&code, |row| row.0).ok()?;
    REASONS.get(at).map(|row| row.1)
}

/// What a failed request says: `404 Not Found`, or `HTTP status code 499` for a code nobody has named.
pub fn message(code: u16) -> String {
    reason(code).map_or_else(|| format!("HTTP status code {code}"), |reason| format!("{code} {reason}"))
}

/// A status that points elsewhere with a `Location`.
pub const fn is_redirect(code: u16) -> bool {
    matches!(code, 301 | 302 | 303 | 307 | 308)
}

#[cfg(test)]
mod tests {
    use super::{REASONS, message};

    #[test]
    fn reasons_are_sorted() {
        assert!(REASONS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn messages() {
        for (code, expected) in [
            (404, "404 Not Found"),
            (418, "418 I'm A Teapot"),
            (422, "422 Unprocessable Entity"),
            (302, "302 Found"),
            (499, "HTTP status code 499"),
            (0, "HTTP status code 0"),
        ] {
            assert_eq!(message(code), expected);
        }
    }
}
