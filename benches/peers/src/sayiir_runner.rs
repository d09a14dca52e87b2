//! The steps as a workflow of sayiir, run in the process.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sayiir_core::error::BoxError;
use sayiir_runtime::prelude::*;

/// What the last step came to, as the runner only says that it has ended.
static LAST: AtomicU64 = AtomicU64::new(0);

async fn add(a: u64) -> Result<u64, BoxError> {
    Ok(black_box(a) + black_box(1))
}

/// A workflow that is built once.
pub(crate) struct Runner(Workflow<JsonCodec, u64, ()>);

impl Runner {
    pub(crate) fn new() -> Self {
        let cx = WorkflowContext::new("five", Arc::new(JsonCodec), Arc::new(()));
        let workflow = WorkflowBuilder::new(cx)
            .then("one", add)
            .then("two", add)
            .then("three", add)
            .then("four", add)
            .then("five", |a: u64| async move {
                let sum = add(a).await?;
                LAST.store(sum, Ordering::Relaxed);
                Ok(sum)
            })
            .build();
        Self(workflow.expect("five tasks in a row are a workflow"))
    }

    pub(crate) async fn run(&self, a: u64) -> Option<u64> {
        let status = InProcessRunner.run(&self.0, a).await.ok()?;
        matches!(status, WorkflowStatus::Completed).then(|| LAST.swap(0, Ordering::Relaxed))
    }
}
