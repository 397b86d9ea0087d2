//! `raise` in all its forms.

use crate::methods::exception::construct;
use crate::methods::{Args, Host, Method, ruby};
use crate::text::Name;
use crate::value::{ClassId, Exception, Hash, Result, Unwind, Value, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "abort",
        "(message = nil)",
        "Ends the job with SystemExit.",
        "abort('bye') => SystemExit: bye",
        |host, _, args| leave(host, args.given(0).cloned().unwrap_or_else(|| "exit".into()), 1),
    ),
    ruby("exit", "(status = true)", "Ends the job with SystemExit.", "exit(2) => SystemExit: exit", exit),
    ruby(
        "raise fail",
        "(*exception)",
        "Raises a RuntimeError with a message, an exception, or an exception of a class.",
        "raise 'bad' => RuntimeError: bad\nraise ::KeyError, 'k' => KeyError: k\nraise 5 => TypeError: exception class/object expected",
        raise_row,
    ),
];

/// An unwinding with that exception.
pub fn raised(exception: Rc<Exception>) -> Box<Unwind> {
    Box::new(Unwind::Raise(exception))
}

fn raise_row(host: &mut dyn Host, _: &Value, mut args: Args) -> Result<Value> {
    let cause = take_cause(&mut args)?;
    if args.is_empty() {
        if cause.is_some() {
            return Err(raise(ClassId::ARGUMENT_ERROR, "only cause is given with no arguments"));
        }
        return Err(match host.current_error() {
            Value::Exception(current) => raised(current),
            _ => raise(ClassId::RUNTIME_ERROR, ""),
        });
    }
    if args.len() > 3 {
        let given = args.len();
        return Err(raise(
            ClassId::ARGUMENT_ERROR,
            format!("wrong number of arguments (given {given}, expected 0..3)"),
        ));
    }
    let exception = exception_of(host, &args)?;
    match cause {
        Some(Value::Exception(cause)) if !Rc::ptr_eq(&cause, &exception) => {
            *exception.cause.borrow_mut() = Some(cause);
        }
        Some(Value::Nil) => exception.set_attribute("no cause", Value::True),
        _ => {}
    }
    Err(raised(exception))
}

/// Takes `cause:` off the keywords; other keywords stay, as one hash.
fn take_cause(args: &mut Args) -> Result<Option<Value>> {
    let key = Value::symbol("cause");
    let Some(Value::Hash(hash)) = args.values.last().filter(|_| args.keywords) else { return Ok(None) };
    let Some(cause) = hash.get(&key) else { return Ok(None) };
    if !matches!(cause, Value::Nil | Value::Exception(_)) {
        return Err(raise(ClassId::TYPE_ERROR, "exception object expected"));
    }
    let rest: Rc<Hash> = Rc::new(hash.copy());
    rest.remove(&key);
    args.values.pop();
    args.keywords = false;
    if !rest.is_empty() {
        args.values.push(Value::Hash(rest));
        args.keywords = true;
    }
    Ok(Some(cause))
}

/// What `raise` with these arguments raises: message, class, class and message, exception, exception and message; a third
/// argument is the backtrace.
pub fn exception_of(host: &mut dyn Host, args: &Args) -> Result<Rc<Exception>> {
    let expected = || raise(ClassId::TYPE_ERROR, "exception class/object expected");
    let subject = args.get(0);
    let mut rest = Args { values: args.values.iter().skip(1).take(1).cloned().collect(), ..Args::default() };
    rest.keywords = args.keywords && args.len() == 2;
    let exception = match &subject {
        Value::Str(_) if args.len() == 1 => Rc::new(Exception::with_value(ClassId::RUNTIME_ERROR, subject.clone())),
        Value::Class(class) if class.is_exception() => construct(host, *class, rest)?,
        Value::Exception(exception) if rest.is_empty() => Rc::clone(exception),
        Value::Exception(_) => match host.send(&subject, Name::new("exception"), rest)? {
            Value::Exception(changed) => changed,
            _ => return Err(expected()),
        },
        _ => return Err(expected()),
    };
    if let Some(backtrace) = args.given(2) {
        exception.set_attribute("backtrace", crate::methods::exception::checked_backtrace(backtrace)?);
    }
    Ok(exception)
}

fn exit(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let status = match args.given(0) {
        None | Some(Value::True) => 0,
        Some(Value::False) => 1,
        Some(_) => args.int(0)?,
    };
    leave(host, "exit".into(), status)
}

fn leave(_: &mut dyn Host, message: Value, status: i64) -> Result<Value> {
    let exception = Exception::with_value(ClassId::SYSTEM_EXIT, message).with_attribute("status", Value::Int(status));
    Err(raised(Rc::new(exception)))
}
