//! Random flows that are accepted; `program.rs` writes this file.
#![allow(
    clippy::ignored_unit_patterns,
    clippy::match_same_arms,
    clippy::single_match,
    clippy::single_match_else,
    reason = "handlers are written as their shapes are"
)]

pub(crate) const SEEDS: &[u64] = &[5, 10, 15, 16, 18, 22, 23, 24, 25, 30, 49, 50, 61, 64, 103, 144, 152, 163, 189];

mod f0 {
    use crate::engine::*;

    #[handler]
    async fn h0() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h9() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A, B])]
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler(emits = [C])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler(emits = [D])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler]
    async fn h8() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> h9 -> end now;
        rescue h0 -> h1 -> (|_| QZ { order: 7 } -> ask QZ -> zero) else h2 -> h3 -> (|_| QY { order: 7 } -> ask QY within "1s" -> zero) else h4 -> h5 -> ignore;
        when A -> h6 -> ignore;
        when B -> h7 -> ignore;
        when C & D -> h8 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f1 {
    use crate::engine::*;

    #[handler(emits = [A])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    #[handler(emits = [QC])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QC { order: 7 });
        0
    }

    #[handler(emits = [D])]
    async fn h11(cx: &Cx) {
        pause().await;
            pause().await;
            cx.emit(D { order: 7 });
        
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h9() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h8() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h10() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        drain within "10s";
        start -> h0 -> ignore;
        when A[3] -> h1 -> ignore;
        ask QC within "1s" every "300ms" h11 -> (h2, h3) -> h4 -> end
            else -> (h5, h6) -> h9 -> ignore;
        every "1s" -> h8 -> |_| toss() -> match { true => h7 -> end, false => ignore };
        when D -> h10 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f2 {
    use crate::engine::*;

    #[handler(emits = [A])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    #[handler]
    async fn h1() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [B, C])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> h7 -> end;
        rescue h1 -> h3 -> |_| some() -> each (h2) -> h4 -> ignore;
        when B -> h5 -> ignore;
        when C -> h6 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f3 {
    use crate::engine::*;

    #[handler]
    async fn h0() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A, B])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler(emits = [E, F])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler(emits = [G])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(G { order: 7 });
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [H, I])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(H { order: 7 });
            pause().await;
            cx.emit(I { order: 7 });
        0
    }

    #[handler(emits = [J, K])]
    async fn h9(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(J { order: 7 });
            pause().await;
            cx.emit(K { order: 7 });
        0
    }

    #[handler(emits = [D])]
    async fn h8(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler]
    async fn h10() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h11() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> first (h0, h1) -> h2 -> ignore;
        when A -> h3 -> ignore;
        when E & F -> h4 -> ignore;
        when G -> h5 -> |_| C { order: 7 } -> emit;
        when B -> h6 -> |_| toss() -> match { true => h7 -> ignore, false => h9 -> ignore };
        when H & I -> h8 -> ignore;
        when J & K by .order -> h10 -> |_| D { order: 7 } -> emit;
        when C & D -> h11 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f4 {
    use crate::engine::*;

    #[handler]
    async fn h0() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [D, E])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(D { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(E { order: 7 });
        }
        }
        0
    }

    #[handler(emits = [F])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(F { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler]
    async fn h8() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h9() -> u32 {
        pause().await;
        0
    }

    #[derive(flow_core::Events)]
    enum AOrB {
        One(A),
        Other(B),
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        external C;
        start -> h0 -> |_| if toss() { AOrB::One(A { order: 7 }) } else { AOrB::Other(B { order: 7 }) } -> emit;
        when A -> h5 -> ignore;
        every "1s" -> h4 -> |_| toss() -> match { true => h1 -> |_| QZ { order: 7 } -> ask QZ -> zero -> h2 -> ignore, false => ignore };
        when C -> h3 -> end;
        when B -> h6 -> ignore;
        when D -> h7 -> ignore;
        when F[3] -> h8 -> end;
        when E -> h9 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [C])
    }
}

mod f5 {
    use crate::engine::*;

