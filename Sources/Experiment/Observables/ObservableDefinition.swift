import OrreryNetworks
import OrreryTensors

/// An observable with what it needs and how it is estimated. One conformance a file, one line in ``ObservableCatalogue``.
protocol ObservableDefinition: ObservableDescription {
  /// What has to be compiled for it.
  static var services: Set<ObservableService> { get }
  /// Whether it depends on a loss and not on the network alone.
  static var needsLoss: Bool { get }
  /// The values at the context's point; none where there is nothing to be had at this step.
  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) throws -> [ObservedValue]
  /// The same in either precision, which is where estimators are compiled for it; there is no need to write these.
  static func observe(_ context: ObservationContext<Float>) throws -> [ObservedValue]
  static func observe(_ context: ObservationContext<Double>) throws -> [ObservedValue]
}

extension ObservableDefinition {
  static var services: Set<ObservableService> { [] }
  static var needsLoss: Bool { !services.isDisjoint(with: [.gradient, .hessian, .gradientNoise]) }
  static func observe(_ context: ObservationContext<Float>) throws -> [ObservedValue] { try estimate(context) }
  static func observe(_ context: ObservationContext<Double>) throws -> [ObservedValue] { try estimate(context) }
}

/// What an observable is estimated with.
enum ObservableService: Hashable, Sendable, CaseIterable {
  /// Passes over the training set, or the test set.
  case trainEvaluation, testEvaluation
  /// The outputs of those passes, kept.
  case trainOutputs, testOutputs
  /// The gradient of the whole training set.
  case gradient
  /// Products with the Hessian of the training loss.
  case hessian
  /// Gradients of small batches.
  case gradientNoise
  /// The empirical tangent kernel, and its derivative along directions.
  case tangentKernel, tangentDerivative
  /// What enters and leaves layers with weights.
  case layers
  /// Jacobians between them.
  case layerJacobians
  /// Second and third derivatives of the outputs.
  case differentials
}

/// One series of values that an observable records.
public struct ObservableRecord: Hashable, Codable, Sendable {
  public enum Kind: Hashable, Codable, Sendable {
    /// A number at each step, drawn as a curve.
    case number(isLogarithmic: Bool)
    /// The error or bound of the number of this name.
    case bound(of: String)
    /// Several numbers at each step, one curve each.
    case list
    /// Rows λ, density, standard error.
    case density
    /// A matrix, a heat map.
    case matrix
    /// Any other array, for the archive and its exports only.
    case array
  }

  public let name: String
  public let title: String
  public let kind: Kind

  /// - Parameters:
  ///   - name: the observable's own key, or the key with a dot or a hyphen and more behind it, such as `gradient-participation.W1`; none
  ///     that the catalogue records.
  ///   - title: what a report calls it.
  public init(_ name: String, _ title: String, _ kind: Kind = .number(isLogarithmic: false)) {
    self.name = name
    self.title = title
    self.kind = kind
  }
}

/// A value of one record at one step.
public struct ObservedValue: Hashable, Sendable {
  /// The record's.
  public let name: String
  /// Empty for a number.
  public let shape: [Int]
  /// Row-major.
  public let values: [Double]

  public init(_ name: String, _ value: Double) { (self.name, shape, values) = (name, [], [value]) }
  public init(_ name: String, shape: [Int], _ values: [Double]) {
    (self.name, self.shape, self.values) = (name, shape, values)
  }
  public init(_ name: String, _ matrix: Matrix<Double>) {
    self.init(name, shape: [matrix.rows, matrix.columns], matrix.tensor.elements)
  }
}

/// How much of it is measured. Whatever changes a number here changes the identity of a run that uses it.
public struct ObservableSettings: Hashable, Codable, Sendable {
  /// Kernels are of the first so many training samples.
  public var kernelSamples = 64
  /// How many of the largest eigenvalues of the Hessian.
  public var eigenvalues = 10
  /// Random vectors of trace and density estimates.
  public var probes = 16
  /// Products with the Hessian for each probe of the density.
  public var densitySteps = 60
  /// Points at which the density is written.
  public var densityPoints = 256
  /// The batch of the gradient noise scale.
  public var noiseBatch = 16
  /// Differentials of the tangent kernel are of the first so many training samples.
  public var differentialSamples = 1

