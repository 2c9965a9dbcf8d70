//! Random flows; `generate.rs` writes this file.

use flow_core::{BoxError, Failed, flow};

use crate::engine::{Runner, runner};
use crate::handlers::*;
use crate::script::{Value, World};

pub(crate) const SEED: u64 = 19;

flow! {
    flow F0(Value) streams Item;
    with World;
    concurrency 3;
    external A;
    external X;
    ignore C;
    ignore D;
    start -> v3 -> v4 -> m_one -> emit;
    when A -> e1 -> Some -> w_some -> ignore;
    when A | B -> e5 -> ignore;
    when B(value) if value.is_odd() -> e4 -> ignore
        else -> e2 -> ignore;
    when A & B -> p_ab -> source -> each (v5 -> source -> each (v5 -> v3) -> each v1 -> gather)[2] -> gather -> v3 -> ignore;
    ask Q within "1501ms" every "901ms" n0 -> q0 -> ignore
        else -> q1 -> ignore;
    finally within "1001ms" -> settle -> ignore;
    when X -> e5 -> ignore;
    rescue e1 | e4 | q0 -> r0 -> Ok -> w_ok -> ignore
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    timeout "9001ms";
    concurrency 3;
    external B;
    ignore A;
    ignore Q;
    start -> v3 -> ignore;
    when C[2] -> p_c2 -> draft -> ask Q -> q0 -> ignore
        else -> e4 -> first (v2, draft -> ask Q -> q0, draft -> ask Q -> q0) -> draft -> ask Q else lapse -> q0 -> end;
    when C & D by .0.fuel -> p_cd -> split -> each (Ok -> w_ok -> draft -> ask Q within "3101ms" -> q0)[1] -> gather -> choose -> match { Choice::Left(value) => draft -> ask Q within "1501ms" else lapse -> q0 -> end, Choice::Right(value) => v1 -> end, Choice::Up(value) => v2 -> v2 -> end };
    when B & C -> p_bc -> (draft -> ask Q within "1501ms" -> q0) else s1 -> end;
    when D -> x_vec -> emit;
    when D(value) if value.is_odd() -> e4 -> choose -> match { Choice::Left(value) => draft -> ask Q else lapse -> q0 -> split -> each m_two -> emit, Choice::Right(value) => draft -> ask Q within "1501ms" every "901ms" n0 else lapse -> q0 -> end now, Choice::Up(_) => ignore }
        else -> e3 -> ((v3 -> v4) else s2, draft -> ask Q within "3101ms" every "901ms" n0 else lapse -> q0) -> j2 -> (draft -> ask Q within "3101ms" -> q0 -> split -> each m_opt[2] -> emit, (v6, v5) -> j2) -> h2 -> end;
    finally within "1001ms" -> settle -> (|value| value.next() -> source -> each v1[1] -> each v0[2] -> gather, v3 -> Some -> w_some, v0) -> j3 -> ignore;
    rescue e3 | e4 -> r0 -> draft -> ask Q within "1501ms" -> q0 -> ignore
}

