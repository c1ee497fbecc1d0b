import Foundation
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTestSupport
import Testing

/// What a forecast says of gradients: on which targets, in which units, against what.
@Suite struct ForecastGradientTests {
  private static let mse = Loss.meanSquaredError(reduction: .mean, half: true)
  private static let adam = Optimizer(.adam(), batch: .size(50), steps: 1, loss: mse)

  /// Ten classes of digits, or two, and a small tanh network.
  private func study(
    targets: TargetEncoding = .oneHot, normalize: DataNormalization = .sphere, function: ActivationFunction = .tanh,
    initialization: Initialization = .named(.he), optimizer: Optimizer = adam, precision: Precision = .float32,
    parametrization: Parametrization = .standard
  ) -> Study {
    Study(
      seed: 3, precision: precision,
      network: Network(
        MultilayerPerceptron(depth: 4, width: 60, activation: Activation(function), outputs: 10),
        initialization: initialization, parametrization: parametrization),
      data: DataDescription(.named("digits"), train: 100, test: 10, normalize: normalize, targets: targets),
      optimizer: optimizer)
  }

  private func gradient(_ study: Study) throws -> Double {
    try #require(try LoadedStudy(study).forecast().initializations[0].trainability).firstLayerGradient
  }

  @Test func gradientsFollowTheTargets() throws {
    let values = try [TargetEncoding.oneHot, .centred, .none].map { try gradient(study(targets: $0)) }
    #expect(Set(values).count == 3)
    // E y² is 0.1, 0.09 and, without targets, taken as 1.
    #expect(values[1] < values[0] && values[0] < values[2])
    let without = try LoadedStudy(study(targets: .none)).forecast()
    #expect(without.notSaid.contains { $0.contains("no targets") })
    #expect(try !LoadedStudy(study()).forecast().notSaid.contains { $0.contains("no targets") })
  }

  @Test func ntkUnitsAreSaid() throws {
    let ratio = try gradient(study(parametrization: .ntk)) / gradient(study())
    #expect(relativeError(ratio, (2.0 / 64).squareRoot()) < 1e-12)
    #expect(try LoadedStudy(study(parametrization: .ntk)).forecast().headline.text().contains("(NTK units)"))
    #expect(try !LoadedStudy(study()).forecast().headline.text().contains("(NTK units)"))
  }

  @Test func withoutAdamTheRangeIsTheLaw() throws {
    let sgd = Optimizer(.sgd(), learningRate: .value(0.1), batch: .size(50), steps: 1, loss: Self.mse)
    let text = try LoadedStudy(study(optimizer: sgd)).forecast().headline.text()
    #expect(text.contains("range of floating point"))
    #expect(!text.contains("Adam"))
  }

  @Test func stateInHalfPrecisionIsNotSaid() throws {
    for precision in [Precision.float16, .bfloat16] {
      let lines = try LoadedStudy(study(precision: precision)).forecast().notSaid
      #expect(lines.contains { $0.contains("moments and ε") && $0.contains(precision.rawValue) })
    }
    #expect(try !LoadedStudy(study()).forecast().notSaid.contains { $0.contains("moments and ε") })
  }

  @Test func activationsThatJumpHaveAVerdictOfTheirOwn() throws {
    let forecast = try LoadedStudy(study(function: .step)).forecast()
    #expect(forecast.verdict[0].tone == .bad)
    #expect(forecast.verdict[0].text.contains("step has derivative 0 almost everywhere"))
    #expect(forecast.initializations.allSatisfy { $0.trainability?.gradientVerdict == "frozen" })
    #expect(forecast.initializations.allSatisfy { $0.trainability?.firstLayerGradient == 0 })
    #expect(forecast.changes.count == 1 && !forecast.changes[0].contains("layers"))
  }

  @Test func gradientsBeyondAllNumbersAreNotOK() throws {
    var study = study(initialization: .uniform(LayerInitialization(weightVariance: 9, biasVariance: 0)))
    study.network?.architecture.perceptron = MultilayerPerceptron(
      depth: 1200, width: 8, activation: Activation(.tanh), outputs: 10)
    let trainability = try #require(try LoadedStudy(study).forecast().initializations[0].trainability)
    #expect(!trainability.trains)
    #expect(trainability.gradientVerdict == "overflow")
  }

  /// Deep and narrow: the chain's networks have kernels far below that of infinite width.
  @Test func strongCouplingIsNoVerdict() throws {
    var study = study(initialization: .critical)
    study.network?.architecture.perceptron = MultilayerPerceptron(
      depth: 600, width: 16, activation: Activation(.tanh), outputs: 10)
    let forecast = try LoadedStudy(study).forecast()
    let own = forecast.initializations[0]
    #expect(own.trainability?.trains == false)
    #expect(own.trainability?.gradientVerdict == "in doubt")
    #expect(own.trainability?.law == "gram-chain")
    #expect(forecast.verdict.contains { $0.text.contains("With critical, cannot say: strongly coupled") })
    #expect(!forecast.verdict.contains { $0.text.contains("Trains with critical") })
    #expect(!forecast.changes.contains { $0.contains("Replace") || $0.contains("no initialization") })
  }

  /// Standardized digits differ in length; those on the sphere do not.
  @Test func lengthsOfTheDataAreShown() throws {
    let wide = try LoadedStudy(study(normalize: .standard, function: .relu)).forecast()
    let range = try #require(wide.initializations[0].outputKernelOverData)
    #expect(range.lower < 1 && range.upper > 1)
    #expect(wide.headline.text().contains("over the data, 5–95 %"))
    let round = try LoadedStudy(study(function: .relu)).forecast()
    #expect(round.initializations.allSatisfy { $0.outputKernelOverData == nil })
    #expect(!round.headline.text().contains("over the data"))
    // He's K is 2q at any depth: the range is that of |x|²/n_0 itself.
    #expect(range.upper < wide.inputs.largestSquare / wide.inputs.meanSquare)
    #expect(range.lower > wide.inputs.smallestSquare / wide.inputs.meanSquare)
  }
}
