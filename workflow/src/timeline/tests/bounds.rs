//! That a drawing is bounded, loses nothing, and bears any time.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::sample::{run, span, wide};
use crate::timeline::rows::{Row, What, rows};
use crate::timeline::scale::{LENGTH, Scale};
use crate::timeline::{ITEMS, Kind, ROWS, Span, State, Timeline};

/// The most bytes of a text of 100 columns: each line may have one beneath it, and no character
/// has more than four.
const TEXT: usize = (ROWS + 3) * 2 * 401;

fn counted(rows: &[Row<'_>]) -> usize {
    let counts = rows.iter().map(|row| match &row.what {
        What::Span(_) => 1,
        What::Fold(fold) => fold.count,
    });
    counts.sum()
}

fn check_bounds(timeline: &Timeline) {
    assert!(rows(timeline).len() <= ROWS + 1);
    let text = timeline.text(100);
    assert!(text.len() <= TEXT, "{}", text.len());
    assert!(timeline.html(None).len() < 1_000_000);
}

#[test]
fn a_hundred_thousand_steps_make_a_bounded_drawing() {
    let steps = (0..100_000).map(|i| span(&format!("step{i}"), Kind::Step, i, i + 1));
    let timeline = run("long", steps.collect());
    check_bounds(&timeline);
    assert_eq!(counted(&rows(&timeline)), 100_000);
}

#[test]
fn a_fan_out_over_many_items_shows_the_first_and_the_odd() {
    let timeline = wide(20_000);
    check_bounds(&timeline);
    let rows = rows(&timeline);
    // The fan-out, two steps of each item that is shown, and the fold.
    assert_eq!(rows.len(), 1 + 2 * (ITEMS + ITEMS) + 1);
    let fold = rows.iter().find_map(|row| match &row.what {
        What::Fold(fold) => Some(fold),
        What::Span(_) => None,
    });
    let fold = fold.expect("there is a fold");
    assert_eq!(fold.count, 20_000 - 2 * ITEMS);
    assert_eq!(fold.words(), "19,188 done, 788 failed");
}

#[test]
fn fan_outs_inside_of_fan_outs_are_folded_too() {
    let paths = (0..90).flat_map(|i| (0..90).map(move |j| format!("a[{i}]/b[{j}]/c")));
    let steps = paths
        .zip(0..)
        .map(|(path, at)| span(&path, Kind::Step, at, at + 5));
    let timeline = run("nested", steps.collect());
    check_bounds(&timeline);
    // Of each item that is shown, some items and a fold; and a fold for the rest.
    assert_eq!(rows(&timeline).len(), ITEMS * (ITEMS + 1) + 1);
}

#[test]
fn undoing_many_steps_is_folded_apart_from_doing_them() {
    let path = |i| format!("labels[{i}]/label");
    let mut spans: Vec<Span> = (0..500)
        .map(|i| span(&path(i), Kind::Step, i, i + 1))
        .collect();
    spans.extend((0..500).map(|i| span(&path(i), Kind::Undo, 2_000 + i, 2_001 + i)));
    let timeline = run("undone", spans);
    let rows = rows(&timeline);
    assert_eq!(rows.len(), 2 * (ITEMS + 1));
    assert_eq!(counted(&rows), 1_000);
}

#[test]
fn long_texts_and_values_are_cut() {
    let long = "long ".repeat(2_000);
    let spans = (0..ROWS).map(|i| {
        let mut span = span(&format!("step{i}"), Kind::Step, 0, 1);
        span.path.push_str(&long);
        span.note.clone_from(&long);
        span.state = State::Failed;
        span.detail = Some(json!([&long]));
        span
    });
    let mut timeline = run(&long, spans.collect());
    timeline.workflow.clone_from(&long);
    timeline.input = json!(&long);
    assert!(timeline.text(100).len() <= TEXT);
    let page = timeline.html(None).len();
    assert!(page < ROWS * 10_000, "{page}");
}

#[test]
fn what_is_inside_of_something_stands_beneath_it() {
    let spans = vec![
        span("a", Kind::FanOut, 0, 9),
        span("b", Kind::Step, 2, 9),
        span("a[1]/x", Kind::Step, 3, 9),
        span("a[0]/x", Kind::Step, 1, 4),
        span("a[0]/y", Kind::Step, 4, 6),
        span("", Kind::Signal, 5, 5),
        span("ab", Kind::Step, 6, 7),
    ];
    let timeline = run("order", spans);
    let rows = rows(&timeline);
    let lines = rows
        .iter()
        .map(|row| format!("{}{}", ">".repeat(row.depth), row.name));
    let lines: Vec<String> = lines.collect();
    assert_eq!(lines.join(" "), "a >[0]/x >[0]/y >[1]/x b  ab");
    assert!(rows[0].holds && !rows[1].holds);
}

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..2_000_u64,
        Just(0),
        Just(u64::MAX),
        any::<u64>(),
        1_770_000_000_000..1_770_000_100_000_u64,
    ]
}

fn any_span() -> impl Strategy<Value = Span> {
    let kinds = [
        Kind::Step,
        Kind::Branch,
        Kind::FanOut,
        Kind::Sleep,
        Kind::Wait,
        Kind::Undo,
        Kind::Signal,
        Kind::Restart,
    ];
    let path = "[abä\\[\\]/0-9\u{7}]{0,12}";
    let parts = (
        path,
        prop::sample::select(kinds.to_vec()),
        time(),
        prop::option::of(time()),
    );
    let came = (
        prop::sample::select(State::ALL.to_vec()),
        any::<u32>(),
        ".{0,8}",
    );
    (parts, came).prop_map(|((path, kind, started, ended), (state, attempts, note))| {
        let mut span = Span::new(&path, kind, started);
        (span.ended, span.state, span.attempts, span.note) = (ended, state, attempts, note);
        span
    })
}

proptest! {
    #[test]
    fn any_times_and_paths_can_be_drawn(
        spans in vec(any_span(), 0..30),
        (started, now, ended) in (time(), time(), prop::option::of(time())),
        width in 0..500_usize,
    ) {
        let mut timeline = Timeline::new("any", "any", 1, started);
        (timeline.now, timeline.ended, timeline.spans) = (now, ended, spans);
        let text = timeline.text(width);
        let widest = text.lines().map(|line| line.chars().count()).max();
        prop_assert!(widest <= Some(width.clamp(60, 400)), "{widest:?}\n{text}");
        let page = timeline.html(None);
        prop_assert_eq!(page.matches("<li class=\"row ").count(), rows(&timeline).len());
    }

    #[test]
    fn later_is_never_further_left(spans in vec((time(), time(), any::<bool>()), 1..40)) {
        let spans = spans.into_iter().map(|(one, other, work)| (one.min(other)..one.max(other), work));
        let spans: Vec<_> = spans.collect();
        let scale = Scale::of(spans.clone());
        let mut times: Vec<u64> = spans.iter().flat_map(|(time, _)| [time.start, time.end]).collect();
        times.sort_unstable();
        let places: Vec<u32> = times.iter().map(|time| scale.place(*time)).collect();
        prop_assert!(places.is_sorted(), "{places:?}");
        prop_assert_eq!(places[0], 0);
        let is_long = times.first() < times.last();
        prop_assert_eq!(places.last(), Some(&if is_long { LENGTH } else { 0 }));
        for (cut, time) in scale.cuts() {
            prop_assert!(cut.start <= cut.end && time > 0);
        }
    }
}
