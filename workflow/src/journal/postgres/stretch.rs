//! A piece of a batch that a few statements can write, whatever the order of its entries.
//!
//! One statement for each kind of entry, in a fixed order, so that many entries are few statements. What is
//! written about one run has to keep its own order: an entry that would come before one that it follows begins
//! another stretch.

use std::collections::HashMap;
use std::mem::take;

use super::Entry;
use super::link::{Column, Order};
use super::read::is_text;
use super::{Body, Record};
use crate::journal::record::Ending;
use crate::journal::store::NewRun;
use crate::journal::work::Work;

/// What is written together.
#[derive(Default)]
pub(super) struct Stretch<'a> {
    begun: Vec<(usize, &'a NewRun, bool)>,
    /// The first records of those.
    first: Vec<(u64, &'a Record)>,
    records: Vec<(u64, &'a Record)>,
    read: Vec<i64>,
    reopened: Vec<(usize, u64, &'a Record)>,
    ended: Vec<(u64, &'a Ending)>,
    parked: Vec<(u64, u64)>,
    posted: Vec<(usize, u64, &'a Body)>,
    notes: HashMap<&'a str, &'a Body>,
    /// What was written last of each run.
    last: HashMap<u64, u8>,
}

/// Statements, and what may be refused by each: places in the batch, and the runs that it returns where it is not.
pub(super) type Orders<'a> = Vec<(Order<'a>, Vec<(usize, u64)>)>;

/// What a batch consists of, in order.
pub(super) enum Piece<'a> {
    /// What a few statements write.
    Stretch(Box<Stretch<'a>>),
    /// An effect in the database, and its place in the batch.
    Work(usize, &'a Work),
}

/// Cuts a batch, and tells the places of what can't be kept at all.
pub(super) fn pieces(batch: &[Entry]) -> (Vec<Piece<'_>>, Vec<usize>) {
    let (mut pieces, mut refused) = (Vec::new(), Vec::new());
    let mut stretch = Stretch::default();
    for (place, entry) in batch.iter().enumerate() {
        if !is_kept(entry) {
            refused.push(place);
            continue;
        }
        if let Entry::Work(work) = entry {
            pieces.push(Piece::Stretch(Box::new(take(&mut stretch))));
            pieces.push(Piece::Work(place, work));
            continue;
        }
        if !stretch.fits(entry) {
            pieces.push(Piece::Stretch(Box::new(take(&mut stretch))));
            stretch.fits(entry);
        }
        stretch.push(place, entry);
    }
    pieces.push(Piece::Stretch(Box::new(stretch)));
    (pieces, refused)
}

/// Whether the columns can have the name that somebody has given it.
fn is_kept(entry: &Entry) -> bool {
    match entry {
        Entry::Begin(new, _) | Entry::Enqueue(new, _) => is_text(&new.id),
        Entry::Note { name, .. } => is_text(name),
        _ => true,
    }
}

impl<'a> Stretch<'a> {
    /// Whether the entry can be written with these, after what there is of its run.
    fn fits(&mut self, entry: &Entry) -> bool {
        // In the order of the statements; whether one writes a run's many.
        let (run, kind, many) = match entry {
            Entry::Begin(new, _) | Entry::Enqueue(new, _) => (new.run, 0, false),
            Entry::Record { run, .. } => (*run, 1, true),
            Entry::Reopen { run, .. } => (*run, 2, false),
            Entry::End { run, .. } => (*run, 3, false),
            Entry::Park { run, .. } => (*run, 4, false),
            Entry::Post { run, .. } => (*run, 5, true),
            Entry::Note { .. } | Entry::Work(_) => return true,
        };
        let last = self.last.insert(run, kind);
        last.is_none_or(|last| last < kind || many && last == kind)
    }

    fn push(&mut self, place: usize, entry: &'a Entry) {
        match entry {
            Entry::Begin(new, first) | Entry::Enqueue(new, first) => {
                let own = matches!(entry, Entry::Begin(..));
                self.begun.push((place, new, own));
                self.first
                    .extend(first.iter().map(|first| (new.run, first)));
            }
            Entry::Record { run, record, mail } => {
                self.records.push((*run, record));
                self.read.extend(mail.map(u64::cast_signed));
            }
            Entry::Reopen { run, record } => self.reopened.push((place, *run, record)),
            Entry::End { run, ending } => self.ended.push((*run, ending)),
            Entry::Park { run, wake } => self.parked.push((*run, *wake)),
            Entry::Post { run, body } => self.posted.push((place, *run, body)),
            Entry::Note { name, body } => {
                self.notes.insert(name, body);
            }
            Entry::Work(_) => {}
        }
    }

    /// The statements that write it, for that worker.
    pub(super) fn orders(&self, worker: Option<i64>) -> Orders<'a> {
        let mut orders = Orders::new();
        self.begin(worker, &mut orders);
        self.record(&mut orders);
        self.reopen(&mut orders);
        self.end(&mut orders);
        self.park(&mut orders);
        self.post(&mut orders);
        if !self.notes.is_empty() {
            let sql = "INSERT INTO notes (name, body, body_packed) \
                       SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) \
                       ON CONFLICT (name) DO UPDATE SET body = excluded.body, \
                       body_packed = excluded.body_packed";
            let names = column(self.notes.keys().copied());
            let with = [names]
                .into_iter()
                .chain(bodies(self.notes.values().copied()));
            orders.push((Order::new(sql, with.collect()), Vec::new()));
        }
        orders
    }

    fn begin(&self, worker: Option<i64>, orders: &mut Orders<'a>) {
        if self.begun.is_empty() {
            return;
        }
        // By id, so that two workers that begin the same runs do not wait for one another.
        let sql = "INSERT INTO runs (run, id, workflow, version, graph, input, input_packed, \
                   started, sum, status, owner, wake) SELECT run, id, workflow, version, graph, \
                   input, packed, started, sum, 0, owner, 0 FROM unnest($1::int8[], $2::text[], \
                   $3::text[], $4::int8[], $5::int8[], $6::text[], $7::bytea[], $8::int8[], \
                   $9::int8[], $10::int8[]) WITH ORDINALITY AS given (run, id, workflow, version, \
                   graph, input, packed, started, sum, owner, place) \
                   ORDER BY id, place ON CONFLICT DO NOTHING RETURNING run";
        let new = || self.begun.iter().map(|(_, new, _)| *new);
        let [text, packed] = bodies(new().map(|new| &new.input));
        let owners = self.begun.iter().map(|(_, _, own)| worker.filter(|_| *own));
        let with = vec![
            column(new().map(|new| new.run.cast_signed())),
            column(new().map(|new| &*new.id)),
            column(new().map(|new| &*new.workflow)),
            column(new().map(|new| i64::from(new.version))),
            column(new().map(|new| new.graph.cast_signed())),
            text,
            packed,
            column(new().map(|new| new.started.cast_signed())),
            column(new().map(|new| i64::from(new.sum))),
            column(owners),
        ];
        let asked = self.begun.iter().map(|(place, new, _)| (*place, new.run));
        orders.push((Order::new(sql, with), asked.collect()));
        if !self.first.is_empty() {
            // A number is one run's, so what was refused has no row.
            let sql = "INSERT INTO journal (run, path, at, body, body_packed, sum) \
                       SELECT run, path, at, given.body, packed, given.sum FROM \
                       unnest($1::int8[], $2::text[], $3::int8[], $4::text[], $5::bytea[], \
                       $6::int8[]) AS given (run, path, at, body, packed, sum) \
                       JOIN runs USING (run)";
            let with = columns(&self.first.iter().copied());
            orders.push((Order::new(sql, with), Vec::new()));
        }
    }

    fn record(&self, orders: &mut Orders<'a>) {
        if !self.records.is_empty() {
            let sql = "INSERT INTO journal (run, path, at, body, body_packed, sum) \
                       SELECT run, path, at, body, packed, sum FROM unnest($1::int8[], $2::text[], \
                       $3::int8[], $4::text[], $5::bytea[], $6::int8[]) WITH ORDINALITY \
                       AS given (run, path, at, body, packed, sum, place) ORDER BY place";
            let with = columns(&self.records.iter().copied());
            orders.push((Order::new(sql, with), Vec::new()));
        }
        if !self.read.is_empty() {
            let sql = "DELETE FROM mail WHERE seq = ANY($1)";
            let with = vec![column(self.read.iter().copied())];
            orders.push((Order::new(sql, with), Vec::new()));
        }
    }

    fn reopen(&self, orders: &mut Orders<'a>) {
        if self.reopened.is_empty() {
            return;
        }
        let sql = "WITH given AS (SELECT * FROM unnest($1::int8[], $2::text[], $3::int8[], \
                   $4::text[], $5::bytea[], $6::int8[]) AS given (run, path, at, body, packed, sum)), \
                   opened AS (UPDATE runs SET status = 0, owner = NULL, taken = NULL, wake = 0, \
                   body = NULL, body_packed = NULL, ended = NULL, end_sum = NULL FROM given \
                   WHERE runs.run = given.run AND status = 2 RETURNING runs.run) \
                   INSERT INTO journal (run, path, at, body, body_packed, sum) \
                   SELECT given.* FROM given JOIN opened USING (run) RETURNING run";
        let with = columns(&self.reopened.iter().map(|(_, run, record)| (*run, *record)));
        let asked = self.reopened.iter().map(|(place, run, _)| (*place, *run));
        orders.push((Order::new(sql, with), asked.collect()));
    }

    fn end(&self, orders: &mut Orders<'a>) {
        if self.ended.is_empty() {
            return;
        }
        let runs = || column(self.ended.iter().map(|(run, _)| run.cast_signed()));
        let ended = || self.ended.iter().map(|(_, ending)| *ending);
        let sql = "UPDATE runs SET status = given.status, owner = NULL, taken = NULL, \
                   body = given.body, body_packed = given.packed, ended = given.at, \
                   end_sum = given.sum FROM unnest($1::int8[], $2::int2[], $3::text[], \
                   $4::bytea[], $5::int8[], $6::int8[]) \
                   AS given (run, status, body, packed, at, sum) WHERE runs.run = given.run";
        let [text, packed] = bodies(ended().map(|ending| &ending.body));
        let with = vec![
            runs(),
            column(ended().map(|ending| ending.status.number())),
            text,
            packed,
            column(ended().map(|ending| ending.at.cast_signed())),
            column(ended().map(|ending| i64::from(ending.sum))),
        ];
        orders.push((Order::new(sql, with), Vec::new()));
        let sql = "DELETE FROM mail WHERE run = ANY($1)";
        orders.push((Order::new(sql, vec![runs()]), Vec::new()));
    }

    fn park(&self, orders: &mut Orders<'a>) {
        if self.parked.is_empty() {
            return;
        }
        let runs = || column(self.parked.iter().map(|(run, _)| run.cast_signed()));
        orders.push((lock(runs()), Vec::new()));
        let sql = "UPDATE runs SET owner = NULL, taken = NULL, wake = CASE WHEN EXISTS \
                   (SELECT 1 FROM mail WHERE mail.run = runs.run) THEN 0 ELSE given.wake END \
                   FROM unnest($1::int8[], $2::int8[]) AS given (run, wake) \
                   WHERE runs.run = given.run AND status = 0";
        let wakes = column(self.parked.iter().map(|(_, wake)| wake.cast_signed()));
        orders.push((Order::new(sql, vec![runs(), wakes]), Vec::new()));
    }

    fn post(&self, orders: &mut Orders<'a>) {
        if self.posted.is_empty() {
            return;
        }
        let runs = || column(self.posted.iter().map(|(_, run, _)| run.cast_signed()));
        let asked = self.posted.iter().map(|(place, run, _)| (*place, *run));
        orders.push((lock(runs()), asked.collect()));
        let sql = "INSERT INTO mail (run, body, body_packed) SELECT run, given.body, given.packed \
                   FROM unnest($1::int8[], $2::text[], $3::bytea[]) WITH ORDINALITY \
                   AS given (run, body, packed, place) JOIN runs USING (run) WHERE status = 0 \
                   ORDER BY place";
        let posted = bodies(self.posted.iter().map(|(_, _, body)| *body));
        let with = [runs()].into_iter().chain(posted).collect();
        orders.push((Order::new(sql, with), Vec::new()));
        let sql = "UPDATE runs SET wake = 0 WHERE run = ANY($1) AND status = 0 \
                   AND owner IS NULL AND wake > 0";
        orders.push((Order::new(sql, vec![runs()]), Vec::new()));
    }
}

/// Locks runs that have not ended. Who parks a run and who posts to it wait for one another here: what comes after
/// in the transaction sees what the other has done.
fn lock(runs: Column<'_>) -> Order<'_> {
    let sql = "SELECT run FROM runs WHERE run = ANY($1) AND status = 0 ORDER BY run FOR UPDATE";
    Order::new(sql, vec![runs])
}

fn column<'a, T>(values: impl Iterator<Item = T>) -> Column<'a>
where
    T: tokio_postgres::types::ToSql + Sync + 'a,
{
    Box::new(values.collect::<Vec<T>>())
}

/// The two columns of bodies, of which each is in one.
fn bodies<'a>(bodies: impl Iterator<Item = &'a Body> + Clone) -> [Column<'a>; 2] {
    let text = |body: &'a Body| halves(body).0;
    let packed = |body: &'a Body| halves(body).1;
    [column(bodies.clone().map(text)), column(bodies.map(packed))]
}

pub(super) fn halves(body: &Body) -> (Option<&str>, Option<&[u8]>) {
    match body {
        Body::Text(text) => (Some(text), None),
        Body::Packed(packed) => (None, Some(packed)),
    }
}

/// The columns of records.
fn columns<'a>(records: &(impl Iterator<Item = (u64, &'a Record)> + Clone)) -> Vec<Column<'a>> {
    let own = || records.clone().map(|(_, record)| record);
    let [text, packed] = bodies(own().map(|record| &record.body));
    vec![
        column(records.clone().map(|(run, _)| run.cast_signed())),
        column(own().map(|record| &*record.path)),
        column(own().map(|record| record.at.cast_signed())),
        text,
        packed,
        column(own().map(|record| i64::from(record.sum))),
    ]
}
