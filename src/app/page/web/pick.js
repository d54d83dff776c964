/* SPDX-License-Identifier: BSD-3-Clause */
/* pick.js -- what lies under the pointer, found by projecting everything once: a few milliseconds for 100,000 edges. */
let selected = null; /* { point } or { edge }, and pinned if chosen by a click or by a key */

/* All points on the screen: x, y, depth each. */
const screen = new Float32Array(3 * n);
function projectAll() {
  const R = rotation(), A = frame(shown.a).place, B = frame(shown.b).place, t = shown.blend, c = camera.target, s = camera.scale;
  for (let i = 0; i < n; i++) {
    const j = dims * i, x = A[j] + t * (B[j] - A[j]) - c[0], y = A[j + 1] + t * (B[j + 1] - A[j + 1]) - c[1];
    const z = (dims === 3 ? A[j + 2] + t * (B[j + 2] - A[j + 2]) : 0) - c[2];
    screen[3 * i] = width / 2 + s * (R[0] * x + R[1] * y + R[2] * z);
    screen[3 * i + 1] = height / 2 - s * (R[3] * x + R[4] * y + R[5] * z);
    screen[3 * i + 2] = R[6] * x + R[7] * y + R[8] * z;
  }
}

/* Squared distance of (x, y) from edge e, and where along it. */
function distanceToEdge(e, x, y) {
  const a = 3 * ends[2 * e], b = 3 * ends[2 * e + 1], ax = screen[a], ay = screen[a + 1];
  const dx = screen[b] - ax, dy = screen[b + 1] - ay, length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? clamp(((x - ax) * dx + (y - ay) * dy) / length2, 0, 1) : 0;
  const ex = ax + t * dx - x, ey = ay + t * dy - y;
  return ex * ex + ey * ey;
}

/* A point within 8 pixels, else an edge within 6; of those about equally near the one nearest to the eye. */
function pick(x, y) {
  projectAll();
  let best = null, least = 64, depth = -Infinity;
  for (let i = 0; i < n; i++) {
    const dx = screen[3 * i] - x, dy = screen[3 * i + 1] - y, d = dx * dx + dy * dy;
    if (landmark[i] && !look.kinds[LANDMARK]) continue;
    if (d < least - 4 || (d < least + 4 && d < 64 && screen[3 * i + 2] > depth)) {
      best = { point: i };
      least = Math.min(d, least);
      depth = screen[3 * i + 2];
    }
  }
  if (best) return best;
  least = 36;
  for (let e = 0; e < m; e++) {
    if (!look.kinds[kind[e]]) continue;
    const d = distanceToEdge(e, x, y);
    if (d < least) {
      best = { edge: e };
      least = d;
    }
  }
  return best;
}

/* ---- what is said of it ---- */

const short = x => (Object.is(x, -0) ? 0 : x).toPrecision(6).replace(/\.?0+($|e)/, "$1");
const angle = radians => (radians * 180 / Math.PI).toFixed(2) + "°";

/* x, y, z in the file's frame, and the turn, in the frame nearer to what is shown. */
function pose(i) {
  const f = frame(nearest()), x = [];
  for (let k = 0; k < dims; k++) x.push(meta.origin[k] + f.place[dims * i + k]);
  const lines = ["xyz".slice(0, dims).split("").map((c, k) => c + " " + short(x[k])).join("  ") + " m"];
  if (landmark[i]) return lines;
  if (turns === 1) return [...lines, "θ " + angle(f.turn[i] / 32767 * Math.PI)];
  const [qx, qy, qz, qw] = f.turn.subarray(4 * i, 4 * i + 4).map ? Array.from(f.turn.subarray(4 * i, 4 * i + 4), v => v / 32767) : [];
  const roll = Math.atan2(2 * (qw * qx + qy * qz), 1 - 2 * (qx * qx + qy * qy));
  const pitch = Math.asin(clamp(2 * (qw * qy - qz * qx), -1, 1));
  const yaw = Math.atan2(2 * (qw * qz + qx * qy), 1 - 2 * (qy * qy + qz * qz));
  return [...lines, `roll ${angle(roll)}  pitch ${angle(pitch)}  yaw ${angle(yaw)}`];
}

function chi2Text(e) {
  const chi2 = decode(frame(nearest()).chi2[e]), rows = meta.classes[cls[e]].rows;
  if (Number.isNaN(chi2)) return "χ² cannot be evaluated";
  return `χ² ${chi2.toPrecision(3)} with ${rows} degrees of freedom\nresidual ${Math.sqrt(chi2 / rows).toPrecision(3)} σ (root mean square)`;
}

function describe(what) {
  if (what.point !== undefined) {
    const i = what.point, degree = first[i + 1] - first[i];
    let worst = -1;
    for (let k = first[i]; k < first[i + 1]; k++)
      if (worst < 0 || frame(nearest()).chi2[around[k]] > frame(nearest()).chi2[worst]) worst = around[k];
    const lines = [...pose(i), `${degree} edge${degree === 1 ? "" : "s"}`];
    if (worst >= 0) lines.push(`largest χ² ${decode(frame(nearest()).chi2[worst]).toPrecision(3)}`);
    if (marks[i] & 2) lines.push("has a prior");
    return { title: `${landmark[i] ? "landmark" : "pose"} ${key[i]}${i === start ? ", the start" : ""}`, lines };
  }
  const e = what.edge;
  return { title: `edge ${key[ends[2 * e]]} → ${key[ends[2 * e + 1]]}`,
    lines: [`${KIND_ONE[kind[e]]} (${meta.classes[cls[e]].name})`, chi2Text(e)] };
}

/* Shows what is selected beside (x, y), or beside where it is. */
function showTip(x, y) {
  const tip = element("tip");
  tip.hidden = !selected;
  if (!selected) return;
  if (x === undefined) {
    const at = selected.point !== undefined ? [selected.point] : [ends[2 * selected.edge], ends[2 * selected.edge + 1]];
    const p = at.map(i => project(i));
    [x, y] = [0, 1].map(k => p.reduce((sum, q) => sum + q[k], 0) / p.length);
  }
  const { title, lines } = describe(selected), b = document.createElement("b");
  b.textContent = title;
  tip.replaceChildren(b, lines.join("\n"));
  const size = tip.getBoundingClientRect();
  tip.style.left = clamp(x + 14, 8, width - size.width - 8) + "px";
  tip.style.top = clamp(y + size.height + 22 > height ? y - size.height - 12 : y + 14, 8, height - size.height - 8) + "px";
}

function select(what, x, y) {
  selected = what;
  showTip(x, y);
  redraw();
}

/* Brings a point into view and tells of it. */
function goTo(i) {
  const [x, y] = project(i), margin = 140;
  if (x < margin || x > width - margin || y < margin || y > height - margin) pan(width / 2 - x, height / 2 - y);
  select({ point: i, pinned: true });
}

/* The pose `step` places further on in the order of ids. */
function walk(step) {
  if (!order.length) return;
  const now = selected && selected.point !== undefined ? order.indexOf(selected.point) : step > 0 ? -1 : 0;
  goTo(order[(now + step + order.length) % order.length]);
}
