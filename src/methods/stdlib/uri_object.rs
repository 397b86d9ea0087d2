//! URI objects: a URL taken apart, with its parts to read and set.

use super::uri::{escape, invalid, parse_value};
use crate::http::url::Url;
use crate::methods::{Args, Host, Method, ruby};
use crate::text::Name;
use crate::value::{ClassId, Kind, Object, Result, Value, inspect, raise, to_s};
use std::any::Any;
use std::cell::RefCell;

/// A URL.
pub struct Uri {
    url: RefCell<Url>,
}

pub(super) const ROWS: &[Method] = &[
    ruby(
        "+ merge",
        "(reference) -> URI",
        "The reference resolved against this URL.",
        "(URI('http://x/a/b') + 'c').to_s => \"http://x/a/c\"",
        |_, uri, args| own(uri)?.merged(&parse_value(&args.get(0))?).map(Value::object),
    ),
    ruby(
        "- route_from",
        "(base) -> URI",
        "The shortest reference from the base to this URL.",
        "(URI('http://x/a/b') - URI('http://x/a/c')).to_s => \"b\"",
        |_, uri, args| Ok(Value::object(own(uri)?.route_from(&parse_value(&args.get(0))?))),
    ),
    ruby(
        "== eql?",
        "(other) -> true or false",
        "The same URL once both are normalised.",
        "URI('http://X') == URI('http://x/') => true",
        |_, uri, args| {
            let other = args.get(0);
            let same =
                other.downcast::<Uri>().is_some_and(|other| own(uri).is_ok_and(|uri| uri.normal() == other.normal()));
            Ok(Value::bool(same))
        },
    ),
    ruby(
        "absolute absolute?",
        "() -> true or false",
        "Whether it has a scheme.",
        "URI('http://x').absolute? => true",
        |_, uri, _| Ok(own(uri)?.url.borrow().scheme.is_some().into()),
    ),
    ruby(
        "authority",
        "() -> String or nil",
        "User, host and port.",
        "URI('http://u@h:1/p').authority => \"u@h:1\"",
        |_, uri, _| Ok(own(uri)?.authority().into()),
    ),
    ruby(
        "component",
        "() -> Array",
        "The names of the parts.",
        "URI('http://x').component.first => :scheme",
        |_, _, _| {
            let names = ["scheme", "userinfo", "host", "port", "path", "query", "fragment"];
            Ok(Value::array(names.iter().map(|name| Value::symbol(name)).collect()))
        },
    ),
    ruby(
        "default_port",
        "() -> Integer or nil",
        "The scheme's own port.",
        "URI('https://x').default_port => 443",
        |_, uri, _| Ok(own(uri)?.default_port().map(i64::from).into()),
    ),
    ruby("fragment", "() -> String or nil", "What follows `#`.", "URI('http://x#f').fragment => \"f\"", |_, uri, _| {
        Ok(own(uri)?.url.borrow().fragment.clone().into())
    }),
    ruby(
        "fragment=",
        "(fragment)",
        "Sets what follows `#`.",
        "u = URI('http://x'); u.fragment = 'f'; u.to_s => \"http://x#f\"",
        |_, uri, args| {
            own(uri)?.url.borrow_mut().fragment = escaped(&args.get(0));
            Ok(args.get(0))
        },
    ),
    ruby(
        "hierarchical?",
        "() -> true or false",
        "Whether it has a path.",
        "URI('mailto:a@b').hierarchical? => false",
        |_, uri, _| Ok(own(uri)?.opaque().is_none().into()),
    ),
    ruby("host", "() -> String or nil", "The host.", "URI('http://x.com/p').host => \"x.com\"", |_, uri, _| {
        Ok(own(uri)?.url.borrow().host.clone().into())
    }),
    ruby(
        "host= hostname=",
        "(host)",
        "Sets the host.",
        "u = URI('http://x'); u.host = 'y'; u.to_s => \"http://y\"",
        |_, uri, args| {
            let host = optional_text(&args.get(0));
            if host.as_ref().is_some_and(|host| Url::parse(&format!("http://{host}")).is_err()) {
                return Err(bad_component("host component", &args.get(0), false));
            }
            own(uri)?.url.borrow_mut().host = host;
            Ok(args.get(0))
        },
    ),
    ruby(
        "hostname",
        "() -> String or nil",
        "The host without the brackets of an IPv6 address.",
        "URI('http://[::1]/').hostname => \"::1\"",
        |_, uri, _| {
            let host = own(uri)?.url.borrow().host.clone();
            Ok(host.map(|host| host.trim_matches(['[', ']']).to_owned()).into())
        },
    ),
    ruby(
        "inspect",
        "() -> String",
        "Class and text.",
        "URI('http://x').inspect => \"#<URI::HTTP http://x>\"",
        |_, uri, _| Ok(Object::inspect(own(uri)?).into()),
    ),
    ruby(
        "normalize",
        "() -> URI",
        "Scheme and host in lower case, a path of at least `/`.",
        "URI('http://X').normalize.to_s => \"http://x/\"",
        |_, uri, _| Ok(Value::object(Uri::of(own(uri)?.normal()))),
    ),
    ruby(
        "opaque",
        "() -> String or nil",
        "What follows the scheme where there is no path.",
        "URI('mailto:a@b.c').opaque => \"a@b.c\"",
        |_, uri, _| Ok(own(uri)?.opaque().into()),
    ),
    ruby("password", "() -> String or nil", "The password.", "URI('http://u:p@x').password => \"p\"", |_, uri, _| {
        Ok(own(uri)?.user_and_password().1.into())
    }),
    ruby(
        "password=",
        "(password)",
        "Sets the password.",
        "u = URI('http://u@x'); u.password = 'p'; u.to_s => \"http://u:p@x\"",
        |_, uri, args| {
            let user = own(uri)?.user_and_password().0.unwrap_or_default();
            let userinfo = optional_text(&args.get(0)).map_or(user.clone(), |password| format!("{user}:{password}"));
            own(uri)?.url.borrow_mut().userinfo = Some(userinfo);
            Ok(args.get(0))
        },
    ),
    ruby("path", "() -> String", "The path.", "URI('http://x/p?q').path => \"/p\"", |_, uri, _| {
        let uri = own(uri)?;
        Ok(if uri.opaque().is_some() { Value::Nil } else { uri.url.borrow().path.clone().into() })
    }),
    ruby(
        "path=",
        "(path)",
        "Sets the path.",
        "u = URI('http://x'); u.path = '/p'; u.to_s => \"http://x/p\"\nu = URI('http://x'); u.path = 'p' => URI::InvalidComponentError: bad component(expected path component): p",
        |_, uri, args| {
            let path = optional_text(&args.get(0)).unwrap_or_default();
            let uri = own(uri)?;
            let needs_slash = uri.url.borrow().host.is_some();
            if (needs_slash && !path.is_empty() && !path.starts_with('/')) || Url::parse(&path).is_err() {
                return Err(bad_component("path component", &args.get(0), false));
            }
            uri.url.borrow_mut().path = path;
            Ok(args.get(0))
        },
    ),
    ruby(
        "port",
        "() -> Integer or nil",
        "The port, the scheme's own where none is written.",
        "URI('https://x').port => 443",
        |_, uri, _| Ok(own(uri)?.port().map(i64::from).into()),
    ),
    ruby(
        "port=",
        "(port)",
        "Sets the port.",
        "u = URI('http://x'); u.port = 81; u.to_s => \"http://x:81\"",
        |_, uri, args| {
            let port = match optional_text(&args.get(0)) {
                None => None,
                Some(text) => Some(text.parse().map_err(|_| bad_component("port component", &args.get(0), true))?),
            };
            own(uri)?.url.borrow_mut().port = port;
            Ok(args.get(0))
        },
    ),
    ruby("query", "() -> String or nil", "What follows `?`.", "URI('http://x?a=1').query => \"a=1\"", |_, uri, _| {
        Ok(own(uri)?.url.borrow().query.clone().into())
    }),
    ruby(
        "query=",
        "(query)",
        "Sets what follows `?`.",
        "u = URI('http://x'); u.query = 'a=1'; u.to_s => \"http://x?a=1\"",
        |_, uri, args| {
            own(uri)?.url.borrow_mut().query = escaped(&args.get(0));
            Ok(args.get(0))
        },
    ),
    ruby(
        "relative?",
        "() -> true or false",
        "Whether it has no scheme.",
        "URI('/p').relative? => true",
        |_, uri, _| Ok(own(uri)?.url.borrow().scheme.is_none().into()),
    ),
    ruby(
        "request_uri",
        "() -> String",
        "Path and query, as a request line has them.",
        "URI('http://x?a=1').request_uri => \"/?a=1\"",
        request_uri,
    ),
    ruby(
        "route_to",
        "(target) -> URI",
        "The shortest reference from this URL to the target.",
        "URI('http://x/a/b').route_to('http://x/a/c').to_s => \"c\"",
        |_, uri, args| Ok(Value::object(parse_value(&args.get(0))?.route_from(own(uri)?))),
    ),
    ruby("scheme", "() -> String or nil", "The scheme.", "URI('HTTP://x').scheme => \"http\"", |_, uri, _| {
        Ok(own(uri)?.url.borrow().scheme.clone().into())
    }),
    ruby(
        "scheme=",
        "(scheme)",
        "Sets the scheme.",
        "u = URI('http://x'); u.scheme = 'https'; u.to_s => \"https://x\"",
        |_, uri, args| {
            let scheme = optional_text(&args.get(0));
            let is_fine = |scheme: &String| Url::parse(&format!("{scheme}:x")).is_ok_and(|url| url.scheme.is_some());
            if scheme.as_ref().is_some_and(|scheme| !is_fine(scheme)) {
                return Err(bad_component("scheme component", &args.get(0), false));
            }
            own(uri)?.url.borrow_mut().scheme = scheme.map(|scheme| scheme.to_lowercase());
            Ok(args.get(0))
        },
    ),
    ruby(
        "select",
        "(*parts) -> Array",
        "Some of the parts.",
        "URI('http://x/p').select(:host, :path) => [\"x\", \"/p\"]",
        |host, uri, args| {
            let parts: Result<Vec<_>> =
                args.values.iter().map(|part| host.send(uri, Name::new(&to_s(part).to_text()), Args::none())).collect();
            parts.map(Value::array)
        },
    ),
    ruby(
        "to_s to_str",
        "() -> String",
        "The URL as text.",
        "URI('HTTP://x.com:80/a').to_s => \"http://x.com/a\"",
        |_, uri, _| Ok(own(uri)?.text().into()),
    ),
    ruby("user", "() -> String or nil", "The user.", "URI('http://u:p@x').user => \"u\"", |_, uri, _| {
        Ok(own(uri)?.user_and_password().0.into())
    }),
    ruby(
        "user=",
        "(user)",
        "Sets the user.",
        "u = URI('http://x'); u.user = 'me'; u.to_s => \"http://me@x\"",
        |_, uri, args| {
            let password = own(uri)?.user_and_password().1;
            let user = optional_text(&args.get(0));
            let userinfo = user.map(|user| password.map_or(user.clone(), |password| format!("{user}:{password}")));
            own(uri)?.url.borrow_mut().userinfo = userinfo;
            Ok(args.get(0))
        },
    ),
    ruby(
        "userinfo",
        "() -> String or nil",
        "User and password.",
        "URI('http://u:p@x').userinfo => \"u:p\"",
        |_, uri, _| Ok(own(uri)?.url.borrow().userinfo.clone().into()),
    ),
    ruby(
        "userinfo=",
        "(userinfo)",
        "Sets user and password.",
        "u = URI('http://x'); u.userinfo = 'a:b'; u.to_s => \"http://a:b@x\"",
        |_, uri, args| {
            own(uri)?.url.borrow_mut().userinfo = optional_text(&args.get(0));
            Ok(args.get(0))
        },
    ),
];

