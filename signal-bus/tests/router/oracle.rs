//! The router against the rule, written as it is read: all routes, filtered and sorted.

use std::cmp::{Ordering, Reverse};

use enact_signal_bus::{Buffer, RouteId, Router, Why, priority};
use enact_signal_core::SignalType;
use fastrand::Rng;

use super::{pattern, ty};

/// What the oracle knows of a route.
#[derive(Clone)]
struct Known {
    id: RouteId,
    pattern: String,
    priority: i64,
    added: usize,
    admits: bool,
}

/// Every way to lay the wildcards out.
fn stands_for(pattern: &[&str], name: &[&str]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((&"**", rest)), _) => (0..=name.len()).any(|taken| stands_for(rest, &name[taken..])),
        (Some((&"*", rest)), Some((_, after))) => stands_for(rest, after),
        (Some((wanted, rest)), Some((found, after))) => wanted == found && stands_for(rest, after),
        (Some(_), None) => false,
    }
}

/// Segment by segment from the left: exact, then `*`, then the end, then `**`.
fn narrower(one: &str, other: &str) -> Ordering {
    let classes = |text: &str| -> Vec<u8> {
        let class = |segment| match segment {
            "*" => 1,
            "**" => 3,
            _ => 0,
        };
        text.split('.').map(class).chain([2]).collect()
    };
    classes(one).cmp(&classes(other))
}

fn expected(routes: &[Known], name: &str) -> Vec<RouteId> {
    let name: Vec<_> = name.split('.').collect();
    let matching = |route: &&Known| {
        let segments: Vec<_> = route.pattern.split('.').collect();
        route.admits && stands_for(&segments, &name)
    };
    let mut matching: Vec<_> = routes.iter().filter(matching).collect();
    matching.sort_by(|one, other| {
        Reverse(one.priority)
            .cmp(&Reverse(other.priority))
            .then_with(|| narrower(&one.pattern, &other.pattern))
            .then(one.added.cmp(&other.added))
    });
    matching.iter().map(|route| route.id).collect()
}

fn name(rng: &mut Rng, choices: &[&str], longest: usize) -> String {
    loop {
        let length = rng.usize(1..=longest);
        let segments = (0..length).map(|_| *rng.choice(choices).expect("there are some"));
        let text = segments.collect::<Vec<_>>().join(".");
        if !text.contains("**.**") {
            return text;
        }
    }
}

/// Routes come and go; after each change, a few types are routed.
fn life(seed: u64, names: &[&str], longest: usize) {
    let mut rng = Rng::with_seed(seed);
    let segments = [names, &["*", "**"]].concat();
    let mut router: Router<usize, SignalType> = Router::new();
    let (mut known, mut buffer): (Vec<Known>, _) = (Vec::new(), Buffer::new());
    for added in 0..rng.usize(1..80) {
        if rng.u8(0..5) == 0 && !known.is_empty() {
            let gone = known.swap_remove(rng.usize(..known.len()));
            assert_eq!(
                router.remove(gone.id).map(|route| *route.handler()),
                Some(gone.added)
            );
        }
        let text = name(&mut rng, &segments, longest);
        let number = *rng
            .choice(&[-100, -1, 0, 0, 0, 1, 100])
            .expect("there are some");
        let admits = rng.u8(0..6) != 0;
        let route = router.on(pattern(&text), priority(number), added);
        let id = if rng.bool() || !admits {
            route.when(move |_| admits).id()
        } else {
            route.id()
        };
        known.push(Known {
            id,
            pattern: text,
            priority: number,
            added,
            admits,
        });
        for _ in 0..3 {
            let text = name(&mut rng, names, longest + 2);
            let name = ty(&text);
            let matches = router.route(&name, &mut buffer);
            let found: Vec<_> = matches.iter().map(|found| found.id()).collect();
            assert_eq!(
                found,
                expected(&known, &text),
                "seed {seed}: {text} in {router:?}"
            );
        }
    }
    explain(&router, &known, &name(&mut rng, names, longest));
}

/// What is explained is what is done.
fn explain(router: &Router<usize, SignalType>, known: &[Known], text: &str) {
    let explanation = router.explain_event(&ty(text));
    let ids: Vec<_> = explanation
        .matching()
        .iter()
        .map(enact_signal_bus::Explained::id)
        .collect();
    assert_eq!(ids, expected(known, text));
    assert_eq!(ids.len() + explanation.others().len(), known.len());
    for other in explanation.others() {
        let refused = known
            .iter()
            .any(|route| route.id == other.id() && !route.admits);
        assert!(
            !matches!(other.why(), Why::Matches | Why::MatchesWhen),
            "{explanation}"
        );
        assert!(refused || *other.why() != Why::Predicate, "{explanation}");
    }
}

#[test]
fn few_segments_in_short_names_are_routed_by_the_rule() {
    for seed in 0..120 {
        life(seed, &["a", "b"], 5);
    }
}

#[test]
fn many_segments_in_long_names_are_routed_by_the_rule() {
    for seed in 0..60 {
        life(seed, &["a", "b", "aa", "a-1", "order", "B"], 12);
    }
}

#[test]
fn one_segment_again_and_again_is_routed_by_the_rule() {
    for seed in 0..60 {
        life(seed, &["a"], 9);
    }
}
