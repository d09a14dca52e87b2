//! Timelines to test with.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Value, json};

use crate::graph::tests::sample::{CHARGE, CHECK, Draft, RESERVE, graph, step};
use crate::journal::Status;
use crate::timeline::{Kind, Span, State, Timeline};
use crate::{Graph, NodeKind};

/// 2026-02-03, at nine.
const BEGUN: u64 = 1_770_109_200_000;
const HOUR: u64 = 3_600_000;

/// A span whose times are counted from the start of its run.
pub(super) fn span(path: &str, kind: Kind, from: u64, to: u64) -> Span {
    let mut span = Span::new(path, kind, BEGUN + from);
    span.end(BEGUN + to, State::Done);
    span
}

fn noted(mut span: Span, note: &str) -> Span {
    note.clone_into(&mut span.note);
    span
}

fn gave(mut span: Span, detail: Value) -> Span {
    span.detail = Some(detail);
    span
}

fn failed(mut span: Span, code: &str, message: &str) -> Span {
    span.state = State::Failed;
    span.note = format!("{code}: {message}");
    gave(
        span,
        json!({"kind": "terminal", "code": code, "message": message, "retryable": false}),
    )
}

pub(super) fn run(id: &str, spans: Vec<Span>) -> Timeline {
    let mut timeline = Timeline::new(id, "fulfil", 3, BEGUN);
    let last = spans
        .iter()
        .map(|span| span.ended.unwrap_or(span.started))
        .max();
    timeline.ended = last;
    timeline.now = last.unwrap_or(BEGUN) + HOUR;
    timeline.status = Status::Answered;
    timeline.input = json!({"order": {"id": "A-17", "lines": 4}});
    timeline.body = Some(json!({"order": "A-17", "payment": "pay_1042"}));
    timeline.spans = spans;
    timeline
}

/// A run that waits three days between steps of a few milliseconds.
pub(super) fn approved() -> Timeline {
    let after = 74 * HOUR;
    let mut quote = span("quote", Kind::Step, 9, 25);
    quote.attempts = 3;
    let mut spans = vec![
        gave(
            span("valid", Kind::Step, 2, 8),
            json!({"lines": [1, 2, 3, 4], "subtotal": 4200}),
        ),
        gave(span("stock", Kind::Step, 9, 17), json!("res_77")),
        gave(quote, json!({"cost": 640, "days": 2})),
        noted(span("total", Kind::Branch, 26, 26), "Tier::Premium"),
        span("total/price", Kind::Step, 26, 29),
        noted(span("labels", Kind::FanOut, 30, 52), "4 items"),
    ];
    for item in 0..4 {
        let from = 31 + item * 5;
        let label = span(&format!("labels[{item}]/label"), Kind::Step, from, from + 6);
        spans.push(gave(
            label,
            json!(format!("https://labels.example/{item}.pdf")),
        ));
    }
    spans.extend([
        noted(span("approval", Kind::Wait, 53, after), "order.approved"),
        span("", Kind::Restart, 31 * HOUR, 31 * HOUR),
        noted(span("", Kind::Signal, after, after), "order.approved"),
        gave(
            span("charge", Kind::Step, after + 1, after + 22),
            json!({"id": "pay_1042"}),
        ),
        span("mail", Kind::Step, after + 23, after + 41),
        noted(
            span("emit1", Kind::Emit, after + 41, after + 41),
            "order.shipped",
        ),
    ]);
    run("order-17", spans)
}

/// A saga that fails and goes back.
pub(super) fn undone() -> Timeline {
    let mut charge = span("charge", Kind::Step, 40, 2_340);
    charge.attempts = 4;
    let mut stopped = span("audit", Kind::Step, 40, 2_341);
    stopped.state = State::Stopped;
    let spans = vec![
        span("valid", Kind::Step, 1, 12),
        gave(span("stock", Kind::Step, 13, 210), json!("res_78")),
        failed(
            charge,
            "card.declined",
            "the bank refused the card ending in 4242",
        ),
        stopped,
        span("stock", Kind::Undo, 2_345, 2_510),
    ];
    let mut timeline = run("order-18", spans);
    timeline.status = Status::Failed;
    timeline.body = Some(json!({
        "kind": "terminal", "code": "card.declined", "attempts": 4, "retryable": false,
        "message": "the bank refused the card ending in 4242", "step": "charge",
    }));
    timeline
}

