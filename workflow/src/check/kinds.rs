//! What kind of type a workflow wants where, asked so that a wrong one is told of once.

use std::marker::PhantomData;

use enact_action_core::Action;
use enact_signal_core::Signal;

use crate::run::Journaled;

/// What a step runs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an action",
    label = "not an action",
    note = "write `#[derive(Action)]` on it and `impl Run for {Self}`"
)]
pub trait AnAction {
    /// The action.
    type Itself: Action;

    /// The action.
    fn itself(self) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<A: Action> AnAction for A {
    type Itself = A;

    #[inline]
    fn itself(self) -> A {
        self
    }
}

/// What a step runs, whose output outlives a crash.
#[diagnostic::on_unimplemented(
    message = "the output of `{Self}` can't be journaled: it is written but can't be read back",
    label = "the output of this step",
    note = "a run that goes on after a crash reads outputs back: write `#[derive(Params)]` on the \
            output, or derive serde's `Deserialize` beside `Serialize`"
)]
pub trait Kept {
    /// The action.
    type Itself: Action<Output: Journaled>;

    /// The action.
    fn itself(self) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<A: Action<Output: Journaled>> Kept for A {
    type Itself = A;

    #[inline]
    fn itself(self) -> A {
        self
    }
}

/// What is waited for or sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a signal",
    label = "not a signal",
    note = "write `#[signal(type = \"order.approved\")]` on it"
)]
pub trait ASignal {
    /// The signal.
    type Itself: Signal;

    /// The signal.
    fn itself(self) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<S: Signal> ASignal for S {
    type Itself = S;

    #[inline]
    fn itself(self) -> S {
        self
    }
}

/// What no type is.
#[expect(missing_docs, reason = "there is none")]
pub trait Impossible {
    type Itself: Action<Output: Journaled>;
    type Signal: Signal;
}

/// Never possible.
#[derive(Debug)]
pub struct Never<T>(PhantomData<T>);

// With one impl rustc takes a type for what it is not, once it has said so, and says it again at
// each use. With two, of which neither fits, it has no type to go on with.
#[diagnostic::do_not_recommend]
impl<T> AnAction for T
where
    Never<T>: Impossible,
{
    type Itself = <Never<T> as Impossible>::Itself;

    fn itself(self) -> Self::Itself {
        unreachable!("nothing is impossible and there")
    }
}

#[diagnostic::do_not_recommend]
impl<T> Kept for T
where
    Never<T>: Impossible,
{
    type Itself = <Never<T> as Impossible>::Itself;

    fn itself(self) -> Self::Itself {
        unreachable!("nothing is impossible and there")
    }
}

#[diagnostic::do_not_recommend]
impl<T> ASignal for T
where
    Never<T>: Impossible,
{
    type Itself = <Never<T> as Impossible>::Signal;

    fn itself(self) -> Self::Itself {
        unreachable!("nothing is impossible and there")
    }
}

/// What a signal is picked by: a value that one of its fields equals.
#[diagnostic::on_unimplemented(
    message = "`{Self}` never equals this field of the signal, which is `{Field}`",
    label = "not to be compared with the field",
    note = "write a value of the type `{Field}`"
)]
pub trait Equals<Field> {
    /// Picks the signals whose field equals it.
    fn picks<'a, S>(&'a self, field: impl Fn(&S) -> &Field + Send + Sync + 'a) -> Picks<'a, S>;
}

/// Whether a signal is the one.
pub type Picks<'a, S> = Box<dyn Fn(&S) -> bool + Send + Sync + 'a>;

#[diagnostic::do_not_recommend]
impl<T: Sync + ?Sized, Field: PartialEq<T>> Equals<Field> for T {
    fn picks<'a, S>(&'a self, field: impl Fn(&S) -> &Field + Send + Sync + 'a) -> Picks<'a, S> {
        Box::new(move |signal| field(signal) == self)
    }
}

/// What a signal may be about.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the subject of a signal",
    label = "not text",
    note = "the subject of a signal is text: write `value.to_string()`, or compare a field of the signal"
)]
pub trait Subject {
    /// As text.
    fn text(&self) -> &str;
}

#[diagnostic::do_not_recommend]
impl<T: AsRef<str> + ?Sized> Subject for T {
    fn text(&self) -> &str {
        self.as_ref()
    }
}
