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
    timeout "4001m";
    external A;
    ignore D;
    start -> v3 -> count -> m_one -> emit;
    when B -> e3 -> ignore;
    when A & B by .0.fuel -> p_ab -> ((v3 -> v0, |value| value.next() -> v0) -> j2 -> v1, |value| value.next() -> split -> each (v3 -> v6)[1] -> each v5[1] -> each (v5 -> ignore) -> tally, |value| value.next() -> |value| value.next() -> first (v0 -> v3, |value| value.next() -> v2, |value| value.next() -> |value| value.next() -> v0)) -> j3 -> choose -> match { Choice::Left(value) => v1 -> choose -> match { Choice::Left(value) => v5 -> v2, Choice::Right(value) => v6 -> v6, Choice::Up(value) => v2 }, Choice::Right(value) => v5, Choice::Up(value) => v1 -> (v3 -> (m_vec, |value| value.next() -> m_any) -> emit, |value| value.next() -> v6) -> h2 } -> ignore
        else -> e4 -> v0 -> choose -> match { Choice::Left(value) => v6 -> v0 -> ignore, Choice::Right(value) => v6 -> m_opt -> emit, Choice::Up(value) => v6 -> v5 -> ignore };
    when C -> e0 -> (first (v6, |value| value.next() -> v4 -> v1, |value| value.next() -> |value| value.next() -> v6), |value| value.next() -> first (v2 -> v2, |value| value.next() -> v2, |value| value.next() -> |value| value.next() -> v3 -> v6), |value| value.next() -> |value| value.next() -> v4 -> v2) -> j3 -> ignore;
    when A & B & C -> p_abc -> |value| value.next() -> |value| value.next() -> count -> ignore
        else -> ignore;
    ask Q -> q0 -> v4 -> recount -> ignore;
    finally within "1001m" -> settle -> sum_up -> v1 else s1 -> recount -> ignore;
    rescue e3 | p_ab | choose -> r0 -> m_any -> emit
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    durable;
    state Total;
    timeout "9001m";
    external A;
    ignore D;
    ignore Q;
    start -> v3 -> recount -> ignore;
    when A | B -> e1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => draft -> ask Q within "1501m" else lapse -> q0 -> end, Choice::Up(value) => v1 -> m_any -> emit };
    when B(value) if value.is_odd() -> e1 -> ignore
        else -> e1 -> choose -> match { Choice::Left(value) => draft -> ask Q else lapse -> q0, Choice::Right(value) => v5, Choice::Up(value) => draft -> ask Q within "1501m" else lapse -> q0 -> v2 else s2 } -> end;
    when A | C -> e5 -> end now;
    when B & C -> p_bc -> end
        else -> e5 -> recount -> ignore;
    finally within "1001m" -> settle -> sum_up -> split -> each v2 -> gather -> v0 -> ignore;
    rescue v3 | e5 -> r0 -> (draft -> ask Q else lapse -> q0 -> split -> each v2[3] -> each v2 -> each (v2 -> m_two -> emit) -> tally, |value| value.next() -> |value| value.next() -> Err -> w_ok -> split -> each (v4 -> v3 -> m_any -> emit) -> tally) -> j2 -> draft -> ask Q within "3101m" else lapse -> q0 -> choose -> match { Choice::Left(value) => v3 -> end, Choice::Right(value) => v5 -> end now, Choice::Up(value) => v6 -> ignore }
}

flow! {
    flow F2(Value) -> Value streams Item;
    with World;
    durable;
    state Total;
    external C;
    external D;
    start -> v3 -> ignore;
    when A | B -> e1 -> |value| value.next() -> v0 -> end now;
    when C -> x_vec -> emit;
    when D[3] -> p_d3 -> ignore
        else -> e3 -> v3 -> v0 -> ignore;
    ask Q -> q0 -> count -> ignore
        else -> q1 -> recount -> ignore;
    rescue e1 | e3 | x_vec -> r0 -> end;
    rescue -> r0 -> end now
}

flow! {
    flow F3(Value) -> Value streams Item;
    with World;
    durable;
    state Total;
    idle_timeout "1103m";
    drain within "101m";
    ignore Q;
    start -> v3 -> recount -> ignore;
    when A | C -> e3 -> draft -> ask Q -> q0 -> end;
    when B | C -> e4 -> recount -> ignore;
    when C[2] -> p_c2 -> ignore
        else -> e5 -> v6 -> draft -> ask Q within "3101m" else lapse -> q0 -> (m_vec, |value| value.next() -> m_any) -> emit;
    when B | D -> e4 -> choose -> match { Choice::Left(value) => v5 -> end, Choice::Right(_) => ignore, Choice::Up(value) => v0 -> v6 -> split -> each m_two[2] -> emit };
    rescue v0 | v3 | v5 | v6 | e3 | e5 -> r0 -> m_vec -> emit;
    rescue ask Q -> r1 -> end
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
    external B;
    external D;
    ignore Q;
    start -> v3 -> draft -> ask Q else lapse -> q0 -> draft -> ask Q -> q0 -> count -> m_one -> emit;
    when A(value) if value.is_odd() -> e3 -> end now
        else -> e1 -> draft -> ask Q else lapse -> q0 -> (F3 else s3, |value| value.next() -> F3 -> (v5 -> m_opt else o_opt -> emit, |value| value.next() -> v3) -> h2 -> choose -> match { Choice::Left(value) => m_any -> emit, Choice::Right(value) => draft -> ask Q within "1501m" else lapse -> ignore, Choice::Up(value) => m_two -> emit }, |value| value.next() -> |value| value.next() -> split -> each v3[1] -> each v3[1] -> gather -> choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v0, Choice::Up(value) => v0 }) -> h3 -> count -> ignore;
    when B -> e2 -> end;
    when D[3] by .0.fuel -> p_d3 -> end;
    when A & B & C -> p_abc -> end
        else -> ignore;
    rescue e2 -> r0 -> (split -> each v3[2] -> each v1 -> gather -> draft -> ask Q -> q0) else s1 -> end;
    rescue ask Q -> r1 -> end now
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0, [A], [Q]),
    runner!(F1, [A], [Q]),
    runner!(F2, [C D], [Q]),
    runner!(F3, [], [Q]),
    runner!(F4, [A], []),
    runner!(F5, [B D], [Q]),
];
