//! Any endpoint that speaks `OpenAI`'s chat completions.

use std::sync::Arc;
use std::time::Duration;

use enact_examples::Outcome;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::time::timeout;

/// How long a model may think.
const PATIENCE: Duration = Duration::from_mins(2);
/// The largest response that is read, in bytes.
const MOST_BYTES: usize = 4 << 20;

/// A model behind an endpoint.
pub(crate) struct Service {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: String,
    key: Option<String>,
    model: String,
}

impl Service {
    pub(crate) fn new(base: &str, key: Option<String>, model: String) -> Outcome<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls()?)
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            url: format!("{}/chat/completions", base.trim_end_matches('/')),
            key,
            model,
        })
    }

    /// What the model says next.
    pub(crate) async fn complete(&self, messages: &[Value], tools: &Value) -> Outcome<Value> {
        let body = json!({ "model": self.model, "messages": messages, "tools": tools });
        let mut request = Request::post(&self.url).header(CONTENT_TYPE, "application/json");
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, format!("Bearer {key}"));
        }
        let request = request.body(Full::new(Bytes::from(body.to_string())))?;
        let (status, body) = timeout(PATIENCE, self.exchange(request)).await??;
        if !status.is_success() {
            let text = String::from_utf8_lossy(&body);
            return Err(format!("{} has answered {status}: {text}", self.url).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Outcome<(hyper::StatusCode, Bytes)> {
        let (parts, body) = self.client.request(request).await?.into_parts();
        let body = Limited::new(body, MOST_BYTES).collect().await?;
        Ok((parts.status, body.to_bytes()))
    }
}

/// What trusts whom this machine trusts; without certificates on it, `http` works still.
fn tls() -> Outcome<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The key is nobody's business.
        let mut debug = f.debug_struct("Service");
        debug.field("url", &self.url).finish_non_exhaustive()
    }
}
