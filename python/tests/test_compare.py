# SPDX-License-Identifier: BSD-3-Clause
"""Pose errors against a direct computation."""

import numpy as np
import pytest
from support import ring

import fgopt


def moved(reference, turn=0.7, shift=(3.0, -4.0)):
    """The same graph somewhere else."""
    estimate = reference.copy()
    R = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    for k in reference:
        x, y, cos, sin = reference[k]
        estimate[k] = [*(R @ [x, y] + shift), *(R @ [cos, sin])]
    return estimate


def test_a_moved_graph_has_no_error_but_where_it_is():
    reference = ring(30, noise=0.0)
    estimate = moved(reference)
    same = estimate.compare(reference)
    assert same.matched == 30 and same.matching == "keys" and same.scale == 1 and same.segments == ()
    assert same.ate_translation.rmse < 1e-12 and same.rpe_rotation.max < 1e-7
    plain = estimate.compare(reference, align="none")
    d = np.linalg.norm(estimate.poses[:, :2] - reference.poses[:, :2], axis=1)
    assert plain.ate_translation.rmse == pytest.approx(np.sqrt(np.mean(d**2)))
    assert plain.ate_translation.max == pytest.approx(d.max()) and plain.ate_translation.std == pytest.approx(d.std())
    assert plain.ate_rotation.mean == pytest.approx(0.7)
    chord = np.linalg.norm(np.diff(reference.poses[:, :2], axis=0), axis=1).sum()
    assert plain.path_length == pytest.approx(chord)


def test_options_arrive():
    reference, estimate = ring(30, noise=0.0), ring(30, noise=0.01)
    assert estimate.compare(reference, delta=7).rpe_translation.count == 23
    assert estimate.compare(reference, delta=7, pairs="consecutive").rpe_translation.count == 4
    short, long = estimate.compare(reference, lengths=[4.2, 10.5]).segments  # a step is 2.09 m
    assert (short.length, long.length) == (4.2, 10.5) and short.translation.count > long.translation.count > 0
    for g, shift in ((reference, 0.0), (estimate, 0.5)):
        g.set_times(g.keys(), np.arange(30) + shift)
    assert estimate.compare(reference, time_offset=-0.5).matching == "times"
    assert estimate.compare(reference, time_offset=0.5).matched == 29
    with pytest.raises(fgopt.Error):
        estimate.compare(reference, match="times")  # half a second apart
    for wrong in ({"align": "rigid"}, {"match": "names"}, {"pairs": "some"}, {"delta": 0}, {"lengths": [-1.0]}):
        with pytest.raises(fgopt.ArgumentError):
            estimate.compare(reference, **wrong)
    with pytest.raises(fgopt.Error):
        estimate.compare(fgopt.Graph())
