import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
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

  @Test func whereItIsNotInstalled() throws {
    try withTemporaryFolder { folder in
      #expect(FashionMNIST.entry(in: folder).isInstalled == false)
      let error = try #require(throws: DataError.self) { try FashionMNIST.read(from: folder) }
      #expect(error.category == .noSuchInput && error.kind == .notInstalled)
      #expect(error.description.contains("not installed") && error.description.contains("make data"))
    }
  }

  /// A user's own folder of data sets goes before the system's, and may hold the files uncompressed.
  @Test func aFolderOfOnesOwn() throws {
    try withTemporaryFolder { folder in
      #expect(FashionMNIST.folder(userFolder: folder) == FashionMNIST.folder(userFolder: nil))
      let own = folder.appending(path: "fashion-mnist", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      #expect(FashionMNIST.folder(userFolder: folder).path == own.path)
      for part in ["train", "t10k"] {
        let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40]
        try Data(images).write(to: own.appending(path: "\(part)-images-idx3-ubyte"))
        try Data([0, 0, 8, 1, 0, 0, 0, 2, 1, 0] as [UInt8]).write(to: own.appending(path: "\(part)-labels-idx1-ubyte"))
      }
      let raw = try FashionMNIST.read(from: own)
      #expect(raw.train.labels == [1, 0] && raw.test?.inputs.shape == [2, 1, 2])
      #expect(FashionMNIST.entry(in: own).isInstalled)
    }
  }
}
