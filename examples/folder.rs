//! A folder for the files of a program, which goes when the program is done with it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of its own among the system's temporary files; dropped, it is deleted.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A new folder, whose name begins with that one.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(name: &str) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("enact-{name}-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// The path of a file in it.
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is among the temporary files, and somebody else's to clear away.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
