# SPDX-License-Identifier: BSD-3-Clause
"""How far an estimate is from a reference (compare.h)."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass, fields
from typing import Any

from . import _layout as L
from ._arguments import choice, numbers
from ._core import Core
from ._library import lib

ALIGNMENTS = ("none", "se", "sim")
MATCHINGS = ("auto", "keys", "times")
PAIRS = ("all", "consecutive")


@dataclass(frozen=True)
class ErrorStatistics:
    """Statistics of `count` errors, in metres or radians; std is about the mean."""

    count: int
    rmse: float
    mean: float
    median: float
    std: float
    max: float
    min: float


@dataclass(frozen=True)
class SegmentErrors:
    """Errors over paths of `length` metres."""

    length: float
    translation: ErrorStatistics
    rotation: ErrorStatistics


@dataclass(frozen=True)
class Comparison:
    """Absolute errors (ate) of the poses after the alignment, and relative errors (rpe) of the steps between poses."""

    matched: int  # poses
    matching: str  # "keys" or "times"
    scale: float  # of the alignment
    path_length: float  # of the reference through the matched poses, metres
    ate_translation: ErrorStatistics
    ate_rotation: ErrorStatistics
    rpe_translation: ErrorStatistics
    rpe_rotation: ErrorStatistics
    segments: tuple[SegmentErrors, ...]


def _statistics(raw: L.ErrorStatistics) -> ErrorStatistics:
    return ErrorStatistics(*(getattr(raw, field.name) for field in fields(ErrorStatistics)))


def compare(estimate: Core, reference: Core, options: dict[str, Any]) -> Comparison:
    """Compares poses; options are the keywords of Graph.compare."""
    o = L.CompareOptions()
    lib.fgo_compare_options_init(c.byref(o), c.sizeof(o))
    o.alignment = choice(options["align"], ALIGNMENTS, "align")
    o.matching = choice(options["match"], MATCHINGS, "match")
    o.pairs = choice(options["pairs"], PAIRS, "pairs")
    o.delta, o.time_offset, o.time_tolerance = options["delta"], options["time_offset"], options["time_tolerance"]
    lengths = numbers(options["lengths"], "lengths").reshape(-1)
    o.lengths, o.length_count = lengths.ctypes.data, len(lengths)
    raw, segments = L.Comparison(), (L.SegmentErrors * len(lengths))()
    reference.call(lib.fgo_graph_variable_count)  # raises while it is in use
    estimate.call(
        lib.fgo_graph_compare_sized, reference.handle.pointer, c.byref(o),
        c.byref(raw), c.sizeof(raw), c.addressof(segments), c.sizeof(L.SegmentErrors),
    )  # fmt: skip
    return Comparison(
        raw.matched, MATCHINGS[raw.matching], raw.scale, raw.path_length,
        _statistics(raw.ate_translation), _statistics(raw.ate_rotation),
        _statistics(raw.rpe_translation), _statistics(raw.rpe_rotation),
        tuple(SegmentErrors(s.length, _statistics(s.translation), _statistics(s.rotation)) for s in segments),
    )  # fmt: skip
