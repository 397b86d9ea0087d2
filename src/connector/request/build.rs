//! A lazy request as the plain request that leaves: address with query, headers, body.

use super::body::Body;
use crate::connector::Run;
use crate::connector::params;
use crate::connector::run::raised;
use crate::http::content_type::{expand, expand_list, header_name_of_symbol, is_header_key};
use crate::http::query::{escape_raw, join, to_query};
use crate::http::url::{Url, resolve};
use crate::http::{Cause, Credentials, ErrorKind, Headers, Request};
use crate::methods::request::{Access, Draft, LazyRequest};
use crate::value::{ClassId, Exception, Kind, Result, Unwind, Value, inspect, raise, to_s};
use base64::Engine;

impl Run<'_> {
    /// What would be sent now.
    pub fn build(&mut self, lazy: &LazyRequest) -> Result<Request> {
        let draft = lazy.draft.borrow().clone();
        let mut url = self.address(lazy, &draft, resolve).map_err(as_sent)?;
        let Body { bytes, content_type } = self.body(&draft)?;
        let (mut headers, query) = self.headers(&draft)?;
        if let Some(query) = query {
            url.query = join(url.query.as_deref(), &query);
        }
        if let Some(forced) = content_type {
            headers.set("Content-Type", forced);
        }
        let userinfo = url.userinfo.take();
        let mut request = Request::new(lazy.verb, url.text());
        if draft.digest {
            let text = |value: &Value| to_s(value).to_text();
            request.digest = Some(Credentials { user: text(&draft.user), password: text(&draft.password) });
        } else if let Some(userinfo) = userinfo {
            headers.set_default("Authorization", basic(&userinfo));
        }
        request.headers = headers;
        request.body = bytes;
        request.redirects = draft.redirects;
        request.tls = draft.tls;
        request.timeouts = self.timeouts();
        request.origin = lazy.span;
        if lazy.access == Access::Unauthorized {
            request.cause = Cause::Credentials;
        }
        Ok(request)
    }

    /// The address with its query, user and password included. `find` merges what was written into the base address:
    /// [`resolve`] for a request that leaves, [`merge`](crate::http::url::merge) for one that is looked at.
    pub fn address(
        &mut self,
        lazy: &LazyRequest,
        draft: &Draft,
        find: fn(Option<&str>, &str) -> std::result::Result<Url, ErrorKind>,
    ) -> Result<Url> {
        let base = self.base_uri()?;
        let written = match &lazy.url {
            Value::Str(text) => text.to_text(),
            other if other.kind() == Kind::Uri => to_s(other).to_text(),
            other if base.is_some() => {
                let message = format!("Expected String or URI as request URL, got: {}", other.class().name());
                return Err(raise(ClassId::SDK_INVALID_URI_ERROR, message));
            }
            other => {
                let message = format!("bad URI(is not URI?): {}", inspect(other).to_text());
                return Err(raise(ClassId::INVALID_URI_ERROR, message));
            }
        };
        let mut url = find(base.as_deref(), &written).map_err(|kind| bad_address(&kind))?;
        if !draft.digest {
            set_user(&mut url, draft);
        }
        let mut added = Vec::new();
        let raw = self.resolve(&draft.raw_params)?;
        if let Some(raw) = params::to_param(&raw) {
            added.push(escape_raw(&raw));
        }
        if let Some(params) = &draft.params {
            let params = self.resolve(&Value::Hash(std::rc::Rc::clone(params)))?;
            added.extend(params::to_param(&params));
        }
        let added: Vec<String> = added.into_iter().filter(|part| !part.is_empty()).collect();
        if !added.is_empty() {
            url.query = join(url.query.as_deref(), &added.join("&"));
        }
        Ok(url)
    }

    /// Header fields in order, and the query that stands among them under `params`.
    fn headers(&mut self, draft: &Draft) -> Result<(Headers, Option<String>)> {
        let mut headers = Headers::new();
        let mut query = None;
        for (key, value) in &draft.headers {
            let value = self.resolve(value)?;
            if value.is_nil() {
                continue;
            }
            match &value {
                Value::Hash(params) if to_s(key).to_text().eq_ignore_ascii_case("params") => {
                    query = Some(to_query(&params::pairs(params))).filter(|query| !query.is_empty());
                }
                _ => set(&mut headers, field_name(key), &value),
            }
        }
        let has = |plain: &str| draft.headers.iter().any(|(key, _)| is_header_key(&to_s(key).to_text(), plain));
        let (has_type, has_accept) = (has("Content-Type"), has("Accept"));
        if let Some(content_type) = draft.content_type.filter(|_| !has_type) {
            headers.set_default("Content-Type", content_type);
        }
        if let Some(accept) = draft.accept.filter(|_| !has_accept) {
            headers.set_default("Accept", accept);
        }
        for (key, value) in &draft.exact_headers {
            let value = self.resolve(value)?;
            if !value.is_nil() {
                set(&mut headers, to_s(key).to_text(), &value);
            }
        }
        Ok((headers, query))
    }
}

