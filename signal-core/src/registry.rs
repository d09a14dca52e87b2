//! Every signal of the program by its type: found by the linker, checked when the program starts.

use std::error::Error;
use std::fmt;
use std::sync::OnceLock;

use enact_action_core::params::{Reader, SchemaDefects};
use enact_action_core::spec::SourcePlace;
use enact_action_core::{Params, Violations};
use serde_json::Value;

use crate::envelope::Envelope;
use crate::error::SignalError;
use crate::payload::Signal;
use crate::spec::Spec;

/// The signals of a program, each known by its type and its version.
///
/// Whatever `#[signal]` marks in any crate that is linked in is here, without a list to keep.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Envelope, Registry, prelude::*};
///
/// #[signal(type = "meter.read", version = 2)]
/// struct MeterRead {
///     #[param(min = 0)]
///     kwh: f64,
/// }
///
/// let registry = Registry::open()?;
/// let entry = registry.get("meter.read").ok_or("it is linked in")?;
/// assert_eq!(entry.schema()["properties"]["kwh"]["minimum"], 0);
///
/// let data = serde_json::json!({ "kwh": -1 });
/// let envelope = Envelope::builder("meter.read", "/meters").json(&data).build()?;
/// let refused = entry.check(&envelope).unwrap_err();
/// assert_eq!(refused.violations().map(|all| all.len()), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Registry {
    /// In the order of their types, older versions first.
    entries: Vec<&'static Entry>,
}

/// One signal as the registry knows it.
#[derive(Debug)]
pub struct Entry {
    spec: &'static Spec,
    reader: fn() -> &'static Reader,
    check: fn(Value) -> Result<(), Violations>,
}

/// What the linker gathers: where an entry stands.
#[derive(Debug)]
pub struct Submitted(pub &'static Entry);

inventory::collect!(Submitted);

/// What is wrong with a program's signals, all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryError {
    defects: Vec<Defect>,
}

/// One thing that is wrong with a program's signals.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// Two signals have one type and one version.
    SameType {
        /// The type.
        ty: &'static str,
        /// The version.
        version: Option<u32>,
        /// Where the first is written.
        first: Option<SourcePlace>,
        /// Where the second is written.
        second: Option<SourcePlace>,
    },
    /// The schema of a signal's payload can't hold.
    Schema {
        /// The type.
        ty: &'static str,
        /// Where it is written.
        place: Option<SourcePlace>,
        /// What is wrong.
        defects: SchemaDefects,
    },
}

impl Entry {
    /// The entry of a signal.
    #[doc(hidden)]
    pub const fn of<S: Signal + Params>() -> Self {
        Self {
            spec: &const { S::SPEC },
            reader: S::reader,
            check: |json| S::of_data(json).map(drop),
        }
    }

    /// What the signal says of itself.
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// The JSON Schema of its payload.
    pub fn schema(&self) -> &'static Value {
        (self.reader)().schema()
    }

    /// Takes what is marked `secret` or has a `class` out of a payload, for whoever shows it.
    pub fn redact(&self, data: &mut Value) {
        (self.reader)().redact(data);
    }

    /// Checks the data of an envelope by the signal's rules, whatever its type.
    ///
    /// # Errors
    /// [`Invalid`](crate::Kind::Invalid) with every violation.
    pub fn check(&self, envelope: &Envelope) -> Result<(), SignalError> {
        (self.check)(envelope.json()?).map_err(|violations| {
            let what = format!("the data of the signal {:?} was refused", self.spec.ty);
            SignalError::invalid(what, violations)
        })
    }
}

impl Registry {
    /// Gathers the program's signals and checks them.
    ///
    /// # Errors
    /// Every defect at once: two signals of one type and version with both places, a schema that
    /// its own defaults or examples break.
    pub fn open() -> Result<Self, RegistryError> {
        Self::gather(inventory::iter::<Submitted>().map(|submitted| submitted.0))
    }

    fn gather(entries: impl Iterator<Item = &'static Entry>) -> Result<Self, RegistryError> {
        let mut entries: Vec<&'static Entry> = entries.collect();
        entries.sort_by_key(|entry| {
            let place = entry.spec.place.map(|place| (place.file, place.line));
            (entry.spec.ty, entry.spec.version, place)
        });
        let same = entries.windows(2).filter_map(|pair| same(pair[0], pair[1]));
        let schemas = entries.iter().filter_map(|entry| {
            Some(Defect::Schema {
                ty: entry.spec.ty,
                place: entry.spec.place,
                defects: (entry.reader)().defects()?.clone(),
            })
        });
        let defects: Vec<Defect> = same.chain(schemas).collect();
        if defects.is_empty() {
            Ok(Self { entries })
        } else {
            Err(RegistryError { defects })
        }
    }

