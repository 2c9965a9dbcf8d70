//! `MODEL_SHRINK=1`: makes a flow that fails smaller.
//!
//! A flow is compiled. So the smaller ones are written into a package beside this one's target, a
//! batch at a time, with a copy of this test. That test runs each of them with several cases, and
//! names the first that differs. It is told the flows by how they were made: from those of the
//! seed, by the numbers of the smaller ones that were taken.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::case::Case;
use crate::generate::Kind;
use crate::graph::Graph;
use crate::smaller::{size, smaller, text};
use crate::{Tested, difference, differs, generate, graphs, number, shrunk};

/// How many bytes of flows are compiled at once.
const BATCH: usize = 4_000;

/// With how many cases a smaller flow is tried, unless `MODEL_CASES` says otherwise.
const CASES: u64 = 2_000;

/// Precedes what the test of a batch tells.
const DIFFERS: &str = "the smaller flow differs: ";

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// Returns the smallest flow that differs, and how; or what hinders it.
pub(crate) fn shrink(index: usize, case: &Case) -> Result<String, String> {
    let package = Package::new(index, case.seed)?;
    let mut all = generate::graphs(Kind::Modelled, graphs::SEED);
    let (mut taken, mut told) = (Vec::new(), String::new());
    loop {
        let candidates = smaller(&all, index);
        let size = size(&all, index);
        eprintln!(
            "{size} bytes of flows, and {} smaller ones",
            candidates.len()
        );
        let found = batches(&candidates, index)
            .into_iter()
            .map(|batch| package.first_that_differs(&candidates, batch, &taken))
            .find(|found| !matches!(found, Ok(None)));
        match found {
            None if taken.is_empty() => return Err("no smaller flow differs".to_owned()),
            None => return Ok(told),
            Some(Err(why)) if taken.is_empty() => return Err(why),
            Some(Err(why)) => return Ok(format!("{told}\n\nIt may become smaller, but {why}")),
            Some(Ok(found)) => {
                let (number, how) = found.unwrap();
                all.clone_from(&candidates[number]);
                taken.push(number);
                told = how;
            }
        }
    }
}

/// The numbers of the candidates, a batch at a time.
fn batches(candidates: &[Vec<Graph>], index: usize) -> Vec<Vec<usize>> {
    let (mut all, mut bytes) = (vec![Vec::new()], 0);
    for (number, graphs) in candidates.iter().enumerate() {
        if bytes > BATCH {
            all.push(Vec::new());
            bytes = 0;
        }
        bytes += text(graphs, index).len();
        all.last_mut().unwrap().push(number);
    }
    all
}

/// The package with the smaller flows.
struct Package {
    directory: PathBuf,
    index: usize,
    seed: u64,
}

impl Package {
    fn new(index: usize, seed: u64) -> Result<Self, String> {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("smaller");
        let package = Self {
            directory,
            index,
            seed,
        };
        package.write().map_err(|error| error.to_string())?;
        Ok(package)
    }

    /// Its manifest and lock file have the parts of this package's that decide how dependencies are
    /// built, so that those are there already.
    fn write(&self) -> std::io::Result<()> {
        let root = Path::new(HERE).parent().unwrap();
        let workspace = fs::read_to_string(root.join("Cargo.toml"))?;
        let tests = fs::read_to_string(Path::new(HERE).join("Cargo.toml"))?;
        let path = format!("path = \"{}/", root.display());
        let mut manifest = "[package]\nname = \"smaller\"\nedition = \"2024\"\npublish = false\n\n\
            [workspace]\nresolver = \"3\"\n\n\
            [profile.dev]\ndebug = false\n\n\
            [lib]\npath = \"lib.rs\"\n\n\
            [[test]]\nname = \"model\"\npath = \"model/main.rs\"\n\n"
            .to_owned();
        for (of, section) in [
            (&workspace, "[workspace.dependencies]"),
            (&workspace, "[profile.dev.package.\"*\"]"),
            (&tests, "[dev-dependencies]"),
        ] {
            manifest += &section_of(of, section).replace("path = \"", &path);
        }
        let _ = fs::remove_dir_all(&self.directory);
        copy(
            &Path::new(HERE).join("model"),
            &self.directory.join("model"),
        )?;
        fs::create_dir(self.directory.join("model/graphs"))?;
        fs::write(self.directory.join("lib.rs"), "")?;
        fs::copy(root.join("Cargo.lock"), self.directory.join("Cargo.lock"))?;
        fs::write(self.directory.join("Cargo.toml"), manifest)
    }

    /// The first of the batch that differs, and how. Those that do not compile are left out.
    fn first_that_differs(
        &self,
        candidates: &[Vec<Graph>],
        mut batch: Vec<usize>,
        taken: &[usize],
    ) -> Result<Option<(usize, String)>, String> {
        while !batch.is_empty() {
            self.write_flows(candidates, &batch)
                .map_err(|error| error.to_string())?;
            let errors = match self.run(&batch, taken)? {
                Ran::Compiled(found) => return Ok(found),
                Ran::Not(errors) => errors,
            };
            let before = batch.len();
            batch.retain(|number| !errors.contains(&format!("c{number}.rs:")));
            if batch.len() == before {
                return Err(format!("the smaller flows do not compile:\n{errors}"));
            }
        }
        Ok(None)
    }

