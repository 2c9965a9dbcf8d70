//! What an execution and the executions of its stages share: the numbers of their questions, which
//! go out through one stream, and the way of events from outside into stages.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, Weak};

use crate::engine::outside::few::Few;
use crate::engine::outside::questions::Asking;
use crate::engine::outside::stages::{Stage, Stages};
use crate::handler::router::PolledSlot;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// An execution of a flow whose stages ask, or take events from outside, has one and hands it to
/// the executions within it. Their questions are numbered together, and each number leads to the
/// execution that asked.
#[derive(Default)]
pub(crate) struct Tree {
    numbers: Mutex<Numbers>,
    /// The handles and senders of the outermost execution. While there is one, a question of a
    /// stage can be answered by its number.
    answerers: AtomicUsize,
    /// The slots in which stages wait for the outside and for nothing else, with how many of them.
    waiting: Mutex<Few<PolledSlot, usize>>,
    pub(crate) stages: Stages,
}

#[derive(Default)]
struct Numbers {
    asked: u64,
    open: Few<u64, Weak<dyn Asking>>,
    /// The last questions that were open when their executions ended, [`ENDED_KEPT`] at most.
    ended: VecDeque<u64>,
}

/// How many numbers are kept to tell a question whose stage has ended from one that was answered.
/// Without a bound, an execution that asks for years would grow.
const ENDED_KEPT: usize = 256;

/// Where the number of a question leads.
pub(crate) enum Found {
    /// To the execution that was given it.
    Here,
    Open(Arc<dyn Asking>),
    /// The execution that asked it has ended.
    Ended,
    NotAsked,
}

impl Tree {
    /// Numbers a question of the execution.
    pub(super) fn ask(&self, execution: Weak<dyn Asking>) -> u64 {
        let mut numbers = self.numbers();
        let number = numbers.asked;
        numbers.asked += 1;
        numbers.open.add(number, execution);
        number
    }

    /// A question that was numbered before a crash waits again.
    #[cfg(feature = "durable")]
    pub(super) fn ask_again(&self, number: u64, execution: Weak<dyn Asking>) {
        self.numbers().open.add(number, execution);
    }

    /// The numbers before this one were given before a crash.
    #[cfg(feature = "durable")]
    pub(crate) fn begin_at(&self, number: u64) {
        let mut numbers = self.numbers();
        numbers.asked = numbers.asked.max(number);
    }

    pub(super) fn find(&self, number: u64) -> Found {
        let numbers = self.numbers();
        match numbers.open.get(&number) {
            Some(execution) => execution.upgrade().map_or(Found::Ended, Found::Open),
            None if numbers.ended.contains(&number) => Found::Ended,
            None => Found::NotAsked,
        }
    }

    /// The question was answered, or given up.
    pub(super) fn close(&self, number: u64) {
        let execution = self.numbers().open.remove(&number);
        drop(execution);
    }

    /// The execution that asked the question has ended.
    pub(crate) fn end(&self, number: u64) {
        let mut numbers = self.numbers();
        let execution = numbers.open.remove(&number);
        if numbers.ended.len() == ENDED_KEPT {
            numbers.ended.pop_front();
        }
        numbers.ended.push_back(number);
        drop(numbers);
        drop(execution);
    }

    pub(super) fn has_answerers(&self) -> bool {
        self.answerers.load(Ordering::SeqCst) > 0
    }

    /// A stage in the slot waits for the outside, and for nothing else.
    pub(crate) fn stage_waits(&self, at: PolledSlot) {
        let mut waiting = self.waiting();
        match waiting.get_mut(&at) {
            Some(stages) => *stages += 1,
            None => waiting.add(at, 1),
        }
    }

    /// A stage that waited is polled or dropped.
    pub(crate) fn stage_goes_on(&self, at: PolledSlot) {
        let mut waiting = self.waiting();
        let Some(stages) = waiting.get_mut(&at) else {
            return;
        };
        *stages -= 1;
        if *stages == 0 {
            waiting.remove(&at);
        }
    }

