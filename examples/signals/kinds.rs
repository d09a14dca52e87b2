//! The signals of the story.

use enact::prelude::*;

/// A sensor has measured a temperature.
#[signal(type = "device.temperature", source = "/plant")]
pub(crate) struct Temperature {
    pub(crate) sensor: String,
    pub(crate) celsius: f64,
}

/// Somebody has ordered something.
#[signal(type = "order.created", source = "/shop")]
pub(crate) struct OrderCreated {
    pub(crate) order_id: String,
    #[param(min = 1)]
    pub(crate) cents: u64,
}

/// An order is paid.
#[signal(type = "order.paid", source = "/billing")]
pub(crate) struct OrderPaid {
    pub(crate) order_id: String,
    pub(crate) cents: u64,
}

/// A parcel is with the carrier.
#[signal(type = "parcel.handed_over", source = "/depot")]
pub(crate) struct HandedOver {
    pub(crate) order_id: String,
    pub(crate) label: String,
}

/// A parcel is with whom it is for.
#[signal(type = "parcel.received", source = "/carrier")]
pub(crate) struct Received {
    pub(crate) order_id: String,
}

/// There is nothing left to do for an order.
#[signal(type = "order.closed", source = "/depot")]
pub(crate) struct OrderClosed {
    pub(crate) order_id: String,
}

/// What was ordered is on its way.
#[signal(type = "order.shipped", source = "/depot")]
pub(crate) struct OrderShipped {
    pub(crate) order_id: String,
}
