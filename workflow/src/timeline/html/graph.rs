//! The workflow's graph, with what came of each node.

use std::fmt::Write as _;

use crate::Graph;
use crate::timeline::Timeline;

pub(super) fn write(timeline: &Timeline, graph: &Graph, out: &mut String) {
    out.push_str(
        "<section class=\"graph\" aria-labelledby=\"graph\">\n<h2 id=\"graph\">The workflow</h2>\n",
    );
    picture(timeline, graph, out);
    out.push_str("</section>\n");
}

#[cfg(not(feature = "svg"))]
fn picture(_: &Timeline, graph: &Graph, out: &mut String) {
    let text = graph.mermaid();
    let text = super::escape::Text(&text);
    let _ = writeln!(
        out,
        "<details><summary>Its graph, in Mermaid</summary><pre class=\"mermaid\">{text}</pre></details>"
    );
}

#[cfg(feature = "svg")]
fn picture(timeline: &Timeline, graph: &Graph, out: &mut String) {
    let outcomes = marks::Outcomes::of(timeline);
    let svg = graph.marked_svg(&|node| Some(outcomes.mark(node)));
    // What comes before is for files of their own.
    let svg = svg.find("<svg").map_or("", |start| &svg[start..]);
    let svg = svg.replacen(
        "<svg",
        "<svg role=\"img\" aria-label=\"The graph of the workflow\"",
        1,
    );
    let _ = writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Graph\">\n{svg}\n</div>"
    );
}

#[cfg(feature = "svg")]
mod marks {
    use std::borrow::Cow;
    use std::collections::HashMap;

    use crate::graph::{Mark, Node, NodeKind};
    use crate::timeline::words::{count, lasted};
    use crate::timeline::{Kind, State, Timeline};

    /// What came of the nodes of a graph, by their paths.
    pub(super) struct Outcomes<'a>(HashMap<Cow<'a, str>, Outcome>);

    #[derive(Default)]
    struct Outcome {
        states: [usize; State::ALL.len()],
        undone: usize,
        time: u64,
    }

    impl<'a> Outcomes<'a> {
        pub(super) fn of(timeline: &'a Timeline) -> Self {
            let mut outcomes: HashMap<Cow<'a, str>, Outcome> = HashMap::new();
            let close = timeline.close();
            for span in &timeline.spans {
                let outcome = outcomes.entry(node(&span.path)).or_default();
                if span.kind == Kind::Undo {
                    outcome.undone += 1;
                } else if span.kind.is_node() {
                    outcome.states[span.state as usize] += 1;
                    let ended = span.ended.unwrap_or(close);
                    let time = ended.saturating_sub(span.started);
                    outcome.time = outcome.time.saturating_add(time);
                }
            }
            Self(outcomes)
        }

        pub(super) fn mark(&self, node: &Node) -> Mark {
            let Some(outcome) = self.0.get(&*node.path) else {
                let class = match node.kind {
                    // Nothing is recorded of these, only of what is inside of them.
                    NodeKind::Parallel { .. } | NodeKind::Repeat { .. } | NodeKind::Stop => "block",
                    _ => "unreached",
                };
                let words = String::new();
                return Mark { class, words };
            };
            let came = State::ALL.into_iter().zip(outcome.states);
            let came: Vec<_> = came.filter(|(_, times)| *times > 0).collect();
            let mut words: Vec<String> = Vec::new();
            for (state, times) in &came {
                words.push(match times {
                    1 => state.mark().to_string(),
                    times => format!("{}{}", count(times), state.mark()),
                });
            }
            if outcome.time > 0 {
                words.push(lasted(outcome.time));
            }
            if outcome.undone > 0 {
                words.push("↩ undone".to_owned());
            }
            let class = match came.last() {
                _ if outcome.undone > 0 => "undone",
                Some((state, _)) => state.as_str(),
                None => "unreached",
            };
            Mark {
                class,
                words: words.join(" "),
            }
        }
    }

    /// The path of the node in its graph: `labels[3]/label` is of `labels[]/label`.
    fn node(path: &str) -> Cow<'_, str> {
        if !path.contains('[') {
            return path.into();
        }
        let mut parts = path.split('[');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            out.push_str("[]");
            out.push_str(part.split_once(']').map_or(part, |(_, rest)| rest));
        }
        out.into()
    }
}
