# SPDX-License-Identifier: BSD-3-Clause
"""chi2 of a pose-graph file, computed without fgopt: own parser, own quaternions, numpy only.

    python3 chi2.py FILE [--residual g2o|log]

Prints sum e' Omega e (no 1/2) with 17 significant digits, for g2o and TORO files that have vertices. With
delta = Z^-1 (Xi^-1 Xj) the residual e is
    g2o   (translation of delta, angle in (-pi, pi])             in the plane
          (translation of delta, q_xyz with q_w >= 0)            in space
    log   Log(delta): translation by V^-1, then the angle or the rotation vector.
Lines with other tags do not count. Quaternions are qx qy qz qw.
"""
import argparse
import sys

import numpy as np

# ---- rotations, all over the first axis of arrays ----


def quaternion_product(p, q):
    px, py, pz, pw = p.T
    qx, qy, qz, qw = q.T
    return np.stack([pw * qx + px * qw + py * qz - pz * qy,
                     pw * qy - px * qz + py * qw + pz * qx,
                     pw * qz + px * qy - py * qx + pz * qw,
                     pw * qw - px * qx - py * qy - pz * qz], axis=1)


def conjugate(q):
    return q * np.array([-1.0, -1.0, -1.0, 1.0])


def rotate(q, v):
    """R(q) v = v + 2 q_w (q_v x v) + 2 q_v x (q_v x v)."""
    c = np.cross(q[:, :3], v)
    return v + 2.0 * (q[:, 3:] * c + np.cross(q[:, :3], c))


def quaternion_from_euler(rpy):
    """Rz(yaw) Ry(pitch) Rx(roll)."""
    half = 0.5 * rpy
    zero = np.zeros(len(rpy))

    def about(axis, angle):
        parts = [zero, zero, zero, np.cos(angle)]
        parts[axis] = np.sin(angle)
        return np.stack(parts, axis=1)

    return quaternion_product(about(2, half[:, 2]),
                              quaternion_product(about(1, half[:, 1]), about(0, half[:, 0])))


def wrap(angle):
    return np.arctan2(np.sin(angle), np.cos(angle))


def half_cotangent(theta):
    """(theta / 2) cot(theta / 2), by its series where the quotient is 0 / 0."""
    small = np.abs(theta) < 1e-4
    safe = np.where(small, 1.0, theta)
    return np.where(small, 1.0 - theta**2 / 12.0, 0.5 * safe / np.tan(0.5 * safe))


# ---- residuals; planar poses are rows x y theta, spatial ones x y z qx qy qz qw ----


def planar_between(a, b):
    c, s = np.cos(a[:, 2]), np.sin(a[:, 2])
    dx, dy = b[:, 0] - a[:, 0], b[:, 1] - a[:, 1]
    return np.stack([c * dx + s * dy, c * dy - s * dx, wrap(b[:, 2] - a[:, 2])], axis=1)


def planar_residual(z, a, b, log):
    e = planar_between(z, planar_between(a, b))
    if log:
        half, k = 0.5 * e[:, 2], half_cotangent(e[:, 2])
        e[:, 0], e[:, 1] = k * e[:, 0] + half * e[:, 1], k * e[:, 1] - half * e[:, 0]
    return e


def spatial_between(a, b):
    inverse = conjugate(a[:, 3:])
    return np.hstack([rotate(inverse, b[:, :3] - a[:, :3]), quaternion_product(inverse, b[:, 3:])])


def spatial_residual(z, a, b, log):
    delta = spatial_between(z, spatial_between(a, b))
    t, q = delta[:, :3], delta[:, 3:]
    q = np.where(q[:, 3:] < 0.0, -q, q)
    if not log:
        return np.hstack([t, q[:, :3]])
    sine = np.linalg.norm(q[:, :3], axis=1)
    theta = 2.0 * np.arctan2(sine, q[:, 3])
    w = q[:, :3] * np.where(sine > 0.0, theta / np.where(sine > 0.0, sine, 1.0), 2.0)[:, None]
    # V^-1 = I - W / 2 + (1 - (theta/2) cot(theta/2)) / theta^2 W^2
    squared = np.where(theta > 1e-4, theta, 1.0)**2
    k = np.where(theta > 1e-4, (1.0 - half_cotangent(theta)) / squared, 1.0 / 12.0)[:, None]
    wt = np.cross(w, t)
    return np.hstack([t - 0.5 * wt + k * np.cross(w, wt), w])


