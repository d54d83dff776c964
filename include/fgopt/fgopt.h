/* SPDX-License-Identifier: BSD-3-Clause */
/* fgopt.h -- the whole public interface but residual.h, which only authors of factors include. */
#ifndef FGOPT_FGOPT_H
#define FGOPT_FGOPT_H
#include <fgopt/arrays.h>
#include <fgopt/check.h>
#include <fgopt/compare.h>
#include <fgopt/covariance.h>
#include <fgopt/doctor.h>
#include <fgopt/error.h>
#include <fgopt/factor.h>
#include <fgopt/factors.h>
#include <fgopt/format.h>
#include <fgopt/graph.h>
#include <fgopt/initialize.h>
#include <fgopt/interrupt.h>
#include <fgopt/io.h>
#include <fgopt/linear_solver.h>
#include <fgopt/loss.h>
#include <fgopt/manifold.h>
#include <fgopt/pose.h>
#include <fgopt/registration.h>
#include <fgopt/registry.h>
#include <fgopt/solver.h>
#include <fgopt/sparsity.h>
#include <fgopt/status.h>
#include <fgopt/strategy.h>
#include <fgopt/values.h>
#include <fgopt/version.h>
#endif