flow! {
    flow F2(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    idle_timeout "2903ms";
    concurrency 3;
    drain within "101ms";
    external X;
    ignore B;
    ignore D;
    ignore Q;
    start -> v3 -> ignore;
    when A | C -> e1 -> ignore;
    when A(value) if value.is_odd() -> e1 -> end now
        else -> e2 -> ignore;
    when C -> e3 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    finally within "1001ms" -> settle -> ignore;
    when X -> e4 -> end now;
    rescue e4 -> r0 -> end now
}

flow! {
    flow F3(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    drain within "901ms";
    ignore Q;
    start -> z0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v4 -> ignore, Choice::Up(_) => ignore };
    when A | B -> e2 -> m_opt -> emit;
    when A | C -> x_vec -> emit;
    when A | D -> e5 -> first (|value| value.next() -> Err -> w_ok, draft -> ask Q within "1501ms" -> q0 -> v3, draft -> ask Q every "901ms" n0 else lapse -> q0) -> (v0 -> source -> each v2[3] -> each (v0 -> ignore)[1] -> tally, source -> each v1[3] -> each v3[2] -> gather) -> j2 -> end;
    rescue v4 | m_opt | x_vec -> r0 -> ignore
}

flow! {
    flow F4(Value) streams Item;
    with World;
    external C;
    ignore D;
    ignore Q;
    start -> v3 -> (m_opt, m_opt) -> emit;
    when A(value) if value.is_odd() -> e3 -> v3 -> v6 -> ignore
        else -> e0 -> choose -> match { Choice::Left(value) => v1 -> source -> each v4[1] -> gather, Choice::Right(value) => split -> each v5 -> each (v4 -> v3)[1] -> each (v5 -> v2 -> draft -> ask Q within "1501ms" else lapse -> ignore) -> tally, Choice::Up(value) => split -> each v1[3] -> each (v0 -> v2)[2] -> gather -> (v4, v3) -> j2 } -> ignore;
    when B[3] -> p_b3 -> Some -> w_some -> v4 -> ignore
        else -> e5 -> ignore;
    when B & C -> p_bc -> ignore
        else -> ignore;
    every "701ms" -> k0 -> ignore;
    every "1301ms" -> k0 -> choose -> match { Choice::Left(value) => v1 -> ignore, Choice::Right(value) => draft -> ask Q every "901ms" n0 -> q0 -> ignore, Choice::Up(value) => v6 -> ignore };
    finally within "1001ms" -> settle -> ignore;
    rescue e0 | e3 | k0 -> r0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => draft -> ask Q every "901ms" n0 -> q0 -> ignore, Choice::Up(value) => v2 -> v1 -> ignore };
    rescue ask Q -> r1 -> first (|value| value.next() -> draft -> ask Q else lapse -> q0, draft -> ask Q within "3101ms" every "901ms" n0 -> q0 -> source -> each v3[1] -> each v5[1] -> gather, (v2 -> v1) else s2) -> ((v4, v0 -> m_vec -> emit, v4) -> h3, v6 else |failed: Failed<BoxError, Value>| failed.cause) -> j2 -> ignore
}

flow! {
    flow F5(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    with Open1 = open1;
    concurrency 3;
    drain within "901ms";
    external B;
    external X;
    ignore Q;
    start -> z1 -> F3 else s3 -> ignore;
    when A(value) if value.is_odd() -> e3 -> ((v0, v0) -> j2 -> v6) else s3 -> ignore
        else -> e2 -> ignore;
    when C -> e1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v4 -> end now, Choice::Up(value) => v1 -> ignore };
    when D[3] -> p_d3 -> choose -> match { Choice::Left(value) => F1 else s3, Choice::Right(value) => |value| value.next() -> Err -> w_ok, Choice::Up(value) => choose -> match { Choice::Left(value) => v6, Choice::Right(value) => v1, Choice::Up(value) => v1 } -> F3 } -> Ok -> w_ok -> ignore;
    every "701ms" -> k0 -> ignore;
    every "1301ms" -> k0 -> first (v1 else |failed: Failed<BoxError, Value>| failed.cause -> split -> each v0 -> gather, choose -> match { Choice::Left(value) => v6 -> v4, Choice::Right(value) => v4 -> v6, Choice::Up(value) => v2 -> v2 }, split -> each v1 -> gather) -> split -> each ((v5, v5 -> v5 -> m_any -> emit, v4) -> h3)[2] -> gather -> choose -> match { Choice::Left(value) => v0 -> m_opt -> emit, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    when X(value) if value.is_odd() -> e0 -> ignore
        else -> e0 -> ignore;
    when B(value) if value.is_odd() -> e5 -> choose -> match { Choice::Left(value) => v0 -> end, Choice::Right(value) => v0 -> end, Choice::Up(_) => ignore }
        else -> e0 -> F3 else s3 -> end now;
    rescue e2 | e3 | e5 | k0 -> r0 -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v6 else s0, Choice::Up(value) => v6 } -> m_any -> emit
}

