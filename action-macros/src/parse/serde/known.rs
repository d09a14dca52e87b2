//! The keys of `#[serde(…)]`, read here first: two derives stand behind that attribute, and each
//! would complain of the same slip.

use enact_macro_support::Diag;
use enact_macro_support::keys::{self, Key, Known, Value};
use syn::Attribute;

pub(super) const OF_ITEM: [&str; 13] = [
    "rename",
    "rename_all",
    "rename_all_fields",
    "deny_unknown_fields",
    "tag",
    "content",
    "untagged",
    "default",
    "transparent",
    "from",
    "try_from",
    "into",
    "expecting",
];
pub(super) const OF_VARIANT: [&str; 10] = [
    "rename",
    "rename_all",
    "skip",
    "skip_serializing",
    "skip_deserializing",
    "serialize_with",
    "deserialize_with",
    "with",
    "untagged",
    "other",
];
pub(super) const OF_FIELD: [&str; 10] = [
    "rename",
    "default",
    "flatten",
    "skip",
    "skip_serializing",
    "skip_deserializing",
    "skip_serializing_if",
    "serialize_with",
    "deserialize_with",
    "with",
];
/// May be given again and again.
const OFTEN: [&str; 1] = ["alias"];

/// What the derive itself says to serde.
const OURS: [&str; 4] = ["crate", "remote", "bound", "getter"];

/// The keys of `#[serde(…)]`, every slip noted.
pub(super) fn read(attrs: &[Attribute], known: &[&str], diag: &mut Diag) -> Vec<Key> {
    let known: Vec<&str> = known.iter().copied().chain(OURS).collect();
    let known = Known {
        once: &known,
        often: &OFTEN,
    };
    let keys = keys::of_attributes(attrs, "serde", known, diag);
    for key in &keys {
        let name = key.name.to_string();
        if OURS.contains(&name.as_str()) {
            diag.note(
                &key.name,
                format!("the derive says `{name}` to serde itself: take it out"),
            );
        }
        if name.starts_with("rename") && matches!(key.value, Value::List(_)) {
            diag.note(
                key,
                format!("params have one name for reading and writing: write `{name} = \"…\"`"),
            );
        }
    }
    keys
}

/// Notes what `#[schemars(…)]` says of names and shape: it would describe what serde doesn't read.
pub(super) fn refuse_described(attrs: &[Attribute], fine: &[&str], diag: &mut Diag) {
    const READ: [&str; 15] = [
        "rename",
        "rename_all",
        "rename_all_fields",
        "deny_unknown_fields",
        "tag",
        "content",
        "untagged",
        "default",
        "flatten",
        "skip",
        "skip_serializing",
        "skip_deserializing",
        "transparent",
        "crate",
        "bound",
    ];
    for key in keys::foreign(attrs, "schemars") {
        let name = key.name.to_string();
        if READ.contains(&name.as_str()) && !fine.contains(&name.as_str()) {
            diag.note(
                &key.name,
                format!("the schema would say `{name}` and reading would not: write it in `#[serde({name} …)]`"),
            );
        }
    }
}
