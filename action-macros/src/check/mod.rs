//! What one key alone can't show: names, descriptions, rules against each other and against
//! the values beside them.

mod names;
mod rules;
mod samples;
mod types;

use enact_macro_support::Diag;
use enact_macro_support::keys::Key;
use syn::Type;

pub(crate) use self::names::{action_name, snake};
pub(crate) use self::samples::literal_json;
use crate::model::{Descriptions, Effect, Field, Item, Number, Role, Shape};

pub(crate) fn item(item: &Item, diag: &mut Diag) {
    if item.role == Role::Action {
        action(item, diag);
    }
    if let (Some(key), true) = (&item.serde.denies, item.open) {
        diag.note(
            key,
            "`open` lets unknown fields pass and `deny_unknown_fields` refuses them: take one out",
        );
    }
    for lifetime in item.generics.lifetimes() {
        diag.note(lifetime, OWNED);
    }
    names::check(item, diag);
    if item.serde.from.is_none() {
        flattened_in_variants(item, diag);
        item.read_fields().for_each(|field| half_there(field, diag));
    }
    for field in item.fields() {
        if item.descriptions == Descriptions::Needed {
            describe(field, diag);
        }
        misplaced(field, diag);
        converted(field, item, diag);
        owned(field, item, diag);
        let before = diag.count();
        rules::check(&field.rules, diag);
        types::check(field, diag);
        // No sample fits rules that nothing fits.
        if diag.count() == before {
            samples::check(field, diag);
        }
    }
}

const OWNED: &str = "params are read from JSON and own what they hold: write `String` for `&str`, \
                     `Vec<T>` for `&[T]`";

/// References, where no lifetime of the item has told of them already.
fn owned(field: &Field, item: &Item, diag: &mut Diag) {
    if item.generics.lifetimes().next().is_none() && matches!(field.ty, Type::Reference(_)) {
        diag.note(&field.ty, OWNED);
    }
}

fn action(item: &Item, diag: &mut Diag) {
    let ident = &item.ident;
    if item.description.is_none() {
        diag.note(
            ident,
            format!(
                "`{ident}` has no description, and models choose by it: write a doc comment, \
                 `/// …`, above it"
            ),
        );
    }
    if !item.generics.params.is_empty() && item.generics.lifetimes().next().is_none() {
        diag.note(
            &item.generics.params,
            "an action can't be generic, since the registry knows it by one name: derive `Params` \
             for the generic part and put it in a field",
        );
    }
    policy(item, diag);
}

fn policy(item: &Item, diag: &mut Diag) {
    let spec = &item.spec;
    if let Some((_, key)) = &spec.retry
        && !matches!(spec.effect, Some(Effect::Read | Effect::Idempotent))
    {
        diag.note(
            &key.name,
            "an action that writes is not tried again, since it may write twice: say \
             `effect = idempotent` or `effect = read` where that is true, or take `retry` out",
        );
    }
    if let (Some((timeout, _)), Some((deadline, key))) = (&spec.timeout, &spec.deadline)
        && deadline < timeout
    {
        diag.note(
            key,
            "the deadline of the whole is shorter than the timeout of one attempt: lengthen the \
             deadline or shorten the timeout",
        );
    }
    if spec.effect == Some(Effect::Read) {
        let confirm = spec.confirm.as_ref().map(|(_, key)| key);
        for (key, what) in [
            (spec.undo.as_ref(), "has nothing to undo"),
            (spec.writing.as_ref(), "writes nothing"),
            (confirm, "does nothing that needs approval"),
            (
                spec.dry_run.as_ref(),
                "does nothing that could be tried dry",
            ),
        ] {
            if let Some(key) = key {
                let name = &key.name;
                diag.note(
                    name,
                    format!("an action that only reads {what}: take `{name}` out"),
                );
            }
        }
    }
}

/// A field needs words that say what it is, where a name stands for it.
fn describe(field: &Field, diag: &mut Diag) {
    let Some(ident) = &field.ident else { return };
    if !field.described && !field.is_flattened() && !field.is_skipped() {
        diag.note(
            ident,
            format!(
                "`{ident}` has no description, and models go by it: write a doc comment, \
                 `/// …`, above it"
            ),
        );
    }
}

