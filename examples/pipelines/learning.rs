//! A model is trained when a signal asks for it, judged by examples that it has not seen, and put to use where
//! it is right often enough; where it is not, that is told. It is a small model, and a real one: a perceptron.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use enact::bus::{Bus, Overflow};
use enact::prelude::*;
use enact::signal::sink;
use enact::workflow::engine::Engine;
use enact_examples::Outcome;

/// Somebody wants a model.
#[signal(type = "ml.training_requested", source = "/data-science")]
struct TrainingRequested {
    dataset: String,
    #[param(min = 1, max = 1000)]
    epochs: u32,
}

/// What became of a model.
#[signal(type = "ml.model_deployed", source = "/ml-pipeline")]
struct Deployed {
    dataset: String,
    accuracy: f64,
}

/// A model is not good enough.
#[signal(type = "ml.model_rejected", source = "/ml-pipeline")]
struct Rejected {
    dataset: String,
    accuracy: f64,
    threshold: f64,
}

/// What a model has learnt: a line between two kinds of points.
#[derive(Debug, Clone, Params)]
struct Model {
    /// How much each coordinate weighs.
    weights: Vec<f64>,
    /// Where the line is.
    bias: f64,
}

impl Model {
    fn judge(&self, [x, y]: [f64; 2]) -> bool {
        let along = self
            .weights
            .iter()
            .zip([x, y])
            .map(|(weight, at)| weight * at);
        along.sum::<f64>() + self.bias > 0.0
    }
}

/// Points and which kind they are: of `clear` the kinds lie apart, of `noise` nobody could tell them.
fn examples(dataset: &str, from: u32, count: u32) -> Vec<([f64; 2], bool)> {
    // A small generator of its own, so that the examples are the same each time.
    let mut state = 0x2545_f491_u32.wrapping_add(from.wrapping_mul(0x9e37_79b9));
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        f64::from(state) / f64::from(u32::MAX)
    };
    let mut example = || {
        let (x, y, dice) = (random(), random(), random());
        if dataset != "clear" {
            return ([x, y], dice > 0.5);
        }
        // Nothing lies close to the line.
        let side = x + y > 1.0;
        let away = if side { 0.2 } else { -0.2 };
        ([x + away, y + away], side)
    };
    (0..count).map(|_| example()).collect()
}

/// Learns from examples.
#[derive(Debug, Action)]
#[action(effect = idempotent, timeout = "1h", retry(times = 2))]
struct Train {
    /// Which examples.
    dataset: String,
    /// How often each is looked at.
    epochs: u32,
}

impl Run for Train {
    type Output = Model;

    async fn run(&self, cx: &Context) -> Result<Model, Failure> {
        let (mut weights, mut bias) = (vec![0.0, 0.0], 0.0);
        for epoch in 0..self.epochs {
            for (at, side) in examples(&self.dataset, 1, 200) {
                let model = Model {
                    weights: weights.clone(),
                    bias,
                };
                let wrong = f64::from(i8::from(side) - i8::from(model.judge(at)));
                for (weight, at) in weights.iter_mut().zip(at) {
                    *weight += 0.1 * wrong * at;
                }
                bias += 0.1 * wrong;
            }
            cx.progress(Progress::new(u64::from(epoch) + 1).of(u64::from(self.epochs)));
            // Others have their turn, and a training that is cancelled ends here.
            tokio::task::yield_now().await;
        }
        Ok(Model { weights, bias })
    }
}

/// Tells how often a model is right about examples that it has not seen.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Validate {
    /// What was learnt.
    model: Model,
    /// Which examples.
    dataset: String,
}

impl Run for Validate {
    type Output = f64;

    async fn run(&self, _: &Context) -> Result<f64, Failure> {
        let examples = examples(&self.dataset, 2, 100);
        let right = examples
            .iter()
            .filter(|(at, side)| self.model.judge(*at) == *side);
        Ok(right.fold(0.0, |right, _| right + 1.0) / 100.0)
    }
}

/// The models that are in use.
#[derive(Debug, Default)]
struct InUse(Mutex<BTreeMap<String, Model>>);

/// Puts a model to use.
#[derive(Debug, Action)]
#[action(effect = idempotent, needs(Arc<InUse>))]
struct Deploy {
    /// For what.
    dataset: String,
    /// What was learnt.
    model: Model,
}

impl Run for Deploy {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let in_use: &Arc<InUse> = cx.resource()?;
        let mut models = in_use.0.lock().unwrap_or_else(PoisonError::into_inner);
        models.insert(self.dataset.clone(), self.model.clone());
        Ok(())
    }
}

/// How often a model has to be right.
const THRESHOLD: f64 = 0.95;

workflow! {
    /// Trains a model, and puts it to use if it is good enough.
    #[workflow(version = 1, deadline = "12h")]
    TrainModel { dataset: String, epochs: u32 } -> bool {
        step model = Train { dataset, epochs };
        step accuracy = Validate { model, dataset };
        branch good = if accuracy > THRESHOLD {
            step Deploy { dataset, model };
            emit Deployed { dataset, accuracy } with subject(dataset);
            true
        } else {
            emit Rejected { dataset, accuracy, threshold: THRESHOLD } with subject(dataset);
            false
        };
        good
    }
}

pub(crate) async fn tell() -> Outcome<String> {
    let (bus, in_use) = (Bus::new(), Arc::new(InUse::default()));
    let cx = Context::builder().resource(sink(bus.clone()));
    let engine = Engine::memory(&cx.resource(Arc::clone(&in_use)).build())?;
    let on = |pattern| bus.subscribe(pattern).queue(64, Overflow::Wait);
    let starts =
        engine.starts(|asked: TrainingRequested| TrainModel::new(asked.dataset, asked.epochs));
    let starting = on(pattern!("ml.training_requested")).to(starts);
    let mut results = on(pattern!("ml.*"))
        .when(|signal| signal.ty().as_str() != TrainingRequested::TYPE)
        .open();
    for dataset in ["clear", "noise"] {
        let dataset = dataset.to_owned();
        let asked = TrainingRequested {
            dataset,
            epochs: 20,
        };
        bus.publish(asked).await?;
    }
    let mut told = Vec::new();
    while told.len() < 2
        && let Some(result) = results.next().await
    {
        told.push(match result.open::<Rejected>() {
            Ok(Rejected {
                dataset,
                accuracy,
                threshold,
            }) => {
                format!("  {dataset}: rejected, since {accuracy} is not above {threshold}\n")
            }
            Err(_) => {
                let Deployed { dataset, accuracy } = result.open()?;
                format!("  {dataset}: in use, {accuracy} of its answers are right\n")
            }
        });
    }
    starting.finish().await;
    // Whoever is trained first is told of first.
    told.sort();
    let mut told = told.concat();
    let models = in_use.0.lock().unwrap_or_else(PoisonError::into_inner);
    for (name, model) in models.iter() {
        let (low, high) = (model.judge([0.1, 0.1]), model.judge([0.9, 0.9]));
        writeln!(
            told,
            "  `{name}` says {low} of a low point, {high} of a high one"
        )?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn a_model_that_is_right_often_enough_is_used_and_another_is_not() {
        let told = super::tell().await.unwrap();
        let facts = [
            "clear: in use, ",
            "noise: rejected, since 0.",
            "`clear` says false of a low point, true of a high one",
        ];
        assert_tells(&told, &facts);
        assert!(!told.contains("`noise`"), "{told}");
    }
}
