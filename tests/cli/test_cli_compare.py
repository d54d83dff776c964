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
    out = {"matched": len(keys), "scale": scale, "path_length": way}
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
    assert found["path_length"] == pytest.approx(wanted["path_length"], rel=1e-12)
    for name in ("ate_translation", "ate_rotation", "rpe_translation", "rpe_rotation"):
        assert found[name] == pytest.approx(wanted[name], rel=1e-9, abs=1e-9), name
    assert found["ate_translation"]["rmse"] > 0.01


def trajectory(path, rows):
    """A TUM file of (time, pose as 4 x 4)."""
    def quaternion(R):
        w = np.sqrt(max(1 + np.trace(R), 1e-300)) / 2
        return [(R[2, 1] - R[1, 2]) / (4 * w), (R[0, 2] - R[2, 0]) / (4 * w), (R[1, 0] - R[0, 1]) / (4 * w), w]
    path.write_text("".join(" ".join(repr(float(x)) for x in (t, *T[:3, 3], *quaternion(T[:3, :3]))) + "\n" for t, T in rows))
    return path


def walk(n, step):
    """Poses of a run in space, n of them, step seconds apart."""
    rows = []
    for i in range(n):
        t = i * step
        a, b = 0.3 * np.sin(t), 0.5 * np.cos(0.7 * t)
        Rz = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
        Rx = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
        T = np.eye(4)
        T[:3, :3], T[:3, 3] = Rz @ Rx, [t, np.sin(t), 0.2 * t * t]
        rows.append((t, T))
    return rows


def test_trajectories_by_time_stamp(tmp_path):
    """A reference of 10 Hz, an estimate of 3.33 Hz that is 5 s late, off by noise and scaled; two of its stamps match nothing."""
    rng = np.random.default_rng(1)
    reference = walk(200, 0.1)
    estimate = []
    for k in range(0, 200, 3):
        t, T = reference[k]
        E = T.copy()
        E[:3, 3] = 2 * (E[:3, 3] + rng.normal(0, 0.01, 3))
        estimate.append((t - 5 + (0.03 if k in (30, 60) else rng.uniform(-0.009, 0.009)), E))
    a, b = trajectory(tmp_path / "estimate.tum", estimate), trajectory(tmp_path / "reference.tum", reference)
    words = ["--offset", "5", "--align", "sim", "--json", "-"]
    found = json.loads(fgopt("compare", a, b, *words).stdout)
    pairs = {k: E for k, (_, E) in zip(range(0, 200, 3), estimate) if k not in (30, 60)}
    assert found["match"] == "time" and found["matched"] == len(pairs) == 65
    X, Y = np.array(list(pairs.values())), np.array([reference[k][1] for k in pairs])
    scale, R, t = umeyama(X[:, :3, 3], Y[:, :3, 3], True)
    error = np.linalg.norm(scale * X[:, :3, 3] @ R.T + t - Y[:, :3, 3], axis=1)
    assert found["scale"] == pytest.approx(scale, rel=1e-12) and scale == pytest.approx(0.5, rel=0.01)
    assert found["ate_translation"] == pytest.approx(statistics(error), rel=1e-9)
    # the other way round the shorter one still chooses; with more tolerance the two match as well
    back = json.loads(fgopt("compare", b, a, "--offset", "-5", "--align", "none", "--json", "-").stdout)
    assert back["matched"] == 65
    assert json.loads(fgopt("compare", a, b, *words, "--max-difference", "0.04").stdout)["matched"] == 67
    assert "fewer than two poses have a time stamp" in fgopt("compare", a, b, "--offset", "500", code=3).stderr


def test_trajectories_in_kitti_format_go_by_their_order(tmp_path):
    rows = walk(300, 0.5)
    for name, wrong in (("estimate", 1e-3), ("reference", 0)):
        (tmp_path / f"{name}.kitti").write_text("".join(
            " ".join(repr(float(x)) for x in (T + wrong * i * np.eye(4, k=3))[:3].ravel()) + "\n" for i, (_, T) in enumerate(rows)))
    found = json.loads(fgopt("compare", tmp_path / "estimate.kitti", tmp_path / "reference.kitti", "--align", "none",
                             "--segments", "kitti", "--json", "-").stdout)
    assert found["match"] == "id" and found["matched"] == 300
    assert found["ate_translation"]["max"] == pytest.approx(0.299, rel=1e-9)
    assert [row["length"] for row in found["segments"]] == list(range(100, 900, 100))
    assert found["segments"][0]["translation"]["count"] > 0


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
