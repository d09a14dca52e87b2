//! Types that hold each other.

use enact::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// A folder of files.
#[derive(Debug, Params)]
struct Folder {
    /// Its entries.
    entries: BTreeMap<String, Entry>,
    /// The one above.
    above: Option<Box<Folder>>,
}

/// What stands in a folder.
#[derive(Debug, Params)]
#[serde(untagged)]
enum Entry {
    Size(u64),
    Folders(Vec<Folder>),
    Named(HashMap<String, Entry>),
}

#[test]
fn it_does_what_it_says() {
    let folder = Folder::read(json!({ "entries": { "a": 1, "b": [{ "entries": {} }] } }));
    assert_eq!(folder.unwrap().entries.len(), 2);
}
