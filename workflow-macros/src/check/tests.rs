//! Each mistake that stands between statements, and what is said of it.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "the tool that updates them writes them so"
)]

use expect_test::{Expect, expect};

use crate::tests::{WHOLE, inside, mistakes};

#[track_caller]
fn check(body: &str, expected: &Expect) {
    expected.assert_eq(&inside(body).join("\n"));
}

/// A workflow whose keys are those.
#[track_caller]
fn keyed(keys: &str, body: &str, expected: &Expect) {
    let text = format!("/// Docs.\n#[workflow({keys})]\nName {{}} {{ {body} }}");
    expected.assert_eq(&mistakes(&text).join("\n"));
}

#[test]
fn the_whole_syntax_is_free_of_mistakes() {
    assert_eq!(mistakes(WHOLE), [""; 0]);
}

#[test]
fn a_step_is_known_behind_it() {
    check(
        "step a = A { x: b.y }; step b = B {};",
        &expect!["`b` is used before it is made: move this behind what makes it"],
    );
    check(
        "step a = A { x: a.y };",
        &expect!["`a` is used before it is made: move this behind what makes it"],
    );
    check(
        "parallel { step a = A { x: b.y }; step b = B {}; }",
        &expect![
            "`b` is made in another arm of this `parallel`, at the same time: move this behind the block"
        ],
    );
    check(
        "parallel { step a = A {}; { step b = B {}; step c = C { x: a, b }; } }",
        &expect![
            "`a` is made in another arm of this `parallel`, at the same time: move this behind the block"
        ],
    );
}

#[test]
fn what_an_arm_makes_is_known_in_it() {
    check(
        "branch if order.big { step a = A {}; } step b = B { x: a.y };",
        &expect![
            "`a` is known only in its arm: name the branch, `branch name = …`, and end its arms with what you need of `a`"
        ],
    );
    check(
        "parallel { { step a = A {}; } step c = C {}; } step b = B { x: a.y };",
        &expect![
            "`a` is known only in its arm: name the arm, `name = { … };`, and end it with what you need of `a`"
        ],
    );
    check(
        "parallel for x in order.lines, max = 2 { step a = A { x }; } step b = B { a };",
        &expect![
            "`a` is made anew for each item: name the loop, `parallel name = for …`, and end its body with what you need of `a`"
        ],
    );
    check(
        "repeat max 2 { step a = A {}; } until a.done; step b = B { x: [a.y] };",
        &expect![
            "`a` is made anew in each pass: name the loop, `repeat name = max …`, and end its body with what you need of `a`"
        ],
    );
}

