//! The twin of the test `sealing`: what it searches for is found where a journal is not sealed.

#![expect(clippy::unwrap_used, reason = "a test that can't go on stops")]

mod world;

use enact::prelude::*;
use enact::workflow::engine::Engine;

use crate::world::{Fail, TEXT, Through, Told, cx, folder, found, long, settings, tell_both};

tell!();

#[tokio::test]
async fn a_journal_that_is_not_sealed_has_what_is_recorded() {
    let folder = folder("clear");
    let engine = Engine::open_with(folder.join("runs.db"), settings(), &cx()).unwrap();
    engine.start("good", Tell::new(TEXT, false)).await.unwrap();
    engine.start("bad", Tell::new(long(), true)).await.unwrap();
    tell_both(&engine).await;
    engine.close().await;
    // Params, the effect, its step, the signal and the end of both.
    assert!(found(&folder, "runs.db", TEXT.as_bytes()) >= 10);
}
