//! Random flows; `generate.rs` writes this file.

use flow_core::{BoxError, Failed, flow};

use crate::engine::{Runner, runner};
use crate::handlers::*;
use crate::script::{Value, World};

pub(crate) const SEED: u64 = 329;

flow! {
    flow F0(Value) streams Item;
    with World;
    concurrency 3;
    external B;
    ignore Q;
    start -> v3 -> v6 -> ignore;
    when A | B -> e2 -> draft -> ask Q -> q0 -> ((v6 -> v6 -> draft -> ask Q within "1501ms" else lapse -> ignore, v5) -> h2) else s2 -> ignore;
    when A -> e5 -> |value| value.next() -> Err -> w_ok -> choose -> match { Choice::Left(value) => v0 else s1 -> split -> each v4[1] -> gather, Choice::Right(value) => draft -> ask Q else lapse -> q0, Choice::Up(value) => split -> each (v5 -> v6)[2] -> each v2[2] -> gather -> v1 else s0 } -> choose -> match { Choice::Left(value) => v3 -> v0 -> ignore, Choice::Right(value) => draft -> ask Q within "1501ms" -> q0 -> m_opt -> emit, Choice::Up(_) => ignore };
    when C | D -> e1 -> choose -> match { Choice::Left(value) => v6 -> m_vec -> emit, Choice::Right(value) => v1 -> v1 -> split -> each m_two[2] -> emit, Choice::Up(_) => ignore };
    finally within "1001ms" -> settle -> (split -> each (v1 -> v4)[2] -> each (v5 -> split -> each m_opt[2] -> emit)[2] -> tally -> (m_opt, m_any) -> emit, v4) -> h2 -> ignore;
    rescue choose -> r0 -> ignore
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    concurrency 3;
    ignore B;
    ignore Q;
    start -> v3 -> end;
    when A(value) if value.is_odd() -> e2 -> v5 -> end
        else -> e2 -> (v0, v2) -> j2 -> (v3 else s3) else s3 -> end now;
    when A & D by .0.fuel -> p_ad -> end;
    when C(value) if value.is_odd() -> e3 -> end now
        else -> ignore;
    when A[2] -> p_a2 -> split -> each m_two -> emit
        else -> ignore;
    finally within "1001ms" -> settle -> ignore;
    rescue v3 | e2 | p_a2 -> r0 -> ignore
}

flow! {
    flow F2(Value) -> Value streams Item;
    with World;
    concurrency 2;
    drain within "101ms";
    external A;
    external C;
    external D;
    ignore Q;
    start -> v3 -> choose -> match { Choice::Left(value) => v0 -> m_any -> emit, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    when A(value) if value.is_odd() -> e0 -> Some -> w_some -> end now
        else -> e1 -> F1 else s3 -> choose -> match { Choice::Left(value) => F1 else s3, Choice::Right(value) => source -> each v0 -> each v5[2] -> each (v1 -> m_any -> emit)[1] -> tally, Choice::Up(value) => F1 } -> ignore;
    when B(value) if value.is_odd() -> e0 -> m_two -> emit
        else -> e4 -> v3 -> end now;
    when C[2] -> p_c2 -> ignore
        else -> e0 -> first (F1 else s3, v4 -> (v4, v4) -> j2) -> F1 -> ignore;
    when A | D -> e0 -> (m_vec, m_opt) -> emit;
    when B[3] -> p_b3 -> m_opt else o_opt -> emit
        else -> e5 -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v5 -> end };
    every "701ms" -> k0 -> v3 -> end;
    rescue e0 | choose -> r0 -> ignore
}

flow! {
    flow F3(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    concurrency 2;
    drain within "101ms";
    ignore Q;
    start -> v3 -> ignore;
    when B & C & D -> p_bcd -> v0 -> Some -> w_some -> end;
    when B[3] -> p_b3 -> ignore;
    when A & D -> p_ad -> first (v3 else s2, source -> each (v0 -> v5)[3] -> each (v2 -> v6)[2] -> gather -> (v2, v1) -> j2) -> choose -> match { Choice::Left(value) => choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v1, Choice::Up(value) => v5 }, Choice::Right(value) => v0 -> v1 else |failed: Failed<BoxError, Value>| failed.cause, Choice::Up(value) => (v1, v3, v6 -> v2) -> j3 } -> end
        else -> e2 -> end;
    finally within "1001ms" -> settle -> v2 -> ignore;
    rescue e2 -> r0 -> (m_opt, m_opt) -> emit
}

