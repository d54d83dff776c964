# SPDX-License-Identifier: BSD-3-Clause
"""The builds in which tests/mutate looks whether a test notices a fault, and when it may be said that one did.

A test kills a mutant when it fails with the fault, fails with it again, and passes without it right after: so neither a loaded
machine nor a test that fails anyway counts. Limits are on processor time, which a loaded machine does not use up; what
needs LOOP_SECONDS, or ten times as much as without the fault, does not end."""
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys

PYTHON = "/usr/bin/python3"
FAST_SECONDS = 4  # of processor time: a test that needs less is run for every mutant, the others for those that are left
LOOP_SECONDS = 12
WAIT_SECONDS = 1800  # of the clock, for a program that waits without end
MEMORY = 8 << 30  # bytes, for a mutant that allocates without end
ENDLESS = {-signal.SIGXCPU, -signal.SIGKILL, 128 + signal.SIGXCPU, 128 + signal.SIGKILL, 124}
STRONG = ("test_solver", "test_system", "test_linear", "test_factors", "test_block_cholesky", "test_gauge", "test_initialize",
          "test_graph")  # go first until it is known which tests kill
SANITIZED = ("-DCMAKE_C_FLAGS_RELEASE=-O1", "-DFGOPT_SANITIZE=address,undefined,float-cast-overflow")
NOT_OF_THE_CODE = ("test_bench", "test_page_browser")  # Python tests that no fault of the library can reach, or browsers


