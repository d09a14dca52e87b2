//! What a broker's refusals mean.

use lapin::ErrorKind;
use lapin::protocol::AMQPError;

use crate::dispatch::way::blocked;
use crate::dispatch::{DispatchError, Kind, Topic};

/// What a broker closes a connection with though nothing is wrong with what it was asked (AMQP 0.9.1, constants of the
/// protocol): forced by an operator; channel error; unexpected frame; out of resources; internal error.
const PASSING: [u16; 5] = [320, 504, 505, 506, 541];

/// What a broker closes a channel with because of one message: it is too large.
const TOO_LARGE: u16 = 406;

/// What a broker closes a channel or a connection with because the user may not do that.
const FORBIDDEN: u16 = 403;

/// Why one is not delivered: told already, or as the client says.
pub(super) enum Fault {
    Told(DispatchError),
    Lapin(lapin::Error),
}

/// Whether the broker has hung up because of one message.
pub(super) fn is_of_one(sent: &Result<(), Fault>, topic: &Topic) -> bool {
    let Err(Fault::Lapin(error)) = sent else {
        return false;
    };
    let ErrorKind::ProtocolError(why) = error.kind() else {
        return false;
    };
    let keys_differ = topic.blame() == Kind::Refused;
    why.get_id() == TOO_LARGE || (keys_differ && is_of_key(why))
}

/// What that error means.
pub(super) fn failed(target: &str, topic: &Topic, error: lapin::Error) -> DispatchError {
    let (kind, what) = match error.kind() {
        ErrorKind::ProtocolError(why) => refused(why, topic),
        ErrorKind::ParsingError(_) | ErrorKind::InvalidProtocolVersion(_) => {
            (Kind::Misconfigured, "it is no broker of AMQP 0.9.1")
        }
        _ => (Kind::Unreachable, blocked(&error)),
    };
    DispatchError::new(kind, target, what).because(error)
}

fn refused(why: &AMQPError, topic: &Topic) -> (Kind, &'static str) {
    match why.get_id() {
        id if PASSING.contains(&id) => (
            Kind::Unreachable,
            "the broker has closed the connection, as one does that restarts; retry",
        ),
        TOO_LARGE => (Kind::Unwritable, "it is larger than the broker takes"),
        FORBIDDEN if is_of_key(why) => (
            topic.blame(),
            "the user may not write under its routing key; look at the permissions",
        ),
        _ => (
            Kind::Misconfigured,
            "the broker refuses that; look at the exchange, the virtual host and the credentials",
        ),
    }
}

/// Whether the user may write to the exchange, but not under the key of one message. That only its text tells.
fn is_of_key(why: &AMQPError) -> bool {
    why.get_id() == FORBIDDEN && why.get_message().as_str().contains("access to topic '")
}

#[cfg(test)]
mod tests {
    use lapin::protocol::AMQPErrorKind;

    use super::*;

    fn kind(id: u16, why: &str, topic: &Topic) -> Kind {
        let kind = AMQPErrorKind::from_id(id).expect("there is such an error");
        let error = AMQPError::new(kind, why.into());
        failed("orders", topic, ErrorKind::ProtocolError(error).into()).kind()
    }

    #[test]
    fn a_broker_that_restarts_is_away_and_one_that_refuses_is_not() {
        let kind = |id| kind(id, "why", &Topic::fixed("a"));
        for id in PASSING {
            assert!(kind(id).is_retryable(), "{id}");
        }
        for id in [402, 403, 404, 530] {
            assert_eq!(kind(id), Kind::Misconfigured, "{id}");
        }
        assert_eq!(kind(406), Kind::Unwritable);
    }

    #[test]
    fn a_key_that_the_user_may_not_write_under_is_told_from_an_exchange() {
        let kind = |why: &str| kind(FORBIDDEN, why, &Topic::by_type(""));
        for access in ["access", "write access"] {
            let key = format!("ACCESS_REFUSED - {access} to topic 'a' in exchange 'b' refused");
            assert_eq!(kind(&key), Kind::Refused);
            let exchange = format!("ACCESS_REFUSED - {access} to exchange 'b' refused");
            assert_eq!(kind(&exchange), Kind::Misconfigured);
        }
    }
}
