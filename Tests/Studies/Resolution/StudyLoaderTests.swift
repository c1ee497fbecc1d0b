import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Reading data, fixing numbers, and the digest that tells whether two runs ask the same question.
@Suite struct StudyLoaderTests {
  @Test func theSameStudyHasTheSameHash() throws {
    let study = SmallStudies.synthetic()
    let hash = try LoadedStudy(study).hash
    #expect(hash.count == 64)
    #expect(try LoadedStudy(study).hash == hash)
    // The label of a sweep and the folder are not part of the question.
    let elsewhere = try LoadedStudy(study, label: "seed = 11", relativeTo: URL(filePath: "/"))
    #expect(elsewhere.hash == hash)
  }

  @Test func everythingThatChangesTheQuestionChangesTheHash() throws {
    let base = SmallStudies.synthetic()
    func changed(_ change: (inout Study) -> Void) -> Study {
      var study = base
      change(&study)
      return study
    }
    let studies = [
      base, changed { $0.seed = 12 }, changed { $0.precision = .float64 },
      changed { $0.network?.parametrization = .standard },
      changed { $0.network?.architecture.perceptron?.widths[1] = 13 },
      changed { $0.network?.architecture.perceptron?.activation.inputScale = 1.0000000000000002 },
      changed { $0.network?.initialization = .named(.he) }, changed { $0.data?.normalize = .standard },
      changed { $0.data?.train = 5 }, changed { $0.optimizer = nil }, changed { $0.ensemble.networks += 1 },
      changed { $0.ensemble.widths.append(24) },
    ]
    let hashes = try studies.map { try LoadedStudy($0).hash }
    #expect(Set(hashes).count == studies.count)
  }

  /// The same question to another version of the numerics may get other digits.
  @Test func theVersionsOfTheNumericsAreInTheHash() throws {
    let loaded = try LoadedStudy(SmallStudies.synthetic())
    #expect(try loaded.resolved.digest(numerics: NumericsVersions.all) == loaded.hash)
    for name in NumericsVersions.all.keys {
      var others = NumericsVersions.all
      others[name]? += 1
      #expect(try loaded.resolved.digest(numerics: others) != loaded.hash, "\(name)")
    }
    #expect(NumericsVersions.all["gram-chain"] == GramChain.numericsVersion)
  }

  /// The same description of files whose contents differ is another question.
  @Test func theDataThemselvesAreInTheHash() throws {
    try withTemporaryFolder { folder in
      let network = Network(MultilayerPerceptron(depth: 1, width: 3, activation: Activation(.relu)))
      let hashes = try [0.3, 0.3, 0.4].map { correlation in
        let study = try SmallStudies.equicorrelated(
          network, features: 6, samples: 4, correlation: correlation, in: folder)
        return try LoadedStudy(study, relativeTo: folder).hash
      }
      #expect(hashes[0] == hashes[1])
      #expect(hashes[0] != hashes[2])
    }
  }

  @Test func probesAreTheFirstInputs() throws {
    let loaded = try LoadedStudy(SmallStudies.synthetic())
    #expect(loaded.probes.rows == 2)
    #expect(loaded.probes.row(1) == loaded.data.train.inputs.row(1))
    var study = SmallStudies.synthetic()
    study.ensemble.inputs = 100
    #expect(try LoadedStudy(study).probes.rows == 6)
  }

  @Test func missingPartsAreNamed() {
    var study = SmallStudies.synthetic()
    study.network = nil
    var error = #expect(throws: StudyError.self) { try LoadedStudy(study) }
    #expect(error?.kind == .missingPart)
    #expect(error?.description.contains("network") == true)
    study = SmallStudies.synthetic()
    study.data = nil
    error = #expect(throws: StudyError.self) { try LoadedStudy(study) }
    #expect(error?.description.contains("data") == true)
  }

  @Test func outputsMustFitTheTargetsAndTheLoss() throws {
    var study = SmallStudies.synthetic()
    study.data = DataDescription(.named("digits"), targets: .oneHot)
    var error = #expect(throws: StudyError.self) { try LoadedStudy(study) }
    #expect(error?.kind == .mismatch)
    #expect(error?.description.contains("outputs to 10") == true, "\(String(describing: error))")
    study = SmallStudies.synthetic()
    study.optimizer?.loss = .crossEntropy
    error = #expect(throws: StudyError.self) { try LoadedStudy(study) }
    #expect(error?.kind == .mismatch)
  }
}