    #[handler]
    async fn h0() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A, B])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[derive(flow_core::Events)]
    enum COrD {
        One(C),
        Other(D),
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> |_| QZ { order: 7 } -> ask QZ -> zero -> h1 -> ignore;
        when A & B -> h2 -> |_| QY { order: 7 } -> ask QY -> zero -> h3 -> |_| if toss() { COrD::One(C { order: 7 }) } else { COrD::Other(D { order: 7 }) } -> emit;
        when C -> h4 -> end;
        when D -> h5 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f6 {
    use crate::engine::*;

    #[handler]
    async fn h0() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A, B])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [C, D])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(C { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(D { order: 7 });
        }
        }
        0
    }

    #[handler(emits = [E])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> |_| QZ { order: 7 } -> ask QZ within "1s" -> zero -> h1 -> ignore;
        when A -> h2 -> ignore;
        when B -> h3 -> ignore;
        when C -> h3 -> ignore;
        when D -> h4 -> ignore;
        when E -> h5 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f7 {
    use crate::engine::*;

    #[handler(emits = [A, C])]
    async fn h0(cx: &Cx) -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        match pick(2) {
        0 => {
        }
        _ => {
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(A { order: 7 });
            while toss() {
            pause().await;
            cx.emit(A { order: 7 });
            }
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        }
        }
        Ok(0)
    }

    #[handler(emits = [B, C])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(B { order: 7 });
            while toss() {
            pause().await;
            cx.emit(C { order: 7 });
            }
        }
        _ => {
            pause().await;
            cx.emit(B { order: 7 });
            if toss() {
            pause().await;
            cx.emit(C { order: 7 });
            }
        }
        }
        0
    }

    #[handler(emits = [A, B])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(A { order: 7 });
            while toss() {
            pause().await;
            cx.emit(A { order: 7 });
            }
            pause().await;
            cx.emit(B { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(B { order: 7 });
        }
        }
        0
    }

    #[handler(emits = [B])]
    async fn h3(cx: &Cx) -> Result<u32> {
        pause().await;
        if toss() {
            pause().await;
            cx.emit(B { order: 7 });
            return Err("planned".into());
        }
            pause().await;
            cx.emit(B { order: 7 });
        Ok(0)
    }

    #[handler(emits = [B, C])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        }
        }
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        match pick(2) {
        0 => {
        }
        _ => {
        }
        }
        0
    }

    #[handler(emits = [A])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(A { order: 7 });
            while toss() {
            pause().await;
            cx.emit(A { order: 7 });
            }
        0
    }

    #[handler(emits = [A, B])]
    async fn h8(cx: &Cx) -> u32 {
        pause().await;
            if toss() {
            pause().await;
            cx.emit(A { order: 7 });
            }
            if toss() {
            pause().await;
            cx.emit(B { order: 7 });
            }
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> |_| toss() -> match { true => h1 -> ignore, false => h2 -> ignore };
        when A -> h3 -> |_| toss() -> match { true => h4 -> ignore, false => |_| 0 -> end };
        when B -> (|_| QZ { order: 7 } -> ask QZ -> zero) else h5 -> |_| C { order: 7 } -> emit;
        when C -> h6 -> end;
        every "1s" -> h7 -> h8 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f8 {
    use crate::engine::*;

    #[handler(emits = [A])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [B])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> |_| QZ { order: 7 } -> ask QZ -> zero -> h5 -> ignore;
        every "1s" -> h4 -> |_| toss() -> match { true => h2 -> ignore, false => ignore };
        when B[3] -> h3 -> end;
        finally within "30s" -> h6 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f9 {
    use crate::engine::*;

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h0() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    #[handler]
    async fn h4() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h9() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [QB])]
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QB { order: 7 });
        0
    }

    #[handler(emits = [C])]
    async fn h8(cx: &Cx) {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
        
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h2 -> (h0, (|_| QZ { order: 7 } -> ask QZ within "1s" -> zero) else h1) -> h3 -> ignore;
        when A -> h4 -> h9 -> end;
        rescue h4 -> h5 -> ignore;
        ask QB every "300ms" h8 -> h6 -> end;
        when C -> h7 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f10 {
    use crate::engine::*;

    #[handler(emits = [A, B])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(A { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(B { order: 7 });
        }
        }
        0
    }

    #[handler(emits = [C, D])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(C { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(D { order: 7 });
        }
        }
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [E, F])]
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    #[handler(timeout = "1s")]
    async fn h6() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h8() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when C -> h1 -> ignore;
        when D -> h2 -> end;
        when B -> h3 -> (|_| () -> Asks -> zero) else h4 -> h5 -> ignore;
        when E & F -> h7 -> |_| some() -> each (h6 else skip) -> h8 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f11 {
    use crate::engine::*;

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h0() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A])]
    async fn h9(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    #[handler]
    async fn h8() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        drain within "10s";
        start -> h6 -> ignore;
        every "1s" -> h3 -> |_| toss() -> match { true => h0 else h1 -> h2 -> end, false => ignore };
        finally within "30s" -> h9 -> ignore;
        when A -> h8 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f12 {
    use crate::engine::*;

    #[handler(emits = [A, B])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler(emits = [D])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(D { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
            while toss() {
            pause().await;
            cx.emit(D { order: 7 });
            }
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [D])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        external C;
        start -> h0 -> ignore;
        when A & B -> h1 -> (|_| QZ { order: 7 } -> ask QZ within "1s" -> zero) else h2 -> h3 -> ignore;
        when C -> h4 -> ignore;
        when D -> h5 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [C])
    }
}

mod f13 {
    use crate::engine::*;

