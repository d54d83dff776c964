# SPDX-License-Identifier: BSD-3-Clause
"""What the Python peers share: pose-graph files, and the one JSON object that each run prints (README.md)."""
import argparse
import json
import math

VERTEX = {"VERTEX_SE2": 3, "VERTEX_SE3:QUAT": 7}


def arguments(description, **options):
    """FILE, --write OUT, and one option for each keyword: its choices, or its default if it is no list."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("file")
    parser.add_argument("--write")
    for name, value in options.items():
        if isinstance(value, list):
            parser.add_argument(f"--{name}", choices=value, default=value[0])
        else:
            parser.add_argument(f"--{name}", type=type(value), default=value)
    return parser.parse_args()


def planar(path):
    with open(path) as file:
        return any(line.startswith("EDGE_SE2") for line in file)


def write(source, target, poses):
    """The file `source` with other estimates; poses: {id: x y theta or x y z qx qy qz qw}."""
    with open(source) as file, open(target, "w") as out:
        for line in file:
            field = line.split()
            if field and field[0] in VERTEX:
                line = " ".join([*field[:2], *(repr(float(x)) for x in poses[int(field[1])])]) + "\n"
            out.write(line)


def peak_memory_kB():
    """Of this program alone: ru_maxrss of getrusage starts at what the process that launched it had."""
    with open("/proc/self/status") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("VmHWM:")), -1)


def report(**fields):
    fields["trajectory"] = [[t, c] for t, c in fields["trajectory"] if math.isfinite(c)]
    if not math.isfinite(fields.get("chi2_final", 0.0)):
        fields["chi2_final"] = None
    fields["peak_memory_kB"] = peak_memory_kB()
    print(json.dumps(fields))
