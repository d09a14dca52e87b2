//! Any event comes back as it was, by JSON, by HTTP headers and in batches.

use enact::signal::http::{self, Content};
use enact::signal::{Data, Envelope, Limits, Scalar, json};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    let fits = |text: &String| {
        Envelope::builder("a.b", "/a")
            .subject(text.as_str())
            .build()
            .is_ok()
    };
    "\\PC{1,12}".prop_filter("no attribute may hold that", fits)
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        any::<bool>().prop_map(Scalar::from),
        any::<i32>().prop_map(Scalar::from),
        text().prop_map(Scalar::from),
    ]
}

fn data() -> impl Strategy<Value = (Option<&'static str>, Option<Data>)> {
    let number = any::<f64>().prop_filter("JSON has no others", |number| number.is_finite());
    prop_oneof![
        Just((None, None)),
        number.prop_map(|it| (Some("application/json"), Some(Data::json(&it.into())))),
        ".{0,20}".prop_map(|it| (Some("a/b+json"), Some(Data::json(&it.into())))),
        ".{1,20}".prop_map(|it| (Some("text/plain"), Some(Data::text(it)))),
        prop::collection::vec(any::<u8>(), 1..20)
            .prop_map(|it| (Some("image/png"), Some(Data::bytes(it)))),
    ]
}

fn event() -> impl Strategy<Value = Envelope> {
    let extensions = prop::collection::btree_map("x[a-z0-9]{0,9}", scalar(), 0..4);
    let parts = (text(), prop::option::of(text()), extensions, data());
    parts.prop_map(|(id, subject, extensions, (media_type, data))| {
        let mut event = Envelope::builder("a.b-c.D_1", "https://example.com/a?b#c").id(id);
        if let Some(subject) = subject {
            event = event.subject(subject);
        }
        if let Some(media_type) = media_type {
            event = event.datacontenttype(media_type);
        }
        for (name, value) in extensions {
            event = event.extension(&name, value);
        }
        if let Some(data) = data {
            event = event.data(data);
        }
        event.build().expect("it is made to fit")
    })
}

/// The event as HTTP headers can say it: every extension is text.
fn as_text(event: &Envelope) -> Vec<(String, String)> {
    let texts = event
        .extensions()
        .map(|(name, value)| (name.to_owned(), value.to_string()));
    texts.collect()
}

/// An event from elsewhere, which may say no time and has what its sender says.
fn from_elsewhere() -> impl Strategy<Value = Envelope> {
    let stated = (
        any::<bool>(),
        prop::option::of("https://[a-z]{1,9}/[a-z]{0,9}"),
    );
    (event(), stated).prop_map(|(event, (timed, schema))| {
        let limits = Limits::default();
        let mut json: serde_json::Value = serde_json::from_slice(
            &json::write(&event, &limits).expect("an event is written and read"),
        )
        .expect("an event is written and read");
        let attributes = json.as_object_mut().expect("an event is written and read");
        if !timed {
            attributes.remove("time");
        }
        if let Some(schema) = schema {
            attributes.insert("dataschema".to_owned(), schema.into());
        }
        json::read(json.to_string().as_bytes(), &limits).expect("an event is written and read")
    })
}

proptest! {
    #[test]
    fn a_builder_of_an_event_builds_that_event(
        event in prop_oneof![event(), from_elsewhere()],
        subject in text(),
    ) {
        prop_assert_eq!(&event.to_builder().build().unwrap(), &event);
        let other = event.to_builder().subject(subject.as_str()).build().unwrap();
        prop_assert_eq!(other.subject(), Some(subject.as_str()));
        let back = match event.subject() {
            Some(subject) => other.to_builder().subject(subject),
            None => return Ok(()),
        };
        prop_assert_eq!(&back.build().unwrap(), &event);
    }

    #[test]
    fn json_brings_an_event_back(event in event()) {
        let limits = Limits::default();
        let json = json::write(&event, &limits).unwrap();
        prop_assert_eq!(&json::read(&json, &limits).unwrap(), &event);
        let batch = json::write_batch([&event, &event], &limits).unwrap();
        let batch = json::read_batch(&batch, &limits).unwrap();
        prop_assert!(batch.refused.is_empty() && batch.events.iter().all(|(_, it)| *it == event));
    }

    #[test]
    fn headers_bring_an_event_back(event in event()) {
        let limits = Limits::default();
        let message = http::binary(&event, &limits).unwrap();
        let headers = message.headers.iter().map(|(name, value)| (name, value));
        let Content::One(read) = http::read(headers, message.body.clone(), &limits).unwrap() else {
            return Err(TestCaseError::fail("one was sent"));
        };
        prop_assert_eq!((read.id(), read.subject()), (event.id(), event.subject()));
        prop_assert_eq!(read.data(), event.data());
        prop_assert_eq!(as_text(&read), as_text(&event));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), name in ".*") {
        let limits = Limits::default();
        drop(json::read(&bytes, &limits));
        drop(json::read_batch(&bytes, &limits));
        let headers = [("ce-specversion", &b"1.0"[..]), (&name, &bytes), ("content-type", &bytes)];
        drop(http::read(headers, bytes.clone(), &limits));
    }
}
