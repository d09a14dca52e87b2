//! What a signal says of what caused it, and of the trace it belongs to.

use enact::context::Trace;
use enact::prelude::*;
use enact::signal::Envelope;

use crate::{OrderCreated, order, read, written};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

fn cause(id: &str) -> Envelope {
    Envelope::builder("a.b", "/a")
        .id(id)
        .build()
        .expect("it is an event")
}

#[test]
fn an_effect_shares_correlation_and_trace_with_its_cause() {
    let first = Envelope::builder("a.b", "/a").extension("traceparent", PARENT);
    let first = first.extension("tracestate", "vendor=1").build().unwrap();
    let second = order().caused_by(&first).seal().unwrap();
    assert_eq!(second.causes(), [first.id()]);
    assert_eq!(second.correlation(), Some(first.id()));
    assert_eq!(second.trace().unwrap().to_string(), PARENT);
    assert_eq!(
        second.extension("tracestate").and_then(|it| it.text()),
        Some("vendor=1")
    );
    let third = order().caused_by(&second.clone().receive::<OrderCreated>().unwrap());
    let third = third.seal().unwrap();
    assert_eq!(third.causes(), [second.id()]);
    assert_eq!(
        third.correlation(),
        Some(first.id()),
        "it is that of the whole"
    );
}

#[test]
fn several_causes_are_kept_on_the_wire() {
    let causes = ["1", "2 3", "4"].map(cause);
    let effect = order().caused_by(&causes[0]).caused_by(&causes[1]);
    let effect = effect.caused_by(&causes[2]).seal().unwrap();
    assert_eq!(read(&written(&effect)).unwrap().causes(), ["1", "2 3", "4"]);
}

#[test]
fn what_a_draft_says_itself_stands() {
    let first = cause("1");
    let before = order()
        .draft()
        .correlation("txn")
        .caused_by(&first)
        .seal()
        .unwrap();
    let behind = order().caused_by(&first).correlation("txn").seal().unwrap();
    assert_eq!(
        (before.correlation(), behind.correlation()),
        (Some("txn"), Some("txn"))
    );
    let trace = Trace::root();
    let own = Envelope::builder("a.b", "/a").extension("traceparent", PARENT);
    let own = own.extension("tracestate", "vendor=1").build().unwrap();
    let own = order().caused_by(&own).trace(trace).seal().unwrap();
    assert_eq!(own.trace(), Some(trace));
    assert!(
        own.extension("tracestate").is_none(),
        "it is of another trace"
    );
}

#[test]
fn a_trace_that_does_not_hold_is_kept_and_not_believed() {
    let event = Envelope::builder("a.b", "/a").extension("traceparent", "00-0-0-00");
    let event = event.build().unwrap();
    assert!(event.trace().is_none());
    assert!(written(&event).contains("\"traceparent\":\"00-0-0-00\""));
}

#[test]
fn a_cause_that_could_not_be_read_again_is_refused() {
    for id in ["order\n1", "\u{7f}"] {
        let error = Envelope::builder("a.b", "/a")
            .caused_by_id(id)
            .build()
            .unwrap_err();
        assert_eq!(error.defects()[0].attribute, "causationid", "{error}");
        let error = Envelope::builder("a.b", "/a").correlation(id).build();
        assert!(error.is_err());
    }
}

#[test]
fn what_others_write_as_a_number_keeps_a_conversation_together() {
    let core = r#""specversion":"1.0","id":"1","source":"/a","type":"a.b""#;
    let first = read(&format!(r#"{{{core},"correlationid":42,"causationid":7}}"#)).unwrap();
    assert_eq!(first.correlation(), Some("42"));
    assert_eq!(first.causes(), ["7"]);
    let effect = order().caused_by(&first).seal().unwrap();
    assert_eq!(effect.correlation(), Some("42"));
    assert!(written(&effect).contains(r#""correlationid":"42""#));
}

#[test]
fn other_causes_that_are_no_list_are_not_overwritten() {
    let begun = || {
        let event = Envelope::builder("a.b", "/a").caused_by_id("1");
        event.extension("othercauses", "2, 3")
    };
    assert!(begun().build().is_ok());
    let error = begun().caused_by_id("4").build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "this is no CloudEvent: `othercauses` is \"2, 3\", and no JSON list of ids; write it as \
         [\"1\",\"2\"]"
    );
    let mended = begun()
        .caused_by_id("4")
        .extension("othercauses", "[\"2\"]");
    let mended = mended.caused_by_id("4").build().unwrap();
    assert_eq!(mended.causes(), ["1", "2", "4"]);
}
