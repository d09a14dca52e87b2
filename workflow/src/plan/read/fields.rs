//! An object of which every key is known: what it has too much, and what it lacks.

use serde_json::{Map, Value};

use super::object;
use crate::plan::mistake::{Code, Notes};
use crate::plan::place::Place;
use crate::plan::words;

/// The members of an object whose keys have been looked at.
pub(super) struct Fields<'j> {
    map: &'j Map<String, Value>,
    /// Keys that misspelt ones were probably meant to be; they are not missing too.
    meant: Vec<&'static str>,
}

impl<'j> Fields<'j> {
    /// The members, with a mistake for each key that is not known.
    pub(super) fn read(
        json: &'j Value,
        place: &Place<'_>,
        what: &str,
        known: &[&'static str],
        notes: &mut Notes,
    ) -> Option<Self> {
        let map = object(json, place, &format!("{what}, an object"), notes)?;
        let mut meant = Vec::new();
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let free = known
                .iter()
                .copied()
                .filter(|known| !map.contains_key(*known));
            let near = words::nearest(key, free);
            let found = format!("the unknown key {}", words::text(key));
            let hint = near.map(words::did_you_mean);
            notes.hinted(
                &place.key(key),
                Code::UnknownKey,
                found,
                words::one_of(known),
                hint,
            );
            meant.extend(known.iter().copied().filter(|known| Some(*known) == near));
        }
        Some(Self { map, meant })
    }

    pub(super) fn get(&self, key: &str) -> Option<&'j Value> {
        self.map.get(key)
    }

    /// The member, with a mistake where there is none.
    pub(super) fn require(
        &self,
        key: &'static str,
        place: &Place<'_>,
        allowed: &str,
        notes: &mut Notes,
    ) -> Option<&'j Value> {
        let member = self.map.get(key);
        if member.is_none() && !self.meant.contains(&key) {
            notes.add(&place.key(key), Code::Missing, "nothing", allowed);
        }
        member
    }
}
