//! The derive, its keys and the fields may each come from another macro, or from its caller.

use enact::prelude::*;

macro_rules! fields {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        struct $name {
            /// A number.
            #[param(min = 1)]
            number: u8,
            /// Words.
            #[param(len = 1..)]
            words: Vec<String>,
        }

        impl Run for $name {
            type Output = ();
            async fn run(&self, _: &Context) -> Result<(), Failure> {
                Ok(())
            }
        }

        impl Undo for $name {
            async fn undo(&self, _: Option<&()>, _: &Context) -> Result<(), Failure> {
                Ok(())
            }
        }
    };
}

fields! {
    /// The derive comes from the caller, the fields from the macro.
    #[derive(Debug, Action)]
    #[action(undo)]
    Caller
}

macro_rules! derived {
    ($(#[$meta:meta])* struct $name:ident { $($rest:tt)* }) => {
        #[derive(Debug, Action)]
        $(#[$meta])*
        struct $name { $($rest)* }
    };
}

derived! {
    /// The derive comes from the macro, all else from the caller.
    #[action(undo)]
    struct Inner {
        /// A number.
        #[param(min = 1, check = small)]
        number: u8,
        /// A list.
        #[param(items(min = 1), unique)]
        list: Vec<u8>,
    }
}

impl Run for Inner {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

impl Undo for Inner {
    async fn undo(&self, _: Option<&()>, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

fn small(number: &u8) -> Result<(), &'static str> {
    if *number < 9 {
        Ok(())
    } else {
        Err("must be small")
    }
}

#[test]
fn it_does_what_it_says() {
    assert_eq!(Caller::new(0, vec![]).validate().unwrap_err().len(), 2);
    assert_eq!(Inner::new(9, vec![0, 0]).validate().unwrap_err().len(), 4);
}
