//! A broker and mail: the depot's bus hands orders to a queue of a message broker, from which the shop's bus
//! takes them; and customers get a mail, by an adapter that is written here.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use enact::bus::Bus;
use enact::bus::dispatch::amqp::Amqp;
use enact::bus::dispatch::{self, DispatchError, Kind, Layers as _, Pending, Target, Topic};
use enact::prelude::*;
use enact::signal::{Envelope, Limits, json};
use enact_examples::{Folder, Outcome};
use lapin::options::{BasicAckOptions, BasicGetOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};
use tokio::time::timeout;

/// An order is on its way.
#[signal(type = "order.shipped", source = "/depot")]
struct OrderShipped {
    order: String,
    tracking: String,
    #[param(format = "email", class = "email")]
    email: String,
}

/// Mails customers from a template: the mails are files that a mail server takes from a folder.
struct Mail {
    folder: PathBuf,
}

impl Mail {
    async fn write(&self, signal: &Envelope) -> dispatch::Outcome {
        let shipped: OrderShipped = signal.open().map_err(|error| {
            let what = "it has no template for this; look at what is subscribed to";
            DispatchError::new(Kind::Refused, self.name(), what).because(error)
        })?;
        let OrderShipped {
            order,
            tracking,
            email,
        } = shipped;
        let mail = format!(
            "To: {email}\nMessage-ID: <{}@shop.example>\nSubject: Your order {order}\n\n\
             It is on its way; follow it as {tracking}.\n",
            signal.id()
        );
        // One that is sent again replaces itself.
        let file = self.folder.join(signal.id()).with_extension("eml");
        let written = tokio::task::spawn_blocking(move || std::fs::write(file, mail)).await;
        let written = written.map_err(std::io::Error::other).flatten();
        written.map_err(|error| {
            let what = "the mail could not be written; look at its folder";
            DispatchError::new(Kind::Failed, self.name(), what).because(error)
        })
    }
}

impl Target for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn check(&self) -> Pending<'_, dispatch::Outcome> {
        Box::pin(async {
            let what = "there is no folder for mails; make one";
            let missing = || DispatchError::new(Kind::Misconfigured, self.name(), what);
            if self.folder.is_dir() {
                Ok(())
            } else {
                Err(missing())
            }
        })
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, dispatch::Outcome> {
        Box::pin(self.write(signal))
    }
}

/// The address of the broker.
fn broker() -> String {
    let local = || "amqp://guest:guest@127.0.0.1:5672/%2f".to_owned();
    std::env::var("ENACT_AMQP").unwrap_or_else(|_| local())
}

/// A queue of this program's own, which goes with its connection.
async fn queue(url: &str) -> Outcome<(Connection, Channel, String)> {
    let connecting = Connection::connect(url, ConnectionProperties::default());
    let connection = timeout(Duration::from_secs(5), connecting).await??;
    let channel = connection.create_channel().await?;
    let name = format!("enact-example-{}", std::process::id());
    let options = QueueDeclareOptions {
        auto_delete: true,
        ..QueueDeclareOptions::default()
    };
    let short = name.as_str().into();
    let declared = channel.queue_declare(short, options, FieldTable::default());
    declared.await?;
    Ok((connection, channel, name))
}

/// Publishes what lies in a queue; a message is acknowledged once it is published.
async fn take(channel: &Channel, queue: &str, bus: &Bus) -> Outcome<u32> {
    let mut taken = 0;
    let get = || channel.basic_get(queue.into(), BasicGetOptions::default());
    while let Some(message) = get().await? {
        bus.publish(json::read(&message.delivery.data, &Limits::default())?)
            .await?;
        message.delivery.ack(BasicAckOptions::default()).await?;
        taken += 1;
    }
    Ok(taken)
}

fn shipped(order: &str) -> Result<Envelope, enact::signal::SignalError> {
    let shipped = OrderShipped {
        order: order.to_owned(),
        tracking: format!("track-{order}"),
        email: "ada@example.com".to_owned(),
    };
    shipped.subject(order).seal()
}

/// Brings signals from one bus to another, through the broker.
async fn cross(signals: &[Envelope], told: &mut String) -> Outcome<()> {
    let url = broker();
    let Ok((connection, channel, name)) = queue(&url).await else {
        let where_to = "start RabbitMQ at 127.0.0.1:5672 or set ENACT_AMQP";
        writeln!(told, "  no broker answers; {where_to}")?;
        return Ok(());
    };
    let target = Amqp::exchange("orders", &url, "", Topic::fixed(name.as_str()));
    let target = target.within(Duration::from_secs(5));
    let depot = Bus::new();
    let leaving = depot.subscribe(pattern!("order.shipped")).to(target.sink());
    // The first of them twice: the broker has it twice, and the shop once.
    for signal in signals.iter().chain(signals.first()) {
        depot.publish(signal.clone()).await?;
    }
    let confirmed = leaving.finish().await.handled;

    let shop = Bus::builder().dedupe(1000, Duration::from_hours(1)).build();
    let orders = shop.subscribe(pattern!("order.**")).open();
    let taken = take(&channel, &name, &shop).await?;
    let published = orders.waiting();
    connection.close(200, "done".into()).await?;
    writeln!(
        told,
        "  the broker: {confirmed} confirmed, {taken} taken, {published} published"
    )?;
    Ok(())
}

pub(crate) async fn tell() -> Outcome<String> {
    let (signals, mut told) = ([shipped("1042")?, shipped("1043")?], String::new());
    cross(&signals, &mut told).await?;

    let folder = Folder::new("mails")?;
    let mail = Mail {
        folder: folder.file(""),
    };
    mail.check().await?;
    let bus = Bus::new();
    let mailing = bus.subscribe(pattern!("order.shipped")).to(mail.sink());
    for signal in signals {
        bus.publish(signal).await?;
    }
    mailing.finish().await;
    let mut subjects = Vec::new();
    for file in std::fs::read_dir(folder.file(""))? {
        let mail = std::fs::read_to_string(file?.path())?;
        subjects.extend(mail.lines().nth(2).map(str::to_owned));
    }
    subjects.sort();
    writeln!(told, "  mails: {subjects:?}")?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn orders_cross_the_broker_once_each_and_customers_get_mails() {
        let told = super::tell().await.unwrap();
        assert_tells(
            &told,
            &[r#"mails: ["Subject: Your order 1042", "Subject: Your order 1043"]"#],
        );
        let needed = std::env::var("CI").as_deref() == Ok("true");
        if needed || !told.contains("no broker") {
            assert_tells(&told, &["the broker: 3 confirmed, 3 taken, 2 published"]);
        }
    }
}
