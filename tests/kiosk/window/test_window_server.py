import json
import subprocess
import sys
import threading
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.visit import Event
from kiosk.window.ports import WindowStatus

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["ask", "cases", "projectNo", "x"]), inner),
    max_leaves=8,
)


def test_importing_the_server_leaves_the_web_libraries_for_its_thread() -> None:
    """They cost a tenth of a second and more, before the first frame."""
    code = "import sys, kiosk.window.server, kiosk.window.ports; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"uvicorn", "starlette", "asyncio", "anyio", "h11", "argon2", "PySide6"} & set(modules)


def test_connections_are_taken_from_start_on(new_kiosk: Any) -> None:
    kiosk = new_kiosk()
    kiosk.server.start()
    try:
        assert kiosk.address[0] == "127.0.0.1"
        assert kiosk.ask().status == 201
    finally:
        kiosk.server.stop()


def test_it_listens_on_the_loopback_of_ipv6_too(new_kiosk: Any) -> None:
    kiosk = new_kiosk(listen="[::1]:0")
    try:
        kiosk.server.start()
    except OSError:
        return  # a machine without IPv6
    assert kiosk.server.address.startswith("[::1]:")
    assert kiosk.ask().status == 201
    kiosk.server.stop()


def test_several_clients_at_once_are_all_served_and_each_ask_is_its_own(kiosk: Any) -> None:
    visits: list[str] = []

    def client() -> None:
        visits.extend(kiosk.ask().json()["visit"] for _ in range(10))

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(visits) == len(set(visits)) == 80


def test_who_looks_right_after_signing_in_sees_it_although_the_window_lives_on_another_thread(kiosk: Any) -> None:
    """The window takes its events a little later, as one behind an event loop does."""
    late: list[tuple[str, Event]] = []
    glances = 0

    def dispatch(window: str, event: Event) -> None:
        late.append((window, event))

    def status(window: str) -> WindowStatus:
        nonlocal glances
        glances += 1
        if late and glances >= 3:
            kiosk.hall.dispatch(*late.pop(0))
        return WindowStatus(kiosk.hall.windows[window].clerk, None)

    ports = kiosk.server._ports
    object.__setattr__(ports, "dispatch", dispatch)
    object.__setattr__(ports, "status", status)
    assert kiosk.call("PUT", "/v1/windows/3/clerk", {"number": "1001"}).status == 204
    assert kiosk.hall.windows["3"].clerk == "1001"
    assert kiosk.call("GET", "/v1/windows/3").json()["clerk"] == "1001"


def test_a_window_that_takes_nothing_in_does_not_hold_up_the_answer_for_ever(kiosk: Any) -> None:
    object.__setattr__(kiosk.server._ports, "dispatch", lambda window, event: None)
    assert kiosk.call("PUT", "/v1/windows/3/clerk", {"number": "1001"}).status == 204


def test_no_body_is_ever_a_fault_of_the_kiosk(kiosk: Any) -> None:
    def send(path: str, method: str, content: bytes) -> None:
        answer = kiosk.call(method, f"/v1/windows/3/{path}", content, Content_Type="application/json")
        assert answer.status in {201, 204, 400, 415, 422}

    @settings(deadline=None, max_examples=150)
    @given(st.sampled_from([("visits", "POST"), ("clerk", "PUT"), ("pause", "PUT")]), st.binary() | JSON)
    def fuzz(where: tuple[str, str], body: object) -> None:
        send(*where, body if isinstance(body, bytes) else json.dumps(body).encode())

    fuzz()
