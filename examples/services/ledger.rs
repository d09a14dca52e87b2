//! An account is what happened to it: its events are in a log on disk, its balance is what they add up
//! to, now or at any time before, and the trail says why each of them happened.

use std::fmt::Write as _;

use enact::bus::log::{Log, Select};
use enact::prelude::*;
use enact_examples::{Folder, Outcome};

/// A customer has asked for a payment.
#[signal(type = "payment.initiated", source = "/payments")]
struct PaymentInitiated {
    cents: u64,
    to: String,
}

/// What happens to accounts.
#[signal(source = "/bank/accounts")]
enum AccountEvent {
    /// There is an account.
    #[signal(type = "account.opened")]
    Opened,
    /// Money has come.
    #[signal(type = "account.credited")]
    Credited { cents: u64 },
    /// Money has gone.
    #[signal(type = "account.debited")]
    Debited { cents: u64 },
}

/// An account as its events say it is.
#[derive(Debug, Default, PartialEq, Eq)]
struct Account {
    balance: u64,
    events: u32,
}

impl Account {
    fn apply(&mut self, event: &AccountEvent) -> Outcome<()> {
        self.events += 1;
        self.balance = match event {
            AccountEvent::Opened => 0,
            AccountEvent::Credited { cents } => self.balance + cents,
            AccountEvent::Debited { cents } => {
                let left = self.balance.checked_sub(*cents);
                left.ok_or("a debit was recorded that nothing covered")?
            }
        };
        Ok(())
    }

    /// Reads an account's events again, those of the selection.
    async fn read(log: &Log, account: &str, select: Select) -> Outcome<Self> {
        let (mut found, mut events) = (Self::default(), log.replay(select).await?);
        while let Some(event) = events.next().await {
            let event = event?;
            if event.subject() == Some(account) {
                found.apply(&event.open()?)?;
            }
        }
        Ok(found)
    }
}

pub(crate) async fn tell() -> Outcome<String> {
    let (folder, account, mut told) = (Folder::new("ledger")?, "account-123", String::new());
    let file = folder.file("bank.db");
    let log = Log::open(&file)?;
    let opened = AccountEvent::Opened.subject(account).seal()?;
    let salary = AccountEvent::Credited { cents: 50_000 };
    let salary = salary.subject(account).caused_by(&opened).seal()?;
    let other = AccountEvent::Opened.subject("account-7").seal()?;
    let (cents, to) = (10_000, "the landlord".to_owned());
    let payment = PaymentInitiated { cents, to };
    let payment = payment.subject("payment-456").seal()?;
    let debit = AccountEvent::Debited { cents };
    let debit = debit.subject(account).caused_by(&payment).seal()?;
    let why = debit.id().to_owned();
    log.publish_all([opened, salary, other, payment, debit])
        .await?;

    // The program ends, and another one knows the account by its events.
    drop(log);
    let log = Log::open(&file)?;
    let all = || Select::of(pattern!("account.*"));
    let now = Account::read(&log, account, all()).await?;
    let (balance, events) = (now.balance, now.events);
    writeln!(told, "  {account} has {balance} cents, by {events} events")?;
    let before = Account::read(&log, account, all().up_to(4)).await?;
    writeln!(told, "  before the payment it had {}", before.balance)?;

    let trail = log.trail();
    let causes = tokio::task::spawn_blocking(move || trail.causes(&why)).await??;
    for cause in causes {
        let PaymentInitiated { cents, to } = cause.open()?;
        let subject = cause.subject().unwrap_or_default();
        writeln!(told, "  the debit was caused by {subject}: {cents} to {to}")?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn a_balance_comes_from_the_events_and_a_debit_has_its_cause() {
        let facts = [
            "account-123 has 40000 cents, by 3 events",
            "before the payment it had 50000",
            "the debit was caused by payment-456: 10000 to the landlord",
        ];
        assert_tells(&tell().await.unwrap(), &facts);
    }

    #[tokio::test]
    async fn a_debit_that_nothing_covers_is_found_when_it_is_read() {
        let log = Log::memory();
        let debit = AccountEvent::Debited { cents: 1 }.subject("a");
        log.publish(debit).await.unwrap();
        assert!(Account::read(&log, "a", Select::all()).await.is_err());
    }
}
