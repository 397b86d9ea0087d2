//! What usually stands where: the order in which people write keys, and which of several names is meant at a place.

use crate::check::Connector;
use crate::vocabulary;

/// After a key of a hash (none: at its start) come these, each in so many of a hundred hashes; counted over connectors that
/// were published. What is rarer than one in fifty is left out.
const FOLLOWERS: &[(&str, &str, &str)] = &[
    ("", "", "title 100"),
    ("", "actions", "triggers 69 pick_lists 16 methods 9 object_definitions 5"),
    ("", "connection", "test 70 object_definitions 26 methods 3"),
    ("", "custom_action", "custom_action_help 81 connection 19"),
    ("", "custom_action_help", "actions 50 connection 38 object_definitions 12"),
    ("", "description", "version 31 connection 31 help 23 methods 8"),
    ("", "help", "connection 86"),
    ("", "methods", "object_definitions 54 connection 21 actions 9 pick_lists 9 triggers 5"),
    ("", "object_definitions", "actions 53 test 22 pick_lists 14 triggers 5 methods 3"),
    ("", "pick_lists", "methods 41 actions 31 object_definitions 18 triggers 10"),
    ("", "secure_tunnel", "connection 100"),
    ("", "subtitle", "description 50 help 50"),
    ("", "test", "object_definitions 46 actions 32 methods 14 triggers 4"),
    ("", "title", "connection 78 methods 6 version 4 secure_tunnel 3 description 3 custom_action 2 subtitle 2"),
    ("", "triggers", "pick_lists 75 methods 7 object_definitions 7 actions 6 custom_action 5"),
    ("", "version", "description 42 connection 25 help 17 custom_action 17"),
    ("", "webhook_keys", "triggers 67 actions 33"),
    ("actions.*", "", "title 49 description 42 input_fields 6 subtitle 3"),
    ("actions.*", "batch", "input_fields 40 help 27 display_priority 27 description 7"),
    ("actions.*", "config_fields", "input_fields 93 execute 7"),
    ("actions.*", "deprecated", "subtitle 83 help 17"),
    ("actions.*", "description", "help 40 input_fields 36 execute 8 config_fields 7 subtitle 4 title_hint 2"),
    (
        "actions.*",
        "display_priority",
        "help 41 retry_on_request 22 input_fields 11 description 9 config_fields 7 deprecated 7 batch 4",
    ),
    ("actions.*", "execute", "output_fields 85 input_fields 9 sample_output 5"),
    ("actions.*", "help", "input_fields 61 config_fields 21 execute 13 description 2"),
    ("actions.*", "hint", "input_fields 85 config_fields 8 execute 8"),
    ("actions.*", "input_fields", "execute 75 output_fields 25"),
    ("actions.*", "max_retries", "input_fields 88 help 12"),
    ("actions.*", "output_fields", "sample_output 79 execute 21"),
    ("actions.*", "retry_on_request", "retry_on_response 100"),
    ("actions.*", "retry_on_response", "max_retries 100"),
    ("actions.*", "sample_output", "execute 96"),
    ("actions.*", "subtitle", "description 64 input_fields 16 help 10 display_priority 6"),
    ("actions.*", "title", "subtitle 69 description 20 input_fields 5 deprecated 2 help 2"),
    ("actions.*", "title_hint", "help 95 hint 5"),
    ("actions.*.help", "", "body 95 learn_more_url 5"),
    ("actions.*.help", "body", "learn_more_url 89 learn_more_text 11"),
    ("actions.*.help", "learn_more_text", "body 50 learn_more_url 50"),
    ("actions.*.help", "learn_more_url", "learn_more_text 100"),
    ("connection", "", "fields 91 authorization 7"),
    ("connection", "authorization", "base_uri 98"),
    ("connection", "base_uri", "authorization 86 test 14"),
    ("connection", "fields", "authorization 93 base_uri 7"),
    ("connection.authorization", "", "type 98"),
    ("connection.authorization", "acquire", "refresh_on 52 refresh 25 apply 13 detect_on 3 authorization_url 3"),
    ("connection.authorization", "apply", "refresh_on 71 acquire 21 token_url 7"),
    ("connection.authorization", "authorization_url", "acquire 56 token_url 44"),
    ("connection.authorization", "client_id", "client_secret 100"),
    ("connection.authorization", "client_secret", "credentials 63 apply 26 authorization_url 11"),
    ("connection.authorization", "detect_on", "apply 94 refresh_on 6"),
    ("connection.authorization", "identity", "options 75 apply 25"),
    ("connection.authorization", "refresh", "apply 37 refresh_on 37 detect_on 15 credentials 11"),
    ("connection.authorization", "refresh_on", "detect_on 41 apply 34 refresh 23"),
    ("connection.authorization", "selected", "options 50 identity 50"),
    ("connection.authorization", "token_url", "client_id 77 refresh_on 18 apply 5"),
    ("connection.authorization", "type", "credentials 27 authorization_url 26 apply 22 acquire 18 selected 4"),
    ("triggers.*", "", "description 43 title 39 input_fields 6 webhook_subscribe 4 type 4 subtitle 4"),
    (
        "triggers.*",
        "config_fields",
        "input_fields 58 poll 16 webhook_notification 13 webhook_key 4 webhook_subscribe 4 type 4",
    ),
    ("triggers.*", "dedup", "output_fields 95 webhook_notification 5"),
    ("triggers.*", "description", "help 33 type 33 input_fields 13 subtitle 10 config_fields 7 title_hint 2"),
    ("triggers.*", "document_id", "sort_by 68 output_fields 32"),
    ("triggers.*", "help", "input_fields 44 config_fields 32 type 12 poll 9 webhook_key 3"),
    ("triggers.*", "input_fields", "poll 82 webhook_subscribe 12 webhook_key 3"),
    ("triggers.*", "output_fields", "sample_output 100"),
    ("triggers.*", "poll", "dedup 64 document_id 32 output_fields 3"),
    ("triggers.*", "sample_output", "dedup 100"),
    ("triggers.*", "sort_by", "output_fields 100"),
    ("triggers.*", "subtitle", "description 59 input_fields 23 help 8 type 4 poll 3 config_fields 3"),
    ("triggers.*", "title", "subtitle 56 description 41"),
    ("triggers.*", "title_hint", "help 80"),
    ("triggers.*", "type", "input_fields 81 config_fields 8 webhook_subscribe 8 poll 3"),
    ("triggers.*", "webhook_key", "webhook_notification 100"),
    ("triggers.*", "webhook_notification", "dedup 38 webhook_unsubscribe 34 output_fields 18 webhook_subscribe 11"),
    ("triggers.*", "webhook_subscribe", "webhook_unsubscribe 59 webhook_notification 41"),
    ("triggers.*", "webhook_unsubscribe", "dedup 61 webhook_notification 28 output_fields 7 poll 4"),
];

