"""What must hold for any bytes, checked on one stream."""

from devices.facts import BadFrame, Fact, KeyPressed
from devices.framing import parser_for
from devices.interpreter import Interpreter
from devices.profile import Profile


def check(profile: Profile, data: bytes) -> None:
    """AssertionError where it does not hold. The first byte says how the rest is cut."""
    step, stream = sum(data[:1]) % 80 + 1, data[1:]
    whole = facts(profile, [stream])
    assert facts(profile, [stream[at : at + step] for at in range(0, len(stream), step)]) == whole
    assert facts(profile, [bytes([byte]) for byte in stream]) == whole
    for fact in whole:
        match fact:
            case KeyPressed(level=level, key=key, frame=frame):
                assert profile.keys[key] == level
                assert key not in profile.press.timeout_keys
                assert frame in stream
            case BadFrame(raw=raw):
                assert raw in stream


def facts(profile: Profile, chunks: list[bytes]) -> list[Fact]:
    """All that the listener is told, from the first byte to the silence behind the last."""
    parser = parser_for(profile.framing)
    evaluators = profile.addresses.evaluators
    interpreter = Interpreter("fuzzed", profile, frozenset(evaluators[:2]), lambda: 0.0)
    events = []
    for chunk in chunks:
        events += parser.feed(chunk)
        held = sum(len(value) for value in vars(parser).values() if isinstance(value, bytes | bytearray))
        assert held <= profile.framing.longest + 1
    events += parser.flush()
    assert not parser.pending
    return [fact for event in events for fact in interpreter.interpret(event)]


def seeds(profile: Profile) -> list[bytes]:
    """What a box and a host of this profile say: nobody guesses a checksum."""
    address = profile.addresses.evaluators.start
    presses = [profile.press_frame(address, level) for level in profile.levels]
    commands = [profile.command_frame(command, address) for command in profile.commands]
    return [b"\x07" + said for said in [*presses, *commands, b"".join(presses)]]
