//! Signals as types: what they say, what they refuse, and what comes back.

use enact::Violations;
use enact::params::Code;
use enact::prelude::*;
use enact::signal::{Constant, Envelope, Kind, Payload as _, Registry, SignalError, Spec};
use serde_json::{Value, json};

use crate::{OrderCreated, order, read, written};

/// One of the things that happen to an order.
#[signal(source = "/orders", version = 1)]
#[derive(Debug, PartialEq)]
enum OrderEvent {
    /// Somebody has paid.
    #[signal(type = "order.paid", source = "/payments")]
    Paid {
        #[param(min = 1)]
        cents: u64,
    },
    #[signal(type = "order.moved")]
    Moved(u8, String),
    #[signal(type = "order.weighed")]
    Weighed(f64),
    #[signal(type = "order.closed")]
    Closed,
    Created(OrderCreated),
}

/// By hand: its type is all that is known.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct ByHand {
    count: u8,
}

impl Signal for ByHand {
    const TYPE: &'static str = "by.hand";
}

fn event(ty: &str, data: &Value) -> Envelope {
    let event = Envelope::builder(ty, "/a").json(data);
    event.build().expect("it is an event")
}

#[test]
fn an_envelope_says_what_its_signal_says() {
    let envelope = order().seal().unwrap();
    assert_eq!(envelope.ty(), &"order.created");
    assert_eq!(envelope.source(), "/orders");
    assert_eq!(
        envelope.dataschema(),
        Some("urn:enact:signal:order.created:2")
    );
    assert_eq!(envelope.datacontenttype(), Some("application/json"));
    assert_eq!(envelope.version(), Some(2));
    assert!(envelope.time().is_some() && envelope.subject().is_none());
}

#[test]
fn a_signal_comes_back_from_memory_and_from_the_wire() {
    let envelope = order().subject("1042").seal().unwrap();
    assert_eq!(envelope.open::<OrderCreated>().unwrap(), order());
    let envelope = read(&written(&envelope)).unwrap();
    let received = envelope.receive::<OrderCreated>().unwrap();
    assert_eq!(
        (received.cents, received.envelope().subject()),
        (1999, Some("1042"))
    );
    assert_eq!(received.into_signal(), order());
}

#[test]
fn every_violation_is_told_at_once() {
    let data = json!({ "order_id": "", "cents": 0, "coupons": [1], "cent": 3 });
    let refused = event("order.created", &data)
        .open::<OrderCreated>()
        .unwrap_err();
    assert_eq!(
        (refused.kind(), refused.code()),
        (Kind::Invalid, "signal.invalid")
    );
    let violations = refused.violations().unwrap();
    let told: Vec<_> = violations
        .iter()
        .map(|it| (it.pointer.as_str(), it.code))
        .collect();
    let expected = [
        ("/order_id", Code::Len),
        ("/cents", Code::Min),
        ("/coupons/0", Code::Type),
        ("/cent", Code::Unknown),
    ];
    assert_eq!(told, expected);
}

#[test]
fn no_data_is_an_object_with_nothing_in_it() {
    let nothing = Envelope::builder("order.created", "/a").build().unwrap();
    let refused = nothing.open::<OrderCreated>().unwrap_err();
    assert_eq!(refused.violations().map(Violations::len), Some(2));
    let closed = Envelope::builder("order.closed", "/a").build().unwrap();
    assert_eq!(closed.open::<OrderEvent>().unwrap(), OrderEvent::Closed);
}

#[test]
fn a_signal_that_breaks_its_rules_is_not_sealed() {
    let signal = OrderCreated {
        cents: 0,
        ..order()
    };
    let refused = signal.subject("1042").seal().unwrap_err();
    assert_eq!(refused.kind(), Kind::Invalid);
    assert!(refused.to_string().contains("/cents"), "{refused}");
    let refused = OrderEvent::Paid { cents: 0 }.seal().unwrap_err();
    assert_eq!(refused.violations().map(Violations::len), Some(1));
}

#[test]
fn another_type_and_another_version_are_no_match() {
    let told = |envelope: &Envelope| {
        let refused = envelope.open::<OrderCreated>().unwrap_err();
        assert_eq!(refused.kind(), Kind::Mismatch);
        refused.to_string()
    };
    let other = event("order.made", &json!({}));
    assert_eq!(
        told(&other),
        "this is the signal \"order.made\", and \"order.created\" is read"
    );
    let newer = Envelope::builder("order.created", "/a");
    let newer = newer
        .dataschema("urn:enact:signal:order.created:3")
        .build()
        .unwrap();
    assert_eq!(
        told(&newer),
        "this is version 3 of the signal \"order.created\", and version 2 is read"
    );
}

