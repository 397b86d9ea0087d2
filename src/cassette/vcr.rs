//! Cassettes of Ruby's VCR, as connectors' RSpec suites record them.

use super::{Answer, Interaction};
use crate::http::{Headers, encoding};
use crate::value::yaml::text;
use crate::value::{Hash, Value, to_s};
use base64::Engine as _;

/// The largest body once it is unpacked.
const LARGEST: u64 = 256 << 20;

/// What stands under `http_interactions`.
pub fn interactions(list: &Value) -> Result<Vec<Interaction>, String> {
    let Value::Array(items) = list else { return Err("`http_interactions` has to be a list".to_owned()) };
    let numbered = items.to_vec().into_iter().enumerate();
    numbered.map(|(at, item)| interaction(&item).map_err(|what| format!("interaction {}: {what}", at + 1))).collect()
}

fn interaction(item: &Value) -> Result<Interaction, String> {
    let part = |value: &Value, key: &str| match value {
        Value::Hash(hash) => hash.get_either(key),
        _ => None,
    };
    let (Some(Value::Hash(request)), Some(Value::Hash(response))) = (part(item, "request"), part(item, "response"))
    else {
        return Err("it has to hold `request` and `response`".to_owned());
    };
    let method = text(&request, "method").unwrap_or_default();
    let status = response.get_either("status").and_then(|status| part(&status, "code"));
    let Some(Value::Int(status)) = status else { return Err("its response has no `status.code`".to_owned()) };
    let mut headers = fields(&response);
    let mut body = body(&response)?;
    let packed = headers.contains("Content-Encoding") && !body.is_empty();
    if packed {
        body = encoding::decode(&mut headers, body, LARGEST).map_err(|error| error.to_string())?;
    }
    Ok(Interaction {
        method: method.parse().map_err(|_| format!("{method:?} is no verb that a connector sends"))?,
        url: text(&request, "uri").ok_or("its request has no `uri`")?,
        headers: fields(&request),
        body: Some(self::body(&request)?).filter(|body| !body.is_empty()),
        answer: Answer::Response {
            status: u16::try_from(status).map_err(|_| format!("{status} is no status"))?,
            headers,
            body,
        },
    })
}

/// Each name with a list of values.
fn fields(holder: &Hash) -> Headers {
    let mut headers = Headers::new();
    if let Some(Value::Hash(fields)) = holder.get_either("headers") {
        for (name, values) in fields.to_vec() {
            let name = to_s(&name).to_text();
            match values {
                Value::Array(values) => {
                    values.to_vec().iter().for_each(|value| headers.append(name.clone(), to_s(value).to_text()));
                }
                value => headers.append(name, to_s(&value).to_text()),
            }
        }
    }
    headers
}

/// Text, or base64 where the recorder was told to keep bytes; old ones have the text alone.
fn body(holder: &Hash) -> Result<Vec<u8>, String> {
    match holder.get_either("body") {
        Some(Value::Hash(body)) => match (body.get_either("string"), text(&body, "base64_string")) {
            (_, Some(encoded)) => {
                let plain: String = encoded.split_whitespace().collect();
                let bytes = base64::engine::general_purpose::STANDARD.decode(plain);
                bytes.map_err(|_| "its `base64_string` is no base64".to_owned())
            }
            (Some(string), None) if !string.is_nil() => Ok(to_s(&string).bytes().to_vec()),
            _ => Ok(Vec::new()),
        },
        Some(Value::Nil) | None => Ok(Vec::new()),
        Some(value) => Ok(to_s(&value).bytes().to_vec()),
    }
}
