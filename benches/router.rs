//! What routing costs: at 1,000 routes with 3 hits, aim, under 150 ns; at 1,000,000 routes, under 3
//! times that.
//!
//! Tenants have three routes each: one exact, one with `*`, one with `**`. Types are those of 333
//! tenants, the same in routers of either size: what differs are the routes that do not match. Where
//! they are those of all tenants, it is memory that is measured. The peers are given what they match
//! in their own form, read before; none of them sorts.

use std::collections::{HashMap, HashSet};
use std::hint::black_box;

use enact::bus::{Buffer, Router, SharedRouter, priority};
use enact::signal::{Pattern, SignalType, pattern};
use enact_benches::{Candidate, compare};
use globset::{Candidate as Path, GlobBuilder, GlobSet, GlobSetBuilder};
use mqtt_topic_engine::topic_matcher::TopicMatcherNode;
use mqtt_topic_engine::{TopicPath, TopicPatternPath};

/// The last tenants' routes are left out, so that there are that many routes.
fn patterns(routes: u32) -> impl Iterator<Item = String> {
    let tenant = |number| {
        let begin = move |end| format!("shop.t{number}.{end}");
        ["order.created", "*.created", "**"].map(begin)
    };
    (0..routes).flat_map(tenant).take(routes as usize)
}

/// One type of each of the first tenants, in no order.
fn types(tenants: u32) -> Vec<SignalType> {
    let text = |number| format!("shop.t{number}.order.created");
    let mut texts: Vec<_> = (0..tenants).map(text).collect();
    fastrand::Rng::with_seed(7).shuffle(&mut texts);
    let read = |text| SignalType::new(text).expect("the type is one");
    texts.into_iter().map(read).collect()
}

fn router(routes: u32) -> Router<u64, SignalType> {
    let mut router = Router::new();
    for (number, text) in (0..).zip(patterns(routes)) {
        let pattern = Pattern::new(text).expect("the pattern is one");
        router.on(pattern, priority(0), number);
    }
    router
}

fn globs(routes: u32) -> GlobSet {
    let mut globs = GlobSetBuilder::new();
    for text in patterns(routes) {
        let glob = GlobBuilder::new(&text.replace('.', "/"))
            .literal_separator(true)
            .build();
        globs.add(glob.expect("the glob is one"));
    }
    globs.build().expect("the set is small enough")
}

type Topics = TopicMatcherNode<HashSet<u64>>;

fn topics(routes: u32) -> Topics {
    let mut topics = Topics::new();
    for (number, text) in (0..).zip(patterns(routes)) {
        let text = text.replace("**", "#").replace('*', "+").replace('.', "/");
        let path =
            TopicPatternPath::new_from_string(text, mqtt_topic_engine::CacheStrategy::NoCache);
        let path = path.expect("the filter is one");
        topics
            .get_or_create_subscription_table(&path)
            .insert(number);
    }
    topics
}

/// Takes the items in turns.
fn turns<'a, T>(items: &'a [T]) -> impl FnMut() -> &'a T {
    let mut items = items.iter().cycle();
    move || items.next().expect("there are some")
}

fn ours<'a>(
    name: &'a str,
    router: &'a Router<u64, SignalType>,
    types: &'a [SignalType],
) -> Candidate<'a> {
    let (mut next, mut buffer) = (turns(types), Buffer::new());
    Candidate::new(name, move || {
        let matches = router.route(next(), &mut buffer);
        assert_eq!(matches.len(), 3);
        for found in &matches {
            black_box(found.handler());
        }
    })
}

fn mqtt<'a>(name: &'a str, topics: &'a Topics, paths: &'a [TopicPath]) -> Candidate<'a> {
    let mut next = turns(paths);
    Candidate::new(name, move || {
        let found = topics.find_by_path(next());
        assert_eq!(found.len(), 3);
        for handlers in found {
            black_box(handlers.iter().next());
        }
    })
}

fn paths(types: &[SignalType]) -> Vec<TopicPath> {
    let path = |ty: &SignalType| TopicPath::new(ty.as_str().replace('.', "/"));
    types
        .iter()
        .map(|ty| path(ty).expect("the topic is one"))
        .collect()
}

