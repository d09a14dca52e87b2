//! Webhooks that go: a partner is told of what happens here, signed, and under the names that it knows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use enact::bus::Bus;
use enact::bus::dispatch::webhook::{Headers, Key, Signer, Verifier, Webhook};
use enact::bus::dispatch::{self, DispatchError, Kind, Layers as _, Pending, Target};
use enact::prelude::*;
use enact::signal::Envelope;
use enact_examples::{Outcome, Receiver, Request};

/// Somebody has an account now.
#[signal(type = "user.signup_completed", source = "/auth-service")]
struct SignupCompleted {
    user_id: String,
    #[param(format = "email", class = "email")]
    email: String,
}

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A target that knows signals by other names than ours.
struct Renamed<T> {
    target: T,
    names: BTreeMap<&'static str, &'static str>,
}

impl<T: Target> Renamed<T> {
    /// The same event under its other name; one that has none goes as it is.
    fn rename(&self, signal: &Envelope) -> Result<Envelope, DispatchError> {
        let Some(name) = self.names.get(signal.ty().as_str()) else {
            return Ok(signal.clone());
        };
        signal.to_builder().ty(name).build().map_err(|error| {
            let what = "it could not be renamed; look at the table of names";
            DispatchError::new(Kind::Unwritable, self.name(), what).because(error)
        })
    }
}

impl<T: Target> Target for Renamed<T> {
    fn name(&self) -> &str {
        self.target.name()
    }

    fn check(&self) -> Pending<'_, dispatch::Outcome> {
        self.target.check()
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, dispatch::Outcome> {
        Box::pin(async { self.target.deliver(&self.rename(signal)?).await })
    }
}

pub(crate) async fn tell() -> Outcome<String> {
    let verifier = Verifier::new([SECRET.parse::<Key>()?]);
    let verify = move |request: &Request| {
        let headers = Headers {
            id: request.header("webhook-id"),
            timestamp: request.header("webhook-timestamp"),
            signature: request.header("webhook-signature"),
        };
        match verifier.verify(&headers, &request.body) {
            Ok(verified) => {
                verifier.handled(&verified);
                204
            }
            Err(refusal) => refusal.kind().status(),
        }
    };
    let partner = Receiver::open(verify).await?;
    let mut told = String::new();
    for (whose, secret) in [
        ("our", SECRET),
        ("another", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    ] {
        let signer = Signer::new(secret.parse()?);
        let url = partner.url("/user-events");
        let webhook = Webhook::new("partner", &url, signer, partner.options())?;
        let names = BTreeMap::from([("user.signup_completed", "user.created")]);
        let webhook = Renamed {
            target: webhook,
            names,
        };
        let bus = Bus::new();
        let telling = bus.subscribe(pattern!("user.**")).to(webhook.sink());
        let signup = SignupCompleted {
            user_id: "123".to_owned(),
            email: "user@example.com".to_owned(),
        };
        bus.publish(signup.subject("123")).await?;
        let figures = telling.finish().await;
        let (taken, refused) = (figures.handled, figures.failed);
        writeln!(told, "  with {whose} key: {taken} taken, {refused} refused")?;
    }
    if let Some(signal) = partner.signals("/user-events")?.first() {
        let (ty, data) = (signal.ty(), signal.json()?);
        writeln!(told, "  the partner has {ty} {data}")?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn a_partner_is_told_under_its_own_names_by_those_who_have_the_key() {
        let facts = [
            "with our key: 1 taken, 0 refused",
            "with another key: 0 taken, 1 refused",
            r#"the partner has user.created {"user_id":"123","email":"user@example.com"}"#,
        ];
        assert_tells(&super::tell().await.unwrap(), &facts);
    }
}
