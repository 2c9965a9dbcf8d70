//! Random flows; `generate.rs` writes this file.

use flow_core::flow;

use crate::engine::{Runner, runner};
use crate::handlers::*;
use crate::script::{Value, World};

pub(crate) const SEED: u64 = 395;

flow! {
    flow F0(Value) -> Value streams Item;
    with World;
    ignore Q;
    start -> v3 -> ignore;
    when C & D -> p_cd -> ((v3, v3) -> j2, (v3, v1 -> v2, v1) -> j3, choose -> match { Choice::Left(value) => v3 -> v0, Choice::Right(value) => v0, Choice::Up(value) => v0 } -> v2) -> j3 -> v3 -> end
        else -> ignore;
    when B & C -> p_bc -> ignore
        else -> e2 -> v1 -> v2 else s1 -> end;
    when A | D -> e2 -> ignore;
    rescue e2 -> r0 -> v0 -> split -> each (v3 -> split -> each (v0 -> v2) -> gather)[2] -> gather -> ignore
}

flow! {
    flow F1(Value) streams Item;
    with World;
    external C;
    external D;
    start -> v3 -> split -> each (split -> each v3[2] -> gather) -> gather -> ((v0, v0, v2) -> j3) else s2 -> ignore;
    when A | C -> e3 -> ignore;
    when B | D -> e2 -> v0 -> ignore;
    when C -> e0 -> v3 -> ignore;
    when A & B -> p_ab -> v1 -> choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v0 else s3 -> v3, Choice::Up(value) => choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v1, Choice::Up(value) => v2 } } -> ignore
        else -> ignore;
    when A & D -> p_ad -> ((v2, v3 -> v1) -> j2 -> (v3, v0, v1) -> j3) else s3 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v2 -> ignore, Choice::Up(value) => v1 -> ignore }
        else -> ignore;
    ask Q within "3101ms" -> q0 -> v3 -> ignore;
    rescue v0 | v1 | e3 | q0 -> r0 -> v0 -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(value) => v1 -> ignore, Choice::Up(value) => v0 -> ignore }
}

flow! {
    flow F2(Value) -> Value streams Item;
    with World;
    external A;
    external B;
    start -> v3 -> v0 -> ignore;
    when A(value) if value.is_odd() -> e3 -> F0 else s3 -> split -> each (F0 -> split -> each v3[2] -> gather)[2] -> gather -> choose -> match { Choice::Left(value) => v3 -> end, Choice::Right(_) => ignore, Choice::Up(_) => ignore }
        else -> ignore;
    when B | C -> e3 -> ignore;
    when C | D -> e2 -> end now;
    ask Q within "1501ms" -> q0 -> ((v1, v1, v1 -> v0) -> j3 -> v3, v0 -> F0 else s3, split -> each v1[1] -> gather) -> j3 -> F0 else s3 -> ignore
}

flow! {
    flow F3(Value) -> Value streams Item;
    with World;
    ignore Q;
    start -> v3 -> (choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v1 -> v2, Choice::Up(value) => v0 }, v0 -> v2, (v0, v0, v0) -> j3) -> j3 -> (v1 else s0) else s3 -> ignore;
    when A & D -> p_ad -> split -> each ((v2 -> v1) else s2)[2] -> gather -> v3 -> ignore;
    when A & B & C -> p_abc -> v0 -> end now;
    when B(value) if value.is_odd() -> e2 -> ignore
        else -> ignore;
    when D -> e1 -> ignore;
    finally within "1001ms" -> settle -> (v3, v1, v0 -> v2 else s3) -> j3 -> ignore
}

