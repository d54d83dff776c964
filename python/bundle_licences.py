#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""bundle_licences.py WHEEL...   Adds the licences of the libraries that `auditwheel repair` has put into a wheel.

They lie in fgopt-VERSION.dist-info/licenses/bundled: the text of each Debian package that a library came from, the common
licences that these texts refer to, and LIBRARIES.txt, which says what came from where. Needs the system that the wheel was
repaired on, Debian or one derived from it. Leaves a wheel as it is and ends with 1 if a library's licence is not found."""

from __future__ import annotations

import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import zipfile

DOC, COMMON = pathlib.Path("/usr/share/doc"), pathlib.Path("/usr/share/common-licenses")
HASH = re.compile(r"-[0-9a-f]{8}(?=\.)")  # what auditwheel puts into names


class Missing(Exception):
    pass


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def system_libraries() -> dict[str, str]:
    """Path of each library that the dynamic linker finds, by the name of its file."""
    paths = [line.rpartition(" => ")[2] for line in run("/sbin/ldconfig", "-p").splitlines() if " => " in line]
    return {os.path.basename(real): real for real in map(os.path.realpath, reversed(paths))}


def package_of(path: str) -> tuple[str, str]:
    """The Debian package that a file is from, and what of which source package it is."""
    for name in (path, path.removeprefix("/usr")):  # /lib may be a link to /usr/lib
        found = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            package = found.stdout.split(":")[0]
            described = run("dpkg-query", "-W", "-f", "${Version}, source ${source:Package} ${source:Version}\n", package)
            return package, described.splitlines()[0]
    raise Missing(f"{path} is of no Debian package")


def licences(bundled: list[str]) -> dict[str, bytes]:
    """The files to add, by name, for libraries named as in the wheel."""
    known, out, table = system_libraries(), {}, []
    for library in bundled:
        name = HASH.sub("", library)
        if name not in known:
            raise Missing(f"{library}: there is no {name} on this system")
        package, described = package_of(known[name])
        text = DOC / package / "copyright"
        if not text.is_file():
            raise Missing(f"{library}: there is no {text}")
        out[f"{package}.txt"] = text.read_bytes()
        table.append(f"{library}: {package} {described}")
    for content in list(out.values()):
        for name in re.findall(rf"{COMMON}/([\w.+-]*\w)", content.decode()):
            if not (COMMON / name).is_file():
                raise Missing(f"there is no {COMMON / name}")
            out[f"common-licenses/{name}"] = (COMMON / name).read_bytes()
    out["LIBRARIES.txt"] = ("\n".join(table) + "\n").encode()
    return out


def record(path: str, content: bytes) -> str:
    """A line of RECORD: path, hash, size."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(content)}\n"


def add(wheel: pathlib.Path) -> str:
    with zipfile.ZipFile(wheel) as old:
        names = old.namelist()
        at = next(name for name in names if name.endswith(".dist-info/RECORD"))
        folder = at.removesuffix("RECORD") + "licenses/bundled/"
        bundled = sorted(pathlib.PurePath(name).name for name in names if ".libs/" in name and not name.endswith("/"))
        added = {folder + name: content for name, content in sorted(licences(bundled).items())}
        kept = [info for info in old.infolist() if info.filename != at and not info.filename.startswith(folder)]
        lines = [line for line in old.read(at).decode().splitlines(keepends=True) if not line.startswith(folder)]
        added[at] = "".join([*(record(*item) for item in added.items()), *lines]).encode()
        draft = wheel.with_suffix(".part")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as new:
            for info in kept:
                new.writestr(info, old.read(info), info.compress_type)
            for name, content in added.items():
                new.writestr(zipfile.ZipInfo(name, kept[0].date_time), content, zipfile.ZIP_DEFLATED)
    draft.replace(wheel)
    return f"{wheel}: {len(added) - 2} licences of {len(bundled)} libraries"


def main(wheels: list[str]) -> int:
    if not wheels or wheels[0] in ("-h", "--help"):
        print(__doc__, file=sys.stdout if wheels else sys.stderr)
        return 0 if wheels else 2
    for wheel in wheels:
        try:
            print(add(pathlib.Path(wheel)))
        except (Missing, OSError, zipfile.BadZipFile, subprocess.CalledProcessError) as problem:
            print(f"{wheel}: {problem}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