/// The order in which the other hashes of the same kind in one file have their keys.
pub struct Habits {
    hashes: Vec<Vec<&'static str>>,
}

/// What is usual elsewhere counts as much as so many hashes of the file itself.
const ELSEWHERE: u32 = 2;

impl Habits {
    /// Those of the hashes like the one at `path`: of actions those of the other actions.
    pub fn of(connector: &Connector, path: &[&str]) -> Self {
        let kind = vocabulary::key(path).map(|key| key.path);
        let mut hashes: Vec<(&[&str], Vec<&'static str>)> = Vec::new();
        for entry in connector.entries.iter().filter(|entry| kind.is_some() && entry.path.len() == path.len() + 1) {
            let Some((name, parent)) = entry.path.split_last().filter(|(_, parent)| *parent != path) else { continue };
            match hashes.last_mut() {
                Some((known, keys)) if *known == parent => keys.push(name),
                _ if vocabulary::key(parent).map(|key| key.path) == kind => hashes.push((parent, vec![name])),
                _ => {}
            }
        }
        Self { hashes: hashes.into_iter().map(|(_, keys)| keys).collect() }
    }

    /// How likely `key` is between two others of the hash at `path`, in a hundred times a hundred.
    pub fn between(&self, path: &[&str], before: &str, key: &str, after: Option<&str>) -> u32 {
        let behind = match after {
            Some(after) => self.blended(share(path, key, after), key, after),
            None => self.blended(0, key, ""),
        };
        self.blended(share(path, before, key), before, key) * (30 + behind)
    }

    /// A key that none of several hashes has is not missed.
    pub fn may_have(&self, key: &str) -> bool {
        self.hashes.len() < 2 || self.hashes.iter().any(|keys| keys.contains(&key))
    }

    /// A share of a hundred, between what is usual elsewhere and what this file does. No name is the start, or the end.
    fn blended(&self, elsewhere: u32, first: &str, second: &str) -> u32 {
        let (mut seen, mut times) = (0, 0);
        for keys in &self.hashes {
            let at =
                if first.is_empty() { Some(0) } else { keys.iter().position(|key| *key == first).map(|at| at + 1) };
            let Some(at) = at else { continue };
            seen += 1;
            times += u32::from(keys.get(at).copied().unwrap_or_default() == second);
        }
        (ELSEWHERE * elsewhere + 100 * times) / (ELSEWHERE + seen)
    }
}

/// Of a hundred hashes with `before`, how many have `key` behind it.
fn share(path: &[&str], before: &str, key: &str) -> u32 {
    let row = FOLLOWERS.iter().find(|(at, known, _)| *known == before && vocabulary::fits(at, path));
    let mut words = row.map_or("", |(.., followers)| *followers).split(' ');
    while let (Some(name), Some(number)) = (words.next(), words.next()) {
        if name == key {
            return number.parse().unwrap_or_default();
        }
    }
    0
}

/// The words that a place is about: those of its line, and those of what is around it.
#[derive(Default)]
pub struct Topic {
    beside: Vec<String>,
    near: Vec<String>,
    around: Vec<String>,
}

/// So many words before a place are beside it.
const BESIDE: usize = 3;

impl Topic {
    /// `before` and `after` are the line around the place; what asks for the name is no part of it.
    pub fn new<'t>(before: &str, after: &str, around: impl IntoIterator<Item = &'t str>) -> Self {
        let mut near = words(before);
        let asking = |word: &String| {
            matches!(word.as_str(), "input" | "connection" | "call" | "object" | "definition" | "pick" | "list")
        };
        let kept = near.len() - near.iter().rev().take_while(|word| asking(word)).count();
        near.truncate(kept);
        let beside = near.iter().rev().take(BESIDE).cloned().collect();
        near.extend(words(after));
        Self { beside, near, around: around.into_iter().flat_map(words).collect() }
    }

