# SPDX-License-Identifier: BSD-3-Clause
"""The structs of the C interface, each declared here once; tests/test_layout.py compares them with the C compiler's.

Of fgo_options only the first fields are declared: the others are found through fgo_option_table, by name."""

from __future__ import annotations

import ctypes as c

MAX_ARITY = 8
NAME_SIZE = 24
FACTOR_ABI = 1
INIT_KINDS = 4  # FGO_INIT_AUTO: how many candidates it has
INIT_CAPACITY = 16
LOSS_PARAMETERS = 2
LOSS_ABI = 1
TERMINATIONS = 10  # of fgo_termination
KIND_POSE, KIND_ROTATION, KIND_POINT = 1, 2, 3  # of fgo_manifold_kind
PLACE_POSITION = 1

EVALUATE = c.CFUNCTYPE(
    c.c_int,
    c.c_void_p,  # class
    c.c_size_t,  # count
    c.c_void_p,  # x: count * arity pointers
    c.c_void_p,  # z
    c.c_void_p,  # e
    c.c_void_p,  # J or NULL
)
OF_DIMENSION = c.CFUNCTYPE(c.c_int, c.c_int, c.c_void_p)  # n, class
RETRACT = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.c_void_p, c.c_void_p)  # manifold, x, delta, out
MOVE = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.c_void_p, c.c_int, c.c_void_p)  # manifold, centre, x, motion, delta


class ManifoldTraits(c.Structure):
    _fields_ = [
        ("size", c.c_size_t),
        ("kind", c.c_int),
        ("world", c.c_int),
        ("translations", c.c_int),
        ("position", c.c_int),
        ("rotation", c.c_int),
        ("prevents", c.c_uint),
        ("noun", c.c_char_p),
        ("dof", c.POINTER(c.c_char_p)),
        ("dof_unit", c.POINTER(c.c_char_p)),
        ("number", c.POINTER(c.c_char_p)),
        ("number_unit", c.POINTER(c.c_char_p)),
        ("identity", c.POINTER(c.c_double)),
        ("move", c.c_void_p),
        ("act", c.c_void_p),
        ("place", c.c_void_p),
        ("tag", c.c_char_p),
    ]


class Manifold(c.Structure):
    _fields_ = [
        ("name", c.c_char * NAME_SIZE),
        ("ambient", c.c_int),
        ("tangent", c.c_int),
        ("retract", c.c_void_p),
        ("local", c.c_void_p),
        ("normalize", c.c_void_p),
        ("user", c.c_void_p),
        ("traits", c.POINTER(ManifoldTraits)),
    ]


class FactorVariable(c.Structure):
    _fields_ = [("manifold", c.c_char_p), ("tangent", c.c_int)]


class FactorClass(c.Structure):
    _fields_ = [
        ("abi", c.c_int),
        ("arity", c.c_int),
        ("rows", c.c_int),
        ("partials", c.c_int),
        ("name", c.c_char_p),
        ("measurement_size", c.c_size_t),
        ("variable", FactorVariable * MAX_ARITY),
        ("evaluate", EVALUATE),
        ("predict", c.c_void_p),
        ("gauge", c.c_int),
        ("user", c.c_void_p),
        ("batch", c.c_int),
    ]


class MeasurementField(c.Structure):
    _fields_ = [
        ("name", c.c_char_p),
        ("kind", c.c_int),
        ("offset", c.c_size_t),
        ("count", c.c_int),
        ("unit", c.c_char_p),
        ("frame", c.c_char_p),
        ("calibration", c.c_int),
    ]


class FactorRegistration(c.Structure):
    _fields_ = [
        ("size", c.c_size_t),
        ("name", c.c_char_p),
        ("c", c.POINTER(FactorClass)),
        ("of_dimension", c.c_void_p),
        ("log", c.POINTER(FactorClass)),
        ("ceres", c.POINTER(FactorClass)),
        ("field", c.POINTER(MeasurementField)),
        ("fields", c.c_int),
        ("formula", c.c_char_p),
        ("tag", c.c_char_p),
    ]


class Noise(c.Structure):
    _fields_ = [("kind", c.c_int), ("sigma", c.c_double), ("matrix", c.c_void_p)]


