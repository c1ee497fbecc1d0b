import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Training of a small study's networks at order 1/n, at the steps of its forecast, with the size of the order after.
///
/// E z = z_∞ + M/n and Var z = C + C¹/n of ``FiniteWidthDynamics``. The order after is not known; its size is estimated from that of
/// order 1/n. With s the root mean square over samples of M/n, contributions added in squares so that none hides behind another,
///
/// - *a mean* leaves open δ = s κ, κ = max(rN, s/d) ≤ 1: an expansion's next term is to this one as this one is to the one before. For
///   test samples d is the root mean square of what training has changed of the output, for training samples that of what is left
///   to learn: there, a relative change x of a mode's rate is to order k (xΘt)^k/k! of the residual, and grows in time.
/// - *a variance* likewise, with s of C¹/n, sample by sample, and d = C.
/// - *a loss* (h/2) Σ (E z − y)² + Var z: (h/2) Σ (2∣E z − y∣ δ + s²) and the variances' own, with root mean squares over samples.
///
/// r is the larger of V/(nK²) and (A + 2B)/(nΘ²) of the first training sample, both of order L/n, and N the number of training samples:
/// eigenvalues of a fluctuating NTK repel, so that rN is the parameter of the expansion of slow modes (the domain of
/// ``FiniteWidthDynamics``), and the least that the next order is of this one. C¹ is known for gradient flow alone. In steps it is off
/// by about as much as M of gradient flow is off M of the steps, which are both known, relative to the larger: as much of C¹/n is
/// left open besides.
struct FiniteWidthTraining: Sendable {
  /// Training or test samples at one step.
  struct Samples: Sendable {
    /// To order 1/n, and at infinite width: (samples, outputs).
    var mean: Matrix<Double>
    var infiniteWidth: Matrix<Double>
    var meanLeftOut: Double
    /// s of the mean.
    var shift: Double
    /// To order 1/n, and not below 0: (samples, outputs).
    var variance: Matrix<Double>
    var varianceLeftOut: Matrix<Double>
  }

  let train: [Samples]
  let test: [Samples]
  /// How many of the test samples are followed, from the first.
  let testSamples: Int

  /// Above so many training samples the tensors of all of them take too long.
  static let largestTrainingSet = 16
  /// So many inputs together: training samples and all test samples, or the first few.
  static let largestInputs = 20

  /// Order 1/n, or why not, in a sentence.
  static func outcome(_ setting: DynamicsSetting, steps: [Int], followed: Int) -> (Self?, exclusion: String?) {
    guard setting.network.architecture.depth > 0 else { return (nil, nil) }
    guard setting.train.rows <= largestTrainingSet else {
      return (
        nil,
        "Order 1/n is computed for up to \(largestTrainingSet) training samples, and there are \(setting.train.rows)."
      )
    }
    do {
      return (try Self(setting, steps: steps, followed: followed), nil)
    } catch {
      return (nil, "\(error)")
    }
  }

  private init(_ setting: DynamicsSetting, steps: [Int], followed: Int) throws {
    let all = setting.test?.rows ?? 0
    let count = setting.train.rows + all <= Self.largestInputs ? all : min(all, followed)
    testSamples = count
    let first = try FiniteWidthFlow(
      setting.network, inputs: setting.train.selectingRows([0]), extent: .tangentKernel)
    if let neglected = first.neglected { throw TangentExclusion(description: neglected) }
    let least = Double(setting.train.rows) * Self.coupling(first.layers[first.layers.count - 1])
    guard least < 1 else {
      throw TangentExclusion(
        description:
          "The parameter of the expansion, the relative variance of the NTK times the number of training samples, is "
          + "\(NumberText.text(least, digits: 2)) and not below 1: order 1/n says nothing here, and wider networks are needed."
      )
    }
    let dynamics = try FiniteWidthDynamics(
      setting.network, train: setting.train,
      test: count > 0 ? setting.test?.selectingRows(Array(0..<count)) : nil, targets: setting.targets,
      loss: setting.optimizer.loss, multipliers: setting.optimizer.multipliers, tolerance: 1e-6)
    let means = try dynamics.means(setting.rule, steps: steps)
    let responses = try dynamics.infiniteWidth.responses(setting.rule, steps: steps)
    let isFlow = setting.rule.kind == .gradientFlow
    let found = Parallel.map(steps.count) { index in
      Result { () throws -> (Samples, Samples) in
        let (mean, response) = (means[index], responses[index])
        let infinite = dynamics.infiniteWidth
        let flow = isFlow ? mean : try dynamics.mean(time: mean.time)
        let covariances = try (0..<infinite.outputs).map { try dynamics.covariance(flow, output: $0) }
        let order = NextOrderRule(least: least, discretization: Self.discretization(mean, flow))
        let trainVariances = infinite.trainVariances(response)
        let residual = mean.train.infiniteWidth.tensor.elements.enumerated().reduce(0.0) { sum, value in
          let difference = value.element - setting.targets.tensor.elements[value.offset]
          return sum + difference * difference + trainVariances[value.offset / infinite.outputs]
        }
        let train = order.samples(
          mean.train, width: mean.width, scale: Self.rootMean(residual, count: setting.targets.tensor.elements.count),
          variances: trainVariances, covariances, first: 0)
        let moved = infinite.testDisplacements(response).tensor.elements
        let test = order.samples(
          mean.test, width: mean.width, scale: Self.rootMean(moved.reduce(0, +), count: moved.count),
          variances: infinite.testVariances(response), covariances, first: setting.train.rows)
        return (train, test)
      }
    }
    let values = try found.map { try $0.get() }
    (train, test) = (values.map(\.0), values.map(\.1))
  }

