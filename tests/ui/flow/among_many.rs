// A defect is reported as usual in a flow with so many clauses that some become types.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Call;

#[derive(Event)]
struct Other;

macro_rules! listeners {
    ($($name:ident)*) => {
        $(
            #[handler(on = "Call")]
            async fn $name() {}
        )*
    };
}

listeners!(
    l1 l2 l3 l4 l5 l6 l7 l8 l9 l10 l11 l12 l13 l14 l15 l16 l17 l18 l19 l20 l21 l22 l23 l24 l25 l26 l27
    l28 l29 l30 l31 l32 l33
);

#[handler(emits = ["Call", "Other"])]
async fn call(cx: &Cx) {
    cx.emit(Call);
    cx.emit(Other);
}

#[handler(on = "Other")]
async fn waits_for_other() {}

#[handler(on = "Call")]
async fn counts() -> u32 {
    1
}

struct Type;

fn main() {
    let _ = flow! {
        start -> call;
        when Call -> l1;
        when Call -> l2;
        when Call -> l3;
        when Call -> l4;
        when Call -> l5;
        when Call -> l6;
        when Call -> l7;
        when Call -> l8;
        when Call -> l9;
        when Call -> l10;
        when Call -> l11;
        when Call -> l12;
        when Call -> l13;
        when Call -> l14;
        when Call -> l15;
        when Call -> l16;
        when Call -> waits_for_other;
        when Call -> l17;
        when Call -> l18;
        when Call -> l19;
        when Call -> l20;
        when Call -> l21;
        when Call -> counts;
        when Call -> l22;
        when Call -> l23;
        when Call -> l24;
        when Call -> Type;
        when Call -> l25;
        when Call -> l26;
        when Call -> l27;
        when Call -> l28;
        when Call -> l29;
        when Call -> l30;
        when Call -> l31;
        when Call -> l32;
        when Call -> l33
    };
}
