import Foundation
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTestSupport
import Testing

/// The case that was measured elsewhere: 30 hidden layers of 256 GELU neurons, cross-entropy, Adam, float32, on images
/// of 784 features with ∣x∣²/n_0 = 1 and a typical correlation of 0.30. With PyTorch's defaults it does not learn.
@Suite struct DeepGELUTests {
  static let forecasts: Result<[String: Forecast], any Error> = Result {
    try withTemporaryFolder { folder in
      var forecasts: [String: Forecast] = [:]
      for name in [NamedInitialization.pytorchLinear, .he] {
        let network = Network(
          MultilayerPerceptron(depth: 30, width: 256, activation: Activation(.gelu), outputs: 10),
          initialization: .named(name), parametrization: .standard)
        let study = try SmallStudies.equicorrelated(
          network, features: 784, samples: 40, correlation: 0.3, in: folder,
          optimizer: Optimizer(
            .adam(), learningRate: .value(1e-3), batch: .size(128), steps: 800, loss: .crossEntropy))
        forecasts[name.rawValue] = try LoadedStudy(study, relativeTo: folder).forecast()
      }
      return forecasts
    }
  }

  private var forecast: Forecast {
    get throws { try #require(try Self.forecasts.get()["pytorch-linear"]) }
  }

  private func column(_ name: String) throws -> Forecast.InitializationForecast {
    try #require(try forecast.initializations.first { $0.name == name })
  }

  @Test func statisticsAreThoseOfTheInputs() throws {
    let inputs = try forecast.inputs
    #expect(relativeError(inputs.meanSquare, 1) < 1e-12)
    #expect(relativeError(inputs.typicalCorrelation, 0.3) < 1e-12)
    #expect(inputs.features == 784)
  }

  @Test func pytorchsDefaultsFailAndTheOthersTrain() throws {
    let forecast = try forecast
    #expect(forecast.initializations.map(\.name) == ["nn.Linear", "he", "critical"])
    #expect(forecast.initializations.map(\.isOwn) == [true, false, false])
    #expect(forecast.initializations.map { $0.trainability?.trains } == [false, true, true])
    let first = try #require(forecast.verdict.first)
    #expect(first.tone == .bad)
    #expect(first.text.contains("NOT train with nn.Linear"))
    #expect(forecast.changes.first?.contains("Replace nn.Linear") == true)
  }

  /// Between 14 and 19 layers of two inputs' difference survive; 16 layers still learnt (accuracy 0.694), 20 did not (0.100).
  @Test func theHorizonLiesWhereTrainingWasMeasuredToStop() throws {
    let horizon = try #require(try column("nn.Linear").trainability?.horizon)
    #expect((14...19).contains(horizon))
    #expect(try column("he").trainability?.horizon == nil)
    #expect(try column("critical").trainability?.horizon == nil)
  }

  @Test func heEqualsCriticalUnderAdam() throws {
    #expect(try forecast.verdict.map(\.text).contains("he against critical: no difference under Adam."))
    #expect(try !forecast.changes.contains { $0.contains("against") })
  }

  /// ν = 4.90 at the half-stable point: V/K² grows by ν each layer; 0.59 = ν · 31/256.
  @Test func theExpansionParameterIsThatOfTheCriticalPoint() throws {
    let expansion = try #require(try forecast.expansion)
    #expect(relativeError(expansion.aspectRatio, 31.0 / 256) < 1e-12)
    #expect(abs(expansion.coupling - 0.59) < 0.005)
    #expect(expansion.isCritical)
    #expect(expansion.verdict == "strongly coupled")
  }

  /// The whole kernel recursion by a plain sum, which shares no code with the library.
  @Test(arguments: ["nn.Linear", "he", "critical"])
  func outputKernelsAreThoseOfAPlainSum(name: String) throws {
    let column = try column(name)
    let output = plainRecursion(column.layers, meanSquare: 1, correlation: 0.3)
    #expect(relativeError(column.outputKernel, output.kernel) < 1e-9)
    #expect(relativeError(column.outputCorrelation!, output.correlation) < 1e-7)
  }

  /// The numbers on the first page of the case, to the digits that it shows.
  @Test func numbersAreThoseOfTheKnownCase() throws {
    #expect(abs(try column("nn.Linear").outputKernel - 1.4e-3) < 0.05e-3)
    #expect(abs(try column("he").outputKernel - 2.7e-6) < 0.05e-6)
    #expect(abs(try column("critical").outputKernel - 3.56) < 0.005)
    #expect(abs(try column("he").outputCorrelation! - 0.64) < 0.005)
    #expect(abs(try column("critical").outputCorrelation! - 0.94) < 0.005)
    #expect(try column("nn.Linear").outputDecorrelation! < 0x1p-24)
    let range = try #require(try column("critical").outputKernelRange)
    #expect(range.lower > 0.1 && range.lower < 0.4)
    #expect(range.upper > 2.2 && range.upper < 4.5)
  }

  /// Gradients depend on details of data and loss; they are known to a factor of two.
  @Test(arguments: [("nn.Linear", 9e-19, "frozen"), ("he", 2.0e-5, "ok"), ("critical", 9.4e-3, "ok")])
  func gradientsAreOfTheKnownSize(name: String, expected: Double, verdict: String) throws {
    let trainability = try #require(try column(name).trainability)
    let ratio = trainability.firstLayerGradient / expected
    #expect(ratio > 0.5 && ratio < 2, "\(trainability.firstLayerGradient)")
    #expect(trainability.gradientVerdict == verdict)
  }

  /// The columns are the same whichever is the study's own.
  @Test func columnsDoNotDependOnWhoseTheyAre() throws {
    let other = try #require(try Self.forecasts.get()["he"])
    #expect(other.initializations.first?.name == "he")
    #expect(other.verdict.first?.tone != .bad)
    for column in other.initializations {
      let same = try self.column(column.name)
      #expect(same.outputKernel == column.outputKernel)
      #expect(same.trainability == column.trainability)
    }
  }

  @Test func aTerminalShowsTheSameNumbers() throws {
    let text = try forecast.headline.text()
    for piece in ["30 hidden × 256, gelu", "cross-entropy, Adam, batch 128, float32", "0.12", "0.59", "1 to rounding"] {
      #expect(text.contains(piece), "\(piece) in\n\(text)")
    }
    for line in text.split(separator: "\n") { #expect(line.count < 200, "\(line)") }
  }

  // MARK: A recursion of its own

  private func gelu(_ z: Double) -> Double { 0.5 * z * (1 + erf(z / 2.0.squareRoot())) }

  /// The trapezoid sum over normal variates on ±9 with steps of 1/8, whose error for analytic integrands is far below
  /// rounding.
  private func plainRecursion(
    _ layers: [LayerInitialization], meanSquare: Double, correlation: Double
  ) -> (kernel: Double, correlation: Double) {
    let nodes = (-72...72).map { Double($0) / 8 }
    let weights = nodes.map { exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() / 8 }
    var kernel = layers[0].biasVariance + layers[0].weightVariance * meanSquare
    var cross = layers[0].biasVariance + layers[0].weightVariance * meanSquare * correlation
    for layer in layers.dropFirst() {
      let (root, c) = (kernel.squareRoot(), min(cross / kernel, 1))
      let rest = (1 - c * c).squareRoot()
      var (diagonal, mixed) = (0.0, 0.0)
      for (u, weight) in zip(nodes, weights) {
        let first = gelu(root * u)
        diagonal += weight * first * first
        guard rest > 1e-7 else { continue }
        var inner = 0.0
        for (v, other) in zip(nodes, weights) { inner += other * gelu(root * (c * u + rest * v)) }
        mixed += weight * first * inner
      }
      kernel = layer.biasVariance + layer.weightVariance * diagonal
      cross = rest > 1e-7 ? layer.biasVariance + layer.weightVariance * mixed : kernel
    }
    return (kernel, cross / kernel)
  }
}
