"""What the cases cost in the Python peers: an event, an item of the stream, the parts of the language.

Prints a table, and leaves it in ../results/python.json for the comparison with the others.
"""

import asyncio
import json
import os
import platform
import statistics
import time
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path

import llama_workflows
import llama_workflows_parts
import trigger_flow
import trigger_flow_parts

RESULTS = Path(__file__).parent.parent / "results" / "python.json"

# How often each case is measured; the medians count.
ROUNDS = 11

# Each case does its work that often per call: enough for the beginning and the end of an
# execution not to count, except where they are what is measured.
CASES = {
    "event hop": 1_000,
    "chain of 10": 20,
    "stream item": 2_000,
    "fan-out 100 + join": 2,
    "each of 100": 2,
    "match of 10": 50,
    "3 stages inline": 50,
    "3 stages as a sub-flow": 20,
}

SYSTEMS = [
    (f"TriggerFlow {version('agently')}", [trigger_flow, trigger_flow_parts]),
    (
        f"LlamaIndex Workflows {version('llama-index-workflows')}",
        [llama_workflows, llama_workflows_parts],
    ),
]


async def timed(work: Callable[[], Awaitable[None]]) -> int:
    start = time.perf_counter_ns()
    await work()
    return time.perf_counter_ns() - start


async def measure() -> list[dict]:
    works = {
        (name, case): work
        for name, modules in SYSTEMS
        for module in modules
        for case, work in module.cases(CASES).items()
    }
    times = {key: [] for key in works}
    # The first round pays for what is made once, and is left out. All take turns, so that what
    # disturbs one disturbs the others.
    for rehearsal in [True] + [False] * ROUNDS:
        for key, work in works.items():
            took = await timed(work)
            if not rehearsal:
                times[key].append(took)
    return [
        {
            "name": name,
            "cases": {
                case: round(statistics.median(times[name, case]) / count)
                for case, count in CASES.items()
            },
        }
        for name, _ in SYSTEMS
    ]


def machine() -> str:
    cpu = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass  # not Linux
    system = f"{platform.system()} {platform.machine()}"
    return f"{cpu}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def main() -> None:
    systems = asyncio.run(measure())
    print(f"| system | {' | '.join(CASES)} |")
    print("| --- |" + " ---: |" * len(CASES))
    for system in systems:
        times = " | ".join(f"{ns:,} ns" for ns in system["cases"].values())
        print(f"| {system['name']} | {times} |")
    RESULTS.parent.mkdir(exist_ok=True)
    report = {"machine": machine(), "systems": systems}
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
