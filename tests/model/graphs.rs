//! Random flows; `generate.rs` writes this file.

use flow_core::flow;

use crate::engine::{Runner, runner};
use crate::handlers::*;
use crate::script::{Value, World};

pub(crate) const SEED: u64 = 396;

flow! {
    flow F0(Value) streams Item;
    with World;
    external A;
    external B;
    external C;
    start -> v3 -> v6 -> (split -> each v6[1] -> gather) else s0 -> ignore;
    when A | D -> e4 -> ignore;
    when A -> e5 -> ignore;
    when B & C & D -> p_bcd -> (v6 else s2 -> split -> each v5[1] -> gather) else s0 -> v2 -> ignore
        else -> e1 -> ignore;
    when C | D -> e5 -> ignore;
    when A & B & C -> p_abc -> first (v2 -> v1, (v1, v1) -> j2, (v1, v0) -> j2 -> v2 else s3) -> ignore
        else -> ignore;
    when C & D -> p_cd -> first (v0 else s3, v0) -> ignore
        else -> e3 -> ignore;
    ask Q within "3101ms" -> q0 -> v1 -> v5 -> ignore
        else -> q1 -> ignore;
    rescue e3 | q0 -> r0 -> ignore
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    drain within "901ms";
    ignore Q;
    start -> v3 -> ignore;
    when B & C & D -> p_bcd -> first (split -> each v5[2] -> gather -> v2, v4, (v5 -> v5, v6, v0) -> j3) -> ignore
        else -> e0 -> end now;
    when B | C -> e5 -> end;
    when C & D -> p_cd -> ignore;
    when C | D -> e5 -> ((v5, v3 -> v2, v4) -> j3) else s3 -> end now;
    when A & B & C -> p_abc -> end now
        else -> ignore
}

flow! {
    flow F2(Value) streams Item;
    with World;
    timeout "4001ms";
    external A;
    external B;
    external C;
    ignore Q;
    start -> v3 -> ignore;
    when A | B -> e2 -> v3 -> ((v3 -> v6, v1 -> v4, v5) -> j3 -> v1 else s2, split -> each v1[1] -> gather -> choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v5, Choice::Up(value) => v6 }, split -> each v2 -> gather) -> j3 -> ignore;
    when C & D -> p_cd -> ignore
        else -> ignore;
    when B -> e2 -> (choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v2, Choice::Up(value) => v0 -> v1 } -> (v4, v3 -> v2, v5 -> v1) -> j3, F1 else s3) -> j2 -> F1 else s3 -> ignore;
    when C(value) if value.is_odd() -> e1 -> ignore
        else -> e4 -> ignore;
    when B | D -> e2 -> ignore;
    rescue e1 | e2 | e4 -> r0 -> choose -> match { Choice::Left(value) => v2 -> v2 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v2 -> ignore }
}

flow! {
    flow F3(Value) streams Item;
    with World;
    timeout "9001ms";
    external B;
    start -> v3 -> ignore;
    when A & D -> p_ad -> ignore
        else -> ignore;
    when B -> e1 -> v0 -> ignore;
    when C | D -> e1 -> first (first (v1, v3) -> v5, split -> each v1 -> gather, v3 -> v6 else s0) -> split -> each (first (v5, v5))[1] -> gather -> ignore;
    when B & C -> p_bc -> v1 -> ignore;
    ask Q -> q0 -> ignore;
    every "701ms" -> k0 -> v6 -> ignore;
    rescue v6 | q0 | k0 -> r0 -> (v4, (v3 -> v0, v2, v3) -> j3 -> v0, (v2 -> v1) else s0) -> j3 -> ignore
}

flow! {
    flow F4(Value) -> Value streams Item;
    with World;
    timeout "9001ms";
    ignore Q;
    start -> v3 -> ignore;
    when A & B -> p_ab -> end now
        else -> e5 -> ((v5 -> v5) else s3, v6 -> (v4 -> v5) else s3) -> j2 -> v4 -> end now;
    when B & C & D -> p_bcd -> end;
    when B | C -> e2 -> v6 -> (v2 -> split -> each v1[2] -> gather) else s0 -> ignore;
    when D -> e5 -> ignore;
    when A & D -> p_ad -> end
        else -> ignore;
    finally within "1001ms" -> settle -> v1 -> (split -> each v5 -> gather, v0) -> j2 -> choose -> ignore;
    rescue v3 | v4 -> r0 -> choose -> match { Choice::Left(value) => v5 else s2, Choice::Right(value) => v6, Choice::Up(value) => v3 -> split -> each (v3 -> v6) -> gather } -> end now
}

