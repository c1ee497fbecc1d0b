import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// What theory predicts of a study's training, made and written down before a network is trained: infinite width, and order 1/n where
/// the training set is small enough (``FiniteWidthTraining``).
public struct DynamicsForecast: Hashable, Codable, Sendable {
  /// A number over networks at one step.
  public struct Band: Hashable, Codable, Sendable {
    public var mean: Double
    /// The standard deviation over networks.
    public var deviation: Double
    /// The truncation error of the mean: the size of the next order.
    public var leftOut: Double
    /// The mean at infinite width, where `mean` is to order 1/n.
    public var infiniteWidth: Double?

    fileprivate mutating func correct(mean: Double, leftOut: Double) {
      infiniteWidth = self.mean
      (self.mean, self.leftOut) = (mean, leftOut)
    }
  }

  /// An output on one test sample, or training sample where there are no others.
  public struct Output: Hashable, Codable, Sendable {
    public var sample: Int
    public var target: Double?
    /// At each step.
    public var bands: [Band]
  }

  /// η; for gradient flow the time of one of its ``Optimizer/flowTimes``.
  public var learningRate: Double
  /// Above it gradient descent diverges at infinite width; nil for gradient flow.
  public var largestStableRate: Double?
  /// V/(nK²), the relative size of order 1/n.
  public var relativeVariance: Double
  /// The highest power of 1/n in means and variances, 0 or 1.
  public var order: Int
  /// Why order 1/n is not computed, in a sentence.
  public var finiteWidthExclusion: String?
  /// Steps at which networks are looked at.
  public var steps: [Int]
  public var trainingLoss: [Band]
  /// Empty without test targets.
  public var testLoss: [Band]
  public var outputs: [Output]
  /// Whether `outputs` are of test samples.
  public var areTestOutputs: Bool
  /// What is confronted, in the order of its weight.
  public var predictions: [Prediction]
  /// The same at infinite width; empty where the predictions are.
  public var infiniteWidthValues: [Double]
  /// How many of them, from the first, decide the verdict together, at most.
  public var jointCount: Int
  /// The smallest effect of interest of each: a quarter of what is predicted of losses and variances, and of the targets' root
  /// mean square for outputs. Where order 1/n leaves open more than that of most numbers, agreement says nothing.
  public var smallestEffects: [Double]
  /// The laws and methods behind all of it.
  public var laws: [Source]

  static let followedSamples = 3
  private static let interest = 0.25

  /// Whether a network whose tangent kernel is larger by its relative standard deviation √r has no stable rate left: then some
  /// networks diverge that infinite width says are stable, or the reverse, and order 1/n does not say how many.
  public var isBesideEdge: Bool {
    largestStableRate.map { learningRate * (1 + relativeVariance.squareRoot()) >= $0 } ?? false
  }

  /// The covariance of the truncation errors δ of the first predictions: δ_a δ_b e^(−½ (ln t_a − ln t_b)²) for one quantity at two
  /// steps, 0 for two quantities.
  ///
  /// Truncation errors of an expansion vary as smoothly as what is expanded (J. Melendez et al. 2019, arXiv:1904.11581); a mode's
  /// residual exp(−e^u), u = ln(ηhλt), varies over one unit of u. Errors of different quantities are not known to have anything in
  /// common.
  public func truncationCovariance(_ count: Int) -> Matrix<Double> {
    var result = Matrix<Double>(rows: count, columns: count)
    for i in 0..<count {
      for j in 0..<count {
        let (a, b) = (predictions[i], predictions[j])
        guard a.quantity.kind == b.quantity.kind, a.quantity.samples == b.quantity.samples else { continue }
        let distance = log(Double(max(1, a.quantity.step ?? 1)) / Double(max(1, b.quantity.step ?? 1)))
        result[i, j] = a.truncationError * b.truncationError * exp(-0.5 * distance * distance)
      }
    }
    return result
  }

  /// - Parameter highest: the highest power of 1/n that is asked for, 0 or 1.
  init(_ setting: DynamicsSetting, relativeVariance: Double, networks: Int, order highest: Int = 1) throws {
    let dynamics = setting.dynamics
    learningRate = setting.rule.rate
    let largest = setting.largestStableRate
    largestStableRate = largest.isFinite ? largest : nil
    self.relativeVariance = relativeVariance
    steps = Self.steps(setting.optimizer.length)
    var finite: FiniteWidthTraining?
    if highest > 0 {
      (finite, finiteWidthExclusion) = FiniteWidthTraining.outcome(
        setting, steps: steps, followed: Self.followedSamples)
    }
    order = finite == nil ? 0 : 1
    laws = Self.laws(order: order)
    let responses = try dynamics.responses(setting.rule, steps: steps)
    let orders = try dynamics.nextOrders(setting.rule, steps: steps, relativeVariance: relativeVariance)
    trainingLoss = zip(responses, orders).map { response, order in
      let moments = dynamics.trainLoss(response)
      return Band(mean: moments.mean, deviation: moments.variance.squareRoot(), leftOut: order.trainLoss)
    }
    testLoss =
      try setting.testTargets.map { targets in
        try zip(responses, orders).map { response, order in
          let moments = try dynamics.testLoss(response, targets: targets)
          return Band(
            mean: moments.mean, deviation: max(0, moments.variance).squareRoot(),
            leftOut: try dynamics.testLossNextOrder(response, targets: targets, nextOrder: order))
        }
      } ?? []
    areTestOutputs = setting.test != nil
    let (targets, count) =
      areTestOutputs ? (setting.testTargets, setting.test!.rows) : (setting.targets, setting.train.rows)
    outputs = (0..<min(Self.followedSamples, count)).map { sample in
      Output(sample: sample, target: targets?[sample, 0], bands: [])
    }
    for (response, order) in zip(responses, orders) {
      let means = areTestOutputs ? dynamics.testMean(response) : dynamics.trainMean(response)
      let variances = areTestOutputs ? dynamics.testVariances(response) : dynamics.trainVariances(response)
      let leftOut = areTestOutputs ? order.testMean : order.trainMean
      for sample in outputs.indices {
        outputs[sample].bands.append(
          Band(
            mean: means[sample, 0], deviation: variances[sample].squareRoot(), leftOut: leftOut[sample, 0]))
      }
    }
    (predictions, infiniteWidthValues, jointCount, smallestEffects) = ([], [], 0, [])
    if let finite { try correct(finite, setting) }
    addPredictions(setting, finite, leading: responses.map(dynamics.testVariances), networks: networks)
  }

