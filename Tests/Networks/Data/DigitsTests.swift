import OrreryNetworks
import OrreryTensors
import Testing

/// The shipped digits, against numbers that numpy finds in the same file.
@Suite struct DigitsTests {
  @Test func allOfThem() throws {
    let digits = try DataSet<Double>.load(DataDescription(.named("digits"), choice: .firstCome))
    #expect(digits.train.count == 1797 && digits.test.count == 0 && digits.features == 64)
    let values = digits.train.inputs.tensor.elements
    #expect(values.reduce(0, +) == 561_718)
    #expect(values.reduce(0) { $0 + $1 * $1 } == 6_907_012)
    #expect(digits.train.inputs.row(1796).reduce(0, +) == 392)
    #expect(Array(digits.train.inputs.row(0).prefix(6)) == [0, 0, 5, 13, 9, 1])
    let labels = try #require(digits.train.labels)
    #expect(
      (0...9).map { label in labels.count { $0 == label } } == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(digits.classes == Array(0...9) && digits.classNames == (0...9).map(String.init))
    #expect(digits.sampleShape == [8, 8] && digits.licence?.contains("BSD-3") == true)
    #expect(digits.train.targets == nil && digits.outputs == nil)
    #expect(digits.train.places == Array(0..<1797))
  }

  @Test func exampleOfTheDocumentation() throws {
    let description = DataDescription(
      .named("digits"), classes: [0, 1], train: 64, test: 200, normalize: .sphere, targets: .plusMinusOne)
    let digits = try DataSet<Double>.load(description, seed: 7)
    #expect(digits.train.inputs.rows == 64 && digits.train.inputs.columns == 64 && digits.test.count == 200)
    let labels = try #require(digits.train.labels)
    #expect(labels.count { $0 == 0 } == 32 && labels.count { $0 == 1 } == 32)
    let targets = try #require(digits.train.targets)
    #expect(targets.columns == 1 && digits.outputs == 1)
    #expect(targets.tensor.elements == labels.map { $0 == 0 ? -1 : 1 })
    #expect(Set(digits.train.places).isDisjoint(with: digits.test.places))
    #expect(Set(digits.train.places).count == 64 && Set(digits.test.places).count == 200)
    #expect(digits.digest.count == 64)
    for row in 0..<64 {
      let square = digits.train.inputs.row(row).reduce(0) { $0 + $1 * $1 }
      #expect(abs(square - 64) < 64 * 64 * 0x1p-53)
    }
  }

  @Test func singleAndDoublePrecisionAreTheSameData() throws {
    let description = DataDescription(.named("digits"), train: 50, test: 30, normalize: .standard, targets: .oneHot)
    let double = try DataSet<Double>.load(description, seed: 3)
    let single = try DataSet<Float>.load(description, seed: 3)
    #expect(single.digest == double.digest)
    #expect(single.train.labels == double.train.labels && single.test.places == double.test.places)
    for (a, b) in zip(single.train.inputs.tensor.elements, double.train.inputs.tensor.elements) {
      #expect(abs(Double(a) - b) <= 2 * 0x1p-24 * max(abs(b), 1))
    }
    #expect(single.train.targets?.tensor.elements == double.train.targets?.tensor.elements.map { Float($0) })
  }

  @Test func catalogue() throws {
    #expect(DataCatalogue.list.map(\.name) == DataCatalogue.names)
    let entry = try #require(DataCatalogue.entry(named: "digits"))
    #expect(entry.isInstalled && entry.samples == 1797 && entry.features == entry.shape.reduce(1, *))
    #expect(DataCatalogue.entry(named: "mnist") == nil)
    for entry in DataCatalogue.list {
      #expect(!entry.licence.isEmpty && !entry.source.isEmpty && !entry.remedy.isEmpty)
      // A text has characters and no classes of samples.
      #expect(entry.classNames.count == (entry.name == "king-james-bible" ? 0 : 10))
    }
  }
}