flow! {
    flow F4(Value) -> Value streams Item;
    with World;
    ignore D;
    ignore Q;
    start -> v3 -> split -> each v1 -> gather -> choose -> match { Choice::Left(value) => v2 -> v2 else s0, Choice::Right(value) => choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v2, Choice::Up(value) => v0 }, Choice::Up(value) => v1 } -> ignore;
    when A -> e3 -> end;
    when B & C -> p_bc -> ignore
        else -> e0 -> v1 -> end now;
    when B(value) if value.is_odd() -> e3 -> v0 -> v1 else s1 -> end
        else -> e3 -> ignore;
    when A & B -> p_ab -> ignore
        else -> e2 -> choose -> match { Choice::Left(value) => v0 -> ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore };
    rescue v0 | e3 | choose -> r0 -> v2 else s0 -> end
}

flow! {
    flow F5(Value) -> Value streams Item;
    with World;
    external A;
    external B;
    external D;
    ignore Q;
    start -> v3 -> v3 -> ignore;
    when A & B & C -> p_abc -> F0 -> ((v3 -> v0) else s2, F0 else s3 -> F3 else s3, v2) -> j3 -> end now;
    when B & C & D -> p_bcd -> end now;
    when B & C -> p_bc -> ignore;
    when B | C -> e2 -> end;
    finally within "1001ms" -> settle -> F3 -> (v1 else s3 -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v3, Choice::Up(value) => v2 }) else s1 -> ignore;
    rescue v3 -> r0 -> ((v2, v2, v2 -> v0) -> j3, (v0, v1) -> j2, split -> each v3[2] -> gather) -> j3 -> split -> each (v2 else skip -> v1 else skip) -> gather -> ignore
}

flow! {
    flow F6(Value) -> Value streams Item;
    with World;
    ignore Q;
    start -> v3 -> ignore;
    when A | B -> e2 -> v1 -> (choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v3, Choice::Up(value) => v3 }) else s2 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v3 -> end now, Choice::Up(value) => v1 -> ignore };
    when A -> e0 -> (v3 -> v3, (v3 -> v0) else s2) -> j2 -> end;
    when B -> e2 -> (v3 -> (v1, v3 -> v2, v3) -> j3, (v0 -> v3) else s3) -> j2 -> v3 -> ignore;
    when B & C & D -> p_bcd -> end
        else -> ignore;
    when B & C -> p_bc -> choose -> match { Choice::Left(value) => v1 -> end, Choice::Right(value) => v2 -> end now, Choice::Up(value) => v0 -> end }
        else -> e2 -> end;
    when D(value) if value.is_odd() -> e0 -> (v3, v0 -> v2) -> j2 -> (v3, split -> each v1[1] -> gather, v1 else s0 -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v3, Choice::Up(value) => v3 }) -> j3 -> ignore
        else -> e0 -> v0 -> (v2 else s2) else s0 -> end;
    rescue e2 -> r0 -> v3 -> end
}

flow! {
    flow F7(Value) streams Item;
    with World;
    external B;
    start -> v3 -> ignore;
    when A -> e0 -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(value) => v0 -> ignore, Choice::Up(_) => ignore };
    when A(value) if value.is_odd() -> e1 -> ignore
        else -> ignore;
    when A & B & C -> p_abc -> ignore
        else -> e2 -> v2 -> ignore;
    when B -> e1 -> choose -> match { Choice::Left(value) => v1 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v2 -> v0 -> ignore };
    when C -> e1 -> v0 -> ignore;
    when D -> e3 -> ignore;
    when B & C & D -> p_bcd -> (split -> each (v1 -> v0) -> gather) else s1 -> v0 -> ignore;
    ask Q -> q0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v1 -> v3 -> ignore, Choice::Up(value) => v2 -> ignore }
        else -> q1 -> ignore;
    rescue v0 | q0 | choose -> r0 -> v0 -> ignore
}

flow! {
    flow F8(Value) -> Value streams Item;
    with World;
    ignore A;
    start -> v3 -> ignore;
    when B & C -> p_bc -> end
        else -> ignore;
    when D(value) if value.is_odd() -> e3 -> v2 -> ignore
        else -> ignore;
    ask Q within "1501ms" -> q0 -> end now;
    rescue v3 -> r0 -> end now;
    rescue -> r0 -> ignore
}

