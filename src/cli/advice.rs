//! What to do about a failed request, where the connector's author may not know.

use crate::value::{ClassId, Exception};

/// Advice by the status of an answer that failed.
pub fn for_status(code: i64) -> Option<&'static str> {
    Some(match code {
        300..400 => {
            "a redirect that was not followed: `--trace` shows where it leads; `.ignore_redirection` takes it as the answer"
        }
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
pub fn for_unreadable(exception: &Exception, body: &str) -> Option<&'static str> {
    let start = body.trim_start();
    if exception.class == ClassId::SDK_XML_RESPONSE_FORMAT_ERROR {
        return Some(if start.starts_with(['{', '[']) {
            "the answer looks like JSON, which is read without `.response_format_xml`"
        } else {
            "the answer is no XML that can be read: `.response_format_raw` takes it as text"
        });
    }
    if exception.class != ClassId::SDK_JSON_RESPONSE_FORMAT_ERROR {
        return None;
    }
    Some(if exception.message().starts_with("nesting of ") {
        "JSON may nest a hundred levels deep, as in Ruby: `.response_format_raw` takes it as text"
    } else if start.starts_with('<') {
        "the answer is XML or HTML: `.response_format_xml` reads XML, `.response_format_raw` takes any text"
    } else {
        "the answer is no JSON: `.response_format_raw` takes it as text"
    })
}
