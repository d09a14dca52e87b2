//! What an explanation says, and that it agrees with what routing does.

use enact_signal_bus::{Why, priority};

use super::{Names, pattern, router, ty};

#[track_caller]
fn check(text: &str, name: &str, expected: &Why) {
    let explanation = router(&[(text, 0, "h")]).explain(&ty(name));
    let all = [explanation.matching(), explanation.others()].concat();
    assert_eq!(all[0].why(), expected, "{text} and {name}");
}

#[test]
fn it_says_where_a_pattern_and_a_type_part() {
    let differs = |segment, wanted: &str| Why::Differs {
        segment,
        wanted: wanted.to_owned(),
    };
    let over = |wanted: &str| Why::Over {
        wanted: wanted.to_owned(),
    };
    check("a.b", "a.b", &Why::Matches);
    check("a.b", "a.c", &differs(1, "b"));
    check("a.*.c", "a.b", &over("c"));
    check("a.*", "a", &over("*"));
    check("a", "a.b", &Why::GoesOn { segment: 1 });
    check("a.**.z", "a.b.c", &over("z"));
    check("a.**.x.y", "a.x.z", &differs(2, "y"));
    check("**.a", "a.a", &Why::Matches);
}

#[test]
fn it_is_text_of_one_line_for_each_route() {
    let mut names = router(&[
        ("order.**", -5, "late"),
        ("order.paid", 0, "no"),
        ("*", 0, "no"),
    ]);
    names
        .on(pattern("order.created"), priority(7), "maybe")
        .when(|_| true);
    let expected = "\
order.created goes to 2 of 4 routes
1. #4 `order.created` (priority 7), if its predicate says yes
2. #1 `order.**` (priority -5)
-  #2 `order.paid` (priority 0): segment 2 of the type is `created`, not `paid`
-  #3 `*` (priority 0): the type goes on with `created`
";
    assert_eq!(names.explain(&ty("order.created")).to_string(), expected);
}

#[test]
fn an_explanation_of_many_routes_stays_readable() {
    let mut names = Names::new();
    for number in 0..250 {
        names.on(pattern(&format!("t{number}")), priority(0), "h");
    }
    let text = names.explain(&ty("t7")).to_string();
    assert_eq!(text.lines().count(), 103);
    assert!(
        text.ends_with("and 149 more that it does not go to\n"),
        "{text}"
    );
}
