# SPDX-License-Identifier: BSD-3-Clause
"""libfgopt: where it is, what its functions take, and how its errors become exceptions."""

from __future__ import annotations

import ctypes as c
import ctypes.util
import os
import pathlib
from collections.abc import Iterator
from importlib import metadata
from typing import Any

from . import _layout as L
from .errors import LibraryError, exception

_HERE = pathlib.Path(__file__).resolve().parent
_STATUS, _P, _SIZE, _KEY, _INT, _TEXT = c.c_int, c.c_void_p, c.c_size_t, c.c_int64, c.c_int, c.c_char_p

# name: (result, arguments). A result of _STATUS is checked by call().
_PROTOTYPES: dict[str, tuple[Any, list[Any]]] = {
    "fgo_version": (_TEXT, []),
    "fgo_license": (_TEXT, []),
    "fgo_last_message": (_TEXT, []),
    "fgo_last_error_sized": (_STATUS, [c.POINTER(L.ErrorData), _SIZE]),
    "fgo_remedy_name": (_TEXT, [_INT]),
    "fgo_statistic_name": (_TEXT, [_INT]),
    "fgo_cause_name": (_TEXT, [_INT]),
    "fgo_graph_create": (_STATUS, [_P]),
    "fgo_graph_free": (None, [_P]),
    "fgo_graph_copy": (_STATUS, [_P, _P]),
    "fgo_graph_read": (_STATUS, [_TEXT, c.POINTER(L.ReadOptions), _P]),
    "fgo_graph_write_as": (_STATUS, [_P, _TEXT, _INT, _P]),
    "fgo_weights_parse": (_STATUS, [_TEXT, c.POINTER(L.Weights)]),
    "fgo_format_name": (_TEXT, [_INT]),
    "fgo_convention_name": (_TEXT, [_INT]),
    "fgo_read_options_init": (None, [c.POINTER(L.ReadOptions), _SIZE]),
    "fgo_factor_class_row": (c.POINTER(L.FactorRegistration), [_SIZE]),
    "fgo_factor_class_tag": (_TEXT, [c.POINTER(L.FactorRegistration), _SIZE]),
    "fgo_factor_class_find": (c.POINTER(L.FactorRegistration), [_TEXT]),
    "fgo_manifold_get": (c.POINTER(L.Manifold), [_SIZE]),
    "fgo_manifold_place": (_INT, [_P, _P, _P, _P]),
    "fgo_manifold_find": (_STATUS, [_TEXT, c.POINTER(L.Manifold)]),
    "fgo_graph_add_variables": (_STATUS, [_P, _P, _SIZE, _P, _P]),
    "fgo_graph_add_factors": (_STATUS, [_P, _P, _SIZE, _P, _P, L.Noise, _SIZE, L.Loss]),
    "fgo_graph_variable_count": (_SIZE, [_P]),
    "fgo_graph_factor_count": (_SIZE, [_P]),
    "fgo_graph_factor_end": (_SIZE, [_P]),
    "fgo_graph_factor_class": (c.POINTER(L.FactorClass), [_P, _SIZE]),
    "fgo_graph_factor_keys": (_STATUS, [_P, _SIZE, _P]),
    "fgo_graph_factor_measurement": (_P, [_P, _SIZE]),
    "fgo_graph_factor_information": (_STATUS, [_P, _SIZE, _P]),
    "fgo_graph_factor_loss": (_STATUS, [_P, _SIZE, c.POINTER(L.Loss)]),
    "fgo_graph_factor_line": (_SIZE, [_P, _SIZE]),
    "fgo_graph_variable_line": (_SIZE, [_P, _SIZE]),
    "fgo_graph_variable_manifold": (c.POINTER(L.Manifold), [_P, _SIZE]),
    "fgo_graph_remove_factor": (_STATUS, [_P, _SIZE]),
    "fgo_graph_remove_factors": (_STATUS, [_P, _P, _SIZE]),
    "fgo_graph_remove_variable": (_STATUS, [_P, _KEY]),
    "fgo_graph_remove_variables": (_STATUS, [_P, _P, _SIZE]),
    "fgo_graph_compact": (_STATUS, [_P]),
    "fgo_graph_residual": (_STATUS, [_P, _SIZE, _P]),
    "fgo_graph_chi2": (_STATUS, [_P, _SIZE, _P]),
    "fgo_values_create": (_STATUS, [_P, _P]),
    "fgo_values_copy": (_STATUS, [_P, _P]),
    "fgo_values_free": (None, [_P]),
    "fgo_values_fit": (_INT, [_P, _P]),
    "fgo_graph_load_values": (_STATUS, [_P, _P]),
    "fgo_values_store": (_STATUS, [_P, _P]),
    "fgo_values_get": (_STATUS, [_P, _P, _KEY, _P]),
    "fgo_values_set": (_STATUS, [_P, _P, _KEY, _P]),
    "fgo_values_data": (_P, [_P, _P]),
    "fgo_values_distance": (_STATUS, [_P, _P, _P, _P, _P]),
    "fgo_graph_cost_at": (_STATUS, [_P, _P, _P]),
    "fgo_graph_projected_count": (_SIZE, [_P]),
    "fgo_graph_tangent_dimension": (_SIZE, [_P]),
    "fgo_graph_find": (_STATUS, [_P, _KEY, _P]),
    "fgo_graph_get_value": (_STATUS, [_P, _KEY, _P]),
    "fgo_graph_set_value": (_STATUS, [_P, _KEY, _P]),
    "fgo_graph_values": (_P, [_P, _P]),
    "fgo_graph_set_values": (_STATUS, [_P, _P]),
    "fgo_graph_list_variables": (None, [_P, _P, _P, _P, _P]),
    "fgo_graph_variable_time": (c.c_double, [_P, _SIZE]),
    "fgo_graph_set_time": (_STATUS, [_P, _KEY, c.c_double]),
    "fgo_graph_held": (_P, [_P]),
    "fgo_graph_hold": (_STATUS, [_P, _KEY]),
    "fgo_graph_release": (_STATUS, [_P, _KEY]),
    "fgo_graph_hold_dof": (_STATUS, [_P, _KEY, _INT]),
    "fgo_graph_release_dof": (_STATUS, [_P, _KEY, _INT]),
    "fgo_graph_set_loss": (_STATUS, [_P, _SIZE, L.Loss]),
    "fgo_graph_set_all_losses": (_STATUS, [_P, L.Loss]),
    "fgo_graph_set_measurement": (_STATUS, [_P, _SIZE, _P]),
    "fgo_graph_set_noise": (_STATUS, [_P, _SIZE, L.Noise]),
    "fgo_graph_cost": (_STATUS, [_P, _P]),
    "fgo_graph_gradient": (_STATUS, [_P, _P]),
    "fgo_graph_group_count": (_SIZE, [_P]),
    "fgo_graph_group_sized": (_STATUS, [_P, _SIZE, c.POINTER(L.FactorGroup), _SIZE]),
    "fgo_graph_evaluate_group": (_STATUS, [_P, _SIZE, _INT, _P, _P]),
    "fgo_graph_check_jacobians_sized": (_STATUS, [_P, c.POINTER(L.JacobianReport), _SIZE]),
    "fgo_compare_options_init": (None, [c.POINTER(L.CompareOptions), _SIZE]),
    "fgo_graph_compare_sized": (
        _STATUS,
        [_P, _P, c.POINTER(L.CompareOptions), c.POINTER(L.Comparison), _SIZE, _P, _SIZE],
    ),
    "fgo_covariance_create": (_STATUS, [_P, _INT, _P]),
    "fgo_covariance_free": (None, [_P]),
    "fgo_covariance_marginal": (_STATUS, [_P, _KEY, _P]),
    "fgo_covariance_cross": (_STATUS, [_P, _KEY, _KEY, _P]),
    "fgo_covariance_joint": (_STATUS, [_P, _P, _SIZE, _P]),
    "fgo_covariance_marginals": (_STATUS, [_P, _P]),
    "fgo_prior_rn": (_STATUS, [_INT, c.POINTER(L.FactorClass)]),
    "fgo_between_rn": (_STATUS, [_INT, c.POINTER(L.FactorClass)]),
    "fgo_loss_parse": (_STATUS, [_TEXT, c.POINTER(L.Loss)]),
    "fgo_check_loss_sized": (_STATUS, [_P, _P, c.POINTER(L.LossReport), _SIZE]),
    "fgo_loss_class_get": (c.POINTER(L.LossClass), [_SIZE]),
    "fgo_initialize_with_sized": (_STATUS, [_P, _INT, _INT, _P, _SIZE]),
    "fgo_init_name": (_TEXT, [_INT]),
    "fgo_option_table": (c.POINTER(L.Option), [_P]),
    "fgo_options_init": (None, [_P, _SIZE]),
    "fgo_options_layout": (None, [_P, _P, _P]),
    "fgo_solve_sized": (_STATUS, [_P, _P, _P, _SIZE]),
    "fgo_stop_if_set": (_INT, [_P, _P]),
    "fgo_on_interrupt": (_P, [_P]),
    "fgo_termination_text": (_TEXT, [_INT]),
    "fgo_termination_class": (_INT, [_INT]),
}