#[test]
fn the_schema_of_others_tells_no_version() {
    let data = json!({ "order_id": "7", "cents": 1 });
    let event = Envelope::builder("order.created", "/a").json(&data);
    let event = event
        .dataschema("https://example.com/orders/3")
        .build()
        .unwrap();
    assert_eq!(event.open::<OrderCreated>().unwrap().coupons, [""; 0]);
}

#[test]
fn each_variant_is_a_type_of_its_own_and_comes_back() {
    let cases = [
        (
            OrderEvent::Paid { cents: 3 },
            "order.paid",
            "/payments",
            json!({ "cents": 3 }),
        ),
        (
            OrderEvent::Moved(1, "b".into()),
            "order.moved",
            "/orders",
            json!([1, "b"]),
        ),
        (
            OrderEvent::Weighed(1.5),
            "order.weighed",
            "/orders",
            json!(1.5),
        ),
        (OrderEvent::Closed, "order.closed", "/orders", json!({})),
    ];
    for (signal, ty, source, data) in cases {
        let envelope = signal.clone().seal().unwrap();
        assert_eq!((envelope.ty().as_str(), envelope.source()), (ty, source));
        let content: Value =
            serde_json::from_slice(envelope.data().unwrap().content().unwrap()).unwrap();
        assert_eq!(content, data);
        assert_eq!(envelope.open::<OrderEvent>().unwrap(), signal);
        assert_eq!(
            read(&written(&envelope))
                .unwrap()
                .open::<OrderEvent>()
                .unwrap(),
            signal
        );
    }
}

#[test]
fn a_variant_that_holds_a_signal_is_that_signal() {
    let held = OrderEvent::Created(order()).seal().unwrap();
    assert_eq!(
        (held.ty().as_str(), held.version()),
        ("order.created", Some(2))
    );
    assert_eq!(held.open::<OrderCreated>().unwrap(), order());
    let types: Vec<_> = OrderEvent::SPECS.iter().map(|spec| spec.ty).collect();
    let expected = [
        "order.paid",
        "order.moved",
        "order.weighed",
        "order.closed",
        "order.created",
    ];
    assert_eq!(types, expected);
    let other = event("order.lost", &json!({}))
        .open::<OrderEvent>()
        .unwrap_err();
    assert!(
        other
            .to_string()
            .contains("\"order.closed\" or \"order.created\" is read")
    );
}

#[test]
fn by_hand_serde_alone_judges() {
    let envelope = ByHand { count: 3 }.seal().unwrap();
    assert_eq!((envelope.source(), envelope.dataschema()), ("/", None));
    let sent = read(&written(&envelope)).unwrap();
    assert_eq!(sent.open::<ByHand>().unwrap(), ByHand { count: 3 });
    let refused = event("by.hand", &json!({ "count": 300 }))
        .open::<ByHand>()
        .unwrap_err();
    let code = refused
        .violations()
        .and_then(|all| all.iter().next())
        .map(|it| it.code);
    assert_eq!(code, Some(Code::Unreadable));
}

#[test]
fn data_that_is_no_json_is_told_as_such() {
    let kind = |event: enact::signal::Builder| {
        let event = event.build().unwrap();
        event
            .open::<OrderCreated>()
            .as_ref()
            .map_err(SignalError::kind)
            .err()
    };
    let event = || Envelope::builder("order.created", "/a");
    let text = enact::signal::Data::text("{}");
    let xml = event().datacontenttype("application/xml").data(text);
    assert_eq!(kind(xml), Some(Kind::Unsupported));
    let broken = event().data(enact::signal::Data::text("{"));
    assert_eq!(kind(broken), Some(Kind::Malformed));
    // Octets of which nobody has said what they are: they may well be JSON.
    let bytes = br#"{ "order_id": "7", "cents": 1 }"#.to_vec();
    assert_eq!(kind(event().data(enact::signal::Data::bytes(bytes))), None);
}

