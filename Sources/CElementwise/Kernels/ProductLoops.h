// The loops of products and transpositions. Included once per precision.

#define LANES (VECTOR_BYTES / sizeof(REAL))
#define TILE_COLUMNS (TILE_VECTORS * LANES)

/// One tile of C along `inner`; `rows` and `vectors` are constants at every call.
///
/// Every loop over rows and vectors has to vanish, or the sums live on the stack instead of in registers: clang unrolls
/// the larger tiles only where it is told to.
KERNEL void NAME(tile)(size_t rows, size_t vectors, const REAL *a, size_t a_row, size_t a_inner, const REAL *b,
                       size_t b_inner, size_t inner, REAL *c, size_t c_row, const REAL *from, size_t from_row) {
  typedef REAL vector __attribute__((vector_size(VECTOR_BYTES)));
  vector sum[TILE_ROWS][TILE_VECTORS];
  if (from) {
    UNROLL for (size_t i = 0; i < rows; ++i) {
      UNROLL for (size_t k = 0; k < vectors; ++k) memcpy(&sum[i][k], from + i * from_row + k * LANES, sizeof(vector));
    }
  } else {
    UNROLL for (size_t i = 0; i < rows; ++i) {
      UNROLL for (size_t k = 0; k < vectors; ++k) sum[i][k] = (vector){0};
    }
  }
  // A pointer for every three rows, which is as far as one address reaches.
  const REAL *group[(TILE_ROWS + 2) / 3];
  UNROLL for (size_t i = 0; i < rows; i += 3) group[i / 3] = a + i * a_row;
  for (size_t p = inner; p > 0; --p) {
    vector columns[TILE_VECTORS];
    UNROLL for (size_t k = 0; k < vectors; ++k) memcpy(&columns[k], b + k * LANES, sizeof(vector));
    b += b_inner;
    UNROLL for (size_t i = 0; i < rows; ++i) {
      REAL element = group[i / 3][i % 3 * a_row];
      UNROLL for (size_t k = 0; k < vectors; ++k) sum[i][k] += element * columns[k];
    }
    UNROLL for (size_t i = 0; i < rows; i += 3) {
      group[i / 3] += a_inner;
      OPAQUE(group[i / 3]);
    }
  }
  UNROLL for (size_t i = 0; i < rows; ++i) {
    UNROLL for (size_t k = 0; k < vectors; ++k) memcpy(c + i * c_row + k * LANES, &sum[i][k], sizeof(vector));
  }
}

/// One function for each height, none of them inlined: between them the tiles need more registers than there are, and pointers
/// would go to the stack inside the loops.
#define TILE(n) \
  static __attribute__((noinline)) void NAME(tile_##n)( \
      const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner, size_t inner, REAL *c, size_t c_row, \
      const REAL *from, size_t from_row) { \
    NAME(tile)(n, TILE_VECTORS, a, a_row, a_inner, b, b_inner, inner, c, c_row, from, from_row); \
  } \
  static __attribute__((noinline)) void NAME(narrow_tile_##n)( \
      const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner, size_t inner, REAL *c, size_t c_row, \
      const REAL *from, size_t from_row) { \
    NAME(tile)(n, 1, a, a_row, a_inner, b, b_inner, inner, c, c_row, from, from_row); \
  }

EACH_HEIGHT(TILE)

typedef void (*NAME(tile_function))(const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner,
                                    size_t inner, REAL *c, size_t c_row, const REAL *from, size_t from_row);

#define WIDE_ENTRY(n) [n] = NAME(tile_##n),
#define NARROW_ENTRY(n) [n] = NAME(narrow_tile_##n),
/// By rows; `narrow` ones are one vector wide, for the last columns.
static const NAME(tile_function) NAME(tiles)[TILE_ROWS + 1] = {EACH_HEIGHT(WIDE_ENTRY)};
static const NAME(tile_function) NAME(narrow_tiles)[TILE_ROWS + 1] = {EACH_HEIGHT(NARROW_ENTRY)};
#undef TILE
#undef WIDE_ENTRY
#undef NARROW_ENTRY

