//! The few styles that everything is written in.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use clap::builder::Styles;

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const HEADING: Style = Style::new().bold();
pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();

/// The same, for what clap writes.
pub(crate) const HELP: Styles = Styles::styled()
    .header(HEADING)
    .usage(HEADING)
    .literal(NAME)
    .placeholder(PLAIN)
    .valid(NAME)
    .invalid(HEADING)
    .error(ERROR);

/// The text in that style.
pub(crate) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}
