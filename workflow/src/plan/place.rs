//! Where in a plan something stands: a path that costs nothing until it is printed.

use std::fmt::Write as _;

use serde_json::Value;

/// A place in a plan, linked to the places around it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// At a place that has been printed before.
    At(&'a str),
    Key(&'a Self, &'a str),
    Index(&'a Self, usize),
}

impl<'a> Place<'a> {
    pub(super) const ROOT: Self = Self::At("");

    pub(super) const fn key(&'a self, key: &'a str) -> Self {
        Self::Key(self, key)
    }

    pub(super) const fn index(&'a self, index: usize) -> Self {
        Self::Index(self, index)
    }

    /// The place as a JSON pointer (RFC 6901).
    pub(super) fn pointer(&self) -> String {
        match self {
            Self::At(pointer) => (*pointer).to_owned(),
            Self::Key(outer, key) => {
                let mut text = outer.pointer();
                text.push('/');
                text.push_str(&escaped(key));
                text
            }
            Self::Index(outer, index) => {
                let mut text = outer.pointer();
                // Writing to a `String` does not fail.
                let _ = write!(text, "/{index}");
                text
            }
        }
    }
}

/// A key as a pointer writes it.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The keys and indices of a pointer, if it is one.
pub(super) fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let rest = pointer.strip_prefix('/')?;
    rest.split('/').map(unescaped).collect()
}

fn unescaped(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (c, rest) = match (part.strip_prefix('0'), part.strip_prefix('1')) {
            (Some(rest), _) => ('~', rest),
            (None, Some(rest)) => ('/', rest),
            (None, None) => return None,
        };
        text.push(c);
        text.push_str(rest);
    }
    Some(text)
}

/// The index that a token is in a list, written without a leading zero.
pub(super) fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with('0');
    (plain && token.bytes().all(|b| b.is_ascii_digit()))
        .then(|| token.parse().ok())
        .flatten()
}

/// The positions on the way to a place, to sort by: what is missing stands behind what is there.
pub(super) fn positions(json: &Value, pointer: &str) -> Vec<usize> {
    let mut here = Some(json);
    let mut positions = Vec::new();
    for token in tokens(pointer).unwrap_or_default() {
        let (position, inner) = match here {
            Some(Value::Object(map)) => {
                let found = map.iter().enumerate().find(|(_, (key, _))| **key == token);
                found
                    .map(|(position, (_, inner))| (position, inner))
                    .unzip()
            }
            Some(Value::Array(list)) => {
                let found = index(&token);
                (found, found.and_then(|index| list.get(index)))
            }
            _ => (None, None),
        };
        positions.push(position.unwrap_or(usize::MAX));
        here = inner;
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::{Place, tokens};

    #[test]
    fn a_pointer_and_its_tokens_are_inverse() {
        let place = Place::ROOT.key("a/b~c");
        let pointer = Place::Index(&place, 3).pointer();
        assert_eq!(pointer, "/a~1b~0c/3");
        assert_eq!(
            tokens(&pointer),
            Some(vec!["a/b~c".to_owned(), "3".to_owned()])
        );
        assert_eq!(tokens("a"), None);
        assert_eq!(tokens("/~2"), None);
    }
}
