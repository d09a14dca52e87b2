//! The timeline as one page of HTML.
//!
//! The page has no script and asks for nothing: its content policy forbids both, so that whatever
//! a journal holds stays text. What can be chosen (zoom, what is shown) is plain CSS.

mod chart;
mod escape;
mod graph;
mod head;
mod table;

use std::fmt::Write as _;

use self::escape::Text;
use super::rows::rows;
use super::words::{cut_end, instant};
use super::{Timeline, scale};
use crate::Graph;

/// How the page looks.
const STYLE: &str = include_str!("style.css");

/// How many bytes of each recorded value are shown.
const DETAIL: usize = 4_000;

/// How many bytes of the params and of the answer are shown.
const BODY: usize = 64_000;

/// How many characters of any other text are shown.
const WORDS: usize = 400;

impl Timeline {
    /// The timeline as one page of HTML, with the workflow's graph where it is given.
    ///
    /// It needs nothing else: no script, no font, no network. It follows the reader's choice of
    /// light or dark, can be printed, and says nothing by colour alone. All that comes from the journal is
    /// escaped and bounded: 4,000 bytes of each output, 64,000 of the params and of the answer.
    ///
    /// The graph is a picture with the feature `svg`, else its Mermaid text.
    pub fn html(&self, graph: Option<&Graph>) -> String {
        let rows = rows(self);
        let run = (self.started..self.close(), false);
        let spans = rows
            .iter()
            .map(|row| (row.started..row.ended, row.is_work()));
        let scale = scale::Scale::of(spans.chain([run]));
        let mut out = String::new();
        self.open(&mut out);
        head::write(self, &mut out);
        out.push_str("<main>\n");
        chart::write(self, &rows, &scale, &mut out);
        if let Some(graph) = graph {
            graph::write(self, graph, &mut out);
        }
        table::write(self, &rows, &mut out);
        table::values(self, &mut out);
        let read = instant(self.now);
        // Writing to a String can't fail, here and everywhere in the page.
        let _ = writeln!(
            out,
            "</main>\n<footer><p>Drawn by Enact from the run’s journal as it stood at \
             <time datetime=\"{read}\">{read}</time>.</p></footer>\n</body>\n</html>"
        );
        out
    }

    fn open(&self, out: &mut String) {
        let id = cut_end(&self.id, WORDS);
        let workflow = cut_end(&self.workflow, WORDS);
        let (id, workflow) = (Text(&id), Text(&workflow));
        let _ = writeln!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{id} · {workflow} · {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>",
            self.status
        );
    }
}
