import Foundation
import OrreryNetworks
import Testing

@Suite struct DataDescriptionTests {
  @Test(arguments: [
    DataDescription(.named("digits")),
    DataDescription(
      .named("fashion-mnist"), classes: [3, 1], train: 10, test: 0, normalize: .standard, targets: .centred,
      choice: .firstCome),
    DataDescription(.files(DataFiles(inputs: ArrayReference(path: "x.npy")))),
    DataDescription(
      .files(
        DataFiles(
          inputs: ArrayReference(path: "a.npz", array: "x"), labels: .array(ArrayReference(path: "a.npz", array: "y")),
          testInputs: ArrayReference(path: "t.npy"), testLabels: ArrayReference(path: "l.npy")))),
    DataDescription(.files(DataFiles(inputs: ArrayReference(path: "x.csv"), labels: .column(-1)))),
    DataDescription(
      .files(
        DataFiles(
          inputs: ArrayReference(path: "x.csv"), labels: .columnName("kind"),
          testInputs: ArrayReference(path: "t.csv")))),
    DataDescription(.synthetic(SyntheticData(.sphere, samples: 5, features: 3)), train: 4, test: 1),
  ]) func roundTripsThroughJSON(_ description: DataDescription) throws {
    let data = try JSONEncoder().encode(description)
    #expect(try JSONDecoder().decode(DataDescription.self, from: data) == description)
  }

  @Test func readsTheFormOfDescriptions() throws {
    let text =
      #"{"name": "digits", "classes": [0, 1], "train": 64, "normalize": "sphere", "targets": "plus-minus-one"}"#
    let expected = DataDescription(
      .named("digits"), classes: [0, 1], train: 64, normalize: .sphere, targets: .plusMinusOne)
    #expect(try JSONDecoder().decode(DataDescription.self, from: Data(text.utf8)) == expected)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(DataDescription.self, from: Data(#"{"train": 3}"#.utf8))
    }
  }

  @Test func outputsOfTargets() {
    #expect(TargetEncoding.none.outputs(classCount: 4) == nil)
    #expect(TargetEncoding.plusMinusOne.outputs(classCount: 2) == 1)
    #expect(TargetEncoding.oneHot.outputs(classCount: 4) == 4)
    #expect(TargetEncoding.centred.outputs(classCount: 4) == 4)
  }
}
