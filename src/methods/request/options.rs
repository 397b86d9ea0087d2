//! The option methods: each changes the request and gives it back; none sends it.

use super::{ErrorHandler, LazyRequest, RequestFormat, ResponseFormat};
use crate::http::{RedirectPolicy, Tls, TlsIdentity};
use crate::methods::args::no_conversion;
use crate::methods::{Args, Host, Method, sdk};
use crate::value::{ClassId, Hash, Result, Unwind, Value, eql, indifferent, inspect, raise, to_s};
use std::rc::Rc;

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const FORM: &str = "application/x-www-form-urlencoded";

/// Sorted by name.
pub(super) const ROWS: &[Method] = &[
    sdk(
        "after_error_response",
        "(*matchers) { |code, body, headers, message| } -> Request",
        "Gives failures whose code, message or body fits a matcher to the block; its value is the answer.",
        "get('http://h/').after_error_response(404) { |code, body| {} }.current_verb => \"GET\"",
        |_, receiver, args| {
            let handler = args.block.map(|block| ErrorHandler { matchers: args.values.into_vec(), block });
            change(receiver, |draft| draft.after_error = handler)
        },
    ),
    sdk(
        "after_response",
        "() { |code, body, headers| } -> Request",
        "Gives the answer to the block; its value takes the answer's place.",
        "get('http://h/').after_response { |code, body, headers| body }.current_verb => \"GET\"",
        |_, receiver, args| change(receiver, |draft| draft.after_response = args.block),
    ),
    sdk(
        "auth_type",
        "(type) -> Request",
        "Hands a word to `apply` as its last argument.",
        "get('http://h/').auth_type('basic').current_verb => \"GET\"",
        |_, receiver, args| change(receiver, |draft| draft.auth_type = args.get(0)),
    ),
    sdk(
        "case_sensitive_headers",
        "(headers) -> Request",
        "Adds headers whose names are sent exactly as written.",
        "get('http://h/').case_sensitive_headers('X-aBC' => '1').current_verb => \"GET\"",
        |host, receiver, args| {
            let added = hash_argument(host, &args.get(0))?;
            change(receiver, |draft| merge_headers(&mut draft.exact_headers, &added))
        },
    ),
    sdk(
        "current_url",
        "() -> String",
        "The address with its query, resolved against the connection's base address.",
        "get('http://h/a', b: 'c d').current_url => \"http://h/a?b=c+d\"",
        |host, receiver, _| crate::methods::dsl::connector(host, "current_url", Args::one(receiver.clone())),
    ),
    sdk("current_verb", "() -> String", "The verb.", "post('http://h/').current_verb => \"POST\"", |_, receiver, _| {
        Ok(LazyRequest::of(receiver).map_or(Value::Nil, |request| Value::str(request.verb.as_str())))
    }),
    sdk(
        "digest_auth",
        "() -> Request",
        "Answers a digest challenge with the user and password.",
        "get('http://h/').digest_auth.current_verb => \"GET\"",
        |_, receiver, _| change(receiver, |draft| draft.digest = true),
    ),
    sdk(
        "follow_redirection",
        "() -> Request",
        "Follows redirects with verb and body kept.",
        "post('http://h/').follow_redirection.current_verb => \"POST\"",
        |_, receiver, _| change(receiver, |draft| draft.redirects = RedirectPolicy::Follow),
    ),
    sdk(
        "format_json",
        "() -> Request",
        "Sends and reads JSON.",
        "get('http://h/').format_json.current_verb => \"GET\"",
        |_, receiver, _| {
            change(receiver, |draft| {
                request_json(draft);
                response_json(draft);
            })
        },
    ),
    sdk(
        "format_xml",
        "(root, namespaces = {}, strip_response_namespaces: false, **attributes) -> Request",
        "Sends the payload as XML under a root element, and reads XML.",
        "post('http://h/').format_xml('root', '@xmlns' => 'urn:x').current_verb => \"POST\"",
        format_xml,
    ),
    sdk(
        "headers",
        "(headers) -> Request",
        "Adds headers; a symbol becomes Title-Case, a string stays as written.",
        "get('http://h/').headers('X-Api-Key': 'k').current_verb => \"GET\"",
        |host, receiver, args| {
            let added = hash_argument(host, &args.get(0))?;
            change(receiver, |draft| merge_headers(&mut draft.headers, &added))
        },
    ),
    sdk(
        "ignore_redirection",
        "() -> Request",
        "Takes a redirect for a good answer.",
        "get('http://h/').ignore_redirection.current_verb => \"GET\"",
        |_, receiver, _| change(receiver, |draft| draft.redirects = RedirectPolicy::Ignore),
    ),
    sdk(
        "params",
        "(params) -> Request",
        "Merges a hash into the query; text is the query as it is.",
        "get('http://h/', a: 1).params(b: [2]).current_url => \"http://h/?a=1&b%5B%5D=2\"",
        params,
    ),
    sdk(
        "password",
        "(password) -> Request",
        "The password of basic or digest authentication.",
        "get('http://h/').user('u').password('p').current_verb => \"GET\"",
        |_, receiver, args| change(receiver, |draft| draft.password = args.get(0)),
    ),
    sdk(
        "payload",
        "(payload = nil) [{ |payload| }] -> Request",
        "Merges a hash into the payload, or lets the block change it.",
        "post('http://h/', a: 1).payload(b: 2) { |payload| payload.delete('a') }.current_verb => \"POST\"",
        payload,
    ),
    sdk(
        "request_body",
        "(body) -> Request",
        "Sends a text as it is; a hash is sent as a form.",
        "post('http://h/').request_body('a,b').current_verb => \"POST\"",
        |_, receiver, args| {
            change(receiver, |draft| {
                draft.payload = Some(args.get(0));
                draft.request_format = RequestFormat::Raw;
            })
        },
    ),
    sdk(
        "request_format_json",
        "() -> Request",
        "Sends the payload as JSON.",
        "post('http://h/').request_format_json.current_verb => \"POST\"",
        |_, receiver, _| change(receiver, request_json),
    ),
    sdk(
        "request_format_multipart_form",
        "() -> Request",
        "Sends the payload as multipart/form-data; `[data, content_type, file_name]` is a file.",
        "post('http://h/').request_format_multipart_form.current_verb => \"POST\"",
        |_, receiver, _| {
            change(receiver, |draft| {
                draft.content_type = None;
                draft.request_format = RequestFormat::Multipart;
            })
        },
    ),
    sdk(
        "request_format_raw",
        "(body = nil) -> Request",
        "Sends the payload as it is.",
        "post('http://h/', 'text').request_format_raw.current_verb => \"POST\"",
        |_, receiver, args| {
            change(receiver, |draft| {
                if let Some(body) = args.given(0) {
                    draft.payload = Some(body.clone());
                }
                draft.request_format = RequestFormat::Raw;
            })
        },
    ),
    sdk(
        "request_format_www_form_urlencoded",
        "() -> Request",
        "Sends the payload as an HTML form.",
        "post('http://h/', a: 1).request_format_www_form_urlencoded.current_verb => \"POST\"",
        |_, receiver, _| {
            change(receiver, |draft| {
                draft.content_type = Some(FORM);
                draft.request_format = RequestFormat::Form;
            })
        },
    ),
    sdk(
        "request_format_xml",
        "(root, namespaces = {}) -> Request",
        "Sends the payload as XML under a root element.",
        "post('http://h/').request_format_xml('root').current_verb => \"POST\"",
        |host, receiver, args| {
            let namespaces = hash_argument(host, &args.given(1).cloned().unwrap_or_else(|| Hash::new().into()))?;
            let root = args.get(0);
            change(receiver, |draft| request_xml(draft, root, namespaces))
        },
    ),
    sdk(
        "response_format_json",
        "() -> Request",
        "Reads the answer as JSON.",
        "get('http://h/').response_format_json.current_verb => \"GET\"",
        |_, receiver, _| change(receiver, response_json),
    ),
    sdk(
        "response_format_raw",
        "() -> Request",
        "Gives the answer's body as it is.",
        "get('http://h/').response_format_raw.current_verb => \"GET\"",
        |_, receiver, _| change(receiver, |draft| draft.response_format = ResponseFormat::Raw),
    ),
    sdk(
        "response_format_xml",
        "(strip_response_namespaces: false) -> Request",
        "Reads the answer as XML.",
        "get('http://h/').response_format_xml.current_verb => \"GET\"",
        |_, receiver, mut args| {
            let [strip] = args.known_keywords(["strip_response_namespaces"], 0)?;
            change(receiver, |draft| response_xml(draft, strip.is_some_and(|strip| strip.truthy())))
        },
    ),
    sdk(
        "tls_client_cert",
        "(certificate:, key:, passphrase: nil, intermediates: []) -> Request",
        "Shows the server a certificate, given as PEM text.",
        "",
        tls_client_cert,
    ),
    sdk(
        "tls_server_certs",
        "(certificates:, strict: true) -> Request",
        "Trusts servers that these PEM certificates stand for; with `strict: false` also those the system trusts.",
        "",
        tls_server_certs,
    ),
    sdk(
        "user",
        "(user) -> Request",
        "The user name of basic or digest authentication.",
        "get('http://h/').user('u').current_verb => \"GET\"",
        |_, receiver, args| change(receiver, |draft| draft.user = args.get(0)),
    ),
];

