//! How graphs are drawn.

use std::borrow::Cow;
use std::fmt::Write as _;

use expect_test::{expect, expect_file};

use super::sample::{CHECK, Draft, everything, graph, hostile, step};
use crate::NodeKind;

#[test]
fn everything_as_mermaid() {
    expect_file!["drawn/everything.mmd"].assert_eq(&everything().mermaid());
}

#[test]
fn everything_as_dot() {
    expect_file!["drawn/everything.dot"].assert_eq(&everything().dot());
}

#[test]
fn everything_as_json() {
    let json = everything().json();
    let mut text = String::new();
    for (key, value) in json.as_object().expect("a graph is an object") {
        match value.as_array() {
            None => writeln!(text, "{key}: {value}").unwrap(),
            Some(items) => {
                writeln!(text, "{key}:").unwrap();
                text.extend(items.iter().map(|item| format!("  {item}\n")));
            }
        }
    }
    expect_file!["drawn/everything.txt"].assert_eq(&text);
}

#[test]
fn an_empty_graph_goes_from_start_to_end() {
    expect![[r#"
        flowchart TD
          start(["sample"])
          done(["done"])
          start --> done
          classDef pivot stroke-width:4px
    "#]]
    .assert_eq(&graph(Vec::new()).mermaid());
}

#[test]
fn conditions_without_else_may_all_be_passed_by() {
    let labels = |arms: &[&'static str]| {
        let mut draft = Draft(Vec::new());
        let arms = arms.iter().map(|arm| Cow::Borrowed(*arm)).collect();
        draft.add("branch1", None, &[], NodeKind::Branch { arms });
        draft.add("branch1/step", Some((0, 0)), &[], step(&CHECK));
        let json = graph(draft.0).json();
        let edges = json["edges"].as_array().unwrap().clone();
        let labels = edges.iter().filter_map(|edge| edge["label"].as_str());
        labels.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(labels(&["if a"]), "if a, otherwise");
    assert_eq!(labels(&["a"]), "a, otherwise");
    assert_eq!(labels(&["if a", "else if b"]), "if a, else if b, otherwise");
    assert_eq!(labels(&["if a", "else"]), "if a, else");
    assert_eq!(labels(&["A", "B if b"]), "A, B if b");
}

#[test]
fn nothing_leads_from_arms_that_all_stop() {
    let mut draft = Draft(Vec::new());
    let arms = ["A", "B"].map(Cow::Borrowed).to_vec().into();
    draft.add("total", None, &[], NodeKind::Branch { arms });
    draft.add("total/one", Some((0, 0)), &[], NodeKind::Stop);
    draft.add("total/two", Some((0, 1)), &[], NodeKind::Stop);
    draft.add("dead", None, &[], step(&CHECK));
    expect![[r#"
        digraph "sample" {
          node [shape=box];
          start [label="sample", shape=oval];
          n0 [label="total\none of", shape=diamond];
          n1 [label="total/one\nstop", shape=oval];
          n2 [label="total/two\nstop", shape=oval];
          n3 [label="dead\ncheck_order\nread"];
          done [label="done", shape=oval];
          start -> n0;
          n0 -> n1 [label="A"];
          n0 -> n2 [label="B"];
          n3 -> done;
          n1 -> done;
          n2 -> done;
        }
    "#]]
    .assert_eq(&graph(draft.0).dot());
}

#[test]
fn no_text_is_more_than_a_text() {
    expect![[r##"
        flowchart TD
          start(["#34; } #92;"])
          n0{"<b>#34;]; end --#62; #60;b#62;#38;amp;</b><br/>one of"}
          n1["<b>inside</b><br/>check_order<br/><small>read</small>"]
          j0((" "))
          done(["done"])
          start --> n0
          n0 -->|"else if m { } [ ] ( ) #37;#37;{init: {}}#37;#37; #60;script#62;alert(1)#60;/script#62;"| n1
          n0 -->|"if name == #34;a#92;#34;b#92;#92;#34; #38;#38; x #60; 3 | y #62; 'c'"| j0
          n1 --> j0
          n0 -->|"style#58; #35;1; classDef x#58;#35;2; end --#62; #96;#42;a#42;#96;"| j0
          j0 --> done
          n0 -.-> n1
          classDef pivot stroke-width:4px

        digraph "\" } \\" {
          node [shape=box];
          start [label="\" } \\", shape=oval];
          n0 [label="\"]; end --> <b>&amp;amp;\none of", shape=diamond];
          n1 [label="inside\ncheck_order\nread"];
          j0 [label="", shape=point];
          done [label="done", shape=oval];
          start -> n0;
          n0 -> n1 [label="else if m { } [ ] ( ) %%{init: {}}%% <script>alert(1)</script>"];
          n0 -> j0 [label="if name == \"a\\\"b\\\\\" &amp;&amp; x < 3 | y > 'c'"];
          n1 -> j0;
          n0 -> j0 [label="style: #1; classDef x:#2; end --> `*a*`"];
          j0 -> done;
          n0 -> n1 [style=dashed, constraint=false];
        }
    "##]].assert_eq(&[hostile().mermaid(), hostile().dot()].join("\n"));
}

#[test]
fn a_malformed_graph_is_drawn_as_far_as_it_goes() {
    let mut graph = everything();
    for node in graph.nodes.to_mut() {
        node.parent = Some((3, 0));
        node.reads = vec![3, 1_000].into();
    }
    for text in [graph.mermaid(), graph.dot(), graph.json().to_string()] {
        assert!(!text.is_empty());
    }
}

#[cfg(feature = "svg")]
mod pictures {
    use layout::gv::{DotParser, GraphBuilder};

    use super::*;

    #[test]
    fn dot_can_be_parsed() {
        for graph in [everything(), hostile(), graph(Vec::new())] {
            let dot = graph.dot();
            let parsed = DotParser::new(&dot).process().expect("it is DOT");
            let mut builder = GraphBuilder::new();
            builder.visit_graph(&parsed);
            let points = builder.get().num_nodes();
            let flow = crate::graph::flow::Flow::of(&graph);
            let drawn = flow
                .items
                .iter()
                .filter(|item| matches!(item, crate::graph::flow::Item::Point(_)));
            assert_eq!(points, drawn.count());
        }
    }

    #[test]
    fn every_label_is_in_the_picture() {
        let svg = everything().svg();
        for word in [
            "everything",
            "labels[]/label",
            "order.shipped",
            "Tier::Premium",
        ] {
            assert!(svg.contains(word), "{word}");
        }
        assert!((0..20).all(|_| everything().svg() == svg));
    }

    #[test]
    fn hostile_texts_stay_texts_in_the_picture() {
        let svg = hostile().svg();
        assert!(!svg.contains("<script>") && !svg.contains('\u{7}'), "{svg}");
    }

    #[test]
    fn many_branches_take_no_time() {
        let mut draft = Draft(Vec::new());
        for _ in 0..60 {
            let arms = ["a", "b", "c"].map(Cow::Borrowed).to_vec().into();
            let branch = draft.add("branch", None, &[], NodeKind::Branch { arms });
            draft.add("step", Some((branch, 0)), &[], step(&CHECK));
            draft.add("step", Some((branch, 1)), &[], step(&CHECK));
        }
        assert!(graph(draft.0).svg().len() > 10_000);
    }
}
