//! Random graphs: half of them at random, and half built so that they come to their output, then
//! changed in none or more places.

mod built;
mod change;
mod random;

use fastrand::Rng;

use crate::generate::change::change;
use crate::spec::{Clause, EVENTS, Handler, Inner, Range, Spec, Stage, Way};
use crate::well_formed::is_well_formed;

/// The most clauses of a graph.
pub(crate) const CLAUSES: usize = 8;
/// The most clauses and events of its description, in which an `else` is a clause of its own.
pub(crate) const MOST: usize = 16;

const ONE: Range = (1, Some(1));
const NONE: Range = (0, Some(0));

/// The graph of a seed: one whose events all have a clause, and whose clauses can all be reached.
pub(crate) fn spec(seed: u64) -> Spec {
    let mut rng = Rng::with_seed(seed);
    loop {
        let built = rng.u8(..3) > 0;
        let mut one = Generator::new(&mut rng);
        let mut spec = if built { one.built() } else { one.random() };
        if built {
            for _ in 0..rng.usize(..4) {
                change(&mut spec, &mut rng);
            }
        }
        if is_well_formed(&spec) {
            return spec;
        }
    }
}

/// The same graph, of a durable flow.
pub(crate) fn durable(mut spec: Spec) -> Spec {
    each_handler_of(&mut spec, &mut |handler| handler.undone = true);
    spec.is_durable = true;
    spec
}

struct Generator<'a> {
    rng: &'a mut Rng,
    clauses: Vec<Clause>,
    events: usize,
    handlers: usize,
    external: Vec<usize>,
    /// The questions of stages.
    asked: usize,
}

impl<'a> Generator<'a> {
    fn new(rng: &'a mut Rng) -> Self {
        Self {
            rng,
            clauses: Vec::new(),
            events: 0,
            handlers: 0,
            external: Vec::new(),
            asked: 0,
        }
    }

    fn one_in(&mut self, of: u8) -> bool {
        self.rng.u8(..of) == 0
    }

    fn event(&mut self) -> usize {
        self.events += 1;
        self.events - 1
    }

    fn emitting(&mut self, emits: Vec<usize>, success: Vec<Way>) -> Handler {
        self.handlers += 1;
        Handler {
            name: self.handlers - 1,
            emits,
            success,
            failure: Vec::new(),
            can_fail: false,
            attempts: 1,
            timeout: false,
            undone: false,
        }
    }

    fn quiet(&mut self) -> Handler {
        self.emitting(Vec::new(), vec![Vec::new()])
    }

    fn fails(&mut self, mut handler: Handler) -> Handler {
        handler.can_fail = true;
        handler.failure = vec![vec![NONE; handler.emits.len()]];
        if self.one_in(4) {
            handler.attempts = 2;
        }
        handler.timeout = self.one_in(6);
        handler
    }

    fn spec(&mut self, has_output: bool) -> Spec {
        Spec {
            external: std::mem::take(&mut self.external),
            drains: has_output && self.one_in(8),
            ..Spec::new(has_output, std::mem::take(&mut self.clauses))
        }
    }

    /// A question of a stage, or a flow, with a stand-in or without one.
    fn other_stage(&mut self) -> Stage {
        let stage = if self.rng.bool() {
            // The last names are those of such questions.
            self.asked += 1;
            Stage::Ask(EVENTS.len() - self.asked, self.rng.bool())
        } else if self.one_in(5) {
            Stage::Flow(Inner::any(self.rng))
        } else {
            Stage::Flow(Inner::proved(self.rng))
        };
        if self.one_in(3) {
            let stand_in = Stage::Handler(self.quiet());
            return Stage::Else(vec![stage], vec![stand_in]);
        }
        stage
    }
}

fn range(rng: &mut Rng) -> Range {
    match rng.u8(..12) {
        0..=5 => ONE,
        6 | 7 => NONE,
        8 => (0, Some(1)),
        9 => (rng.u32(2..4), None),
        10 => (0, None),
        _ => {
            let count = rng.u32(2..4);
            (count, Some(count))
        }
    }
}

pub(crate) fn each_handler_of(spec: &mut Spec, see: &mut impl FnMut(&mut Handler)) {
    for clause in &mut spec.clauses {
        clause.reminder.iter_mut().for_each(&mut *see);
        for route in std::iter::once(&mut clause.route).chain(&mut clause.otherwise) {
            each_handler(route, see);
        }
    }
}

pub(crate) fn each_handler(stages: &mut [Stage], see: &mut impl FnMut(&mut Handler)) {
    for stage in stages {
        match stage {
            Stage::Handler(handler) => see(handler),
            Stage::Join(routes) | Stage::First(routes) | Stage::Match(routes) => {
                for route in routes {
                    each_handler(route, see);
                }
            }
            Stage::Each(route) => each_handler(route, see),
            Stage::Else(route, stand_in) => {
                each_handler(route, see);
                each_handler(stand_in, see);
            }
            _ => {}
        }
    }
}
