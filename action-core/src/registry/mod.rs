//! Every action by its name: found by the linker, checked when the program starts.

mod defects;
mod entry;
mod search;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use serde_json::Value;

pub use self::defects::{Defect, RegistryError};
#[doc(hidden)]
pub use self::entry::Submitted;
pub(crate) use self::entry::written;
pub use self::entry::{Entry, UNKNOWN};
use crate::approval::Preview;
use crate::context::{Context, Resources};
use crate::failure::Failure;
use crate::params::show;
use crate::spec::Spec;

/// The actions of a program, each known by its name.
///
/// Whatever derives [`Action`](crate::Action) in any crate that is linked in is here, without a
/// list to keep. A view made with [`allow`](Self::allow) is a registry too: whoever holds it can
/// call nothing else.
///
/// Several versions of one workflow may stand side by side, so that what was begun under an older
/// one can go on. The newest is the action of that name, for whoever calls, lists, searches or
/// makes tools; older ones are only found with [`version`](Self::version) and
/// [`entry`](Self::entry).
///
/// ```
/// # extern crate enact_action_core as enact;
/// # use enact::prelude::*;
/// # /// Adds two numbers.
/// # #[derive(Action)]
/// # #[action(effect = read)]
/// # struct Add { #[doc = "First."] a: i32, #[doc = "Second."] b: i32 }
/// # impl Run for Add {
/// #     type Output = i32;
/// #     async fn run(&self, _cx: &Context) -> Result<i32, Failure> { Ok(self.a + self.b) }
/// # }
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::open()?;
/// let sum = registry.call("add", json!({ "a": 2, "b": 3 }), &Context::new()).await?;
/// assert_eq!(sum, json!(5));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Registry {
    actions: Arc<Actions>,
}

#[derive(Debug)]
struct Actions {
    /// In the order of their names.
    entries: Vec<&'static Entry>,
    /// Older versions of workflows, in the order of their names, the oldest first.
    older: Vec<&'static Entry>,
    by_name: HashMap<&'static str, usize, RandomState>,
}

impl Registry {
    /// Gathers the program's actions and checks them.
    ///
    /// # Errors
    /// Every defect at once: two actions of one name with both places, unless they are two versions
    /// of a workflow; a schema that its own defaults or examples break.
    pub fn open() -> Result<Self, RegistryError> {
        Self::gather(inventory::iter::<Submitted>().map(|submitted| submitted.0))
    }

    fn gather(entries: impl Iterator<Item = &'static Entry>) -> Result<Self, RegistryError> {
        let mut entries: Vec<&'static Entry> = entries.collect();
        entries.sort_by_key(|entry| {
            let place = entry.spec().place;
            (entry.name(), entry.version(), place.file, place.line)
        });
        RegistryError::of(defects::check(&entries))?;
        let mut older = Vec::new();
        let mut newest: Vec<&'static Entry> = Vec::with_capacity(entries.len());
        for entry in entries {
            older.extend(newest.pop_if(|last| last.name() == entry.name()));
            newest.push(entry);
        }
        Ok(Self::of(newest, older))
    }

