//! Whether a pattern stands for a type.

/// Whether `pattern` stands for the type `name`.
///
/// Both are taken to be well-formed; see [`check_pattern`](super::check_pattern) and
/// [`check_type`](super::check_type). They are compared byte by byte. Only the latest `**` is ever
/// tried again, since whatever an earlier one could take, the latest can; so each pair of segments
/// is looked at once at most, and no memory is needed.
///
/// ```
/// use enact_grammar::signal::matches;
///
/// assert!(matches("order.*.paid", "order.42.paid"));
/// assert!(matches("order.**", "order"));
/// assert!(!matches("order", "order.paid"));
/// ```
#[inline]
pub fn matches(pattern: impl AsRef<[u8]>, name: impl AsRef<[u8]>) -> bool {
    let (mut wanted, mut given) = (pattern.as_ref(), name.as_ref());
    // Whatever comes before the first `**` is compared straight on.
    loop {
        let alike = alike(wanted, given);
        let (rest, found) = (&wanted[alike..], &given[alike..]);
        match (rest, found) {
            ([], []) | ([b'.', b'*', b'*'] | [b'*', b'*'], _) if ends(rest, found) => return true,
            ([b'*', b'*', ..], _) => return search(Rest(Some(rest)), Rest(Some(found))),
            ([b'*', ..], [_, ..]) => (wanted, given) = (&rest[1..], &found[length(found)..]),
            _ => return false,
        }
    }
}

/// Whether a pattern that has come to its last `**`, or to its end, stands for what is left.
fn ends(rest: &[u8], found: &[u8]) -> bool {
    rest.first() != Some(&b'.') || found.is_empty()
}

/// How many bytes two texts have in common from their beginnings.
#[inline]
fn alike(one: &[u8], other: &[u8]) -> usize {
    let pairs = one.iter().zip(other);
    pairs.take_while(|(one, other)| one == other).count()
}

/// How long the first segment is.
#[inline]
fn length(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte != b'.').count()
}

fn search(mut wanted: Rest<'_>, mut given: Rest<'_>) -> bool {
    // What the latest `**` is followed by, and what is left when it takes one segment more.
    let mut again = None;
    loop {
        match (wanted.first(), given.first()) {
            (Some(b"**"), _) => {
                wanted = wanted.rest();
                again = Some((wanted, given));
            }
            (None, None) => return true,
            (Some(segment), Some(found)) if segment == b"*" || segment == found => {
                (wanted, given) = (wanted.rest(), given.rest());
            }
            _ => match again {
                Some((after, from)) if from.0.is_some() => {
                    (wanted, given) = (after, from.rest());
                    again = Some((after, given));
                }
                _ => return false,
            },
        }
    }
}

/// What is left of a name; none after its last segment.
#[derive(Clone, Copy)]
struct Rest<'a>(Option<&'a [u8]>);

impl<'a> Rest<'a> {
    fn first(self) -> Option<&'a [u8]> {
        let text = self.0?;
        text.get(..length(text))
    }

    fn rest(self) -> Self {
        let text = self.0.unwrap_or_default();
        Self(text.get(length(text) + 1..))
    }
}
