//! Random flows; `generate.rs` writes this file.

use flow_core::flow;

use crate::engine::*;
use crate::script::{Value, World};

pub(crate) const SEED: u64 = 1;

flow! {
    flow F0(Value) streams Item;
    with World;
    start -> v3 -> ignore;
    when A -> e0 -> (choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v1, Choice::Up(value) => v1 -> v0 }, v1, split -> each v2[1] -> gather) -> j3 -> (v3 else s2, v2, split -> each v3[1] -> gather) -> j3 -> ignore;
    when B(value) if value.is_odd() -> e3 -> ignore
        else -> ignore;
    when C & D -> p_cd -> ignore
        else -> e0 -> ignore;
    when C -> e0 -> choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v2, Choice::Up(value) => (v1, v3 -> v1, v3 -> v3) -> j3 } -> split -> each ((v0 -> v3, v2 -> v0) -> j2)[1] -> gather -> ignore;
    when A | D -> e1 -> v3 -> (split -> each (v3 -> v2)[2] -> gather, v3) -> j2 -> ignore;
    rescue e0 -> r0 -> ignore
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    start -> v3 -> (v1 -> v1 else s0) else s2 -> (split -> each (v2 -> v1)[1] -> gather, choose -> match { Choice::Left(value) => v1 -> v2, Choice::Right(value) => v3, Choice::Up(value) => v0 } -> choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v3, Choice::Up(value) => v2 }) -> j2 -> ignore;
    when A -> e3 -> v2 -> ignore;
    when A & B & C -> p_abc -> split -> each (v0 -> v3 else s1)[2] -> gather -> split -> each (split -> each v3 -> gather)[2] -> gather -> end now
        else -> e1 -> end;
    when A & B -> p_ab -> ignore
        else -> e3 -> split -> each v0[2] -> gather -> end;
    when A | D -> e2 -> v3 -> end;
    rescue e3 -> r0 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v2 -> v1 -> ignore, Choice::Up(_) => ignore }
}

flow! {
    flow F2(Value) -> Value streams Item;
    with World;
    start -> v3 -> end now;
    when A & D -> p_ad -> v1 -> v1 -> ignore;
    when C & D -> p_cd -> ignore
        else -> e2 -> ignore;
    when A & B -> p_ab -> (split -> each (v1 -> v0)[2] -> gather) else s1 -> (v1, (v1, v3, v3 -> v0) -> j3 -> v0 else s3) -> j2 -> ignore;
    rescue e2 -> r0 -> ignore
}

flow! {
    flow F3(Value) -> Value streams Item;
    with World;
    start -> v3 -> v3 -> ignore;
    when A & B & C -> p_abc -> v2 -> end;
    when B -> e2 -> v2 -> v2 else s2 -> ignore;
    when B & C & D -> p_bcd -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v3 -> ignore, Choice::Up(value) => v0 -> ignore };
    rescue v0 | v2 -> r0 -> ignore
}

flow! {
    flow F4(Value) streams Item;
    with World;
    start -> v3 -> v1 -> v2 -> ignore;
    when A(value) if value.is_odd() -> e2 -> ignore
        else -> e2 -> ignore;
    when A & B -> p_ab -> ignore
        else -> e2 -> ignore;
    when B & C & D -> p_bcd -> ignore;
    when D(value) if value.is_odd() -> e1 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v2 -> v3 -> ignore, Choice::Up(value) => v0 -> ignore }
        else -> e0 -> ignore;
    rescue v3 | e0 -> r0 -> (v1, v0 else s0 -> split -> each v2[2] -> gather, choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v0, Choice::Up(value) => v1 }) -> j3 -> ((v2, v0, v3) -> j3 -> v3 else s2) else s0 -> ignore;
    rescue -> r0 -> ignore
}

flow! {
    flow F5(Value) -> Value streams Item;
    with World;
    start -> v3 -> v0 -> end now;
    when A(value) if value.is_odd() -> e2 -> split -> each v1 -> gather -> split -> each (split -> each (v1 -> v3) -> gather -> v1)[1] -> gather -> end
        else -> e3 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v2 -> ignore, Choice::Up(value) => v2 -> end };
    when B | D -> e0 -> split -> each ((v0, v2 -> v3) -> j2)[2] -> gather -> split -> each (v1 else s2 -> v1 else skip) -> gather -> end;
    when B -> e0 -> end now;
    when C(value) if value.is_odd() -> e0 -> v0 -> ignore
        else -> e3 -> v0 -> ignore;
    when D(value) if value.is_odd() -> e3 -> v1 -> end now
        else -> ignore;
    rescue e2 -> r0 -> (split -> each v3 -> gather) else s0 -> end
}