class LossParameter(c.Structure):
    _fields_ = [
        ("name", c.c_char_p),
        ("default_value", c.c_double),
        ("minimum", c.c_double),
        ("maximum", c.c_double),
    ]


class LossClass(c.Structure):
    _fields_ = [
        ("abi", c.c_int),
        ("parameters", c.c_int),
        ("name", c.c_char_p),
        ("parameter", LossParameter * LOSS_PARAMETERS),
        ("evaluate", c.c_void_p),
        ("user", c.c_void_p),
    ]


LOSS_EVALUATE = c.CFUNCTYPE(
    None,
    c.c_void_p,  # class
    c.POINTER(c.c_double),  # parameters
    c.c_double,  # s
    c.POINTER(c.c_double),  # rho
    c.POINTER(c.c_double),  # its derivative
)


class LossReport(c.Structure):
    _fields_ = [
        ("fault", c.c_int),
        ("s", c.c_double),
        ("rho", c.c_double),
        ("rho_prime", c.c_double),
        ("error", c.c_double),
    ]


class Loss(c.Structure):
    _fields_ = [("loss_class", c.c_void_p), ("parameter", c.c_double * LOSS_PARAMETERS)]


class FactorGroup(c.Structure):
    _fields_ = [
        ("factor_class", c.POINTER(FactorClass)),
        ("count", c.c_size_t),
        ("variable", c.c_void_p),
        ("number", c.c_void_p),
        ("z", c.c_void_p),
        ("W", c.c_void_p),
        ("loss", c.c_void_p),
    ]


class Iteration(c.Structure):
    _fields_ = [
        ("iteration", c.c_int),
        ("accepted", c.c_int),
        ("cost", c.c_double),
        ("cost_change", c.c_double),
        ("gain_ratio", c.c_double),
        ("gradient_norm", c.c_double),
        ("step_norm", c.c_double),
        ("lambda", c.c_double),
        ("time_linearize_s", c.c_double),
        ("time_factorize_s", c.c_double),
        ("time_solve_s", c.c_double),
        ("time_evaluate_s", c.c_double),
        ("time_s", c.c_double),
    ]


ITERATION_CALLBACK = c.CFUNCTYPE(c.c_int, c.POINTER(Iteration), c.c_void_p)


class OptionsHead(c.Structure):
    """fgo_options before the options that are in the table."""

    _fields_ = [
        ("size", c.c_size_t),
        ("callback", c.c_void_p),
        ("callback_user", c.c_void_p),
        ("records", c.c_void_p),
        ("record_size", c.c_size_t),
        ("record_capacity", c.c_int),
    ]


class Option(c.Structure):
    _fields_ = [
        ("name", c.c_char_p),
        ("type", c.c_int),
        ("offset", c.c_size_t),
        ("default_value", c.c_double),
        ("minimum", c.c_double),
        ("maximum", c.c_double),
        ("choices", c.POINTER(c.c_char_p)),
        ("help", c.c_char_p),
        ("group", c.c_char_p),
    ]


class InitReport(c.Structure):
    _fields_ = [
        ("chosen", c.c_int),
        ("reached", c.c_size_t),
        ("cost", c.c_double * INIT_CAPACITY),
        ("time_s", c.c_double),
        ("reason", c.c_char * 160),
    ]


class Summary(c.Structure):
    _fields_ = [
        ("termination", c.c_int),
        ("iterations", c.c_int),
        ("accepted", c.c_int),
        ("cost_initial", c.c_double),
        ("cost_final", c.c_double),
        ("gradient_norm", c.c_double),
        ("variables", c.c_size_t),
        ("factors", c.c_size_t),
        ("tangent_dimension", c.c_size_t),
        ("components", c.c_size_t),
        ("gauge_held", c.c_size_t),
        ("gauge_key", c.c_int64),
        ("records", c.c_int),
        ("linear_solver", c.c_int),
        ("threads", c.c_int),
        ("nonzeros_L", c.c_size_t),
        ("flops", c.c_double),
        ("factorization", c.c_char * 24),
        ("linear_iterations", c.c_size_t),
        ("message", c.c_char * 256),
        ("time_analyze_s", c.c_double),
        ("time_linearize_s", c.c_double),
        ("time_factorize_s", c.c_double),
        ("time_solve_s", c.c_double),
        ("time_evaluate_s", c.c_double),
        ("time_total_s", c.c_double),
        ("init", InitReport),
    ]


