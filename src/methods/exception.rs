//! Exceptions: how each class is made, and what can be asked of one.

use super::{Args, Host, Method, Receiver, Table, rails, ruby, sdk};
use crate::value::{ClassId, Exception, Hash, Kind, Result, Value, equal, inspect, raise, to_s};
use std::rc::Rc;

/// Of every exception, of the exception classes, and what some classes have besides (found by class, nearest first).
pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Exception]), rows: ROWS },
    Table { receiver: Receiver::Singleton("Exception"), rows: CLASS_ROWS },
    Table { receiver: Receiver::Namespace("KeyError"), rows: KEYED },
    Table { receiver: Receiver::Namespace("NoMatchingPatternKeyError"), rows: KEYED },
    Table { receiver: Receiver::Namespace("FrozenError"), rows: RECEIVING },
    Table { receiver: Receiver::Namespace("NameError"), rows: NAMED },
    Table { receiver: Receiver::Namespace("NoMethodError"), rows: NO_METHOD },
    Table { receiver: Receiver::Namespace("StopIteration"), rows: STOPPED },
    Table { receiver: Receiver::Namespace("UncaughtThrowError"), rows: THROWN },
    Table { receiver: Receiver::Namespace("SystemExit"), rows: EXITED },
    Table { receiver: Receiver::Namespace("SystemCallError"), rows: SYSTEM },
    Table { receiver: Receiver::Namespace("SignalException"), rows: SIGNALLED },
    Table { receiver: Receiver::Namespace("Workato::Connector::Sdk::RequestError"), rows: REQUEST },
    Table { receiver: Receiver::Namespace("RestClient::Exception"), rows: REST },
];

const ROWS: &[Method] = &[
    ruby(
        "==",
        "(other) -> true or false",
        "The same class and message.",
        "KeyError.new('a') == KeyError.new('a') => true",
        |_, error, args| Ok(Value::bool(equal(error, &args.get(0)))),
    ),
    rails(
        "as_json",
        "(options = nil) -> String",
        "The message.",
        "StandardError.new('a').as_json => \"a\"",
        |_, error, _| Ok(Value::Str(to_s(error))),
    ),
    ruby(
        "backtrace",
        "() -> Array or nil",
        "Where it was raised, innermost first; nil before it is.",
        "StandardError.new.backtrace => nil",
        backtrace,
    ),
    ruby(
        "backtrace_locations",
        "() -> Array or nil",
        "Always nil: `backtrace` has the places.",
        "StandardError.new.backtrace_locations => nil",
        |_, _, _| Ok(Value::Nil),
    ),
    ruby(
        "cause",
        "() -> Exception or nil",
        "The exception that was being handled when this one was raised.",
        "begin; begin; raise 'a'; rescue; raise 'b'; end; rescue => e; e.cause.message; end => \"a\"",
        |_, error, _| {
            let error = own(error)?;
            if error.attribute("no cause").is_some() {
                return Ok(Value::Nil);
            }
            Ok(error.cause.borrow().clone().map_or(Value::Nil, Value::Exception))
        },
    ),
    ruby(
        "exception",
        "(message = nil) -> Exception",
        "Itself, or a copy with another message.",
        "StandardError.new('a').exception('b').message => \"b\"",
        exception,
    ),
    ruby(
        "full_message",
        "(highlight: false, order: :top) -> String",
        "Place, message and class, as a report shows them.",
        "KeyError.new('k').full_message => \"connector: k (KeyError)\"",
        full_message,
    ),
    ruby(
        "inspect",
        "() -> String",
        "Class and message.",
        "KeyError.new('k').inspect => \"#<KeyError: k>\"",
        |_, error, _| Ok(Value::string(own(error)?.inspect())),
    ),
    ruby(
        "message to_s",
        "() -> String",
        "The message; without one, the name of the class.",
        "KeyError.new('k').message => \"k\"\nKeyError.new.message => \"KeyError\"",
        |_, error, _| Ok(Value::string(own(error)?.message())),
    ),
    ruby(
        "method",
        "(name = nil) -> Object",
        "The verb of a failed request; with a name, that method of the exception.",
        "KeyError.new('k').method(:message).call => \"k\"",
        |_, error, args| {
            if !args.is_empty() {
                return Ok(super::method_object::method_object(error.clone(), &args.name(0)?));
            }
            if error.class().is_a(ClassId::SDK_REQUEST_ERROR) {
                return attribute(error, "method");
            }
            Err(raise(ClassId::ARGUMENT_ERROR, "wrong number of arguments (given 0, expected 1)"))
        },
    ),
    ruby(
        "set_backtrace",
        "(lines) -> Array",
        "Sets what `backtrace` answers.",
        "StandardError.new.set_backtrace(['a:1']) => [\"a:1\"]",
        |_, error, args| {
            let lines = checked_backtrace(&args.get(0))?;
            own(error)?.set_attribute("backtrace", lines.clone());
            Ok(lines)
        },
    ),
];