    /// The program's registry, opened once.
    ///
    /// # Panics
    /// With every defect, where [`open`](Self::open) gives an error: the program can't be right.
    pub fn global() -> &'static Self {
        static GLOBAL: OnceLock<Registry> = OnceLock::new();
        GLOBAL.get_or_init(|| match Self::open() {
            Ok(registry) => registry,
            Err(error) => error.stop(),
        })
    }

    /// Of actions, and of older versions of those among them that are workflows.
    fn of(entries: Vec<&'static Entry>, mut older: Vec<&'static Entry>) -> Self {
        let by_name: HashMap<_, _, _> = entries
            .iter()
            .enumerate()
            .map(|(i, entry)| (entry.name(), i))
            .collect();
        older.retain(|entry| by_name.contains_key(entry.name()));
        Self {
            actions: Arc::new(Actions {
                entries,
                older,
                by_name,
            }),
        }
    }

    /// Checks that the resources hold what the actions need, older versions included.
    ///
    /// # Errors
    /// Every action that needs a missing resource, with its place.
    pub fn check(&self, resources: &Resources) -> Result<(), RegistryError> {
        RegistryError::of(defects::missing(self.all(), resources))
    }

    /// The view that holds only these actions, each with its older versions.
    ///
    /// # Errors
    /// Every name that is not in this registry, with the nearest that is.
    pub fn allow<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, RegistryError> {
        let mut entries = Vec::new();
        let mut defects = Vec::new();
        for name in names {
            match self.get(name) {
                Some(entry) => entries.push(entry),
                None => defects.push(Defect::NotThere {
                    name: name.to_owned(),
                    nearest: self.nearest(name).map(str::to_owned),
                }),
            }
        }
        RegistryError::of(defects)?;
        entries.sort_by_key(|entry| entry.name());
        entries.dedup_by_key(|entry| entry.name());
        Ok(Self::of(entries, self.actions.older.clone()))
    }

    /// The view that holds only the actions that `keep` wants.
    ///
    /// An older version of a workflow stays where it and the newest are both wanted.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(&Entry) -> bool) -> Self {
        let kept = |entries: &[&'static Entry]| {
            let entries = entries.iter().copied();
            entries.filter(|entry| keep(entry)).collect()
        };
        Self::of(kept(&self.actions.entries), kept(&self.actions.older))
    }

    /// The action of that name; of a workflow, its newest version.
    pub fn get(&self, name: &str) -> Option<&'static Entry> {
        self.actions
            .by_name
            .get(name)
            .map(|index| self.actions.entries[*index])
    }

    /// That version of a workflow, be it the newest or an older one.
    ///
    /// ```
    /// # extern crate enact_action_core as enact;
    /// # use enact::prelude::*;
    /// let registry = Registry::open()?;
    /// // This program has no workflows.
    /// assert!(registry.version("order_fulfilment", 1).is_none());
    /// # Ok::<(), enact::registry::RegistryError>(())
    /// ```
    pub fn version(&self, name: &str, version: u32) -> Option<&'static Entry> {
        let mut named = self.named(name);
        named.find(|entry| entry.version() == Some(version))
    }

    /// The entry of exactly the action that says this of itself, be it an older version of a
    /// workflow.
    pub fn entry(&self, spec: &Spec) -> Option<&'static Entry> {
        let mut named = self.named(spec.name);
        named.find(|entry| entry.spec().version == spec.version)
    }

    /// All of that name, the newest first.
    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'static Entry> + 'a {
        let older = self.actions.older.iter().rev().copied();
        let newest = self.get(name);
        newest
            .into_iter()
            .chain(older.filter(move |entry| entry.name() == name))
    }

    /// All there are, older versions included.
    fn all(&self) -> impl Iterator<Item = &'static Entry> + '_ {
        self.iter().chain(self.actions.older.iter().copied())
    }

    /// The actions, in the order of their names; of each workflow the newest version.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'static Entry> + '_ {
        self.actions.entries.iter().copied()
    }

    /// How many actions there are, the versions of a workflow counted as one.
    pub fn len(&self) -> usize {
        self.actions.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.actions.entries.is_empty()
    }

    /// The actions that fit the words best, the best first: by name, tag, category, description.
    pub fn search(&self, words: &str) -> Vec<&'static Entry> {
        search::search(&self.actions.entries, words)
    }

    /// Calls an action by its name: reads the params, runs it under its policy, writes the answer.
    ///
    /// # Errors
    /// [`Invalid`](crate::Kind::Invalid) with every violation; `action.unknown` where this
    /// registry has no such action; else what the action fails with.
    pub async fn call(&self, name: &str, json: Value, cx: &Context) -> Result<Value, Failure> {
        match self.get(name) {
            Some(entry) => entry.call(json, cx).await,
            None => Err(self.unknown(name)),
        }
    }

    /// Tells what a call of that action would do, and does nothing.
    ///
    /// # Errors
    /// As [`Entry::dry_run`]; `action.unknown` where this registry has no such action.
    pub async fn dry_run(&self, name: &str, json: Value, cx: &Context) -> Result<Preview, Failure> {
        match self.get(name) {
            Some(entry) => entry.dry_run(json, cx).await,
            None => Err(self.unknown(name)),
        }
    }

    #[cold]
    pub(crate) fn unknown(&self, name: &str) -> Failure {
        let mut text = format!("there is no action {}", show::text(name));
        if let Some(near) = self.nearest(name) {
            text = format!("{text}; did you mean {near:?}?");
        }
        Failure::misconfigured("action.unknown", text)
    }

    fn nearest(&self, name: &str) -> Option<&'static str> {
        show::nearest(name, self.iter().map(Entry::name))
    }
}
