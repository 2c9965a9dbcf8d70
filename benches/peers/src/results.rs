//! The results of a measurement, and the files that store them.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde_json::{Map, Value, json};

use crate::case::Case;
use crate::system::Role;

/// The figures of one run on one machine.
#[derive(Debug)]
pub(crate) struct Results {
    pub(crate) machine: String,
    pub(crate) rows: Vec<Row>,
}

/// The figures of one system: nanoseconds, or bytes.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) figures: BTreeMap<Case, f64>,
}

impl Results {
    pub(crate) fn to_json(&self) -> String {
        let system = |row: &Row| {
            let cases: Map<String, Value> = row
                .figures
                .iter()
                // More digits would exceed the precision of the measurement.
                .map(|(case, figure)| {
                    (
                        case.name().to_owned(),
                        json!((figure * 10.0).round() / 10.0),
                    )
                })
                .collect();
            json!({ "name": row.name, "cases": cases })
        };
        let systems: Vec<Value> = self.rows.iter().map(system).collect();
        let results = json!({ "machine": self.machine, "systems": systems });
        format!("{results:#}\n")
    }
}

/// The figures of peers that were measured elsewhere, if there are any.
pub(crate) fn read(file: &Path) -> io::Result<Option<Results>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(file)?;
    let results: Value = serde_json::from_str(&text)?;
    let of = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let row = |system: &Value| {
        let cases = system.get("cases")?;
        let figure = |case: Case| Some((case, cases.get(case.name())?.as_f64()?));
        Some(Row {
            name: of(system, "name")?,
            role: Role::Peer,
            figures: Case::all().filter_map(figure).collect(),
        })
    };
    let machine = of(&results, "machine");
    let rows: Option<Vec<Row>> = (results.get("systems").and_then(Value::as_array))
        .and_then(|systems| systems.iter().map(row).collect());
    match (machine, rows) {
        (Some(machine), Some(rows)) => Ok(Some(Results { machine, rows })),
        _ => Err(io::Error::other(format!(
            "{} is not of the shape that README.md describes",
            file.display()
        ))),
    }
}