flow! {
    flow F6(Value) streams Item;
    with World;
    start -> v3 -> ignore;
    when A & B & C -> p_abc -> v0 -> ignore;
    when B(value) if value.is_odd() -> e1 -> ((v2, v1) -> j2, v3 -> v2, choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v0, Choice::Up(value) => v3 }) -> j3 -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(value) => v1 -> ignore, Choice::Up(value) => v3 -> ignore }
        else -> e0 -> ignore;
    when A & D -> p_ad -> ignore;
    rescue e0 -> r0 -> split -> each (v1 else s0) -> gather -> ignore
}

flow! {
    flow F7(Value) -> Value streams Item;
    with World;
    start -> v3 -> end;
    when A & B -> p_ab -> ((v0, v1) -> j2 -> split -> each v0 -> gather) else s3 -> ignore;
    when A | B -> e0 -> ignore;
    when C & D -> p_cd -> v1 -> v2 else s2 -> ignore;
    rescue -> r0 -> end
}

flow! {
    flow F8(Value) -> Value streams Item;
    with World;
    start -> v3 -> ignore;
    when A & D -> p_ad -> v2 -> v3 -> end
        else -> e3 -> (v1, split -> each v0 -> gather, (v1, v2, v0) -> j3) -> j3 -> v1 else s0 -> ignore;
    when B(value) if value.is_odd() -> e1 -> ignore
        else -> ignore;
    when B & C -> p_bc -> ignore
        else -> e2 -> v3 -> v3 -> ignore;
    rescue e2 | e3 -> r0 -> v3 -> ignore
}

flow! {
    flow F9(Value) streams Item;
    with World;
    start -> v3 -> choose -> match { Choice::Left(value) => v0 -> ignore, Choice::Right(value) => v0 -> ignore, Choice::Up(value) => v2 -> ignore };
    when A(value) if value.is_odd() -> e2 -> ignore
        else -> ignore;
    when C & D -> p_cd -> ignore
        else -> ignore;
    when A & D -> p_ad -> ignore
        else -> e0 -> choose -> match { Choice::Left(value) => v1 -> v1 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v1 -> ignore };
    when A & B & C -> p_abc -> ignore
        else -> e1 -> (v1 -> v3, split -> each v0[2] -> gather) -> j2 -> (v2, (v0, v2, v3) -> j3, (v0 -> v1, v3, v2) -> j3 -> v1) -> j3 -> ignore;
    when C(value) if value.is_odd() -> e1 -> (split -> each v3[2] -> gather, v2 -> choose -> match { Choice::Left(value) => v3 -> v2, Choice::Right(value) => v2, Choice::Up(value) => v1 }) -> j2 -> ((v0 -> v1, v3, v3) -> j3 -> v1, (v0 -> v1, v1, v3) -> j3 -> v3) -> j2 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v3 -> ignore, Choice::Up(value) => v2 -> ignore }
        else -> ignore;
    when D -> e2 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v3 -> ignore, Choice::Up(_) => ignore };
    finally within "1s" -> settle -> ignore
}

flow! {
    flow F10(Value) -> Value streams Item;
    with World;
    start -> v3 -> end;
    when A | D -> e3 -> end;
    when A & D -> p_ad -> ((v2, v1, v0) -> j3) else s2 -> end;
    when B & C -> p_bc -> ignore;
    when D(value) if value.is_odd() -> e0 -> (v1, (v2 -> v3, v1) -> j2 -> (v1 -> v1) else s3, v3) -> j3 -> ignore
        else -> ignore;
    rescue e3 -> r0 -> ignore
}

flow! {
    flow F11(Value) -> Value streams Item;
    with World;
    start -> v3 -> v2 else s2 -> ignore;
    when A & B -> p_ab -> choose -> match { Choice::Left(value) => v2 -> end, Choice::Right(_) => ignore, Choice::Up(value) => v0 -> v3 -> end };
    when B & C & D -> p_bcd -> F3 else s3 -> ignore
        else -> e0 -> ignore;
    when B | C -> e1 -> end;
    when B(value) if value.is_odd() -> e0 -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(value) => v3 -> end, Choice::Up(value) => v2 -> v3 -> ignore }
        else -> e3 -> end now;
    when C(value) if value.is_odd() -> e1 -> v3 -> choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v3, Choice::Up(value) => choose -> match { Choice::Left(value) => v2 -> v3, Choice::Right(value) => v2, Choice::Up(value) => v1 -> v0 } } -> end
        else -> ignore;
    when A & D -> p_ad -> v0 -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v3 -> end, Choice::Up(value) => v3 -> v3 -> ignore };
    finally within "1s" -> settle -> ignore;
    rescue v3 -> r0 -> end now
}

