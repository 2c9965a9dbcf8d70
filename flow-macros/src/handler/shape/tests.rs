use super::{Alternatives, Count, Shape};
use crate::errors::Errors;
use crate::handler::parse;

/// The shape of a handler that emits `A`, `B` and `C`.
fn shape(output: &str, body: &str) -> Shape {
    shape_of("[A, B, C]", output, body)
}

fn shape_of(emits: &str, output: &str, body: &str) -> Shape {
    let emits = format!("emits = {emits}").parse().unwrap();
    let args = parse::args(emits, &mut Errors::default());
    let function = format!("async fn work(n: u32, cx: &Cx) {output} {{ {body} }}");
    Shape::new(&args, &syn::parse_str(&function).unwrap())
}

fn count(count: Count) -> String {
    match (count.least, count.most) {
        (0, Some(1)) => "?".to_owned(),
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (least, None) => format!("{least}+"),
        (least, Some(most)) if least == most => least.to_string(),
        (least, Some(most)) => format!("{least}-{most}"),
    }
}

/// The alternatives, each the counts of `A`, `B` and `C`, with a letter if it waits or stops.
fn written(alternatives: &Alternatives) -> String {
    let each = alternatives.iter().map(|alternative| {
        let counts = (0..3).map(|event| count(alternative.count(event)));
        let waits = if alternative.waits { "w" } else { "" };
        let stops = if alternative.stops { "s" } else { "" };
        format!("{}{waits}{stops}", counts.collect::<String>())
    });
    let mut each: Vec<_> = each.collect();
    each.sort_unstable();
    each.join(" ")
}

/// What a handler that returns nothing emits.
fn emitted(body: &str) -> String {
    written(&shape("", body).success)
}

/// The same for a handler that emits `A`, `events::B` and `C`, with the names that only their types decide.
fn emitted_by_name(body: &str) -> String {
    let shape = shape_of("[A, events::B, C]", "", body);
    let named = shape.named.iter().enumerate();
    let named = named.filter(|(index, _)| {
        let mut ways = shape.success.iter();
        ways.any(|way| way.count(3 + index) != Count::between(0, 0))
    });
    let named = named.map(|(index, named)| {
        let counts = shape.success.iter().map(|way| count(way.count(3 + index)));
        let counts: Vec<_> = counts.collect();
        let items = &named.items;
        let made = named
            .made
            .to_string()
            .replace(":: flow_core :: __private :: never_made ()", "_");
        let text = format!("{items} {made}").replace(' ', "");
        format!(" {text}={}", counts.join("|"))
    });
    written(&shape.success) + &named.collect::<String>()
}

/// Success and failure of a handler that returns a `Result`.
fn either(body: &str) -> String {
    let shape = shape("-> Result<u32>", body);
    format!("{} / {}", written(&shape.success), written(&shape.failure))
}

