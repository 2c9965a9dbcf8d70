"""What the parts of the language cost in TriggerFlow: each done again and again in one execution, which
an event starts anew."""

from collections.abc import Callable

from agently import TriggerFlow, TriggerFlowEventData

from trigger_flow import run


def again(times: int) -> Callable[[TriggerFlowEventData, int], None]:
    """Asks for the next time, or notes that it was the last one."""

    def ask(data: TriggerFlowEventData, left: int):
        if left > 1:
            data.emit_nowait("Again", left - 1)
        else:
            data.set_state("times", times)

    return ask


def repeated(flow: TriggerFlow, times: int):
    """What begins the rounds, and the work, which checks that they came to their end."""

    async def begin(data: TriggerFlowEventData):
        data.emit_nowait("Again", data.value)

    flow.to(begin)

    async def work():
        state = await run(flow, times)
        assert state["times"] == times, state

    return work


async def passed_on(data: TriggerFlowEventData):
    return data.value


def join(times: int):
    flow = TriggerFlow()
    ask = again(times)

    async def together(data: TriggerFlowEventData):
        results = list(data.value.values())
        assert len(results) == 100 and set(results) == {results[0]}, results
        ask(data, results[0])

    branches = [(f"branch_{n}", passed_on) for n in range(100)]
    flow.when("Again").batch(*branches).to(together)
    return repeated(flow, times)


def each(times: int):
    flow = TriggerFlow()
    ask = again(times)

    async def numbers(data: TriggerFlowEventData):
        return list(range(data.value, data.value + 100))

    async def together(data: TriggerFlowEventData):
        first = data.value[0]
        assert data.value == list(range(first, first + 100)), data.value
        ask(data, first)

    items = flow.when("Again").to(numbers).for_each(concurrency=8)
    items.to(passed_on).end_for_each().to(together)
    return repeated(flow, times)


def choice(times: int):
    flow = TriggerFlow()
    left = times

    async def kind(data: TriggerFlowEventData):
        nonlocal left
        left = data.value
        return left % 10

    ask = again(times)

    def arm(own: int):
        async def chosen(data: TriggerFlowEventData):
            assert data.value == left % 10 == own, (data.value, left, own)
            ask(data, left)

        return chosen

    arms = flow.when("Again").to(kind).match()
    for own in range(10):
        arms = arms.case(own).to((f"arm_{own}", arm(own)))
    arms.end_match()
    return repeated(flow, times)


def stages(times: int):
    flow = TriggerFlow()
    ask = again(times)

    async def close(data: TriggerFlowEventData):
        ask(data, data.value)

    chain = flow.when("Again").to(("open", passed_on))
    for n in range(3):
        chain = chain.to((f"stage_{n}", passed_on))
    chain.to(close)
    return repeated(flow, times)


def sub_flow(times: int):
    three = TriggerFlow()

    async def last(data: TriggerFlowEventData):
        data.set_state("passed", data.value)

    three.to(("stage_0", passed_on)).to(("stage_1", passed_on)).to(last)

    flow = TriggerFlow()
    ask = again(times)

    async def close(data: TriggerFlowEventData):
        ask(data, data.value)

    inner = flow.when("Again").to(("open", passed_on)).to_sub_flow(
        three, capture={"input": "value"}, write_back={"value": "result.passed"}
    )
    inner.to(close)
    return repeated(flow, times)


def cases(counts: dict[str, int]) -> dict:
    return {
        "fan-out 100 + join": join(counts["fan-out 100 + join"]),
        "each of 100": each(counts["each of 100"]),
        "match of 10": choice(counts["match of 10"]),
        "3 stages inline": stages(counts["3 stages inline"]),
        "3 stages as a sub-flow": sub_flow(counts["3 stages as a sub-flow"]),
    }
