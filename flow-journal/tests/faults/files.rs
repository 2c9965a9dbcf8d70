//! The files of a journal, to make it again and again.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use flow_journal::Journal;
use tempfile::TempDir;

use crate::load::{HANGS, Length, Told, load, register};

#[derive(Clone)]
pub(crate) struct Files(pub(crate) Vec<(PathBuf, Vec<u8>)>);

impl Files {
    pub(crate) fn of(root: &Path) -> Self {
        let mut files = Vec::new();
        let mut directories = vec![root.to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    directories.push(path);
                } else {
                    let text = fs::read(&path).unwrap();
                    files.push((path.strip_prefix(root).unwrap().to_owned(), text));
                }
            }
        }
        files.sort();
        Self(files)
    }

    pub(crate) fn make(&self) -> TempDir {
        let root = directory();
        for (path, text) in &self.0 {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            // The zeros that a log ends with take no space.
            let end = text.iter().rposition(|byte| *byte != 0);
            let file = File::create(path).unwrap();
            file.write_all_at(&text[..end.map_or(0, |end| end + 1)], 0)
                .unwrap();
            file.set_len(text.len() as u64).unwrap();
        }
        root
    }

    /// The log that is written now.
    pub(crate) fn log(&mut self) -> &mut Vec<u8> {
        let is_log =
            |(path, _): &&mut (PathBuf, Vec<u8>)| path.extension().is_some_and(|end| end == "jnl");
        &mut self.0.iter_mut().rfind(is_log).unwrap().1
    }
}

/// A directory in memory, if there is one: nothing is lost from it in these tests.
pub(crate) fn directory() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// Works on these orders, and closes the journal.
pub(crate) async fn work(root: &Path, numbers: std::ops::Range<u32>) -> Vec<Told> {
    let journal = Journal::open(root).await.unwrap();
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |new| told.lock().unwrap().push(new);
    load(&register(&journal), numbers, Length(10), &tell)
        .await
        .unwrap();
    assert!(journal.close(HANGS).await.unwrap());
    told.into_inner().unwrap()
}
