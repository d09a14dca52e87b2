//! What librdkafka's errors mean.

use std::sync::{Arc, Mutex, PoisonError};

use rdkafka::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::dispatch::{DispatchError, Kind};

/// What a producer has heard of its brokers last, which says why a message has waited in vain.
#[derive(Clone, Default)]
pub(super) struct Heard(Arc<Mutex<Option<KafkaError>>>);

impl ClientContext for Heard {
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(target: "enact::dispatch", %error, reason, "Kafka's client has met an error");
        // What says more is not overwritten by what follows from it.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let follows = error.rdkafka_error_code() == Some(Code::AllBrokersDown);
        if !(follows && last.is_some()) {
            *last = Some(error);
        }
    }
}

impl Heard {
    /// The brokers are well.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What that error means for a message, with what was heard before. That may have been another broker or at another
    /// time, so it says why the message has waited, and not that waiting is in vain.
    pub(super) fn failed(&self, target: &str, error: KafkaError) -> DispatchError {
        let Some(heard) = self.behind(&error) else {
            return refused(target, error);
        };
        if meaning(heard.rdkafka_error_code()).0.is_retryable() {
            return refused(target, heard);
        }
        let what = format!(
            "the broker did not answer in time; retry, and look at what was heard ({heard})"
        );
        DispatchError::new(Kind::Timeout, target, what).because(heard)
    }

    /// What that error means for a question to the cluster, with what was heard before.
    pub(super) fn unanswered(&self, target: &str, error: KafkaError) -> DispatchError {
        let heard = self.behind(&error);
        refused(target, heard.unwrap_or(error))
    }

    /// What was heard, where the error says no more than that it took too long.
    fn behind(&self, error: &KafkaError) -> Option<KafkaError> {
        let timed_out = matches!(
            error.rdkafka_error_code(),
            Some(Code::MessageTimedOut | Code::OperationTimedOut | Code::TimedOutQueue)
        );
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone().filter(|_| timed_out)
    }
}

/// What an option is wrong in. The error itself holds the value, which may be secret.
pub(super) fn configured(target: &str, error: &KafkaError) -> DispatchError {
    let what = match error {
        KafkaError::ClientConfig(_, what, option, _) => format!("its option `{option}`: {what}"),
        error => format!("its options don't fit together: {error}"),
    };
    DispatchError::new(Kind::Misconfigured, target, what)
}

/// What that error means.
pub(super) fn refused(target: &str, error: KafkaError) -> DispatchError {
    let (kind, _) = meaning(error.rdkafka_error_code());
    refused_as(kind, target, error)
}

/// The same, of another kind.
pub(super) fn refused_as(kind: Kind, target: &str, error: KafkaError) -> DispatchError {
    let (_, what) = meaning(error.rdkafka_error_code());
    DispatchError::new(kind, target, what).because(error)
}

/// Whether the cluster has no such topic, or allows nobody to write there.
pub(super) fn is_of_topic(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            Code::UnknownTopic
                | Code::UnknownTopicOrPartition
                | Code::UnknownPartition
                | Code::InvalidTopic
                | Code::TopicAuthorizationFailed
        )
    )
}

