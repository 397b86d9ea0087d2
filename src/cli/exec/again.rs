//! `exec --watch`: runs again when the connector, its settings or its input is saved, and shows what changed.

use super::{Ran, once};
use crate::cli::args::{Display, Exec, Inputs};
use crate::cli::failure::Failure;
use crate::cli::out::{Target, say};
use crate::cli::paint::Paint;
use crate::cli::secrets::Secrets;
use crate::cli::watch::Watched;
use crate::cli::{differences, files, interrupt, report};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What commands read when it lies here.
const USUAL: &[&str] = &["account_properties.yaml", "lookup_tables.yaml", "workato_schemas.json", "master.key"];
const SETTINGS: &[&str] = &["settings.yaml", "settings.yaml.enc"];

pub fn run(options: &Exec, display: &Display, target: &Target) -> Result<u8, Failure> {
    refuse_standard_input(&options.inputs)?;
    interrupt::watch();
    let paint = Paint::stdout(display);
    let (watched, settings) = (Watched::Files(read(options)), Watched::Files(settings(options)));
    let mut last: Option<String> = None;
    loop {
        let mut before = watched.stamps();
        let began = Instant::now();
        let secrets = Secrets::default();
        let result = once(options, display, &secrets, target);
        let status = match result {
            Ok(Ran::Text(text)) => {
                if options.output.is_some() {
                    target.write(&text)?;
                }
                say(&told(last.as_deref(), &text, began.elapsed(), paint))?;
                last = Some(text);
                0
            }
            Ok(Ran::Poured(status)) => status,
            Err(failure) => report::failure(failure, display, &secrets.redactor()),
        };
        if interrupt::asked() {
            return Ok(status);
        }
        // Renewed credentials are kept: that is no reason to run again.
        before.extend(settings.stamps());
        match watched.wait(&before) {
            Some(changed) => say(&format!("\n{}\n", paint.dim(&format!("── {} ──", changed.display()))))?,
            None => return Ok(status),
        }
    }
}

/// All of the first result; of the others what is not as before.
fn told(last: Option<&str>, text: &str, took: Duration, paint: Paint) -> String {
    let took = paint.dim(&format!("in {:.1} ms", took.as_secs_f64() * 1000.0));
    match last {
        None => format!("{text}{} {took}\n", paint.dim("ran")),
        Some(last) if last == text => format!("{} {took}\n", paint.dim("unchanged")),
        Some(last) => {
            let signs = format!("{} before, {} now", paint.red("-"), paint.green("+"));
            format!("changed: {signs}\n{}{took}\n", differences::drawn(last, text, paint))
        }
    }
}

fn refuse_standard_input(inputs: &Inputs) -> Result<(), Failure> {
    let dash = given(inputs).into_iter().any(|text| text == "-");
    if !dash {
        return Ok(());
    }
    Err(Failure::usage("usage::watch", "`--watch` runs again and again, and standard input can be read once")
        .help("put the input into a file, or give it inline"))
}

/// The files that a run reads.
fn read(options: &Exec) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = files::connector_path(&options.place).into_iter().collect();
    let inline = |text: &&str| !text.starts_with(['{', '[', '"']) && Path::new(text).exists();
    paths.extend(given(&options.inputs).into_iter().filter(inline).map(PathBuf::from));
    paths.extend(options.tape.recording.replay.clone());
    paths.extend(USUAL.iter().map(PathBuf::from));
    paths.extend(settings(options));
    paths
}

fn settings(options: &Exec) -> Vec<PathBuf> {
    match options.place.settings.as_deref() {
        Some(inline) if inline.trim_start().starts_with('{') => Vec::new(),
        Some(path) => vec![path.into()],
        None => SETTINGS.iter().map(PathBuf::from).collect(),
    }
}

/// What is given as JSON, in files or inline.
fn given(inputs: &Inputs) -> Vec<&str> {
    let all = [
        &inputs.input,
        &inputs.args,
        &inputs.closure,
        &inputs.continue_with,
        &inputs.config_fields,
        &inputs.extended_input_schema,
        &inputs.extended_output_schema,
        &inputs.webhook_payload,
        &inputs.webhook_params,
        &inputs.webhook_headers,
        &inputs.webhook_subscribe_output,
        &inputs.resume,
    ];
    all.into_iter().filter_map(|text| text.as_deref()).collect()
}
