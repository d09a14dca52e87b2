//! Typed resources: one of each type.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;

/// What actions take from outside: pools, clients, settings; one of each type.
#[derive(Default)]
pub struct Resources(HashMap<TypeId, Resource>);

struct Resource {
    name: &'static str,
    value: Box<dyn Any + Send + Sync>,
}

impl Resources {
    /// The resource of that type.
    pub fn one<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.value.downcast_ref()
    }

    /// Whether there is a resource of that type.
    pub fn has(&self, id: TypeId) -> bool {
        self.0.contains_key(&id)
    }

    pub(super) fn insert<T: Send + Sync + 'static>(&mut self, resource: T) {
        let resource = Resource {
            name: type_name::<T>(),
            value: Box::new(resource),
        };
        self.0.insert(TypeId::of::<T>(), resource);
    }
}

impl fmt::Debug for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&str> = self.0.values().map(|resource| resource.name).collect();
        names.sort_unstable();
        f.debug_list().entries(names).finish()
    }
}
