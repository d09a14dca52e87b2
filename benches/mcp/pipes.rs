//! The load over pipes: so many calls in flight, from one thread that does nothing else.

use std::io::{Read, Write};
use std::process::Child;
use std::time::Instant;

use crate::{HELLO, Load, Outcome, READY, Times, call, sum};

pub(crate) fn load(child: &mut Child, load: Load) -> Outcome<Times> {
    let mut input = child.stdin.take().ok_or("no standard input")?;
    let mut lines = Lines {
        output: child.stdout.take().ok_or("no standard output")?,
        buffer: Vec::new(),
        chunk: vec![0; 64 << 10],
    };
    writeln!(input, "{HELLO}")?;
    while lines.read()?.is_empty() {}
    writeln!(input, "{READY}")?;
    let mut sent = vec![Instant::now()];
    let mut out = String::new();
    for id in 1..=load.flight {
        out.push_str(&call(id, ""));
        out.push('\n');
        sent.push(Instant::now());
    }
    input.write_all(out.as_bytes())?;
    let mut times = Times::of(load);
    loop {
        out.clear();
        for line in lines.read()? {
            let id = answered(&line)?;
            if !times.note(sent[id]) {
                return Ok(times);
            }
            out.push_str(&call(sent.len(), ""));
            out.push('\n');
            sent.push(Instant::now());
        }
        input.write_all(out.as_bytes())?;
    }
}

/// The number of the call that was answered, and rightly.
fn answered(line: &str) -> Outcome<usize> {
    let id = line.split_once(r#""id":"#).map(|(_, rest)| rest);
    let id = id.and_then(|rest| rest.split([',', '}']).next()?.parse().ok());
    let id: usize = id.ok_or_else(|| format!("no answer: {line}"))?;
    if line.contains(&sum(id)) {
        Ok(id)
    } else {
        Err(format!("a wrong answer: {line}").into())
    }
}

struct Lines<R> {
    output: R,
    buffer: Vec<u8>,
    chunk: Vec<u8>,
}

impl<R: Read> Lines<R> {
    /// What whole lines one read gives.
    fn read(&mut self) -> Outcome<Vec<String>> {
        let read = self.output.read(&mut self.chunk)?;
        if read == 0 {
            return Err("the server has gone".into());
        }
        self.buffer.extend_from_slice(&self.chunk[..read]);
        let Some(end) = self.buffer.iter().rposition(|byte| *byte == b'\n') else {
            return Ok(Vec::new());
        };
        let whole: Vec<u8> = self.buffer.drain(..=end).collect();
        Ok(str::from_utf8(&whole)?.lines().map(str::to_owned).collect())
    }
}