  private static func rootMean(_ sum: Double, count: Int) -> Double {
    count > 0 ? (max(0, sum) / Double(count)).squareRoot() : 0
  }

  /// r: the larger of V/(nK²) and (A + 2B)/(nΘ²).
  private static func coupling(_ output: FiniteWidthLayer) -> Double {
    func size(_ coupling: Coupling) -> Double { (output.coupling(coupling, input: 0) ?? 0) / Double(output.fanIn) }
    return max(size(.fourPointVertex), size(.tangentKernelVariance))
  }

  /// ∣M − M of gradient flow∣ over the larger of the two.
  private static func discretization(_ mean: TrainedMean, _ flow: TrainedMean) -> Double {
    let own = mean.train.correction.tensor.elements + mean.test.correction.tensor.elements
    let other = flow.train.correction.tensor.elements + flow.test.correction.tensor.elements
    func size(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
    let largest = max(size(own), size(other))
    return largest > 0 ? min(1, (size(zip(own, other).map(-)) / largest).squareRoot()) : 0
  }
}

/// The rule of ``FiniteWidthTraining`` at one step.
private struct NextOrderRule {
  /// rN.
  let least: Double
  let discretization: Double

  /// κ.
  private func ratio(_ size: Double, _ scale: Double) -> Double {
    min(1, max(least, scale > 0 ? size / scale : 0))
  }

  func samples(
    _ values: TrainedMean.Values, width: Int, scale: Double, variances: [Double], _ covariances: [TrainedCovariance],
    first: Int
  ) -> FiniteWidthTraining.Samples {
    let (n, count, outputs) = (Double(width), values.mean.rows, values.mean.columns)
    let squares = values.contributions.ordered.reduce(0.0) { sum, part in
      part.tensor.elements.reduce(sum) { $0 + $1 * $1 / (n * n) }
    }
    let shift = count > 0 ? (squares / Double(count * outputs)).squareRoot() : 0
    var variance = Matrix<Double>(rows: count, columns: outputs)
    var leftOut = variance
    for output in 0..<outputs {
      let covariance = covariances[output]
      for sample in 0..<count {
        let place = first + sample
        variance[sample, output] = max(0, variances[sample] + covariance.correction[place, place] / n)
        let size = covariance.contributions.ordered.reduce(0.0) { sum, part in
          sum + part[place, place] * part[place, place] / (n * n)
        }.squareRoot()
        leftOut[sample, output] = size * (ratio(size, variances[sample]) + discretization)
      }
    }
    return FiniteWidthTraining.Samples(
      mean: values.mean, infiniteWidth: values.infiniteWidth, meanLeftOut: shift * ratio(shift, scale), shift: shift,
      variance: variance, varianceLeftOut: leftOut)
  }
}

extension FiniteWidthTraining.Samples {
  /// The mean loss with what is left out of it.
  func loss(targets: Matrix<Double>, scale: SquaredErrorScale) -> (value: Double, leftOut: Double) {
    let differences = zip(mean.tensor.elements, targets.tensor.elements).map { $0 - $1 }
    let bias = differences.reduce(0) { $0 + $1 * $1 }
    let count = Double(differences.count)
    // Σ 2∣d∣δ + s² with root mean squares.
    let open = 2 * (bias * count).squareRoot() * meanLeftOut + count * shift * shift
    return (
      scale.loss(sumOfSquares: bias + variance.tensor.elements.reduce(0, +)),
      scale.loss(sumOfSquares: open + varianceLeftOut.tensor.elements.reduce(0, +))
    )
  }
}

extension [FiniteWidthContribution: Matrix<Double>] {
  /// In one order, so that sums are the same to the last bit.
  fileprivate var ordered: [Matrix<Double>] { FiniteWidthContribution.allCases.compactMap { self[$0] } }
}
