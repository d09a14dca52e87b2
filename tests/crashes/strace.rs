//! Running a process of its own under `strace`, which notes what it does to its files and lets some of
//! it fail.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;

use crate::load::Load;

/// What a process can do to a file; what [`cut`](crate::cut) has no model of is there to be noticed.
const CALLS: &str = "openat,open,creat,pwrite64,pwritev,pwritev2,write,writev,ftruncate,truncate,fallocate,\
                     fdatasync,fsync,sync_file_range,unlink,unlinkat,rename,renameat,renameat2";

/// The process: works through what is fixed, in a folder.
#[test]
fn child() {
    let Ok(folder) = std::env::var("ENACT_CRASHES_CHILD") else {
        return;
    };
    let load = std::env::var("ENACT_CRASHES_LOAD").unwrap();
    let ended = load.parse::<Load>().unwrap().work(Path::new(&folder));
    assert!(ended.is_ok(), "{ended:?}");
}

/// Whether processes can be traced here. Where they can't, the tests that need it say so and pass, but
/// for the gate (`CI=true`), which has to have it.
pub(crate) fn is_there() -> bool {
    static THERE: OnceLock<bool> = OnceLock::new();
    let there = *THERE.get_or_init(|| {
        let mut command = Command::new("strace");
        command.args(["-f", "-o", "/dev/null", "true"]);
        command
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    });
    let must = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        there || !must,
        "strace is not there or may not trace; install it, and allow ptrace"
    );
    if !there {
        println!("skipped: strace is not there or may not trace");
    }
    there
}

/// Lets a process work in a folder and notes in `trace` what it does to files.
///
/// `inject` is what is to happen to it, in `strace`'s words.
pub(crate) fn traced(folder: &Path, load: Load, trace: &Path, inject: &[String]) -> ExitStatus {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-y", "-xx", "-s", "100000", "-o"])
        .arg(trace)
        .arg(format!("--trace={CALLS}"))
        .args(inject)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "strace::child", "--test-threads=1"])
        .env("ENACT_CRASHES_CHILD", folder)
        .env("ENACT_CRASHES_LOAD", load.told())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().unwrap()
}
