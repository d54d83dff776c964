# SPDX-License-Identifier: BSD-3-Clause
"""What the page of fgopt plot should show, computed without fgopt: its own reader, projection, rasterization and chi2."""
import base64
import json
import pathlib
import re

import chi2
import numpy as np

CLOSURE, LANDMARK, ODOMETRY = range(3)
TAGS = {"EDGE_SE2": 3, "EDGE_SE3:QUAT": 7, "EDGE_SE2_XY": 2}


class Graph:
    """Places by id, edges (i, j, kind) in file order, whether in space."""

    def __init__(self, path):
        self.place, self.pose, self.edges, landmarks = {}, {}, [], set()
        for w in (line.split() for line in pathlib.Path(path).read_text().splitlines()):
            if w and w[0].startswith("VERTEX"):
                self.spatial = w[0] == "VERTEX_SE3:QUAT"
                self.pose[int(w[1])] = np.array(w[2:], float)
                self.place[int(w[1])] = np.array((w[2:5] if self.spatial else w[2:4] + [0]), float)
                if w[0] == "VERTEX_XY":
                    landmarks.add(int(w[1]))
            elif w and w[0] in TAGS:
                i, j = int(w[1]), int(w[2])
                kind = LANDMARK if {i, j} & landmarks else ODOMETRY if abs(i - j) == 1 else CLOSURE
                self.edges.append((i, j, kind))


def rotation(azimuth, elevation):
    """Rows right, up, towards the eye: the eye looks from -y at azimuth 0, is turned about z, and raised."""
    a, e = np.radians([azimuth, elevation])
    eye = np.array([np.cos(e) * np.sin(a), -np.cos(e) * np.cos(a), np.sin(e)])
    right = np.array([np.cos(a), np.sin(a), 0.0])
    return np.stack([right, np.cross(eye, right), eye])


def screen(graph, size, azimuth=0.0, elevation=90.0, margin=24):
    """Pixels of the places by id: the whole graph fits between the margins, in the middle."""
    R = rotation(azimuth, elevation)
    uv = {i: (R @ x)[:2] for i, x in graph.place.items()}
    points = np.array(list(uv.values()))
    low, high = points.min(axis=0), points.max(axis=0)
    scale = min((np.array(size) - 2 * margin) / np.maximum(high - low, 1e-9))
    middle = (low + high) / 2
    return {i: np.array([size[0] / 2 + scale * (p[0] - middle[0]), size[1] / 2 - scale * (p[1] - middle[1])]) for i, p in uv.items()}


def samples(a, b):
    """Pixel positions along a line, one a pixel, without its ends."""
    count = max(int(np.hypot(*(b - a))), 1)
    t = (np.arange(count) + 0.5) / count
    return a + t[:, None] * (b - a)


def mask(points, size, radius):
    """Pixels within `radius` of any of the points."""
    width, height = size
    out = np.zeros((height, width), bool)
    reach = int(np.ceil(radius))
    x0, y0 = np.floor(points[:, 0]).astype(int), np.floor(points[:, 1]).astype(int)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            x, y = x0 + dx, y0 + dy
            near = (np.hypot(x + 0.5 - points[:, 0], y + 0.5 - points[:, 1]) <= radius) & (x >= 0) & (x < width) & (y >= 0) & (y < height)
            out[y[near], x[near]] = True
    return out


def rgb(color):
    return np.array([int(color[k:k + 2], 16) for k in (1, 3, 5)], float)


def direction(image, paper, color):
    """How far a pixel lies from the paper towards a colour (0 .. 1), and the cosine of its angle to it: ink that covers a
    pixel in part, or fades into the paper, changes the one and not the other."""
    d, c = image.astype(float) - paper, color - paper
    length = np.linalg.norm(d, axis=2)
    along = d @ c / np.linalg.norm(c)
    return along / np.linalg.norm(c), np.where(length > 0, along / np.maximum(length, 1e-9), 0.0)