#[test]
fn an_emit_counts_where_its_argument_names_one_declared_event() {
    for (body, expected) in [
        ("", "000"),
        ("cx.emit(A(n))", "100"),
        ("cx.emit(A { n });", "100"),
        ("cx.emit(A); cx.emit(A);", "200"),
        ("cx.emit(events::B(n));", "010"),
        // A macro in place of a statement imports no event.
        ("cx.emit(A); leave!();", "100w"),
        // One of them, but not which.
        ("cx.emit(a);", "001 010 100"),
        ("cx.emit(A::new(n));", "001 010 100"),
        ("let DONE = a; cx.emit(DONE);", "001 010 100"),
        ("use other::*; cx.emit(A);", "001 010 100"),
        ("fn A(n: u32) -> B { B(n) } cx.emit(A(n));", "001 010 100"),
        ("#[cfg(x)] use other::Z as A; cx.emit(A);", "001 010 100"),
        ("hub.emit(A);", "000"),
        // The type decides.
        ("cx.emit(B(n)); cx.emit(B(n + 1));", "000 B(_)=2"),
        ("cx.emit(C::Small(n));", "000 C::Small(_)=1"),
        ("cx.emit(Alias(n, m));", "000 Alias(_,_)=1"),
        ("cx.emit(DONE);", "000 DONE=1"),
        (
            "cx.emit(other::A { n, m: 3, ..rest });",
            "000 other::A{n:_,m:_,.._}=1",
        ),
        (
            "if n > 1 { cx.emit(Alias) } else { cx.emit(A) }",
            "000 100 Alias=1|0",
        ),
        ("cx.emit(A); use other::Z as A;", "000 useother::ZasA;A=1"),
        (
            "use self::{other::{Y, Z as A}, more}; { cx.emit(A); }",
            "000 useself::other::ZasA;A=1",
        ),
        (
            "type Done = A; cx.emit(Done { n });",
            "000 typeDone=A;Done{n:_,}=1",
        ),
        ("use other::A as Z; cx.emit(A);", "100"),
        // What it depends on is not at hand.
        ("mod other {} use other::Z as A; cx.emit(A);", "001 010 100"),
        ("leave!(); cx.emit(Alias(n));", "000w 001w 010w 100w"),
    ] {
        assert_eq!(emitted_by_name(body), expected, "{body}");
    }
}

#[test]
fn with_one_declared_event_each_emit_counts() {
    let args = parse::args("emits = A".parse().unwrap(), &mut Errors::default());
    let function = "async fn work(cx: &Cx) { cx.emit(next()); cx.emit(Alias(1)); }";
    let shape = Shape::new(&args, &syn::parse_str(function).unwrap());
    assert_eq!(written(&shape.success), "200");
}

#[test]
fn branches_are_alternatives() {
    for (body, expected) in [
        ("if n > 1 { cx.emit(A) }", "000 100"),
        ("if n > 1 { cx.emit(A) } else { cx.emit(B) }", "010 100"),
        (
            "if let Some(n) = n { cx.emit(A) } else if n { cx.emit(A) } else { cx.emit(A) }",
            "100",
        ),
        (
            "match n { 1 => cx.emit(A), 2 if n > 1 => { cx.emit(B) } _ => {} }",
            "000 010 100",
        ),
        (
            "let m = match n { 1 => return, m => m }; cx.emit(A);",
            "000 100",
        ),
        (
            "let Some(n) = n else { cx.emit(B); return }; cx.emit(A)",
            "010 100",
        ),
        ("let x = loop { if n > 1 { cx.emit(A); break 3; } };", "100"),
        ("n > 1 && { cx.emit(A); true };", "000 100"),
        (
            "if n > 1 { cx.emit(A); } if n > 2 { cx.emit(B); }",
            "000 010 100 110",
        ),
        ("{ cx.emit(A) } unsafe { cx.emit(A) }", "200"),
        ("match never {}", ""),
        ("todo!()", ""),
        (
            "if n > 1 { cx.emit(A) } else { unreachable!(\"{n}\") }",
            "100",
        ),
        ("std::process::exit(0)", "000"),
    ] {
        assert_eq!(emitted(body), expected, "{body}");
    }
}

#[test]
fn loops_are_any_number_of_rounds() {
    for (body, expected) in [
        ("while n > 0 { cx.emit(A); }", "+00 000"),
        (
            "for n in all { cx.emit(A); cx.emit(A); cx.emit(B) }",
            "000 2++0",
        ),
        ("for n in all { if n > 1 { cx.emit(A); } }", "*00 000"),
        (
            "for n in all { if n > 1 { cx.emit(A); break; } cx.emit(B); }",
            "0+0 000 1+0 100",
        ),
        ("loop { cx.emit(A); if n > 1 { break; } }", "100 2+00"),
        ("loop { cx.emit(A); }", ""),
        ("loop { cx.emit(A); return; }", "100"),
        ("'o: loop { loop { cx.emit(A); break 'o; } }", "100"),
        (
            "'o: loop { loop { if n > 1 { continue 'o } cx.emit(A); break 'o; } }",
            "100",
        ),
        ("'b: { if n > 1 { break 'b; } cx.emit(A); }", "000 100"),
        ("for _ in 0..3 { cx.emit(A) }", "300"),
        (
            "for _ in 0..=2 { if n > 1 { break; } cx.emit(A) }",
            "000 100 200 300",
        ),
        ("for _ in 0..1000 { cx.emit(A) }", "+00 000"),
        ("while cx.attempt() > n { continue; }", "000"),
    ] {
        assert_eq!(emitted(body), expected, "{body}");
    }
}