# ---- files ----

UPPER2, UPPER3 = np.triu_indices(3), np.triu_indices(6)
TORO2 = (np.array([0, 0, 1, 2, 0, 1]), np.array([0, 1, 1, 2, 2, 2]))  # 11 12 22 33 13 23
VERTEX = {"VERTEX_SE2": 3, "VERTEX2": 3, "VERTEX_SE3:QUAT": 7, "VERTEX3": 6}
EDGE = {"EDGE_SE2": (3, UPPER2), "EDGE2": (3, TORO2), "EDGE_SE3:QUAT": (7, UPPER3), "EDGE3": (6, UPPER3)}


def canonical(poses):
    """Poses as in a file to rows of 3 or 7 numbers with unit quaternions."""
    poses = np.asarray(poses, dtype=float)
    if poses.shape[1] == 6:
        return np.hstack([poses[:, :3], quaternion_from_euler(poses[:, 3:])])
    if poses.shape[1] == 7:
        norm = np.linalg.norm(poses[:, 3:], axis=1, keepdims=True)
        if np.any(norm == 0.0):
            raise ValueError("zero quaternion")
        return np.hstack([poses[:, :3], poses[:, 3:] / norm])
    return poses


def read(path):
    """(vertices, edges): per tag {id: numbers} and [(id1, id2, measurement, information numbers)]."""
    vertices, edges = {}, {}
    with open(path, encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            field = line.split("#")[0].split()
            if not field:
                continue
            tag = field[0]
            if tag in VERTEX:
                if len(field) != 2 + VERTEX[tag]:
                    raise ValueError(f"{path}:{number}: {len(field)} fields")
                vertices.setdefault(tag, {})[int(field[1])] = [float(x) for x in field[2:]]
            elif tag in EDGE:
                n, places = EDGE[tag]
                rest = [float(x) for x in field[3:]]
                if len(rest) - n not in ((0, 21) if tag == "EDGE3" else (len(places[0]),)):
                    raise ValueError(f"{path}:{number}: {len(field)} fields")
                edges.setdefault(tag, []).append((int(field[1]), int(field[2]), rest[:n], rest[n:]))
    return vertices, edges


def information_matrices(tag, numbers):
    places = EDGE[tag][1]
    rows = 3 if len(places[0]) == 6 else 6
    Omega = np.zeros((len(numbers), rows, rows))
    for k, upper in enumerate(numbers):
        if upper:
            Omega[k][places] = upper
            Omega[k].T[places] = upper
        else:
            Omega[k] = np.eye(rows)
    return Omega


def chi2_terms(path, residual="g2o"):
    """e' Omega e of every edge, as {tag: array in the order of the file}."""
    vertices, edges = read(path)
    pose = {}
    for values in vertices.values():
        pose.update(zip(values.keys(), canonical(list(values.values()))))
    terms = {}
    for tag, lines in edges.items():
        a = np.array([pose[line[0]] for line in lines])
        b = np.array([pose[line[1]] for line in lines])
        z = canonical([line[2] for line in lines])
        e = (planar_residual if z.shape[1] == 3 else spatial_residual)(z, a, b, residual == "log")
        terms[tag] = np.einsum("ni,nij,nj->n", e, information_matrices(tag, [line[3] for line in lines]), e)
    return terms


def chi2(path, residual="g2o"):
    return float(sum(np.sum(t.astype(np.longdouble)) for t in chi2_terms(path, residual).values()))


def main():
    parser = argparse.ArgumentParser(description="chi2 of a g2o or TORO file")
    parser.add_argument("file")
    parser.add_argument("--residual", choices=["g2o", "log"], default="g2o")
    arguments = parser.parse_args()
    print(f"{chi2(arguments.file, arguments.residual):.17g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
