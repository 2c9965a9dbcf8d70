//! Proofs of the nastiest flows, which rustc interprets within its limits: the order of the text
//! makes a pass over it, in either direction, find out about one clause.
#![deny(long_running_const_eval)]
#![allow(dead_code)]

use flow_core::{Cx, Event, flow, handler};

// Each clause waits for three of the events of the clauses before it: 50 joins that overlap.
macro_rules! tangle {
    ($($join:ident($a:ident $b:ident $c:ident) -> $($next:ident)+;)*) => {
        $(
            #[derive(Event)]
            struct $a;
            #[derive(Event)]
            struct $b;
            #[derive(Event)]
            struct $c;
            #[handler(emits = [$($next),+])]
            async fn $join(_: ($a, $b, $c), cx: &Cx) {
                $(cx.emit($next);)+
            }
        )*
        fn joined() -> impl Sized {
            flow! {
                sound;
                start -> begin;
                $(when $a & $b & $c -> $join;)*
                when A49 & B49 & C49 -> done -> end
            }
        }
    };
}

tangle! {
    j0(A0 B0 C0) -> A1 B2 C3; j2(A2 B2 C2) -> A3 B4 C5; j4(A4 B4 C4) -> A5 B6 C7;
    j6(A6 B6 C6) -> A7 B8 C9; j8(A8 B8 C8) -> A9 B10 C11; j10(A10 B10 C10) -> A11 B12 C13;
    j12(A12 B12 C12) -> A13 B14 C15; j14(A14 B14 C14) -> A15 B16 C17;
    j16(A16 B16 C16) -> A17 B18 C19; j18(A18 B18 C18) -> A19 B20 C21;
    j20(A20 B20 C20) -> A21 B22 C23; j22(A22 B22 C22) -> A23 B24 C25;
    j24(A24 B24 C24) -> A25 B26 C27; j26(A26 B26 C26) -> A27 B28 C29;
    j28(A28 B28 C28) -> A29 B30 C31; j30(A30 B30 C30) -> A31 B32 C33;
    j32(A32 B32 C32) -> A33 B34 C35; j34(A34 B34 C34) -> A35 B36 C37;
    j36(A36 B36 C36) -> A37 B38 C39; j38(A38 B38 C38) -> A39 B40 C41;
    j40(A40 B40 C40) -> A41 B42 C43; j42(A42 B42 C42) -> A43 B44 C45;
    j44(A44 B44 C44) -> A45 B46 C47; j46(A46 B46 C46) -> A47 B48 C49; j48(A48 B48 C48) -> A49;
    j47(A47 B47 C47) -> A48 B49; j45(A45 B45 C45) -> A46 B47 C48; j43(A43 B43 C43) -> A44 B45 C46;
    j41(A41 B41 C41) -> A42 B43 C44; j39(A39 B39 C39) -> A40 B41 C42;
    j37(A37 B37 C37) -> A38 B39 C40; j35(A35 B35 C35) -> A36 B37 C38;
    j33(A33 B33 C33) -> A34 B35 C36; j31(A31 B31 C31) -> A32 B33 C34;
    j29(A29 B29 C29) -> A30 B31 C32; j27(A27 B27 C27) -> A28 B29 C30;
    j25(A25 B25 C25) -> A26 B27 C28; j23(A23 B23 C23) -> A24 B25 C26;
    j21(A21 B21 C21) -> A22 B23 C24; j19(A19 B19 C19) -> A20 B21 C22;
    j17(A17 B17 C17) -> A18 B19 C20; j15(A15 B15 C15) -> A16 B17 C18;
    j13(A13 B13 C13) -> A14 B15 C16; j11(A11 B11 C11) -> A12 B13 C14; j9(A9 B9 C9) -> A10 B11 C12;
    j7(A7 B7 C7) -> A8 B9 C10; j5(A5 B5 C5) -> A6 B7 C8; j3(A3 B3 C3) -> A4 B5 C6;
    j1(A1 B1 C1) -> A2 B3 C4;
}

