import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors

/// The images that all cases share: Fashion-MNIST, pixels from 0 to 1, no other normalization.
///
/// Pixels are rounded to `Float`, so that both precisions see the same numbers.
enum Inputs {
  static let count = 2000

  /// Writes `inputs.npy` (2000, 784) in Double and `images.npy` (20 000, 784) in Float.
  static func prepare(in folder: URL) throws {
    let description = DataDescription(.named("fashion-mnist"), train: 20_000, test: 0, choice: .firstCome)
    let data = try DataSet<Float>.load(description)
    let images = data.train.inputs
    let pixels = images.tensor.elements.map { $0 / 255 }
    let features = images.columns
    try Npy.write(
      Tensor<Float>(shape: [images.rows, features], elements: pixels), to: folder.appending(path: "images.npy"))
    try Npy.write(
      Tensor<Double>(shape: [count, features], elements: pixels[..<(count * features)].map(Double.init)),
      to: folder.appending(path: "inputs.npy"))
  }

  static func double(in folder: URL, samples: Int) throws -> Matrix<Double> {
    let array = try Npy.read(from: folder.appending(path: "inputs.npy"))
    return Matrix(array.float64(rows: 0..<samples))
  }

  static func single(in folder: URL, samples: Int) throws -> Matrix<Float> {
    let array = try Npy.read(from: folder.appending(path: "inputs.npy"))
    return Matrix(array.float32(rows: 0..<samples))
  }
}
