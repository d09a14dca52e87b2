//! A partner who is told of large payments by signed webhooks, and who is out at first.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use enact::bus::dispatch::http::{Options, Reach};
use enact::bus::dispatch::webhook::{Headers, Key, Signer, Verifier, Webhook};
use enact::bus::dispatch::{Backoff, Layers as _, Target as _};
use enact::bus::log::{Log, Select};
use enact::signal::pattern;
use http_body_util::{BodyExt as _, Collected, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::kinds::OrderPaid;

/// Known to us and to the partner.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// From which payment on the partner is told, in cents.
const LARGE: u64 = 100_000;

/// What the partner has seen.
#[derive(Debug)]
struct Partner {
    verifier: Verifier,
    turned_away: AtomicU32,
    taken: AtomicU32,
    refused: AtomicU32,
}

/// Tells the partner of all large payments in a log.
pub(crate) async fn tell(log: &Log) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let partner = Arc::new(Partner {
        verifier: Verifier::new([SECRET.parse::<Key>()?]),
        turned_away: AtomicU32::new(0),
        taken: AtomicU32::new(0),
        refused: AtomicU32::new(0),
    });
    let mut tasks = JoinSet::new();
    tasks.spawn(receive(listener, Arc::clone(&partner)));

    // This machine is out of reach unless we say otherwise.
    let reach = Reach::public().allow("127.0.0.1".parse()?);
    let options = Options {
        reach,
        ..Options::default()
    };
    let url = format!("http://{address}/payments");
    let webhook = Webhook::new("partner", &url, Signer::new(SECRET.parse()?), options)?;
    let webhook = webhook.retrying(Backoff::default());
    let mut paid = log.replay(Select::of(pattern!("order.paid"))).await?;
    let mut told = 0;
    while let Some(signal) = paid.next().await {
        let signal = signal?;
        if signal.open::<OrderPaid>()?.cents >= LARGE {
            webhook.deliver(&signal).await?;
            told += 1;
        }
    }
    let count = |counter: &AtomicU32| counter.load(Ordering::Relaxed);
    println!("\ntold a partner of {told} large payments by signed webhooks:");
    println!(
        "  {} tries met a closed door, {} were taken with a good signature, {} refused",
        count(&partner.turned_away),
        count(&partner.taken),
        count(&partner.refused)
    );
    Ok(())
}

async fn receive(listener: TcpListener, partner: Arc<Partner>) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let partner = Arc::clone(&partner);
        open.spawn(async move {
            let service = service_fn(|request| answer(request, &partner));
            let http = hyper::server::conn::http1::Builder::new();
            // Whoever goes away has had their answer.
            drop(http.serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    partner: &Partner,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        let value = parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    };
    let headers = Headers {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    let body = body
        .collect()
        .await
        .map(Collected::to_bytes)
        .unwrap_or_default();
    let (status, counter) = if partner.turned_away.load(Ordering::Relaxed) < 2 {
        (503, &partner.turned_away)
    } else if let Ok(verified) = partner.verifier.verify(&headers, &body) {
        partner.verifier.handled(&verified);
        (204, &partner.taken)
    } else {
        (401, &partner.refused)
    };
    counter.fetch_add(1, Ordering::Relaxed);
    let mut response = Response::new(Empty::new());
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    Ok(response)
}
