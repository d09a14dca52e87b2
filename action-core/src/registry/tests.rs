//! Versions of a workflow side by side.

use super::*;
use crate::prelude::*;

/// Greets.
#[derive(Debug, Action)]
#[action(effect = read, crate = crate)]
struct Greet;

impl Run for Greet {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok("hello".to_owned())
    }
}

/// Greets as it did before.
#[derive(Debug, Action)]
#[action(name = "greet", needs(Manners), crate = crate)]
struct Before;

impl Run for Before {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

struct Manners;

/// Waves.
#[derive(Debug, Action)]
#[action(effect = read, crate = crate)]
struct Wave;

impl Run for Wave {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

static PLAIN: Entry = Entry::of::<Greet>();
static FIRST: Entry = Entry::of_workflow::<Before>(1);
static SECOND: Entry = Entry::of_workflow::<Greet>(2);
static OTHER_SECOND: Entry = Entry::of_workflow::<Before>(2);
static TENTH: Entry = Entry::of_workflow::<Greet>(10);
static WAVE: Entry = Entry::of::<Wave>();

fn gather(entries: &[&'static Entry]) -> Result<Registry, RegistryError> {
    Registry::gather(entries.iter().copied())
}

/// What a registry has of `greet`: the version by its name, then those that are found.
fn versions(registry: &Registry) -> (Option<u32>, Vec<u32>) {
    let newest = registry.get("greet").and_then(Entry::version);
    let there = |version: &u32| {
        let found = registry.version("greet", *version);
        found.is_some_and(|entry| entry.version() == Some(*version))
    };
    (newest, (0..=11).filter(there).collect())
}

#[test]
fn the_newest_version_is_the_action_and_older_ones_are_kept() {
    for entries in [
        [&TENTH, &WAVE, &FIRST, &SECOND],
        [&SECOND, &FIRST, &WAVE, &TENTH],
    ] {
        let registry = gather(&entries).unwrap();
        assert_eq!(versions(&registry), (Some(10), vec![1, 2, 10]));
        let names = |entries: Vec<&'static Entry>| -> Vec<(&str, Option<u32>)> {
            let named = entries.iter().map(|entry| (entry.name(), entry.version()));
            named.collect()
        };
        let listed = [("greet", Some(10)), ("wave", None)];
        assert_eq!(names(registry.iter().collect()), listed);
        assert_eq!(names(registry.search("greet")), listed[..1]);
        assert_eq!((registry.len(), registry.is_empty()), (2, false));
        assert!(registry.version("wave", 1).is_none());
    }
}

#[test]
fn two_of_one_version_are_a_defect() {
    let error = gather(&[&SECOND, &FIRST, &OTHER_SECOND]).unwrap_err();
    assert_eq!(error.defects().len(), 1);
    let (first, second) = (Greet::SPEC.place, Before::SPEC.place);
    assert_eq!(
        error.to_string(),
        format!(
            "the program's actions are defective\n\
             - two workflows are version 2 of \"greet\", at {first} and at {second}; count up the \
             `version` of the newer one, or give one of them another `#[workflow(name = \"…\")]`"
        )
    );
}

#[test]
fn an_action_beside_a_workflow_of_its_name_is_a_defect() {
    let error = gather(&[&FIRST, &PLAIN, &TENTH]).unwrap_err();
    assert_eq!(
        error.defects(),
        [Defect::SameName {
            name: "greet",
            first: Greet::SPEC.place,
            second: Before::SPEC.place,
        }]
    );
}

#[test]
fn a_view_holds_older_versions_of_what_it_holds() {
    let registry = gather(&[&FIRST, &SECOND, &TENTH, &WAVE]).unwrap();
    let none = (None, vec![]);
    let allowed = |name| versions(&registry.allow([name]).unwrap());
    assert_eq!(allowed("greet"), (Some(10), vec![1, 2, 10]));
    assert_eq!(allowed("wave"), none);
    let reading = registry.filter(|entry| entry.spec().effect == Effect::Read);
    assert_eq!(versions(&reading), (Some(10), vec![2, 10]));
    // What is refused does not come back as an older version of itself.
    let first = registry.filter(|entry| entry.version() != Some(10));
    assert_eq!(versions(&first), none);
}

#[test]
fn what_older_versions_need_is_missed_before_anything_runs() {
    let registry = gather(&[&FIRST, &SECOND]).unwrap();
    let context = Context::builder().resource(Manners).build();
    registry.check(context.resources()).unwrap();
    let error = registry.check(Context::new().resources()).unwrap_err();
    assert!(error.to_string().contains("tests::Manners"), "{error}");
}

#[test]
fn an_entry_is_found_by_what_its_action_says() {
    let registry = gather(&[&FIRST, &WAVE]).unwrap();
    let found = registry.entry(&const { Wave::SPEC });
    assert_eq!(found.map(Entry::name), Some("wave"));
    let mut other = Before::SPEC;
    assert!(registry.entry(&other).is_some());
    other.version = Some("1");
    assert!(registry.entry(&other).is_none());
}
