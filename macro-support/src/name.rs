//! Names that registries keep and vendors accept.

/// The longest name that every vendor accepts.
pub const LONGEST: usize = 64;

/// What keeps a name from being accepted by every vendor; `marks` are fine beside letters and
/// digits.
pub fn fault(name: &str, marks: &[char]) -> Option<String> {
    let first = name.chars().next();
    if first.is_none() {
        return Some("it is empty".to_owned());
    }
    if !first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
        return Some(format!("it begins with {:?}", first.unwrap_or_default()));
    }
    if let Some(odd) = name
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !marks.contains(c))
    {
        return Some(format!("it has a {odd:?} in it"));
    }
    (name.len() > LONGEST).then(|| format!("it is {} long", name.len()))
}

/// What is wrong with the name of an action, in full; nothing, where every vendor accepts it.
pub fn refusal(name: &str) -> Option<String> {
    let fault = fault(name, &['_', '-'])?;
    Some(format!(
        "{name:?} is no name for an action: {fault}; write a letter or `_`, then letters, \
         digits, `_` and `-`, at most {LONGEST}: that is what every vendor accepts"
    ))
}

/// `GetHTTPStatus` as `get_http_status`.
pub fn words(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut words = String::new();
    for (index, c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| chars[index]);
        let after = chars.get(index + 1);
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() && before != '_'
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if begins {
            words.push('_');
        }
        words.extend(c.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{fault, words};

    #[test]
    fn words_part_where_a_reader_would_part_them() {
        let names = ["GetWeather", "GetHTTPStatus", "Ping", "Step2Do", "A", "X_Y"];
        let parted: Vec<_> = names.map(words).into();
        assert_eq!(
            parted,
            [
                "get_weather",
                "get_http_status",
                "ping",
                "step2_do",
                "a",
                "x_y"
            ]
        );
    }

    #[test]
    fn names_that_a_vendor_refuses_are_faulty() {
        for name in ["", "1st", "a.b", "a b", "ä", &"a".repeat(65)] {
            assert!(fault(name, &['_', '-']).is_some(), "{name}");
        }
        assert!(fault("a-b", &['_']).is_some());
        assert!(fault(&"a".repeat(64), &['_']).is_none());
    }
}
