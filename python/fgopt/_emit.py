# SPDX-License-Identifier: BSD-3-Clause
"""From a traced residual to C over residual.h: one statement per operation."""

from __future__ import annotations

from ._trace import GROUPS, Node, Program

GAUGES = {"relative": "FGO_GAUGE_RELATIVE", "absolute": "FGO_GAUGE_ABSOLUTE", None: "FGO_GAUGE_UNKNOWN"}
_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_PLAIN_CALL = {"abs": "fabs", "min": "fmin", "max": "fmax"}
_TRUTH = {"and": "&&", "or": "||"}
_XYZ = "xyz"


def type_of(manifold: str) -> str:
    """Names the variable type of residual.h: R2 is r2, SE3 is se3."""
    return manifold.lower()


def _dimension(manifold: str) -> str:
    return f"FGO_{manifold}" if manifold[0] == "S" or int(manifold[1:]) <= 9 else manifold[1:]


class _Writer:
    def __init__(self, program: Program) -> None:
        self.p = program
        self.lines: list[str] = []

    def kind(self, n: int) -> str:
        return self.p.nodes[n].kind

    def real(self, n: int) -> str:
        """Writes a node as a real."""
        return f"r_const(n{n})" if self.kind(n) == "d" else f"n{n}"

    def group(self, n: int) -> str:
        """Writes a node as a rotation or pose with derivatives."""
        base = self.kind(n)
        return f"{base[4:]}_seed((const double *)&n{n}, -1)" if base.startswith("fgo_") else f"n{n}"

    def pair(self, a: int, b: int) -> tuple[str, str]:
        """Writes two groups, of which one may stay plain."""
        if self.kind(a).startswith("fgo_") and self.kind(b).startswith("fgo_"):
            return self.group(a), f"n{b}"
        return f"n{a}", f"n{b}"

    def input(self, node: Node) -> str:
        variable, place = node.constant
        if variable < 0:
            return "z->value" if node.kind.startswith("fgo_") else f"z->x[{place}]"
        manifold = self.p.variables[variable][1]
        if manifold[0] == "S":
            return f"v{variable}"
        if manifold in ("R1", "R2", "R3"):
            return f"v{variable}.{_XYZ[place]}"
        return f"v{variable}.x[{place}]"

    def point(self, arguments: tuple[int, ...]) -> str:
        """Writes a point; plain numbers stay plain."""
        if all(self.kind(a) == "d" for a in arguments):
            return f"((const double[]){{ {', '.join(f'n{a}' for a in arguments)} }})"
        return f"((vec{len(arguments)}){{ {', '.join(self.real(a) for a in arguments)} }})"

    def scalar(self, node: Node) -> str:
        op, given = node.op, node.arguments
        names = [f"n{a}" for a in given]
        if op == "where":
            a, b = (self.real(x) if node.kind == "r" else f"n{x}" for x in given[1:])
            return f"{names[0]} ? {a} : {b}"
        if op == "norm":
            if node.kind == "d":
                first = f"hypot({names[0]}, {names[1]})"
                return first if len(names) == 2 else f"hypot({first}, {names[2]})"
            return f"v{len(given)}_norm(((vec{len(given)}){{ {', '.join(self.real(a) for a in given)} }}))"
        if node.kind == "r":
            return f"so2_log(so2_exp(n{given[0]}))" if op == "wrap" else f"r_{op}({', '.join(names)})"
        if op in _INFIX:
            return f"{names[0]} {_INFIX[op]} {names[1]}"
        special = {"neg": f"-{names[0]}", "square": f"{names[0]} * {names[0]}",
                   "wrap": f"atan2(sin({names[0]}), cos({names[0]}))"}  # fmt: skip
        return special.get(op) or f"{_PLAIN_CALL.get(op, op)}({', '.join(names)})"

    def geometry(self, node: Node) -> str | None:
        op, given = node.op, node.arguments
        base = self.kind(given[0]).removeprefix("fgo_") if given else ""
        if op in ("compose", "between"):
            return f"{base}_{op}({', '.join(self.pair(*given))})"
        if op in ("transform", "untransform"):
            word = {"transform": "rotate", "untransform": "unrotate"}[op] if base[1] == "o" else op
            plain = self.kind(given[0]).startswith("fgo_") and any(self.kind(a) == "r" for a in given[1:])
            return f"{base}_{word}({f'n{given[0]}' if plain else self.group(given[0])}, {self.point(given[1:])})"
        if op in ("inverse", "vector_part"):
            return f"{base}_{op}({self.group(given[0])})"
        if op == "log" and base in GROUPS and node.kind in ("r", "vec3"):
            return f"{base}_log({self.group(given[0])})"
        if op in ("position", "rotation"):
            return f"{self.group(given[0])}.{'t' if op == 'position' else 'R'}"
        if op == "join":
            point = ", ".join(self.real(a) for a in given[1:])
            return f"{{ {{ {point} }}, {self.group(given[0])} }}"
        if op == "pose":
            x, y, angle = (self.real(a) for a in given)
            return f"{{ {{ {x}, {y} }}, so2_exp({angle}) }}"
        if op == "exp" and node.kind in GROUPS:
            return self.exponential(node)
        return None

    def exponential(self, node: Node) -> str:
        r = [self.real(a) for a in node.arguments]
        if node.kind == "so2":
            return f"so2_exp({r[0]})"
        vectors = [f"((vec{len(part)}){{ {', '.join(part)} }})" for part in (r[:3], r[3:]) if part]
        if node.kind == "se2":
            return f"se2_exp(((vec2){{ {r[0]}, {r[1]} }}), {r[2]})"
        return f"{node.kind}_exp({', '.join(vectors)})"

    def statement(self, i: int, node: Node) -> str:
        if node.kind in ("log3", "log6"):
            base = self.kind(node.arguments[0]).removeprefix("fgo_")
            return f"real n{i}[{node.kind[3:]}];\n    {base}_log({self.group(node.arguments[0])}, n{i});"
        return f"const {_ctype(node.kind)} n{i} = {self.expression(node)};"

    def expression(self, node: Node) -> str:
        if node.op == "const":
            return float(node.constant).hex() if node.constant == node.constant and abs(node.constant) != float("inf") else (
                "NAN" if node.constant != node.constant else "INFINITY" if node.constant > 0 else "-INFINITY")  # fmt: skip
        if node.op == "input":
            return self.input(node)
        if node.op == "element":
            source = node.arguments[0]
            array = self.kind(source).startswith("log")
            return f"n{source}[{node.constant}]" if array else f"n{source}.{_XYZ[node.constant]}"
        if node.kind == "b":
            a = [f"n{x}" for x in node.arguments]
            if node.op in _TRUTH:
                return f"{a[0]} {_TRUTH[node.op]} {a[1]}"
            return f"!{a[0]}" if node.op == "not" else f"r_{node.op}({a[0]}, {a[1]})"
        return self.geometry(node) or self.scalar(node)


