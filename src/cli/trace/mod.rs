//! `connrun trace`: what the last run sent and received.

mod draw;
mod file;
mod keep;

pub use draw::unsent;
pub use file::{Rerun, place, read};
pub use keep::Recorder;

use super::args::{Display, Trace};
use super::failure::Failure;
use super::out::Target;
use super::paint::{self, Paint};
use crate::http::trace::{Record, curl, har};

pub fn run(options: &Trace, display: &Display) -> Result<u8, Failure> {
    let target = Target::of(options.output.as_deref())?;
    let path = match &options.file {
        Some(path) => path.clone(),
        None => file::place().ok_or_else(|| {
            Failure::usage("trace::off", "CONNRUN_TRACE says that no trace is kept")
                .help("unset it, or name a trace with `--file FILE`")
        })?,
    };
    let kept = file::read(&path)?;
    let chosen = match options.number {
        None => kept.records.as_slice(),
        Some(number) => std::slice::from_ref(numbered(&kept.records, number)?),
    };
    let paint = if options.output.is_some() { Paint(false) } else { Paint::stdout(display) };
    let text = if options.har {
        format!("{:#}\n", har::archive(chosen, kept.head.began))
    } else if options.json {
        format!("{:#}\n", serde_json::json!(chosen))
    } else if options.curl {
        commands(chosen)
    } else if let (Some(_), [record]) = (options.number, chosen) {
        draw::whole(record, paint, None)
    } else {
        draw::table(&kept, paint, paint::width(), chrono::Utc::now())
    };
    target.write(&text)?;
    Ok(0)
}

fn numbered(records: &[Record], number: usize) -> Result<&Record, Failure> {
    records.iter().find(|record| record.number == number).ok_or_else(|| {
        let help = match (records.first(), records.last()) {
            (Some(first), Some(last)) if first.number == last.number => format!("there is only number {}", last.number),
            (Some(first), Some(last)) => format!("there are numbers {} to {}", first.number, last.number),
            _ => "the last run sent nothing".to_owned(),
        };
        Failure::usage("trace::number", format!("the trace has no request {number}")).help(help)
    })
}

/// Commands for a shell, with the variables that have to be set.
fn commands(records: &[Record]) -> String {
    let mut out = String::new();
    for (variable, name) in curl::variables(records) {
        out.push_str(&match name.strip_suffix(" encoded") {
            Some(name) => format!("# {variable}: {name}, written as it stands there\n"),
            None => format!("# {variable}: {name}\n"),
        });
    }
    for record in records {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("# {}\n", draw::heading(record).join(" · ")));
        out.push_str(&curl::command(record));
    }
    out
}
