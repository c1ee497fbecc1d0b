import Foundation
import OrreryFindings
import OrreryFormats

/// Fashion-MNIST: 70 000 grey images of clothes, 28 × 28 pixels, 10 classes.
///
/// H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms*,
/// arXiv:1708.07747 (MIT licence). Debian's package `dataset-fashion-mnist` installs it; `make data` installs the package.
package enum FashionMNIST {
  /// Where Debian's package puts the files.
  static let systemFolder = URL(filePath: "/usr/share/datasets/fashion-mnist", directoryHint: .isDirectory)

  /// `fashion-mnist` in the user's folder of data sets if it is there, else the system's folder.
  package static func folder(userFolder: URL? = DataCatalogue.userFolder) -> URL {
    if let own = userFolder?.appending(path: "fashion-mnist", directoryHint: .isDirectory),
      FileManager.default.fileExists(atPath: own.path)
    {
      return own
    }
    return systemFolder
  }

  private static let fileNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]

  package static func entry(in folder: URL) -> DataCatalogue.Entry {
    DataCatalogue.Entry(
      name: "fashion-mnist", title: "Fashion-MNIST", samples: 60_000, testSamples: 10_000, features: 784,
      shape: [28, 28],
      classNames: [
        "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
      ],
      values: "grey values, whole numbers from 0 to 255",
      source: "Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747", publications: [.xiao2017fashion], licence: "MIT",
      location: folder.path,
      isInstalled: fileNames.allSatisfy { file($0, in: folder) != nil },
      remedy: "run 'make data', or 'apt-get install dataset-fashion-mnist', or set ORRERY_DATA to a folder that holds "
        + "fashion-mnist/train-images-idx3-ubyte.gz and its three companions.")
  }

  package static func read(from folder: URL) throws -> RawData {
    let entry = entry(in: folder)
    let arrays = try fileNames.map { name in
      guard let file = file(name, in: folder) else {
        throw DataError(
          .notInstalled, name: entry.name, "the data set is not installed (no \(name).gz in \(folder.path))",
          remedy: entry.remedy)
      }
      return try Idx.read(from: file)
    }
    func part(_ inputs: NumericArray, _ labels: NumericArray) throws -> RawData.Part {
      RawData.Part(inputs: try RawData.table(inputs), labels: try RawData.labels(labels, count: inputs.rows))
    }
    return RawData(
      name: entry.name, train: try part(arrays[0], arrays[1]), test: try part(arrays[2], arrays[3]),
      shape: entry.shape, classNames: entry.classNames, source: entry.source, licence: entry.licence)
  }

  /// The file, compressed or not.
  private static func file(_ name: String, in folder: URL) -> URL? {
    [name + ".gz", name].map { folder.appending(path: $0) }.first { FileManager.default.fileExists(atPath: $0.path) }
  }
}
