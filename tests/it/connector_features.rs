//! What connectors can do, one topic a test: runs with their results and the requests that left.

use crate::support::connector::{Case, Ran, parse};
use crate::support::exchanges::Exchanges;
use serde_json::{Value, json};
use std::fmt::Write;

/// A connector with a server beside it, and the story of its runs so far.
struct Story {
    case: Case,
    server: Exchanges,
    text: String,
}

impl Story {
    /// `settings` may say `{{BASE}}` for the server's address; `base` is a setting of its own.
    fn new(source: &str) -> Self {
        let server = Exchanges::start();
        let settings = json!({ "base": server.base });
        Self { case: Case::new(source).settings(&settings.to_string()), server, text: String::new() }
    }

    fn settings(mut self, more: &Value) -> Self {
        let mut settings: Value = serde_json::from_str(&self.case.settings).unwrap();
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        self.case = self.case.settings(&settings.to_string());
        self
    }

    fn habits(mut self, change: impl FnOnce(&mut connrun::connector::Habits)) -> Self {
        self.case = self.case.habits(change);
        self
    }

    /// Runs a path with an input while the server has these answers; tells what came of it.
    fn run(&mut self, path: &str, input: &Value, answers: &[Value]) {
        self.server.load(answers);
        let ran = self.case.run(path, &input.to_string());
        self.tell(path, &ran);
    }

    fn run_with(
        &mut self,
        path: &str,
        answers: &[Value],
        fill: impl FnOnce(&mut connrun::connector::Inputs) + Send + 'static,
    ) {
        self.server.load(answers);
        let ran = self.case.run_with(path, fill);
        self.tell(path, &ran);
    }

    fn tell(&mut self, path: &str, ran: &Ran) {
        writeln!(self.text, "== {path}\n{ran}").unwrap();
        for request in self.server.requests() {
            let line = |key: &str| request[key].as_str().unwrap_or_default().to_owned();
            let headers: Vec<String> = request["headers"]
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| *name != "accept")
                .map(|(name, value)| format!("{name}: {}", value.as_str().unwrap_or_default()))
                .collect();
            writeln!(self.text, "-> {} {} [{}] {}", line("method"), line("target"), headers.join("; "), line("body"))
                .unwrap();
        }
        self.text = self.text.replace(&self.server.base, "{{BASE}}");
    }
}

const BASE: &str = "connection: { base_uri: ->(connection) { connection['base'] } },";

fn connector(rest: &str) -> Story {
    Story::new(&format!("{{ title: 't', {BASE} {rest} }}"))
}

