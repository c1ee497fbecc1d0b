// The loops of products and transpositions. Included once per precision.

#define LANES (VECTOR_BYTES / sizeof(REAL))
#define TILE_COLUMNS (TILE_VECTORS * LANES)

/// One tile of C along `inner`; `rows` is a constant at every call.
KERNEL void NAME(tile)(size_t rows, const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner,
                       size_t inner, REAL *c, size_t c_row, const REAL *from, size_t from_row) {
  typedef REAL vector __attribute__((vector_size(VECTOR_BYTES)));
  vector sum[TILE_ROWS][TILE_VECTORS];
  for (size_t i = 0; i < rows; ++i) {
    for (size_t k = 0; k < TILE_VECTORS; ++k) {
      if (from) {
        memcpy(&sum[i][k], from + i * from_row + k * LANES, sizeof(vector));
      } else {
        sum[i][k] = (vector){0};
      }
    }
  }
  for (size_t p = 0; p < inner; ++p) {
    vector columns[TILE_VECTORS];
    for (size_t k = 0; k < TILE_VECTORS; ++k) memcpy(&columns[k], b + p * b_inner + k * LANES, sizeof(vector));
    for (size_t i = 0; i < rows; ++i) {
      REAL element = a[i * a_row + p * a_inner];
      for (size_t k = 0; k < TILE_VECTORS; ++k) sum[i][k] += element * columns[k];
    }
  }
  for (size_t i = 0; i < rows; ++i) {
    for (size_t k = 0; k < TILE_VECTORS; ++k) memcpy(c + i * c_row + k * LANES, &sum[i][k], sizeof(vector));
  }
}

#define TILE_CASE(n) \
  case n: NAME(tile)(n, a, a_row, a_inner, b, b_inner, inner, c, c_row, from, from_row); break;

/// The last rows, fewer than a tile's.
static void NAME(rest)(size_t rows, const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner,
                       size_t inner, REAL *c, size_t c_row, const REAL *from, size_t from_row) {
  switch (rows) {
    TILE_CASE(1)
    TILE_CASE(2)
    TILE_CASE(3)
#if TILE_ROWS > 4
    TILE_CASE(4)
    TILE_CASE(5)
#endif
#if TILE_ROWS > 6
    TILE_CASE(6)
    TILE_CASE(7)
    TILE_CASE(8)
    TILE_CASE(9)
    TILE_CASE(10)
    TILE_CASE(11)
#endif
  }
}

/// All rows of one tile's columns.
static void NAME(strip)(const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner, size_t rows,
                        size_t inner, REAL *c, size_t c_row, const REAL *from, size_t from_row) {
  size_t i = 0;
  for (; i + TILE_ROWS <= rows; i += TILE_ROWS) {
    NAME(tile)(TILE_ROWS, a + i * a_row, a_row, a_inner, b, b_inner, inner, c + i * c_row, c_row,
               from ? from + i * from_row : NULL, from_row);
  }
  NAME(rest)(rows - i, a + i * a_row, a_row, a_inner, b, b_inner, inner, c + i * c_row, c_row,
             from ? from + i * from_row : NULL, from_row);
}

/// Columns that do not fill a tile: by way of full tiles in a buffer, since neither B nor C may be touched beyond its end.
static void NAME(edge)(const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner, size_t rows,
                       size_t inner, size_t columns, REAL *c, size_t c_row, const REAL *from,
                       size_t from_row) {
  enum { inner_part = 128, row_part = 4 * TILE_ROWS };
  REAL panel[inner_part * TILE_COLUMNS], part[row_part * TILE_COLUMNS];
  memset(part, 0, sizeof part);
  for (size_t first = 0; first < inner; first += inner_part) {
    size_t length = inner - first < inner_part ? inner - first : inner_part;
    memset(panel, 0, sizeof panel);
    for (size_t p = 0; p < length; ++p) {
      memcpy(panel + p * TILE_COLUMNS, b + (first + p) * b_inner, columns * sizeof(REAL));
    }
    if (first > 0) from = c, from_row = c_row;
    for (size_t i = 0; i < rows; i += row_part) {
      size_t height = rows - i < row_part ? rows - i : row_part;
      if (from) {
        for (size_t r = 0; r < height; ++r) {
          memcpy(part + r * TILE_COLUMNS, from + (i + r) * from_row, columns * sizeof(REAL));
        }
      }
      NAME(strip)(a + i * a_row + first * a_inner, a_row, a_inner, panel, TILE_COLUMNS, height, length, part,
                  TILE_COLUMNS, from ? part : NULL, TILE_COLUMNS);
      for (size_t r = 0; r < height; ++r) {
        memcpy(c + (i + r) * c_row, part + r * TILE_COLUMNS, columns * sizeof(REAL));
      }
    }
  }
}

