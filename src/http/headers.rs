//! An ordered list of header fields: names keep their spelling, lookups ignore it.

/// Header fields in the order they were added; a name may occur more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a field at the end, whatever is there already.
    pub fn append(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Replaces every field of that name (in any case) by one, at the place of the first.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        let Some(at) = self.0.iter().position(|(known, _)| known.eq_ignore_ascii_case(&name)) else {
            self.0.push((name, value));
            return;
        };
        let mut index = 0;
        self.0.retain(|(known, _)| {
            let keep = index <= at || !known.eq_ignore_ascii_case(&name);
            index += 1;
            keep
        });
        if let Some(field) = self.0.get_mut(at) {
            *field = (name, value);
        }
    }

    /// Adds the field unless one of that name is there.
    pub fn set_default(&mut self, name: &str, value: impl Into<String>) {
        if !self.contains(name) {
            self.append(name, value);
        }
    }

    /// Drops every field of that name and says whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.0.len() < before
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every value of that name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Fields as (name, value), in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names once each, in the spelling and order of their first field.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.iter() {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                names.push(name);
            }
        }
        names
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl IntoIterator for Headers {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Headers;

    #[test]
    fn set_replaces_all_spellings_in_place() {
        let mut headers: Headers = [("A", "1"), ("x-b", "2"), ("C", "3"), ("X-B", "4")].into_iter().collect();
        headers.set("X-b", "5");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("A", "1"), ("X-b", "5"), ("C", "3")]);
        headers.set("D", "6");
        assert_eq!(headers.len(), 4);
        assert!(headers.remove("a") && !headers.remove("a"));
    }

    #[test]
    fn repeated_fields_stay_apart() {
        let headers: Headers = [("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("Age", "0")].into_iter().collect();
        assert_eq!(headers.all("SET-COOKIE").collect::<Vec<_>>(), ["a=1", "b=2"]);
        assert_eq!(headers.names(), ["Set-Cookie", "Age"]);
        assert_eq!(headers.get("nope"), None);
    }
}
