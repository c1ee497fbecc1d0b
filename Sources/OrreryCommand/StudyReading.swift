import Foundation
import OrreryFormats
import OrreryNetworks
import OrrerySpecification
import OrreryStudies

extension StudyArguments {
  init(specification: String, overrides: [String]) {
    self.init()
    self.specification = specification
    self.overrides = overrides
  }

  /// What relative paths in the description are relative to: its own folder.
  var folder: URL? {
    specification == "-" ? nil : URL(filePath: specification).deletingLastPathComponent()
  }

  /// The described studies, one for each point of the sweep.
  func points(_ options: CommonOptions) throws -> [StudyPoint] {
    let text: String
    let origin: String
    if specification == "-" {
      text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
      origin = "standard input"
    } else {
      if specification.contains("=") {
        throw SpecificationError(
          origin: SpecificationError.commandLine, line: nil,
          message: "The first argument must be a description file, and is '\(specification)'; put the file before it.")
      }
      text = String(decoding: try InputFile.bytes(of: specification), as: UTF8.self)
      origin = URL(filePath: specification).lastPathComponent
    }
    return try Specification.studies(yaml: text, origin: origin, overrides: overrides).map { point in
      var point = point
      if let seed = options.seed { point.study.seed = seed }
      return point
    }
  }

  /// The studies with their data read and their numbers fixed.
  func loaded(_ options: CommonOptions) throws -> [LoadedStudy] {
    try points(options).map { try LoadedStudy($0.study, label: $0.label, relativeTo: folder) }
  }
}

/// Reading a small text file, with an error that says why it cannot be read.
enum InputFile {
  static func bytes(of path: String) throws -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw MissingInput(description: "There is no file \(path); `orrery new > mine.yaml` makes one to start from.")
    }
    guard !isFolder.boolValue, let data = FileManager.default.contents(atPath: path) else {
      throw MissingInput(description: "\(path) cannot be read; check that it is a file, and its permissions.")
    }
    return Array(data)
  }
}

/// An input that is not there or cannot be read.
struct MissingInput: Error, CustomStringConvertible {
  var description: String
  var category: FailureCategory { .noSuchInput }
}

/// JSON as every command prints it.
enum JSONText {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Infinite kernels and depth scales are results, and JSON has no word for them.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// One value as an object, several as a list.
  static func encode(list values: [some Encodable]) throws -> String {
    values.count == 1 ? try encode(values[0]) : try encode(values)
  }
}
