//! Graphs as pictures.

use std::collections::HashMap;

use layout::backends::svg::SVGWriter;
use layout::core::base::Orientation;
use layout::core::color::Color;
use layout::core::style::{LineStyleKind, StyleAttr};
use layout::std_shapes::render::get_shape_size;
use layout::std_shapes::shapes::{Arrow, Element, LineEndKind, ShapeKind};
use layout::topo::layout::VisualGraph;

use super::flow::{Edge, Flow, Item, Link, Point};
use super::label::{Label, line};
use super::{Graph, Node, NodeKind};

/// The size of the writer's own connectors, for all: the sizes that it meets it lists in no order.
const FONT_SIZE: usize = 15;

impl Graph {
    /// The graph as an SVG picture: which way a run goes, without frames and without who reads
    /// whom.
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
    /// assert!(graph.svg().ends_with("</svg>"));
    /// ```
    pub fn svg(&self) -> String {
        self.marked_svg(&|_| None)
    }

    /// The picture, with what is to be said of each node.
    pub(crate) fn marked_svg(&self, mark: &dyn Fn(&Node) -> Option<Mark>) -> String {
        let flow = Flow::of(self);
        let mut drawing = VisualGraph::new(Orientation::TopToBottom);
        // It would look at every path there is, after each edge.
        drawing.dag.set_validate(false);
        let mut handles = HashMap::new();
        let mut order = HashMap::new();
        for (i, item) in flow.items.iter().enumerate() {
            if let Item::Point(point) = item {
                handles.insert(*point, drawing.add_node(element(&flow, *point, mark)));
                order.insert(*point, i);
            }
        }
        for (edge, arrow) in sorted(&flow.edges, &order) {
            drawing.add_edge(arrow, handles[&edge.0], handles[&edge.1]);
        }
        let mut writer = SVGWriter::new();
        drawing.do_it(false, false, false, &mut writer);
        writer.finalize()
    }
}

/// What is said of a node in a picture of a run.
pub(crate) struct Mark {
    /// A class for style sheets.
    pub(crate) class: &'static str,
    /// One more line of its text.
    pub(crate) words: String,
}

/// The arrows to draw, none of them upwards, and all into a point before those out of it: else
/// every path there is would be looked at for circles.
fn sorted(edges: &[Edge<'_>], order: &HashMap<Point, usize>) -> Vec<((Point, Point), Arrow)> {
    let mut arrows = Vec::new();
    for edge in edges {
        let arrow = arrow(edge.label);
        match edge.link {
            Link::Next | Link::Arm => arrows.push(((edge.from, edge.to), arrow)),
            Link::Again => arrows.push(((edge.to, edge.from), arrow.reverse())),
            Link::Read => {}
        }
    }
    arrows.sort_by_key(|((from, _), _)| order[from]);
    arrows
}

fn element(flow: &Flow<'_>, point: Point, mark: &dyn Fn(&Node) -> Option<Mark>) -> Element {
    let mut class = None;
    let (shape, width) = match point {
        Point::Start => (ShapeKind::Circle(line(&flow.graph.name)), 1),
        Point::Join(_) => (ShapeKind::Circle(String::new()), 1),
        Point::End => (ShapeKind::Circle("done".to_owned()), 1),
        Point::Node(node) => {
            let mark = mark(flow.node(node));
            class = mark.as_ref().map(|mark| mark.class);
            let kind = &flow.node(node).kind;
            let pivot = matches!(kind, NodeKind::Step { pivot: true, .. });
            let words = mark.map(|mark| mark.words);
            (shape(flow.graph, node, words), if pivot { 4 } else { 1 })
        }
    };
    let dir = Orientation::TopToBottom;
    let size = get_shape_size(dir, &shape, FONT_SIZE, false);
    match class {
        None => Element::create(shape, look(width), dir, size),
        Some(class) => {
            let class = format!("class=\"{class}\"");
            Element::create_with_properties(shape, look(width), dir, size, class)
        }
    }
}

fn shape(graph: &Graph, node: usize, words: Option<String>) -> ShapeKind {
    let label = Label::of(graph, node);
    let words = words.filter(|words| !words.is_empty());
    let lines = label.lines().map(line).chain(words);
    let lines: Vec<String> = lines.collect();
    let text = lines.join("\n");
    match &graph.nodes[node].kind {
        NodeKind::Step { .. }
        | NodeKind::Sleep { .. }
        | NodeKind::Wait { .. }
        | NodeKind::Emit { .. } => ShapeKind::Box(text),
        NodeKind::Branch { .. }
        | NodeKind::Parallel { .. }
        | NodeKind::FanOut { .. }
        | NodeKind::Repeat { .. }
        | NodeKind::Stop => ShapeKind::Circle(text),
    }
}

fn arrow(label: &str) -> Arrow {
    let (start, end) = (LineEndKind::None, LineEndKind::Arrow);
    let line_style = LineStyleKind::Normal;
    Arrow::new(start, end, line_style, &line(label), &look(1), &None, &None)
}

fn look(width: usize) -> StyleAttr {
    let (black, white) = (Color::fast("black"), Color::fast("white"));
    StyleAttr::new(black, width, Some(white), 0, FONT_SIZE)
}