/// The rows of the next tile: a short last one would leave the multipliers waiting for their own sums, so that the last two
/// share what one tile and a little more would have.
static inline size_t NAME(tile_height)(size_t left, size_t most) {
  if (left <= most) return left;
  return 2 * left < 3 * most ? (left + 1) / 2 : most;
}

/// All rows of one tile's columns.
static void NAME(strip)(const NAME(tile_function) *tiles, const REAL *a, size_t a_row, size_t a_inner, const REAL *b,
                        size_t b_inner, size_t rows, size_t inner, REAL *c, size_t c_row, const REAL *from,
                        size_t from_row) {
  for (size_t i = 0, height; i < rows; i += height) {
    height = NAME(tile_height)(rows - i, TILE_ROWS);
    tiles[height](a + i * a_row, a_row, a_inner, b, b_inner, inner, c + i * c_row, c_row,
                  from ? from + i * from_row : NULL, from_row);
  }
}

/// Some numbers, fewer than a tile has columns: by vectors that overlap.
KERNEL void NAME(copy_part)(const REAL *source, REAL *target, size_t count) {
  enum { half = LANES / 2 };
  if (count >= LANES) {
    REAL first[LANES], last[LANES];
    memcpy(first, source, sizeof first), memcpy(last, source + count - LANES, sizeof last);
    memcpy(target, first, sizeof first), memcpy(target + count - LANES, last, sizeof last);
  } else if (count >= half) {
    REAL first[half], last[half];
    memcpy(first, source, sizeof first), memcpy(last, source + count - half, sizeof last);
    memcpy(target, first, sizeof first), memcpy(target + count - half, last, sizeof last);
  } else {
    for (size_t k = 0; k < count; ++k) target[k] = source[k];
  }
}

/// Columns that do not fill a tile, from a panel that is filled up: by way of full tiles in a buffer, since C may not be touched
/// beyond its end.
static void NAME(partial)(const REAL *a, size_t a_row, size_t a_inner, const REAL *panel, size_t rows, size_t inner,
                          size_t columns, REAL *c, size_t c_row, const REAL *from, size_t from_row) {
  REAL part[TILE_ROWS * TILE_COLUMNS];
  memset(part, 0, sizeof part);
  const NAME(tile_function) *tiles = columns <= LANES ? NAME(narrow_tiles) : NAME(tiles);
  for (size_t i = 0, height; i < rows; i += height) {
    height = NAME(tile_height)(rows - i, TILE_ROWS);
    if (from) {
      for (size_t r = 0; r < height; ++r) {
        NAME(copy_part)(from + (i + r) * from_row, part + r * TILE_COLUMNS, columns);
      }
    }
    tiles[height](a + i * a_row, a_row, a_inner, panel, TILE_COLUMNS, inner, part, TILE_COLUMNS, from ? part : NULL,
                  TILE_COLUMNS);
    for (size_t r = 0; r < height; ++r) NAME(copy_part)(part + r * TILE_COLUMNS, c + (i + r) * c_row, columns);
  }
}

/// The same from an operand that may not be touched beyond its end either, and is copied to panels first.
static void NAME(edge)(const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner, size_t rows,
                       size_t inner, size_t columns, REAL *c, size_t c_row, const REAL *from,
                       size_t from_row) {
  enum { inner_part = 128 };
  REAL panel[inner_part * TILE_COLUMNS];
  for (size_t first = 0; first < inner; first += inner_part) {
    size_t length = inner - first < inner_part ? inner - first : inner_part;
    for (size_t p = 0; p < length; ++p) {
      memset(panel + p * TILE_COLUMNS, 0, TILE_COLUMNS * sizeof(REAL));
      NAME(copy_part)(b + (first + p) * b_inner, panel + p * TILE_COLUMNS, columns);
    }
    if (first > 0) from = c, from_row = c_row;
    NAME(partial)(a + first * a_inner, a_row, a_inner, panel, rows, length, columns, c, c_row, from, from_row);
  }
}

/// The inner indices that are summed at once: parts of equal length, since a short last one would cost as many passes over C.
static inline size_t NAME(block_length)(size_t inner) {
  size_t parts = (inner + INNER_BLOCK - 1) / INNER_BLOCK;
  return parts ? (inner + parts - 1) / parts : 0;
}

