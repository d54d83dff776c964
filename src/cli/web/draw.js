/* SPDX-License-Identifier: BSD-3-Clause */
/* draw.js -- WebGL 2: the edges in one call, the points in another. */
const canvas = element("scene");
const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, depth: true, powerPreference: "high-performance" });
const shown = { a: 0, b: 0, blend: 0 }; /* between frames a and b */
const look = { residual: false, kinds: [1, 1, 1], thin: false };
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

function buffer(data) {
  const b = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, b);
  if (data) gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  return b;
}

/* An attribute of floats made of integers; one value an instance, or one a vertex. */
function attribute(location, b, type, step, divisor) {
  gl.bindBuffer(gl.ARRAY_BUFFER, b);
  gl.enableVertexAttribArray(location);
  gl.vertexAttribPointer(location, 1, type, false, step, 0);
  gl.vertexAttribDivisor(location, divisor);
}

function texture(unit) {
  const t = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, t);
  for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) gl.texParameteri(gl.TEXTURE_2D, name, value);
  return t;
}

const edges = { frame: [-1, -1] }, points = {};
function prepare() {
  programs = { edge: compile(EDGE_VERTEX, EDGE_FRAGMENT), point: compile(POINT_VERTEX, POINT_FRAGMENT) };
  edges.frame = [-1, -1];
  edges.place = [texture(0), texture(1)];
  edges.ramp = texture(2);
  edges.array = gl.createVertexArray();
  gl.bindVertexArray(edges.array);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer(ends));
  gl.enableVertexAttribArray(0);
  gl.vertexAttribIPointer(0, 2, gl.UNSIGNED_INT, 0, 0);
  gl.vertexAttribDivisor(0, 1);
  attribute(1, buffer(kind), gl.UNSIGNED_BYTE, 0, 1);
  edges.chi2 = [buffer(null), buffer(null)];
  attribute(2, edges.chi2[0], gl.UNSIGNED_SHORT, 0, 1);
  attribute(3, edges.chi2[1], gl.UNSIGNED_SHORT, 0, 1);
  points.array = gl.createVertexArray();
  gl.bindVertexArray(points.array);
  attribute(0, buffer(landmark), gl.UNSIGNED_BYTE, 0, 0);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.enable(gl.DEPTH_TEST);
  gl.depthFunc(gl.LEQUAL);
}

/* Makes frame k the one that slot 0 or 1 shows. */
function upload(slot, k) {
  if (edges.frame[slot] === k) return;
  edges.frame[slot] = k;
  const f = frame(k), rows = Math.max(1, Math.ceil(n / ROW)), full = new Float32Array(rows * ROW * dims);
  full.set(f.place);
  gl.activeTexture(gl.TEXTURE0 + slot);
  gl.bindTexture(gl.TEXTURE_2D, edges.place[slot]);
  gl.texImage2D(gl.TEXTURE_2D, 0, dims === 3 ? gl.RGB32F : gl.RG32F, ROW, rows, 0, dims === 3 ? gl.RGB : gl.RG, gl.FLOAT, full);
  gl.bindBuffer(gl.ARRAY_BUFFER, edges.chi2[slot]);
  gl.bufferData(gl.ARRAY_BUFFER, f.chi2, gl.STATIC_DRAW);
}

function uploadRamp() {
  if (!programs) return;
  const size = theme.ramp.length, data = new Uint8Array(4 * size);
  theme.ramp.forEach((c, i) => data.set([...rgb(c).map(v => Math.round(255 * v)), 255], 4 * i));
  gl.activeTexture(gl.TEXTURE2);
  gl.bindTexture(gl.TEXTURE_2D, edges.ramp);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, size, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, data);
}

function setCommon(p, ratio) {
  const R = rotation(), at = p.at, { low, high } = box_of_shown(R), mid = R[6] * camera.target[0] + R[7] * camera.target[1] + R[8] * camera.target[2];
  gl.useProgram(p.program);
  gl.uniform1i(at.placeA, 0);
  gl.uniform1i(at.placeB, 1);
  gl.uniformMatrix3fv(at.view, true, R);
  gl.uniform3fv(at.target, camera.target);
  gl.uniform3fv(at.paper, rgb(theme.paper));
  gl.uniform2f(at.half_size, canvas.width / 2, canvas.height / 2);
  gl.uniform2f(at.slab, high[2] - mid, low[2] - mid);
  gl.uniform1f(at.blend, shown.blend);
  gl.uniform1f(at.scale, camera.scale * ratio);
  gl.uniform1f(at.pixel, ratio);
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
 * crossings. */
function drawSmooth(edge) {
  gl.uniform1i(edge.at.core, 1);
  gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, m);
  gl.uniform1i(edge.at.core, 0);
  gl.depthMask(false);
  gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, m);
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
  gl.uniform1i(edge.at.ramp, 2);
  gl.uniform2f(edge.at.range, encode(10 ** meta.decades[0]), encode(10 ** meta.decades[1]));
  gl.uniform1f(edge.at.line_width, look.thin ? 1 : lineWidth() * ratio);
  gl.uniform1i(edge.at.residual, look.residual ? 1 : 0);
  gl.uniform1i(edge.at.thin, look.thin ? 1 : 0);
  gl.bindVertexArray(edges.array);
  if (look.thin) gl.drawArraysInstanced(gl.LINES, 0, 2, m);
  else drawSmooth(edge);
  setCommon(point, ratio);
  /* poses are seen when they have about 12 pixels each */
  const crowd = order.length / Math.max(1, width * height * 0.25 * Math.min(1, (camera.fitted / camera.scale) ** 2)) * 144;
  gl.uniform1f(point.at.size, clamp((1.6 - crowd) * 4, 0, 6));
  gl.uniform3fv(point.at.pose_color, rgb(look.residual ? theme.dim : theme.kind[ODOMETRY]));
  gl.uniform3fv(point.at.landmark_color, rgb(theme.kind[LANDMARK]));
  gl.uniform1i(point.at.landmarks, look.kinds[LANDMARK]);
  gl.bindVertexArray(points.array);
  gl.drawArrays(gl.POINTS, 0, n);
}
