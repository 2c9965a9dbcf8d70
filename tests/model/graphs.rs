//! Random flows; `generate.rs` writes this file.

use flow_core::{BoxError, Failed, flow};

use crate::engine::{Runner, runner};
use crate::handlers::*;
use crate::script::{Value, World};

pub(crate) const SEED: u64 = 329;

flow! {
    flow F0(Value) streams Item;
    with World;
    ignore D;
    ignore Q;
    start -> v3 -> ignore;
    when A[2] -> p_a2 -> |value| value.next() -> Err -> w_ok -> draft -> ask Q -> q0 -> ignore;
    when B -> e5 -> |value| value.next() -> ignore;
    when B(value) if value.is_odd() -> e0 -> split -> each (|value| value.next() -> Err -> w_ok -> choose -> match { Choice::Left(value) => v5, Choice::Right(_) => skip, Choice::Up(value) => v4 -> v2 })[1] -> each (split -> each v4[1] -> gather) -> each (v0 else s2)[2] -> gather -> draft -> ask Q within "3101ms" every "901ms" n0 else lapse -> q0 -> ignore
        else -> e0 -> (draft -> ask Q else lapse -> q0 -> (v6 -> v5, v0 -> v4 -> (m_opt, m_opt) -> emit, v3 -> v6) -> h3) else s0 -> choose -> match { Choice::Left(value) => draft -> ask Q else lapse -> q0, Choice::Right(value) => draft -> ask Q -> q0 -> draft -> ask Q else lapse -> q0, Choice::Up(value) => draft -> ask Q -> q0 } -> ignore;
    when C(value) if value.is_odd() -> e2 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(value) => draft -> ask Q else lapse -> q0 -> ignore }
        else -> ignore;
    finally within "1001ms" -> settle -> ignore;
    rescue e0 -> r0 -> (v5 else s0 -> draft -> ask Q within "1501ms" -> q0) else |failed: Failed<BoxError, Value>| failed.cause -> draft -> ask Q else lapse -> q0 -> ignore;
    rescue ask Q -> r1 -> ignore
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    drain within "901ms";
    ignore Q;
    start -> z0 -> m_opt -> emit;
    when B & C & D -> p_bcd -> choose -> match { Choice::Left(value) => v5 -> end, Choice::Right(_) => ignore, Choice::Up(value) => v3 -> end };
    when A & B & C -> p_abc -> (choose -> match { Choice::Left(value) => v5, Choice::Right(value) => v3 -> v4, Choice::Up(value) => v5 }) else s3 -> v3 -> ignore
        else -> ignore;
    when A | C -> e2 -> end;
    when D[3] by .0.fuel -> p_d3 -> split -> each (split -> each v6 -> gather) -> gather -> (v4 else s3, (v6 -> v4, v0, v1) -> j3 -> m_two -> emit, split -> each v1 -> gather) -> h3 -> end
        else -> e0 -> ignore;
    when C | D -> e3 -> end now;
    every "701ms" -> k0 -> split -> each (v2 -> (v6 -> v2) else skip)[1] -> each (v3 else skip)[1] -> each (v0 -> v3)[2] -> gather -> (|value| value.next() -> v0) else s0 -> ignore;
    every "1301ms" -> k0 -> v3 -> choose -> match { Choice::Left(value) => v0 -> end, Choice::Right(_) => ignore, Choice::Up(value) => v5 -> end now };
    finally within "1001ms" -> settle -> ignore;
    rescue e0 | k0 | choose -> r0 -> v4 -> split -> each ((v3 -> m_opt -> emit, v2 -> v1) -> h2 -> ignore) -> tally -> ignore
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
    timeout "9001ms";
    ignore A;
    ignore B;
    start -> z1 -> ignore;
    when C & D -> p_cd -> split -> each v5[2] -> each (|value| value.next())[1] -> gather -> ignore
        else -> e0 -> end;
    when C -> x_vec -> emit;
    when D -> e5 -> ignore;
    ask Q -> q0 -> end
        else -> q1 -> v3 -> (choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v1, Choice::Up(value) => v3 }, source -> each v1[1] -> gather, (v0 -> v5) else |failed: Failed<BoxError, Value>| failed.cause) -> j3 -> (m_any, m_vec) -> emit;
    rescue x_vec -> r0 -> |value| value.next() -> Err -> w_ok -> choose -> match { Choice::Left(value) => source -> each (v0 -> v6)[2] -> each v5[1] -> gather, Choice::Right(value) => v3 else s3 -> v4, Choice::Up(value) => (v1 -> v3) else |failed: Failed<BoxError, Value>| failed.cause } -> ignore
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
    drain within "101ms";
    external C;
    ignore Q;
    start -> z1 -> F1 -> draft -> ask Q within "1501ms" -> q0 -> m_one -> emit;
    when A | B -> e0 -> ignore;
    when B(value) if value.is_odd() -> e0 -> draft -> ask Q within "3101ms" -> q0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => draft -> ask Q -> q0 -> ignore, Choice::Up(value) => draft -> ask Q within "1501ms" else lapse -> q0 -> ignore }
        else -> e4 -> draft -> ask Q within "3101ms" else lapse -> q0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v0 -> end, Choice::Up(value) => v4 -> end };
    when C(value) if value.is_odd() -> e5 -> choose -> match { Choice::Left(value) => draft -> ask Q else lapse -> q0 -> ignore, Choice::Right(value) => v2 -> v5 -> end, Choice::Up(_) => ignore }
        else -> e4 -> end;
    when D(value) if value.is_odd() -> e5 -> first (draft -> ask Q -> q0, choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v1, Choice::Up(value) => v2 }, draft -> ask Q within "1501ms" else lapse -> q0 -> v4 else s3) -> ignore
        else -> e1 -> end now;
    finally within "1001ms" -> settle -> ignore;
    rescue v4 | v5 | e5 -> r0 -> end
}

