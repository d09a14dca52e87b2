use enact::prelude::*;

#[signal]
enum OrderEvent {
    #[signal(type = "order.paid", check = fits)]
    Paid { cents: u64 },
}

fn fits(_: &OrderEvent) -> Result<(), &'static str> {
    Ok(())
}

fn main() {}