/// What librdkafka's codes mean; those that are not here are failures that may pass.
const MEANINGS: &[(&[Code], Kind, &str)] = &[
    (
        &[Code::MessageSizeTooLarge, Code::InvalidMessageSize],
        Kind::Unwritable,
        "it, or what was sent with it, is too large; give the option `message.max.bytes` what the topic takes",
    ),
    (
        &[
            Code::InvalidRecord,
            Code::InvalidTimestamp,
            Code::PolicyViolation,
        ],
        Kind::Refused,
        "the broker takes it for wrong; look at the topic's settings",
    ),
    (
        &[
            Code::UnknownTopic,
            Code::UnknownTopicOrPartition,
            Code::UnknownPartition,
            Code::InvalidTopic,
        ],
        Kind::Misconfigured,
        "the cluster has no such topic; create it",
    ),
    (
        &[
            Code::TopicAuthorizationFailed,
            Code::ClusterAuthorizationFailed,
            Code::TransactionalIdAuthorizationFailed,
        ],
        Kind::Misconfigured,
        "the cluster does not allow that; look at its rules for who writes",
    ),
    (
        &[
            Code::Authentication,
            Code::SaslAuthenticationFailed,
            Code::UnsupportedSASLMechanism,
            Code::IllegalSASLState,
        ],
        Kind::Misconfigured,
        "the broker does not know the credentials; look at the options `sasl.*`",
    ),
    (
        &[
            Code::InvalidRequiredAcks,
            Code::InvalidConfig,
            Code::InvalidArgument,
            Code::UnsupportedFeature,
            Code::UnsupportedVersion,
        ],
        Kind::Misconfigured,
        "the broker can't do what the options ask; look at them",
    ),
    (
        &[Code::QueueFull],
        Kind::Full,
        "too much is under way; retry",
    ),
    (
        &[Code::ThrottlingQuotaExceeded],
        Kind::Busy,
        "the broker has too much to do; retry",
    ),
    (
        &[
            Code::MessageTimedOut,
            Code::OperationTimedOut,
            Code::RequestTimedOut,
            Code::TimedOutQueue,
        ],
        Kind::Timeout,
        "the broker did not answer in time; retry",
    ),
    (
        &[
            Code::AllBrokersDown,
            Code::BrokerTransportFailure,
            Code::Resolve,
            Code::SSL,
            Code::NetworkException,
            Code::BrokerNotAvailable,
            Code::LeaderNotAvailable,
            Code::NotLeaderForPartition,
        ],
        Kind::Unreachable,
        "there is no way to the brokers; retry",
    ),
];

fn meaning(code: Option<Code>) -> (Kind, &'static str) {
    let mut meanings = MEANINGS.iter();
    let known = meanings.find(|(codes, ..)| code.is_some_and(|code| codes.contains(&code)));
    known.map_or(
        (Kind::Failed, "the broker did not take it; retry"),
        |(_, kind, what)| (*kind, *what),
    )
}

#[cfg(test)]
mod tests {
    use rdkafka::ClientContext as _;

    use super::{Code, Heard, KafkaError, configured, meaning, refused};
    use crate::dispatch::Kind;

    #[test]
    fn what_trying_again_can_help_is_told_from_what_it_cannot() {
        let terminal = [
            (Code::MessageSizeTooLarge, Kind::Unwritable),
            (Code::InvalidRecord, Kind::Refused),
            (Code::UnknownTopic, Kind::Misconfigured),
            (Code::UnknownTopicOrPartition, Kind::Misconfigured),
            (Code::TopicAuthorizationFailed, Kind::Misconfigured),
            (Code::Authentication, Kind::Misconfigured),
        ];
        let retryable = [
            (Code::QueueFull, Kind::Full),
            (Code::MessageTimedOut, Kind::Timeout),
            (Code::RequestTimedOut, Kind::Timeout),
            (Code::BrokerTransportFailure, Kind::Unreachable),
            (Code::AllBrokersDown, Kind::Unreachable),
            (Code::NotEnoughReplicas, Kind::Failed),
            (Code::Fatal, Kind::Failed),
        ];
        for (codes, retries) in [(&terminal[..], false), (&retryable, true)] {
            for &(code, kind) in codes {
                let error = refused("orders", KafkaError::MessageProduction(code));
                assert_eq!(
                    (error.kind(), error.is_retryable()),
                    (kind, retries),
                    "{code:?}"
                );
            }
        }
        assert_eq!(meaning(None).0, Kind::Failed);
    }

    #[test]
    fn what_was_heard_of_another_broker_does_not_end_what_may_pass() {
        let heard = Heard::default();
        let late = || KafkaError::MessageProduction(Code::MessageTimedOut);
        for (code, kind) in [
            (Code::BrokerTransportFailure, Kind::Unreachable),
            (Code::Authentication, Kind::Timeout),
        ] {
            heard.error(KafkaError::Global(code), "told to");
            assert_eq!(heard.failed("orders", late()).kind(), kind, "{code:?}");
        }
        assert_eq!(
            heard.unanswered("orders", late()).kind(),
            Kind::Misconfigured
        );
    }

    #[test]
    fn the_value_of_a_wrong_option_is_not_told() {
        let mut config = rdkafka::ClientConfig::new();
        config.set("sasl.pasword", "secret");
        let error = config.create_native_config().err().unwrap();
        let error = configured("orders", &error);
        assert!(error.to_string().contains("`sasl.pasword`"), "{error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}
