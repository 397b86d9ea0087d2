//! Which redirects are followed, and what is sent along.

use std::borrow::Cow;
use std::time::Duration;

use super::cookies::Jar;
use super::query::percent;
use super::url::{self, Url};
use super::{Cause, Error, ErrorKind, Method, Outcome, Phase, RedirectPolicy, Request, Response, Transport};

/// How many redirects of one request are followed; the next one is the answer, and a failure.
pub const LIMIT: u32 = 10;

/// Fields that speak for the user to one host only.
const CREDENTIALS: &[&str] = &["Authorization", "Cookie", "Proxy-Authorization"];

/// Follows redirects by the request's policy; cookies set on the way are sent on the way.
pub struct Redirects<T>(pub T);

/// What becomes of an answer, by the policy, the verb and the status alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is the answer.
    Stop,
    /// Send the same to the new place.
    Repeat,
    /// Ask the new place with GET and no body.
    Get,
}

/// The matrix.
pub const fn step(policy: RedirectPolicy, method: Method, status: u16) -> Step {
    let asks = matches!(method, Method::Get | Method::Head);
    match (policy, status) {
        (RedirectPolicy::Ignore, _) => Step::Stop,
        (_, 303) => Step::Get,
        (RedirectPolicy::Follow, 301 | 302 | 307 | 308) => Step::Repeat,
        (RedirectPolicy::Default, 301 | 302 | 307 | 308) if asks => Step::Repeat,
        _ => Step::Stop,
    }
}

/// The request that follows `response`, if one does. Another host gets no credentials, no `Host` of the old one, and
/// no client certificate; so does the same host without TLS after TLS.
pub fn next(request: &Request, response: &Response) -> Option<Request> {
    let step = step(request.redirects, request.method, response.status);
    if step == Step::Stop {
        return None;
    }
    let here = url::absolute(&request.url).ok()?;
    let target = here.join(&location(response.headers.get("Location")?)?)?;
    if !target.is_http() || target.host.is_none() {
        return None;
    }
    let mut next = request.clone();
    next.url = target.to_string();
    next.cause = Cause::Redirect;
    if step == Step::Get {
        next.method = Method::Get;
        next.body = None;
    }
    if !may_share_credentials(&here, &target) {
        for name in CREDENTIALS {
            next.headers.remove(name);
        }
        next.headers.remove("Host");
        next.digest = None;
        next.tls.identity = None;
    } else if target.userinfo.is_none() && here.userinfo.is_some() {
        next.url = Url { userinfo: here.userinfo, ..target }.to_string();
    }
    Some(next)
}

fn may_share_credentials(from: &Url, to: &Url) -> bool {
    let default_ports = from.port.is_none_or(|port| port == 80) && to.port.is_none_or(|port| port == 443);
    let upgrade = !from.is_https() && to.is_https() && default_ports && from.host_name() == to.host_name();
    from.same_origin(to) || upgrade
}

/// A `Location` as servers write it: what a URL cannot hold is escaped rather than refused.
fn location(text: &str) -> Option<Url> {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.trim().bytes() {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => percent(&mut escaped, byte),
        }
    }
    Url::parse(&escaped).ok()
}

