// Update rules of training, element by element: parameters w, gradient g, and what a rule remembers.
//
// No operation is fused, so that all paths give the same bits, and plain loops too.
#pragma once

#include <stddef.h>

/// The numbers of one step; a kernel rounds them to its own precision and uses those that its formula has.
///
/// Every rule begins with x = cut(scale g) + coupled w, where cut keeps components within ± limit.
struct orrery_update {
  double scale, limit, coupled;
  double keep;              // of the parameters: 1, less decoupled weight decay
  double rate;              // of the step, with the first moment's bias correction
  double memory1, fresh1;   // of the first moment: memory1 m + fresh1 x
  double memory2, fresh2;   // of the second
  double second;            // the second moment's bias correction, which multiplies it
  double inside, outside;   // what is added inside and outside of its root
  double along, across;     // of x and of the momentum in a direction
};

struct orrery_update_kernels {
  /// Σ value², in double precision and in one order on every path.
  double (*squares_f32)(const float *values, size_t count);
  double (*squares_f64)(const double *values, size_t count);
  /// w ← keep w − rate x.
  void (*descent_f32)(const struct orrery_update *, float *w, const float *g, size_t count);
  void (*descent_f64)(const struct orrery_update *, double *w, const double *g, size_t count);
  /// v ← memory1 v + fresh1 x, w ← keep w − rate (along x + across v).
  void (*momentum_f32)(const struct orrery_update *, float *w, float *v, const float *g, size_t count);
  void (*momentum_f64)(const struct orrery_update *, double *w, double *v, const double *g, size_t count);
  /// The same v, and direction ← along x + across v; w stays.
  void (*direction_f32)(const struct orrery_update *, const float *w, float *v, const float *g, float *direction,
                        size_t count);
  void (*direction_f64)(const struct orrery_update *, const double *w, double *v, const double *g, double *direction,
                        size_t count);
  /// m ← memory1 m + fresh1 x, v ← memory2 v + fresh2 x², w ← keep w − rate m/(√(second v + inside) + outside).
  void (*adam_f32)(const struct orrery_update *, float *w, float *m, float *v, const float *g, size_t count);
  void (*adam_f64)(const struct orrery_update *, double *w, double *m, double *v, const double *g, size_t count);
  /// v as in Adam, w ← keep w − rate x/(√(second v + inside) + outside).
  void (*rmsprop_f32)(const struct orrery_update *, float *w, float *v, const float *g, size_t count);
  void (*rmsprop_f64)(const struct orrery_update *, double *w, double *v, const double *g, size_t count);
  /// w ← keep w − rate sign(memory1 m + fresh1 x), m ← memory2 m + fresh2 x with the old m on both right sides.
  void (*lion_f32)(const struct orrery_update *, float *w, float *m, const float *g, size_t count);
  void (*lion_f64)(const struct orrery_update *, double *w, double *m, const double *g, size_t count);
};

/// The kernels of one path; null when this build or this processor lacks it.
const struct orrery_update_kernels *orrery_update_kernels_for(int instruction_set);

/// The kernels in use.
const struct orrery_update_kernels *orrery_update_kernels_in_use(void);
