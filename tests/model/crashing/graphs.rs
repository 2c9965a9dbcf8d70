//! Random flows; `generate.rs` writes this file.

use flow_core::{BoxError, Failed, flow};

use crate::engine::{Runner, runner};
use crate::handlers::*;
use crate::script::{Value, World};

use crate::counting::{Total, count, recount, sum_up};

pub(crate) const SEED: u64 = 1;

flow! {
    flow F0(Value) streams Item;
    with World;
    durable;
    state Total;
    timeout "9001m";
    idle_timeout "2903m";
    external A;
    external B;
    external D;
    ignore C;
    ignore Q;
    start -> v3 -> count -> m_one -> emit;
    when B -> e3 -> ignore;
    when A & B -> p_ab -> ((v5 -> v1) else |failed: Failed<BoxError, Value>| failed.cause -> (v6 -> v1) else s1) else s1 -> (v2 else s3) else |failed: Failed<BoxError, Value>| failed.cause -> choose -> match { Choice::Left(value) => v1 -> ignore, Choice::Right(value) => v4 -> v4 -> ignore, Choice::Up(value) => v0 -> ignore };
    when D(value) if value.is_odd() -> e2 -> m_vec -> emit
        else -> e4 -> ignore;
    finally within "1001m" -> settle -> sum_up -> v6 -> v5 -> (m_vec, |value| value.next() -> m_vec) -> emit;
    rescue v1 | v5 | e2 | e4 | choose -> r0 -> v5 -> (|value| value.next() -> Err -> w_ok, |value| value.next() -> v1 -> (v6 -> v5) else s3, |value| value.next() -> |value| value.next() -> Ok -> w_ok -> Some -> w_some) -> j3 -> ignore
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    durable;
    state Total;
    drain within "901m";
    ignore D;
    ignore Q;
    start -> v3 -> recount -> ignore;
    when A | B -> e1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => draft -> ask Q within "1501m" else lapse -> q0 -> end, Choice::Up(value) => v1 -> m_any -> emit };
    when B(value) if value.is_odd() -> e1 -> ignore
        else -> e1 -> choose -> match { Choice::Left(value) => draft -> ask Q else lapse -> q0, Choice::Right(value) => v5, Choice::Up(value) => draft -> ask Q within "1501m" else lapse -> q0 -> v2 else s2 } -> end;
    when A | C -> e5 -> end now;
    when B & C -> p_bc -> end now
        else -> ignore;
    finally within "1001m" -> settle -> sum_up -> recount -> ignore;
    rescue v1 -> r0 -> end;
    rescue -> r0 -> recount -> ignore
}

flow! {
    flow F2(Value) -> Value streams Item;
    with World;
    durable;
    state Total;
    timeout "9001m";
    idle_timeout "1103m";
    drain within "901m";
    external A;
    external X;
    ignore Q;
    start -> v3 -> ignore;
    when A | B -> e1 -> |value| value.next() -> v0 -> end now;
    when C -> x_vec -> emit;
    when D[3] -> p_d3 -> (v5 else |failed: Failed<BoxError, Value>| failed.cause, |value| value.next() -> first (v6, |value| value.next() -> v3)) -> j2 -> end
        else -> e3 -> v3 else s2 -> (split -> each (v6 -> ignore)[2] -> tally) else s3 -> m_opt else o_opt -> emit;
    when X(value) if value.is_odd() -> e1 -> (split -> each (v4 -> ignore)[1] -> tally -> first (v3, |value| value.next() -> v2), |value| value.next() -> split -> each (v4 -> v5)[2] -> each v0 -> gather) -> j2 -> count -> ignore
        else -> e0 -> count -> ignore;
    rescue e1 | e3 -> r0 -> (v1 -> choose -> match { Choice::Left(value) => m_two -> emit, Choice::Right(value) => split -> each m_opt -> emit, Choice::Up(_) => ignore }, |value| value.next() -> v1) -> h2 -> end now
}

flow! {
    flow F3(Value) -> Value streams Item;
    with World;
    durable;
    state Total;
    drain within "901m";
    ignore Q;
    start -> v3 -> recount -> ignore;
    when A | C -> e3 -> draft -> ask Q -> q0 -> end;
    when B | C -> e4 -> recount -> ignore;
    when C[2] -> p_c2 -> choose -> match { Choice::Left(value) => draft -> ask Q within "3101m" -> q0 -> end, Choice::Right(value) => draft -> ask Q -> q0 -> m_opt else o_opt -> emit, Choice::Up(_) => ignore }
        else -> e4 -> split -> each ((v4, |value| value.next() -> v6) -> j2)[3] -> each (draft -> ask Q within "1501m" else lapse -> q0) -> each (v6 -> m_two -> emit)[1] -> tally -> draft -> ask Q within "1501m" -> q0 -> end;
    when D -> e2 -> m_opt else o_opt -> emit;
    rescue e4 -> r0 -> end now
}

flow! {
    flow F4(Value) streams Item;
    with World;
    durable;
    state Total;
    external A;
    ignore B;
    ignore D;
    ignore Q;
    start -> v3 -> v3 -> recount -> ignore;
    when A | C -> e4 -> v0 -> v4 -> m_vec -> emit;
    when C(value) if value.is_odd() -> e2 -> count -> ignore
        else -> ignore;
    finally within "1001m" -> settle -> sum_up -> Some -> w_some -> ignore;
    rescue v0 | e4 | m_vec -> r0 -> m_any -> emit;
    rescue -> r0 -> |value| value.next() -> v0 -> recount -> ignore
}

flow! {
    flow F5(Value) -> Value streams Item;
    with World;
    durable;
    state Total;
    timeout "4001m";
    external B;
    external D;
    external X;
    ignore Q;
    start -> v3 -> draft -> ask Q else lapse -> q0 -> draft -> ask Q -> q0 -> count -> m_one -> emit;
    when A(value) if value.is_odd() -> e3 -> end now
        else -> e1 -> draft -> ask Q else lapse -> q0 -> (F3 else s3, |value| value.next() -> F3 -> (v5 -> m_opt else o_opt -> emit, |value| value.next() -> v3) -> h2 -> choose -> match { Choice::Left(value) => m_any -> emit, Choice::Right(value) => draft -> ask Q within "1501m" else lapse -> ignore, Choice::Up(value) => m_two -> emit }, |value| value.next() -> |value| value.next() -> split -> each v3[1] -> each v3[1] -> gather -> choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v0, Choice::Up(value) => v0 }) -> h3 -> count -> ignore;
    when B -> e2 -> end;
    when D[3] -> p_d3 -> ignore;
    when A & B & C -> p_abc -> end
        else -> e2 -> ((v4, |value| value.next() -> v4, |value| value.next() -> |value| value.next() -> v3) -> j3) else s3 -> ignore;
    when B & C -> p_bc -> draft -> ask Q -> q0 -> draft -> ask Q -> q0 -> end
        else -> ignore;
    finally within "1001m" -> settle -> sum_up -> ignore;
    when X -> e2 -> ignore
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0, [A B D], []),
    runner!(F1, [], [Q]),
    runner!(F2, [A X], []),
    runner!(F3, [], [Q]),
    runner!(F4, [A], []),
    runner!(F5, [B D X], [Q]),
];
