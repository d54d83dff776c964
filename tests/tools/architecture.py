# SPDX-License-Identifier: BSD-3-Clause
"""Checkers of the source tree. Each takes a root folder and returns its findings, a list of lines; empty is good."""
import ast
import re

# Which folders a folder may see besides itself; what those see, it sees too. A file belongs to the folder it lies in: a new
# file needs no entry, a new folder one row.
BELOW = {
    "src/base": [],
    "src/manifold": ["src/base"],
    "src/factor": ["src/manifold"],       # what a factor is, and what its authors include
    "factors": ["src/factor"],
    "factors/poses": ["factors"],
    "factors/points": ["factors"],
    "factors/camera": ["factors"],
    "factors/vectors": ["factors"],
    "src/graph": ["src/factor"],
    "src/evaluate": ["src/graph"],
    "src/registry": ["src/evaluate", "factors/poses", "factors/points", "factors/camera", "factors/vectors"],
    "src/metrics": ["src/graph"],
    "src/matrix": ["src/base"],           # block matrices, and what a linear solver is: it never sees a factor
    "src/system": ["src/evaluate", "src/matrix"],
    "src/io/text": ["src/base"],
    "src/io/format": ["src/io/text", "src/registry"],
    "src/io/document": ["src/io/format"],
    "src/io/read": ["src/io/document"],
    "src/io/write": ["src/io/document"],
    "solvers/block/kernel": ["src/base"],
    "solvers/block": ["solvers/block/kernel", "src/matrix"],
    "solvers/linear": ["solvers/block"],  # the others and, for clients who ask for capabilities, the registry of all
    "solvers/analysis": ["src/system", "solvers/block"],
    "solvers/marginal": ["solvers/analysis", "solvers/linear"],
    "solvers/optimize": ["solvers/analysis", "solvers/linear", "solvers/marginal"],
    "solvers/initialize": ["solvers/optimize"],
    "solvers/solve": ["solvers/initialize"],
    "src/doctor": ["solvers/solve", "src/io/read"],
    "include/fgopt": ["src/doctor", "src/io/write", "src/metrics"],  # the umbrella header
}

# The same for the program, which sees of the library only public headers.
PROGRAM = {
    "src/app/shell": [],
    "src/app/worlds": ["src/app/shell"],
    "src/app/pictures": ["src/app/shell"],
    "src/app/page": ["src/app/pictures"],
    "src/app/commands": ["src/app/page", "src/app/worlds"],
    "src/app": ["src/app/commands"],
}

ROOTS = ("src/", "solvers/", "factors/", "src/app/")  # where an include in quotes is looked for, after the file's own folder

# Headers of other libraries, and who alone may include them.
RESERVED = {"cholmod.h": ["solvers/linear/cholmod.c", "solvers/linear/license.c"], "amd.h": ["solvers/block/order.c"], "camd.h": ["solvers/block/order_constrained.c"],
            "metis.h": ["solvers/block/order_metis.c"],
            "lapacke.h": ["solvers/linear/dense.c", "src/factor/noise.c"], "zlib.h": ["src/io/text/gzip.c"], "zstd.h": ["src/io/text/zstd.c"],
            "cairo.h": ["src/app/pictures/canvas_png.c"], "fontconfig/fontconfig.h": ["src/app/pictures/canvas_png.c"], "jansson.h": ["src/app/shell/json.c"]}

MAX_LINES = 450
FOLDERS = ["include", "src", "factors", "solvers", "tests", "examples", "bench", "cmake", "datasets", "python", ".ci"]
SOURCE_ENDINGS = {".c", ".h", ".in", ".py", ".cmake", ".txt", ".ini", ".js", ".css", ".html", ""}


def reachable(room):
    """The folders that a folder may see, itself included."""
    seen, new = set(), [room]
    while new:
        one = new.pop()
        if one not in seen:
            seen.add(one)
            new += BELOW[one] if one in BELOW else PROGRAM[one]
    return seen


def files(root, folders, endings):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and path.suffix in endings and "__pycache__" not in name and "/." not in name:
                yield path, name


