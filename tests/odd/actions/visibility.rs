//! Actions and params that only a part of the crate sees.

mod inner {
    use enact::prelude::*;

    /// For the crate.
    #[derive(Action)]
    pub(crate) struct ForCrate {
        /// For the module above.
        pub(super) above: Private,
        /// For nobody.
        own: u8,
    }

    /// Private in a public place.
    #[derive(Params)]
    pub(crate) struct Private(#[param(min = 1)] u8);

    impl Run for ForCrate {
        type Output = u8;
        async fn run(&self, _: &Context) -> Result<u8, Failure> {
            Ok(self.own + self.above.0)
        }
    }

    pub(crate) fn make() -> ForCrate {
        ForCrate::new(Private(1), 2)
    }
}

#[test]
fn it_does_what_it_says() {
    let _ = inner::make().above;
}
