//! The routes themselves, each in a slot, in one list for each pattern.

use std::cmp::Ordering;
use std::sync::Arc;

use enact_grammar::signal::matches;
use enact_signal_core::{Pattern, SignalType};

use super::RouteId;
use super::route::{Key, Route};
use super::tree::{NO_ROUTE, Pages, RouteList};

/// All routes; clones share them.
pub(super) struct Slots<H, E: ?Sized> {
    slots: Pages<Slot<H, E>>,
    /// The first of the free slots, which hang together by `next`.
    free: RouteList,
    used: u32,
    fresh: u32,
    last: u64,
}

/// What routing looks at before it looks at the route itself: one line of the cache.
#[repr(align(64))]
struct Slot<H, E: ?Sized> {
    key: Key,
    number: u64,
    route: Option<Arc<Route<H, E>>>,
    next: RouteList,
    previous: RouteList,
    short: Short,
}

/// A pattern, if it is short.
#[derive(Clone, Copy, Default)]
struct Short {
    length: u8,
    bytes: [u8; 31],
}

impl Short {
    /// Nothing, where the pattern is longer.
    fn of(pattern: &Pattern) -> Self {
        let text = pattern.as_str().as_bytes();
        let mut bytes = [0; 31];
        let length = u8::try_from(text.len()).unwrap_or_default();
        match bytes.get_mut(..text.len()) {
            Some(room) => room.copy_from_slice(text),
            None => return Self::default(),
        }
        Self { length, bytes }
    }

    #[inline]
    fn text(&self) -> Option<&[u8]> {
        self.bytes
            .get(..usize::from(self.length))
            .filter(|text| !text.is_empty())
    }
}

/// A route that was found, with what it is sorted by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) key: Key,
    pub(super) id: RouteId,
}