    /// The slots of the execution in which stages wait for the outside, with how many of them, as
    /// far as `counts` takes them.
    pub(crate) fn waiting_slots(
        &self,
        execution: usize,
        counts: impl Fn(u32, usize) -> bool,
    ) -> usize {
        let slot = |slot| PolledSlot { execution, slot };
        let waiting = self.waiting();
        let slots = waiting.range(slot(0)..=slot(u32::MAX));
        slots
            .filter(|(at, stages)| counts(at.slot, **stages))
            .count()
    }

    /// How many stages in the slot wait for the outside.
    pub(crate) fn waiting_in(&self, at: PolledSlot) -> usize {
        self.waiting().get(&at).copied().unwrap_or(0)
    }

    fn waiting(&self) -> MutexGuard<'_, Few<PolledSlot, usize>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the questions of stages open while it lives, as one that can answer them by number.
pub(crate) struct Answerer(Arc<Tree>);

impl Answerer {
    pub(crate) fn new(tree: &Arc<Tree>) -> Self {
        tree.answerers.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(tree))
    }
}

impl Clone for Answerer {
    fn clone(&self) -> Self {
        Self::new(&self.0)
    }
}

impl Drop for Answerer {
    fn drop(&mut self) {
        if self.0.answerers.fetch_sub(1, Ordering::SeqCst) > 1 {
            return;
        }
        // An execution whose question goes in later finds the count.
        let open: Vec<_> = {
            let numbers = self.0.numbers();
            numbers.open.values().filter_map(Weak::upgrade).collect()
        };
        for execution in open {
            execution.look_again();
        }
    }
}

/// A stage that has begun and takes events from outside, for as long as this lives.
pub(crate) struct Entered {
    tree: Arc<Tree>,
    key: (usize, u64),
}

impl Entered {
    pub(crate) fn new(tree: Arc<Tree>, within: usize, stage: &Arc<dyn Stage>) -> Self {
        let key = tree.stages.begin(within, stage);
        Self { tree, key }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.tree.stages.end(self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::any::{Any, TypeId};
    use std::sync::{Arc, Weak};

    use super::{ENDED_KEPT, Found, Tree};
    use crate::engine::outside::questions::{Asking, Refused};

    struct Stage;

    impl Asking for Stage {
        fn answer_any(
            &self,
            _number: u64,
            _question: TypeId,
            _answer: &mut dyn Any,
        ) -> Result<(), Refused> {
            Ok(())
        }

        fn look_again(&self) {}
    }

    #[test]
    fn the_numbers_of_ended_stages_do_not_pile_up() {
        let tree = Tree::default();
        let stage: Arc<dyn Asking> = Arc::new(Stage);
        for _ in 0..10 * ENDED_KEPT {
            let number = tree.ask(Arc::downgrade(&stage));
            tree.end(number);
        }
        let numbers = tree.numbers();
        assert_eq!(
            (numbers.open.values().count(), numbers.ended.len()),
            (0, ENDED_KEPT)
        );
    }

    #[test]
    fn a_number_leads_to_the_execution_that_asked_while_it_waits() {
        let tree = Tree::default();
        let stage: Arc<dyn Asking> = Arc::new(Stage);
        let [answered, ended, lost] = [(); 3].map(|()| tree.ask(Arc::downgrade(&stage)));
        assert!(matches!(tree.find(answered), Found::Open(_)));
        tree.close(answered);
        tree.end(ended);
        assert!(matches!(tree.find(answered), Found::NotAsked));
        assert!(matches!(tree.find(ended), Found::Ended));
        let weak: Weak<dyn Asking> = Arc::downgrade(&stage);
        drop(stage);
        assert!(weak.upgrade().is_none());
        assert!(matches!(tree.find(lost), Found::Ended));
        assert!(matches!(tree.find(lost + 1), Found::NotAsked));
    }
}