static void NAME(product)(const REAL *a, size_t a_row, size_t a_inner, const REAL *b, size_t b_inner, size_t b_tile,
                          size_t rows, size_t inner, size_t columns, REAL *c, size_t c_row, const REAL *from,
                          size_t from_row) {
  if (inner == 0) {
    for (size_t i = 0; i < rows; ++i) {
      if (from) {
        memmove(c + i * c_row, from + i * from_row, columns * sizeof(REAL));
      } else {
        memset(c + i * c_row, 0, columns * sizeof(REAL));
      }
    }
  }
  // Parts of equal length, since a short last one would cost as many passes over C.
  size_t parts = (inner + INNER_BLOCK - 1) / INNER_BLOCK;
  size_t block = parts ? (inner + parts - 1) / parts : 0;
  for (size_t first = 0; first < inner; first += block) {
    size_t length = inner - first < block ? inner - first : block;
    if (first > 0) from = c, from_row = c_row;
    for (size_t j = 0; j < columns; j += TILE_COLUMNS) {
      const REAL *panel = b + j / TILE_COLUMNS * b_tile + first * b_inner;
      if (columns - j >= TILE_COLUMNS) {
        NAME(strip)(a + first * a_inner, a_row, a_inner, panel, b_inner, rows, length, c + j, c_row,
                    from ? from + j : NULL, from_row);
      } else {
        NAME(edge)(a + first * a_inner, a_row, a_inner, panel, b_inner, rows, length, columns - j, c + j,
                   c_row, from ? from + j : NULL, from_row);
      }
    }
  }
}

#define SQUARE (16 / sizeof(REAL))  // lanes of a vector that every processor has

/// A square of four by four, or two by two.
KERNEL void NAME(transpose_square)(const REAL *source, size_t source_row, REAL *target, size_t target_row) {
  typedef REAL vector __attribute__((vector_size(16)));
  vector x[SQUARE];
  for (size_t i = 0; i < SQUARE; ++i) memcpy(&x[i], source + i * source_row, sizeof(vector));
  TRANSPOSE_SQUARE(x)
  for (size_t i = 0; i < SQUARE; ++i) memcpy(target + i * target_row, &x[i], sizeof(vector));
}

static void NAME(transpose)(const REAL *source, size_t source_row, size_t rows, size_t columns, REAL *target,
                            size_t target_row) {
  // Strips of sixteen target elements, so that lines are filled while they are in the first cache.
  enum { strip = 16 };
  for (size_t top = 0; top < rows; top += strip) {
    size_t bottom = rows - top < strip ? rows : top + strip;
    size_t j = 0;
    for (; j + SQUARE <= columns; j += SQUARE) {
      size_t i = top;
      for (; i + SQUARE <= bottom; i += SQUARE) {
        NAME(transpose_square)(source + i * source_row + j, source_row, target + j * target_row + i, target_row);
      }
      for (; i < bottom; ++i) {
        for (size_t k = 0; k < SQUARE; ++k) target[(j + k) * target_row + i] = source[i * source_row + j + k];
      }
    }
    for (; j < columns; ++j) {
      for (size_t i = top; i < bottom; ++i) target[j * target_row + i] = source[i * source_row + j];
    }
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

#undef LANES
#undef TILE_COLUMNS
#undef TILE_CASE
#undef SQUARE
#undef TRANSPOSE_SQUARE
