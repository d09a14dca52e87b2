//! The rules of one param as data: what the derive writes down once, and both sides read.

use std::sync::OnceLock;

use serde_json::{Number, Value, json};

use super::schema::{Bounds, RULED, narrow};
use enact_grammar::format::Format;
use enact_grammar::pattern::Pattern;

/// The rules of one param, from `#[param(…)]`.
///
/// The schema is written from this table and values in memory are checked against it, so the two
/// can't tell different stories.
#[derive(Debug)]
pub struct Rules {
    /// The least number.
    pub min: Option<Bound>,
    /// The greatest number.
    pub max: Option<Bound>,
    /// What every number lies above.
    pub exclusive_min: Option<Bound>,
    /// What every number lies below.
    pub exclusive_max: Option<Bound>,
    /// What every number is a multiple of.
    pub multiple_of: Option<Bound>,
    /// How long: characters, items or keys.
    pub len: Option<Len>,
    /// The pattern that text matches.
    pub pattern: Option<LazyPattern>,
    /// The format that text has.
    pub format: Option<Format>,
    /// Whether items must differ.
    pub unique: bool,
    /// The only values allowed; empty for any.
    pub one_of: &'static [Literal],
    /// Whether the value must never be shown.
    pub secret: bool,
    /// The class of personal data it belongs to.
    pub class: Option<&'static str>,
    /// The rules of each item.
    pub items: Option<&'static Self>,
    /// The rules of each key.
    pub keys: Option<&'static Self>,
}

impl Rules {
    /// No rules at all.
    pub const NONE: Self = Self {
        min: None,
        max: None,
        exclusive_min: None,
        exclusive_max: None,
        multiple_of: None,
        len: None,
        pattern: None,
        format: None,
        unique: false,
        one_of: &[],
        secret: false,
        class: None,
        items: None,
        keys: None,
    };
}

/// A pattern that is compiled when it is first needed.
#[derive(Debug)]
pub struct LazyPattern {
    source: &'static str,
    compiled: OnceLock<Pattern>,
}

impl LazyPattern {
    /// Remembers a pattern that the derive has compiled once.
    pub const fn new(source: &'static str) -> Self {
        Self {
            source,
            compiled: OnceLock::new(),
        }
    }

    pub(crate) fn source(&self) -> &'static str {
        self.source
    }

    pub(crate) fn published(&self) -> &str {
        self.compiled().published()
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.compiled().is_match(text)
    }

    fn compiled(&self) -> &Pattern {
        let compile = || {
            Pattern::new(self.source).expect("the derive checked this pattern while it compiled")
        };
        self.compiled.get_or_init(compile)
    }
}

/// A number that bounds another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// A negative integer, or any that fits.
    Int(i64),
    /// An integer that may be larger than [`i64::MAX`].
    Uint(u64),
    /// A fraction.
    Float(f64),
}

impl Bound {
    pub(crate) fn number(self) -> Number {
        match self {
            Self::Int(int) => int.into(),
            Self::Uint(uint) => uint.into(),
            Self::Float(float) => Number::from_f64(float).unwrap_or_else(|| 0.into()),
        }
    }
}

/// How long something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Len {
    /// At least so long.
    pub min: u64,
    /// At most so long, where there is an end.
    pub max: Option<u64>,
}

/// One of the values that `one_of` lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Literal {
    /// Text.
    Text(&'static str),
    /// A number.
    Number(Bound),
}

impl Literal {
    pub(crate) fn value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Number(bound) => Value::Number(bound.number()),
        }
    }
}

/// What a length counts, which decides the schema's keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Unicode scalar values of text.
    Characters,
    /// Items of a list.
    Items,
    /// Keys of a map.
    Keys,
}

impl Counts {
    /// So many of them, in words: `3 characters`.
    pub(crate) fn many(self, count: u64) -> String {
        let unit = match self {
            Self::Characters => "character",
            Self::Items => "item",
            Self::Keys => "key",
        };
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {unit}{plural}")
    }

    const fn keywords(self) -> (&'static str, &'static str) {
        match self {
            Self::Characters => ("minLength", "maxLength"),
            Self::Items => ("minItems", "maxItems"),
            Self::Keys => ("minProperties", "maxProperties"),
        }
    }
}

