//! What a step has come to, as it is written: JSON that is made where it stays.

use std::fmt;

use serde::Serialize;
use serde_json::value::RawValue;

use super::body::Body;
use super::record::{Outcome, Stepped, Tried};

/// A step's record as it is written: its answer is JSON already.
#[derive(Serialize)]
struct StepLine<'a> {
    is: &'static str,
    #[serde(flatten)]
    stepped: &'a Stepped<&'a RawValue>,
}

impl<'a> StepLine<'a> {
    fn of(stepped: &'a Stepped<&'a RawValue>) -> Self {
        Self {
            is: "step",
            stepped,
        }
    }
}

/// The record of a step that has answered, as it is written: the answer goes at once to where it stays.
#[doc(hidden)]
pub struct Answered(Vec<u8>);

impl fmt::Debug for Answered {
    /// Without the answer, which may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answered")
            .field("bytes", &self.bytes())
            .finish_non_exhaustive()
    }
}

impl Answered {
    const HEAD: &str = r#"{"is":"step","outcome":{"answer":"#;

    pub(crate) fn with(answer: &(impl Serialize + ?Sized)) -> serde_json::Result<Self> {
        let mut json = Vec::with_capacity(128);
        json.extend_from_slice(Self::HEAD.as_bytes());
        serde_json::to_writer(&mut json, answer)?;
        Ok(Self(json))
    }

    /// How many bytes of JSON the answer has.
    pub(crate) fn bytes(&self) -> usize {
        self.0.len() - Self::HEAD.len()
    }

    /// All of it, as [`What::Step`](super::record::What::Step) is written.
    fn finished(mut self, began: u64, tried: &[Tried]) -> serde_json::Result<Body> {
        self.0.extend_from_slice(br#"},"began":"#);
        serde_json::to_writer(&mut self.0, &began)?;
        if !tried.is_empty() {
            self.0.extend_from_slice(br#","tried":"#);
            serde_json::to_writer(&mut self.0, tried)?;
        }
        self.0.push(b'}');
        Body::of_json(self.0)
    }
}

/// What a step has come to, to be recorded.
#[derive(Debug)]
pub(crate) enum Came {
    Answered(Answered),
    /// A failure, a stop, or the answer of a sleep, which is none.
    Else(Outcome<&'static RawValue>),
}

impl Came {
    /// As it is written, of a step that began at that time, after those attempts.
    pub(crate) fn body(self, began: u64, tried: Vec<Tried>) -> serde_json::Result<Body> {
        match self {
            Self::Answered(answered) => answered.finished(began, &tried),
            Self::Else(outcome) => Body::of(&StepLine::of(&Stepped {
                outcome,
                began,
                tried,
                stale: false,
                order: 0,
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use enact_action_core::Failure;
    use serde_json::json;

    use super::*;
    use crate::journal::Kept;
    use crate::journal::record::What;

    fn tried() -> Vec<Tried> {
        let (code, message) = ("busy".to_owned(), "it said \"no\"".to_owned());
        vec![Tried {
            at: 7,
            code,
            message,
        }]
    }

    #[test]
    fn an_answer_is_written_as_any_outcome_is_and_read_back() {
        let around_packing = (900..1100).map(|bytes| {
            let (wide, narrow) = ("é".repeat(bytes / 2), "x".repeat(bytes % 2));
            json!(format!("{wide}{narrow}"))
        });
        let others = [json!(4), json!(null), json!({ "a": ["\"", 1.5] })];
        for answer in others.into_iter().chain(around_packing) {
            for tried in [Vec::new(), tried()] {
                let answered = Answered::with(&answer).unwrap();
                assert_eq!(answered.bytes(), answer.to_string().len());
                let written = Came::Answered(answered)
                    .body(u64::MAX, tried.clone())
                    .unwrap();
                let stepped = Stepped {
                    outcome: Outcome::Answer(answer.clone()),
                    began: u64::MAX,
                    tried,
                    stale: false,
                    order: 0,
                };
                assert_eq!(written, Body::of(&What::Step(stepped.clone())).unwrap());
                assert_eq!(written.read::<What>().unwrap(), What::Step(stepped));
            }
        }
    }

    #[test]
    fn a_failure_is_read_back_with_the_attempts_before_it() {
        let kept = Kept::of(&Failure::terminal("full", "it is full"));
        let came = Came::Else(Outcome::Failure(kept.clone()));
        let written = came.body(3, tried()).unwrap();
        let stepped = Stepped {
            outcome: Outcome::Failure(kept),
            began: 3,
            tried: tried(),
            stale: false,
            order: 0,
        };
        assert_eq!(written.read::<What>().unwrap(), What::Step(stepped));
    }
}
