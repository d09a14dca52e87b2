//! What sealing keeps to: the store's promises, and its own.

use super::*;
use crate::engine::{Client, Engine, Kind, Settings};
use crate::journal::{Memory, NEVER, Store, conforms};

const FIRST: [u8; 32] = [17; 32];
const SECOND: [u8; 32] = [42; 32];

fn ring() -> Keyring {
    Keyring::new(1, &FIRST)
}

fn sealed(store: impl Store + 'static, keys: &Keyring) -> Sealed {
    Sealed::open(Box::new(store), keys).unwrap()
}

/// Why a journal does not open with these keys.
fn refusal(memory: &Memory, keys: &Keyring) -> String {
    let error = Sealed::open(Box::new(memory.reopened()), keys).unwrap_err();
    std::error::Error::source(&error).unwrap().to_string()
}

fn text(text: &str) -> Body {
    Body::Text(format!("\"{text}\""))
}

fn begin(run: u64) -> Entry {
    let new = NewRun {
        run,
        id: format!("run-{run}"),
        workflow: "order".to_owned(),
        version: 1,
        graph: 1,
        input: text("input"),
        started: 0,
        sum: 0,
    };
    Entry::Begin(new.summed().into(), None)
}

fn record(run: u64, path: &str) -> Entry {
    let body = Body::Text(r#"{"is":"emitted"}"#.to_owned());
    Entry::Record {
        run,
        record: Record::new(run, path.to_owned(), 0, body),
        mail: None,
    }
}

/// What is wrong with the record of a run at a path.
fn damage(reader: &mut dyn Reader, run: u64, path: &str) -> Option<String> {
    let records = reader.records(run).unwrap();
    let record = records.iter().find(|record| record.path == path).unwrap();
    let damage = record.what(run).err()?;
    Some(crate::engine::reason(&damage))
}

#[test]
fn a_sealed_journal_in_memory_conforms() {
    let mut kept = Memory::default();
    conforms(|| {
        kept = kept.reopened();
        Box::new(sealed(kept.reopened(), &ring()))
    })
    .unwrap();
}

#[test]
fn keys_are_never_shown() {
    let keys = ring().and(2, &SECOND).without(3);
    let shown = format!("{keys:?} {:?}", sealed(Memory::default(), &keys));
    assert!(
        shown.starts_with("Keyring { current: 1, keys: [1, 2], given_up: {3} }"),
        "{shown}"
    );
    assert!(!shown.contains("17") && !shown.contains("42"), "{shown}");
}

#[test]
fn the_store_sees_neither_content_nor_its_checksum() {
    let memory = Memory::default();
    let mut store = sealed(memory.reopened(), &ring());
    let last = store.numbers(1).unwrap().start;
    let ending = Ending::new(last, &Ok(serde_json::json!("answer")), 5).unwrap();
    let end = Entry::End { run: last, ending };
    let post = Entry::Post {
        run: last,
        body: text("mail"),
    };
    store
        .commit(&[begin(last), record(last, "a"), post])
        .unwrap();
    store.commit(&[end]).unwrap();
    let mut raw = memory.reader().unwrap();
    let row = raw.find(&format!("run-{last}")).unwrap().unwrap();
    let ending = row.ending.unwrap();
    let record = raw.records(last).unwrap().remove(0);
    let bodies = [&row.new.input, &ending.body, &record.body];
    assert!(bodies.iter().all(|body| body.shut().is_some()));
    assert_eq!((row.new.sum, ending.sum, record.sum), (0, 0, 0));
    // The same content twice is sealed twice.
    let twice = [begin(last + 1), begin(last + 2)];
    store.commit(&twice).unwrap();
    let inputs = [1, 2].map(|more| {
        let id = format!("run-{}", last + more);
        raw.find(&id).unwrap().unwrap().new.input
    });
    assert_ne!(inputs[0], inputs[1]);
}

#[test]
fn a_journal_does_not_open_with_other_keys_or_without_some() {
    let memory = Memory::default();
    drop(sealed(memory.reopened(), &ring()));
    let other = refusal(&memory, &Keyring::new(1, &SECOND));
    assert!(other.contains("key 1 is another one"), "{other}");
    let missing = refusal(&memory, &Keyring::new(2, &SECOND));
    assert!(missing.contains("sealed with key 1 too"), "{missing}");
    let client = Beside::open(memory.reader().unwrap(), &Keyring::new(1, &SECOND));
    assert!(client.is_err());
    let none = Client::with(memory.reader().unwrap()).unwrap_err();
    assert_eq!(none.kind(), Kind::Sealed);
    let why = crate::engine::reason(&none);
    assert!(why.contains("Client::open_with"), "{why}");
}

#[tokio::test]
async fn an_engine_without_keys_does_not_open_a_sealed_journal() {
    let memory = Memory::default();
    drop(sealed(memory.reopened(), &ring()));
    let open = |settings: Settings| {
        let store = Box::new(memory.reopened());
        Engine::with(store, settings, &enact_action_core::Context::new())
    };
    let error = open(Settings::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::Sealed);
    assert!(crate::engine::reason(&error).contains("`Settings::keys`"));
    open(Settings::default().keys(ring())).unwrap();
}

#[test]
fn keys_are_rotated_and_given_up() {
    let memory = Memory::default();
    let mut store = sealed(memory.reopened(), &ring());
    store.commit(&[begin(5), record(5, "old")]).unwrap();
    drop(store);
    let mut store = sealed(memory.reopened(), &Keyring::new(2, &SECOND).and(1, &FIRST));
    let claim = Claim {
        now: 0,
        most: 9,
        graphs: vec![1],
    };
    let claimed = store.claim(&claim).unwrap().remove(0);
    assert!(claimed.row.new.check().is_ok() && claimed.records.unwrap()[0].what(5).is_ok());
    store.commit(&[record(5, "new")]).unwrap();
    let mut reader = store.reader().unwrap();
    for path in ["old", "new"] {
        assert_eq!(damage(&mut *reader, 5, path), None);
    }
    // A client that is not rotated yet leaves what the engine can open, and can't open the new.
    let both = ring().and(2, &SECOND);
    let mut client = Beside::open(memory.reader().unwrap(), &both).unwrap();
    let post = Entry::Post {
        run: 5,
        body: text("mail"),
    };
    assert!(client.leave(&post).unwrap());
    assert_eq!(store.mail(9).unwrap()[0].body, text("mail"));
    drop(store);
    let without = Keyring::new(2, &SECOND).without(1);
    let mut reader = sealed(memory.reopened(), &without).reader().unwrap();
    assert_eq!(damage(&mut *reader, 5, "new"), None);
    let lost = damage(&mut *reader, 5, "old").unwrap();
    assert_eq!(
        lost,
        "its record of `old` is sealed with a key that is not given; give it, or terminate the run: it is \
         sealed with key 1, which is not given"
    );
}

#[test]
fn a_client_with_a_newer_key_seals_with_one_that_the_engine_has() {
    let memory = Memory::default();
    let mut store = sealed(memory.reopened(), &ring());
    store.commit(&[begin(5)]).unwrap();
    let newer = Keyring::new(2, &SECOND).and(1, &FIRST);
    let mut client = Beside::open(memory.reader().unwrap(), &newer).unwrap();
    let post = Entry::Post {
        run: 5,
        body: text("mail"),
    };
    assert!(client.leave(&post).unwrap());
    assert_eq!(store.mail(9).unwrap()[0].body, text("mail"));
}

#[test]
fn what_was_begun_in_clear_is_read_and_what_is_begun_after_it_is_sealed() {
    let memory = Memory::default();
    let mut clear = memory.reopened();
    let old = clear.numbers(1).unwrap().start;
    clear.commit(&[begin(old), record(old, "clear")]).unwrap();
    let client = Beside::open(memory.reader().unwrap(), &ring()).unwrap_err();
    assert!(crate::engine::reason(&client).contains("not sealed yet"));
    let mut store = sealed(memory.reopened(), &ring());
    let new = store.numbers(1).unwrap().start;
    let park = Entry::Park {
        run: new,
        wake: NEVER,
    };
    store
        .commit(&[record(old, "sealed"), begin(new), park])
        .unwrap();
    let mut reader = store.reader().unwrap();
    assert_eq!(damage(&mut *reader, old, "clear"), None);
    assert_eq!(damage(&mut *reader, old, "sealed"), None);
    // Somebody who can write to the journal and has no key.
    memory.reopened().commit(&[record(new, "forged")]).unwrap();
    let forged = damage(&mut *reader, new, "forged").unwrap();
    assert!(
        forged.contains("in clear, where all has to be sealed"),
        "{forged}"
    );
    let row = reader.find(&format!("run-{new}")).unwrap().unwrap();
    assert!(row.new.check().is_ok());
}

#[cfg(feature = "sqlite")]
mod file {
    use std::path::PathBuf;

    use super::*;
    use crate::journal::sqlite::Sqlite;

    fn place(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("enact-sealed-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder.join(name)
    }

    #[test]
    fn a_sealed_file_conforms() {
        let path = place("conforms.db");
        conforms(|| Box::new(sealed(Sqlite::open(&path, None).unwrap(), &ring()))).unwrap();
    }

    /// Does something to the table of a journal with two runs and two records each; what is wrong with the start of
    /// the second, and with its record `a`, then.
    fn touched(name: &str, sql: &str) -> (Option<String>, Option<String>) {
        let path = place(name);
        let mut store = sealed(Sqlite::open(&path, None).unwrap(), &ring());
        let first = store.numbers(2).unwrap().start;
        assert_eq!(first, 2, "the statements below say so");
        let runs = [2, 3].map(|run| [begin(run), record(run, "a"), record(run, "b")]);
        store.commit(&runs.concat()).unwrap();
        let other = rusqlite::Connection::open(&path).unwrap();
        assert_eq!(other.execute(sql, ()).unwrap(), 1);
        let mut reader = store.reader().unwrap();
        assert_eq!(
            damage(&mut *reader, 2, "a"),
            None,
            "the other run is as it was"
        );
        let start = reader.find("run-3").unwrap().unwrap().new.check();
        let start = start.err().map(|damage| crate::engine::reason(&damage));
        (start, damage(&mut *reader, 3, "a"))
    }

    #[test]
    fn nothing_untouched_is_damaged() {
        let sql = "UPDATE runs SET wake = 7 WHERE run = 2";
        assert_eq!(touched("untouched.db", sql), (None, None));
    }

    #[test]
    fn a_body_in_anothers_place_is_found_and_named() {
        let from =
            |what: &str| format!("UPDATE journal SET body = ({what}) WHERE run = 3 AND path = 'a'");
        let moves = [
            from("SELECT body FROM journal WHERE run = 3 AND path = 'b'"),
            from("SELECT body FROM journal WHERE run = 2 AND path = 'a'"),
            from("SELECT input FROM runs WHERE run = 3"),
            from("SELECT substr(body, 1, length(body) - 1) || x'00'"),
            from("SELECT substr(body, 1, 20)"),
            from("SELECT substr(body, 1, 5)"),
            from("SELECT substr(body, 1, 4)"),
            "UPDATE journal SET at = 1 WHERE run = 3 AND path = 'a'".to_owned(),
        ];
        for (number, sql) in moves.iter().enumerate() {
            let (start, record) = touched(&format!("moved-{number}.db"), sql);
            assert_eq!(start, None, "{sql}");
            let record = record.expect(sql);
            assert!(
                record.starts_with("its record of `a` is damaged; restore"),
                "{record}"
            );
            assert!(record.contains("sealed"), "{record}");
        }
        let sql = "UPDATE runs SET input = (SELECT input FROM runs WHERE run = 2) WHERE run = 3";
        let (start, record) = touched("input.db", sql);
        assert!(start.unwrap().contains("`the start` is damaged"));
        assert_eq!(record, None);
    }
}
