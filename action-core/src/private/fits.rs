//! What fits what, in the words a user reads where it doesn't.
//!
//! Each trait stands in front of one of [`report`](crate::params::report) or of serde, and has one
//! implementation that is not recommended: so rustc speaks of the type and of the rule, once, and
//! lists no types of ours.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserializer, Serialize, Serializer};

use crate::params::Param;
use crate::params::report::{self, Items, Keys, Length, Numeric, Report, Scalar, Text};
use crate::params::rules::{Counts, Rules};

/// A type of a field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't stand in params",
    label = "not a param",
    note = "write `#[derive(Params)]` on a type of your own; if it is of another crate and has serde's \
            and schemars' traits, mark the field `#[param(opaque)]`",
    note = "maps have `String` keys; an integer of 128 bits does not fit JSON: write a `String`"
)]
pub trait FieldType {
    /// Checks the value in memory.
    fn check(&self, report: &mut Report<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: Param> FieldType for T {
    #[inline]
    fn check(&self, report: &mut Report<'_>) {
        Param::check(self, report);
    }
}

/// A type of a field that is marked opaque.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read, written and described",
    label = "not an opaque param",
    note = "an opaque param needs `Serialize` and `Deserialize` of serde and `JsonSchema` of schemars; \
            crates often have them behind features called `serde` and `schemars`"
)]
pub trait OpaqueType {
    /// Is there to be named: its schema is all that is checked.
    #[inline]
    fn check(&self, report: &mut Report<'_>) {
        let _ = report;
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + JsonSchema> OpaqueType for T {}

/// A type that number rules fit.
#[diagnostic::on_unimplemented(
    message = "number rules do not fit `{Self}`",
    label = "this rule is for numbers",
    note = "`min`, `max`, `exclusive_min`, `exclusive_max` and `multiple_of` fit integers and floats, \
            in an `Option` or a `Box` too; for a list write `items(min = …)`, for how long something \
            is `len = 1..=80`"
)]
pub trait NumberRules {
    /// Checks the number.
    fn check(&self, rules: &Rules, report: &mut Report<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: Numeric + ?Sized> NumberRules for T {
    fn check(&self, rules: &Rules, report: &mut Report<'_>) {
        report::check_number(self, rules, report);
    }
}

/// A type that text rules fit.
#[diagnostic::on_unimplemented(
    message = "text rules do not fit `{Self}`",
    label = "this rule is for text",
    note = "`pattern` and `format` fit `String`, in an `Option` or a `Box` too; for a list write \
            `items(pattern = …)`, for the keys of a map `keys(pattern = …)`"
)]
pub trait TextRules {
    /// Checks the text.
    fn check(&self, rules: &Rules, report: &mut Report<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: Text + ?Sized> TextRules for T {
    fn check(&self, rules: &Rules, report: &mut Report<'_>) {
        report::check_text(self, rules, report);
    }
}

/// A type that `len` fits.
#[diagnostic::on_unimplemented(
    message = "`len` does not fit `{Self}`",
    label = "this rule is for text, lists and maps",
    note = "`len` counts the characters of text, the items of a list or the keys of a map; for a \
            number write `min` and `max`"
)]
pub trait LenRule {
    /// Checks the length.
    fn check(&self, rules: &Rules, report: &mut Report<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: Length + ?Sized> LenRule for T {
    fn check(&self, rules: &Rules, report: &mut Report<'_>) {
        report::check_len(self, rules, report);
    }
}

/// A type that `unique` fits.
#[diagnostic::on_unimplemented(
    message = "`unique` does not fit `{Self}`",
    label = "this rule is for lists",
    note = "`unique` fits `Vec`, arrays and sets, in an `Option` or a `Box` too"
)]
pub trait UniqueRule {
    /// Checks that no two items are alike.
    fn check(&self, report: &mut Report<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: Items + ?Sized> UniqueRule for T {
    fn check(&self, report: &mut Report<'_>) {
        report::check_unique(self, report);
    }
}

/// A type that `one_of` fits.
#[diagnostic::on_unimplemented(
    message = "`one_of` does not fit `{Self}`",
    label = "this rule is for text and integers",
    note = "`one_of` fits `String`, `char` and integers, in an `Option` or a `Box` too; for a list \
            write `items(one_of(…))`"
)]
pub trait OneOfRule {
    /// Checks that the value is one of those listed.
    fn check(&self, rules: &Rules, report: &mut Report<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: Scalar + ?Sized> OneOfRule for T {
    fn check(&self, rules: &Rules, report: &mut Report<'_>) {
        report::check_one_of(self, rules, report);
    }
}

/// A type that has items.
#[diagnostic::on_unimplemented(
    message = "`items(…)` does not fit `{Self}`",
    label = "this rule is for lists",
    note = "`items(…)` fits `Vec`, arrays and sets, in an `Option` or a `Box` too"
)]
pub trait ItemRules {
    /// One item.
    type Item;