flow! {
    flow F4(Value) streams Item;
    with World;
    timeout "9001ms";
    external B;
    ignore A;
    start -> v3 -> (Some -> w_some) else s0 -> split -> each (v6 -> split -> each v3[3] -> each v0 -> gather) -> each (v6 -> choose -> match { Choice::Left(value) => m_vec -> emit, Choice::Right(_) => ignore, Choice::Up(_) => ignore })[1] -> tally -> split -> each m_two -> emit;
    when B -> e3 -> (v3, source -> each (v5 -> v5 -> m_opt else o_opt -> emit)[2] -> tally) -> j2 -> ignore;
    when B[3] -> p_b3 -> ignore;
    when C[2] -> p_c2 -> split -> each v1 -> gather -> split -> each ((v0 -> v5) else s1 -> v4 else s0)[3] -> each v1[2] -> each ((v5, v2) -> j2 -> v5 else skip -> m_two -> emit) -> tally -> ignore
        else -> e1 -> v2 -> v2 -> ignore;
    when C(value) if value.is_odd() -> e1 -> choose -> match { Choice::Left(value) => (v3, v0 -> v6) -> j2 -> Ok -> w_ok, Choice::Right(value) => v6, Choice::Up(value) => first (v2, v2) -> v0 else s1 } -> (source -> each (v1 -> m_vec -> emit)[1] -> tally -> v2, v2 -> v1 -> m_any -> emit, v1 -> v4) -> h3 -> ignore
        else -> e5 -> v0 -> choose -> match { Choice::Left(value) => v3 -> m_opt else o_opt -> emit, Choice::Right(_) => ignore, Choice::Up(value) => v5 -> ignore };
    when B & C -> p_bc -> v6 -> (source -> each v6[1] -> gather -> ignore, v3 -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v6, Choice::Up(value) => v0 }) -> h2 -> choose -> match { Choice::Left(value) => v1 -> ignore, Choice::Right(value) => v2 -> v4 -> ignore, Choice::Up(_) => ignore }
        else -> e3 -> ignore;
    when C & D by .0.fuel -> p_cd -> ignore;
    ask Q within "3101ms" -> q0 -> v5 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v6 -> ignore, Choice::Up(_) => ignore };
    rescue e1 -> r0 -> ignore
}

flow! {
    flow F5(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    external A;
    external B;
    external D;
    ignore Q;
    start -> v3 -> ignore;
    when A & B by .0.fuel -> p_ab -> end now;
    when C(value) if value.is_odd() -> e1 -> draft -> ask Q -> q0 -> F3 else s3 -> end now
        else -> ignore;
    when D(value) if value.is_odd() -> e5 -> end now
        else -> e4 -> ignore;
    when B & C & D -> p_bcd -> ignore;
    finally within "1001ms" -> settle -> v1 else s0 -> F1 else s3 -> ignore
}

flow! {
    flow F6(Value) streams Item;
    with World;
    concurrency 2;
    external A;
    external C;
    external D;
    ignore Q;
    start -> v3 -> ignore;
    when C[2] -> p_c2 -> ignore
        else -> e1 -> ignore;
    when A & B -> p_ab -> ignore
        else -> ignore;
    when C | D -> e5 -> v2 else s3 -> (draft -> ask Q else lapse -> q0, |value| value.next() -> Err -> w_ok) -> j2 -> ignore;
    when A[2] by .0.fuel -> p_a2 -> choose -> match { Choice::Left(value) => draft -> ask Q within "1501ms" -> q0 -> ignore, Choice::Right(value) => draft -> ask Q else lapse -> q0 -> ignore, Choice::Up(value) => v6 -> ignore };
    when D(value) if value.is_odd() -> e3 -> (m_vec, m_vec) -> emit
        else -> ignore;
    finally within "1001ms" -> settle -> ((v0 -> v6) else s1) else s1 -> ignore;
    rescue v3 | e5 | choose -> r0 -> ignore
}

flow! {
    flow F7(Value) -> Value streams Item;
    with World;
    timeout "9001ms";
    ignore Q;
    start -> v3 -> ignore;
    when A -> e5 -> split -> each (v6 -> |value| value.next() -> Err -> w_ok)[1] -> each (v0 else skip) -> gather -> ignore;
    when B | D -> e2 -> (v1 -> v4) else s3 -> split -> each m_two[2] -> emit;
    when C & D -> p_cd -> ignore
        else -> e5 -> v4 else s0 -> split -> each (|value| value.next() -> source -> each v4[1] -> gather)[2] -> each (Some -> w_some) -> gather -> end;
    when C(value) if value.is_odd() -> e1 -> end now
        else -> ignore;
    finally within "1001ms" -> settle -> ignore;
    rescue v3 | e5 -> r0 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v0 -> v0 -> ignore }
}

