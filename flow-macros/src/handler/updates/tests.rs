use quote::ToTokens;

use super::written_back;

/// The states that a handler with this body writes back.
fn lost(body: &str) -> String {
    let function = format!(
        "async fn work(n: u32, total: State<Total>, mut plan: State<Plan>, web: Res<Web>) {{ {body} }}"
    );
    let function = syn::parse_str(&function).unwrap();
    let states = written_back(&function).into_iter();
    let states: Vec<_> = states.map(|ty| ty.to_token_stream().to_string()).collect();
    states.join(" ")
}

#[test]
fn what_is_read_and_assigned_after_an_await_is_written_back() {
    for body in [
        "let old = total.with(|t| *t); fetch().await; total.with(|t| *t = old + 1)",
        "let old = total.with(|t| *t); fetch().await; total.with(move |t| { *t = old + 1; });",
        "let old = total.with(|t| t.sum); fetch().await; total.with(|t| t.sum = old + 1)",
        "let old = total.with(|t| t.clone()); fetch().await; total.with(|t| t.sum = old.sum + 1)",
        "let old = total.with(Clone::clone); fetch().await; total.with(|t| t.sum = old.sum + 1)",
        "let Total { sum, .. } = total.with(|t| t.clone()); fetch().await; total.with(|t| t.sum = sum)",
        "let (a, b) = total.with(|t| (t.a, t.b)); fetch().await; total.with(|t| t.b = b + 1)",
        // Through other names.
        "let old = total.with(|t| *t); let new = old + n; fetch().await; total.with(|t| *t = new)",
        "let old = total.with(|t| *t); let new = fetch(old).await; total.with(|t| *t = new)",
        "let new = fetch(total.with(|t| *t)).await; total.with(|t| *t = new)",
        "let new = total.with(|t| *t) + fetch().await; total.with(|t| *t = new)",
        "let mut new = 0; new += total.with(|t| *t); fetch().await; total.with(|t| *t = new)",
        "let new; new = total.with(|t| *t); fetch().await; total.with(|t| *t = new)",
        "let old = total.with(|t| *t); fetch().await; total.with(|t| { let new = old + 1; *t = new; })",
        "let mut all = total.with(|t| t.all.clone()); all.extend(fetch().await); \
         total.with(|t| t.all = all)",
        // On some path.
        "let old = total.with(|t| *t); if n > 1 { fetch().await; } total.with(|t| *t = old + 1)",
        "let old = total.with(|t| *t); match n { 0 => fetch().await, _ => {} } \
         total.with(|t| *t = old + 1)",
        "let old = if n > 1 { total.with(|t| *t) } else { 0 }; fetch().await; total.with(|t| *t = old)",
        "let old = total.with(|t| *t); loop { if fetch().await { break; } } total.with(|t| *t = old)",
        "let old = total.with(|t| *t); for _ in 0..n { total.with(|t| *t = old); fetch().await; }",
        "if let Some(old) = total.with(|t| t.sum) { fetch().await; total.with(|t| t.sum = Some(old)); }",
        "let old = total.with(|t| *t); tokio::join!(fetch(), fetch()); total.with(|t| *t = old + 1)",
    ] {
        assert_eq!(lost(body), "Total", "{body}");
    }
    let both = "let (a, b) = (total.with(|t| *t), plan.with(|p| *p)); fetch().await;";
    assert_eq!(lost(&format!("{both} plan.with(|p| *p = 1)")), "");
    let one = "let a = plan.with(|p| p.step); fetch().await; plan.with(|p| p.step = a + 1)";
    assert_eq!(lost(one), "Plan");
    let other = "let a = total.with(|t| *t); fetch().await; plan.with(|p| *p = a)";
    assert_eq!(lost(other), "");
}

#[test]
fn what_does_not_overwrite_another_call_s_update_is_not_written_back() {
    for body in [
        // It does not wait in between, or reads anew.
        "let old = total.with(|t| *t); total.with(|t| *t = old + 1); fetch().await;",
        "fetch().await; let old = total.with(|t| *t); total.with(|t| *t = old + 1)",
        "let old = total.with(|t| *t); fetch(old).await; let old = total.with(|t| *t); \
         total.with(|t| *t = old + 1)",
        "let old = total.with(|t| *t); if n > 1 { fetch().await; return; } total.with(|t| *t = old)",
        "let old = total.with(|t| *t); match n { 0 => fetch().await, _ => total.with(|t| *t = old) }",
        "let old = total.with(|t| *t); spawn(async { fetch().await }); total.with(|t| *t = old)",
        // What is assigned is no value of the state.
        "let old = total.with(|t| *t); let new = fetch().await; total.with(|t| *t = new)",
        "if total.with(|t| t.is_empty()) { let new = fetch().await; total.with(|t| *t = new); }",
        "let old = total.with(|t| *t); fetch().await; { let old = 1; total.with(|t| *t = old); }",
        "let old = total.with(|t| *t); fetch().await; total.with(|t| *t = Total { old: n })",
        // It changes what the state is then.
        "let old = total.with(|t| *t); fetch().await; total.with(|t| *t += old)",
        "let old = total.with(|t| *t); fetch().await; total.with(|t| *t = old.max(*t))",
        "let old = total.with(|t| *t); fetch().await; total.with(|t| t.push(old))",
        "let old = total.with(|t| *t); fetch().await; total.with(|t| if *t == old { *t = old + 1 })",
        "let old = total.with(|t| *t); fetch().await; \
         total.with(|t| { if t.version != old { return; } t.version = old + 1 })",
        "let old = total.with(|t| *t); fetch().await; \
         total.with(|t| { let same = *t == old; if same { *t = old + 1; } same })",
        "let old = total.with(|t| *t); fetch().await; \
         total.with(|t| { let now = *t; *t = now.max(old); })",
        // It writes another part.
        "let id = total.with(|t| t.id); let new = fetch(id).await; total.with(|t| t.sum = new)",
        "let id = total.with(|t| t.next()); fetch(id).await; total.with(|t| t.done = id)",
        "let all = total.with(|t| t.clone()); let new = fetch(&all.id).await; \
         total.with(|t| t.sum = new.sum)",
        "let (a, b) = total.with(|t| (t.a, t.b)); let new = fetch(a).await; total.with(|t| t.b = new)",
        "let job = total.with(|t| t.jobs.pop()); let new = run(job).await; \
         total.with(|t| t.results.push(new))",
        // It is no state.
        "let old = web.with(|t| *t); fetch().await; web.with(|t| *t = old + 1)",
        "let total = own(); let old = total.with(|t| *t); fetch().await; total.with(|t| *t = old)",
    ] {
        assert_eq!(lost(body), "", "{body}");
    }
}
