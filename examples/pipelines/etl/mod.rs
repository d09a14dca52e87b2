//! A file of sales is extracted, transformed and loaded. Each stage is a step of a recorded run and is told of
//! by a signal; a job that fails goes on from the stage that failed.

mod stages;

use std::fmt::Write as _;
use std::sync::Arc;

use enact::prelude::*;
use enact::signal::sink;
use enact::testing::TestBus;
use enact::workflow::engine::Engine;
use enact_examples::{Folder, Outcome};
use rusqlite::Connection;

use self::stages::{Extract, Load, Transform, Warehouse};

/// A stage of a job is done.
#[signal(type = "etl.stage_completed", source = "/data-pipeline")]
struct StageCompleted {
    stage: String,
    records: u32,
    file: String,
}

/// A job is done.
#[signal(type = "etl.completed", source = "/data-pipeline")]
struct Completed {
    loaded: u32,
    rejected: u32,
}

workflow! {
    /// Brings a file into the table of sales.
    #[workflow(version = 1, deadline = "1h")]
    pub(crate) LoadSales { job: String, source: String } -> u32 {
        step raw = Extract { job, source };
        emit StageCompleted { stage: "extracted".to_owned(), records: raw.records, file: raw.file }
            with subject(job);
        step clean = Transform { job, file: raw.file };
        emit StageCompleted { stage: "transformed".to_owned(), records: clean.records, file: clean.file }
            with subject(job);
        step loaded = Load { file: clean.file };
        emit Completed { loaded, rejected: raw.records - clean.records } with subject(job);
        loaded
    }
}

/// What the shops send, with what is wrong in it.
const SALES: &str = r#"{"id":"s-1","country":"DE","cents":1999}
{"id":"s-2","country":"DEU","cents":-5}
{"id":"s-3","country":"FR","cents":2500}
{"id":"s-3","country":"FR","cents":2500}
no sale at all
{"id":"s-4","country":"DE","cents":1}
"#;

pub(crate) async fn tell() -> Outcome<String> {
    let (folder, bus) = (Folder::new("etl")?, TestBus::new());
    let source = folder.file("sales.jsonl");
    std::fs::write(&source, SALES)?;
    let warehouse = Arc::new(Warehouse::new(folder.file("")));
    let cx = Context::builder().resource(sink(bus.bus()));
    let cx = cx.resource(Arc::clone(&warehouse)).build();
    let engine = Engine::open(folder.file("runs.db"), &cx)?;
    let job = LoadSales::new("job-7", source.display().to_string());

    let mut told = String::new();
    // Nobody has made the table yet.
    let run = engine.start("job-7", job).await?;
    if let Err(failure) = run.answer().await {
        let (step, message) = (failure.step().unwrap_or_default(), failure.message());
        writeln!(told, "  failed at `{step}`: {message}")?;
    }
    warehouse.create()?;
    engine.retry("job-7").await?;
    let loaded = engine.run("job-7").await?.answer().await?;
    writeln!(told, "  tried again, {loaded} sales are loaded")?;
    writeln!(
        told,
        "  the file was extracted {} time",
        warehouse.extractions()
    )?;
    for rejected in warehouse.rejects("job-7")?.lines() {
        writeln!(told, "  rejected: {rejected}")?;
    }
    for event in bus.published() {
        let mut data = event.json()?;
        // The files are among the temporary ones, wherever that is.
        data.as_object_mut().map(|data| data.remove("file"));
        let subject = event.subject().unwrap_or_default();
        writeln!(told, "    {} of {subject} {data}", event.ty())?;
    }
    let database = Connection::open(warehouse.database())?;
    let sum = "SELECT country, sum(cents) FROM sales GROUP BY country ORDER BY country";
    let mut sums = database.prepare(sum)?;
    let sums = sums.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sums: Vec<(String, i64)> = sums.collect::<Result<_, _>>()?;
    writeln!(told, "  the table says {sums:?}")?;
    engine.close().await;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use enact::testing::crash_everywhere;
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn a_job_goes_on_from_the_stage_that_failed() {
        let told = tell().await.unwrap();
        let facts = [
            "failed at `loaded`: there is no table of sales",
            "tried again, 3 sales are loaded",
            "the file was extracted 1 time\n",
            "rejected: line 2: /country: found 3 characters; allowed: exactly 2 characters [len]; /cents:",
            "rejected: line 4: s-3 was there before",
            "rejected: line 5: expected ident",
            r#"etl.stage_completed of job-7 {"stage":"extracted","records":6}"#,
            r#"etl.stage_completed of job-7 {"stage":"transformed","records":3}"#,
            r#"etl.completed of job-7 {"loaded":3,"rejected":3}"#,
            r#"the table says [("DE", 2000), ("FR", 2500)]"#,
        ];
        assert_tells(&told, &facts);
        assert_eq!(told.matches("etl.").count(), 3, "{told}");
    }

    #[test]
    fn a_crash_anywhere_changes_nothing() {
        let folder = Folder::new("etl-crashes").unwrap();
        let source = folder.file("sales.jsonl");
        std::fs::write(&source, SALES).unwrap();
        let path = folder.file("");
        let job = LoadSales::new("job-8", source.display().to_string());
        let crashes = crash_everywhere(job, move || {
            let warehouse = Warehouse::new(path.clone());
            warehouse.create().unwrap();
            let builder = Context::builder().resource(sink(TestBus::new().bus()));
            builder.resource(Arc::new(warehouse)).build()
        });
        assert!(
            crashes
                .windows()
                .iter()
                .any(|window| window.contains("clean"))
        );
    }
}
