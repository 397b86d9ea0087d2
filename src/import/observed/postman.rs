//! Requests from a collection of Postman (2.0 and 2.1), with the answers that were saved beside them.

use super::{Observed, Payload};
use crate::import::model::Auth;
use serde_json::Value as Json;

/// How deep folders may nest.
const DEPTH: usize = 50;

/// The title, and the requests. Errors: it is no collection, or none of it is a request.
pub fn requests(document: &Json) -> Result<(String, Vec<Observed>), String> {
    // What the API of Postman gives has the collection one level deeper.
    let collection = if document["collection"].is_object() { &document["collection"] } else { document };
    let items = collection["item"].as_array().ok_or("it has no `item`, as collections of Postman 2 do")?;
    let variables: Vec<(String, String)> = collection["variable"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|variable| Some((variable["key"].as_str()?.to_owned(), variable["value"].as_str()?.to_owned())))
        .collect();
    let mut reader = Reader { variables, requests: Vec::new() };
    reader.items(items, auth(&collection["auth"]).as_ref(), 0);
    if reader.requests.is_empty() {
        return Err("there is no request in it".to_owned());
    }
    let title = collection["info"]["name"].as_str().unwrap_or("My API").to_owned();
    Ok((title, reader.requests))
}

struct Reader {
    variables: Vec<(String, String)>,
    requests: Vec<Observed>,
}

impl Reader {
    fn items(&mut self, items: &[Json], above: Option<&Auth>, depth: usize) {
        for item in items.iter().filter(|_| depth < DEPTH) {
            let own = auth(&item["auth"]).or_else(|| auth(&item["request"]["auth"]));
            let in_force = own.as_ref().or(above);
            match item["item"].as_array() {
                Some(inner) => self.items(inner, in_force, depth + 1),
                None => {
                    let observed = self.observed(item, in_force);
                    self.requests.extend(observed);
                }
            }
        }
    }

    fn observed(&self, item: &Json, auth: Option<&Auth>) -> Option<Observed> {
        let request = &item["request"];
        let url = request["url"].as_str().or_else(|| request["url"]["raw"].as_str()).or_else(|| request.as_str())?;
        let mut url = self.filled(url);
        if !url.contains("://") {
            // Where the base is a variable without a value, the address is unknown: a host that stands for it.
            let path = url.split_once("}}").map_or(url.as_str(), |(_, path)| path);
            url = format!("https://api.example.com/{}", path.trim_start_matches('/'));
        }
        let headers = request["header"].as_array().into_iter().flatten().filter(|header| header["disabled"] != true);
        let headers: Vec<(String, String)> = headers
            .filter_map(|header| Some((header["key"].as_str()?.to_owned(), self.filled(header["value"].as_str()?))))
            .collect();
        let answers = item["response"].as_array();
        let saved = answers.into_iter().flatten().find(|answer| answer["code"].as_u64().is_none_or(|code| code < 300));
        let answer = saved.and_then(|answer| serde_json::from_str(answer["body"].as_str()?).ok());
        let text = |value: &Json| value.as_str().or_else(|| value["content"].as_str()).map(str::to_owned);
        Some(Observed {
            name: item["name"].as_str().map(str::to_owned),
            about: text(&request["description"]),
            method: request["method"].as_str().unwrap_or("GET").to_ascii_uppercase(),
            url,
            body: self.body(&request["body"], &headers),
            headers,
            answer,
            auth: auth.cloned(),
            other_answer: false,
        })
    }

    fn body(&self, body: &Json, headers: &[(String, String)]) -> Payload {
        let enabled = |list: &Json| -> Vec<Json> {
            list.as_array().into_iter().flatten().filter(|pair| pair["disabled"] != true).cloned().collect()
        };
        let text = |value: &Json| self.filled(value.as_str().unwrap_or_default());
        match body["mode"].as_str() {
            Some("raw") => {
                let said = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
                let language = body["options"]["raw"]["language"].as_str().unwrap_or_default();
                let usual = if language == "xml" { "application/xml" } else { "" };
                Payload::of(said.map_or(usual, |(_, value)| value), &text(&body["raw"]))
            }
            Some("urlencoded") => {
                let pairs = enabled(&body["urlencoded"]).into_iter();
                Payload::Form(pairs.map(|pair| (text(&pair["key"]), text(&pair["value"]))).collect())
            }
            Some("formdata") => {
                let pairs = enabled(&body["formdata"]).into_iter();
                let part = |pair: Json| (text(&pair["key"]), text(&pair["value"]), pair["type"] == "file");
                Payload::Multipart(pairs.map(part).collect())
            }
            Some("graphql") => Payload::Json(serde_json::json!({ "query": "", "variables": {} })),
            _ => Payload::None,
        }
    }

    /// The text with the collection's variables in it; others stay as they are.
    fn filled(&self, text: &str) -> String {
        let fill = |text: String, (name, value): &(String, String)| text.replace(&format!("{{{{{name}}}}}"), value);
        self.variables.iter().fold(text.to_owned(), fill)
    }
}

fn auth(auth: &Json) -> Option<Auth> {
    let of = |kind: &str, key: &str| {
        let list = auth[kind].as_array().into_iter().flatten();
        let found = list.filter(|pair| pair["key"] == key).find_map(|pair| pair["value"].as_str());
        found.or_else(|| auth[kind][key].as_str()).map(str::to_owned)
    };
    match auth["type"].as_str()? {
        "basic" => Some(Auth::Basic),
        "bearer" | "jwt" => Some(Auth::Bearer),
        "apikey" => {
            let name = of("apikey", "key").unwrap_or_else(|| "X-Api-Key".to_owned());
            Some(if of("apikey", "in").as_deref() == Some("query") { Auth::Query(name) } else { Auth::Header(name) })
        }
        "oauth2" => match (of("oauth2", "authUrl"), of("oauth2", "accessTokenUrl")) {
            (Some(authorize), Some(token)) => Some(Auth::OAuth2 { authorize, token, scopes: Vec::new() }),
            _ => Some(Auth::Bearer),
        },
        _ => None,
    }
}
