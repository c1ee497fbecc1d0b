import Foundation
import OrreryNetworks
import OrrerySpecification
import OrreryStudies
import OrreryTestSupport
import Testing

/// What `tune` says, and that it can be put into a description as it stands.
@Suite struct RecommendationTests {
  /// The recommendation's YAML below `network:` gives the recommended layers back to the last bit.
  @Test(arguments: [("tanh", 3), ("relu", 2), ("gelu", 4), ("sin", 1), ("linear", 2), ("{ elu: { alpha: 1 } }", 2)])
  func yamlIsTheInitialization(activation: String, depth: Int) throws {
    let study = try study(activation, depth, initialization: "pytorch-linear")
    let recommendation = try Recommendation(study)
    let yaml = recommendation.yaml.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let text = Self.text(activation, depth) + "\n" + yaml
    let read = try #require(try Specification.studies(yaml: text, origin: "tuned.yaml").first).study
    var tuned = study
    tuned.network?.initialization = try #require(read.network).initialization
    let layers = try LoadedStudy(tuned).resolved.network.initializations
    #expect(layers == recommendation.layers)
    // And these are the numbers of `init: critical`.
    tuned.network?.initialization = .critical
    #expect(try LoadedStudy(tuned).resolved.network.initializations == layers)
  }

  @Test func textAgreesWithTheReference() throws {
    let recommendation = try Recommendation(study("gelu", 4, initialization: "he"), label: "seed = 3")
    let reference = try Fixtures.json("effective_theory")["criticality"]["gelu"]
    let taken = try #require(recommendation.points.first { $0.isTaken })
    #expect(relativeError(taken.weightVariance, try reference["C_W"].double) < 1e-12)
    #expect(relativeError(try #require(taken.kernel), try reference["K_star"].double) < 1e-12)
    #expect(recommendation.kernels.count == 5)
    for kernel in recommendation.kernels { #expect(relativeError(kernel, try reference["K_star"].double) < 1e-9) }
    let text = recommendation.text
    for piece in ["At seed = 3:", "1.98305826", "0.172922391", "3.56155281", "half-stable"] {
      #expect(text.contains(piece), "\(piece) in\n\(text)")
    }
    let rates = text.split(separator: "\n").filter { $0.contains("1.98305826") }
    #expect(rates.count == 5, "The headline and layers 2 to 5; the first layer's C_W follows the data.\n\(text)")
  }

  @Test func theInitializationDescribedDoesNotMatter() throws {
    let one = try Recommendation(study("tanh", 2, initialization: "he"))
    let other = try Recommendation(study("tanh", 2, initialization: "critical"))
    #expect(one == other)
  }

  @Test func jsonRoundTrips() throws {
    let recommendation = try Recommendation(study("gelu", 2, initialization: "he"))
    let data = try JSON.encode(recommendation)
    #expect(try JSON.decode(Recommendation.self, data) == recommendation)
  }

  @Test func noCriticalPointIsAnError() throws {
    let error = #expect(throws: StudyError.self) {
      try Recommendation(study("softplus", 2, initialization: "he"))
    }
    #expect(error?.kind == .noCriticalPoint)
  }

  private static func text(_ activation: String, _ depth: Int) -> String {
    """
    orrery: 1
    data: { synthetic: { distribution: gaussian, samples: 9, features: 5 } }
    network:
      mlp: { depth: \(depth), width: 7, activation: \(activation) }
    """
  }

  private func study(_ activation: String, _ depth: Int, initialization: String) throws -> Study {
    let text = Self.text(activation, depth) + "\n  init: \(initialization)"
    return try #require(try Specification.studies(yaml: text, origin: "mine.yaml").first).study
  }
}
