//! Where in the params something stands: a path that costs nothing until it is printed.

use std::fmt::Write as _;

/// A place in a document, linked to the places around it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    Root,
    /// Under a key, perhaps one that is missing.
    Key(&'a Self, &'a str),
    /// Under a key that is there, at this position among the others.
    Member(&'a Self, &'a str, usize),
    Index(&'a Self, usize),
}

impl Place<'_> {
    /// The place as a JSON pointer (RFC 6901).
    pub(crate) fn pointer(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// The positions on the way, to sort places by: what is missing stands behind what is there.
    pub(crate) fn path(&self) -> Vec<usize> {
        let (mut path, mut place) = (Vec::new(), self);
        loop {
            let (outer, position) = match place {
                Self::Root => break,
                Self::Key(outer, _) => (outer, usize::MAX),
                Self::Member(outer, _, position) | Self::Index(outer, position) => {
                    (outer, *position)
                }
            };
            path.push(position);
            place = outer;
        }
        path.reverse();
        path
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Root => {}
            Self::Key(parent, key) | Self::Member(parent, key, _) => {
                parent.write(text);
                text.push('/');
                for c in key.chars() {
                    match c {
                        '~' => text.push_str("~0"),
                        '/' => text.push_str("~1"),
                        c => text.push(c),
                    }
                }
            }
            Self::Index(parent, index) => {
                parent.write(text);
                // Writing to a `String` does not fail.
                let _ = write!(text, "/{index}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn keys_are_escaped_as_the_rfc_says() {
        let key = Place::Key(&Place::Root, "a/b~c");
        assert_eq!(Place::Index(&key, 3).pointer(), "/a~1b~0c/3");
    }

    #[test]
    fn what_is_missing_stands_behind_what_is_there() {
        let there = Place::Member(&Place::Root, "b", 7);
        let inside = Place::Index(&there, 0);
        let missing = Place::Key(&Place::Root, "a");
        assert!(there.path() < inside.path() && inside.path() < missing.path());
    }
}
