//! What the text says.

use expect_test::expect_file;

use super::sample::{EVIL, approved, open, saying, undone, wide};

#[test]
fn a_long_wait_leaves_room_for_the_steps() {
    expect_file!["drawn/approved.txt"].assert_eq(&approved().text(100));
}

#[test]
fn a_failed_saga_says_why_and_what_it_undid() {
    expect_file!["drawn/undone.txt"].assert_eq(&undone().text(80));
}

#[test]
fn an_open_run_is_drawn_up_to_now() {
    expect_file!["drawn/open.txt"].assert_eq(&open().text(80));
}

#[test]
fn a_wide_fan_out_is_folded() {
    expect_file!["drawn/wide.txt"].assert_eq(&wide(100).text(100));
}

#[test]
fn no_text_reaches_the_terminal_as_more_than_a_text() {
    let text = saying(EVIL).text(120);
    let is_plain = |c: char| c == '\n' || (!c.is_control() && c != '\u{202e}');
    assert!(text.chars().all(is_plain), "{text:?}");
}

#[test]
fn what_is_shown_by_default_is_a_hundred_columns_wide() {
    assert_eq!(approved().to_string(), approved().text(100));
}
