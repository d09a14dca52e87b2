//! Names that are keywords.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { r#for: u64, r#match: String } -> String {
        step r#type = Label { line: r#match };
        step r#loop = Price { of: r#for };
        step r#dyn = Label { line: format!("{match}") };
        step Save { text: format!("{dyn:>3}") };
        format!("{type}{loop}", type = r#type, loop = r#loop)
    }
}
