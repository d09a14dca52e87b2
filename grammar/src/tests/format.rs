//! The formats against their published schema.

use serde_json::json;

use super::{for_all, near, validator};
use crate::{format::Format, pattern::Pattern, portable::check_portable};

/// Runs one format against the schema that carries it.
fn check(format: Format, seeds: &'static [&'static str], alphabet: &'static str) {
    let mut schema = json!({ "type": "string", "format": format.name() });
    if let Some(pattern) = format.pattern() {
        schema["pattern"] = json!(pattern);
    }
    let validator = validator(&schema);
    let accepted = std::cell::Cell::new(0_u32);
    for_all(&near(seeds, alphabet), |text| {
        let expected = validator.is_valid(&json!(text));
        accepted.set(accepted.get() + u32::from(expected));
        proptest::prop_assert_eq!(format.accepts(&text), expected, "{:?}", text);
        Ok(())
    });
    assert!(accepted.get() > 0, "no string of the format was tried");
}

#[test]
fn every_example_is_of_its_format() {
    for format in Format::ALL {
        assert!(format.accepts(format.example()), "{format:?}");
        assert_eq!(Format::from_name(format.name()), Some(format));
    }
    assert_eq!(Format::from_name("idn-email"), None);
}

#[test]
fn every_pattern_is_portable_and_admits_its_example() {
    for format in Format::ALL {
        let Some(pattern) = format.pattern() else {
            continue;
        };
        assert_eq!(check_portable(pattern), Ok(()));
        let compiled = Pattern::new(pattern).expect("a portable pattern compiles");
        assert!(compiled.is_match(format.example()), "{format:?}");
    }
}

#[test]
fn punctuation_is_no_digit() {
    assert!(!Format::Date.accepts("-026-01-31"));
    assert!(!Format::Time.accepts("0-:30:00Z"));
}

#[test]
fn date_time_agrees() {
    let seeds = &[
        "2026-01-31T09:30:00Z",
        "2024-02-29t23:59:60z",
        "1998-12-31T15:59:60.123-08:00",
        "0000-12-31T23:00:60+00:01",
        "2026-04-30T00:00:00.5+23:59",
    ];
    check(Format::DateTime, seeds, "0123456789-:.TtZz+, é٣");
}

#[test]
fn date_agrees() {
    let seeds = &[
        "2026-01-31",
        "2024-02-29",
        "1900-02-29",
        "2000-02-29",
        "2026-11-31",
        "0000-00-00",
    ];
    check(Format::Date, seeds, "0123456789-+ é٣");
}

#[test]
fn time_agrees() {
    let seeds = &[
        "09:30:00Z",
        "23:59:60z",
        "15:59:60.123-08:00",
        "00:29:60+00:30",
        "22:59:60-23:00",
    ];
    check(Format::Time, seeds, "0123456789-:.Zz+, é٣");
}

#[test]
fn duration_agrees() {
    let seeds = &[
        "P1DT12H",
        "P3W",
        "P1Y2M3DT4H5M6S",
        "PT5M",
        "P0D",
        "PT36H",
        "P1M",
        "PT1H6S",
        "P1Y3D",
    ];
    check(Format::Duration, seeds, "0129PTYMWDHSp-.,é٣");
}

#[test]
fn email_agrees() {
    let seeds = &[
        "ada@example.com",
        "a.b+c@x-y.example",
        "o'neil@sub.example.org",
        "\"a b\"@example.com",
        "Ada <ada@example.com>",
        "a@[127.0.0.1]",
        "a@[IPv6:2001:db8::1]",
        "a@xn--4gbwdl.xn--wgbh1c",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.c",
    ];
    check(Format::Email, seeds, "ab9.@-_+\"<>[]() \\{|}~é:n\n");
}

#[test]
fn hostname_agrees() {
    let seeds = &[
        "www.example.com",
        "a",
        "x-1.y--2.z",
        "xn--4gbwdl.xn--wgbh1c",
        "ab--c",
        "xn--a.com",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];
    check(Format::Hostname, seeds, "axnXN19.-_ é\n");
}

#[test]
fn ipv4_agrees() {
    let seeds = &[
        "192.0.2.1",
        "255.255.255.255",
        "0.0.0.0",
        "10.1.2.256",
        "01.2.3.4",
    ];
    check(Format::Ipv4, seeds, "0123456789.x- é");
}

#[test]
fn ipv6_agrees() {
    let seeds = &[
        "2001:db8::1",
        "::",
        "::1",
        "1:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1",
        "fe80::1%eth0",
    ];
    check(Format::Ipv6, seeds, "0129afAFg:.% é");
}

#[test]
fn uuid_agrees() {
    let seeds = &[
        "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "00000000-0000-0000-0000-000000000000",
        "67E55044-10B1-426F-9247-BB680E5FE0C8",
        "67e5504410b1426f9247bb680e5fe0c8",
        "{67e55044-10b1-426f-9247-bb680e5fe0c8}",
    ];
    check(Format::Uuid, seeds, "019afAFg-{} é");
}

#[test]
fn uri_agrees() {
    let seeds = &[
        "https://example.com/path?query=1",
        "http://user:pw@host:8080/a/b;c=1?d#e",
        "urn:isbn:0451450523",
        "mailto:ada@example.com",
        "http://[2001:db8::1]:80/",
        "http://[v1.x:y]/",
        "file:///etc/hosts",
        "a:",
        "http://%41b/%2F%zz",
        "//relative/path",
    ];
    check(
        Format::Uri,
        seeds,
        "aZ09:/?#[]@!$&'()*+,;=%-._~ \\\"<>^`{|}é",
    );
}
