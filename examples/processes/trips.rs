//! A trip is a flight, a hotel and a payment: all of them, or none. What was booked before something fails is
//! taken back, the latest first, and partners hear of either by events.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use enact::prelude::*;
use enact::signal::{Sink, sink};
use enact::testing::TestBus;
use enact::workflow::engine::Engine;
use enact_examples::Outcome;

/// What partners hear.
#[signal(source = "/trips")]
enum TripEvent {
    /// Something is booked.
    #[signal(type = "trip.part_booked")]
    Booked { part: String },
    /// Something is taken back.
    #[signal(type = "trip.part_cancelled")]
    Cancelled { part: String },
}

/// All is booked and paid.
#[signal(type = "trip.confirmed", source = "/trips")]
struct Confirmed {
    to: String,
}

/// The partners' books.
#[derive(Debug, Default)]
struct Books(Mutex<Vec<String>>);

impl Books {
    fn parts(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn book(cx: &Context, part: String) -> Result<(), Failure> {
    cx.resource::<Arc<Books>>()?.parts().push(part.clone());
    say(cx, TripEvent::Booked { part }).await
}

/// A step that failed is taken back too: perhaps it had booked before it did.
async fn cancel(cx: &Context, part: String) -> Result<(), Failure> {
    let books = cx.resource::<Arc<Books>>()?;
    if !books.parts().contains(&part) {
        return Ok(());
    }
    say(cx, TripEvent::Cancelled { part: part.clone() }).await?;
    books.parts().retain(|booked| *booked != part);
    Ok(())
}

/// Tells whoever listens. After a crash an action is run again, and what it says has the id that it had.
async fn say(cx: &Context, event: TripEvent) -> Result<(), Failure> {
    let id = match (&event, cx.idempotency_key().unwrap_or_default()) {
        (TripEvent::Booked { .. }, key) => format!("{key}/booked"),
        (TripEvent::Cancelled { .. }, key) => format!("{key}/cancelled"),
    };
    let event = event.draft().id(id).seal()?;
    cx.resource::<Arc<dyn Sink>>()?.accept(event).await
}

/// Reserves a seat.
#[derive(Debug, Action)]
#[action(effect = idempotent, undo, needs(Arc<Books>))]
struct ReserveFlight {
    /// Where it flies.
    to: String,
}

impl Run for ReserveFlight {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        book(cx, format!("flight to {}", self.to)).await
    }
}

impl Undo for ReserveFlight {
    async fn undo(&self, _: Option<&()>, cx: &Context) -> Result<(), Failure> {
        cancel(cx, format!("flight to {}", self.to)).await
    }
}

/// Reserves a room, where there is one.
#[derive(Debug, Action)]
#[action(effect = idempotent, undo, needs(Arc<Books>))]
struct ReserveHotel {
    /// Where it is.
    city: String,
}

impl Run for ReserveHotel {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        if self.city == "Rome" {
            return Err(Failure::terminal("hotel.full", "there is no room in Rome"));
        }
        book(cx, format!("hotel in {}", self.city)).await
    }
}

impl Undo for ReserveHotel {
    async fn undo(&self, _: Option<&()>, cx: &Context) -> Result<(), Failure> {
        cancel(cx, format!("hotel in {}", self.city)).await
    }
}

/// Pays for all of it.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
struct PayTrip {
    /// How much.
    cents: u32,
}

impl Run for PayTrip {
    type Output = ();

    async fn run(&self, _: &Context) -> Result<(), Failure> {
        if self.cents > 100_000 {
            return Err(Failure::terminal("card.limit", "the card has not so much"));
        }
        Ok(())
    }
}

workflow! {
    /// Books a trip as a whole.
    #[workflow(version = 1, deadline = "1h", saga)]
    BookTrip { to: String, cents: u32 } -> String {
        step flight = ReserveFlight { to };
        step hotel = ReserveHotel { city: to };
        pivot step paid = PayTrip { cents } with retry(times = 1);
        emit Confirmed { to } with subject(to);
        format!("{to} is booked")
    }
}

pub(crate) async fn tell() -> Outcome<String> {
    let (bus, books) = (TestBus::new(), Arc::new(Books::default()));
    let cx = Context::builder().resource(sink(bus.bus()));
    let engine = Engine::memory(&cx.resource(Arc::clone(&books)).build())?;
    let mut told = String::new();
    for (id, to, cents) in [
        ("trip-1", "Oslo", 80_000),
        ("trip-2", "Rome", 60_000),
        ("trip-3", "Lima", 240_000),
    ] {
        let run = engine.start(id, BookTrip::new(to, cents)).await?;
        match run.answer().await {
            Ok(answer) => writeln!(told, "  {answer}")?,
            Err(failure) => {
                let step = failure.step().unwrap_or_default();
                writeln!(told, "  {to} failed at `{step}`: {}", failure.message())?;
            }
        }
    }
    for event in bus.published() {
        writeln!(told, "    {} {}", event.ty(), event.json()?)?;
    }
    writeln!(told, "  left in the books: {:?}", books.parts())?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn what_was_booked_is_taken_back_where_a_later_part_fails() {
        let facts = [
            "Oslo is booked",
            "Rome failed at `hotel`: there is no room in Rome",
            r#"trip.part_booked {"part":"flight to Rome"}
    trip.part_cancelled {"part":"flight to Rome"}"#,
            "Lima failed at `paid`: the card has not so much",
            r#"trip.part_cancelled {"part":"hotel in Lima"}
    trip.part_cancelled {"part":"flight to Lima"}"#,
            r#"trip.confirmed {"to":"Oslo"}"#,
            r#"left in the books: ["flight to Oslo", "hotel in Oslo"]"#,
        ];
        let told = super::tell().await.unwrap();
        assert_tells(&told, &facts);
        assert_eq!(told.matches("trip.confirmed").count(), 1, "{told}");
        assert_eq!(told.matches("trip.part_cancelled").count(), 3, "{told}");
    }
}
