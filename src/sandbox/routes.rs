//! The table of everything the sandbox answers; the index page and the documentation list these rows.

use serde_json::json;

use super::message::{Asked, Format, Reply};
use super::{World, customers, graphql, invoices, issues, oauth, tools, webhooks};
use crate::http::query;

/// One thing the sandbox answers.
pub struct Route {
    /// `GET`…, or `*` for every verb.
    pub method: &'static str,
    /// Segments, of which `:name` matches any text and `:name.json` any text with that ending.
    pub pattern: &'static str,
    /// One sentence.
    pub doc: &'static str,
    handler: fn(&World, &Asked) -> Reply,
}

const fn route(
    method: &'static str,
    pattern: &'static str,
    handler: fn(&World, &Asked) -> Reply,
    doc: &'static str,
) -> Route {
    Route { method, pattern, doc, handler }
}

/// First fit wins.
pub const ROUTES: &[Route] = &[
    route("GET", "/", index, "What there is."),
    route(
        "GET",
        "/v1/customers.json",
        |world, asked| customers::list(world, asked, Format::Json),
        "Customers by `created_since`, `created_before` (both inclusive), `order` (asc, desc) and `limit`, or one by \
         `id`. Needs any `api_token`, or `Authorization: Bearer`.",
    ),
    route("GET", "/v1/customers.xml", |world, asked| customers::list(world, asked, Format::Xml), "The same as XML."),
    route(
        "POST",
        "/v1/customers.json",
        |world, asked| customers::create(world, asked, Format::Json),
        "Creates a customer from `name`, `email`, `address`.",
    ),
    route(
        "POST",
        "/v1/customers.xml",
        |world, asked| customers::create(world, asked, Format::Xml),
        "The same with XML.",
    ),
    route("GET", "/v1/customers/:id.json", |world, asked| customers::show(world, asked, Format::Json), "One customer."),
    route(
        "GET",
        "/v1/customers/:id.xml",
        |world, asked| customers::show(world, asked, Format::Xml),
        "One customer as XML.",
    ),
    route("PUT", "/v1/customers/:id.json", customers::update, "Changes the fields that are given."),
    route("PATCH", "/v1/customers/:id.json", customers::update, "Changes the fields that are given."),
    route("DELETE", "/v1/customers/:id.json", customers::delete, "Removes a customer."),
    route("GET", "/v1/webhooks.json", webhooks::list, "The webhooks that are there."),
    route(
        "POST",
        "/v1/webhooks.json",
        webhooks::create,
        "Takes the `url` that an `event` shall be sent to (`customer.created`, `customer.updated`, `customer.deleted`), on \
         this machine, and a `secret` that signs it: `X-Sandbox-Signature` is `sha256=` and the HMAC of the body.",
    ),
    route("DELETE", "/v1/webhooks/:id.json", webhooks::delete, "Removes a webhook."),
    route(
        "POST",
        "/graphql",
        graphql::answer,
        "GraphQL: `customer(id)`, and `customers(first, after)` with `nodes` and `pageInfo`; `variables` and aliases work.",
    ),
    route("*", "/echo", tools::echo, "The request as it arrived: method, path, query, headers, body."),
    route("*", "/status/:code", tools::status, "An answer with that status."),
    route("*", "/slow/:ms", tools::slow, "An answer after that many milliseconds, at most a minute."),
    route("*", "/redirect/:n", tools::redirects, "That many redirects, then an answer."),
    route("*", "/redirect", tools::redirect, "A redirect `to` a place, with `status` 302 or another."),
    route("*", "/basic-auth/:user/:password", tools::basic_auth, "401 unless these are given by basic authentication."),
    route("GET", "/user", issues::user, "Who the token belongs to."),
    route(
        "GET",
        "/repos/:owner/:name/issues",
        issues::list,
        "Issues of a repository, newest first, by `state` (open, closed, all), `since`, `page` and `per_page`; the \
         `Link` header has the next page.",
    ),
    route("POST", "/repos/:owner/:name/issues", issues::create, "Opens an issue from `title` and `body`."),
    route("GET", "/repos/:owner/:name/issues/:number", issues::show, "One issue."),
    route("GET", "/repos/:owner/:name/issues/:number/comments", issues::comments, "The comments of an issue."),
    route("POST", "/repos/:owner/:name/issues/:number/comments", issues::comment, "Adds a comment from `body`."),
    route(
        "GET",
        "/oauth/authorize",
        oauth::authorize,
        "Grants access at once: goes back to `redirect_uri` with a `code` and the `state`. Clients are `demo` (secret \
         `demo-secret`) and `demo-public`, which needs a `code_challenge` (S256); `consent=denied` is \
         somebody who says no, `lifetime=0` gives a code that has expired.",
    ),
    route(
        "POST",
        "/oauth/token",
        oauth::token,
        "Tokens for a `code` (with its `redirect_uri` and `code_verifier`) or a `refresh_token`, each good once; \
         `demo-refresh-token` is good from the start. Refusals are those of RFC 6749.",
    ),
    route("GET", "/oauth/userinfo", oauth::user_info, "Who the access token belongs to; only for tokens from above."),
    route(
        "POST",
        "/billing/invoices.xml",
        invoices::create,
        "Writes an `<invoice currency=\"EUR\">` of `<customer>` and `<line quantity=\"1\" price=\"9.50\">`s with a \
         `<text>`. Needs any \
         `X-Api-Key`.",
    ),
    route("GET", "/billing/invoices.xml", invoices::list, "All invoices that were written."),
    route("GET", "/billing/invoices/:number.xml", invoices::show, "One invoice with its number and total."),
    route(
        "POST",
        "/billing/files.xml",
        invoices::upload,
        "Takes a multipart form; answers with its fields, and the size and SHA-256 of its files.",
    ),
    route("GET", "/feed.rss", tools::feed, "News as RSS."),
];

