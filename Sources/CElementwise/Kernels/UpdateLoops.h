// The loops of update rules. Included once per precision.

/// The numbers of one call in the loop's own precision.
struct NAME(update) {
  REAL scale, limit, coupled, keep, rate, memory1, fresh1, memory2, fresh2, second, inside, outside, along, across;
};

KERNEL struct NAME(update) NAME(rounded)(const struct orrery_update *u) {
  return (struct NAME(update)){
      .scale = (REAL)u->scale, .limit = (REAL)u->limit, .coupled = (REAL)u->coupled, .keep = (REAL)u->keep,
      .rate = (REAL)u->rate, .memory1 = (REAL)u->memory1, .fresh1 = (REAL)u->fresh1, .memory2 = (REAL)u->memory2,
      .fresh2 = (REAL)u->fresh2, .second = (REAL)u->second, .inside = (REAL)u->inside, .outside = (REAL)u->outside,
      .along = (REAL)u->along, .across = (REAL)u->across};
}

/// The gradient after clipping and coupled decay.
KERNEL REAL NAME(gradient)(const struct NAME(update) *u, REAL g, REAL w) {
  g *= u->scale;
  g = g < -u->limit ? -u->limit : g;
  g = g > u->limit ? u->limit : g;
  return g + u->coupled * w;
}

static double NAME(squares)(const REAL *values, size_t count) {
  SQUARES_CONTRACTION
  enum { lanes = 32 };
  typedef REAL narrow __attribute__((vector_size(lanes * sizeof(REAL))));
  typedef double wide __attribute__((vector_size(lanes * sizeof(double))));
  wide sum = {0};
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    narrow x;
    memcpy(&x, values + i, sizeof x);
    wide y = __builtin_convertvector(x, wide);
    sum += y * y;
  }
  if (i < count) {
    narrow x = {0};
    memcpy(&x, values + i, (count - i) * sizeof(REAL));
    wide y = __builtin_convertvector(x, wide);
    sum += y * y;
  }
  double part[lanes];
  memcpy(part, &sum, sizeof part);
  for (size_t half = lanes / 2; half > 0; half /= 2) {
    for (size_t k = 0; k < half; ++k) part[k] += part[k + half];
  }
  return part[0];
}

static void NAME(descent)(const struct orrery_update *update, REAL *restrict w, const REAL *restrict g, size_t count) {
  struct NAME(update) u = NAME(rounded)(update);
  // Without clipping and decay: a third of the time.
  if (u.scale == 1 && u.limit == (REAL)INFINITY && u.coupled == 0 && u.keep == 1) {
    for (size_t i = 0; i < count; ++i) w[i] -= u.rate * g[i];
    return;
  }
  for (size_t i = 0; i < count; ++i) w[i] = u.keep * w[i] - u.rate * NAME(gradient)(&u, g[i], w[i]);
}

static void NAME(momentum)(const struct orrery_update *update, REAL *restrict w, REAL *restrict v,
                           const REAL *restrict g, size_t count) {
  struct NAME(update) u = NAME(rounded)(update);
  for (size_t i = 0; i < count; ++i) {
    REAL x = NAME(gradient)(&u, g[i], w[i]);
    v[i] = u.memory1 * v[i] + u.fresh1 * x;
    w[i] = u.keep * w[i] - u.rate * (u.along * x + u.across * v[i]);
  }
}

static void NAME(direction)(const struct orrery_update *update, const REAL *restrict w, REAL *restrict v,
                            const REAL *restrict g, REAL *restrict direction, size_t count) {
  struct NAME(update) u = NAME(rounded)(update);
  for (size_t i = 0; i < count; ++i) {
    REAL x = NAME(gradient)(&u, g[i], w[i]);
    v[i] = u.memory1 * v[i] + u.fresh1 * x;
    direction[i] = u.along * x + u.across * v[i];
  }
}

static void NAME(adam)(const struct orrery_update *update, REAL *restrict w, REAL *restrict m, REAL *restrict v,
                       const REAL *restrict g, size_t count) {
  struct NAME(update) u = NAME(rounded)(update);
  for (size_t i = 0; i < count; ++i) {
    REAL x = NAME(gradient)(&u, g[i], w[i]);
    m[i] = u.memory1 * m[i] + u.fresh1 * x;
    v[i] = u.memory2 * v[i] + u.fresh2 * (x * x);
    REAL root = __builtin_elementwise_sqrt(u.second * v[i] + u.inside) + u.outside;
    w[i] = u.keep * w[i] - u.rate * (m[i] / root);
  }
}

static void NAME(rmsprop)(const struct orrery_update *update, REAL *restrict w, REAL *restrict v,
                          const REAL *restrict g, size_t count) {
  struct NAME(update) u = NAME(rounded)(update);
  for (size_t i = 0; i < count; ++i) {
    REAL x = NAME(gradient)(&u, g[i], w[i]);
    v[i] = u.memory2 * v[i] + u.fresh2 * (x * x);
    REAL root = __builtin_elementwise_sqrt(u.second * v[i] + u.inside) + u.outside;
    w[i] = u.keep * w[i] - u.rate * (x / root);
  }
}

static void NAME(lion)(const struct orrery_update *update, REAL *restrict w, REAL *restrict m, const REAL *restrict g,
                       size_t count) {
  struct NAME(update) u = NAME(rounded)(update);
  for (size_t i = 0; i < count; ++i) {
    REAL x = NAME(gradient)(&u, g[i], w[i]);
    REAL c = u.memory1 * m[i] + u.fresh1 * x;
    m[i] = u.memory2 * m[i] + u.fresh2 * x;
    REAL sign = c > 0 ? (REAL)1 : c < 0 ? (REAL)-1 : (REAL)0;
    w[i] = u.keep * w[i] - u.rate * sign;
  }
}
