/* SPDX-License-Identifier: BSD-3-Clause */
/* overlay.js -- over the graph: the start, what is selected, the axes and a bar of known length. */
const over = element("overlay"), pen = over.getContext("2d");

function line(...points) {
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

function disc(x, y, r, fill, stroke, w) {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  if (fill) { pen.fillStyle = fill; pen.fill(); }
  if (stroke) { pen.strokeStyle = stroke; pen.lineWidth = w; pen.stroke(); }
}

/* Rings; of very many priors an even share, as each is a stroke of the pen. */
function drawPriors(R) {
  if (!look.priors) return;
  const most = look.thin ? 300 : 3000, step = Math.ceil(priors.length / most) || 1;
  pen.beginPath();
  for (let k = 0; k < priors.length; k += step) {
    const [x, y] = project(priors[k], R);
    const r = priors[k] === start ? 8.5 : 5;
    pen.moveTo(x + r, y);
    pen.arc(x, y, r, 0, 2 * Math.PI);
  }
  pen.strokeStyle = theme.ink;
  pen.lineWidth = 1.25;
  pen.stroke();
}

function drawSelected(R) {
  if (!selected) return;
  pen.strokeStyle = theme.ink;
  pen.lineWidth = 3;
  if (selected.edge !== undefined) {
    const a = project(ends[2 * selected.edge], R), b = project(ends[2 * selected.edge + 1], R);
    line(a, b);
    disc(a[0], a[1], 3.5, theme.ink);
    disc(b[0], b[1], 3.5, theme.ink);
    return;
  }
  const i = selected.point, at = project(i, R);
  pen.lineWidth = 1.5;
  for (let k = first[i]; k < first[i + 1]; k++) {
    const e = around[k];
    if (look.kinds[kind[e]]) line(project(ends[2 * e], R), project(ends[2 * e + 1], R));
  }
  disc(at[0], at[1], 6, null, theme.ink, 2.5);
}

function drawAxes(R) {
  const x0 = width - 64, y0 = 108, length = 30;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let k = 0; k < (meta.spatial ? 3 : 2); k++) {
    const dx = length * R[k], dy = -length * R[3 + k];
    if (Math.hypot(dx, dy) < 5) continue; /* it points at the eye */
    pen.strokeStyle = pen.fillStyle = theme.dim;
    pen.lineWidth = 1.5;
    line([x0, y0], [x0 + dx, y0 + dy]);
    pen.fillText("xyz"[k], x0 + 1.35 * dx, y0 + 1.35 * dy);
  }
}

/* 1, 2 or 5 times a power of ten metres, at most 160 pixels. */
function drawBar() {
  const most = 160 / camera.scale, power = 10 ** Math.floor(Math.log10(most));
  const metres = most >= 5 * power ? 5 * power : most >= 2 * power ? 2 * power : power;
  const w = metres * camera.scale, x = 26, y = height - (element("player").hidden ? 26 : 118);
  pen.strokeStyle = pen.fillStyle = theme.dim;
  pen.lineWidth = 1.5;
  line([x, y - 6], [x, y], [x + w, y], [x + w, y - 6]);
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  pen.fillText((metres >= 1000 ? metres / 1000 + " km" : metres >= 1 ? metres + " m" : +metres.toPrecision(1) + " m"), x + w / 2, y - 3);
}

function drawOverlay(ratio) {
  const R = rotation();
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = "13px system-ui, Helvetica, Arial, 'DejaVu Sans', sans-serif";
  pen.lineCap = pen.lineJoin = "round";
  drawPriors(R);
  if (start >= 0) {
    const [x, y] = project(start, R);
    disc(x, y, 5.5, theme.start, theme.paper, 1.5);
  }
  drawSelected(R);
  if (document.body.classList.contains("bare")) return;
  drawAxes(R);
  drawBar();
}
