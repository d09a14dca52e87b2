//! The JSON format: the cases of its specification, and what is wrong with those that are none.

use enact::signal::{Data, Kind, Limits, json};
use serde_json::Value;

use crate::{read, written};

/// An event that says this beside what it must.
fn with(members: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"1","source":"/a","type":"com.example.someevent"{members}}}"#
    )
}

fn content(json: &str) -> Option<Vec<u8>> {
    let event = read(json).expect("it is an event");
    let data = event.data()?;
    Some(data.content().expect("it is kept").to_vec())
}

#[track_caller]
fn refused(members: &str, words: &str) {
    let error = read(&with(members)).expect_err("it is no event");
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn any_json_is_data_and_stays_as_it_was_written() {
    for data in [
        "null",
        "0.10",
        "12345678901234567890123456789",
        "\"I'm just a string\"",
        "[ 1, {\"a\": 1, \"a\": 2} ]",
        "\"\\u00e9\"",
    ] {
        let json = with(&format!(r#","data":{data}"#));
        assert_eq!(content(&json).as_deref(), Some(data.as_bytes()));
        assert_eq!(written(&read(&json).unwrap()), json);
    }
    assert_eq!(content(&with("")), None);
}

#[test]
fn data_of_other_media_types_is_text_or_bytes() {
    let xml = with(r#","datacontenttype":"application/xml","data":"<much wow=\"xml\"/>""#);
    assert_eq!(content(&xml).as_deref(), Some(&b"<much wow=\"xml\"/>"[..]));
    assert_eq!(written(&read(&xml).unwrap()), xml);
    let thrift =
        r#","datacontenttype":"application/vnd.apache.thrift.binary","data_base64":"AJ+Slg==""#;
    let thrift = with(thrift);
    assert_eq!(content(&thrift), Some(vec![0, 159, 146, 150]));
    assert_eq!(written(&read(&thrift).unwrap()), thrift);
    let vendor = with(r#","datacontenttype":"application/vnd.a+json; v=1","data":{"a":1}"#);
    assert_eq!(written(&read(&vendor).unwrap()), vendor);
}

#[test]
fn what_is_null_is_not_there() {
    let json = with(r#","subject":null,"time":null,"unsetextension":null,"data_base64":null"#);
    assert_eq!(written(&read(&json).unwrap()), with(""));
}

#[test]
fn json_that_does_not_fit_its_media_type_is_written_as_text() {
    let event = enact::signal::Envelope::builder("a.b", "/a").datacontenttype("text/plain");
    let event = event.data(Data::json(&Value::from(3))).build().unwrap();
    assert!(written(&event).ends_with(r#""data":"3"}"#));
}

#[test]
fn malformed_events_are_told_by_their_attributes() {
    refused(r#","id":"2""#, "`id` is given twice");
    refused(
        r#","data":1,"data_base64":"AA==""#,
        "`data_base64` stands beside `data`",
    );
    refused(r#","data_base64":"A""#, "must be a JSON string of Base64");
    refused(r#","data_base64":3"#, "must be a JSON string of Base64");
    refused(
        r#","datacontenttype":"text/plain","data":{}"#,
        "`data` must be a JSON string",
    );
    refused(
        r#","time":"yesterday""#,
        "`time` is \"yesterday\", and no time",
    );
    refused(r#","time":3"#, "`time` is 3, and must be text");
    refused(r#","subject":"""#, "`subject` is empty; leave it out");
    refused(r#","subject":true"#, "`subject` is true, and must be text");
    refused(r#","level":3000000000"#, "no whole number of 32 bits");
    refused(r#","level":1.5"#, "no whole number of 32 bits");
    refused(r#","level":{"a":1}"#, "is an object or a list");
    refused(
        r#","my_ext":1"#,
        "`my_ext` is no name for an extension: it has a '_' in it",
    );
    refused(r#","region":"a\u0007""#, "has the character '\\u{7}'");
    refused(r#","region":"\ud800""#, "surrogate that stands alone");
}

#[test]
fn every_missing_attribute_is_told() {
    let error = read("{}").unwrap_err();
    let missing: Vec<_> = error
        .defects()
        .iter()
        .map(|it| it.attribute.as_str())
        .collect();
    assert_eq!(missing, ["specversion", "id", "source", "type"]);
    assert_eq!(read("[]").unwrap_err().kind(), Kind::Malformed);
    assert_eq!(read("{\"id\":").unwrap_err().kind(), Kind::Malformed);
}

#[test]
fn other_versions_are_not_read() {
    for version in ["0.3", "1.0.2", "2"] {
        let json = with("").replace("\"1.0\"", &format!("\"{version}\""));
        assert_eq!(
            read(&json).unwrap_err().kind(),
            Kind::Unsupported,
            "{version}"
        );
    }
}

#[test]
fn deep_data_is_carried_and_refused_when_opened() {
    let deep = ["[", "]"].map(|bracket| bracket.repeat(100_000)).concat();
    let event = read(&with(&format!(r#","data":{deep}"#))).unwrap();
    assert_eq!(event.data().unwrap().content().unwrap().len(), 200_000);
    let event =
        with(&format!(r#","data":{deep}"#)).replace("com.example.someevent", "order.created");
    let refused = read(&event)
        .unwrap()
        .open::<crate::OrderCreated>()
        .unwrap_err();
    assert_eq!(refused.kind(), Kind::Malformed);
}

#[test]
fn one_bad_event_of_a_batch_costs_no_other() {
    let good = with("");
    let batch = format!(r#"[{good},{{"id":1}},3,{good},{}]"#, with(r#","time":"x""#));
    let batch = json::read_batch(batch.as_bytes(), &Limits::default()).unwrap();
    let kept: Vec<_> = batch.events.iter().map(|(index, _)| *index).collect();
    let refused: Vec<_> = batch.refused.iter().map(|it| it.index).collect();
    assert_eq!((kept, refused), (vec![0, 3], vec![1, 2, 4]));
    let text = batch.refused[2].to_string();
    assert!(
        text.starts_with("event 4 of the batch: this is no CloudEvent: `time`"),
        "{text}"
    );
    assert!(json::read_batch(b"{}", &Limits::default()).is_err());
    assert!(
        json::read_batch(b"[]", &Limits::default())
            .unwrap()
            .events
            .is_empty()
    );
}

#[test]
fn a_batch_is_read_as_it_was_written() {
    let events = ["", r#","data":1"#].map(|members| read(&with(members)).unwrap());
    let json = json::write_batch(&events, &Limits::default()).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&json),
        format!("[{},{}]", with(""), with(r#","data":1"#))
    );
    let read: Vec<_> = json::read_batch(&json, &Limits::default()).unwrap().events;
    assert!(read.into_iter().map(|(_, event)| event).eq(events));
}

#[test]
fn a_specversion_that_is_no_text_is_one_defect() {
    for version in ["1", "1.0", "\"\"", "[]"] {
        let json = with("").replace("\"1.0\"", version);
        let error = read(&json).unwrap_err();
        assert_eq!(error.defects().len(), 1, "{error}");
        assert_eq!(error.defects()[0].attribute, "specversion");
    }
}

#[test]
fn names_of_others_are_told_escaped_and_in_part() {
    let name = format!("\\u001b[2J\\n{}", "x".repeat(100_000));
    let error = read(&with(&format!(r#","{name}":1"#))).unwrap_err();
    let attribute = &error.defects()[0].attribute;
    assert!(attribute.starts_with("\\u{1b}[2J\\nxxx"), "{attribute}");
    assert!(attribute.ends_with("x…") && attribute.len() < 100);
    assert!(error.to_string().len() < 400, "{error}");
}

#[test]
fn the_last_time_of_others_is_no_reason_to_refuse_an_event() {
    for time in [
        "9999-12-31T23:59:59.9999999Z",
        "2018-04-05T17:31:00.1234567891Z",
    ] {
        let json = with(&format!(r#","time":"{time}""#));
        assert_eq!(
            written(&read(&json).unwrap()),
            format!(
                r#"{{"specversion":"1.0","id":"1","source":"/a","type":"com.example.someevent","time":"{time}"}}"#
            )
        );
    }
}
