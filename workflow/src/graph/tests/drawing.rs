//! How graphs are drawn.

use expect_test::expect;

use super::sample::{everything, graph, hostile};

#[test]
fn everything_as_mermaid() {
    expect![[r#"
        flowchart TD
          start(["everything"])
          n0["<b>valid</b><br/>check_order<br/><small>read</small>"]
          n1{{"<b>parallel1</b><br/>side by side"}}
          n2["<b>stock</b><br/>reserve_stock<br/><small>write, ↩ undo</small>"]
          n3["<b>quote</b><br/>check_order<br/><small>read</small>"]
          j1((" "))
          n4{"<b>total</b><br/>one of"}
          n5["<b>total/price</b><br/>check_order<br/><small>read</small>"]
          n6(["<b>total/stop</b><br/>stop"])
          j4((" "))
          n7[["<b>charge</b><br/>charge_card<br/><small>idempotent, timeout 1m 30s, 3 retries, pivot</small>"]]:::pivot
          subgraph f8["labels"]
            n8{{"<b>labels</b><br/>for each, 8 at once<br/><small>collect, spawn</small>"}}
            n9["<b>labels[]/label</b><br/>reserve_stock<br/><small>write</small>"]
            j8((" "))
          end
          subgraph f10["repeat1"]
            n10{{"<b>repeat1</b><br/>at most 5 times"}}
            n11["<b>repeat1[]/poll</b><br/>check_order<br/><small>read</small>"]
            n12>"<b>repeat1[]/nap</b><br/>sleep 1s 500ms"]
            j10((" "))
          end
          n13>"<b>approval</b><br/>wait for order.approved<br/><small>timeout 1h</small>"]
          n14>"<b>emit1</b><br/>emit order.shipped"]
          done(["done"])
          start --> n0
          n0 --> n1
          n1 --> n2
          n1 --> n3
          n2 --> j1
          n3 --> j1
          j1 --> n4
          n4 -->|"Tier::Premium"| n5
          n4 -->|"_"| n6
          n5 --> j4
          n4 -->|"Tier::Standard"| j4
          j4 --> n7
          n7 --> n8
          n8 -->|"each"| n9
          n9 --> j8
          j8 --> n10
          n10 --> n11
          n11 --> n12
          n12 --> j10
          j10 -->|"again"| n10
          j10 --> n13
          n13 --> n14
          n14 --> done
          n6 --> done
          n0 -.-> n2
          n0 -.-> n3
          n0 -.-> n4
          n3 -.-> n5
          j4 -.-> n7
          n0 -.-> n8
          n8 -.-> n9
          n11 -.-> n12
          j8 -.-> n13
          n13 -.-> n14
          classDef pivot stroke-width:4px
    "#]].assert_eq(&everything().mermaid());
}

