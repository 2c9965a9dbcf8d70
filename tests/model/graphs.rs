//! Random flows; `generate.rs` writes this file.

use flow_core::{BoxError, Failed, flow};

use crate::engine::{Runner, runner};
use crate::handlers::*;
use crate::script::{Value, World};

pub(crate) const SEED: u64 = 329;

flow! {
    flow F0(Value) streams Item;
    with World;
    concurrency 2;
    external B;
    ignore D;
    ignore Q;
    start -> v3 -> ignore;
    when A[2] -> p_a2 -> |value| value.next() -> Err -> w_ok -> draft -> ask Q -> q0 -> m_opt -> emit;
    when B & C -> p_bc -> ignore
        else -> e0 -> draft -> ask Q else lapse -> q0 -> ignore;
    when C -> e5 -> |value| value.next() -> Err -> w_ok -> choose -> match { Choice::Left(value) => v0 else s1 -> split -> each v4[1] -> gather, Choice::Right(value) => draft -> ask Q else lapse -> q0, Choice::Up(value) => split -> each (v5 -> v6)[2] -> each v2[2] -> gather -> v1 else s0 } -> choose -> match { Choice::Left(value) => v3 -> v0 -> ignore, Choice::Right(value) => draft -> ask Q within "1501ms" -> q0 -> m_opt -> emit, Choice::Up(_) => ignore };
    every "701ms" -> k0 -> (m_opt, m_opt) -> emit;
    every "1301ms" -> k0 -> draft -> ask Q -> q0 -> ignore;
    finally within "1001ms" -> settle -> v1 -> choose -> ignore;
    rescue v0 | v3 | e5 | k0 | p_a2 | choose -> r0 -> draft -> ask Q -> q0 -> draft -> ask Q within "3101ms" -> q0 -> ignore;
    rescue ask Q -> r1 -> ignore
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    timeout "9001ms";
    ignore Q;
    start -> z0 -> m_opt -> emit;
    when B & C & D -> p_bcd -> choose -> match { Choice::Left(value) => v5 -> end, Choice::Right(_) => ignore, Choice::Up(value) => v3 -> end };
    when A & B & C -> p_abc -> (choose -> match { Choice::Left(value) => v5, Choice::Right(value) => v3 -> v4, Choice::Up(value) => v5 }) else s3 -> v3 -> ignore
        else -> ignore;
    when A | C -> e2 -> end;
    when D[3] by .0.fuel -> p_d3 -> split -> each (split -> each v6 -> gather) -> gather -> (v4 else s3, (v6 -> v4, v0, v1) -> j3 -> m_two -> emit, split -> each v1 -> gather) -> h3 -> end
        else -> e0 -> ignore;
    when C | D -> e3 -> end now;
    finally within "1001ms" -> settle -> split -> each (v2 -> (v6 -> v2) else skip)[1] -> each (v3 else skip)[1] -> each (v0 -> v3)[2] -> gather -> (|value| value.next() -> v0) else s0 -> ignore;
    rescue e2 | m_opt -> r0 -> (v5, v4 else s1) -> j2 -> end
}

