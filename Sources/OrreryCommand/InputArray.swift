import Foundation
import OrreryFormats

/// Reading a user's array of inputs.
enum InputArray {
  /// The array of a file, or with `X.npz:name`, of that name in it; a file whose own name has the colon comes first.
  private static func array(_ path: String) throws -> NumericArray {
    let exists = { FileManager.default.fileExists(atPath: $0) }
    do {
      guard !exists(path), let colon = path.lastIndex(of: ":"), exists(String(path[..<colon])) else {
        return try NumericArray.read(from: URL(filePath: path))
      }
      let name = String(path[path.index(after: colon)...])
      return try NumericArray.read(from: URL(filePath: String(path[..<colon])), array: name)
    } catch let error as FormatError where error.kind == .noSuchArray && error.remedy == "name the one to use" {
      throw FormatError(
        error.kind, file: error.file, error.problem,
        remedy: "name the one to use, as in \(path):\(firstName(path))")
    }
  }

  private static func firstName(_ path: String) -> String {
    (try? Npz(URL(filePath: path)).names.first) ?? "name"
  }

  /// The array of a file with samples and features, or its first so many samples.
  ///
  /// - Parameter option: that the limit came from, for the refusal of too large a one.
  /// - Throws: `BadInput`, `FormatError`.
  static func read(_ path: String, limit: Int?, option: String = "--first") throws -> NumericArray {
    let array = try array(path)
    guard array.shape.count >= 2, array.rows > 0, array.rowCount > 0 else {
      throw BadInput(
        description: "\(path): the array has shape \(array.shape), and inputs need (samples, features); reshape it.")
    }
    guard let limit else { return array }
    guard limit <= array.rows else {
      throw BadInput(description: "\(path) has \(array.rows) samples, and \(option) asks for \(limit); ask for fewer.")
    }
    return limit == array.rows ? array : array.selectingRows(Array(0..<limit))
  }
}
