//! What the program's own traces have of calls.

use std::sync::{Arc, Mutex};

use enact_mcp::Http;
use serde_json::json;
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

use crate::http::Place;
use crate::sessions::{Session, all};
use crate::world::{Client, Ledger, builder};

/// The spans that actions run in, from the inside out.
#[derive(Clone, Default)]
struct Around(Arc<Mutex<Vec<Vec<&'static str>>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Around {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        if attributes.metadata().name() == "action"
            && let Some(span) = cx.span(id)
        {
            let names = span.scope().map(|span| span.name()).collect();
            self.0.lock().unwrap().push(names);
        }
    }
}

#[tokio::test]
async fn each_call_is_a_trace_of_its_own_however_it_comes() {
    let around = Around::default();
    let _here = tracing::subscriber::set_default(Registry::default().with(around.clone()));
    let server = builder(&Ledger::default()).build().unwrap();
    let sum = json!({"a": 2, "b": 3});
    Client::of(&server).await.call("add", sum.clone()).await;
    let place = Place::of(server, Http::new()).await;
    let session = Session::begin(&place).await;
    all(session.call(1, "add", sum).await).await;
    all(session.call(2, "count", json!({})).await).await;
    assert_eq!(*around.0.lock().unwrap(), vec![["action", "call"]; 3]);
    place.stop().await;
}
