import Foundation
import OrreryArchive
import OrreryNetworks
import OrreryStudies
import OrreryTestSupport
import Testing

@Suite("The identity of a study's run")
struct RunIdentityTests {
  @Test func itIsWhatWasAsked() throws {
    let loaded = try LoadedStudy(SmallStudies.synthetic(), label: "width=12")
    let identity = try loaded.runIdentity(kind: "train", settings: ["observables": "loss"])
    #expect(identity.subject == (try loaded.forecast().subject))
    #expect(identity.label == "width=12" && identity.seed == 11 && identity.dataDigest == loaded.resolved.dataDigest)
    let study = try JSONValue(name: "study", data: Data(identity.study.utf8))
    #expect(try study["seed"].int == 11 && study["dataDigest"].string == loaded.resolved.dataDigest)
    #expect(!study["ensemble"].exists)
    let network = try JSONDecoder().decode(NetworkOnly.self, from: Data(identity.study.utf8)).network
    #expect(network == loaded.resolved.network)
    #expect(try loaded.runIdentity(kind: "train", settings: ["observables": "loss"]) == identity)
    let others = try [
      loaded.runIdentity(kind: "measure", settings: ["observables": "loss"]), loaded.runIdentity(kind: "train"),
      loaded.runIdentity(kind: "train", settings: ["observables": "loss"], numerics: ["training": 2]),
      LoadedStudy(SmallStudies.synthetic(seed: 12)).runIdentity(kind: "train", settings: ["observables": "loss"]),
    ]
    #expect(Set(others.map(\.hash) + [identity.hash]).count == 5)
  }

  private struct NetworkOnly: Decodable { var network: ResolvedNetwork }

  /// How many networks a forecast samples, and at which widths, is nothing to a training.
  @Test func theEnsembleIsNoPartOfATraining() throws {
    func identity(_ change: (inout EnsembleDescription) -> Void, networks: Int = 3) throws -> RunIdentity {
      let optimizer = Optimizer(
        .gradientDescent(), learningRate: .value(0.1), steps: 5, loss: .meanSquaredError(reduction: .mean, half: true))
      var study = SmallStudies.synthetic(optimizer: optimizer)
      study.data = DataDescription(
        .named("digits"), classes: [0, 1], train: 8, normalize: .sphere, targets: .plusMinusOne)
      change(&study.ensemble)
      return try TrainingStudy(LoadedStudy(study), TrainingRequest(networks: networks)).identity
    }
    let one = try identity { _ in }
    let other = try identity {
      ($0.networks, $0.chainNetworks, $0.inputs, $0.widths, $0.trained) = (77, 99, 1, [5], 4)
    }
    #expect(one == other)
    #expect(try identity({ _ in }, networks: 4).hash != one.hash)
    #expect(one.numerics["training"] != nil && one.numerics["gram-chain"] == nil)
  }
}
