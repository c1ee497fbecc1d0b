// Random numbers: Philox4x32-10 on vectors of counters, and the Box-Muller transform. No operation here is fused, so that
// every path gives the same bits.
//
// A 32-bit word lives in a 64-bit lane, since the only wide multiplication that the vector instructions have is of the low
// halves of 64-bit lanes; what stands in the high half never matters. Two such vectors, of even and of odd counters, make one
// packed vector of words.
#pragma once

#define WIDE (VECTOR_BYTES / 8)    // 64-bit lanes
#define PACKED (VECTOR_BYTES / 4)  // 32-bit lanes
#define LANES 16                   // members side by side in the lane form
#define LOW_HALF 0xffffffffu

typedef uint64_t u64v __attribute__((vector_size(VECTOR_BYTES)));
typedef uint32_t u32v __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t i32v __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t i64v __attribute__((vector_size(VECTOR_BYTES)));
typedef float f32v __attribute__((vector_size(VECTOR_BYTES)));
typedef double f64v __attribute__((vector_size(VECTOR_BYTES)));

#include "RandomPolynomials.h"

struct words4 {
  u64v w[4];
};

KERNEL u64v lane_numbers(void) {
  static const uint64_t numbers[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  u64v v;
  __builtin_memcpy(&v, numbers, sizeof v);
  return v;
}

KERNEL struct words4 philox(uint64_t seed, u64v x0, u64v x1, u64v x2, u64v x3) {
  uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; ++round) {
    u64v first = (x0 & LOW_HALF) * 0xD2511F53u, second = (x2 & LOW_HALF) * 0xCD9E8D57u;
    x0 = (second >> 32) ^ x1 ^ (uint64_t)key0;
    x1 = second;
    x2 = (first >> 32) ^ x3 ^ (uint64_t)key1;
    x3 = first;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return (struct words4){{x0, x1, x2, x3}};
}

/// The blocks whose numbers stand in the lanes, of one member; `twin` is 0x80 for their low halves.
KERNEL struct words4 blocks_of_stream(struct orrery_stream s, u64v block, uint32_t twin) {
  u64v zero = {0};
  return philox(s.seed, block, zero + (uint64_t)s.member, zero + (uint64_t)s.step,
                (block >> 32) | (uint64_t)(s.place | twin));
}

/// One block of the members whose numbers stand in the lanes.
KERNEL struct words4 blocks_of_members(struct orrery_stream s, u64v member, uint64_t block, uint32_t twin) {
  u64v zero = {0};
  return philox(s.seed, zero + block, member, zero + (uint64_t)s.step, zero + (block >> 32 | (uint64_t)(s.place | twin)));
}

KERNEL u32v pack(u64v even, u64v odd) { return (u32v)((even & LOW_HALF) | (odd << 32)); }

/// Correctly rounded: both halves are exact in double, and one sum rounds.
KERNEL f64v double_of_integer(u64v x) {
  f64v high = (f64v)((x >> 32) | 0x4530000000000000u) - 0x1p+84;
  f64v low = (f64v)((x & LOW_HALF) | 0x4330000000000000u) - 0x1p+52;
  return high + low;
}

KERNEL u64v join(u64v high, u64v low) { return (high << 32) | (low & LOW_HALF); }

// Normals: the first word of a pair gives the radius √(-2 log u), 0 < u <= 1; the second the angle: 30 bits within a quarter
// turn around 0, one that exchanges sine and cosine, and one for the sign.

KERNEL f32v radius_f32(u32v word) {
  f32v u = __builtin_convertvector((i32v)(word >> 1), f32v) * 0x1p-31f + 0x1p-32f;
  i32v n = ((i32v)u - 0x3f3504f3) >> 23;
  f32v f = (f32v)((i32v)u - (n << 23)) - 1.0f;
  f32v square = f * f;
  f32v tail = square * f * random_log_f32(f) - square * 0.5f;
  f32v logarithm = __builtin_convertvector(n, f32v) * 0x1.62e43p-1f + (f + tail);
  return __builtin_elementwise_sqrt(logarithm * -2.0f);
}

KERNEL void normals_of_words_f32(u32v first, u32v second, f32v *a, f32v *b) {
  f32v radius = (f32v)((u32v)radius_f32(first) ^ (second & 0x80000000u));
  f32v t = __builtin_convertvector((i32v)(second << 2), f32v) * 0x1p-31f;
  f32v z = t * t;
  f32v sine = t * random_sin_f32(z), cosine = random_cos_f32(z);
  i32v exchanged = (i32v)(second << 1) >> 31;
  u32v difference = ((u32v)sine ^ (u32v)cosine) & (u32v)exchanged;
  *a = radius * (f32v)((u32v)cosine ^ difference);
  *b = radius * (f32v)((u32v)sine ^ difference);
}

KERNEL f64v radius_f64(u64v word) {
  f64v u = double_of_integer(word) * 0x1p-64 + 0x1p-65;
  u64v biased = ((u64v)u - 0x3fe6a09e667f3bcdu + 0x4000000000000000u) >> 52;  // n + 1024
  f64v f = (f64v)((u64v)u - (biased << 52) + 0x4000000000000000u) - 1.0;
  f64v n = (f64v)(biased | 0x4330000000000000u) - (0x1p+52 + 1024.0);
  f64v s = f / (f + 2.0);
  f64v z = s * s;
  f64v logarithm = n * 0x1.62e42fefa38p-1 + (f - (s * (f - z * random_log_f64(z)) - n * 0x1.ef35793c76730p-45));
  return __builtin_elementwise_sqrt(logarithm * -2.0);
}

KERNEL void normals_of_words_f64(u64v first, u64v second, f64v *a, f64v *b) {
  f64v radius = (f64v)((u64v)radius_f64(first) ^ (second & 0x8000000000000000u));
  f64v t = double_of_integer((second << 2) ^ 0x8000000000000000u) * 0x1p-63 - 1.0;
  f64v z = t * t;
  f64v sine = t * random_sin_f64(z), cosine = random_cos_f64(z);
  u64v exchanged = ~((second >> 62) & 1u) + 1u;
  u64v difference = ((u64v)sine ^ (u64v)cosine) & exchanged;
  *a = radius * (f64v)((u64v)cosine ^ difference);
  *b = radius * (f64v)((u64v)sine ^ difference);
}

// One stream

/// Four vectors, of the draws 0, 1, 2, 3 of consecutive blocks, written in the order of draws.
KERNEL void interleave_32(const u32v *v, uint32_t *output) {
  uint32_t columns[4][PACKED];
  __builtin_memcpy(columns, v, sizeof columns);
  for (int block = 0; block < PACKED; ++block)
    for (int i = 0; i < 4; ++i) output[4 * block + i] = columns[i][block];
}

KERNEL void interleave_64(const u64v *v, uint64_t *output) {
  uint64_t columns[4][WIDE];
  __builtin_memcpy(columns, v, sizeof columns);
  for (int block = 0; block < WIDE; ++block)
    for (int i = 0; i < 4; ++i) output[4 * block + i] = columns[i][block];
}

KERNEL void group_of_words_32(struct orrery_stream stream, uint64_t block, u32v *result) {
  struct words4 even = blocks_of_stream(stream, lane_numbers() * 2u + block, 0);
  struct words4 odd = blocks_of_stream(stream, lane_numbers() * 2u + (block + 1), 0);
  for (int i = 0; i < 4; ++i) result[i] = pack(even.w[i], odd.w[i]);
}

KERNEL void group_of_words_64(struct orrery_stream stream, uint64_t block, u64v *result) {
  struct words4 high = blocks_of_stream(stream, lane_numbers() + block, 0);
  struct words4 low = blocks_of_stream(stream, lane_numbers() + block, 0x80);
  for (int i = 0; i < 4; ++i) result[i] = join(high.w[i], low.w[i]);
}

KERNEL void words_group(struct orrery_stream stream, uint64_t block, uint32_t *output) {
  u32v w[4];
  group_of_words_32(stream, block, w);
  interleave_32(w, output);
}

KERNEL void uniforms_f32_group(struct orrery_stream stream, uint64_t block, float *output) {
  u32v w[4];
  group_of_words_32(stream, block, w);
  for (int i = 0; i < 4; ++i) w[i] = (u32v)(__builtin_convertvector((i32v)(w[i] >> 8), f32v) * 0x1p-24f);
  interleave_32(w, (uint32_t *)output);
}

KERNEL void normals_f32_group(struct orrery_stream stream, uint64_t block, float *output) {
  u32v w[4];
  f32v x[4];
  group_of_words_32(stream, block, w);
  normals_of_words_f32(w[0], w[1], &x[0], &x[1]);
  normals_of_words_f32(w[2], w[3], &x[2], &x[3]);
  interleave_32((u32v *)x, (uint32_t *)output);
}

KERNEL void uniforms_f64_group(struct orrery_stream stream, uint64_t block, double *output) {
  u64v w[4];
  group_of_words_64(stream, block, w);
  for (int i = 0; i < 4; ++i) w[i] = (u64v)(double_of_integer(w[i] >> 11) * 0x1p-53);
  interleave_64(w, (uint64_t *)output);
}

KERNEL void normals_f64_group(struct orrery_stream stream, uint64_t block, double *output) {
  u64v w[4];
  f64v x[4];
  group_of_words_64(stream, block, w);
  normals_of_words_f64(w[0], w[1], &x[0], &x[1]);
  normals_of_words_f64(w[2], w[3], &x[2], &x[3]);
  interleave_64((u64v *)x, (uint64_t *)output);
}

/// A function that writes draws first to first + count by whole groups of blocks; the groups at the ends through a buffer.
#define FILL(name, type, blocks) \
  static void name(struct orrery_stream stream, uint64_t first, size_t count, type *output) { \
    enum { draws = 4 * (blocks) }; \
    type edge[draws]; \
    uint64_t end = first + count, block = first / 4; \
    for (; 4 * block < end; block += (blocks)) { \
      uint64_t start = 4 * block; \
      if (start >= first && start + draws <= end) { \
        name##_group(stream, block, output + (start - first)); \
      } else { \
        name##_group(stream, block, edge); \
        uint64_t from = start < first ? first : start, to = start + draws > end ? end : start + draws; \
        __builtin_memcpy(output + (from - first), edge + (from - start), (size_t)(to - from) * sizeof(type)); \
      } \
    } \
  }

FILL(words, uint32_t, PACKED)
FILL(uniforms_f32, float, PACKED)
FILL(normals_f32, float, PACKED)
FILL(uniforms_f64, double, WIDE)
FILL(normals_f64, double, WIDE)

#undef FILL

// Sixteen members side by side

KERNEL void store_rows(const void *vectors, uint64_t block, uint64_t first, uint64_t end, char *column, size_t row_bytes) {
  const char *source = vectors;
  uint64_t start = 4 * block;
  if (start >= first && start + 4 <= end) {
    for (int i = 0; i < 4; ++i) __builtin_memcpy(column + (start - first + i) * row_bytes, source + i * VECTOR_BYTES, VECTOR_BYTES);
    return;
  }
  for (uint64_t i = 0; i < 4; ++i) {
    if (start + i < first || start + i >= end) continue;
    __builtin_memcpy(column + (start + i - first) * row_bytes, source + i * VECTOR_BYTES, VECTOR_BYTES);
  }
}

static void normal_lanes_f32(struct orrery_stream stream, uint64_t first, size_t count, float *output) {
  uint64_t end = first + count;
  for (uint64_t block = first / 4; 4 * block < end; ++block) {
    for (int lane = 0; lane < LANES; lane += PACKED) {
      u64v members = lane_numbers() * 2u + ((uint64_t)stream.member + lane);
      struct words4 even = blocks_of_members(stream, members, block, 0);
      struct words4 odd = blocks_of_members(stream, members + 1u, block, 0);
      f32v x[4];
      normals_of_words_f32(pack(even.w[0], odd.w[0]), pack(even.w[1], odd.w[1]), &x[0], &x[1]);
      normals_of_words_f32(pack(even.w[2], odd.w[2]), pack(even.w[3], odd.w[3]), &x[2], &x[3]);
      store_rows(x, block, first, end, (char *)(output + lane), LANES * sizeof(float));
    }
  }
}

static void normal_lanes_f64(struct orrery_stream stream, uint64_t first, size_t count, double *output) {
  uint64_t end = first + count;
  for (uint64_t block = first / 4; 4 * block < end; ++block) {
    for (int lane = 0; lane < LANES; lane += WIDE) {
      u64v members = lane_numbers() + ((uint64_t)stream.member + lane);
      struct words4 high = blocks_of_members(stream, members, block, 0);
      struct words4 low = blocks_of_members(stream, members, block, 0x80);
      f64v x[4];
      normals_of_words_f64(join(high.w[0], low.w[0]), join(high.w[1], low.w[1]), &x[0], &x[1]);
      normals_of_words_f64(join(high.w[2], low.w[2]), join(high.w[3], low.w[3]), &x[2], &x[3]);
      store_rows(x, block, first, end, (char *)(output + lane), LANES * sizeof(double));
    }
  }
}