impl Uri {
    pub fn of(url: Url) -> Self {
        Self { url: RefCell::new(url) }
    }

    /// Reads a URL or relative reference.
    pub fn parse(text: &str) -> Result<Self> {
        let url = Url::parse(text).map_err(|error| invalid(error.to_string()))?;
        let is_fine = |c: char| c.is_ascii_alphanumeric() || "!$&'()*+,;=:@/?-._~%".contains(c);
        if url.query.as_ref().is_some_and(|query| !query.chars().all(is_fine)) {
            return Err(invalid(format!("bad URI(is not URI?): {}", inspect(&text.into()).to_text())));
        }
        Ok(Self::of(url))
    }

    pub fn copy(&self) -> Self {
        Self::of(self.url.borrow().clone())
    }

    /// The reference seen from this URL.
    pub fn merged(&self, reference: &Self) -> Result<Self> {
        let merged = self.url.borrow().join(&reference.url.borrow());
        merged.map(Self::of).ok_or_else(|| raise(ClassId::BAD_URI_ERROR, "both URI are relative"))
    }

    fn opaque(&self) -> Option<String> {
        let url = self.url.borrow();
        if url.scheme.is_none() || url.host.is_some() || url.path.is_empty() || url.path.starts_with('/') {
            return None;
        }
        Some(url.query.as_ref().map_or_else(|| url.path.clone(), |query| format!("{}?{query}", url.path)))
    }

