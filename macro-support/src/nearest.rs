//! The name that was probably meant.

/// The known name nearest to `name`, where one is near enough to have been meant.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let name = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::osa_distance(&name, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What to add to a message about an unknown name: the nearest, else all that are known.
pub fn suggestion(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_lists_all() {
        assert_eq!(
            suggestion("tiemout", &["retry", "timeout"]),
            "did you mean `timeout`?"
        );
        assert_eq!(
            suggestion("colour", &["retry", "timeout"]),
            "known are: retry, timeout"
        );
    }
}
