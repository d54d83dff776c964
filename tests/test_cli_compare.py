# SPDX-License-Identifier: BSD-3-Clause
"""fgopt compare against numpy: alignment by singular values, errors by matrices."""
import json

import numpy as np
import pytest
from cli_support import fgopt, needs_cli, values

pytestmark = needs_cli


def matrix(numbers):
    """A pose of a file as 4 x 4."""
    T = np.eye(4)
    if len(numbers) == 3:
        c, s = np.cos(numbers[2]), np.sin(numbers[2])
        T[:2, :2], T[:2, 3] = [[c, -s], [s, c]], numbers[:2]
        return T
    x, y, z, w = np.array(numbers[3:]) / np.linalg.norm(numbers[3:])
    T[:3, :3] = [[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                 [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                 [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]]
    T[:3, 3] = numbers[:3]
    return T


def umeyama(x, y, scaled):
    """Scale, rotation and translation with the least sum |s R x + t - y|^2."""
    x0, y0 = x.mean(axis=0), y.mean(axis=0)
    U, D, V = np.linalg.svd((y - y0).T @ (x - x0))
    S = np.eye(len(x0))
    S[-1, -1] = np.sign(np.linalg.det(U) * np.linalg.det(V))
    R = U @ S @ V
    s = np.trace(np.diag(D) @ S) / np.sum((x - x0)**2) if scaled else 1.0
    return s, R, y0 - s * R @ x0


def angle(R):
    skew = np.array([R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]])
    return np.arctan2(np.linalg.norm(skew), np.trace(R) - 1)


def statistics(e):
    return {"count": len(e), "rmse": np.sqrt(np.mean(e**2)), "mean": e.mean(), "median": np.median(e), "std": e.std(),
            "max": e.max(), "min": e.min()}


def expected(estimate, reference, align, delta, flat):
    keys = sorted(set(estimate) & set(reference))
    X = np.array([matrix(estimate[k]) for k in keys])
    Y = np.array([matrix(reference[k]) for k in keys])
    scale = 1.0
    if align != "none":
        n = 2 if flat else 3
        scale, R, t = umeyama(X[:, :n, 3], Y[:, :n, 3], align == "sim")
        S = np.eye(4)
        S[:n, :n], S[:n, 3] = R, t
        X[:, :3, 3] *= scale
        X = S @ X
    inverse = np.linalg.inv
    both = {"ate": inverse(Y) @ X,
            "rpe": np.array([inverse(inverse(Y[i]) @ Y[i + delta]) @ inverse(X[i]) @ X[i + delta] for i in range(len(keys) - delta)])}
    way = np.linalg.norm(np.diff(Y[:, :3, 3], axis=0), axis=1).sum()
    out = {"matched": len(keys), "scale": scale, "way": way}
    for name, T in both.items():
        out[f"{name}_translation"] = statistics(np.linalg.norm(T[:, :3, 3], axis=1))
        out[f"{name}_rotation"] = statistics(np.array([angle(M[:3, :3]) for M in T]))
    return out


@pytest.fixture(scope="module", params=["manhattan", "sphere"])
def pair(request, tmp_path_factory):
    """An estimate far from the truth, and the truth without two of its poses and turned as a whole."""
    folder = tmp_path_factory.mktemp(request.param)
    fgopt("generate", request.param, "-n", 300, "--seed", 4, "--truth", folder / "truth.g2o", "-o", folder / "raw.g2o")
    lines = [line for line in (folder / "truth.g2o").read_text().splitlines()
             if not (line.startswith("VERTEX") and line.split()[1] in ("7", "9")) and not line.startswith(("EDGE", "FIX"))]
    (folder / "truth.g2o").write_text("\n".join(lines) + "\n")
    return folder / "raw.g2o", folder / "truth.g2o", request.param == "manhattan"


@pytest.mark.parametrize("align", ["none", "se", "sim"])
@pytest.mark.parametrize("delta", [1, 10])
def test_figures(pair, align, delta):
    estimate, reference, flat = pair
    found = json.loads(fgopt("compare", estimate, reference, "--align", align, "--delta", delta, "--json", "-").stdout)
    wanted = expected(values(estimate), values(reference), align, delta, flat)
    assert found["matched"] == wanted["matched"] == 298
    assert found["scale"] == pytest.approx(wanted["scale"], rel=1e-12)
    assert found["way"] == pytest.approx(wanted["way"], rel=1e-12)
    for name in ("ate_translation", "ate_rotation", "rpe_translation", "rpe_rotation"):
        assert found[name] == pytest.approx(wanted[name], rel=1e-9, abs=1e-9), name
    assert found["ate_translation"]["rmse"] > 0.01


def test_the_same_has_no_error(pair):
    found = json.loads(fgopt("compare", pair[0], pair[0], "--json", "-").stdout)
    assert found["ate_translation"]["max"] < 1e-12 and found["rpe_rotation"]["max"] < 1e-12


def test_text(pair):
    text = fgopt("compare", pair[0], pair[1], "--align", "sim").stdout
    assert text.startswith("298 poses matched by id over ") and "alignment: sim (scale " in text and "RPE rotation     rad" in text


def test_what_cannot_be_compared(tmp_path, pair):
    (tmp_path / "other.g2o").write_text("VERTEX_SE2 9000 0 0 0\nVERTEX_SE2 9001 1 0 0\n")
    assert "fewer than two poses" in fgopt("compare", tmp_path / "other.g2o", pair[0], code=3).stderr
    other = "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\n" if pair[2] else "VERTEX_SE2 0 0 0 0\n"
    (tmp_path / "other.g2o").write_text(other)
    assert "not all of one kind" in fgopt("compare", tmp_path / "other.g2o", pair[0], code=3).stderr
    (tmp_path / "point.g2o").write_text("VERTEX_SE2 0 1 1 0\nVERTEX_SE2 1 1 1 0\n")
    assert "no alignment" in fgopt("compare", tmp_path / "point.g2o", tmp_path / "point.g2o", code=3).stderr
