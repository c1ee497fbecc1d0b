import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTestSupport
import Testing

/// What a forecast says, and that it survives being written and read.
@Suite struct ForecastTests {
  @Test(arguments: [ActivationFunction.tanh, .relu, .gelu, .elu(alpha: 1), .softplus, .sigmoid])
  func jsonRoundTrips(function: ActivationFunction) throws {
    let forecast = try LoadedStudy(SmallStudies.synthetic(function, initialization: .named(.he))).forecast()
    let data = try JSON.encode(forecast)
    let read = try JSON.decode(Forecast.self, data)
    #expect(read == forecast)
    #expect(try JSON.encode(read) == data)
  }

  /// A candidate whose kernel overflows is a column of infinities, and still JSON.
  @Test func infinitiesSurviveJSON() throws {
    let calm = LayerInitialization(weightVariance: 1e-3, biasVariance: 0)
    let study = SmallStudies.synthetic(.monomial(degree: 4), depth: 12, initialization: .uniform(calm))
    let forecast = try LoadedStudy(study).forecast()
    let infinite = forecast.initializations.filter { !$0.outputKernel.isFinite }
    #expect(!infinite.isEmpty, "He's C_W = 2 lets z⁴ grow without bound.")
    let read = try JSON.decode(Forecast.self, try JSON.encode(forecast))
    #expect(read.initializations.map(\.outputKernel) == forecast.initializations.map(\.outputKernel))
    #expect(try JSON.encode(read) == JSON.encode(forecast))
    #expect(forecast.verdict.contains { $0.text.contains("grows beyond all numbers") })
  }

  @Test(arguments: [(ActivationFunction.exp, 1.0, 40), (.monomial(degree: 3), 30, 30), (.relu, 1e300, 30)])
  func overflowIsAnErrorWithTheLayer(function: ActivationFunction, weightVariance: Double, depth: Int) {
    let study = SmallStudies.synthetic(
      function, depth: depth,
      initialization: .uniform(LayerInitialization(weightVariance: weightVariance, biasVariance: 0)))
    let error = #expect(throws: StudyError.self) { try LoadedStudy(study).forecast() }
    #expect(error?.kind == .overflow)
    #expect(error?.description.contains("of \(depth + 1)") == true, "\(String(describing: error))")
  }

  @Test func withoutAnOptimizerNothingIsSaidOfTraining() throws {
    let forecast = try LoadedStudy(SmallStudies.synthetic(optimizer: nil)).forecast()
    #expect(forecast.initializations.allSatisfy { $0.trainability == nil })
    #expect(forecast.layers.allSatisfy { $0.weightGradient == nil })
    #expect(!forecast.verdict.contains { $0.text.lowercased().contains("train") })
    #expect(forecast.notSaid.contains { $0.contains("no optimizer") })
  }

  @Test func activationsWithoutCriticalPointSayWhy() throws {
    let forecast = try LoadedStudy(SmallStudies.synthetic(.softplus, initialization: .named(.he))).forecast()
    #expect(forecast.criticality.points.allSatisfy { !$0.isTaken })
    #expect(forecast.criticality.reason?.isEmpty == false)
    #expect(try #require(forecast.expansion).isCritical == false)
    #expect(!forecast.initializations.map(\.name).contains("critical"))
  }

  @Test func equalInitializationsShareAColumn() throws {
    let forecast = try LoadedStudy(SmallStudies.synthetic(.relu, initialization: .critical)).forecast()
    #expect(forecast.initializations.map(\.name) == ["critical = he", "nn.Linear"])
  }

  @Test func forecastsDoNotDependOnTheEnsemble() throws {
    let few = try LoadedStudy(SmallStudies.synthetic(networks: 10)).forecast()
    let many = try LoadedStudy(SmallStudies.synthetic(networks: 900, widths: [4])).forecast()
    #expect(few.layers == many.layers)
    #expect(few.predictions == many.predictions)
    #expect(few.initializations == many.initializations)
  }

  /// More width: the same infinite-width numbers, fluctuations as 1/n.
  @Test func widthEntersAsOneOverN() throws {
    let narrow = try LoadedStudy(SmallStudies.synthetic(.gelu, depth: 4, width: 20)).forecast()
    let wide = try LoadedStudy(SmallStudies.synthetic(.gelu, depth: 4, width: 200)).forecast()
    for (one, other) in zip(narrow.layers, wide.layers) {
      #expect(relativeError(other.kernel, one.kernel) < 1e-14)
      #expect(relativeError(10 * (try #require(other.kernelVariance)), try #require(one.kernelVariance)) < 1e-12)
    }
    #expect(
      relativeError(10 * (try #require(wide.expansion).coupling), try #require(narrow.expansion).coupling) < 1e-12)
  }

  /// The laws of finite width are those of independent weights: kernels stay, what fluctuates is left out, and said to be.
  @Test func fluctuationsOfOrthogonalWeightsAreLeftOut() throws {
    func forecast(_ distribution: WeightDistribution) throws -> Forecast {
      let layer = LayerInitialization(weightVariance: 1, biasVariance: 0, weightDistribution: distribution)
      return try LoadedStudy(SmallStudies.synthetic(depth: 8, width: 8, initialization: .uniform(layer))).forecast()
    }
    let (orthogonal, gaussian) = (try forecast(.orthogonal), try forecast(.gaussian))
    #expect(orthogonal.layers.map(\.kernel) == gaussian.layers.map(\.kernel))
    #expect(orthogonal.layers.map(\.neuralTangentKernel) == gaussian.layers.map(\.neuralTangentKernel))
    #expect(orthogonal.expansion == nil && gaussian.expansion != nil)
    // The first layer's kernel is the input's.
    #expect(orthogonal.layers[0].kernelVariance == 0)
    #expect(orthogonal.layers.dropFirst().allSatisfy { $0.kernelVariance == nil && $0.kernelShift == nil })
    #expect(orthogonal.initializations[0].outputKernelRange == nil)
    #expect(orthogonal.notSaid.contains { $0.contains("ν L/n") && $0.contains("layer 1 are orthogonal") })
    #expect(!orthogonal.verdict.contains { $0.text.contains("L/n") })
    #expect(!orthogonal.changes.contains { $0.contains("more width") })
    #expect(!orthogonal.layerTable.text().contains("V/(nK²)") && gaussian.layerTable.text().contains("V/(nK²)"))
    #expect(orthogonal.predictions.allSatisfy { $0.truncationError.isFinite })
    #expect(!orthogonal.predictions.contains { $0.quantity.kind == .kernelVariance && $0.quantity.layer != 1 })
    #expect(try JSON.decode(Forecast.self, try JSON.encode(orthogonal)) == orthogonal)
  }

  @Test func labelAndSubjectSayWhichPoint() throws {
    var study = SmallStudies.synthetic()
    study.network?.architecture.perceptron?.widths = [7, 9]
    let forecast = try LoadedStudy(study, label: "seed = 3").forecast()
    #expect(forecast.subject == "hidden 7-9, tanh, sphere inputs, MSE, Adam, batch 16, float32")
    #expect(forecast.headline.text().contains("seed = 3"))
  }
}
