//! What signals are looked up by: numbers made of an attribute and its value.

use enact_signal_core::Envelope;

/// What a signal is looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Id = 1,
    Cause,
    Correlation,
    Source,
    Subject,
}

impl Kind {
    /// The number of a value. It is the same in every process and version: it is stored. Values may share
    /// one, so what is found by it is looked at again.
    pub(super) fn key(self, value: &str) -> u64 {
        // FNV-1a of 64 bits.
        let bytes = std::iter::once(self as u8).chain(value.bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// Whether a signal has that value.
    pub(super) fn fits(self, envelope: &Envelope, value: &str) -> bool {
        match self {
            Self::Id => envelope.id() == value,
            Self::Cause => envelope.causes().iter().any(|cause| cause == value),
            Self::Correlation => conversation(envelope) == value,
            Self::Source => envelope.source() == value,
            Self::Subject => envelope.subject() == Some(value),
        }
    }
}

/// The conversation that a signal is part of; one that belongs to none begins its own.
pub(super) fn conversation(envelope: &Envelope) -> &str {
    envelope.correlation().unwrap_or_else(|| envelope.id())
}

/// All the numbers under which the index has a signal.
pub(crate) fn keys(envelope: &Envelope) -> Vec<u64> {
    let mut keys = vec![
        Kind::Id.key(envelope.id()),
        Kind::Correlation.key(conversation(envelope)),
        Kind::Source.key(envelope.source()),
    ];
    keys.extend(envelope.subject().map(|subject| Kind::Subject.key(subject)));
    let causes = envelope.causes();
    keys.extend(causes.iter().map(|cause| Kind::Cause.key(cause)));
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn keys_stay_what_they_are() {
        assert_eq!(Kind::Id.key(""), 0xaf63_bc4c_8601_b62c);
        assert_ne!(Kind::Id.key("a"), Kind::Cause.key("a"));
    }
}
