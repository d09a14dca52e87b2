//! What the model may do.

use enact::prelude::*;

/// What the kitchen cooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Params)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Dish {
    /// Of lentils.
    Soup,
    /// With potatoes.
    Roast,
}

/// Looks up what a dish costs, in cents.
#[derive(Debug, Action)]
#[action(effect = read, timeout = "5s")]
pub(crate) struct LookUpPrice {
    /// Which dish.
    dish: Dish,
}

impl Run for LookUpPrice {
    type Output = u32;

    async fn run(&self, _cx: &Context) -> Result<u32, Failure> {
        Ok(match self.dish {
            Dish::Soup => 450,
            Dish::Roast => 1_350,
        })
    }
}

/// Orders portions of a dish.
#[derive(Debug, Action)]
#[action(timeout = "5s", confirm = "Order this?", dry_run)]
pub(crate) struct OrderDish {
    /// Which dish.
    dish: Dish,
    /// How many portions; the pot holds twelve.
    #[param(min = 1, max = 12)]
    portions: u8,
}

impl Run for OrderDish {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(format!("{} portions in half an hour", self.portions))
    }
}

impl DryRun for OrderDish {
    type Told = String;

    async fn dry_run(&self, cx: &Context) -> Result<String, Failure> {
        let price = LookUpPrice { dish: self.dish }.exec(cx).await?;
        let cents = price * u32::from(self.portions);
        Ok(format!("it costs {}.{:02}", cents / 100, cents % 100))
    }
}
