//! Workflows that have every construct between them.

use enact::prelude::*;
use enact::workflow::signals::Signal;

use crate::world::{Done, World};

/// Looks something up.
#[derive(Debug, Action)]
#[action(effect = read, name = "sim_look", retry(times = 3, backoff = "10ms"..="1s"))]
pub(crate) struct Look {
    /// What for.
    pub(crate) at: u32,
}

impl Run for Look {
    type Output = u32;

    async fn run(&self, cx: &Context) -> Result<u32, Failure> {
        cx.resource::<World>()?.act(cx, Done::Looked).await?;
        Ok(self.at * 2)
    }
}

/// Makes something.
#[derive(Debug, Action)]
#[action(effect = idempotent, name = "sim_make", undo, retry(times = 3, backoff = "10ms"..="1s"))]
pub(crate) struct Make {
    /// What.
    pub(crate) what: String,
}

impl Run for Make {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        cx.resource::<World>()?.act(cx, Done::Made).await?;
        Ok(format!("<{}>", self.what))
    }
}

impl Undo for Make {
    async fn undo(&self, _output: Option<&String>, cx: &Context) -> Result<(), Failure> {
        cx.resource::<World>()?.undo(cx).await
    }
}

/// Somebody has approved.
#[derive(Debug, Clone, Params)]
pub(crate) struct Approved {
    /// Who.
    pub(crate) by: String,
}

impl Signal for Approved {
    const TYPE: &'static str = "sim.approved";
}

/// Something was made.
#[derive(Debug, Clone, Params)]
pub(crate) struct Made {
    /// What.
    pub(crate) what: String,
}

impl Signal for Made {
    const TYPE: &'static str = "sim.made";
}

workflow! {
    /// Takes every way there is.
    #[workflow(saga, name = "sim_ways")]
    pub(crate) Ways { seed: u32 } -> String {
        step seen = Look { at: seed };
        step first = Make { what: format!("first {seen}") };
        branch second = if seen % 4 == 0 {
            step even = Make { what: "even".to_owned() };
            even
        } else {
            "odd".to_owned()
        };
        parallel {
            step left = Make { what: "left".to_owned() };
            right = { step inner = Look { at: 1 }; step made = Make { what: format!("right {inner}") }; made };
            slow = { sleep "3d"; step late = Make { what: "slow".to_owned() }; late };
        }
        parallel items = for n in 0..4_u32, max = 2 {
            step item = Make { what: format!("item {n}") };
            sleep "90m";
            step more = Look { at: n };
            format!("{item}{more}")
        };
        emit Made { what: first.clone() };
        repeat count = max 3 { step tick = Make { what: "tick".to_owned() }; sleep "2s"; tick.len() } until count > 0;
        sleep "30d";
        step last = Make { what: "last".to_owned() };
        format!("{first} {second} {left} {right} {slow} {} {count} {last}", items.join(", "))
    }
}

workflow! {
    /// Waits, in time and in vain.
    #[workflow(saga, name = "sim_waits")]
    pub(crate) Waits { order: String } -> String {
        step made = Make { what: "early".to_owned() };
        wait first = Approved where subject == order;
        parallel collect {
            vain = { wait never = Approved where by == "nobody", timeout "2d"; never.by };
            step beside = Make { what: "beside".to_owned() };
        }
        let in_vain = match vain { Ok(by) => by.clone(), Err(failure) => failure.code().to_owned() };
        wait second = Approved where by == "bob", timeout "300d";
        step after = Make { what: "after".to_owned() };
        format!("{made} {} {in_vain} {} {} {after}", first.by, beside.is_ok(), second.by)
    }
}

workflow! {
    /// A part of another.
    #[workflow(saga, name = "sim_inner")]
    pub(crate) Inner { name: String } -> String {
        step one = Make { what: format!("{name} one") };
        sleep "1d";
        step two = Make { what: format!("{name} two") };
        format!("{one}{two}")
    }
}

workflow! {
    /// Has others inside, and a point of no return.
    #[workflow(saga, name = "sim_nests")]
    pub(crate) Nests { early: bool } -> String {
        step before = Make { what: "before".to_owned() };
        step inner = Inner { name: "inner".to_owned() };
        branch if early { stop format!("{before}{inner}"); }
        parallel both = for n in 0..2_u32, max = 2 {
            step nested = Inner { name: format!("nested {n}") };
            nested
        };
        pivot step turn = Make { what: "turn".to_owned() };
        step beyond = Look { at: 4 };
        format!("{before} {inner} {} {turn} {beyond}", both.join(","))
    }
}

workflow! {
    /// Lets arms fail, each by itself, and some on tasks of their own.
    #[workflow(saga, name = "sim_collects")]
    pub(crate) Collects { count: u32 } -> String {
        parallel collect arms = for n in 0..count, max = 3 {
            step one = Make { what: format!("one {n}") };
            step two = Make { what: format!("two {n}") };
            format!("{one}{two}")
        };
        parallel spawn {
            heavy = { step made = Make { what: "heavy".to_owned() }; made };
            light = { step seen = Look { at: 3 }; seen };
        }
        let told: Vec<String> = arms.iter().map(|arm| match arm {
            Ok(made) => made.clone(),
            Err(failure) => format!("{} {:?}", failure.code(), failure.step()),
        }).collect();
        step last = Make { what: "last".to_owned() };
        format!("{} {heavy} {light} {last}", told.join(", "))
    }
}

workflow! {
    /// Runs out of time.
    #[workflow(saga, name = "sim_hurries", deadline = "20d")]
    pub(crate) Hurries { order: String } -> String {
        step made = Make { what: "made".to_owned() };
        sleep "1d";
        step more = Make { what: "more".to_owned() };
        wait never = Approved where subject == order;
        format!("{made}{more}{}", never.by)
    }
}
