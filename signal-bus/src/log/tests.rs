//! Both stores keep to the suite; logs number, know and refuse signals.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use enact_signal_core::{Envelope, Limits, Pattern, Sink as _};

use super::{
    Clock, Entry, Log, LogErrorKind, Memory, Reader, Select, Settings, StartFrom, Store,
    StoreError, conforms,
};

/// How long a test waits for what should come at once.
const LONG: std::time::Duration = std::time::Duration::from_mins(1);

fn event(id: &str) -> enact_signal_core::Builder {
    Envelope::builder("order.created", "/shop").id(id)
}

fn pattern(text: &str) -> Pattern {
    Pattern::new(text).unwrap()
}

/// A store that does as its test says at each commit.
struct Staged {
    store: Memory,
    before: Box<dyn FnMut() -> Result<(), StoreError> + Send>,
}

impl Store for Staged {
    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        (self.before)()?;
        self.store.commit(batch)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        self.store.prune(before, most)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.store.reader()
    }
}

fn staged(before: impl FnMut() -> Result<(), StoreError> + Send + 'static) -> Log {
    let store = Memory::default();
    let before = Box::new(before);
    Log::over(Staged { store, before }, Settings::default()).unwrap()
}

#[tokio::test]
async fn a_bus_hands_on_to_a_log_what_it_keeps_once() {
    let (bus, log) = (crate::Bus::new(), Log::memory());
    let keeping = bus.subscribe(pattern("order.**")).to(log.clone());
    for id in ["1", "2", "1"] {
        bus.publish(event(id).build().unwrap()).await.unwrap();
    }
    assert_eq!(keeping.finish().await.handled, 3);
    assert_eq!(log.last(), 2);
}

#[tokio::test]
async fn a_log_that_takes_no_more_says_that_it_may_later() {
    let log = staged(|| Err(StoreError::new("write to", "a disk", "it is full")));
    let failure = log.accept(event("1").build().unwrap()).await.unwrap_err();
    assert_eq!(
        (failure.code(), failure.is_retryable()),
        ("log.store", true)
    );
}

#[tokio::test]
async fn what_comes_while_the_disk_is_busy_goes_under_one_sync() {
    let (begin, begun) = tokio::sync::mpsc::unbounded_channel();
    let (go, gone) = std::sync::mpsc::channel();
    let mut begun = begun;
    let log = staged(move || {
        begin.send(()).unwrap();
        gone.recv().unwrap();
        Ok(())
    });
    let mut tasks = tokio::task::JoinSet::new();
    let handed = Arc::new(AtomicU32::new(0));
    let publish = |id: String| {
        let (log, handed) = (log.clone(), Arc::clone(&handed));
        async move {
            handed.fetch_add(1, Relaxed);
            log.publish(event(&id)).await.unwrap().sequence()
        }
    };
    tasks.spawn(publish("first".to_owned()));
    begun.recv().await.unwrap();
    for id in 0..100 {
        tasks.spawn(publish(id.to_string()));
    }
    while handed.load(Relaxed) < 101 {
        tokio::task::yield_now().await;
    }
    go.send(()).unwrap();
    go.send(()).unwrap();
    drop(go);
    let mut sequences = tasks.join_all().await;
    sequences.sort_unstable();
    assert!(sequences.into_iter().eq(1..=101));
    begun.recv().await.unwrap();
    assert!(begun.try_recv().is_err(), "there was a third commit");
}

/// A store that begins batches before they are whole, as its test says.
struct Begins {
    store: Memory,
    begun: Vec<Entry>,
    begin: Box<dyn FnMut() -> Result<bool, StoreError> + Send>,
    committed: std::sync::mpsc::Sender<usize>,
}

impl Store for Begins {
    fn begin(&mut self, batch: &[Entry]) -> Result<bool, StoreError> {
        let begun = (self.begin)()?;
        if begun {
            self.begun.extend_from_slice(batch);
        }
        Ok(begun)
    }

    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        let mut all = std::mem::take(&mut self.begun);
        all.extend_from_slice(batch);
        self.committed.send(all.len()).unwrap();
        self.store.commit(&all)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        self.store.prune(before, most)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.store.reader()
    }
}

