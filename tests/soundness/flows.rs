//! Random flows that are accepted; `program.rs` writes this file.
#![allow(
    clippy::match_same_arms,
    clippy::single_match,
    clippy::single_match_else,
    reason = "handlers are written as their shapes are"
)]

pub(crate) const SEEDS: &[u64] = &[1, 4, 5, 7, 12, 13, 15, 16, 19, 20, 21, 23, 24, 25, 28, 32];

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

    #[handler(emits = [C, D])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler(emits = [E, F])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [G, H])]
    async fn h6(cx: &Cx) -> Result<u32> {
        pause().await;
        if toss() {
            pause().await;
            cx.emit(G { order: 7 });
            pause().await;
            cx.emit(H { order: 7 });
            return Err("planned".into());
        }
            pause().await;
            cx.emit(G { order: 7 });
            pause().await;
            cx.emit(H { order: 7 });
        Ok(0)
    }

    #[handler(emits = [I, J])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(I { order: 7 });
            pause().await;
            cx.emit(J { order: 7 });
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

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 else h1 -> h2 -> ignore;
        when A -> h3 -> ignore;
        when C & D -> h4 -> ignore;
        when E & F -> h5 -> end;
        when B -> h6 -> ignore;
        when G & H -> h7 -> ignore;
        when I -> h8 -> ignore;
        when J -> h9 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f1 {
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
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
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

    #[handler(emits = [E, F])]
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        0
    }

    #[handler(emits = [G])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(G { order: 7 });
        0
    }

    #[handler(emits = [H])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(H { order: 7 });
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
        start -> h1 -> |_| some() -> each (h0) -> h2 -> ignore;
        when A -> h3 -> ignore;
        when B -> h4 -> ignore;
        when C -> h4 -> ignore;
        when D -> h5 -> ignore;
        when E -> h6 -> ignore;
        when F -> h7 -> ignore;
        when G & H -> h8 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f2 {
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

    #[handler(emits = [QC])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QC { order: 7 });
        0
    }

    #[handler]
    async fn h3() -> u32 {
        pause().await;
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
    async fn h8() -> u32 {
        pause().await;
        0
    }

    #[handler(timeout = "1s")]
    async fn h7() -> Result<u32> {
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
    async fn h10() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h11() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h13() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h12() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h14() -> u32 {
        pause().await;
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
        when A -> h1 -> ignore;
        when B -> h2 -> ignore;
        ask QC within "1s" -> h3 -> |_| toss() -> match { true => h4 -> h6 -> end, false => h8 -> |_| some() -> each (h7 else skip) -> h9 -> end }
            else -> first (h10, h11) -> h13 -> |_| some() -> each (h12) -> h14 -> end;
        rescue h4 -> h5 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f3 {
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

    #[handler(emits = [QC])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QC { order: 7 });
        0
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [D, E])]
    async fn h4(cx: &Cx) -> u32 {
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

    #[handler(timeout = "1s")]
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

    #[handler(retry(attempts = 2))]
    async fn h8() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h10() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h9() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> |_| toss() -> match { true => h1 -> ignore, false => h3 -> ignore };
        when A & B by .order -> h2 -> end;
        ask QC -> h4 -> ignore;
        when D -> h5 -> h7 -> end now;
        rescue h5 -> h6 -> end;
        when E -> h8 -> h10 -> end;
        rescue h8 -> h9 -> end now
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
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(A { order: 7 });
        }
        _ => {
            if toss() {
            pause().await;
            cx.emit(A { order: 7 });
            }
        }
        }
        0
    }

    #[handler(emits = [A])]
    async fn h1(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(A { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(A { order: 7 });
        }
        }
        0
    }

    #[handler(emits = [A, B, C])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            if toss() {
            pause().await;
            cx.emit(A { order: 7 });
            }
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
            while toss() {
            pause().await;
            cx.emit(C { order: 7 });
            }
        }
        _ => {
            pause().await;
            cx.emit(A { order: 7 });
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        }
        }
        0
    }

    #[handler(emits = [C], timeout = "1s")]
    async fn h3(cx: &Cx) -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        match pick(2) {
        0 => {
        }
        _ => {
            pause().await;
            cx.emit(C { order: 7 });
        }
        }
        Ok(0)
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        match pick(2) {
        0 => {
        }
        _ => {
        }
        }
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [A, C])]
    async fn h6(cx: &Cx) -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
            if toss() {
            pause().await;
            cx.emit(A { order: 7 });
            }
            pause().await;
            cx.emit(C { order: 7 });
        Ok(0)
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> (h1, h2) -> |_| 0 -> end;
        when A -> h3 -> end;
        when B -> h4 -> ignore;
        when C -> h5 -> end;
        rescue h3 -> h6 else h7 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f5 {
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
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
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

    #[handler(emits = [F, G])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(F { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(G { order: 7 });
        }
        }
        0
    }

    #[handler(emits = [QH])]
    async fn h7(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QH { order: 7 });
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

    #[handler]
    async fn h10() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> (h1, h2) -> h3 -> ignore;
        when C & D -> h4 -> ignore;
        when E -> h5 -> end;
        when B -> h6 -> ignore;
        when F -> h7 -> ignore;
        ask QH within "1s" -> h8 -> end
            else -> h9 -> end;
        when G -> h10 -> end
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

    #[handler(retry(attempts = 2))]
    async fn h1() -> Result<u32> {
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

    #[handler(emits = [C])]
    async fn h2(cx: &Cx) -> u32 {
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
    async fn h3() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [D])]
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler(emits = [E, F])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
        match pick(3) {
        0 => {
            pause().await;
            cx.emit(E { order: 7 });
        }
        1 => {
            pause().await;
            cx.emit(F { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(E { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
            pause().await;
            cx.emit(F { order: 7 });
        }
        }
        0
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

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h0 -> ignore;
        when B -> h1 -> h9 -> end;
        rescue h1 -> h2 -> ignore;
        when C -> first (h3, h4) -> h5 -> ignore;
        when D[3] -> h6 -> ignore;
        when E -> h7 -> end;
        when F -> h8 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f7 {
    use crate::engine::*;

    #[handler(retry(attempts = 2))]
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

    #[handler(emits = [A, B])]
    async fn h1(cx: &Cx) -> u32 {
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
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler(timeout = "1s", retry(attempts = 2))]
    async fn h3() -> Result<u32> {
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

    #[handler(emits = [C, D])]
    async fn h6(cx: &Cx) -> u32 {
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
    async fn h7() -> u32 {
        pause().await;
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
        start -> h0 -> h9 -> end;
        rescue h0 -> h1 -> ignore;
        when A -> h1 -> ignore;
        when B -> h2 -> |_| toss() -> match { true => h3 else h4 -> h5 -> end, false => h6 -> ignore };
        when C -> h7 -> end;
        when D -> h8 -> end now
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f8 {
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
    async fn h8() -> u32 {
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
    async fn h2() -> Result<u32> {
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

    #[handler(emits = [C, D])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler(emits = [E])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
        0
    }

    #[handler(emits = [F])]
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(F { order: 7 });
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
        start -> h0 -> h8 -> end;
        rescue h0 -> h1 -> ignore;
        when A & B -> h2 -> h7 -> end;
        rescue h2 -> h3 -> ignore;
        when C -> h4 -> ignore;
        when D -> h5 -> ignore;
        when E & F by .order -> h6 -> end;
        when D -> ignore
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f9 {
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

    #[handler]
    async fn h1() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        match pick(2) {
        0 => {
        }
        _ => {
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

    #[handler(emits = [C, D])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
        match pick(2) {
        0 => {
            pause().await;
            cx.emit(C { order: 7 });
        }
        _ => {
            pause().await;
            cx.emit(D { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
        }
        }
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
    async fn h8() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [G])]
    async fn h9(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(G { order: 7 });
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
        start -> h0 -> ignore;
        when A -> h1 else h2 -> h3 -> end now;
        when B -> (h4, h5) -> h6 -> ignore;
        when C -> h7 -> ignore;
        when E & F -> h8 -> end;
        when D -> h9 -> ignore;
        when G -> h10 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f10 {
    use crate::engine::*;

    #[handler(timeout = "1s")]
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

    #[handler(emits = [A, B])]
    async fn h4(cx: &Cx) -> u32 {
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
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler(emits = [D])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(D { order: 7 });
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
        start -> h0 else h1 -> h3 -> |_| some() -> each (h2 else skip) -> h4 -> ignore;
        when A -> h4 -> ignore;
        when B -> h5 -> ignore;
        when C -> h6 -> ignore;
        when D[3] -> h7 -> end
            else -> h7 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f11 {
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

    #[handler(emits = [C, D])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler(emits = [QG])]
    async fn h4(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QG { order: 7 });
        0
    }

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [E])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
        0
    }

    #[handler]
    async fn h7() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [F])]
    async fn h8(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(F { order: 7 });
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

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h1 -> |_| some() -> each (h0) -> h2 -> ignore;
        when A -> h2 -> ignore;
        when B -> h3 -> ignore;
        when C -> h4 -> ignore;
        ask QG within "1s" -> h5 -> |_| E { order: 7 } -> emit
            else -> h6 -> ignore;
        when D -> h7 -> |_| toss() -> match { true => h8 -> ignore, false => h9 -> |_| F { order: 7 } -> emit };
        when E & F -> h10 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f12 {
    use crate::engine::*;

    #[handler(emits = [QA])]
    async fn h0(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(QA { order: 7 });
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

    #[handler(emits = [B])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(B { order: 7 });
        0
    }

    #[handler]
    async fn h4() -> u32 {
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
    async fn h9() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        ask QA -> h1 -> |_| toss() -> match { true => h2 -> h5 -> end, false => h6 -> ignore };
        rescue h2 -> h3 -> ignore;
        when B -> h4 -> end;
        when C -> h8 -> |_| some() -> each (h7) -> h9 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
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

    #[handler]
    async fn h2() -> u32 {
        pause().await;
        0
    }

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [B, C])]
    async fn h3(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(B { order: 7 });
            pause().await;
            cx.emit(C { order: 7 });
        0
    }

    #[handler(emits = [D, E])]
    async fn h4(cx: &Cx) -> u32 {
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

    #[handler]
    async fn h5() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h2 -> |_| some() -> each (h1) -> h3 -> ignore;
        when B & C -> h4 -> ignore;
        when D -> h4 -> ignore;
        when E -> h5 -> end
    }

    pub(crate) fn run(seed: u64) -> String {
        to_output!(Program, seed)
    }
}

mod f14 {
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

    #[handler]
    async fn h1() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [C])]
    async fn h2(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
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
    async fn h4() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [D, E])]
    async fn h5(cx: &Cx) -> u32 {
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

    #[handler]
    async fn h6() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> end;
        when B -> h2 -> ignore;
        when C -> h3 else h4 -> h5 -> ignore;
        when D -> h5 -> ignore;
        when E -> h6 -> end
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
    async fn h4() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler(emits = [C, D])]
    async fn h5(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(C { order: 7 });
            pause().await;
            cx.emit(D { order: 7 });
        0
    }

    #[handler(timeout = "1s")]
    async fn h9() -> Result<u32> {
        pause().await;
        if toss() {
            return Err("planned".into());
        }
        Ok(0)
    }

    #[handler]
    async fn h10() -> u32 {
        pause().await;
        0
    }

    #[handler(emits = [G])]
    async fn h11(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(G { order: 7 });
        0
    }

    #[handler(emits = [E])]
    async fn h6(cx: &Cx) -> u32 {
        pause().await;
            pause().await;
            cx.emit(E { order: 7 });
        0
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
    async fn h12() -> u32 {
        pause().await;
        0
    }

    flow! {
        flow Program -> u32 streams Item;
        sound;
        start -> h0 -> ignore;
        when A -> h1 -> ignore;
        when B -> h2 -> |_| toss() -> match { true => h3 else h4 -> h5 -> ignore, false => h9 else h10 -> h11 -> ignore };
        when C -> h6 -> ignore;
        when D -> h7 -> |_| F { order: 7 } -> emit;
        when E & F -> h8 -> end;
        when G -> h12 -> end
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