flow! {
    flow F6(Value) streams Item;
    with World;
    concurrency 3;
    external A;
    ignore Q;
    start -> v3 -> v1 -> ignore;
    when A & D -> p_ad -> ignore
        else -> e0 -> draft -> ask Q within "3101ms" else lapse -> q0 -> ignore;
    when B -> e3 -> ignore;
    when C -> e3 -> draft -> ask Q within "3101ms" -> q0 -> split -> each (|value| value.next() -> Err -> w_ok)[2] -> each (v3 -> draft -> ask Q within "1501ms" else lapse -> q0)[2] -> each (draft -> ask Q every "901ms" n0 -> q0 -> draft -> ask Q within "3101ms" -> q0)[1] -> gather -> ignore;
    when B & C -> p_bc -> draft -> ask Q within "3101ms" every "901ms" n0 -> q0 -> draft -> ask Q every "901ms" n0 -> q0 -> ignore;
    when D(value) if value.is_odd() -> e5 -> ignore
        else -> e1 -> first (draft -> ask Q within "3101ms" else lapse -> q0 -> v0, draft -> ask Q else lapse -> q0) -> draft -> ask Q every "901ms" n0 else lapse -> q0 -> ignore;
    every "701ms" -> k0 -> ignore;
    every "1301ms" -> k0 -> ignore;
    rescue e1 | e3 | k0 -> r0 -> v1 -> ignore
}

flow! {
    flow F7(Value) -> Value streams Item;
    with World;
    timeout "9001ms";
    drain within "101ms";
    ignore Q;
    start -> v3 -> ignore;
    when A(value) if value.is_odd() -> e3 -> draft -> ask Q within "3101ms" every "901ms" n0 else lapse -> q0 -> v5 else |failed: Failed<BoxError, Value>| failed.cause -> ignore
        else -> e2 -> end;
    when B | C -> e3 -> m_opt else o_opt -> emit;
    when C & D -> p_cd -> split -> each (split -> each v3 -> gather)[1] -> each v6[2] -> gather -> |value| value.next() -> Err -> w_ok -> end now
        else -> e2 -> end;
    finally within "1001ms" -> settle -> m_opt -> emit;
    rescue n0 -> r0 -> end
}

