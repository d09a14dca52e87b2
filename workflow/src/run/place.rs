//! Where in the graph a run is: a node, and the indices of the items and passes around it.

use std::fmt::Write as _;

/// How deep fan-outs and repeats may nest; the macro refuses more.
pub const DEEPEST: usize = 6;

/// The indices of the fan-outs and repeats around a node, outermost first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Indices {
    at: [u32; DEEPEST],
    len: u8,
}

impl Indices {
    /// One level deeper.
    pub(crate) fn inside(mut self, index: u32) -> Self {
        if let Some(slot) = self.at.get_mut(usize::from(self.len)) {
            *slot = index;
            self.len += 1;
        }
        self
    }

    fn as_slice(&self) -> &[u32] {
        &self.at[..usize::from(self.len)]
    }

    /// The path with its indices: `labels[]/label` becomes `labels[3]/label`.
    pub(crate) fn fill(&self, prefix: &str, path: &str) -> String {
        let mut full = String::with_capacity(prefix.len() + path.len() + 1);
        if !prefix.is_empty() {
            full.push_str(prefix);
            full.push('/');
        }
        let mut indices = self.as_slice().iter();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once("[]") {
            full.push_str(before);
            // A fan-out's own path has a hole for which there is no item yet.
            if let Some(index) = indices.next() {
                // Writing to a String can't fail.
                let _ = write!(full, "[{index}]");
            }
            rest = after;
        }
        full.push_str(rest);
        full
    }
}

#[cfg(test)]
mod tests {
    use super::Indices;

    #[test]
    fn indices_fill_the_holes_of_a_path() {
        let at = Indices::default().inside(3).inside(0);
        assert_eq!(
            at.fill("", "labels[]/tries[]/label"),
            "labels[3]/tries[0]/label"
        );
        assert_eq!(at.fill("ship", "plain"), "ship/plain");
        assert_eq!(Indices::default().fill("", "labels[]"), "labels");
    }
}