impl Rules {
    /// Writes these rules into a param's schema; `counts` says what `len` counts, and `each` what
    /// it counts in an item.
    pub fn write(&self, schema: &mut schemars::Schema, counts: Counts, each: Counts) {
        self.write_numbers(schema);
        self.write_len(schema, counts);
        if let Some(pattern) = &self.pattern {
            require(schema, "pattern", pattern.published().into());
        }
        if let Some(format) = self.format {
            schema.insert("format".into(), format.name().into());
            if let Some(pattern) = format.pattern() {
                require(schema, "pattern", pattern.into());
            }
        }
        if self.unique {
            schema.insert("uniqueItems".into(), true.into());
        }
        self.write_one_of(schema);
        if self.asks() {
            schema.insert(RULED.into(), true.into());
        }
        if self.secret {
            schema.insert("writeOnly".into(), true.into());
        }
        if let Some(class) = self.class {
            schema.insert("x-class".into(), class.into());
        }
        if let Some(items) = self.items {
            within(schema, "items", |item| {
                items.write(item, each, Counts::Characters);
            });
        }
        if let Some(keys) = self.keys {
            within(schema, "propertyNames", |key| {
                keys.write(key, Counts::Characters, Counts::Characters);
            });
        }
    }

    /// Whether there is a rule for the value itself, and not only for what is in it.
    fn asks(&self) -> bool {
        let bounds = [
            self.min,
            self.max,
            self.exclusive_min,
            self.exclusive_max,
            self.multiple_of,
        ];
        bounds.iter().any(Option::is_some)
            || self.len.is_some()
            || self.pattern.is_some()
            || self.format.is_some()
            || self.unique
            || !self.one_of.is_empty()
    }

    fn write_numbers(&self, schema: &mut schemars::Schema) {
        let bounds = [
            (Bounds::Least, self.min),
            (Bounds::Most, self.max),
            (Bounds::Above, self.exclusive_min),
            (Bounds::Below, self.exclusive_max),
        ];
        for (end, bound) in bounds {
            if let Some(bound) = bound {
                narrow(schema.ensure_object(), end, bound.number());
            }
        }
        if let Some(unit) = self.multiple_of {
            schema.insert("multipleOf".into(), Value::Number(unit.number()));
        }
    }

    fn write_len(&self, schema: &mut schemars::Schema, counts: Counts) {
        let Some(len) = self.len else { return };
        let (least, most) = counts_of(schema).unwrap_or(counts).keywords();
        // An array has a length of its own.
        let own = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let min = own(least).unwrap_or(0).max(len.min);
        let max = own(most).into_iter().chain(len.max).min();
        if min > 0 {
            schema.insert(least.into(), min.into());
        }
        if let Some(max) = max {
            schema.insert(most.into(), max.into());
        }
    }

    fn write_one_of(&self, schema: &mut schemars::Schema) {
        if self.one_of.is_empty() {
            return;
        }
        let mut values: Vec<Value> = self.one_of.iter().map(|literal| literal.value()).collect();
        let nullable = schema.get("type").and_then(Value::as_array);
        if nullable.is_some_and(|types| types.iter().any(|kind| kind == "null")) {
            values.push(Value::Null);
        }
        schema.insert("enum".into(), Value::Array(values));
    }
}

/// What the length of such a value counts, if its type is said right here.
fn counts_of(schema: &schemars::Schema) -> Option<Counts> {
    let kinds = schema.get("type")?;
    let is = |kind: &str| match kinds {
        Value::Array(kinds) => kinds.iter().any(|other| other == kind),
        other => other == kind,
    };
    let all = [
        ("string", Counts::Characters),
        ("array", Counts::Items),
        ("object", Counts::Keys),
    ];
    all.into_iter()
        .find(|(kind, _)| is(kind))
        .map(|(_, counts)| counts)
}

/// Sets an assertion, or adds it where the type already has one of that name.
fn require(schema: &mut schemars::Schema, keyword: &str, assertion: Value) {
    if !schema
        .as_object()
        .is_some_and(|map| map.contains_key(keyword))
    {
        schema.insert(keyword.to_owned(), assertion);
        return;
    }
    let all = schema
        .ensure_object()
        .entry("allOf")
        .or_insert_with(|| json!([]));
    if let Value::Array(all) = all {
        all.push(json!({ keyword: assertion }));
    }
}

fn within(schema: &mut schemars::Schema, keyword: &str, write: impl FnOnce(&mut schemars::Schema)) {
    let map = schema.ensure_object();
    let mut inner = match map.get(keyword).cloned() {
        Some(Value::Object(inner)) => schemars::Schema::from(inner),
        _ => schemars::Schema::default(),
    };
    write(&mut inner);
    map.insert(keyword.to_owned(), inner.to_value());
}
