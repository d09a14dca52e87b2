use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// Text.
    #[param(min = 1, len = 1.., unique)]
    text: String,
    /// Of a type that is no param.
    unit: Unit,
    /// A list of them.
    #[param(len = 1..)]
    units: Vec<Unit>,
    /// With a default that is none.
    #[param(default = "x")]
    made: Made,
}

struct Unit;

/// Made.
#[derive(Params)]
enum Made {
    Up,
}

fn uses(part: Part) -> Result<serde_json::Value, enact::Violations> {
    part.validate()?;
    let _ = Part::schema();
    Ok(serde_json::to_value(Part::read(serde_json::json!({}))?).unwrap_or_default())
}

fn main() {}
