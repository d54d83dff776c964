/* SPDX-License-Identifier: BSD-3-Clause */
/* main.js -- draws when something changed, and starts. The part of the address after # sets the view:
 *   #frame=3&color=residual&azimuth=40&elevation=15&zoom=2&id=17&theme=dark&bare=1&play=1 */
let dirty = false, busy = 0; /* busy: time of a frame, ms */
function redraw() {
  if (dirty) return;
  dirty = true;
  requestAnimationFrame(tick);
}

const SLOW_MS = 40;
let ratio = devicePixelRatio || 1, rest = 0;
function setRatio(value) {
  ratio = value;
  for (const c of [canvas, over]) {
    c.width = Math.round(width * ratio);
    c.height = Math.round(height * ratio);
  }
}

function resize() {
  width = innerWidth;
  height = innerHeight;
  setRatio(devicePixelRatio || 1);
  redraw();
}

function tick(now) {
  dirty = false;
  advance(now);
  followHover();
  if (playing) redraw();
  draw(ratio);
  drawOverlay(ratio);
  settle(now);
}

/* Where frames take long, lines are thin while the picture moves, and if that is not enough a share of them is left out, so that
 * what the hand does is seen at once. Full quality comes 250 ms after the last frame. The time of a frame is that until the
 * browser asks for the next, so work that waits in the graphics card counts. */
let frames_seen = 0;
function settle(now) {
  requestAnimationFrame(then => {
    busy = frames_seen++ ? 0.6 * busy + 0.4 * (then - now) : then - now;
    if (frames_seen < 3) return;
    if (busy > SLOW_MS && look.thin) look.share = clamp(look.share * SLOW_MS / busy, 0.1, 1);
    if (busy > SLOW_MS) look.thin = true;
    else if (busy < SLOW_MS / 2) look.share = Math.min(1, 1.2 * look.share);
    frames_seen = 0;
  });
  if (!look.thin) return;
  clearTimeout(rest);
  rest = setTimeout(() => {
    look.thin = false;
    redraw();
  }, 250);
}

/* Least, median and worst milliseconds of `count` frames while the view turns once, each waited for to the last pixel. */
function measure(count, thin, share = 1) {
  const times = [], pixel = new Uint8Array(4), from = camera.azimuth;
  Object.assign(look, { thin: Boolean(thin), share });
  for (let k = 0; k < count; k++) {
    camera.azimuth = from + 360 * k / count;
    const since = performance.now();
    draw(ratio);
    drawOverlay(ratio);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    times.push(performance.now() - since);
  }
  Object.assign(look, { thin: false, share: 1 });
  camera.azimuth = from;
  redraw();
  times.sort((a, b) => a - b);
  return { least: times[0], median: times[count >> 1], worst: times[count - 1] };
}

function applyFragment() {
  const wish = new URLSearchParams(location.hash.slice(1)), has = name => wish.has(name), value = name => +wish.get(name);
  document.body.classList.toggle("bare", value("bare") === 1);
  if (has("azimuth")) camera.azimuth = value("azimuth");
  if (has("elevation")) camera.elevation = clamp(value("elevation"), -90, 90);
  if (has("theme")) setTheme(wish.get("theme") === "dark" ? "dark" : "light");
  if (has("color")) setMode(wish.get("color") === "residual");
  showAt(has("frame") ? value("frame") || 0 : last);
  fit();
  if (value("zoom") > 0) zoom(value("zoom"));
  if (has("id") && find(wish.get("id")) >= 0) goTo(find(wish.get("id")));
  if (value("play") === 1) { showAt(has("frame") ? value("frame") : 0); setPlaying(true); }
}

function begin() {
  if (!gl) {
    element("facts").textContent = "This browser has no WebGL 2, which the picture needs; fgopt plot -o picture.svg draws one without.";
    return;
  }
  Object.assign(camera, { azimuth: meta.spatial ? meta.azimuth : 0, elevation: meta.spatial ? meta.elevation : 90 });
  prepare();
  canvas.addEventListener("webglcontextlost", event => event.preventDefault());
  canvas.addEventListener("webglcontextrestored", () => { prepare(); uploadRamp(); redraw(); });
  element("frame").max = last;
  element("player").hidden = last < 1;
  fillHead();
  fillKinds();
  fillLevels();
  fillChart();
  const night = matchMedia("(prefers-color-scheme: dark)");
  setTheme(meta.theme || (night.matches ? "dark" : "light"));
  if (!meta.theme) night.addEventListener("change", () => setTheme(night.matches ? "dark" : "light"));
  setMode(meta.residual);
  listen();
  resize();
  applyFragment();
  addEventListener("hashchange", applyFragment);
  /* For the console, and for tests. */
  window.fgopt = { meta, camera, look, shown, project, pick, select, measure, fit, goToFrame, setMode, setTheme, decode, frame, key, ends, kind,
    gl, redraw, drawNow: () => { draw(ratio); drawOverlay(ratio); } };
  document.documentElement.dataset.ready = 1;
}
begin();
