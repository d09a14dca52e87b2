//! When a breaker opens and closes: pure, told the time.

use std::time::Duration;

/// When a target is left alone, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    /// So many failures without a success between them open it; 5 by default.
    pub failures: u32,
    /// How long it stays open; 30 s by default.
    pub rest: Duration,
    /// So many deliveries are let through at once when that is over, and have to succeed for it to close;
    /// 1 by default.
    pub probes: u32,
}

impl Default for Trip {
    fn default() -> Self {
        Self {
            failures: 5,
            rest: Duration::from_secs(30),
            probes: 1,
        }
    }
}

/// So long it is to stay away who comes while probes are under way, or the rest where that is shorter.
const PROBE: Duration = Duration::from_secs(1);

/// The state of one target, as its deliveries tell it.
#[derive(Debug)]
pub(super) struct Circuit {
    trip: Trip,
    state: State,
    /// Counts changes of the state: what was let through before one says nothing about what is after.
    epoch: u64,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { until: Duration },
    HalfOpen { under_way: u32, passed: u32 },
}

/// A delivery that was let through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass(u64);

/// What it says about the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Well,
    Ill,
    /// It was given up, or never reached the target.
    Nothing,
}

impl Circuit {
    pub(super) fn new(trip: Trip) -> Self {
        Self {
            trip: Trip {
                failures: trip.failures.max(1),
                probes: trip.probes.max(1),
                ..trip
            },
            state: State::Closed { failures: 0 },
            epoch: 0,
        }
    }

    /// Lets a delivery through, or says how long to stay away.
    pub(super) fn admit(&mut self, now: Duration) -> Result<Pass, Duration> {
        if let State::Open { until } = self.state {
            if now < until {
                return Err(until.saturating_sub(now));
            }
            self.go(State::HalfOpen {
                under_way: 0,
                passed: 0,
            });
        }
        if let State::HalfOpen { under_way, passed } = &mut self.state {
            if *under_way + *passed >= self.trip.probes {
                return Err(self.trip.rest.min(PROBE));
            }
            *under_way += 1;
        }
        Ok(Pass(self.epoch))
    }

    /// Takes note of what came of a delivery.
    pub(super) fn record(&mut self, now: Duration, pass: Pass, verdict: Verdict) {
        if pass.0 != self.epoch {
            return;
        }
        let Trip {
            failures: most,
            rest,
            probes,
        } = self.trip;
        let until = now.saturating_add(rest);
        match (&mut self.state, verdict) {
            (State::Closed { failures }, Verdict::Well) => *failures = 0,
            (State::Closed { failures }, Verdict::Ill) => {
                *failures += 1;
                if *failures >= most {
                    self.go(State::Open { until });
                }
            }
            (State::HalfOpen { .. }, Verdict::Ill) => self.go(State::Open { until }),
            (State::HalfOpen { under_way, passed }, verdict) => {
                *under_way -= 1;
                *passed += u32::from(verdict == Verdict::Well);
                if *passed >= probes {
                    self.go(State::Closed { failures: 0 });
                }
            }
            (State::Closed { .. } | State::Open { .. }, _) => {}
        }
    }

    fn go(&mut self, state: State) {
        self.state = state;
        self.epoch += 1;
    }
}
