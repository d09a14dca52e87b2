//! Every action by its name: found by the linker, checked when the program starts.

mod defects;
mod entry;
mod search;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use serde_json::Value;

pub use self::defects::{Defect, RegistryError};
pub use self::entry::Entry;
#[doc(hidden)]
pub use self::entry::Submitted;
use crate::context::{Context, Resources};
use crate::failure::Failure;
use crate::params::show;

/// The actions of a program, each known by its name.
///
/// Whatever derives [`Action`](crate::Action) in any crate that is linked in is here, without a
/// list to keep. A view made with [`allow`](Self::allow) is a registry too: whoever holds it can
/// call nothing else.
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
    by_name: HashMap<&'static str, usize, RandomState>,
}

impl Registry {
    /// Gathers the program's actions and checks them.
    ///
    /// # Errors
    /// Every defect at once: two actions of one name with both places, a schema that its own
    /// defaults or examples break.
    pub fn open() -> Result<Self, RegistryError> {
        let mut entries: Vec<&'static Entry> = inventory::iter::<Submitted>()
            .map(|submitted| submitted.0)
            .collect();
        entries.sort_by_key(|entry| {
            (
                entry.name(),
                entry.spec().place.file,
                entry.spec().place.line,
            )
        });
        RegistryError::of(defects::check(&entries))?;
        Ok(Self::of(entries))
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

    fn of(entries: Vec<&'static Entry>) -> Self {
        let by_name = entries
            .iter()
            .enumerate()
            .map(|(i, entry)| (entry.name(), i))
            .collect();
        Self {
            actions: Arc::new(Actions { entries, by_name }),
        }
    }

    /// Checks that the resources hold what the actions need.
    ///
    /// # Errors
    /// Every action that needs a missing resource, with its place.
    pub fn check(&self, resources: &Resources) -> Result<(), RegistryError> {
        RegistryError::of(defects::missing(&self.actions.entries, resources))
    }

    /// The view that holds only these actions.
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
        Ok(Self::of(entries))
    }

    /// The view that holds only the actions that `keep` wants.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(&Entry) -> bool) -> Self {
        Self::of(self.iter().filter(|entry| keep(entry)).collect())
    }

    /// The action of that name.
    pub fn get(&self, name: &str) -> Option<&'static Entry> {
        self.actions
            .by_name
            .get(name)
            .map(|index| self.actions.entries[*index])
    }

    /// The actions, in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'static Entry> + '_ {
        self.actions.entries.iter().copied()
    }

    /// How many actions there are.
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

    #[cold]
    fn unknown(&self, name: &str) -> Failure {
        let mut text = format!("there is no action {name:?}");
        if let Some(near) = self.nearest(name) {
            text = format!("{text}; did you mean {near:?}?");
        }
        Failure::misconfigured("action.unknown", text)
    }

    fn nearest(&self, name: &str) -> Option<&'static str> {
        show::nearest(name, self.iter().map(Entry::name))
    }
}