/// A run that is open: one step runs, another waits.
pub(super) fn open() -> Timeline {
    let mut waiting = span("approval", Kind::Wait, 400, 400);
    (waiting.ended, waiting.state) = (None, State::Waiting);
    let mut running = span("report", Kind::Step, 900, 900);
    (running.ended, running.state, running.attempts) = (None, State::Running, 2);
    let mut timeline = run(
        "order-19",
        vec![span("valid", Kind::Step, 5, 390), waiting, running],
    );
    (timeline.status, timeline.ended, timeline.body) = (Status::Open, None, None);
    timeline.now = BEGUN + 1_600;
    timeline
}

/// A run whose fan-out has many items of two steps, a few of which fail.
pub(super) fn wide(items: u64) -> Timeline {
    let mut spans = vec![noted(
        span("labels", Kind::FanOut, 0, items * 10 + 40),
        "many items",
    )];
    for item in 0..items {
        let from = item * 10;
        spans.push(span(
            &format!("labels[{item}]/draw"),
            Kind::Step,
            from,
            from + 20,
        ));
        let print = span(
            &format!("labels[{item}]/print"),
            Kind::Step,
            from + 20,
            from + 40,
        );
        spans.push(match item % 25 {
            24 => failed(print, "printer.jam", "the printer is jammed"),
            _ => print,
        });
    }
    run("wide", spans)
}

/// The graph of the runs above.
pub(super) fn fulfil() -> Graph {
    let mut draft = Draft(Vec::new());
    draft.add("valid", None, &[], step(&CHECK));
    let sides = NodeKind::Parallel {
        arms: 2,
        collect: false,
        spawn: false,
    };
    draft.add("parallel1", None, &[], sides);
    draft.add("stock", Some((1, 0)), &[0], step(&RESERVE));
    draft.add("quote", Some((1, 1)), &[0], step(&CHECK));
    let arms = ["Tier::Premium", "_"].map(Cow::Borrowed).to_vec().into();
    draft.add("total", None, &[0], NodeKind::Branch { arms });
    draft.add("total/price", Some((4, 0)), &[3], step(&CHECK));
    let each = NodeKind::FanOut {
        max: 8,
        collect: false,
        spawn: false,
    };
    draft.add("labels", None, &[0], each);
    draft.add("labels[]/label", Some((6, 0)), &[6], step(&RESERVE));
    let signal = Cow::Borrowed("order.approved");
    draft.add(
        "approval",
        None,
        &[],
        NodeKind::Wait {
            signal,
            timeout: Some(Duration::from_hours(96)),
        },
    );
    draft.add("charge", None, &[4], step(&CHARGE));
    draft.add("mail", None, &[9], step(&CHECK));
    draft.add(
        "emit1",
        None,
        &[],
        NodeKind::Emit {
            signal: Cow::Borrowed("order.shipped"),
        },
    );
    Graph {
        name: Cow::Borrowed("fulfil"),
        saga: true,
        ..graph(draft.0)
    }
}

/// A run with that text wherever a text can be.
pub(super) fn saying(text: &str) -> Timeline {
    let mut step = failed(span(text, Kind::Step, 0, 5), text, text);
    step.detail = Some(json!({ text: [text] }));
    let mut undo = step.clone();
    undo.kind = Kind::Undo;
    let mut waiting = step.clone();
    (waiting.kind, waiting.state) = (Kind::Wait, State::Waiting);
    let mut spans = vec![step, undo, waiting];
    for item in 0..30 {
        spans.push(span(
            &format!("{text}[{item}]/{text}"),
            Kind::Step,
            item,
            item + 1,
        ));
    }
    let mut timeline = run(text, spans);
    text.clone_into(&mut timeline.workflow);
    timeline.status = Status::Failed;
    timeline.input = json!({ text: text });
    timeline.body = Some(json!({"code": text, "message": text, "step": text, "kind": text}));
    timeline
}

/// A text that tries to be more than a text.
pub(super) const EVIL: &str =
    "</title></style></script></pre>\"'&<img src=x onerror=alert(1)>\u{0}\u{202e}\u{1b}[31m";
