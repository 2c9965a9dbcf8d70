"""The cases in LlamaIndex Workflows."""

from workflows import Context, Workflow, step
from workflows.events import Event, StartEvent, StopEvent


class Begin(StartEvent):
    count: int


class Ping(Event):
    n: int
    last: int


class Pong(Event):
    n: int
    last: int


class PingPong(Workflow):
    @step
    async def begin(self, ev: Begin) -> Ping:
        return Ping(n=0, last=ev.count)

    @step
    async def ping(self, ev: Ping) -> Pong | StopEvent:
        if ev.n < ev.last:
            return Pong(n=ev.n + 1, last=ev.last)
        return StopEvent(result=ev.n)

    @step
    async def pong(self, ev: Pong) -> Ping:
        return Ping(n=ev.n + 1, last=ev.last)


def ping_pong(hops: int):
    workflow = PingPong(timeout=None)

    async def work():
        last = await workflow.run(count=hops)
        assert last == hops, last

    return work


class Stage(Event):
    n: int


class E1(Stage): ...


class E2(Stage): ...


class E3(Stage): ...


class E4(Stage): ...


class E5(Stage): ...


class E6(Stage): ...


class E7(Stage): ...


class E8(Stage): ...


class E9(Stage): ...


class Chain(Workflow):
    @step
    async def s1(self, ev: Begin) -> E1:
        return E1(n=ev.count + 1)

    @step
    async def s2(self, ev: E1) -> E2:
        return E2(n=ev.n + 1)

    @step
    async def s3(self, ev: E2) -> E3:
        return E3(n=ev.n + 1)

    @step
    async def s4(self, ev: E3) -> E4:
        return E4(n=ev.n + 1)

    @step
    async def s5(self, ev: E4) -> E5:
        return E5(n=ev.n + 1)

    @step
    async def s6(self, ev: E5) -> E6:
        return E6(n=ev.n + 1)

    @step
    async def s7(self, ev: E6) -> E7:
        return E7(n=ev.n + 1)

    @step
    async def s8(self, ev: E7) -> E8:
        return E8(n=ev.n + 1)

    @step
    async def s9(self, ev: E8) -> E9:
        return E9(n=ev.n + 1)

    @step
    async def s10(self, ev: E9) -> StopEvent:
        return StopEvent(result=ev.n + 1)


def chain_of_ten(runs: int):
    workflow = Chain(timeout=None)

    async def work():
        for _ in range(runs):
            last = await workflow.run(count=0)
            assert last == 10, last

    return work


class Item(Event):
    n: int


class Count(Workflow):
    @step
    async def count(self, ctx: Context, ev: Begin) -> StopEvent:
        for n in range(ev.count):
            ctx.write_event_to_stream(Item(n=n))
        return StopEvent(result=ev.count)


def stream(items: int):
    workflow = Count(timeout=None)

    async def work():
        handler = workflow.run(count=items)
        read = 0
        async for event in handler.stream_events():
            if isinstance(event, Item):
                assert event.n == read, event
                read += 1
        assert read == items == await handler, read

    return work


def cases(counts: dict[str, int]) -> dict:
    return {
        "event hop": ping_pong(counts["event hop"]),
        "chain of 10": chain_of_ten(counts["chain of 10"]),
        "stream item": stream(counts["stream item"]),
    }