flow! {
    flow F5(Value) streams Item;
    with World;
    timeout "4001ms";
    external B;
    ignore Q;
    start -> v3 -> v2 -> (choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v5, Choice::Up(value) => v4 } -> first (v3, v3, v1), first (v2 -> v2, v5, v0) -> first (v5 -> v0, v0)) -> j2 -> ignore;
    when A & D -> p_ad -> ignore;
    when B(value) if value.is_odd() -> e2 -> ignore
        else -> e1 -> ignore;
    when B & C & D -> p_bcd -> ((v0, v4, v1) -> j3 -> (v6 -> v5, v4, v2) -> j3, split -> each v0[2] -> gather, split -> each v2[2] -> gather) -> j3 -> ignore
        else -> e2 -> split -> each (F4 else skip) -> gather -> ignore;
    when B & C -> p_bc -> ignore
        else -> e1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v0 -> ignore, Choice::Up(value) => v0 -> ignore };
    rescue e1 -> r0 -> F4 else s3 -> ignore
}

flow! {
    flow F6(Value) streams Item;
    with World;
    timeout "9001ms";
    ignore C;
    ignore Q;
    start -> v3 -> choose -> match { Choice::Left(value) => v1 -> v3 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v4 -> ignore };
    when A & B -> p_ab -> ignore
        else -> ignore;
    when B(value) if value.is_odd() -> e2 -> choose -> match { Choice::Left(value) => (v1 -> v2, v3 -> v5, v4) -> j3, Choice::Right(value) => choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v2 -> v6, Choice::Up(value) => v4 }, Choice::Up(value) => v3 } -> v0 -> choose -> match { Choice::Left(value) => v0 -> ignore, Choice::Right(value) => v5 -> ignore, Choice::Up(value) => v4 -> ignore }
        else -> e0 -> split -> each ((v6 -> v4, v0) -> j2)[1] -> gather -> ignore;
    when D -> e3 -> v2 -> v4 -> ignore;
    finally within "1001ms" -> settle -> v3 -> ignore;
    rescue p_ab -> r0 -> first (v4 else s2, split -> each (v3 -> v3)[1] -> gather, choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v0, Choice::Up(value) => v1 }) -> v0 -> ignore
}

flow! {
    flow F7(Value) streams Item;
    with World;
    timeout "4001ms";
    external D;
    start -> v3 -> ignore;
    when A & D -> p_ad -> choose -> match { Choice::Left(value) => v6, Choice::Right(value) => (v1, v0, v6) -> j3, Choice::Up(value) => (v2, v4, v6) -> j3 } -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v5 -> v2 -> ignore };
    when C | D -> e2 -> v2 -> v3 -> ignore;
    when C(value) if value.is_odd() -> e5 -> (v1 -> v4, v5 else s3, split -> each v4[1] -> gather -> first (v2, v5, v5)) -> j3 -> ignore
        else -> ignore;
    when B & C -> p_bc -> v6 -> ignore
        else -> ignore;
    ask Q within "1501ms" every "901ms" n0 -> q0 -> ignore
        else -> q1 -> v2 -> ignore;
    finally within "1001ms" -> settle -> ignore;
    rescue e2 | n0 | choose -> r0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v4 -> v3 -> ignore, Choice::Up(value) => v2 -> ignore }
}

flow! {
    flow F8(Value) streams Item;
    with World;
    external A;
    external C;
    start -> v3 -> ignore;
    when A -> e4 -> ignore;
    when B & C & D -> p_bcd -> ignore;
    when D(value) if value.is_odd() -> e3 -> split -> each (split -> each (v0 -> v3)[2] -> gather -> v4) -> gather -> ignore
        else -> ignore;
    ask Q -> q0 -> ignore;
    every "701ms" -> k0 -> ignore;
    finally within "1001ms" -> settle -> choose -> ignore
}