    fn default_port(&self) -> Option<u16> {
        Some(match self.url.borrow().scheme.as_deref()? {
            "http" | "ws" => 80,
            "https" | "wss" => 443,
            "ftp" => 21,
            "ldap" => 389,
            "ldaps" => 636,
            _ => return None,
        })
    }

    fn port(&self) -> Option<u16> {
        self.url.borrow().port.or_else(|| self.default_port())
    }

    fn user_and_password(&self) -> (Option<String>, Option<String>) {
        match &self.url.borrow().userinfo {
            Some(userinfo) => match userinfo.split_once(':') {
                Some((user, password)) => (Some(user.to_owned()), Some(password.to_owned())),
                None => (Some(userinfo.clone()), None),
            },
            None => (None, None),
        }
    }

    fn authority(&self) -> Option<String> {
        let url = self.url.borrow();
        let mut out = url.userinfo.as_ref().map(|userinfo| format!("{userinfo}@")).unwrap_or_default();
        out.push_str(url.host.as_ref()?);
        if let Some(port) = url.port.filter(|port| Some(*port) != self.default_port()) {
            out.push_str(&format!(":{port}"));
        }
        Some(out)
    }

    fn text(&self) -> String {
        let url = self.url.borrow();
        let mut out = url.scheme.as_ref().map(|scheme| format!("{scheme}:")).unwrap_or_default();
        if let Some(authority) = self.authority() {
            out.push_str("//");
            out.push_str(&authority);
        } else if url.scheme.as_deref() == Some("file") {
            out.push_str("//");
        }
        if url.host.is_some() && !url.path.is_empty() && !url.path.starts_with('/') {
            out.push('/');
        }
        out.push_str(&url.path);
        for (mark, part) in [('?', &url.query), ('#', &url.fragment)] {
            if let Some(part) = part {
                out.push(mark);
                out.push_str(part);
            }
        }
        out
    }

