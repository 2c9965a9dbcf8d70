//! A choice between ten handlers by a value.

use std::time::{Duration, Instant};

use flow_core::{Cx, flow, handler};

use super::Ping;
use crate::arrived;
use crate::systems::kind::Kind;

#[handler(on = "Ping")]
async fn kind(Ping(left): Ping) -> Kind {
    Kind::of(left)
}

macro_rules! arms {
    ($($arm:ident is $own:literal,)*) => {
        $(
            #[handler(emits = "Ping")]
            async fn $arm(left: u32, cx: &Cx) {
                arrived::chosen(left, $own);
                if left > 1 {
                    cx.emit(Ping(left - 1));
                }
            }
        )*
    };
}

arms! {
    k0 is 0,
    k1 is 1,
    k2 is 2,
    k3 is 3,
    k4 is 4,
    k5 is 5,
    k6 is 6,
    k7 is 7,
    k8 is 8,
    k9 is 9,
}

pub(super) async fn choice(times: u32) -> Duration {
    let flow = flow! {
        start(Ping) -> again;
        when Ping -> kind -> match {
            Kind::K0(left) => k0,
            Kind::K1(left) => k1,
            Kind::K2(left) => k2,
            Kind::K3(left) => k3,
            Kind::K4(left) => k4,
            Kind::K5(left) => k5,
            Kind::K6(left) => k6,
            Kind::K7(left) => k7,
            Kind::K8(left) => k8,
            Kind::K9(left) => k9
        }
    };
    let start = Instant::now();
    flow.run(Ping(times)).await.expect("no handler fails");
    start.elapsed()
}

/// The stage before the choice.
#[handler(on = "Ping", emits = "Ping")]
async fn again(Ping(left): Ping, cx: &Cx) {
    cx.emit(Ping(left));
}
