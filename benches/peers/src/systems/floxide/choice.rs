//! A choice between ten nodes by the variant that a node returns.

use std::time::Duration;

use async_trait::async_trait;
use floxide::{FloxideError, Node, Transition, workflow};

use super::{End, Step, run};
use crate::arrived;
use crate::systems::kind::Kind;

#[derive(Clone, Debug)]
struct Choose;

#[async_trait]
impl Node for Choose {
    type Input = u32;
    type Output = Kind;

    async fn process(&self, (): &(), left: u32) -> Result<Transition<Kind>, FloxideError> {
        Ok(Transition::Next(Kind::of(left)))
    }
}

#[derive(Clone, Debug)]
struct Arm {
    own: u32,
}

#[async_trait]
impl Node for Arm {
    type Input = u32;
    type Output = Step;

    async fn process(&self, (): &(), left: u32) -> Result<Transition<Step>, FloxideError> {
        arrived::chosen(left, self.own);
        Ok(Transition::Next(if left > 1 {
            Step::Next(left - 1)
        } else {
            Step::Done(0)
        }))
    }
}

macro_rules! choosing {
    ($($arm:ident $kind:ident is $own:literal,)*) => {
        workflow! {
            struct Choosing {
                choose: Choose,
                $($arm: Arm,)*
                end: End,
            }
            start = choose;
            edges {
                choose => {
                    $(Kind::$kind(left) => [ $arm ];)*
                };
                $(
                    $arm => {
                        Step::Next(left) => [ choose ];
                        Step::Done(left) => [ end ];
                    };
                )*
                end => {};
            }
        }

        pub(super) async fn choice(times: u32) -> Duration {
            let workflow = Choosing {
                choose: Choose,
                $($arm: Arm { own: $own },)*
                end: End,
            };
            run(&workflow, times).await
        }
    };
}

choosing! {
    k0 K0 is 0,
    k1 K1 is 1,
    k2 K2 is 2,
    k3 K3 is 3,
    k4 K4 is 4,
    k5 K5 is 5,
    k6 K6 is 6,
    k7 K7 is 7,
    k8 K8 is 8,
    k9 K9 is 9,
}
