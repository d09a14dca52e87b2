//! Values with references, made into templates.

use super::kinds::Kinds;
use super::{Checker, Shape};
use crate::plan::read::{Form, Given};
use crate::plan::template::Template;

impl<'j> Checker<'j, '_> {
    /// The template of a value, and what is known of what it will build.
    pub(super) fn value(&mut self, given: &Given<'j>) -> (Template, Shape<'j>) {
        match &given.form {
            Form::Literal(value) => (Template::Literal((*value).clone()), Shape::Literal(value)),
            Form::Link(None) => (Template::NOTHING, Shape::Any),
            Form::Link(Some(link)) => match self.resolve(link, &given.pointer) {
                None => (Template::NOTHING, Shape::Any),
                Some((reference, shape)) => {
                    let shape = match link.default {
                        Some(default) => Shape::Defaulted(shape.into(), default),
                        None => shape,
                    };
                    (Template::Reference(reference), shape)
                }
            },
            Form::List(items) => {
                let (templates, shapes): (Vec<_>, Vec<_>) =
                    items.iter().map(|item| self.value(item)).unzip();
                (
                    Template::List(templates.into()),
                    Shape::Tuple(shapes.into()),
                )
            }
            Form::Object(members) => {
                let mut templates = Vec::new();
                let mut shapes = Vec::new();
                for (key, member) in members {
                    let (template, shape) = self.value(member);
                    templates.push(((*key).into(), template));
                    shapes.push((*key, shape));
                }
                (
                    Template::Object(templates.into()),
                    Shape::Object(shapes.into()),
                )
            }
        }
    }

    /// The value of what may be left out.
    pub(super) fn value_or_nothing(&mut self, given: Option<&Given<'j>>) -> (Template, Shape<'j>) {
        match given {
            Some(given) => self.value(given),
            None => (Template::NOTHING, Shape::Of(Kinds::NULL)),
        }
    }
}
