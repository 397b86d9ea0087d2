//! The test files that are meant, and the connectors that they are about.

use crate::cassette::Cassette;
use crate::cli::args::{Test as Options, Where};
use crate::cli::failure::Failure;
use crate::cli::open::compile_telling;
use crate::cli::{files, lookups, tape};
use crate::program::{Probes, Program};
use crate::testing::coverage::Counts;
use crate::testing::{self, Suite};
use crate::text::{Source, Span};
use crate::value::{Value, json};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

const ENDING: &str = ".test.yaml";
/// What has to be said of a test file that is found only when it is named.
pub fn remark(path: &Path) -> Option<String> {
    let is_found = path.to_str().is_some_and(|name| name.ends_with(ENDING));
    (!is_found).then(|| format!("`connrun test` finds files that end in {ENDING} by itself, this one only by its name"))
}

/// A test file, read, with its connector.
pub struct Found {
    pub path: PathBuf,
    pub name: String,
    pub suite: Suite,
    pub source: Source,
    pub program: Arc<Program>,
    /// What the tests reach of it, where that is asked for.
    pub counts: Option<Arc<Counts>>,
    /// By the names that tests give them.
    pub cassettes: HashMap<String, Arc<Cassette>>,
    /// What files beside the connector hold for it to look up.
    pub lookups: Vec<(String, Json)>,
}

/// The files that are named or lie below named folders; what is no path narrows the names of tests.
pub fn files(options: &Options) -> Result<(Vec<Found>, Vec<String>), Failure> {
    let (paths, filter) = split(&options.paths);
    let mut programs = Programs::default();
    let probes = options.probes();
    let mut found = Vec::new();
    for path in paths {
        found.push(read(path, options.connector.as_deref(), probes, &mut programs)?);
    }
    if found.is_empty() {
        return Err(Failure::usage("test::none", format!("there are no tests here: no file ends in {ENDING}"))
            .help("write one beside the connector, such as customers.test.yaml; docs/tests.md shows how"));
    }
    Ok((found, filter))
}

fn split(given: &[String]) -> (Vec<PathBuf>, Vec<String>) {
    let (paths, filter): (Vec<&String>, Vec<&String>) = given.iter().partition(|text| Path::new(text).exists());
    let mut found = Vec::new();
    if paths.is_empty() {
        collect(Path::new("."), &mut found);
    }
    for path in paths {
        let path = Path::new(path);
        if path.is_dir() { collect(path, &mut found) } else { found.push(path.to_path_buf()) }
    }
    (found, filter.into_iter().cloned().collect())
}

/// The snapshots that wait to be looked at.
pub fn pending(given: &[String]) -> Result<Vec<PathBuf>, Failure> {
    let (paths, filter) = split(given);
    if let Some(unknown) = filter.first() {
        return Err(Failure::usage("test::review", format!("there is no file {unknown}"))
            .help("`--review` looks through all changed snapshots, or through those of the files that are named"));
    }
    Ok(paths)
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            if !name.starts_with('.') && name != "node_modules" && name != "target" {
                collect(&path, into);
            }
        } else if name.ends_with(ENDING) {
            into.push(path.strip_prefix(".").unwrap_or(&path).to_path_buf());
        }
    }
}

/// Connectors by their files: several test files may be about one.
type Programs = HashMap<PathBuf, (Source, Arc<Program>, Arc<Counts>)>;