    /// Checks each item.
    fn check(&self, report: &mut Report<'_>, check: impl FnMut(&Self::Item, &mut Report<'_>));
}

#[diagnostic::do_not_recommend]
impl<T: Items + ?Sized> ItemRules for T {
    type Item = <T as Items>::Item;

    fn check(&self, report: &mut Report<'_>, check: impl FnMut(&Self::Item, &mut Report<'_>)) {
        report::check_items(self, report, check);
    }
}

/// A type that has keys.
#[diagnostic::on_unimplemented(
    message = "`keys(…)` does not fit `{Self}`",
    label = "this rule is for maps",
    note = "`keys(…)` fits maps with `String` keys, in an `Option` or a `Box` too"
)]
pub trait KeyRules {
    /// Checks each key.
    fn check(&self, report: &mut Report<'_>, check: impl FnMut(&str, &mut Report<'_>));
}

#[diagnostic::do_not_recommend]
impl<T: Keys + ?Sized> KeyRules for T {
    fn check(&self, report: &mut Report<'_>, check: impl FnMut(&str, &mut Report<'_>)) {
        report::check_keys(self, report, check);
    }
}

/// A type whose default may be written as text in quotes.
#[diagnostic::on_unimplemented(
    message = "text in quotes is no default for `{Self}`",
    label = "this is text",
    note = "text stands for a `String` and for types that have `From<&'static str>`; write a value \
            of the type"
)]
pub trait FromText {
    /// The value.
    fn from_text(text: &'static str) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: From<&'static str>> FromText for T {
    fn from_text(text: &'static str) -> Self {
        text.into()
    }
}

/// What generated code asks of a type, with an answer even where the type is not what it should
/// be: then [`Otherwise`] gives it, and the one error stands where the traits above are named.
#[derive(Debug)]
pub struct Of<T: ?Sized>(PhantomData<T>);

impl<T: Length + ?Sized> Of<T> {
    /// What `len` counts.
    pub const COUNTS: Counts = T::COUNTS;
}

impl<T: Items<Item: Length> + ?Sized> Of<T> {
    /// What `len` counts in an item.
    pub const EACH: Counts = <T::Item as Length>::COUNTS;
}

impl<T: Mirrored> Of<T> {
    /// As [`JsonSchema::schema_name`].
    pub fn schema_name() -> Cow<'static, str> {
        (T::described().schema_name)()
    }

    /// As [`JsonSchema::schema_id`].
    pub fn schema_id() -> Cow<'static, str> {
        (T::described().schema_id)()
    }

    /// As [`JsonSchema::json_schema`].
    pub fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        (T::described().json_schema)(generator)
    }

    /// As [`Serialize::serialize`].
    ///
    /// # Errors
    /// The serializer's own.
    #[inline]
    pub fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    /// As [`Deserialize::deserialize`](serde::Deserialize::deserialize).
    ///
    /// # Errors
    /// The deserializer's own.
    #[inline]
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// A type with a mirror, on which serde's and schemars' derives have worked.
#[expect(missing_docs, reason = "each is named after what it stands in for")]
pub trait Mirrored: Sized {
    fn described() -> Described;
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// The schema of a mirror, which is private and must not be named.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    schema_name: fn() -> Cow<'static, str>,
    schema_id: fn() -> Cow<'static, str>,
    json_schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Described {
    /// As the mirror describes it.
    pub fn by<M: JsonSchema>() -> Self {
        Self {
            schema_name: M::schema_name,
            schema_id: M::schema_id,
            json_schema: M::json_schema,
        }
    }
}

/// The answers where there is none: they let a faulty item type-check, and never run.
#[expect(missing_docs, reason = "each is named after what it stands in for")]
pub trait Otherwise {
    const COUNTS: Counts = Counts::Characters;
    const EACH: Counts = Counts::Characters;

    fn schema_name() -> Cow<'static, str> {
        unreachable!("{NEVER}")
    }

    fn schema_id() -> Cow<'static, str> {
        unreachable!("{NEVER}")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        unreachable!("{NEVER}")
    }

    fn serialize<T: ?Sized, S: Serializer>(_: &T, _: S) -> Result<S::Ok, S::Error> {
        unreachable!("{NEVER}")
    }

    fn deserialize<'de, T, D: Deserializer<'de>>(_: D) -> Result<T, D::Error> {
        unreachable!("{NEVER}")
    }
}

const NEVER: &str = "an item with mistakes does not compile";

impl<T: ?Sized> Otherwise for Of<T> {}