#[test]
fn a_failure_is_an_exit_of_its_own() {
    for (body, expected) in [
        ("cx.emit(A); Ok(n)", "100 / "),
        (
            "cx.emit(A); let m = fetch(n)?; cx.emit(B); Ok(m)",
            "110 / 100",
        ),
        (
            "if n > 1 { return Err(n.into()); } cx.emit(A); Ok(n)",
            "100 / 000",
        ),
        ("if n > 1 { Err(n)?; } cx.emit(A); Ok(n)", "100 / 000"),
        (
            "if n > 1 { Ok(n) } else { cx.emit(A); Err(n.into()) }",
            "000 / 100",
        ),
        (
            "match n { 1 => { cx.emit(A); Ok(n) } _ => bad(n) }",
            "000 100 / 000",
        ),
        ("cx.emit(A); fetch(n).await", "100w / 100w"),
        ("return match n { 1 => Ok(n), _ => Err(n) };", "000 / 000"),
        ("cx.emit(A); bail!(\"no {n}\")", " / 100"),
        (
            "cx.emit(A); anyhow::ensure!(n > 1, \"no\"); Ok(n)",
            "100 / 100",
        ),
        ("cx.emit(A); Err(anyhow!(\"no\"))", " / 100"),
        ("cx.emit(A); leave!(\"no\")", "100w / 100w"),
        (
            "async { fetch(n)?; cx.emit(A); Ok(n) }.await",
            "000w 100w / 000w 100w",
        ),
    ] {
        assert_eq!(either(body), expected, "{body}");
    }
    let returned = shape("-> u32", "cx.emit(A); n");
    assert!(returned.failure.is_empty());
}

#[test]
fn waiting_and_stopping_are_marked_where_they_may_be() {
    for (body, expected) in [
        ("sleep(n).await; cx.emit(A)", "100w"),
        ("cx.put(n).await;", "000w"),
        ("if n > 1 { cx.stop(); } else { cx.emit(A) }", "000s 100"),
        ("if n > 1 { done.await } ", "000w"),
        ("cx.ending().await", "000w"),
        (
            "async { cx.emit(A); if n > 1 { return; } cx.emit(B) }.await;",
            "100w 110w",
        ),
    ] {
        assert_eq!(emitted(body), expected, "{body}");
    }
}

/// What is emitted if `x` is met, and if it is not.
fn emitted_if(output: &str, body: &str) -> String {
    let shape = shape(output, body);
    let texts = shape.conditions.iter().map(ToString::to_string);
    let texts: Vec<_> = texts.collect();
    let under = |ways: &Alternatives, is_met: bool| {
        let ways = ways.iter().filter(|way| {
            let mut assumed = way.assumes.iter();
            assumed.all(|(condition, met)| texts[*condition] != "x" || *met == is_met)
        });
        let ways = ways.map(|way| super::Alternative {
            assumes: std::collections::BTreeMap::new(),
            ..way.clone()
        });
        written(&Alternatives::of(ways))
    };
    let both = [true, false].map(|is_met| {
        let failure = under(&shape.failure, is_met);
        let success = under(&shape.success, is_met);
        if failure.is_empty() {
            success
        } else {
            format!("{success} / {failure}")
        }
    });
    both.join(", ")
}

