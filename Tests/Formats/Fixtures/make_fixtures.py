"""Writes the small files that the tests of OrreryFormats read, with numpy, and expected.json, which says what is in them.

Run with any Python 3 and numpy >= 1.23 from anywhere:  python3 make_fixtures.py
The tests themselves need no Python. The output is the same on every run.
"""

import gzip
import io
import json
import os
import struct
import zipfile

import numpy as np
from numpy.lib import format as npy_format

HERE = os.path.dirname(os.path.abspath(__file__))
expected = {}


def path(name):
    return os.path.join(HERE, name)


def note(name, array, dtype=None):
    """Records shape, element type and values (as doubles, row-major) of what a reader should find in a file."""
    array = np.asarray(array)
    expected[name] = {
        "type": dtype or array.dtype.newbyteorder("=").name,
        "shape": list(array.shape),
        "values": [float(value) for value in array.ravel(order="C")],
    }


def sample(code, shape):
    """Values that use the whole range of the type, deterministic."""
    count = int(np.prod(shape))
    dtype = np.dtype(code)
    if dtype.kind == "b":
        values = np.arange(count) % 3 == 0
    elif dtype.kind == "i":
        info = np.iinfo(dtype)
        values = np.array([(info.min, -1, 0, 1, info.max, 7 * k - 20)[k % 6] for k in range(count)], dtype="i8")
    elif dtype.kind == "u":
        info = np.iinfo(dtype)
        values = np.array([(0, 1, info.max, 5 * k)[k % 4] for k in range(count)], dtype="u8")
    else:
        info = np.finfo(dtype)
        extremes = (0.0, -0.0, 1.5, -float(info.max), float(info.tiny), float(info.smallest_subnormal), -1 / 3)
        values = np.array([extremes[k % 7] * (1 if k < 7 else 0.5) for k in range(count)], dtype="f8")
    return values.astype(dtype).reshape(shape)


def write_npy(name, array, version=None):
    with open(path(name), "wb") as file:
        npy_format.write_array(file, array, version=version)


# Every type, both byte orders, both storage orders.
for code in ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]:
    for order_name, order in [("little", "<"), ("big", ">")]:
        if code[1] == "1" and order == ">":
            continue
        for layout in ["C", "F"]:
            array = np.array(sample(code, (3, 4)).astype(order + code), order=layout, copy=True)
            name = f"{code}-{order_name}-{layout}.npy"
            write_npy(name, array)
            note(name, array)

# Shapes.
for name, shape in [
    ("scalar", ()), ("one", (1,)), ("vector", (7,)), ("empty", (0,)), ("empty-rows", (0, 5)), ("empty-columns", (5, 0)),
    ("cube", (2, 3, 4)), ("long", (12345,)),
]:
    count = int(np.prod(shape))
    array = (np.arange(count) / 8 - 1).reshape(shape)
    for code in ["f4", "f8"]:
        if name == "long" and code == "f8":
            continue
        file = f"shape-{name}-{code}.npy"
        write_npy(file, array.astype("<" + code))
        note(file, array.astype(code))
for shape in [(2, 3, 4), (3, 1, 2), (2, 3, 2, 5), (1, 7), (40, 50)]:
    count = int(np.prod(shape))
    array = np.asfortranarray(np.arange(count).reshape(shape).astype(">i4"))
    file = "fortran-" + "x".join(map(str, shape)) + ".npy"
    write_npy(file, array)
    note(file, array)

# Versions of the header.
for version in [(1, 0), (2, 0), (3, 0)]:
    file = f"version-{version[0]}.npy"
    array = np.arange(6.0).reshape(2, 3)
    write_npy(file, array, version)
    note(file, array)

