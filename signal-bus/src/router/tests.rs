//! What can't be seen from outside: colliding hashes, and what is left behind.

use enact_signal_core::{Pattern, SignalType};
use fastrand::Rng;

use super::tree::Tree;
use super::{Buffer, Priority, Router};

fn name(rng: &mut Rng, choices: &[&str]) -> String {
    let segments = (0..rng.usize(1..6)).map(|_| *rng.choice(choices).expect("there are some"));
    segments.collect::<Vec<_>>().join(".")
}

fn pattern(rng: &mut Rng) -> Pattern {
    loop {
        if let Ok(pattern) = Pattern::new(name(rng, &["a", "b", "c", "*", "**"])) {
            return pattern;
        }
    }
}

/// Paths of the same hash are looked at together, and are told apart all the same.
#[test]
fn hashes_that_collide_change_no_answer() {
    for seed in 0..200 {
        let mut rng = Rng::with_seed(seed);
        let mut router: Router<(), SignalType> = Router::new();
        router.tree = Tree::weak(if seed % 2 == 0 { 0xfff } else { 0x7f });
        let mut ids = Vec::new();
        let mut buffer = Buffer::new();
        for _ in 0..60 {
            if rng.u8(0..4) == 0 && !ids.is_empty() {
                let id = ids.swap_remove(rng.usize(..ids.len()));
                assert!(router.remove(id).is_some());
            } else {
                ids.push(router.on(pattern(&mut rng), Priority::default(), ()).id());
            }
            let ty = SignalType::new(name(&mut rng, &["a", "b", "c"])).expect("it is one");
            let found: Vec<_> = router
                .route(&ty, &mut buffer)
                .iter()
                .map(|one| one.id())
                .collect();
            let mut sorted = found.clone();
            sorted.sort_unstable();
            let routes = router
                .routes()
                .filter(|(_, route)| route.pattern().matches(&ty));
            let expected: Vec<_> = routes.map(|(id, _)| id).collect();
            assert_eq!(sorted, expected, "seed {seed}: {ty}");
        }
    }
}

#[test]
fn nothing_is_left_of_routes_that_were_taken_out() {
    let mut rng = Rng::with_seed(7);
    let mut router: Router<(), SignalType> = Router::new();
    for _ in 0..20 {
        let add = |_| router.on(pattern(&mut rng), Priority::default(), ()).id();
        let mut ids: Vec<_> = (0..500).map(add).collect();
        rng.shuffle(&mut ids);
        for id in ids {
            assert!(router.remove(id).is_some());
        }
        assert_eq!((router.len(), router.tree.nodes()), (0, 1));
    }
    assert!(router.slots.rooms() <= 512, "slots are used again");
}

#[test]
fn a_full_table_of_nodes_finds_all_of_them() {
    let mut router: Router<u32, SignalType> = Router::new();
    let text = |number| format!("t{}.u{}.v{number}", number % 7, number % 100);
    for number in 0..20_000 {
        let pattern = Pattern::new(text(number)).expect("it is one");
        router.on(pattern, Priority::default(), number);
    }
    let mut buffer = Buffer::new();
    for number in 0..20_000 {
        let ty = SignalType::new(text(number)).expect("it is one");
        let found = router.route(&ty, &mut buffer);
        assert!(found.iter().map(|one| *one.handler()).eq([number]));
    }
}
