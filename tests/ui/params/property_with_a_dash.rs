use enact::prelude::*;

#[derive(Params)]
#[serde(rename_all = "kebab-case")]
struct Part {
    /// Its place.
    place_of_birth: String,
}

fn main() {}
