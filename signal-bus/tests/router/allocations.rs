//! What routing allocates, once its buffer has been used: nothing.

use std::hint::black_box;

use allocation_counter::measure;
use enact_signal_bus::{Buffer, Router, SharedRouter, priority};
use enact_signal_core::SignalType;

use super::{pattern, ty};

fn full() -> Router<u32, SignalType> {
    let mut router = Router::new();
    for number in 0..1000 {
        for end in ["order.created", "*.created", "**", "**.created.**"] {
            let text = format!("shop.t{number}.{end}");
            router
                .on(pattern(&text), priority(0), number)
                .when(|_| true);
        }
    }
    router
}

#[test]
fn a_buffer_that_was_used_is_all_that_routing_needs() {
    let (router, mut buffer) = (full(), Buffer::new());
    let names = [
        "shop.t7.order.created",
        "shop.t8.order.created",
        "none.of.them",
    ]
    .map(ty);
    let mut found = 0;
    for name in &names {
        found += router.route(name, &mut buffer).len();
    }
    let info = measure(|| {
        for name in &names {
            for one in &router.route(name, &mut buffer) {
                found += 1;
                black_box(one.handler());
            }
        }
    });
    assert_eq!((found, info.count_total), (16, 0), "{info:?}");
}

#[test]
fn a_shared_router_needs_no_more() {
    let (shared, mut buffer, name) = (SharedRouter::new(full()), Buffer::new(), ty("shop.t7.a"));
    shared.each(&name, &mut buffer, |_| ());
    let mut found = 0;
    let info = measure(|| found = shared.each(&name, &mut buffer, |one| _ = black_box(one.id())));
    assert_eq!((found, info.count_total), (1, 0), "{info:?}");
}

#[test]
fn an_edit_of_a_large_router_copies_a_small_part_of_it() {
    let mut router: Router<u32, SignalType> = Router::new();
    for number in 0..100_000 {
        router.on(pattern(&format!("shop.t{number}.**")), priority(0), number);
    }
    let shared = SharedRouter::new(router);
    let new = pattern("shop.new.**");
    let info = measure(|| {
        shared.edit(|router| router.on(new, priority(0), 7).id());
    });
    // A few pages of each kind, of 64 KiB at most, and the references to all others.
    assert!(info.bytes_total < 400 * 1024, "{info:?}");
}