/// What comes of 20 signals whose publishers hand them over, and then their thread waits until a batch is committed, or
/// the writer ends.
async fn begun(
    begin: impl FnMut() -> Result<bool, StoreError> + Send + 'static,
) -> (Vec<usize>, Vec<Result<u64, LogErrorKind>>) {
    let (committed, commits) = std::sync::mpsc::channel();
    let store = Begins {
        store: Memory::default(),
        begun: Vec::new(),
        begin: Box::new(begin),
        committed,
    };
    let log = Log::over(store, Settings::default()).unwrap();
    let mut publishers = tokio::task::JoinSet::new();
    for id in 0..20 {
        let log = log.clone();
        publishers.spawn(async move {
            let published = log.publish(event(&id.to_string())).await;
            let sequence = published.map(|published| published.sequence());
            sequence.map_err(|error| error.kind())
        });
    }
    // It waits behind them, on the one thread that there is.
    let mut first = tokio::task::JoinSet::new();
    first.spawn(async move { (commits.recv_timeout(LONG).ok(), commits) });
    let (first, commits) = first.join_next().await.unwrap().unwrap();
    let mut published = publishers.join_all().await;
    published.sort_unstable_by_key(|published| published.unwrap_or_default());
    drop(log);
    let commits = first.into_iter().chain(commits).collect();
    (commits, published)
}

#[tokio::test]
async fn many_are_written_while_others_are_to_come_and_wait_for_nobody_for_ever() {
    for begins in [true, false] {
        let asked = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&asked);
        let begin = move || {
            counted.fetch_add(1, Relaxed);
            Ok(begins)
        };
        let (commits, published) = begun(begin).await;
        assert!(asked.load(Relaxed) > 0, "{begins}");
        assert_eq!(commits.iter().sum::<usize>(), 20, "{begins}");
        assert!(published.into_iter().eq((1..=20).map(Ok)), "{begins}");
    }
}

#[tokio::test]
async fn who_could_not_be_written_ahead_hears_of_it() {
    for how in ["fails", "panics"] {
        let (commits, published) = begun(move || match how {
            "panics" => panic!("as it should"),
            _ => Err(StoreError::new("write to", "", "the disk is full")),
        })
        .await;
        assert!(commits.is_empty(), "{how}");
        let told = [Err(LogErrorKind::Store), Err(LogErrorKind::Closed)];
        let told = &told[..if how == "panics" { 2 } else { 1 }];
        assert!(published.iter().all(|one| told.contains(one)), "{how}");
    }
}

#[tokio::test]
async fn once_a_store_fails_or_panics_everybody_hears_of_it() {
    for how in ["fails", "panics"] {
        let mut left = 4;
        let log = staged(move || {
            left -= 1;
            match left {
                0 if how == "panics" => panic!("as it should"),
                0 => Err(StoreError::new("write to", "", "the disk is full")),
                _ => Ok(()),
            }
        });
        let subscribe = log.subscribe("billing", pattern("order.*"));
        let orders = subscribe.open().await.unwrap();
        log.publish(event("1")).await.unwrap();
        let delivery = orders.next().await.unwrap();
        let (acked, next) = tokio::join!(delivery.ack(), orders.next());
        assert!(acked.is_err() && next.is_err(), "{how}");
        let refused = log.publish(event("2")).await.unwrap_err();
        assert_eq!(refused.kind(), LogErrorKind::Store, "{how}");
        let source = std::error::Error::source(&refused).map(ToString::to_string);
        let told = ["the disk is full", "its store panicked; open it again"];
        assert_eq!(source.as_deref(), Some(told[usize::from(how == "panics")]));
        assert_eq!(log.last(), 1);
    }
}

