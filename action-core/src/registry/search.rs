//! Finding actions by words.

use super::Entry;

/// The entries that any word fits, the best first, then by name.
pub(super) fn search(entries: &[&'static Entry], words: &str) -> Vec<&'static Entry> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let mut hits: Vec<(u32, &'static Entry)> = entries
        .iter()
        .map(|entry| (words.iter().map(|word| weight(entry, word)).sum(), *entry))
        .filter(|(weight, _)| *weight > 0 || words.is_empty())
        .collect();
    hits.sort_by_key(|(weight, entry)| (std::cmp::Reverse(*weight), entry.name()));
    hits.into_iter().map(|(_, entry)| entry).collect()
}

/// How well one word fits: the name before tags, those before the category, the text last.
fn weight(entry: &Entry, word: &str) -> u32 {
    let spec = entry.spec();
    let name = spec.name.to_lowercase();
    let in_name = match name.as_str() {
        name if name == word => 100,
        name if name.split(['_', '-']).any(|part| part == word) => 30,
        name if name.contains(word) => 10,
        _ => 0,
    };
    let tagged = spec.tags.iter().any(|tag| tag.eq_ignore_ascii_case(word));
    let grouped = spec
        .category
        .is_some_and(|category| category.eq_ignore_ascii_case(word));
    let told = [spec.title.unwrap_or_default(), spec.description]
        .iter()
        .any(|text| text.to_lowercase().contains(word));
    in_name + u32::from(tagged) * 20 + u32::from(grouped) * 15 + u32::from(told) * 5
}
