//! Streams, against a real Redis.

use std::time::Duration;

use enact_signal_bus::dispatch::redis::Redis;
use enact_signal_bus::dispatch::{Kind, Target};
use redis::AsyncCommands as _;
use redis::aio::MultiplexedConnection;
use redis::streams::StreamRangeReply;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::brokers::{
    closed_port, deliver_in_every_way, fresh, miss_who_is_not_there, refuse_only_what_is_too_large,
    server,
};
use crate::world::{read, signal};

async fn open() -> Option<(String, MultiplexedConnection)> {
    let url = server("ENACT_REDIS", "redis://127.0.0.1:6379", "127.0.0.1:6379").await?;
    let client = redis::Client::open(url.as_str()).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    Some((url, connection))
}

#[tokio::test]
async fn what_was_delivered_stands_in_the_stream_in_its_order() {
    let Some((url, mut redis)) = open().await else {
        return;
    };
    let key = fresh("stream");
    let target = Redis::stream("orders", &url, &key, 100_000);
    let sent = deliver_in_every_way(&target).await;
    let stream: StreamRangeReply = redis.xrange_all(&key).await.unwrap();
    assert_eq!(stream.ids.len(), sent.len());
    for (entry, expected) in stream.ids.iter().zip(&sent) {
        assert_eq!(entry.get::<String>("id").as_deref(), Some(expected.id()));
        assert_eq!(entry.get::<String>("type").as_deref(), Some("order.paid"));
        assert_eq!(entry.get::<String>("source").as_deref(), Some("/payments"));
        assert_eq!(read(&entry.get::<Vec<u8>>("event").unwrap()), *expected);
    }
    refuse_only_what_is_too_large(&target).await;
    let () = redis.del(&key).await.unwrap();
}

#[tokio::test]
async fn a_stream_keeps_about_so_many_entries() {
    let Some((url, mut redis)) = open().await else {
        return;
    };
    let key = fresh("bounded");
    let target = Redis::stream("orders", &url, &key, 10);
    for _ in 0..4 {
        deliver_in_every_way(&target).await;
    }
    // Redis drops whole nodes, of a hundred entries by default.
    let kept: usize = redis.xlen(&key).await.unwrap();
    assert!((10..=210).contains(&kept), "{kept}");
    let () = redis.del(&key).await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_something_else_is_no_stream() {
    let Some((url, mut redis)) = open().await else {
        return;
    };
    let key = fresh("string");
    let () = redis.set(&key, "text").await.unwrap();
    let target = Redis::stream("orders", &url, &key, 10);
    assert_eq!(
        target.check().await.unwrap_err().kind(),
        Kind::Misconfigured
    );
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured, "{error:?}");
    let () = redis.del(&key).await.unwrap();
}

/// Hands on what comes, and each answer only after a while.
async fn slow(url: &str) -> (String, JoinSet<()>) {
    let client = redis::Client::open(url).unwrap();
    let place = client.get_connection_info().addr().to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let (mut asked, mut answered) = client.into_split();
        let server = TcpStream::connect(place).await.unwrap();
        let (mut answers, mut asks) = server.into_split();
        let late = async {
            let mut answer = [0; 4096];
            while let Ok(read @ 1..) = answers.read(&mut answer).await {
                // Longer than the client's own patience.
                tokio::time::sleep(Duration::from_millis(700)).await;
                answered.write_all(&answer[..read]).await.unwrap();
            }
        };
        let (_, ()) = tokio::join!(tokio::io::copy(&mut asked, &mut asks), late);
    });
    (url, tasks)
}

#[tokio::test]
async fn a_server_that_takes_its_time_is_waited_for() {
    let Some((url, mut redis)) = open().await else {
        return;
    };
    let key = fresh("slow");
    let (url, _tasks) = slow(&url).await;
    let target = Redis::stream("orders", &url, &key, 10);
    target.deliver(&signal("1")).await.unwrap();
    let kept: usize = redis.xlen(&key).await.unwrap();
    assert_eq!(kept, 1);
    let () = redis.del(&key).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_may_come() {
    let url = format!("redis://me:secret@127.0.0.1:{}", closed_port().await);
    let target = Redis::stream("orders", url, "orders", 10);
    assert!(!format!("{target:?}").contains("secret"));
    miss_who_is_not_there(&target).await;
}

#[test]
fn what_is_no_address_or_keeps_nothing_is_refused() {
    let bad = [
        Redis::stream("orders", "http://127.0.0.1", "orders", 10),
        Redis::stream("orders", "redis://127.0.0.1", "", 10),
        Redis::stream("orders", "redis://127.0.0.1", "orders", 0),
    ];
    for target in bad {
        assert_eq!(target.validate().unwrap_err().kind(), Kind::Misconfigured);
    }
}

#[tokio::test]
async fn a_password_goes_in_plain_text_no_further_than_this_machine() {
    let target = Redis::stream("orders", "redis://:secret@redis.example", "orders", 10);
    for error in [
        target.validate().unwrap_err(),
        target.check().await.unwrap_err(),
        target.deliver(&signal("1")).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), Kind::Misconfigured, "{error}");
        assert!(error.to_string().contains("plain text"), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    target.plain_password().validate().unwrap();
}
