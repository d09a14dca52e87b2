//! A database that sees nothing but what is sealed.

use std::sync::Arc;

use enact_action_core::Failure;
use serde_json::value::to_raw_value;

use super::*;
use crate::clock::SystemClock;
use crate::journal::conforms;
use crate::journal::sealed::{Keyring, Sealed};
use crate::journal::work::{Database, Work};

fn sealed(place: &Place) -> Sealed {
    Sealed::open(Box::new(place.open()), &Keyring::new(1, &[17; 32])).unwrap()
}

#[test]
fn a_sealed_database_conforms() {
    let Some(place) = Place::new("sealed_conforms") else {
        return;
    };
    conforms(|| Box::new(sealed(&place))).unwrap();
}

#[test]
fn an_effect_seals_its_record_inside_of_the_transaction() {
    let Some(place) = Place::new("sealed_effect") else {
        return;
    };
    let mut store = sealed(&place);
    let run = store.numbers(1).unwrap().start;
    let at = ("book".to_owned(), "book".to_owned());
    let act = |database: Database<'_>| match database {
        Database::Postgres(db) => {
            db.execute("CREATE TEMPORARY TABLE did (what INT)", &[])?;
            Ok(to_raw_value("the-secret")?)
        }
        _ => Err(Failure::terminal("test.other", "another database")),
    };
    let work = Work::new(run, at, Arc::new(SystemClock), act);
    let begin = Entry::Begin(NewRun::clone(&new(run, "a")).summed().into(), None);
    let refused = store.commit(&[begin, Entry::Work(work.clone())]).unwrap();
    assert!(refused.is_empty());
    assert_eq!(work.take().unwrap().unwrap().get(), "\"the-secret\"");
    let found = |what: &str, row: &str| {
        let sql = format!(
            "SELECT count(*) FROM @.{row} r WHERE position('{what}'::bytea IN r.body_packed) > 0 \
             OR r::text LIKE '%{what}%'"
        );
        place.sql(&sql).unwrap().unwrap()
    };
    assert_eq!(found("the-secret", "journal"), "0");
    assert_eq!(found("book", "journal"), "1", "paths are not hidden");
    let record = store.reader().unwrap().records(run).unwrap().remove(0);
    assert!(record.body.json().unwrap().contains("the-secret"));
    assert!(record.what(run).is_ok());
}
