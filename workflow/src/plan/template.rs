//! Values with references in them, and what the references read while a plan runs.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use enact_action_core::Failure;
use serde_json::Value;

/// A value of a plan, ready to be built.
#[derive(Debug, Clone)]
pub(crate) enum Template {
    /// It holds no reference.
    Literal(Value),
    /// It is what something else has made.
    Reference(Reference),
    /// A list with references in it.
    List(Box<[Self]>),
    /// An object with references in it.
    Object(Box<[(Box<str>, Self)]>),
}

impl Template {
    /// The value that stands for nothing.
    pub(crate) const NOTHING: Self = Self::Literal(Value::Null);

    /// The value, with what is referred to copied into it.
    ///
    /// # Errors
    /// Terminal, `plan.absent`, where a reference without a default points at nothing.
    pub(crate) fn build(&self, frame: &Frame<'_>) -> Result<Value, Failure> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Reference(reference) => reference.read(frame).cloned(),
            Self::List(items) => items.iter().map(|item| item.build(frame)).collect(),
            Self::Object(members) => members
                .iter()
                .map(|(key, member)| Ok((String::from(&**key), member.build(frame)?)))
                .collect::<Result<_, _>>()
                .map(Value::Object),
        }
    }

    /// The value, copied only where it must be put together.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub(crate) fn borrow<'v>(&'v self, frame: &'v Frame<'_>) -> Result<Cow<'v, Value>, Failure> {
        match self {
            Self::Literal(value) => Ok(Cow::Borrowed(value)),
            Self::Reference(reference) => reference.read(frame).map(Cow::Borrowed),
            Self::List(_) | Self::Object(_) => self.build(frame).map(Cow::Owned),
        }
    }
}

/// What a value reads: a slot, and a way into it.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// How many frames further out.
    pub(crate) up: u32,
    /// The slot in that frame.
    pub(crate) slot: u32,
    /// The way into what the slot holds.
    pub(crate) way: Box<[Token]>,
    /// What stands where there is nothing, or null.
    pub(crate) default: Option<Value>,
    /// As it is written in the plan.
    pub(crate) text: Box<str>,
}

/// One token of a pointer, as a key and as an index.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) key: Box<str>,
    pub(crate) index: Option<usize>,
}

impl Reference {
    /// What is there, or the default.
    ///
    /// # Errors
    /// Terminal, `plan.absent`, where there is nothing and no default.
    pub(crate) fn read<'v>(&'v self, frame: &'v Frame<'_>) -> Result<&'v Value, Failure> {
        match (self.find(frame), &self.default) {
            (None | Some(Value::Null), Some(default)) => Ok(default),
            (Some(value), _) => Ok(value),
            (None, None) => Err(self.absent()),
        }
    }

    /// What is there, if anything is; null is something.
    pub(crate) fn find<'v>(&self, frame: &'v Frame<'_>) -> Option<&'v Value> {
        let whole = frame.value(self.up, self.slot)?;
        self.way.iter().try_fold(whole, |value, token| match value {
            Value::Object(map) => map.get(&*token.key),
            Value::Array(list) => list.get(token.index?),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        })
    }

    #[cold]
    fn absent(&self) -> Failure {
        let text = format!(
            "there is nothing at {:?}; give the reference a \"default\", or make sure of it with \
             \"exists\"",
            self.text
        );
        Failure::terminal("plan.absent", text)
    }
}

/// What the references of one block read: the slots of the plan, or of one item of a `for_each`.
///
/// Slot 0 holds the inputs, or the item. Each slot is written once, so arms that run side by side
/// share a frame without a lock.
#[derive(Debug)]
pub(crate) struct Frame<'f> {
    outer: Option<&'f Self>,
    slots: Box<[OnceLock<Arc<Value>>]>,
}

impl<'f> Frame<'f> {
    /// The frame of a plan, which begins with the inputs.
    pub(crate) fn of(inputs: Value, slots: u32) -> Self {
        Self::with(None, inputs, slots)
    }

    /// The frame of one item.
    pub(crate) fn inside(outer: &'f Self, item: Value, slots: u32) -> Self {
        Self::with(Some(outer), item, slots)
    }

    fn with(outer: Option<&'f Self>, first: Value, slots: u32) -> Self {
        let slots = slots.max(1);
        let frame = Self {
            outer,
            slots: (0..slots).map(|_| OnceLock::new()).collect(),
        };
        frame.set(0, Arc::new(first));
        frame
    }

    /// Writes a slot; what is already there stays.
    pub(crate) fn set(&self, slot: u32, value: Arc<Value>) {
        if let Some(place) = self.slots.get(slot as usize) {
            place.get_or_init(|| value);
        }
    }

    /// What the slot holds, so many frames further out.
    pub(crate) fn value(&self, up: u32, slot: u32) -> Option<&Value> {
        let mut frame = self;
        for _ in 0..up {
            frame = frame.outer?;
        }
        Some(&**frame.slots.get(slot as usize)?.get()?)
    }
}