    fn write_flows(&self, candidates: &[Vec<Graph>], batch: &[usize]) -> std::io::Result<()> {
        let directory = self.directory.join("model");
        let (mut modules, mut runners) = (String::new(), String::new());
        for number in batch {
            let graphs = &candidates[*number];
            let runner = generate::runner(graphs, self.index);
            writeln!(modules, "mod c{number};").unwrap();
            writeln!(runners, "    c{number}::RUNNER,").unwrap();
            let flows = format!(
                "{}{}\npub(crate) const RUNNER: Runner = {runner};\n",
                generate::uses(),
                text(graphs, self.index)
            );
            fs::write(directory.join(format!("graphs/c{number}.rs")), flows)?;
        }
        let text = format!(
            "{modules}\nuse crate::engine::Runner;\n\n\
             pub(crate) const SEED: u64 = {};\n\n\
             pub(crate) const RUNNERS: &[Runner] = &[\n{runners}];\n",
            graphs::SEED
        );
        fs::write(directory.join("graphs.rs"), text)
    }

    /// Compiles and runs the test of the package.
    fn run(&self, batch: &[usize], taken: &[usize]) -> Result<Ran, String> {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["test", "--offline", "--quiet", "--message-format=short"]);
        cargo.args(["--test", "model", "--manifest-path"]);
        cargo.arg(self.directory.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(target);
        cargo.args([
            "the_engine_does_what_the_model_does",
            "--",
            "--exact",
            "--nocapture",
        ]);
        cargo.env_remove("MODEL_SHRINK");
        cargo.env("MODEL_SMALLER", self.index.to_string());
        cargo.env("MODEL_TAKEN", words(taken));
        cargo.env("MODEL_BATCH", words(batch));
        cargo.env("MODEL_SEED", self.seed.to_string());
        let ran = cargo.output().map_err(|error| format!("cargo: {error}"))?;
        let (out, errors) = (text_of(&ran.stdout), text_of(&ran.stderr));
        if ran.status.success() {
            let found = out.split_once(DIFFERS).map(|(_, found)| {
                let (number, how) = found.split_once('\n').unwrap();
                let how = how.split("\ntest result: ").next().unwrap();
                (number.parse().unwrap(), how.trim_end().to_owned())
            });
            Ok(Ran::Compiled(found))
        } else if errors.contains("could not compile") {
            Ok(Ran::Not(errors))
        } else {
            Err(format!(
                "the test of the smaller flows fails:\n{out}\n{errors}"
            ))
        }
    }
}

enum Ran {
    Compiled(Option<(usize, String)>),
    /// The errors of the compiler.
    Not(String),
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn words(numbers: &[usize]) -> String {
    let words: Vec<_> = numbers.iter().map(usize::to_string).collect();
    words.join(" ")
}

fn numbers(variable: &str) -> Vec<usize> {
    let words = env::var(variable).unwrap();
    words
        .split_whitespace()
        .map(|word| word.parse().unwrap())
        .collect()
}

/// The section of a manifest, with its heading.
fn section_of(manifest: &str, heading: &str) -> String {
    let lines = manifest.lines().skip_while(|line| *line != heading);
    let heading = lines.clone().take(1);
    let rest = lines.skip(1).take_while(|line| !line.starts_with('['));
    let lines: Vec<_> = heading.chain(rest).collect();
    lines.join("\n") + "\n"
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Whether this is the test in the package with the smaller flows.
pub(crate) fn is_asked_for_a_batch() -> bool {
    number("MODEL_SMALLER").is_some()
}

/// Tells the first of the batch that differs.
pub(crate) fn try_batch(mut tested: Tested) {
    let index = usize::try_from(number("MODEL_SMALLER").unwrap()).unwrap();
    for number in numbers("MODEL_TAKEN") {
        tested.graphs = smaller(&tested.graphs, index).swap_remove(number);
    }
    let candidates = smaller(&tested.graphs, index);
    let first = number("MODEL_SEED").unwrap();
    let cases = number("MODEL_CASES").unwrap_or(CASES);
    for (number, runner) in numbers("MODEL_BATCH").into_iter().zip(graphs::RUNNERS) {
        tested.graphs.clone_from(&candidates[number]);
        tested.runners = vec![*runner; tested.graphs.len()];
        let seeds = std::iter::once(first).chain(0..cases);
        let mut cases = seeds.map(Case::new);
        if let Some(case) = cases.find(|case| differs(&tested, index, case)) {
            let case = shrunk(&tested, index, case);
            println!("\n{DIFFERS}{number}\n{}", difference(&tested, index, &case));
            return;
        }
    }
}