def _ctype(kind: str) -> str:
    return {"d": "double", "r": "real", "b": "int"}.get(kind, kind)


def _needed(program: Program) -> set[int]:
    """Finds the nodes on which the result depends."""
    needed, new = set(), list(program.outputs)
    while new:
        n = new.pop()
        if n not in needed:
            needed.add(n)
            new += program.nodes[n].arguments
    return needed


def source(program: Program, symbol: str, gauge: str | None) -> str:
    """Writes the C file of a residual whose class becomes fgo_<symbol>."""
    writer, needed = _Writer(program), _needed(program)
    body = [f"    {writer.statement(i, node)}" for i, node in enumerate(program.nodes) if i in needed]
    body += [f"    r[{i}] = {writer.real(n)};" for i, n in enumerate(program.outputs)]
    manifolds = [m for _, m in program.variables]
    large = sorted({m for m in manifolds if m[0] == "R" and int(m[1:]) > 9})
    z = program.measurement
    member = f"double x[{z[1:]}]" if z[:1] == "R" else f"fgo_{type_of(z)} value" if z else ""
    variables = ", ".join(f"{type_of(m)}, v{k}" for k, m in enumerate(manifolds))
    measurement = f"{symbol}_measurement" if z else "fgo_none"
    return "\n".join([
        f"#define FGO_PARTIALS ({' + '.join(map(_dimension, manifolds))})",
        f"#define FGO_CLASS_FIELDS .gauge = {GAUGES[gauge]},",
        "#include <fgopt/residual.h>",
        *(f"FGO_DEFINE_RN({m[1:]});" for m in large),
        *([f"typedef struct {symbol}_measurement {{ {member}; }} {symbol}_measurement;"] if z else []),
        f"FGO_API extern const fgo_factor_class fgo_{symbol};",
        f"FGO_RESIDUAL{len(manifolds)}({symbol}, {len(program.outputs)}, {measurement}, {variables})",
        "{",
        *body,
        "}",
        "",
    ])  # fmt: skip
