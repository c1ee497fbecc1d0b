import Foundation
import OrreryArchive
import OrreryNetworks
import OrreryStudies
import Testing

@Suite("The identity of a study's run")
struct RunIdentityTests {
  @Test func itIsWhatWasAsked() throws {
    let loaded = try LoadedStudy(SmallStudies.synthetic(), label: "width=12")
    let identity = try loaded.runIdentity(kind: "train", settings: ["observables": "loss"])
    #expect(identity.subject == (try loaded.forecast().subject))
    #expect(identity.label == "width=12" && identity.seed == 11 && identity.dataDigest == loaded.resolved.dataDigest)
    #expect(
      try JSONDecoder().decode(ResolvedStudy<ResolvedNetwork>.self, from: Data(identity.study.utf8)) == loaded.resolved)
    #expect(try loaded.runIdentity(kind: "train", settings: ["observables": "loss"]) == identity)
    let others = try [
      loaded.runIdentity(kind: "measure", settings: ["observables": "loss"]), loaded.runIdentity(kind: "train"),
      loaded.runIdentity(kind: "train", settings: ["observables": "loss"], numerics: ["training": 2]),
      LoadedStudy(SmallStudies.synthetic(seed: 12)).runIdentity(kind: "train", settings: ["observables": "loss"]),
    ]
    #expect(Set(others.map(\.hash) + [identity.hash]).count == 5)
  }
}
