# SPDX-License-Identifier: BSD-3-Clause
"""What Python says of the factor classes comes from the registry of the library, and is true of the classes."""
import fgopt
from fgopt import _classes


def test_every_class_can_be_added_by_its_name():
    rows = fgopt.classes.factor_classes()
    assert len(rows) >= 29 and len({r.name for r in rows}) == len(rows)
    for row in rows:
        for name in filter(None, (row.name, row.log, row.ceres)):
            made = _classes.factor_class(name, 3)
            assert made.arity == len(row.manifolds) and row.rows in (0, made.rows)
            numbers = sum(f.count or made.rows for f in row.fields)
            assert numbers * 8 == made.measurement_size


def test_the_layout_of_a_measurement():
    row = next(r for r in fgopt.classes.factor_classes() if r.name == "landmark_se3_offset")
    assert [(f.name, f.kind, f.first, f.count, f.calibration) for f in row.fields] == [
        ("point", "length", 0, 3, False), ("offset", "SE3", 3, 7, True)]


def test_help_names_all():
    text = fgopt.classes.__doc__
    assert all(r.name in text and r.formula in text for r in fgopt.classes.factor_classes())
    assert max(map(len, text.splitlines())) < 130