#[test]
fn what_a_condition_removes_is_there_only_if_it_is_met() {
    for (body, expected) in [
        ("#[cfg(x)] cx.emit(A);", "100, 000"),
        ("#[cfg(not(x))] cx.emit(A);", "000, 100"),
        ("#[cfg(x)] { cx.emit(A) } cx.emit(B)", "110, 010"),
        ("#[cfg(x)] return; cx.emit(A)", "000, 100"),
        (
            "#[cfg(x)] cx.emit(A); #[cfg(not(x))] cx.emit(B);",
            "100, 010",
        ),
        (
            "#[cfg(x)] { cx.emit(A) } #[cfg(not(x))] { cx.emit(B) }",
            "100, 010",
        ),
        (
            "match n { #[cfg(x)] 1 => cx.emit(A), _ => cx.emit(B) }",
            "010 100, 010",
        ),
        (
            "match n { #[cfg(x)] _ => cx.emit(A), #[cfg(not(x))] _ => cx.emit(B) }",
            "100, 010",
        ),
        (
            "#[cfg(x)] let Some(n) = n else { return }; cx.emit(A)",
            "000 100, 100",
        ),
        ("if cfg!(x) { cx.emit(A) } else { cx.emit(B) }", "100, 010"),
        ("if !cfg!(x) { cx.emit(A) }", "000, 100"),
        (
            "if cfg!(not(x)) { cx.emit(A) } #[cfg(x)] cx.emit(B);",
            "010, 100",
        ),
        ("if cfg!(x) && n > 1 { cx.emit(A) }", "000 100, 000 100"),
        ("let a = [#[cfg(x)] cx.emit(A), n];", "100, 000"),
        (
            "let a = Both { #[cfg(x)] a: cx.emit(A), b: n };",
            "100, 000",
        ),
        ("for _ in 0..2 { #[cfg(x)] cx.emit(A); }", "200, 000"),
        (
            "for n in all { #[cfg(x)] cx.emit(A); cx.emit(B); }",
            "++0 000, 0+0 000",
        ),
        ("#[cfg(x)] #[cfg(y)] cx.emit(A);", "000 100, 000"),
        ("#[cfg(all(x, y))] cx.emit(A);", "000 100, 000 100"),
        // Only one that adds a `cfg` removes anything.
        (
            "#[cfg_attr(x, cfg(y))] let _ = cx.emit(A);",
            "000 100, 000 100",
        ),
        ("#[cfg_attr(x, allow(y))] let _ = cx.emit(A);", "100, 100"),
        ("#[allow(x)] cx.emit(A);", "100, 100"),
    ] {
        assert_eq!(emitted_if("", body), expected, "{body}");
    }
    for (body, expected) in [
        ("#[cfg(x)] return Err(n); cx.emit(A); Ok(n)", " / 000, 100"),
        (
            "#[cfg(x)] { cx.emit(A); Ok(n) } #[cfg(not(x))] { cx.emit(B); Err(n) }",
            "100,  / 010",
        ),
        (
            "cx.emit(B); #[cfg(x)] { cx.emit(A); } #[cfg(y)] { Ok(n) } #[cfg(not(y))] Err(n)",
            "110 / 110, 010 / 010",
        ),
        (
            "if cfg!(x) { Ok(n) } else { cx.emit(A); Err(n) }",
            "000,  / 100",
        ),
    ] {
        assert_eq!(emitted_if("-> Result<u32>", body), expected, "{body}");
    }
}