flow! {
    flow F9(Value) streams Item;
    with World;
    external D;
    start -> v3 -> ((v0 -> v3, v3) -> j2 -> v1, v1, v0 -> split -> each v0[2] -> gather) -> j3 -> ignore;
    when A -> e0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v2 -> ignore, Choice::Up(value) => v3 -> ignore };
    when B | D -> e2 -> (v3 -> split -> each v3[1] -> gather) else s0 -> ignore;
    when C & D -> p_cd -> ignore
        else -> e2 -> ignore;
    when A & B -> p_ab -> (choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v3, Choice::Up(value) => v1 }) else s1 -> (split -> each v3[2] -> gather) else s3 -> ignore;
    ask Q within "3101ms" -> q0 -> (split -> each v2[2] -> gather) else s3 -> ignore;
    finally within "1001ms" -> settle -> v2 -> ignore;
    rescue e0 | q0 | choose -> r0 -> v3 -> split -> each v2[2] -> gather -> ignore
}

flow! {
    flow F10(Value) streams Item;
    with World;
    external C;
    start -> v3 -> choose -> match { Choice::Left(value) => v1 -> ignore, Choice::Right(value) => v0 -> ignore, Choice::Up(value) => v1 -> ignore };
    when B & C & D -> p_bcd -> (split -> each v2 -> gather) else s0 -> v1 -> ignore
        else -> e0 -> ignore;
    when A & D -> p_ad -> ignore
        else -> ignore;
    when A & B -> p_ab -> ((v0 -> v2, v1, v3) -> j3 -> v0, choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v0, Choice::Up(value) => v3 } -> (v1, v3, v2 -> v1) -> j3) -> j2 -> v0 -> ignore
        else -> e2 -> ignore;
    when B & C -> p_bc -> v2 -> v1 -> ignore
        else -> e3 -> v1 -> ignore;
    when C(value) if value.is_odd() -> e1 -> v0 else s1 -> v2 else s2 -> ignore
        else -> e2 -> v3 -> ignore;
    ask Q -> q0 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v0 -> v3 -> ignore, Choice::Up(value) => v0 -> ignore }
        else -> q1 -> v1 else s0 -> ((v1 -> v1) else s2, v2, split -> each (v3 -> v3)[1] -> gather) -> j3 -> choose -> match { Choice::Left(value) => v2 -> v2 -> ignore, Choice::Right(value) => v1 -> ignore, Choice::Up(_) => ignore };
    finally within "1001ms" -> settle -> v1 -> choose -> ignore;
    rescue e1 -> r0 -> v1 else s3 -> v2 -> ignore
}

flow! {
    flow F11(Value) -> Value streams Item;
    with World;
    external C;
    start -> v3 -> (split -> each (v2 -> v1)[1] -> gather) else s1 -> F3 -> ignore;
    when B | D -> e3 -> F6 -> F3 else s3 -> ignore;
    when A & B -> p_ab -> ignore;
    when C | D -> e2 -> split -> each ((v3, v1 -> v1) -> j2)[1] -> gather -> end;
    ask Q -> q0 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v2 -> ignore, Choice::Up(value) => v2 -> v3 -> ignore };
    rescue v2 -> r0 -> (F0, F3) -> j2 -> end
}

flow! {
    flow F12(Value) -> Value streams Item;
    with World;
    ignore D;
    ignore Q;
    start -> v3 -> choose -> match { Choice::Left(value) => v3, Choice::Right(value) => (v3 -> v3) else s2, Choice::Up(value) => (v3, v1 -> v2, v3) -> j3 -> split -> each v3[1] -> gather } -> ((v0 -> v1, v0) -> j2) else s2 -> ignore;
    when A -> e2 -> v2 -> v3 else s2 -> end now;
    when A(value) if value.is_odd() -> e0 -> (split -> each v3 -> gather) else s0 -> v3 -> choose -> match { Choice::Left(value) => v3 -> v1 -> ignore, Choice::Right(value) => v1 -> ignore, Choice::Up(_) => ignore }
        else -> e2 -> end now;
    when A & B & C -> p_abc -> v2 -> ignore
        else -> e1 -> v2 -> end now;
    when C -> e1 -> end;
    rescue e2 | choose -> r0 -> choose -> match { Choice::Left(value) => v3 else s2, Choice::Right(value) => v0, Choice::Up(value) => v1 else s0 -> choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v1, Choice::Up(value) => v3 -> v0 } } -> v1 -> ignore
}