    #[handler(emits = [A])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    #[handler(emits = [B, C])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [D, E])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(D { order: 7 });
            pause().await;
            cx.emit(E { order: 7 });
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [F])]
    async fn h9(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler]
    async fn h8() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when B -> h2 -> ignore;
        when C -> h3 -> ignore;
        when D & E -> h4 -> (|_| () -> Sound -> zero) else h5 -> h6 -> end;
        finally within "30s" -> h9 -> ignore;
        when F -> h8 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f14 {
    use crate::engine::*;

    #[handler]
    async fn h0() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A, B])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(A { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(B { order: 7 });
        }
        }
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [C, D])]
    async fn h8(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler]
    async fn h9() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h10() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [C])]
    async fn h12(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        drain within "10s";
        start -> h0 -> (|_| QZ { order: 7 } -> ask QZ within "1s" -> zero) else h1 -> h2 -> ignore;
        when A -> h3 -> (|_| () -> Ticks -> zero) else h4 -> h5 -> end;
        when B -> h6 -> (|_| () -> Quiet -> zero) else h7 -> h8 -> ignore;
        when C -> h9 -> ignore;
        when D -> h10 -> end;
        finally within "30s" -> h12 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f15 {
    use crate::engine::*;

    #[handler(emits = [A, B])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [C])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        match pick(2) {
        0 => {
        }
        _ => {
        }
        }
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when B -> h3 -> first (h2, |_| () -> Quiet -> zero) -> h4 -> end;
        finally within "30s" -> h7 -> ignore;
        when C -> h6 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f16 {
    use crate::engine::*;

    #[handler(emits = [A])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [B])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [B])]
    async fn h8(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h3 -> first (h1, (|_| () -> Asks -> zero) else h2) -> h4 -> |_| some() -> each (|_| toss() -> match { true => h5, false => skip }) -> h6 -> ignore;
        when B -> h7 -> end;
        finally within "30s" -> h8 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f17 {
    use crate::engine::*;

    #[handler(emits = [QA, B, C])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(QA { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(QA { order: 7 });
            pause().await;
            cx.emit(QA { order: 7 });
            while toss() {
            pause().await;
            cx.emit(QA { order: 7 });
            }
            if toss() {
            pause().await;
            cx.emit(B { order: 7 });
            }
        }
        }
        0
    }

    #[handler(emits = [QA, B], retry(attempts = 2))]
    async fn h4(cx: &Cx) -> Result<()> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(QA { order: 7 });
            if toss() {
            pause().await;
            cx.emit(B { order: 7 });
            }
        }
        _ => {
            pause().await;
            cx.emit(QA { order: 7 });
        }
        }
        Ok(())
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler(timeout = "1s")]
    async fn h2() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler(emits = [B, C])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler(emits = [B])]
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(B { order: 7 });
        }
        _ => {
            if toss() {
            pause().await;
            cx.emit(B { order: 7 });
            }
        }
        }
        0
    }

    #[handler]
    async fn h6() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [QA, B, C])]
    async fn h8(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QA { order: 7 });
            if toss() {
            pause().await;
            cx.emit(B { order: 7 });
            }
            while toss() {
            pause().await;
            cx.emit(C { order: 7 });
            }
        0
    }

    #[handler]
    async fn h9() -> u32 {
        pause().await;
        match pick(2) {
        0 => {
        }
        _ => {
        }
        }
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> end;
        ask QA within "1s" every "300ms" h4 -> h1 -> ignore
            else -> h2 -> |_| toss() -> match { true => |_| 0 -> end, false => h3 -> ignore };
        when B -> h5 -> |_| C { order: 7 } -> emit;
        when C[2] -> h6 else h7 -> end
            else -> |_| () -> Sound -> zero -> ignore;
        finally within "30s" -> h8 -> ignore;
        rescue -> h9 -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

mod f18 {
    use crate::engine::*;

    #[handler]
    async fn h0() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [C, D])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [E, F])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(E { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(F { order: 7 });
        }
        }
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h6() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h8() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h9() -> u32 {
        pause().await;
        0
    }

    #[derive(flow_core::Events)]
    enum AOrB {
        One(A),
        Other(B),
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> |_| if toss() { AOrB::One(A { order: 7 }) } else { AOrB::Other(B { order: 7 }) } -> emit;
        when A -> h1 -> ignore;
        when C -> h2 -> ignore;
        when D -> h3 -> ignore;
        when E -> h4 -> |_| () -> Ticks -> zero -> h5 -> end;
        when F -> h6 else h7 -> h8 -> end;
        when B -> h9 -> end now
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed, [])
    }
}

pub(crate) const RUNNERS: &[crate::engine::Runner] = &[
    f0::run,
    f1::run,
    f2::run,
    f3::run,
    f4::run,
    f5::run,
    f6::run,
    f7::run,
    f8::run,
    f9::run,
    f10::run,
    f11::run,
    f12::run,
    f13::run,
    f14::run,
    f15::run,
    f16::run,
    f17::run,
    f18::run,
];
