//! Free names, and others in their place.

use quote::{ToTokens as _, quote};
use syn::Expr;

use super::{bound, free, lets, replace};

fn names(text: &str) -> Vec<String> {
    let expr: Expr = syn::parse_str(text).expect("the test's text is an expression");
    free(&expr).iter().map(ToString::to_string).collect()
}

fn marked(text: &str) -> String {
    let expr: Expr = syn::parse_str(text).expect("the test's text is an expression");
    let expr = replace(&expr, &mut |name| {
        ["order", "line"]
            .iter()
            .any(|known| name == known)
            .then(|| quote! { (*#name) })
    });
    expr.into_token_stream().to_string().replace(' ', "")
}

#[test]
fn names_are_free_where_nothing_inside_binds_them() {
    assert_eq!(
        names("order.total + Tier::Basic.cost(a)[b]"),
        ["order", "a", "b"]
    );
    assert_eq!(
        names("order.lines.map(|line| line.cost + tax)"),
        ["order", "tax"]
    );
    assert_eq!(names("{ let a = a + 1; fn f() {} f(a, b) }"), ["a", "b"]);
    assert_eq!(
        names("if let Some(a) = b && a.c { a } else { a }"),
        ["b", "a"]
    );
    assert_eq!(
        names("match a { Some(b) if b.c => b, None => b, D => d }"),
        ["a", "b", "d"]
    );
    assert_eq!(
        names("{ for a in a { f!(a) } while let Some(b) = b { b; } }"),
        ["a", "b"]
    );
    assert_eq!(names("Order { id: a, b, ..c }"), ["a", "b", "c"]);
}

#[test]
fn macros_read_what_they_are_given_and_what_their_text_prints() {
    assert_eq!(
        names(r#"format!("{a} {{b}} {c:?} {0:>w$.p$} {d}", e.f, d = g)"#),
        ["a", "c", "p", "w", "e", "g"]
    );
    assert_eq!(names("vec![a; b.len()]"), ["a", "b"]);
    assert_eq!(
        names("json!({ \"id\": order.id, x: [y, z::W] })"),
        ["order", "y"]
    );
    assert_eq!(names("vec![order.map(|line| line.id)]"), ["order"]);
    assert_eq!(
        names("json!({ \"a\": 0..b, \"c\": d != e })"),
        ["b", "d", "e"]
    );
}

#[test]
fn a_keyword_in_a_text_prints_the_raw_name() {
    assert_eq!(
        names(r#"format!("{match} {type:>in$} {self} {}", r#match)"#),
        ["r#match", "r#type", "r#in", "self", "r#match"]
    );
}

#[test]
fn a_pattern_inside_of_matches_binds_for_its_condition() {
    assert_eq!(names("matches!(a, Some(a) if a.b > c)"), ["a", "c"]);
    assert_eq!(names("std::matches!(a, B { b, .. } | C(b) if b,)"), ["a"]);
    assert_eq!(names("matches!(a.b, None | Some(C))"), ["a"]);
    assert_eq!(
        marked("matches!(order, Some(line) if line.len() > order)"),
        "matches!((*order),Some(line)ifline.len()>(*order))"
    );
}

#[test]
fn only_free_names_are_replaced() {
    assert_eq!(marked("order.id"), "(*order).id");
    assert_eq!(marked("Label { line }"), "Label{line:(*line)}");
    assert_eq!(
        marked("Label { line: 1, order: x }"),
        "Label{line:1,order:x}"
    );
    assert_eq!(
        marked("order.lines.map(|line| line.id)"),
        "(*order).lines.map(|line|line.id)"
    );
    assert_eq!(
        marked(r#"format!("{order}", order.id)"#),
        r#"format!("{order}",(*order).id)"#
    );
    assert_eq!(
        marked("json!({ \"a\": order.id })"),
        "json!({\"a\":(*order).id})"
    );
}

#[test]
fn patterns_bind_names_and_not_constants() {
    let arm: syn::Arm = syn::parse_str("Some((a, ref b)) | X { a, b: [b, ..], c: None } if d => e")
        .expect("the test's text is an arm");
    let names: Vec<_> = bound(&arm.pat).iter().map(ToString::to_string).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn conditions_bind_what_their_lets_do() {
    let choice: syn::ExprIf = syn::parse_str("if x && let A(a) = b && let Some(c) = a {}")
        .expect("the test's text is a choice");
    assert_eq!(lets(&choice.cond).len(), 2);
}
