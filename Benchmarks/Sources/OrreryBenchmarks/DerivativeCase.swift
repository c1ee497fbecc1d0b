import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryTensors

/// Derivatives beside training that both sides take of one network: tanh, 4 hidden layers of width 512, 64 inputs, 10 outputs.
enum DerivativeCase: String, CaseIterable {
  case hessianProduct = "hessian-product"
  case tangentKernelSingle = "tangent-kernel-float32"
  case tangentKernelDouble = "tangent-kernel-float64"

  static let width = 512
  static let batch = 256
  static let samples = 200

  var title: String {
    switch self {
    case .hessianProduct: "Hessian-vector product at one point, batch \(Self.batch), f32, primal pass kept"
    case .tangentKernelSingle: "traced tangent kernel of \(Self.samples) samples, f32"
    case .tangentKernelDouble: "traced tangent kernel of \(Self.samples) samples, f64"
    }
  }

  var target: Target {
    switch self {
    case .hessianProduct: Target(ratio: 1.2)
    case .tangentKernelSingle, .tangentKernelDouble: Target(ratio: 1.5, share: 0.7)
    }
  }

  var isDouble: Bool { self == .tangentKernelDouble }

  /// A Hessian product takes every product of a gradient twice: with the direction's activations, and with its derivatives. The kernel:
  /// a pass forward; the derivatives of each output by all preactivations; their inner products and the activations', of half of all
  /// pairs.
  var operations: Double {
    guard self != .hessianProduct else { return 2 * Self.gradient.operations }
    let (n, w, o) = (Double(Self.samples), Double(Self.width), Double(TrainingCase.outputs))
    let hidden = Double(TrainingCase.depth - 1) * w * w
    let forward = 2 * n * (Double(TrainingCase.inputs) * w + hidden + w * o)
    let inner = n * n * Double(TrainingCase.depth) * w * (o + 1)
    return forward + 2 * n * o * hidden + inner
  }

  /// What the gradient takes, beside which a Hessian product is put: a step of gradient descent on the same batch.
  static var gradient: TrainingCase { TrainingCase(networks: 1, width: width, batch: batch) }

  func run() throws {
    switch self {
    case .hessianProduct:
      try TrainingMeasurement.run(Self.gradient)
      try hessianProduct()
    case .tangentKernelSingle:
      let kernel = try NetworkTangentKernel<Float>(Self.network, samples: Self.samples)
      let (parameters, inputs) = (try Self.network.drawnSingleParameters(seed: 1), Self.inputs(Float.self))
      record(Timing.measure(runs: 30, limit: 3) { _ = kernel.traced(parameters, inputs) })
    case .tangentKernelDouble:
      let kernel = try NetworkTangentKernel<Double>(Self.network, samples: Self.samples)
      let (parameters, inputs) = (try Self.network.drawnParameters(seed: 1), Self.inputs(Double.self))
      record(Timing.measure(runs: 30, limit: 3) { _ = kernel.traced(parameters, inputs) })
    }
  }

  private func record(_ timing: Timing) {
    Record(who: "orrery", name: rawValue, values: timing.wall, processor: timing.processor).write()
  }

  private static func numbers(_ count: Int, _ index: Int) -> [Double] {
    RandomStream(seed: 1, purpose: .test, layer: index).normals(count: count).map { Double($0) }
  }

  private static var network: ResolvedNetwork { ResolvedNetwork(gradient.network) }

  private static func inputs<Scalar: TensorScalar>(_ type: Scalar.Type) -> Matrix<Scalar> {
    Matrix(
      rows: samples, columns: TrainingCase.inputs,
      elements: numbers(samples * TrainingCase.inputs, 1).map { Scalar($0) })
  }

  private func hessianProduct() throws {
    let data = try TrainingData.Part(
      inputs: Matrix(
        rows: Self.batch, columns: TrainingCase.inputs, elements: Self.numbers(Self.batch * TrainingCase.inputs, 1)),
      targets: Matrix(
        rows: Self.batch, columns: TrainingCase.outputs, elements: Self.numbers(Self.batch * TrainingCase.outputs, 2)))
    let curvature = try NetworkCurvature<Float>(
      .hessian, of: Self.network, loss: .meanSquaredError(reduction: .mean, half: true), data: data)
    curvature.move(to: try Self.network.drawnSingleParameters(seed: 1))
    let direction = Self.numbers(curvature.count, 3).map { Float($0) }
    record(Timing.measure(runs: 60, limit: 3) { _ = curvature.apply(direction) })
  }
}