flow! {
    flow F6(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    idle_timeout "1103ms";
    drain within "901ms";
    external C;
    ignore A;
    ignore B;
    ignore Q;
    start -> v3 -> m_one -> emit;
    when C & D -> p_cd -> v4 -> end;
    when D[3] by .0.fuel -> p_d3 -> end
        else -> e4 -> split -> each ((v0 -> m_two -> emit, v0) -> h2)[1] -> gather -> end now;
    when D -> e4 -> choose -> match { Choice::Left(value) => choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v5, Choice::Up(value) => v1 }, Choice::Right(value) => v4 else s3, Choice::Up(value) => (v5, v5) -> j2 -> (v4 -> v1) else |failed: Failed<BoxError, Value>| failed.cause } -> v4 -> end
}

flow! {
    flow F7(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    with Open1 = open1;
    drain within "901ms";
    external X;
    ignore C;
    start -> z1 -> v6 -> m_one -> emit;
    when A | B -> e0 -> end;
    when A & D -> p_ad -> ignore
        else -> ignore;
    when B -> e5 -> split -> each m_two[2] -> emit;
    when D -> e4 -> ignore;
    ask Q -> q0 -> Ok -> w_ok -> first (v6 else s3, v1 -> v6) -> ignore;
    every "701ms" -> k0 -> v0 -> v5 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v3 -> end, Choice::Up(value) => v0 -> v3 -> end };
    when X(value) if value.is_odd() -> e3 -> v3 -> end
        else -> e0 -> v5 else s2 -> end now;
    rescue v3 | e0 | e4 | e5 | q0 | k0 -> r0 -> end
}

flow! {
    flow F8(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    concurrency 1;
    drain within "901ms";
    external B;
    external C;
    external X;
    ignore D;
    start -> v3 -> ignore;
    when A & B -> p_ab -> end
        else -> ignore;
    when B | C -> e3 -> F1 else s3 -> split -> each (choose -> match { Choice::Left(value) => v1, Choice::Right(_) => skip, Choice::Up(value) => v3 }) -> gather -> ignore;
    when C -> e3 -> F1 -> ignore;
    when A[2] -> p_a2 -> (F1 else s3, v6, choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v0 -> v4, Choice::Up(value) => v4 }) -> j3 -> end
        else -> e0 -> F6 -> source -> each F7[2] -> each ((v6, v3) -> j2)[2] -> gather -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    ask Q -> q0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v1 -> ignore, Choice::Up(value) => v6 -> end };
    every "701ms" -> k0 -> end;
    when X -> e1 -> v4 -> end;
    rescue e0 | e1 | p_a2 -> r0 -> (v1 else s3 -> split -> each v2 -> gather, choose -> match { Choice::Left(value) => v6 -> v3, Choice::Right(value) => v5, Choice::Up(value) => v3 -> v6 }, split -> each (v2 -> split -> each m_opt -> emit)[1] -> tally -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v0, Choice::Up(value) => v3 }) -> j3 -> ignore
}

flow! {
    flow F9(Value) streams Item;
    with World;
    with Open0 = open0;
    external B;
    external X;
    ignore Q;
    start -> z0 -> v2 -> m_one -> emit;
    when B -> e3 -> source -> each (split -> each v4[3] -> each v6 -> each (v3 -> draft -> ask Q within "1501ms" else lapse -> ignore)[1] -> tally -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v4, Choice::Up(value) => v6 })[2] -> each (|value| value.next() -> Err -> w_ok)[1] -> gather -> ignore;
    when A | C -> e1 -> source -> each (choose -> match { Choice::Left(value) => v6, Choice::Right(_) => skip, Choice::Up(value) => v5 }) -> each v1[1] -> gather -> ignore;
    when D(value) if value.is_odd() -> e0 -> ignore
        else -> e4 -> v1 -> Ok -> w_ok -> ignore;
    every "701ms" -> k0 -> ignore;
    every "1301ms" -> k0 -> (v5 else s2) else s1 -> draft -> ask Q every "901ms" n0 else lapse -> q0 -> ignore;
    finally within "1001ms" -> settle -> m_vec -> emit;
    when X -> e5 -> v1 -> ignore;
    rescue e0 | q0 | z0 | k0 -> r0 -> (choose -> match { Choice::Left(value) => v6 -> v1, Choice::Right(value) => v4, Choice::Up(value) => v6 } -> draft -> ask Q within "1501ms" else lapse -> q0) else s2 -> draft -> ask Q within "3101ms" else lapse -> q0 -> choose -> match { Choice::Left(value) => v3 -> split -> each m_two -> emit, Choice::Right(value) => draft -> ask Q within "3101ms" else lapse -> q0 -> ignore, Choice::Up(_) => ignore }
}

