//! Which run has sent an event: its id begins with the run's.

/// How many runs an id may be of, at most.
const MOST: usize = 32;

/// The ids of the runs that may have sent an event of that id, `RUN/PATH`, the longest first.
pub(super) fn candidates(event: &str) -> Vec<String> {
    let ends = event.rmatch_indices('/').map(|(end, _)| end);
    let runs = ends.filter_map(|end| plain(event.get(..end)?));
    runs.filter(|run| !run.is_empty()).take(MOST).collect()
}

/// Source and id of an event that is written `SOURCE#ID`, as a run's id that a route makes.
pub(super) fn named(text: &str) -> Option<(String, String)> {
    let (source, id) = text.rsplit_once('#')?;
    Some((source.to_owned(), plain(id)?))
}

/// Text in which some bytes are written `%2F`, as it was before.
fn plain(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{candidates, named, plain};

    #[test]
    fn every_beginning_of_an_id_may_be_a_run() {
        let runs = candidates("/shop#p%201/parcel/emit");
        assert_eq!(runs, ["/shop#p 1/parcel", "/shop#p 1"]);
        assert!(candidates("p-1").is_empty());
        assert_eq!(candidates(&"/".repeat(99)).len(), 32);
    }

    #[test]
    fn what_is_no_escape_is_no_name() {
        let both = |source: &str, id: &str| Some((source.to_owned(), id.to_owned()));
        assert_eq!(named("/shop#a%23b"), both("/shop", "a#b"));
        assert_eq!(named("/shop#x#1"), both("/shop#x", "1"));
        assert_eq!(named("p-1"), None);
        for broken in ["%", "%2", "%zz", "%é", "%ff"] {
            assert_eq!(plain(broken), None, "{broken}");
        }
    }
}
