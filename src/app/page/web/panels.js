/* SPDX-License-Identifier: BSD-3-Clause */
/* panels.js -- title, legend, and the chart of the cost. */
const SVG = "http://www.w3.org/2000/svg";
const number = x => x.toLocaleString("en-US").replaceAll(",", "\u202f");

function svgNode(name, attributes, words) {
  const node = document.createElementNS(SVG, name);
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  if (words !== undefined) node.textContent = words;
  return node;
}

function fillHead() {
  element("name").textContent = document.title;
  const poses = order.length, parts = [`${number(poses)} pose${poses === 1 ? "" : "s"}`];
  if (n > poses) parts.push(`${number(n - poses)} landmark${n - poses === 1 ? "" : "s"}`);
  parts.push(`${number(m)} edge${m === 1 ? "" : "s"}`);
  if (meta.outcome) parts.push(meta.outcome);
  element("facts").textContent = parts.join(" · ");
  canvas.setAttribute("aria-label", `Drawing of ${document.title}: ${parts.join(", ")}`);
  element("drag").textContent = meta.spatial ? "turn" : "move";
  element("otherdrag").textContent = meta.spatial ? "move" : "turn";
}

/* A line of the legend that shows or hides. */
function addSwitch(id, words, count, swatch, set) {
  const label = document.createElement("label"), input = document.createElement("input"), many = document.createElement("span");
  input.type = "checkbox";
  input.checked = true;
  input.id = id;
  input.addEventListener("change", () => { set(input.checked); redraw(); });
  many.textContent = number(count);
  label.append(input, swatch, words, many);
  element("kinds").append(label);
}

function fillKinds() {
  const counts = [0, 0, 0];
  for (let e = 0; e < m; e++) counts[kind[e]]++;
  for (let k = ODOMETRY; k >= 0; k--) {
    const swatch = document.createElement("i");
    swatch.dataset.kind = k;
    if (counts[k]) addSwitch("kind" + k, KINDS[k], counts[k], swatch, shown => { look.kinds[k] = shown ? 1 : 0; });
  }
  const ring = document.createElement("b");
  if (priors.length) addSwitch("priors", "with a prior", priors.length, ring, shown => { look.priors = shown; });
}

function fillLevels() {
  const [from, to] = meta.decades, every = to - from > 5 ? 2 : 1, ticks = element("ticks");
  for (let d = from; d <= to; d += every) {
    const tick = document.createElement("span");
    tick.textContent = Math.abs(d) <= 3 ? String(+(10 ** d).toPrecision(1)) : "10" + String(d).replace(/./g, c => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
    tick.style.left = 100 * (d - from) / (to - from) + "%";
    ticks.append(tick);
  }
}

function setMode(residual) {
  look.residual = residual;
  document.querySelector(`#modes input[value=${residual ? "residual" : "kind"}]`).checked = true;
  element("levels").hidden = !residual;
  document.querySelectorAll("#kinds i").forEach(i => { i.hidden = residual; });
  redraw();
}

/* ---- the chart: cost over iterations, logarithmic where it spans more than a factor of ten ---- */

let chartX = null;
function fillChart() {
  const chart = element("chart"), rows = meta.iterations.filter(r => r[1] !== null && Number.isFinite(r[1]));
  if (rows.length < 2) return chart.remove();
  const costs = rows.map(r => r[1]), low = Math.min(...costs), high = Math.max(...costs);
  const log = low > 0 && high > 10 * low, scale = v => (log ? Math.log(v) : v), last = rows[rows.length - 1][0];
  const y = v => 52 - 42 * (scale(v) - scale(low)) / Math.max(scale(high) - scale(low), 1e-300);
  chartX = it => 8 + 160 * it / Math.max(last, 1);
  chart.append(svgNode("path", { d: rows.map((r, i) => (i ? "L" : "M") + chartX(r[0]).toFixed(1) + " " + y(r[1]).toFixed(1)).join("") }));
  const r = clamp(60 / rows.length, 1, 2.2);
  for (const [it, cost, accepted] of rows)
    chart.append(svgNode("circle", { cx: chartX(it), cy: y(cost), r, class: accepted ? "" : "hollow" }));
  chart.append(svgNode("text", { x: 178, y: 14 }, `${meta.cost} ${high.toPrecision(4)}`), svgNode("text", { x: 178, y: 56 }, `${meta.cost} ${low.toPrecision(6)}`));
  chart.append(svgNode("circle", { class: "now", r: 4.5, id: "now" }));
  chart.dataset.y = JSON.stringify(rows.map(row => [row[0], y(row[1])]));
  chart.addEventListener("click", event => {
    const box = chart.getBoundingClientRect(), it = ((event.clientX - box.left) / box.width * 260 - 8) / 160 * last;
    let best = 0;
    meta.frames.forEach((f, k) => { if (f.iteration >= 0 && Math.abs(f.iteration - it) <= Math.abs(meta.frames[best].iteration - it)) best = k; });
    goToFrame(best);
  });
}

function markChart(k) {
  const now = element("now");
  if (!now) return;
  const it = meta.frames[k].iteration, rows = JSON.parse(element("chart").dataset.y), row = rows.filter(r => r[0] <= it).pop();
  now.style.display = it < 0 || !row ? "none" : "";
  if (row) {
    now.setAttribute("cx", chartX(row[0]));
    now.setAttribute("cy", row[1]);
  }
}
