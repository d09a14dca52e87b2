//! What a program with defective actions says when it starts: everything at once, with places.

use enact::prelude::*;
use enact::registry::Defect;

mod first {
    use super::*;

    /// Sends the report.
    #[derive(Debug, Action)]
    pub(super) struct SendReport;

    impl Run for SendReport {
        type Output = ();

        async fn run(&self, _cx: &Context) -> Result<(), Failure> {
            Ok(())
        }
    }
}

mod second {
    use super::*;

    /// Sends another report under the same name.
    #[derive(Debug, Action)]
    #[action(name = "send_report")]
    pub(super) struct SendIt;

    impl Run for SendIt {
        type Output = ();

        async fn run(&self, _cx: &Context) -> Result<(), Failure> {
            Ok(())
        }
    }
}

/// A default that only running code can tell.
const TOO_MANY: u8 = 12;

/// Prints copies.
#[derive(Debug, Action)]
struct PrintCopies {
    /// How many.
    #[param(max = 9, default = TOO_MANY)]
    copies: u8,
    /// On what.
    #[param(one_of("a4", "a5"), example = String::from("letter"))]
    paper: String,
}

impl Run for PrintCopies {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

#[test]
fn every_defect_of_the_program_is_told_at_once() {
    let error = Registry::open().unwrap_err();
    let text = error.to_string();
    assert_eq!(error.defects().len(), 2, "{text}");
    let Defect::SameName {
        name,
        first,
        second,
    } = &error.defects()[0]
    else {
        panic!("{text}")
    };
    assert_eq!(*name, "send_report");
    assert!(
        first.line < second.line && first.file.ends_with("startup.rs"),
        "{text}"
    );
    assert!(
        text.contains("give one of them another `#[action(name = \"…\")]`"),
        "{text}"
    );
    assert!(text.contains("\"print_copies\" at "), "{text}");
    assert!(
        text.contains("/properties/copies: the default 12 breaks its own rule"),
        "{text}"
    );
    assert!(
        text.contains("/properties/paper: the example \"letter\" breaks its own rule"),
        "{text}"
    );
}

#[test]
fn a_defective_program_does_not_start() {
    let panic = std::panic::catch_unwind(|| Registry::global().len()).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(
        text.starts_with("the program's actions are defective\n- two actions are named"),
        "{text}"
    );
}
