//! One event with a hundred listeners.

use std::hint::black_box;

use flow_core::{Cx, Event, flow, handler};
use tokio::task::JoinSet;

use crate::measure::{Row, compare, current_thread, timed};

const TIMES: u32 = 2_000;

#[derive(Clone, Event)]
struct Call(u32);

#[derive(Event)]
struct Again(u32);

#[handler(on = "Again", emits = "Call")]
async fn call(Again(n): Again, cx: &Cx) {
    cx.emit(Call(n));
}

#[handler(on = "Call", emits = "Again")]
async fn first(Call(n): Call, cx: &Cx) {
    if n < TIMES {
        cx.emit(Again(black_box(n + 1)));
    }
}

/// Ninety-nine trivial handlers.
macro_rules! listeners {
    ($($name:ident)*) => {
        $(
            #[handler(on = "Call")]
            async fn $name(Call(n): Call) {
                black_box(n);
            }
        )*
    };
}

listeners! {
    l1 l2 l3 l4 l5 l6 l7 l8 l9 l10 l11
    l12 l13 l14 l15 l16 l17 l18 l19 l20 l21 l22
    l23 l24 l25 l26 l27 l28 l29 l30 l31 l32 l33
    l34 l35 l36 l37 l38 l39 l40 l41 l42 l43 l44
    l45 l46 l47 l48 l49 l50 l51 l52 l53 l54 l55
    l56 l57 l58 l59 l60 l61 l62 l63 l64 l65 l66
    l67 l68 l69 l70 l71 l72 l73 l74 l75 l76 l77
    l78 l79 l80 l81 l82 l83 l84 l85 l86 l87 l88
    l89 l90 l91 l92 l93 l94 l95 l96 l97 l98 l99
}

async fn by_join_set() {
    for n in 0..TIMES {
        let mut set = JoinSet::new();
        for _ in 0..100 {
            set.spawn(async move {
                black_box(n);
            });
        }
        while let Some(joined) = set.join_next().await {
            joined.expect("no task fails");
        }
    }
}

#[allow(clippy::too_many_lines, reason = "a hundred clauses")]
pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let calling = flow! {
        start(Again) -> call;
        when Again -> call;
        when Call -> first;
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
        when Call -> l17;
        when Call -> l18;
        when Call -> l19;
        when Call -> l20;
        when Call -> l21;
        when Call -> l22;
        when Call -> l23;
        when Call -> l24;
        when Call -> l25;
        when Call -> l26;
        when Call -> l27;
        when Call -> l28;
        when Call -> l29;
        when Call -> l30;
        when Call -> l31;
        when Call -> l32;
        when Call -> l33;
        when Call -> l34;
        when Call -> l35;
        when Call -> l36;
        when Call -> l37;
        when Call -> l38;
        when Call -> l39;
        when Call -> l40;
        when Call -> l41;
        when Call -> l42;
        when Call -> l43;
        when Call -> l44;
        when Call -> l45;
        when Call -> l46;
        when Call -> l47;
        when Call -> l48;
        when Call -> l49;
        when Call -> l50;
        when Call -> l51;
        when Call -> l52;
        when Call -> l53;
        when Call -> l54;
        when Call -> l55;
        when Call -> l56;
        when Call -> l57;
        when Call -> l58;
        when Call -> l59;
        when Call -> l60;
        when Call -> l61;
        when Call -> l62;
        when Call -> l63;
        when Call -> l64;
        when Call -> l65;
        when Call -> l66;
        when Call -> l67;
        when Call -> l68;
        when Call -> l69;
        when Call -> l70;
        when Call -> l71;
        when Call -> l72;
        when Call -> l73;
        when Call -> l74;
        when Call -> l75;
        when Call -> l76;
        when Call -> l77;
        when Call -> l78;
        when Call -> l79;
        when Call -> l80;
        when Call -> l81;
        when Call -> l82;
        when Call -> l83;
        when Call -> l84;
        when Call -> l85;
        when Call -> l86;
        when Call -> l87;
        when Call -> l88;
        when Call -> l89;
        when Call -> l90;
        when Call -> l91;
        when Call -> l92;
        when Call -> l93;
        when Call -> l94;
        when Call -> l95;
        when Call -> l96;
        when Call -> l97;
        when Call -> l98;
        when Call -> l99;
    };
    vec![compare(
        "one event, a hundred listeners, against JoinSet",
        1.0 / 3.0,
        TIMES,
        || {
            timed(|| {
                runtime
                    .block_on(calling.run(Again(0)))
                    .expect("no handler fails");
            })
        },
        || timed(|| runtime.block_on(by_join_set())),
    )]
}
