//! Branches, loops, and what leaves them.

use quote::ToTokens;
use syn::{Expr, ExprForLoop, ExprMatch, Lifetime, Lit, RangeLimits};

use crate::handler::shape::paths::{Exit, Paths};
use crate::handler::shape::walk::{Walk, constructor, unwrapped};
use crate::handler::shape::words::line;

/// How often a `for` over a literal range may run to be counted.
const ROUNDS: u64 = 8;

impl Walk {
    /// Code that does not simply run from its beginning to its end.
    pub(super) fn control(&mut self, expr: &Expr) -> Paths {
        match expr {
            Expr::Block(block) => match &block.label {
                Some(label) => {
                    let number = self.enter(Some(label), false);
                    let paths = self.block(&block.block);
                    self.scopes.pop();
                    paths.caught(Exit::Break(number))
                }
                None => self.block(&block.block),
            },
            Expr::Break(to) => {
                let value = self.all(to.expr.as_deref());
                match self.target(to.label.as_ref()) {
                    Some(number) => value.exiting(&[Exit::Break(number)]),
                    None => value.then(&Paths::nowhere()),
                }
            }
            Expr::Continue(to) => {
                let number = self.target(to.label.as_ref());
                number.map_or_else(Paths::nowhere, |to| Paths::to(Exit::Continue(to)))
            }
            Expr::If(choice) => {
                let condition = self.expr(&choice.cond);
                let then = self.block(&choice.then_branch).at(line(&choice.if_token));
                let other = match &choice.else_branch {
                    Some((keyword, other)) => self.expr(other).at(line(keyword)),
                    None => Paths::nothing().at(line(&choice.if_token)),
                };
                let both = self.either(&choice.cond, then, other);
                condition.then(&both.branched())
            }
            Expr::Match(choice) => self.arms(choice, Self::expr),
            Expr::Loop(rounds) => {
                let number = self.enter(rounds.label.as_ref(), true);
                let round = self.block(&rounds.body);
                self.scopes.pop();
                let last = round.clone().out(number);
                let emits = round.emits_again(number);
                let paths = round.rounds(number).then(&last).caught(Exit::Break(number));
                if emits && paths.lead_nowhere() && self.endless == 0 {
                    self.endless = line(&rounds.loop_token);
                }
                paths
            }
            Expr::While(rounds) => {
                let number = self.enter(rounds.label.as_ref(), true);
                let condition = self.expr(&rounds.cond);
                let round = condition.clone().then(&self.block(&rounds.body));
                self.scopes.pop();
                let last = condition.or(&round.clone().out(number));
                round.rounds(number).then(&last).caught(Exit::Break(number))
            }
            Expr::ForLoop(rounds) => self.each(rounds),
            Expr::Return(returned) => match (&returned.expr, self.within) {
                (None, None) => Paths::to(Exit::Success).at(line(&returned.return_token)),
                (Some(value), None) => self.returned(value).at(line(&returned.return_token)),
                (value, Some(number)) => {
                    let value = self.all(value.as_deref());
                    value.exiting(&[Exit::Break(number)])
                }
            },
            Expr::Try(tried) => {
                let value = self.expr(&tried.expr);
                let failed = Paths::to(self.failed());
                let is_error = matches!(&*tried.expr, Expr::Call(call)
                    if constructor(&call.func).is_some_and(|name| name == "Err"));
                if is_error {
                    value.then(&failed)
                } else {
                    value.then(&failed.or_not())
                }
            }
            // What syn does not know.
            other => {
                self.mentions(&other.to_token_stream());
                self.unknown()
            }
        }
    }

    /// A loop over a literal range is as many rounds.
    fn each(&mut self, rounds: &ExprForLoop) -> Paths {
        let over = self.expr(&rounds.expr);
        let number = self.enter(rounds.label.as_ref(), true);
        let round = self.pat(&rounds.pat).then(&self.block(&rounds.body));
        self.scopes.pop();
        let all = match literal_range(&rounds.expr) {
            Some(times) if times <= ROUNDS => {
                let round = round.caught(Exit::Continue(number));
                (0..times).fold(Paths::nothing(), |all, _| all.then(&round))
            }
            _ => {
                let last = round.clone().out(number).or_not();
                round.rounds(number).then(&last)
            }
        };
        over.then(&all.caught(Exit::Break(number)))
    }

    pub(super) fn arms(
        &mut self,
        choice: &ExprMatch,
        value: fn(&mut Self, &Expr) -> Paths,
    ) -> Paths {
        let matched = self.expr(&choice.expr);
        let mut guards = Paths::nothing();
        let mut arms: Option<Paths> = None;
        for arm in &choice.arms {
            // Those of the arms before may have run.
            guards = guards.then(&self.pat(&arm.pat).or_not());
            self.has_an_effect(&arm.body);
            let body = value(self, &arm.body).at(line(&arm.pat));
            let body = guards.clone().then(&body);
            let arm = self.only_under(&arm.attrs, body);
            arms = Some(match arms {
                Some(others) => others.or(&arm),
                None => arm,
            });
        }
        matched.then(&arms.unwrap_or_else(Paths::nowhere).branched())
    }

    /// The block or the loop that a `break` or a `continue` is for.
    fn target(&self, label: Option<&Lifetime>) -> Option<usize> {
        let mut inner = self.scopes.iter().rev();
        let scope = match label {
            Some(label) => {
                inner.find(|scope| scope.label.as_deref() == Some(label.ident.to_string().as_str()))
            }
            None => inner.find(|scope| scope.is_loop),
        };
        scope.map(|scope| scope.number)
    }
}

/// How many numbers are in `a..b`.
fn literal_range(expr: &Expr) -> Option<u64> {
    let Expr::Range(range) = unwrapped(expr) else {
        return None;
    };
    let number = |end: &Option<Box<Expr>>| match end.as_deref() {
        Some(Expr::Lit(end)) => match &end.lit {
            Lit::Int(number) => number.base10_parse::<u64>().ok(),
            _ => None,
        },
        _ => None,
    };
    let (start, end) = (number(&range.start)?, number(&range.end)?);
    let more = u64::from(matches!(range.limits, RangeLimits::Closed(_)));
    Some(end.checked_add(more)?.saturating_sub(start))
}
