//! What handlers take, as it is told in the log.

use std::fmt::Display;

use flow_core::{Answered, BoxError, Ending, Failed, Tick};

use super::{Arrived, Q};
use crate::script::{Value, without_names};

/// Data that a handler takes, as it is told in the log.
pub(super) trait Told {
    fn text(&self) -> String;
    fn fuel(&self) -> u8;

    fn told(&self) -> (String, u8) {
        (self.text(), self.fuel())
    }
}

impl Told for Value {
    fn text(&self) -> String {
        self.number.to_string()
    }

    fn fuel(&self) -> u8 {
        self.fuel
    }
}

impl Told for Arrived {
    fn text(&self) -> String {
        format!("{} {}", self.0, self.1.number)
    }

    fn fuel(&self) -> u8 {
        self.1.fuel
    }
}

impl<T: Told> Told for [T] {
    fn text(&self) -> String {
        let texts: Vec<_> = self.iter().map(Told::text).collect();
        texts.join(" ")
    }

    fn fuel(&self) -> u8 {
        self.iter().map(Told::fuel).min().unwrap_or(0)
    }
}

impl<T: Told + ?Sized> Told for &T {
    fn text(&self) -> String {
        (**self).text()
    }

    fn fuel(&self) -> u8 {
        (**self).fuel()
    }
}

impl Told for Failed<BoxError, Value> {
    fn text(&self) -> String {
        let error = without_names(&self.error.to_string());
        format!("{} {error}: {}", self.handler, self.cause.number)
    }

    fn fuel(&self) -> u8 {
        self.cause.fuel
    }
}

impl<E: Display> Told for Failed<E> {
    fn text(&self) -> String {
        format!(
            "{} {}",
            self.handler,
            without_names(&self.error.to_string())
        )
    }

    fn fuel(&self) -> u8 {
        1
    }
}

impl Told for Answered<Q> {
    fn text(&self) -> String {
        format!("Q {}: {}", self.question.0.number, self.answer.number)
    }

    fn fuel(&self) -> u8 {
        self.answer.fuel
    }
}

impl Told for () {
    fn text(&self) -> String {
        "nothing".to_owned()
    }

    fn fuel(&self) -> u8 {
        1
    }
}

impl Told for Tick {
    fn text(&self) -> String {
        self.count().to_string()
    }

    fn fuel(&self) -> u8 {
        2
    }
}

impl Told for Ending {
    fn text(&self) -> String {
        let kind = match self {
            Self::Completed => "completed",
            Self::Stopped => "stopped",
            Self::Failed(_) => "failed",
            Self::TimedOut(_) => "timed out",
            Self::Panicked(_) => "panicked",
            Self::Cancelled(_) => "cancelled",
            _ => "ended in another way",
        };
        kind.to_owned()
    }

    fn fuel(&self) -> u8 {
        2
    }
}
