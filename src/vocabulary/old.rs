//! Older names of keys, and what they are called now.

/// What an older key is called now; `None` where something else has to be done.
pub fn successor(name: &str) -> Option<&'static str> {
    OLD.iter().find(|(known, _)| *known == name).and_then(|(_, now)| *now)
}

/// Sorted by name.
pub const OLD: &[(&str, Option<&str>)] = &[
    ("credentials", Some("apply")),
    ("hint", Some("subtitle")),
    ("ng_if", Some("ngIf")),
    ("picklist", Some("pick_list")),
    ("picklists", Some("pick_lists")),
    // It belongs to the top.
    ("test", None),
    ("title_hint", Some("subtitle")),
];
