//! `ask E` as a stage: a handler that takes the question and returns it with its answer.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use crate::event::Event;
use crate::failed::WithoutCause;
use crate::graph::HandlerDesc;
use crate::handler::router::{NoReply, Router};
use crate::handler::{Cx, Handler};
use crate::macro_support::bounds::{Accepts, ArrivesAtAsk, Needs, On, RunsIn, StreamsQuestion};
use crate::macro_support::dispatch::{input, unexpected};
use crate::macro_support::split::AskPlace;
use crate::question::{Answered, Asked};
use crate::unanswered::Unanswered;

/// The stage at this place.
pub struct Ask<P>(PhantomData<P>);

impl<P> fmt::Debug for Ask<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ask").finish_non_exhaustive()
    }
}

impl<P: AskPlace> Handler for Ask<P> {
    type Item = Asked<P::Question>;
    type Value = Answered<P::Question>;
    type Error = Unanswered<P::Question>;
    type Itself = Self;
    type Cause = WithoutCause;

    const DESC: HandlerDesc =
        HandlerDesc::asking(P::NAME, &P::Question::DESC, P::WITHIN, P::LOCATION);

    fn is_given_up(error: &Unanswered<P::Question>) -> bool {
        error.is_given_up()
    }

    #[inline]
    fn call<R: Router, I: Send + 'static>(
        arrived: I,
        cx: &Cx<R, Self>,
    ) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send {
        let question = input::<P::Question, I>(&mut Some(arrived));
        async move {
            let Some(question) = question else {
                unexpected()
            };
            let reminder = P::REMINDER.map(|reminder| (reminder, P::another(&question)));
            let another = P::another(&question);
            // A recorder asks nothing.
            let Some((asked, reply)) = cx.router().ask_in_place(another, P::WITHIN, reminder)
            else {
                return Err(Unanswered::new(question, None));
            };
            cx.put(asked).await;
            match reply.await {
                Ok(answer) => Ok(Answered::new(question, answer)),
                Err(NoReply::Unanswered(within)) => Err(Unanswered::new(question, within)),
                Err(NoReply::Ending) => Err(Unanswered::given_up(question)),
            }
        }
    }
}

impl<P: AskPlace, G: StreamsQuestion<P::Question>> RunsIn<G> for Ask<P> {
    #[inline]
    fn item<T: 'static>(item: &mut Option<T>) -> Option<G::Item> {
        input::<Asked<P::Question>, T>(item).map(G::asked)
    }
}

#[diagnostic::do_not_recommend]
impl<P: AskPlace, G> Needs<G> for Ask<P> {}

impl<P: AskPlace, E: ArrivesAtAsk<P::Question>> On<E> for Ask<P> {
    type Parameter = E;
    type Input = E;
}

impl<P: AskPlace, I: ArrivesAtAsk<P::Question>> Accepts<I> for Ask<P> {
    type Parameter = I;
}