/// Rules and examples on a field that has no value of its own.
fn misplaced(field: &Field, diag: &mut Diag) {
    let told = if field.is_flattened() {
        "a flattened field has no value of its own: say this on the fields inside"
    } else if field.is_skipped() {
        "a skipped field is never read: take this out"
    } else {
        return;
    };
    for key in field.rules.all() {
        diag.note(&key.name, told);
    }
    for example in &field.examples {
        diag.note(example, told);
    }
}

/// Of a flattened `Option`, serde makes nothing of what has one mistake in it.
fn half_there(field: &Field, diag: &mut Diag) {
    if let Some(key) = field.flatten.as_ref().filter(|_| field.is_option()) {
        diag.note(
            &key.name,
            "what is half there would be read as nothing: flatten a struct whose own fields are \
             optional, or take this out",
        );
    }
}

/// Beside a flattened field of any variant, serde lets unknown fields of all of them pass.
fn flattened_in_variants(item: &Item, diag: &mut Diag) {
    let Shape::Enum(variants) = &item.shape else {
        return;
    };
    for variant in variants.iter().filter(|it| !item.open && !it.skipped) {
        let read = variant.fields.iter().filter(|it| !it.is_skipped());
        for key in read.filter_map(|it| it.flatten.as_ref()) {
            let ident = &variant.ident;
            diag.note(
                &key.name,
                format!(
                    "with this, every variant would take fields that it does not know: put the \
                     fields of `{ident}` into a struct and write `{ident}(…)` with it"
                ),
            );
        }
    }
}

/// Rules and secrets of a field that another type is read or written for.
fn converted(field: &Field, item: &Item, diag: &mut Diag) {
    let hidden = ["secret", "class"];
    let (from, into) = (&item.serde.from, &item.serde.into);
    let mut keys = field.rules.all();
    keys.retain(|key| !key.is("check"));
    for key in keys {
        let hides = hidden.iter().any(|name| key.is(name));
        let told = match (from, into) {
            (Some((from, _)), None) if hides => format!(
                "this is read as `{from}`, so nothing hides it: write it on `{from}`, and \
                 `into = {from:?}` beside, since values are hidden as they are read"
            ),
            (Some((from, _)), _) => {
                format!("this is read as `{from}`, so nothing asks for it: write it on `{from}`")
            }
            (None, Some((into, _))) if hides => {
                format!(
                    "this is written as `{into}`, so nothing hides it: write it on `{into}`, and \
                     `from = {into:?}` beside, since values are hidden as they are read"
                )
            }
            (None, _) => continue,
        };
        diag.note(&key.name, told);
    }
    if let Some((from, _)) = from {
        for example in &field.examples {
            let told = format!("this is read as `{from}`, so nobody sees it: write it on `{from}`");
            diag.note(example, told);
        }
    }
}

impl crate::model::Rules {
    /// The rules for numbers.
    pub(crate) fn numbers(&self) -> [&Option<(Number, Key)>; 5] {
        [
            &self.min,
            &self.max,
            &self.exclusive_min,
            &self.exclusive_max,
            &self.multiple_of,
        ]
    }

    /// The keys of every rule given.
    pub(crate) fn all(&self) -> Vec<&Key> {
        let mut keys: Vec<&Key> = self
            .numbers()
            .into_iter()
            .flatten()
            .map(|(_, key)| key)
            .collect();
        keys.extend(self.len.as_ref().map(|(_, _, key)| key));
        keys.extend(self.pattern.as_ref().map(|(_, key)| key));
        keys.extend(self.format.as_ref().map(|(_, key)| key));
        keys.extend(&self.unique);
        keys.extend(self.one_of.as_ref().map(|(_, key)| key));
        keys.extend(self.items.as_ref().map(|(_, key)| key));
        keys.extend(self.keys.as_ref().map(|(_, key)| key));
        keys.extend(&self.secret);
        keys.extend(self.class.as_ref().map(|(_, key)| key));
        keys.extend(self.checks.iter().map(|(_, key)| key));
        keys
    }
}

/// The fields that stand under names of their own in one object.
fn siblings(item: &Item) -> Vec<&[Field]> {
    match &item.shape {
        Shape::Record(fields) => vec![fields],
        Shape::Tuple(_) => Vec::new(),
        Shape::Enum(variants) => variants.iter().map(|variant| &*variant.fields).collect(),
    }
}
