// The Gram-matrix chain, sixteen networks side by side: the linear algebra of small symmetric matrices of which each element
// is a row of 16 lanes, one lane a network.
//
// A matrix over `samples` inputs is packed by rows of its lower triangle: element (i, j), j <= i, is row i(i+1)/2 + j. Values
// of neurons are rows too: value a of neuron m is row m * samples + a. Every kernel is compiled for the same instruction
// sets as the elementwise functions, and the same choice is in use.
#pragma once

#include <stddef.h>

enum { ORRERY_CHAIN_LANES = 16 };

struct orrery_chain_kernels {
  /// The Cholesky factor of a positive semidefinite matrix. A pivot that is not above `tolerance` times its diagonal element
  /// leaves a column of zeros: that input is, to rounding, a combination of those before it.
  void (*factorize)(const float *gram, size_t samples, float tolerance, float *factor);
  /// z_m = L u_m for each neuron m, in place.
  void (*correlate)(const float *factor, size_t samples, size_t neurons, float *values);
  /// gram += sum over neurons of s_m s_m^T, the lower triangle.
  void (*accumulate)(const float *values, size_t samples, size_t neurons, float *gram);
  /// gram = offset + factor * gram, element by element.
  void (*rescale)(float factor, float offset, size_t samples, float *gram);
  /// Of `count` numbers: moments[0] their mean, moments[1 ... 3] the sums of powers 2, 3, 4 of the deviations from it, which
  /// are left in `deviations`.
  void (*moments)(const double *values, size_t count, double *deviations, double *moments);
};

/// The kernels of one path; null when this build or this processor lacks it.
const struct orrery_chain_kernels *orrery_chain_kernels_for(int instruction_set);

/// The kernels in use.
const struct orrery_chain_kernels *orrery_chain_kernels_in_use(void);
