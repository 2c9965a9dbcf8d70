//! A client of a language server: JSON-RPC over its standard input and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A language server with one open document.
pub struct Client {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    requests: u64,
    uri: String,
    version: u64,
    text: String,
    is_ready: bool,
}

impl Client {
    /// Starts the server on a crate, opens its library, and waits until everything is loaded.
    pub fn start(mut server: Command, root: &Path) -> Self {
        let mut server = server
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let file = root.join("src/lib.rs");
        let mut client = Self {
            input: server.stdin.take().unwrap(),
            output: BufReader::new(server.stdout.take().unwrap()),
            server,
            requests: 0,
            uri: format!("file://{}", file.display()),
            version: 1,
            text: std::fs::read_to_string(file).unwrap(),
            is_ready: false,
        };
        client.request(
            "initialize",
            &json!({
                "processId": std::process::id(),
                "rootUri": format!("file://{}", root.display()),
                "capabilities": {
                    "experimental": { "serverStatusNotification": true },
                    "textDocument": {
                        "definition": { "linkSupport": true },
                        "hover": { "contentFormat": ["markdown"] },
                    },
                },
                "initializationOptions": {
                    "cachePriming": { "enable": false },
                    "checkOnSave": false,
                    "completion": { "autoimport": { "enable": false } },
                },
            }),
        );
        client.notify("initialized", &json!({}));
        let document = json!({
            "uri": client.uri,
            "languageId": "rust",
            "version": client.version,
            "text": client.text,
        });
        client.notify("textDocument/didOpen", &json!({ "textDocument": document }));
        while !client.is_ready {
            client.receive();
        }
        client
    }

    /// The text of the document.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Replaces the text of the document.
    pub fn change(&mut self, text: String) {
        self.version += 1;
        self.notify(
            "textDocument/didChange",
            &json!({
                "textDocument": { "uri": self.uri, "version": self.version },
                "contentChanges": [{ "text": text }],
            }),
        );
        self.text = text;
    }

    /// Requests information about a place in the document; repeats if the server was interrupted.
    pub fn ask(&mut self, what: &str, at: usize) -> Value {
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let params = json!({
            "textDocument": { "uri": self.uri },
            "position": {
                "line": before.matches('\n').count(),
                "character": before[line_start..].chars().map(char::len_utf16).sum::<usize>(),
            },
        });
        self.request(&format!("textDocument/{what}"), &params)
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        const CONTENT_MODIFIED: i64 = -32801;
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            self.requests += 1;
            let id = self.requests;
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
            let mut answer = loop {
                let message = self.receive();
                if message["id"] == id && message.get("method").is_none() {
                    break message;
                }
            };
            let error = &answer["error"];
            if error.is_null() {
                return answer["result"].take();
            }
            let again = error["code"] == CONTENT_MODIFIED && Instant::now() < deadline;
            assert!(again, "{method}: {error}");
        }
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let message = message.to_string();
        write!(
            self.input,
            "Content-Length: {}\r\n\r\n{message}",
            message.len()
        )
        .unwrap();
        self.input.flush().unwrap();
    }

    /// The next message. Requests of the server are answered with `null`, which means the default.
    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).unwrap();
            assert!(read > 0, "the language server has ended");
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        let message: Value = serde_json::from_slice(&body).unwrap();
        if message.get("method").is_some() && message.get("id").is_some() {
            self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
        }
        if message["method"] == "experimental/serverStatus" {
            let status = &message["params"];
            assert_ne!(status["health"], "error", "{status}");
            self.is_ready |= status["quiescent"] == true;
        }
        message
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // The server may have exited already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