flow! {
    flow F9(Value) -> Value streams Item;
    with World;
    drain within "901ms";
    ignore Q;
    start -> v3 -> v3 else s2 -> ignore;
    when B -> e4 -> ((v0, v5 -> v6) -> j2 -> first (v0, v3 -> v2, v3)) else s0 -> ignore;
    when C -> e1 -> choose -> match { Choice::Left(value) => choose -> match { Choice::Left(value) => v0 -> v1, Choice::Right(value) => v5 -> v1, Choice::Up(value) => v2 }, Choice::Right(value) => v4 else s0, Choice::Up(value) => (v4 -> v3, v6) -> j2 } -> choose -> match { Choice::Left(value) => split -> each v0[1] -> gather, Choice::Right(value) => choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v0, Choice::Up(value) => v1 -> v4 }, Choice::Up(value) => split -> each v4 -> gather -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v3, Choice::Up(value) => v5 } } -> end;
    when A & D -> p_ad -> end now
        else -> e2 -> (split -> each v2 -> gather) else s0 -> ignore;
    when D(value) if value.is_odd() -> e5 -> (choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v1, Choice::Up(value) => v3 -> v1 } -> split -> each v5[2] -> gather, (v0, v6 -> v3) -> j2, (v0, v2, v4 -> v3) -> j3) -> j3 -> split -> each (v5 else s3) -> gather -> ignore
        else -> e2 -> end now;
    rescue e1 | e4 -> r0 -> end
}

flow! {
    flow F10(Value) streams Item;
    with World;
    external D;
    ignore A;
    start -> v3 -> (first (v4, v5), split -> each v2[2] -> gather, v5) -> j3 -> choose -> match { Choice::Left(value) => split -> each v0 -> gather, Choice::Right(value) => v1 -> (v0 -> v6, v0, v5 -> v1) -> j3, Choice::Up(value) => v6 } -> ignore;
    when C & D -> p_cd -> ignore;
    when B | C -> e4 -> ignore;
    when B & C & D -> p_bcd -> ignore;
    ask Q within "1501ms" -> q0 -> v5 -> v0 -> ignore
        else -> q1 -> split -> each (split -> each v2[2] -> gather)[1] -> gather -> ignore;
    finally within "1001ms" -> settle -> v4 -> ignore;
    rescue e4 -> r0 -> split -> each v5[1] -> gather -> ignore
}

flow! {
    flow F11(Value) streams Item;
    with World;
    external C;
    ignore Q;
    start -> v3 -> v4 else s3 -> ignore;
    when A(value) if value.is_odd() -> e4 -> split -> each (choose -> match { Choice::Left(value) => v4, Choice::Right(_) => skip, Choice::Up(_) => skip } -> F1 else s3)[2] -> gather -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v3 -> ignore, Choice::Up(value) => v1 -> ignore }
        else -> e2 -> F4 -> (v6 -> F9, F9) -> j2 -> ignore;
    when B & C -> p_bc -> (F9, (v5, v6) -> j2) -> j2 -> F9 else s3 -> ignore;
    when A | C -> e3 -> first ((v4 -> v1, v3 -> v3) -> j2, (v3, v3) -> j2 -> split -> each v3 -> gather, v3 -> v3 else s3) -> ignore;
    when C -> e2 -> ignore;
    when C | D -> e2 -> F4 else s3 -> (v0 else s0) else s2 -> ignore;
    rescue e3 -> r0 -> split -> each v4 -> gather -> ignore
}

flow! {
    flow F12(Value) streams Item;
    with World;
    timeout "9001ms";
    ignore A;
    start -> v3 -> (v0 -> split -> each v6 -> gather) else s3 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    when B & C & D -> p_bcd -> split -> each (first (v0, v6 -> v0) -> choose -> match { Choice::Left(_) => skip, Choice::Right(value) => v1 -> v3, Choice::Up(_) => skip }) -> gather -> split -> each (split -> each (v6 -> v1)[2] -> gather) -> gather -> ignore;
    when B -> e1 -> ignore;
    when C & D -> p_cd -> choose -> match { Choice::Left(value) => choose -> match { Choice::Left(value) => v5, Choice::Right(value) => v3, Choice::Up(value) => v1 }, Choice::Right(value) => (v6, v3 -> v1) -> j2 -> (v3 -> v3, v5 -> v3) -> j2, Choice::Up(value) => first (v1, v5, v3) } -> ignore;
    when B | D -> e0 -> split -> each (v1 -> v6)[2] -> gather -> ignore;
    ask Q within "3101ms" -> q0 -> ignore
        else -> q1 -> (choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v5 -> v5, Choice::Up(value) => v2 -> v0 }) else s3 -> v5 else s0 -> ignore;
    every "701ms" -> k0 -> v2 else s2 -> v6 -> choose -> match { Choice::Left(value) => v4 -> ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    rescue v4 | q0 | k0 -> r0 -> ignore
}