flow! {
    flow F2(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    drain within "901ms";
    external B;
    external C;
    start -> v3 -> ignore;
    when A(value) if value.is_odd() -> e4 -> end
        else -> ignore;
    when B & C -> p_bc -> choose -> match { Choice::Left(value) => v2 -> (v0, v5) -> j2, Choice::Right(value) => F1 else s3, Choice::Up(value) => source -> each v0[2] -> gather } -> end;
    when A & B & C by .0.fuel -> p_abc -> end
        else -> e4 -> end;
    when B[3] -> p_b3 -> F1 else s3 -> ignore
        else -> e2 -> first (F1 else s3 -> (v1, v4, v2) -> j3, (v4 -> v0) else s2, F1) -> end;
    when B | D -> e5 -> ((v3, v6) -> j2) else s0 -> end;
    ask Q within "1501ms" -> q0 -> ignore;
    finally within "1001ms" -> settle -> v5 -> choose -> ignore;
    rescue q0 | choose -> r0 -> end now
}

flow! {
    flow F3(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    with Open1 = open1;
    drain within "901ms";
    ignore A;
    ignore B;
    start -> z1 -> ignore;
    when C & D -> p_cd -> split -> each v5[2] -> each (|value| value.next())[1] -> gather -> ignore
        else -> e0 -> end;
    when C -> x_vec -> emit;
    when D -> e5 -> ignore;
    ask Q -> q0 -> end
        else -> q1 -> v3 -> (choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v1, Choice::Up(value) => v3 }, source -> each v1[1] -> gather, (v0 -> v5) else |failed: Failed<BoxError, Value>| failed.cause) -> j3 -> (m_any, m_vec) -> emit;
    finally within "1001ms" -> settle -> m_opt -> emit;
    rescue e5 | m_opt -> r0 -> ignore
}

flow! {
    flow F4(Value) streams Item;
    with World;
    external A;
    external C;
    start -> v3 -> first (v0 else s1 -> (v6, v1, v1 -> v2) -> j3, Ok -> w_ok -> v4, v6) -> v2 -> m_one -> emit;
    when A(value) if value.is_odd() -> e4 -> ignore
        else -> ignore;
    when C -> e3 -> (v3, source -> each (v5 -> v5 -> m_opt else o_opt -> emit)[2] -> tally) -> j2 -> ignore;
    when B[3] -> p_b3 -> ignore;
    when C[2] -> p_c2 -> split -> each v1 -> gather -> split -> each ((v0 -> v5) else s1 -> v4 else s0)[3] -> each v1[2] -> each ((v5, v2) -> j2 -> v5 else skip -> m_two -> emit) -> tally -> ignore
        else -> e1 -> v2 -> v2 -> ignore;
    when D(value) if value.is_odd() -> e1 -> choose -> match { Choice::Left(value) => (v3, v0 -> v6) -> j2 -> Ok -> w_ok, Choice::Right(value) => v6, Choice::Up(value) => first (v2, v2) -> v0 else s1 } -> (source -> each (v1 -> m_vec -> emit)[1] -> tally -> v2, v2 -> v1 -> m_any -> emit, v1 -> v4) -> h3 -> ignore
        else -> e5 -> v0 -> choose -> match { Choice::Left(value) => v3 -> m_opt else o_opt -> emit, Choice::Right(_) => ignore, Choice::Up(value) => v5 -> ignore };
    ask Q -> q0 -> ignore
        else -> q1 -> split -> each v1[2] -> gather -> m_vec -> emit;
    rescue e5 | q0 -> r0 -> v1 -> split -> each m_opt -> emit
}

flow! {
    flow F5(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    with Open1 = open1;
    concurrency 2;
    drain within "901ms";
    ignore Q;
    start -> z1 -> F1 -> draft -> ask Q within "1501ms" else lapse -> q0 -> ignore;
    when A & D -> p_ad -> ignore;
    when D[3] -> p_d3 -> end now;
    when C(value) if value.is_odd() -> e5 -> end now
        else -> e4 -> ignore;
    when B & C & D -> p_bcd -> ignore;
    when D(value) if value.is_odd() -> e0 -> Ok -> w_ok -> ignore
        else -> e0 -> (F3, source -> each (v1 -> m_any -> emit) -> tally, source -> each (v4 -> v2)[1] -> gather) -> j3 -> F1 -> ignore;
    when D -> e3 -> end now;
    rescue e3 | e5 -> r0 -> end now
}

flow! {
    flow F6(Value) streams Item;
    with World;
    external A;
    external C;
    ignore B;
    ignore Q;
    start -> v3 -> v1 -> ignore;
    when A & D -> p_ad -> ignore
        else -> e0 -> draft -> ask Q within "3101ms" -> q0 -> ignore;
    when C[2] -> p_c2 -> ignore
        else -> ignore;
    when C(value) if value.is_odd() -> e5 -> |value| value.next() -> ignore
        else -> e4 -> |value| value.next() -> Err -> w_ok -> ignore;
    when A | D -> e3 -> Ok -> w_ok -> draft -> ask Q within "3101ms" -> q0 -> choose -> match { Choice::Left(value) => draft -> ask Q within "3101ms" -> q0 -> ignore, Choice::Right(value) => v1 -> ignore, Choice::Up(value) => draft -> ask Q within "3101ms" -> q0 -> split -> each m_two[2] -> emit };
    rescue v1 | q0 -> r0 -> ignore
}

flow! {
    flow F7(Value) -> Value streams Item;
    with World;
    drain within "101ms";
    ignore Q;
    start -> v3 -> ignore;
    when A(value) if value.is_odd() -> e3 -> draft -> ask Q within "3101ms" -> q0 -> end
        else -> e5 -> draft -> ask Q -> q0 -> end;
    when C & D -> p_cd -> ignore;
    when B | C -> e3 -> m_opt else o_opt -> emit;
    when C -> e3 -> ignore;
    when D[3] -> p_d3 -> draft -> ask Q -> q0 -> v4 else |failed: Failed<BoxError, Value>| failed.cause -> end
        else -> e5 -> end now;
    rescue v3 | e3 | e5 -> r0 -> choose -> match { Choice::Left(value) => draft -> ask Q -> q0 -> ignore, Choice::Right(value) => draft -> ask Q within "1501ms" -> q0 -> end now, Choice::Up(value) => v0 -> ignore };
    rescue -> r0 -> first (v4 -> draft -> ask Q within "1501ms" -> q0, (v3, v0 -> v5) -> j2, (v6, v2) -> j2) -> draft -> ask Q within "3101ms" -> q0 -> m_vec -> emit
}

flow! {
    flow F8(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    concurrency 2;
    drain within "901ms";
    external A;
    external C;
    ignore Q;
    start -> z0 -> v5 -> ignore;
    when C & D -> p_cd -> end
        else -> e1 -> end;
    when B & C & D -> p_bcd -> ((v6, v2 -> v3) -> j2) else s2 -> choose -> match { Choice::Left(value) => (v5 -> (m_vec, m_vec) -> emit, v6 -> v4) -> h2 -> choose -> match { Choice::Left(value) => v1 -> v6, Choice::Right(value) => v0, Choice::Up(value) => v2 }, Choice::Right(value) => (v1, v2 -> v4, v2 -> v2) -> j3 -> split -> each (v1 -> v0)[1] -> each (v1 -> v1 -> m_two -> emit) -> tally, Choice::Up(value) => F1 else s3 } -> ignore
        else -> e3 -> F7 else s3 -> choose -> match { Choice::Left(value) => first (v2, v5, v6), Choice::Right(value) => draft -> ask Q within "3101ms" else lapse -> q0, Choice::Up(value) => (v6 -> v1, v6, v4) -> j3 } -> choose -> match { Choice::Left(value) => draft -> ask Q -> q0 -> split -> each m_opt -> emit, Choice::Right(value) => v0 -> end, Choice::Up(value) => draft -> ask Q -> q0 -> ignore };
    when B(value) if value.is_odd() -> e1 -> F7 -> end now
        else -> ignore;
    when C -> e5 -> m_any -> emit;
    when B[3] by .0.fuel -> p_b3 -> m_two -> emit
        else -> ignore;
    when A[2] by .0.fuel -> p_a2 -> ignore
        else -> ignore;
    when B & C -> p_bc -> choose -> match { Choice::Left(value) => draft -> ask Q within "3101ms" else lapse -> q0 -> (m_any, m_any) -> emit, Choice::Right(value) => draft -> ask Q within "1501ms" -> q0 -> ignore, Choice::Up(value) => v5 -> v2 -> end }
        else -> e0 -> draft -> ask Q within "3101ms" -> q0 -> end;
    every "701ms" -> k0 -> v2 else s2 -> end now;
    every "1301ms" -> k0 -> ((v0 -> v4, v3 -> v2) -> j2) else |failed: Failed<BoxError, Value>| failed.cause -> end;
    rescue e0 | q0 | z0 | k0 | p_a2 | choose -> r0 -> choose -> match { Choice::Left(value) => v5 -> ignore, Choice::Right(value) => v1 -> ignore, Choice::Up(_) => ignore };
    rescue ask Q -> r1 -> ignore
}

flow! {
    flow F9(Value) streams Item;
    with World;
    with Open0 = open0;
    concurrency 2;
    ignore A;
    ignore C;
    ignore D;
    start -> z0 -> ignore;
    when B[3] by .0.fuel -> p_b3 -> split -> each ((v2, v4 -> v1) -> j2)[2] -> each v4[2] -> each v2[1] -> gather -> ignore
        else -> ignore;
    ask Q within "3101ms" -> q0 -> (v6 else s1) else s0 -> ignore
        else -> q1 -> v3 -> ignore;
    every "701ms" -> k0 -> source -> each v1[2] -> each (Ok -> w_ok) -> gather -> split -> each (v6 -> v6)[2] -> gather -> ignore;
    every "1301ms" -> k0 -> ignore;
    rescue z0 -> r0 -> first (v0 else s3, v2) -> (first (v2 -> v3, v4 -> v1, v3), |value| value.next() -> Err -> w_ok -> choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v3, Choice::Up(value) => v4 }, (v3, v6, v3) -> j3) -> j3 -> ignore
}

flow! {
    flow F10(Value) -> Value streams Item;
    with World;
    drain within "101ms";
    start -> v3 -> m_one -> emit;
    when A(value) if value.is_odd() -> e0 -> end
        else -> e3 -> end;
    when A | C -> e3 -> v0 -> ignore;
    when B(value) if value.is_odd() -> e2 -> m_two -> emit
        else -> e0 -> Ok -> w_ok -> (first (v2 -> v1, v5)) else s1 -> end;
    when C -> e3 -> v5 -> choose -> match { Choice::Left(value) => source -> each v0[2] -> each v4[2] -> each (v6 -> v5)[2] -> gather, Choice::Right(value) => Some -> w_some -> v1 else s3, Choice::Up(value) => v5 else s1 } -> end;
    when D -> x_vec -> emit;
    ask Q within "3101ms" -> q0 -> Some -> w_some -> v4 -> ignore;
    rescue q0 | choose | x_vec -> r0 -> (source -> each v0[2] -> each v4 -> gather) else s0 -> end
}

flow! {
    flow F11(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    with Open1 = open1;
    drain within "901ms";
    ignore A;
    ignore C;
    ignore D;
    ignore Q;
    start -> z1 -> ignore;
    when B[3] -> p_b3 -> end
        else -> e0 -> ignore;
    when B -> e2 -> |value| value.next() -> Err -> w_ok -> |value| value.next() -> end;
    rescue e0 -> r0 -> (v5 -> (v5, v2, v4) -> j3) else |failed: Failed<BoxError, Value>| failed.cause -> choose -> match { Choice::Left(value) => v0 -> end now, Choice::Right(value) => v3 -> v0 -> end, Choice::Up(value) => v6 -> v2 -> end now };
    rescue -> r0 -> F3 -> choose -> match { Choice::Left(value) => v5, Choice::Right(value) => source -> each (v2 -> m_opt else o_opt -> emit)[1] -> tally, Choice::Up(value) => v2 else s0 } -> end
}

flow! {
    flow F12(Value) streams Item;
    with World;
    ignore A;
    start -> v3 -> Some -> w_some -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v3 -> v2 -> m_opt else o_opt -> emit, Choice::Up(_) => ignore };
    when B(value) if value.is_odd() -> e0 -> v6 -> ignore
        else -> e4 -> m_opt else o_opt -> emit;
    when C & D -> p_cd -> ignore
        else -> e4 -> ignore;
    ask Q within "1501ms" -> q0 -> v5 -> ignore
        else -> q1 -> v2 -> (Ok -> w_ok) else s3 -> ignore;
    every "701ms" -> k0 -> ignore;
    every "1301ms" -> k0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v2 -> ignore, Choice::Up(_) => ignore };
    finally within "1001ms" -> settle -> v0 -> ignore;
    rescue v0 | v3 | choose -> r0 -> ignore
}

flow! {
    flow F13(Value) -> Value streams Item;
    with World;
    drain within "101ms";
    ignore A;
    ignore Q;
    start -> v3 -> (v3 else s3 -> split -> each v4[1] -> gather) else s1 -> split -> each (choose -> match { Choice::Left(_) => skip, Choice::Right(_) => skip, Choice::Up(value) => v1 -> v3 })[2] -> each (first (v2, v6, v2))[2] -> gather -> ignore;
    when C[2] -> p_c2 -> choose -> match { Choice::Left(value) => v5 -> v0 -> end now, Choice::Right(_) => ignore, Choice::Up(value) => v3 -> ignore };
    when B -> e3 -> v6 -> (v0, v5 -> choose -> match { Choice::Left(value) => v1 -> v3, Choice::Right(value) => v3, Choice::Up(value) => v4 -> v5 }, v1) -> j3 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    when C -> e1 -> (first (v0, v4, v6) -> v2 -> ignore, v2) -> h2 -> m_any -> emit;
    when D(value) if value.is_odd() -> e0 -> ((v4, v1) -> j2 -> v1 else s0) else s3 -> end now
        else -> ignore;
    finally within "1001ms" -> settle -> ignore;
    rescue e0 | e1 -> r0 -> end
}

flow! {
    flow F14(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    external B;
    ignore C;
    ignore D;
    ignore Q;
    start -> z0 -> source -> each F13[3] -> each (draft -> ask Q -> q0) -> gather -> end;
    when A -> e3 -> end now;
    when B -> e4 -> |value| value.next() -> Err -> w_ok -> draft -> ask Q -> q0 -> ignore;
    every "701ms" -> k0 -> end;
    every "1301ms" -> k0 -> m_vec -> emit
}

flow! {
    flow F15(Value) -> Value streams Item;
    with World;
    concurrency 3;
    drain within "901ms";
    ignore D;
    ignore Q;
    start -> v3 -> v3 -> v1 -> m_one -> emit;
    when B -> e2 -> draft -> ask Q else lapse -> q0 -> (v2, split -> each v1[3] -> each v4[1] -> gather -> v1) -> j2 -> ignore;
    when B | C -> e5 -> draft -> ask Q -> q0 -> choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v4, Choice::Up(value) => draft -> ask Q within "1501ms" else lapse -> q0 } -> ignore;
    when A & B -> p_ab -> v0 else s3 -> end now
        else -> ignore;
    rescue v0 | q0 | p_ab -> r0 -> v1 -> end;
    rescue ask Q -> r1 -> v2 -> ignore
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0, [B], [Q]),
    runner!(F1, [], []),
    runner!(F2, [B C], [Q]),
    runner!(F3, [], [Q]),
    runner!(F4, [A C], [Q]),
    runner!(F5, [], [Q]),
    runner!(F6, [A C], [Q]),
    runner!(F7, [], [Q]),
    runner!(F8, [A C], [Q]),
    runner!(F9, [], [Q]),
    runner!(F10, [], [Q]),
    runner!(F11, [], [Q]),
    runner!(F12, [], [Q]),
    runner!(F13, [], []),
    runner!(F14, [B], [Q]),
    runner!(F15, [], [Q]),
];
