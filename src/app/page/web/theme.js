/* SPDX-License-Identifier: BSD-3-Clause */
/* theme.js -- light and dark. The colours themselves are those of the still pictures (picture.c). */
let theme = null;
const rgb = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255);

function setTheme(name) {
  theme = { name, ...meta.themes[name] };
  const style = document.documentElement.style;
  document.documentElement.dataset.theme = name;
  style.colorScheme = name;
  for (const part of ["paper", "ink", "dim", "grid", "start"]) style.setProperty("--" + part, theme[part]);
  style.setProperty("--edge", theme.kind[ODOMETRY]);
  style.setProperty("--alert", theme.kind[CLOSURE]);
  document.querySelectorAll("#kinds i").forEach(i => { i.style.borderTopColor = theme.kind[i.dataset.kind]; });
  const ramp = element("ramp").getContext("2d"), size = theme.ramp.length;
  theme.ramp.forEach((c, i) => {
    ramp.fillStyle = c;
    ramp.fillRect(Math.floor(200 * i / size), 0, Math.ceil(200 / size) + 1, 10);
  });
  uploadRamp();
  redraw();
}
