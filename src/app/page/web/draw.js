/* SPDX-License-Identifier: BSD-3-Clause */
/* draw.js -- WebGL 2: the edges in one call, the points in another. */
const canvas = element("scene");
const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, depth: true, powerPreference: "high-performance" });
const shown = { a: 0, b: 0, blend: 0 }; /* between frames a and b */
const look = { residual: false, kinds: [1, 1, 1], thin: false, share: 1, priors: true }; /* share of the edges that thin pictures show */
let programs = null;

function compile(vertex, fragment) {
  const program = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  const at = {};
  for (let i = 0; i < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); i++) {
    const name = gl.getActiveUniform(program, i).name.replace("[0]", "");
    at[name] = gl.getUniformLocation(program, name);
  }
  return { program, at };
}

/* Numbers of the texture units. */
const UNIT = { placeA: 0, placeB: 1, ramp: 2, ends: 3, chi2A: 4, chi2B: 5, landmarks: 6 };

/* `count` texels in rows of ROW; data has `parts` numbers for each. */
function fill(name, internal, format, type, data, parts, count) {
  const rows = Math.max(1, Math.ceil(count / ROW)), full = new data.constructor(rows * ROW * parts);
  full.set(data);
  gl.activeTexture(gl.TEXTURE0 + UNIT[name]);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.texImage2D(gl.TEXTURE_2D, 0, internal, ROW, rows, 0, format, type, full);
}

/* Edges come by kind. The textures have those of a kind in random order, so that the first tenth of each shows the whole graph,
 * only sparser: edge shuffled[i] is in place i. */
const from = [0, 1, 2, 3].map(k => { let e = 0; while (e < m && kind[e] < k) e++; return e; });
const shuffled = Uint32Array.from({ length: m }, (_, e) => e);
function shuffle() {
  let state = 1;
  for (let k = 0; k < 3; k++)
    for (let i = from[k + 1] - 1; i > from[k]; i--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0; /* D. Knuth, TAOCP 2, 3.3.4, table 1, line 16 */
      const j = from[k] + Math.floor(state / 2 ** 32 * (i - from[k] + 1)), e = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = e;
    }
}

const loaded = [-1, -1]; /* frames in placeA and chi2A, placeB and chi2B */
function prepare() {
  programs = { edge: compile(EDGE_VERTEX, EDGE_FRAGMENT), point: compile(POINT_VERTEX, POINT_FRAGMENT) };
  loaded.fill(-1);
  if (shuffled.every((e, i) => e === i)) shuffle();
  for (const name of Object.keys(UNIT)) {
    gl.activeTexture(gl.TEXTURE0 + UNIT[name]);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const [what, value] of [[gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) gl.texParameteri(gl.TEXTURE_2D, what, value);
  }
  const triples = new Uint32Array(3 * m), corners = new Uint32Array(6 * m);
  for (let e = 0; e < m; e++) {
    const s = shuffled[e];
    triples[3 * e] = ends[2 * s], triples[3 * e + 1] = ends[2 * s + 1], triples[3 * e + 2] = kind[s];
    corners[6 * e] = 4 * e, corners[6 * e + 1] = corners[6 * e + 4] = 4 * e + 1;
    corners[6 * e + 2] = corners[6 * e + 3] = 4 * e + 2, corners[6 * e + 5] = 4 * e + 3;
  }
  fill("ends", gl.RGB32UI, gl.RGB_INTEGER, gl.UNSIGNED_INT, triples, 3, m);
  fill("landmarks", gl.R8UI, gl.RED_INTEGER, gl.UNSIGNED_BYTE, landmark, 1, n);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, corners, gl.STATIC_DRAW);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.enable(gl.DEPTH_TEST);
  gl.depthFunc(gl.LEQUAL);
}

/* Makes frame k the one that slot 0 (A) or 1 (B) shows. */
function upload(slot, k) {
  if (loaded[slot] === k) return;
  loaded[slot] = k;
  const f = frame(k), letter = "AB"[slot], chi2 = Uint16Array.from(shuffled, e => f.chi2[e]);
  fill("place" + letter, dims === 3 ? gl.RGB32F : gl.RG32F, dims === 3 ? gl.RGB : gl.RG, gl.FLOAT, f.place, dims, n);
  fill("chi2" + letter, gl.R16UI, gl.RED_INTEGER, gl.UNSIGNED_SHORT, chi2, 1, m);
}

function uploadRamp() {
  if (!programs) return;
  const size = theme.ramp.length, data = new Uint8Array(4 * size);
  theme.ramp.forEach((c, i) => data.set([...rgb(c).map(v => Math.round(255 * v)), 255], 4 * i));
  gl.activeTexture(gl.TEXTURE0 + UNIT.ramp);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, size, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, data);
}

