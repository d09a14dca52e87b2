//! HTTP receivers, and which addresses are connected to.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use enact_signal_bus::dispatch::http::{ClientOptions, Http, Mode, Options, Reach, Resolve};
use enact_signal_bus::dispatch::{Kind, Pending, Target};
use enact_signal_core::{Envelope, Limits, http as binding};
use http_body_util::Full;
use hyper::Response;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::receiver::{Got, Receiver, empty, here};
use crate::world::signal;

fn read(got: &Got) -> Vec<Envelope> {
    let headers = got.headers.iter().map(|(name, value)| (name, value));
    match binding::read(headers, got.body.clone(), &Limits::default()).unwrap() {
        binding::Content::One(one) => vec![one],
        binding::Content::Batch(batch) => batch.events.into_iter().map(|(_, one)| one).collect(),
    }
}

#[tokio::test]
async fn what_arrives_is_what_was_sent_in_every_mode() {
    let receiver = Receiver::status(202).await;
    let signals = ["1", "2"].map(signal);
    for (mode, requests) in [(Mode::Structured, 2), (Mode::Binary, 2), (Mode::Batched, 1)] {
        let before = receiver.got().len();
        let target = Http::new("shop", &receiver.url(), mode, here()).unwrap();
        target.check().await.unwrap();
        for outcome in target.deliver_all(&signals).await {
            outcome.unwrap();
        }
        let got = receiver.got().split_off(before);
        assert_eq!(got.len(), requests, "{mode:?}");
        let read: Vec<_> = got.iter().flat_map(read).collect();
        assert_eq!(read, signals, "{mode:?}");
    }
}

#[tokio::test]
async fn headers_of_ones_own_go_along() {
    let receiver = Receiver::status(200).await;
    let options = Options {
        headers: [
            ("Authorization", "Bearer abc"),
            ("X-Tag", "a"),
            ("X-Tag", "b"),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec(),
        ..here()
    };
    let target = Http::new("shop", &receiver.url(), Mode::Binary, options).unwrap();
    target.deliver(&signal("1")).await.unwrap();
    let got = &receiver.got()[0];
    let tags = got.headers.iter().filter(|(name, _)| name == "x-tag");
    assert!(tags.map(|(_, value)| value.as_str()).eq(["a", "b"]));
    assert_eq!(got.header("authorization"), "Bearer abc");
    assert_eq!(got.header("ce-id"), "1");
    assert!(got.header("user-agent").starts_with("enact/"));
}

#[tokio::test]
async fn when_to_come_back_is_read_from_the_answer() {
    let calls = AtomicUsize::new(0);
    let receiver = Receiver::answering(move |_| match calls.fetch_add(1, Ordering::Relaxed) {
        0 => {
            let busy = Response::builder().status(429).header("retry-after", "1");
            busy.body(Full::default()).unwrap()
        }
        _ => empty(204),
    });
    let receiver = receiver.await;
    let target = Http::new("shop", &receiver.url(), Mode::Structured, here()).unwrap();
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Busy);
    assert_eq!(error.wait(), Some(Duration::from_secs(1)));
    target.deliver(&signal("1")).await.unwrap();
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Receiver::status(200).await;
    let location = other.url();
    let receiver = Receiver::answering(move |_| {
        let moved = Response::builder()
            .status(307)
            .header("location", &location);
        moved.body(Full::default()).unwrap()
    });
    let receiver = receiver.await;
    let target = Http::new("shop", &receiver.url(), Mode::Structured, here()).unwrap();
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_receiver_that_is_gone_or_not_there_is_told_apart() {
    let receiver = Receiver::status(410).await;
    let target = Http::new("shop", &receiver.url(), Mode::Structured, here()).unwrap();
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Gone);

    // A port that was free a moment ago, and that nobody else listens on.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://{address}/");
    let target = Http::new("shop", &url, Mode::Structured, here()).unwrap();
    assert_eq!(target.check().await.unwrap_err().kind(), Kind::Unreachable);
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert!(error.is_retryable());
}