#[test]
fn xml_goes_out_and_comes_back() {
    let mut story = connector(
        r"actions: {
          send: { execute: ->(_c, input) { post('/x', input['payload']).format_xml('root', '@xmlns' => 'urn:x') } },
          order: { execute: ->(_c, _i) { post('/x', b: 2, a: 1, order!: [:a, :b]).format_xml('root') } },
          read: { execute: ->(_c, _i) { get('/x').response_format_xml } },
          strip: { execute: ->(_c, _i) { get('/x').response_format_xml(strip_response_namespaces: true) } },
          text: { execute: ->(_c, _i) { post('/x', 'text').format_xml('root') } }
        }",
    );
    let ok = json!({ "body": "<ok/>" });
    let payload = json!({
        "a": 1, "n": null, "e": "", "h": {}, "none": [], "list": [1, null, { "@id": 5, "content!": "v", "k": "<&" }],
        "attr": { "@x": "a\"b", "content!": "t&t" }, "raw!": "<b/>", "self/": "gone", "nested": [[1, 2]], "q": "\"'",
        "odd": [{ "@y": { "content!": [{ "z": 1 }] } }]
    });
    story.run("actions.send.execute", &json!({ "payload": payload }), std::slice::from_ref(&ok));
    story.run("actions.order.execute", &json!({}), &[ok]);
    let document =
        json!({ "body": "<?xml version='1.0'?><n:a xmlns:n='u' n:k='1'><n:b>x</n:b> <n:b/>t<![CDATA[<&]]></n:a>" });
    story.run("actions.read.execute", &json!({}), std::slice::from_ref(&document));
    story.run("actions.strip.execute", &json!({}), &[document]);
    story.run("actions.read.execute", &json!({}), &[json!({ "body": "<a><b></a>" })]);
    story.run("actions.text.execute", &json!({}), &[]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn requests_execute_when_they_are_looked_at() {
    let mut story = connector(
        r"actions: {
          twice: { execute: ->(_c, _i) { r = get('/n'); [r['v'], r['v'], r.dig('v')] } },
          null: { execute: ->(_c, _i) { r = get('/n'); [r.presence, r.presence] } },
          never: { execute: ->(_c, _i) { get('/never'); { ok: true } } },
          truth: { execute: ->(_c, _i) { r = get('/n'); { truthy: (r ? 1 : 2), nil: r.nil?, cls: r.class.name } } },
          negated: { execute: ->(_c, _i) { r = get('/n'); { not: !r, eq: r == { 'v' => 1 }, hash: r.is_a?(Hash) } } },
          case_when: { execute: ->(_c, _i) { case get('/n') when Hash then 'hash' when Array then 'array' else 'other' end } },
          splat: { execute: ->(_c, _i) { { **get('/n').to_h.symbolize_keys }.merge(get('/n')) } },
          text: { execute: ->(_c, _i) { { s: get('/n').to_s, j: { r: get('/n') }.to_json, i: (1..2).map { get('/n')['v'] } } } },
          deep: { execute: ->(_c, _i) { { a: [get('/n'), { b: get('/n') }] } } },
          again: { execute: lambda do |_c, _i|
            r = get('/n')
            begin
              r['v']
            rescue StandardError => e
              { first: e.message, second: r['v'] }
            end
          end },
          handled: { execute: lambda do |_c, _i|
            r = get('/n').after_error_response(404) { { 'v' => 'gone' } }
            [r['v'], r['v']]
          end }
        }",
    );
    let one = json!({ "json": { "v": 1 }, "repeat": true });
    for name in ["twice", "never", "truth", "negated", "case_when", "splat", "text", "deep"] {
        story.run(&format!("actions.{name}.execute"), &json!({}), std::slice::from_ref(&one));
    }
    story.run("actions.null.execute", &json!({}), &[json!({ "body": "null" })]);
    story.run("actions.again.execute", &json!({}), &[json!({ "status": 500 }), json!({ "json": { "v": 2 } })]);
    story.run("actions.handled.execute", &json!({}), &[json!({ "status": 404 })]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn failures_say_where_and_why() {
    let mut story = connector(
        r#"methods: { fetch: ->(id) { get("/users/#{id}") } },
        actions: {
          lazy: { execute: ->(_c, _i) { { user: call('fetch', 7) } } },
          typo: { execute: ->(_c, _i) { call('fetsh', 7) } },
          option: { execute: ->(_c, _i) { get('/x').respons_format_raw } },
          json: { execute: ->(_c, _i) { get('/x') } },
          relative: { execute: ->(_c, _i) { get('http://[bad') } },
          refused: { execute: ->(_c, _i) { get('http://127.0.0.1:1/') } },
          nil_key: { execute: ->(_c, _i) { get('/x')['a']['b'] } },
          list: { execute: ->(_c, _i) { [1] } }
        }"#,
    );
    story.run("actions.lazy.execute", &json!({}), &[json!({ "status": 404, "body": "no such user" })]);
    story.run("actions.typo.execute", &json!({}), &[]);
    story.run("actions.option.execute", &json!({}), &[json!({ "json": {} })]);
    story.run("actions.json.execute", &json!({}), &[json!({ "body": "<html>" })]);
    story.run("actions.relative.execute", &json!({}), &[]);
    story.run("actions.refused.execute", &json!({}), &[]);
    story.run("actions.nil_key.execute", &json!({}), &[json!({ "json": {} })]);
    story.run("actions.list", &json!({}), &[]);
    story.run("actions.lazzy", &json!({}), &[]);
    story.run("actions.lazy.exec", &json!({}), &[]);
    story.run("action.lazy", &json!({}), &[]);
    story.run("streams.none", &json!({}), &[]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn credentials_are_renewed_once() {
    let source = "{ title: 't', connection: { authorization: { type: 'custom_auth',
          acquire: ->(connection) { { token: post('/login', user: connection['user'])['token'] } },
          refresh_on: ['Unauthorized', /expired/], detect_on: [/signed out/],
          apply: ->(connection) { headers('X-Token': connection['token']) } },
          base_uri: ->(connection) { connection['base'] } },
        actions: { a: { execute: ->(connection, _i) { { r: get('/a'), before: connection['token'] } } } } }"
        .to_string();
    let mut story = Story::new(&source).settings(&json!({ "user": "u", "token": "old" }));
    let login = |token: &str| json!({ "path": "/login", "json": { "token": token } });
    let good = json!({ "path": "/a", "json": { "ok": true } });
    let path = "actions.a.execute";
    story.run(path, &json!({}), &[json!({ "path": "/a", "status": 401 }), login("new"), good.clone()]);
    story.run(
        path,
        &json!({}),
        &[json!({ "path": "/a", "status": 400, "body": "token expired" }), login("new"), good.clone()],
    );
    story.run(path, &json!({}), &[json!({ "path": "/a", "body": "\"signed out\"" }), login("new"), good]);
    story.run(path, &json!({}), &[json!({ "path": "/a", "status": 401, "repeat": true }), login("new")]);
    story.run(path, &json!({}), &[json!({ "path": "/a", "status": 401 }), json!({ "path": "/login", "status": 403 })]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn long_actions_go_on_later() {
    let mut story = connector(
        r"actions: {
          steps: { execute: lambda do |_c, input, _e, _o, continue|
            n = (continue['n'] || 0) + 1
            reinvoke_after(seconds: 5, continue: { n: n }) if n < input['steps']
            { n: n }
          end },
          no_rescue: { execute: lambda do |_c, _i, _e, _o, continue|
            begin
              reinvoke_after(seconds: 1, continue: { done: true }) if continue.blank?
            rescue StandardError
              puts 'rescued'
            ensure
              puts 'ensured'
            end
            continue
          end },
          flaky: { retry_on_response: [503, /busy/], retry_on_request: [:post], max_retries: 2,
            execute: ->(_c, _i) { post('/f') } },
          wait: {
            before_suspend: ->(token, _at, continue) { puts token.size, continue['job'] },
            before_resume: ->(data, _input, continue) { continue['data'] = data['x'] },
            before_timeout_resume: ->(_input, continue) { continue['data'] = 'late' },
            execute: lambda do |_c, _i, _e, _o, continue|
              suspend(continue: { job: 7 }, expires_at: '2024-04-01T00:00:00Z') if continue['job'].blank?
              continue
            end },
          checkpoint: { execute: ->(_c, _i) { checkpoint!(continue: { a: 1 }); { ok: true } } },
          wrong: { execute: ->(_c, _i) { reinvoke_after(seconds: '5', continue: {}) } },
          missing: { execute: ->(_c, _i) { reinvoke_after(seconds: 5) } }
        }",
    )
    .habits(|habits| habits.max_reinvokes = 3);
    story.run("actions.steps.execute", &json!({ "steps": 3 }), &[]);
    story.run("actions.steps.execute", &json!({ "steps": 9 }), &[]);
    story.run("actions.no_rescue.execute", &json!({}), &[]);
    let busy = json!({ "status": 503, "body": "busy" });
    story.run("actions.flaky.execute", &json!({}), &[busy.clone(), json!({ "json": { "ok": true } })]);
    story.run("actions.flaky.execute", &json!({}), &[busy.clone(), busy.clone(), busy]);
    story.run("actions.flaky.execute", &json!({}), &[json!({ "status": 503, "body": "down" })]);
    story.run("actions.wait.execute", &json!({}), &[]);
    story.run_with("actions.wait.execute", &[], |inputs| {
        inputs.continued = parse(r#"{"job":7}"#);
        inputs.resume = Some(parse(r#"{"x":1}"#));
    });
    story.run_with("actions.wait.execute", &[], |inputs| {
        inputs.continued = parse(r#"{"job":7}"#);
        inputs.resume_timeout = true;
    });
    for name in ["checkpoint", "wrong", "missing"] {
        story.run(&format!("actions.{name}.execute"), &json!({}), &[]);
    }
    insta::assert_snapshot!(story.text);
}

const TRIGGERS: &str = r"triggers: {
  asc: {
    poll: ->(_c, _i, page) { p = (page || 0) + 1; r = get('/e', p: p); { events: r['e'], next_poll: p, can_poll_more: r['more'] } },
    dedup: ->(event) { event['id'] }
  },
  desc: {
    type: :paging_desc,
    poll: ->(_c, _i, page) { r = get('/e', p: page || 1); { events: r['e'], next_page: r['next'] } },
    sort_by: ->(event) { event['at'] }
  },
  odd: { poll: ->(_c, _i, _cl) { { events: get('/e')['e'], next_page: nil, next_poll: 'x', extra: 1 } } },
  undeclared: { poll: ->(_c, _i, page) { r = get('/e', p: page); { events: r['e'], next_page: r['next'] } } },
  endless: { poll: ->(_c, _i, n) { { events: [], next_poll: (n || 0) + 1, can_poll_more: true } } }
}";

#[test]
fn polls_give_events_oldest_first() {
    let page = |events: Value, next: Value, more: bool| json!({ "json": { "e": events, "next": next, "more": more } });
    let event = |id: i64, at: &str| json!({ "id": id, "at": at });
    let classic = [
        page(json!([event(1, "a"), event(2, "b")]), Value::Null, true),
        page(json!([event(2, "b"), event(3, "c")]), Value::Null, false),
    ];
    let paging = [
        page(json!([event(5, "e"), event(4, "c")]), json!(2), false),
        page(json!([event(3, "d"), event(4, "c"), event(1, "a")]), Value::Null, false),
    ];
    let mut story = connector(TRIGGERS).habits(|habits| habits.max_pages = 5);
    story.run("triggers.asc.poll", &json!({}), &classic);
    story.run("triggers.asc.poll_page", &json!({}), &classic);
    story.run("triggers.desc.poll", &json!({}), &paging);
    story.run("triggers.desc.poll_page", &json!({}), &paging);
    story.run("triggers.odd.poll", &json!({}), &classic);
    story.run("triggers.undeclared.poll", &json!({}), &paging);
    story.run("triggers.endless.poll", &json!({}), &[]);
    story.run("triggers.desc.sort_by", &event(1, "z"), &[]);
    story.run("triggers.desc.document_id", &json!({ "ID": 9 }), &[]);
    let mut story = Story { case: story.case.habits(|habits| habits.gem_order = true), ..story };
    story.run("triggers.asc.poll", &json!({}), &classic);
    story.run("triggers.desc.poll", &json!({}), &paging);
    insta::assert_snapshot!(story.text);
}

#[test]
fn webhooks_subscribe_and_notify() {
    let mut story = connector(
        r#"webhook_keys: ->(_params, headers, payload) { [headers['X-Team'], payload['team']] },
        triggers: { hook: {
          webhook_subscribe: ->(url, connection, input, recipe) { post('/hooks', url: url, topic: input['topic'], r: recipe.size) },
          webhook_refresh: ->(subscription) { [put("/hooks/#{subscription['id']}"), 1] },
          webhook_unsubscribe: ->(subscription, connection) { delete("/hooks/#{subscription['id']}", k: connection['who']) },
          webhook_key: ->(connection, _input) { connection['who'] },
          webhook_notification: ->(input, payload) { payload['events'] },
          output_fields: -> { [{ name: 'n', type: 'integer' }] }
        }, sends: { webhook_notification: ->(_i, _p) { get('/no') } },
           fails: { webhook_notification: ->(_i, _p) { error('no') } } }"#,
    )
    .settings(&json!({ "who": "me" }));
    let id = json!({ "json": { "id": 7 }, "repeat": true });
    story.run_with("triggers.hook.webhook_subscribe", std::slice::from_ref(&id), |inputs| {
        inputs.webhook_url = Some("https://h/1".to_owned());
        inputs.input = parse(r#"{"topic":"t"}"#);
    });
    story.run("triggers.hook.webhook_subscribe", &json!({}), &[]);
    for part in ["webhook_refresh", "webhook_unsubscribe"] {
        story.run_with(&format!("triggers.hook.{part}"), std::slice::from_ref(&id), |inputs| {
            inputs.webhook_subscribe_output = parse(r#"{"id":7}"#);
        });
    }
    story.run("triggers.hook.webhook_key", &json!({}), &[]);
    story.run_with("webhook_keys", &[], |inputs| {
        inputs.webhook_headers = parse(r#"{"X-Team":"a"}"#);
        inputs.webhook_payload = parse(r#"{"team":"b"}"#);
    });
    story
        .run_with("triggers.hook", &[], |inputs| inputs.webhook_payload = parse(r#"{"events":[{"n":"1"},{"n":"x"}]}"#));
    story.run("triggers.hook", &json!({}), &[]);
    story.run("triggers.sends.webhook_notification", &json!({}), &[]);
    story.run("triggers.fails.webhook_notification", &json!({}), &[]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn fields_say_what_values_may_be() {
    let mut story = connector(
        r"actions: { a: {
          config_fields: ->(_od, connection) { [{ name: connection['who'].blank? ? 'kind' : 'who' }] },
          input_fields: [
            { name: 'age', type: 'integer', max: 150, default: 18 },
            { name: 'mail', format: 'email', error: 'give us your address' },
            { name: 'items', type: 'array', properties: [{ name: 'n', optional: false, label: 'Number', min: 1 }] },
            { name: 'hidden', type: 'integer', convert_input: ->(v) { v.to_i * 2 } },
            { name: 'bad', convert_input: 'integer_conversoin' }
          ],
          execute: ->(_c, input) { input } } }",
    );
    story.run("actions.a", &json!({ "age": 200, "mail": "x", "items": [{ "n": 0 }], "zzz": 1 }), &[]);
    story.run(
        "actions.a",
        &json!({ "age": 20, "mail": "a@b.c", "items": [{ "x": 0 }], "hidden": "4", "kind": "k" }),
        &[],
    );
    story.run("actions.a", &json!({ "bad": "5" }), &[]);
    let mut story = Story { case: story.case.habits(|habits| habits.form = true), ..story };
    story.run("actions.a", &json!({ "items": [{ "x": 0 }] }), &[]);
    story.run("actions.a", &json!({ "items": [{ "n": 3 }] }), &[]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn requests_keep_the_pace_of_the_connection() {
    let source = "{ title: 't', connection: { base_uri: ->(c) { c['base'] }, rate_limit: { requests: 2, per: 10 },
        retry: { max: 2, initial: 3, factor: 2 }, retry_if: ->(code, body, _h, attempt) { code == 500 || body =~ /again/ } },
      actions: { a: { execute: ->(_c, _i) { { list: parallel((1..3).map { |n| get(\"/#{n}\") }, threads: 3) } } },
        one: { execute: ->(_c, _i) { get('/1') } } } }";
    let mut story = Story::new(source);
    let ok = json!({ "json": { "ok": true } });
    story.run("actions.one.execute", &json!({}), &[json!({ "status": 500 }), json!({ "body": "again" }), ok.clone()]);
    story.run("actions.one.execute", &json!({}), &[json!({ "status": 500, "repeat": true })]);
    story.run("actions.a.execute", &json!({}), &[ok.clone(), ok.clone(), ok]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn servers_say_when_to_come_again() {
    let source = "{ title: 't', connection: { base_uri: ->(c) { c['base'] }, retry: { max: 1 } },
      actions: { a: { retry_on_response: [418], execute: ->(_c, _i) { get('/1') } } } }";
    let mut story = Story::new(source);
    let ok = json!({ "json": { "ok": true } });
    for (status, asked) in [(429, "7"), (429, "Fri, 15 Mar 2024 12:35:05 GMT"), (429, "soon"), (418, "9"), (418, "900")]
    {
        let busy = json!({ "status": status, "headers": { "Retry-After": asked } });
        story.run("actions.a.execute", &json!({}), &[busy, ok.clone()]);
    }
    insta::assert_snapshot!(story.text);
}

#[test]
fn logins_have_a_proof_key() {
    let mut story = Story::new("{ connection: { authorization: { type: 'oauth2' } } }");
    story.run("connection.authorization.pkce", &json!({}), &[]);
    insta::assert_snapshot!(story.text);
    let own = "{ connection: { authorization: { type: 'oauth2', pkce: ->(verifier, challenge) {
      { verifier: verifier[0, 43], challenge: challenge.size, challenge_method: 'plain' } } } } }";
    let mut story = Story::new(own);
    story.run("connection.authorization.pkce", &json!({}), &[]);
    insta::assert_snapshot!("logins_have_their_own_proof_key", story.text);
}

#[test]
fn forms_consist_of_parts() {
    let mut story = connector(
        r#"actions: {
          send: { execute: ->(_c, input) { post('/form', input['payload']).request_format_multipart_form } },
          lines: { execute: ->(_c, _i) { post('/form').headers('X-Token' => " t\n", 'x-token' => "u\n", 'X-None' => nil) } }
        }"#,
    );
    let ok = json!({ "json": { "ok": true } });
    let payload = json!({
        "text": "a", "number": 1, "nothing": null, "empty": {}, "none": [], "hash": { "a": 1, "b": [1, 2], "c": [] },
        "list": [[1, { "k": "v" }]], "file": ["data", "text/plain"], "named": ["data", "text/plain", "n.txt"],
        "a/b.txt": ["data", "text/plain"]
    });
    story.run("actions.send.execute", &json!({ "payload": payload }), std::slice::from_ref(&ok));
    story.run("actions.send.execute", &json!({ "payload": {} }), std::slice::from_ref(&ok));
    story.run("actions.send.execute", &json!({ "payload": "text" }), &[]);
    story.run("actions.lines.execute", &json!({}), &[ok]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn streams_are_made_and_read() {
    let mut story = connector(
        r#"streams: {
          letters: ->(input, from, to, size) {
            part = ('a'..'z').to_a.join[from..to] || ''
            [input['loud'] ? part.upcase : part, part.size < size]
          },
          plain: -> { 'x' }, pair: -> { ['x', 1, 2] }, stuck: -> { ['', false] },
          fetched: ->(_i, from, to) { [get('/file').headers('Range' => "bytes=#{from}-#{to}").response_format_raw, true] }
        },
        actions: {
          out: { execute: ->(_c, _i) { { file: workato.stream.out(:letters, loud: true) } } },
          read: { execute: ->(_c, input) {
            seen = []
            workato.stream.in(input['source'], from: input['from'], frame_size: input['size'] || 10) { |*chunk| seen << chunk }
            { seen: seen } } },
          typo: { execute: ->(_c, _i) { workato.stream.out('leters') } }
        },
        pick_lists: { list: ->(_c) { workato.stream.out('letters') } }"#,
    );
    story.run("actions.out.execute", &json!({}), &[]);
    let own = json!({ "__stream__": true, "name": "letters", "input": { "loud": true } });
    for source in [
        own.clone(),
        json!("héllo"),
        json!({ "data": "abc", "eof": false }),
        json!({ "__stream__": true, "chunks": { "0": "abcd", "4": "ef" } }),
        json!(5),
        json!(null),
    ] {
        story.run("actions.read.execute", &json!({ "source": source, "from": 1 }), &[]);
    }
    story.run("actions.read.execute", &json!({ "source": own, "size": 0 }), &[]);
    story.run("actions.typo.execute", &json!({}), &[]);
    story.run("pick_lists.list", &json!({}), &[]);
    for stream in ["plain", "pair", "stuck!", "letters!", "fetched!", "nope"] {
        story.run(&format!("streams.{stream}"), &json!({}), &[json!({ "body": "bytes" })]);
    }
    insta::assert_snapshot!(story.text);
}

#[test]
fn parts_of_all_kinds_run() {
    let source = format!(
        "{{ title: 't', {BASE}
        methods: {{ kw: ->(a, b: 1) {{ [a, b] }}, opt: ->(a, b = 2, *rest) {{ [a, b, rest] }}, five: 5,
          context: -> {{ [execution_context[:recipe_id].size, account_property('p'), lookup('T', k: 'b')['v'], lookup(3, k: 'z')] }} }},
        pick_lists: {{ fixed: [%w[A a]], kw: ->(_c, p:) {{ [[p, 1]] }} }},
        object_definitions: {{ user: {{ fields: ->(_c, config, od) {{ [{{ name: config['x'] || 'id' }}] + od['tag'] }} }}, tag: {{ fields: -> {{ [{{ name: 'tag' }}] }} }} }},
        syncs: {{ rows: {{ fetch: ->(_c, _i, state) {{ {{ records: [{{ n: (state || {{}})['n'].to_i + 1 }}], state: {{ n: 1 }}, has_more: false }} }} }} }},
        actions: {{ a: {{ title: 'Get it', help: ->(input) {{ \"help #{{input['x']}}\" }}, summarize_input: ['list'],
          streams: {{ own: ->(input, from, to, size) {{ ['abc'[from..to], true] }} }},
          input_fields: ->(od) {{ od['user'] }}, output_fields: ->(od) {{ get('/fields') }}, execute: ->(_c, i) {{ i }} }} }} }}"
    );
    let mut story = Story::new(&source);
    story.case.account_properties = vec![("p".to_owned(), "v".to_owned())];
    story.case.lookup_tables = Some(r#"{"T":{"id":3,"rows":[{"k":"a","v":1},{"k":"b","v":2}]}}"#.to_owned());
    for (path, args) in [
        ("methods.kw", r#"[1,{"b":2}]"#),
        ("methods.opt", "[1]"),
        ("methods.five", "[]"),
        ("methods.context", "[]"),
        ("pick_lists.fixed", "[]"),
        ("pick_lists.kw", r#"{"p":"x"}"#),
        ("syncs.rows", "[]"),
        ("actions.a.help", "[]"),
        ("actions.a.input_fields", "[]"),
        ("actions.a.title", "[]"),
        ("streams.own", "[]"),
        ("streams.own!", "[]"),
        ("object_definitions.user", "[]"),
        ("connection.base_uri", "[]"),
        ("title", "[]"),
    ] {
        let args = args.to_owned();
        story.run_with(path, &[], move |inputs| {
            inputs.args = parse(&args);
            inputs.input = parse(r#"{"x":1}"#);
            inputs.config_fields = parse(r#"{"x":"named"}"#);
        });
    }
    insta::assert_snapshot!(story.text);
}
