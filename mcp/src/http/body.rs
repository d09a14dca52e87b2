//! The body of a request: whole, short enough, and in time.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes};
use hyper::{Method, StatusCode};
use tokio::time::{Instant, timeout_at};

use super::door::{Answer, refusal};

/// How long nothing of the body of a request may come.
const LONGEST: Duration = Duration::from_mins(1);

/// How much of that time each byte gives back: whoever sends a thousand a second has all of it for ever.
const BYTE: Duration = Duration::from_millis(1);

/// The body of a request that has one.
///
/// # Errors
/// The refusal, where it is too long, or does not come in time.
pub(super) async fn whole(
    method: &Method,
    body: impl Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>>,
    most: usize,
) -> Result<Full<Bytes>, Box<Answer>> {
    if method != Method::POST {
        return Ok(Full::default());
    }
    let refused = |status, text: &str| Box::new(refusal(status, text));
    match read(Limited::new(body, most)).await {
        None => {
            let text = format!(
                "the body of the request stood still for {} s, or nearly so; send it again",
                LONGEST.as_secs()
            );
            Err(refused(StatusCode::REQUEST_TIMEOUT, &text))
        }
        Some(Ok(body)) => {
            if body.trim_ascii_start().starts_with(b"[") {
                let text =
                    "batches are not read over HTTP; send each message in a request of its own";
                return Err(refused(StatusCode::BAD_REQUEST, text));
            }
            Ok(Full::new(body))
        }
        Some(Err(error)) if error.is::<LengthLimitError>() => {
            let text = format!(
                "the body of the request has more than {most} bytes, which is the most that this server reads"
            );
            Err(refused(StatusCode::PAYLOAD_TOO_LARGE, &text))
        }
        Some(Err(_)) => {
            let text = "the body of the request broke off; send it again";
            Err(refused(StatusCode::BAD_REQUEST, text))
        }
    }
}

/// All of a body; none, where it comes too slowly.
async fn read<B: Body<Data = Bytes>>(body: B) -> Option<Result<Bytes, B::Error>> {
    let mut body = pin!(body);
    let (mut first, mut all) = (Bytes::new(), Vec::new());
    let mut end = Instant::now() + LONGEST;
    while let Some(frame) = timeout_at(end, body.frame()).await.ok()? {
        let data = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(),
            Err(error) => return Some(Err(error)),
        };
        let bytes = u32::try_from(data.len()).unwrap_or(u32::MAX);
        end = (end + BYTE * bytes).min(Instant::now() + LONGEST);
        if first.is_empty() {
            first = data;
        } else {
            // Most come in one piece, which is not copied.
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    Some(Ok(if all.is_empty() { first } else { all.into() }))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};

    use hyper::body::Frame;
    use tokio::time::{Interval, interval};

    use super::*;

    /// A body of so many pieces, of which one comes at each tick.
    struct Slow {
        left: usize,
        piece: Bytes,
        ticks: Interval,
    }

    impl Body for Slow {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            ready!(self.ticks.poll_tick(cx));
            let left = self.left.checked_sub(1);
            Poll::Ready(left.map(|left| {
                self.left = left;
                Ok(Frame::data(self.piece.clone()))
            }))
        }
    }

    /// Reads a body of `left` pieces of so many bytes, each after that many seconds; its status, and how long it took.
    async fn status(left: usize, bytes: usize, seconds: u64) -> (StatusCode, u64) {
        let begun = Instant::now();
        let body = Slow {
            left,
            piece: "x".repeat(bytes).into(),
            ticks: interval(Duration::from_secs(seconds)),
        };
        let status = match whole(&Method::POST, body, 1_000_000).await {
            Ok(all) => {
                let all = all.collect().await.unwrap_or_default().to_bytes();
                assert_eq!(all, "x".repeat(left * bytes));
                StatusCode::OK
            }
            Err(refused) => refused.status(),
        };
        (status, begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_body_may_come_slowly_and_none_may_trickle() {
        assert_eq!(status(20, 50_000, 50).await, (StatusCode::OK, 1000));
        assert_eq!(status(1, 7, 59).await, (StatusCode::OK, 59));
        let late = StatusCode::REQUEST_TIMEOUT;
        assert_eq!(status(1, 7, 61).await, (late, 60));
        assert_eq!(status(1000, 1, 59).await, (late, 60));
        // What came quickly before gives no more than that time.
        assert_eq!(status(2, 500_000, 61).await, (late, 60));
    }
}