fn read(path: PathBuf, connector: Option<&Path>, probes: Probes, programs: &mut Programs) -> Result<Found, Failure> {
    let text = files::read_text(&path)?;
    let mut suite = testing::read(text.text()).map_err(|unreadable| {
        let message = format!("{}: {}", text.name(), unreadable.message);
        let failure = Failure::usage("test::file", message).help("docs/tests.md says what may stand in it");
        let Some((line, column)) = unreadable.place else { return failure };
        let lines = text.line_span(line).unwrap_or_default();
        let lo = (lines.lo + column.saturating_sub(1) as u32).min(lines.hi);
        failure.at(&text, Span::new(lo, lines.hi.max(lo)), "here")
    })?;
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let file = match (&suite.connector, connector) {
        (Some(named), _) => tidy(&folder.join(named)),
        (None, Some(given)) => given.to_path_buf(),
        (None, None) => beside(&path, &folder)?,
    };
    if !programs.contains_key(&file) {
        let source = files::read_connector(&file)?;
        let program = compile_telling(&source, probes)?;
        let counts = Arc::new(Counts::of(&program));
        programs.insert(file.clone(), (source, program, counts));
    }
    let Some((source, program, counts)) = programs.get(&file).cloned() else {
        return Err(Failure::usage("test::connector", format!("{} cannot be read", file.display())));
    };
    let mut cassettes = HashMap::new();
    for named in suite.tests.iter().filter_map(|test| test.cassette.as_ref()) {
        if !cassettes.contains_key(named) {
            cassettes.insert(named.clone(), Arc::new(tape::read(&folder.join(named), &Where::default())?));
        }
    }
    for (_, value) in suite.tests.iter_mut().flat_map(|test| &mut test.lookups) {
        if let Json::String(named) = value {
            *value = as_json(&lookups::read(&folder.join(named))?)?;
        }
    }
    let lookups = lookups_of(&file)?;
    let counts = probes.coverage.then_some(counts);
    Ok(Found { name: path.display().to_string(), path, suite, source, program, counts, cassettes, lookups })
}

/// What files beside a connector hold for it to look up.
pub fn lookups_of(connector: &Path) -> Result<Vec<(String, Json)>, Failure> {
    let beside = lookups::beside(connector.parent().unwrap_or(Path::new("")))?;
    beside.iter().map(|(name, value)| Ok(((*name).to_owned(), as_json(value)?))).collect()
}

/// Tests of a connector that lie in no file, or not yet.
pub fn apart(source: Source, program: Arc<Program>, lookups: Vec<(String, Json)>) -> Found {
    let (path, cassettes) = (PathBuf::new(), HashMap::new());
    Found { name: String::new(), path, suite: Suite::default(), source, program, counts: None, cassettes, lookups }
}

/// Tests run on several threads: what they share is plain data.
fn as_json(value: &Value) -> Result<Json, Failure> {
    let text = json::generate(value).ok().and_then(|text| serde_json::from_str(&text).ok());
    text.ok_or_else(|| Failure::usage("test::file", "what is to be looked up cannot be written as JSON"))
}

/// The connector of `customers.test.yaml`: `customers.conn`, else the one that is there, here or in the folder above.
pub fn beside(path: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let stem = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(ENDING)).unwrap_or("");
    let above = folder.join("..");
    for folder in [folder, above.as_path()] {
        for name in [format!("{stem}.conn"), "connector.conn".to_owned()] {
            if folder.join(&name).is_file() {
                return Ok(tidy(&folder.join(name)));
            }
        }
        let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = std::fs::read_dir(listed).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        let connectors: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|extension| extension == "conn")).collect();
        if let [only] = connectors.as_slice() {
            return Ok(tidy(only));
        }
    }
    Err(Failure::usage("test::connector", format!("it is not clear which connector {} is about", path.display()))
        .help("write `connector: FILE` into it, or give `-c FILE`"))
}

/// Without steps into a folder and out of it again. A link would lead elsewhere: then the path stays as it is.
pub fn tidy(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for step in path.components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() && !plain.is_symlink() => {
                plain.pop();
            }
            step => plain.push(step),
        }
    }
    plain
}

/// Files there are, but nothing in them is called like that.
pub fn nothing(files: &[Found], filter: &[String]) -> Failure {
    let names: Vec<&str> =
        files.iter().flat_map(|file| &file.suite.tests).map(|test| test.name.as_str()).take(12).collect();
    if filter.is_empty() {
        return Failure::usage("test::none", "there are no tests in the files")
            .help("write one beside the connector; docs/tests.md shows how");
    }
    let asked = filter.join("` or `");
    Failure::usage("test::none", format!("no test is called like `{asked}`, and there is no such file"))
        .help(format!("there is: {}", names.join(", ")))
}
