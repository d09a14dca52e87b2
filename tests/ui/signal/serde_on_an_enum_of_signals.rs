use enact::prelude::*;

#[signal]
#[serde(tag = "kind", rename_all = "camelCase")]
enum OrderEvent {
    #[signal(type = "order.moved")]
    Moved { how_far: u8 },
}

fn main() {}