  /// Order 1/n in place of infinite width; the test loss where all test samples are followed.
  private mutating func correct(_ finite: FiniteWidthTraining, _ setting: DynamicsSetting) throws {
    let scale = try SquaredErrorScale(setting.optimizer.loss, samples: setting.testTargets?.rows ?? 1)
    for index in steps.indices {
      let (train, test) = (finite.train[index], finite.test[index])
      let loss = train.loss(targets: setting.targets, scale: setting.dynamics.scale)
      trainingLoss[index].correct(mean: loss.value, leftOut: loss.leftOut)
      if let targets = setting.testTargets, finite.testSamples == targets.rows {
        let loss = test.loss(targets: targets, scale: scale)
        testLoss[index].correct(mean: loss.value, leftOut: loss.leftOut)
      }
      let followed = areTestOutputs ? test : train
      for sample in outputs.indices {
        outputs[sample].bands[index].correct(
          mean: followed.mean.mean[sample, 0], leftOut: followed.mean.truncationError[sample, 0])
        outputs[sample].bands[index].deviation = followed.variance[sample, 0].squareRoot()
      }
    }
  }

  /// About ten to a decade, and the last.
  static func steps(_ count: Int) -> [Int] {
    var steps = [0]
    var next = 1.0
    while Int(next) < count {
      if Int(next) > steps.last! { steps.append(Int(next)) }
      next *= 1.2589254117941673
    }
    return steps + [count]
  }

  /// Which of the steps are confronted: about 2 %, 10 %, 40 % of training, and its end.
  static func confronted(_ steps: [Int]) -> [Int] {
    let last = Double(steps.last ?? 0)
    let chosen = [1.0, 0.4, 0.1, 0.02].map { part in
      steps.indices.dropFirst().min { abs(Double(steps[$0]) - part * last) < abs(Double(steps[$1]) - part * last) }
    }
    var unique: [Int] = []
    for index in chosen { if let index, !unique.contains(index) { unique.append(index) } }
    return unique
  }

  private mutating func addPredictions(
    _ setting: DynamicsSetting, _ finite: FiniteWidthTraining?, leading: [[Double]], networks: Int
  ) {
    let width = Set(setting.network.architecture.widths).count == 1 ? setting.network.architecture.widths.first : nil
    func quantity(_ kind: QuantityKind, _ step: Int, sample: Int? = nil) -> Quantity {
      Quantity(
        kind, samples: sample.map { [$0] } ?? [], outputs: sample == nil ? [] : [0], step: step, width: width)
    }
    let squares = setting.targets.tensor.elements.reduce(0) { $0 + $1 * $1 }
    let scale = (squares / Double(setting.targets.tensor.elements.count)).squareRoot()
    var variances: [(Prediction, effect: Double, infiniteWidth: Double)] = []
    func prediction(_ quantity: Quantity, _ value: Double, _ leftOut: Double, order: Int) -> Prediction {
      Prediction(
        quantity, value: value, truncationError: leftOut,
        source: order > 0 ? .finiteWidthDynamics : .kernelDynamics, numericsVersion: NumericsVersions.dynamics)
    }
    func add(_ quantity: Quantity, _ band: Band, effect: Double) {
      predictions.append(
        prediction(quantity, band.mean, band.leftOut, order: band.infiniteWidth == nil ? 0 : 1))
      if finite != nil { infiniteWidthValues.append(band.infiniteWidth ?? band.mean) }
      smallestEffects.append(effect)
    }
    for index in Self.confronted(steps) {
      let step = steps[index]
      add(quantity(.trainingLoss, step), trainingLoss[index], effect: Self.interest * trainingLoss[index].mean)
      if !testLoss.isEmpty {
        add(quantity(.testLoss, step), testLoss[index], effect: Self.interest * testLoss[index].mean)
      }
      for output in outputs {
        let band = output.bands[index]
        add(
          quantity(areTestOutputs ? .meanTestOutput : .meanTrainingOutput, step, sample: output.sample), band,
          effect: Self.interest * scale)
        if areTestOutputs {
          let start = setting.dynamics.kernels.testKernel[output.sample, output.sample]
          let variance = band.deviation * band.deviation
          let found = prediction(
            quantity(.testOutputVariance, step, sample: output.sample), variance,
            finite?.test[index].varianceLeftOut[output.sample, 0] ?? relativeVariance * (start + variance), order: order
          )
          variances.append((found, Self.interest * (start + variance), leading[index][output.sample]))
        }
      }
    }
    jointCount = min(predictions.count, networks / JointConfrontation.networksPerQuantity)
    predictions += variances.map(\.0)
    smallestEffects += variances.map(\.effect)
    if finite != nil { infiniteWidthValues += variances.map(\.infiniteWidth) }
  }
}
