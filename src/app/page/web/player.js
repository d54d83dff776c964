/* SPDX-License-Identifier: BSD-3-Clause */
/* player.js -- goes through the estimates. */
const last = meta.frames.length - 1;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
let playing = false, beat = 0, before = 0; /* place between the frames, 0 .. last, in time; time of the last beat */

/* The frame nearest to what is shown. */
const nearest = () => (shown.blend < 0.5 ? shown.a : shown.b);

function display(at) {
  shown.a = Math.floor(at);
  shown.b = Math.min(shown.a + 1, last);
  shown.blend = at - shown.a;
  if (shown.blend === 0) shown.b = shown.a;
  const k = nearest(), f = meta.frames[k];
  element("frame").value = k;
  element("frame").setAttribute("aria-valuetext", f.label);
  element("label").textContent = f.label + (f.cost === null ? "" : `, ${meta.cost} ${+f.cost.toPrecision(7)}`);
  document.documentElement.dataset.frame = k;
  markChart(k);
  if (selected) showTip();
  redraw();
}

function showAt(at) {
  beat = clamp(at, 0, last);
  display(beat);
}

function goToFrame(k) {
  setPlaying(false);
  showAt(k);
}

function setPlaying(on) {
  playing = on && last > 0;
  if (playing && beat >= last) showAt(0);
  element("play").textContent = playing ? "❚❚" : "▶";
  element("play").setAttribute("aria-label", playing ? "Pause" : "Play");
  document.documentElement.dataset.playing = playing ? 1 : 0;
  before = 0;
  redraw();
}

/* Each step takes 0.9 s, of which the graph stands for a third and moves for the rest; long runs go faster, 20 s in all. */
function advance(now) {
  if (!playing) return;
  if (before) {
    beat = Math.min(beat + Math.min(now - before, 100) / 1000 / Math.min(0.9, 20 / last), last);
    const whole = Math.floor(beat), moved = clamp((beat - whole - 1 / 3) * 1.5, 0, 1);
    display(whole + (calm ? 0 : moved));
    if (beat >= last) setPlaying(false);
  }
  before = now;
}
