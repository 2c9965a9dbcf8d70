//! The floor: a record is written into a file and synced.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// As large as the rows of a step.
const RECORD: [u8; 300] = [7; 300];

pub fn sync(directory: &Path, times: u32) -> Duration {
    let mut file = File::create(directory.join("log")).expect("a file");
    // Its blocks are there before, so that no sync writes where they are.
    file.write_all(&vec![0; RECORD.len() * times as usize]).expect("room");
    file.sync_all().expect("a sync");
    file.rewind().expect("its begin");
    let begun = Instant::now();
    for _ in 0..times {
        file.write_all(&RECORD).expect("a write");
        file.sync_data().expect("a sync");
    }
    begun.elapsed()
}
