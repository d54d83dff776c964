# SPDX-License-Identifier: BSD-3-Clause
"""Checkers of the source tree. Each takes a root folder and returns its findings, a list of lines; empty is good."""
import re

# Which layers a layer may see besides itself; what those see, it sees too.
BELOW = {
    "ground": [],
    "manifold": ["ground"],
    "factor": ["manifold"],              # what a factor is, and what its authors include
    "factors": ["factor"],
    "graph": ["factor"],
    "evaluate": ["graph"],
    "pattern": ["ground"],
    "linearize": ["evaluate", "pattern"],
    "linear": ["pattern"],               # linear solvers see a matrix, never a factor
    "solve": ["linearize", "linear"],
    "io": ["graph", "factors"],
    "doctor": ["solve", "io"],
    "public": ["doctor"],                # the umbrella header
}

# The layer of every file and header by its name without the ending; src/io/ is layer io, src/doctor/ layer doctor and factors/ layer factors.
LAYER = {name: layer for layer, names in {
    "ground": "status export error memory pages keymap threads nearest_rotation cpu",
    "manifold": "manifold space rn_name dual geometry geometry_vector geometry_se2 geometry_so3 geometry_se3",
    "factor": "factor factors residual levels direction camera",
    "graph": "graph compare arrays graph_arrays graph_copy graph_private graph_factors graph_time noise loss components walk trajectory match_times",
    "evaluate": "evaluate graph_evaluate check graph_check gauge motions unseen assemble assemble_kernel assemble_portable assemble_avx2 assemble_avx512",
    "pattern": "pattern jacobian",
    "linearize": "system system_create system_restrict system_rows",
    "linear": "linear cholmod dense host_threads version block_arena block_cholesky block_choose block_factorize block_front block_kernel "
              "block_kernel_factor block_kernel_solve block_kernel_tile block_kernel_portable block_kernel_avx2 "
              "block_kernel_avx512 block_layout block_order block_order_constrained block_order_metis block_schedule block_symbolic "
              "block_inverse block_kernel_inverse cgls block_jacobi",  # version.c asks what licence CHOLMOD brings
    "solve": "covariance solver options policy minimize gauss_newton levenberg_marquardt structure relaxation chordal positions initialize interrupt sparsity",
    "io": "io",
    "doctor": "doctor findings null_space",
    "public": "fgopt",
}.items() for name in names.split()}

# Headers of other libraries, and who alone may include them.
RESERVED = {"cholmod.h": ["solvers/cholmod.c"], "amd.h": ["solvers/block_order.c"], "camd.h": ["solvers/block_order_constrained.c"],
            "metis.h": ["solvers/block_order_metis.c"],
            "lapacke.h": ["solvers/dense.c", "src/noise.c"], "zlib.h": ["src/io/gzip.c"], "zstd.h": ["src/io/zstd.c"],
            "cairo.h": ["src/cli/canvas_png.c"], "fontconfig/fontconfig.h": ["src/cli/canvas_png.c"], "jansson.h": ["src/cli/record.c"]}

MAX_LINES = 450
FOLDERS = ["include", "src", "factors", "solvers", "tests", "examples", "bench", "cmake", "datasets", "python", ".ci"]
SOURCE_ENDINGS = {".c", ".h", ".in", ".py", ".cmake", ".txt", ".ini", ".js", ".css", ".html", ""}


def reachable(layer):
    seen, new = set(), [layer]
    while new:
        one = new.pop()
        if one not in seen:
            seen.add(one)
            new += BELOW[one]
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


def layer_of(name):
    """The layer of src/pattern.c, fgopt/graph.h, ... or None."""
    if name.startswith("src/io/"):
        return "io"
    if name.startswith("src/doctor/"):
        return "doctor"
    if name.startswith("factors/"):
        return "factors"
    return LAYER.get(name.rsplit("/", 1)[-1].split(".")[0])


def check_direction(root):
    """Every file includes only headers of its own layer and those below; the CLI only public ones."""
    out = []
    for path, name in files(root, ["include", "src", "solvers", "factors"], {".c", ".h", ".in"}):
        cli = name.startswith("src/cli/")
        layer = layer_of(name)
        if not cli and layer is None:
            out.append(f"{name}: has no layer in tests/architecture.py")
            continue
        for line, bracket, header in includes(path):
            public = header.startswith("fgopt/")
            where = f"{name}:{line}: {header}"
            if cli:
                if bracket == '"' and not (path.parent / header).exists():
                    out.append(f"{where}: the CLI includes only public headers and its own")
            elif bracket == '"' or public:
                # a private header is looked for beside the file, then in src and solvers
                beside = (path.parent / header).resolve()
                target = "src/io/" if "src/io" in beside.parent.as_posix() and beside.exists() else ""
                wanted = layer_of(target + header)
                if wanted is None:
                    out.append(f"{where}: has no layer in tests/architecture.py")
                elif wanted not in reachable(layer):
                    out.append(f"{where}: {layer} must not see {wanted}")
    return out


def check_reserved(root):
    """Headers of other libraries stay behind the one file that wraps them."""
    return [f"{name}:{line}: only {' and '.join(RESERVED[header])} may include {header}"
            for path, name in files(root, ["include", "src", "solvers", "factors"], {".c", ".h"})
            for line, _, header in includes(path) if header in RESERVED and name not in RESERVED[header]]


def check_text(root):
    """Length, licence line, and nothing left to be done."""
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
        out += [f"{name}:{i}: unfinished" for i, line in enumerate(lines, 1) if unfinished.search(line)]
    return out


def declared(root):
    """The names that the public headers mark FGO_API."""
    names = set()
    for path, _ in files(root, ["include"], {".h", ".in"}):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
        for statement in re.findall(r"\bFGO_API\b([^;{]*)", text):
            if "(" in statement:
                names.add(re.search(r"(\w+)\s*\(", statement).group(1))
            else:
                names |= {re.findall(r"\w+", part)[-1] for part in statement.split(",")}
    return names


def check_exports(exported, public):
    """The shared library shows what the public headers declare, no less and no more."""
    return [f"{name}: exported, but in no public header" for name in sorted(exported - public)] + \
           [f"{name}: in a public header, but not exported" for name in sorted(public - exported)]


def check_names(names, prefixes):
    return [f"{name}: does not begin with {' or '.join(prefixes)}" for name in sorted(names)
            if not name.startswith(prefixes)]
