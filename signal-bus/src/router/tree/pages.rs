//! A long array in pages, which its clones share until one of them writes.

use std::sync::Arc;

/// How many entries a full page has: few enough to be copied for one write, and enough that
/// a million of them are a thousand references.
const PAGE: usize = 1024;

/// An array whose length is a power of two, or a number of full pages.
#[derive(Clone)]
pub(crate) struct Pages<T> {
    pages: Vec<Arc<[T]>>,
}

impl<T: Clone + Default> Pages<T> {
    pub(crate) const fn new() -> Self {
        Self { pages: Vec::new() }
    }

    /// An array of `length` defaults.
    pub(crate) fn of(length: usize) -> Self {
        let mut pages = Self::new();
        while pages.len() < length {
            pages.push_page(length.min(PAGE));
        }
        pages
    }

    pub(crate) fn len(&self) -> usize {
        match self.pages.split_last() {
            Some((last, full)) => full.len() * PAGE + last.len(),
            None => 0,
        }
    }

    #[inline]
    pub(crate) fn get(&self, at: usize) -> &T {
        &self.pages[at / PAGE][at % PAGE]
    }

    /// The entry at `at`, on a page of its own.
    pub(crate) fn get_mut(&mut self, at: usize) -> &mut T {
        &mut Arc::make_mut(&mut self.pages[at / PAGE])[at % PAGE]
    }

    /// Makes room for more defaults at the end: twice as many, or one page.
    pub(crate) fn grow(&mut self) {
        match self.pages.last_mut() {
            Some(last) if last.len() < PAGE => {
                let more = last.len();
                let defaults = std::iter::repeat_with(T::default).take(more);
                *last = last.iter().cloned().chain(defaults).collect();
            }
            Some(_) => self.push_page(PAGE),
            None => self.push_page(4),
        }
    }

    fn push_page(&mut self, length: usize) {
        let defaults = std::iter::repeat_with(T::default).take(length);
        self.pages.push(defaults.collect());
    }
}
