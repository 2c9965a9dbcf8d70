//! Types with the names of primitive types do not meet those of the expansion.
#![allow(non_camel_case_types, dead_code)]

use flow_core::{Cx, Event, Res, State, flow, handler};

struct u8;
struct u16;
struct u32;
struct u64;
struct usize;
struct bool;
struct str;
struct char;
struct i32;
struct f64;

#[derive(Clone, Event)]
struct Text(&'static core::primitive::str);

struct Db;

#[derive(Default)]
struct Total;

#[handler(emits = Text, timeout = "5s", retry(attempts = 2, if = always), concurrency = 2)]
async fn begin(cx: &Cx, _db: Res<Db>, _total: State<Total>) -> flow_core::Result<Vec<Text>> {
    cx.put("x").await;
    cx.emit(Text("a"));
    Ok(vec![Text("b"), Text("c")])
}

fn always(_: &flow_core::BoxError) -> core::primitive::bool {
    true
}

#[handler]
async fn one(_text: Text) {}

#[handler]
async fn long(_text: Text) {}

fn main() {
    let flow = flow! {
        timeout "5m";
        with Db;
        state Total;
        start -> begin -> each one[2] -> ignore;
        when Text(t) if t.len() > 3 -> long else -> ignore;
        when Text -> one
    };
    assert_eq!(flow.with(Db).blocking_iter(()).count(), 1);
}
