//! Snapshots of whole expansions, as they are formatted under `tests/expand/`.

use expect_test::{ExpectFile, expect_file};

#[track_caller]
fn check(text: &str, expected: &ExpectFile) {
    let tokens = text.parse().expect("the test's text has matching braces");
    let file = syn::parse2(crate::run(tokens)).expect("the macro prints items");
    let text = format!(
        "//! What the macro prints, as `expand::tests` has it.\n\n{}",
        prettyplease::unparse(&file)
    );
    expected.assert_eq(&text);
}

#[test]
fn a_workflow_is_params_an_action_a_graph_and_a_body() {
    check(
        r#"
        /// Takes an order.
        #[workflow(version = 2, deadline = "1h", saga)]
        pub TakeOrder { order: Order } -> Receipt {
            step stock = ReserveStock { items: order.items, most: 9 };
            branch total = match order.tier {
                Tier::Standard => stock.total,
                Tier::Premium(rate) => stock.total * rate,
            };
            pivot step charge = ChargeCard { amount: total } with timeout("10s");
            Receipt { id: charge.id, total }
        }
        "#,
        &expect_file!["../../tests/expand/sequence.rs"],
    );
}

#[test]
fn arms_run_side_by_side() {
    check(
        r"
        /// Ships an order.
        Ship { order: Order } -> Vec<String> {
            parallel {
                step quote = Quote { to: order.address };
                step stock = Take { items: order.items };
            }
            parallel labels = for line in stock.lines, max = 8 {
                step label = Print { line, rate: quote.rate };
                label.url
            };
            labels
        }
        ",
        &expect_file!["../../tests/expand/side_by_side.rs"],
    );
}

#[test]
fn a_wait_keeps_what_its_signal_is_compared_with() {
    check(
        r#"
        /// Waits until an order is approved.
        Approve { order: u64 } -> String {
            wait approval = OrderApproved where subject == order.to_string(), by == "ada", timeout "24h";
            approval.note
        }
        "#,
        &expect_file!["../../tests/expand/wait.rs"],
    );
}

#[test]
fn a_faulty_workflow_is_an_action_that_never_runs() {
    check(
        r"
        /// Ships an order.
        Ship { order: Order } -> String {
            pivot step quote = Quote { to: order.address };
            quote.text
        }
        ",
        &expect_file!["../../tests/expand/fallback.rs"],
    );
}
