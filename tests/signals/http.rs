//! The HTTP binding: three modes told apart, and headers that are not as they should be.

use enact::prelude::*;
use enact::signal::http::{self, Content};
use enact::signal::{Data, Envelope, Kind, Limits, SignalError};

use crate::{OrderCreated, order};

const CORE: [(&str, &str); 4] = [
    ("ce-specversion", "1.0"),
    ("CE-Id", "1"),
    ("ce-source", "/a"),
    ("ce-type", "order.created"),
];

fn read(headers: &[(&str, &str)], body: &[u8]) -> Result<Content, SignalError> {
    http::read(headers.iter().copied(), body, &Limits::default())
}

fn one(more: &[(&str, &str)], body: &[u8]) -> Result<Envelope, SignalError> {
    match read(&[&CORE, more].concat(), body)? {
        Content::One(envelope) => Ok(envelope),
        Content::Batch(batch) => panic!("one was sent, and {batch:?} came"),
    }
}

#[test]
fn an_event_in_binary_mode_comes_back() {
    let event = order().subject("Euro € 😀 \"q\" 100%").seal().unwrap();
    let message = http::binary(&event, &Limits::default()).unwrap();
    assert_eq!(message.header("content-type"), Some("application/json"));
    assert!(message.headers.iter().all(|(_, value)| value.is_ascii()));
    let headers: Vec<_> = message
        .headers
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let Content::One(read) = read(&headers, &message.body).unwrap() else {
        panic!("it was one");
    };
    assert_eq!(read, event);
    assert_eq!(read.open::<OrderCreated>().unwrap(), order());
}

#[test]
fn modes_are_told_apart_by_the_content_type() {
    let event = order().seal().unwrap();
    let limits = Limits::default();
    let structured = http::structured(&event, &limits).unwrap();
    for content_type in [
        "application/cloudevents+json",
        "Application/CloudEvents+JSON; charset=UTF-8",
    ] {
        // Headers of binary mode may stand beside it, and say nothing.
        let headers = [("Content-Type", content_type), ("ce-id", "other")];
        let content = read(&headers, &structured.body).unwrap();
        assert!(matches!(content, Content::One(read) if read == event));
    }
    let batch = http::batch([&event, &event], &limits).unwrap();
    let content = read(
        &[("content-type", "application/cloudevents-batch+json")],
        &batch.body,
    );
    assert!(matches!(content.unwrap(), Content::Batch(batch) if batch.events.len() == 2));
}

#[test]
fn other_formats_and_what_is_no_event_are_unsupported() {
    let kind = |headers: &[(&str, &str)]| read(headers, b"{}").unwrap_err().kind();
    assert_eq!(
        kind(&[("content-type", "application/cloudevents+avro")]),
        Kind::Unsupported
    );
    assert_eq!(
        kind(&[("content-type", "application/json")]),
        Kind::Unsupported
    );
    assert_eq!(kind(&[]), Kind::Unsupported);
    let mut old = CORE;
    old[0].1 = "0.3";
    assert_eq!(kind(&old), Kind::Unsupported);
}

#[test]
fn the_body_is_what_the_content_type_says() {
    let content = |media_type, body: &[u8]| {
        let event = one(&[("content-type", media_type)], body).unwrap();
        let json = event.data().unwrap().as_json().unwrap().is_some();
        (json, event.data().unwrap().content().unwrap().to_vec())
    };
    assert_eq!(content("application/json", b"[1]"), (true, b"[1]".to_vec()));
    assert_eq!(content("text/plain", b"[1]"), (false, b"[1]".to_vec()));
    assert_eq!(content("image/png", &[255, 0]), (false, vec![255, 0]));
    assert!(one(&[], b"").unwrap().data().is_none());
    let broken = one(&[("content-type", "application/json")], b"{").unwrap_err();
    assert!(
        broken
            .to_string()
            .contains("`data` is no JSON, as \"application/json\" says")
    );
}

#[test]
fn malformed_headers_are_told_by_their_attributes() {
    let told = |more: &[(&str, &str)]| one(more, b"").unwrap_err().to_string();
    assert!(told(&[("ce-id", "2")]).contains("`id` is given twice"));
    assert!(
        told(&[("ce-subject", "%C0%A0")])
            .contains("`subject` is percent-encoded, and not of UTF-8")
    );
    assert!(told(&[("ce-datacontenttype", "a/b")]).contains("is the header `content-type`"));
    assert!(told(&[("ce-my-ext", "1")]).contains("`my-ext` is no name for an extension"));
    let bytes = http::read(
        [("ce-specversion", &b"1.0"[..]), ("ce-id", &[255])],
        "",
        &Limits::default(),
    );
    let defects = bytes.unwrap_err();
    let names: Vec<_> = defects
        .defects()
        .iter()
        .map(|it| it.attribute.as_str())
        .collect();
    assert_eq!(names, ["id", "source", "type"]);
}

