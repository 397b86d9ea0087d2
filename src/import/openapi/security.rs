//! How requests get their credentials, from the security schemes of a description.

use super::resolved;
use crate::import::model::Auth;
use serde_json::Value as Json;

/// What the first requirement asks for that can be met; other ways are noted.
pub fn auth(document: &Json, notes: &mut Vec<String>) -> Vec<Auth> {
    let schemes = &document["components"]["securitySchemes"];
    let mut requirements: Vec<Vec<(String, Vec<String>)>> = Vec::new();
    let everywhere = document["security"].as_array();
    let first_of_any = document["paths"].as_object().into_iter().flatten().find_map(|(_, item)| {
        item.as_object()?.values().find_map(|operation| operation["security"].as_array().filter(|all| !all.is_empty()))
    });
    for requirement in everywhere.or(first_of_any).into_iter().flatten() {
        let needs = requirement.as_object().into_iter().flatten();
        requirements.push(needs.map(|(name, scopes)| (name.clone(), texts(scopes))).collect());
    }
    // Without a requirement the schemes themselves say how.
    if requirements.is_empty() {
        requirements
            .extend(schemes.as_object().into_iter().flatten().map(|(name, _)| vec![(name.clone(), Vec::new())]));
    }
    let mut chosen: Option<Vec<Auth>> = None;
    for requirement in requirements.iter().filter(|requirement| !requirement.is_empty()) {
        let names: Vec<&str> = requirement.iter().map(|(name, _)| name.as_str()).collect();
        let ways: Option<Vec<Auth>> = requirement
            .iter()
            .map(|(name, scopes)| scheme(resolved(document, &schemes[name.as_str()]), scopes))
            .collect();
        match (ways, &chosen) {
            (Some(ways), None) => chosen = Some(ways),
            (Some(_), Some(_)) => notes.push(format!("another way to log in: {}", names.join(" and "))),
            (None, _) => notes.push(format!("a way to log in: {}", names.join(" and "))),
        }
    }
    chosen.unwrap_or_default()
}

fn texts(value: &Json) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

fn scheme(scheme: &Json, scopes: &[String]) -> Option<Auth> {
    let name = || scheme["name"].as_str().map(str::to_owned);
    match scheme["type"].as_str()? {
        "apiKey" => match scheme["in"].as_str()? {
            "header" => name().map(Auth::Header),
            "query" => name().map(Auth::Query),
            "cookie" => name().map(Auth::Cookie),
            _ => None,
        },
        "http" => match scheme["scheme"].as_str()?.to_ascii_lowercase().as_str() {
            "basic" => Some(Auth::Basic),
            "bearer" => Some(Auth::Bearer),
            _ => None,
        },
        "oauth2" => oauth2(&scheme["flows"], scopes),
        _ => None,
    }
}

fn oauth2(flows: &Json, scopes: &[String]) -> Option<Auth> {
    let text = |flow: &str, key: &str| flows[flow][key].as_str().map(str::to_owned);
    let all = |flow: &str| -> Vec<String> {
        if scopes.is_empty() {
            flows[flow]["scopes"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
        } else {
            scopes.to_vec()
        }
    };
    if let (Some(authorize), Some(token)) =
        (text("authorizationCode", "authorizationUrl"), text("authorizationCode", "tokenUrl"))
    {
        return Some(Auth::OAuth2 { authorize, token, scopes: all("authorizationCode") });
    }
    let token = text("clientCredentials", "tokenUrl")?;
    Some(Auth::ClientCredentials { token, scopes: all("clientCredentials") })
}
