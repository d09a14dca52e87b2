use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// So small.
    #[param(multiple_of = 0.0000000001)]
    small: f64,
    /// So large.
    #[param(items(multiple_of = 9007199254740993))]
    large: Vec<u64>,
}

fn main() {}
