//! What runs, in which order, and what reads what.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::world::{Do, World};
use crate::{accepted, plan, run, say};

#[tokio::test(start_paused = true)]
async fn steps_run_in_their_order_and_read_what_is_behind_them() {
    let world = World::default();
    let steps = json!([
        say("first", "one"),
        { "step": "second", "action": "say", "params": { "word": { "ref": "/steps/first" } } },
        { "step": "third", "action": "add", "params": { "a": 1, "b": 2 } },
        { "step": "fourth", "action": "add", "params": { "a": { "ref": "/steps/third" }, "b": { "ref": "/steps/third" } } }
    ]);
    let answer =
        json!({ "words": [{ "ref": "/steps/second" }, "x"], "sum": { "ref": "/steps/fourth" } });
    let answer = run(&plan(&steps, &answer), &world).await.unwrap();
    assert_eq!(answer, json!({ "words": ["ONE", "x"], "sum": 6 }));
    assert_eq!(world.log(), ["one", "ONE"]);
}

#[tokio::test(start_paused = true)]
async fn inputs_and_their_defaults_are_read() {
    let world = World::default();
    let mut plan = plan(
        &json!([{ "step": "s", "action": "add", "params": { "a": { "ref": "/params/a" }, "b": { "ref": "/params/b" } } }]),
        &json!({ "ref": "/steps/s" }),
    );
    plan["params"] =
        json!({ "a": { "type": "integer" }, "b": { "type": "integer", "default": 5 } });
    let plan = accepted(&plan);
    let answer = plan.run(&json!({ "a": 2 }), &world.cx()).await.unwrap();
    assert_eq!(answer, 7);
    let failure = plan
        .run(&json!({ "a": "2" }), &world.cx())
        .await
        .unwrap_err();
    assert_eq!(failure.code(), "plan.refused");
    // A plan runs as often as it is asked to.
    let again = plan
        .run(&json!({ "a": 3, "b": 1 }), &world.cx())
        .await
        .unwrap();
    assert_eq!(again, 4);
}

/// A branch over the number `a`.
fn branching() -> Value {
    let mut plan = plan(
        &json!([{ "branch": "size", "when": [
            { "if": { "gt": [{ "ref": "/params/a" }, 10] }, "then": [say("many", "many")], "answer": { "ref": "/steps/many" } },
            { "if": { "eq": [{ "ref": "/params/a" }, 0] }, "then": [{ "stop": "nothing to do" }] }
        ], "else": { "answer": "few" } }, say("last", "last")]),
        &json!({ "ref": "/steps/size" }),
    );
    plan["params"] = json!({ "a": { "type": "integer" } });
    plan
}

#[tokio::test(start_paused = true)]
async fn the_first_arm_whose_condition_holds_runs_and_no_other() {
    let plan = accepted(&branching());
    for (a, expected, log) in [
        (11, "MANY", vec!["many", "last"]),
        (10, "few", vec!["last"]),
        (0, "nothing to do", vec![]),
    ] {
        let world = World::default();
        let answer = plan.run(&json!({ "a": a }), &world.cx()).await.unwrap();
        assert_eq!(answer, expected);
        assert_eq!(world.log(), log);
    }
}

#[tokio::test(start_paused = true)]
async fn a_branch_without_an_arm_for_it_comes_to_nothing() {
    let steps = json!([{ "branch": "b", "when": [{ "if": { "exists": { "ref": "/params/a" } }, "answer": 1 }] }]);
    let mut plan = plan(&steps, &json!([{ "ref": "/steps/b" }]));
    plan["params"] = json!({ "a": { "type": ["integer", "null"], "default": null } });
    let answer = run(&plan, &World::default()).await.unwrap();
    assert_eq!(answer, json!([null]));
}

