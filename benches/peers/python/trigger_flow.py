"""The cases in TriggerFlow. Where its documentation offers several ways, this is the fastest."""

from agently import TriggerFlow, TriggerFlowEventData


async def run(flow: TriggerFlow, value: int) -> dict:
    """One execution, whose end is asked for: `async_start` finds out by polling that nothing is
    left to do, which adds 50 ms."""
    execution = await flow.async_start_execution(value)
    return await execution.async_close()


def ping_pong(hops: int):
    flow = TriggerFlow()

    async def ping(data: TriggerFlowEventData):
        if data.value < hops:
            # `async_emit` would wait for all that follows, and all of it would stay in memory.
            data.emit_nowait("Pong", data.value + 1)
        else:
            data.set_state("last", data.value)

    async def pong(data: TriggerFlowEventData):
        data.emit_nowait("Ping", data.value + 1)

    flow.to(ping)
    flow.when("Ping").to(ping)
    flow.when("Pong").to(pong)

    async def work():
        state = await run(flow, 0)
        assert state["last"] == hops, state

    return work


def chain_of_ten(runs: int):
    flow = TriggerFlow()

    def stage():
        async def add_one(data: TriggerFlowEventData):
            return data.value + 1

        return add_one

    async def tell(data: TriggerFlowEventData):
        data.set_state("last", data.value + 1)

    chain = flow.to(stage())
    for _ in range(8):
        chain = chain.to(stage())
    chain.to(tell)

    async def work():
        for _ in range(runs):
            state = await run(flow, 0)
            assert state["last"] == 10, state

    return work


def stream(items: int):
    flow = TriggerFlow()

    async def count(data: TriggerFlowEventData):
        for n in range(items):
            # `put_into_stream` costs twice that.
            await data.async_put_into_stream(n)
        await data.async_stop_stream()

    flow.to(count)

    async def work():
        read = 0
        async for item in flow.get_async_runtime_stream(None):
            assert item == read, item
            read += 1
        assert read == items, read

    return work


def cases(counts: dict[str, int]) -> dict:
    return {
        "event hop": ping_pong(counts["event hop"]),
        "chain of 10": chain_of_ten(counts["chain of 10"]),
        "stream item": stream(counts["stream item"]),
    }