def includes(path):
    """(line number, bracket, header) of every #include."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, *found.groups()


def plain_headers(root):
    """The public headers that fgopt.h reaches: C11 and C++. The others are for authors of factors: gnu11."""
    folder, seen, new = root / "include/fgopt", set(), ["fgopt.h"]
    while new:
        one = new.pop()
        if one not in seen:
            seen.add(one)
            path = folder / one if (folder / one).exists() else folder / f"{one}.in"
            new += [header.removeprefix("fgopt/") for _, _, header in includes(path) if header.startswith("fgopt/")]
    return sorted(seen)


DEFINITION = re.compile(r"^(?!static|typedef|extern|#)[A-Za-z_][\w *]*?\b(fgo_\w+)\s*(?:\([^;]*?\)\s*\{|(?:\[\w*\])?\s*=)", re.M)
RESIDUAL = re.compile(r"^FGO_RESIDUAL\d?\w*\((\w+),", re.M)


def definitions(root):
    """The folder in which each public function or object is defined."""
    return {symbol: path.parent.relative_to(root).as_posix()
            for path, _ in files(root, ["src", "solvers", "factors"], {".c"})
            for text in [path.read_text()]
            for symbol in DEFINITION.findall(text) + [f"fgo_{name}" for name in RESIDUAL.findall(text)]}


def lowest(rooms):
    """That of the folders which all others see; None if there is none."""
    return next((one for one in rooms if one in BELOW and all(one in reachable(other) for other in rooms)), None)


def public_rooms(root):
    """The folder of each public header: the lowest that defines something of what it declares and sees what it includes; for
    a header without such a folder, the uppermost of those that it includes."""
    defined, rooms = definitions(root), {"fgopt.h": "include/fgopt"}

    def room_of(header):
        path = root / "include/fgopt" / header
        path = path if path.exists() else path.with_name(f"{header}.in")
        if header not in rooms and path.exists():
            rooms[header] = "src/base"  # for headers that include each other, which is no room of theirs
            below = {room_of(one.removeprefix("fgopt/")) for _, _, one in includes(path) if one.startswith("fgopt/")} - {None}
            definers = {defined[symbol] for symbol in declared_in(path.read_text()) if symbol in defined}
            upper = next((one for one in below if below <= reachable(one)), "src/base")
            rooms[header] = lowest({one for one in definers if one in BELOW and below <= reachable(one)}) or upper
        return rooms.get(header)

    for path, _ in files(root, ["include"], {".h", ".in"}):
        room_of(path.name.removesuffix(".in"))
    return rooms


def check_direction(root):
    """Every file includes only headers of its own folder and of those below; the program of the library only public ones."""
    out, rooms = [], public_rooms(root)
    for path, name in files(root, ["include", "src", "solvers", "factors"], {".c", ".h", ".in"}):
        program = name.startswith("src/app/")
        room = rooms[path.name.removesuffix(".in")] if name.startswith("include/") else name.rsplit("/", 1)[0]
        if room not in BELOW and room not in PROGRAM:
            out.append(f"{name}: its folder has no row in tests/tools/architecture.py")
            continue
        for line, bracket, header in includes(path):
            where = f"{name}:{line}: {header}"
            if header.startswith("fgopt/"):
                wanted = None if program else rooms.get(header.removeprefix("fgopt/"), header)
            elif bracket == "<":
                wanted = None
            else:
                candidates = [path.parent / header, *(root / one / header for one in ROOTS)]
                found = next((one for one in candidates if one.exists()), root / "src" / header)
                wanted = found.resolve().relative_to(root.resolve()).parent.as_posix()
                if program and wanted not in PROGRAM:
                    out.append(f"{where}: the program includes only public headers and its own")
                    continue
            if wanted is not None and wanted not in reachable(room):
                out.append(f"{where}: {room} must not see {wanted}")
    return out


def check_reserved(root):
    """Headers of other libraries stay behind the one file that wraps them."""
    return [f"{name}:{line}: only {' and '.join(RESERVED[header])} may include {header}"
            for path, name in files(root, ["include", "src", "solvers", "factors"], {".c", ".h"})
            for line, _, header in includes(path) if header in RESERVED and name not in RESERVED[header]]


def check_text(root):
    """Length, licence line, an opening comment in each .c file that names it, and nothing left to be done."""
    out = []
    unfinished = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
    sources = list(files(root, FOLDERS, SOURCE_ENDINGS))
    if (root / "CMakeLists.txt").exists():
        sources.append((root / "CMakeLists.txt", "CMakeLists.txt"))
    for path, name in sources:
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue  # test data
        if path.suffix in ("", ".txt") and not (lines and lines[0].startswith("#")):
            continue  # test data, not a script
        if len(lines) > MAX_LINES:
            out.append(f"{name}: {len(lines)} lines, more than {MAX_LINES}")
        if not any("SPDX-License-Identifier: BSD-3-Clause" in line for line in lines[:3]) and path.suffix != ".in":
            out.append(f"{name}: no SPDX line at its head")
        if path.suffix == ".c" and not (lines[1:] and re.match(rf"/\* {re.escape(path.name)} -- [^*\s]", lines[1])):
            out.append(f"{name}: its second line does not begin with /* {path.name} -- what it is")
        out += [f"{name}:{i}: unfinished" for i, line in enumerate(lines, 1) if unfinished.search(line)]
    return out


STRING = re.compile(r"""/\*.*?\*/|//[^\n]*|'(?:[^'\\\n]|\\.)*'|"((?:[^"\\\n]|\\.)*)\"""", re.S)