const CLASS_ROWS: &[Method] = &[
    ruby(
        "exception new",
        "(*args) -> Exception",
        "An exception of the class; the message may be any object.",
        "KeyError.new('k').message => \"k\"\nKeyError.new('k', key: :a).key => :a\nStandardError.new(1, 2) => ArgumentError: wrong number of arguments (given 2, expected 0..1)",
        |host, class, args| match class {
            Value::Class(class) => construct(host, *class, args).map(Value::Exception),
            _ => Ok(Value::Nil),
        },
    ),
    ruby(
        "to_tty?",
        "() -> true or false",
        "Whether errors go to a terminal.",
        "StandardError.to_tty? => false",
        |_, _, _| Ok(Value::False),
    ),
];

const KEYED: &[Method] = &[
    ruby(
        "key",
        "() -> Object",
        "The key that was missing.",
        "KeyError.new('m', key: :a).key => :a\nKeyError.new('m').key => ArgumentError: no key is available",
        |_, error, _| needed(error, "key", "no key is available"),
    ),
    ruby(
        "receiver",
        "() -> Object",
        "Where the key was looked for.",
        "KeyError.new('m', receiver: [1]).receiver => [1]\nKeyError.new('m').receiver => ArgumentError: no receiver is available",
        |_, error, _| needed(error, "receiver", "no receiver is available"),
    ),
];

const RECEIVING: &[Method] = &[ruby(
    "receiver",
    "() -> Object",
    "What is frozen.",
    "FrozenError.new('m', receiver: 'a').receiver => \"a\"",
    |_, error, _| needed(error, "receiver", "no receiver is available"),
)];

const NAMED: &[Method] = &[
    ruby("local_variables", "() -> Array", "Always empty.", "NameError.new.local_variables => []", |_, _, _| {
        Ok(Value::array(Vec::new()))
    }),
    ruby(
        "name",
        "() -> Symbol or nil",
        "The name that is not defined.",
        "begin; nil.foo; rescue NoMethodError => e; e.name; end => :foo",
        |_, error, _| attribute(error, "name"),
    ),
    ruby(
        "receiver",
        "() -> Object",
        "What was asked for the name.",
        "begin; 5.foo; rescue NoMethodError => e; e.receiver; end => 5",
        |_, error, _| needed(error, "receiver", "no receiver is available"),
    ),
];

const NO_METHOD: &[Method] = &[ruby(
    "args",
    "() -> Array",
    "The arguments of the call.",
    "NoMethodError.new('m', :x, [1]).args => [1]",
    |_, error, _| Ok(own(error)?.attribute("args").unwrap_or_else(|| Value::array(Vec::new()))),
)];

const STOPPED: &[Method] = &[ruby(
    "result",
    "() -> Object",
    "What the iteration answered with.",
    "StopIteration.new.result => nil",
    |_, error, _| attribute(error, "result"),
)];

const THROWN: &[Method] = &[
    ruby(
        "tag",
        "() -> Object",
        "The tag that nobody catches.",
        "begin; throw :x, 5; rescue ::ArgumentError => e; e.tag; end => :x",
        |_, error, _| attribute(error, "tag"),
    ),
    ruby(
        "value",
        "() -> Object",
        "The value thrown.",
        "begin; throw :x, 5; rescue ::ArgumentError => e; e.value; end => 5",
        |_, error, _| attribute(error, "value"),
    ),
];

const EXITED: &[Method] = &[
    ruby("status", "() -> Integer", "The exit status.", "SystemExit.new(3, 'm').status => 3", |_, error, _| {
        attribute(error, "status")
    }),
    ruby(
        "success?",
        "() -> true or false",
        "Whether the status is 0.",
        "SystemExit.new.success? => true",
        |_, error, _| Ok(Value::bool(equal(&attribute(error, "status")?, &Value::Int(0)))),
    ),
];

