//! The body of a request: whole, short enough, and in time.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::{Method, StatusCode};
use tokio::time::timeout;

use super::door::{Answer, refusal};

/// How long the body of a request may take.
const LONGEST: Duration = Duration::from_mins(1);

/// The body of a request that has one.
///
/// # Errors
/// The refusal, where it is too long, or does not come in time.
pub(super) async fn whole(
    method: &Method,
    body: Incoming,
    most: usize,
) -> Result<Full<Bytes>, Box<Answer>> {
    if method != Method::POST {
        return Ok(Full::default());
    }
    let refused = |status, text: &str| Box::new(refusal(status, text));
    let collected = timeout(LONGEST, Limited::new(body, most).collect()).await;
    let collected = collected.map_err(|_| {
        let text = format!(
            "the body of the request did not come within {} s; send it again",
            LONGEST.as_secs()
        );
        refused(StatusCode::REQUEST_TIMEOUT, &text)
    })?;
    match collected {
        Ok(body) => {
            let body = body.to_bytes();
            if body.trim_ascii_start().starts_with(b"[") {
                let text =
                    "batches are not read over HTTP; send each message in a request of its own";
                return Err(refused(StatusCode::BAD_REQUEST, text));
            }
            Ok(Full::new(body))
        }
        Err(error) if error.is::<LengthLimitError>() => {
            let text = format!(
                "the body of the request has more than {most} bytes, which is the most that this server reads"
            );
            Err(refused(StatusCode::PAYLOAD_TOO_LARGE, &text))
        }
        Err(_) => {
            let text = "the body of the request broke off; send it again";
            Err(refused(StatusCode::BAD_REQUEST, text))
        }
    }
}
