//! The directory of a journal: whether it is one, and whose it is now.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::open_error::OpenError;

/// Tells that a directory is a journal, and how it is written.
const FORMAT_FILE: &str = "flow-journal";

/// The version that this program reads and writes.
const FORMAT: u32 = 3;

/// The id of the process that has the journal open is in it, and it is locked by that process.
const LOCK_FILE: &str = "process";

/// The rows of the executions, in a database of their own.
const ROWS: &str = "rows";

/// The database while it is made.
const TEMPORARY_ROWS: &str = "rows.new";

/// The directory is a journal, and this process may use it.
pub(crate) struct Directory {
    path: PathBuf,
    /// Its drop lets the next process have the directory.
    #[allow(dead_code, reason = "its drop unlocks the directory")]
    lock: File,
}

/// Why the directory cannot be had now.
pub(crate) enum Refused {
    /// Another one has it: the id of its process, if that is known.
    Locked(Option<u32>),
    Error(OpenError),
}

impl From<OpenError> for Refused {
    fn from(error: OpenError) -> Self {
        Self::Error(error)
    }
}

impl Directory {
    /// Takes the directory, and makes it a journal if it is empty or not there.
    pub(crate) fn take(path: &Path) -> Result<Self, Refused> {
        let failed = |source| OpenError::io(path, source);
        fs::create_dir_all(path).map_err(failed)?;
        let path = &fs::canonicalize(path).map_err(failed)?;
        let is_journal = path.join(FORMAT_FILE).try_exists().map_err(failed)?;
        if !is_journal && !is_new(path).map_err(failed)? {
            return Err(OpenError::NotAJournal(path.clone()).into());
        }
        let lock = lock(path)?;
        if path.join(FORMAT_FILE).try_exists().map_err(failed)? {
            check_format(path)?;
        } else {
            write_format(path).map_err(failed)?;
        }
        Ok(Self {
            path: path.clone(),
            lock,
        })
    }

    pub(crate) fn rows(&self) -> PathBuf {
        self.path.join(ROWS)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the database. When this has returned, it is there as a whole, also after the power has
    /// failed; before, it is not there. The database itself does not open what it has made in part.
    pub(crate) fn make_rows(
        &self,
        make: impl FnOnce(&Path) -> Result<(), OpenError>,
    ) -> Result<(), OpenError> {
        let failed = |source| OpenError::io(&self.path, source);
        let rows = self.rows();
        if rows.try_exists().map_err(failed)? {
            // What a process has made that was killed before it has synced it.
            let synced = sync_all(&rows).and_then(|()| sync(&self.path));
            return synced.map_err(failed);
        }
        let temporary = self.path.join(TEMPORARY_ROWS);
        if temporary.try_exists().map_err(failed)? {
            fs::remove_dir_all(&temporary).map_err(failed)?;
        }
        make(&temporary)?;
        let put = || {
            sync_all(&temporary)?;
            fs::rename(&temporary, &rows)?;
            sync(&self.path)
        };
        put().map_err(failed)
    }
}

/// Whether nothing is in the directory but what an attempt to make a journal has left.
fn is_new(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if name != LOCK_FILE && name != TEMPORARY_FORMAT_FILE {
            return Ok(false);
        }
    }
    Ok(true)
}

fn lock(path: &Path) -> Result<File, Refused> {
    let failed = |source| OpenError::io(path, source);
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(path.join(LOCK_FILE)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut process = String::new();
            // What is in it only makes the message better.
            let _unread = file.read_to_string(&mut process);
            return Err(Refused::Locked(process.trim().parse().ok()));
        }
        Err(TryLockError::Error(source)) => return Err(failed(source).into()),
    }
    let mut write = || {
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(std::process::id().to_string().as_bytes())
    };
    write().map_err(failed)?;
    Ok(file)
}

const TEMPORARY_FORMAT_FILE: &str = "flow-journal.new";

fn write_format(path: &Path) -> io::Result<()> {
    let temporary = path.join(TEMPORARY_FORMAT_FILE);
    let mut file = File::create(&temporary)?;
    writeln!(file, "{FORMAT}")?;
    file.sync_all()?;
    // The directory itself may be new, and those it is in as well.
    for parent in path.ancestors().skip(1) {
        match sync(parent) {
            // It was not made here.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            synced => synced?,
        }
    }
    fs::rename(&temporary, path.join(FORMAT_FILE))?;
    sync(path)
}

fn check_format(path: &Path) -> Result<(), OpenError> {
    let text = fs::read(path.join(FORMAT_FILE));
    let text = text.map_err(|source| OpenError::io(path, source))?;
    let found = str::from_utf8(&text).ok();
    let found = found.and_then(|text| text.strip_suffix('\n')?.parse().ok());
    match found {
        Some(FORMAT) => Ok(()),
        Some(found) if found > FORMAT => Err(OpenError::NewerFormat {
            path: path.to_owned(),
            found,
            known: FORMAT,
        }),
        _ => Err(OpenError::Damaged {
            file: path.join(FORMAT_FILE),
            why: "it is to contain the number of a format that this version reads".to_owned(),
        }),
    }
}

fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// Syncs a directory, and those in it.
fn sync_all(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        }
    }
    sync(directory)
}