const SYSTEM: &[Method] = &[ruby(
    "errno",
    "() -> Integer or nil",
    "The system's number.",
    "Errno::ECONNREFUSED.new.errno => 111",
    |_, error, _| Ok(system_error(own(error)?.class).map_or(Value::Nil, |(number, _)| Value::Int(number))),
)];

const SIGNALLED: &[Method] =
    &[ruby("signm", "() -> String", "The message.", "Interrupt.new('i').signm => \"i\"", |_, error, _| {
        Ok(Value::string(own(error)?.message()))
    })];

const REQUEST: &[Method] = &[
    sdk(
        "code",
        "() -> Integer or nil",
        "The status of the response.",
        "Workato::Connector::Sdk::RequestFailedError.new('m').code => nil",
        |_, error, _| attribute(error, "code"),
    ),
    sdk(
        "method",
        "() -> Symbol or nil",
        "The verb of the request.",
        "Workato::Connector::Sdk::RequestFailedError.new('m').method => nil",
        |_, error, _| attribute(error, "method"),
    ),
    sdk(
        "response",
        "() -> String or nil",
        "The body of the response.",
        "Workato::Connector::Sdk::RequestFailedError.new('m').response => nil",
        |_, error, _| attribute(error, "response"),
    ),
];

const REST: &[Method] = &[
    sdk(
        "http_body",
        "() -> String or nil",
        "The body of the response.",
        "RestClient::NotFound.new.http_body => nil",
        |_, error, _| attribute(error, "response"),
    ),
    sdk(
        "http_code",
        "() -> Integer or nil",
        "The status of the response.",
        "RestClient::NotFound.new.http_code => 404",
        |_, error, _| {
            let error = own(error)?;
            Ok(error
                .attribute("code")
                .unwrap_or_else(|| status_of(error.class).map_or(Value::Nil, |(code, _)| Value::Int(code))))
        },
    ),
    sdk(
        "http_headers",
        "() -> Hash",
        "The headers of the response.",
        "RestClient::NotFound.new.http_headers => {}",
        |_, _, _| Ok(Hash::new().into()),
    ),
    sdk("response", "() -> Object", "The response.", "RestClient::NotFound.new.response => nil", |_, error, _| {
        attribute(error, "response")
    }),
];

/// The receiver as what it is.
fn own(value: &Value) -> Result<&Rc<Exception>> {
    match value {
        Value::Exception(error) => Ok(error),
        other => Err(raise(ClassId::TYPE_ERROR, format!("{} is no exception", inspect(other).to_text()))),
    }
}

fn attribute(error: &Value, name: &str) -> Result<Value> {
    Ok(own(error)?.attribute(name).unwrap_or_default())
}

fn needed(error: &Value, name: &str, missing: &str) -> Result<Value> {
    own(error)?.attribute(name).ok_or_else(|| raise(ClassId::ARGUMENT_ERROR, missing))
}

/// What a backtrace may be: nil, a line, or lines.
pub fn checked_backtrace(value: &Value) -> Result<Value> {
    let lines = match value {
        Value::Nil => return Ok(Value::Nil),
        Value::Str(_) => vec![value.clone()],
        Value::Array(lines) if lines.items().iter().all(|line| matches!(line, Value::Str(_))) => {
            return Ok(value.clone());
        }
        _ => return Err(raise(ClassId::TYPE_ERROR, "backtrace must be Array of String")),
    };
    Ok(Value::array(lines))
}

fn backtrace(host: &mut dyn Host, error: &Value, _: Args) -> Result<Value> {
    let error = own(error)?;
    if let Some(lines) = error.attribute("backtrace") {
        return Ok(lines);
    }
    let Some(span) = error.span() else { return Ok(Value::Nil) };
    let mut spans = vec![(span, host.method_name())];
    spans.extend(error.trace.borrow().iter().map(|call| (call.span, Some(call.what.clone()))));
    let lines = spans.into_iter().map(|(span, what)| {
        let place = host.place(span);
        Value::string(what.map_or_else(|| place.clone(), |what| format!("{place}:in `{what}'")))
    });
    Ok(Value::array(lines.collect()))
}

