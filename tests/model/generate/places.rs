//! Where handlers and flows stand in a route.

use crate::graph::{Last, Route, Stage};

pub(super) fn has_flow(stages: &[Stage]) -> bool {
    stages.iter().any(|stage| match stage {
        Stage::Handler(_) | Stage::Ask(..) | Stage::Closure(_) | Stage::Emit | Stage::Ignore => {
            false
        }
        Stage::Flow(_) => true,
        Stage::Join(several) | Stage::First(several) | Stage::Match(several) => {
            several.iter().any(|one| has_flow(one))
        }
        Stage::Each(stages, _) => has_flow(stages),
        Stage::Else(stages, stand_in) => {
            has_flow(stages)
                || stand_in
                    .as_deref()
                    .is_some_and(|one| has_flow(std::slice::from_ref(one)))
        }
    })
}

/// Whether it is made of closures alone, and of what these stand in for.
pub(super) fn cannot_fail(stages: &[Stage]) -> bool {
    stages.iter().all(|stage| match stage {
        Stage::Closure(_) | Stage::Else(_, None) => true,
        Stage::Else(_, Some(stand_in)) => cannot_fail(std::slice::from_ref(stand_in)),
        _ => false,
    })
}

/// Where a handler or a flow stands.
pub(super) struct Place {
    pub(super) handler: &'static str,
    pub(super) in_branch: bool,
    /// An `else` takes its failure.
    pub(super) covered: bool,
}

pub(super) fn places_of_route(route: &Route, places: &mut Vec<Place>) {
    places_of(&route.stages, false, false, places);
    if let Last::Match(arms) = &route.last {
        for arm in arms {
            places_of_route(arm, places);
        }
    }
}

fn places_of(stages: &[Stage], in_branch: bool, covered: bool, places: &mut Vec<Place>) {
    for stage in stages {
        match stage {
            Stage::Handler(handler) => places.push(Place {
                handler,
                in_branch,
                covered,
            }),
            Stage::Flow(_) => places.push(Place {
                handler: "",
                in_branch,
                covered,
            }),
            Stage::Ask(_, every, lapse) => {
                // A reminder runs in a clause of its own.
                places.extend(every.map(|_| Place {
                    handler: "n0",
                    in_branch: false,
                    covered: false,
                }));
                match lapse {
                    None => places.push(Place {
                        handler: "ask Q",
                        in_branch,
                        covered,
                    }),
                    Some(lapse) => {
                        places_of(std::slice::from_ref(lapse), in_branch, covered, places);
                    }
                }
            }
            Stage::Closure(_) | Stage::Emit | Stage::Ignore => {}
            Stage::Join(branches) | Stage::First(branches) => {
                for branch in branches {
                    places_of(branch, true, covered, places);
                }
            }
            Stage::Each(stages, _) => places_of(stages, true, covered, places),
            Stage::Else(stages, stand_in) => {
                places_of(stages, in_branch, true, places);
                if let Some(stand_in) = stand_in {
                    places_of(std::slice::from_ref(stand_in), in_branch, covered, places);
                }
            }
            Stage::Match(arms) => {
                for arm in arms {
                    places_of(arm, in_branch, covered, places);
                }
            }
        }
    }
}
