//! Ids of signals made here: UUIDs of version 7.

use uuid::Uuid;

/// A new id, which sorts after every one that this process made before.
///
/// A UUID of version 7, RFC 9562: the time in milliseconds, then a counter that goes on within a
/// millisecond and when the clock steps back.
///
/// ```
/// let ids: Vec<String> = (0..1000).map(|_| enact_signal_core::id()).collect();
/// assert!(ids.is_sorted());
/// ```
pub fn id() -> String {
    Uuid::now_v7().hyphenated().to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::mpsc::channel;

    #[test]
    fn ids_of_one_thread_rise_while_others_make_theirs() {
        let (sender, receiver) = channel();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let sender = sender.clone();
                scope.spawn(move || {
                    let ids: Vec<String> = (0..5000).map(|_| super::id()).collect();
                    sender.send(ids).expect("the test listens");
                });
            }
        });
        drop(sender);
        let all: Vec<Vec<String>> = receiver.iter().collect();
        for ids in &all {
            assert!(ids.is_sorted_by(|a, b| a < b));
        }
        let distinct: BTreeSet<&String> = all.iter().flatten().collect();
        assert_eq!(distinct.len(), 20_000);
    }

    #[test]
    fn an_id_says_its_version_and_its_variant() {
        let id = super::id();
        assert_eq!((id.len(), &id[14..15]), (36, "7"), "{id}");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
    }
}