flow! {
    flow F12(Value) streams Item;
    with World;
    start -> v3 -> v2 -> ignore;
    when C & D -> p_cd -> ignore;
    when A & B -> p_ab -> ignore
        else -> e3 -> ignore;
    when B | D -> e0 -> v3 -> v2 -> ignore;
    rescue v3 | p_ab -> r0 -> ignore;
    rescue -> r0 -> (v2 -> v0, v3 -> split -> each v2[1] -> gather, v0) -> j3 -> ignore
}

flow! {
    flow F13(Value) -> Value streams Item;
    with World;
    start -> v3 -> v0 else s3 -> ignore;
    when C & D -> p_cd -> choose -> match { Choice::Left(value) => v0 -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v0 -> v3, Choice::Up(value) => v2 }, Choice::Right(value) => choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v1, Choice::Up(value) => v2 }, Choice::Up(value) => v0 } -> choose -> match { Choice::Left(value) => v2 -> end now, Choice::Right(_) => ignore, Choice::Up(value) => v1 -> v3 -> end }
        else -> e2 -> split -> each v1 -> gather -> v0 -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(value) => v2 -> v3 -> end now, Choice::Up(value) => v2 -> ignore };
    when B & C -> p_bc -> v1 -> end now;
    when C(value) if value.is_odd() -> e3 -> ignore
        else -> e3 -> end;
    when A & D -> p_ad -> split -> each (split -> each v0[1] -> gather)[2] -> gather -> (split -> each v1 -> gather -> v1 else s2) else s2 -> ignore;
    rescue e3 | choose -> r0 -> v1 -> end
}

flow! {
    flow F14(Value) -> Value streams Item;
    with World;
    start -> v3 -> (v1 -> split -> each v2[1] -> gather, split -> each v0 -> gather -> (v3, v3 -> v2) -> j2, v1 else s2 -> split -> each (v3 -> v3)[1] -> gather) -> j3 -> ignore;
    when A | C -> e2 -> end;
    when B & C -> p_bc -> split -> each (split -> each v3 -> gather -> choose -> match { Choice::Left(value) => v2, Choice::Right(_) => skip, Choice::Up(_) => skip })[2] -> gather -> ignore
        else -> e3 -> ignore;
    when B | D -> e0 -> choose -> match { Choice::Left(value) => v2 -> v1 -> ignore, Choice::Right(value) => v2 -> ignore, Choice::Up(value) => v3 -> v0 -> ignore };
    finally within "1s" -> settle -> F7 else s3 -> split -> each ((v3 -> v0) else skip)[1] -> gather -> ignore
}

flow! {
    flow F15(Value) streams Item;
    with World;
    start -> v3 -> ignore;
    when A -> e3 -> ignore;
    when A & B -> p_ab -> choose -> match { Choice::Left(value) => (v0 -> v0) else s1, Choice::Right(value) => split -> each v0[2] -> gather, Choice::Up(value) => split -> each v0[2] -> gather } -> ignore
        else -> e2 -> split -> each v0 -> gather -> (v1, v0, split -> each v0[2] -> gather) -> j3 -> ignore;
    when B(value) if value.is_odd() -> e1 -> (choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v1, Choice::Up(value) => v3 -> v0 }, v0 -> v0) -> j2 -> split -> each (v3 else skip)[1] -> gather -> ignore
        else -> ignore;
    when A | C -> e3 -> v0 -> ((v3, v1) -> j2, choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v0, Choice::Up(value) => v3 }, v2 else s2 -> choose -> match { Choice::Left(value) => v1 -> v2, Choice::Right(value) => v3, Choice::Up(value) => v1 }) -> j3 -> ignore;
    when C | D -> e0 -> ignore;
    rescue e0 | e3 -> r0 -> (v0, v1 -> v2, (v2 -> v1, v0, v0 -> v3) -> j3) -> j3 -> v3 -> ignore
}

pub(crate) const RUNNERS: &[Runner] = &[
    runner!(F0),
    runner!(F1),
    runner!(F2),
    runner!(F3),
    runner!(F4),
    runner!(F5),
    runner!(F6),
    runner!(F7),
    runner!(F8),
    runner!(F9),
    runner!(F10),
    runner!(F11),
    runner!(F12),
    runner!(F13),
    runner!(F14),
    runner!(F15),
];
