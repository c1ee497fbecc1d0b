import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import Testing

/// Fashion-MNIST where it is installed, and what is said where it is not.
@Suite struct FashionMNISTTests {
  static let isInstalled = DataCatalogue.entry(named: "fashion-mnist")?.isInstalled == true

  /// Sums, labels and class sizes as numpy finds them in the same files.
  @Test(.enabled(if: isInstalled, "Fashion-MNIST is not installed; 'make data' installs it."))
  func firstImages() throws {
    let description = DataDescription(.named("fashion-mnist"), train: 8, choice: .firstCome)
    let data = try DataSet<Float>.load(description)
    #expect(data.train.labels == [9, 0, 0, 3, 0, 2, 7, 2])
    #expect((0..<3).map { data.train.inputs.row($0).reduce(0, +) } == [76_247, 84_598, 28_662])
    #expect(data.test.count == 10_000 && data.features == 784 && data.sampleShape == [28, 28])
    #expect(data.test.labels.map { Array($0.prefix(8)) } == [9, 2, 1, 1, 6, 1, 4, 6])
    #expect(data.test.inputs.tensor.elements.reduce(0.0) { $0 + Double($1) } == 573_469_082)
    #expect(data.classNames[9] == "ankle boot")
  }

  @Test(.enabled(if: isInstalled, "Fashion-MNIST is not installed; 'make data' installs it."))
  func balancedChoice() throws {
    let description = DataDescription(
      .named("fashion-mnist"), classes: [7, 2, 5], train: 100, test: 31, normalize: .sphere, targets: .centred)
    let data = try DataSet<Float>.load(description, seed: 11)
    let labels = try #require(data.train.labels)
    #expect([7, 2, 5].map { label in labels.count { $0 == label } } == [34, 33, 33])
    #expect(data.classNames == ["sneaker", "pullover", "sandal"])
    #expect(data.train.targets?.columns == 3)
  }
}
