use enact::prelude::*;

#[signal]
enum OrderEvent {
    Created {
        #[param(min = 1)]
        cents: u64,
    },
}

fn main() {}
