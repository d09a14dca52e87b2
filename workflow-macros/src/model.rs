//! What `workflow!` has been told, with the tokens that told it.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, Ident, Pat, Path, Type, Visibility};

use enact_macro_support::docs::Description;
use enact_macro_support::keys::Key;
pub(crate) use enact_macro_support::retry::Retry;

/// A whole workflow.
pub(crate) struct Workflow {
    pub(crate) description: Option<Description>,
    /// The attributes that the struct keeps: docs, `derive`, `cfg` and the like.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) keys: Keys,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) params: Vec<Param>,
    pub(crate) output: Type,
    pub(crate) body: Block,
}

/// The keys of `#[workflow(…)]`.
pub(crate) struct Keys {
    pub(crate) root: Path,
    pub(crate) name: Option<(String, TokenStream)>,
    pub(crate) title: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) tags: Vec<String>,
    /// 1, unless told.
    pub(crate) version: u32,
    pub(crate) deadline: Option<(Duration, Key)>,
    pub(crate) saga: Option<Key>,
    /// Whether a cancelled saga is undone; it is, unless told otherwise.
    pub(crate) on_cancel: Option<(OnCancel, Key)>,
    /// How the undo of one step is tried again.
    pub(crate) undo_retry: Option<(Retry, Key)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnCancel {
    Undo,
    Leave,
}

/// One param of the workflow: a field of its struct.
pub(crate) struct Param {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// Whether it has a doc comment.
    pub(crate) described: bool,
}

/// Statements, and the answer behind them.
pub(crate) struct Block {
    pub(crate) statements: Vec<Statement>,
    pub(crate) answer: Option<Expr>,
    /// The closing brace, where an answer that is missing belongs.
    pub(crate) end: Span,
}

pub(crate) enum Statement {
    Step(Step),
    Branch(Branch),
    Parallel(Parallel),
    FanOut(FanOut),
    Repeat(Repeat),
    Let(Let),
    Sleep(Sleep),
    Wait(Wait),
    Emit(Emit),
    Stop(Stop),
}

/// `pivot step name = Action { … } with …;`
pub(crate) struct Step {
    pub(crate) keyword: Ident,
    pub(crate) pivot: Option<Ident>,
    pub(crate) name: Option<Ident>,
    pub(crate) action: Type,
    pub(crate) given: Given,
    pub(crate) with: With,
    /// Its place in the graph; `nodes::number` fills it.
    pub(crate) node: usize,
}

/// How a step's params are given.
pub(crate) enum Given {
    /// `Action { field: value, ..base }`; a unit struct has no fields.
    Fields(Vec<Field>, Option<Expr>),
    /// `Action::new(values…)`, with the name of the constructor.
    Call(Ident, Vec<Expr>),
    /// `Action`.
    Unit,
}

pub(crate) struct Field {
    pub(crate) member: Ident,
    pub(crate) value: Expr,
}

/// `with timeout("10s"), retry(times = 3)`.
#[derive(Default)]
pub(crate) struct With {
    pub(crate) timeout: Option<(Duration, Key)>,
    pub(crate) retry: Option<(Retry, Key)>,
}

/// `branch name = match value { … };` or `branch name = if condition { … } else { … };`
pub(crate) struct Branch {
    pub(crate) keyword: Ident,
    pub(crate) name: Option<Ident>,
    pub(crate) choice: Choice,
    pub(crate) node: usize,
}

pub(crate) enum Choice {
    Match {
        token: syn::Token![match],
        value: Expr,
        arms: Vec<Arm>,
    },
    /// `if`, any number of `else if`, and `else`.
    If {
        conditions: Vec<(syn::Token![if], Expr, Block)>,
        otherwise: Option<Block>,
    },
}

/// One arm of a `match`.
pub(crate) struct Arm {
    pub(crate) pattern: Pat,
    pub(crate) guard: Option<Expr>,
    pub(crate) body: Block,
}

/// `parallel collect spawn { … }`: each statement is an arm.
pub(crate) struct Parallel {
    pub(crate) keyword: Ident,
    pub(crate) modes: Modes,
    pub(crate) arms: Vec<ParallelArm>,
    pub(crate) node: usize,
}

/// How arms run.
#[derive(Default)]
pub(crate) struct Modes {
    /// Every arm runs to its end, and its result is what its name holds.
    pub(crate) collect: Option<Ident>,
    /// Each arm is a task of its own.
    pub(crate) spawn: Option<Ident>,
}

#[expect(clippy::large_enum_variant, reason = "a workflow has few arms")]
pub(crate) enum ParallelArm {
    /// A step or a branch.
    One(Statement),
    /// `name = { … };` or `{ … }`
    Block {
        name: Option<Ident>,
        body: Block,
        span: Span,
    },
}

/// `parallel name = for item in items, max = 8 { … };`
pub(crate) struct FanOut {
    pub(crate) keyword: Ident,
    pub(crate) modes: Modes,
    pub(crate) name: Option<Ident>,
    pub(crate) pattern: Pat,
    pub(crate) items: Expr,
    /// How many run at once.
    pub(crate) max: u32,
    pub(crate) body: Block,
    pub(crate) node: usize,
}

/// `repeat name = max 10 { … } until condition;`
pub(crate) struct Repeat {
    pub(crate) keyword: Ident,
    pub(crate) name: Option<Ident>,
    pub(crate) max: u32,
    pub(crate) body: Block,
    pub(crate) until: Expr,
    pub(crate) node: usize,
}

/// `let pattern: Type = value;`
pub(crate) struct Let {
    pub(crate) token: syn::Token![let],
    pub(crate) pattern: Pat,
    pub(crate) ty: Option<Type>,
    pub(crate) value: Expr,
}

/// `sleep "1h";` or `sleep duration;`
pub(crate) struct Sleep {
    pub(crate) keyword: Ident,
    pub(crate) time: Time,
    pub(crate) node: usize,
}

pub(crate) enum Time {
    Known(Duration, Expr),
    Computed(Expr),
}

/// `wait name = Signal where field == value, timeout "24h";`
pub(crate) struct Wait {
    pub(crate) keyword: Ident,
    pub(crate) name: Option<Ident>,
    pub(crate) signal: Type,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) timeout: Option<(Duration, Expr)>,
    pub(crate) node: usize,
}

/// `field == value`; the field `subject` is the envelope's.
pub(crate) struct Condition {
    pub(crate) field: Ident,
    pub(crate) value: Expr,
}

/// `emit Signal { … } with subject(value);`
pub(crate) struct Emit {
    pub(crate) keyword: Ident,
    pub(crate) signal: Type,
    pub(crate) given: Given,
    pub(crate) subject: Option<Expr>,
    pub(crate) node: usize,
}

/// `stop answer;`
pub(crate) struct Stop {
    pub(crate) keyword: Ident,
    pub(crate) answer: Option<Expr>,
    pub(crate) node: usize,
}