def _candidates() -> Iterator[str]:
    """Lists where the library may be, best first: FGOPT_LIBRARY alone if it is set, beside this package, in the system (its
    caches, then whatever the dynamic linker finds by itself, LD_LIBRARY_PATH for one)."""
    named = os.environ.get("FGOPT_LIBRARY")
    if named:
        yield named
        return
    yield from (str(p) for p in sorted((_HERE / "_lib").glob("libfgopt.*")) if not p.name.endswith(".a"))
    found = ctypes.util.find_library("fgopt")
    if found:
        yield found
    yield "libfgopt.so"


def _wanted_version() -> str | None:
    """Returns the version that this package was installed as, whose structs _layout.py has; None in a source tree."""
    for found in metadata.distributions(name="fgopt", path=[str(_HERE.parent)]):
        return found.version
    return None


def _open(path: str, wanted: str | None) -> c.CDLL:
    lib = c.CDLL(path)
    for name, (result, arguments) in _PROTOTYPES.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    there: str = lib.fgo_version().decode()
    if wanted not in (None, there):
        raise OSError(f"it is version {there}, this package is made for {wanted}")
    return lib


def _load(wanted: str | None) -> tuple[c.CDLL, str]:
    problems = []
    for path in _candidates():
        try:
            lib = _open(path, wanted)
            return lib, _place(lib) or path
        except (OSError, AttributeError) as problem:
            problems.append(f"{path}: {problem}")
    raise LibraryError("libfgopt cannot be loaded; set FGOPT_LIBRARY to its path. Tried: " + "; ".join(problems))


