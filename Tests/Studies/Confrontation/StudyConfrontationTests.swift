import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import Synchronization
import Testing

/// Forecast, measurement and comparison on networks of a dozen neurons.
@Suite(.serialized, .tags(.statistical)) struct StudyConfrontationTests {
  static func finding(_ study: Study = SmallStudies.synthetic()) throws -> Finding {
    try StudyConfrontation(LoadedStudy(study), hasTraining: false).run()
  }

  /// Two hidden layers and the output, two inputs, two predictors: kernels of (0, 0) and (0, 1) and the correlation in
  /// each layer, the variance above the first; the output's second moment and kurtosis.
  @Test func everyQuantityMeetsEveryPredictor() throws {
    let finding = try Self.finding()
    var expected: [String: Int] = [:]
    for layer in 1...3 {
      expected["kernel \(layer)"] = 4
      expected["correlation \(layer)"] = 2
      if layer > 1 { expected["kernel-variance \(layer)"] = 2 }
    }
    expected["output-variance 3"] = 2
    expected["output-excess-kurtosis 3"] = 2
    // The NTK on (0, 0) and (0, 1): its mean at infinite width and at order 1/n, its statistics at order 1/n.
    expected["neural-tangent-kernel 3"] = 4
    for kind in ["tangent-kernel-variance", "tangent-kernel-covariance", "kernel-tangent-covariance"] {
      expected["\(kind) 3"] = 2
    }
    let found = Dictionary(
      finding.confrontations.map {
        ("\($0.prediction.quantity.kind.rawValue) \($0.prediction.quantity.layer ?? 0)", 1)
      },
      uniquingKeysWith: +)
    #expect(found == expected)
    #expect(Set(finding.confrontations.map(\.prediction.source.key)).contains("gram-chain"))
    #expect(finding.depth.map(\.layer) == [1, 2, 3])
    #expect(finding.widths.points.map(\.width) == [6, 12])
    // Against width: the variance by order 1/n and by the chain, the mean by order 1/n; the NTK's mean twice, and its statistics.
    #expect(finding.widths.points.allSatisfy { $0.confrontations.count == 8 && $0.tangentKernel?.networks == 60 })
    #expect(finding.allConfrontations.count == finding.confrontations.count + 16)
  }

  @Test func verdictCountsCountEveryConfrontation() throws {
    let finding = try Self.finding()
    #expect(finding.verdictCounts.values.reduce(0, +) == finding.allConfrontations.count)
    for (verdict, count) in finding.verdictCounts {
      #expect(finding.allConfrontations.filter { $0.verdict == verdict }.count == count)
    }
    for one in finding.allConfrontations {
      let difference = one.measurement.value - one.prediction.value
      let error =
        (one.measurement.standardError * one.measurement.standardError
        + one.measurement.systematicBound * one.measurement.systematicBound
        + one.prediction.samplingError * one.prediction.samplingError
        + one.prediction.truncationError * one.prediction.truncationError).squareRoot()
      #expect(relativeError(one.totalError, error) < 1e-12)
      if error > 0 { #expect(relativeError(one.pull, difference / error) < 1e-12) }
    }
  }

  /// The exact law against many networks: no comparison may be refuted (|pull| ≥ 4 has probability 6e-5).
  @Test func theExactLawIsNotRefuted() throws {
    let finding = try Self.finding(SmallStudies.synthetic(.gelu, networks: 1500))
    let exact = finding.confrontations.filter { $0.prediction.source.key == "gram-chain" }
    #expect(exact.count > 8)
    for one in exact { #expect(one.verdict != .refuted, "\(one.prediction.quantity): pull \(one.pull)") }
  }

  /// What is predicted is there before a network is drawn, and measuring does not change it.
  @Test func forecastsComeBeforeMeasurements() throws {
    let loaded = try LoadedStudy(SmallStudies.synthetic())
    let run = try StudyConfrontation(loaded, hasTraining: false)
    let forecast = try #require(try run.forecast(Sitting()))
    let finding = try run.finding(forecast, StudyConfrontation.measure(run.setup, Sitting()))
    #expect(finding.forecast == forecast.forecast)
    #expect(try finding.forecast == loaded.forecast())
    #expect(finding.confrontations.map(\.prediction) == forecast.predictions)
    #expect(try run.run() == finding)
  }

  /// More networks sharpen measurements; predictions stay to the last bit.
  @Test func predictionsDoNotDependOnTheNumberOfNetworks() throws {
    let few = try StudyConfrontation(LoadedStudy(SmallStudies.synthetic(networks: 40)), hasTraining: false)
    let more = try StudyConfrontation(LoadedStudy(SmallStudies.synthetic(networks: 160)), hasTraining: false)
    #expect(try few.forecast(Sitting())?.predictions == more.forecast(Sitting())?.predictions)
    let errors = try [few, more].map { run in
      try #require(try run.run().confrontations.first { $0.prediction.quantity.kind == .kernel }).measurement
        .standardError
    }
    #expect(errors[1] < errors[0])
  }

  /// The whole finding, every bit of it, for one thread and two, and again.
  @Test(arguments: [Precision.float32, .float64])
  func findingsAreDeterministic(precision: Precision) throws {
    var study = SmallStudies.synthetic(.gelu, networks: 50)
    study.precision = precision
    let threads = Parallel.threads
    defer { Parallel.setThreads(threads) }
    let texts = try [1, 2, 2].map { count in
      Parallel.setThreads(count)
      return try JSON.encode(Self.finding(study))
    }
    #expect(texts[0] == texts[1])
    #expect(texts[1] == texts[2])
    study.seed += 1
    #expect(try JSON.encode(Self.finding(study)) != texts[0])
  }

  @Test(arguments: [
    ActivationFunction.relu, .tanh, .gelu, .step, .sin, .polynomial(coefficients: [0, 1, 0.25]),
  ])
  func findingsRoundTripThroughJSON(function: ActivationFunction) throws {
    let study = SmallStudies.synthetic(function, initialization: .named(.lecun), networks: 20)
    let data = try JSON.encode(Self.finding(study))
    let read = try JSON.decode(Finding.self, data)
    #expect(try JSON.encode(read) == data)
    #expect(read.schema == Finding.schemaVersion)
  }

  /// The least that can be asked for: two networks, one input, no widths, one neuron.
  @Test func theSmallestStudyHasAFinding() throws {
    var study = SmallStudies.synthetic(depth: 1, width: 1, networks: 2, widths: [])
    study.ensemble.inputs = 1
    study.ensemble.chainNetworks = 2
    let finding = try Self.finding(study)
    #expect(finding.widths.points.isEmpty)
    #expect(finding.widths.measuredSlope == nil)
    #expect(!finding.confrontations.contains { $0.prediction.quantity.kind == .correlation })
    #expect(finding.page().html().contains("</html>"))
    #expect(!finding.summary.isEmpty)
  }

  @Test func cancellingStopsBeforeTheEnd() throws {
    let run = try StudyConfrontation(LoadedStudy(SmallStudies.synthetic()), hasTraining: false)
    #expect(throws: (any Error).self) { try run.run(Sitting(isCancelled: { true })) }
  }

  @Test func progressNamesTheWidth() throws {
    let lines = Mutex<[String]>([])
    _ = try StudyConfrontation(LoadedStudy(SmallStudies.synthetic()), hasTraining: false).run(
      Sitting(report: { line, _ in lines.withLock { $0.append(line) } }))
    let said = lines.withLock { $0 }
    #expect(said.contains { $0.hasPrefix("width 12: ") && $0.contains("of 60 networks") })
    #expect(said.contains { $0.hasPrefix("width 6: ") })
  }
}