/// Changes the draft and gives the request back.
fn change(receiver: &Value, edit: impl FnOnce(&mut super::Draft)) -> Result<Value> {
    if let Some(request) = LazyRequest::of(receiver) {
        edit(&mut request.draft.borrow_mut());
    }
    Ok(receiver.clone())
}

fn request_json(draft: &mut super::Draft) {
    draft.content_type = Some(JSON);
    draft.request_format = RequestFormat::Json;
}

fn response_json(draft: &mut super::Draft) {
    draft.accept = Some(JSON);
    draft.response_format = ResponseFormat::Json;
}

fn request_xml(draft: &mut super::Draft, root: Value, namespaces: Rc<Hash>) {
    draft.content_type = Some(XML);
    draft.request_format = RequestFormat::Xml { root, namespaces: (!namespaces.is_empty()).then_some(namespaces) };
}

fn response_xml(draft: &mut super::Draft, strip_namespaces: bool) {
    draft.accept = Some(XML);
    draft.response_format = ResponseFormat::Xml { strip_namespaces };
}

/// Keywords other than the known one are attributes of the root element.
fn format_xml(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let options = args.take_keywords();
    let attributes = Hash::new();
    if let Some(given) = args.given(1) {
        copy_into(&attributes, &*hash_argument(host, given)?);
    }
    let mut strip = false;
    for (key, value) in options.iter().flat_map(|options| options.to_vec()) {
        if *to_s(&key) == *"strip_response_namespaces" {
            strip = value.truthy();
        } else {
            attributes.insert(key, value);
        }
    }
    let root = args.get(0);
    change(receiver, |draft| {
        request_xml(draft, root, Rc::new(attributes));
        response_xml(draft, strip);
    })
}

