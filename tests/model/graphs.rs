//! Random flows; `generate.rs` writes this file.

use flow_core::flow;

use crate::engine::*;
use crate::script::{Value, World};

pub(crate) const SEED: u64 = 393;

flow! {
    flow F0(Value) streams Item;
    with World;
    start -> v3 -> v2 -> v0 -> choose -> match { Choice::Left(value) => v2 -> ignore, Choice::Right(value) => v2 -> ignore, Choice::Up(value) => v3 -> ignore };
    when A -> e2 -> split -> each (v3 -> v2)[2] -> gather -> split -> each (split -> each (v1 -> v3) -> gather)[2] -> gather -> ignore;
    when B | D -> e1 -> ignore;
    when A & D -> p_ad -> v0 -> ignore
        else -> e1 -> v3 -> ignore;
    when A & B & C -> p_abc -> v0 -> ignore;
    when D -> e3 -> v2 -> split -> each ((v2 -> v3) else s0 -> v0)[1] -> gather -> ignore;
    finally within "1s" -> settle -> v0 -> ignore;
    rescue e2 -> r0 -> v0 -> v2 -> ignore
}

flow! {
    flow F1(Value) -> Value streams Item;
    with World;
    start -> v3 -> ignore;
    when A & D -> p_ad -> ignore
        else -> e3 -> ((v0, v2) -> j2 -> split -> each v0 -> gather, v0) -> j2 -> end;
    when A | B -> e2 -> end now;
    when A & B -> p_ab -> end
        else -> e1 -> v0 -> ignore;
    when B & C -> p_bc -> split -> each v0 -> gather -> v2 -> ignore;
    when A | D -> e3 -> ignore;
    finally within "1s" -> settle -> ignore;
    rescue v3 -> r0 -> ignore
}

flow! {
    flow F2(Value) -> Value streams Item;
    with World;
    start -> v3 -> end now;
    when A -> e3 -> F1 else s3 -> v2 -> ignore;
    when B & C & D -> p_bcd -> choose -> match { Choice::Left(value) => choose -> match { Choice::Left(value) => v0 -> v1, Choice::Right(value) => v3, Choice::Up(value) => v2 }, Choice::Right(value) => F1 -> (v2 -> v3, v0, v1) -> j3, Choice::Up(value) => (v1, v0) -> j2 -> v3 } -> split -> each (split -> each v1[1] -> gather)[2] -> gather -> end
        else -> ignore;
    when A & B -> p_ab -> v0 -> end now
        else -> ignore;
    rescue choose -> r0 -> choose -> match { Choice::Left(value) => v1 -> end, Choice::Right(value) => v0 -> ignore, Choice::Up(_) => ignore }
}

flow! {
    flow F3(Value) -> Value streams Item;
    with World;
    ignore A;
    ignore D;
    start -> v3 -> ignore;
    when B -> e0 -> end now;
    when C(value) if value.is_odd() -> e1 -> end
        else -> e2 -> end;
    rescue e1 | e2 -> r0 -> ignore
}

flow! {
    flow F4(Value) streams Item;
    with World;
    ignore A;
    start -> v3 -> ignore;
    when B & C -> p_bc -> ignore
        else -> e0 -> choose -> match { Choice::Left(value) => (v2, v1 -> v0) -> j2 -> v1, Choice::Right(value) => v1 -> (v1, v2 -> v0) -> j2, Choice::Up(value) => v2 -> v2 } -> (v0, v2, v3) -> j3 -> ignore;
    when C & D -> p_cd -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v3 -> v2 -> ignore }
        else -> ignore;
    when B | C -> e0 -> v3 else s0 -> split -> each (choose -> match { Choice::Left(value) => v2, Choice::Right(value) => v1 -> v1, Choice::Up(value) => v3 }) -> gather -> choose -> match { Choice::Left(_) => ignore, Choice::Right(value) => v0 -> ignore, Choice::Up(_) => ignore };
    when B & C & D -> p_bcd -> ((v2 -> v0) else s1 -> (v0, v1, v1) -> j3, v0 else s2, (v1, v1) -> j2) -> j3 -> v1 -> ignore
        else -> e2 -> v2 -> (v3 -> (v2, v3) -> j2) else s0 -> ignore;
    finally within "1s" -> settle -> split -> each (split -> each v3[2] -> gather) -> gather -> (v2, (v2, v0, v0) -> j3, split -> each v0[1] -> gather -> v1) -> j3 -> ignore
}

