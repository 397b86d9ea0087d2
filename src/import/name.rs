//! Names of actions, fields and definitions, from whatever a document calls them.

use crate::methods::string::label::{label_of, words};
use crate::text::without_tags;
use std::collections::BTreeSet;

/// Small letters, digits and underscores: `getPetById` and `get pet/by-id` are `get_pet_by_id`.
pub fn snake(name: &str) -> String {
    let spaced: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let words = words(&spaced).into_iter().map(|word| word.to_lowercase());
    let snake = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
    let snake: String = snake.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    match snake.chars().next() {
        None => "item".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("n{snake}"),
        Some(_) => snake,
    }
}

/// A field's name: as it is, if forms can work with it.
pub fn field(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ' ') && !name.is_empty();
    if plain { name.to_owned() } else { snake(name) }
}

/// A title made of a name.
pub fn title(name: &str) -> String {
    label_of(&snake(name))
}

/// The first sentence of a description, without its marks of Markdown and HTML.
pub fn sentence(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    let flat = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = without_tags(&flat).replace(['`', '*'], "");
    let end = plain.find(". ").map_or(plain.len(), |end| end + 1);
    plain.get(..end).unwrap_or(&plain).trim().to_owned()
}

/// Names that are given once.
#[derive(Debug, Default)]
pub struct Unique(BTreeSet<String>);

impl Unique {
    /// The name, or the name with a number where it is taken.
    pub fn take(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        let mut count = 1;
        while !self.0.insert(unique.clone()) {
            count += 1;
            unique = format!("{name}_{count}");
        }
        unique
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (given, expected) in [
            ("getPetById", "get_pet_by_id"),
            ("get /pets/{id}", "get_pets_id"),
            ("HTTPServer v2", "http_server_v_2"),
            ("", "item"),
            ("2nd", "n2_nd"),
        ] {
            assert_eq!(snake(given), expected, "{given}");
        }
        assert_eq!([field("petId"), field("filter[status]")], ["petId", "filter_status"]);
        assert_eq!(sentence("Gets <b>one</b> `pet`. And more."), "Gets one pet.");
        let mut unique = Unique::default();
        assert_eq!([unique.take("a"), unique.take("a"), unique.take("a")], ["a", "a_2", "a_3"]);
    }
}
