//! Names of the prelude and of our own generated code, taken by the user.

#![allow(dead_code, unused_macros, reason = "the names are what is tested")]

mod std {}
mod core {}
mod alloc {}
mod serde {}
mod schemars {}
mod serde_json {}
mod inventory {}
mod enact_private {}

macro_rules! line {
    () => {
        compile_error!("not mine")
    };
}
macro_rules! file {
    () => {
        compile_error!("not mine")
    };
}
macro_rules! concat {
    () => {
        compile_error!("not mine")
    };
}

mod shop {
    use ::enact::{Action, Context, Failure, Params, Run};

    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct Vec;
    pub struct Box;
    pub struct Result;
    pub trait Default {}
    pub trait From {}
    pub trait Into {}
    pub trait Send {}
    pub trait Sync {}
    pub trait Clone {}
    pub trait Fn {}
    pub trait FnMut {}
    pub trait FnOnce {}
    pub trait Iterator {}
    pub const LABELS: u8 = 1;
    pub const ENTRY: u8 = 2;
    pub const RUNNING: u8 = 3;

    /// A vote.
    #[derive(Params)]
    pub enum Option {
        /// For it.
        Yes,
        /// Against it.
        No,
    }

    /// A text of the user's own.
    #[derive(Params)]
    pub struct String {
        /// What it says.
        says: ::std::string::String,
    }

    /// Votes.
    #[derive(Action)]
    #[action(effect = idempotent, undo, timeout = "1s", needs(Result))]
    pub struct Vote {
        /// The vote.
        pub vote: Option,
        /// Why.
        pub why: String,
        /// The ballot.
        #[param(default = LABELS + ENTRY + RUNNING, min = 1)]
        pub ballot: u8,
        /// Who votes.
        #[param(default = "anybody", len = 1..)]
        pub who: ::std::string::String,
    }

    impl Run for Vote {
        type Output = ::std::string::String;
        async fn run(&self, _: &Context) -> ::std::result::Result<Self::Output, Failure> {
            ::std::result::Result::Ok(self.who.clone())
        }
    }

    impl ::enact::Undo for Vote {
        async fn undo(
            &self,
            _: ::std::option::Option<&Self::Output>,
            _: &Context,
        ) -> ::std::result::Result<(), Failure> {
            ::std::result::Result::Ok(())
        }
    }

    pub fn vote() -> Vote {
        Vote::new(Option::Yes, String::new("because"))
    }
}

mod some {
    // schemars' derive says `Some` for a field with a default; without one, the name is free.
    pub struct Some;

    /// A seat.
    #[derive(::enact::Params)]
    pub struct Seat {
        /// Its row.
        #[param(min = 1)]
        pub row: Option<u8>,
    }
}

#[test]
fn it_does_what_it_says() {
    assert!(some::Seat::new().row.is_none());
    assert_eq!(shop::vote().ballot, 6);
    assert_eq!(shop::vote().who, "anybody");
}
