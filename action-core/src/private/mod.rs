//! All that generated code may name; no promise is kept about any of it.

mod fits;

pub use inventory;
pub use schemars;
pub use serde;
pub use serde_json;
pub use std;

pub use self::fits::{
    Described, FieldType, FromText, ItemRules, KeyRules, LenRule, Mirrored, NumberRules, Of,
    OneOfRule, OpaqueType, Otherwise, TextRules, UniqueRule,
};
pub use crate::action::{Action, BoxFuture, DryRun, Run, Undo};
pub use crate::approval::told;
pub use crate::context::{Context, Inside};
pub use crate::exec::attempt::{Attempt, Checked, First, Tell};
pub use crate::exec::guard::{catch, check};
pub use crate::exec::inside;
pub use crate::exec::undo::undo;
pub use crate::failure::{Failure, Restored};
pub use crate::params::apart::apart;
pub use crate::params::limits::{Limits, same};
pub use crate::params::report::{Report, check_with};
pub use crate::params::rules::{Bound, Counts, LazyPattern, Len, Literal, Rules};
pub use crate::params::schema::{alias, close, example, keyed, open, taken};
pub use crate::params::show::nearest;
pub use crate::params::{LazyReader, Param, Params, Reader};
pub use crate::registry::{Entry, Submitted};
pub use crate::spec::{Effect, Need, Policy, Retry, SourcePlace, Spec};
pub use crate::telemetry::Telemetry;
pub use enact_grammar::format::Format;
pub use enact_grammar::number;
pub use metrics::{Key, Label};