flow! {
    flow F10(Value) -> Value streams Item;
    with World;
    drain within "101ms";
    external A;
    external X;
    start -> v3 -> ignore;
    when B & C & D -> p_bcd -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore }
        else -> e4 -> (v2 -> first (v4, v4, v3)) else s3 -> v1 -> ignore;
    when A | B -> e5 -> ignore;
    when D(value) if value.is_odd() -> e0 -> end now
        else -> e0 -> Some -> w_some -> ignore;
    ask Q -> q0 -> split -> each v0[1] -> gather -> end now
        else -> q1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(value) => v5 -> v2 -> end };
    every "701ms" -> k0 -> (v0 -> v2 -> m_opt -> emit, split -> each v4[1] -> gather) -> h2 -> end now;
    when A | X -> e3 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v0 -> ignore, Choice::Up(_) => ignore };
    rescue v1 | v5 | e3 | e4 | e5 | q0 | k0 -> r0 -> (Some -> w_some) else |failed: Failed<BoxError, Value>| failed.cause -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(value) => v3 -> ignore }
}

flow! {
    flow F11(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    concurrency 2;
    drain within "901ms";
    external A;
    external B;
    external C;
    external X;
    ignore Q;
    start -> z0 -> F6 else s3 -> F10 else s3 -> ignore;
    when A -> e3 -> end;
    when B | D -> e1 -> ignore;
    when A & B -> p_ab -> end
        else -> e4 -> |value| value.next() -> Err -> w_ok -> ignore;
    every "701ms" -> k0 -> draft -> ask Q within "1501ms" every "901ms" n0 else lapse -> q0 -> (m_any, m_vec) -> emit;
    every "1301ms" -> k0 -> (v6 -> (v2, v6) -> j2) else s1 -> m_any -> emit;
    finally within "1001ms" -> settle -> choose -> match { Choice::Left(value) => (v6 -> ignore, v5) -> h2, Choice::Right(value) => F1 else s3 -> (v4 -> v0, v5, v0) -> j3, Choice::Up(value) => choose -> match { Choice::Left(value) => v6, Choice::Right(value) => v1, Choice::Up(value) => v4 -> v0 } } -> (v6 else s3) else s1 -> ignore;
    when C -> e4 -> end;
    rescue z0 | k0 | n0 -> r0 -> end
}

flow! {
    flow F12(Value) -> Value streams Item;
    with World;
    drain within "101ms";
    ignore Q;
    start -> v3 -> ignore;
    when A | D -> e4 -> end now;
    when A & D -> p_ad -> m_opt -> emit;
    when C[2] -> p_c2 -> ignore;
    when B | D -> x_vec -> emit;
    every "701ms" -> k0 -> |value| value.next() -> Err -> w_ok -> v6 -> ignore;
    finally within "1001ms" -> settle -> |value| value.next() -> ignore;
    rescue v6 | k0 -> r0 -> ignore;
    rescue -> r0 -> ignore
}

flow! {
    flow F13(Value) -> Value streams Item;
    with World;
    with Open0 = open0;
    with Open1 = open1;
    drain within "101ms";
    external D;
    external X;
    ignore Q;
    start -> z1 -> ignore;
    when A(value) if value.is_odd() -> e1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(value) => v6 -> ignore }
        else -> e2 -> draft -> ask Q -> q0 -> end now;
    when B | C -> e3 -> (source -> each v6 -> gather) else |failed: Failed<BoxError, Value>| failed.cause -> split -> each ((v1 -> v1, v6, v2) -> j3)[1] -> gather -> end;
    when A | B -> e1 -> choose -> match { Choice::Left(value) => draft -> ask Q within "1501ms" else lapse -> q0 -> m_opt else o_opt -> emit, Choice::Right(_) => ignore, Choice::Up(value) => v6 -> ignore };
    when C -> e4 -> ignore;
    when B | D -> e3 -> end now;
    every "701ms" -> k0 -> v0 -> ignore;
    when A | X -> e3 -> (draft -> ask Q -> q0) else s3 -> m_vec -> emit;
    rescue q0 | k0 | choose | m_vec -> r0 -> (draft -> ask Q within "3101ms" else lapse -> q0 -> draft -> ask Q -> q0, v3, v4 else s2 -> choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v1, Choice::Up(value) => v6 }) -> j3 -> draft -> ask Q within "1501ms" else lapse -> q0 -> ignore;
    rescue ask Q -> r1 -> draft -> ask Q within "1501ms" -> q0 -> choose -> match { Choice::Left(value) => v5 -> ignore, Choice::Right(value) => v4 -> end, Choice::Up(value) => v5 -> ignore }
}

