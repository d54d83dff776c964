# SPDX-License-Identifier: BSD-3-Clause
"""The licences of the libraries that a wheel carries: how bundle_licences.py adds them, and that a repaired wheel has them."""

import base64
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from support import ROOT

import fgopt

SCRIPT = ROOT / "python/bundle_licences.py"
SITE = pathlib.Path(fgopt.__file__).resolve().parents[1]
HERE = "fgopt-1.dist-info"
needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg"), reason="dpkg is not there: no Debian")


def make_wheel(folder, *libraries):
    wheel = folder / "fgopt-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("fgopt/__init__.py", "")
        for library in libraries:
            z.writestr(f"fgopt.libs/{library}", "binary")
        z.writestr(f"{HERE}/RECORD", f"fgopt/__init__.py,,0\n{HERE}/RECORD,,\n")
    return wheel


def bundle(*words):
    return subprocess.run([sys.executable, SCRIPT, *map(str, words)], capture_output=True, text=True, check=False)


@needs_dpkg
def test_texts_are_added_and_recorded(tmp_path):
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"libgcc_s\.so\.1 .* => (\S+)", listed)
    if not found:
        pytest.skip("ldconfig knows no libgcc_s.so.1")
    name = os.path.basename(os.path.realpath(found[1]))
    wheel = make_wheel(tmp_path, name.replace(".so", "-0123abcd.so"))
    once = [bundle(wheel), wheel.read_bytes()]
    assert once[0].returncode == 0 and "licences of 1 libraries" in once[0].stdout, once[0].stderr
    with zipfile.ZipFile(wheel) as z:
        names = set(z.namelist())
        record = dict(line.split(",", 1) for line in z.read(f"{HERE}/RECORD").decode().splitlines())
        assert set(record) == names - {n for n in names if ".libs/" in n}
        texts = {n: z.read(n) for n in names if "/licenses/bundled/" in n}
        for n, text in texts.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
            assert record[n] == f"sha256={digest},{len(text)}"
        assert b"GCC RUNTIME LIBRARY EXCEPTION" in texts[f"{HERE}/licenses/bundled/libgcc-s1.txt"].upper()
        table = texts[f"{HERE}/licenses/bundled/LIBRARIES.txt"].decode()
        assert table.startswith(name.replace(".so", "-0123abcd.so") + ": libgcc-s1 ")
        assert texts[f"{HERE}/licenses/bundled/common-licenses/GPL-3"].startswith(b" ")
    assert bundle(wheel).returncode == 0 and wheel.read_bytes() == once[1]  # a second time changes nothing


@needs_dpkg
def test_a_library_without_licence_is_an_error(tmp_path):
    wheel = make_wheel(tmp_path, "libnowhere-0123abcd.so.7")
    before = wheel.read_bytes()
    done = bundle(wheel)
    assert done.returncode == 1 and "libnowhere-0123abcd.so.7: there is no libnowhere.so.7 on this system" in done.stderr
    assert wheel.read_bytes() == before
    assert bundle().returncode == 2 and "WHEEL" in bundle("--help").stdout
    assert bundle(tmp_path / "none.whl").returncode == 1


@pytest.mark.skipif(not (SITE / "fgopt.libs").is_dir(), reason="not the repaired wheel")
def test_each_library_of_the_wheel_has_its_licence():
    (folder,) = SITE.glob("fgopt-*.dist-info/licenses/bundled")
    table = dict(line.split(": ", 1) for line in (folder / "LIBRARIES.txt").read_text().splitlines())
    assert set(table) == {p.name for p in (SITE / "fgopt.libs").iterdir()}
    wanted = {"cholmod": ["GPL", "LGPL"], "metis": ["Apache"], "openblas": ["Redistribution"], "zstd": ["BSD"],
              "gfortran": ["GCC Runtime Library Exception"], "amd": ["Amestoy"]}  # fmt: skip
    for library, origin in table.items():
        text = (folder / f"{origin.split()[0]}.txt").read_text()
        assert len(text) > 500 and "source " in origin
        for word in next((w for name, w in wanted.items() if library.startswith(f"lib{name}")), []):
            assert word.lower() in text.lower(), (library, word)
        for common in re.findall(r"/usr/share/common-licenses/([\w.+-]*\w)", text):
            assert (folder / "common-licenses" / common).stat().st_size > 1000
    assert (SITE / "fgopt/LICENSE").read_text().startswith("BSD 3-Clause License")
