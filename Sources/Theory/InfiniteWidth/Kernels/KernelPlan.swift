import OrreryAnalysis
import OrreryNetworks
import OrreryTensors

/// A multilayer perceptron as the kernels see it: scales of its dense layers and the dual between them.
struct KernelPlan: Sendable {
  let scales: [DenseScales]
  let activation: Activation
  let dual: any DualActivation
  let fused: FusedActivation
  /// The scales as the C kernels take them, output and input scale of the activation included.
  let layers: [FusedLayer]

  init(scales: [DenseScales], activation: Activation, isPlain: Bool) {
    self.scales = scales
    self.activation = activation
    dual = activation.dual
    let fused = isPlain ? .plain : FusedActivation(activation)
    self.fused = fused
    layers = scales.map { scales in
      var (square, slope, parameter) = (1.0, 1.0, 0.0)
      if case .closedForm(let form) = fused {
        square = activation.outputScale * activation.outputScale
        slope = square * activation.inputScale * activation.inputScale * form.slope
        parameter = form.parameter
      }
      return FusedLayer(
        biasVariance: scales.biasVariance, weightVariance: scales.weightVariance * square,
        biasRate: scales.biasRate, weightRate: scales.weightRate * square, response: scales.weightVariance * slope,
        parameter: parameter)
    }
  }

  /// The first layer, behind the data.
  var inputLayer: FusedLayer {
    FusedLayer(
      biasVariance: scales[0].biasVariance, weightVariance: scales[0].weightVariance, biasRate: scales[0].biasRate,
      weightRate: scales[0].weightRate, response: 0, parameter: 0)
  }

  /// K^(L) and Θ^(L) of one pair, plainly, in Double.
  ///
  /// - Parameters:
  ///   - variances1, variances2: K^(ℓ)_ii of the two samples, ℓ = 1 … L.
  ///   - seconds: |x|²/d of the two.
  ///   - v: 1 − c of the inputs.
  func pair(
    _ variances1: (Int) -> Double, _ variances2: (Int) -> Double, seconds: (Double, Double),
    oneMinusCorrelation v: Double,
    tangents: Bool
  ) -> (kernel: Double, tangent: Double) {
    var u = v
    var (second1, second2) = seconds
    var (product, tangent) = (second1.squareRoot() * second2.squareRoot() * (1 - v), 0.0)
    for (layer, scales) in scales.enumerated() {
      if layer > 0 {
        let moments = dual.pair(
          GaussianPair(k11: variances1(layer - 1), k22: variances2(layer - 1), oneMinusCorrelation: u))
        (second1, second2) = (moments.second1, moments.second2)
        (u, product) = (moments.oneMinusCorrelation, moments.product)
        if tangents { tangent *= moments.derivative }
      }
      let (mixing1, mixing2) = (BiasMixing(second: second1, scales), BiasMixing(second: second2, scales))
      u = BiasMixing.oneMinusCorrelation(mixing1, mixing2, before: u)
      tangent = scales.biasRate + scales.weightRate * product + scales.weightVariance * tangent
    }
    let last = scales.count - 1
    return (variances1(last).squareRoot() * variances2(last).squareRoot() * (1 - u), tangent)
  }
}
