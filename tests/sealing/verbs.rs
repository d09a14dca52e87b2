//! The command line over a sealed journal.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use enact::cli::{App, Exit, Io};

use crate::world::{TEXT, folder};
use crate::{journal, keys};

/// What a verb has written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs a verb; its exit, and all that it has written.
pub(crate) fn verb(app: App, line: &str) -> (Exit, String) {
    let written = Written::default();
    let io = Io::captured(written.clone(), written.clone());
    let exit = app.run_from(line.split(' '), io);
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    (exit, text)
}

pub(crate) fn app(folder: &Path) -> App {
    App::new("shop").journal(folder.join("runs.db").display().to_string())
}

#[test]
fn verbs_read_a_sealed_journal_with_its_keys_and_say_so_without() {
    let folder = folder("verbs");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(journal(&folder));
    let (exit, text) = verb(app(&folder).keys(|| Ok(keys())), "show good");
    assert_eq!(exit, Exit::Ok, "{text}");
    assert!(text.contains(TEXT), "{text}");
    let (exit, text) = verb(app(&folder), "runs");
    assert_eq!(exit, Exit::Misconfigured);
    assert!(
        text.contains("could not open the journal without a key"),
        "{text}"
    );
    assert!(
        text.contains("`App::keys`") && !text.contains(TEXT),
        "{text}"
    );
    // Verbs that need no journal need no keys.
    let never = || panic!("nobody asks for keys");
    assert_eq!(verb(app(&folder).keys(never), "list").0, Exit::Ok);
}
