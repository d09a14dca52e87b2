//! Rows in aligned columns.

use std::fmt::Write as _;

use anstyle::Style;

use crate::style::styled;

/// The rows, one a line, each column as wide as its widest cell and in its own style.
pub(crate) fn table<const N: usize>(
    indent: &str,
    styles: [Style; N],
    rows: &[[String; N]],
) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| chars(&row[column]))
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let end = row
            .iter()
            .rposition(|cell| !cell.is_empty())
            .map_or(0, |last| last + 1);
        text.push_str(indent);
        let mut gap = 0;
        for ((cell, style), width) in row.iter().zip(styles).zip(widths).take(end) {
            // Writing to a String can't fail.
            let _ = write!(text, "{:gap$}{}", "", styled(style, cell));
            gap = if width == 0 {
                0
            } else {
                width - chars(cell) + 2
            };
        }
        text.push('\n');
    }
    text
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::style::PLAIN;

    #[test]
    fn columns_are_aligned_and_empty_ones_take_no_room() {
        let rows = [
            ["a", "", "read", "Reads."].map(str::to_owned),
            ["größer", "", "write", ""].map(str::to_owned),
        ];
        let expected = "  a       read   Reads.\n  größer  write\n";
        assert_eq!(table("  ", [PLAIN; 4], &rows), expected);
    }
}
