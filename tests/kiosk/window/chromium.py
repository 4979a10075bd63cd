"""A real browser without a window, driven through the pipe of its DevTools protocol: one process, no port."""

import json
import os
import select
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

LATEST_S = 30


class Chromium:
    """One page. Each act waits for the page that it brings."""

    def __init__(self, program: str, profile: Path) -> None:
        to_browser, self._writing = os.pipe()
        self._reading, from_browser = os.pipe()
        flags = [
            "--headless",
            "--remote-debugging-pipe",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            f"--user-data-dir={profile}",
        ]
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", 'exec "$0" "$@" 3<&"$IN" 4>&"$OUT"', program, *flags],
            pass_fds=(to_browser, from_browser),
            env={**os.environ, "IN": str(to_browser), "OUT": str(from_browser), "HOME": str(profile)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._pending = b""
        self._said: list[dict[str, Any]] = []
        self._number = count(1)
        self._session = ""
        page = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def close(self) -> None:
        os.close(self._writing)
        os.close(self._reading)
        self._process.terminate()
        try:
            self._process.wait(LATEST_S)
        finally:
            self._process.kill()

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._number)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda said: said.get("id") == number)
        assert "error" not in answer, answer
        return dict(answer["result"])

    def open(self, address: str) -> None:
        self._loading(lambda: self.ask("Page.navigate", url=address))

    def js(self, script: str) -> Any:
        """The test's own, injected: the page has none, and a pass says nothing about whether it allows any."""
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def type_in(self, name: str, text: str) -> None:
        """As keys would: into the field of that name."""
        self.js(f"document.querySelector('[name={name}]').focus()")
        self.ask("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """Enter, and the page that comes."""
        codes = {"Enter": ("\r", 13)}
        text, code = codes[key]
        keys = {"key": key, "code": key, "windowsVirtualKeyCode": code}

        def act() -> None:
            self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **keys)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **keys)

        self._loading(act)

    def click(self, words: str) -> None:
        """With the mouse, on the button that begins with these words; waits for the page that comes."""
        place = self.js(
            "(() => { const button = [...document.querySelectorAll('button')].find(b => b.innerText.trim()"
            f".startsWith({json.dumps(words)})); button.scrollIntoView({{block: 'center'}});"
            "const at = button.getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]; })()"
        )
        mouse = {"x": place[0], "y": place[1], "button": "left", "clickCount": 1}

        def act() -> None:
            self.ask("Input.dispatchMouseEvent", type="mousePressed", **mouse)
            self.ask("Input.dispatchMouseEvent", type="mouseReleased", **mouse)

        self._loading(act)

    @property
    def text(self) -> str:
        return str(self.js("document.body.innerText"))

    def _loading(self, act: Callable[[], object]) -> None:
        self._said = [said for said in self._said if said.get("method") != "Page.loadEventFired"]
        act()
        self._until(lambda said: said.get("method") == "Page.loadEventFired")

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What else is said while this is waited for is kept for whoever waits for that."""
        while True:
            found = next((said for said in self._said if wanted(said)), None)
            if found is not None:
                self._said.remove(found)
                return found
            ready, _, _ = select.select([self._reading], [], [], LATEST_S)
            assert ready, "the browser says nothing"
            part = os.read(self._reading, 1 << 16)
            assert part, "the browser has gone"
            *whole, self._pending = (self._pending + part).split(b"\0")
            self._said += [json.loads(one) for one in whole]