#[tokio::test]
async fn one_that_is_too_large_costs_no_other_of_its_batch() {
    let receiver = Receiver::status(200).await;
    let options = Options {
        limits: Limits {
            event: 300,
            ..Limits::default()
        },
        ..here()
    };
    let target = Http::new("shop", &receiver.url(), Mode::Batched, options).unwrap();
    let signals = [signal("1"), signal(&"2".repeat(200)), signal("3")];
    let outcomes = target.deliver_all(&signals).await;
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), Kind::Unwritable);
    let read: Vec<_> = receiver.got().iter().flat_map(read).collect();
    assert_eq!(read, [signal("1"), signal("3")]);
}

#[tokio::test]
async fn one_that_is_wrong_costs_no_other_of_its_batch() {
    for status in [400, 413, 422] {
        let receiver = Receiver::answering(move |got| {
            let bad = read(got).iter().any(|signal| signal.id() == "bad");
            empty(if bad { status } else { 200 })
        });
        let receiver = receiver.await;
        let target = Http::new("shop", &receiver.url(), Mode::Batched, here()).unwrap();
        let signals = ["1", "2", "3", "bad", "4", "5"].map(signal);
        let outcomes = target.deliver_all(&signals).await;
        for (signal, outcome) in signals.iter().zip(outcomes) {
            let kind = outcome.err().map(|error| error.kind());
            assert_eq!(kind, (signal.id() == "bad").then_some(Kind::Refused));
        }
    }
    // What is wrong with the address is not asked for each.
    let receiver = Receiver::status(404).await;
    let target = Http::new("shop", &receiver.url(), Mode::Batched, here()).unwrap();
    let outcomes = target.deliver_all(&["1", "2"].map(signal)).await;
    assert!(outcomes.iter().all(Result::is_err));
    assert_eq!(receiver.got().len(), 1);
}

/// Names of this machine, however they are written.
const HERE: [&str; 12] = [
    "127.0.0.1",
    "localhost",
    "localhost.",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "0.0.0.0",
    "[::]",
    "127.1",
    "0x7f.1",
    "2130706433",
    "017700000001",
];

#[tokio::test]
async fn this_machine_is_out_of_reach_however_it_is_written() {
    let receiver = Receiver::status(200).await;
    for host in HERE {
        let url = format!("http://{host}:{}/", receiver.address.port());
        let made = Http::new("shop", &url, Mode::Structured, Options::default());
        let error = match made {
            Err(error) => error,
            Ok(target) => {
                assert!(target.check().await.is_err(), "{host}");
                target.deliver(&signal("1")).await.unwrap_err()
            }
        };
        // A host that the system can't look up is no host.
        let known = [Kind::Forbidden, Kind::Unreachable];
        assert!(known.contains(&error.kind()), "{host}: {error:?}");
    }
    assert_eq!(receiver.connections(), 0);
}

/// Answers with public addresses first, and with this machine when it is asked again.
struct Rebinding {
    asked: AtomicUsize,
    answers: Vec<Vec<&'static str>>,
}

impl Resolve for Rebinding {
    fn resolve<'a>(&'a self, _: &'a str, port: u16) -> Pending<'a, io::Result<Vec<SocketAddr>>> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = &self.answers[asked.min(self.answers.len() - 1)];
        let addresses = answer
            .iter()
            .map(|ip| SocketAddr::new(ip.parse().unwrap(), port));
        let addresses = addresses.collect();
        Box::pin(async move { Ok(addresses) })
    }
}

fn rebinding(answers: Vec<Vec<&'static str>>, reach: Reach) -> Options {
    let resolver = Rebinding {
        asked: AtomicUsize::new(0),
        answers,
    };
    Options {
        reach,
        client: ClientOptions {
            resolver: Some(Arc::new(resolver)),
            tls: None,
        },
        ..Options::default()
    }
}