#[test]
fn memory_conforms() {
    let kept = Memory::default();
    conforms(|| Box::new(kept.clone())).unwrap();
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use std::path::PathBuf;

    use super::{Log, LogErrorKind, conforms, event};
    use crate::log::Sqlite;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("enact-log-{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_file_conforms() {
        let folder = folder("conforms");
        let path = folder.join("signals.db");
        conforms(|| Box::new(Sqlite::open(&path).unwrap())).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn a_file_is_had_by_one_at_a_time_and_keeps_what_was_published() {
        let folder = folder("kept");
        let path = folder.join("signals.db");
        let log = Log::open(&path).unwrap();
        log.publish(event("1")).await.unwrap();
        let refused = Log::open(&path).unwrap_err();
        assert_eq!(refused.kind(), LogErrorKind::Store);
        drop(log);
        let log = Log::open(&path).unwrap();
        assert_eq!(log.last(), 1);
        let again = log.publish(event("1")).await.unwrap();
        assert_eq!((again.sequence(), again.is_new()), (1, false));
        drop(log);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn a_file_may_have_tables_of_others_whose_writers_take_turns() {
        let folder = folder("shared");
        let path = folder.join("app.db");
        let log = Log::open(&path).unwrap();
        let other = rusqlite::Connection::open(&path).unwrap();
        other
            .execute_batch("CREATE TABLE mine (n INTEGER)")
            .unwrap();
        for n in 0..20 {
            let publish = log.publish(event(&n.to_string()));
            let insert = async { other.execute("INSERT INTO mine VALUES (?1)", [n]) };
            let (published, inserted) = tokio::join!(publish, insert);
            published.unwrap();
            inserted.unwrap();
        }
        assert_eq!(log.last(), 20);
        drop((log, other));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn what_somebody_else_writes_to_the_log_ends_it_and_nothing_gets_another_number() {
        let folder = folder("numbers");
        let path = folder.join("signals.db");
        let log = Log::open(&path).unwrap();
        log.publish_all((0..40).map(|n| event(&n.to_string())))
            .await
            .unwrap();
        let other = rusqlite::Connection::open(&path).unwrap();
        let sql = "INSERT INTO signal_log (seq, at, type, body, sum) VALUES (99, 0, '', '', 0)";
        other.execute(sql, ()).unwrap();
        let more = (40..80).map(|n| event(&n.to_string()));
        let error = log.publish_all(more).await.unwrap_err();
        let chain = std::iter::successors(Some(&error as &dyn std::error::Error), |error| {
            error.source()
        });
        let told: Vec<_> = chain.map(ToString::to_string).collect();
        let told = told.join(": ");
        assert!(
            told.contains("signal 56 would have been written as 115"),
            "{told}"
        );
        let sql = "SELECT count(*), max(seq) FROM signal_log WHERE seq < 99";
        let kept = other.query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(kept.unwrap(), (40, 40));
        drop((log, other));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn a_damaged_signal_is_told_and_does_not_stop_the_others() {
        let folder = folder("damaged");
        let path = folder.join("signals.db");
        let log = Log::open(&path).unwrap();
        log.publish_all([event("1"), event("2"), event("3")])
            .await
            .unwrap();
        let sql = "UPDATE signal_log SET body = replace(body, 'shop', 'sh0p') WHERE seq = 2";
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute(sql, ()).unwrap();
        let all = log.snapshot(super::Select::all(), 9).await.unwrap_err();
        assert_eq!(all.kind(), LogErrorKind::Damaged);
        let orders = log.subscribe("billing", super::pattern("order.*"));
        let orders = orders
            .start_from(super::StartFrom::Origin)
            .open()
            .await
            .unwrap();
        for sequence in [1, 3] {
            let delivery = orders.next().await.unwrap();
            assert_eq!(delivery.sequence(), sequence);
            delivery.ack().await.unwrap();
        }
        let dead = log.dead_letters("billing").list(0, 9).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert!(dead[0].reason.contains("checksum"), "{}", dead[0].reason);
        drop((log, orders, other));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

#[tokio::test]
async fn one_that_was_published_is_not_recorded_again_within_the_window() {
    let settings = Settings {
        window: 2,
        ..Settings::default()
    };
    let log = Log::over(Memory::default(), settings).unwrap();
    let mut told = Vec::new();
    for id in ["1", "1", "2", "3", "1"] {
        let published = log.publish(event(id)).await.unwrap();
        told.push((published.sequence(), published.is_new()));
    }
    assert_eq!(
        told,
        [(1, true), (1, false), (2, true), (3, true), (4, true)]
    );
    // The same id of another source is another signal.
    let other = Envelope::builder("order.created", "/other").id("1");
    assert!(log.publish(other).await.unwrap().is_new());
}

#[tokio::test]
async fn all_of_a_batch_is_published_or_none() {
    let settings = Settings {
        limits: Limits {
            event: 200,
            ..Limits::default()
        },
        ..Settings::default()
    };
    let log = Log::over(Memory::default(), settings).unwrap();
    let large = event("2").subject("x".repeat(200));
    let refused = log.publish_all([event("1"), large]).await.unwrap_err();
    assert_eq!(refused.kind(), LogErrorKind::Signal);
    assert!(refused.to_string().contains("signal 1"), "{refused}");
    assert_eq!(log.last(), 0);
}

/// Goes back.
#[derive(Debug)]
struct Backwards(std::sync::atomic::AtomicU64);

impl Clock for Backwards {
    fn now(&self) -> u64 {
        self.0.fetch_sub(10, Relaxed)
    }
}

#[tokio::test]
async fn times_of_record_never_go_back() {
    let settings = Settings {
        clock: Arc::new(Backwards(1000.into())),
        ..Settings::default()
    };
    let log = Log::over(Memory::default(), settings).unwrap();
    for id in ["1", "2", "3"] {
        log.publish(event(id)).await.unwrap();
    }
    let all = log.snapshot(Select::all(), 9).await.unwrap();
    let times: Vec<u64> = all.iter().map(super::Recorded::recorded_at).collect();
    assert_eq!(times, [1000, 1000, 1000]);
}

#[tokio::test]
async fn a_replay_has_its_range_in_order_and_ends_where_the_log_ended() {
    let log = Log::memory();
    for n in 1..=600 {
        let ty = if n % 2 == 0 {
            "order.even"
        } else {
            "order.odd"
        };
        log.publish(Envelope::builder(ty, "/shop")).await.unwrap();
    }
    let select = Select::of(pattern("*.even"));
    let mut replay = log
        .replay(select.from(StartFrom::Sequence(9)).up_to(599))
        .await
        .unwrap();
    log.publish(event("late")).await.unwrap();
    let mut found = Vec::new();
    while let Some(signal) = replay.next().await {
        found.push(signal.unwrap().sequence());
    }
    let expected: Vec<u64> = (10..599).step_by(2).collect();
    assert_eq!(found, expected);
    assert_eq!(log.snapshot(Select::all(), 7).await.unwrap().len(), 7);
}

#[tokio::test]
async fn a_signal_whose_publisher_is_gone_is_recorded_all_the_same() {
    let log = staged(|| Ok(()));
    let orders = log.subscribe("orders", pattern("order.**")).open();
    let orders = orders.await.unwrap();
    {
        let mut publish = Box::pin(log.publish(event("1")));
        let polled = std::future::poll_fn(|task| {
            std::task::Poll::Ready(publish.as_mut().poll(task).is_pending())
        });
        assert!(polled.await, "it is handed over, and not durable yet");
    }
    let order = orders.next().await.unwrap();
    assert_eq!(order.id(), "1");
    order.ack().await.unwrap();
}

#[tokio::test]
async fn those_who_publish_at_once_share_a_commit() {
    let commits = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&commits);
    // While the first commit waits here, all the others come.
    let door = Arc::new(tokio::sync::Mutex::new(()));
    let shut = Arc::clone(&door).lock_owned().await;
    let log = staged(move || {
        drop(door.blocking_lock());
        counted.fetch_add(1, Relaxed);
        Ok(())
    });
    let here = Arc::new(AtomicU32::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..200 {
        let (log, here) = (log.clone(), Arc::clone(&here));
        tasks.spawn(async move {
            here.fetch_add(1, Relaxed);
            log.publish(event(&n.to_string())).await
        });
    }
    while here.load(Relaxed) < 200 {
        tokio::task::yield_now().await;
    }
    drop(shut);
    while let Some(published) = tasks.join_next().await {
        assert!(published.unwrap().unwrap().is_new());
    }
    assert_eq!((log.last(), log.figures().recorded), (200, 200));
    assert!(commits.load(Relaxed) < 10, "{commits:?}");
}
