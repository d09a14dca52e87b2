//! Streams that break off, answers that nobody reads, sessions that nobody uses.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream as _;
use rmcp::model::{ClientJsonRpcMessage, JsonRpcMessage, RequestId, ServerJsonRpcMessage};
use rmcp::transport::Transport as _;
use rmcp::transport::streamable_http_server::session::SessionManager as _;
use serde_json::{Value, json};
use tokio::time::advance;

use super::Sessions;
use super::events::{Events, Reader};
use super::routes::Routes;

const IDLE: Duration = Duration::from_mins(1);

fn sent(message: &Value) -> ServerJsonRpcMessage {
    serde_json::from_value(message.clone()).unwrap()
}

fn answer(id: u64) -> ServerJsonRpcMessage {
    sent(&json!({"jsonrpc": "2.0", "id": id, "result": {"content": []}}))
}

fn progress(token: u64, done: u64) -> ServerJsonRpcMessage {
    let params = json!({"progressToken": token, "progress": done});
    sent(&json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": params}))
}

fn call(id: u64, token: u64) -> ClientJsonRpcMessage {
    let params = json!({"name": "add", "arguments": {}, "_meta": {"progressToken": token}});
    let call = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
    serde_json::from_value(call).unwrap()
}

fn begin(routes: &mut Routes, id: u64) -> Option<Reader> {
    match &call(id, id) {
        JsonRpcMessage::Request(request) => routes.begin(request),
        _ => None,
    }
}

/// The ids of the events that are there, and whether there will be more.
fn read(reader: &mut Reader) -> (Vec<String>, bool) {
    let mut cx = Context::from_waker(Waker::noop());
    let mut ids = Vec::new();
    loop {
        match Pin::new(&mut *reader).poll_next(&mut cx) {
            Poll::Ready(Some(event)) => ids.push(event.event_id.unwrap()),
            Poll::Ready(None) => return (ids, false),
            Poll::Pending => return (ids, true),
        }
    }
}

#[test]
fn each_message_goes_to_the_stream_that_it_belongs_to() {
    let mut routes = Routes::new();
    let (mut first, mut second) = (
        begin(&mut routes, 1).unwrap(),
        begin(&mut routes, 2).unwrap(),
    );
    let mut own = routes.own().join();
    // What belongs to a request that is not there any more is for nobody.
    let changed = json!({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"});
    let past = [progress(7, 1), answer(2), sent(&changed)];
    for message in [progress(2, 1), answer(1), answer(2)]
        .into_iter()
        .chain(past)
    {
        routes.send(message);
    }
    assert_eq!(read(&mut first), (vec!["1/1".to_owned()], false));
    let ids = vec!["1/2".to_owned(), "2/2".to_owned()];
    assert_eq!(read(&mut second), (ids, false));
    assert_eq!(read(&mut own), (vec!["1".to_owned()], true));
}

#[test]
fn requests_of_one_progress_token_go_their_own_ways() {
    let mut routes = Routes::new();
    let mut readers = [1, 2].map(|id| match &call(id, 7) {
        JsonRpcMessage::Request(request) => routes.begin(request).unwrap(),
        _ => unreachable!("a call is a request"),
    });
    routes.send(answer(1));
    routes.send(progress(7, 1));
    routes.send(answer(2));
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    assert_eq!(read(&mut readers[0]), (ids(&["1/1"]), false));
    assert_eq!(read(&mut readers[1]), (ids(&["1/2", "2/2"]), false));
}

#[test]
fn an_answer_after_news_is_kept_for_a_client_that_has_seen_the_news() {
    let mut routes = Routes::new();
    let mut lost = begin(&mut routes, 1).unwrap();
    routes.send(progress(1, 1));
    assert_eq!(read(&mut lost), (vec!["1/1".to_owned()], true));
    routes.send(answer(1));
    drop(lost);
    let mut back = routes.numbered(1).unwrap().resume(1);
    assert_eq!(read(&mut back), (vec!["2/1".to_owned()], false));
}

#[test]
fn an_id_is_taken_until_it_is_answered() {
    let mut routes = Routes::new();
    let _reader = begin(&mut routes, 1).unwrap();
    assert!(begin(&mut routes, 1).is_none());
    routes.send(answer(1));
    assert!(begin(&mut routes, 1).is_some());
}

fn take_back(routes: &mut Routes, id: u64) {
    let back =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}});
    routes.hear(&serde_json::from_value(back).unwrap());
}

