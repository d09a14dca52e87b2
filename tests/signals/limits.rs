//! Size limits, the same both ways.

use enact::prelude::*;
use enact::signal::{Envelope, Kind, Limits, http, json};

use crate::order;

#[track_caller]
fn too_large<T: std::fmt::Debug>(result: Result<T, enact::signal::SignalError>, words: &str) {
    let error = result.expect_err("it is too large");
    assert_eq!(error.kind(), Kind::TooLarge, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn one_byte_too_many_is_refused_when_written_and_when_read() {
    let event = order().seal().unwrap();
    let json = json::write(&event, &Limits::default()).unwrap();
    let exact = Limits {
        event: json.len(),
        ..Limits::default()
    };
    assert_eq!(json::write(&event, &exact).unwrap(), json);
    assert!(json::read(&json, &exact).is_ok());
    let short = Limits {
        event: json.len() - 1,
        ..Limits::default()
    };
    let words = format!(
        "the event has {} bytes, and {} are allowed",
        json.len(),
        short.event
    );
    too_large(json::write(&event, &short), &words);
    too_large(json::read(&json, &short), &words);
}

#[test]
fn headers_count_as_the_body_does() {
    let event = order().seal().unwrap();
    let message = http::binary(&event, &Limits::default()).unwrap();
    let headers = message
        .headers
        .iter()
        .map(|(name, value)| name.len() + value.len());
    let size = headers.sum::<usize>() + message.body.len();
    let exact = Limits {
        event: size,
        ..Limits::default()
    };
    let short = Limits {
        event: size - 1,
        ..Limits::default()
    };
    let read = |limits: &Limits| {
        let headers = message.headers.iter().map(|(name, value)| (name, value));
        http::read(headers, message.body.clone(), limits)
    };
    assert!(http::binary(&event, &exact).is_ok() && read(&exact).is_ok());
    too_large(http::binary(&event, &short), "the event has");
    too_large(read(&short), "the event has");
}

#[test]
fn a_batch_has_limits_of_its_own_and_names_the_event_that_is_too_large() {
    let small = Envelope::builder("a.b", "/a").id("1").build().unwrap();
    let large = Envelope::builder("a.b", "/a")
        .subject("x".repeat(500))
        .build()
        .unwrap();
    let events = [small, large];
    let all = json::write_batch(&events, &Limits::default()).unwrap();
    let (bytes, few) = (
        Limits {
            batch: all.len() - 1,
            ..Limits::default()
        },
        Limits {
            events: 1,
            ..Limits::default()
        },
    );
    too_large(json::write_batch(&events, &bytes), "the batch has");
    too_large(json::read_batch(&all, &bytes), "the batch has");
    too_large(
        json::write_batch(&events, &few),
        "2 events, and 1 are allowed",
    );
    too_large(json::read_batch(&all, &few), "2 events, and 1 are allowed");
    let one = Limits {
        event: 400,
        ..Limits::default()
    };
    too_large(
        json::write_batch(&events, &one),
        "event 1 of the batch: the event has",
    );
    let read = json::read_batch(&all, &one).unwrap();
    assert_eq!((read.events.len(), read.refused[0].index), (1, 1));
}

#[test]
fn an_event_has_256_extensions_at_most_and_64_of_its_defects_are_told() {
    let event = |extensions: &[String]| {
        let more = extensions.join(",");
        let core = r#""specversion":"1.0","id":"1","source":"/a","type":"a.b""#;
        let event = format!("{{{core},{more}}}");
        json::read(event.as_bytes(), &Limits::default())
    };
    let extensions: Vec<_> = (0..100_000).map(|n| format!("\"e{n}\":1")).collect();
    assert!(event(&extensions[..256]).is_ok());
    let words = "are more than 256; put what is more into the data";
    for extensions in [&extensions[..257], &extensions[..60_000]] {
        let error = event(extensions).unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed);
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(error.defects().len(), 1);
    }
    let odd: Vec<_> = (0..1000).map(|n| format!("\"E{n}\":1")).collect();
    assert_eq!(event(&odd).unwrap_err().defects().len(), 64);
    let twice = vec![extensions[0].clone(); 1000];
    assert_eq!(event(&twice).unwrap_err().defects().len(), 64);
}
