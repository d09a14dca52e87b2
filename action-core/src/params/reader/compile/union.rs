//! What a schema says of values of several shapes.

use serde_json::Value;

use super::{Compiler, Schema};
use crate::params::place::Place;
use crate::params::reader::node::{Id, Union};
use crate::params::reader::shape::{Shape, common_tag};

impl<'s> Compiler<'s> {
    pub(super) fn union(&mut self, map: &'s Schema, place: &Place<'_>) -> Option<Union> {
        let (keyword, arms) = match (map.get("oneOf"), map.get("anyOf")) {
            (Some(Value::Array(arms)), _) => ("oneOf", arms),
            (None, Some(Value::Array(arms))) => ("anyOf", arms),
            _ => return None,
        };
        let place = Place::Key(place, keyword);
        let shapes: Vec<Shape<'s>> = arms.iter().map(|arm| self.shape(arm)).collect();
        let compiled = |compiler: &mut Self, arms: &'s [Value]| -> Vec<Id> {
            arms.iter()
                .enumerate()
                .map(|(i, arm)| compiler.schema(arm, &Place::Index(&place, i)))
                .collect()
        };
        if let [arm, Value::Object(null)] | [Value::Object(null), arm] = arms.as_slice()
            && null.len() == 1
            && null.get("type").is_some_and(|kind| kind == "null")
        {
            return Some(Union::Nullable(self.schema(arm, &place)));
        }
        if let Some(key) = common_tag(&shapes) {
            let ids = compiled(self, arms);
            let names = shapes
                .iter()
                .map(|shape| shape.tag(key).unwrap_or_default().into());
            return Some(Union::Tagged {
                key: key.into(),
                arms: names.zip(ids).collect(),
            });
        }
        if let Some(union) = self.keyed(&shapes, &place) {
            return Some(union);
        }
        if keyword == "oneOf" {
            self.defect(
                &place,
                "these arms can't be told apart; give the enum a tag, or make it untagged",
            );
        }
        Some(Union::First(compiled(self, arms).into()))
    }

    fn keyed(&mut self, shapes: &[Shape<'s>], place: &Place<'_>) -> Option<Union> {
        let mut units = Vec::new();
        let mut arms = Vec::new();
        for (index, shape) in shapes.iter().enumerate() {
            match shape {
                Shape::Units(names) => units.extend(names.iter().map(|name| Box::from(*name))),
                // Two arms with one key are told apart by what is under it.
                Shape::Record {
                    only: Some((name, _)),
                    ..
                } if arms
                    .iter()
                    .any(|(other, _): &(Box<str>, Id)| **other == **name) =>
                {
                    return None;
                }
                Shape::Record {
                    only: Some((name, inner)),
                    ..
                } => {
                    let id = self.schema(inner, &Place::Index(place, index));
                    arms.push((Box::from(*name), id));
                }
                Shape::Record { only: None, .. } | Shape::Other => return None,
            }
        }
        Some(Union::Keyed {
            units: units.into(),
            arms: arms.into(),
        })
    }
}
