use enact::prelude::*;

#[derive(Params)]
struct Part {
    #[serde(skip)]
    cache: Cache,
}

struct Cache;

fn main() {}