    /// How much a name has to do with the topic.
    pub fn fits(&self, name: &str) -> u32 {
        let own = words(name);
        let share = |words: &[String]| {
            let common = own.iter().filter(|word| words.contains(word)).count();
            (common * 12 / own.len().max(1)) as u32
        };
        // The nearest says most of what is asked for: `events/#{input['` asks for the id of an event.
        let nearness = |word| self.beside.iter().position(|known| known == word).map_or(0, |at| BESIDE - at);
        let beside = own.iter().map(nearness).sum::<usize>() * 6 / own.len().max(1);
        beside as u32 + 2 * share(&self.near) + share(&self.around)
    }
}

/// The words of a name or a text, in small letters and without the ending of a plural. `userId` has two.
fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars() {
        if !c.is_alphanumeric() {
            last = ' ';
            continue;
        }
        match found.last_mut().filter(|_| last != ' ' && !(last.is_lowercase() && c.is_uppercase())) {
            Some(word) => word.extend(c.to_lowercase()),
            None => found.push(c.to_lowercase().collect()),
        }
        last = c;
    }
    found.retain(|word| word.len() > 1);
    found.into_iter().map(singular).collect()
}

fn singular(word: String) -> String {
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => match word.strip_suffix('s').filter(|stem| stem.len() > 2) {
            Some(stem) => stem.to_owned(),
            None => word,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{FOLLOWERS, Habits, Topic};
    use crate::vocabulary;

    #[test]
    fn usual_keys_are_keys() {
        for (path, before, followers) in FOLLOWERS {
            let at: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
            for name in followers.split(' ').step_by(2).chain([*before]).filter(|name| !name.is_empty()) {
                let path: Vec<&str> = at.iter().copied().chain([name]).collect();
                assert!(vocabulary::key(&path).is_some(), "{path:?}");
            }
        }
        assert!(FOLLOWERS.is_sorted());
    }

    #[test]
    fn what_is_usual_is_likelier() {
        let between = |habits: &Habits, key, after| habits.between(&["actions", "get"], "input_fields", key, after);
        let none = Habits { hashes: Vec::new() };
        let at = |key, after| between(&none, key, after);
        assert!(at("execute", Some("output_fields")) > at("output_fields", Some("sample_output")));
        // What the file does outweighs what others do.
        let habits = Habits { hashes: vec![vec!["input_fields", "output_fields", "execute"]; 4] };
        let at = |key| between(&habits, key, Some("execute"));
        assert!(at("output_fields") > at("execute") && habits.may_have("execute") && !habits.may_have("title"));
        let topic = Topic::new("pick_list: '", "', name: 'status'", ["create_contact"]);
        assert!(topic.fits("statuses") == 0 && topic.fits("contact_input") > topic.fits("lead_input"));
        let topic = Topic::new("users/#{id}/events/#{input['", "']}", []);
        assert!(topic.fits("eventId") > topic.fits("userId") && topic.fits("userId") > topic.fits("name"));
    }
}
