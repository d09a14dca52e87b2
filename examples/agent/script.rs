//! An endpoint on this machine whose model follows a script: it looks up two prices at once, orders more than it may,
//! reads why that was refused, and orders what it may.

use enact_examples::{Answer, Outcome, Receiver, Request};
use serde_json::{Value, json};

/// Opens the endpoint.
pub(crate) async fn open() -> Outcome<Receiver> {
    Receiver::open(answer).await
}

fn answer(request: &Request) -> Answer {
    let said = match serde_json::from_slice::<Value>(&request.body) {
        Ok(body) if request.path == "/v1/chat/completions" => next(&body["messages"]),
        _ => None,
    };
    let (status, body) = match said {
        Some(message) => (
            200,
            json!({ "choices": [{ "index": 0, "message": message }] }),
        ),
        None => (
            400,
            json!({ "error": { "message": "that is not in the script" } }),
        ),
    };
    let body = body.to_string();
    Answer { status, body }
}

/// What the model says to a conversation, as long as that goes as it should.
fn next(messages: &Value) -> Option<Value> {
    let messages = messages.as_array()?;
    let turn = messages
        .iter()
        .filter(|message| message["role"] == "assistant")
        .count();
    let from = |back: usize, id: &str| {
        let message = messages.get(messages.len().checked_sub(back)?)?;
        let matches = message["role"] == "tool" && message["tool_call_id"] == id;
        message["content"].as_str().filter(|_| matches)
    };
    match turn {
        0 => Some(calls(&[
            ("soup", "look_up_price", r#"{"dish": "soup"}"#),
            ("roast", "look_up_price", r#"{"dish": "roast"}"#),
        ])),
        1 => {
            let [soup, roast] = [from(2, "soup")?, from(1, "roast")?];
            let is_cheaper = soup.parse::<u32>().ok()? <= roast.parse().ok()?;
            let arguments = r#"{"dish": "soup", "portions": 40}"#;
            is_cheaper.then(|| calls(&[("forty", "order_dish", arguments)]))
        }
        2 => {
            // It knows how many it may order from nowhere but the refusal.
            let (_, allowed) =
                from(1, "forty")?.split_once("/portions: found 40; allowed: at most ")?;
            let most: u8 = allowed.split_whitespace().next()?.parse().ok()?;
            let arguments = json!({ "dish": "soup", "portions": most }).to_string();
            Some(calls(&[("fewer", "order_dish", &arguments)]))
        }
        3 => {
            let text = format!("The pot is too small for forty: {}.", from(1, "fewer")?);
            Some(json!({ "role": "assistant", "content": text }))
        }
        _ => None,
    }
}

/// A message that calls tools, each under an id.
fn calls(calls: &[(&str, &str, &str)]) -> Value {
    let calls: Vec<_> = calls
        .iter()
        .map(|(id, name, arguments)| {
            json!({ "id": id, "type": "function",
                "function": { "name": name, "arguments": arguments } })
        })
        .collect();
    json!({ "role": "assistant", "content": null, "tool_calls": calls })
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use enact::approval::Preview;
    use enact_examples::{Answer, Outcome, Receiver};
    use serde_json::{Value, json};

    use super::{calls, open};
    use crate::QUESTION;
    use crate::agent::{Agent, MOST_TURNS};
    use crate::service::Service;

    fn agent(endpoint: &Receiver) -> Outcome<Agent> {
        let service = Service::new(&endpoint.url("/v1"), Some("key".into()), "model".into());
        Ok(Agent::new(service?))
    }

    #[tokio::test]
    async fn the_model_mends_its_call_by_what_it_reads() -> Outcome<()> {
        let (endpoint, told) = (open().await?, Mutex::new(Vec::new()));
        let tell = |line: &str| {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            told.push(line.to_owned());
        };
        let answer = agent(&endpoint)?.ask(QUESTION, tell, |_| true).await?;
        let expected = "The pot is too small for forty: 12 portions in half an hour.";
        assert_eq!(answer, expected);
        let expected = [
            "look_up_price: done",
            "look_up_price: done",
            "order_dish: the params break a rule",
            "order_dish: done",
        ];
        assert_eq!(told.into_inner()?, expected);
        Ok(())
    }

    #[tokio::test]
    async fn what_the_user_refuses_is_not_ordered() -> Outcome<()> {
        let (endpoint, seen) = (open().await?, Mutex::new(Vec::new()));
        let refuse = |preview: &Preview| {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.push((preview.params.clone(), preview.told.clone()));
            false
        };
        let answer = agent(&endpoint)?.ask(QUESTION, |_| (), refuse).await?;
        assert!(answer.contains("the user said no"), "{answer}");
        // The one for forty breaks a rule, so nobody is asked about it.
        let expected = (
            json!({ "dish": "soup", "portions": 12 }),
            Some(json!("it costs 54.00")),
        );
        assert_eq!(seen.into_inner()?, [expected]);
        Ok(())
    }

    #[tokio::test]
    async fn requests_hold_the_key_the_model_and_strict_tools() -> Outcome<()> {
        let endpoint = open().await?;
        agent(&endpoint)?.ask(QUESTION, |_| (), |_| true).await?;
        let requests = endpoint.requests();
        assert_eq!(requests.len(), 4);
        for request in requests {
            assert_eq!(request.header("authorization"), "Bearer key");
            let body: Value = serde_json::from_slice(&request.body)?;
            assert_eq!(body["model"], "model");
            assert_eq!(body["tools"][1]["function"]["name"], "order_dish");
            assert_eq!(body["tools"][1]["function"]["strict"], true);
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_model_that_never_ends_is_stopped() -> Outcome<()> {
        let body =
            json!({ "choices": [{ "message": calls(&[("again", "look_up_price", "{}")]) }] });
        let body = body.to_string();
        let answer = move |_: &_| Answer {
            status: 200,
            body: body.clone(),
        };
        let endpoint = Receiver::open(answer).await?;
        let stopped = agent(&endpoint)?.ask(QUESTION, |_| (), |_| true).await;
        let text = stopped.map_err(|error| error.to_string());
        assert_eq!(
            text,
            Err("the model still calls tools after 8 turns".to_owned())
        );
        assert_eq!(endpoint.requests().len(), MOST_TURNS);
        Ok(())
    }

    #[tokio::test]
    async fn an_error_of_the_endpoint_is_told() -> Outcome<()> {
        let endpoint = Receiver::open(|_| 503).await?;
        let refused = agent(&endpoint)?.ask(QUESTION, |_| (), |_| true).await;
        let text = refused.map_err(|error| error.to_string()).unwrap_err();
        assert!(text.contains("has answered 503"), "{text}");
        Ok(())
    }
}
