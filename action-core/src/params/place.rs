//! Where in the params something stands: a path that costs nothing until it is printed.

use std::fmt::Write as _;

/// A place in a document, linked to the places around it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    Root,
    Key(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl Place<'_> {
    /// The place as a JSON pointer (RFC 6901).
    pub(crate) fn pointer(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Root => {}
            Self::Key(parent, key) => {
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
}
