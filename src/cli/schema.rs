//! `connrun schema`: what goes into an action or trigger and what comes out of it, as JSON Schema.

use super::args::{Display, Run, Schema, SchemaKind};
use super::failure::Failure;
use super::open::Opening;
use super::out::say;
use super::secrets::Secrets;
use super::{files, report};
use crate::connector::Inputs;
use crate::value::Value;
use crate::value::json::{self, BinaryForm};

pub fn run(options: &Schema, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let config_fields = match &options.config_fields {
        None => Inputs::default().config_fields,
        Some(text) => match files::read_json(text, "--config-fields")? {
            Value::Hash(fields) => Value::Hash(fields),
            _ => {
                return Err(Failure::usage("usage::json-kind", "--config-fields is not an object")
                    .help("give the values by name: `--config-fields '{\"object\": \"invoice\"}'`"));
            }
        },
    };
    let run = Run::default();
    let opening = Opening::new(&options.place, &run, &options.network, display);
    let mut opened = opening.open(secrets)?;
    let root = match options.kind {
        SchemaKind::Action => "actions",
        SchemaKind::Trigger => "triggers",
    };
    let inputs = Inputs { config_fields, ..Inputs::default() };
    let result = opened.connector.run(&format!("{root}.{}.json_schema", options.name), &inputs);
    report::remarks(&opened.notes(), display, &secrets.redactor());
    let schema = result.map_err(|unwind| opened.failure(&unwind))?;
    let text = json::pretty(&schema, BinaryForm::Hex).map_err(|unwind| opened.failure(&unwind))?;
    say(&(text + "\n"))?;
    Ok(0)
}