#[test]
fn a_macro_that_is_not_known_may_return() {
    assert_eq!(emitted("cx.emit(A); println!(\"{n}\"); cx.emit(B);"), "110");
    assert_eq!(emitted("cx.emit(A); assert!(n > 1); cx.emit(B);"), "110");
    assert_eq!(
        emitted("cx.emit(A); leave_if!(n > 1); cx.emit(B);"),
        "100w 110w"
    );
    assert_eq!(emitted("crate::info!(n); cx.emit(B);"), "000w 010w");
    assert_eq!(
        emitted("log::info!(\"{}\", cx.attempt()); cx.emit(B);"),
        "010"
    );
    assert_eq!(emitted("loop { leave!(n); cx.emit(A); }"), "*00w 000w");
}

#[test]
fn a_macro_that_awaits_goes_on_unless_the_code_in_it_leaves() {
    for (body, expected) in [
        (
            "let n = tokio::select! { n = a() => n, () = b() => 2 }; cx.emit(A);",
            "100w",
        ),
        (
            "tokio::select! { _ = a() => return, _ = b() => {} } cx.emit(A);",
            "000w 100w",
        ),
        (
            "tokio::select! { _ = a() => leave!(), _ = b() => {} } cx.emit(A);",
            "000w 100w",
        ),
        ("let _ = futures::join!(a(), b()); cx.emit(A);", "100w"),
        ("select! { _ = a() => {} } cx.emit(A);", "100w"),
        ("join!(a(), b()); cx.emit(A);", "100w"),
        ("let a = try_join!(a(), b()).is_ok(); cx.emit(A);", "100w"),
        ("pin!(a); tokio::pin! { let b = b(); } cx.emit(A);", "100"),
        (
            "select! { biased; n = a() => cx.emit(A), Some(n) = b(), if n > 1 => { cx.emit(B) } else => {} }",
            "000w 010w 100w",
        ),
        (
            "futures::select! { n = a() => { cx.emit(A) } () = cx.put(n) => cx.emit(B), complete => cx.emit(C) }",
            "001w 010w 100w",
        ),
        (
            "let n = select! { _ = a() => { cx.emit(A); 1 }, _ = b() => leave!() };",
            "000w 100w",
        ),
        (
            "loop { select! { _ = a() => break, _ = b() => cx.emit(A) } }",
            "+00w 000w",
        ),
        (
            "join!(async { cx.emit(A) }, async { if n > 1 { return } cx.emit(B) });",
            "100w 110w",
        ),
        ("select! { n in a => break }", "000w"),
        ("let a = pin!(a()); cx.emit(A);", "100"),
        ("let a = std::pin::pin!(a()); cx.emit(A);", "100"),
        (
            "loop { tokio::select! { _ = a() => break, _ = b() => {} } } cx.emit(A);",
            "100w",
        ),
    ] {
        assert_eq!(emitted(body), expected, "{body}");
    }
}

#[test]
fn a_known_macro_goes_on_also_where_its_arguments_are_no_expressions() {
    for (body, expected) in [
        ("info!(user = %id, ?n, \"text\"); cx.emit(A);", "100"),
        ("error!(target: \"a\", \"{n}\"); cx.emit(A);", "100"),
        ("let j = json!({ \"a\": [1, !n] }); cx.emit(A);", "100"),
        (
            "if matches!(n, Some(1) | None if n != 1) { cx.emit(A) }",
            "000 100",
        ),
        (
            "assert_eq!(n, 1, \"{n}\"); debug_assert!(!n); cx.emit(A);",
            "100",
        ),
        // The message is that of a panic.
        ("assert!(n > 1, \"{:?}\", cx.emit(A));", "000"),
        (
            "assert_eq!({ cx.emit(A); 1 }, 1, \"{:?}\", cx.emit(B));",
            "100",
        ),
        ("debug_assert!({ cx.emit(A); true });", "000 100"),
        ("stringify!(cx.emit(A));", "000"),
        (
            "let v = vec![n; 3]; dbg!(&v); println!(\"{}\", n + 1,); cx.emit(A);",
            "100",
        ),
        ("let _ = write!(text, \"{n}\"); cx.emit(A);", "100"),
        ("println!(\"{n}\", n = { cx.emit(A); 1 });", "100"),
        ("info!(user = %id(n)?, \"text\"); cx.emit(A);", "000 100"),
        (
            "error!(id = %cx.execution_id(), attempt = ?cx.attempt(), \"text\"); cx.emit(A);",
            "100",
        ),
        (
            "info!(target: \"a\", parent: &span, user.id=%n, ?n.name, \"{n}\"); cx.emit(A);",
            "100",
        ),
        ("warn!(n == 1, n = { cx.emit(A); 1 });", "000 100"),
        (
            "info!(user = %leave!(), \"text\"); cx.emit(A);",
            "000w 100w",
        ),
    ] {
        assert_eq!(emitted(body), expected, "{body}");
    }
}

