//! A path through `check` emits nothing, and another one an event that leads nowhere.
use flow_core::{Cx, Event, Result, flow, handler};

#[derive(Event)]
struct Passed(u32);
#[derive(Event)]
struct Refused;
#[derive(Event)]
struct Checked(u32);

#[handler(emits = Passed)]
async fn check(n: u32, cx: &Cx) {
    if n > 3 {
        cx.emit(Passed(n));
    }
}
#[handler(on = Passed, emits = [Checked, Refused])]
async fn look(Passed(n): Passed, cx: &Cx) -> Result<()> {
    match n {
        0 => cx.emit(Refused),
        1..10 => cx.emit(Checked(n)),
        _ => {
            if n % 2 == 0 {
                return Ok(());
            }
            cx.emit(Checked(n));
        }
    }
    Ok(())
}
#[handler]
async fn note(_: Refused) {}
#[handler]
async fn done(Checked(n): Checked) -> u32 {
    n
}

fn main() {
    let _ = flow! {
        sound;
        start(u32) -> check;
        when Passed -> look;
        when Refused -> note;
        when Checked -> done -> end;
    };
}
