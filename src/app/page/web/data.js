/* SPDX-License-Identifier: BSD-3-Clause */
/* data.js -- the graph as html.c wrote it: little-endian arrays in base64, each in an element of its own. */
const element = id => document.getElementById(id);
const text = id => element(id).textContent;

/* The bytes of an element, which is not needed afterwards. */
function take(id) {
  const node = element("data-" + id), code = node.textContent.trim();
  node.remove();
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(code);
  const plain = atob(code), out = new Uint8Array(plain.length);
  for (let i = 0; i < plain.length; i++) out[i] = plain.charCodeAt(i);
  return out;
}

const meta = JSON.parse(text("data-meta"));
const KINDS = ["loop closures", "landmarks", "odometry"], KIND_ONE = ["loop closure", "landmark edge", "odometry"];
const CLOSURE = 0, LANDMARK = 1, ODOMETRY = 2;
const n = meta.points, m = meta.edges, dims = meta.dims, turns = meta.turns;
const key = meta.wide_keys ? new BigInt64Array(take("keys").buffer) : new Int32Array(take("keys").buffer);
const marks = take("landmarks"), landmark = marks.map(v => v & 1);
const priors = Array.from({ length: n }, (_, i) => i).filter(i => marks[i] & 2); /* points with a factor of their own */
const ends = new Uint32Array(take("ends").buffer); /* two points an edge */
const kind = take("kinds"), cls = take("classes");

/* Edges at each point: around[first[i]] .. around[first[i + 1] - 1]. */
const first = new Uint32Array(n + 2), around = new Uint32Array(2 * m);
for (let i = 0; i < 2 * m; i++) first[ends[i] + 2]++;
for (let i = 2; i <= n + 1; i++) first[i] += first[i - 1];
for (let i = 0; i < 2 * m; i++) around[first[ends[i] + 1]++] = i >> 1;

/* Poses in ascending order of their ids. */
const order = Array.from({ length: n }, (_, i) => i).filter(i => !landmark[i]);
order.sort((a, b) => (key[a] < key[b] ? -1 : key[a] > key[b] ? 1 : 0));
const start = order.length ? order[0] : -1;

/* Frame k: place, relative to meta.origin; turn; chi2 in meta.chi2's code. Decoded when first asked for. */
const frames = meta.frames.map(() => null);
function frame(k) {
  if (!frames[k]) {
    const b = take("frame" + k).buffer, p = 4 * n * dims, t = 2 * n * turns;
    frames[k] = { place: new Float32Array(b, 0, n * dims), turn: new Int16Array(b, p, n * turns), chi2: new Uint16Array(b, p + t, m) };
  }
  return frames[k];
}

/* chi2 from its code, NaN if it could not be evaluated; and back, for the ends of scales. */
const NO_CHI2 = 65535;
const decode = code => (code === NO_CHI2 ? NaN : code === 0 ? 0 : 2 ** (meta.chi2.lowest + (code - 1) * meta.chi2.step));
const encode = chi2 => 1 + (Math.log2(chi2) - meta.chi2.lowest) / meta.chi2.step;

const find = id => { for (let i = 0; i < n; i++) if (String(key[i]) === id) return i; return -1; };