impl<T: Transport> Transport for Redirects<T> {
    fn send(&self, request: &Request) -> Outcome {
        let mut request = Cow::Borrowed(request);
        let mut jar = Jar::default();
        let (mut elapsed, mut followed) = (Duration::ZERO, 0);
        loop {
            let outcome = if jar.is_empty() { self.0.send(&request) } else { self.0.send(&jar.applied(&request)) };
            let mut response = outcome.map_err(|error| {
                let elapsed = elapsed + error.elapsed;
                error.after(elapsed)
            })?;
            elapsed += response.elapsed;
            let Some(mut next) = next(&request, &response).filter(|_| followed < LIMIT) else {
                response.elapsed = elapsed;
                return Ok(response);
            };
            jar.store(&request.url, &response.headers);
            if let Some(total) = request.timeouts.total {
                let left = total.saturating_sub(response.elapsed);
                if left.is_zero() {
                    return Err(Error::new(ErrorKind::Timeout(Phase::Total), &next).after(elapsed));
                }
                next.timeouts.total = Some(left);
            }
            request = Cow::Owned(next);
            followed += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn matrix() {
        let mut table = String::new();
        for policy in [RedirectPolicy::Default, RedirectPolicy::Follow, RedirectPolicy::Ignore] {
            for method in [Method::Get, Method::Head, Method::Post, Method::Delete] {
                write!(table, "{:8}{:7}", format!("{policy:?}"), method.as_str()).unwrap();
                for status in [200, 300, 301, 302, 303, 304, 307, 308] {
                    write!(table, " {status}:{:6}", format!("{:?}", step(policy, method, status))).unwrap();
                }
                table.truncate(table.trim_end().len());
                table.push('\n');
            }
        }
        insta::assert_snapshot!(table, @r"
        Default GET     200:Stop   300:Stop   301:Repeat 302:Repeat 303:Get    304:Stop   307:Repeat 308:Repeat
        Default HEAD    200:Stop   300:Stop   301:Repeat 302:Repeat 303:Get    304:Stop   307:Repeat 308:Repeat
        Default POST    200:Stop   300:Stop   301:Stop   302:Stop   303:Get    304:Stop   307:Stop   308:Stop
        Default DELETE  200:Stop   300:Stop   301:Stop   302:Stop   303:Get    304:Stop   307:Stop   308:Stop
        Follow  GET     200:Stop   300:Stop   301:Repeat 302:Repeat 303:Get    304:Stop   307:Repeat 308:Repeat
        Follow  HEAD    200:Stop   300:Stop   301:Repeat 302:Repeat 303:Get    304:Stop   307:Repeat 308:Repeat
        Follow  POST    200:Stop   300:Stop   301:Repeat 302:Repeat 303:Get    304:Stop   307:Repeat 308:Repeat
        Follow  DELETE  200:Stop   300:Stop   301:Repeat 302:Repeat 303:Get    304:Stop   307:Repeat 308:Repeat
        Ignore  GET     200:Stop   300:Stop   301:Stop   302:Stop   303:Stop   304:Stop   307:Stop   308:Stop
        Ignore  HEAD    200:Stop   300:Stop   301:Stop   302:Stop   303:Stop   304:Stop   307:Stop   308:Stop
        Ignore  POST    200:Stop   300:Stop   301:Stop   302:Stop   303:Stop   304:Stop   307:Stop   308:Stop
        Ignore  DELETE  200:Stop   300:Stop   301:Stop   302:Stop   303:Stop   304:Stop   307:Stop   308:Stop
        ");
    }

    fn answer(status: u16, location: &str) -> Response {
        let headers = [("Location", location)].into_iter().collect();
        Response { status, headers, ..Response::default() }
    }

    #[test]
    fn where_to_and_with_what() {
        let request = Request::new(Method::Get, "http://u:p@h/a/b?q=1")
            .header("Authorization", "Bearer t")
            .header("Cookie", "c=1")
            .header("X-Kept", "1");
        let mut table = String::new();
        for location in [
            "c?z=1",
            "/c d",
            "http://h:80/x#f",
            "https://h/x",
            "http://h:8080/x",
            "http://other/x",
            "//other/é",
            "ftp://h/x",
            "http:///x",
        ] {
            let shown = next(&request, &answer(302, location)).map_or_else(
                || "stop".to_owned(),
                |next| format!("{} with {}", next.url, next.headers.names().join(", ")),
            );
            writeln!(table, "{location} -> {shown}").unwrap();
        }
        insta::assert_snapshot!(table, @r"
        c?z=1 -> http://u:p@h/a/c?z=1 with Authorization, Cookie, X-Kept
        /c d -> http://u:p@h/c%20d with Authorization, Cookie, X-Kept
        http://h:80/x#f -> http://u:p@h/x#f with Authorization, Cookie, X-Kept
        https://h/x -> https://u:p@h/x with Authorization, Cookie, X-Kept
        http://h:8080/x -> http://h:8080/x with X-Kept
        http://other/x -> http://other/x with X-Kept
        //other/é -> http://other/%C3%A9 with X-Kept
        ftp://h/x -> stop
        http:///x -> stop
        ");
    }

    #[test]
    fn see_other_asks_without_a_body() {
        let request = Request::new(Method::Post, "http://h/a").body("x");
        let next = next(&request, &answer(303, "/b")).unwrap();
        assert_eq!((next.method, next.body, next.url.as_str()), (Method::Get, None, "http://h/b"));
    }

    #[test]
    fn a_loop_ends_with_the_redirect_as_answer() {
        let sent = std::sync::atomic::AtomicU32::new(0);
        let carrier = crate::http::FromFn(|_: &Request| {
            sent.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok(answer(302, "/again"))
        });
        let response = Redirects(carrier).send(&Request::new(Method::Get, "http://h/")).unwrap();
        assert_eq!((response.status, sent.into_inner()), (302, LIMIT + 1));
    }

    #[test]
    fn hops_share_the_time_limit() {
        let second = std::time::Duration::from_secs(1);
        let carrier = crate::http::FromFn(|request: &Request| {
            let left = request.timeouts.total.unwrap().as_secs();
            Ok(Response { elapsed: second, ..answer(302, &format!("/{left}")) })
        });
        let mut request = Request::new(Method::Get, "http://h/");
        request.timeouts.total = Some(second * 3);
        let error = Redirects(carrier).send(&request).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout(Phase::Total));
        assert_eq!((error.request.url.as_str(), error.elapsed), ("http://h/1", second * 3));
    }

    #[test]
    fn cookies_travel_along() {
        let carrier = crate::http::FromFn(|request: &Request| {
            let cookies = request.headers.get("Cookie").unwrap_or("none").to_owned();
            let mut response = answer(if request.url.ends_with('3') { 200 } else { 302 }, "/3");
            response.headers.append("Set-Cookie", "a=1; Path=/; HttpOnly");
            response.headers.append("Set-Cookie", "b=2; Path=/elsewhere");
            response.body = cookies.into_bytes();
            Ok(response)
        });
        let request = Request::new(Method::Get, "http://h/").header("Cookie", "own=0");
        let response = Redirects(carrier).send(&request).unwrap();
        assert_eq!(String::from_utf8_lossy(&response.body), "own=0; a=1");
    }
}
