//! The handlers of a route at their places: beside others or not, with an `else` or without.

use syn::Path;

use crate::flow::route::{Each, Route, Stage};
use crate::written::written;

/// A handler at its place in a route.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) handler: &'a Path,
    /// An `else` takes its error.
    pub(crate) has_else: bool,
    /// It runs beside others, in a join, a `first` or an `each`.
    pub(crate) is_concurrent: bool,
    /// The `each` of which it is the whole route, without parentheses.
    pub(crate) each: Option<&'a Each>,
}

impl Place<'_> {
    /// The handler here with an `else`, as it would be written.
    pub(crate) fn with_else(&self, handler: &str) -> String {
        let Some(each) = self.each else {
            return format!("{handler} else stand_in");
        };
        let limit = each.limit.as_ref().map(|(_, limit)| written(limit));
        let limit = limit.map(|limit| format!("[{limit}]")).unwrap_or_default();
        format!("each ({handler} else stand_in){limit}")
    }
}

/// What is around a route.
#[derive(Clone, Copy, Default)]
struct Around<'a> {
    has_else: bool,
    is_concurrent: bool,
    each: Option<&'a Each>,
}

impl Route {
    /// The handlers with their places, in the order of the text.
    pub(crate) fn places(&self) -> Vec<Place<'_>> {
        let mut places = Vec::new();
        self.add_places(Around::default(), &mut places);
        places
    }

    fn add_places<'a>(&'a self, around: Around<'a>, places: &mut Vec<Place<'a>>) {
        let Around {
            has_else,
            is_concurrent,
            each,
        } = around;
        for stage in &self.stages {
            let within = match stage {
                Stage::Handler(handler) => {
                    places.push(Place {
                        handler,
                        has_else,
                        is_concurrent,
                        each,
                    });
                    continue;
                }
                Stage::Else(choice) => {
                    let tried = Around {
                        has_else: true,
                        ..around
                    };
                    choice.tried.add_places(tried, places);
                    choice.stand_in.1.add_places(around, places);
                    continue;
                }
                Stage::Join { .. } | Stage::First(_) => Around {
                    is_concurrent: true,
                    each: None,
                    ..around
                },
                Stage::Each(each) => Around {
                    is_concurrent: true,
                    each: each.paren.is_none().then_some(each),
                    ..around
                },
                _ => around,
            };
            for route in stage.routes() {
                route.add_places(within, places);
            }
        }
    }
}
