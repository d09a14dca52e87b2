//! Webhooks that come: a code host and a payment provider post what has happened, each with signatures of
//! its own kind. What is genuine becomes a signal, once; what is not becomes nothing.

use std::fmt::Write as _;

use enact::bus::Bus;
use enact::bus::dispatch::webhook::{Headers, Key, Signer, Verifier};
use enact::prelude::*;
use enact::signal::Envelope;
use enact_examples::{Outcome, Receiver, Request, post};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinSet;

/// Commits have come to a branch.
#[signal(type = "code.push_received", source = "/webhooks/code")]
struct PushReceived {
    repository: String,
    branch: String,
}

/// Somebody has paid.
#[signal(
    type = "payment_provider.payment.succeeded",
    source = "/webhooks/payments"
)]
struct PaymentSucceeded {
    payment: String,
    #[param(min = 1)]
    cents: u64,
}

const CODE_SECRET: &[u8] = b"only the code host knows it";
const PAYMENT_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The door for webhooks: what passes it waits in a bounded queue to be published.
struct Door {
    payments: Verifier,
    accepted: Sender<Envelope>,
}

impl Door {
    /// What is answered to a request; whoever is told that there is no room posts again.
    fn answer(&self, request: &Request) -> u16 {
        match request.path.as_str() {
            "/code" => self.code(request),
            "/payments" => self.payment(request),
            _ => 404,
        }
    }

    /// The code host signs the body alone, in hexadecimal digits.
    fn code(&self, request: &Request) -> u16 {
        let signature = request.header("x-hub-signature-256");
        let Some(signature) = signature.strip_prefix("sha256=").and_then(bytes) else {
            return 400;
        };
        if mac(&request.body).verify_slice(&signature).is_err() {
            return 401;
        }
        let id = request.header("x-github-delivery").to_owned();
        let push = serde_json::from_slice(&request.body).ok();
        let push = push.and_then(|body: Value| {
            let repository = body["repository"]["full_name"].as_str()?.to_owned();
            let branch = body["ref"].as_str()?.strip_prefix("refs/heads/")?;
            let branch = branch.to_owned();
            PushReceived { repository, branch }
                .draft()
                .id(id)
                .seal()
                .ok()
        });
        self.accept(push)
    }

    /// The payment provider signs as Standard Webhooks say.
    fn payment(&self, request: &Request) -> u16 {
        let headers = Headers {
            id: request.header("webhook-id"),
            timestamp: request.header("webhook-timestamp"),
            signature: request.header("webhook-signature"),
        };
        let verified = match self.payments.verify(&headers, &request.body) {
            Ok(verified) => verified,
            Err(refusal) => return refusal.kind().status(),
        };
        let paid = serde_json::from_slice(&request.body).ok();
        let paid = paid.and_then(|body: Value| {
            let payment = body["data"]["id"].as_str()?.to_owned();
            let cents = body["data"]["amount"].as_u64()?;
            let paid = PaymentSucceeded { payment, cents };
            paid.draft().id(headers.id).seal().ok()
        });
        let status = self.accept(paid);
        if status == 202 {
            self.payments.handled(&verified);
        } else {
            self.payments.forget(&verified);
        }
        status
    }

    fn accept(&self, signal: Option<Envelope>) -> u16 {
        let Some(signal) = signal else { return 422 };
        match self.accepted.try_send(signal) {
            Ok(()) => 202,
            Err(_) => 503,
        }
    }
}

fn mac(body: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(CODE_SECRET);
    mac.expect("a secret of any length will do")
        .chain_update(body)
}

/// The bytes that hexadecimal digits stand for.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.iter().map(byte).collect()
}

/// What the providers post, and what is answered to them.
async fn providers(door: &Receiver) -> Outcome<Vec<u16>> {
    let push = json!({ "ref": "refs/heads/main", "repository": { "full_name": "acme/shop" } });
    let push = push.to_string();
    let mut signature = "sha256=".to_owned();
    for byte in mac(push.as_bytes()).finalize().into_bytes() {
        write!(signature, "{byte:02x}")?;
    }
    let headers = [
        ("x-github-delivery", "72d3162e"),
        ("x-hub-signature-256", signature.as_str()),
    ];
    let forged = push.replace("main", "evil");
    let (code, payments) = (door.url("/code"), door.url("/payments"));

    let paid = json!({ "type": "payment.succeeded", "data": { "id": "pi-7", "amount": 1999 } });
    let (paid, signer) = (paid.to_string(), Signer::new(PAYMENT_SECRET.parse()?));
    let now = std::time::UNIX_EPOCH.elapsed()?.as_secs().cast_signed();
    let (timestamp, signed) = (now.to_string(), signer.sign("msg-1", now, paid.as_bytes()));
    let genuine = [
        ("webhook-id", "msg-1"),
        ("webhook-timestamp", timestamp.as_str()),
        ("webhook-signature", signed.as_str()),
    ];
    let old = [genuine[0], ("webhook-timestamp", "1795000000"), genuine[2]];
    let posts = [
        post(&code, &headers, &push).await?,
        post(&code, &headers, &push).await?,
        post(&code, &headers, &forged).await?,
        post(&payments, &genuine, &paid).await?,
        post(&payments, &genuine, &paid).await?,
        post(&payments, &old, &paid).await?,
    ];
    Ok(posts.iter().map(|answer| answer.status).collect())
}

pub(crate) async fn tell() -> Outcome<String> {
    // What a provider posts again has the id that it had, and is published once.
    let bus = Bus::builder().dedupe(1000, std::time::Duration::from_hours(1));
    let bus = bus.build();
    let mut builds = bus.subscribe(pattern!("code.**")).open();
    let mut fulfilment = bus.subscribe(pattern!("*.payment.succeeded")).open();
    let (accepted, mut waiting) = channel(64);
    let payments = Verifier::new([PAYMENT_SECRET.parse::<Key>()?]);
    let door = Door { payments, accepted };
    let door = Receiver::open(move |request: &Request| door.answer(request)).await?;
    let published = bus.clone();
    let mut publishing = JoinSet::new();
    publishing.spawn(async move {
        while let Some(signal) = waiting.recv().await {
            published.publish(signal).await?;
        }
        Ok::<_, enact::bus::PublishError>(())
    });

    let mut told = String::new();
    writeln!(
        told,
        "  the providers are answered {:?}",
        providers(&door).await?
    )?;
    drop(door);
    while let Some(done) = publishing.join_next().await {
        done??;
    }
    bus.close();
    while let Some(push) = builds.next().await {
        let PushReceived { repository, branch } = push.open()?;
        writeln!(told, "  a build of {repository}, branch {branch}")?;
    }
    while let Some(paid) = fulfilment.next().await {
        let PaymentSucceeded { payment, cents } = paid.open()?;
        writeln!(told, "  a delivery for {payment} over {cents} cents")?;
    }
    let figures = bus.figures();
    let (signals, again) = (figures.published, figures.duplicates);
    writeln!(told, "  {signals} signals, {again} of them posted twice")?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn genuine_webhooks_become_signals_once_and_forged_ones_nothing() {
        let told = super::tell().await.unwrap();
        let facts = [
            "the providers are answered [202, 202, 401, 202, 200, 401]",
            "a build of acme/shop, branch main\n",
            "a delivery for pi-7 over 1999 cents",
            "2 signals, 1 of them posted twice",
        ];
        assert_tells(&told, &facts);
        assert!(!told.contains("evil"), "{told}");
    }
}
