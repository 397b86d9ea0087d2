//! Where a name is defined, where it is mentioned, and how to change it everywhere.

use super::{Document, locals};
use crate::check::{Connector, Section};
use crate::diagnostic::Edit;
use crate::text::Span;

const SECTIONS: [Section; 3] = [Section::Methods, Section::PickLists, Section::ObjectDefinitions];

/// What stands at `offset`: the section and the name, be it the definition or a mention.
fn named(connector: &Connector, offset: usize) -> Option<(Section, String)> {
    let at = |span: Span| span.lo as usize <= offset && offset <= span.hi as usize;
    let mention = connector.mentions().find(|mention| at(mention.span));
    if let Some(mention) = mention {
        return Some((mention.section, mention.name.to_owned()));
    }
    SECTIONS.into_iter().find_map(|section| {
        let entry = connector.defined(section).find(|entry| at(entry.key_span))?;
        Some((section, entry.name().to_owned()))
    })
}

/// The key that defines what is mentioned at `offset`.
pub fn definition(document: &Document, offset: usize) -> Option<Span> {
    let connector = document.connector();
    let Some((section, name)) = named(&connector, offset) else {
        return locals::places(document, offset).first().map(|place| place.span);
    };
    connector.definition(section, &name).map(|entry| entry.key_span)
}

/// Every place of what stands at `offset`, and whether it is written there.
pub fn highlights(document: &Document, offset: usize) -> Vec<(Span, bool)> {
    let places = locals::places(document, offset);
    if !places.is_empty() {
        return places.into_iter().map(|place| (place.span, place.writes)).collect();
    }
    let definition = definition(document, offset);
    references(document, offset, true).into_iter().map(|span| (span, Some(span) == definition)).collect()
}

/// Every mention of what stands at `offset`, its definition first where it is wanted.
pub fn references(document: &Document, offset: usize, with_definition: bool) -> Vec<Span> {
    let connector = document.connector();
    let Some((section, name)) = named(&connector, offset) else {
        let places = locals::places(document, offset);
        return places.into_iter().skip(usize::from(!with_definition)).map(|place| place.span).collect();
    };
    let definition = connector.definition(section, &name).filter(|_| with_definition).map(|entry| entry.key_span);
    let mentions = connector.mentions().filter(|mention| mention.section == section && mention.name == name);
    definition.into_iter().chain(mentions.map(|mention| mention.span)).collect()
}

/// The edits that give what stands at `offset` another name, or why that cannot be.
pub fn rename(document: &Document, offset: usize, new: &str) -> Result<Vec<Edit>, String> {
    let connector = document.connector();
    let Some((section, name)) = named(&connector, offset) else { return rename_local(document, offset, new) };
    let word = new.strip_suffix(['?', '!']).unwrap_or(new);
    if word.is_empty()
        || !word.chars().all(|c| c.is_alphanumeric() || c == '_')
        || word.starts_with(|c: char| c.is_ascii_digit())
    {
        return Err(format!("`{new}` is not a name"));
    }
    if connector.definition(section, new).is_some() {
        return Err(format!("there is a {} `{new}` already", section.thing()));
    }
    if connector.is_dynamic(section) {
        return Err(format!("`{name}` may also be asked for by a name that is computed, so it is not renamed"));
    }
    let spans = references(document, offset, true);
    Ok(spans.into_iter().map(|span| Edit { span, text: new.to_owned() }).collect())
}

fn rename_local(document: &Document, offset: usize, new: &str) -> Result<Vec<Edit>, String> {
    let places = locals::places(document, offset);
    if places.is_empty() {
        return Err("nothing that has a name stands here".into());
    }
    match locals::clash(document, offset, new) {
        Some(reason) => Err(reason),
        None => Ok(places.into_iter().map(|place| Edit { span: place.span, text: new.to_owned() }).collect()),
    }
}