function setCommon(p, ratio) {
  const R = rotation(), at = p.at, { low, high } = box_of_shown(R), mid = R[6] * camera.target[0] + R[7] * camera.target[1] + R[8] * camera.target[2];
  gl.useProgram(p.program);
  for (const name of Object.keys(UNIT)) if (at[name]) gl.uniform1i(at[name], UNIT[name]);
  gl.uniformMatrix3fv(at.view, true, R);
  gl.uniform3fv(at.target, camera.target);
  gl.uniform3fv(at.paper, rgb(theme.paper));
  gl.uniform2f(at.half_size, canvas.width / 2, canvas.height / 2);
  gl.uniform2f(at.slab, high[2] - mid, low[2] - mid);
  gl.uniform1f(at.blend, shown.blend);
  gl.uniform1f(at.scale, camera.scale * ratio);
  gl.uniform1f(at.pixel, ratio);
  gl.uniform1f(at.far_color, look.residual ? 0.6 : 0.3); /* colours that stand for numbers must stay legible */
  gl.uniform1i(at.spatial, meta.spatial ? 1 : 0);
}

/* A ball around frame b is enough for depths: no pass over the points while the eye moves. */
let ball = { frame: -1 };
function box_of_shown(R) {
  if (ball.frame !== shown.b) {
    const { low, high } = box(frame(shown.b).place, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    ball = { frame: shown.b, mid: low.map((v, k) => (v + high[k]) / 2), radius: Math.hypot(...high.map((v, k) => v - low[k])) / 2 };
  }
  const d = [0, 1, 2].map(k => R[3 * k] * ball.mid[0] + R[3 * k + 1] * ball.mid[1] + R[3 * k + 2] * ball.mid[2]);
  return { low: d.map(v => v - ball.radius), high: d.map(v => v + ball.radius) };
}

/* CSS pixels: thin enough that a large graph does not become a blot, thicker when one comes near. */
function lineWidth() {
  const base = clamp(32 / Math.sqrt(m + 60) + 0.6, 0.7, 2), near = Math.sqrt(camera.scale / camera.fitted);
  return clamp(base * near, Math.min(base, 1), 3);
}

/* The cores of lines hide what is behind them; then come their soft rims, which hide nothing and so leave no gaps around
 * crossings. The thinnest lines are rims only. */
function drawSmooth(edge, lineWidth) {
  const solid = Math.min(1, 0.5 * lineWidth + 0.5) * Math.min(lineWidth, 1) > CORE;
  gl.uniform1i(edge.at.core, 1);
  if (solid) gl.drawElements(gl.TRIANGLES, 6 * m, gl.UNSIGNED_INT, 0);
  gl.uniform1i(edge.at.core, 0);
  gl.depthMask(false);
  gl.drawElements(gl.TRIANGLES, 6 * m, gl.UNSIGNED_INT, 0);
  gl.depthMask(true);
}

function draw(ratio) {
  upload(0, shown.a);
  upload(1, shown.b);
  gl.viewport(0, 0, canvas.width, canvas.height);
  gl.clearColor(...rgb(theme.paper), 1);
  gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  const edge = programs.edge, point = programs.point;
  setCommon(edge, ratio);
  gl.uniform3fv(edge.at.kind_color, theme.kind.flatMap(rgb));
  gl.uniform3fv(edge.at.kind_shown, look.kinds);
  gl.uniform2f(edge.at.range, encode(10 ** meta.decades[0]), encode(10 ** meta.decades[1]));
  const w = look.thin ? 1 : lineWidth() * ratio;
  gl.uniform1f(edge.at.line_width, w);
  gl.uniform1i(edge.at.residual, look.residual ? 1 : 0);
  gl.uniform1i(edge.at.thin, look.thin ? 1 : 0);
  if (look.thin)
    for (let k = 0; k < 3; k++) gl.drawArrays(gl.LINES, 2 * from[k], 2 * Math.ceil(look.share * (from[k + 1] - from[k])));
  else drawSmooth(edge, w);
  /* poses are seen when they have about 12 pixels each */
  const crowd = order.length / Math.max(1, width * height * 0.25 * Math.min(1, (camera.fitted / camera.scale) ** 2)) * 144;
  const size = clamp((1.6 - crowd) * 4, 0, 6);
  if (size < 1 && (order.length === n || !look.kinds[LANDMARK])) return;
  setCommon(point, ratio);
  gl.uniform1f(point.at.size, size);
  gl.uniform3fv(point.at.pose_color, rgb(look.residual ? theme.dim : theme.kind[ODOMETRY]));
  gl.uniform3fv(point.at.landmark_color, rgb(theme.kind[LANDMARK]));
  gl.uniform1i(point.at.landmarks_shown, look.kinds[LANDMARK]);
  gl.drawArrays(gl.POINTS, 0, n);
}
