# SPDX-License-Identifier: BSD-3-Clause
"""Reads PNG files: ISO/IEC 15948 without palettes, interlacing and other depths than 8."""
import struct
import zlib

import numpy


def read(data):
    """(height, width, 3) bytes."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert zlib.crc32(name + body) == struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0], name
        if name == b"IHDR":
            width, height, depth, color, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert depth == 8 and color in (2, 6) and interlace == 0
            channels = {2: 3, 6: 4}[color]
        elif name == b"IDAT":
            packed += body
        at += 12 + length
    rows = numpy.frombuffer(zlib.decompress(packed), numpy.uint8).reshape(height, 1 + width * channels)
    out = numpy.zeros((height, width * channels), numpy.uint8)
    above = numpy.zeros(width * channels, numpy.uint8)
    for y in range(height):
        above = out[y] = unfilter(rows[y, 0], rows[y, 1:], above, channels)
    return out.reshape(height, width, channels)[:, :, :3]


def unfilter(kind, row, above, channels):
    """One row, from its filter and the row above."""
    if kind == 0:
        return row
    if kind == 2:
        return row + above
    if kind == 1:
        return numpy.cumsum(row.reshape(-1, channels), axis=0, dtype=numpy.uint8).reshape(-1)
    out, row, above = bytearray(len(row)), row.tolist(), above.tolist()
    for i, x in enumerate(row):
        a, b, c = (out[i - channels], above[i], above[i - channels]) if i >= channels else (0, above[i], 0)
        if kind == 3:
            guess = (a + b) // 2
        else:
            p = a + b - c
            guess = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        out[i] = (x + guess) & 255
    return numpy.frombuffer(bytes(out), numpy.uint8)
