import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Training of a small study's networks at order 1/n, at the steps of its forecast, with the size of the order after.
///
/// E z = z_∞ + M/n and Var z = C + C¹/n of ``FiniteWidthDynamics``, whose rule says what is left open of a mean, δ
/// (`TrainedMean.Values.truncationError`), and of a variance (`TrainedCovariance.truncationError`). C¹ is known for gradient flow
/// alone. In steps it is off by about as much as M of gradient flow is off M of the steps, which are both known, relative to the
/// larger: as much of C¹/n is left open besides. Of a loss (h/2) Σ (E z − y)² + Var z are left open (h/2) Σ 2∣E z − y∣ δ + (M/n)² and
/// the variances' own.
struct FiniteWidthTraining: Sendable {
  /// Training or test samples at one step.
  struct Samples: Sendable {
    /// (samples, outputs).
    var mean: TrainedMean.Values
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
    if let neglected = FiniteWidthDynamics.neglected(setting.network.architecture.activation) {
      throw TangentExclusion(description: neglected)
    }
    let first = try FiniteWidthFlow(
      setting.network, inputs: setting.train.selectingRows([0]), extent: .tangentKernel)
    if let neglected = first.neglected { throw TangentExclusion(description: neglected) }
    // Before the tensors of all samples are worked out: the parameter of the expansion, rN, on the first.
    let output = first.layers[first.layers.count - 1]
    let fluctuation = (output.coupling(.tangentKernelVariance, input: 0) ?? 0) / Double(output.fanIn)
    let least = Double(setting.train.rows) * fluctuation
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
        let flow = isFlow ? mean : try dynamics.mean(time: mean.time)
        let covariances = try (0..<dynamics.infiniteWidth.outputs).map { try dynamics.covariance(flow, output: $0) }
        let discretization = Self.discretization(mean, flow)
        // The steps' own C beside the flow's C¹.
        return (
          Samples(
            mean.train, infiniteWidth: dynamics.infiniteWidth.trainVariances(response), covariances, first: 0,
            discretization: discretization),
          Samples(
            mean.test, infiniteWidth: dynamics.infiniteWidth.testVariances(response), covariances,
            first: setting.train.rows, discretization: discretization)
        )
      }
    }
    let values = try found.map { try $0.get() }
    (train, test) = (values.map(\.0), values.map(\.1))
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

extension FiniteWidthTraining.Samples {
  /// - Parameters:
  ///   - infiniteWidth: C of each sample.
  ///   - covariances: of each output, over training samples and then test samples.
  ///   - first: the samples' first place there.
  fileprivate init(
    _ mean: TrainedMean.Values, infiniteWidth: [Double], _ covariances: [TrainedCovariance], first: Int,
    discretization: Double
  ) {
    self.mean = mean
    variance = Matrix(rows: mean.mean.rows, columns: mean.mean.columns)
    varianceLeftOut = variance
    for (output, covariance) in covariances.enumerated() {
      for sample in 0..<mean.mean.rows {
        let own = covariance.variance(of: first + sample)
        variance[sample, output] = max(0, infiniteWidth[sample] + own.shift)
        varianceLeftOut[sample, output] = own.truncationError + abs(own.shift) * discretization
      }
    }
  }

  /// The mean loss with what is left out of it.
  func loss(targets: Matrix<Double>, scale: SquaredErrorScale) -> (value: Double, leftOut: Double) {
    let differences = zip(mean.mean.tensor.elements, targets.tensor.elements).map(-)
    let shifts = zip(mean.mean.tensor.elements, mean.infiniteWidth.tensor.elements).map(-)
    func sumOfSquares(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
    let open = zip(differences, mean.truncationError.tensor.elements).reduce(sumOfSquares(shifts)) {
      $0 + 2 * abs($1.0) * $1.1
    }
    return (
      scale.loss(sumOfSquares: sumOfSquares(differences) + variance.tensor.elements.reduce(0, +)),
      scale.loss(sumOfSquares: open + varianceLeftOut.tensor.elements.reduce(0, +))
    )
  }
}
