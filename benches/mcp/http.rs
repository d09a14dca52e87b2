//! The load over HTTP: so many connections, each with one call in flight.

use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::{HELLO, Load, Outcome, READY, Times, call, sum};

/// What a request of 2026-07-28 says of its sender.
const META: &str = r#","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"load","version":"0"}}"#;
const STATELESS: &str =
    "mcp-protocol-version: 2026-07-28\r\nmcp-method: tools/call\r\nmcp-name: add\r\n";

type Sent<T> = Result<T, String>;

pub(crate) fn load(child: &mut Child, in_session: bool, load: Load) -> Outcome<Times> {
    let told = child.stderr.take().ok_or("no standard error")?;
    let mut line = String::new();
    BufReader::new(told).read_line(&mut line)?;
    let (_, place) = line.split_once("http://").ok_or("no address is told")?;
    let place = place.trim().trim_end_matches("/mcp").to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(all(place, in_session, load))?)
}

async fn all(place: String, in_session: bool, load: Load) -> Sent<Times> {
    let head = if in_session {
        let mut first = Wire::connect(&place).await?;
        let (head, _) = first.post("", HELLO).await?;
        let id = head
            .lines()
            .find_map(|line| line.strip_prefix("mcp-session-id: "))
            .ok_or_else(|| format!("no session: {head}"))?;
        let session = format!("mcp-session-id: {id}\r\nmcp-protocol-version: 2025-11-25\r\n");
        first.post(&session, READY).await?;
        session
    } else {
        STATELESS.to_owned()
    };
    let mut callers = JoinSet::new();
    for number in 0..load.flight {
        let wire = Wire::connect(&place).await?;
        callers.spawn(caller(wire, head.clone(), !in_session, number, load));
    }
    let mut all = Times::of(load);
    while let Some(ended) = callers.join_next().await {
        let times = ended.map_err(|error| error.to_string())??;
        all.taken.extend(times.taken);
    }
    Ok(all)
}

async fn caller(
    mut wire: Wire,
    head: String,
    is_stateless: bool,
    number: usize,
    load: Load,
) -> Sent<Times> {
    let mut times = Times::of(load);
    // Each has ids of its own, since they may share a session.
    let mut id = 1 + number * 10_000_000;
    loop {
        let body = call(id, if is_stateless { META } else { "" });
        let sent = Instant::now();
        let (_, answer) = wire.post(&head, &body).await?;
        if !answer.contains(&sum(id)) {
            return Err(format!("a wrong answer: {answer}"));
        }
        if !times.note(sent) {
            return Ok(times);
        }
        id += 1;
    }
}

/// A connection that is kept.
struct Wire {
    stream: TcpStream,
    place: String,
    read: Vec<u8>,
}

impl Wire {
    async fn connect(place: &str) -> Sent<Self> {
        let stream = TcpStream::connect(place)
            .await
            .map_err(|error| error.to_string())?;
        stream
            .set_nodelay(true)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            stream,
            place: place.to_owned(),
            read: Vec::with_capacity(4 << 10),
        })
    }

    /// The head and the body of the answer.
    async fn post(&mut self, head: &str, body: &str) -> Sent<(String, String)> {
        let request = format!(
            "POST /mcp HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             accept: application/json, text/event-stream\r\ncontent-length: {}\r\n{head}\r\n{body}",
            self.place,
            body.len()
        );
        let written = self.stream.write_all(request.as_bytes()).await;
        written.map_err(|error| error.to_string())?;
        self.read.clear();
        loop {
            let read = self.stream.read_buf(&mut self.read).await;
            if read.map_err(|error| error.to_string())? == 0 {
                return Err("the server has gone".to_owned());
            }
            if let Some(answer) = whole(&self.read)? {
                return Ok(answer);
            }
        }
    }
}

/// The answer, where it has all come.
fn whole(read: &[u8]) -> Sent<Option<(String, String)>> {
    let text = str::from_utf8(read).map_err(|error| error.to_string())?;
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return Ok(None);
    };
    if !head.starts_with("HTTP/1.1 20") {
        return Err(text.to_owned());
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let is_whole = match length {
        Some(length) => length.parse() == Ok(body.len()),
        // The only other form that either server sends: chunks, of which the last is empty.
        None => body.ends_with("\r\n0\r\n\r\n") || head.starts_with("HTTP/1.1 202"),
    };
    Ok(is_whole.then(|| (head.to_owned(), body.to_owned())))
}
