//! The loop: the model answers, its calls are run, it reads what came of them, until it calls nothing more.

use enact::approval::Preview;
use enact::prelude::*;
use enact::tool::{Dialect, ToolSet};
use enact_examples::Outcome;
use serde_json::{Value, json};

use crate::service::Service;

/// How often the model may answer one question.
pub(crate) const MOST_TURNS: usize = 8;

/// A model with tools.
#[derive(Debug)]
pub(crate) struct Agent {
    service: Service,
    tools: ToolSet,
}

impl Agent {
    pub(crate) fn new(service: Service) -> Self {
        let tools = enact::tools();
        Self { service, tools }
    }

    /// Asks until there is an answer, and tells of every call; what needs approval runs if the user approves.
    pub(crate) async fn ask(
        &self,
        question: &str,
        tell: impl Fn(&str),
        approve: impl Fn(&Preview) -> bool,
    ) -> Outcome<String> {
        let (tools, cx) = (self.tools.openai()?, Context::new());
        let mut messages = vec![json!({ "role": "user", "content": question })];
        for _ in 0..MOST_TURNS {
            let response = self.service.complete(&messages, &tools).await?;
            let mut answers = self.tools.dispatch(Dialect::OpenAi, &response, &cx).await?;
            let message = &response["choices"][0]["message"];
            if answers.is_empty() {
                let text = message["content"].as_str();
                return Ok(text.unwrap_or("the model has nothing to say").to_owned());
            }
            let waiting: Vec<_> = answers
                .waiting()
                .map(|(at, preview)| (at, approve(preview)))
                .collect();
            for (at, is_approved) in waiting {
                if is_approved {
                    answers.approve(at).await;
                } else {
                    answers.deny(at, "the user said no");
                }
            }
            for answer in &answers {
                let came_of_it = answer.failure().map_or("done", Failure::message);
                tell(&format!("{}: {came_of_it}", answer.tool()));
            }
            messages.push(Value::clone(message));
            messages.extend(answers.into_messages());
        }
        Err(format!("the model still calls tools after {MOST_TURNS} turns").into())
    }
}
