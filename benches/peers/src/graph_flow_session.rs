//! The steps as tasks of graph-flow, in a session that is kept in memory.

use std::hint::black_box;
use std::sync::Arc;

use async_trait::async_trait;
use graph_flow::{
    Context, ExecutionStatus, FlowRunner, GraphBuilder, InMemorySessionStorage, NextAction,
    Session, SessionStorage, Task, TaskResult,
};

const IDS: [&str; 5] = ["one", "two", "three", "four", "five"];

/// Adds one to the number in the session.
struct Add(usize);

#[async_trait]
impl Task for Add {
    fn id(&self) -> &str {
        IDS[self.0]
    }

    async fn run(&self, context: Context) -> graph_flow::Result<TaskResult> {
        let a: u64 = context.get("sum").unwrap_or_default();
        context.set("sum", black_box(a) + black_box(1))?;
        let next = if self.0 + 1 == IDS.len() {
            NextAction::End
        } else {
            NextAction::ContinueAndExecute
        };
        Ok(TaskResult::new(None, next))
    }
}

/// The graph, and where its sessions are kept.
pub(crate) struct Flow {
    runner: FlowRunner,
    sessions: Arc<InMemorySessionStorage>,
}

impl Flow {
    pub(crate) fn new() -> Self {
        let tasks = (0..IDS.len()).map(|index| Arc::new(Add(index)));
        let builder = tasks.fold(GraphBuilder::new("five"), |builder, task| {
            builder.add_task(task)
        });
        let builder = IDS
            .windows(2)
            .fold(builder, |builder, pair| builder.add_edge(pair[0], pair[1]));
        let graph = builder.build().expect("five tasks in a row are a graph");
        let sessions = Arc::new(InMemorySessionStorage::new());
        Self {
            runner: FlowRunner::new(Arc::new(graph), sessions.clone()),
            sessions,
        }
    }

    pub(crate) async fn run(&self, a: u64) -> Option<u64> {
        let session = Session::new_from_task("session".to_owned(), IDS[0]);
        let context = session.context.clone();
        context.set("sum", a).ok()?;
        self.sessions.save(session).await.ok()?;
        let result = self.runner.run("session").await.ok()?;
        let ended = matches!(result.status, ExecutionStatus::Completed);
        let session = self.sessions.get("session").await.ok()??;
        self.sessions.delete("session").await.ok()?;
        session.context.get("sum").filter(|_| ended)
    }
}
