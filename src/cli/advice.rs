//! What to do about a failed request, where the connector's author may not know.

use crate::value::ClassId;

/// Advice by the status of an answer that failed.
pub fn for_status(code: i64) -> Option<&'static str> {
    Some(match code {
        400 | 422 => "the API refused what was sent; its answer says why, and `--trace` shows the request",
        401 => "the credentials are missing or not good: check the settings and what `apply` makes of them",
        403 => "the credentials are good, but not for this: check what the account may do",
        404 => "there is no such address or record; to take that as an answer: `.after_error_response(404) { … }`",
        405 => "the address exists, but not for this verb",
        429 => "too many requests: an action with `retry_on_response: [429]` tries again",
        500..600 => "the API failed on its side: an action with `retry_on_response: [500, 503]` tries again",
        _ => return None,
    })
}

/// Advice about an answer that cannot be read.
pub fn for_unreadable(class: ClassId, body: &str) -> Option<&'static str> {
    if class != ClassId::SDK_JSON_RESPONSE_FORMAT_ERROR {
        return None;
    }
    Some(if body.trim_start().starts_with('<') {
        "the answer is XML or HTML: `.response_format_xml` reads XML, `.response_format_raw` takes any text"
    } else {
        "the answer is no JSON: `.response_format_raw` takes it as text"
    })
}
