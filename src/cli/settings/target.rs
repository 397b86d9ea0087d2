//! Where a connection's settings shall stand: a file that is there, or one that is made.

use super::store::Stored;
use super::{Origin, PLAIN, encrypted, hash, keep, path, with_shared};
use crate::cli::args::Where;
use crate::cli::failure::Failure;
use crate::cli::{files, out};
use crate::value::{Hash, Value};
use std::path::PathBuf;
use std::rc::Rc;

/// A file, and whether the settings that are meant stand in it already.
pub struct Target {
    path: PathBuf,
    /// The file, or the account in it, is to be made.
    pub is_new: bool,
    /// What stands there.
    pub known: Rc<Hash>,
}

impl Target {
    /// The file that is named, else the one that is here, else `settings.yaml`. Errors: the settings are no file's, the
    /// file cannot be read or written, or it holds accounts and none is named.
    pub fn of(place: &Where) -> Result<Self, Failure> {
        if let Some(text) = place.settings.as_ref().filter(|text| files::is_inline(text) || *text == "-") {
            let message =
                format!("there is no file to save settings in: `-s {}`", if text == "-" { "-" } else { "{…}" });
            return Err(
                Failure::usage("usage::settings", message).help("name a file, and give single settings with `--set`")
            );
        }
        let path = path(place).0.unwrap_or_else(|| PathBuf::from(PLAIN));
        // Who logs in and cannot keep what came of it has to do it again.
        if !encrypted::is_encrypted(&path) {
            out::Target::of(Some(&path))?;
        }
        if !path.exists() {
            if encrypted::is_encrypted(&path) {
                return Err(Failure::usage("usage::file", format!("there is no file {}", path.display()))
                    .help(format!("save the settings in {PLAIN} first, then `connrun settings encrypt`")));
            }
            return Ok(Self { path, is_new: true, known: Rc::new(Hash::new()) });
        }
        let source = Stored::open(&path, place)?.source;
        let all = hash(&source)?;
        let own = match &place.connection {
            Some(name) => match all.get_either(name) {
                Some(Value::Hash(own)) => Some(own),
                _ => None,
            },
            None => Some(super::single(Rc::clone(&all), &source)?),
        };
        let is_new = own.is_none();
        let known = own.map_or_else(|| Rc::new(Hash::new()), |own| with_shared(&all, &own));
        Ok(Self { path, is_new, known })
    }

    /// Puts settings into it, the rest of it as it is, encrypted if it was. Gives its name.
    pub fn save(&self, place: &Where, changes: &[(String, Value)]) -> Result<String, Failure> {
        if !self.path.exists() {
            Stored::new(&self.path).replace("")?;
        }
        let origin = Origin { path: self.path.clone(), account: place.connection.clone() };
        keep::save(&origin, changes, place)?;
        Ok(origin.named())
    }
}
