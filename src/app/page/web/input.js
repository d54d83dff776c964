/* SPDX-License-Identifier: BSD-3-Clause */
/* input.js -- pointers, wheel and keys. */
const pointers = new Map();
let moved = 0;

function pointerDown(event) {
  canvas.setPointerCapture(event.pointerId);
  canvas.focus();
  pointers.set(event.pointerId, event);
  moved = 0;
  canvas.classList.add("busy");
}

/* Two fingers: their distance zooms, their middle moves. */
function pinch(event) {
  const other = [...pointers.values()].find(p => p.pointerId !== event.pointerId), was = pointers.get(event.pointerId);
  const distance = p => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY);
  zoom(distance(event) / Math.max(distance(was), 1), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
  pan((event.clientX - was.clientX) / 2, (event.clientY - was.clientY) / 2);
}

function pointerMove(event) {
  const was = pointers.get(event.pointerId);
  if (!was) {
    if (!pointers.size && !(selected && selected.pinned)) hover = event;
    redraw();
    return;
  }
  const dx = event.clientX - was.clientX, dy = event.clientY - was.clientY;
  moved += Math.abs(dx) + Math.abs(dy);
  if (pointers.size > 1) pinch(event);
  else if ((was.button === 2 || was.shiftKey) === meta.spatial) pan(dx, dy);
  else orbit(dx, dy);
  pointers.set(event.pointerId, { pointerId: event.pointerId, clientX: event.clientX, clientY: event.clientY, button: was.button, shiftKey: was.shiftKey });
  if (selected) selected.pinned ? showTip() : select(null);
}

function pointerUp(event) {
  if (!pointers.delete(event.pointerId)) return;
  if (!pointers.size) canvas.classList.remove("busy");
  if (moved > 4 || event.button !== 0) return;
  const what = pick(event.clientX, event.clientY);
  select(what ? { ...what, pinned: true } : null, event.clientX, event.clientY);
}

/* The last position of a hovering pointer that has not been looked at; once a drawn frame is enough. */
let hover = null;
function followHover() {
  if (!hover) return;
  const { clientX, clientY } = hover, what = pick(clientX, clientY);
  hover = null;
  const same = what && selected && what.point === selected.point && what.edge === selected.edge;
  if (same || (!what && !selected)) return;
  select(what, clientX, clientY);
}

const toggle = k => { const box = element("kind" + k); if (box) box.click(); };
function setHelp(open) {
  element("keys").hidden = !open;
  element("help").setAttribute("aria-expanded", open);
}

/* What keys do; arrows turn, and move with shift. */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = {
  " ": () => setPlaying(!playing),
  ",": () => goToFrame(Math.max(nearest() - 1, 0)),
  ".": () => goToFrame(Math.min(nearest() + 1, last)),
  "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8),
  n: () => walk(1), p: () => walk(-1),
  c: () => setMode(!look.residual),
  1: () => toggle(ODOMETRY), 2: () => toggle(CLOSURE), 3: () => toggle(LANDMARK),
  f: () => fit(),
  t: () => setTheme(theme.name === "dark" ? "light" : "dark"),
  h: () => { document.body.classList.toggle("bare"); redraw(); },
  "/": () => element("wanted").focus(),
  "?": () => setHelp(element("keys").hidden),
  Escape: () => { setHelp(false); select(null); canvas.focus(); },
};

function keyDown(event) {
  const inText = event.target.matches("input:not([type=checkbox]):not([type=radio])"), onButton = event.target.matches("button, input");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (inText && event.key !== "Escape") return; /* the slider and the text field have keys of their own */
  if (onButton && (event.key === " " || ARROWS[event.key])) return;
  const arrow = ARROWS[event.key], key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (arrow) event.shiftKey ? pan(-40 * arrow[0], -40 * arrow[1]) : orbit(-12 * arrow[0], -12 * arrow[1]);
  else if (KEYS[key]) KEYS[key]();
  else return;
  if (selected && key !== "Escape") showTip();
  event.preventDefault();
}

function listen() {
  canvas.addEventListener("pointerdown", pointerDown);
  canvas.addEventListener("pointermove", pointerMove);
  canvas.addEventListener("pointerup", pointerUp);
  canvas.addEventListener("pointercancel", pointerUp);
  canvas.addEventListener("pointerleave", () => { hover = null; if (selected && !selected.pinned) select(null); });
  canvas.addEventListener("contextmenu", event => event.preventDefault());
  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1; /* some browsers count lines */
    zoom(Math.exp(-clamp(event.deltaY * lines, -240, 240) * 0.0015), event.clientX, event.clientY);
    if (selected) selected.pinned ? showTip() : select(null);
  }, { passive: false });
  addEventListener("keydown", keyDown);
  addEventListener("resize", resize);
  element("fit").addEventListener("click", () => fit());
  element("dark").addEventListener("click", () => KEYS.t());
  element("help").addEventListener("click", () => KEYS["?"]());
  element("play").addEventListener("click", () => setPlaying(!playing));
  element("frame").addEventListener("input", () => goToFrame(+element("frame").value));
  element("modes").addEventListener("change", event => setMode(event.target.value === "residual"));
  element("find").addEventListener("submit", event => {
    event.preventDefault();
    const id = element("wanted").value.trim(), i = find(id);
    element("missing").textContent = i < 0 ? `no variable ${id}` : "";
    if (i >= 0) goTo(i);
  });
}
