//! Each mistake of the syntax, and what is said of it.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "the tool that updates them writes them so"
)]

use expect_test::{Expect, expect};

use crate::model::{Given, OnCancel, ParallelArm, Statement, Time};
use crate::tests::{WHOLE, inside, mistakes, read};

#[track_caller]
fn check(body: &str, expected: &Expect) {
    expected.assert_eq(&inside(body).join("\n"));
}

#[test]
fn the_head_is_read() {
    let workflow = read(WHOLE).0.expect("there is no mistake");
    let keys = &workflow.keys;
    assert_eq!(keys.version, 2);
    assert_eq!(keys.tags, ["shop", "demo"]);
    assert!(keys.saga.is_some());
    assert!(matches!(keys.on_cancel, Some((OnCancel::Undo, _))));
    assert_eq!(keys.undo_retry.as_ref().map(|(it, _)| it.times), Some(3));
    assert_eq!(workflow.attrs.len(), 2, "the doc and the derive");
    let described: Vec<bool> = workflow.params.iter().map(|it| it.described).collect();
    assert_eq!(described, [false, true]);
    assert!(workflow.body.answer.is_some());
}

#[test]
fn statements_are_read_as_they_are_written() {
    let workflow = read(WHOLE).0.expect("there is no mistake");
    let mut dump = String::new();
    for statement in &workflow.body.statements {
        dump.push_str(&line(statement));
        dump.push('\n');
    }
    expect![[r#"
        step, pivot false, name true, 2 fields, base false, timeout false, retry false
        parallel one, one, block, named block, one
        branch, name true
        step, pivot true, name true, 2 fields, base false, timeout true, retry true
        fan-out, name true, max 8, collect false, spawn false
        fan-out, name true, max 8, collect true, spawn true
        fan-out, name false, max 2, collect false, spawn false
        parallel one, one
        parallel one, one
        branch, name false
        branch, name true
        repeat, name true, max 10
        repeat, name false, max 3
        let, type true
        sleep 3600s
        sleep computed
        wait, name true, 2 conditions, timeout Some(86400s)
        wait, name false, 0 conditions, timeout None
        emit 1 fields, base false, subject true
        step, pivot false, name false, unit, timeout false, retry false
        step, pivot false, name true, new of 2, timeout false, retry false
        step, pivot false, name true, 1 fields, base true, timeout false, retry false
        branch, name false
    "#]]
    .assert_eq(&dump);
}

fn line(statement: &Statement) -> String {
    match statement {
        Statement::Step(step) => format!(
            "step, pivot {}, name {}, {}, timeout {}, retry {}",
            step.pivot.is_some(),
            step.name.is_some(),
            given(&step.given),
            step.with.timeout.is_some(),
            step.with.retry.is_some()
        ),
        Statement::Branch(branch) => format!("branch, name {}", branch.name.is_some()),
        Statement::Parallel(parallel) => {
            let kinds = parallel.arms.iter().map(|arm| match arm {
                ParallelArm::One(_) => "one",
                ParallelArm::Block { name: Some(_), .. } => "named block",
                ParallelArm::Block { name: None, .. } => "block",
            });
            format!("parallel {}", kinds.collect::<Vec<_>>().join(", "))
        }
        Statement::FanOut(it) => format!(
            "fan-out, name {}, max {}, collect {}, spawn {}",
            it.name.is_some(),
            it.max,
            it.modes.collect.is_some(),
            it.modes.spawn.is_some()
        ),
        Statement::Repeat(it) => format!("repeat, name {}, max {}", it.name.is_some(), it.max),
        Statement::Let(it) => format!("let, type {}", it.ty.is_some()),
        Statement::Sleep(it) => match &it.time {
            Time::Known(time, _) => format!("sleep {time:?}"),
            Time::Computed(_) => "sleep computed".to_owned(),
        },
        Statement::Wait(it) => format!(
            "wait, name {}, {} conditions, timeout {:?}",
            it.name.is_some(),
            it.conditions.len(),
            it.timeout.as_ref().map(|(time, _)| time)
        ),
        Statement::Emit(it) => format!(
            "emit {}, subject {}",
            given(&it.given),
            it.subject.is_some()
        ),
        Statement::Stop(it) => format!("stop, answer {}", it.answer.is_some()),
    }
}

fn given(given: &Given) -> String {
    match given {
        Given::Fields(fields, base) => format!("{} fields, base {}", fields.len(), base.is_some()),
        Given::Call(name, values) => format!("{name} of {}", values.len()),
        Given::Unit => "unit".to_owned(),
    }
}

#[test]
fn one_slip_is_one_error_and_the_next_is_found() {
    check(
        "stpe a = A { x: 1 }; step b = B { x = 1, y: 2 }; step c = C { ..}; step d = D { x: a };",
        &expect![[r#"
            there is no statement `stpe`; did you mean `step`?
            write `:` between the two: `x: value`
            write behind `..` where the other fields come from"#]],
    );
    check(
        "step a = A {} step b = B {}; step c = ; step d = D { x: b } wiht timeout(\"1s\"); step E with tiemout(\"1s\");",
        &expect![[r#"
            write `;` behind the step, before this
            write an action here by its type: `Name`
            there is no `wiht` here; did you mean `with`?
            there is no key `tiemout` here; did you mean `timeout`?"#]],
    );
    check(
        "step a = A { x: foo(1 2), y: }; step b = B { x: };",
        &expect![[r#"
            expected `,`
            unexpected end of input, expected an expression
            unexpected end of input, expected an expression"#]],
    );
}

#[test]
fn keywords_are_names_where_they_can_be_no_statement() {
    check("step A; step.id", &expect![""]);
    check("step A; stop - 1", &expect![""]);
    check("step A; sleep(wait, emit)", &expect![""]);
    check("step A; repeat as u32 + branch", &expect![""]);
    check(
        "step A; branch if order.big { stop -1; } branch if order.odd { stop (1, 2); } sleep (order.x);",
        &expect![""],
    );
}

#[test]
fn unknown_statements_have_the_nearest_name() {
    check(
        "step A; slep \"1s\"; paralel { step B; step C; } brunch x = if order.y { x };",
        &expect![[r#"
            there is no statement `slep`; did you mean `sleep`?
            there is no statement `paralel`; did you mean `parallel`?
            there is no statement `brunch`; did you mean `branch`?
            `x` is used before it is made: move this behind what makes it"#]],
    );
    check(
        "step A; frobnicate x = 1;",
        &expect![
            "there is no statement `frobnicate`; known are: step, pivot, branch, parallel, repeat, sleep, wait, emit, stop, let"
        ],
    );
    check(
        "step A; pivto step B;",
        &expect!["there is no statement `pivto`; did you mean `pivot`?"],
    );
}

#[test]
fn blocks_say_what_they_are_made_of() {
    check(
        "/// Docs.\nstep a = A {}; #[cfg(x)] wait B; a.x",
        &expect![[r#"
        a statement has no attributes, and `/// …` is one: write `// …` for a comment
        a statement has no attributes, and `/// …` is one: write `// …` for a comment"#]],
    );
    check(
        "step A; #[cfg(x)]",
        &expect!["a statement has no attributes, and `/// …` is one: write `// …` for a comment"],
    );
    check(
        "step A; f(); g()",
        &expect![
            "an expression stands only at the end of a block, as its answer and without `;`: write `let name = …;` to keep its value, or a step for what it does"
        ],
    );
    check(
        "step A; return 1;",
        &expect!["a workflow answers early with `stop`: write `stop value;`"],
    );
    check(
        "step A; for x in y { step B; } step C = ;",
        &expect![[r#"
            write `parallel for item in items, max = 8 { … };` for a loop over items
            write an action here by its type: `Name`"#]],
    );
    check(
        "step A; if order.big { step B; }",
        &expect!["where arms hold steps, a choice is a statement: write `branch` in front of it"],
    );
    check(
        "step A; order step B;",
        &expect![
            "there is no statement `order`; known are: step, pivot, branch, parallel, repeat, sleep, wait, emit, stop, let"
        ],
    );
    check(
        "step _ = A {}; step (1);",
        &expect![[r#"
        leave out `_ =`: what nobody reads needs no name
        an expression stands only at the end of a block, as its answer and without `;`: write `let name = …;` to keep its value, or a step for what it does"#]],
    );
    check(
        "step a = new(1); step b = B::new(1; 2);",
        &expect![[r#"
            `new(…)` names no type: write `Name { field: value }`, or a constructor such as `Name::new(…)`
            expected `,`"#]],
    );
}

#[test]
fn branches_say_what_they_need() {
    check(
        "step A; branch x = order; branch order {}",
        &expect![[r#"
        write `branch name = match value { … };` or `branch name = if condition { … } else { … };`, both also without `name =`
        write `branch name = match value { … };` or `branch name = if condition { … } else { … };`, both also without `name =`"#]],
    );
    check(
        "step A; branch match order { X => step B; Y => { step B; } Z = 1, W => 1 V => 2 }",
        &expect![[r#"
            put the statements of an arm in braces: `=> { step … }`
            expected `=>`
            write a comma between arms"#]],
    );
}

#[test]
fn loops_say_what_they_need() {
    check(
        "parallel for x in order { step A { x }; } parallel for x in order, max = 0 { step B { x }; } parallel for x in order, mx = 3 { step C; }",
        &expect![[r#"
            say how many run at once behind the items: `, max = 8`
            write how many run at once, 1 to 1024: `max = 8`
            say how many run at once behind the items: `, max = 8`"#]],
    );
    check(
        "parallel x = { step A; step B; } parallel colect { step C; step D; }",
        &expect![[r#"
            a parallel block has no name, its arms have: leave out `x =`, or write `x = { … };` inside
            there is no mode `colect`; did you mean `collect`?"#]],
    );
    check(
        "parallel { sleep \"1s\"; step A; let x = 1; x }",
        &expect![[r#"
            put braces around an arm that begins with `sleep`: `{ sleep … }`
            put braces around an arm that begins with `let`: `{ let … }`
            an arm of `parallel` is a step, a branch or a block: write `step name = Action { … };`, `branch …;` or `name = { … };`"#]],
    );
    check(
        "repeat { step A; } until x; repeat max 100001 { step B; } until x; repeat max = 3 { step C; }",
        &expect![[r#"
            say how often at most: write `repeat max 10 { … } until done;`
            write how often at most, 1 to 100000: `max 10`
            leave out the `=`: write `repeat max 10 { … } until done;`
            unexpected end of input, say when it is done: write `repeat max 10 { … } until done;`"#]],
    );
}

#[test]
fn small_statements_say_what_they_need() {
    check(
        "step A; sleep 5; sleep \"soon\"; let x; let Some(y) = z else { 1 };",
        &expect![[r#"
            write a duration in quotes, such as "5s" or "100ms"
            "soon" is no duration: write numbers with units, such as "5s", "100ms" or "1h 30m"
            a `let` of a workflow has a value: write `let name = …;`
            a `let` of a workflow has no `else`: write `branch name = if let … { … } else { … };`"#]],
    );
    check(
        "step A; wait B with x; wait C where x = 1; wait D where x == 1 && y == 2, timeout 5;",
        &expect![[r#"
            write `;` or what is waited for: `where subject == order.id, timeout "24h"`
            a signal is picked by what it equals: write `x == value`
            write a comma between conditions
            write a duration in quotes, such as "5s" or "100ms""#]],
    );
    check(
        "step A; emit x = B {}; emit C with topic(1); emit D with subject(1, 2); emit E with;",
        &expect![[r#"
            nothing comes of an `emit`: leave out `x =`
            there is no key `topic` here; known are: subject
            `subject` takes one value: write `subject(order.id)`
            `with` needs something behind it: subject(…)"#]],
    );
    check(
        "step A with timeout = \"1s\"; step B with timeout(\"1s\", \"2s\"), retry(3);",
        &expect![[r#"
            `timeout` needs a list: write `timeout("10s")`
            `timeout` takes one value: write `timeout("10s")`
            write a key here: `key`, `key = value` or `key(…)`
            `retry` needs `times`: write `retry(times = 3, backoff = "100ms"..="2s")`"#]],
    );
}

#[test]
fn keys_say_what_they_need() {
    let texts = mistakes(
        "/// Docs.\n#[workflow(version = 0, dedline = \"1h\", saga = true, on_cancel = udno, tags)] Name { x, y: u8 z: u8 } { step A; }",
    );
    expect![[r#"
        `x` needs a type: write `x: Type`
        write a comma between params
        there is no key `dedline` here; did you mean `deadline`?
        write a whole number from 1 up: `version = 1`
        `saga` takes no value: write `saga` alone
        a cancel does not `udno`; did you mean `undo`?
        `tags` needs a list: write `tags("orders", "shop")`"#]]
    .assert_eq(&texts.join("\n"));
}

#[test]
fn a_head_comes_first() {
    for (text, expected) in [
        (
            "",
            expect![
                "unexpected end of input, write a workflow here: `/// What it does.` and `Name { … } -> Answer { … }`"
            ],
        ),
        (
            "Name -> u8 { step A; }",
            expect![
                "write the params of `Name` in braces, `{ order: Order }`, or `{}` where there are none"
            ],
        ),
        (
            "/// Docs.\nName<T> {} -> T { step A; }",
            expect![
                "a workflow can't be generic, since the registry knows it by one name: write one type here, or a workflow for each"
            ],
        ),
        (
            "/// Docs.\nName {}",
            expect![
                "unexpected end of input, write what `Name` does in braces: `{ step name = Action { … }; … }`"
            ],
        ),
        (
            "/// Docs.\nName {} { step A; } Other {} { step B; }",
            expect!["a workflow ends with its body: write one `workflow!` for each"],
        ),
    ] {
        expected.assert_eq(&mistakes(text).join("\n"));
    }
    assert!(read("Name { x: u8 } { step }").0.is_some());
    assert!(read("Name -> u8 {}").0.is_none());
}