def run(command, seconds, environment=None, folder=None, memory=MEMORY):
    """(exit code, output, seconds of processor time) of a command with limits unless seconds is 0; code 124 after
    WAIT_SECONDS; all that it started has ended then."""
    limits = ["prlimit", "--core=0", f"--as={memory or 'unlimited'}", f"--cpu={seconds:.0f}:{seconds + 5:.0f}"] if seconds else []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen([*limits, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", env=environment, start_new_session=True, cwd=folder)
    try:
        output, _ = process.communicate(timeout=WAIT_SECONDS)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        code, output = 124, "waits without end"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return code, output, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def words_of(name):
    return {word.rstrip("s") for word in re.split(r"[^a-z0-9]+", name.lower())} - {"test", "c", "h", "src", "include", "fgopt"}


class Build:
    """One build of the tree."""

    def __init__(self, tree, folder, *options, sanitized=False):
        self.tree, self.folder, self.sanitized = tree, folder, sanitized
        launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        code, output, _ = run(["cmake", "-S", tree, "-B", folder, "-G", "Ninja", "-DFGOPT_TESTS=ON",
                               "-DCMAKE_BUILD_TYPE=Release", *launcher, *options], 0)
        if code or self.ninja("all"):
            sys.exit(f"mutate: the tree as it is does not build: {output[-2000:]}\nsee ninja -C {folder}")

    def ninja(self, *targets):
        environment = {**os.environ, "CCACHE_BASEDIR": str(self.tree.parent), "CCACHE_NOHASHDIR": "1"}
        return run(["ninja", "-C", self.folder, *targets], 0, environment)[0]

    def fingerprint(self):
        return hashlib.sha256((self.folder / "libfgopt.a").read_bytes()).hexdigest()

    def tests(self):
        """{name: [command]} of ctest's programs; canaries must fail, and are left out."""
        listing = subprocess.run(["ctest", "--test-dir", self.folder, "--show-only=json-v1"], capture_output=True, text=True,
                                 check=True).stdout
        return {test["name"]: test["command"] for test in json.loads(listing)["tests"]
                if not test["name"].startswith("canary")}

    def c_test(self, command, seconds):
        # Without cmocka's going on after the first failure; the address space of a sanitized program cannot be limited.
        environment = {**os.environ, "CMOCKA_TEST_ABORT": "1", "FGOPT_CLI": str(self.folder / "fgopt")}
        folder = self.folder / "examples" if "/examples/" in command[0] else self.folder
        return run(command, seconds, environment, folder, 0 if self.sanitized else MEMORY)

    def python_tests(self, names):
        environment = {**os.environ, "FGOPT_CLI": str(self.folder / "fgopt"), "FGOPT_BUILD": str(self.folder)}
        return run([PYTHON, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not guard and not long",
                    *names], 0, environment, self.tree)[:2]


def has_finding(build, command):
    code, output, _ = build.c_test(command, 10 * LOOP_SECONDS)
    return code and re.search("runtime error|AddressSanitizer|LeakSanitizer", output)


class Suite:
    """The builds with and without a fault, and what the tests of the one without it need."""

    def __init__(self, place, state):
        self.place, self.tree, self.state = place, place / "tree", state
        options = ["-DCMAKE_C_FLAGS_RELEASE=-O2"]
        self.original = Build(self.tree, place / "original", *options)
        self.mutated = Build(self.tree, place / "mutated", *options)
        self.same = self.mutated.fingerprint()
        self.commands, self.originals = self.mutated.tests(), self.original.tests()
        self.cost = {name: cost for name, cost in state.setdefault("cost", {}).items() if name in self.commands}
        for name in self.commands.keys() - self.cost.keys():
            code, _, cost = self.original.c_test(self.originals[name], FAST_SECONDS)
            if code and code not in ENDLESS:
                sys.exit(f"mutate: {name} fails without a mutant")
            state["cost"][name] = self.cost[name] = FAST_SECONDS if code else cost
        self.kills = state.setdefault("kills", {})

    def order(self, file, fast):
        """The C tests, those first that have the file's name or killed most mutants for their cost."""
        def rank(name):
            return -len(words_of(name) & words_of(file)), -self.kills.get(name, name in STRONG), self.cost[name]
        return sorted((name for name, cost in self.cost.items() if (cost < FAST_SECONDS) == fast), key=rank)

    def limit(self, name):
        """Seconds of processor time. Of the slow tests, which are known to need more than FAST_SECONDS, none needs 900."""
        return max(LOOP_SECONDS, 10 * self.cost[name]) if self.cost[name] < FAST_SECONDS else 900

    def c_killer(self, file, fast=True, first=0, last=None):
        names = self.order(file, fast)[first:last]
        while names:
            batch, names = names[:4], names[4:]
            targets = [pathlib.Path(self.commands[name][0]).relative_to(self.mutated.folder) for name in batch]
            if self.mutated.ninja("fgopt", *targets):
                return "the compiler"
            for name in batch:
                code = self.mutated.c_test(self.commands[name], self.limit(name))[0]
                if code and self.confirmed(name, code):
                    self.kills[name] = self.kills.get(name, 0) + 1
                    return f"{name}, which does not end" if code in ENDLESS else name
        return None

    def confirmed(self, name, code):
        if code not in ENDLESS and not self.mutated.c_test(self.commands[name], self.limit(name))[0]:
            verdict = False
        else:
            verdict = self.original.c_test(self.originals[name], self.limit(name))[0] == 0
        if not verdict:
            print(f"    {name} failed once with exit code {code}, which does not count", flush=True)
        return verdict

    def python_killer(self):
        if self.mutated.ninja("all"):
            return "the compiler"
        names = sorted(path.relative_to(self.tree).as_posix() for path in (self.tree / "tests").glob("test_*.py")
                       if path.stem not in NOT_OF_THE_CODE)
        left_out = []
        for _ in range(3):
            code, output = self.mutated.python_tests([*names, *(f"--deselect={name}" for name in left_out)])
            if code == 0:
                return None
            found = re.search(r"^(?:FAILED|ERROR) (\S+(?:\[.*?\])?)(?: - |$)", output, re.M)
            if not found:
                return None if code == 5 else f"pytest, exit code {code}: {output[-300:]}"
            name = found[1]
            if self.mutated.python_tests([name])[0] and self.original.python_tests([name])[0] == 0:
                return name.split("/")[-1]
            print(f"    {name} failed once, which does not count", flush=True)
            left_out.append(name)
        return None

    def sanitized_killer(self, file):
        """The fast tests under AddressSanitizer and UndefinedBehaviorSanitizer, but for those in which these find something
        in the tree as it is."""
        build = Build(self.tree, self.place / "sanitized", *SANITIZED, sanitized=True)
        commands = build.tests()
        for name in self.order(file, fast=True):
            if name in commands and name not in self.findings:
                if has_finding(build, commands[name]):
                    return f"{name}, sanitized"
        return None

    def try_sanitized(self):
        """Of the tree without a fault."""
        build = Build(self.tree, self.place / "sanitized", *SANITIZED, sanitized=True)
        self.findings = {name for name, command in build.tests().items()
                         if self.cost[name] < FAST_SECONDS and has_finding(build, command)}

