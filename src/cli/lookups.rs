//! What a connector looks up besides its settings: properties of the account, tables, schemas. In files of a project, or as
//! tests say.

use super::failure::Failure;
use super::{files, settings};
use crate::connector::Environment;
use crate::testing::LOOKUPS;
use crate::value::{Value, to_s};
use std::path::Path;

/// What the files in a folder hold: `account_properties.yaml`, `lookup_tables.yaml`, `workato_schemas.json`.
pub fn beside(folder: &Path) -> Result<Vec<(&'static str, Value)>, Failure> {
    let mut found = Vec::new();
    for name in LOOKUPS {
        for ending in ["yaml", "json"] {
            let path = folder.join(format!("{name}.{ending}"));
            if path.is_file() {
                found.push((*name, read(&path)?));
                break;
            }
        }
    }
    Ok(found)
}

/// The contents of such a file.
pub fn read(path: &Path) -> Result<Value, Failure> {
    if path.extension().is_some_and(|ending| ending == "json") {
        let name = path.display().to_string();
        return files::read_json(&name, &name);
    }
    settings::yaml(path)
}

/// Puts one of them into the surroundings of a connector.
pub fn put(environment: &mut Environment, name: &str, value: Value) {
    match (name, value) {
        ("account_properties", Value::Hash(properties)) => {
            let pairs = properties.to_vec().into_iter();
            environment.account_properties =
                pairs.map(|(name, value)| (to_s(&name).to_text(), to_s(&value).to_text())).collect();
        }
        ("lookup_tables", tables) => environment.lookup_tables = Some(tables),
        ("workato_schemas", schemas) => environment.schemas = Some(schemas),
        _ => {}
    }
}