def agreement(image, graph, where, colors, paper, pixel=1):
    """For each kind of edge: the share of what should be drawn that is, and of what is drawn that should be. Where kinds
    cross and at the dots of poses nothing is judged. pixel: how many the image has for one of the picture."""
    size, found = (image.shape[1], image.shape[0]), {}
    lines = {kind: np.concatenate([samples(where[i], where[j]) for i, j, k in graph.edges if k == kind] or [np.zeros((0, 2))])
             for kind in range(3)}
    dots = mask(np.array(list(where.values())), size, 5 * pixel) | mask(np.array([where[min(graph.place)]]), size, 9 * pixel)
    for kind, points in lines.items():
        if not len(points):
            continue
        others = mask(np.concatenate([p for k, p in lines.items() if k != kind]), size, 3.0 * pixel) | dots
        amount, cosine = direction(image, paper, rgb(colors[kind]))
        inked = (amount > 0.15) & (cosine > 0.97)
        grown = inked.copy()
        for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            grown |= np.roll(inked, (dy, dx), (0, 1))
        at = points[~others[points[:, 1].astype(int), points[:, 0].astype(int)]].astype(int)
        recall = grown[at[:, 1], at[:, 0]].mean()
        drawn = inked & (amount > 0.3) & ~others
        precision = mask(points, size, 2.5 * pixel)[drawn].mean() if drawn.any() else 1.0
        found[kind] = (recall, precision)
    return found


def edge_chi2(graph_path):
    """chi2 of each edge of a file of planar poses, in file order."""
    graph, out = Graph(graph_path), []
    for w in (line.split() for line in pathlib.Path(graph_path).read_text().splitlines()):
        if w and w[0] == "EDGE_SE2":
            i, j = int(w[1]), int(w[2])
            z, (a, b, c, d, e, f) = np.array(w[3:6], float), map(float, w[6:12])
            r = chi2.planar_residual(z[None], graph.pose[i][None], graph.pose[j][None], False)[0]
            out.append(r @ np.array([[a, b, c], [b, d, e], [c, e, f]]) @ r)
    return np.array(out)


# ---- the data in the page ----


class Page:
    """meta, and the arrays of the page by name."""

    def __init__(self, path):
        self.text = pathlib.Path(path).read_text()
        self.meta = json.loads(re.search(r'id="data-meta">(.*?)</script>', self.text, re.S)[1])
        n, m, dims, turns = (self.meta[k] for k in ("points", "edges", "dims", "turns"))
        self.keys = self.array("keys", "<i8" if self.meta["wide_keys"] else "<i4")
        self.landmarks, self.kinds, self.classes = (self.array(k, "u1") for k in ("landmarks", "kinds", "classes"))
        self.ends = self.array("ends", "<u4").reshape(m, 2)
        self.frames = []
        for k in range(len(self.meta["frames"])):
            data = self.array(f"frame{k}", "u1").tobytes()
            place = np.frombuffer(data, "<f4", n * dims).reshape(n, dims) + np.array(self.meta["origin"][:dims])
            turn = np.frombuffer(data, "<i2", n * turns, 4 * n * dims).reshape(n, turns)
            codes = np.frombuffer(data, "<u2", m, 4 * n * dims + 2 * n * turns)
            assert len(data) == 4 * n * dims + 2 * n * turns + 2 * m
            self.frames.append((place, turn, codes))

    def array(self, name, kind):
        code = re.search(rf'id="data-{name}">(.*?)</script>', self.text, re.S)[1]
        return np.frombuffer(base64.b64decode(code, validate=True), kind)

    def chi2(self, k):
        code, c = self.frames[k][2].astype(float), self.meta["chi2"]
        return np.where(code == 0, 0.0, np.where(code == 65535, np.nan, 2.0 ** (c["lowest"] + (code - 1) * c["step"])))
