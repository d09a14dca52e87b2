//! What an envelope carries with its type known: a signal, or an enum of signals.

use enact_action_core::Violations;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::envelope::{Data, Envelope};
use crate::error::{Kind, SignalError};
use crate::pattern::SignalType;
use crate::spec::{Spec, equal};

/// A typed event: `#[signal(type = "…")]`.
///
/// The attribute gives it a schema, rules and a place in the registry. By hand, a type alone is
/// enough, and then serde is all that its data is held against:
///
/// ```
/// use enact_signal_core::Signal;
///
/// #[derive(Clone, serde::Serialize, serde::Deserialize)]
/// struct OrderApproved {
///     by: String,
/// }
///
/// impl Signal for OrderApproved {
///     const TYPE: &'static str = "order.approved";
/// }
/// # assert_eq!(OrderApproved::SPEC.ty, "order.approved");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a signal",
    label = "not a signal",
    note = "write `#[signal(type = \"order.approved\")]` on it"
)]
pub trait Signal: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The type under which the signal travels: dotted, in lower case.
    const TYPE: &'static str;

    /// What the signal says of itself.
    const SPEC: Spec = Spec::new(Self::TYPE);

    /// Checks a signal made in memory.
    #[doc(hidden)]
    fn judge(&self) -> Result<(), Violations> {
        Ok(())
    }

    /// Reads a signal from its data.
    #[doc(hidden)]
    fn of_data(data: Value) -> Result<Self, Violations> {
        serde_json::from_value(data).map_err(|error| Violations::unreadable(error.to_string()))
    }
}

/// What an envelope carries with its type known: a [`Signal`], or an enum of signals.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a signal nor an enum of signals",
    label = "not a signal",
    note = "write `#[signal(type = \"order.approved\")]` on it"
)]
pub trait Payload: Clone + Send + Sync + 'static {
    /// What each of its signals says of itself.
    const SPECS: &'static [Spec];

    /// Whether an envelope carries one of them: by its type, and by its version where it tells one.
    fn fits(envelope: &Envelope) -> bool {
        Self::SPECS.iter().any(|spec| spec.fits(envelope))
    }

    /// Checks the payload and makes it what an envelope carries.
    #[doc(hidden)]
    fn enclose(self) -> Result<Enclosed, Violations>;

    /// Reads the payload.
    #[doc(hidden)]
    fn open(envelope: &Envelope) -> Result<Self, SignalError>;
}

/// A payload that was checked, and what it says of itself.
#[doc(hidden)]
#[derive(Debug)]
pub struct Enclosed {
    pub(crate) ty: SignalType,
    pub(crate) spec: Spec,
    pub(crate) data: Data,
}

#[diagnostic::do_not_recommend]
impl<S: Signal> Payload for S {
    const SPECS: &'static [Spec] = &[S::SPEC];

    fn enclose(self) -> Result<Enclosed, Violations> {
        self.judge()?;
        Ok(Enclosed {
            ty: SignalType::of::<S>(),
            spec: S::SPEC,
            data: Data::live(self),
        })
    }

    fn open(envelope: &Envelope) -> Result<Self, SignalError> {
        if S::TYPE != envelope.ty().as_str() || !S::SPEC.reads(envelope.version()) {
            return Err(mismatch(envelope, Self::SPECS));
        }
        let live = envelope.data().and_then(Data::downcast::<S>);
        match live {
            Some(signal) => Ok(signal.clone()),
            None => S::of_data(envelope.json()?).map_err(|violations| {
                let what = format!("the data of the signal {:?} was refused", S::TYPE);
                SignalError::invalid(what, violations)
            }),
        }
    }
}

/// A variant's name, and the specs of what it carries.
#[doc(hidden)]
pub type Named = (&'static str, &'static [Spec]);

/// How many specs several payloads have.
#[doc(hidden)]
pub const fn count(all: &[Named]) -> usize {
    let (mut count, mut from) = (0, 0);
    while from < all.len() {
        count += all[from].1.len();
        from += 1;
    }
    count
}

/// The specs of several payloads, one behind the other.
#[doc(hidden)]
pub const fn gathered<const N: usize>(all: &[Named]) -> [Spec; N] {
    let mut gathered = [Spec::new("a"); N];
    let (mut from, mut to) = (0, 0);
    while from < all.len() {
        let mut index = 0;
        while index < all[from].1.len() {
            gathered[to] = all[from].1[index];
            (to, index) = (to + 1, index + 1);
        }
        from += 1;
    }
    gathered
}

/// Whether no variant in front of that one carries what that one carries.
#[doc(hidden)]
pub const fn apart(all: &[Named], name: &str) -> bool {
    let mut this = 0;
    while this < all.len() && !equal(all[this].0, name) {
        this += 1;
    }
    let mut from = 0;
    while from < this {
        if blur(all[from].1, all[this].1) {
            return false;
        }
        from += 1;
    }
    true
}

const fn blur(some: &[Spec], others: &[Spec]) -> bool {
    let mut one = 0;
    while one < some.len() {
        let mut other = 0;
        while other < others.len() {
            if some[one].blurs(&others[other]) {
                return true;
            }
            other += 1;
        }
        one += 1;
    }
    false
}

/// What is said where an envelope carries none of those signals.
#[doc(hidden)]
#[cold]
pub fn mismatch(envelope: &Envelope, wanted: &[Spec]) -> SignalError {
    let ty = envelope.ty().as_str();
    let versions = wanted.iter().filter(|spec| spec.ty == ty);
    let versions: Vec<String> = versions
        .filter_map(|spec| spec.version.map(|version| version.to_string()))
        .collect();
    let what = match envelope.version() {
        Some(found) if !versions.is_empty() => format!(
            "this is version {found} of the signal {ty:?}, and version {} is read",
            versions.join(" or ")
        ),
        _ => {
            let wanted = wanted.iter().map(|spec| format!("{:?}", spec.ty));
            let wanted: Vec<String> = wanted.collect();
            format!(
                "this is the signal {ty:?}, and {} is read",
                wanted.join(" or ")
            )
        }
    };
    SignalError::new(Kind::Mismatch, what)
}