/// C = 0, or C = F: what a sum without terms is.
static void NAME(fill)(size_t rows, size_t columns, REAL *c, size_t c_row, const REAL *from, size_t from_row) {
  for (size_t i = 0; i < rows; ++i) {
    if (from) {
      memmove(c + i * c_row, from + i * from_row, columns * sizeof(REAL));
    } else {
      memset(c + i * c_row, 0, columns * sizeof(REAL));
    }
  }
}

static void NAME(product)(const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner, size_t b_tile,
                          size_t rows, size_t inner, size_t columns, REAL *c, size_t c_row, const REAL *from,
                          size_t from_row) {
  if (inner == 0) NAME(fill)(rows, columns, c, c_row, from, from_row);
  size_t block = NAME(block_length)(inner);
  for (size_t first = 0; first < inner; first += block) {
    size_t length = inner - first < block ? inner - first : block;
    if (first > 0) from = c, from_row = c_row;
    // Few enough rows of A that they stay in the second cache while they meet all panels.
    for (size_t top = 0; top < rows; top += ROW_BLOCK) {
      size_t height = rows - top < ROW_BLOCK ? rows - top : ROW_BLOCK;
      const REAL *left = a + top * a_row + first * a_inner, *start = from ? from + top * from_row : NULL;
      REAL *target = c + top * c_row;
      for (size_t j = 0; j < columns; j += TILE_COLUMNS) {
        const REAL *panel = b + j / TILE_COLUMNS * b_tile + first * b_inner;
        if (columns - j >= TILE_COLUMNS) {
          NAME(strip)(NAME(tiles), left, a_row, a_inner, panel, b_inner, height, length, target + j, c_row,
                      start ? start + j : NULL, from_row);
        } else {
          NAME(edge)(left, a_row, a_inner, panel, b_inner, height, length, columns - j, target + j, c_row,
                     start ? start + j : NULL, from_row);
        }
      }
    }
  }
}

/// SQUARES squares of SQUARE rows and columns, one below the other.
KERNEL void NAME(transpose_square)(const REAL *source, size_t source_row, REAL *target, size_t target_row) {
  typedef REAL part __attribute__((vector_size(SQUARE * sizeof(REAL))));
  typedef REAL vector __attribute__((vector_size(SQUARE * SQUARES * sizeof(REAL))));
  vector x[SQUARE];
  for (size_t i = 0; i < SQUARE; ++i) {
    part row[SQUARES];
    for (size_t k = 0; k < SQUARES; ++k) memcpy(&row[k], source + (i + k * SQUARE) * source_row, sizeof(part));
    x[i] = JOIN(row);
  }
  TRANSPOSE_SQUARE(x)
  for (size_t i = 0; i < SQUARE; ++i) memcpy(target + i * target_row, &x[i], sizeof(vector));
}

/// The last rows or columns: not worth vectors.
static void NAME(transpose_rest)(const REAL *source, size_t source_row, size_t rows, size_t columns, REAL *target,
                                 size_t target_row) {
  for (size_t i = 0; i < rows; ++i) {
    _Pragma("clang loop vectorize(disable) unroll(disable)") for (size_t j = 0; j < columns; ++j) {
      target[j * target_row + i] = source[i * source_row + j];
    }
  }
}

static void NAME(transpose)(const REAL *source, size_t source_row, size_t rows, size_t columns, REAL *target,
                            size_t target_row) {
  // Strips of sixteen target elements, so that lines are filled while they are in the first cache.
  enum { strip = 16, height = SQUARE * SQUARES };
  size_t squares = columns / SQUARE * SQUARE;
  for (size_t top = 0; top < rows; top += strip) {
    const REAL *from = source + top * source_row;
    REAL *to = target + top;
    size_t left = rows - top;
    if (left >= strip) {
      for (size_t j = 0; j < squares; j += SQUARE) {
        for (size_t i = 0; i < strip; i += height) {
          NAME(transpose_square)(from + j + i * source_row, source_row, to + j * target_row + i, target_row);
        }
      }
      left = strip;
    } else {
      size_t whole = left / height * height;
      for (size_t i = 0; i < whole; i += height) {
        for (size_t j = 0; j < squares; j += SQUARE) {
          NAME(transpose_square)(from + j + i * source_row, source_row, to + j * target_row + i, target_row);
        }
      }
      NAME(transpose_rest)(from + whole * source_row, source_row, left - whole, squares, to + whole, target_row);
    }
    NAME(transpose_rest)(from + squares, source_row, left, columns - squares, to + squares * target_row, target_row);
  }
}

