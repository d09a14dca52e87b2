//! What the page says, and that it is closed: no text from a journal is more than a text.

use expect_test::expect_file;

use super::sample::{EVIL, approved, fulfil, open, saying, undone, wide};
use crate::graph::tests::sample;
use crate::timeline::Timeline;

/// The page without its style sheet.
fn body(timeline: &Timeline) -> String {
    let page = timeline.html(None);
    let (_, body) = page.split_once("</style>").expect("the page has a style");
    body.trim_start().to_owned()
}

/// The names of the page's tags, in their order.
fn tags(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1);
    tags.filter_map(|tag| tag.split([' ', '>', '\n']).next())
        .collect()
}

#[test]
fn a_run_with_a_long_wait_as_a_page() {
    expect_file!["drawn/approved.html"].assert_eq(&body(&approved()));
}

#[test]
fn a_failed_saga_as_a_page() {
    expect_file!["drawn/undone.html"].assert_eq(&body(&undone()));
}

#[test]
fn an_open_run_as_a_page() {
    expect_file!["drawn/open.html"].assert_eq(&body(&open()));
}

#[test]
fn a_page_is_always_the_same() {
    let page = || wide(100).html(Some(&fulfil()));
    assert_eq!(page(), page());
}

#[test]
fn no_text_is_more_than_a_text() {
    let (evil, plain) = (body(&saying(EVIL)), body(&saying("plain")));
    assert_eq!(tags(&evil), tags(&plain));
    for wrong in ["\"'", "'&", "<img", "\0", "\u{1b}", "\u{202e}"] {
        assert!(!evil.contains(wrong), "{wrong:?}");
    }
    assert!(evil.contains("&lt;/script&gt;&lt;/pre&gt;&quot;&#39;&amp;&lt;img"));
}

#[test]
fn no_text_of_a_graph_is_more_than_a_text() {
    let page = saying(EVIL).html(Some(&sample::hostile()));
    assert!(
        !page.contains("<script") && !page.contains("<img"),
        "{page}"
    );
}

#[test]
fn a_page_asks_for_nothing() {
    let page = approved().html(Some(&fulfil()));
    assert!(page.contains("default-src 'none'"));
    // An address in an output, and the name of SVG, are texts.
    let ours = page.replace("https://labels.example", "");
    let ours = ours.replace("http://www.w3.org/2000/svg", "");
    for outside in ["//", "@import", "<link", "<script", "src="] {
        assert!(!ours.contains(outside), "{outside}");
    }
}

#[test]
fn every_row_of_the_chart_leads_to_its_record() {
    let page = wide(100).html(None);
    let links = page.split("href=\"#").skip(1);
    let links: Vec<&str> = links.filter_map(|link| link.split('"').next()).collect();
    assert!(links.len() > 30);
    for link in links {
        assert_eq!(page.matches(&format!("id=\"{link}\"")).count(), 1, "{link}");
    }
}

#[cfg(feature = "svg")]
#[test]
fn nodes_say_what_came_of_them() {
    let page = approved().html(Some(&fulfil()));
    let (_, graph) = page.split_once("<svg").expect("there is a picture");
    for words in ["✓ 6ms", "4✓ 24ms", "class=\"done\"", "class=\"block\""] {
        assert!(graph.contains(words), "{words}");
    }
    let page = undone().html(Some(&fulfil()));
    for words in ["✗ 2.3s", "↩ undone", "class=\"unreached\""] {
        assert!(page.contains(words), "{words}");
    }
}

#[cfg(not(feature = "svg"))]
#[test]
fn without_pictures_the_graph_is_text() {
    let page = approved().html(Some(&fulfil()));
    assert!(page.contains("flowchart TD"));
}