flow! {
    flow F13(Value) streams Item;
    with World;
    external B;
    ignore A;
    ignore Q;
    start -> v3 -> (v2, (v0 -> v1) else s2, v0) -> j3 -> choose -> match { Choice::Left(value) => v0, Choice::Right(value) => (v1 -> v3) else s3 -> v1, Choice::Up(value) => v3 -> v2 } -> ignore;
    when B & C & D -> p_bcd -> (v0 -> v2, v1) -> j2 -> split -> each (v2 else skip -> (v3, v2, v0) -> j3) -> gather -> ignore
        else -> e0 -> ignore;
    when B | D -> e1 -> (choose -> match { Choice::Left(value) => v2 -> v2, Choice::Right(value) => v3, Choice::Up(value) => v0 }, v2 else s3) -> j2 -> v1 -> ignore;
    when C & D -> p_cd -> ignore
        else -> e3 -> ignore;
    when D(value) if value.is_odd() -> e0 -> v0 else s3 -> v2 -> ignore
        else -> e1 -> ignore;
    finally within "1001ms" -> settle -> (v3 else s1) else s0 -> ignore;
    rescue e0 | e1 -> r0 -> ignore
}

flow! {
    flow F14(Value) -> Value streams Item;
    with World;
    ignore Q;
    start -> v3 -> F4 -> split -> each (F12 else s3 -> choose -> match { Choice::Left(value) => v1 -> v3, Choice::Right(_) => skip, Choice::Up(_) => skip })[2] -> gather -> ignore;
    when A(value) if value.is_odd() -> e2 -> end
        else -> ignore;
    when C & D -> p_cd -> ignore;
    when B & C & D -> p_bcd -> ignore
        else -> ignore;
    when B & C -> p_bc -> F6 else s3 -> ((v1, v0, v3) -> j3) else s2 -> ignore
}

flow! {
    flow F15(Value) streams Item;
    with World;
    external A;
    external B;
    external C;
    ignore Q;
    start -> v3 -> (v2 else s3 -> split -> each (v2 -> v3)[1] -> gather) else s2 -> v1 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v3 -> v0 -> ignore, Choice::Up(_) => ignore };
    when A -> e0 -> ignore;
    when A | C -> e0 -> split -> each (choose -> match { Choice::Left(_) => skip, Choice::Right(_) => skip, Choice::Up(value) => v0 })[2] -> gather -> ignore;
    when A & D -> p_ad -> split -> each (v0 -> split -> each v3[2] -> gather)[2] -> gather -> split -> each (v3 else skip -> v3) -> gather -> ignore
        else -> e0 -> ignore;
    when B | C -> e2 -> ignore;
    when C -> e1 -> v0 -> ignore;
    when D -> e2 -> split -> each (split -> each v3[2] -> gather -> v3 else skip) -> gather -> (v3 -> (v0, v2) -> j2) else s3 -> ignore;
    rescue v2 -> r0 -> v1 -> v2 -> ignore
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0),
    runner!(F1 C D),
    runner!(F2 A B),
    runner!(F3),
    runner!(F4),
    runner!(F5 A B D),
    runner!(F6),
    runner!(F7 B),
    runner!(F8),
    runner!(F9 D),
    runner!(F10 C),
    runner!(F11 C),
    runner!(F12),
    runner!(F13 B),
    runner!(F14),
    runner!(F15 A B C),
];
