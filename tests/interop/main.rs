//! CloudEvents against the official SDKs of Python and JavaScript: they read what is written here,
//! and what they write is read here.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that can't go on stops, and says where it skips"
)]

mod sdk;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enact::prelude::*;
use enact::signal::http::{self, Message};
use enact::signal::{Data, Envelope, Limits, SignalError};
use sdk::{Language, Sdk, read};
use serde_json::{Value, json};

#[test]
fn python_reads_what_is_written_and_writes_what_is_read() {
    check(Language::Python);
}

#[test]
fn javascript_reads_what_is_written_and_writes_what_is_read() {
    check(Language::JavaScript);
}

/// An order, with every attribute that CloudEvents has and extensions of ours.
#[signal(
    type = "com.example.order.created",
    source = "https://example.com/orders",
    version = 1,
    extensions(region = "eu", level = -3)
)]
#[derive(Debug, PartialEq)]
struct OrderCreated {
    order_id: String,
    cents: u64,
    notes: Vec<Option<String>>,
}

fn order() -> OrderCreated {
    OrderCreated {
        order_id: "1042".into(),
        cents: 1999,
        notes: vec![Some("gift 😀".into()), None],
    }
}

/// Which modes a case goes through, there and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Modes {
    Both,
    /// In binary mode the SDK does not keep what it was given.
    Structured,
}

fn cases(language: Language) -> Result<Vec<(Envelope, Modes)>, SignalError> {
    let plain = |name: &str| Envelope::builder("a.b", "/a").id(name);
    let paid = plain("paid").correlation("txn-7").build()?;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let full = order().subject("1042").caused_by(&paid);
    let full = full.extension("traceparent", trace).seal()?;
    // JavaScript's writes headers as they are and reads them as they are, whatever the specification
    // asks; both write a JSON string into a body without its quotes.
    let encoded = if language == Language::JavaScript {
        Modes::Structured
    } else {
        Modes::Both
    };
    let text = Data::text("<much wow=\"xml\"/>");
    let bytes = Data::bytes(vec![0, 159, 146, 150, 255]);
    let octets = plain("bytes").datacontenttype("application/octet-stream");
    let words = plain("words")
        .subject("Euro € 😀 \"q\" 100%")
        .json(&json!({}));
    Ok(vec![
        (full, Modes::Both),
        (plain("nothing").build()?, Modes::Structured),
        (words.datacontenttype("application/json").build()?, encoded),
        (
            plain("list").json(&json!([1, "2", null])).build()?,
            Modes::Structured,
        ),
        (
            plain("string").json(&json!("I'm just a string")).build()?,
            Modes::Structured,
        ),
        (
            plain("text")
                .datacontenttype("text/plain")
                .data(text)
                .build()?,
            Modes::Both,
        ),
        (octets.data(bytes).build()?, Modes::Both),
    ])
}

fn check(language: Language) {
    let Some(mut sdk) = Sdk::start(language) else {
        return;
    };
    let limits = Limits::default();
    let cases = cases(language).expect("they are events");
    for (envelope, modes) in &cases {
        let structured = http::structured(envelope, &limits).expect("it is written");
        round_trip(&mut sdk, envelope, &structured, *modes);
        if *modes == Modes::Both {
            let binary = http::binary(envelope, &limits).expect("it is written");
            round_trip(&mut sdk, envelope, &binary, *modes);
        }
    }
    let all: Vec<&Envelope> = cases.iter().map(|(envelope, _)| envelope).collect();
    let batch = http::batch(all.iter().copied(), &limits).expect("it is written");
    let echoes = sdk.echo(&batch);
    assert_eq!(echoes.len(), all.len());
    for (echo, envelope) in echoes.iter().zip(all) {
        agree(&echo.attributes, &echo.data, envelope);
    }
}

fn round_trip(sdk: &mut Sdk, envelope: &Envelope, sent: &Message, modes: Modes) {
    let echoes = sdk.echo(sent);
    let [echo] = &echoes[..] else {
        panic!("one event was sent, and {} came", echoes.len());
    };
    agree(&echo.attributes, &echo.data, envelope);
    same(&read(&echo.structured), envelope);
    if modes == Modes::Both {
        same(&read(&echo.binary), envelope);
    }
}

/// What the SDK has read is what was written.
#[track_caller]
fn agree(attributes: &Value, data: &Value, envelope: &Envelope) {
    let text = |name: &str| match &attributes[name] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    assert_eq!(text("id").as_deref(), Some(envelope.id()));
    assert_eq!(text("source").as_deref(), Some(envelope.source()));
    assert_eq!(text("type").as_deref(), Some(envelope.ty().as_str()));
    assert_eq!(text("specversion").as_deref(), Some("1.0"));
    assert_eq!(text("subject").as_deref(), envelope.subject());
    assert_eq!(text("dataschema").as_deref(), envelope.dataschema());
    for (name, value) in envelope.extensions() {
        assert_eq!(text(name), Some(value.to_string()), "{name}");
    }
    let content = envelope
        .data()
        .map(|data| data.content().expect("it is written"));
    match (data, content) {
        (Value::Null, content) => assert_eq!(content, None),
        (Value::Object(map), Some(content)) if map.contains_key("bytes") => {
            assert_eq!(map["bytes"], STANDARD.encode(content));
        }
        (data, Some(content)) => {
            let json = serde_json::from_slice::<Value>(content);
            let read = json.unwrap_or_else(|_| Value::from(String::from_utf8_lossy(content)));
            assert_eq!(data, &read);
        }
        (data, None) => panic!("nothing was sent, and {data} came"),
    }
}

/// What the SDK has written is the event that it was sent.
#[track_caller]
fn same(read: &Envelope, sent: &Envelope) {
    let core = |it: &Envelope| {
        let texts = [
            Some(it.id()),
            Some(it.source()),
            it.subject(),
            it.dataschema(),
        ];
        (texts.map(|text| text.map(str::to_owned)), it.ty().clone())
    };
    assert_eq!(core(read), core(sent));
    // Both SDKs know of milliseconds or microseconds.
    let millis = |it: &Envelope| {
        let time = it.time().expect("there is a time").to_system_time();
        let since = time.duration_since(std::time::UNIX_EPOCH);
        since.expect("it is after 1970").as_millis()
    };
    assert_eq!(millis(read), millis(sent));
    let extensions = |it: &Envelope| {
        let texts = it
            .extensions()
            .map(|(name, value)| (name.to_owned(), value.to_string()));
        texts.collect::<std::collections::BTreeMap<_, _>>()
    };
    assert_eq!(extensions(read), extensions(sent));
    let value = |it: &Envelope| {
        let content = it.data()?.content().expect("it is written");
        Some(serde_json::from_slice::<Value>(content).map_err(|_| content.to_vec()))
    };
    assert_eq!(value(read), value(sent));
    if sent.ty().as_str() == "com.example.order.created" {
        assert_eq!(read.open::<OrderCreated>().expect("it is one"), order());
    }
}