#[test]
fn everything_as_dot() {
    expect![[r#"
        digraph "everything" {
          node [shape=box];
          start [label="everything", shape=oval];
          n0 [label="valid\ncheck_order\nread"];
          n1 [label="parallel1\nside by side", shape=hexagon];
          n2 [label="stock\nreserve_stock\nwrite, ↩ undo"];
          n3 [label="quote\ncheck_order\nread"];
          j1 [label="", shape=point];
          n4 [label="total\none of", shape=diamond];
          n5 [label="total/price\ncheck_order\nread"];
          n6 [label="total/stop\nstop", shape=oval];
          j4 [label="", shape=point];
          n7 [label="charge\ncharge_card\nidempotent, timeout 1m 30s, 3 retries, pivot", peripheries=2];
          subgraph cluster_8 {
            label="labels";
            n8 [label="labels\nfor each, 8 at once\ncollect, spawn", shape=hexagon];
            n9 [label="labels[]/label\nreserve_stock\nwrite"];
            j8 [label="", shape=point];
          }
          subgraph cluster_10 {
            label="repeat1";
            n10 [label="repeat1\nat most 5 times", shape=hexagon];
            n11 [label="repeat1[]/poll\ncheck_order\nread"];
            n12 [label="repeat1[]/nap\nsleep 1s 500ms", shape=cds];
            j10 [label="", shape=point];
          }
          n13 [label="approval\nwait for order.approved\ntimeout 1h", shape=cds];
          n14 [label="emit1\nemit order.shipped", shape=cds];
          done [label="done", shape=oval];
          start -> n0;
          n0 -> n1;
          n1 -> n2;
          n1 -> n3;
          n2 -> j1;
          n3 -> j1;
          j1 -> n4;
          n4 -> n5 [label="Tier::Premium"];
          n4 -> n6 [label="_"];
          n5 -> j4;
          n4 -> j4 [label="Tier::Standard"];
          j4 -> n7;
          n7 -> n8;
          n8 -> n9 [label="each"];
          n9 -> j8;
          j8 -> n10;
          n10 -> n11;
          n11 -> n12;
          n12 -> j10;
          j10 -> n10 [label="again", constraint=false];
          j10 -> n13;
          n13 -> n14;
          n14 -> done;
          n6 -> done;
          n0 -> n2 [style=dashed, constraint=false];
          n0 -> n3 [style=dashed, constraint=false];
          n0 -> n4 [style=dashed, constraint=false];
          n3 -> n5 [style=dashed, constraint=false];
          j4 -> n7 [style=dashed, constraint=false];
          n0 -> n8 [style=dashed, constraint=false];
          n8 -> n9 [style=dashed, constraint=false];
          n11 -> n12 [style=dashed, constraint=false];
          j8 -> n13 [style=dashed, constraint=false];
          n13 -> n14 [style=dashed, constraint=false];
        }
    "#]].assert_eq(&everything().dot());
}

#[test]
fn everything_as_json() {
    let json = everything().json();
    let mut text = String::new();
    for (key, value) in json.as_object().expect("a graph is an object") {
        match value.as_array() {
            None => text.push_str(&format!("{key}: {value}\n")),
            Some(items) => {
                text.push_str(&format!("{key}:\n"));
                text.extend(items.iter().map(|item| format!("  {item}\n")));
            }
        }
    }
    expect![[r##"
        format: 1
        name: "everything"
        version: 1
        saga: true
        deadline_ms: 86400000
        place: "src/sample.rs:9"
        fingerprint: "dc9e41d624319e7a"
        nodes:
          {"path":"valid","kind":"step","action":"check_order","effect":"read","reads":[],"line":10}
          {"path":"parallel1","kind":"parallel","width":2,"reads":[],"line":11}
          {"path":"stock","kind":"step","action":"reserve_stock","effect":"write","undo":true,"parent":"parallel1","arm":0,"reads":["valid"],"line":12}
          {"path":"quote","kind":"step","action":"check_order","effect":"read","parent":"parallel1","arm":1,"reads":["valid"],"line":13}
          {"path":"total","kind":"branch","arms":["Tier::Premium","Tier::Standard","_"],"reads":["valid"],"line":14}
          {"path":"total/price","kind":"step","action":"check_order","effect":"read","parent":"total","arm":0,"reads":["quote"],"line":15}
          {"path":"total/stop","kind":"stop","parent":"total","arm":2,"reads":[],"line":16}
          {"path":"charge","kind":"step","action":"charge_card","effect":"idempotent","policy":{"timeout_ms":90000,"retry":{"times":3,"first_ms":100,"most_ms":30000},"grace_ms":2000},"pivot":true,"reads":["total"],"line":17}
          {"path":"labels","kind":"fan_out","max":8,"collect":true,"spawn":true,"reads":["valid"],"line":18}
          {"path":"labels[]/label","kind":"step","action":"reserve_stock","effect":"write","undo":true,"parent":"labels","arm":0,"reads":["labels"],"line":19}
          {"path":"repeat1","kind":"repeat","max":5,"reads":[],"line":20}
          {"path":"repeat1[]/poll","kind":"step","action":"check_order","effect":"read","parent":"repeat1","arm":0,"reads":[],"line":21}
          {"path":"repeat1[]/nap","kind":"sleep","time_ms":1500,"parent":"repeat1","arm":0,"reads":["repeat1[]/poll"],"line":22}
          {"path":"approval","kind":"wait","signal":"order.approved","timeout_ms":3600000,"reads":["labels"],"line":23}
          {"path":"emit1","kind":"emit","signal":"order.shipped","reads":["approval"],"line":24}
        edges:
          {"from":"#start","to":"valid","kind":"next"}
          {"from":"valid","to":"parallel1","kind":"next"}
          {"from":"parallel1","to":"stock","kind":"arm"}
          {"from":"parallel1","to":"quote","kind":"arm"}
          {"from":"stock","to":"parallel1#join","kind":"next"}
          {"from":"quote","to":"parallel1#join","kind":"next"}
          {"from":"parallel1#join","to":"total","kind":"next"}
          {"from":"total","to":"total/price","kind":"arm","label":"Tier::Premium"}
          {"from":"total","to":"total/stop","kind":"arm","label":"_"}
          {"from":"total/price","to":"total#join","kind":"next"}
          {"from":"total","to":"total#join","kind":"arm","label":"Tier::Standard"}
          {"from":"total#join","to":"charge","kind":"next"}
          {"from":"charge","to":"labels","kind":"next"}
          {"from":"labels","to":"labels[]/label","kind":"arm","label":"each"}
          {"from":"labels[]/label","to":"labels#join","kind":"next"}
          {"from":"labels#join","to":"repeat1","kind":"next"}
          {"from":"repeat1","to":"repeat1[]/poll","kind":"arm"}
          {"from":"repeat1[]/poll","to":"repeat1[]/nap","kind":"next"}
          {"from":"repeat1[]/nap","to":"repeat1#join","kind":"next"}
          {"from":"repeat1#join","to":"repeat1","kind":"again","label":"again"}
          {"from":"repeat1#join","to":"approval","kind":"next"}
          {"from":"approval","to":"emit1","kind":"next"}
          {"from":"emit1","to":"#end","kind":"next"}
          {"from":"total/stop","to":"#end","kind":"next"}
          {"from":"valid","to":"stock","kind":"read"}
          {"from":"valid","to":"quote","kind":"read"}
          {"from":"valid","to":"total","kind":"read"}
          {"from":"quote","to":"total/price","kind":"read"}
          {"from":"total#join","to":"charge","kind":"read"}
          {"from":"valid","to":"labels","kind":"read"}
          {"from":"labels","to":"labels[]/label","kind":"read"}
          {"from":"repeat1[]/poll","to":"repeat1[]/nap","kind":"read"}
          {"from":"labels#join","to":"approval","kind":"read"}
          {"from":"approval","to":"emit1","kind":"read"}
    "##]].assert_eq(&text);
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
    use std::borrow::Cow;

    use layout::gv::{DotParser, GraphBuilder};

    use super::*;
    use crate::NodeKind;
    use crate::graph::tests::sample::{CHECK, Draft, step};

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
        assert_eq!(svg, everything().svg());
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
