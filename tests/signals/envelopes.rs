//! Putting envelopes together: every defect at once, and attributes as they came.

use enact::prelude::*;
use enact::signal::{Envelope, Kind, Scalar};

use crate::{order, read, written};

#[test]
fn every_defect_of_an_envelope_is_told_at_once() {
    let event = Envelope::builder("order..created", "the orders")
        .id("")
        .subject("a\nb")
        .dataschema("/schema")
        .datacontenttype("json")
        .extension("Region", "eu")
        .extension("data", "x")
        .extension("link", Scalar::Uri("no uri".into()));
    let refused = event.build().unwrap_err();
    assert_eq!(refused.kind(), Kind::Malformed);
    let attributes: Vec<_> = refused
        .defects()
        .iter()
        .map(|it| it.attribute.as_str())
        .collect();
    let expected = [
        "type",
        "source",
        "id",
        "subject",
        "dataschema",
        "datacontenttype",
        "Region",
        "data",
        "link",
    ];
    assert_eq!(attributes, expected);
    let text = refused.to_string();
    for words in [
        "`type` can't be routed: in the signal type `order..created`, the segment at byte 6 is empty",
        "`source` is \"the orders\", and no URI-reference",
        "`id` is empty; give it text",
        "`subject` has the character '\\n' in it",
        "`Region` is no name for an extension: it has a 'R' in it",
    ] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn a_draft_is_refused_for_its_attributes_too() {
    let refused = order().subject("").source("a b").seal().unwrap_err();
    assert_eq!(refused.defects().len(), 2);
}

#[test]
fn the_seven_types_of_extensions_are_written_as_the_format_asks() {
    let event = Envelope::builder("a.b", "/a")
        .id("1")
        .time("2018-04-05T17:31:00Z".parse().unwrap())
        .extension("boolean", true)
        .extension("integer", -3)
        .extension("string", "a \"b\"")
        .extension("binary", Scalar::Binary(vec![0, 255].into()))
        .extension("uri", Scalar::Uri("https://example.com/".into()))
        .extension("uriref", Scalar::UriReference("/a?b".into()))
        .extension(
            "when",
            Scalar::Timestamp("2018-04-05T19:31:00+02:00".parse().unwrap()),
        );
    let event = event.build().unwrap();
    let expected = concat!(
        r#"{"specversion":"1.0","id":"1","source":"/a","type":"a.b","time":"2018-04-05T17:31:00Z","#,
        r#""boolean":true,"integer":-3,"string":"a \"b\"","binary":"AP8=","#,
        r#""uri":"https://example.com/","uriref":"/a?b","when":"2018-04-05T19:31:00+02:00"}"#,
    );
    assert_eq!(written(&event), expected);
    let back = read(expected).unwrap();
    let value = |name| back.extension(name).unwrap();
    assert_eq!(value("binary").binary().as_deref(), Some(&[0, 255][..]));
    assert_eq!(
        value("when").timestamp(),
        "2018-04-05T17:31:00Z".parse().ok()
    );
    assert_eq!(
        (value("boolean").boolean(), value("integer").integer()),
        (Some(true), Some(-3))
    );
    assert_eq!(written(&back), expected, "to the byte");
}

#[test]
fn times_and_order_are_kept_as_they_came() {
    let json = concat!(
        r#"{"specversion":"1.0","id":"1","source":"/a","type":"a.b","#,
        r#""time":"2018-04-05t19:31:00.5+02:00","zulu":"2018-01-01T00:00:00.000Z","alpha":"0010"}"#,
    );
    assert_eq!(written(&read(json).unwrap()), json);
}

#[test]
fn ids_of_drafts_rise() {
    let ids: Vec<_> = (0..100)
        .map(|_| order().seal().unwrap().id().to_owned())
        .collect();
    assert!(ids.is_sorted_by(|a, b| a < b));
    assert_eq!(order().draft().id("mine").seal().unwrap().id(), "mine");
}

#[test]
fn what_is_said_again_is_said_instead() {
    let event = Envelope::builder("a..b", "the shop")
        .ty("a.b")
        .source("/shop");
    let event = event.id("").id("1").subject("").subject("1042");
    let event = event.extension("region", "a\n").extension("region", "eu");
    let event = event.correlation("\n").correlation("txn").build().unwrap();
    assert_eq!(
        (event.ty().as_str(), event.source(), event.id()),
        ("a.b", "/shop", "1")
    );
    assert_eq!(
        (event.subject(), event.correlation()),
        (Some("1042"), Some("txn"))
    );
    let back = Envelope::builder("a.b", "/a")
        .ty("a..b")
        .build()
        .unwrap_err();
    assert_eq!(back.defects().len(), 1);
    assert!(order().draft().source("a b").source("/shop").seal().is_ok());
    let twice = read(r#"{"specversion":"1.0","id":"","id":"1","source":"/a","type":"a.b"}"#);
    assert!(twice.is_err(), "that was not said again, but sent twice");
}
