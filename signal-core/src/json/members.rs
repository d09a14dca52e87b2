//! The members of a JSON object, as they were written and in their order.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of a JSON object, as they were written and in their order.
pub(super) struct Members<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl Members<'_> {
    /// The names that stand there more than once.
    pub(super) fn twice(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let names = self.0.iter().map(|(name, _)| name);
        names.filter(|name| !seen.insert(*name)).cloned().collect()
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Object)
    }
}

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