flow! {
    flow F5(Value) -> Value streams Item;
    with World;
    start -> v3 -> v0 -> F3 else s3 -> ignore;
    when A -> e0 -> F3 else s3 -> F1 -> end now;
    when B -> e2 -> ignore;
    when C(value) if value.is_odd() -> e1 -> end
        else -> e3 -> v1 -> ignore;
    when D -> e1 -> end;
    when D(value) if value.is_odd() -> e0 -> v1 -> F1 else s3 -> end
        else -> e0 -> ignore;
    finally within "1s" -> settle -> ignore;
    rescue v1 | e0 | e3 -> r0 -> v1 -> ((v1 -> v1) else s3, (v3, v3) -> j2 -> v2) -> j2 -> ignore
}

flow! {
    flow F6(Value) -> Value streams Item;
    with World;
    start -> v3 -> v2 -> choose -> ignore;
    when A(value) if value.is_odd() -> e0 -> (split -> each v3 -> gather, split -> each v2[2] -> gather -> v2, v3 -> v1) -> j3 -> ignore
        else -> ignore;
    when B & C & D -> p_bcd -> v2 -> end now;
    when C -> e0 -> ignore;
    when A & B -> p_ab -> end;
    when B | D -> e1 -> v1 -> choose -> match { Choice::Left(value) => v0 -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v2, Choice::Up(value) => v3 }, Choice::Right(value) => v3 -> (v0 -> v3) else s1, Choice::Up(value) => v0 } -> end;
    finally within "1s" -> settle -> ignore;
    rescue v0 -> r0 -> end now
}

flow! {
    flow F7(Value) -> Value streams Item;
    with World;
    ignore C;
    start -> v3 -> (v0 -> (v0, v3, v1) -> j3, choose -> match { Choice::Left(value) => v3, Choice::Right(value) => v0, Choice::Up(value) => v3 }) -> j2 -> ignore;
    when A & D -> p_ad -> v2 -> v0 -> end now;
    when A & B -> p_ab -> v0 -> choose -> match { Choice::Left(value) => v0 -> v3 -> end, Choice::Right(value) => v0 -> v2 -> end now, Choice::Up(value) => v2 -> ignore };
    when A | D -> e0 -> v0 -> split -> each v3 -> gather -> ignore;
    finally within "1s" -> settle -> (v1, v3) -> j2 -> v3 -> ignore;
    rescue p_ab -> r0 -> ignore
}

flow! {
    flow F8(Value) -> Value streams Item;
    with World;
    ignore A;
    start -> v3 -> F6 -> (choose -> match { Choice::Left(value) => v0 -> v1, Choice::Right(value) => v0, Choice::Up(value) => v2 } -> split -> each (v2 -> v0) -> gather) else s2 -> ignore;
    when B(value) if value.is_odd() -> e0 -> F3 else s3 -> ((v3 -> v2, v3, v1 -> v1) -> j3) else s2 -> end
        else -> e0 -> end;
    when C & D -> p_cd -> F7 -> ignore
        else -> e0 -> ignore;
    when D -> e0 -> ((v1 -> v1) else s0) else s2 -> ignore;
    finally within "1s" -> settle -> v2 else s2 -> v0 -> ignore;
    rescue v0 | v3 | e0 -> r0 -> (F7, v1 -> v2, v2) -> j3 -> choose -> match { Choice::Left(value) => F7, Choice::Right(value) => split -> each (v2 -> v0)[1] -> gather, Choice::Up(value) => v3 else s1 -> (v1, v1) -> j2 } -> end now;
    rescue -> r0 -> end
}

flow! {
    flow F9(Value) streams Item;
    with World;
    start -> v3 -> ignore;
    when A(value) if value.is_odd() -> e0 -> choose -> match { Choice::Left(value) => v0 -> v2 -> ignore, Choice::Right(value) => v3 -> ignore, Choice::Up(value) => v0 -> ignore }
        else -> e3 -> ((v2, v1, v2 -> v1) -> j3, split -> each v0[2] -> gather -> (v2, v1) -> j2, split -> each v2[1] -> gather) -> j3 -> split -> each (choose -> match { Choice::Left(value) => v2, Choice::Right(_) => skip, Choice::Up(value) => v3 }) -> gather -> ignore;
    when A | B -> e1 -> ((v3, v3) -> j2 -> (v3, v2, v3) -> j3, v0 else s2) -> j2 -> ignore;
    when B & C & D -> p_bcd -> ignore
        else -> e2 -> ((v0, v2, v3) -> j3, v3 else s1) -> j2 -> ignore;
    finally within "1s" -> settle -> ignore;
    rescue e1 -> r0 -> v3 -> v3 -> choose -> match { Choice::Left(value) => v1 -> ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore }
}

