//! Random flows that are accepted; `program.rs` writes this file.
#![allow(
    clippy::match_same_arms,
    clippy::single_match,
    clippy::single_match_else,
    reason = "handlers are written as their shapes are"
)]

pub(crate) const SEEDS: &[u64] = &[15, 16, 45, 73, 80, 107, 141, 162, 168, 242, 253, 258, 274, 303, 335, 350];

mod f0 {
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
        to_output!(Program, seed)
    }
}

mod f1 {
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
        to_output!(Program, seed)
    }
}

mod f2 {
    use crate::engine::*;

    #[handler(emits = [A, B])]
    async fn h0(cx: &Cx) -> Result<u32> {
        pause().await;
        if toss() {
            if toss() {
            pause().await;
            cx.emit(B { order: 7 });
            }
            return Err("planned".into());
        }
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
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

    #[handler(emits = [C, D])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(C { order: 7 });
            if toss() {
            pause().await;
            cx.emit(D { order: 7 });
            }
        }
        _ => {
            pause().await;
            cx.emit(D { order: 7 });
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
        start -> h0 -> ignore;
        when A & B -> first (h1, h2) -> h3 -> ignore;
        when C -> h4 -> end now;
        when D -> first (h5, h6) -> h7 -> end now
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f3 {
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

    #[handler(emits = [C])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler(emits = [E, F])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [G, H])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(G { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(H { order: 7 });
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
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when C[3] -> h2 -> ignore;
        when E -> h3 -> ignore;
        when F -> h4 -> ignore;
        when G -> h5 -> end;
        when H -> h6 -> end;
        when B -> h7 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f4 {
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

    #[handler(emits = [QD])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QD { order: 7 });
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

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when B & C -> h2 -> ignore;
        ask QD -> h3 -> ignore;
        when E -> h4 -> ignore;
        when F -> h5 -> |_| H { order: 7 } -> emit;
        when G & H by .order -> h6 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f5 {
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
    async fn h4() -> u32 {
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

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> h4 -> end now;
        rescue h0 -> h1 -> ignore;
        when A -> h2 -> ignore;
        when B -> h3 -> end now;
        when B -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f6 {
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

    #[handler(emits = [E])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
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
    async fn h6() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
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
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when C -> h2 -> ignore;
        when D -> h3 -> ignore;
        when E -> h4 -> h6 -> end;
        rescue h4 -> h5 -> end;
        when B -> h7 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f7 {
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
    async fn h2() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
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
        start -> h0 -> ignore;
        when A[3] -> h1 -> ignore;
        when C -> h1 -> ignore;
        when D -> h2 else h3 -> h4 -> ignore;
        when E -> h5 -> end;
        when A -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f8 {
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
    async fn h2() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
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

    #[handler(emits = [C])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
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
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when B -> h3 -> |_| some() -> each (h2 else skip) -> first (h4, h5) -> h6 -> ignore;
        when C -> h7 -> end now
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f9 {
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

    #[handler(emits = [E, F])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [C])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
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

    #[handler(emits = [QG])]
    async fn h8(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QG { order: 7 });
        0
    }

    #[handler(emits = [H, I])]
    async fn h9(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(H { order: 7 });
            pause().await;
            cx.emit(I { order: 7 });
        0
    }

    #[handler]
    async fn h11() -> u32 {
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
        start -> h0 -> |_| toss() -> match { true => h1 -> ignore, false => h7 -> ignore };
        when A -> h2 -> ignore;
        when B -> h3 -> ignore;
        when C[3] -> (h4, h5) -> h6 -> end;
        when E & F -> h8 -> ignore;
        ask QG within "1s" -> h9 -> ignore
            else -> h11 -> end now;
        when H & I by .order -> h10 -> end;
        when A -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f10 {
    use crate::engine::*;

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h0() -> u32 {
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

    #[handler(emits = [C, D])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler(emits = [E, F])]
    async fn h5(cx: &Cx) -> u32 {
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
    async fn h6() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h1 -> |_| some() -> each (h0) -> h2 -> ignore;
        when A -> h3 -> end;
        when B -> h4 -> ignore;
        when C & D -> h5 -> ignore;
        when E -> h5 -> ignore;
        when F -> h6 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f11 {
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
    async fn h3() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
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

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when C -> h2 -> end;
        when D -> h3 -> h6 -> end;
        rescue h3 -> h4 -> ignore;
        when E -> h5 -> end;
        when B -> h7 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f12 {
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

    #[handler]
    async fn h2() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(A { order: 7 });
        0
    }

    #[handler]
    async fn h5() -> Result<u32> {
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
    async fn h6() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> (h0, h1) -> h2 else h3 -> h4 -> ignore;
        when A -> h5 -> h7 -> end;
        rescue h5 -> h6 -> end;
        when A -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f13 {
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

    #[handler(retry(attempts = 2))]
    async fn h2() -> Result<u32> {
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

    #[handler]
    async fn h4() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h5() -> u32 {
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
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when B -> h2 -> h8 -> end;
        rescue h2 -> h3 -> ignore;
        when C -> h4 -> h6 -> end;
        rescue h4 -> h5 -> end;
        when D -> h7 -> end;
        when D -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f14 {
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

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when B -> h2 -> ignore;
        when C -> h3 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f15 {
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

    #[handler(emits = [C])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler(emits = [E, F])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [G])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(G { order: 7 });
        0
    }

    #[handler(emits = [D])]
    async fn h5(cx: &Cx) -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
            pause().await;
            cx.emit(D { order: 7 });
        Ok(0)
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
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when C -> h2 -> ignore;
        when E -> h3 -> ignore;
        when F -> h4 -> ignore;
        when G -> h5 -> ignore;
        when D[3] -> h6 -> end;
        when B -> h7 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
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
];
