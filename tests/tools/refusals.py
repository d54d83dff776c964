#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the calls of tests/refusals: every function of the public headers with every argument that status.h says is refused.

    refusals.py OUT.c HEADER...

Prototypes, enumerations, `free` functions and which pointers may be NULL (FGO_OPTIONAL) are read from the headers. What a valid
argument is stands in the tables below; a parameter without a row ends the generation, so that no new function is forgotten.
"""
import re
import sys
from dataclasses import dataclass, field

POSES = ("fgo_so2", "fgo_se2", "fgo_so3", "fgo_se3", "fgo_r2", "fgo_r3", "fgo_twist2", "fgo_twist3", "fgo_mat2", "fgo_mat3",
         "fgo_mat4", "fgo_mat6", "fgo_euler", "fgo_xyzw", "fgo_wxyz", "fgo_axis_angle")

# Valid arguments of value types, and values that are refused.
VALID_VALUE = {
    "fgo_noise": "fgo_noise_unit()",
    "fgo_loss": "fgo_loss_none()",
    "fgo_so2": "(fgo_so2){ 1, 0 }",
    "fgo_se2": "(fgo_se2){ 0, 0, 1, 0 }",
    "fgo_so3": "(fgo_so3){ { 0, 0, 0, 1 } }",
    "fgo_se3": "(fgo_se3){ { 0, 0, 0 }, { 0, 0, 0, 1 } }",
    "fgo_mat2": "(fgo_mat2){ { 1, 0, 0, 1 } }",
    "fgo_mat3": "(fgo_mat3){ { 1, 0, 0, 0, 1, 0, 0, 0, 1 } }",
    "fgo_mat4": "(fgo_mat4){ { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1 } }",
    "fgo_xyzw": "(fgo_xyzw){ 0, 0, 0, 1 }",
    "fgo_wxyz": "(fgo_wxyz){ 1, 0, 0, 0 }",
    "fgo_axis_angle": "(fgo_axis_angle){ { 1, 0, 0 }, 1 }",
    "double": "0.5",
    "fgo_status": "FGO_OK",
}
BAD_VALUE = {
    "fgo_noise": ["(fgo_noise){ .kind = (fgo_noise_kind)99 }", "fgo_noise_information(NULL)", "fgo_noise_sigmas(NULL)",
                  "fgo_noise_sigma(0)"],
    "fgo_loss": ["(fgo_loss){ NULL, { 0 } }"],
    "fgo_status": ["(fgo_status)1", "(fgo_status)-1000", "(fgo_status)INT_MAX", "(fgo_status)INT_MIN"],
}

# Valid arguments of pointer types: what the fixture holds (refusals.h).
VALID_POINTER = {
    "fgo_graph *": "f->graph",
    "fgo_values *": "f->values",
    "fgo_solver *": "f->solver",
    "fgo_covariance *": "f->covariance",
    "fgo_findings *": "f->findings",
    "fgo_sparsity *": "f->sparsity",
    "fgo_options *": "&f->options",
    "const fgo_read_options *": "&f->read_options",
    "const fgo_compare_options *": "&f->compare_options",
    "const fgo_weights *": "&f->weights",
    "const fgo_iteration *": "&(fgo_iteration){ 0 }",
    "const fgo_manifold *": "&fgo_manifold_se2",
    "const fgo_manifold *const *": "(const fgo_manifold *[]){ &fgo_manifold_se2, &fgo_manifold_se2 }",
    "const fgo_format_text *": "&refused_text",
    "const fgo_format_class *": "&refused_format",
    "const fgo_linear_solver_class *": "&refused_linear_solver",
    "fgo_linearization *": "f->linearization",
    "fgo_jacobian *": "f->jacobian",
    "fgo_threads *": "f->threads",
    "fgo_output *": "f->output",
    "const fgo_loss_class *": "&fgo_loss_class_huber",
    "const fgo_factor_class *": "&fgo_between_se2",
    "const double *": "f->numbers",
    "const double *const *": "(const double *[]){ f->numbers, f->numbers }",
    "const int64_t *": "(int64_t[]){ 1, 2 }",
    "const size_t *": "(size_t[]){ 0 }",
    "const void *": "f->numbers",
    "const fgo_factor_registration *": "fgo_factor_class_find(\"between_se2\")",
}
# Objects that exist only while fgopt calls a strategy, a linear solver or a format (refusals.c).
STAGES = {"fgo_linearization *": "STAGE_STRATEGY", "fgo_jacobian *": "STAGE_LINEAR_SOLVER", "fgo_threads *": "STAGE_LINEAR_SOLVER",
          "fgo_output *": "STAGE_FORMAT"}
# Of single functions, by function and parameter.
VALID_ARGUMENT = {
    ("fgo_graph_add_variables", "keys"): "(int64_t[]){ 101 }",
    ("fgo_graph_add_so3", "quaternion"): "(double[]){ 0, 0, 0, 1 }",
    ("fgo_graph_add_se3", "quaternion"): "(double[]){ 0, 0, 0, 1 }",
    ("fgo_graph_add_rn", "n"): "2",
    ("fgo_graph_read", "path"): "refused_file",
    ("fgo_graph_read_memory", "text"): '"VERTEX_SE2 1 0 0 0\\n"',
    ("fgo_graph_read_memory", "length"): "19",
    ("fgo_graph_read_memory", "name"): '"memory"',
    ("fgo_graph_write", "path"): '"/dev/null"',
    ("fgo_graph_write_as", "path"): '"/dev/null"',
    ("fgo_format_of_path", "path"): '"a.g2o"',
    ("fgo_manifold_find", "name"): '"SE2"',
    ("fgo_factor_class_find", "name"): '"between_se2"',
    ("fgo_format_of", "format"): "FGO_FORMAT_G2O",
    ("fgo_format_reject", "at"): "refused_text.begin",
    ("fgo_format_reject", "message"): '"wrong"',
    ("fgo_graph_write_in", "path"): '"/dev/null"',
    ("fgo_output_text", "text"): '"text"',
    ("fgo_threads_run", "work"): "refused_part",
    ("fgo_threads_run", "context"): "NULL",
    ("fgo_loss_class_find", "name"): '"huber"',
    ("fgo_loss_format", "size"): "RESULT_SIZE",
    ("fgo_check_loss", "parameter"): "(double[]){ 1, 1 }",
    ("fgo_loss_parse", "text"): '"huber:1"',
    ("fgo_weights_parse", "text"): '"covariance"',
    ("fgo_option_set", "name"): '"max-iterations"',
    ("fgo_option_set", "text"): '"7"',
    ("fgo_stop_if_set", "flag"): "(int[]){ 1 }",
    ("fgo_on_interrupt", "flag"): "(int[]){ 0 }",
    ("fgo_graph_chi2_in", "convention"): "FGO_CONVENTION_LOG",
    ("fgo_graph_examine", "parts"): "FGO_DOCTOR_STRUCTURE",
}
# Numbers: a pattern of "TYPE NAME", a valid one, those that are refused, and how: EXPECT_.
ARGUMENT, KEY, ERROR, ANY = "EXPECT_ARGUMENT", "EXPECT_KEY", "EXPECT_ERROR", "EXPECT_ANY"
NUMBERS = [
    (r"int64_t (key|a|b)", "1", [("-1", KEY), ("INT64_MAX", KEY), ("INT64_MIN", KEY)]),
    (r"size_t index", "0", [("fgo_graph_variable_count(f->graph)", ARGUMENT), ("INT_MAX", ARGUMENT), ("SIZE_MAX", ARGUMENT)]),
    (r"size_t factor", "0", [("fgo_graph_factor_end(f->graph)", ARGUMENT), ("INT_MAX", ARGUMENT), ("SIZE_MAX", ARGUMENT)]),
    (r"size_t group", "0", [("fgo_graph_group_count(f->graph)", ARGUMENT), ("INT_MAX", ARGUMENT), ("SIZE_MAX", ARGUMENT)]),
    (r"size_t i", "0", [("1000", ARGUMENT), ("INT_MAX", ARGUMENT), ("SIZE_MAX", ARGUMENT)]),
    (r"size_t parts", "1", [("0", ANY)]),
    (r"int64_t x", "1", []),
    (r"size_t noise_stride", "0", [("SIZE_MAX", ANY)]),
    (r"size_t (count|n|m|length)", "1", [("0", ANY), ("SIZE_MAX", ARGUMENT)]),
    (r"size_t \w+_size", None, [("0", ANY), ("SIZE_MAX", ARGUMENT)]),  # of a struct
    (r"size_t size", None, [("0", ARGUMENT), ("SIZE_MAX", ANY)]),
    (r"int dof", "0", [("-1", ARGUMENT), ("3", ARGUMENT), ("INT_MAX", ARGUMENT), ("INT_MIN", ARGUMENT)]),
    (r"int n", "2", [("-1", ARGUMENT), ("0", ARGUMENT), ("INT_MIN", ARGUMENT)]),
    (r"int threads", "1", [("-1", ARGUMENT), ("FGO_MAX_THREADS + 1", ARGUMENT), ("INT_MAX", ARGUMENT), ("INT_MIN", ARGUMENT)]),
    (r"int parts", "1", [("-1", ARGUMENT), ("INT_MAX", ARGUMENT), ("INT_MIN", ARGUMENT)]),
]
# Dimensions have a largest one, degrees of freedom of chi2 do not.
REFUSED_TOO = {("fgo_graph_add_rn", "n"), ("fgo_manifold_rn", "n"), ("fgo_prior_rn", "n"), ("fgo_between_rn", "n")}
NAN_IS_FINE = {("fgo_graph_set_time", "time_s")}  # no time
NEW_KEY = re.compile(r"fgo_graph_add_")  # every key is good that no variable has

# Valid arguments for which the neutral value is right.
NEUTRAL = {
    "fgo_graph_variable_tangent_offset", "fgo_graph_variable_time", "fgo_graph_variable_held", "fgo_graph_projected_count",
    "fgo_solver_estimate", "fgo_on_interrupt", "fgo_last_message", "fgo_so2_angle", "fgo_se2_angle", "fgo_so3_angle",
    "fgo_so2_angle_between", "fgo_so3_angle_between", "fgo_method_name", "fgo_termination_class", "fgo_graph_variable_line",
}
# They fail whatever they are given; what they say is the caller's.
ALWAYS_FAILS = {"fgo_format_reject"}
# Its message would be in the place of the one that is asked for.
SILENT = {"fgo_last_error", "fgo_last_error_sized"}
# Neutral values that are not 0.
NEUTRAL_VALUE = {"fgo_outcome": "returned == FGO_OUTCOME_NOT_POSITIVE_DEFINITE"}


class Missing(Exception):
    pass


@dataclass
class Parameter:
    type: str
    name: str
    optional: bool = False

    @property
    def is_pointer(self):
        return self.type.endswith("*") or "(*)" in self.type


@dataclass
class Function:
    name: str
    returns: str
    parameters: list
    comment: str = ""
    header: str = ""
    speaks: str = ""  # the function that refuses: of an inline one the exported one that it calls


@dataclass
class Headers:
    functions: list = field(default_factory=list)
    enums: dict = field(default_factory=dict)  # type -> numbers that are none
    structs: set = field(default_factory=set)  # those whose members are public
    opaque: dict = field(default_factory=dict)  # type -> the function that frees it


# ---- reading ----

def squeeze(text):
    return re.sub(r"\s*\*\s*", " *", " ".join(text.split())).replace("* *", "**").strip()


def parameter(text):
    optional = "FGO_OPTIONAL" in text
    text = squeeze(text.replace("FGO_OPTIONAL", " "))
    call = re.fullmatch(r"(.*)\(\s*\*\s*(\w+)\)\s*(\(.*\))", text)
    if call:
        return Parameter(f"{call[1].strip()} (*){call[3]}", call[2], optional)
    array = re.fullmatch(r"(.*?)(\w+)\[\w*\]", text)
    if array:
        return Parameter(squeeze(array[1] + "*"), array[2], optional)
    found = re.fullmatch(r"(.*?[\s*])(\w+)", text)
    if not found:
        raise Missing(f"cannot read the parameter \"{text}\"")
    return Parameter(squeeze(found[1]), found[2], optional)


def split(text):
    parts, depth = [""], 0
    for c in text:
        depth += (c == "(") - (c == ")")
        if c == "," and not depth:
            parts.append("")
        else:
            parts[-1] += c
    return [p for p in parts if p.strip() not in ("", "void")]


def prototype(text, comment, header):
    found = re.match(r"\s*(.*?[\s*])(fgo_\w+)\s*\((.*)\)\s*$", text, re.S)
    if not found:
        raise Missing(f"{header}: cannot read \"{' '.join(text.split())}\"")
    return Function(found[2], squeeze(found[1]), [parameter(p) for p in split(found[3])], comment, header)


def read(path, headers):
    text = open(path, encoding="utf-8").read()
    for found in re.finditer(r"typedef enum (\w+) \{(.*?)\}", re.sub(r"/\*.*?\*/", " ", text, flags=re.S), re.S):
        last = re.findall(r"(\w+)\s*(?:=[^,}]*)?(?:,|\s*$)", found[2])[-1]
        headers.enums[found[1]] = [last + " + 1", "INT_MAX", "INT_MIN"] + ([] if "= -1" in found[2] else ["-1"])
    headers.structs |= set(re.findall(r"(?:typedef )?struct (\w+) \{", text))
    # A comment goes with what follows it; inline functions count if they call an exported one.
    item = re.compile(r"/\*(?P<comment>.*?)\*/|\bFGO_API\b(?P<api>[^;{]*);"
                      r"|^static inline\b(?P<short>[^;{]*)\{(?P<line>[^\n]*)\}$"
                      r"|^static inline\b(?P<inline>[^;{]*)\{(?P<body>.*?)^\}", re.S | re.M)
    comment = ""
    inline = []
    clean = re.sub(r"^\s*#(?:[^\n]*\\\n)*[^\n]*$", "", text, flags=re.M)
    for found in item.finditer(clean):
        if found["comment"] is not None:
            comment = found["comment"]
        elif found["api"] is not None:
            declared = re.sub(r"/\*.*?\*/", " ", found["api"], flags=re.S)
            if not re.match(r"\s*extern\b", declared):
                headers.functions.append(prototype(declared, comment, path))
        else:
            inline.append((found["inline"] or found["short"], found["body"] or found["line"], comment, path))
    return inline


def read_all(paths):
    headers, inline = Headers(), []
    for path in paths:
        inline += read(path, headers)
    exported = {f.name for f in headers.functions}
    for declared, body, comment, path in inline:
        called = exported & set(re.findall(r"\bfgo_\w+", body))
        if called:
            headers.functions.append(prototype(declared, comment, path))
            headers.functions[-1].speaks = called.pop()
    for f in headers.functions:
        if f.name.endswith("_free") and len(f.parameters) == 1:
            headers.opaque[f.parameters[0].type.removesuffix(" *").strip()] = f.name
            f.parameters[0].optional = True
    return headers


# ---- arguments ----

def own_argument(p):
    """A valid pointer of the fixture: a constant one may be given what is not constant."""
    return VALID_POINTER.get(p.type) or (VALID_POINTER.get(p.type[len("const "):]) if p.type.startswith("const ") else None)


def is_result(p):
    """A pointer to what the function writes: not to constants."""
    if not p.type.endswith("*") or p.type == "void *":
        return False
    target = p.type[:-1].rstrip()
    return target.endswith("*") or not (target.startswith("const ") or target.endswith("const"))


def valid(f, k, headers):
    p = f.parameters[k]
    at = (f.name.removesuffix("_sized"), p.name)
    if at in VALID_ARGUMENT:
        return VALID_ARGUMENT[at]
    if p.is_pointer:
        if own_argument(p):
            return own_argument(p)
        if is_result(p):
            return f"(void *)f->result[{k}]"
        raise Missing(f"{f.header}: {f.name}: no valid argument for the pointer {p.type}{p.name}: "
                      "add it to VALID_POINTER or VALID_ARGUMENT")
    if p.type in VALID_VALUE:
        return VALID_VALUE[p.type]
    if p.type in headers.enums:
        return f"({p.type})0"
    if p.type in POSES:
        return f"({p.type}){{ 0 }}"
    number = number_row(f, p)
    if number[1] is None:  # the size of the result before it
        before = [q for q in f.parameters[:k] if q.is_pointer][-1]
        return f"sizeof({before.type[:-1].strip().removeprefix('const ')})"
    return "100" if number[1] == "1" and p.type == "int64_t" and NEW_KEY.match(f.name) else number[1]


def number_row(f, p):
    for row in NUMBERS:
        if re.fullmatch(row[0], f"{p.type} {p.name}"):
            return row
    raise Missing(f"{f.header}: {f.name}: nothing known of the parameter \"{p.type} {p.name}\": add it to NUMBERS")


def refused(f, p, headers):
    """The arguments that status.h refuses: value, what is expected, whether it is NULL."""
    if p.is_pointer:
        accepted = "EXPECT_OK" if f.returns == "fgo_status" and f.name not in ALWAYS_FAILS else ANY
        return [("NULL", accepted if p.optional else ARGUMENT, not p.optional and f.name not in SILENT)]
    if p.type in BAD_VALUE:
        return [(v, ARGUMENT, False) for v in BAD_VALUE[p.type]]
    if p.type in headers.enums:
        return [(f"({p.type})({v})", ARGUMENT, False) for v in headers.enums[p.type]]
    if p.type == "double" and f.returns == "fgo_status":
        return [("NAN", ANY if (f.name, p.name) in NAN_IS_FINE else ARGUMENT, False)]
    if p.type in VALID_VALUE or p.type in POSES:
        return []
    rows = [(v, e, False) for v, e in number_row(f, p)[2]]
    if (f.name, p.name) in REFUSED_TOO:
        rows += [("FGO_MAX_DIMENSION + 1", ARGUMENT, False), ("INT_MAX", ARGUMENT, False)]
    if NEW_KEY.match(f.name) and p.type == "int64_t":
        rows = [(v, ANY, n) for v, _, n in rows] + [("1", KEY, False)]
    return rows


# ---- writing ----

def neutral(f, headers):
    """An expression that is 1 if `returned` is the neutral value."""
    if f.returns in NEUTRAL_VALUE:
        return NEUTRAL_VALUE[f.returns]
    if f.returns.endswith("*"):
        return "returned != NULL" if re.search("never NULL", f.comment, re.I) else "returned == NULL || !*(const char *)returned" \
            if f.returns == "const char *" else "returned == NULL"
    if f.returns == "double":
        return "isnan(returned)"
    if f.returns in headers.structs:
        return f"!memcmp(&returned, &({f.returns}){{ 0 }}, sizeof returned)"
    return "returned == 0"


def call(f, arguments, headers):
    text = f"{f.name}({', '.join(arguments)})"
    if f.returns == "fgo_status":
        return f"f->status = {text};"
    if f.returns == "void":
        return f"{text}; f->neutral = 1;"
    return f"{f.returns}{'' if f.returns.endswith('*') else ' '}returned = {text}; f->neutral = {neutral(f, headers)};"


def release(f, arguments, headers):
    """What frees the objects that a call made or says that it has freed its own."""
    for k, p in enumerate(f.parameters):
        made = re.fullmatch(r"(fgo_\w+) \*\*", p.type)
        if made and made[1] in headers.opaque:
            return f"{headers.opaque[made[1]]}(*({made[1]} **)(void *)f->result[{k}]);"
    if f.name in headers.opaque.values() and arguments[0] != "NULL":
        return f"{arguments[0]} = NULL;"
    return None


def write(headers, out):
    rows, calls = [], 0
    out.write("/* Generated from the public headers by tests/tools/refusals.py. */\n#include \"refusals.h\"\n")
    for path in sorted({f.header for f in headers.functions}):
        out.write(f"#include \"{path}\"\n")
    out.write("\n")
    # Planted faults first: their crash ends a child, and with it what a memory checker would report of it at its end.
    for f in sorted(headers.functions, key=lambda f: (not f.name.startswith("fgo_planted_"), f.name)):
        good = [valid(f, k, headers) for k in range(len(f.parameters))]
        cases = [(None, "", "EXPECT_NEUTRAL" if f.returns == "void" or f.name in NEUTRAL or re.search("never NULL", f.comment, re.I) or
                  f.returns in headers.structs else "EXPECT_OK", False)]
        if f.name in ALWAYS_FAILS:
            cases = []
        cases += [(k, v, e, n) for k, p in enumerate(f.parameters) for v, e, n in refused(f, p, headers)]
        for k, value, expect, null in cases:
            arguments = [value if i == k else a for i, a in enumerate(good)]
            calls += 1
            out.write(f"static void call_{calls}(fixture *f)\n{{\n    (void)f;\n    {call(f, arguments, headers)}\n}}\n")
            stage = next((STAGES[t] for t in (p.type.removeprefix("const ") for p in f.parameters) if t in STAGES), "STAGE_NONE")
            freed = release(f, arguments, headers)
            if freed:
                out.write(f"static void release_{calls}(fixture *f) {{ {freed} }}\n")
            argument = "NULL" if k is None else f'"{f.parameters[k].name}"'
            if k is not None and f.returns != "fgo_status" and expect in (KEY, ERROR):
                expect = ARGUMENT  # the neutral value
            text = value.replace('"', "'")
            speaks = (f.speaks or f.name).removesuffix("_sized")
            rows.append(f'    {{ "{f.name}", "{speaks}", {argument}, "{text}", {expect}, {int(null)}, {int(f.returns == "fgo_status")}, '
                        f'{stage}, call_{calls}, {f"release_{calls}" if freed else "NULL"} }},\n')
    out.write("\nconst refused_call refused_calls[] = {\n" + "".join(rows) + "};\n")
    out.write("const size_t refused_call_count = sizeof refused_calls / sizeof *refused_calls;\n")
    out.write(f"const size_t refused_function_count = {len(headers.functions)};\n")


def main(argv):
    try:
        headers = read_all(argv[2:])
        with open(argv[1], "w", encoding="utf-8") as out:
            write(headers, out)
    except Missing as error:
        sys.exit(f"refusals.py: {error}")


if __name__ == "__main__":
    main(sys.argv)