    fn normal(&self) -> Url {
        let mut url = self.url.borrow().clone();
        url.host = url.host.map(|host| host.to_lowercase());
        url.port = self.port();
        if url.path.is_empty() && url.host.is_some() {
            "/".clone_into(&mut url.path);
        }
        url
    }

    /// The shortest reference that leads from `base` to this URL.
    fn route_from(&self, base: &Self) -> Self {
        let (to, from) = (self.normal(), base.normal());
        let mut route = self.url.borrow().clone();
        if to.scheme != from.scheme || to.host != from.host || to.port != from.port || to.userinfo != from.userinfo {
            return Self::of(route);
        }
        route.scheme = None;
        route.host = None;
        route.port = None;
        route.userinfo = None;
        if to.path == from.path && to.query == from.query {
            route.path.clear();
            route.query = None;
            return Self::of(route);
        }
        let folder = |path: &str| path.rfind('/').map_or(0, |slash| slash + 1);
        let common = to.path.bytes().zip(from.path.bytes()).take_while(|(a, b)| a == b).count();
        let shared = folder(&to.path[..common.min(folder(&from.path))]);
        let climbs = from.path[shared..].matches('/').count();
        route.path = "../".repeat(climbs) + &to.path[shared..];
        if route.path.is_empty() {
            "./".clone_into(&mut route.path);
        }
        Self::of(route)
    }

