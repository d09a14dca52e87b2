//! Over lines of JSON.

use std::collections::HashMap;

use fastrand::Rng;
use serde_json::json;

use crate::kind::{Kind, Sent};
use crate::world::{Client, Ledger, builder};
use crate::{BATCH, Way, endure, wanted};

impl Way for Client {
    async fn batch(&mut self, random: &mut Rng, sent: &mut Sent) {
        let mut open = HashMap::new();
        for _ in 0..BATCH {
            let kind = Kind::draw(random, sent);
            let id = match kind {
                Kind::BadJson => self.send_cut("tools/call", kind.call()).await,
                _ => self.send("tools/call", kind.call()).await,
            };
            open.insert(id, kind);
            if kind == Kind::TakenBack {
                let back = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}});
                self.write(&back.to_string()).await;
            }
        }
        while open.values().any(|kind| *kind != Kind::TakenBack) {
            let message = self.next().await;
            let id = message["id"].as_u64().unwrap();
            let kind = open.remove(&id);
            let kind = kind.unwrap_or_else(|| panic!("answered twice: {message}"));
            assert!(kind.fits(&message), "{kind:?}: {message}");
        }
        // Those that are taken back are never answered: one that were would not fit, in this batch or a later one.
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_of_every_kind_are_answered_and_memory_stays() {
    let server = builder(&Ledger::default()).build().unwrap();
    endure(Client::of(&server).await, wanted()).await;
}