#[derive(Event)]
struct A49;
#[derive(Event)]
struct B49;
#[derive(Event)]
struct C49;
#[handler(emits = [A0, B0, B1, C0, C1, C2])]
async fn begin(cx: &Cx) {
    cx.emit(A0);
    cx.emit(B0);
    cx.emit(B1);
    cx.emit(C0);
    cx.emit(C1);
    cx.emit(C2);
}
#[handler]
async fn done(_: (A49, B49, C49)) -> u32 {
    1
}

// A chain of 300 events.
macro_rules! chain {
    ($($event:ident $handler:ident $next:ident;)*) => {
        $(
            #[derive(Event)]
            struct $event;
            #[handler(on = $event, emits = $next)]
            async fn $handler(cx: &Cx) {
                cx.emit($next);
            }
        )*
        fn chained() -> impl Sized {
            flow! {
                sound;
                start -> first;
                $(when $event -> $handler;)*
                when E300 -> last -> end
            }
        }
    };
}

chain! {
    E0 h0 E1; E2 h2 E3; E4 h4 E5; E6 h6 E7; E8 h8 E9; E10 h10 E11; E12 h12 E13; E14 h14 E15;
    E16 h16 E17; E18 h18 E19; E20 h20 E21; E22 h22 E23; E24 h24 E25; E26 h26 E27; E28 h28 E29;
    E30 h30 E31; E32 h32 E33; E34 h34 E35; E36 h36 E37; E38 h38 E39; E40 h40 E41; E42 h42 E43;
    E44 h44 E45; E46 h46 E47; E48 h48 E49; E50 h50 E51; E52 h52 E53; E54 h54 E55; E56 h56 E57;
    E58 h58 E59; E60 h60 E61; E62 h62 E63; E64 h64 E65; E66 h66 E67; E68 h68 E69; E70 h70 E71;
    E72 h72 E73; E74 h74 E75; E76 h76 E77; E78 h78 E79; E80 h80 E81; E82 h82 E83; E84 h84 E85;
    E86 h86 E87; E88 h88 E89; E90 h90 E91; E92 h92 E93; E94 h94 E95; E96 h96 E97; E98 h98 E99;
    E100 h100 E101; E102 h102 E103; E104 h104 E105; E106 h106 E107; E108 h108 E109; E110 h110 E111;
    E112 h112 E113; E114 h114 E115; E116 h116 E117; E118 h118 E119; E120 h120 E121; E122 h122 E123;
    E124 h124 E125; E126 h126 E127; E128 h128 E129; E130 h130 E131; E132 h132 E133; E134 h134 E135;
    E136 h136 E137; E138 h138 E139; E140 h140 E141; E142 h142 E143; E144 h144 E145; E146 h146 E147;
    E148 h148 E149; E150 h150 E151; E152 h152 E153; E154 h154 E155; E156 h156 E157; E158 h158 E159;
    E160 h160 E161; E162 h162 E163; E164 h164 E165; E166 h166 E167; E168 h168 E169; E170 h170 E171;
    E172 h172 E173; E174 h174 E175; E176 h176 E177; E178 h178 E179; E180 h180 E181; E182 h182 E183;
    E184 h184 E185; E186 h186 E187; E188 h188 E189; E190 h190 E191; E192 h192 E193; E194 h194 E195;
    E196 h196 E197; E198 h198 E199; E200 h200 E201; E202 h202 E203; E204 h204 E205; E206 h206 E207;
    E208 h208 E209; E210 h210 E211; E212 h212 E213; E214 h214 E215; E216 h216 E217; E218 h218 E219;
    E220 h220 E221; E222 h222 E223; E224 h224 E225; E226 h226 E227; E228 h228 E229; E230 h230 E231;
    E232 h232 E233; E234 h234 E235; E236 h236 E237; E238 h238 E239; E240 h240 E241; E242 h242 E243;
    E244 h244 E245; E246 h246 E247; E248 h248 E249; E250 h250 E251; E252 h252 E253; E254 h254 E255;
    E256 h256 E257; E258 h258 E259; E260 h260 E261; E262 h262 E263; E264 h264 E265; E266 h266 E267;
    E268 h268 E269; E270 h270 E271; E272 h272 E273; E274 h274 E275; E276 h276 E277; E278 h278 E279;
    E280 h280 E281; E282 h282 E283; E284 h284 E285; E286 h286 E287; E288 h288 E289; E290 h290 E291;
    E292 h292 E293; E294 h294 E295; E296 h296 E297; E298 h298 E299; E299 h299 E300; E297 h297 E298;
    E295 h295 E296; E293 h293 E294; E291 h291 E292; E289 h289 E290; E287 h287 E288; E285 h285 E286;
    E283 h283 E284; E281 h281 E282; E279 h279 E280; E277 h277 E278; E275 h275 E276; E273 h273 E274;
    E271 h271 E272; E269 h269 E270; E267 h267 E268; E265 h265 E266; E263 h263 E264; E261 h261 E262;
    E259 h259 E260; E257 h257 E258; E255 h255 E256; E253 h253 E254; E251 h251 E252; E249 h249 E250;
    E247 h247 E248; E245 h245 E246; E243 h243 E244; E241 h241 E242; E239 h239 E240; E237 h237 E238;
    E235 h235 E236; E233 h233 E234; E231 h231 E232; E229 h229 E230; E227 h227 E228; E225 h225 E226;
    E223 h223 E224; E221 h221 E222; E219 h219 E220; E217 h217 E218; E215 h215 E216; E213 h213 E214;
    E211 h211 E212; E209 h209 E210; E207 h207 E208; E205 h205 E206; E203 h203 E204; E201 h201 E202;
    E199 h199 E200; E197 h197 E198; E195 h195 E196; E193 h193 E194; E191 h191 E192; E189 h189 E190;
    E187 h187 E188; E185 h185 E186; E183 h183 E184; E181 h181 E182; E179 h179 E180; E177 h177 E178;
    E175 h175 E176; E173 h173 E174; E171 h171 E172; E169 h169 E170; E167 h167 E168; E165 h165 E166;
    E163 h163 E164; E161 h161 E162; E159 h159 E160; E157 h157 E158; E155 h155 E156; E153 h153 E154;
    E151 h151 E152; E149 h149 E150; E147 h147 E148; E145 h145 E146; E143 h143 E144; E141 h141 E142;
    E139 h139 E140; E137 h137 E138; E135 h135 E136; E133 h133 E134; E131 h131 E132; E129 h129 E130;
    E127 h127 E128; E125 h125 E126; E123 h123 E124; E121 h121 E122; E119 h119 E120; E117 h117 E118;
    E115 h115 E116; E113 h113 E114; E111 h111 E112; E109 h109 E110; E107 h107 E108; E105 h105 E106;
    E103 h103 E104; E101 h101 E102; E99 h99 E100; E97 h97 E98; E95 h95 E96; E93 h93 E94;
    E91 h91 E92; E89 h89 E90; E87 h87 E88; E85 h85 E86; E83 h83 E84; E81 h81 E82; E79 h79 E80;
    E77 h77 E78; E75 h75 E76; E73 h73 E74; E71 h71 E72; E69 h69 E70; E67 h67 E68; E65 h65 E66;
    E63 h63 E64; E61 h61 E62; E59 h59 E60; E57 h57 E58; E55 h55 E56; E53 h53 E54; E51 h51 E52;
    E49 h49 E50; E47 h47 E48; E45 h45 E46; E43 h43 E44; E41 h41 E42; E39 h39 E40; E37 h37 E38;
    E35 h35 E36; E33 h33 E34; E31 h31 E32; E29 h29 E30; E27 h27 E28; E25 h25 E26; E23 h23 E24;
    E21 h21 E22; E19 h19 E20; E17 h17 E18; E15 h15 E16; E13 h13 E14; E11 h11 E12; E9 h9 E10;
    E7 h7 E8; E5 h5 E6; E3 h3 E4; E1 h1 E2;
}

#[derive(Event)]
struct E300;
#[handler(emits = E0)]
async fn first(cx: &Cx) {
    cx.emit(E0);
}
#[handler(on = E300)]
async fn last() -> u32 {
    1
}

fn main() {
    // The proofs are done when the flows are checked, so nothing is built.
}