def check_words(root):
    """No text of the library names an option of the program, which words remedies itself (include/fgopt/error.h)."""
    out = []
    for path, name in files(root, ["include", "src", "solvers", "factors"], {".c", ".h"}):
        text = path.read_text()
        out += [f"{name}:{text.count(chr(10), 0, found.start()) + 1}: a text of the library with a flag: {found.group(1)}"
                for found in STRING.finditer(text)
                if not name.startswith("src/app/") and found.group(1) and "--" in found.group(1)]
    return out


def check_formats(root):
    """docs/formats.md has every tag of the tables and every format with its endings."""
    documented = set(re.findall(r"`([^`\s]+)`", (root / "docs/formats.md").read_text()))
    wanted = [(name, word) for path, name in files(root, ["src/io/format"], {".c"}) for text in [path.read_text()]
              for word in re.findall(r'\.name = "([^"]+)"', text) + re.findall(r'"(\.\w+)"', text)]
    return [f"{name}: {word} is not in docs/formats.md" for name, word in wanted if word not in documented]


def declared_in(text):
    """The names that a header marks FGO_API."""
    names = set()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    for statement in re.findall(r"\bFGO_API\b([^;{]*)", text):
        if "(" in statement:
            names.add(re.search(r"(\w+)\s*\(", statement).group(1))
        else:
            names |= {re.findall(r"\w+", part)[-1] for part in statement.split(",")}
    return names


def declared(root):
    """The names that the public headers mark FGO_API."""
    return set().union(*(declared_in(path.read_text()) for path, _ in files(root, ["include"], {".h", ".in"})))


def check_exports(exported, public):
    """The shared library shows what the public headers declare, no less and no more."""
    return [f"{name}: exported, but in no public header" for name in sorted(exported - public)] + \
           [f"{name}: in a public header, but not exported" for name in sorted(public - exported)]


def check_names(names, prefixes):
    return [f"{name}: does not begin with {' or '.join(prefixes)}" for name in sorted(names)
            if not name.startswith(prefixes)]


def check_links(symbols):
    """No object needs a function or table of a folder that its own must not see, whatever the headers say.
    symbols: of each object file, by its path in the tree, the names that it defines and those that it needs."""
    home = {name: path for path, (defines, _) in symbols.items() for name in defines}
    out = []
    for path, (_, needs) in sorted(symbols.items()):
        room = path.rsplit("/", 1)[0]
        for name in sorted(needs & home.keys()):
            wanted = home[name].rsplit("/", 1)[0]
            if wanted not in reachable(room):
                out.append(f"{path}: {name} is of {home[name]}; {room} must not see {wanted}")
    return out


def python_imports(path, modules):
    """(line, module) of every import of a module of the same package, wherever in the file it stands: in a function and under
    TYPE_CHECKING, too. What `from . import` or the package's own name brings, and is no module, belongs to __init__."""
    package = path.parent.name
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            inside = node.level == 1 or (node.module or "").split(".")[0] == package
            module = (node.module or "") if node.level else (node.module or "").partition(".")[2]
            wanted = [f"{module}.{alias.name}" if module else alias.name for alias in node.names] if inside else []
        elif isinstance(node, ast.Import):
            wanted = [alias.name.partition(".")[2] for alias in node.names if alias.name.split(".")[0] == package]
        else:
            continue
        for first in (name.split(".")[0] for name in wanted):
            yield node.lineno, first if first in modules else "__init__"


def shortest_way(arrows, start, end):
    """The modules from one to another along arrows, both included; None if no way leads there."""
    new, seen = [[start]], {start}
    for way in new:
        if way[-1] == end:
            return way
        new += [[*way, one] for one in sorted(arrows[way[-1]] - seen)]
        seen |= arrows[way[-1]]
    return None


def check_python_circles(root):
    """No modules of the Python package import each other in a circle. Each arrow that lies on a circle is in a finding,
    with the shortest circle through it; a circle is named once."""
    paths = {path.stem: path for path in sorted((root / "python/fgopt").glob("*.py"))}
    lines = {(name, module): line for name, path in paths.items() for line, module in python_imports(path, paths)}
    arrows = {name: {module for a, module in lines if a == name} & paths.keys() for name in paths}
    out = {}
    for name, module in sorted(lines):
        way = shortest_way(arrows, module, name) if module in paths else None
        if way:
            at = way.index(min(way))
            circle = [*way[at:], *way[:at]]  # from its first name on
            out.setdefault(tuple(circle), f"python/fgopt/{name}.py:{lines[name, module]}: {' -> '.join([*circle, circle[0]])}")
    return [out[circle] for circle in sorted(out)]
