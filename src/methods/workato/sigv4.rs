//! Signature Version 4 of Amazon's services.

use crate::methods::crypto::Algorithm;

/// A request to sign.
pub struct Request<'a> {
    pub method: &'a str,
    pub host: &'a str,
    /// Encoded, as it stands in the URL.
    pub path: &'a str,
    /// Encoded, as it stands in the URL; sorted here.
    pub query: &'a str,
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
}

/// With which key, for which service.
pub struct Signer<'a> {
    pub access_key: &'a str,
    pub secret_key: &'a str,
    pub session_token: Option<&'a str>,
    pub region: &'a str,
    pub service: &'a str,
    /// `20240315T123456Z`
    pub time: &'a str,
    /// Adds a header with the body's digest.
    pub checksum_header: bool,
    /// Encodes the path once more, as all services but S3 want it.
    pub escape_path: bool,
}

/// Headers that say nothing about the request.
const UNSIGNED: [&str; 14] = [
    "authorization",
    "connection",
    "cache-control",
    "content-length",
    "expect",
    "from",
    "if-match",
    "keep-alive",
    "max-forwards",
    "pragma",
    "referer",
    "te",
    "user-agent",
    "x-amzn-trace-id",
];

/// The headers to add, in lower case, the signature last.
pub fn sign(request: &Request, signer: &Signer) -> Vec<(String, String)> {
    let digest = body_digest(request);
    let mut added =
        vec![("host".to_owned(), request.host.to_owned()), ("x-amz-date".to_owned(), signer.time.to_owned())];
    if let Some(token) = signer.session_token {
        added.push(("x-amz-security-token".to_owned(), token.to_owned()));
    }
    if signer.checksum_header {
        added.push(("x-amz-content-sha256".to_owned(), digest.clone()));
    }
    let mut signed: Vec<(String, String)> =
        request.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    for (name, value) in &added {
        match signed.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => old.clone_from(value),
            None => signed.push((name.clone(), value.clone())),
        }
    }
    signed.retain(|(name, _)| !UNSIGNED.contains(&name.as_str()));
    signed.sort();
    let names = signed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let canonical = canonical(request, signer, &signed, &names, &digest);
    let (scope, signature) = signature(signer, &canonical);
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        signer.access_key
    );
    added.push(("authorization".to_owned(), authorization));
    added
}

/// The digest of the body, or what a header says of it already.
fn body_digest(request: &Request) -> String {
    let given = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-amz-content-sha256"));
    given.map_or_else(|| hex::encode(Algorithm::Sha256.digest(request.body)), |(_, digest)| digest.clone())
}

fn canonical(request: &Request, signer: &Signer, headers: &[(String, String)], names: &str, digest: &str) -> String {
    let mut out = format!("{}\n", request.method.to_uppercase());
    if signer.escape_path {
        out.push_str(&escaped_path(request.path));
    } else {
        out.push_str(request.path);
    }
    let mut pairs: Vec<String> = request
        .query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") })
        .collect();
    pairs.sort();
    out.push_str(&format!("\n{}\n", pairs.join("&")));
    for (name, value) in headers {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        out.push_str(&format!("{name}:{value}\n"));
    }
    out + &format!("\n{names}\n{digest}")
}

/// Each segment of the path percent-encoded (again).
fn escaped_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn signature(signer: &Signer, canonical: &str) -> (String, String) {
    let sha = Algorithm::Sha256;
    let day = signer.time.get(..8).unwrap_or(signer.time);
    let scope = format!("{day}/{}/{}/aws4_request", signer.region, signer.service);
    let digest = hex::encode(sha.digest(canonical.as_bytes()));
    let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{digest}", signer.time);
    let mut key = format!("AWS4{}", signer.secret_key).into_bytes();
    for part in [day, signer.region, signer.service, "aws4_request"] {
        key = sha.hmac(&key, part.as_bytes());
    }
    (scope, hex::encode(sha.hmac(&key, to_sign.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of Amazon's published suite: `get-vanilla-query-order-key-case`.
    #[test]
    fn the_published_suite_is_signed_alike() {
        let request = Request {
            method: "GET",
            host: "example.amazonaws.com",
            path: "/",
            query: "Param2=value2&Param1=value1",
            headers: &[],
            body: b"",
        };
        let signer = Signer {
            access_key: "AKIDEXAMPLE",
            secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            session_token: None,
            region: "us-east-1",
            service: "service",
            time: "20150830T123600Z",
            checksum_header: false,
            escape_path: true,
        };
        let authorization = sign(&request, &signer).pop().map(|(_, value)| value);
        let expected = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                        SignedHeaders=host;x-amz-date, \
                        Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
        assert_eq!(authorization.as_deref(), Some(expected));
    }
}
