//! Many tries of one thing, from one seed, over all processors.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where choices begin: `ENACT_SEED`, or a new seed each time.
pub(crate) fn seed() -> u64 {
    let told = std::env::var("ENACT_SEED").ok();
    told.map_or_else(|| fastrand::u64(..), |told| told.parse().unwrap())
}

/// Does it for each number below `count`; what came of each, in order.
pub(crate) fn spread<T: Send>(count: usize, one: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    // Most of a try is waiting for another process.
    let threads = std::thread::available_parallelism().map_or(1, usize::from) * 2;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let made = one(number);
                    found.lock().unwrap().push((number, made));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, made)| made).collect()
}
