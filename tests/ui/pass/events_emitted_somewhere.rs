//! A declared event is reported as never emitted only if the body certainly does not emit it.
use flow_core::{Cx, Event, Router, flow, handler};

#[derive(Event)]
struct Done(u32);

#[derive(Event)]
enum Checked {
    Well,
    Badly(u32),
}

use Checked as Examined;

fn checked(n: u32) -> Checked {
    if n == 1 { Checked::Well } else { Checked::Badly(n) }
}

macro_rules! emit {
    ($cx:ident, $event:expr) => {
        $cx.emit($event)
    };
}

#[handler(emits = [Done, Checked])]
async fn in_a_closure(cx: &Cx) {
    cx.emit(Done(1));
    (0..3).for_each(|n| cx.emit(checked(n)));
}

async fn help<R: Router>(cx: &Cx<R, in_a_helper>) {
    cx.emit(Checked::Well);
    cx.emit(Done(1));
}

#[handler(emits = [Done, Checked])]
async fn in_a_helper(cx: &Cx) {
    help(cx).await;
}

#[handler(emits = [Done, Checked])]
async fn in_a_macro(cx: &Cx) {
    emit!(cx, Done(1));
    emit!(cx, Examined::Badly(1));
}

#[handler(emits = [Done, Checked])]
async fn under_another_name(cx: &Cx) {
    cx.emit(Done(1));
    cx.emit(Examined::Badly(1));
}

#[handler(emits = [Done, Checked])]
async fn as_a_value(cx: &Cx) {
    let event = checked(1);
    cx.emit(event);
    cx.emit(Done(1));
}

#[handler(emits = [Done, Examined])]
async fn by_its_own_name(cx: &Cx) {
    cx.emit(Checked::Well);
    cx.emit(Done(1));
}

#[handler(emits = [Done, Checked])]
async fn under_a_condition(cx: &Cx) {
    cx.emit(Done(1));
    #[cfg(windows)]
    cx.emit(Checked::Well);
}

#[handler(emits = [Done, Checked])]
async fn in_a_branch(cx: &Cx) -> flow_core::Result<()> {
    let Some(n) = std::env::args().count().checked_sub(9) else {
        cx.emit(Done(1));
        return Ok(());
    };
    if n > 1 {
        cx.emit(Checked::Well);
        return Err("many".into());
    }
    Ok(())
}

#[handler(emits = [Done, Checked])]
async fn in_a_clone(cx: &Cx) {
    let cx = cx.clone();
    cx.emit(Done(1));
    tokio::spawn(async move { cx.emit(Checked::Well) });
}

#[handler(emits = [Done, Checked])]
async fn unfinished(_cx: &Cx) {
    todo!()
}

#[handler]
async fn note() {}

fn main() {
    let _ = flow! { start -> in_a_closure; when Done -> note; when Checked -> note };
    let _ = flow! { start -> in_a_helper; when Done -> note; when Checked -> note };
    let _ = flow! { start -> in_a_macro; when Done -> note; when Checked -> note };
    let _ = flow! { start -> under_another_name; when Done -> note; when Checked -> note };
    let _ = flow! { start -> as_a_value; when Done -> note; when Checked -> note };
    let _ = flow! { start -> by_its_own_name; when Done -> note; when Checked -> note };
    let _ = flow! { start -> under_a_condition; when Done -> note; when Checked -> note };
    let _ = flow! { start -> in_a_branch; when Done -> note; when Checked -> note };
    let _ = flow! { start -> in_a_clone; when Done -> note; when Checked -> note };
    let _ = flow! { start -> unfinished; when Done -> note; when Checked -> note };
}