#[test]
fn the_registry_has_every_signal_and_its_schema() {
    let registry = Registry::open().unwrap();
    let entry = registry.get("order.paid").unwrap();
    assert_eq!(entry.schema()["properties"]["cents"]["minimum"], 1);
    assert_eq!(entry.spec().description, "Somebody has paid.");
    assert_eq!(entry.spec().place.unwrap().file, "tests/signals/types.rs");
    let paid = event("order.paid", &json!({ "cents": 0 }));
    let found = registry.find(&paid).unwrap();
    assert_eq!(found.check(&paid).unwrap_err().kind(), Kind::Invalid);
    assert!(registry.version("order.created", 2).is_some());
    assert!(registry.get("by.hand").is_none(), "nobody has marked it");
}

/// By hand, and its source is nothing that an event can say.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Astray;

impl Signal for Astray {
    const TYPE: &'static str = "by.hand";
    const SPEC: Spec = Spec::new(Self::TYPE).source("my shop");
}

#[test]
fn a_source_that_nobody_could_read_is_refused() {
    let error = Astray.seal().unwrap_err();
    assert_eq!(error.defects()[0].attribute, "source", "{error}");
    assert!(Astray.draft().source("/shop").seal().is_ok());
}

mod old {
    use enact::prelude::*;

    #[signal(type = "order.priced", version = 1)]
    #[derive(Debug, PartialEq)]
    pub(super) struct Priced {
        pub(super) cents: u64,
    }
}

mod new {
    use enact::prelude::*;

    #[signal(type = "order.priced", version = 2)]
    #[derive(Debug, PartialEq)]
    pub(super) struct Priced {
        pub(super) cents: u64,
        pub(super) currency: String,
    }
}

#[signal]
#[derive(Debug, PartialEq)]
enum Priced {
    Old(old::Priced),
    New(new::Priced),
    #[signal(type = "order.priced", version = 3)]
    Newest {
        amount: String,
    },
}

#[test]
fn the_version_tells_variants_of_one_type_apart() {
    let old = old::Priced { cents: 3 };
    let new = new::Priced {
        cents: 3,
        currency: "EUR".into(),
    };
    let newest = Priced::Newest {
        amount: "3 EUR".into(),
    };
    for signal in [Priced::Old(old), Priced::New(new), newest] {
        let envelope = read(&written(&signal.clone().seal().unwrap())).unwrap();
        assert_eq!(envelope.open::<Priced>().unwrap(), signal);
    }
    let untold = event("order.priced", &json!({ "cents": 1 }));
    assert!(matches!(untold.open().unwrap(), Priced::Old(_)));
    let newer = Envelope::builder("order.priced", "/a");
    let newer = newer.dataschema("urn:enact:signal:order.priced:4").build();
    let refused = newer.unwrap().open::<Priced>().unwrap_err();
    assert_eq!(
        (refused.kind(), refused.to_string().as_str()),
        (
            Kind::Mismatch,
            "this is version 4 of the signal \"order.priced\", and version 1 or 2 or 3 is read"
        )
    );
}

/// By hand, and of a version.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Versioned;

impl Signal for Versioned {
    const TYPE: &'static str = "by.hand";
    const SPEC: Spec = Spec::new(Self::TYPE).version(2);
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct First;

impl Signal for First {
    const TYPE: &'static str = "by.hand";
    const SPEC: Spec = Spec::new(Self::TYPE).version(1);
}

#[test]
fn a_version_by_hand_is_told_and_held_against_others() {
    let sealed = Versioned.seal().unwrap();
    assert_eq!(
        (sealed.version(), sealed.dataschema()),
        (Some(2), Some("urn:enact:signal:by.hand:2"))
    );
    assert!(sealed.open::<Versioned>().is_ok());
    let refused = read(&written(&sealed)).unwrap().open::<First>();
    assert_eq!(refused.unwrap_err().kind(), Kind::Mismatch);
}

/// By hand, and what its spec says is nothing that an event can say.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Unsayable;

impl Signal for Unsayable {
    const TYPE: &'static str = "by.hand";
    const SPEC: Spec = {
        let mut spec = Spec::new(Self::TYPE).dataschema("order.json");
        spec.extensions = &[
            ("id", Constant::String("7")),
            ("Region", Constant::String("eu")),
            ("level", Constant::Integer(3)),
        ];
        spec
    };
}

#[test]
fn a_spec_that_nobody_could_read_is_refused() {
    let error = Unsayable.seal().unwrap_err();
    let attributes = error.defects().iter().map(|it| it.attribute.as_str());
    assert!(attributes.eq(["dataschema", "id", "Region"]), "{error}");
}