flow! {
    flow F8(Value) -> Value streams Item;
    with World;
    concurrency 3;
    ignore Q;
    start -> v3 -> draft -> ask Q within "1501ms" else lapse -> q0 -> ignore;
    when B & C & D -> p_bcd -> draft -> ask Q -> q0 -> F3 else s3 -> ignore
        else -> e4 -> end;
    when B & C by .0.fuel -> p_bc -> draft -> ask Q within "1501ms" -> q0 -> end
        else -> e5 -> m_opt else o_opt -> emit;
    when A[2] by .0.fuel -> p_a2 -> draft -> ask Q within "3101ms" else lapse -> q0 -> draft -> ask Q else lapse -> q0 -> end;
    when D(value) if value.is_odd() -> e1 -> end now
        else -> ignore;
    rescue q0 -> r0 -> (draft -> ask Q else lapse -> q0 -> split -> each (v1 -> v0)[1] -> each (v1 -> v1 -> m_two -> emit) -> tally) else s0 -> split -> each m_opt[2] -> emit
}

flow! {
    flow F9(Value) streams Item;
    with World;
    ignore B;
    ignore C;
    ignore D;
    start -> v3 -> (source -> each (v1 -> (m_any, m_any) -> emit)[2] -> tally) else |failed: Failed<BoxError, Value>| failed.cause -> choose -> match { Choice::Left(value) => v4 -> v1 -> ignore, Choice::Right(value) => v5 -> ignore, Choice::Up(value) => v6 -> ignore };
    when A -> x_vec -> emit;
    ask Q within "3101ms" -> q0 -> (v6 else s1) else s0 -> ignore
        else -> q1 -> v3 -> ignore;
    every "701ms" -> k0 -> source -> each v1[2] -> each (Ok -> w_ok) -> gather -> split -> each (v6 -> v6)[2] -> gather -> ignore;
    every "1301ms" -> k0 -> ignore;
    rescue v5 | k0 -> r0 -> choose -> match { Choice::Left(value) => |value| value.next(), Choice::Right(value) => v6, Choice::Up(value) => v2 else |failed: Failed<BoxError, Value>| failed.cause -> first (v2 -> v3, v4 -> v1, v3) } -> |value| value.next() -> Err -> w_ok -> ignore
}

flow! {
    flow F10(Value) -> Value streams Item;
    with World;
    timeout "9001ms";
    drain within "101ms";
    ignore B;
    ignore Q;
    start -> v3 -> ignore;
    when A -> e1 -> v2 -> ignore;
    when A | D -> e1 -> (m_any, m_any) -> emit;
    when C(value) if value.is_odd() -> e0 -> end
        else -> e3 -> end;
    when A | C -> e3 -> v0 -> ignore;
    when D(value) if value.is_odd() -> e2 -> m_two -> emit
        else -> e0 -> Ok -> w_ok -> (first (v2 -> v1, v5)) else s1 -> end
}

flow! {
    flow F11(Value) -> Value streams Item;
    with World;
    timeout "9001ms";
    drain within "901ms";
    external A;
    external D;
    ignore B;
    ignore C;
    ignore Q;
    start -> v3 -> ignore;
    when D[3] -> p_d3 -> ignore
        else -> ignore;
    when A & D -> p_ad -> end;
    finally within "1001ms" -> settle -> (source -> each v0 -> gather, (v0 -> v6, v5) -> j2) -> j2 -> ignore;
    rescue v3 -> r0 -> choose -> match { Choice::Left(value) => v0 -> end now, Choice::Right(value) => v3 -> v0 -> end, Choice::Up(value) => v6 -> v2 -> end now }
}

