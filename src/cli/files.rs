//! Reading what the arguments name: connectors, JSON inputs, settings files.

use super::args::Where;
use super::failure::Failure;
use crate::text::{Source, Span};
use crate::value::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest connector.
const CONNECTOR_BYTES: u64 = 10 << 20;
/// The largest file of input or settings; some devices never end.
const INPUT_BYTES: u64 = 1 << 30;

/// The connector file that was named, or the one that stands here.
pub fn connector_path(place: &Where) -> Result<PathBuf, Failure> {
    if let Some(path) = &place.connector {
        return Ok(path.clone());
    }
    let usual = PathBuf::from("connector.conn");
    if usual.is_file() {
        return Ok(usual);
    }
    let mut found: Vec<PathBuf> = std::fs::read_dir(".")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| PathBuf::from(entry.file_name())))
        .filter(|path| path.extension().is_some_and(|extension| extension == "conn"))
        .collect();
    found.sort();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] if Path::new("connector.rb").is_file() => Ok(PathBuf::from("connector.rb")),
        [] => Err(Failure::usage("usage::no-connector", "there is no connector here")
            .help("name one with `-c FILE`, or run this where a `connector.conn` is")),
        many => {
            let names: Vec<_> = many.iter().map(|path| path.display().to_string()).collect();
            Err(Failure::usage(
                "usage::several-connectors",
                format!("several connectors are here: {}", names.join(", ")),
            )
            .help(format!("choose one: `-c {}`", names[0])))
        }
    }
}

/// Reads a connector file.
pub fn read_connector(path: &Path) -> Result<Source, Failure> {
    let name = path.display().to_string();
    let fail = |message: String| Failure::usage("usage::connector-file", message);
    let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if about.is_dir() {
        return Err(fail(format!("{name} is a folder")).help("name the connector file inside it"));
    }
    if about.len() > CONNECTOR_BYTES {
        return Err(fail(format!("{name} is larger than {} MB", CONNECTOR_BYTES >> 20))
            .help("no connector is that large; is it another file?"));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    source(&name, bytes)
}

/// The files that are named, and of each folder the connectors below it.
pub fn connectors(given: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for path in given {
        if path.is_dir() { collect(path, &mut paths)? } else { paths.push(path.clone()) }
    }
    Ok(paths)
}

/// The connectors below a folder, in order of their names. What is hidden or installed there is not the author's.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::usage("usage::file", format!("{} cannot be read: {error}", folder.display()))
            .help("check its permissions")
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?);
    }
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            if !name.to_string_lossy().starts_with('.') && name != "node_modules" && name != "target" {
                collect(&path, into)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "conn") || name == "connector.rb" {
            into.push(path);
        }
    }
    Ok(())
}

/// Makes a folder of connrun's own if it is not there. What lies in `.connrun` is data of customers: it does not belong
/// into a repository.
pub fn own_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    if folder.file_name().is_some_and(|name| name == ".connrun") {
        std::fs::write(folder.join(".gitignore"), "*\n")?;
    }
    Ok(())
}

/// A connector on standard input.
pub fn stdin(name: &str) -> Result<Source, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage("usage::stdin", format!("standard input cannot be read: {error}")))?;
    source(name, bytes)
}

/// Text with a name, if it is UTF-8 and not empty.
pub fn source(name: &str, bytes: Vec<u8>) -> Result<Source, Failure> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::usage("usage::not-utf8", format!("{name} is not UTF-8: line {line} has a byte that is no text"))
            .help("save the file as UTF-8")
    })?;
    if text.trim().is_empty() {
        return Err(Failure::usage("usage::connector-file", format!("{name} is empty"))
            .help("a connector is a hash: `{ title: \"…\", connection: {}, actions: {} }`"));
    }
    Ok(Source::new(name, text))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let name = path.display();
    let (message, help) = match error.kind() {
        std::io::ErrorKind::NotFound => (format!("there is no file {name}"), "check the path".to_owned()),
        std::io::ErrorKind::IsADirectory => (format!("{name} is a folder"), "name a file inside it".to_owned()),
        _ => (format!("{name} cannot be read: {error}"), "check its permissions".to_owned()),
    };
    let near = path
        .file_name()
        .and_then(|name| name.to_str())
        .zip(Some(path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))))
        .and_then(|(name, folder)| nearest_file(name, folder));
    Failure::usage("usage::file", message).help(near.map_or(help, |near| format!("did you mean `{}`?", near.display())))
}

