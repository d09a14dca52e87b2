//! The top of the page: which run it is, how it stands, and its figures.

use std::fmt::Write as _;

use super::WORDS;
use super::escape::Text;
use crate::journal::Status;
use crate::timeline::words::{count, cut_end, instant, lasted};
use crate::timeline::{Kind, State, Timeline};

pub(super) fn write(timeline: &Timeline, out: &mut String) {
    let status = timeline.status;
    let mark = match status {
        Status::Open => '●',
        Status::Answered => '✓',
        Status::Failed => '✗',
    };
    let _ = writeln!(
        out,
        "<header>\n<p class=\"run\">Run <code>{}</code></p>\n\
         <h1>{} <small>version {}</small></h1>\n\
         <p class=\"badge {status}\"><span aria-hidden=\"true\">{mark}</span> {status}</p>\n\
         <dl class=\"facts\">",
        Text(&cut_end(&timeline.id, WORDS)),
        Text(&cut_end(&timeline.workflow, WORDS)),
        timeline.version,
    );
    for (name, value) in facts(timeline) {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    out.push_str("</dl>\n");
    why(timeline, out);
    out.push_str("</header>\n");
}

fn facts(timeline: &Timeline) -> Vec<(&'static str, String)> {
    let time = |ms| {
        let text = instant(ms);
        format!(
            "<time datetime=\"{text}\">{}</time>",
            text.replacen('T', " ", 1)
        )
    };
    let close = timeline.close();
    let spans = || timeline.spans.iter();
    let of = |kind| spans().filter(move |span| span.kind == kind);
    let retries = spans().map(|span| u64::from(span.attempts.saturating_sub(1)));
    let retries: u64 = retries.fold(0, u64::saturating_add);
    let failed = spans().filter(|span| span.state == State::Failed).count();
    let mut facts = vec![("Begun", time(timeline.started))];
    facts.push(match timeline.ended {
        Some(_) => ("Ended", time(close)),
        None => ("Seen", time(close)),
    });
    facts.push(("Lasted", lasted(close - timeline.started)));
    facts.push(("Steps", count(of(Kind::Step).count())));
    let counts = [
        ("Retries", retries),
        ("Failed", failed as u64),
        ("Undone", of(Kind::Undo).count() as u64),
        ("Restarts", of(Kind::Restart).count() as u64),
    ];
    let counts = counts.into_iter().filter(|(_, number)| *number > 0);
    facts.extend(counts.map(|(name, number)| (name, count(number))));
    facts
}

/// What the run failed with.
fn why(timeline: &Timeline, out: &mut String) {
    let Some(body) = timeline
        .body
        .as_ref()
        .filter(|_| timeline.status == Status::Failed)
    else {
        return;
    };
    let text = |key: &str| body.get(key).and_then(serde_json::Value::as_str);
    let _ = write!(
        out,
        "<section class=\"why\">\n<h2>Why it failed</h2>\n<p><code>"
    );
    let code = cut_end(text("code").unwrap_or("unknown"), WORDS);
    let _ = write!(out, "{}</code>", Text(&code));
    if let Some(step) = text("step") {
        let _ = write!(out, " at <code>{}</code>", Text(&cut_end(step, WORDS)));
    }
    let message = cut_end(text("message").unwrap_or_default(), WORDS * 5);
    let _ = writeln!(out, "</p>\n<p>{}</p>\n</section>", Text(&message));
}
