//! Whether a pattern stands for a type.

/// Whether `pattern` stands for the type `name`.
///
/// Both are taken to be well-formed; see [`check_pattern`](super::check_pattern) and
/// [`check_type`](super::check_type). Letters are compared byte by byte. Only the latest `**` is
/// ever tried again, since whatever an earlier one could take, the latest can; so each pair of
/// segments is looked at once at most, and no memory is needed.
///
/// ```
/// use enact_grammar::signal::matches;
///
/// assert!(matches("order.*.paid", "order.42.paid"));
/// assert!(matches("order.**", "order"));
/// assert!(!matches("order", "order.paid"));
/// ```
pub fn matches(pattern: &str, name: &str) -> bool {
    let (mut wanted, mut given) = (Rest(Some(pattern)), Rest(Some(name)));
    // What the latest `**` is followed by, and what is left when it takes one segment more.
    let mut again = None;
    loop {
        match (wanted.first(), given.first()) {
            (Some("**"), _) => {
                wanted = wanted.rest();
                again = Some((wanted, given));
            }
            (None, None) => return true,
            (Some(segment), Some(found)) if segment == "*" || segment == found => {
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
struct Rest<'a>(Option<&'a str>);

impl<'a> Rest<'a> {
    fn first(self) -> Option<&'a str> {
        let text = self.0?;
        Some(text.split_once('.').map_or(text, |(first, _)| first))
    }

    fn rest(self) -> Self {
        Self(
            self.0
                .and_then(|text| text.split_once('.'))
                .map(|(_, rest)| rest),
        )
    }
}