flow! {
    flow F8(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    ignore A;
    ignore Q;
    start -> z0 -> v5 -> ignore;
    when C & D -> p_cd -> end
        else -> e1 -> end;
    when B & C & D -> p_bcd -> ((v6, v2 -> v3) -> j2) else s2 -> choose -> match { Choice::Left(value) => (v5 -> (m_vec, m_vec) -> emit, v6 -> v4) -> h2 -> choose -> match { Choice::Left(value) => v1 -> v6, Choice::Right(value) => v0, Choice::Up(value) => v2 }, Choice::Right(value) => (v1, v2 -> v4, v2 -> v2) -> j3 -> split -> each (v1 -> v0)[1] -> each (v1 -> v1 -> m_two -> emit) -> tally, Choice::Up(value) => F1 else s3 } -> ignore
        else -> e3 -> F7 else s3 -> choose -> match { Choice::Left(value) => first (v2, v5, v6), Choice::Right(value) => draft -> ask Q within "3101ms" every "901ms" n0 -> q0, Choice::Up(value) => draft -> ask Q within "1501ms" every "901ms" n0 -> q0 -> v3 else s0 } -> end;
    when B | C -> e3 -> F7 else s3 -> first (split -> each v4[1] -> gather, (v0, v3) -> j2, draft -> ask Q within "3101ms" every "901ms" n0 else lapse -> q0) -> ignore;
    every "701ms" -> k0 -> (v1 -> draft -> ask Q within "3101ms" -> q0, draft -> ask Q within "1501ms" every "901ms" n0 else lapse -> q0 -> F1, draft -> ask Q every "901ms" n0 -> q0) -> j3 -> draft -> ask Q within "3101ms" else lapse -> q0 -> end;
    every "1301ms" -> k0 -> v2 else s2 -> end now;
    finally within "1001ms" -> settle -> (|value| value.next() -> v6) else |failed: Failed<BoxError, Value>| failed.cause -> ignore;
    rescue e1 | z0 | k0 -> r0 -> v5 -> source -> each (draft -> ask Q every "901ms" n0 -> q0) -> gather -> end
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
    timeout "9001ms";
    concurrency 2;
    start -> v3 -> m_one -> emit;
    when A(value) if value.is_odd() -> e0 -> end
        else -> e3 -> end;
    when A | C -> e3 -> v0 -> ignore;
    when B(value) if value.is_odd() -> e2 -> m_two -> emit
        else -> e0 -> Ok -> w_ok -> (first (v2 -> v1, v5)) else s1 -> end;
    when C -> e3 -> v5 -> choose -> match { Choice::Left(value) => source -> each v0[2] -> each v4[2] -> each (v6 -> v5)[2] -> gather, Choice::Right(value) => Some -> w_some -> v1 else s3, Choice::Up(value) => v5 else s1 } -> end;
    when D -> x_vec -> emit;
    ask Q within "3101ms" -> q0 -> Some -> w_some -> v4 -> ignore;
    finally within "1001ms" -> settle -> (split -> each (v3 -> m_two -> emit) -> tally, v4 -> v1 -> choose -> match { Choice::Left(value) => m_vec -> emit, Choice::Right(_) => ignore, Choice::Up(_) => ignore }, (v3 -> v3, v0) -> j2 -> Ok -> w_ok) -> h3 -> v1 -> ignore
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
    concurrency 3;
    drain within "901ms";
    ignore A;
    ignore Q;
    start -> v3 -> (v3 else s3 -> split -> each v4[1] -> gather) else s1 -> split -> each (choose -> match { Choice::Left(_) => skip, Choice::Right(_) => skip, Choice::Up(value) => v1 -> v3 })[2] -> each (first (v2, v6, v2))[2] -> gather -> ignore;
    when C[2] -> p_c2 -> choose -> match { Choice::Left(value) => v5 -> v0 -> end now, Choice::Right(_) => ignore, Choice::Up(value) => v3 -> ignore };
    when B -> e3 -> v6 -> (v0, v5 -> choose -> match { Choice::Left(value) => v1 -> v3, Choice::Right(value) => v3, Choice::Up(value) => v4 -> v5 }, v1) -> j3 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    when C -> e1 -> (first (v0, v4, v6) -> v2 -> ignore, v2) -> h2 -> m_any -> emit;
    when D(value) if value.is_odd() -> e0 -> ((v4, v1) -> j2 -> v1 else s0) else s3 -> end now
        else -> ignore;
    every "701ms" -> k0 -> ignore;
    every "1301ms" -> k0 -> ignore;
    rescue e1 | k0 -> r0 -> ignore
}

flow! {
    flow F14(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    drain within "901ms";
    external C;
    ignore D;
    ignore Q;
    start -> z0 -> ignore;
    when A(value) if value.is_odd() -> e0 -> ignore
        else -> e3 -> draft -> ask Q within "3101ms" else lapse -> q0 -> m_vec -> emit;
    when A[2] -> p_a2 -> F1 -> draft -> ask Q within "1501ms" every "901ms" n0 -> q0 -> (m_any, m_vec) -> emit
        else -> ignore;
    when B & C -> p_bc -> choose -> match { Choice::Left(value) => draft -> ask Q within "3101ms" -> q0 -> end now, Choice::Right(value) => v6 -> ignore, Choice::Up(value) => v4 -> end }
        else -> e4 -> v0 -> draft -> ask Q within "1501ms" every "901ms" n0 -> q0 -> end;
    every "701ms" -> k0 -> ignore;
    every "1301ms" -> k0 -> end;
    finally within "1001ms" -> settle -> Some -> w_some -> m_opt -> emit;
    rescue e4 | k0 -> r0 -> split -> each (v4 -> (v0 -> v1, v5 -> v2, v6) -> j3)[1] -> each ((v1, v4 -> v0, v4 -> v5) -> j3 -> v2 else skip) -> gather -> ignore;
    rescue ask Q -> r1 -> Ok -> w_ok -> draft -> ask Q within "3101ms" else lapse -> q0 -> m_two -> emit
}

flow! {
    flow F15(Value) -> Value streams Item;
    with World;
    concurrency 1;
    ignore Q;
    start -> v3 -> v3 -> v1 -> m_one -> emit;
    when B -> e2 -> draft -> ask Q else lapse -> q0 -> m_opt -> emit;
    when A & B & C -> p_abc -> draft -> ask Q else lapse -> q0 -> draft -> ask Q within "3101ms" -> q0 -> end
        else -> ignore;
    when C & D -> p_cd -> draft -> ask Q within "1501ms" every "901ms" n0 else lapse -> q0 -> draft -> ask Q within "1501ms" every "901ms" n0 else lapse -> q0 -> ignore
        else -> e1 -> split -> each m_two -> emit;
    rescue e2 | q0 -> r0 -> ((v0, v0 -> v3, v5) -> j3) else |failed: Failed<BoxError, Value>| failed.cause -> end now;
    rescue ask Q -> r1 -> split -> each m_opt -> emit
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0, [], [Q]),
    runner!(F1, [], []),
    runner!(F2, [B C], [Q]),
    runner!(F3, [], [Q]),
    runner!(F4, [A C], [Q]),
    runner!(F5, [C], [Q]),
    runner!(F6, [A], [Q]),
    runner!(F7, [], [Q]),
    runner!(F8, [], [Q]),
    runner!(F9, [], [Q]),
    runner!(F10, [], [Q]),
    runner!(F11, [], [Q]),
    runner!(F12, [], [Q]),
    runner!(F13, [], []),
    runner!(F14, [C], [Q]),
    runner!(F15, [], [Q]),
];
