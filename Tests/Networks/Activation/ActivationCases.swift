import OrreryNetworks

/// One row for every activation function, with typical and with odd parameters: every test of activations runs on these.
let activationFunctions: [ActivationFunction] = [
  .linear, .relu, .leakyReLU(slope: 0.2), .twoSlope(positive: 1.5, negative: -0.25), .abs, .step, .sign, .reluSquared,
  .erf, .gelu, .geluTanh, .silu, .tanh, .sigmoid, .softplus, .sin, .cos, .exp, .gaussian, .monomial(degree: 0),
  .monomial(degree: 3), .monomial(degree: 7), .hermite(degree: 0), .hermite(degree: 1), .hermite(degree: 3),
  .hermite(degree: 6), .elu(alpha: 1), .elu(alpha: 0.7), .polynomial(coefficients: [0.5, -1, 0, 0.25]),
]

/// The same functions, plain and with scales and shifts.
let activations: [Activation] =
  activationFunctions.map { Activation($0) }
  + activationFunctions.map {
    Activation($0, inputScale: 0.8, inputShift: 0.3, outputScale: -1.4, outputShift: 0.1)
  }

/// Arguments that miss 0 and the shifted kinks, dense near 0 and reaching into the tails.
let smoothArguments: [Double] = (-60...60).map { Double($0) * 0.11 + 0.013 }