#[test]
fn quoted_values_and_needless_encoding_are_read() {
    let event = one(
        &[("ce-subject", "\"a \\\"b\\\"\""), ("ce-region", "%65u")],
        b"",
    )
    .unwrap();
    assert_eq!(event.subject(), Some("a \"b\""));
    assert_eq!(
        event.extension("region").and_then(|it| it.text()),
        Some("eu")
    );
}

#[test]
fn data_that_is_an_event_itself_is_not_sent_in_binary_mode() {
    let limits = Limits::default();
    let inner = enact::signal::json::write(&order().seal().unwrap(), &limits).unwrap();
    for media_type in [
        "application/cloudevents+json",
        "Application/CloudEvents-batch+json; charset=utf-8",
        "application/cloudevents+avro",
    ] {
        let outer = Envelope::builder("event.wrapped", "/a").datacontenttype(media_type);
        let outer = outer.data(Data::bytes(inner.clone())).build().unwrap();
        let refused = http::binary(&outer, &limits).unwrap_err();
        assert_eq!(refused.kind(), Kind::Unsupported);
        assert!(refused.to_string().contains("structured mode"), "{refused}");
        let sent = http::structured(&outer, &limits).unwrap();
        let headers = sent.headers.iter().map(|(name, value)| (name, value));
        let content = http::read(headers, sent.body.clone(), &limits).unwrap();
        assert!(matches!(content, Content::One(read) if read.ty() == "event.wrapped"));
    }
}

#[test]
fn text_is_not_sent_under_a_charset_that_it_is_not_in() {
    let sent = |media_type: &str, data: Data| {
        let event = Envelope::builder("a.b", "/a").datacontenttype(media_type);
        let event = event.data(data).build().unwrap();
        let sent = http::binary(&event, &Limits::default());
        sent.map_err(|error| error.to_string())
    };
    let refused = sent("text/plain; charset=iso-8859-1", Data::text("é")).unwrap_err();
    assert_eq!(
        refused,
        "the data is of \"text/plain; charset=iso-8859-1\", and text is sent in UTF-8, and not in \
         \"iso-8859-1\"; send it in structured mode"
    );
    for (media_type, text) in [
        ("text/plain; format=flowed; Charset=\"UTF-16\"", "e"),
        ("text/plain; charset=us-ascii", "é"),
        ("application/xml;charset=windows-1252", "é"),
    ] {
        assert!(sent(media_type, Data::text(text)).is_err(), "{media_type}");
    }
    for (media_type, data) in [
        ("text/plain; charset=us-ascii", Data::text("e")),
        ("text/plain; charset=ISO-8859-1", Data::text("e")),
        ("text/plain; charset=gbk", Data::text("e")),
        ("text/plain; charset=utf8", Data::text("é")),
        ("text/plain; charset=\"UTF-8\"", Data::text("é")),
        ("text/plain; charset=iso-8859-1", Data::bytes([0xe9])),
        ("application/json; charset=latin1", Data::json(&"é".into())),
    ] {
        assert!(sent(media_type, data).is_ok(), "{media_type}");
    }
}

#[test]
fn a_content_type_that_is_not_one_or_no_text_is_refused() {
    let twice = [
        ("content-type", "application/json"),
        ("Content-Type", "text/plain"),
    ];
    let refused = one(&twice, b"[1]").unwrap_err();
    assert_eq!(refused.kind(), Kind::Malformed);
    assert!(
        refused
            .to_string()
            .contains("`datacontenttype` is given twice"),
        "{refused}"
    );
    let modes = [
        ("content-type", "application/json"),
        ("content-type", "application/cloudevents+json"),
    ];
    let inner = enact::signal::json::write(&order().seal().unwrap(), &Limits::default()).unwrap();
    assert!(one(&modes, &inner).is_err());
    let mut headers = CORE.map(|(name, value)| (name, value.as_bytes())).to_vec();
    headers.push(("content-type", b"text/plain; a=\xe9"));
    let refused = http::read(headers, "", &Limits::default()).unwrap_err();
    assert_eq!(refused.defects()[0].attribute, "datacontenttype");
}