/// The same types in routers of either size.
fn sizes(some: &[SignalType], small: &Routes, large: &Routes) {
    compare(
        "routing with 3 hits",
        vec![
            ours("1,000 routes", &small.router, some),
            ours("1,000,000 routes", &large.router, some),
        ],
    );
    let some = paths(some);
    compare(
        "the same by mqtt-topic-engine, unsorted",
        vec![
            mqtt("1,000 routes", &small.topics, &some),
            mqtt("1,000,000 routes", &large.topics, &some),
        ],
    );
}

/// Every type that there are routes for: what is found is in no cache.
fn memory(large: &Routes) {
    let all = types(333_333);
    let all_paths = paths(&all);
    let exact: HashMap<&str, u64> = all.iter().map(SignalType::as_str).zip(0..).collect();
    let mut looked_up = turns(&all);
    compare(
        "1,000,000 routes, 3 hits for each of 333,333 types",
        vec![
            ours("enact", &large.router, &all),
            mqtt("mqtt-topic-engine, unsorted", &large.topics, &all_paths),
            Candidate::new("one hit in a hash map of exact types", || {
                black_box(exact.get(looked_up().as_str()));
            }),
        ],
    );
}

struct Routes {
    router: Router<u64, SignalType>,
    topics: Topics,
}

impl Routes {
    fn of(routes: u32) -> Self {
        let (router, topics) = (router(routes), topics(routes));
        Self { router, topics }
    }
}

fn peers(some: &[SignalType], small: &Routes) {
    let Routes { router, topics } = small;
    let list: Vec<_> = router.routes().map(|(_, route)| route).collect();
    let (globs, topic_paths) = (globs(999), paths(some));
    let glob_paths: Vec<_> = some
        .iter()
        .map(|ty| ty.as_str().replace('.', "/"))
        .collect();
    let glob_paths: Vec<_> = glob_paths.iter().map(Path::new).collect();
    let exact: HashMap<&str, u64> = some.iter().map(SignalType::as_str).zip(0..).collect();
    let (mut glob, mut scanned, mut looked_up) = (turns(&glob_paths), turns(some), turns(some));
    let mut hits = Vec::new();
    compare(
        "1,000 routes with 3 hits, beside peers",
        vec![
            ours("enact", router, some),
            mqtt("mqtt-topic-engine, unsorted", topics, &topic_paths),
            Candidate::new("globset, unsorted", || {
                globs.matches_candidate_into(glob(), &mut hits);
                assert_eq!(hits.len(), 3);
            }),
            Candidate::new("each pattern in turn, unsorted", || {
                let ty = scanned();
                let found = list.iter().filter(|route| route.pattern().matches(ty));
                assert_eq!(found.count(), 3);
            }),
            Candidate::new("one hit in a hash map of exact types", || {
                black_box(exact.get(looked_up().as_str()));
            }),
        ],
    );
}

fn changes(some: &[SignalType], small: Router<u64, SignalType>, large: Router<u64, SignalType>) {
    let (small, large) = (SharedRouter::new(small), SharedRouter::new(large));
    let edit = |shared: &SharedRouter<u64, SignalType>| {
        shared.edit(|router| {
            let id = router.on(pattern!("shop.new.**"), priority(0), 7).id();
            router.remove(id)
        })
    };
    let (mut next, mut buffer) = (turns(some), Buffer::new());
    compare(
        "a shared router",
        vec![
            Candidate::new("routing with 3 hits, 1,000,000 routes", || {
                let found = large.each(next(), &mut buffer, |one| {
                    black_box(one.handler());
                });
                assert_eq!(found, 3);
            }),
            Candidate::new("adding and removing a route, 1,000 routes", || {
                black_box(edit(&small));
            }),
            Candidate::new("adding and removing a route, 1,000,000 routes", || {
                black_box(edit(&large));
            }),
        ],
    );
}

fn main() {
    let some = types(333);
    let (small, large) = (Routes::of(999), Routes::of(999_999));
    sizes(&some, &small, &large);
    peers(&some, &small);
    memory(&large);
    changes(&some, small.router, large.router);
}