/// Sets a field; names that differ only in case are the same, the last one wins.
fn set(headers: &mut Headers, name: String, value: &Value) {
    let text = match value {
        Value::Array(_) => inspect(value).to_text(),
        other => to_s(other).to_text(),
    };
    let text = if is_header_key(&name, "Content-Type") {
        expand(&text).to_owned()
    } else if is_header_key(&name, "Accept") {
        accepted(value, &text)
    } else {
        text
    };
    // Line ends around a value are none of it, such as that of a token that came from a file.
    headers.set(name, text.trim_matches(['\r', '\n', '\0']));
}

/// Media types may be given as a list or comma separated.
fn accepted(value: &Value, text: &str) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.to_vec().iter().map(|item| to_s(item).to_text()).collect();
            expand_list(&items.join(","))
        }
        _ => expand_list(text),
    }
}

/// A symbol is spelt Title-Case, a string stays as it is.
fn field_name(key: &Value) -> String {
    match key {
        Value::Symbol(symbol) => {
            let text = symbol.text();
            text.split('-').map(header_name_of_symbol).collect::<Vec<_>>().join("-")
        }
        other => to_s(other).to_text(),
    }
}

fn set_user(url: &mut Url, draft: &Draft) {
    let text = |value: &Value| crate::http::query::escape_form(&to_s(value).to_text());
    let (user, password) = (draft.user.is_nil(), draft.password.is_nil());
    if user && password {
        return;
    }
    let (old_user, old_password) = match url.userinfo.as_deref().map(|known| known.split_once(':')) {
        Some(Some((user, password))) => (user.to_owned(), Some(password.to_owned())),
        _ => (url.userinfo.clone().unwrap_or_default(), None),
    };
    let new_user = if user { old_user } else { text(&draft.user) };
    let new_password = if password { old_password } else { Some(text(&draft.password)) };
    url.userinfo = Some(match new_password {
        Some(password) => format!("{new_user}:{password}"),
        None => new_user,
    });
}

/// The value of `Authorization` for user and password as they stand in an address.
fn basic(userinfo: &str) -> String {
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let plain = format!("{}:{}", crate::http::query::unescape(user), crate::http::query::unescape(password));
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(plain))
}

fn bad_address(kind: &ErrorKind) -> Box<Unwind> {
    match kind {
        ErrorKind::NotHttp => raise(ClassId::ARGUMENT_ERROR, kind.to_string()),
        ErrorKind::InvalidUrl { message } if message == "both URI are relative" => {
            let exception = Exception::new(ClassId::BAD_URI_ERROR, message.clone());
            raised(exception.with_help("base_uri has to be a full address: https://…"))
        }
        _ => raise(ClassId::INVALID_URI_ERROR, kind.to_string()),
    }
}

/// A bad address is an error of the SDK's own once the request is to leave.
fn as_sent(unwind: Box<Unwind>) -> Box<Unwind> {
    match *unwind {
        Unwind::Raise(error) if error.class == ClassId::INVALID_URI_ERROR => {
            raise(ClassId::SDK_INVALID_URI_ERROR, error.message())
        }
        other => Box::new(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names() {
        for (key, expected) in [
            (Value::symbol("x_two_three"), "X-Two-Three"),
            (Value::symbol("X-API-Key"), "X-Api-Key"),
            (Value::str("x-foo_bar"), "x-foo_bar"),
            (Value::str("SOAPAction"), "SOAPAction"),
        ] {
            assert_eq!(field_name(&key), expected);
        }
    }

    #[test]
    fn basic_credentials() {
        assert_eq!(basic("bob:pw"), "Basic Ym9iOnB3");
        assert_eq!(basic("bob"), "Basic Ym9iOg==");
        assert_eq!(basic(":p%20w"), "Basic OnAgdw==");
    }
}
