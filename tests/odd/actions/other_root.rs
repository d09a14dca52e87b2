//! The crate under another name, and behind a module of another.

extern crate enact as renamed;

mod deep {
    pub mod reexports {
        pub use ::enact as hands;
    }
}

/// By another name.
#[derive(renamed::Action)]
#[action(crate = renamed, effect = read, timeout = "2s")]
struct ByName {
    /// A value.
    #[param(min = 1, default = 2)]
    value: u8,
    /// A part.
    part: Option<Part>,
}

/// Through a module.
#[derive(renamed::Params)]
#[params(crate = crate::actions::other_root::deep::reexports::hands)]
struct Part {
    /// Text.
    #[param(default = "x", pattern = "^x")]
    text: String,
}

impl renamed::Run for ByName {
    type Output = u8;
    async fn run(&self, _: &renamed::Context) -> Result<u8, renamed::Failure> {
        Ok(self.value)
    }
}

#[test]
fn it_does_what_it_says() {
    assert_eq!(ByName::new().value, 2);
    assert_eq!(Part::new().text, "x");
}