static void NAME(pack)(const REAL *b, size_t b_row, size_t inner, size_t columns, REAL *panels, size_t panel) {
  // Few rows at a time, which the processor reads ahead of as streams; whole columns would miss every cache.
  enum { strip = 8 };
  size_t full = columns / TILE_COLUMNS, rest = columns % TILE_COLUMNS;
  for (size_t first = 0; first < inner; first += strip) {
    size_t last = inner - first < strip ? inner : first + strip;
    for (size_t k = 0; k < full; ++k) {
      for (size_t p = first; p < last; ++p) {
        memcpy(panels + k * panel + p * TILE_COLUMNS, b + p * b_row + k * TILE_COLUMNS, TILE_COLUMNS * sizeof(REAL));
      }
    }
    if (rest == 0) continue;
    for (size_t p = first; p < last; ++p) {
      REAL *target = panels + full * panel + p * TILE_COLUMNS;
      memcpy(target, b + p * b_row + full * TILE_COLUMNS, rest * sizeof(REAL));
      memset(target + rest, 0, (TILE_COLUMNS - rest) * sizeof(REAL));
    }
  }
}

/// One panel of an operand (columns, inner): panel[p * T + j] = b[j * b_row + p], and 0 in the columns beyond.
static void NAME(pack_transposed)(const REAL *b, size_t b_row, size_t inner, size_t columns, REAL *panel) {
  if (columns < TILE_COLUMNS) {
    memset(panel, 0, inner * TILE_COLUMNS * sizeof(REAL));
    NAME(transpose)(b, b_row, columns, inner, panel, TILE_COLUMNS);
    return;
  }
  size_t squares = inner / SQUARE * SQUARE;
  for (size_t p = 0; p < squares; p += SQUARE) {
    for (size_t j = 0; j < TILE_COLUMNS; j += SQUARE * SQUARES) {
      NAME(transpose_square)(b + j * b_row + p, b_row, panel + p * TILE_COLUMNS + j, TILE_COLUMNS);
    }
  }
  NAME(transpose_rest)(b + squares, b_row, TILE_COLUMNS, inner - squares, panel + squares * TILE_COLUMNS, TILE_COLUMNS);
}

static void NAME(panelled)(const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_row, int transposed,
                           size_t rows, size_t inner, size_t columns, REAL *c, size_t c_row, const REAL *from,
                           size_t from_row) {
  _Alignas(64) REAL panel[INNER_BLOCK * TILE_COLUMNS];
  if (inner == 0) NAME(fill)(rows, columns, c, c_row, from, from_row);
  // The same blocks of the inner index as where the whole operand is packed: with the same sums.
  size_t block = NAME(block_length)(inner);
  for (size_t j = 0; j < columns; j += TILE_COLUMNS) {
    size_t width = columns - j < TILE_COLUMNS ? columns - j : TILE_COLUMNS, start_row = from_row;
    const REAL *start = from ? from + j : NULL;
    for (size_t first = 0; first < inner; first += block) {
      size_t length = inner - first < block ? inner - first : block;
      if (first > 0) start = c + j, start_row = c_row;
      if (transposed) {
        NAME(pack_transposed)(b + j * b_row + first, b_row, length, width, panel);
      } else {
        NAME(pack)(b + first * b_row + j, b_row, length, width, panel, 0);
      }
      const REAL *left = a + first * a_inner;
      if (width == TILE_COLUMNS) {
        NAME(strip)(NAME(tiles), left, a_row, a_inner, panel, TILE_COLUMNS, rows, length, c + j, c_row, start, start_row);
      } else {
        NAME(partial)(left, a_row, a_inner, panel, rows, length, width, c + j, c_row, start, start_row);
      }
    }
  }
}

#undef LANES
#undef TILE_COLUMNS
