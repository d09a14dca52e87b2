//! Names and values of an envelope's attributes.

use crate::attribute::{
    NameFault, check_name, is_json, is_media_type, is_uri, is_uri_reference, odd_character,
};

#[test]
fn extensions_are_named_in_lower_case_and_unlike_the_core() {
    let names = [
        "region",
        "a1",
        "data_base64",
        "data",
        "Region",
        "my-ext",
        "",
    ];
    let checked = names.map(check_name);
    let expected = [
        Ok(()),
        Ok(()),
        Err(NameFault::Core),
        Err(NameFault::Core),
        Err(NameFault::Odd('R')),
        Err(NameFault::Odd('-')),
        Err(NameFault::Empty),
    ];
    assert_eq!(checked, expected);
}

#[test]
fn a_source_may_be_relative_and_a_schema_may_not() {
    for text in [
        "/orders",
        "https://example.com/a",
        "urn:uuid:6e8bc430",
        "orders",
    ] {
        assert!(is_uri_reference(text), "{text}");
    }
    for text in ["", "a b", "/ä", "%zz"] {
        assert!(!is_uri_reference(text), "{text}");
    }
    assert!(is_uri("https://example.com/a") && !is_uri("/orders"));
}

#[test]
fn controls_and_noncharacters_are_odd() {
    let texts = ["Euro € 😀", "a\nb", "\u{85}", "\u{fdd0}", "\u{1ffff}"];
    let odd = texts.map(odd_character);
    let expected = [
        None,
        Some('\n'),
        Some('\u{85}'),
        Some('\u{fdd0}'),
        Some('\u{1ffff}'),
    ];
    assert_eq!(odd, expected);
}

#[test]
fn json_is_known_by_its_subtype() {
    for media in ["application/json", "text/JSON; charset=utf-8", "a/b.c+json"] {
        assert!(is_json(media), "{media}");
    }
    for media in [
        "application/xml",
        "json",
        "application/jsonp",
        "é+json/x",
        "a/€",
    ] {
        assert!(!is_json(media), "{media}");
    }
    assert!(is_media_type("text/plain; charset=utf-8"));
    for media in ["", "text", "text/", "/plain", "te xt/plain"] {
        assert!(!is_media_type(media), "{media}");
    }
}