fn exception(_: &mut dyn Host, error: &Value, args: Args) -> Result<Value> {
    let original = own(error)?;
    match args.given(0) {
        None => Ok(error.clone()),
        Some(same) if crate::value::same(same, error) => Ok(error.clone()),
        Some(message) => {
            let copy = Exception::with_value(original.class, message.clone());
            copy.attributes.borrow_mut().clone_from(&original.attributes.borrow());
            Ok(Value::Exception(Rc::new(copy)))
        }
    }
}

fn full_message(host: &mut dyn Host, error: &Value, _: Args) -> Result<Value> {
    let exception = own(error)?;
    let place = exception.span().map_or_else(|| "connector".to_owned(), |span| host.place(span));
    let message = exception.message();
    let class = exception.class.name();
    let mut lines = message.splitn(2, '\n');
    let first = lines.next().unwrap_or_default();
    let rest = lines.next().map(|rest| format!("\n{rest}")).unwrap_or_default();
    Ok(Value::string(if message.is_empty() {
        format!("{place}: unhandled exception")
    } else {
        format!("{place}: {first} ({class}){rest}")
    }))
}

/// `Class.new(*args)` of an exception class: most take a message, some take more.
pub fn construct(host: &mut dyn Host, class: ClassId, mut args: Args) -> Result<Rc<Exception>> {
    let is = |parent: ClassId| class.is_a(parent);
    let (most, keywords): (usize, &[&str]) = if is(ClassId::NO_METHOD_ERROR) {
        (4, &["receiver"])
    } else if is(ClassId::NAME_ERROR) {
        (2, &["receiver"])
    } else if is(ClassId::KEY_ERROR) {
        (1, &["receiver", "key"])
    } else if is(ClassId::NO_MATCHING_PATTERN_KEY_ERROR) {
        (1, &["matchee", "key"])
    } else if is(ClassId::FROZEN_ERROR) {
        (1, &["receiver"])
    } else {
        return plain(host, class, &args).map(Rc::new);
    };
    let given = if args.keywords { args.take_keywords() } else { None };
    let exception = message_of(class, &args, most)?;
    for (place, name) in [(1, "name"), (2, "args")] {
        if let Some(value) = args.given(place) {
            exception.set_attribute(name, value.clone());
        }
    }
    for (key, value) in given.iter().flat_map(|given| given.to_vec()) {
        let key = to_s(&key).to_text();
        if !keywords.contains(&key.as_str()) {
            return Err(raise(ClassId::ARGUMENT_ERROR, format!("unknown keyword: :{key}")));
        }
        exception.set_attribute(if key == "matchee" { "receiver" } else { &key }, value);
    }
    Ok(Rc::new(exception))
}

fn message_of(class: ClassId, args: &Args, most: usize) -> Result<Exception> {
    let given = args.len();
    if given > most {
        return Err(raise(
            ClassId::ARGUMENT_ERROR,
            format!("wrong number of arguments (given {given}, expected 0..{most})"),
        ));
    }
    Ok(Exception::with_value(class, args.get(0)))
}

fn plain(host: &mut dyn Host, class: ClassId, args: &Args) -> Result<Exception> {
    if class.is_a(ClassId::SYSTEM_EXIT) {
        return Ok(system_exit(class, args));
    }
    if class.is_a(ClassId::UNCAUGHT_THROW_ERROR) && args.len() >= 2 {
        let exception = Exception::with_value(class, args.get(2));
        exception.set_attribute("tag", args.get(0));
        exception.set_attribute("value", args.get(1));
        return Ok(exception);
    }
    if let Some((_, text)) = system_error(class) {
        let message = match args.given(0) {
            Some(Value::Nil) | None => text.to_owned(),
            Some(detail) => format!("{text} - {}", crate::methods::kernel::text_of(host, detail)?.to_text()),
        };
        return Ok(Exception::new(class, message));
    }
    if class.is_a(ClassId::INTERRUPT) {
        return message_of(class, args, 1);
    }
    if class.is_a(ClassId::SIGNAL_EXCEPTION) {
        return signal(class, args);
    }
    if class.is_a(ClassId::REST_EXCEPTION) {
        let exception = Exception::with_value(class, status_of(class).map_or(Value::Nil, |(_, text)| text.into()));
        exception.set_attribute("response", args.get(0));
        return Ok(exception);
    }
    let exception = message_of(class, args, 1)?;
    if let Value::Object(_) = args.get(0) {
        let text = crate::methods::kernel::text_of(host, &args.get(0))?;
        exception.set_message(Value::Str(text));
    }
    Ok(exception)
}

