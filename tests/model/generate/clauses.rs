//! Clauses: what they wait for, and what is rescued.

use crate::generate::places::{Place, places_of_route};
use crate::generate::{Generator, PLAIN, TAKES};
use crate::graph::{Clause, Last, QUESTION, Route, Stage, Trigger};

/// Events that meet, how many of each, and the handler that takes them.
const TOGETHER: [(&[(usize, usize)], &str); 10] = [
    (&[(0, 1), (1, 1)], "p_ab"),
    (&[(2, 1), (3, 1)], "p_cd"),
    (&[(1, 1), (2, 1)], "p_bc"),
    (&[(0, 1), (3, 1)], "p_ad"),
    (&[(0, 1), (1, 1), (2, 1)], "p_abc"),
    (&[(1, 1), (2, 1), (3, 1)], "p_bcd"),
    (&[(0, 2)], "p_a2"),
    (&[(1, 3)], "p_b3"),
    (&[(2, 2)], "p_c2"),
    (&[(3, 3)], "p_d3"),
];

impl Generator {
    pub(super) fn ask(&mut self, clauses: &mut Vec<Clause>) {
        let within = [None, None, Some(1_501), Some(3_101)];
        let trigger = Trigger::Ask(self.pick(&within), self.reminder());
        let route = self.route(Stage::Handler("q0"));
        let otherwise = self.rng.bool();
        let otherwise = otherwise.then(|| self.route(Stage::Handler("q1")));
        clauses.push(Clause {
            trigger,
            route,
            otherwise,
        });
    }

    pub(super) fn every(&mut self, clauses: &mut Vec<Clause>) {
        for period in [701, 1_301] {
            if period == 701 || self.one_in(2) {
                clauses.push(Clause {
                    trigger: Trigger::Every(period),
                    route: self.route(Stage::Handler("k0")),
                    otherwise: None,
                });
            }
        }
    }

    pub(super) fn when(&mut self, event: usize, clauses: &mut Vec<Clause>) {
        let (trigger, first) = match self.rng.u8(..5) {
            0 => {
                let other = (event + 1 + self.rng.usize(..3)) % QUESTION;
                let events = vec![event.min(other), event.max(other)];
                (Trigger::Any(events), self.pick(&TAKES))
            }
            1 => (Trigger::If(event), self.pick(&TAKES)),
            2 | 3 => {
                let (events, first) = self.pick(&TOGETHER);
                // The key is small, so that some are equal.
                let by = self.one_in(4).then_some(".0.fuel");
                (Trigger::All(events.to_vec(), by), first)
            }
            _ => (Trigger::Any(vec![event]), self.pick(&TAKES)),
        };
        if clauses
            .iter()
            .any(|clause| clause.trigger.is_same(&trigger))
        {
            return;
        }
        let has_otherwise = match trigger {
            Trigger::If(_) => true,
            Trigger::All(..) => !self.one_in(3),
            _ => false,
        };
        let mut route = self.route(Stage::Handler(first));
        if matches!(trigger, Trigger::Any(_)) && self.one_in(6) {
            route = Route {
                stages: vec![Stage::Handler("x_vec")],
                last: Last::Emit,
            };
        }
        let otherwise = has_otherwise.then(|| {
            if self.one_in(3) {
                let (stages, last) = (Vec::new(), Last::Ignore);
                return Route { stages, last };
            }
            let first = self.pick(&TAKES);
            self.route(Stage::Handler(first))
        });
        let clause = Clause {
            trigger,
            route,
            otherwise,
        };
        // `when A | B -> c` and `when A -> c` are refused, as one of them is there twice.
        if !clauses.iter().any(|other| other.repeats(&clause)) {
            clauses.push(clause);
        }
    }

    /// Handlers that fail outside of joins and `each`, without an `else`, may have a rescue.
    pub(super) fn rescues(&mut self, clauses: &mut Vec<Clause>) {
        let mut places = Vec::new();
        for clause in &*clauses {
            if let Trigger::Ask(_, Some(_)) = clause.trigger {
                places.push(Place {
                    handler: "n0",
                    in_branch: false,
                    covered: false,
                });
            }
            for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
                places_of_route(route, &mut places);
            }
        }
        let is_free = |name: &str| {
            let mut open = places
                .iter()
                .filter(|place| place.handler == name && !place.covered);
            open.clone().next().is_some() && open.all(|place| !place.in_branch)
        };
        let handlers = PLAIN.into_iter().chain(TAKES);
        let handlers = handlers.chain([
            "q0", "z0", "z1", "k0", "n0", "p_ab", "p_a2", "choose", "m_opt", "m_vec", "x_vec",
        ]);
        let mut rescued: Vec<_> = handlers.filter(|name| is_free(name)).collect();
        rescued.retain(|_| self.one_in(3));
        if !rescued.is_empty() {
            let route = self.route(Stage::Handler("r0"));
            clauses.push(Clause {
                trigger: Trigger::Rescue(rescued.clone()),
                route,
                otherwise: None,
            });
        }
        if is_free("ask Q") && self.one_in(2) {
            rescued.push("ask Q");
            let route = self.route(Stage::Handler("r1"));
            clauses.push(Clause {
                trigger: Trigger::Rescue(vec!["ask Q"]),
                route,
                otherwise: None,
            });
        }
        let mut rest = places
            .iter()
            .filter(|place| !place.covered && !rescued.contains(&place.handler));
        let any = rest.clone().next().is_some();
        if any && rest.all(|place| !place.in_branch) && self.one_in(2) {
            let route = self.route(Stage::Handler("r0"));
            clauses.push(Clause {
                trigger: Trigger::Rescue(Vec::new()),
                route,
                otherwise: None,
            });
        }
    }
}
