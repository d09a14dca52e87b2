//! Actions, end to end through the facade.

use enact::prelude::*;
use enact::Registry;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Unit.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
#[serde(rename_all = "snake_case")]
pub enum Units { 
    /// Degrees Celsius.
    Celsius, 
    /// Degrees Fahrenheit.
    Fahrenheit }

/// How to reach.
#[derive(Debug, Clone, PartialEq, Params)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reach {
    /// By mail.
    Mail {
        /// Where.
        #[param(format = "email")]
        to: String },
    /// Nope.
    None,
}

/// External.
#[derive(Debug, Clone, PartialEq, Params)]
pub enum Ext { A, B(u8), C { #[doc = "X."] x: i32 }, D(u8, String) }
/// Adj
#[derive(Debug, Clone, PartialEq, Params)]
#[serde(tag = "t", content = "c")]
pub enum Adj { A, B(u8), C { #[doc = "X."] x: i32 }, D(u8, String) }
/// Unt
#[derive(Debug, Clone, PartialEq, Params)]
#[serde(untagged)]
pub enum Unt { B(u8), C { #[doc = "X."] x: i32 }, D(u8, String) }

/// Gen
#[derive(Debug, Clone, PartialEq, Params)]
pub struct Page<T> { 
    /// Items.
    #[param(len = ..=3)]
    items: Vec<T>,
    /// Next.
    next: Option<Box<Page<T>>>,
}

/// Weather now.
#[derive(Debug, Action)]
#[action(name = "get_weather", effect = read, timeout = "5s", retry(times = 2, backoff = "1ms"..="5ms"), tags("a","b"))]
pub struct GetWeather {
    /// City name.
    #[param(len = 1..=80, example = "Paris")]
    pub city: String,
    /// Unit.
    #[param(default = Units::Celsius)]
    pub units: Units,
    /// Reach.
    pub reach: Option<Reach>,
    /// X.
    #[serde(alias = "exty")]
    pub ext: Ext,
    /// X.
    pub adj: Adj,
    /// X.
    pub unt: Unt,
    /// Pages.
    pub page: Page<u8>,
    /// M
    #[param(keys(pattern = "^[a-z]+$"))]
    pub map: BTreeMap<String, Value>,
    /// Any
    pub any: Value,
    /// T
    pub t: (f64, String),
    /// S
    #[param(secret)]
    pub secret: Option<String>,
}

impl Run for GetWeather {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(format!("{} {:?}", self.city, self.units))
    }
}

#[tokio::test]
async fn it_works() {
    let registry = Registry::open().unwrap();
    let entry = registry.get("get_weather").unwrap();
    println!("{}", serde_json::to_string_pretty(entry.schema()).unwrap());
    let failure = registry.call("get_weather", json!({"city":"","units":"celsiu","reach":{"kind":"mail","to":"x"},"exty":{"B":300},"adj":{"t":"C","c":{"x":1,"y":2}},"unt":{"x":"1"},"page":{"items":[1,2,3,4,500],"next":{"items":[],"next":{}}},"map":{"A":1},"any":null,"t":[1],"secret":5}), &Context::new()).await.unwrap_err();
    println!("{}", failure.violations().unwrap());
    let ok = registry.call("get_weather", json!({"city":"P","exty":{"B":3.0},"adj":{"t":"C","c":{"x":1e0}},"unt":{"x":1},"page":{"items":[1,2,3],"next":{"items":[]}},"map":{"a":1},"any":null,"t":[1, "x"]}), &Context::new()).await.unwrap();
    assert_eq!(ok, json!("P Celsius"));
}
