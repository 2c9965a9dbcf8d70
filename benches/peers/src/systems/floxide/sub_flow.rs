//! Three nodes between two others: inline, and as a separate workflow in a `CompositeNode`.

use std::time::Duration;

use floxide::{CompositeNode, Node, Transition, WorkflowCtx, workflow};

use super::{End, Player, Stage, Step, run};

workflow! {
    struct Inline {
        open: Stage,
        s1: Stage,
        s2: Stage,
        s3: Stage,
        close: Player,
        end: End,
    }
    start = open;
    edges {
        open => { [s1] };
        s1 => { [s2] };
        s2 => { [s3] };
        s3 => { [close] };
        close => {
            Step::Next(left) => [ open ];
            Step::Done(left) => [ end ];
        };
        end => {};
    }
}

pub(super) async fn inline(times: u32) -> Duration {
    let workflow = Inline {
        open: Stage,
        s1: Stage,
        s2: Stage,
        s3: Stage,
        close: Player,
        end: End,
    };
    run(&workflow, times).await
}

workflow! {
    struct Inner {
        one: Stage,
        two: Stage,
        three: Stage,
    }
    start = one;
    context = ();
    edges {
        one => { [two] };
        two => { [three] };
        three => {};
    }
}

workflow! {
    struct Outer {
        open: Stage,
        inner: CompositeNode<(), Inner>,
        close: Player,
        end: End,
    }
    start = open;
    context = ();
    edges {
        open => { [inner] };
        inner => { [close] };
        close => {
            Step::Next(left) => [ open ];
            Step::Done(left) => [ end ];
        };
        end => {};
    }
}

pub(super) async fn sub_flow(times: u32) -> Duration {
    let inner = Inner {
        one: Stage,
        two: Stage,
        three: Stage,
    };
    let workflow = Outer {
        open: Stage,
        inner: CompositeNode::new(inner, &WorkflowCtx::new(())),
        close: Player,
        end: End,
    };
    run(&workflow, times).await
}
