//! A model that acts: `cargo run --example agent`.
//!
//! - `agent`: the loop; the model answers, its calls are run, it reads what came of them; its user is asked about orders;
//! - `kitchen`: the actions that it may call;
//! - `service`: any endpoint that speaks `OpenAI`'s chat completions;
//! - `script`: such an endpoint on this machine, whose model follows a script.
//!
//! The script is used unless `OPENAI_BASE_URL` names an endpoint, such as `https://api.openai.com/v1` or
//! `http://127.0.0.1:11434/v1`. `OPENAI_API_KEY` is its key, if it wants one, and `OPENAI_MODEL` its model. A question of your
//! own goes behind `--`.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod agent;
mod kitchen;
mod script;
mod service;

use std::env;
use std::io::{self, IsTerminal as _};

use agent::Agent;
use enact::approval::Preview;
use enact_examples::Outcome;
use service::Service;

const QUESTION: &str = "Order soup for all forty of us, if it costs no more than the roast.";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let script = script::open().await?;
    let base = env::var("OPENAI_BASE_URL").unwrap_or_else(|_| script.url("/v1"));
    let model = env::var("OPENAI_MODEL").unwrap_or_else(|_| "gpt-4.1-mini".to_owned());
    let service = Service::new(&base, env::var("OPENAI_API_KEY").ok(), model)?;
    let question: Vec<_> = env::args().skip(1).collect();
    let question = match question.join(" ") {
        none if none.is_empty() => QUESTION.to_owned(),
        question => question,
    };
    println!("> {question}");
    let agent = Agent::new(service);
    let answer = agent.ask(&question, |line| println!("  {line}"), approve);
    let answer = answer.await?;
    println!("{answer}");
    Ok(())
}

/// Whether the user approves: who sits at a terminal is asked, and the script's user says yes.
fn approve(preview: &Preview) -> bool {
    let (question, text) = (preview.question.unwrap_or_default(), preview.to_string());
    for line in text.lines() {
        println!("  | {line}");
    }
    println!("  | {question} [y/N]");
    if env::var_os("OPENAI_BASE_URL").is_none() {
        println!("  | y");
        return true;
    }
    if !io::stdin().is_terminal() {
        return false;
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line).is_ok() && line.trim() == "y"
}
