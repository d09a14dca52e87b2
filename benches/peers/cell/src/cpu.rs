//! Time on the processor: of this process, and of the server that works for it.

use std::fs;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use nix::unistd::{SysconfVar, sysconf};

use crate::Outcome;

/// The server whose time counts too, where it runs on this machine.
#[derive(Debug, Clone)]
pub enum Server {
    /// There is none.
    None,
    /// `PostgreSQL`: its connections to the database of that name, and what flushes for all of them.
    Postgres(String),
    /// A process, by its id.
    Process(u32),
}

impl Server {
    /// The time that this process and the server have had so far.
    pub(crate) fn cpu(&self) -> Outcome<Duration> {
        let own = getrusage(UsageWho::RUSAGE_SELF)?;
        let own = duration(own.user_time()) + duration(own.system_time());
        Ok(own
            + match self {
                Self::None => Duration::ZERO,
                Self::Process(id) => of(&id.to_string())?,
                Self::Postgres(database) => postgres(database)?,
            })
    }
}

fn postgres(database: &str) -> Outcome<Duration> {
    let mut sum = Duration::ZERO;
    for entry in fs::read_dir("/proc")?.flatten() {
        let id = entry.file_name().to_string_lossy().into_owned();
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).into_owned();
        let ours = ["walwriter", "checkpointer", "background writer", database];
        if command.starts_with("postgres:") && ours.iter().any(|part| command.contains(part)) {
            // One that has ended meanwhile has none to tell.
            sum += of(&id).unwrap_or_default();
        }
    }
    Ok(sum)
}

/// The time of a process: the 14th and 15th field of its `stat`, in ticks.
fn of(id: &str) -> Outcome<Duration> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The second field is a name in brackets, which may have blanks of its own.
    let (_, rest) = stat.rsplit_once(") ").ok_or("a stat without a name")?;
    let mut ticks = 0;
    for field in rest.split_ascii_whitespace().skip(11).take(2) {
        ticks += field.parse::<u32>()?;
    }
    let a_second = sysconf(SysconfVar::CLK_TCK)?.ok_or("the clock has no ticks")?;
    Ok(Duration::from_secs_f64(f64::from(ticks) / a_second as f64))
}

fn duration(time: TimeVal) -> Duration {
    let seconds = time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Duration::from_secs_f64(seconds)
}
