//! Definitions that contain themselves by way of required keys only.

use super::Lower;
use crate::tool::rules::Circles;
use crate::tool::shape::{Kind, Node, Rest};

impl Lower<'_> {
    /// Refuses circles that the vendor can't unroll.
    pub(super) fn refuse_circles(&mut self) {
        if self.rules.circles == Circles::Free {
            return;
        }
        let shape = self.shape;
        let edges: Vec<Vec<&str>> = shape
            .defs
            .iter()
            .map(|(_, node)| {
                let mut names = Vec::new();
                required(node, &mut names);
                names
            })
            .collect();
        for (at, (name, _)) in shape.defs.iter().enumerate() {
            let mut reached = edges[at].clone();
            let mut next = 0;
            while let Some(found) = reached.get(next).copied() {
                next += 1;
                let more = shape.defs.iter().position(|(known, _)| known == found);
                for further in more.map_or(&[][..], |at| &edges[at]) {
                    if !reached.contains(further) {
                        reached.push(further);
                    }
                }
            }
            if reached.contains(&name.as_str()) && self.names.contains(name) {
                self.fault(
                    &format!("/$defs/{name}"),
                    "$ref",
                    &format!("`{name}` contains itself in a key that is required"),
                    "make the param that leads back to it optional",
                );
            }
        }
    }
}

/// The definitions a value of the node can't do without.
fn required<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
    match &node.kind {
        Kind::Ref(name) if !names.contains(&name.as_str()) => names.push(name),
        Kind::List { items, .. } => required(items, names),
        Kind::Tuple(items) => items.iter().for_each(|item| required(item, names)),
        Kind::Object(object) => {
            let fields = object.fields.iter().filter(|field| field.required);
            fields.for_each(|field| required(&field.node, names));
            if let Rest::Entries { value, .. } = &object.rest {
                required(value, names);
            }
        }
        Kind::Union { arms, .. } => arms.iter().for_each(|arm| required(&arm.node, names)),
        _ => {}
    }
}