flow! {
    flow F13(Value) -> Value streams Item;
    with World;
    timeout "9001ms";
    drain within "101ms";
    ignore Q;
    start -> v3 -> ignore;
    when A | C -> e4 -> v0 -> v0 else s3 -> ignore;
    when B & C -> p_bc -> choose -> match { Choice::Left(value) => v4, Choice::Right(value) => first (v3 -> v5, v6, v4) -> choose -> match { Choice::Left(value) => v6, Choice::Right(value) => v0 -> v2, Choice::Up(value) => v3 }, Choice::Up(value) => choose -> match { Choice::Left(value) => v3 -> v6, Choice::Right(value) => v6, Choice::Up(value) => v1 } -> v3 } -> ignore
        else -> ignore;
    when D -> e3 -> v4 -> split -> each (v5 -> v1 else skip)[1] -> gather -> end
}

flow! {
    flow F14(Value) streams Item;
    with World;
    external A;
    external B;
    external D;
    start -> v3 -> ignore;
    when C & D -> p_cd -> split -> each (split -> each v2 -> gather) -> gather -> ignore
        else -> ignore;
    when A(value) if value.is_odd() -> e4 -> ignore
        else -> e2 -> first (first (v2 -> v5, v5), choose -> match { Choice::Left(value) => v5 -> v3, Choice::Right(value) => v5, Choice::Up(value) => v5 }, v3 else s3) -> F1 -> ignore;
    when B -> e0 -> F1 else s3 -> ignore;
    when D(value) if value.is_odd() -> e0 -> choose -> match { Choice::Left(value) => v6, Choice::Right(value) => choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v5, Choice::Up(value) => v6 }, Choice::Up(value) => (v3 -> v4, v5, v5) -> j3 } -> ignore
        else -> e3 -> v2 -> choose -> match { Choice::Left(value) => v3 -> v2 -> ignore, Choice::Right(value) => v1 -> v2 -> ignore, Choice::Up(value) => v3 -> v1 -> ignore };
    when A & B & C -> p_abc -> choose -> match { Choice::Left(value) => v1 -> ignore, Choice::Right(value) => v4 -> v6 -> ignore, Choice::Up(_) => ignore }
        else -> e0 -> F13 -> (first (v3, v0 -> v1, v6 -> v3), F13, first (v4, v1)) -> j3 -> ignore;
    ask Q within "3101ms" -> q0 -> ignore
        else -> q1 -> split -> each ((v5, v4 -> v3) -> j2 -> (v5, v4) -> j2) -> gather -> ignore;
    rescue e0 -> r0 -> ignore
}

flow! {
    flow F15(Value) -> Value streams Item;
    with World;
    timeout "4001ms";
    drain within "901ms";
    ignore Q;
    start -> v3 -> ignore;
    when A & B -> p_ab -> v4 else s1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v6 -> ignore, Choice::Up(value) => v5 -> ignore }
        else -> ignore;
    when B & C & D -> p_bcd -> (v5 -> (v4, v4, v1) -> j3, v2 -> v4) -> j2 -> choose -> match { Choice::Left(value) => v4 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v4 -> ignore };
    when B -> e0 -> choose -> match { Choice::Left(value) => v3 -> end now, Choice::Right(value) => v3 -> end, Choice::Up(_) => ignore };
    when A & B & C -> p_abc -> v2 -> split -> each (v2 else s1)[2] -> gather -> end;
    when D -> e2 -> ignore;
    rescue v3 | e2 | p_ab -> r0 -> choose -> match { Choice::Left(value) => (v6, v0, v0) -> j3 -> first (v2, v4, v2), Choice::Right(value) => v1 -> (v3 -> v0) else s0, Choice::Up(value) => v4 -> split -> each (v1 -> v3) -> gather } -> end now
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0 A B C),
    runner!(F1),
    runner!(F2 A B C),
    runner!(F3 B),
    runner!(F4),
    runner!(F5 B),
    runner!(F6),
    runner!(F7 D),
    runner!(F8 A C),
    runner!(F9),
    runner!(F10 D),
    runner!(F11 C),
    runner!(F12),
    runner!(F13),
    runner!(F14 A B D),
    runner!(F15),
];
