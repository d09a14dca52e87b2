//! A program whose actions are defective says so and does nothing else.

extern crate enact_action_core as enact;

use enact::prelude::*;
use enact_cli::{App, Exit, Io};

mod first {
    use super::*;

    /// Greets.
    #[derive(Action)]
    #[action(name = "greet", effect = read)]
    struct Greet;

    impl Run for Greet {
        type Output = ();
        async fn run(&self, _cx: &Context) -> Result<(), Failure> {
            Ok(())
        }
    }
}

mod second {
    use super::*;

    /// Greets too.
    #[derive(Action)]
    #[action(name = "greet", effect = read)]
    struct Greet;

    impl Run for Greet {
        type Output = ();
        async fn run(&self, _cx: &Context) -> Result<(), Failure> {
            Ok(())
        }
    }
}

#[test]
fn two_actions_of_one_name_stop_every_verb() {
    for verb in ["list", "run", "completions"] {
        let io = Io::captured(Vec::new(), Vec::new());
        assert_eq!(App::new("shop").run_from([verb], io), Exit::Misconfigured);
    }
}
