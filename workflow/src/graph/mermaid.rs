//! Graphs as Mermaid flowcharts.

use std::fmt::Write as _;

use super::flow::{Edge, Flow, Item, Link, Point};
use super::label::{Label, line};
use super::{Graph, NodeKind};

impl Graph {
    /// The graph as a Mermaid flowchart, as Markdown pages show it.
    ///
    /// The pivot has a double border, what is done for each or again stands in a frame, and dashed
    /// arrows say who reads whom.
    ///
    /// ```
    /// # use enact_workflow::{Graph, Node, NodeKind};
    /// # let stop = Node {
    /// #     path: "stop".into(), kind: NodeKind::Stop, parent: None, reads: [][..].into(), line: 3, code: 0,
    /// # };
    /// # let graph = Graph {
    /// #     name: "nothing".into(), version: 1, saga: false, deadline: None,
    /// #     nodes: vec![stop].into(), place: None, code: 0,
    /// # };
    /// assert!(graph.mermaid().starts_with("flowchart TD\n"));
    /// ```
    pub fn mermaid(&self) -> String {
        let flow = Flow::of(self);
        let mut out = "flowchart TD\n".to_owned();
        let mut depth = 1;
        for item in &flow.items {
            if matches!(item, Item::Close) {
                depth -= 1;
            }
            let indent = "  ".repeat(depth);
            let text = match item {
                Item::Point(point) => shown(&flow, *point),
                Item::Open(node) => {
                    depth += 1;
                    format!("subgraph f{node}[\"{}\"]", escape(&flow.node(*node).path))
                }
                Item::Close => "end".to_owned(),
            };
            // Writing to a String can't fail.
            let _ = writeln!(out, "{indent}{text}");
        }
        for edge in &flow.edges {
            let _ = writeln!(out, "  {}", arrow(edge));
        }
        out.push_str("  classDef pivot stroke-width:4px\n");
        out
    }
}

fn id(point: Point) -> String {
    match point {
        Point::Start => "start".to_owned(),
        Point::Node(node) => format!("n{node}"),
        Point::Join(node) => format!("j{node}"),
        // `end` is a keyword.
        Point::End => "done".to_owned(),
    }
}

fn shown(flow: &Flow<'_>, point: Point) -> String {
    let id = id(point);
    match point {
        Point::Start => format!("{id}([\"{}\"])", escape(&flow.graph.name)),
        Point::End => format!("{id}([\"done\"])"),
        Point::Join(_) => format!("{id}((\" \"))"),
        Point::Node(node) => {
            let (open, close) = shape(&flow.node(node).kind);
            let label = label(&Label::of(flow.graph, node));
            format!("{id}{open}\"{label}\"{close}")
        }
    }
}

fn shape(kind: &NodeKind) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Step { pivot: true, .. } => ("[[", "]]:::pivot"),
        NodeKind::Step { pivot: false, .. } => ("[", "]"),
        NodeKind::Branch { .. } => ("{", "}"),
        NodeKind::Parallel { .. } | NodeKind::FanOut { .. } | NodeKind::Repeat { .. } => {
            ("{{", "}}")
        }
        NodeKind::Sleep { .. } | NodeKind::Wait { .. } | NodeKind::Emit { .. } => (">", "]"),
        NodeKind::Stop => ("([", "])"),
    }
}

fn label(label: &Label) -> String {
    let mut text = format!("<b>{}</b><br/>{}", escape(&label.name), escape(&label.what));
    if !label.note.is_empty() {
        // Writing to a String can't fail.
        let _ = write!(text, "<br/><small>{}</small>", escape(&label.note));
    }
    text
}

fn arrow(edge: &Edge<'_>) -> String {
    let (from, to) = (id(edge.from), id(edge.to));
    let arrow = match edge.link {
        Link::Next | Link::Arm | Link::Again => "-->",
        Link::Read => "-.->",
    };
    match escape(edge.label) {
        label if label.is_empty() => format!("{from} {arrow} {to}"),
        label => format!("{from} {arrow}|\"{label}\"| {to}"),
    }
}

/// The text as it stands between quotes: what would end them, be markup or begin a directive is
/// written as an entity.
fn escape(text: &str) -> String {
    let line = line(text);
    // After these words Mermaid takes a colon for its own, even within quotes.
    let is_style = line.contains("style") || line.contains("classDef");
    let mut out = String::new();
    for c in line.chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '*' | '`' | '\\' | '%' => out.push_str(&entity(c)),
            ':' if is_style => out.push_str(&entity(c)),
            c => out.push(c),
        }
    }
    out
}

fn entity(c: char) -> String {
    format!("#{};", u32::from(c))
}
