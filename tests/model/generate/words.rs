//! Routes and branches that end with an `emit`, and stages that ask.

use crate::generate::{At, Generator};
use crate::graph::{Last, Route, Stage};

impl Generator {
    /// Stages that take a value and return events.
    pub(super) fn returning(&mut self) -> Vec<Stage> {
        match self.rng.u8(..6) {
            0 => {
                let several = ["m_vec", "m_opt", "m_any"];
                let branches = (0..2).map(|nth| {
                    let mut branch = self.told_apart(nth);
                    branch.push(Stage::Handler(self.pick(&several)));
                    branch
                });
                vec![Stage::Join(branches.collect())]
            }
            1 => {
                let one = Stage::Handler(self.pick(&["m_opt", "m_two"]));
                let limit = self.pick(&[None, Some(2)]);
                vec![Stage::Handler("split"), Stage::Each(vec![one], limit)]
            }
            2 => {
                let (one, other) = (Stage::Handler("m_opt"), Stage::Handler("o_opt"));
                vec![Stage::Else(vec![one], Some(Box::new(other)))]
            }
            _ => {
                let name = self.pick(&["m_opt", "m_vec", "m_two", "m_any"]);
                vec![Stage::Handler(name)]
            }
        }
    }

    /// The end of a branch of a join, or of an `each`, that leaves nothing.
    pub(super) fn leave(&mut self, at: At, stages: &mut Vec<Stage>) {
        match self.rng.u8(..4) {
            0 => {
                if self.asks && self.rng.bool() {
                    let (within, lapse) = (Some(1_501), Box::new(Stage::Handler("lapse")));
                    stages.extend([
                        Stage::Handler("draft"),
                        Stage::Ask(within, None, Some(lapse)),
                    ]);
                }
                stages.push(Stage::Ignore);
            }
            1 if at.depth < 2 => {
                stages.push(Stage::Handler("choose"));
                let within = At {
                    depth: at.depth + 1,
                    ..at
                };
                let arms = (0..3).map(|_| {
                    let mut arm = Vec::new();
                    self.leave(within, &mut arm);
                    arm
                });
                stages.push(Stage::Match(arms.collect()));
            }
            _ => {
                stages.extend(self.returning());
                stages.push(Stage::Emit);
            }
        }
    }

    /// A question that waits within its route.
    pub(super) fn ask_in_place(&mut self, stages: &mut Vec<Stage>) {
        let within = self.pick(&[None, None, Some(1_501), Some(3_101)]);
        let every = self.reminder();
        let lapse = self.rng.bool();
        let lapse = lapse.then(|| Box::new(Stage::Handler("lapse")));
        stages.extend([
            Stage::Handler("draft"),
            Stage::Ask(within, every, lapse),
            Stage::Handler("q0"),
        ]);
    }

    /// Closures and constructors.
    pub(super) fn glue(&mut self, stages: &mut Vec<Stage>) {
        let next = Stage::Closure("|value| value.next()");
        match self.rng.u8(..4) {
            0 => stages.extend([Stage::Closure("Some"), Stage::Handler("w_some")]),
            1 => stages.extend([Stage::Closure("Ok"), Stage::Handler("w_ok")]),
            2 => stages.extend([next, Stage::Closure("Err"), Stage::Handler("w_ok")]),
            _ => stages.push(next),
        }
    }

    /// One `each`, or several in a row, over a collection or a stream.
    pub(super) fn each(&mut self, at: At, stages: &mut Vec<Stage>) {
        let within = At {
            depth: at.depth + 1,
            skips: true,
        };
        let sources = ["split", "split", "source"];
        let sources = if self.durable {
            &sources[..2]
        } else {
            &sources
        };
        stages.push(Stage::Handler(self.pick(sources)));
        for _ in 0..[0, 0, 1, 2][self.rng.usize(..4)] {
            let limit = self.pick(&[None, Some(1), Some(2), Some(3)]);
            stages.push(Stage::Each(self.chain(within), limit));
        }
        let mut each = self.chain(within);
        let leaves = self.one_in(4);
        if leaves {
            self.leave(within, &mut each);
        }
        let limit = self.pick(&[None, Some(1), Some(2)]);
        stages.push(Stage::Each(each, limit));
        stages.push(Stage::Handler(if leaves { "tally" } else { "gather" }));
    }

    /// What makes the calls of a branch other ones than those of the branches before it, where
    /// calls have to be told apart.
    pub(super) fn told_apart(&self, nth: usize) -> Vec<Stage> {
        let next = || Stage::Closure("|value| value.next()");
        let times = if self.durable { nth } else { 0 };
        (0..times).map(|_| next()).collect()
    }

    /// The period of a reminder, which durable flows have not.
    pub(super) fn reminder(&mut self) -> Option<u64> {
        if self.durable {
            return None;
        }
        self.pick(&[None, None, Some(901)])
    }

    /// A stage that writes a state, at the end of a route of a durable flow. Nothing depends on the
    /// order of these.
    pub(super) fn count(&mut self, stages: &mut Vec<Stage>) {
        if self.durable && self.rng.bool() {
            let name = self.pick(&["count", "recount"]);
            stages.push(Stage::Handler(name));
        }
    }

    /// An end with a value, for a route that may have ended otherwise.
    pub(super) fn end_with(route: &mut Route, last: Last) {
        if matches!(route.last, Last::Emit | Last::Match(_)) {
            // Its last stages return events, or a choice.
            route.stages.truncate(1);
        }
        route.last = last;
    }
}
