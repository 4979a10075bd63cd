"""How long a press takes from the line to the listener, how soon a box is missed and found, and what garbage
costs.

`python bench/evaluator.py` prints one line a figure. Times are ratios of two measurements in the same run.
"""

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import serial

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # runs from a checkout that is not installed

from devices.emulator import EmulatedEvaluator
from devices.facts import EvaluatorFound, EvaluatorLost, Fact, KeyPressed
from devices.port_finding import PortChoice
from devices.profile import Profile, load_profile
from devices.serial_evaluator import SerialEvaluator

BATCHES = 7
ROUNDS = 400
LINE_BYTES_A_SECOND = 115_200 / 10
CHUNK = 46  # 4 ms of a line at 115,200 baud, as adapters deliver it
DEADLINE_S = 10.0
TURNS = 5


class Stopwatch:
    """Notes when the listener is called, and lets the bench wait for it."""

    def __init__(self) -> None:
        self.at_ns = 0
        self._news: dict[type, threading.Semaphore] = {
            kind: threading.Semaphore(0) for kind in (KeyPressed, EvaluatorFound, EvaluatorLost, bytes)
        }

    def __call__(self, fact: Fact | bytes) -> None:
        self.at_ns = time.perf_counter_ns()
        if type(fact) in self._news:
            self._news[type(fact)].release()

    def wait(self, kind: type) -> int:
        """The time at which the awaited fact came, in ns."""
        if not self._news[kind].acquire(timeout=DEADLINE_S):
            raise TimeoutError(f"no {kind.__name__} within {DEADLINE_S} s")
        return self.at_ns


def latency(profile: Profile) -> str:
    """From the last byte on the line to the listener, against a bare pyserial read of the same bytes.

    All on one core: which core an idle reader wakes on, new for each thread, costs more than either of the two. The
    batches have fresh threads; the median one is told.
    """
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        batches = sorted((_latencies_us(profile) for _ in range(BATCHES)), key=lambda pair: pair[0] / pair[1])
    finally:
        os.sched_setaffinity(0, cores)
    through, bare = batches[BATCHES // 2]
    worst = batches[-1][0] / batches[-1][1]
    return f"{through / bare:.2f} x ({through:.0f} µs / {bare:.0f} µs; worst batch {worst:.2f} x)"


def _latencies_us(profile: Profile) -> tuple[float, float]:
    """Median µs through the reader, and by a bare pyserial read, press by press in turn."""
    with EmulatedEvaluator(profile) as box, EmulatedEvaluator(profile) as bare:
        watch, bare_watch = Stopwatch(), Stopwatch()
        evaluator = SerialEvaluator("bench", PortChoice(box.port), profile, frozenset({0x81}), watch)
        evaluator.start()
        watch.wait(EvaluatorFound)
        frames = [profile.press_frame(0x81, level) for level in (5, 1)]
        with serial.Serial(bare.port, timeout=None) as port:
            thread = threading.Thread(target=_read_bare, args=(port, len(frames[0]), bare_watch), daemon=True)
            thread.start()
            through, bare_read = [], []
            for turn in range(ROUNDS):
                frame = frames[turn % 2]
                bare_read.append(_timed(bare, frame, bare_watch, bytes))
                through.append(_timed(box, frame, watch, KeyPressed))
            thread.join(DEADLINE_S)
        evaluator.stop()
    return statistics.median(through), statistics.median(bare_read)


def _read_bare(port: serial.Serial, size: int, watch: Stopwatch) -> None:
    for _ in range(ROUNDS):
        watch(port.read(size))


def _timed(box: EmulatedEvaluator, frame: bytes, watch: Stopwatch, kind: type) -> float:
    before = time.perf_counter_ns()
    box.send(frame)
    return (watch.wait(kind) - before) / 1000


def replugging_s(profile: Profile, directory: Path, out_s: float) -> tuple[float, float]:
    """Seconds from unplugging to the fact that tells it, and from replugging, `out_s` later, to a press that counts."""
    watch = Stopwatch()
    lost, back = [], []
    with EmulatedEvaluator(profile, directory / "box") as box:
        evaluator = SerialEvaluator("bench", PortChoice(box.port), profile, frozenset({0x81}), watch)
        evaluator.start()
        watch.wait(EvaluatorFound)
        for turn in range(TURNS):
            lost.append(_since(box.unplug, watch, EvaluatorLost))
            time.sleep(out_s + turn * 0.17)  # at another moment between two tries each time
            before = time.perf_counter_ns()
            box.plug()
            watch.wait(EvaluatorFound)
            box.press(0x81, turn % 5 + 1)
            back.append((watch.wait(KeyPressed) - before) / 1e9)
        evaluator.stop()
    return max(lost), max(back)


def _since(act: Callable[[], None], watch: Stopwatch, kind: type) -> float:
    before = time.perf_counter_ns()
    act()
    return (watch.wait(kind) - before) / 1e9


def garbage(profile: Profile) -> tuple[float, int]:
    """Share of one core that the reader spends on garbage at 115,200 baud, and by how many bytes the process grows
    while five minutes of garbage come as fast as it takes them.
    """
    watch = Stopwatch()
    seconds, chunks = 2.0, 500
    with EmulatedEvaluator(profile) as box:
        evaluator = SerialEvaluator("bench", PortChoice(box.port), profile, frozenset({0x81}), watch)
        evaluator.start()
        watch.wait(EvaluatorFound)
        noise = os.urandom(CHUNK * chunks)
        [reader] = [thread for thread in threading.enumerate() if thread.name == "evaluator-bench"]
        clock = time.pthread_getcpuclockid(reader.ident or 0)
        before = time.clock_gettime(clock)
        for at in range(0, len(noise), CHUNK):
            box.send(noise[at : at + CHUNK])
            time.sleep(seconds / chunks)
        used = time.clock_gettime(clock) - before
        resident = _resident()
        for _ in range(int(300 * LINE_BYTES_A_SECOND / len(noise))):
            _send_all(box, noise)
        grown = _resident() - resident
        evaluator.stop()
    return used / seconds, grown


def _send_all(box: EmulatedEvaluator, data: bytes) -> None:
    while data:
        taken = box.send(data)
        data = data[taken:]
        if not taken:
            time.sleep(0.001)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def figures() -> list[tuple[str, str, str]]:
    """What, its goal and what was measured."""
    shipped = load_profile("rs485-ft12")
    profile = replace(shipped, press=replace(shipped.press, guard_ms=0))  # the bench presses faster than a person
    with TemporaryDirectory(prefix="evaluator-") as directory:
        lost, soon = replugging_s(profile, Path(directory), 0.0)
        _, late = replugging_s(profile, Path(directory), 3.0)
    rounds = [garbage(profile) for _ in range(3)]
    return [
        ("last byte on the line -> listener, against a bare pyserial read", "<= 3 x", latency(profile)),
        (f"unplugged -> told (worst of {TURNS})", "<= 100 ms", f"{lost * 1000:.1f} ms"),
        (f"replugged at once -> a press counts (worst of {TURNS})", "<= 2 s", f"{soon:.2f} s"),
        (f"replugged after 3 s and more -> a press counts (worst of {TURNS})", "<= 2 s", f"{late:.2f} s"),
        (
            "reader on garbage at 115,200 baud",
            "< 5 % of a core",
            f"{statistics.median(share for share, _ in rounds) * 100:.1f} %",
        ),
        ("growth of the process by five minutes of garbage", "none", f"{max(grown for _, grown in rounds) // 1024} kB"),
    ]


if __name__ == "__main__":
    for what, goal, measured in figures():
        print(f"{what:70} {goal:16} {measured}")