#[tokio::test]
async fn a_name_that_changes_what_it_stands_for_is_judged_when_connecting() {
    let receiver = Receiver::answering(|_| {
        // Each request has a connection, and so a look-up, of its own.
        let closing = Response::builder()
            .status(200)
            .header("connection", "close");
        closing.body(Full::default()).unwrap()
    });
    let receiver = receiver.await;
    let allowed = Reach::public().allow("127.0.0.1".parse().unwrap());
    let answers = vec![vec!["127.0.0.1"], vec!["127.0.0.2"]];
    let url = format!("http://rebinding.example:{}/", receiver.address.port());
    let target = Http::new("shop", &url, Mode::Structured, rebinding(answers, allowed)).unwrap();
    target.deliver(&signal("1")).await.unwrap();
    let error = target.deliver(&signal("2")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden);
    assert!(!error.is_retryable());
    assert_eq!(receiver.connections(), 1);
}

#[tokio::test]
async fn one_bad_address_refuses_the_name() {
    let receiver = Receiver::status(200).await;
    for answer in [vec!["127.0.0.1", "10.0.0.1"], vec!["10.0.0.1", "127.0.0.1"]] {
        let allowed = Reach::public().allow("127.0.0.1".parse().unwrap());
        let url = format!("http://mixed.example:{}/", receiver.address.port());
        let options = rebinding(vec![answer], allowed);
        let target = Http::new("shop", &url, Mode::Structured, options).unwrap();
        let error = target.deliver(&signal("1")).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Forbidden);
        assert!(error.to_string().contains("10.0.0.1"), "{error}");
    }
    assert_eq!(receiver.connections(), 0);
}

#[test]
fn everything_wrong_with_the_configuration_is_said_at_once() {
    let options = Options {
        headers: vec![("a b".into(), "c".into()), ("d".into(), "e\nf".into())],
        ..Options::default()
    };
    let error = Http::new("shop", "ftp://shop.example/", Mode::Binary, options).unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured);
    assert_eq!(error.to_string().matches("; ").count(), 2, "{error}");
    for url in [
        "",
        "shop",
        "http://",
        "https://me:secret@shop.example/",
        "https://shop.example:99999/",
        "https://[2001:db8::1]:/",
    ] {
        let error = Http::new("shop", url, Mode::Binary, Options::default()).unwrap_err();
        assert_eq!(error.kind(), Kind::Misconfigured, "{url}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn an_endless_answer_is_hung_up_on() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let flood = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 512];
        let _ = stream.read(&mut request).await.unwrap();
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let chunk = [b"1000\r\n".as_slice(), &[b'x'; 0x1000], b"\r\n"].concat();
        let mut written = 0;
        while stream.write_all(&chunk).await.is_ok() {
            written += chunk.len();
        }
        written
    };
    let target = Http::new("shop", &url, Mode::Structured, here()).unwrap();
    let delivered = async {
        let outcome = target.deliver(&signal("1")).await;
        drop(target);
        outcome
    };
    let (outcome, written) = tokio::join!(delivered, flood);
    outcome.unwrap();
    // What the system's own buffers hold of it, and little more.
    assert!(written < 64 << 20, "{written} bytes were taken");
}

/// Answers each request so, and never ends its answer.
async fn unending(answer: &'static [u8]) -> (SocketAddr, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut read = [0; 1024];
            drop(stream.read(&mut read).await);
            drop(stream.write_all(answer).await);
            open.push(stream);
        }
    });
    (address, tasks)
}

#[tokio::test]
async fn an_answer_whose_end_never_comes_is_an_answer() {
    for (answer, expected) in [
        (&b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"[..], None),
        (
            b"HTTP/1.1 410 Gone\r\ncontent-length: 9\r\n\r\nno",
            Some(Kind::Gone),
        ),
    ] {
        let (address, _tasks) = unending(answer).await;
        let url = format!("http://{address}/");
        let target = Http::new("shop", &url, Mode::Structured, here()).unwrap();
        let outcome = target.deliver(&signal("1")).await;
        assert_eq!(outcome.err().map(|error| error.kind()), expected);
    }
}
