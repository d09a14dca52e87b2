//! Looking at runs, and leaving something for them, beside the workers.

use super::link::{Link, Session, Steps, aside};
use super::{
    Body, Counts, Entry, List, Options, Problem, Reader, Record, RunRow, StoreError, read, write,
};

/// A way into a database beside whoever runs what is in it.
#[derive(Debug)]
pub struct Beside {
    pub(super) link: Link,
}

impl Beside {
    /// Opens a journal that there is.
    ///
    /// Blocks.
    ///
    /// # Errors
    /// Where there is none; where the database can't be reached.
    pub fn open(url: &str, options: &Options) -> Result<Self, StoreError> {
        let mut link = Link::new(url, options)?;
        let opened = aside(|| link.run(false, &async |_: &mut Session| Ok(())));
        link.told("open", opened)?;
        Ok(Self { link })
    }

    /// Reads; once more, where the connection had gone.
    fn read<T>(
        &mut self,
        work: &impl AsyncFn(&mut Session) -> Result<T, Problem>,
    ) -> Result<T, StoreError> {
        let done = self.twice(work);
        self.link.told("read", done)
    }

    fn twice<T>(
        &mut self,
        work: &impl AsyncFn(&mut Session) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.twice_in_steps(&|steps| steps.wait(work))
    }

    fn twice_in_steps<T>(
        &mut self,
        work: &impl Fn(&mut Steps<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        match self.link.run_in_steps(false, work) {
            Err(problem) if problem.passes() => self.link.run_in_steps(false, work),
            done => done,
        }
    }
}

impl Reader for Beside {
    fn find(&mut self, id: &str) -> Result<Option<RunRow>, StoreError> {
        self.read(&async |to| read::find(to, id).await)
    }

    fn list(&mut self, list: &List) -> Result<Vec<RunRow>, StoreError> {
        self.read(&async |to| read::list(to, list).await)
    }

    fn records(&mut self, run: u64) -> Result<Vec<Record>, StoreError> {
        self.read(&async |to| read::records(to, run).await)
    }

    fn strangers(&mut self, graphs: &[u64], most: usize) -> Result<Vec<RunRow>, StoreError> {
        let graphs = read::signed(graphs);
        self.read(&async |to| read::strangers(to, &graphs, most).await)
    }

    fn graph(&mut self, graph: u64) -> Result<Option<Body>, StoreError> {
        self.read(&async |to| read::graph(to, graph).await)
    }

    fn note(&mut self, name: &str) -> Result<Option<Body>, StoreError> {
        self.read(&async |to| read::note(to, name).await)
    }

    fn notes(&mut self, prefix: &str) -> Result<Vec<(String, Body)>, StoreError> {
        self.read(&async |to| read::notes(to, prefix).await)
    }

    fn counts(&mut self, now: u64) -> Result<Counts, StoreError> {
        self.read(&async |to| read::counts(to, now).await)
    }

    fn leave(&mut self, entry: &Entry) -> Result<bool, StoreError> {
        let written = match entry {
            Entry::Enqueue(..) | Entry::Post { .. } | Entry::Reopen { .. } | Entry::Note { .. } => {
                let batch = std::slice::from_ref(entry);
                self.twice_in_steps(&|steps| write::batch(steps, None, batch))
            }
            _ => Err(Problem::NotRunning),
        };
        Ok(self.link.told("write to", written)?.is_empty())
    }
}
