//! Params of any type and size.

use enact::prelude::*;
use serde_json::json;

/// A page of anything.
#[derive(Debug, Params)]
struct Page<T = u8, const N: usize = 2>
where
    T: Clone,
{
    /// The items.
    #[param(len = ..=3, items(check = anything))]
    items: Vec<T>,
    /// As many as said.
    #[param(default = Sized { number: N })]
    fixed: Sized<N>,
    /// None at first.
    #[param(default = Vec::new())]
    more: Vec<T>,
    /// The next page.
    next: Option<Box<Self>>,
    /// Those below.
    #[param(default)]
    below: Vec<Page<T, N>>,
}

/// A number, and a size that no field has.
#[derive(Debug, PartialEq, Params)]
struct Sized<const N: usize> {
    /// Less than the size.
    number: usize,
}

fn anything<T>(_: &T) -> Result<(), &'static str> {
    Ok(())
}

#[test]
fn it_does_what_it_says() {
    let page = <Page<String>>::read(json!({ "items": ["a"], "next": { "items": [] } })).unwrap();
    assert_eq!(page.fixed.number, 2);
    assert!(page.next.is_some_and(|next| next.items.is_empty()));
    assert_eq!(Page::<u8, 3>::new(vec![1]).fixed.number, 3);
    assert_eq!(
        Page::<u8>::read(json!({ "items": [1, 2, 3, 4] }))
            .unwrap_err()
            .len(),
        1
    );
}
