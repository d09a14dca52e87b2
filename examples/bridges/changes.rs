//! What changes in a database is told as signals. Triggers note each change beside it; the changes of a
//! transaction become signals in an outbox, or none of them does; and a relay publishes what is in there.

use std::fmt::Write as _;

use enact::bus::dispatch::Layers as _;
use enact::bus::dispatch::http::{Http, Mode};
use enact::bus::dispatch::local::Forward;
use enact::bus::dispatch::outbox::{Outbox, Relay};
use enact::bus::{Bus, Overflow};
use enact::prelude::*;
use enact::signal::Envelope;
use enact_examples::{Folder, Outcome, Receiver, Request};
use rusqlite::Connection;
use serde_json::Value;

/// There is a user.
#[signal(type = "user.created", source = "/database/users")]
struct UserCreated {
    id: i64,
    name: String,
}

/// An order is in another state than before.
#[signal(type = "order.status_changed", source = "/database/orders")]
struct StatusChanged {
    id: i64,
    status: String,
    previous_status: String,
}

/// The tables, and what notes their changes. Whoever writes to them needs to know nothing of it.
const TABLES: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT NOT NULL) STRICT;
    CREATE TABLE changes (number INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL,
        data TEXT NOT NULL) STRICT;
    CREATE TRIGGER user_created AFTER INSERT ON users BEGIN
        INSERT INTO changes (what, data)
        VALUES ('user.created', json_object('id', new.id, 'name', new.name));
    END;
    CREATE TRIGGER status_changed AFTER UPDATE OF status ON orders
    WHEN old.status <> new.status BEGIN
        INSERT INTO changes (what, data)
        VALUES ('order.status_changed', json_object('id', new.id, 'status', new.status,
            'previous_status', old.status));
    END;";

/// A change as a signal, whose id is the number of the change: so it is the same however often it is made.
fn signal(number: i64, what: &str, data: Value) -> Outcome<Envelope> {
    let id = format!("change-{number}");
    let subject = data["id"].to_string();
    Ok(match what {
        "user.created" => {
            let user: UserCreated = serde_json::from_value(data)?;
            user.subject(subject).id(id).seal()?
        }
        "order.status_changed" => {
            let order: StatusChanged = serde_json::from_value(data)?;
            order.subject(subject).id(id).seal()?
        }
        _ => return Err(format!("nobody knows the change {what:?}").into()),
    })
}

/// Brings what was noted into the outbox, all of it or nothing.
fn collect(database: &mut Connection, outbox: &Outbox) -> Outcome<usize> {
    let transaction = database.transaction()?;
    let mut changes =
        transaction.prepare("SELECT number, what, data FROM changes ORDER BY number")?;
    let rows = changes.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(i64, String, String)> = rows.collect::<Result<_, _>>()?;
    drop(changes);
    for (number, what, data) in &rows {
        let signal = signal(*number, what, serde_json::from_str(data)?)?;
        outbox.put(&transaction, &signal)?;
    }
    transaction.execute("DELETE FROM changes", [])?;
    transaction.commit()?;
    Ok(rows.len())
}

/// What people do with the database in a day.
fn day(database: &mut Connection) -> Outcome<()> {
    database.execute_batch(
        "INSERT INTO users (name) VALUES ('Ada');
         INSERT INTO orders (id, status) VALUES (7, 'open');
         UPDATE orders SET status = 'paid' WHERE id = 7;
         UPDATE orders SET status = 'paid' WHERE id = 7;",
    )?;
    // Somebody thinks better of it, so it has not happened.
    let transaction = database.transaction()?;
    transaction.execute_batch(
        "INSERT INTO users (name) VALUES ('Nobody');
         UPDATE orders SET status = 'lost' WHERE id = 7;",
    )?;
    transaction.rollback()?;
    database.execute_batch("UPDATE orders SET status = 'shipped' WHERE id = 7;")?;
    Ok(())
}

pub(crate) async fn tell() -> Outcome<String> {
    let (folder, mut told) = (Folder::new("changes")?, String::new());
    let file = folder.file("shop.db");
    let (mut database, outbox) = (Connection::open(&file)?, Outbox::new("outbox")?);
    database.execute_batch(TABLES)?;
    outbox.create(&database)?;
    day(&mut database)?;
    let noted = collect(&mut database, &outbox)?;
    let waiting = outbox.left(&database)?;
    writeln!(told, "  {noted} changes, {waiting} signals in the outbox")?;

    let crm = Receiver::open(|_: &Request| 204).await?;
    let bus = Bus::new();
    let to_crm = Http::new("crm", &crm.url("/users"), Mode::Structured, crm.options())?;
    let on = |pattern| bus.subscribe(pattern).queue(64, Overflow::Wait);
    let users = on(pattern!("user.**")).to(to_crm.sink());
    let mut orders = on(pattern!("order.**")).open();
    let relay = Relay::new(
        outbox,
        Connection::open(&file)?,
        Forward::new("bus", bus.clone()),
    );
    let (first, second) = (relay.drain().await?, relay.drain().await?);
    let (first, second) = (first.delivered, second.delivered);
    writeln!(
        told,
        "  the relay brings {first} to the bus, and then {second}"
    )?;

    bus.close();
    users.finish().await;
    for signal in crm.signals("/users")? {
        let UserCreated { id, name } = signal.open()?;
        writeln!(told, "  the CRM hears of {name}, user {id}")?;
    }
    while let Some(order) = orders.next().await {
        let changed: StatusChanged = order.open()?;
        let StatusChanged {
            id,
            status,
            previous_status,
        } = changed;
        writeln!(told, "  order {id}: {previous_status} -> {status}")?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn what_changed_is_told_once_and_what_was_rolled_back_is_not() {
        let told = super::tell().await.unwrap();
        let facts = [
            "3 changes, 3 signals in the outbox",
            "the relay brings 3 to the bus, and then 0",
            "the CRM hears of Ada, user 1",
            "order 7: open -> paid\n  order 7: paid -> shipped\n",
        ];
        assert_tells(&told, &facts);
        assert!(!told.contains("Nobody"), "{told}");
    }
}
