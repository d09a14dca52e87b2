//! tmp
extern crate enact_action_core as enact;
use enact::prelude::*;
use std::collections::BTreeMap;
/// Unit.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
#[serde(rename_all = "snake_case")]
enum Units { #[doc="C."] Celsius, #[doc="F."] Fahrenheit }
/// Plain.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
enum Plain { A, B }
/// In.
#[derive(Debug, Clone, PartialEq, Params)]
struct In { /// X.
 x: i32 }
/// Does.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Dump {
  /// Units.
  #[param(default = Units::Celsius)]
  units: Units,
  /// Opt units.
  ou: Option<Units>,
  /// Plain.
  plain: Plain,
  /// Text.
  #[param(len = 1..=3, example = "Bob")]
  text: String,
  /// Opt.
  #[param(secret)]
  ot: Option<String>,
  /// N
  #[param(min = 1, max = 5, default = 3)]
  n: u8,
  /// On
  on: Option<i64>,
  /// F
  f: Option<f64>,
  /// B
  #[serde(alias = "bb")]
  b: bool,
  /// L
  #[param(len=..=4, items(len=1..=3))]
  tags: Vec<String>,
  /// L
  lu: Option<Vec<Units>>,
  /// In
  inn: In,
  /// M
  #[param(default = BTreeMap::new())]
  map: BTreeMap<String, u8>,
  /// one
  #[param(one_of("a", "b"))]
  one: String,
  /// any
  any: serde_json::Value,
}
impl Run for Dump { type Output = String; async fn run(&self, _: &Context) -> Result<String, Failure> { Ok(String::new()) } }
#[test]
fn dump() { println!("{}", serde_json::to_string_pretty(Dump::schema()).unwrap()); }
