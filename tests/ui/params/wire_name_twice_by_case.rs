use enact::prelude::*;

#[derive(Params)]
#[serde(rename_all = "camelCase")]
struct Part {
    /// One.
    one_two: u8,
    /// Two.
    #[allow(non_snake_case, reason = "the case is what is tested")]
    oneTwo: u8,
}

fn main() {}