fn system_exit(class: ClassId, args: &Args) -> Exception {
    let (status, message) = match args.given(0) {
        Some(Value::Int(status)) => (*status, args.get(1)),
        Some(Value::True) => (0, args.get(1)),
        Some(Value::False) => (1, args.get(1)),
        Some(message) => (0, message.clone()),
        None => (0, Value::Nil),
    };
    Exception::with_value(class, message).with_attribute("status", Value::Int(status))
}

fn signal(class: ClassId, args: &Args) -> Result<Exception> {
    const SIGNALS: &[(&str, i64)] = &[
        ("HUP", 1),
        ("INT", 2),
        ("QUIT", 3),
        ("KILL", 9),
        ("USR1", 10),
        ("USR2", 12),
        ("PIPE", 13),
        ("ALRM", 14),
        ("TERM", 15),
    ];
    if args.is_empty() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "wrong number of arguments (given 0, expected 1)"));
    }
    let text = to_s(&args.get(0)).to_text();
    let short = text.strip_prefix("SIG").unwrap_or(&text);
    let found = SIGNALS.iter().find(|(name, number)| *name == short || number.to_string() == short);
    match found {
        Some((name, _)) => Ok(Exception::new(class, format!("SIG{name}"))),
        None => Err(raise(ClassId::ARGUMENT_ERROR, format!("unsupported signal `SIG{short}'"))),
    }
}

/// The number and text of an `Errno` class.
fn system_error(class: ClassId) -> Option<(i64, &'static str)> {
    const ERRORS: &[(&str, i64, &str)] = &[
        ("Errno::EACCES", 13, "Permission denied"),
        ("Errno::ECONNABORTED", 103, "Software caused connection abort"),
        ("Errno::ECONNREFUSED", 111, "Connection refused"),
        ("Errno::ECONNRESET", 104, "Connection reset by peer"),
        ("Errno::EHOSTUNREACH", 113, "No route to host"),
        ("Errno::EINVAL", 22, "Invalid argument"),
        ("Errno::ENETUNREACH", 101, "Network is unreachable"),
        ("Errno::ENOENT", 2, "No such file or directory"),
        ("Errno::EPIPE", 32, "Broken pipe"),
        ("Errno::ETIMEDOUT", 110, "Connection timed out"),
    ];
    ERRORS.iter().find(|(name, ..)| *name == class.name()).map(|(_, number, text)| (*number, *text))
}

/// The status and text of a class that stands for one.
fn status_of(class: ClassId) -> Option<(i64, &'static str)> {
    const STATUSES: &[(&str, i64, &str)] = &[
        ("RestClient::BadGateway", 502, "Bad Gateway"),
        ("RestClient::BadRequest", 400, "Bad Request"),
        ("RestClient::Conflict", 409, "Conflict"),
        ("RestClient::Exceptions::OpenTimeout", 408, "Timed out connecting to server"),
        ("RestClient::Exceptions::ReadTimeout", 408, "Timed out reading data from server"),
        ("RestClient::Forbidden", 403, "Forbidden"),
        ("RestClient::GatewayTimeout", 504, "Gateway Timeout"),
        ("RestClient::Gone", 410, "Gone"),
        ("RestClient::InternalServerError", 500, "Internal Server Error"),
        ("RestClient::MethodNotAllowed", 405, "Method Not Allowed"),
        ("RestClient::NotFound", 404, "Not Found"),
        ("RestClient::PreconditionFailed", 412, "Precondition Failed"),
        ("RestClient::RequestTimeout", 408, "Request Timeout"),
        ("RestClient::ServerBrokeConnection", 0, "Server broke connection"),
        ("RestClient::ServiceUnavailable", 503, "Service Unavailable"),
        ("RestClient::TooManyRequests", 429, "Too Many Requests"),
        ("RestClient::Unauthorized", 401, "Unauthorized"),
        ("RestClient::UnprocessableEntity", 422, "Unprocessable Entity"),
    ];
    STATUSES.iter().find(|(name, ..)| *name == class.name()).map(|(_, code, text)| (*code, *text))
}
