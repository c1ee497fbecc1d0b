import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryTheory

extension PredictionList {
  /// What order 1/n says of a residual perceptron on one input: K, and where they are covered V/n and T₃/n of every layer; Θ of the output;
  /// of a readout its output's variance and kurtosis.
  ///
  /// The order after is not known. V/(nK²) is the natural size of one order over the one before, and so the relative truncation error of
  /// K and V, and of T₃ where it is not 0 by symmetry; of Θ ℓ/n where that is larger, what each layer's own sampling adds.
  ///
  /// - Parameters:
  ///   - samples: the sample's number, for the quantities; none for a typical input.
  init(_ network: ResidualView, _ flow: ResidualFlow, samples: [Int]) {
    self.init()
    func add(
      _ quantity: Quantity, _ value: Double, truncation: Double, _ source: Source, _ effect: Double
    ) {
      self.add(Prediction(quantity, value: value, truncationError: truncation, source: source), effect)
    }
    let n = Double(network.width)
    let pair = samples + samples
    for layer in flow.layers {
      let k = layer.kernel
      let size = k > 0 ? (layer.fourPointVertex ?? k * k) / (n * k * k) : 0
      let relative = layer.layer == 1 ? 0 : max(size, 1 / n)
      add(
        Quantity(.kernel, layer: layer.layer, samples: pair, width: network.width), k, truncation: k * relative,
        .kernelRecursion, Self.kernelEffect * k)
      guard layer.layer > 1, let v = layer.fourPointVertex, let t = layer.threePointVertex else { continue }
      add(
        Quantity(.kernelVariance, layer: layer.layer, samples: pair, width: network.width), v / n,
        truncation: v / n * relative, .residualVertices, Self.varianceEffect * v / n)
      // What a readout's outputs share is their kernel alone.
      guard network.steps[layer.layer - 2].skip != 0 else { continue }
      let scale = pow(k, 1.5)
      add(
        Quantity(.threePointCorrelation, layer: layer.layer, samples: samples, width: network.width), t / n,
        truncation: abs(t) / n * relative, .residualVertices, max(0.2 * scale, Self.varianceEffect * abs(t)) / n)
    }
    guard let last = flow.layers.last, last.layer == network.layerCount, last.kernel > 0 else { return }
    let size = (last.fourPointVertex ?? last.kernel * last.kernel) / (n * last.kernel * last.kernel)
    if let theta = last.neuralTangentKernel {
      add(
        Quantity(.neuralTangentKernel, layer: last.layer, samples: pair, width: network.width), theta,
        truncation: last.layer == 1 ? 0 : theta * max(size, Double(last.layer) / n), .neuralTangentKernel,
        Self.kernelEffect * theta)
    }
    guard network.hasReadout else { return }
    add(
      Quantity(.outputVariance, layer: last.layer, samples: samples, width: network.width), last.kernel,
      truncation: last.kernel * max(size, 1 / n), .kernelRecursion, Self.kernelEffect * last.kernel)
    guard let v = last.fourPointVertex else { return }
    let kurtosis = 3 * v / (n * last.kernel * last.kernel)
    add(
      Quantity(.outputExcessKurtosis, layer: last.layer, samples: samples, width: network.width), kurtosis,
      truncation: kurtosis * max(size, 1 / n), .residualVertices, Self.kurtosisEffect)
  }
}
