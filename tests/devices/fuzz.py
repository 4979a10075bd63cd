"""`python -m tests.devices.fuzz --runs 100000`: coverage-guided noise for the parser of every shipped profile.

Each run cuts one stream of bytes in three ways and compares what comes out, from the parser to the facts. Exit code 1
if one run raises, grows, or hears another thing in another cutting. Needs atheris, which there is for x86-64 alone.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 300
"""Bytes of a stream: several times the longest frame, and of the noise that is told of at once."""
PATIENCE_S = 900


def main() -> int:
    parser = argparse.ArgumentParser(description="coverage-guided fuzzing of the frame parsers")
    parser.add_argument("--runs", type=int, default=100_000, help="a profile")
    parser.add_argument("--profile", help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("parsers: atheris is not installed (there is none for this processor): nothing was fuzzed")
        return 0
    if options.profile:
        return fuzz(options.profile, options.corpus, options.runs)
    profiles = sorted(path.stem for path in (ROOT / "devices" / "profiles").glob("*.toml"))
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        hold = list(pool.map(lambda name: _holds(name, options.runs), profiles))
    return 0 if all(hold) else 1


def _holds(name: str, runs: int) -> bool:
    """In a process of its own: a fault ends it."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        command = [
            sys.executable,
            "-m",
            "tests.devices.fuzz",
            "--profile",
            name,
            "--corpus",
            folder,
            "--runs",
            str(runs),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        found = len(list(Path(folder).iterdir()))
    if done.returncode:
        print(f"{name}: DOES NOT HOLD\n{done.stderr[-4000:]}", flush=True)
        return False
    print(f"{name}: {runs} runs, {found} streams that reach different code, all hold", flush=True)
    return True


def fuzz(name: str, corpus: Path, runs: int) -> int:
    """Does not return: libFuzzer ends the process, with a code that says whether all held."""
    import atheris

    with atheris.instrument_imports(include=["devices"]):
        from devices.profile import load_profile
        from tests.devices.fuzzed import check, seeds

    profile = load_profile(name)
    for number, seed in enumerate(seeds(profile)):
        (corpus / f"seed-{number}").write_bytes(seed)
    flags = [f"-runs={runs}", f"-max_len={LONGEST}", "-seed=1", f"-artifact_prefix={corpus}/"]
    atheris.Setup([sys.argv[0], *flags, str(corpus)], lambda data: check(profile, data))
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