/// Finds the route and runs it. HEAD is answered as GET, OPTIONS with the verbs that fit.
pub(crate) fn answer(world: &World, mut asked: Asked) -> Reply {
    let fitting: Vec<(&Route, Vec<(&'static str, String)>)> =
        ROUTES.iter().filter_map(|route| Some((route, captures(route.pattern, &asked.path)?))).collect();
    let wanted = if asked.method == "HEAD" { "GET" } else { asked.method.as_str() };
    if let Some((route, found)) = fitting.iter().find(|(route, _)| route.method == "*" || route.method == wanted) {
        asked.captures.clone_from(found);
        return (route.handler)(world, &asked);
    }
    if fitting.is_empty() {
        let message = format!("nothing is at {}; GET / lists what there is", asked.path);
        return Reply::error(404, format_of(&asked.path), message);
    }
    let allowed: Vec<&str> = fitting.iter().map(|(route, _)| route.method).collect();
    let allowed = allowed.join(", ");
    if asked.method == "OPTIONS" {
        return Reply::empty(204).header("Allow", allowed);
    }
    let message = format!("{} does not take {}, but {allowed}", asked.path, asked.method);
    Reply::error(405, format_of(&asked.path), message).header("Allow", allowed)
}

fn format_of(path: &str) -> Format {
    if path.to_ascii_lowercase().ends_with(".xml") { Format::Xml } else { Format::Json }
}

/// What the `:name` segments of a pattern match in a path, if it fits.
fn captures(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(found),
            (Some(wanted), Some(given)) => match wanted.strip_prefix(':') {
                None if wanted == given => {}
                None => return None,
                Some(name) => {
                    let (name, ending) = name.split_at(name.find('.').unwrap_or(name.len()));
                    let value = given.strip_suffix(ending).filter(|value| !value.is_empty())?;
                    found.push((name, query::unescape(&value.replace('+', "%2B"))));
                }
            },
            _ => return None,
        }
    }
}

fn index(_: &World, asked: &Asked) -> Reply {
    let routes: Vec<_> = ROUTES
        .iter()
        .map(|route| json!({ "method": route.method, "path": route.pattern, "about": route.doc }))
        .collect();
    Reply::json(
        200,
        &json!({
            "name": "connrun sandbox",
            "about": "A demo API for trying connectors: the same question has the same answer, and nothing is kept.",
            "try": format!("{}/v1/customers.json?api_token=any&id=1234", asked.origin()),
            "routes": routes,
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("/", "/", Some("")),
            ("/a/:id.json", "/a/12.json", Some("id=12")),
            ("/a/:id.json", "/a/12.xml", None),
            ("/a/:id.json", "/a/.json", None),
            ("/a/:b/:c", "/a/x%20y/z+", Some("b=x y c=z+")),
            ("/a/:b", "/a/x/y", None),
            ("/a/:b", "/a", None),
        ] {
            let found = captures(pattern, path)
                .map(|found| found.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" "));
            assert_eq!(found.as_deref(), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn rows_are_documented_and_not_shadowed() {
        for (at, route) in ROUTES.iter().enumerate() {
            assert!(route.doc.ends_with('.'), "{}", route.pattern);
            let same = |other: &&Route| other.method == route.method && other.pattern == route.pattern;
            assert_eq!(ROUTES.iter().position(|other| same(&other)), Some(at), "{}", route.pattern);
        }
    }
}