fn params(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let given = host.force(&args.get(0))?;
    change(receiver, |draft| {
        if let Value::Hash(given) = &given {
            let params = draft.params.get_or_insert_with(|| Rc::new(Hash::indifferent()));
            merge(params, given);
        } else {
            draft.raw_params = given;
            draft.params = None;
        }
    })
}

fn payload(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(request) = LazyRequest::of(receiver) else { return Ok(Value::Nil) };
    merge_payload(request, &args.get(0))?;
    if let Some(block) = &args.block {
        let payload = {
            let mut draft = request.draft.borrow_mut();
            let current = draft.payload.clone().unwrap_or_default();
            let payload = if current.truthy() { current } else { Value::hash(Hash::indifferent()) };
            draft.payload = Some(payload.clone());
            payload
        };
        host.yield_block(block, &[payload])?;
    }
    Ok(receiver.clone())
}

/// Adds a payload to what is there. The first payload that is no hash is kept as it is; a hash is merged into a hash.
pub fn merge_payload(request: &LazyRequest, given: &Value) -> Result<()> {
    let mut draft = request.draft.borrow_mut();
    let current = draft.payload.clone();
    match (current, given) {
        (None | Some(Value::Nil), Value::Hash(given)) => {
            let payload = Hash::indifferent();
            merge(&payload, given);
            draft.payload = Some(Value::hash(payload));
        }
        (None, other) => draft.payload = Some(other.clone()),
        (Some(_), Value::Nil) => {}
        (Some(Value::Hash(payload)), Value::Hash(given)) => merge(&payload, given),
        // A body that the action gave as it is wins over what `apply` adds to every payload.
        (Some(_), Value::Hash(_)) if draft.applying => {}
        (Some(body), Value::Hash(_)) => return Err(cannot_merge(&body)),
        (Some(_), other) => draft.payload = Some(other.clone()),
    }
    Ok(())
}

