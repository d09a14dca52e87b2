//! What the tests of all rooms share: a workflow that uses the whole syntax, and its mistakes.

use enact_macro_support::Diag;
use proc_macro2::{Group, TokenStream, TokenTree};

use crate::model::Workflow;

/// A workflow with everything in it.
pub(crate) const WHOLE: &str = r#"
    /// Takes an order from cart to doorstep.
    #[workflow(version = 2, name = "fulfil", title = "Fulfil", category = "orders",
        tags("shop", "demo"), deadline = "72h", saga, on_cancel = undo,
        undo_retry(times = 3, backoff = "100ms"..="5s"), crate = ::my::enact)]
    #[derive(Clone)]
    pub OrderFulfilment {
        order: Order,
        /// How many.
        #[param(range = 1..)]
        count: u32,
    } -> Confirmation {
        step valid = ValidateOrder { items: order.items, strict: true };
        parallel {
            step stock = ReserveStock { items: valid.items };
            step quote = QuoteShipping { address: order.address, method: Method::Express };
            { step a = A {}; step b = B { x: a.y }; }
            gross = { step c = C {}; c.sum };
            branch kind = if order.big { step d = D {}; d.kind } else { Kind::Small };
        }
        branch total = match order.tier {
            Tier::Premium if order.big => { step p = PremiumPrice { subtotal: valid.subtotal }; p.total }
            Tier::Standard | Tier::Basic => valid.subtotal + quote.cost + gross,
        };
        pivot step charge = ChargeCard { card: order.card, amount: total }
            with timeout("10s"), retry(times = 3, backoff = "100ms"..="2s");
        parallel labels = for line in valid.lines, max = 8 { step label = PrintLabel { line }; label.url };
        parallel collect spawn labels2 = for (x, y) in pairs(&order), max = 8 { step e = E { x, y }; };
        parallel for x in labels, max = 2 { step f = F { x }; };
        parallel collect { step g = G {}; step h = H {}; }
        parallel spawn { step i = I {}; step j = J {}; }
        branch if total > Money::from(10_000) { step audit = NotifyAudit { order: order.id }; }
        branch y = if let Some(z) = order.note { z } else if order.big { step k = K {}; k.text } else { "" };
        repeat status = max 10 { step s = Poll { id: order.id }; sleep "1s"; s.state } until status.done;
        repeat max 3 { step t = Try {}; } until t.fine;
        let limit: u32 = valid.subtotal * 2;
        sleep "1h";
        sleep order.delay;
        wait approval = OrderApproved where subject == order.id, by == "ada", timeout "24h";
        wait OrderApproved;
        emit OrderShipped { order: order.id } with subject(order.id);
        step QuoteAll;
        step q = shop::QuoteShipping::new(order.country, 100);
        step r = QuoteShipping { express: true, ..QuoteShipping::new("DE", limit) };
        branch if let Some(approval) = approval.refused { stop Confirmation { approval, ..refused(y) }; }
        Confirmation { order: order.id, payment: charge.id }
    }
"#;

/// The workflow that a text says, numbered, and the mistakes that reading it finds.
pub(crate) fn read(text: &str) -> (Option<Workflow>, Vec<String>) {
    let tokens: TokenStream = text.parse().expect("the test's text has matching braces");
    let mut diag = Diag::new();
    let mut workflow = crate::parse::workflow(tokens, &mut diag);
    if let Some(workflow) = &mut workflow {
        crate::nodes::number(workflow);
    }
    (workflow, texts(diag.into_tokens()))
}

/// The mistakes that the macro finds.
pub(crate) fn mistakes(text: &str) -> Vec<String> {
    let tokens: TokenStream = text.parse().expect("the test's text has matching braces");
    texts(crate::judged(tokens).1.into_tokens())
}

/// The mistakes in the body of a workflow with the params `order` and `count`.
pub(crate) fn inside(body: &str) -> Vec<String> {
    mistakes(&format!(
        "/// Takes an order.\n#[workflow(deadline = \"1h\")]\nTakeOrder {{ order: Order, count: u32 }} {{ {body} }}"
    ))
}

/// The tokens with each of them left out in turn.
fn without_one(tokens: &[TokenTree]) -> Vec<TokenStream> {
    let mut all = Vec::new();
    for (index, tree) in tokens.iter().enumerate() {
        let (before, after) = (&tokens[..index], &tokens[index + 1..]);
        let around = |middle: Option<TokenTree>| {
            let trees = before.iter().cloned().chain(middle);
            trees.chain(after.iter().cloned()).collect()
        };
        all.push(around(None));
        if let TokenTree::Group(group) = tree {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let groups = without_one(&inner).into_iter();
            let groups = groups.map(|inner| Group::new(group.delimiter(), inner));
            all.extend(groups.map(|group| around(Some(group.into()))));
        }
    }
    all
}

#[test]
fn any_token_may_be_missing_and_few_mistakes_are_found() {
    let tokens: TokenStream = WHOLE.parse().expect("it has matching braces");
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for tokens in without_one(&tokens) {
        let text = tokens.to_string();
        let found = texts(crate::judged(tokens).1.into_tokens());
        assert!(found.len() <= 2, "{found:#?}\n{text}");
    }
}

/// What stands in each `compile_error!`.
fn texts(tokens: TokenStream) -> Vec<String> {
    let mut texts = Vec::new();
    let mut error = false;
    for tree in tokens {
        match tree {
            TokenTree::Group(group) if error => {
                let text: syn::LitStr = syn::parse2(group.stream()).expect("an error is text");
                texts.push(text.value());
                error = false;
            }
            TokenTree::Group(group) => texts.extend(self::texts(group.stream())),
            TokenTree::Ident(ident) => error = ident == "compile_error",
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
    texts
}