fn nearest_file(name: &str, folder: &Path) -> Option<PathBuf> {
    let names: Vec<String> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let near = crate::text::nearest(name, names.iter().map(String::as_str))?;
    Some(if folder == Path::new(".") { PathBuf::from(near) } else { folder.join(near) })
}

/// A file's text without a byte order mark, or that it cannot be read.
pub fn read_text(path: &Path) -> Result<Source, Failure> {
    let name = path.display();
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(INPUT_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > INPUT_BYTES {
        return Err(Failure::usage("usage::file", format!("{name} is larger than {} MB", INPUT_BYTES >> 20))
            .help("is it another file? a connector is given a piece of what is large, or reads it as a stream"));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::usage("usage::not-utf8", format!("{name} is not UTF-8")).help("save the file as UTF-8")
    })?;
    Ok(Source::new(name.to_string(), text.strip_prefix('\u{feff}').unwrap_or(&text)))
}

/// Is the argument JSON itself, rather than the name of a file?
pub fn is_inline(argument: &str) -> bool {
    let starts = argument.trim_start().starts_with(|c: char| matches!(c, '{' | '[' | '"') || c.is_ascii_digit());
    let negative = argument.starts_with('-') && argument.len() > 1;
    starts || negative || matches!(argument.trim(), "null" | "true" | "false")
}

/// The text behind a JSON argument: inline, a file, or `-` for standard input.
pub fn json_source(argument: &str, option: &str) -> Result<Source, Failure> {
    if argument.is_empty() {
        return Err(Failure::usage("usage::json", format!("{option} is empty"))
            .help(format!("give JSON, the name of a file with some, or leave {option} away")));
    }
    if argument == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| Failure::usage("usage::stdin", format!("standard input cannot be read: {error}")))?;
        return Ok(Source::new("standard input", text));
    }
    if is_inline(argument) { Ok(Source::new(option, argument)) } else { read_text(Path::new(argument)) }
}

/// Reads a JSON argument.
pub fn read_json(argument: &str, option: &str) -> Result<Value, Failure> {
    let source = json_source(argument, option)?;
    parsed_json(&source, option, &source, |message| message)
}

/// Reads a JSON argument that holds secrets: a report of what is wrong in it does not show them.
pub fn read_secret_json(argument: &str, option: &str) -> Result<Value, Failure> {
    let source = json_source(argument, option)?;
    parsed_json(&source, option, &veiled(&source), |message| {
        message.split('\'').next().unwrap_or_default().trim_end_matches([':', ' '])
    })
}

/// The text with the same lines and signs, but with stars for what is written in them; names before a colon stay.
pub fn veiled(source: &Source) -> Source {
    let star = |c: char| if c.is_whitespace() || "'\"[]{}:,#&*!|>%@`\\".contains(c) { c } else { '*' };
    let line = |line: &str| {
        let (name, rest) = line.split_at(name_length(line));
        name.chars().chain(rest.chars().map(star)).collect::<String>()
    };
    let lines: Vec<String> = source.text().split('\n').map(line).collect();
    Source::new(source.name(), lines.join("\n"))
}

/// Bytes of `name:` at the beginning of a line, with blanks and quotes.
fn name_length(line: &str) -> usize {
    let Some(at) = line.find(':') else { return 0 };
    let name = line.get(..at).unwrap_or_default().trim();
    let bare = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    let is_name = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if is_name { at + 1 } else { 0 }
}

/// The value, or a report that shows the place in `shown`.
fn parsed_json(source: &Source, option: &str, shown: &Source, worded: impl Fn(&str) -> &str) -> Result<Value, Failure> {
    json::parse(source.text().as_bytes()).map_err(|error| {
        let source = shown;
        let line = source.line_span(error.line as usize).unwrap_or_default();
        let mut rest = source.slice(line).char_indices().skip(error.column.saturating_sub(1) as usize);
        let span = match rest.next() {
            Some((at, c)) => Span::new(line.lo + at as u32, line.lo + (at + c.len_utf8()) as u32),
            None => Span::new(line.hi, line.hi),
        };
        let help = if error.too_deep {
            "JSON may nest a hundred levels deep"
        } else {
            "JSON wants double quotes around names and texts, and no comma after the last item"
        };
        Failure::usage("usage::json", format!("{option} is not valid JSON: {}", worded(first_line(&error.message))))
            .at(source, span, "here")
            .help(help)
    })
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}