flow! {
    flow F12(Value) streams Item;
    with World;
    external B;
    ignore D;
    ignore Q;
    start -> v3 -> ignore;
    when A | C -> x_vec -> emit;
    when B & C -> p_bc -> ignore
        else -> e2 -> m_opt else o_opt -> emit;
    every "701ms" -> k0 -> v3 -> (v5, source -> each v0 -> gather, (v2, v3) -> j2 -> v5) -> j3 -> ignore;
    finally within "1001ms" -> settle -> v2 -> choose -> match { Choice::Left(value) => split -> each v2 -> gather -> source -> each v2 -> each (v5 -> v5)[2] -> gather, Choice::Right(value) => v1 -> (v0 -> v2, v5 -> v2, v3 -> v5) -> j3, Choice::Up(value) => v4 else s2 } -> choose -> ignore
}

flow! {
    flow F13(Value) -> Value streams Item;
    with World;
    timeout "9001ms";
    concurrency 1;
    ignore Q;
    start -> v3 -> ignore;
    when A & B & C -> p_abc -> ignore
        else -> e5 -> ignore;
    when B | C -> x_vec -> emit;
    when C(value) if value.is_odd() -> e1 -> first (v3, split -> each (v5 -> v0) -> each (v1 -> v2)[3] -> each v3 -> gather, first (v6, v6 -> v0, v4 -> v4)) -> first (v5 else |failed: Failed<BoxError, Value>| failed.cause -> (v4 -> v5) else s2, v1 -> (v1, v5) -> j2) -> ignore
        else -> e2 -> ignore;
    when C -> e5 -> ignore;
    when B | D -> e3 -> end;
    finally within "1001ms" -> settle -> Some -> w_some -> m_any -> emit;
    rescue e5 -> r0 -> ((v4, v1) -> j2 -> v1 else s0) else s3 -> end now
}

flow! {
    flow F14(Value) -> Value streams Item;
    with World;
    drain within "101ms";
    external C;
    ignore B;
    ignore D;
    ignore Q;
    start -> v3 -> ignore;
    when A -> e0 -> ignore;
    when C[2] -> p_c2 -> ignore
        else -> ignore;
    when C -> e1 -> ignore;
    when A | C -> e5 -> v0 -> ignore;
    when A[2] -> p_a2 -> end
        else -> e0 -> (F1 else s3 -> draft -> ask Q else lapse -> q0) else s3 -> m_any -> emit;
    every "701ms" -> k0 -> source -> each (draft -> ask Q -> q0)[1] -> gather -> end;
    finally within "1001ms" -> settle -> choose -> match { Choice::Left(value) => (v0, v5 -> v1) -> j2 -> (v5 -> ignore, v2) -> h2, Choice::Right(value) => v6, Choice::Up(value) => v0 } -> ignore;
    rescue e0 -> r0 -> end
}

flow! {
    flow F15(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    ignore A;
    ignore Q;
    start -> v3 -> v1 -> m_one -> emit;
    when B -> x_vec -> emit;
    when B | C -> e4 -> v0 -> ignore;
    when D(value) if value.is_odd() -> e2 -> end
        else -> e5 -> end;
    when D -> x_vec -> emit;
    rescue -> r0 -> split -> each (|value| value.next()) -> gather -> v4 -> ignore
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0, [B], [Q]),
    runner!(F1, [], []),
    runner!(F2, [A C D], []),
    runner!(F3, [], []),
    runner!(F4, [B], [Q]),
    runner!(F5, [A B D], [Q]),
    runner!(F6, [A C D], [Q]),
    runner!(F7, [], []),
    runner!(F8, [], [Q]),
    runner!(F9, [], [Q]),
    runner!(F10, [], []),
    runner!(F11, [A D], []),
    runner!(F12, [B], []),
    runner!(F13, [], []),
    runner!(F14, [C], [Q]),
    runner!(F15, [], []),
];