  public init() {}

  /// - Throws: ``ObservableError`` for numbers out of range.
  public func validate() throws {
    let numbers = [
      ("kernel samples", kernelSamples, 2), ("eigenvalues", eigenvalues, 1), ("probes", probes, 2),
      ("density steps", densitySteps, 2), ("density points", densityPoints, 2), ("noise batch", noiseBatch, 1),
      ("differential samples", differentialSamples, 1),
    ]
    for (name, value, least) in numbers where value < least || value > 1 << 16 {
      throw ObservableError(
        "settings", "the number of \(name) is \(value)", remedy: "take one from \(least) to \(1 << 16)")
    }
  }
}

/// The network, data and optimizer that an observable is asked of.
public struct ObservableSetting: Sendable {
  public let network: ResolvedNetwork
  public let optimizer: Optimizer
  /// The network's parameters, and in which units the optimizer meets them.
  public let layout: ParameterLayout
  /// Layers with a parameter of two or more axes: those with features and preactivations.
  public let weightLayers: Int
  /// Numbers that the network puts out for one sample.
  public let outputs: Int
  /// The last extent of the network's output.
  let classes: Int
  /// Whether targets are the output's own values, (samples, outputs).
  let hasTargetValues: Bool
  public let trainSamples: Int
  public let hasTestSet: Bool
  /// Whether the data have targets; without them networks are looked at and not trained.
  public let hasTargets: Bool
  /// Whether targets say which class is right.
  let hasClasses: Bool
  public let settings: ObservableSettings
  /// Whether training begins from given parameters, and not from those that the seed draws.
  let isGiven: Bool

  init(
    _ network: ResolvedNetwork, data: TrainingData, optimizer: Optimizer, settings: ObservableSettings,
    isGiven: Bool = false
  ) throws {
    self.network = network
    self.isGiven = isGiven
    self.optimizer = optimizer
    self.settings = settings
    layout = try NetworkParameters(network).layout
    weightLayers = try network.weightLayers().count
    let shape = try network.outputShape()
    outputs = shape.reduce(1, *)
    classes = shape.last ?? 1
    hasTargetValues = data.train.targetKind == .values
    trainSamples = data.train.samples
    hasTestSet = data.test != nil
    hasTargets = data.hasTargets
    hasClasses = data.train.hasClasses
  }

  /// The number of samples that kernels and layers are looked at on.
  public var kernelSamples: Int { min(settings.kernelSamples, trainSamples) }
  var differentialSamples: Int { min(settings.differentialSamples, trainSamples) }
}

extension TrainingData.Part {
  /// One output: two values of opposite sign. Several: one element larger than all others, the same two values in each row.
  var hasClasses: Bool {
    if targetKind == .classNumbers { return true }
    if targets.columns == 1 {
      let values = Set(targets.tensor.elements)
      return values.count <= 2 && values.allSatisfy { $0 != 0 } && (values.count < 2 || values.contains { $0 < 0 })
        && values.contains { $0 > 0 || values.count == 1 }
    }
    var pairs: Set<[Double]> = []
    for sample in 0..<targets.rows {
      let row = targets.row(sample).sorted()
      guard row[row.count - 1] > row[0], row[0] == row[row.count - 2] else { return false }
      pairs.insert([row[0], row[row.count - 1]])
    }
    return pairs.count == 1
  }
}

/// An observable that is not to be had here, with the reason and what to do.
public struct ObservableError: Error, Hashable, Sendable, CustomStringConvertible {
  public let observable: String
  public let problem: String
  public let remedy: String

  /// - Parameters:
  ///   - observable: its key.
  ///   - problem: what is wrong, a clause without a full stop.
  ///   - remedy: what to do, likewise.
  public init(_ observable: String, _ problem: String, remedy: String) {
    self.observable = observable
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String { "The observable \(observable) is not to be had: \(problem); \(remedy)." }
}