#[test]
fn where_the_context_escapes_any_number_may_be_emitted() {
    for body in [
        "let cx = cx.clone();",
        "helper(cx).await;",
        "Cx::emit(cx, A);",
        "let later = || cx.emit(A);",
        "let later = async { cx.emit(A) }; later.await;",
        "tokio::spawn(async move { cx.emit(A) });",
        "select! { _ = help(cx) => {} }",
        "select! { _ = async { cx.emit(A) } => {} }",
        "try_join!(async { cx.emit(A) }, a());",
        "info!(?cx);",
        "say!(cx);",
        "let cx = &cx; cx.emit(A);",
        "let cx @ _ = &other; cx.emit(A);",
        "let Some(cx) = other else { return }; cx.emit(A);",
        "match n { cx => cx.emit(A) }",
        "let it = Writer { cx };",
        "macro_rules! emit { () => { cx.emit(A) } } emit!();",
    ] {
        assert_eq!(emitted(body), "***ws", "{body}");
        assert!(shape("", body).escape.is_some(), "{body}");
    }
    for body in [
        "async { cx.emit(A) }.await",
        "let m = n; fn cx() {}",
        "let later = |n| n + 1;",
        "let _ = Writer { cx: 3 };",
        "hub.cx.emit(A);",
        "let cx = &other; cx.emit(A); helper(cx);",
        "let mut cx: Count = cx.attempt(); cx += 1;",
        "wait(cx.ending(), cx.execution_id()).await;",
    ] {
        assert!(shape("", body).escape.is_none(), "{body}");
    }
}

#[test]
fn another_value_with_the_name_of_the_context_is_not_it() {
    assert_eq!(emitted("let cx = &other; cx.emit(A);"), "000");
    assert_eq!(
        emitted("{ let cx = other; cx.emit(A); } cx.emit(B);"),
        "010"
    );
    assert_eq!(emitted("let cx: Sink = cx.emit(A); cx.emit(B);"), "100");
}

#[test]
fn a_body_that_does_not_parse_may_do_anything() {
    assert_eq!(emitted("let = n;"), "***ws");
}

#[test]
fn a_called_function_may_panic_and_a_statement_may_end_the_process() {
    let flags = |body| {
        let shape = shape("", body);
        (shape.calls, shape.leaves)
    };
    for body in [
        "cx.emit(A::from(n.clone()));",
        "cx.put(format!(\"{n}\")).await;",
        "sleep(Duration::from_secs(1)).await;",
        "cx.emit(A(n + 1, Some(String::new())));",
        "drop(n);",
    ] {
        assert_eq!(flags(body), (false, false), "{body}");
    }
    for body in [
        "cx.emit(A(next(n)));",
        "cx.emit(A(hub.next()));",
        "cx.emit(A(all[n]));",
        "hub.emit(A(n));",
        "let _ = next::<u32>(n);",
    ] {
        assert_eq!(flags(body), (true, false), "{body}");
    }
    for body in [
        "std::process::exit(0)",
        "quit(n);",
        "todo!()",
        "leave!()",
        "assert!(n > 1);",
        "if n > 1 { quit() }",
        "match n { 1 => quit(), _ => {} }",
        "let Some(n) = n else { quit() };",
        "let n = n.unwrap_or_else(|| process::exit(1));",
    ] {
        assert!(flags(body).1, "{body}");
    }
}

