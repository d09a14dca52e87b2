//! Which tools a client sees and may call.

use std::fmt;
use std::sync::Arc;

use enact_action_core::Registry;
use tokio::sync::watch;

use crate::error::Inner;

/// Which tools a client sees and may call: all, or those whose names fit.
///
/// It is shared: whoever holds a clone can [`set`](Self::set) it while clients are served, and they are told
/// that the list has changed.
///
/// ```
/// use enact_mcp::Allow;
///
/// let allow = Allow::only(["get_*", "add"]);
/// assert!(allow.admits("get_weather") && allow.admits("add"));
/// assert!(!allow.admits("refund"));
/// allow.set(["refund"]);
/// assert!(allow.admits("refund") && !allow.admits("add"));
/// ```
#[derive(Clone)]
pub struct Allow(Arc<watch::Sender<Names>>);

/// None where every name fits.
type Names = Option<Vec<String>>;

/// Hears of the changes of one list since it was made, or since it last heard of one.
#[derive(Debug, Clone)]
pub(crate) struct Changes(watch::Receiver<Names>);

impl Changes {
    /// Waits for the next; none, where there will be no more.
    pub(crate) async fn next(&mut self) -> Option<()> {
        self.0.changed().await.ok()
    }

    /// Whether they are those of that list.
    pub(crate) fn are_of(&self, allow: &Allow) -> bool {
        self.0.same_channel(&allow.0.subscribe())
    }
}

impl Allow {
    /// Every tool.
    pub fn all() -> Self {
        Self::of(None)
    }

    /// Those whose names are here; `*` in a name stands for any characters, or none.
    pub fn only<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self::of(Some(names.into_iter().map(Into::into).collect()))
    }

    fn of(names: Names) -> Self {
        Self(Arc::new(watch::Sender::new(names)))
    }

    /// From now on those whose names are here; clients that listen are told.
    pub fn set<N: Into<String>>(&self, names: impl IntoIterator<Item = N>) {
        self.0
            .send_replace(Some(names.into_iter().map(Into::into).collect()));
    }

    /// Whether the tool of that name may be seen and called.
    pub fn admits(&self, name: &str) -> bool {
        match &*self.0.borrow() {
            None => true,
            Some(names) => names.iter().any(|pattern| fits(pattern, name)),
        }
    }

    /// Waits for changes from now on.
    pub(crate) fn changes(&self) -> Changes {
        Changes(self.0.subscribe())
    }

    /// What admits no action of the registry at all is a mistake.
    pub(crate) fn check(&self, registry: &Registry) -> Result<(), Inner> {
        let names = self.0.borrow();
        let idle = names
            .iter()
            .flatten()
            .filter(|pattern| !registry.iter().any(|entry| fits(pattern, entry.name())));
        let idle: Vec<_> = idle
            .map(|name| (name.clone(), nearest(name, registry)))
            .collect();
        if idle.is_empty() {
            Ok(())
        } else {
            Err(Inner::Allowed(idle))
        }
    }
}

impl fmt::Debug for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0.borrow() {
            Some(names) => f.debug_tuple("Allow").field(names).finish(),
            None => f.write_str("Allow(all)"),
        }
    }
}

fn nearest(name: &str, registry: &Registry) -> Option<String> {
    let error = registry.allow([name]).err()?;
    match error.defects() {
        [enact_action_core::registry::Defect::NotThere { nearest, .. }] => nearest.clone(),
        _ => None,
    }
}

/// Whether the name has the pattern's parts in their order, the first and the last at the ends.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match name.find(part) {
            Some(at) => name = &name[at + part.len()..],
            None => return false,
        }
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_characters_or_none() {
        for (pattern, name) in [
            ("*", "add"),
            ("add", "add"),
            ("a*", "add"),
            ("*d", "add"),
            ("a*d", "add"),
            ("add*", "add"),
            ("*_*_*", "a_b_c"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "add"),
            ("a", "add"),
            ("b*", "add"),
            ("a*a", "a"),
            ("*_*_*", "a_b"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
