//! A workspace of generated crates, and runs of cargo in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::compiler::{EXPAND, NOTE, Note};
use crate::program::{Variant, program};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// A crate of the workspace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject {
    pub(crate) variant: Variant,
    pub(crate) handlers: u16,
}

impl Subject {
    fn name(self) -> String {
        format!("{}-{}", self.variant.name(), self.handlers)
    }
}

/// The measurement of a crate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ask {
    Cost,
    /// The costs of a check, and the size of the expansion.
    Expansion,
    /// The costs of a debug build.
    Build,
}

/// The generated workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Writes the workspace, with the dependencies in the `Cargo.lock` of this repository.
    pub(crate) fn generate(subjects: &[Subject]) -> io::Result<Self> {
        let root = Path::new(HERE).join("target/generated");
        let repository = Path::new(HERE).join("../..").canonicalize()?;
        let flow_core = repository.join("flow-core").display().to_string();
        let names: Vec<String> = subjects.iter().map(|subject| subject.name()).collect();
        fs::create_dir_all(&root)?;
        fs::write(
            root.join("Cargo.toml"),
            format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n"),
        )?;
        fs::copy(repository.join("Cargo.lock"), root.join("Cargo.lock"))?;
        for (subject, name) in subjects.iter().zip(names) {
            let package = root.join(&name);
            fs::create_dir_all(package.join("src"))?;
            fs::write(
                package.join("Cargo.toml"),
                format!(
                    "[package]\nname = {name:?}\nedition = \"2024\"\n\n\
                     [dependencies]\nflow-core = {{ path = {flow_core:?} }}\n",
                ),
            )?;
            fs::write(
                package.join("src/lib.rs"),
                program(subject.variant, subject.handlers),
            )?;
        }
        Ok(Self { root })
    }

    /// The costs of checking or building the crate when its dependencies are already built.
    pub(crate) fn compile(&self, subject: Subject, ask: Ask) -> io::Result<Note> {
        let note = self.root.join("note");
        let source = self.root.join(subject.name()).join("src/lib.rs");
        // Without a change, cargo would do nothing.
        fs::File::open(source)?.set_modified(std::time::SystemTime::now())?;
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        let command = match ask {
            Ask::Cost | Ask::Expansion => "check",
            Ask::Build => "build",
        };
        cargo
            .current_dir(&self.root)
            .args([command, "--quiet", "--package", &subject.name()])
            // Compile the whole crate each time, without incremental results.
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?)
            .env(NOTE, &note);
        if ask == Ask::Expansion {
            cargo.env(EXPAND, "1");
        }
        if !cargo.status()?.success() {
            let name = subject.name();
            return Err(io::Error::other(format!("`{name}` does not compile")));
        }
        let read = Note::read(&note)?;
        fs::remove_file(note)?;
        Ok(read)
    }
}
