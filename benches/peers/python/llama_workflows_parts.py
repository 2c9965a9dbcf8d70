"""What the parts of the language cost in LlamaIndex Workflows: each done again and again in one run,
which an event starts anew."""

from workflows import Workflow, step
from workflows.events import Event, StartEvent, StopEvent


class Begin(StartEvent):
    count: int


class Again(Event):
    left: int


def once_more(left: int) -> Again | StopEvent:
    return Again(left=left - 1) if left > 1 else StopEvent(result=left)


def repeated(workflow: Workflow, times: int):
    """The work, which checks that it came to its end."""

    async def work():
        last = await workflow.run(count=times)
        assert last == 1, last

    return work


class Item(Event):
    n: int


class Result(Event):
    n: int


class Join(Workflow):
    @step
    async def begin(self, ev: Begin) -> Again:
        return Again(left=ev.count)

    @step
    async def spread(self, ev: Again) -> list[Item]:
        return [Item(n=ev.left) for _ in range(100)]

    @step(num_workers=100)
    async def work(self, ev: Item) -> Result:
        return Result(n=ev.n)

    @step
    async def together(self, results: list[Result]) -> Again | StopEvent:
        numbers = [result.n for result in results]
        assert len(numbers) == 100 and set(numbers) == {numbers[0]}, numbers
        return once_more(numbers[0])


class Each(Workflow):
    @step
    async def begin(self, ev: Begin) -> Again:
        return Again(left=ev.count)

    @step
    async def spread(self, ev: Again) -> list[Item]:
        return [Item(n=n) for n in range(ev.left, ev.left + 100)]

    @step(num_workers=8)
    async def work(self, ev: Item) -> Result:
        return Result(n=ev.n)

    @step
    async def together(self, results: list[Result]) -> Again | StopEvent:
        # They come as they are ready.
        numbers = sorted(result.n for result in results)
        first = numbers[0]
        assert numbers == list(range(first, first + 100)), numbers
        return once_more(first)


class Kind(Event):
    left: int


class K0(Kind): ...


class K1(Kind): ...


class K2(Kind): ...


class K3(Kind): ...


class K4(Kind): ...


class K5(Kind): ...


class K6(Kind): ...


class K7(Kind): ...


class K8(Kind): ...


class K9(Kind): ...


KINDS = [K0, K1, K2, K3, K4, K5, K6, K7, K8, K9]


def chosen(ev: Kind) -> Again | StopEvent:
    assert type(ev) is KINDS[ev.left % 10], ev
    return once_more(ev.left)


class Match(Workflow):
    @step
    async def begin(self, ev: Begin) -> Again:
        return Again(left=ev.count)

    @step
    async def kind(
        self, ev: Again
    ) -> K0 | K1 | K2 | K3 | K4 | K5 | K6 | K7 | K8 | K9:
        return KINDS[ev.left % 10](left=ev.left)

    @step
    async def k0(self, ev: K0) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k1(self, ev: K1) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k2(self, ev: K2) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k3(self, ev: K3) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k4(self, ev: K4) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k5(self, ev: K5) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k6(self, ev: K6) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k7(self, ev: K7) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k8(self, ev: K8) -> Again | StopEvent:
        return chosen(ev)

    @step
    async def k9(self, ev: K9) -> Again | StopEvent:
        return chosen(ev)


class S1(Item): ...


class S2(Item): ...


class S3(Item): ...


class Inline(Workflow):
    @step
    async def begin(self, ev: Begin) -> Again:
        return Again(left=ev.count)

    @step
    async def open(self, ev: Again) -> S1:
        return S1(n=ev.left)

    @step
    async def s1(self, ev: S1) -> S2:
        return S2(n=ev.n)

    @step
    async def s2(self, ev: S2) -> S3:
        return S3(n=ev.n)

    @step
    async def s3(self, ev: S3) -> Result:
        return Result(n=ev.n)

    @step
    async def close(self, ev: Result) -> Again | StopEvent:
        return once_more(ev.n)


class Three(Workflow):
    @step
    async def s1(self, ev: Begin) -> S2:
        return S2(n=ev.count)

    @step
    async def s2(self, ev: S2) -> S3:
        return S3(n=ev.n)

    @step
    async def s3(self, ev: S3) -> StopEvent:
        return StopEvent(result=ev.n)


class Outer(Workflow):
    """Its only way to have a workflow as a stage is a step that awaits a run of it."""

    three = Three(timeout=None)

    @step
    async def begin(self, ev: Begin) -> Again:
        return Again(left=ev.count)

    @step
    async def open(self, ev: Again) -> S1:
        return S1(n=ev.left)

    @step
    async def inner(self, ev: S1) -> Result:
        return Result(n=await self.three.run(count=ev.n))

    @step
    async def close(self, ev: Result) -> Again | StopEvent:
        return once_more(ev.n)


WORKFLOWS = {
    "fan-out 100 + join": Join,
    "each of 100": Each,
    "match of 10": Match,
    "3 stages inline": Inline,
    "3 stages as a sub-flow": Outer,
}


def cases(counts: dict[str, int]) -> dict:
    return {
        case: repeated(workflow(timeout=None), counts[case])
        for case, workflow in WORKFLOWS.items()
    }
