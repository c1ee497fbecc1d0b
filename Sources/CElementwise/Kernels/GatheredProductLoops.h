// The loops of gathered products. Included once per precision.

#define LANES (VECTOR_BYTES / sizeof(REAL))
#define TILE_COLUMNS (TILE_VECTORS * LANES)
/// The part of a panel of B that stays in the first cache while it meets the rows of A.
#define PANEL_BYTES 24576

/// One tile of C along some segments; `rows` is a constant at every call.
KERNEL void NAME(gathered_tile)(size_t rows, const REAL *a, const ptrdiff_t *a_rows, const ptrdiff_t *a_segments,
                                ptrdiff_t a_inner, const REAL *b, const ptrdiff_t *b_segments, ptrdiff_t b_inner,
                                size_t segments, size_t length, const REAL *start, REAL *c, const ptrdiff_t *c_rows,
                                int accumulate) {
  typedef REAL vector __attribute__((vector_size(VECTOR_BYTES)));
  vector sum[GATHERED_ROWS][TILE_VECTORS];
  const REAL *row[GATHERED_ROWS];
  UNROLL for (size_t i = 0; i < rows; ++i) row[i] = a + a_rows[i];
  if (accumulate) {
    UNROLL for (size_t i = 0; i < rows; ++i) {
      UNROLL for (size_t k = 0; k < TILE_VECTORS; ++k) memcpy(&sum[i][k], c + c_rows[i] + k * LANES, sizeof(vector));
    }
  } else {
    UNROLL for (size_t k = 0; k < TILE_VECTORS; ++k) {
      vector first = {0};
      if (start) memcpy(&first, start + k * LANES, sizeof(vector));
      UNROLL for (size_t i = 0; i < rows; ++i) sum[i][k] = first;
    }
  }
  for (size_t s = 0; s < segments; ++s) {
    const REAL *panel = b + b_segments[s];
    ptrdiff_t q = a_segments[s];
    for (size_t p = length; p > 0; --p, q += a_inner, panel += b_inner) {
      OPAQUE(q);
      vector columns[TILE_VECTORS];
      UNROLL for (size_t k = 0; k < TILE_VECTORS; ++k) memcpy(&columns[k], panel + k * LANES, sizeof(vector));
      UNROLL for (size_t i = 0; i < rows; ++i) {
        REAL element = row[i][q];
        UNROLL for (size_t k = 0; k < TILE_VECTORS; ++k) sum[i][k] += element * columns[k];
      }
    }
  }
  UNROLL for (size_t i = 0; i < rows; ++i) {
    UNROLL for (size_t k = 0; k < TILE_VECTORS; ++k) memcpy(c + c_rows[i] + k * LANES, &sum[i][k], sizeof(vector));
  }
}

#define TILE(n) \
  static __attribute__((noinline)) void NAME(gathered_tile_##n)( \
      const REAL *a, const ptrdiff_t *a_rows, const ptrdiff_t *a_segments, ptrdiff_t a_inner, const REAL *b, \
      const ptrdiff_t *b_segments, ptrdiff_t b_inner, size_t segments, size_t length, const REAL *start, REAL *c, \
      const ptrdiff_t *c_rows, int accumulate) { \
    NAME(gathered_tile)(n, a, a_rows, a_segments, a_inner, b, b_segments, b_inner, segments, length, start, c, c_rows, \
                        accumulate); \
  }

EACH_GATHERED_HEIGHT(TILE)

typedef void (*NAME(gathered_function))(const REAL *a, const ptrdiff_t *a_rows, const ptrdiff_t *a_segments,
                                        ptrdiff_t a_inner, const REAL *b, const ptrdiff_t *b_segments,
                                        ptrdiff_t b_inner, size_t segments, size_t length, const REAL *start, REAL *c,
                                        const ptrdiff_t *c_rows, int accumulate);

#define ENTRY(n) [n] = NAME(gathered_tile_##n),
/// By rows.
static const NAME(gathered_function) NAME(gathered_tiles)[GATHERED_ROWS + 1] = {EACH_GATHERED_HEIGHT(ENTRY)};
#undef TILE
#undef ENTRY

static void NAME(gathered)(const struct orrery_gathered_product *product, const REAL *a, const REAL *b,
                           const REAL *start, REAL *c, int accumulate) {
  const struct orrery_gathered_product g = *product;
  size_t bytes = g.length * TILE_COLUMNS * sizeof(REAL);
  size_t most = bytes && bytes < PANEL_BYTES ? PANEL_BYTES / bytes : 1;
  // Passes of equal length, since a short last one would read and write C as often.
  size_t passes = (g.segments + most - 1) / most;
  size_t share = passes ? (g.segments + passes - 1) / passes : 0;
  size_t first = 0;
  do {
    size_t segments = g.segments - first < share ? g.segments - first : share;
    int adds = accumulate || first > 0;
    for (size_t j = 0; j < g.columns; j += TILE_COLUMNS) {
      const REAL *panel = b + j / TILE_COLUMNS * g.b_tile;
      size_t columns = g.columns - j < TILE_COLUMNS ? g.columns - j : TILE_COLUMNS;
      if (columns == TILE_COLUMNS) {
        for (size_t i = 0, height; i < g.rows; i += height) {
          height = NAME(tile_height)(g.rows - i, GATHERED_ROWS);
          NAME(gathered_tiles)[height](a, g.a_rows + i, g.a_segments + first, g.a_inner, panel, g.b_segments + first,
                                       g.b_inner, segments, g.length, start ? start + j : NULL, c + j, g.c_rows + i,
                                       adds);
        }
      } else {
        // By way of full tiles in a buffer: C may not be touched beyond its columns.
        REAL part[GATHERED_ROWS * TILE_COLUMNS];
        ptrdiff_t places[GATHERED_ROWS];
        for (size_t i = 0; i < GATHERED_ROWS; ++i) places[i] = (ptrdiff_t)(i * TILE_COLUMNS);
        memset(part, 0, sizeof part);
        for (size_t i = 0, height; i < g.rows; i += height) {
          height = NAME(tile_height)(g.rows - i, GATHERED_ROWS);
          for (size_t r = 0; r < height; ++r) {
            const REAL *source = adds ? c + g.c_rows[i + r] + j : start ? start + j : NULL;
            if (source) {
              memcpy(part + r * TILE_COLUMNS, source, columns * sizeof(REAL));
            } else {
              memset(part + r * TILE_COLUMNS, 0, columns * sizeof(REAL));
            }
          }
          NAME(gathered_tiles)[height](a, g.a_rows + i, g.a_segments + first, g.a_inner, panel, g.b_segments + first,
                                       g.b_inner, segments, g.length, NULL, part, places, 1);
          for (size_t r = 0; r < height; ++r) {
            memcpy(c + g.c_rows[i + r] + j, part + r * TILE_COLUMNS, columns * sizeof(REAL));
          }
        }
      }
    }
    first += share;
  } while (first < g.segments);
}

#undef LANES
#undef TILE_COLUMNS
#undef PANEL_BYTES