class _DlInfo(c.Structure):
    _fields_ = [("file", c.c_char_p), ("base", c.c_void_p), ("symbol", c.c_char_p), ("address", c.c_void_p)]


def _place(lib: c.CDLL) -> str | None:
    """Finds the file of a loaded library, which may have been opened by name alone."""
    info = _DlInfo()
    try:
        found = c.CDLL(None).dladdr(c.cast(lib.fgo_version, c.c_void_p), c.byref(info))
    except (OSError, AttributeError):
        return None
    return os.path.realpath(os.fsdecode(info.file)) if found and info.file else None


lib, library_path = _load(_wanted_version())
version: str = lib.fgo_version().decode()


def check(status: int) -> None:
    """Raises the exception of a status, with the message of the last failed call of this thread."""
    if status:
        data = L.ErrorData()
        lib.fgo_last_error_sized(data, c.sizeof(data))
        names = (lib.fgo_cause_name(data.cause), lib.fgo_remedy_name(data.remedy.kind), lib.fgo_statistic_name(data.statistic))
        raise exception(status, lib.fgo_last_message().decode(errors="replace"), data, *(name.decode() for name in names))


def include_folders() -> list[pathlib.Path]:
    """Lists the folders that may hold fgopt/residual.h: FGOPT_INCLUDE, the package's own, the one that
    belongs to the library, the system's."""
    own = [pathlib.Path(p) for p in os.environ.get("FGOPT_INCLUDE", "").split(os.pathsep) if p]
    own += [_HERE / "_include", _HERE.parent.parent / "include"]  # of a wheel, of the source tree
    prefixes = list(pathlib.Path(library_path).parents)[1:3]  # above lib, above lib/ARCHITECTURE
    own += [folder / "include" for folder in prefixes]
    own += [pathlib.Path("/usr/local/include"), pathlib.Path("/usr/include")]
    return [folder for folder in own if (folder / "fgopt/residual.h").is_file()]
