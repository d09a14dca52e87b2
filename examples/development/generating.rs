//! Signals that nobody has sent: for tests, made of the rules that they have; the journey of a user, with the time
//! that people take; and a load, so many a second.

use std::fmt::Write as _;
use std::time::Duration;

use enact::bus::{Bus, Overflow, Rate};
use enact::prelude::*;
use enact::testing::{Stage, TestBus, params};
use enact_examples::Outcome;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use tokio::time::{Instant, interval, sleep};

/// What a user does.
#[signal(source = "/test/journeys")]
enum Journey {
    /// They have an account.
    #[signal(type = "user.registered")]
    Registered,
    /// Their address is theirs.
    #[signal(type = "user.email_verified")]
    Verified,
    /// They have said who they are.
    #[signal(type = "user.profile_completed")]
    Completed,
    /// They pay.
    #[signal(type = "subscription.started")]
    Subscribed {
        /// For what.
        plan: String,
    },
}

/// Something was ordered, as the shop says it.
#[signal(type = "order.created", source = "/test/orders")]
#[derive(Debug)]
struct OrderCreated {
    #[param(pattern = "^o-[0-9]{4}$")]
    order: String,
    #[param(min = 1, max = 100_000)]
    cents: u32,
    #[param(len = 2)]
    country: String,
}

/// One of many.
#[signal(type = "load_test.generated", source = "/test/load")]
struct Generated {
    number: u32,
}

/// Orders that keep every rule of theirs: as many as wanted, and the same each time.
fn orders(count: usize) -> Outcome<Vec<OrderCreated>> {
    let (mut runner, orders) = (TestRunner::deterministic(), params::<OrderCreated>());
    let order = |_| Ok(orders.new_tree(&mut runner)?.current());
    let orders: Result<_, proptest::test_runner::Reason> = (0..count).map(order).collect();
    orders.map_err(|reason| reason.to_string().into())
}

/// A user's way from the first page to the till, and how long it takes.
async fn travel(bus: &Bus, user: &str) -> Outcome<Duration> {
    let began = Instant::now();
    let plan = "pro".to_owned();
    for (thinks, step) in [
        (0, Journey::Registered),
        (40, Journey::Verified),
        (300, Journey::Completed),
        (86_400, Journey::Subscribed { plan }),
    ] {
        sleep(Duration::from_secs(thinks)).await;
        bus.publish(step.subject(user)).await?;
    }
    Ok(began.elapsed())
}

/// Publishes so many a second, for so long.
async fn load(bus: &Bus, per_second: u32, seconds: u32) -> Outcome<()> {
    let mut ticks = interval(Duration::from_secs(1) / per_second);
    for number in 0..per_second * seconds {
        ticks.tick().await;
        bus.publish(Generated { number }).await?;
    }
    Ok(())
}

/// What a subscriber makes of a load that is more than it takes.
async fn overload(told: &mut String) -> Outcome<()> {
    let bus = Bus::new();
    let slow = bus
        .subscribe(pattern!("load_test.*"))
        .queue(50, Overflow::DropOldest)
        .rate(Rate::new(100, Duration::from_secs(1)).waits())
        .handle(async |_| ());
    let fast = bus
        .subscribe(pattern!("load_test.*"))
        .queue(50, Overflow::Wait);
    let fast = fast.handle(async |_| ());
    let began = Instant::now();
    load(&bus, 500, 4).await?;
    let took = began.elapsed().as_secs_f64();
    let (fast, slow) = (fast.finish().await, slow.finish().await);
    writeln!(
        told,
        "  a load of {} signals in {took:.1} s:",
        bus.figures().published
    )?;
    let (handled, lost) = (fast.handled, fast.lost);
    writeln!(
        told,
        "    who is fast has handled {handled} and lost {lost}"
    )?;
    let all = slow.handled + slow.lost;
    let some = slow.handled >= 400 && slow.lost > 1000;
    writeln!(
        told,
        "    who is slow has handled some and lost some of {all}: {some}"
    )?;
    Ok(())
}

pub(crate) fn tell() -> Outcome<String> {
    let (stage, mut told) = (Stage::new(), String::new());
    let orders = orders(100)?;
    let sealed = orders
        .iter()
        .filter(|order| (*order).clone().seal().is_ok())
        .count();
    writeln!(
        told,
        "  {} orders, {sealed} of which keep their rules",
        orders.len()
    )?;
    stage.run(async |_| {
        let bus = TestBus::new();
        let took = travel(&bus, "user-1").await?;
        let steps = bus.published();
        let steps: Vec<_> = steps.iter().map(|step| step.ty().as_str()).collect();
        writeln!(told, "  {} within {took:?}", steps.join(", "))?;
        overload(&mut told).await
    })?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use enact::testing::assert_published;
    use enact_examples::assert_tells;

    #[test]
    fn journeys_and_loads_take_no_time_of_ours() {
        let facts = [
            "100 orders, 100 of which keep their rules",
            "user.registered, user.email_verified, user.profile_completed, subscription.started within 86740",
            "a load of 2000 signals in 4.0 s",
            "who is fast has handled 2000 and lost 0",
            "who is slow has handled some and lost some of 2000: true",
        ];
        assert_tells(&tell().unwrap(), &facts);
    }

    #[test]
    fn generated_orders_are_the_same_each_time_and_not_all_alike() {
        let (one, other) = (orders(20).unwrap(), orders(20).unwrap());
        let cents =
            |orders: &[OrderCreated]| orders.iter().map(|one| one.cents).collect::<Vec<_>>();
        assert_eq!(cents(&one), cents(&other));
        assert!(cents(&one).windows(2).any(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn whoever_greets_new_users_is_tested_with_a_journey() {
        #[signal(type = "mail.welcome_wanted", source = "/mail")]
        struct Welcome {
            user: String,
        }

        Stage::new().run(async |_| {
            let bus = TestBus::new();
            let same = bus.clone();
            let greeting = bus
                .subscribe(pattern!("user.email_verified"))
                .handle(move |signal| {
                    let (bus, user) = (
                        same.clone(),
                        signal.subject().unwrap_or_default().to_owned(),
                    );
                    async move {
                        bus.publish(Welcome { user }.caused_by(&signal))
                            .await
                            .map(drop)
                    }
                });
            travel(&bus, "user-7").await.unwrap();
            bus.settled().await;
            assert_published!(bus, Welcome { user } if user == "user-7");
            assert_eq!(greeting.figures().handled, 1);
        });
    }
}
