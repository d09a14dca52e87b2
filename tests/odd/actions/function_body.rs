//! An action inside of a function, with all that it needs.

use enact::prelude::*;

#[test]
fn it_does_what_it_says() {
    const LIMIT: u8 = 7;

    /// Waits.
    #[derive(Action)]
    struct Wait {
        /// How long.
        #[param(default = LIMIT, check = odd)]
        seconds: u8,
        /// On what.
        on: Option<On>,
    }

    /// What is waited for.
    #[derive(Params)]
    enum On {
        /// A bell.
        Bell,
    }

    fn odd(seconds: &u8) -> Result<(), &'static str> {
        if seconds % 2 == 1 {
            Ok(())
        } else {
            Err("must be odd")
        }
    }

    impl Run for Wait {
        type Output = ();
        async fn run(&self, _: &Context) -> Result<(), Failure> {
            Ok(())
        }
    }

    assert_eq!(Wait::new().seconds, 7);
    let _ = On::Bell;
    assert!(Registry::global().get("wait").is_some());
}
