use enact::prelude::*;

#[derive(Action)]
#[action(name = "do it", tiemout = "5s", deadline = "5 x", retry(times = 3), effct = read)]
struct Do {
    #[param(min = 9, max = 1, default = 5, patern = "x")]
    a: u8,
    /// Text.
    #[param(pattern = "(", defualt = "x")]
    b: String,
    /// Nested.
    part: Part,
    /// What only rustc can know.
    #[param(min = 1, default = "x")]
    text: String,
}

#[derive(Params)]
struct Part {
    #[param(len = 3..=1, unique = true)]
    list: Vec<u8>,
}

impl Run for Do {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

/// Holds them both.
#[derive(Params)]
struct Holder {
    /// One.
    one: Do,
    /// Two.
    two: Option<Part>,
}

async fn uses(cx: &Context) -> Result<(), Failure> {
    let action = Do::new(Part::new(vec![]));
    action.validate()?;
    action.exec(cx).await?;
    let _ = (Do::SPEC.name, Do::schema(), Do::read(serde_json::json!({}))?);
    let _ = Registry::global().call("do", serde_json::json!({}), cx).await?;
    let _ = serde_json::to_value(Holder::read(serde_json::json!({}))?);
    Ok(())
}

fn main() {}