class Weights(c.Structure):
    _fields_ = [
        ("residual", c.c_int),
        ("form", c.c_int),
        ("order", c.c_int),
    ]


class ReadOptions(c.Structure):
    _fields_ = [
        ("size", c.c_size_t),
        ("format", c.c_int),
        ("convention", c.c_int),
        ("project_information", c.c_int),
        ("merge_equivalent", c.c_int),
        ("lenient", c.c_int),
        ("weights", Weights),
        ("format_class", c.c_void_p),
    ]


class Remedy(c.Structure):
    _fields_ = [("kind", c.c_int), ("value", c.c_int)]


class ErrorData(c.Structure):
    _fields_ = [
        ("status", c.c_int),
        ("cause", c.c_int),
        ("remedy", Remedy),
        ("line", c.c_size_t),
        ("column", c.c_size_t),
        ("file", c.c_char * 256),
        ("keys", c.c_int),
        ("key", c.c_int64 * 2),
        ("statistic", c.c_int),
        ("value", c.c_double),
    ]


class JacobianReport(c.Structure):
    _fields_ = [
        ("error", c.c_double),
        ("jacobian", c.c_double),
        ("difference", c.c_double),
        ("factor", c.c_size_t),
        ("row", c.c_int),
        ("variable", c.c_int),
        ("dof", c.c_int),
    ]


class CompareOptions(c.Structure):
    _fields_ = [
        ("size", c.c_size_t),
        ("alignment", c.c_int),
        ("matching", c.c_int),
        ("pairs", c.c_int),
        ("delta", c.c_size_t),
        ("time_offset", c.c_double),
        ("time_tolerance", c.c_double),
        ("lengths", c.c_void_p),
        ("length_count", c.c_size_t),
    ]


class ErrorStatistics(c.Structure):
    _fields_ = [
        ("count", c.c_size_t),
        ("rmse", c.c_double),
        ("mean", c.c_double),
        ("median", c.c_double),
        ("std", c.c_double),
        ("max", c.c_double),
        ("min", c.c_double),
    ]


class SegmentErrors(c.Structure):
    _fields_ = [("length", c.c_double), ("translation", ErrorStatistics), ("rotation", ErrorStatistics)]


class Comparison(c.Structure):
    _fields_ = [
        ("matched", c.c_size_t),
        ("matching", c.c_int),
        ("scale", c.c_double),
        ("path_length", c.c_double),
        ("ate_translation", ErrorStatistics),
        ("ate_rotation", ErrorStatistics),
        ("rpe_translation", ErrorStatistics),
        ("rpe_rotation", ErrorStatistics),
    ]


# The C name of each, for the test.
STRUCTS: dict[str, type[c.Structure]] = {
    "fgo_manifold_traits": ManifoldTraits,
    "fgo_manifold": Manifold,
    "fgo_factor_variable": FactorVariable,
    "fgo_factor_class": FactorClass,
    "fgo_measurement_field": MeasurementField,
    "fgo_factor_registration": FactorRegistration,
    "fgo_noise": Noise,
    "fgo_loss_parameter": LossParameter,
    "fgo_loss_class": LossClass,
    "fgo_loss": Loss,
    "fgo_loss_report": LossReport,
    "fgo_factor_group": FactorGroup,
    "fgo_iteration": Iteration,
    "fgo_option": Option,
    "fgo_summary": Summary,
    "fgo_init_report": InitReport,
    "fgo_weights": Weights,
    "fgo_read_options": ReadOptions,
    "fgo_remedy": Remedy,
    "fgo_error": ErrorData,
    "fgo_jacobian_report": JacobianReport,
    "fgo_compare_options": CompareOptions,
    "fgo_error_statistics": ErrorStatistics,
    "fgo_segment_errors": SegmentErrors,
    "fgo_comparison": Comparison,
}
