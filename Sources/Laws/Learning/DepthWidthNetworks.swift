import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Networks of one number of parameters: the deeper, the narrower.
struct DepthWidthNetworks: Sendable {
  /// Hidden layers.
  let depth: Int
  /// n, so that n_0 n + (depth − 1) n² + n_L n comes nearest to the parameters asked for.
  let width: Int
  let network: PerceptronView

  /// L/n.
  var aspectRatio: Double { Double(depth + 1) / Double(width) }

  /// tanh at criticality, where learning rates of weights are the same in every layer and biases, which are 0, stay so.
  static let activation = Activation(.tanh)

  init(parameters: Int, depth: Int, features: Int, outputs: Int) throws {
    let (a, b) = (Double(depth - 1), Double(features + outputs))
    let p = Double(parameters)
    let n = a == 0 ? p / b : ((b * b + 4 * a * p).squareRoot() - b) / (2 * a)
    self.depth = depth
    width = max(2, Int(n.rounded()))
    let point = try Criticality.points(of: Self.activation).choice(meanSquaredInput: 1)
    network = PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: width, activation: Self.activation, outputs: outputs),
      inputs: features, layers: point.layers(count: depth + 1, meanSquaredInput: 1), parametrization: .ntk)
  }

  /// (A + 2B)/(nΘ²) on one input: the relative variance of a diagonal element of the tangent kernel.
  func tangentVariance() throws -> Double {
    let input = Matrix<Double>(rows: 1, columns: network.inputs, repeating: 1)
    let output = try FiniteWidthFlow(network, inputs: input, extent: .tangentKernel).layers.last!
    return output.coupling(.tangentKernelVariance, input: 0)! / Double(width)
  }

  /// The learning rate at which a step takes this part of the largest stable one at infinite width.
  func rate(_ data: DataSet<Double>, fraction: Double, loss: Loss) throws -> Double {
    let kernels = try DynamicsKernels(network, train: data.train.inputs)
    return 2 * fraction / (try KernelDynamics(kernels, targets: data.train.targets!, loss: loss).sharpness)
  }
}

/// What became of trained networks of one shape.
struct DepthWidthOutcome: Sendable {
  let networks: Int
  /// ln of the outputs' variance over networks relative to their mean square, twins of opposite last layers averaged; nil where
  /// fewer than half of the networks learned.
  private(set) var spread: Estimate?
  /// The part of networks that learned less than predicting 0 for everything does.
  let failures: Estimate
  /// Of the test samples, mean over networks; networks that failed count as predicting 0.
  let testLoss: Estimate
  /// The spread over networks of ln of the training loss of those that learned.
  let lossSpread: Estimate

  /// - Parameters:
  ///   - pairs: networks and their twins, in turn, observed at the start and the end.
  ///   - targets: of training and test samples, one list.
  init(
    _ pairs: [LinearizationExperiment.Pair], train: [Double], test: [Double], seed: UInt64
  ) {
    let targets = train + test
    func loss(_ outputs: ArraySlice<Double>, _ targets: ArraySlice<Double>) -> Double {
      zip(outputs, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let idleTrain = loss(ArraySlice(train.map { _ in 0 }), train[...])
    let idleTest = loss(ArraySlice(test.map { _ in 0 }), test[...])
    var (means, failed, losses, logs): ([[Double]], [Double], [Double], [Double]) = ([], [], [], [])
    for index in stride(from: 0, to: pairs.count, by: 2) {
      let ends = [pairs[index], pairs[index + 1]].map { pair -> [Double]? in
        guard pair.network.count == 2 else { return nil }
        let outputs = pair.network[1].tensor.elements
        return loss(outputs[..<train.count], targets[..<train.count]) < idleTrain ? outputs : nil
      }
      failed.append(ends.reduce(0.0) { $0 + ($1 == nil ? 0.5 : 0) })
      losses.append(
        ends.reduce(0.0) { $0 + ($1.map { min(1, loss($0[train.count...], targets[train.count...]) / idleTest) } ?? 1) }
          / 2)
      logs += ends.compactMap { $0 }.map { log(loss($0[..<train.count], targets[..<train.count])) }
      if let f = ends[0], let g = ends[1] { means.append(zip(f, g).map { ($0 + $1) / 2 }) }
    }
    networks = failed.count
    failures = StreamingMoments(failed).estimate
    testLoss = StreamingMoments(losses).estimate
    let spreadOfLogs = StreamingMoments(logs)
    lossSpread =
      logs.count > 3
      ? Estimate(
        value: spreadOfLogs.variance.squareRoot(),
        error: spreadOfLogs.varianceEstimate.error / (2 * spreadOfLogs.variance.squareRoot()))
      : Estimate(value: 0, error: 1)
    guard means.count >= max(4, networks / 2) else { return }
    let outputs = means
    let bootstrap = Resampling.bootstrap(networks: outputs.count, replicates: 100, seed: seed) { picked in
      // The variance of repeated networks alone is 0.
      Set(picked).count > 1 ? [log(Self.relativeVariance(outputs, picked))] : [0]
    }
    spread = bootstrap.estimates[0]
  }

  /// Σ Var/Σ mean² over samples and outputs, both without bias.
  private static func relativeVariance(_ outputs: [[Double]], _ picked: [Int]) -> Double {
    let count = Double(picked.count)
    var sum = [Double](repeating: 0, count: outputs[0].count)
    var squares = 0.0
    for network in picked {
      for (place, value) in outputs[network].enumerated() {
        sum[place] += value
        squares += value * value
      }
    }
    let meanSquares = sum.reduce(0) { $0 + $1 * $1 } / (count * count)
    let variance = (squares - count * meanSquares) / (count - 1)
    return variance / max(1e-300, meanSquares - variance / count)
  }
}
