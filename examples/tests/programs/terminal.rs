//! Runs a program on a terminal.

// Each test that shares this file uses only a part of it.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::run::{GUARD, SETTINGS, path};

pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_D: &str = "\x04";

/// A terminal with a running program: both the keyboard and the screen.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    screen: Receiver<Vec<u8>>,
    /// The output that no `wait_for` has consumed yet.
    unseen: Vec<u8>,
    // Dropping it closes the terminal.
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts an example with these settings.
    pub(crate) fn start(example: &str, settings: &[(&str, &str)]) -> Self {
        let size = PtySize {
            rows: 30,
            cols: 100,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(path(example));
        for name in SETTINGS {
            command.env_remove(name);
        }
        command.env("TERM", "xterm");
        for (name, value) in settings {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let mut output = pair.master.try_clone_reader().unwrap();
        let (sender, screen) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 1024];
            // Until the end of the program or of the test.
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                if sender
                    .send(bytes.iter().take(count).copied().collect())
                    .is_err()
                {
                    return;
                }
            }
        });
        Self {
            child,
            keyboard: pair.master.take_writer().unwrap(),
            screen,
            unseen: Vec::new(),
            _master: pair.master,
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits until `text` appears in the output that is not consumed yet, and returns the output
    /// before it.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        let text = text.as_bytes();
        loop {
            let mut windows = self.unseen.windows(text.len());
            if let Some(at) = windows.position(|window| window == text) {
                let seen = self.unseen.drain(..at + text.len());
                return String::from_utf8_lossy(&seen.as_slice()[..at]).into_owned();
            }
            match self.screen.recv_timeout(GUARD) {
                Ok(bytes) => self.unseen.extend(bytes),
                Err(error) => panic!("{error} before {text:?}: {:?}", self.unseen()),
            }
        }
    }

    /// The output until the program ends, and its exit code.
    pub(crate) fn end(mut self) -> (String, u32) {
        loop {
            match self.screen.recv_timeout(GUARD) {
                Ok(bytes) => self.unseen.extend(bytes),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(error) => panic!("{error} before the end: {:?}", self.unseen()),
            }
        }
        let status = self.child.wait().unwrap();
        assert_eq!(status.signal(), None);
        (self.unseen(), status.exit_code())
    }

    fn unseen(&self) -> String {
        String::from_utf8_lossy(&self.unseen).into_owned()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // The program may still run if the test failed.
        let _ = self.child.kill();
    }
}