#[test]
fn a_static_reference_is_no_context() {
    let shape = |input: &str| {
        let args = parse::args("emits = A".parse().unwrap(), &mut Errors::default());
        let function = format!("async fn work({input}) {{ }}");
        Shape::new(&args, &syn::parse_str(&function).unwrap())
    };
    assert!(shape("text: &'static str").escape.is_none());
    assert!(shape("text: &'static str, number: u32").escape.is_none());
    assert!(shape("texts: &[Context]").escape.is_some());
}

#[test]
fn where_the_context_leaves_and_which_macro_may_return_is_known() {
    let place = |body| {
        let shape = shape("", body);
        let escape = shape.escape.unwrap();
        let by = escape
            .by
            .checked_sub(1)
            .map(|index| shape.macros[index].clone());
        (escape.line, by.unwrap_or_default())
    };
    assert_eq!(
        place("cx.emit(A);\nhelp(cx).await;\nsay!(cx)"),
        (2, String::new())
    );
    assert_eq!(place("leave!();\nio::say!(\n(cx))"), (2, "say".to_owned()));
    assert_eq!(place("let f = async {\ncx.emit(A) };"), (2, String::new()));
    let shape = shape("", "cx.emit(A);\nleave!();\nnext!(); cx.emit(B);");
    let ways = shape.success.iter().map(|way| (way.left_by, way.line));
    assert_eq!(ways.collect::<Vec<_>>(), [(1, 2), (0, 0)]);
    assert_eq!(shape.macros, ["leave", "next"]);
}

#[test]
fn of_more_than_eight_ways_the_range_is_kept() {
    let one = "if n > 1 { cx.emit(A); } ";
    assert_eq!(emitted(&one.repeat(7)).split(' ').count(), 8);
    let shape = shape("", &format!("{}cx.emit(B);", one.repeat(8)));
    assert_eq!(written(&shape.success), "0-810");
    assert!(shape.success.iter().all(|way| way.is_wide && way.line == 0));
}

/// The line, in the body, of a loop that emits and never ends.
fn endless(body: &str) -> Option<usize> {
    let shape = shape("", &format!("\n{body}"));
    (shape.endless > 0).then(|| shape.endless - 1)
}

#[test]
fn a_loop_that_emits_and_never_ends_is_known_by_its_line() {
    assert_eq!(endless("loop { cx.emit(A); tick().await; }"), Some(1));
    assert_eq!(
        endless("if n > 3 {\n loop { if more() { cx.emit(B) } }\n}"),
        Some(2)
    );
    assert_eq!(
        endless("loop { if n > 3 { cx.emit(A); continue; } }"),
        Some(1)
    );
    assert_eq!(
        endless("loop { cx.emit(A); if n > 3 { panic!() } }"),
        Some(1)
    );
    assert_eq!(
        endless("'a: loop { loop { cx.emit(A); continue 'a } }"),
        Some(1)
    );
    for ends in [
        "cx.emit(A); loop { tick().await; }",
        "loop { cx.emit(A); break; }",
        "loop { cx.emit(A); if n > 3 { return; } }",
        "loop { cx.emit(A); tick().await?; }",
        "while more() { cx.emit(A); }",
        "for _ in 0.. { cx.emit(A); }",
        "'a: loop { loop { cx.emit(A); break 'a } }",
        "loop { loop { cx.emit(A); break } tick().await; if done() { break } }",
        "loop { tokio::select! { _ = a => cx.emit(A), _ = b => return } }",
        "loop { let Some(n) = next() else { break }; cx.emit(A); }",
        "loop { todo!() }",
    ] {
        assert_eq!(endless(ends), None, "{ends}");
    }
}