flow! {
    flow F14(Value) -> Value streams Item;
    with World;
    concurrency 1;
    drain within "901ms";
    external C;
    ignore B;
    ignore Q;
    start -> v3 -> end now;
    when A -> e1 -> first (draft -> ask Q within "3101ms" else lapse -> q0, (v1, v0 -> v1) -> j2 -> v0 else s2) -> end;
    when C & D -> p_cd -> ignore
        else -> e2 -> choose -> match { Choice::Left(value) => draft -> ask Q within "1501ms" -> q0, Choice::Right(value) => v6 -> draft -> ask Q -> q0, Choice::Up(value) => draft -> ask Q within "1501ms" every "901ms" n0 -> q0 } -> ignore;
    when A | C -> e3 -> end;
    finally within "1001ms" -> settle -> F6 -> v3 -> ignore;
    rescue v3 | v6 | n0 | choose -> r0 -> draft -> ask Q within "1501ms" every "901ms" n0 else lapse -> q0 -> end
}

flow! {
    flow F15(Value) streams Item;
    with World;
    concurrency 1;
    external A;
    external D;
    ignore Q;
    start -> v3 -> choose -> match { Choice::Left(value) => draft -> ask Q within "1501ms" else lapse -> q0 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => draft -> ask Q every "901ms" n0 -> q0 -> ignore };
    when A[2] -> p_a2 -> Some -> w_some -> v1 -> ignore
        else -> e5 -> m_any -> emit;
    when A -> e3 -> ignore;
    when D[3] -> p_d3 -> ignore
        else -> e2 -> ignore;
    when C | D -> e1 -> split -> each m_two -> emit;
    when B & C -> p_bc -> (draft -> ask Q within "1501ms" every "901ms" n0 -> q0) else s0 -> draft -> ask Q within "1501ms" else lapse -> q0 -> ignore
        else -> e0 -> choose -> match { Choice::Left(value) => v5 -> ignore, Choice::Right(value) => v2 -> ignore, Choice::Up(value) => draft -> ask Q within "1501ms" else lapse -> q0 -> ignore };
    finally within "1001ms" -> settle -> ignore;
    rescue v3 | e3 | e5 | n0 -> r0 -> ignore;
    rescue ask Q -> r1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v3 -> ignore, Choice::Up(value) => v0 -> ignore }
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0, [A X], [Q]),
    runner!(F1, [B], [Q]),
    runner!(F2, [X], []),
    runner!(F3, [], [Q]),
    runner!(F4, [C], [Q]),
    runner!(F5, [B X], [Q]),
    runner!(F6, [C], []),
    runner!(F7, [X], [Q]),
    runner!(F8, [B C X], [Q]),
    runner!(F9, [B X], [Q]),
    runner!(F10, [A X], [Q]),
    runner!(F11, [A B C X], [Q]),
    runner!(F12, [], []),
    runner!(F13, [D X], [Q]),
    runner!(F14, [C], [Q]),
    runner!(F15, [A D], [Q]),
];