#[test]
fn the_id_of_what_was_taken_back_is_taken_until_whoever_was_at_it_lets_go() {
    let mut routes = Routes::new();
    let reader = begin(&mut routes, 1).unwrap();
    take_back(&mut routes, 1);
    assert!(begin(&mut routes, 1).is_none());
    routes.let_go(&RequestId::Number(1), Some(7));
    assert!(begin(&mut routes, 1).is_none(), "that was another");
    routes.let_go(&RequestId::Number(1), reader.stream());
    assert!(begin(&mut routes, 1).is_some());
}

#[test]
fn what_is_answered_past_the_library_is_answered_once_and_its_id_is_taken_until_the_library_has_answered()
 {
    let mut routes = Routes::new();
    let mut reader = begin(&mut routes, 1).unwrap();
    let (id, stream) = (RequestId::Number(1), reader.stream());
    routes.answer_past(&id, Some(7), answer(1));
    assert_eq!(read(&mut reader), (vec![], true), "that was another");
    routes.answer_past(&id, stream, answer(1));
    assert_eq!(read(&mut reader), (vec!["1/1".to_owned()], false));
    routes.answer_past(&id, stream, answer(1));
    routes.let_go(&id, stream);
    assert!(begin(&mut routes, 1).is_none());
    routes.send(answer(1));
    let mut next = begin(&mut routes, 1).unwrap();
    assert_eq!(read(&mut next), (vec![], true));
    // One that is taken back then has no other answer.
    let stream = next.stream();
    routes.answer_past(&id, stream, answer(1));
    take_back(&mut routes, 1);
    assert!(begin(&mut routes, 1).is_none());
    routes.let_go(&id, stream);
    assert!(begin(&mut routes, 1).is_some());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_was_there_to_read_is_kept_a_while() {
    let mut routes = Routes::new();
    drop(begin(&mut routes, 1));
    routes.send(progress(1, 1));
    routes.send(answer(1));
    let mut back = routes.numbered(1).unwrap().resume(0);
    let ids = vec!["1/1".to_owned(), "2/1".to_owned()];
    assert_eq!(read(&mut back), (ids, false));
    // Who lost that too comes again, and says what it has seen.
    let mut again = routes.numbered(1).unwrap().resume(1);
    assert_eq!(read(&mut again), (vec!["2/1".to_owned()], false));
    advance(IDLE + Duration::from_secs(1)).await;
    drop(begin(&mut routes, 2));
    assert!(routes.numbered(1).is_none());
}

#[test]
fn so_many_answers_are_kept_that_nobody_reads_and_no_more() {
    let mut routes = Routes::new();
    for id in 1..=100 {
        drop(begin(&mut routes, id));
        routes.send(answer(id));
    }
    let kept: Vec<u64> = (1..=100)
        .filter(|number| routes.numbered(*number).is_some())
        .collect();
    assert_eq!(kept, (85..=100).collect::<Vec<_>>());
}

fn answer_of(id: u64, bytes: usize) -> ServerJsonRpcMessage {
    let content = json!([{"type": "text", "text": "a".repeat(bytes)}]);
    sent(&json!({"jsonrpc": "2.0", "id": id, "result": {"content": content}}))
}

#[tokio::test]
async fn a_quick_answer_that_takes_many_writes_is_kept_and_one_of_a_single_write_is_not() {
    let mut routes = Routes::new();
    for (id, bytes, is_kept) in [(1, 1 << 10, false), (2, 64 << 10, true), (3, 3 << 20, true)] {
        let reader = begin(&mut routes, id).unwrap();
        routes.send(answer_of(id, bytes));
        let mut lost = reader.prompt().await;
        let ids = vec![format!("0/{id}"), format!("1/{id}")];
        assert_eq!(read(&mut lost), (ids, false));
        drop(lost);
        let back = routes
            .numbered(id)
            .map(|events| read(&mut events.resume(0)));
        let wanted = is_kept.then(|| (vec![format!("1/{id}")], false));
        assert_eq!(back, wanted);
    }
}

#[test]
fn so_many_bytes_of_them_are_kept_and_the_last_whatever_its_size() {
    let mut routes = Routes::new();
    let long = |id: u64, mib: usize| answer_of(id, mib << 20);
    for (id, mib) in [(1, 1), (2, 2), (3, 2), (4, 5)] {
        drop(begin(&mut routes, id));
        routes.send(long(id, mib));
        let kept = (1..=4).filter(|number| routes.numbered(*number).is_some());
        assert_eq!(
            kept.min(),
            Some([1, 1, 3, 4][usize::try_from(id).unwrap() - 1])
        );
    }
}

#[test]
fn of_what_is_only_told_the_oldest_goes_and_no_answer_does() {
    let events = Events::new(None);
    events.add(answer(1));
    for done in 0..1000 {
        events.add(progress(1, done));
    }
    let (ids, goes_on) = read(&mut events.join());
    let told = (1001 - 62..=1001).map(|number: u64| number.to_string());
    let told: Vec<String> = std::iter::once("1".to_owned()).chain(told).collect();
    assert_eq!((ids, goes_on), (told, true));
}

#[test]
fn who_comes_back_takes_over_from_a_connection_that_is_not_known_to_be_gone() {
    let mut routes = Routes::new();
    let mut lost = begin(&mut routes, 1).unwrap();
    routes.send(progress(1, 1));
    assert_eq!(read(&mut lost), (vec!["1/1".to_owned()], true));
    let mut back = routes.numbered(1).unwrap().resume(0);
    assert_eq!(read(&mut lost), (vec![], false));
    routes.send(answer(1));
    let ids = vec!["1/1".to_owned(), "2/1".to_owned()];
    assert_eq!(read(&mut back), (ids, false));
}

#[test]
fn of_several_who_listen_one_gets_each_event_and_the_oldest_is_closed_where_they_are_many() {
    let events = Events::new(None);
    let mut all: Vec<Reader> = (0..33).map(|_| events.join()).collect();
    assert_eq!(read(&mut all[0]), (vec![], false));
    events.add(progress(1, 1));
    assert_eq!(read(&mut all[1]), (vec!["1".to_owned()], true));
    assert_eq!(read(&mut all[2]), (vec![], true));
    drop(all.remove(1));
    events.add(progress(1, 2));
    assert_eq!(read(&mut all[2]), (vec!["2".to_owned()], true));
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_where_nobody_has_been_there_for_so_long() {
    let sessions = Sessions::new(256, IDLE);
    let (id, mut pipe) = sessions.create_session().await.unwrap();
    let listens = sessions.create_standalone_stream(&id).await.unwrap();
    let accept = async || sessions.accept_message(&id, call(1, 1)).await;
    // Who listens is there, and it counts from when they go.
    advance(10 * IDLE).await;
    sessions.sweep();
    drop(listens);
    advance(IDLE / 2).await;
    sessions.sweep();
    accept().await.unwrap();
    assert!(pipe.receive().await.is_some());
    advance(IDLE).await;
    sessions.sweep();
    assert!(pipe.receive().await.is_none());
    // It is still to be taken out, and takes nothing.
    accept().await.unwrap_err();
    assert!(!sessions.has_session(&id).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_goes_in_time_in_a_session_that_is_quiet() {
    let mut routes = Routes::new();
    drop(begin(&mut routes, 1));
    routes.send(answer(1));
    assert!(routes.numbered(1).is_some());
    advance(IDLE + Duration::from_secs(1)).await;
    routes.look();
    assert!(routes.numbered(1).is_none());
}

#[tokio::test(start_paused = true)]
async fn where_there_is_no_room_who_has_been_away_for_long_makes_some() {
    let sessions = Sessions::new(2, Duration::from_hours(1));
    let (first, _pipe) = sessions.create_session().await.unwrap();
    advance(Duration::from_mins(3)).await;
    let (second, _pipe) = sessions.create_session().await.unwrap();
    sessions.create_session().await.unwrap_err();
    advance(Duration::from_mins(3)).await;
    assert!(sessions.has_room());
    assert!(!sessions.has_session(&first).await.unwrap());
    assert!(sessions.has_session(&second).await.unwrap());
}

#[tokio::test]
async fn who_goes_while_the_session_is_full_of_messages_has_begun_nothing() {
    let sessions = Sessions::new(256, IDLE);
    let (id, mut pipe) = sessions.create_session().await.unwrap();
    for number in 0..64 {
        sessions.accept_message(&id, call(number, 1)).await.unwrap();
    }
    let waits = tokio::time::timeout(
        Duration::from_millis(20),
        sessions.create_stream(&id, call(100, 1)),
    );
    assert!(waits.await.is_err());
    assert!(pipe.receive().await.is_some());
    let begun = sessions.create_stream(&id, call(100, 1)).await.unwrap();
    let mut begun = Box::pin(begun);
    pipe.send(answer(100)).await.unwrap();
    let mut cx = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(event)) = begun.as_mut().poll_next(&mut cx) {
        // Not that its id is taken.
        let is_error = event
            .message
            .map(|message| matches!(&*message, JsonRpcMessage::Error(_)));
        assert_ne!(is_error, Some(true));
    }
}
