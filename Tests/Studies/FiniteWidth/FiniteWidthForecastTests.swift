import OrreryAnalysis
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTestSupport
import OrreryTheory
import Testing

/// What a forecast says of finite width.
@Suite struct FiniteWidthForecastTests {
  private typealias Kind = Forecast.FiniteWidth.Kind

  private func network(
    _ function: ActivationFunction, depth: Int, width: Int, outputs: Int = 1, weight: Double = 1, bias: Double = 0
  ) -> PerceptronView {
    PerceptronView(
      architecture: MultilayerPerceptron(
        depth: depth, width: width, activation: Activation(function), outputs: outputs), inputs: 3,
      layers: Array(repeating: LayerInitialization(weightVariance: weight, biasVariance: bias), count: depth + 1),
      parametrization: .ntk)
  }

  private func effects(_ network: PerceptronView, target: Double = 1) throws -> [Kind: Forecast.FiniteWidth.Effect] {
    let forecast = try Forecast.FiniteWidth(network, meanSquaredInput: 1, meanSquaredTarget: target, nu: nil)
    return Dictionary(uniqueKeysWithValues: forecast.effects.map { ($0.kind, $0) })
  }

  /// z = w·Ux/√n with unit Gaussians has Ĝ = ∣Ux∣²/n and Ĥ = (∣w∣² + ∣Ux∣²)/n, so that Var Ĝ = 2/n, Var Ĥ = 4/n, Θ = 2, and two
  /// outputs share E Ĥ_12² = 1/n. In training dĤ/dt = −4(z − y)z/n, and z − y falls as e^(−2t) at leading order: E Ĥ changes at the rate
  /// −4/n at first, and by (y² − 1)/n in the end.
  @Test func oneHiddenLinearLayer() throws {
    let n = 20
    let found = try effects(network(.linear, depth: 1, width: n, outputs: 2), target: 3)
    let expected: [Kind: Double] = [
      .kernelVariance: 2, .kernelShift: 0, .tangentKernelVariance: 1, .tangentKernelShift: 0, .outputMixing: 0.25,
      .tangentKernelDrift: -1, .representationLearning: 1,
    ]
    #expect(Set(found.keys) == Set(expected.keys))
    for (kind, value) in expected {
      #expect(abs(try #require(found[kind]).value - value / Double(n)) < 1e-12, "\(kind)")
      #expect(found[kind]?.smallWidth == max(1, Int((abs(value) / 0.1).rounded())), "\(kind)")
    }
    #expect(abs(try #require(found[.kernelVariance]?.exact) - 0.1) < 1e-14)
    // At V/(nK²) = 2(ℓ − 1)/n one hidden layer reaches 10 %, and none stays below.
    #expect(found[.kernelVariance]?.smallDepth == 0)
  }

  /// The width at which an effect is 10 % is the one at which it is.
  @Test(arguments: [ActivationFunction.tanh, .gelu, .relu])
  func effectsGoAsOneOverWidth(function: ActivationFunction) throws {
    let narrow = try effects(network(function, depth: 4, width: 30, weight: 1.6, bias: 0.1))
    let wide = try effects(network(function, depth: 4, width: 300, weight: 1.6, bias: 0.1))
    for (kind, effect) in narrow {
      let other = try #require(wide[kind])
      #expect(abs(other.value - effect.value / 10) <= 1e-12 * abs(effect.value) + 1e-15, "\(kind)")
      #expect(abs(other.smallWidth - effect.smallWidth) <= 1, "\(kind)")
    }
    let variance = try #require(narrow[.kernelVariance])
    let there = try effects(network(function, depth: 4, width: variance.smallWidth, weight: 1.6, bias: 0.1))
    let reached = try #require(there[.kernelVariance]).value
    #expect(reached <= 0.1 && reached > 0.09)
  }

  /// At criticality every coupling grows with depth as ℓ (PDLT chapters 5, 8, 11): relevant, and ν = 5 for ReLU.
  @Test func criticalCouplingsAreRelevant() throws {
    let found = try effects(network(.relu, depth: 8, width: 90, weight: 2))
    let variance = try #require(found[.kernelVariance])
    #expect(relativeError(variance.value, 5 * 8 / 90) < 1e-9)
    // 5 · 1/90 is below 10 %, 5 · 2/90 is not.
    #expect(variance.smallDepth == 1)
    for kind in [Kind.kernelVariance, .tangentKernelVariance, .tangentKernelDrift] {
      let effect = try #require(found[kind])
      #expect(effect.relevance == .relevant, "\(kind)")
      #expect(abs(try #require(effect.scaling).exponent.value - 1) < 0.1, "\(kind)")
    }
    // The mean of a homogeneous network's kernel and NTK is that of infinite width.
    for kind in [Kind.kernelShift, .tangentKernelShift] {
      let effect = try #require(found[kind])
      #expect(abs(effect.value) < 1e-12)
      #expect(effect.scaling == nil && effect.smallDepth == nil)
    }
  }

  @Test func forecastsSayIt() throws {
    let forecast = try LoadedStudy(SmallStudies.synthetic(.gelu, depth: 4, width: 50)).forecast()
    let finiteWidth = try #require(forecast.finiteWidth)
    #expect(finiteWidth.width == 50)
    let variance = try #require(finiteWidth.effects.first { $0.kind == .kernelVariance })
    #expect(relativeError(variance.value, try #require(forecast.expansion).relativeVariance) < 1e-9)
    #expect(!finiteWidth.effects.contains { $0.kind == .outputMixing })
    #expect(finiteWidth.optimalAspectRatio == nil, "One output shares nothing.")
    let text = try #require(forecast.finiteWidthTable).text()
    for effect in finiteWidth.effects { #expect(text.contains(effect.kind.meaning)) }
    #expect(text.contains("L/n"))
  }

  @Test func aspectRatioBesideTheOptimum() throws {
    let forecast = try Forecast.FiniteWidth(
      network(.tanh, depth: 5, width: 60, outputs: 10), meanSquaredInput: 1, meanSquaredTarget: 1, nu: 2.0 / 3)
    // 4/(50 · 2/3).
    #expect(relativeError(try #require(forecast.optimalAspectRatio), 0.12) < 1e-12)
  }

  /// What is not offered is said, and no error.
  @Test func exclusionsAreSentences() throws {
    let jumps = try LoadedStudy(SmallStudies.synthetic(.step, initialization: .named(.he))).forecast()
    #expect(jumps.finiteWidth == nil && jumps.finiteWidthTable == nil)
    #expect(jumps.notSaid.contains { $0.contains("NTK") && $0.contains("two slopes") })
    let deep = try LoadedStudy(SmallStudies.synthetic(depth: 300, width: 4, optimizer: nil)).forecast()
    #expect(deep.finiteWidth == nil)
    #expect(deep.notSaid.contains { $0.contains("301 layers") })
  }
}
