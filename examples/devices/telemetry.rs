//! What devices say goes to whom it concerns: by its type, in order of priority, and only where a value
//! asks for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use enact::bus::{Buffer, Router, priority};
use enact::prelude::*;
use enact::signal::{Envelope, SignalError};
use enact_examples::Outcome;

/// A sensor has measured a temperature.
#[signal(type = "sensor.temperature", source = "/plant")]
struct Temperature {
    celsius: f64,
}

/// How a device is.
#[signal(source = "/plant")]
enum DeviceEvent {
    /// It is there.
    #[signal(type = "device.online")]
    Online,
    /// Its software was replaced.
    #[signal(type = "device.firmware.updated")]
    Updated { version: String },
    /// It is not heard of any more.
    #[signal(type = "device.offline")]
    Offline { since_minutes: u32 },
}

/// What the plant's people know.
#[derive(Debug, Default)]
struct Plant {
    measured: BTreeMap<String, Vec<f64>>,
    alarms: Vec<String>,
    states: BTreeMap<String, &'static str>,
    messages: Vec<String>,
    visits: Vec<String>,
}

/// Somebody who is told: a handler of the router, under its name.
#[derive(Clone, Copy)]
struct Part(
    &'static str,
    fn(&mut Plant, &Envelope) -> Result<(), SignalError>,
);

fn device(signal: &Envelope) -> String {
    signal.subject().unwrap_or("somebody").to_owned()
}

fn collect(plant: &mut Plant, signal: &Envelope) -> Result<(), SignalError> {
    let Temperature { celsius } = signal.open()?;
    plant
        .measured
        .entry(device(signal))
        .or_default()
        .push(celsius);
    Ok(())
}

fn alarm(plant: &mut Plant, signal: &Envelope) -> Result<(), SignalError> {
    let Temperature { celsius } = signal.open()?;
    plant
        .alarms
        .push(format!("{} at {celsius} °C", device(signal)));
    Ok(())
}

fn track(plant: &mut Plant, signal: &Envelope) -> Result<(), SignalError> {
    let state = match signal.open()? {
        DeviceEvent::Online => "online",
        DeviceEvent::Updated { .. } => "updated",
        DeviceEvent::Offline { .. } => "offline",
    };
    plant.states.insert(device(signal), state);
    Ok(())
}

fn notify(plant: &mut Plant, signal: &Envelope) -> Result<(), SignalError> {
    if let DeviceEvent::Offline { since_minutes } = signal.open()? {
        let device = device(signal);
        let message = format!("{device} is silent for {since_minutes} minutes");
        plant.messages.push(message);
    }
    Ok(())
}

fn plan_visit(plant: &mut Plant, signal: &Envelope) -> Result<(), SignalError> {
    if let DeviceEvent::Offline { .. } = signal.open()? {
        plant.visits.push(device(signal));
    }
    Ok(())
}

fn router() -> Router<Part> {
    let mut router = Router::new();
    router
        .on_signal::<Temperature>(Part("collect", collect))
        .at(priority(100))
        .on_signal::<Temperature>(Part("alarm", alarm))
        .at(priority(90))
        .when(|measured: &Temperature| measured.celsius > 85.0)
        .on(pattern!("device.**"), priority(50), Part("track", track))
        .on(
            pattern!("device.offline"),
            priority(0),
            Part("visit", plan_visit),
        )
        .on(
            pattern!("device.offline"),
            priority(10),
            Part("notify", notify),
        );
    router
}

fn day() -> Result<Vec<Envelope>, SignalError> {
    let warm = |celsius, sensor: &str| Temperature { celsius }.subject(sensor).seal();
    let version = "2.4".to_owned();
    Ok(vec![
        DeviceEvent::Online.subject("press-1").seal()?,
        DeviceEvent::Online.subject("press-2").seal()?,
        warm(71.5, "oven-1")?,
        warm(85.0, "oven-1")?,
        DeviceEvent::Updated { version }.subject("press-2").seal()?,
        warm(91.25, "oven-2")?,
        DeviceEvent::Offline { since_minutes: 15 }
            .subject("press-1")
            .seal()?,
    ])
}

pub(crate) fn tell() -> Outcome<String> {
    let (router, mut buffer) = (router(), Buffer::new());
    let (mut plant, mut told) = (Plant::default(), String::new());
    for signal in day()? {
        let mut names = Vec::new();
        for found in &router.route(&signal, &mut buffer) {
            let Part(name, handle) = found.handler();
            handle(&mut plant, &signal)?;
            names.push(*name);
        }
        let (ty, device) = (signal.ty(), device(&signal));
        writeln!(told, "  {ty} of {device} -> {}", names.join(", "))?;
    }
    let count: usize = plant.measured.values().map(Vec::len).sum();
    writeln!(told, "  measurements: {count}; alarms: {:?}", plant.alarms)?;
    writeln!(told, "  states: {:?}", plant.states)?;
    let (messages, visits) = (plant.messages, plant.visits);
    writeln!(
        told,
        "  told the engineer: {messages:?}; visits: {visits:?}"
    )?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[test]
    fn signals_go_by_priority_to_whom_they_concern_and_heat_alone_alarms() {
        let facts = [
            "device.offline of press-1 -> track, notify, visit",
            "device.firmware.updated of press-2 -> track\n",
            "sensor.temperature of oven-1 -> collect\n",
            "sensor.temperature of oven-2 -> collect, alarm\n",
            r#"measurements: 3; alarms: ["oven-2 at 91.25 °C"]"#,
            r#"states: {"press-1": "offline", "press-2": "updated"}"#,
            r#"["press-1 is silent for 15 minutes"]; visits: ["press-1"]"#,
        ];
        assert_tells(&super::tell().unwrap(), &facts);
    }
}
