//! The registry: by name, by words, as a view; its defects at start-up.

use enact::prelude::*;
use enact::registry::{Defect, Entry};
use serde_json::json;

use crate::world::World;

/// Finds the weather of a city.
#[derive(Debug, Action)]
#[action(name = "get_weather", category = "weather", tags("demo"), effect = read)]
struct GetWeather {
    /// City name.
    city: String,
}

impl Run for GetWeather {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(format!("rain in {}", self.city))
    }
}

/// Warns of a storm.
#[derive(Debug, Action)]
#[action(category = "weather")]
struct WarnOfStorm;

impl Run for WarnOfStorm {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

#[tokio::test]
async fn actions_are_called_by_name_with_json() {
    let answer = Registry::global()
        .call("get_weather", json!({ "city": "Ulm" }), &Context::new())
        .await;
    assert_eq!(answer.unwrap(), json!("rain in Ulm"));
}

#[tokio::test]
async fn an_unknown_name_finds_the_nearest() {
    let failure = Registry::global()
        .call("get_wether", json!({}), &Context::new())
        .await
        .unwrap_err();
    assert_eq!(failure.code(), "action.unknown");
    assert_eq!(
        failure.message(),
        "there is no action \"get_wether\"; did you mean \"get_weather\"?"
    );
}

#[test]
fn a_spec_says_where_its_action_is_written() {
    let spec = Registry::global().get("get_weather").unwrap().spec();
    assert!(
        spec.place
            .to_string()
            .contains("tests/actions/registry.rs:"),
        "{}",
        spec.place
    );
    assert_eq!(
        (spec.effect, spec.category, spec.tags),
        (Effect::Read, Some("weather"), &["demo"][..])
    );
}

#[test]
fn entries_come_in_the_order_of_their_names() {
    let names: Vec<_> = Registry::global().iter().map(Entry::name).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(names.len(), Registry::global().len());
}

#[test]
fn a_name_is_found_before_a_category_and_that_before_a_description() {
    let found = |words: &str| -> Vec<&str> {
        Registry::global()
            .search(words)
            .iter()
            .map(|entry| entry.name())
            .collect()
    };
    assert_eq!(found("weather"), ["get_weather", "warn_of_storm"]);
    assert_eq!(found("get_weather").first(), Some(&"get_weather"));
    assert_eq!(found("storm demo"), ["warn_of_storm", "get_weather"]);
    assert!(found("zebra").is_empty());
}

#[tokio::test]
async fn a_view_can_call_nothing_else() {
    let view = Registry::global().allow(["get_weather"]).unwrap();
    assert_eq!(view.len(), 1);
    let refused = view
        .call("warn_of_storm", json!({}), &Context::new())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "action.unknown");
    assert!(
        view.filter(|entry| entry.spec().effect == Effect::Write)
            .is_empty()
    );
}

#[test]
fn a_view_of_what_is_not_there_is_refused_with_all_the_names() {
    let error = Registry::global()
        .allow(["get_wether", "warn_of_strom", "get_weather"])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the program's actions are defective\n\
         - there is no action \"get_wether\"; did you mean \"get_weather\"?\n\
         - there is no action \"warn_of_strom\"; did you mean \"warn_of_storm\"?"
    );
}

#[test]
fn missing_resources_are_one_error_before_anything_runs() {
    let view = Registry::global()
        .allow(["scripted", "undoable", "get_weather"])
        .unwrap();
    view.check(World::default().cx().resources()).unwrap();
    let error = view.check(Context::new().resources()).unwrap_err();
    let actions: Vec<_> = error
        .defects()
        .iter()
        .map(|defect| match defect {
            Defect::Missing {
                action, resource, ..
            } => (*action, resource.rsplit("::").next()),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(
        actions,
        [("scripted", Some("World")), ("undoable", Some("World"))]
    );
    assert!(
        error.to_string().contains("tests/actions/world.rs:"),
        "{error}"
    );
}