flow! {
    flow F10(Value) -> Value streams Item;
    with World;
    ignore C;
    start -> v3 -> split -> each (split -> each v0[2] -> gather) -> gather -> v2 -> end;
    when A | D -> e2 -> choose -> match { Choice::Left(value) => v1, Choice::Right(value) => (v0, v3, v3) -> j3, Choice::Up(value) => v1 } -> ignore;
    when B(value) if value.is_odd() -> e0 -> v2 -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(_) => ignore, Choice::Up(_) => ignore }
        else -> e1 -> v3 -> ignore;
    rescue v1 | e0 | e1 -> r0 -> v3 -> split -> each (v3 -> (v1 -> v3, v3, v1) -> j3)[2] -> gather -> ignore
}

flow! {
    flow F11(Value) -> Value streams Item;
    with World;
    start -> v3 -> ignore;
    when B & C & D -> p_bcd -> split -> each (v3 else skip) -> gather -> F10 else s3 -> ignore;
    when A -> e0 -> end;
    rescue v3 | e0 -> r0 -> (F7 else s3 -> v1) else s3 -> v2 -> end now
}

flow! {
    flow F12(Value) streams Item;
    with World;
    start -> v3 -> ignore;
    when A -> e0 -> v1 -> v2 -> ignore;
    when A(value) if value.is_odd() -> e1 -> ignore
        else -> e0 -> split -> each ((v1, v1) -> j2) -> gather -> ignore;
    when B & C -> p_bc -> v3 -> split -> each ((v3, v0 -> v0) -> j2 -> (v1, v2, v2 -> v1) -> j3) -> gather -> choose -> match { Choice::Left(value) => v3 -> ignore, Choice::Right(value) => v1 -> ignore, Choice::Up(_) => ignore }
        else -> ignore;
    when A & B & C -> p_abc -> (v2, (v1, v0) -> j2 -> v0, v2) -> j3 -> ignore;
    when A & D -> p_ad -> ignore;
    when D -> e0 -> (v1 -> v2) else s3 -> ignore;
    when A | D -> e2 -> (v3 else s0, v2, v1) -> j3 -> ignore;
    finally within "1s" -> settle -> choose -> ignore
}

flow! {
    flow F13(Value) -> Value streams Item;
    with World;
    start -> v3 -> ignore;
    when A(value) if value.is_odd() -> e3 -> choose -> match { Choice::Left(value) => v1 -> ignore, Choice::Right(value) => v0 -> end, Choice::Up(value) => v2 -> v0 -> end now }
        else -> ignore;
    when B -> e0 -> ignore;
    when A & D -> p_ad -> split -> each (v1 else s3 -> choose -> match { Choice::Left(value) => v0, Choice::Right(value) => v1, Choice::Up(value) => v0 }) -> gather -> split -> each (v0 -> split -> each v2[2] -> gather)[2] -> gather -> ignore
        else -> ignore;
    when C | D -> e2 -> ignore;
    when A & B & C -> p_abc -> ignore
        else -> e0 -> ignore;
    finally within "1s" -> settle -> ignore;
    rescue v3 | e0 | e2 | e3 -> r0 -> end now
}

flow! {
    flow F14(Value) -> Value streams Item;
    with World;
    start -> v3 -> (v3 else s2, v1, F10 else s3) -> j3 -> choose -> match { Choice::Left(value) => v0 -> ignore, Choice::Right(_) => ignore, Choice::Up(value) => v1 -> ignore };
    when B & C & D -> p_bcd -> choose -> match { Choice::Left(value) => v0 -> end now, Choice::Right(value) => v1 -> v1 -> end now, Choice::Up(_) => ignore }
        else -> e1 -> ignore;
    when A(value) if value.is_odd() -> e0 -> end
        else -> e0 -> v2 -> F3 -> ignore;
    when B(value) if value.is_odd() -> e2 -> ignore
        else -> e1 -> end;
    when C & D -> p_cd -> end;
    when A & B & C -> p_abc -> ignore
        else -> ignore;
    finally within "1s" -> settle -> choose -> ignore;
    rescue e0 -> r0 -> split -> each (F13 else skip -> (v3 -> v2, v0 -> v2) -> j2) -> gather -> F13 -> end
}

flow! {
    flow F15(Value) streams Item;
    with World;
    ignore C;
    start -> v3 -> split -> each ((v1, v2) -> j2 -> v3)[1] -> gather -> v1 -> ignore;
    when A | D -> e3 -> (v0, choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v0 -> v2, Choice::Up(value) => v0 }, v1 else s0) -> j3 -> ignore;
    when A & B -> p_ab -> v1 -> ignore
        else -> e1 -> split -> each (choose -> match { Choice::Left(value) => v1, Choice::Right(value) => v1, Choice::Up(value) => v2 -> v2 })[1] -> gather -> split -> each (v3 else s0 -> v0)[1] -> gather -> ignore
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
