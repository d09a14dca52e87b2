//! What can be wrong with a program's actions, found before the first one runs.

use std::fmt;

use super::Entry;
use crate::context::Resources;
use crate::params::SchemaDefects;
use crate::spec::SourcePlace;

/// What is wrong with a program's actions, all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryError {
    defects: Vec<Defect>,
}

/// One thing that is wrong with a program's actions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// Two actions have one name.
    SameName {
        /// The name.
        name: &'static str,
        /// Where the first is written.
        first: SourcePlace,
        /// Where the second is written.
        second: SourcePlace,
    },
    /// Two workflows have one name and one version.
    SameVersion {
        /// The name.
        name: &'static str,
        /// The version.
        version: u32,
        /// Where the first is written.
        first: SourcePlace,
        /// Where the second is written.
        second: SourcePlace,
    },
    /// An action needs a resource that nobody provides.
    Missing {
        /// The action.
        action: &'static str,
        /// Where it is written.
        place: SourcePlace,
        /// The resource's type.
        resource: &'static str,
    },
    /// The schema of an action's params can't hold.
    Schema {
        /// The action.
        action: &'static str,
        /// Where it is written.
        place: SourcePlace,
        /// What is wrong.
        defects: SchemaDefects,
    },
    /// An allow-list names an action that is not there.
    NotThere {
        /// The name.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
    },
}

impl RegistryError {
    pub(super) fn of(defects: Vec<Defect>) -> Result<(), Self> {
        if defects.is_empty() {
            Ok(())
        } else {
            Err(Self { defects })
        }
    }

    /// Each defect.
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    #[expect(
        clippy::panic,
        reason = "a program whose actions are defective must not start"
    )]
    pub(super) fn stop(&self) -> ! {
        panic!("{self}")
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the program's actions are defective")?;
        for defect in &self.defects {
            write!(f, "\n- {defect}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RegistryError {}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameName {
                name,
                first,
                second,
            } => write!(
                f,
                "two actions are named {name:?}, at {first} and at {second}; give one of them \
                 another `#[action(name = \"…\")]`"
            ),
            Self::SameVersion {
                name,
                version,
                first,
                second,
            } => write!(
                f,
                "two workflows are version {version} of {name:?}, at {first} and at {second}; count \
                 up the `version` of the newer one, or give one of them another \
                 `#[workflow(name = \"…\")]`"
            ),
            Self::Missing {
                action,
                place,
                resource,
            } => write!(
                f,
                "{action:?} at {place} needs a `{resource}`, which nobody provides; add \
                 `.resource(…)` where the context is built"
            ),
            Self::Schema {
                action,
                place,
                defects,
            } => write!(f, "{action:?} at {place}: {defects}"),
            Self::NotThere { name, nearest } => {
                write!(f, "there is no action {name:?}")?;
                match nearest {
                    Some(near) => write!(f, "; did you mean {near:?}?"),
                    None => f.write_str("; take it off the list"),
                }
            }
        }
    }
}

/// What is wrong with the entries themselves, which come in the order of their names and versions.
pub(super) fn check(entries: &[&'static Entry]) -> Vec<Defect> {
    let same = entries.windows(2).filter_map(|pair| same(pair[0], pair[1]));
    let schemas = entries.iter().filter_map(|entry| {
        let defects = entry.reader().defects()?.clone();
        Some(Defect::Schema {
            action: entry.name(),
            place: entry.spec().place,
            defects,
        })
    });
    same.chain(schemas).collect()
}

/// What is wrong with two entries of one name, unless they are two versions of a workflow.
fn same(one: &Entry, next: &Entry) -> Option<Defect> {
    let name = one.name();
    if name != next.name() {
        return None;
    }
    let (first, second) = (one.spec().place, next.spec().place);
    match (one.version(), next.version()) {
        (Some(version), Some(other)) => (version == other).then_some(Defect::SameVersion {
            name,
            version,
            first,
            second,
        }),
        _ => Some(Defect::SameName {
            name,
            first,
            second,
        }),
    }
}

/// Which entries need what the resources lack.
pub(super) fn missing(
    entries: impl Iterator<Item = &'static Entry>,
    resources: &Resources,
) -> Vec<Defect> {
    let needs = entries.flat_map(|entry| {
        entry
            .spec()
            .needs
            .iter()
            .map(move |need| (entry.spec(), need))
    });
    needs
        .filter(|(_, need)| !resources.has(need.id()))
        .map(|(spec, need)| Defect::Missing {
            action: spec.name,
            place: spec.place,
            resource: need.name(),
        })
        .collect()
}
