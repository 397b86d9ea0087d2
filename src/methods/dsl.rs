//! Bare calls of a lambda that reach the connector: requests, `call`, `error`, tables and properties of the account,
//! steps of a long action. Here they are only named and documented; the platform carries them out.

use super::{Args, Host, Method, Receiver, Table, sdk};
use crate::text::Name;
use crate::value::{ClassId, Result, Value, raise};

/// The rows of every context.
pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Context, rows: ROWS },
    Table { receiver: Receiver::Namespace("aws"), rows: AWS },
    Table { receiver: Receiver::Namespace("workato.stream"), rows: STREAM },
];

/// Members of `aws`, sorted by name.
const AWS: &[Method] = &[
    sdk(
        "generate_signature",
        "(connection:, service:, region:, host: nil, path: '/', method: 'GET', params: {}, headers: {}, payload: '') -> Hash",
        "Address and headers of a request, signed for one of Amazon's services.",
        "",
        |host, _, args| connector(host, "aws_signature", args),
    ),
    sdk(
        "iam_external_id",
        "() -> String",
        "The external id that a role has to be assumed with.",
        "aws.iam_external_id => \"dummy-aws-iam-external-id\"",
        |host, _, args| connector(host, "aws_external_id", args),
    ),
    sdk(
        "workato_account_id",
        "() -> String",
        "The account that assumes roles.",
        "aws.workato_account_id => \"dummy-aws-workato-account-id\"",
        |host, _, args| connector(host, "aws_account_id", args),
    ),
];

/// Members of `workato.stream`, sorted by name.
const STREAM: &[Method] = &[
    sdk(
        "in",
        "(source, from: nil, frame_size: nil) { |chunk, from, to, eof, next_from| } -> nil",
        "Runs the block with each chunk of a stream, a text or a hash of chunks.",
        "workato.stream.in('hello') { |chunk, from, to, eof, next_from| puts chunk } => nil",
        |host, _, args| connector(host, "stream_in", args),
    ),
    sdk(
        "out",
        "(name, input = {}) -> Stream",
        "A stream of the connector, to be read where the output is used.",
        "",
        |host, _, args| connector(host, "stream_out", args),
    ),
];

/// Sorted by name.
const ROWS: &[Method] = &[
    sdk(
        "account_property",
        "(name) -> String or nil",
        "A property of the account.",
        "account_property('nope') => nil",
        |host, _, args| connector(host, "account_property", args),
    ),
    sdk(
        "aws",
        "() -> AWS",
        "Signatures for Amazon's services.",
        "aws.iam_external_id => \"dummy-aws-iam-external-id\"",
        |host, _, args| connector(host, "aws", args),
    ),
    sdk("call", "(method, *args) -> Object", "Runs a lambda of `methods` with the same self.", "", |host, _, args| {
        connector(host, "call", args)
    }),
    sdk(
        "checkpoint!",
        "(continue:, temp_output: nil)",
        "Lets an action that runs for long go on in a new step.",
        "checkpoint!(continue: { page: 2 }) => nil",
        |host, _, args| connector(host, "checkpoint!", args),
    ),
    sdk(
        "copy",
        "(url, payload = nil) -> Request",
        "A COPY request with a JSON payload.",
        "copy('http://h/').current_verb => \"COPY\"",
        |host, _, args| connector(host, "copy", args),
    ),
    sdk(
        "delete",
        "(url, payload = nil) -> Request",
        "A DELETE request; a hash is its JSON payload.",
        "delete('http://h/').current_verb => \"DELETE\"",
        |host, _, args| connector(host, "delete", args),
    ),
    sdk(
        "error",
        "(message)",
        "Fails the job with that message.",
        "error('no') => Workato::Connector::Sdk::RuntimeError: no",
        |host, _, args| connector(host, "error", args),
    ),
    sdk(
        "execution_context",
        "() -> Hash",
        "What is known of the job: `recipe_id`, and `job_id` where there is one.",
        "execution_context.key?(:recipe_id) => true",
        |host, _, args| connector(host, "execution_context", args),
    ),
    sdk(
        "get",
        "(url, params = {}) -> Request",
        "A GET request; the hash is its query.",
        "get('http://h/', a: 1).current_url => \"http://h/?a=1\"",
        |host, _, args| connector(host, "get", args),
    ),
    sdk(
        "head",
        "(url, params = {}) -> Request",
        "A HEAD request; the hash is its query.",
        "head('http://h/').current_verb => \"HEAD\"",
        |host, _, args| connector(host, "head", args),
    ),
    sdk(
        "lookup",
        "(table, *conditions) -> Hash",
        "The first row of a lookup table that fits, or an empty hash.",
        "",
        |host, _, args| connector(host, "lookup", args),
    ),
    sdk(
        "move",
        "(url, payload = nil) -> Request",
        "A MOVE request with a JSON payload.",
        "move('http://h/').current_verb => \"MOVE\"",
        |host, _, args| connector(host, "move", args),
    ),
    sdk(
        "options",
        "(url, params = {}) -> Request",
        "An OPTIONS request; the hash is its query.",
        "options('http://h/').current_verb => \"OPTIONS\"",
        |host, _, args| connector(host, "options", args),
    ),
    sdk(
        "parallel",
        "(requests = [], threads: 1, rpm: nil, requests_per_period: nil, period: 60) -> Array",
        "Sends requests at the same time: whether all succeeded, the answers, the messages of the failures.",
        "parallel([]) => [true, [], []]",
        |host, _, args| connector(host, "parallel", args),
    ),
    sdk(
        "patch",
        "(url, payload = nil) -> Request",
        "A PATCH request with a JSON payload.",
        "patch('http://h/').current_verb => \"PATCH\"",
        |host, _, args| connector(host, "patch", args),
    ),
    sdk(
        "post",
        "(url, payload = nil) -> Request",
        "A POST request with a JSON payload.",
        "post('http://h/', a: 1).current_verb => \"POST\"",
        |host, _, args| connector(host, "post", args),
    ),
    sdk(
        "put",
        "(url, payload = nil) -> Request",
        "A PUT request with a JSON payload.",
        "put('http://h/').current_verb => \"PUT\"",
        |host, _, args| connector(host, "put", args),
    ),
    sdk("recipe_id!", "() -> String", "The id of the running recipe.", "recipe_id!.length => 64", |host, _, args| {
        connector(host, "recipe_id!", args)
    }),
    sdk(
        "reinvoke_after",
        "(seconds:, continue:, temp_output: nil)",
        "Ends this step; `execute` runs again after that time with `continue` as its last argument.",
        "",
        |host, _, args| connector(host, "reinvoke_after", args),
    ),
    sdk(
        "suspend",
        "(continue:, expires_at:)",
        "Ends this step until somebody resumes the job, or until it expires.",
        "",
        |host, _, args| connector(host, "suspend", args),
    ),
    sdk("workato_schema", "(id) -> Array", "A schema of the account.", "", |host, _, args| {
        connector(host, "workato_schema", args)
    }),
];

/// Calls a function of the connector.
pub(super) fn connector(host: &mut dyn Host, name: &'static str, args: Args) -> Result<Value> {
    let platform = host.platform();
    platform.call(host, Name::new(name), &args).unwrap_or_else(|| {
        let context = host.receiver().class().name();
        Err(raise(ClassId::NO_METHOD_ERROR, format!("undefined method `{name}' for #<{context}>")))
    })
}