    /// What `URI.split` answers.
    pub fn split(&self) -> Value {
        let opaque = self.opaque();
        let url = self.url.borrow();
        let path = if opaque.is_some() { Value::Nil } else { url.path.clone().into() };
        Value::array(vec![
            url.scheme.clone().into(),
            url.userinfo.clone().into(),
            url.host.clone().into(),
            url.port.map(|port| port.to_string()).into(),
            Value::Nil,
            path,
            opaque.into(),
            url.query.clone().into(),
            url.fragment.clone().into(),
        ])
    }
}

impl Object for Uri {
    fn kind(&self) -> Kind {
        Kind::Uri
    }

    fn class(&self) -> ClassId {
        match self.url.borrow().scheme.as_deref() {
            Some("http") => ClassId::URI_HTTP,
            Some("https") => ClassId::URI_HTTPS,
            Some("ftp") => ClassId::URI_FTP,
            Some("file") => ClassId::URI_FILE,
            Some("mailto") => ClassId::URI_MAIL_TO,
            Some("ldap") => ClassId::URI_LDAP,
            Some("ws") => ClassId::URI_WS,
            Some("wss") => ClassId::URI_WSS,
            _ => ClassId::URI_GENERIC,
        }
    }

    fn inspect(&self) -> String {
        format!("#<{} {}>", self.class().name(), self.text())
    }

    fn equals(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| other.normal() == self.normal())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn own(value: &Value) -> Result<&Uri> {
    value.downcast().ok_or_else(|| raise(ClassId::TYPE_ERROR, "no URI"))
}

fn optional_text(value: &Value) -> Option<String> {
    if value.is_nil() { None } else { Some(to_s(value).to_text()) }
}

/// What may not stand in a query or fragment is escaped when it is set.
fn escaped(value: &Value) -> Option<String> {
    optional_text(value).map(|text| escape(text.as_bytes(), b"!$&'()*+,;=:@/?-._~%", "%20"))
}

fn bad_component(expected: &str, value: &Value, inspected: bool) -> Box<crate::value::Unwind> {
    let text = if inspected { inspect(value).to_text() } else { to_s(value).to_text() };
    raise(ClassId::INVALID_COMPONENT_ERROR, format!("bad component(expected {expected}): {text}"))
}

fn request_uri(_: &mut dyn Host, uri: &Value, _: Args) -> Result<Value> {
    let url = own(uri)?.url.borrow().clone();
    if !matches!(url.scheme.as_deref(), Some("http" | "https" | "ws" | "wss")) {
        let message = format!("undefined method `request_uri' for {}", inspect(uri).to_text());
        return Err(raise(ClassId::NO_METHOD_ERROR, message));
    }
    let path = if url.path.starts_with('/') { url.path } else { format!("/{}", url.path) };
    Ok(url.query.map_or(path.clone(), |query| format!("{path}?{query}")).into())
}
