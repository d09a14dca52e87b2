//! What a reference may name: what stands before it, and not beside or inside of something else.

use super::{Checker, Made, Shape};
use crate::plan::mistake::Code;
use crate::plan::place::{self, Place};
use crate::plan::read::{Kind, Link, Root};
use crate::plan::template::{Reference, Token};
use crate::plan::words;

/// How many names a text lists.
const MOST_NAMES: usize = 12;

impl<'j> Checker<'j, '_> {
    /// Resolves a reference, with what is known of what it reads.
    pub(super) fn resolve(
        &mut self,
        link: &Link<'j>,
        pointer: &str,
    ) -> Option<(Reference, Shape<'j>)> {
        let outer = Place::At(pointer);
        let place = outer.key("ref");
        let (made, way) = match link.root {
            Root::Params => (self.input(link, &place)?, link.tokens.as_slice()),
            Root::Item => (self.item(&place)?, link.tokens.as_slice()),
            Root::Items => (self.items(link, &place)?, link.tokens.get(1..)?),
            Root::Steps => (self.output(link, &place)?, link.tokens.get(1..)?),
        };
        let shape = self.walk(&made.shape, way, link, &place)?;
        let up = (self.frames.len() - 1).saturating_sub(made.depth);
        let token = |token: &String| Token {
            key: token.as_str().into(),
            index: place::index(token),
        };
        let reference = Reference {
            up: u32::try_from(up).unwrap_or(u32::MAX),
            slot: made.slot,
            way: way.iter().map(token).collect(),
            default: link.default.cloned(),
            text: link.text.into(),
        };
        Some((reference, shape))
    }

    fn input(&mut self, link: &Link<'j>, place: &Place<'_>) -> Option<Made<'j>> {
        let names: Vec<&str> = self.draft.declared.iter().map(|one| one.name).collect();
        if let Some(name) = link.tokens.first()
            && !names.contains(&name.as_str())
        {
            let found = format!("the unknown input {}", words::text(name));
            self.unknown(place, found, &names, name, "/params/");
            return None;
        }
        Some(Made {
            shape: self.inputs.clone(),
            depth: 0,
            slot: 0,
        })
    }

    fn item(&mut self, place: &Place<'_>) -> Option<Made<'j>> {
        let Some((_, shape)) = self.items.last() else {
            let allowed = "a reference to an item inside the \"do\" or \"answer\" of a for_each";
            self.notes.add(
                place,
                Code::UnknownRef,
                "an item outside of a for_each",
                allowed,
            );
            return None;
        };
        Some(Made {
            shape: shape.clone(),
            depth: self.items.len(),
            slot: 0,
        })
    }

    fn items(&mut self, link: &Link<'j>, place: &Place<'_>) -> Option<Made<'j>> {
        let name = link.tokens.first()?;
        let open: Vec<Option<&str>> = self
            .items
            .iter()
            .map(|(node, _)| self.fact(*node).name)
            .collect();
        let Some(position) = open.iter().position(|open| *open == Some(name)) else {
            let found = format!(
                "an item of {}, which is no for_each around",
                words::text(name)
            );
            let names: Vec<&str> = open.into_iter().flatten().collect();
            self.unknown(place, found, &names, name, "/items/");
            return None;
        };
        let shape = self.items[position].1.clone();
        Some(Made {
            shape,
            depth: position + 1,
            slot: 0,
        })
    }

    fn output(&mut self, link: &Link<'j>, place: &Place<'_>) -> Option<Made<'j>> {
        let name = link.tokens.first()?;
        let Some(node) = self.names().get(name.as_str()).copied() else {
            let names = if self.notes.is_full() {
                Vec::new()
            } else {
                self.visible()
            };
            let found = format!("the unknown step {}", words::text(name));
            self.unknown(place, found, &names, name, "/steps/");
            return None;
        };
        if let Err((code, found, allowed)) = self.sees(node) {
            self.notes.add(place, code, found, allowed);
            return None;
        }
        if self.fact(node).kind == Kind::Parallel {
            let found = format!("{}, a parallel, which has no output", words::text(name));
            let allowed = "the steps in its arms, by their own names";
            self.notes.add(place, Code::UnknownRef, found, allowed);
            return None;
        }
        self.reads.push(node);
        // What is broken has been noted where it stands, and nothing is known of its output.
        let unknown = Made {
            shape: Shape::Any,
            depth: 0,
            slot: 0,
        };
        Some(self.made[node as usize].clone().unwrap_or(unknown))
    }

    fn unknown(
        &mut self,
        place: &Place<'_>,
        found: String,
        names: &[&str],
        name: &str,
        root: &str,
    ) {
        let near = words::nearest(name, names.iter().copied());
        let listed = &names[..names.len().min(MOST_NAMES)];
        let allowed = match listed {
            [] => format!("nothing: there is no {root} here"),
            names => words::one_of(names),
        };
        let hint = near.map(|near| words::did_you_mean(&format!("{root}{near}")));
        self.notes
            .hinted(place, Code::UnknownRef, found, allowed, hint);
    }

    /// The names that may be referred to here, in the order of the plan.
    fn visible(&self) -> Vec<&'j str> {
        let mut nodes: Vec<(u32, &'j str)> = self
            .names()
            .iter()
            .map(|(name, node)| (*node, *name))
            .collect();
        nodes.sort_unstable();
        nodes
            .into_iter()
            .filter(|(node, _)| self.sees(*node).is_ok())
            .filter(|(node, _)| self.fact(*node).kind != Kind::Parallel)
            .map(|(_, name)| name)
            .collect()
    }

    /// Whether that statement may be referred to here, or why not.
    fn sees(&self, node: u32) -> Result<(), (Code, String, String)> {
        let fact = self.fact(node);
        let name = words::text(fact.name.unwrap_or_default());
        let before = "what stands before it; no step can wait for a later one or itself";
        if node == self.now || self.blocks.iter().any(|(open, _)| *open == node) {
            let found = format!("a reference from {name} to itself");
            return Err((Code::Later, found, before.to_owned()));
        }
        if node > self.now {
            return Err((
                Code::Later,
                format!("{name}, which is made later"),
                before.to_owned(),
            ));
        }
        let common = fact
            .blocks
            .iter()
            .zip(&self.blocks)
            .take_while(|(a, b)| a == b)
            .count();
        if let (Some((theirs, _)), Some((ours, _))) =
            (fact.blocks.get(common), self.blocks.get(common))
            && theirs == ours
        {
            return Err(self.beside(*theirs, &name));
        }
        let closed = fact.blocks[common..]
            .iter()
            .find(|(node, _)| self.fact(*node).kind != Kind::Parallel);
        match closed {
            Some((outer, _)) => Err(self.hidden(*outer, &name)),
            None => Ok(()),
        }
    }

    fn beside(&self, outer: u32, name: &str) -> (Code, String, String) {
        let outer = self.fact(outer);
        let of = words::text(outer.name.unwrap_or_default());
        let (found, allowed) = if outer.kind == Kind::Parallel {
            (
                format!("{name}, which runs beside this, in another arm of the parallel {of}"),
                "what stands before the parallel, or before it in the same arm",
            )
        } else {
            (
                format!("{name}, which is in another arm of the branch {of} and does not run"),
                "what stands before the branch, or before it in the same arm",
            )
        };
        (Code::Beside, found, allowed.to_owned())
    }

    fn hidden(&self, outer: u32, name: &str) -> (Code, String, String) {
        let outer = self.fact(outer);
        let kind = outer.kind.key();
        let of = outer.name.unwrap_or_default();
        let found = format!("{name}, which stays inside of the {kind} {of:?}");
        let allowed =
            format!("\"/steps/{of}\", with an \"answer\" in the {kind} that gives it out");
        (Code::Inside, found, allowed)
    }

    fn walk(
        &mut self,
        whole: &Shape<'j>,
        way: &[String],
        link: &Link<'j>,
        place: &Place<'_>,
    ) -> Option<Shape<'j>> {
        let mut shape = whole.clone();
        for token in way {
            let Some(inner) = shape.inside(token) else {
                let found = format!("{}, but there is no {token:?}", words::text(link.text));
                let allowed = format!("a way into what is there: {}", shape.describe());
                self.notes.add(place, Code::Absent, found, allowed);
                return None;
            };
            shape = inner;
        }
        Some(shape)
    }
}