impl<H, E: ?Sized> Slots<H, E> {
    pub(super) const fn new() -> Self {
        Self {
            slots: Pages::new(),
            free: NO_ROUTE,
            used: 0,
            fresh: 0,
            last: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.used as usize
    }

    /// The highest number that was given to a route.
    pub(super) const fn last(&self) -> u64 {
        self.last
    }

    /// Gives only higher numbers from now on.
    pub(super) fn skip(&mut self, last: u64) {
        self.last = self.last.max(last);
    }

    /// How many slots there are, taken or free.
    #[cfg(test)]
    pub(super) fn rooms(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn get(&self, id: RouteId) -> Option<&Arc<Route<H, E>>> {
        let slot = id.slot as usize;
        let slot = (slot < self.slots.len()).then(|| self.slots.get(slot))?;
        slot.route.as_ref().filter(|_| slot.number == id.number)
    }

    /// The route of a hit, which was found in these slots.
    #[inline]
    pub(super) fn hit(&self, hit: &Hit) -> &Route<H, E> {
        let route = &self.slots.get(hit.id.slot as usize).route;
        route
            .as_ref()
            .expect("hits are made of routes that are there")
    }

    /// The pattern of a list.
    pub(super) fn pattern(&self, list: RouteList) -> &Pattern {
        let route = &self.slots.get(list as usize).route;
        &route
            .as_ref()
            .expect("lists are of routes that are there")
            .pattern
    }

    /// Whether the pattern of a list stands for a type.
    #[inline]
    pub(super) fn stands_for(&self, list: RouteList, name: &SignalType) -> bool {
        match self.slots.get(list as usize).short.text() {
            Some(short) => matches(short, name.as_str()),
            None => self.pattern(list).matches(name),
        }
    }

    /// The lists of routes, one for each pattern.
    pub(super) fn lists(&self) -> impl Iterator<Item = RouteList> {
        (0..self.fresh).filter(|slot| {
            let found = self.slots.get(*slot as usize);
            found.route.is_some() && found.previous == NO_ROUTE
        })
    }

    /// Puts a route before those of the list, and returns its id, which is also the new list.
    pub(super) fn add(&mut self, route: Arc<Route<H, E>>, list: RouteList) -> RouteId {
        let slot = self.take();
        self.last += 1;
        self.used += 1;
        let id = RouteId {
            number: self.last,
            slot,
        };
        *self.slots.get_mut(slot as usize) = Slot {
            key: route.key(),
            number: id.number,
            short: Short::of(&route.pattern),
            next: list,
            previous: NO_ROUTE,
            route: Some(route),
        };
        if list != NO_ROUTE {
            self.slots.get_mut(list as usize).previous = slot;
        }
        id
    }

    /// Changes a route that nobody shares, as the one that was added last is not shared yet.
    pub(super) fn amend(&mut self, id: RouteId, change: impl FnOnce(&mut Route<H, E>)) {
        let slot = self.slots.get_mut(id.slot as usize);
        if let Some(route) = slot.route.as_mut().and_then(Arc::get_mut) {
            change(route);
            slot.key = route.key();
        }
    }

    /// Takes a route out, and says what its list now begins with, if that is something else.
    pub(super) fn remove(&mut self, id: RouteId) -> Option<Removed<H, E>> {
        self.get(id)?;
        let free = Slot {
            next: self.free,
            ..Slot::default()
        };
        let slot = std::mem::replace(self.slots.get_mut(id.slot as usize), free);
        self.free = id.slot;
        self.used -= 1;
        if slot.next != NO_ROUTE {
            self.slots.get_mut(slot.next as usize).previous = slot.previous;
        }
        let first = if slot.previous == NO_ROUTE {
            Some(slot.next)
        } else {
            self.slots.get_mut(slot.previous as usize).next = slot.next;
            None
        };
        let route = slot.route?;
        Some(Removed { route, first })
    }

    /// The routes of a list, with what they are sorted by.
    pub(super) fn list(&self, list: RouteList) -> impl Iterator<Item = Hit> {
        let mut at = list;
        std::iter::from_fn(move || {
            let slot = (at != NO_ROUTE).then(|| self.slots.get(at as usize))?;
            let number = slot.number;
            let id = RouteId { number, slot: at };
            at = slot.next;
            Some(Hit { key: slot.key, id })
        })
    }

    /// All routes, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = Hit> {
        (0..self.fresh).filter_map(|slot| {
            let found = self.slots.get(slot as usize);
            let number = found.number;
            let id = RouteId { number, slot };
            found.route.is_some().then_some(Hit { key: found.key, id })
        })
    }

    /// Which of two routes comes first.
    #[inline]
    pub(super) fn compare(&self, one: &Hit, other: &Hit) -> Ordering {
        let keys = one.key.order().cmp(&other.key.order());
        let rests = || {
            if one.key.is_long() {
                let rest = |hit| &self.hit(hit).specificity;
                rest(one).cmp(rest(other))
            } else {
                Ordering::Equal
            }
        };
        keys.then_with(rests)
            .then(one.id.number.cmp(&other.id.number))
    }

    /// The same, of routes by their ids.
    pub(super) fn order(&self, one: RouteId, other: RouteId) -> Ordering {
        let hit = |id| {
            let key = self.get(id).map(|route| route.key());
            let key = key.unwrap_or_default();
            Hit { key, id }
        };
        self.compare(&hit(one), &hit(other))
    }

    /// A free slot.
    fn take(&mut self) -> u32 {
        if self.free != NO_ROUTE {
            let slot = self.free;
            self.free = self.slots.get(slot as usize).next;
            return slot;
        }
        let slot = self.fresh;
        self.fresh += 1;
        assert!(
            self.fresh < NO_ROUTE,
            "a router has 4,294,967,294 routes at most"
        );
        if self.slots.len() <= slot as usize {
            self.slots.grow();
        }
        slot
    }
}

/// A route that is no more.
pub(super) struct Removed<H, E: ?Sized> {
    pub(super) route: Arc<Route<H, E>>,
    /// What its list now begins with, if it was the first.
    pub(super) first: Option<RouteList>,
}

impl<H, E: ?Sized> Clone for Slots<H, E> {
    fn clone(&self) -> Self {
        Self {
            slots: self.slots.clone(),
            ..*self
        }
    }
}

impl<H, E: ?Sized> Clone for Slot<H, E> {
    fn clone(&self) -> Self {
        Self {
            route: self.route.clone(),
            ..*self
        }
    }
}

impl<H, E: ?Sized> Default for Slot<H, E> {
    fn default() -> Self {
        Self {
            key: Key::default(),
            number: 0,
            next: NO_ROUTE,
            previous: NO_ROUTE,
            route: None,
            short: Short::default(),
        }
    }
}
