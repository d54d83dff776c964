# SPDX-License-Identifier: BSD-3-Clause
# Defines CAMD::CAMD, SuiteSparse's constrained minimum degree ordering. Debian's SuiteSparse 5 has no CMake package of its own.
find_path(CAMD_INCLUDE_DIR camd.h PATH_SUFFIXES suitesparse)
find_library(CAMD_LIBRARY camd)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAMD REQUIRED_VARS CAMD_LIBRARY CAMD_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "on Debian: apt-get install libsuitesparse-dev")
if(CAMD_FOUND AND NOT TARGET CAMD::CAMD)
  add_library(CAMD::CAMD UNKNOWN IMPORTED)
  set_target_properties(CAMD::CAMD PROPERTIES
    IMPORTED_LOCATION "${CAMD_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${CAMD_INCLUDE_DIR}")
endif()
mark_as_advanced(CAMD_INCLUDE_DIR CAMD_LIBRARY)