#[tokio::test(start_paused = true)]
async fn arms_of_a_parallel_run_at_once() {
    let steps = json!([{ "parallel": "p", "arms": [
        [{ "sleep": "100ms" }, say("a", "a")],
        [{ "sleep": "100ms" }, say("b", "b")]
    ] }]);
    let since = Instant::now();
    let answer = json!([{ "ref": "/steps/a" }, { "ref": "/steps/b" }]);
    let answer = run(&plan(&steps, &answer), &World::default())
        .await
        .unwrap();
    assert_eq!(since.elapsed().as_millis(), 100);
    assert_eq!(answer, json!(["A", "B"]));
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_stops_the_others() {
    let world = World::default()
        .will("bad", [Do::Fail("say.bad")])
        .will("slow", [Do::Wait(500)]);
    let steps = json!([{ "parallel": "p", "arms": [
        [say("slow", "slow"), say("then", "then")],
        [{ "sleep": "100ms" }, say("bad", "bad")]
    ] }]);
    let since = Instant::now();
    let failure = run(&plan(&steps, &Value::Null), &world).await.unwrap_err();
    assert_eq!(since.elapsed().as_millis(), 100);
    assert_eq!((failure.code(), failure.step()), ("say.bad", Some("p/bad")));
    assert_eq!(world.log(), ["slow", "bad"]);
}

#[tokio::test(start_paused = true)]
async fn with_collect_all_run_to_their_end() {
    let world = World::default()
        .will("bad", [Do::Fail("say.bad")])
        .will("slow", [Do::Wait(500)]);
    let steps = json!([{ "parallel": "p", "collect": true, "arms": [
        [say("slow", "slow"), say("then", "then")],
        [say("bad", "bad"), say("never", "never")]
    ] }, say("later", "later")]);
    let failure = run(&plan(&steps, &Value::Null), &world).await.unwrap_err();
    assert_eq!(failure.code(), "say.bad");
    assert_eq!(world.log(), ["slow", "bad", "slow is over", "then"]);
}

/// A `for_each` over words, so many at once.
fn each(words: &[&str], max: u32, collect: bool) -> Value {
    plan(
        &json!([{ "for_each": "labels", "in": words, "max": max, "collect": collect,
            "do": [{ "step": "label", "action": "say", "params": { "word": { "ref": "/item" } } }],
            "answer": { "is": { "ref": "/steps/label" } } }]),
        &json!({ "ref": "/steps/labels" }),
    )
}

#[tokio::test(start_paused = true)]
async fn the_answers_of_a_for_each_keep_the_order_of_the_items() {
    let world = World::default()
        .will("a", [Do::Wait(300)])
        .will("b", [Do::Wait(100)])
        .will("c", [Do::Wait(200)]);
    let since = Instant::now();
    let answer = run(&each(&["a", "b", "c"], 8, false), &world)
        .await
        .unwrap();
    assert_eq!(answer, json!([{ "is": "A" }, { "is": "B" }, { "is": "C" }]));
    assert_eq!(since.elapsed(), Duration::from_millis(300));
    assert_eq!(world.log()[3..], ["b is over", "c is over", "a is over"]);
}

#[tokio::test(start_paused = true)]
async fn so_many_items_run_at_once_and_no_more() {
    let words = ["a", "b", "c", "d", "e"];
    for (max, millis) in [(1, 500), (2, 300), (5, 100), (100, 100)] {
        let scripted = |world: World, word: &&str| world.will(word, [Do::Wait(100)]);
        let world = words.iter().fold(World::default(), scripted);
        let since = Instant::now();
        run(&each(&words, max, false), &world).await.unwrap();
        assert_eq!(since.elapsed(), Duration::from_millis(millis), "{max}");
        assert_eq!(world.most_busy(), max.min(5));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_which_item_it_is() {
    let words = ["a", "b", "c", "d", "e"];
    let world = World::default().will("d", [Do::Fail("say.bad")]);
    let failure = run(&each(&words, 1, false), &world).await.unwrap_err();
    assert_eq!(failure.step(), Some("labels[3]/label"));
    assert_eq!(world.log(), ["a", "b", "c", "d"]);
    let world = World::default().will("d", [Do::Fail("say.bad")]);
    let failure = run(&each(&words, 1, true), &world).await.unwrap_err();
    assert_eq!(failure.step(), Some("labels[3]/label"));
    assert_eq!(world.log(), words);
}

#[tokio::test(start_paused = true)]
async fn nothing_to_do_for_no_items() {
    let answer = run(&each(&[], 1, false), &World::default()).await.unwrap();
    assert_eq!(answer, json!([]));
}

#[tokio::test(start_paused = true)]
async fn loops_nest_and_an_item_is_known_by_the_name_of_its_loop() {
    let steps = json!([{ "for_each": "outer", "in": [[1, 2], [3]], "do": [
        { "for_each": "inner", "in": { "ref": "/item" }, "do": [
            { "step": "sum", "action": "add", "params": { "a": { "ref": "/items/outer/0" }, "b": { "ref": "/item" } } }
        ], "answer": { "ref": "/steps/sum" } }
    ], "answer": { "ref": "/steps/inner" } }]);
    let world = World::default();
    let answer = run(&plan(&steps, &json!({ "ref": "/steps/outer" })), &world).await;
    assert_eq!(answer.unwrap(), json!([[2, 3], [6]]));
    let mut wrong = steps;
    wrong[0]["in"] = json!([[1, 2], [101]]);
    let failure = run(&plan(&wrong, &Value::Null), &world).await.unwrap_err();
    assert_eq!(failure.code(), "invalid.inside");
    assert_eq!(failure.step(), Some("outer[1]/inner[0]/sum"));
}

#[tokio::test(start_paused = true)]
async fn a_path_has_an_index_for_each_loop_around() {
    let nest = |inner, level| {
        json!([{ "for_each": format!("l{level}"), "in": ["x", "y"], "max": 1, "do": inner,
            "answer": { "ref": format!("/items/l{level}") } }])
    };
    let steps = (0..6).fold(json!([say("s", "s")]), nest);
    let last = (0..63).map(|_| Do::Wait(1)).chain([Do::Fail("say.bad")]);
    let world = World::default().will("s", last);
    let failure = run(&plan(&steps, &Value::Null), &world).await.unwrap_err();
    let path = "l5[1]/l4[1]/l3[1]/l2[1]/l1[1]/l0[1]/s";
    assert_eq!(failure.step(), Some(path));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_is_not_there_is_a_failure_of_the_statement_that_reads_it() {
    let mut plan = plan(
        &json!([{ "step": "s", "action": "say", "params": { "word": { "ref": "/params/o/word" } } }]),
        &Value::Null,
    );
    plan["params"] = json!({ "o": { "type": "object", "default": {} } });
    let failure = run(&plan, &World::default()).await.unwrap_err();
    assert_eq!((failure.code(), failure.step()), ("plan.absent", Some("s")));
    plan["steps"][0]["params"]["word"]["default"] = json!("hm");
    run(&plan, &World::default()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_plan_with_its_answer() {
    let world = World::default();
    let steps = json!([say("a", "a"),
        { "branch": "b", "when": [{ "if": { "eq": [{ "ref": "/steps/a" }, "A"] },
            "then": [{ "stop": { "early": { "ref": "/steps/a" } } }] }] },
        say("c", "c")]);
    let answer = run(&plan(&steps, &json!("late")), &world).await.unwrap();
    assert_eq!(answer, json!({ "early": "A" }));
    assert_eq!(world.log(), ["a"]);
}
