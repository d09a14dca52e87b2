//! Graphs in the language of Graphviz.

use std::fmt::Write as _;

use super::flow::{Edge, Flow, Item, Link, Point};
use super::label::{Label, line};
use super::{Graph, NodeKind};

impl Graph {
    /// The graph in DOT, the language of Graphviz.
    ///
    /// The pivot has a double border, what is done for each or again stands in a cluster, and
    /// dashed arrows say who reads whom.
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
    /// assert!(graph.dot().starts_with("digraph \"nothing\" {\n"));
    /// ```
    pub fn dot(&self) -> String {
        let flow = Flow::of(self);
        let mut out = format!("digraph \"{}\" {{\n", escape(&self.name));
        out.push_str("  node [shape=box];\n");
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
                    let path = escape(&flow.node(*node).path);
                    format!("subgraph cluster_{node} {{\n{indent}  label=\"{path}\";")
                }
                Item::Close => "}".to_owned(),
            };
            // Writing to a String can't fail.
            let _ = writeln!(out, "{indent}{text}");
        }
        for edge in &flow.edges {
            let _ = writeln!(out, "  {}", arrow(edge));
        }
        out.push_str("}\n");
        out
    }
}

fn id(point: Point) -> String {
    match point {
        Point::Start => "start".to_owned(),
        Point::Node(node) => format!("n{node}"),
        Point::Join(node) => format!("j{node}"),
        Point::End => "done".to_owned(),
    }
}

fn shown(flow: &Flow<'_>, point: Point) -> String {
    let id = id(point);
    match point {
        Point::Start => format!("{id} [label=\"{}\", shape=oval];", escape(&flow.graph.name)),
        Point::End => format!("{id} [label=\"done\", shape=oval];"),
        Point::Join(_) => format!("{id} [label=\"\", shape=point];"),
        Point::Node(node) => {
            let label = Label::of(flow.graph, node);
            let lines: Vec<String> = label.lines().map(escape).collect();
            let look = look(&flow.node(node).kind);
            format!("{id} [label=\"{}\"{look}];", lines.join("\\n"))
        }
    }
}

fn look(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Step { pivot: true, .. } => ", peripheries=2",
        NodeKind::Step { pivot: false, .. } => "",
        NodeKind::Branch { .. } => ", shape=diamond",
        NodeKind::Parallel { .. } | NodeKind::FanOut { .. } | NodeKind::Repeat { .. } => {
            ", shape=hexagon"
        }
        NodeKind::Sleep { .. } | NodeKind::Wait { .. } | NodeKind::Emit { .. } => ", shape=cds",
        NodeKind::Stop => ", shape=oval",
    }
}

fn arrow(edge: &Edge<'_>) -> String {
    let mut looks = Vec::new();
    if !edge.label.is_empty() {
        looks.push(format!("label=\"{}\"", escape(edge.label)));
    }
    match edge.link {
        Link::Next | Link::Arm => {}
        // Ranks are counted from the start on, not on the way back.
        Link::Again => looks.push("constraint=false".to_owned()),
        Link::Read => looks.push("style=dashed, constraint=false".to_owned()),
    }
    let (from, to) = (id(edge.from), id(edge.to));
    match looks.join(", ") {
        looks if looks.is_empty() => format!("{from} -> {to};"),
        looks => format!("{from} -> {to} [{looks}];"),
    }
}

/// The text as it stands between quotes. Graphviz reads entities there too.
fn escape(text: &str) -> String {
    line(text)
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('&', "&amp;")
}
