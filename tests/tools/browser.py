# SPDX-License-Identifier: BSD-3-Clause
"""A page in headless Chromium, driven through the DevTools protocol on a pipe: real mouse and keys, screenshots."""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

import png

PROGRAM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
FLAGS = ["--headless", "--no-sandbox", "--remote-debugging-pipe", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
         "--disable-extensions", "--disable-background-networking", "--no-first-run", "--hide-scrollbars", "--mute-audio",
         "--force-color-profile=srgb"]
MODIFIERS = {"shift": 8}


class Browser:
    """with Browser(path, "frame=0") as page: ..."""

    def __init__(self, path, fragment="", size=(1000, 700), dark=False, timeout_s=300):
        self.deadline = time.monotonic() + timeout_s
        self.path, self.fragment, self.size, self.dark = path, fragment, size, dark
        self.number, self.session, self.rest, self.requests, self.errors = 0, None, b"", [], []

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory()
        ours, theirs = zip(*(self.pipe_end(i) for i in range(2)))
        self.write, self.read = ours
        script = f'exec "$0" "$@" 3<&{theirs[0]} 4>&{theirs[1]}'
        words = [PROGRAM, *FLAGS, f"--user-data-dir={self.profile.name}", "about:blank"]
        self.process = subprocess.Popen(["bash", "-c", script, *words], pass_fds=theirs, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in theirs:
            os.close(fd)
        try:
            self.open()
        except BaseException:
            self.__exit__()
            raise
        return self

    @staticmethod
    def pipe_end(i):
        """Our end and theirs of a pipe to (0) or from (1) the browser, above the numbers that it expects."""
        r, w = os.pipe()
        mine, other = (w, r) if i == 0 else (r, w)
        high = fcntl.fcntl(other, fcntl.F_DUPFD, 10)
        os.close(other)
        return mine, high

    def __exit__(self, *_):
        for fd in (self.write, self.read):
            os.close(fd)  # the browser ends with its pipe
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for _ in range(20):  # its children may still be writing there
            try:
                return self.profile.cleanup()
            except OSError:
                time.sleep(0.1)

    # ---- the protocol ----

    def message(self):
        while b"\0" not in self.rest:
            left = self.deadline - time.monotonic()
            assert left > 0 and select.select([self.read], [], [], left)[0], "the browser does not answer"
            data = os.read(self.read, 1 << 20)
            assert data, "the browser ended"
            self.rest += data
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.write, data):]
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer)
                return answer["result"]
            if answer.get("method") == "Network.requestWillBeSent":
                self.requests.append(answer["params"]["request"]["url"])
            if answer.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.errors.append(answer["params"])

    def open(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        width, height = self.size
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if self.dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url=f"file://{self.path}#{self.fragment}")
        self.until("document.documentElement?.dataset.ready === '1'")
        self.settle()

    # ---- for tests ----

    def run(self, code):
        """The value of an expression."""
        answer = self.call("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, condition):
        while not self.run(condition):
            assert not self.errors, self.errors
            time.sleep(0.05)

    def settle(self):
        """Waits until what is due has been drawn."""
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))")

    def text(self, selector):
        return self.run(f"document.querySelector({json.dumps(selector)}).innerText")

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def hover(self, x, y):
        self.mouse("mouseMoved", x, y)
        self.settle()

    def drag(self, start, end, button="left"):
        held = {"left": 1, "right": 2}[button]
        self.mouse("mousePressed", *start, button=button, buttons=held, clickCount=1)
        for k in range(1, 5):
            at = [a + (b - a) * k / 4 for a, b in zip(start, end)]
            self.mouse("mouseMoved", *at, button=button, buttons=held)
        self.mouse("mouseReleased", *end, button=button, clickCount=1)
        self.settle()

    def press(self, key, modifier=None):
        code = {" ": "Space"}.get(key, key)
        more = {"modifiers": MODIFIERS.get(modifier, 0), "key": key, "code": code}
        words = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **more, **words)
        self.call("Input.dispatchKeyEvent", type="keyUp", **more)
        self.settle()

    def type(self, words):
        for letter in words:
            self.press(letter)

    def screenshot(self):
        """(height, width, 3) bytes."""
        return png.read(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
