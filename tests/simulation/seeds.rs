//! One seed after the other.

use crate::judge::Met;
use crate::scenario::Scenario;

/// How many seeds are tried where nobody says otherwise.
const SEEDS: u64 = 200;

fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|told| told.parse().ok())
}

#[test]
fn whatever_happens_runs_end_as_their_model_does() {
    if let Some(seed) = told("ENACT_SEED") {
        let story = Scenario::random(seed).play();
        println!("{}", story.told.join("\n"));
        return story.judge(&format!("seed {seed}"));
    }
    let seeds = told("ENACT_SEEDS").unwrap_or(SEEDS);
    let mut met = Met::default();
    for seed in 0..seeds {
        let story = Scenario::random(seed).play();
        story.judge(&format!("ENACT_SEED={seed} shows it again"));
        let story = story.met;
        met.crashes += story.crashes;
        met.faults += story.faults;
        met.closes += story.closes;
        met.failures += story.failures;
        met.cancelled += story.cancelled;
        met.terminated += story.terminated;
        met.retried += story.retried;
    }
    println!("{seeds} seeds: {met:?}");
    let all = [
        met.crashes,
        met.faults,
        met.closes,
        met.failures,
        met.cancelled,
        met.terminated,
        met.retried,
    ];
    assert!(
        seeds < SEEDS || all.iter().all(|count| *count > 0),
        "{met:?}"
    );
}

#[test]
fn a_seed_goes_the_same_way_each_time() {
    for seed in 0..20 {
        let (first, again) = (Scenario::random(seed).play(), Scenario::random(seed).play());
        assert_eq!(first.told, again.told, "seed {seed}");
    }
}
