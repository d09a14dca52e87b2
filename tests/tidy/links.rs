//! Links between the files of the repository, as Markdown writes them.

use crate::model::{Finding, Workspace};

/// Every relative link in Markdown leads to a file or a folder.
pub(crate) fn resolve(workspace: &Workspace) -> Vec<Finding> {
    let paths = workspace.paths();
    let mut findings = Vec::new();
    for (path, text) in workspace.files("md") {
        for (line, link) in links(text) {
            if !target(path, &link).is_some_and(|target| paths.contains(target.as_str())) {
                let text = format!("`{link}` leads nowhere; correct the link or add the file");
                findings.push(Finding::at_line(path, line, text));
            }
        }
    }
    findings
}

/// The relative links of a page, each with its line.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    for (at, line) in text.lines().enumerate() {
        let marker = ["```", "~~~"]
            .into_iter()
            .find(|mark| line.trim_start().starts_with(mark));
        match (fence, marker) {
            (None, None) => {
                let line_links = links_of_line(&without_code(line));
                found.extend(line_links.into_iter().map(|link| (at + 1, link)));
            }
            (None, Some(_)) => fence = marker,
            (Some(_), _) if fence == marker => fence = None,
            (Some(_), _) => {}
        }
    }
    found
}

/// `[text](link "title")` anywhere, and `[text]: link` at the line's start.
fn links_of_line(line: &str) -> Vec<String> {
    let inline = line
        .split("](")
        .skip(1)
        .filter_map(|rest| Some(&rest[..closing(rest)?]));
    let is_name = |name: &str| {
        let name = name.strip_prefix('[').filter(|name| !name.starts_with('^'));
        name.is_some_and(|name| !name.contains(['[', ']']))
    };
    let reference = line
        .trim_start()
        .split_once("]: ")
        .filter(|(name, _)| is_name(name));
    let links = inline.chain(reference.map(|(_, link)| link));
    links.filter_map(relative).map(str::to_owned).collect()
}

/// A link without its title, unless it leads away or stays on its page.
fn relative(link: &str) -> Option<&str> {
    let link = link.split_whitespace().next()?.trim_matches(['<', '>']);
    let scheme = link
        .split(['/', '#', '?'])
        .next()
        .is_some_and(|start| start.contains(':'));
    let stays = link.starts_with('#') || link.starts_with("//");
    (!scheme && !stays).then_some(link)
}

/// Where the parenthesis closes that stands open before `rest`.
fn closing(rest: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return Some(at),
            ')' => open -= 1,
            _ => {}
        }
    }
    None
}

/// Takes code out of a line: what stands between two backticks, or two runs of them.
fn without_code(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(begin) = rest.find('`') {
        kept.push_str(&rest[..begin]);
        let content = rest[begin..].trim_start_matches('`');
        let run = &rest[begin..rest.len() - content.len()];
        rest = content.split_once(run).map_or(content, |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// The path that a link on the page at `page` means; none if it leaves the repository.
fn target(page: &str, link: &str) -> Option<String> {
    let link = link.split(['#', '?']).next()?;
    let (base, link) = match link.strip_prefix('/') {
        Some(link) => ("", link),
        None => (page.rsplit_once('/').map_or("", |(folder, _)| folder), link),
    };
    let mut parts = Vec::new();
    for part in base.split('/').chain(link.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    /// A page among some files; `expected` holds lines and links that lead nowhere.
    #[track_caller]
    fn check(page: &str, expected: &[(usize, &str)]) {
        let files = [
            ("docs/page.md", page),
            ("docs/design/0001.md", ""),
            ("README.md", ""),
        ];
        let text = |(line, link): &(usize, &str)| {
            format!("docs/page.md:{line}: `{link}` leads nowhere; correct the link or add the file")
        };
        let expected: Vec<_> = expected.iter().map(text).collect();
        let expected: Vec<_> = expected.iter().map(String::as_str).collect();
        model::check(resolve, &files, &expected);
    }

    #[test]
    fn links_to_files_and_folders_pass() {
        check(
            "[a](design/0001.md#b) ![c](../README.md \"d\") [e](design/) [f](/docs)",
            &[],
        );
        check("[a]: ./design\n[b]: <../README.md> 'c'", &[]);
    }

    #[test]
    fn links_that_lead_away_or_stay_pass() {
        check("[a](https://b.c/d) [e](mailto:f@g) [h](#i) [j]: k", &[]);
        check("[^a]: note", &[]);
    }

    #[test]
    fn links_in_code_pass() {
        check("```md\n[a](b)\n~~~\n```\n`[c](d)` ``[e](f)`` \n    ", &[]);
    }

    #[test]
    fn broken_links_are_found() {
        check(
            "[`a`](b.md)\n\n[c](design/0002.md) [d](e(f).md)",
            &[(1, "b.md"), (3, "design/0002.md"), (3, "e(f).md")],
        );
        check("[a]: README.md", &[(1, "README.md")]);
    }

    #[test]
    fn links_out_of_the_repository_are_found() {
        check("[a](../../README.md)", &[(1, "../../README.md")]);
    }

    #[test]
    fn fences_end() {
        check("```\n```\n[a](b)", &[(3, "b")]);
    }
}
