// Angles and duals of single pairs: branch-free scalar code, so that loops over it vectorise. Included once per precision.

/// asin(s) for 0 <= s <= √½, z = s².
KERNEL REAL NAME(asin_of_root)(REAL s, REAL z) { return s + s * (z * NAME(dual_asin_polynomial)(z)); }

/// asin(x), given w = √(1 - x²) too: the smaller of |x| and w enters the polynomial.
KERNEL REAL NAME(asin_beside)(REAL x, REAL w) {
  REAL a = NAME(absolute)(x);
  REAL s = a <= w ? a : w;
  REAL y = NAME(asin_of_root)(s, s * s);
  return NAME(with_sign)(a <= w ? y : PI_HALF_HIGH - (y - PI_HALF_LOW), x);
}

/// The angle θ in [0, π] with 1 - cos θ = u, to full relative accuracy near 0.
KERNEL REAL NAME(angle)(REAL u) {
  REAL other = R(2) - u;
  REAL z = R(0.5) * (u <= other ? u : other);
  REAL small = R(2) * NAME(asin_of_root)(__builtin_elementwise_sqrt(z), z);
  return u <= other ? small : R(2) * PI_HALF_HIGH - (small - R(2) * PI_HALF_LOW);
}

/// sin θ for 1 - cos θ = u.
KERNEL REAL NAME(sine_of)(REAL u) { return __builtin_elementwise_sqrt(u * (R(2) - u)); }

/// What an activation makes of a pair: <f_1 f_2>, or v = 1 - <f_1 f_2>/√(<f_1²><f_2²>), and <f'_1 f'_2>.
struct NAME(dual) {
  REAL value;
  REAL derivative;
};

/// v = u - κ (sin θ - θ cos θ) and 1 - κθ, to be multiplied by A₂.
KERNEL struct NAME(dual) NAME(two_slope_dual)(REAL u, REAL kappa) {
  REAL theta = NAME(angle)(u);
  struct NAME(dual) dual;
  dual.value = u - kappa * (NAME(sine_of)(u) - theta * (R(1) - u));
  dual.derivative = R(1) - kappa * theta;
  return dual;
}

/// v = [2(π - θ) sin²θ + 3(θ - sin θ cos θ)]/3π and (2/π) √(k₁₁k₂₂) [sin θ + (π - θ) cos θ].
KERNEL struct NAME(dual) NAME(relu_squared_dual)(REAL u, REAL deviations) {
  REAL theta = NAME(angle)(u);
  REAL sine = NAME(sine_of)(u);
  REAL cosine = R(1) - u;
  REAL rest = R(2) * PI_HALF_HIGH - theta;
  struct NAME(dual) dual;
  dual.value = (R(2) * rest * (sine * sine) + R(3) * (theta - sine * cosine)) * R(0.10610329539459689051);
  dual.derivative = R(0.63661977236758134308) * deviations * (sine + rest * cosine);
  return dual;
}

/// (2/π) asin(r₁r₂c) and (4/π) √(p₁p₂/(1 - (r₁r₂c)²)), p = 1/(1 + 2K) = 1 - r².
KERNEL struct NAME(dual) NAME(erf_dual)(REAL u, REAL r, REAL p_sum, REAL p_product, REAL root) {
  REAL gap = (p_sum - p_product) + r * r * (u * (R(2) - u));
  REAL w = __builtin_elementwise_sqrt(gap);
  struct NAME(dual) dual;
  dual.value = R(0.63661977236758134308) * NAME(asin_beside)(r * (R(1) - u), w);
  dual.derivative = R(1.27323954473516268615) * root / w;
  return dual;
}

/// With f = K/(1 + K), p = 1 - f, r = √(f₁f₂) c, g = 1/√(1 - r²):
/// {r[¼ + asin(r)/2π] + g f₁f₂[1 - c² + (p₁ + p₂)c²]/2π}/√(p₁p₂) and ¼ + {asin r + r g (p₁ + p₂ + p₁p₂g²)}/2π.
KERNEL struct NAME(dual) NAME(gelu_dual)(REAL u, REAL root_f, REAL p_sum, REAL p_product, REAL inverse) {
  const REAL inverse_two_pi = R(0.15915494309189533577);
  REAL product = root_f * root_f;
  REAL c = R(1) - u, sine_squared = u * (R(2) - u);
  REAL gap = (p_sum - p_product) + product * sine_squared;
  REAL w = __builtin_elementwise_sqrt(gap);
  REAL g = R(1) / w;
  REAL r = root_f * c;
  REAL angle = NAME(asin_beside)(r, w) * inverse_two_pi + R(0.25);
  REAL second = product * (sine_squared + p_sum * (c * c)) * (g * inverse_two_pi);
  struct NAME(dual) dual;
  dual.value = (r * angle + second) * inverse;
  dual.derivative = angle + r * g * (p_sum + p_product * (g * g)) * inverse_two_pi;
  return dual;
}

/// ½[e^-d ∓ cos 2φ e^(d - k₁₁ - k₂₂)], d = ½<(z_1 - z_2)²>.
KERNEL struct NAME(dual) NAME(sine_dual)(REAL distance, REAL sum, REAL doubled) {
  REAL near = R(0.5) * NAME(exp)(-distance);
  REAL far = R(0.5) * doubled * NAME(exp)(distance - sum);
  struct NAME(dual) dual;
  dual.value = near - far;
  dual.derivative = near + far;
  return dual;
}

KERNEL struct NAME(dual) NAME(exponential_dual)(REAL distance, REAL sum) {
  struct NAME(dual) dual;
  dual.value = dual.derivative = NAME(exp)(sum - distance);
  return dual;
}

/// B^-½ and 4k₁₂ B^-3/2, B = 1 + 2(k₁₁ + k₂₂) + 4k₁₁k₂₂(1 - c²).
KERNEL struct NAME(dual) NAME(gaussian_dual)(REAL u, REAL deviations, REAL sum) {
  REAL b = R(1) + R(2) * sum + R(4) * (deviations * deviations) * (u * (R(2) - u));
  struct NAME(dual) dual;
  dual.value = R(1) / __builtin_elementwise_sqrt(b);
  dual.derivative = R(4) * deviations * (R(1) - u) * (dual.value / b);
  return dual;
}
