# SPDX-License-Identifier: BSD-3-Clause
# The module's docstring is made below, from the registry of the library (registry.h): it cannot say what is no longer so.
from __future__ import annotations

import ctypes as c
from dataclasses import dataclass
from typing import Any

from . import _layout as L
from ._classes import every_manifold, traits_of
from ._library import lib

__all__ = ["FactorClass", "Field", "Manifold", "factor_classes", "manifolds"]

KINDS = ("number", "length", "direction", "SO2", "SE2", "SO3", "SE3")
MANIFOLD_KINDS = ("unknown", "pose", "rotation", "point", "direction", "vector")


@dataclass(frozen=True)
class Manifold:
    """A manifold that this process knows: built in, or registered by fgo_register_manifold."""

    name: str  #: for Graph.add_variables and Graph.values
    ambient: int  #: numbers that store a value
    tangent: int  #: degrees of freedom
    kind: str  #: "pose", "rotation", "point", "direction", "vector" or "unknown"
    world: int  #: 2: its values live in the plane, 3: in space; 0: in neither
    noun: str  #: what a value is called
    numbers: tuple[str, ...]  #: names of the numbers; empty if they have none
    number_units: tuple[str, ...]
    dofs: tuple[str, ...]  #: names of the degrees of freedom, in the order of gradients and covariances
    dof_units: tuple[str, ...]
    tag: str | None  #: that an extension has given its lines in g2o files


@dataclass(frozen=True)
class Field:
    """Numbers that belong together in a measurement."""

    name: str
    kind: str  #: "number", "length", "direction", or the manifold whose ambient value it is: "SO2", "SE2", "SO3", "SE3"
    first: int  #: its first number in the measurement
    count: int  #: how many they are; 0: as many as the residual has rows
    unit: str
    frame: str  #: in which it is seen
    calibration: bool  #: known, not measured


@dataclass(frozen=True)
class FactorClass:
    """A factor class that this process knows: built in, or registered by fgo_register_factor_class."""

    name: str  #: for Graph.add_factors
    log: str | None  #: its sibling with the residual of the Log convention
    ceres: str | None  #: and with that of Ceres
    manifolds: tuple[str, ...]  #: of its variables, in their order
    rows: int  #: of the residual; 0: n of R^n
    formula: str  #: of the residual, in the notation of factors.h
    fields: tuple[Field, ...]  #: of the measurement, in their order
    tags: tuple[str, ...]  #: of its lines in g2o and TORO files; without any it cannot be written to them


def _text(pointer: bytes | None) -> str:
    return (pointer or b"").decode()


def _describe(row: L.FactorRegistration) -> FactorClass:
    log, ceres = (_text(s.contents.name) if s else None for s in (row.log, row.ceres))
    fields = tuple(
        Field(_text(f.name), KINDS[f.kind], f.offset // 8, f.count, _text(f.unit), _text(f.frame), bool(f.calibration))
        for f in row.field[: row.fields]
    )
    if row.c:
        one = row.c.contents
        manifolds = tuple(_text(one.variable[k].manifold) or f"any of {one.variable[k].tangent}" for k in range(one.arity))
        rows = one.rows
    else:
        made = L.FactorClass()
        c.CFUNCTYPE(c.c_int, c.c_int, c.POINTER(L.FactorClass))(row.of_dimension)(1, made)
        manifolds, rows = ("Rn",) * made.arity, 0
    tags: list[str] = []
    while tag := lib.fgo_factor_class_tag(c.byref(row), len(tags)):
        tags.append(_text(tag))
    return FactorClass(_text(row.name), log, ceres, manifolds, rows, _text(row.formula), fields, tuple(tags))


def factor_classes() -> list[FactorClass]:
    """Lists all factor classes that this process knows, the built-in ones first.

    >>> [f.name for f in fgopt.classes.factor_classes() if f.fields[0].kind == "SE3"][:2]
    ['prior_se3', 'between_se3']
    """
    out: list[FactorClass] = []
    while row := lib.fgo_factor_class_row(len(out)):
        out.append(_describe(row.contents))
    return out


def _words(pointer: Any, count: int) -> tuple[str, ...]:
    return tuple(_text(word) for word in pointer[:count]) if pointer else ()


def _describe_manifold(m: L.Manifold) -> Manifold:
    t, name = traits_of(m), _text(m.name)
    return Manifold(
        name, m.ambient, m.tangent, MANIFOLD_KINDS[t.kind], t.world, _text(t.noun) or f"{name} variable",
        _words(t.number, m.ambient), _words(t.number_unit, m.ambient),
        _words(t.dof, m.tangent), _words(t.dof_unit, m.tangent), _text(t.tag) or None,
    )  # fmt: skip


def manifolds() -> list[Manifold]:
    """Lists all manifolds that this process knows, the built-in ones first, without R1, R2, ...

    >>> [(m.name, m.dofs) for m in fgopt.classes.manifolds() if m.kind == "pose"][0]
    ('SE2', ('x', 'y', 'angle'))
    """
    return [_describe_manifold(m) for m in every_manifold()]


def _named(names: tuple[str, ...], units: tuple[str, ...]) -> str:
    return ", ".join(f"{n} [{u}]" if u else n for n, u in zip(names, units or ("",) * len(names)))


def _manifold_line(m: Manifold) -> str:
    return f"{m.name} ({m.noun}): {_named(m.numbers, m.number_units)}\n    moves by {_named(m.dofs, m.dof_units)}\n"


def _lines(f: FactorClass) -> str:
    siblings = "".join(f", {s}" for s in (f.log, f.ceres) if s)
    measurement = "\n    ".join(
        f"{g.name} ({'known, ' if g.calibration else ''}{g.kind}, {g.count or 'n'} numbers"
        f"{', ' + g.unit if g.unit else ''}{', in ' + g.frame if g.frame else ''})" for g in f.fields)  # fmt: skip
    tags = f"    in files: {', '.join(f.tags)}\n" if f.tags else ""
    return f"{f.name}{siblings} ({', '.join(f.manifolds)}): {f.formula}\n    {measurement}\n{tags}"


__doc__ = f"""The manifolds and factor classes that were known when fgopt was imported.

Manifolds: name, what a value is, the numbers that store it, its degrees of freedom; beside them R1, R2, ...

{"".join(map(_manifold_line, manifolds()))}
Factor classes: name, siblings in the Log and Ceres conventions, manifolds of the variables a,
b or x, l: residual, and below it what a measurement consists of, in the order of its numbers,
and the tags of lines in files.

{"".join(map(_lines, factor_classes()))}"""
