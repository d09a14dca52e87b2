use enact::prelude::*;

#[signal]
enum OrderEvent {
    #[signal(type = "order.moved")]
    Moved(#[cfg(unix)] u8, u8),
}

fn main() {}
