//! `workato.…`: formats, chance, certificates, and its packages.

use super::{namespace, refuse};
use crate::methods::crypto::{Algorithm, Certificate, RsaKey};
use crate::methods::stdlib::{bytes_arg, random_bytes, uuid};
use crate::methods::{Args, Host, Method, json, sdk};
use crate::value::yaml::{self, YamlMode};
use crate::value::{ClassId, Result, Value, raise, to_s};

pub(super) const ROWS: &[Method] = &[
    sdk(
        "csv",
        "() -> CSV",
        "Reads and writes CSV.",
        "workato.csv.generate { |csv| csv << [1] } => \"1\\n\"",
        |_, _, _| Ok(namespace("workato.csv")),
    ),
    sdk(
        "net",
        "() -> Net",
        "Asks name servers.",
        "workato.net.nope => Workato::Connector::Sdk::UndefinedStdLibMethodError: Undefined method 'nope' for \"workato.net\" namespace",
        |_, _, _| Ok(namespace("workato.net")),
    ),
    sdk(
        "parse_json",
        "(source) -> Object",
        "Reads JSON text; a request is executed, anything else is itself.",
        "workato.parse_json('[1]') => [1]",
        json::parse_json,
    ),
    sdk(
        "parse_yaml",
        "(text) -> Object",
        "Reads YAML that holds plain data.",
        "workato.parse_yaml(\"a: 1\\nb: [x, yes]\") => {\"a\"=>1, \"b\"=>[\"x\", true]}\nworkato.parse_yaml('a: :b') => Workato::Connector::Sdk::ArgumentError: YAML Parsing error. Tried to load unspecified class: Symbol",
        |_, _, args| {
            let text = args.str(0)?.to_text();
            yaml::parse(&text, YamlMode::Safe).map_err(|error| refuse(format!("YAML Parsing error. {}", error.message)))
        },
    ),
    sdk(
        "pbkdf2_hmac_sha1",
        "(text, salt, iterations = 1000, key_len = 16) -> Binary",
        "A key derived from a password.",
        "workato.pbkdf2_hmac_sha1('pass', 'salt').encode_hex => \"3bcf2cb1b21e0e2030d10d24982a0aaf\"",
        |host, _, args| {
            let rounds = if args.get(2).is_nil() { 1000 } else { args.int(2)? };
            let length = if args.get(3).is_nil() { 16 } else { args.int(3)? };
            let length = usize::try_from(length).unwrap_or(0);
            host.charge(length)?;
            let rounds = u32::try_from(rounds.max(1)).unwrap_or(u32::MAX);
            Ok(Value::binary(Algorithm::Sha1.pbkdf2(&bytes_arg(&args, 0)?, &bytes_arg(&args, 1)?, rounds, length)))
        },
    ),
    sdk(
        "random_bytes",
        "(count) -> Binary",
        "At most 32 random bytes.",
        "workato.random_bytes(8).length => 8\nworkato.random_bytes(33) => Workato::Connector::Sdk::ArgumentError: The requested length or random bytes sequence should be <= 32",
        |host, _, args| match args.get(0) {
            Value::Int(count @ ..=32) => {
                let count = usize::try_from(count)
                    .map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative string size (or size too big)"))?;
                Ok(Value::binary(random_bytes(host, count)))
            }
            _ => Err(refuse("The requested length or random bytes sequence should be <= 32")),
        },
    ),
    sdk(
        "render_yaml",
        "(value) -> String",
        "The value as YAML.",
        "workato.render_yaml({ 'a' => [1, nil] }) => \"---\\na:\\n- 1\\n-\\n\"",
        |host, _, args| {
            let plain = json::without_objects(host, &args.get(0))?;
            Ok(Value::string(yaml::dump(&plain)))
        },
    ),
    sdk("stream", "() -> Stream", "Streams of actions and triggers.", "", |_, _, _| Ok(namespace("workato.stream"))),
    sdk("uuid", "() -> String", "A random UUID.", "workato.uuid.length => 36", |host, _, _| {
        Ok(Value::string(uuid(host)))
    }),
    sdk(
        "verify_rsa",
        "(payload, certificate, signature, algorithm = 'SHA256') -> true or false",
        "Whether the holder of the certificate signed the payload.",
        "workato.verify_rsa('data', 'bad', 'sig') => Workato::Connector::Sdk::ArgumentError: Invalid certificate format",
        verify_rsa,
    ),
];

pub(super) const NET: &[Method] = &[sdk(
    "lookup",
    "(name, record) -> Array",
    "Not offered: name servers are asked by the system that sends the requests.",
    "workato.net.lookup('h', 'MX') => Workato::Connector::Sdk::ArgumentError: Record type not supported, Supported types: \"A\", \"SRV\"",
    |_, _, args| {
        let record = args.str(1)?.to_text().to_uppercase();
        Err(if matches!(record.as_str(), "A" | "SRV") {
            raise(
                ClassId::SDK_NET_LOOKUP_ERROR,
                format!("workato.net.lookup is not supported by connrun: cannot ask name servers for {}", args.text(0)),
            )
        } else {
            refuse("Record type not supported, Supported types: \"A\", \"SRV\"")
        })
    },
)];

fn verify_rsa(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    const ALGORITHMS: [&str; 6] = ["SHA", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"];
    let name = args.given(3).map_or_else(|| "SHA256".to_owned(), |name| to_s(name).to_text().to_uppercase());
    let algorithm = ALGORITHMS.contains(&name.as_str()).then(|| Algorithm::find(&name)).flatten();
    let Some(algorithm) = algorithm else {
        let message = format!("Unsupported signing method. Supports only {}. Got: '{name}'", ALGORITHMS.join(", "));
        return Err(refuse(message));
    };
    let (certificate, signature, payload) = (bytes_arg(&args, 1)?, bytes_arg(&args, 2)?, bytes_arg(&args, 0)?);
    let certificate = Certificate::read(&certificate).ok_or_else(|| refuse("Invalid certificate format"))?;
    let pem = certificate.public_key_pem().unwrap_or_default();
    if let Some(key) = RsaKey::read(pem.as_bytes(), None) {
        return Ok(Value::bool(key.verify(algorithm, &signature, &payload)));
    }
    let key = crate::methods::crypto::EcKey::read(pem.as_bytes(), None);
    key.map(|key| Value::bool(key.verify_der(algorithm, &signature, &payload)))
        .ok_or_else(|| refuse("An error occurred during signature verification. Check arguments"))
}
