# SPDX-License-Identifier: BSD-3-Clause
# `cpack -G DEB` makes a Debian package of what `cmake --install` installs; tests/package makes and checks one.
set(CPACK_PACKAGE_NAME fgopt)
set(CPACK_PACKAGE_VENDOR "the fgopt authors")
set(CPACK_PACKAGE_CONTACT "the fgopt authors <fgopt@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGE_DESCRIPTION
  "Finds the most likely values of unknown quantities from many noisy measurements that each involve a few of them: pose graphs, SLAM, calibration. A C library with its headers, and the program fgopt.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)     # Depends: from the libraries that are linked
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON) # and ldconfig after installation
# For programs that link libfgopt.a.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libsuitesparse-dev, libmetis-dev, libopenblas-dev, liblapacke-dev, zlib1g-dev, libzstd-dev")
include(CPack)