fn cannot_merge(body: &Value) -> Box<Unwind> {
    let message = format!("undefined method `merge!' for {}:{}", inspect(body).to_text(), body.class().name());
    raise(ClassId::NO_METHOD_ERROR, message)
}

/// `merge!` of an indifferent hash.
fn merge(into: &Hash, from: &Hash) {
    for (key, value) in from.to_vec() {
        into.insert(key, indifferent(&value));
    }
}

fn copy_into(into: &Hash, from: &Hash) {
    for (key, value) in from.to_vec() {
        into.insert(key, value);
    }
}

fn merge_headers(into: &mut Vec<(Value, Value)>, from: &Hash) {
    for (key, value) in from.to_vec() {
        match into.iter_mut().find(|(known, _)| eql(known, &key)) {
            Some((_, old)) => *old = value,
            None => into.push((key, value)),
        }
    }
}

/// A hash, or the hash that a lazy request answers with.
fn hash_argument(host: &mut dyn Host, value: &Value) -> Result<Rc<Hash>> {
    match host.force(value)? {
        Value::Hash(hash) => Ok(hash),
        other => Err(no_conversion(&other, "Hash")),
    }
}

fn tls_client_cert(_: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let [certificate, key, passphrase, intermediates] =
        args.known_keywords(["certificate", "key", "passphrase", "intermediates"], 2)?;
    let identity = TlsIdentity {
        certificate: pem(certificate.unwrap_or_default(), "certificate")?,
        key: pem(key.unwrap_or_default(), "key")?,
        passphrase: passphrase.filter(|text| !text.is_nil()).map(|text| to_s(&text).to_text()),
        intermediates: wrapped(intermediates)
            .into_iter()
            .filter(|item| !item.is_nil())
            .map(|item| pem(item, "intermediates"))
            .collect::<Result<_>>()?,
    };
    usable(&Tls { identity: Some(identity.clone()), ..Tls::default() })?;
    change(receiver, |draft| draft.tls.identity = Some(identity))
}

/// Certificates and keys are looked at when they are given.
fn usable(tls: &Tls) -> Result<()> {
    crate::http::live::check(tls).map_err(|kind| {
        let unwind = raise(ClassId::SDK_REQUEST_TLS_ERROR, kind.to_string());
        if let Unwind::Raise(exception) = &*unwind {
            *exception.help.borrow_mut() = Some("give PEM texts as they are, line breaks included".to_owned());
        }
        unwind
    })
}

fn tls_server_certs(_: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let [certificates, strict] = args.known_keywords(["certificates", "strict"], 1)?;
    let given = wrapped(certificates).into_iter();
    let certificates: Vec<_> = given.map(|item| pem(item, "certificates")).collect::<Result<_>>()?;
    usable(&Tls { server_certificates: Some(certificates.clone()), ..Tls::default() })?;
    let strict = strict.is_none_or(|strict| strict.truthy());
    change(receiver, |draft| {
        draft.tls.server_certificates.get_or_insert_default().extend(certificates);
        draft.tls.system_roots_too |= !strict;
    })
}

/// PEM has to be text; `option` is where it was given.
fn pem(value: Value, option: &str) -> Result<String> {
    match value {
        Value::Str(text) => Ok(text.to_text()),
        other => {
            let unwind = no_conversion(&other, "String");
            if let Unwind::Raise(exception) = &*unwind {
                let help = format!("`{option}` takes PEM texts: is the setting that it reads filled in?");
                *exception.help.borrow_mut() = Some(help);
            }
            Err(unwind)
        }
    }
}

/// `Array.wrap`
fn wrapped(value: Option<Value>) -> Vec<Value> {
    match value.unwrap_or_default() {
        Value::Nil => Vec::new(),
        Value::Array(items) => items.to_vec(),
        other => vec![other],
    }
}
