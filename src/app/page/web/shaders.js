/* SPDX-License-Identifier: BSD-3-Clause */
/* shaders.js -- each edge is a rectangle that the vertex shader lays along it. It has no attributes: what the edge is and where
 * its ends are stands in textures, two of them for the estimates between which it blends. So playing uploads two textures, and
 * turning uploads nothing. (Instances of one rectangle would say the same, but cost SwiftShader 40 microseconds each.) */
const ROW = 2048; /* texels */
const CORE = 0.7; /* opacity from which on a pixel hides what is behind it */
const COMMON = `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D placeA, placeB;
uniform mat3 view;      /* columns: what x, y, z become */
uniform vec3 target, paper;
uniform vec2 half_size; /* device pixels */
uniform vec2 slab;      /* depths nearest and farthest */
uniform float blend, scale, pixel; /* pixel: device pixels a CSS pixel */
uniform float far_color; /* what is left of colours at the back */
uniform bool spatial;
ivec2 texel(int i) { return ivec2(i % ${ROW}, i / ${ROW}); }
vec3 place(int i) {
  vec3 p = texelFetch(placeA, texel(i), 0).xyz;
  if (blend > 0.0) p = mix(p, texelFetch(placeB, texel(i), 0).xyz, blend);
  return view * (p - target);
}
/* What is far away fades into the paper. */
vec3 faded(vec3 color, float depth) {
  float near = clamp((depth - slab.y) / max(slab.x - slab.y, 1e-9), 0.0, 1.0);
  return spatial ? mix(paper, color, mix(far_color, 1.0, near)) : color;
}
float z_of(float depth, float priority) {
  return spatial ? -0.9 * (2.0 * (depth - slab.y) / max(slab.x - slab.y, 1e-9) - 1.0) : -0.9 * priority;
}
`;
const EDGE_VERTEX = COMMON + `
uniform highp usampler2D ends; /* two points and the kind */
uniform highp usampler2D chi2A, chi2B;
uniform vec3 kind_color[3];
uniform vec3 kind_shown;
uniform highp sampler2D ramp;
uniform vec2 range; /* codes of chi2 at the ends of the ramp */
uniform float line_width; /* device pixels */
uniform bool residual, thin;
out vec3 color;
out float side;
float level_of(ivec2 edge) {
  float code = float(texelFetch(chi2A, edge, 0).r);
  if (blend > 0.0) code = mix(code, float(texelFetch(chi2B, edge, 0).r), blend);
  return clamp((code - range.x) / (range.y - range.x), 0.0, 1.0);
}
void main() {
  int vertices = thin ? 1 : 2; /* power of two of them */
  ivec2 edge = texel(gl_VertexID >> vertices);
  uvec3 e = texelFetch(ends, edge, 0).xyz;
  int k = int(e.z);
  if (kind_shown[k] == 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  vec3 a = place(int(e.x)), b = place(int(e.y));
  vec2 pa = a.xy * scale, d = b.xy * scale - pa;
  float far = length(d), t = float(thin ? gl_VertexID & 1 : gl_VertexID >> 1 & 1);
  vec2 along = far > 0.0 ? d / far : vec2(1.0, 0.0);
  float w = line_width * (residual || k == 2 ? 1.0 : k == 1 ? 0.5 : 0.75);
  side = thin ? 0.0 : (gl_VertexID & 1) == 1 ? 0.5 * w + 1.0 : -0.5 * w - 1.0;
  vec2 p = pa + t * d + side * vec2(-along.y, along.x) + (t - 0.5) * along;
  float depth = mix(a.z, b.z, t), priority = float(k) / 3.0;
  color = kind_color[k];
  if (residual) {
    float level = level_of(edge);
    color = texture(ramp, vec2((level * 63.0 + 0.5) / 64.0, 0.5)).rgb;
    priority = 0.9 * level;
  }
  color = faded(color, depth);
  gl_Position = vec4(p / half_size, z_of(depth, priority), 1.0);
}`;
const EDGE_FRAGMENT = `#version 300 es
precision highp float;
uniform float line_width;
uniform bool thin, core;
in vec3 color;
in float side;
out vec4 result;
void main() {
  float alpha = clamp(0.5 * line_width + 0.5 - abs(side), 0.0, 1.0) * min(line_width, 1.0);
  if (!thin && (alpha > ${CORE}) != core || alpha < 0.02) discard;
  result = vec4(color * alpha, alpha);
}`;
const POINT_VERTEX = COMMON + `
uniform highp usampler2D landmarks; /* 1: the point is one */
uniform float size; /* of poses, CSS pixels; landmarks are at least 4 */
uniform vec3 pose_color, landmark_color;
uniform bool landmarks_shown;
out vec3 color;
out float corners;
void main() {
  vec3 p = place(gl_VertexID);
  bool mark = texelFetch(landmarks, texel(gl_VertexID), 0).r > 0u;
  bool hidden = mark ? !landmarks_shown : size < 1.0;
  color = faded(mark ? landmark_color : pose_color, p.z);
  corners = mark ? 1.0 : 0.0;
  gl_Position = hidden ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(p.xy * scale / half_size, z_of(p.z, 0.97) - 0.002, 1.0);
  gl_PointSize = pixel * (mark ? max(size + 2.0, 6.0) : size);
}`;
const POINT_FRAGMENT = `#version 300 es
precision highp float;
in vec3 color;
in float corners;
out vec4 result;
void main() { /* a landmark is a diamond, a pose a disc */
  vec2 q = abs(2.0 * gl_PointCoord - 1.0);
  if ((corners > 0.5 ? q.x + q.y : length(q)) > 1.0) discard;
  result = vec4(color, 1.0);
}`;