# What is not read: objects, records, complex numbers, text, dates.
write = lambda name, array: np.save(path(name), array, allow_pickle=True)
write("refused-object.npy", np.array([{"a": 1}, None], dtype=object))
write("refused-record.npy", np.zeros(3, dtype=[("x", "f8"), ("y", "i4")]))
write("refused-complex.npy", np.zeros(3, dtype="c16"))
write("refused-unicode.npy", np.array(["digits", "images"]))
write("refused-bytes.npy", np.array([b"digits"]))
write("refused-date.npy", np.array(["2026-11-01"], dtype="M8[D]"))
write("refused-void.npy", np.zeros(2, dtype="V6"))
write("refused-longdouble.npy", np.zeros(2, dtype=np.longdouble))

# Archives.
images, labels = np.arange(24, dtype="u1").reshape(4, 6), np.array([0, 1, 1, 0], dtype="i8")
np.savez(path("stored.npz"), images=images, labels=labels)
note("stored.npz:images", images)
note("stored.npz:labels", labels)
smooth = np.repeat(np.arange(50.0), 40).reshape(40, 50)
np.savez_compressed(path("deflated.npz"), smooth=smooth, halves=smooth.astype("f2").T)
note("deflated.npz:smooth", smooth)
note("deflated.npz:halves", smooth.astype("f2").T)
np.savez_compressed(path("single.npz"), np.arange(5, dtype="f4"))
note("single.npz:arr_0", np.arange(5, dtype="f4"))
np.savez(path("no-arrays.npz"))
with zipfile.ZipFile(path("commented.npz"), "w") as archive:
    archive.comment = b"a comment with PK\x05\x06 in it"
    archive.writestr("notes.txt", "no array")
    stream = io.BytesIO()
    np.save(stream, labels)
    archive.writestr("labels.npy", stream.getvalue())
note("commented.npz:labels", labels)


class Unseekable(io.RawIOBase):
    """A pipe: zipfile writes sizes behind the members then (data descriptors)."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open(path("streamed.npz"), "wb") as file, zipfile.ZipFile(Unseekable(file), "w", zipfile.ZIP_DEFLATED) as archive:
    stream = io.BytesIO()
    np.save(stream, smooth)
    archive.writestr("smooth.npy", stream.getvalue())
note("streamed.npz:smooth", smooth)
with zipfile.ZipFile(path("bzip2.npz"), "w", zipfile.ZIP_BZIP2) as archive:
    stream = io.BytesIO()
    np.save(stream, smooth)
    archive.writestr("smooth.npy", stream.getvalue())

# IDX, the format of MNIST.
for code, number in [("u1", 8), ("i1", 9), ("i2", 11), ("i4", 12), ("f4", 13), ("f8", 14)]:
    array = sample(code, (2, 3, 4))
    contents = bytes([0, 0, number, 3]) + struct.pack(">3I", 2, 3, 4) + array.astype(">" + code).tobytes()
    file = f"{code}-idx3-ubyte"
    with open(path(file), "wb") as stream:
        stream.write(contents)
    note(file, array)
    if code == "u1":
        with open(path(file + ".gz"), "wb") as stream:
            stream.write(gzip.compress(contents, mtime=0))
        note(file + ".gz", array)

# Text, as numpy.savetxt writes it.
table = np.array([[0.1, -2.5e-300, 3], [1e22, 123456789.123456789, -7], [2 / 3, 1e-7, 0]])
np.savetxt(path("savetxt.txt"), table, header="a b c")
note("savetxt.txt", table)
np.savetxt(path("savetxt.csv"), table, delimiter=",", header="first,second,third", comments="", fmt="%.17g")
note("savetxt.csv", table)
np.savetxt(path("savetxt.tsv"), table, delimiter="\t", fmt="%.17g", newline="\r\n")
note("savetxt.tsv", table)
with open(path("table.csv.gz"), "wb") as stream:
    stream.write(gzip.compress(open(path("savetxt.csv"), "rb").read(), mtime=0))
note("table.csv.gz", table)

with open(path("expected.json"), "w") as stream:
    json.dump(expected, stream, indent=0, sort_keys=True)
    stream.write("\n")