#[test]
fn names_nobody_made_are_rustcs_but_for_slips() {
    check(
        "step a = A { x: LIMIT, y: limit(), z: self::limit }; b(a)",
        &expect![""],
    );
    check(
        "step charge = A { x: ordre.id, y: cuont }; chrage.id",
        &expect![[r#"
            nothing here makes `ordre`; did you mean `order`?
            nothing here makes `cuont`; did you mean `count`?
            nothing here makes `chrage`; did you mean `charge`?"#]],
    );
    check(
        "branch if order.big { step max = A {}; } max(1, 2)",
        &expect![""],
    );
}

#[test]
fn names_are_made_once() {
    check(
        "step a = A {}; step a = B {};",
        &expect!["`a` is made twice here: give this another name"],
    );
    check(
        "step order = A {}; let count = 1;",
        &expect![[r#"
        `order` is a param of the workflow: give this another name
        `count` is a param of the workflow: give this another name"#]],
    );
    check("let a = 1; let a = a + 1; step b = B { a };", &expect![""]);
    check(
        "parallel { a = { step b = B {}; } step a = A {}; }",
        &expect!["`a` is made twice here: give this another name"],
    );
    check(
        "step A; step A;",
        &expect![
            "another statement is `a` in the graph already, and a journal knows each by that: give this one a name of its own"
        ],
    );
    check(
        "branch match order { X => { step a = A {}; } Y => { step a = A {}; } }",
        &expect![
            "another statement is `a` in the graph already, and a journal knows each by that: give this one a name of its own"
        ],
    );
    check(
        "branch x = match order { X => { step a = A {}; a } Y => { step b = B {}; b } }",
        &expect![""],
    );
}

#[test]
fn times_fit_the_deadline() {
    check(
        "step A with timeout(\"2h\");",
        &expect![
            "this step may take 2h, and the deadline of the whole workflow is 1h: shorten this or lengthen the deadline"
        ],
    );
    check(
        "step A with timeout(\"20m\"), retry(times = 2, backoff = \"1s\"..=\"1m\");",
        &expect![
            "this step may take 1h 3s, and the deadline of the whole workflow is 1h: shorten this or lengthen the deadline"
        ],
    );
    check(
        "step A with timeout(\"20m\"), retry(times = 2);",
        &expect![""],
    );
    check(
        "step A; sleep \"2h\"; wait B where timeout \"61m\";",
        &expect![[r#"
            this sleeps 2h, and the deadline of the whole workflow is 1h: shorten this or lengthen the deadline
            this may wait 1h 1m, and the deadline of the whole workflow is 1h: shorten this or lengthen the deadline"#]],
    );
    check(
        "step A with retry(times = 0);",
        &expect!["write how many times to try again, 1 to 100: `times = 3`"],
    );
}

#[test]
fn a_saga_has_one_pivot_at_the_top() {
    keyed(
        "saga",
        "pivot step A; pivot step B;",
        &expect![
            "a saga has one pivot, behind which it goes only forward: take one of the two out"
        ],
    );
    keyed(
        "saga",
        "parallel { pivot step A; step B; } pivot step C;",
        &expect![
            "the pivot stands at the top level, where every run comes by once: move the step out of the `parallel`"
        ],
    );
    keyed(
        "on_cancel = leave, undo_retry(times = 1)",
        "pivot step A;",
        &expect!["`on_cancel` is for sagas: add `saga` beside it, or take it out"],
    );
}

#[test]
fn nothing_is_dead() {
    check(
        "step A; stop; step B;",
        &expect![
            "nothing behind `stop` is ever run: take this out, or put the `stop` into `branch if … { stop …; }`"
        ],
    );
    check(
        "step a = A {}; stop; a",
        &expect![
            "nothing behind `stop` is ever run: take this out, or put the `stop` into `branch if … { stop …; }`"
        ],
    );
    check(
        "parallel {} parallel { step A; } parallel { step B; {} }",
        &expect![[r#"
            this block has no arms: write two steps or more into it, or take it out
            one arm runs beside nothing: write another, or take the arm out of the block
            this arm does nothing: write a step into it, or take it out"#]],
    );
    check(
        "step A; repeat max 2 {} until x(); branch match order {} parallel for x in y, max = 1 {}",
        &expect![[r#"
            this repeats nothing: write a step into it, or take it out
            this branch has no arms: write `Pattern => { … }` for each case
            this does nothing for each item: write a step into it, or `let` with an iterator for a mere computation"#]],
    );
    check(
        "",
        &expect![
            "`TakeOrder` has no step, so it is a plain function: write `step name = Action { … };`, or make it an action"
        ],
    );
    check(
        "let x = 1; branch if order.big { stop x; }",
        &expect![
            "`TakeOrder` has no step, so it is a plain function: write `step name = Action { … };`, or make it an action"
        ],
    );
}

#[test]
fn control_stays_in_the_workflow() {
    check(
        "parallel { { step A; stop; } step B; }",
        &expect![
            "an arm of `parallel` can't stop the others: answer what it has found, and write `branch if … { stop …; }` behind the block"
        ],
    );
    check(
        "step a = A { x: order.x? }; let y = f().await; let z = return 1; break",
        &expect![[r#"
            only `until` ends a `repeat`: write `repeat max 10 { … } until done;`
            a workflow has no `?`, since a step that fails ends the run by itself: write `branch name = match … { … };` for a value that may be missing, or do this in an action
            what waits is a step: do this in an action, and write `step name = Action { … };`
            a workflow answers early with `stop value;`, a statement of its own: write `branch if … { stop value; }`"#]],
    );
    check(
        "step a = A { x: order.iter().map(|x| x?), y: async { f().await? } }; loop_of({ loop { break; } })",
        &expect![""],
    );
    check(
        "step TakeOrder {};",
        &expect![
            "`TakeOrder` would run itself without an end: put this step into a `branch` that some runs don't take"
        ],
    );
    check("branch if order.more { step TakeOrder {}; }", &expect![""]);
    let (open, close) = ("repeat max 2 { ".repeat(7), "} until x();".repeat(7));
    let deep = format!("{open} step A; {close}");
    check(
        &deep,
        &expect![
            "loops stand at most 6 deep in each other: make a workflow of the inner ones and run it as a step"
        ],
    );
}

#[test]
fn the_head_names_and_describes() {
    let texts = mistakes("TakeOrder {} { step A; }");
    expect!["`TakeOrder` has no description, and models choose by it: write a doc comment, `/// …`, above it"].assert_eq(&texts.join("\n"));
    keyed(
        "name = \"take order\"",
        "step A;",
        &expect![[
            r#""take order" is no name for an action: it has a ' ' in it; write a letter or `_`, then letters, digits, `_` and `-`, at most 64: that is what every vendor accepts"#
        ]],
    );
}