    /// The program's registry, opened once.
    ///
    /// # Panics
    /// With every defect, where [`open`](Self::open) gives an error: the program can't be right.
    #[expect(
        clippy::panic,
        reason = "a program whose signals are defective must not start"
    )]
    pub fn global() -> &'static Self {
        static GLOBAL: OnceLock<Registry> = OnceLock::new();
        GLOBAL.get_or_init(|| match Self::open() {
            Ok(registry) => registry,
            Err(error) => panic!("{error}"),
        })
    }

    /// The signal of that type, its newest version.
    pub fn get(&self, ty: &str) -> Option<&'static Entry> {
        self.named(ty).next_back()
    }

    /// That version of a signal.
    pub fn version(&self, ty: &str, version: u32) -> Option<&'static Entry> {
        let mut named = self.named(ty);
        named.find(|entry| entry.spec.version == Some(version))
    }

    /// The signal that an envelope carries: of the version that its schema's URI tells, the newest
    /// where it tells none.
    pub fn find(&self, envelope: &Envelope) -> Option<&'static Entry> {
        let ty = envelope.ty().as_str();
        match envelope.version() {
            Some(version) => self.version(ty, version),
            None => self.get(ty),
        }
    }

    /// The signals, in the order of their types, older versions first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'static Entry> + '_ {
        self.entries.iter().copied()
    }

    fn named<'a>(&'a self, ty: &'a str) -> impl DoubleEndedIterator<Item = &'static Entry> + 'a {
        let start = self.entries.partition_point(|entry| entry.spec.ty < ty);
        let named = self.entries[start..].iter().copied();
        let count = named
            .clone()
            .take_while(|entry| entry.spec.ty == ty)
            .count();
        named.take(count)
    }
}

fn same(one: &Entry, next: &Entry) -> Option<Defect> {
    let (one, next) = (one.spec, next.spec);
    let same = (one.ty, one.version) == (next.ty, next.version);
    same.then_some(Defect::SameType {
        ty: one.ty,
        version: one.version,
        first: one.place,
        second: next.place,
    })
}

impl RegistryError {
    /// Each defect.
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the program's signals are defective")?;
        for defect in &self.defects {
            write!(f, "\n- {defect}")?;
        }
        Ok(())
    }
}

impl Error for RegistryError {}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameType {
                ty,
                version,
                first,
                second,
            } => {
                write!(f, "two signals are of the type {ty:?}")?;
                if let Some(version) = version {
                    write!(f, " in version {version}")?;
                }
                write!(f, ", at {} and at {}", At(*first), At(*second))?;
                f.write_str(
                    "; give one of them another type, or count up the `version` of the newer",
                )
            }
            Self::Schema { ty, place, defects } => write!(f, "{ty:?} at {}: {defects}", At(*place)),
        }
    }
}

struct At(Option<SourcePlace>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(place) => place.fmt(f),
            None => f.write_str("an unknown place"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Registry};
    use crate::prelude::*;

    #[signal(type = "a.b", crate = crate)]
    struct One;

    #[signal(type = "a.b", crate = crate)]
    struct Two;

    #[signal(type = "a.b", version = 3, crate = crate)]
    struct Three;

    #[test]
    fn two_signals_of_one_type_do_not_start() {
        static ENTRIES: [Entry; 2] = [Entry::of::<One>(), Entry::of::<Two>()];
        let error = Registry::gather(ENTRIES.iter()).expect_err("both are \"a.b\"");
        assert_eq!(error.defects().len(), 1);
        let text = error.to_string();
        assert!(
            text.contains("two signals are of the type \"a.b\", at signal-core/src/registry.rs:"),
            "{text}"
        );
    }

    #[test]
    fn versions_stand_side_by_side_and_the_newest_is_meant() {
        static ENTRIES: [Entry; 2] = [Entry::of::<Three>(), Entry::of::<One>()];
        let registry = Registry::gather(ENTRIES.iter()).expect("they differ");
        let version = |entry: &Entry| entry.spec().version;
        assert_eq!(registry.get("a.b").map(version), Some(Some(3)));
        assert!(registry.version("a.b", 2).is_none() && registry.get("a").is_none());
        assert!(registry.iter().map(version).eq([None, Some(3)]));
    }
}
