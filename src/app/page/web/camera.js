/* SPDX-License-Identifier: BSD-3-Clause */
/* camera.js -- orthographic: azimuth turns the eye about z from -y towards x, elevation raises it from the horizon, as in the
 * pictures of fgopt plot. A planar graph is seen from above: azimuth 0, elevation 90. */
const camera = { azimuth: 0, elevation: 90, target: [0, 0, 0], scale: 1 }; /* degrees; CSS pixels a metre */
let width = 1, height = 1; /* of the window, CSS pixels */

/* Rows right, up, towards the eye. */
function rotation() {
  const a = camera.azimuth * Math.PI / 180, e = camera.elevation * Math.PI / 180;
  const ca = Math.cos(a), sa = Math.sin(a), ce = Math.cos(e), se = Math.sin(e);
  return [ca, sa, 0, -se * sa, se * ca, ce, ce * sa, -ce * ca, se];
}

/* Point i of frames a and b, `blend` of the way, as [x, y, depth] on the screen. */
function project(i, R = rotation()) {
  const A = frame(shown.a).place, B = frame(shown.b).place, t = shown.blend, q = [0, 0, 0];
  for (let k = 0; k < dims; k++) q[k] = A[dims * i + k] + t * (B[dims * i + k] - A[dims * i + k]);
  for (let k = 0; k < 3; k++) q[k] -= camera.target[k];
  return [width / 2 + camera.scale * (R[0] * q[0] + R[1] * q[1] + R[2] * q[2]),
    height / 2 - camera.scale * (R[3] * q[0] + R[4] * q[1] + R[5] * q[2]), R[6] * q[0] + R[7] * q[1] + R[8] * q[2]];
}

/* The smallest box around the points of a frame, in the directions of the view. */
function box(place, R) {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    const x = place[dims * i], y = place[dims * i + 1], z = dims === 3 ? place[3 * i + 2] : 0;
    for (let k = 0; k < 3; k++) {
      const v = R[3 * k] * x + R[3 * k + 1] * y + R[3 * k + 2] * z;
      if (v < low[k]) low[k] = v;
      if (v > high[k]) high[k] = v;
    }
  }
  return { low, high };
}

/* The whole frame that is shown, clear of the panels. */
function fit() {
  const R = rotation(), { low, high } = box(frame(shown.b).place, R), bare = document.body.classList.contains("bare");
  const mid = low.map((v, k) => (v + high[k]) / 2), top = bare ? 24 : 72, bottom = bare ? 24 : last > 0 ? 104 : 72;
  camera.scale = Math.min((width - 48) / Math.max(high[0] - low[0], 1e-9), (height - top - bottom) / Math.max(high[1] - low[1], 1e-9));
  if (!(camera.scale < 1e6)) camera.scale = 100; /* a single point */
  mid[1] -= (bottom - top) / 2 / camera.scale;
  for (let k = 0; k < 3; k++) camera.target[k] = R[k] * mid[0] + R[3 + k] * mid[1] + R[6 + k] * mid[2];
  camera.fitted = camera.scale;
  redraw();
}

const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

function orbit(dx, dy) { /* pixels */
  camera.azimuth = ((camera.azimuth - 0.4 * dx + 540) % 360) - 180;
  camera.elevation = clamp(camera.elevation + 0.4 * dy, -90, 90);
  redraw();
}

function pan(dx, dy) {
  const R = rotation();
  for (let k = 0; k < 3; k++) camera.target[k] += (-dx * R[k] + dy * R[3 + k]) / camera.scale;
  redraw();
}

/* The point under (x, y) stays there. */
function zoom(factor, x = width / 2, y = height / 2) {
  const before = camera.scale;
  camera.scale = clamp(before * factor, camera.fitted * 1e-3, camera.fitted * 1e5);
  const share = 1 - before / camera.scale, R = rotation();
  for (let k = 0; k < 3; k++) camera.target[k] += share * ((x - width / 2) * R[k] - (y - height / 2) * R[3 + k]) / before;
  redraw();
}
