//! Why a journal is not opened.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a journal was not opened. Nothing in its directory was changed, unless it was new.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it open, or this one.
    InUse {
        /// The directory.
        path: PathBuf,
        /// The id of the process.
        process: Option<u32>,
    },
    /// The directory contains something else. A journal begins in an empty directory, or in one
    /// that does not exist.
    NotAJournal(PathBuf),
    /// A newer version has written it.
    NewerFormat {
        /// The directory.
        path: PathBuf,
        /// How it is written.
        found: u32,
        /// What this version can read.
        known: u32,
    },
    /// A file is not as it was written. What it says is not used: restore the directory from a
    /// backup.
    Damaged {
        /// The file, or the directory it is in.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The directory, or a file in it, cannot be read or written.
    Io {
        /// The directory.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

impl OpenError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn damaged(file: &Path, why: impl fmt::Display) -> Self {
        Self::Damaged {
            file: file.to_owned(),
            why: why.to_string(),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { path, process } => {
                write!(f, "the journal `{}` is in use by ", path.display())?;
                match process {
                    Some(own) if *own == std::process::id() => {
                        f.write_str("this process: share the `Journal` that it has")
                    }
                    Some(process) => write!(
                        f,
                        "process {process}: stop it, or wait for it with `Journal::open(…).wait(…)`"
                    ),
                    None => f.write_str(
                        "another process: stop it, or wait for it with `Journal::open(…).wait(…)`",
                    ),
                }
            }
            Self::NotAJournal(path) => write!(
                f,
                "the directory `{}` is not empty and no journal: choose another one",
                path.display()
            ),
            Self::NewerFormat { path, found, known } => write!(
                f,
                "the journal `{}` has the format {found}, and this version knows {known}: run the \
                 version that has written it, or a newer one",
                path.display()
            ),
            Self::Damaged { file, why } => write!(
                f,
                "`{}` is damaged, and nothing of it is used: {why}; restore the journal from a \
                 backup",
                file.display()
            ),
            Self::Io { path, .. } => {
                write!(
                    f,
                    "the journal `{}` cannot be read or written",
                    path.display()
                )
            }
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
