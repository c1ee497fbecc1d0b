import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Kernels of all pairs of some samples, pair by pair in Double: what both sides are judged by.
///
/// Closed forms go through the plain recursion of `LayerKernels`. tanh, where our fast road sums a Hermite series, goes
/// through adaptive two-dimensional quadrature instead, another method altogether. Both are good to 1e-12.
struct Reference {
  /// The samples' numbers in the data; 24 of them give 300 pairs, diagonals included.
  let places: [Int]
  let nngp: Matrix<Double>
  let ntk: Matrix<Double>

  init(_ kernelCase: KernelCase, inputs: Matrix<Double>) throws {
    // A stride without a common factor with 200 or 2000 spreads them over the data.
    let stride = kernelCase.samples == 200 ? 9 : 83
    places = (0..<24).map { ($0 * stride + 5) % kernelCase.samples }
    let chosen = inputs.selectingRows(places)
    let network = kernelCase.network(inputs: inputs.columns)
    if kernelCase.function == .tanh {
      (nngp, ntk) = Self.byQuadrature(network, chosen, QuadratureDual(.tanh))
    } else {
      let layers = try LayerKernels(network, inputs: chosen)
      (nngp, ntk) = (layers.kernels.last!, layers.tangentKernels.last!)
    }
  }

  /// The largest deviation, relative to √(K_ii K_jj), or √(Θ_ii Θ_jj) for the tangent kernel.
  func error(nngp kernel: (Int, Int) -> Double, ntk tangent: (Int, Int) -> Double) -> Double {
    var worst = 0.0
    for i in places.indices {
      for j in places.indices {
        let kernelScale = (nngp[i, i] * nngp[j, j]).squareRoot()
        let tangentScale = (ntk[i, i] * ntk[j, j]).squareRoot()
        let deviations = [
          abs(kernel(places[i], places[j]) - nngp[i, j]) / kernelScale,
          abs(tangent(places[i], places[j]) - ntk[i, j]) / tangentScale,
        ]
        // A NaN must not pass for a small error.
        for deviation in deviations where !(deviation <= worst) { worst = deviation }
      }
    }
    return worst
  }

  private static func byQuadrature(
    _ network: PerceptronView, _ inputs: Matrix<Double>, _ dual: QuadratureDual
  ) -> (Matrix<Double>, Matrix<Double>) {
    let layers = network.layers
    let products = inputs.product(inputs, transposingRight: true)
    let count = inputs.rows
    let pairs = (0..<count).flatMap { i in (0...i).map { (i, $0) } }
    let results = Parallel.map(pairs.count) { index -> (Double, Double) in
      let (i, j) = pairs[index]
      let scale = 1 / Double(inputs.columns)
      var (seconds, product) = ((products[i, i] * scale, products[j, j] * scale), products[i, j] * scale)
      var tangent = 0.0
      var kernel = 0.0
      for (layer, numbers) in layers.enumerated() {
        if layer > 0 {
          let pair = GaussianPair(
            k11: numbers.biasVariance + numbers.weightVariance * seconds.0,
            k22: numbers.biasVariance + numbers.weightVariance * seconds.1,
            oneMinusCorrelation: i == j
              ? 0
              : 1 - kernel
                / ((numbers.biasVariance + numbers.weightVariance * seconds.0)
                * (numbers.biasVariance + numbers.weightVariance * seconds.1)).squareRoot())
          let moments = dual.pair(pair)
          seconds = (moments.second1, moments.second2)
          product = moments.product
          tangent *= moments.derivative
        }
        kernel = numbers.biasVariance + numbers.weightVariance * product
        tangent = kernel + numbers.weightVariance * tangent
      }
      return (kernel, tangent)
    }
    var (nngp, ntk) = (Matrix<Double>(rows: count, columns: count), Matrix<Double>(rows: count, columns: count))
    for ((i, j), (kernel, tangent)) in zip(pairs, results) {
      (nngp[i, j], nngp[j, i]) = (kernel, kernel)
      (ntk[i, j], ntk[j, i]) = (tangent, tangent)
    }
    return (nngp, ntk)
  }
}
