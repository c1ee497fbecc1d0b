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

  /// A description, and the changes among what follows it; the rest are files of arrays. A file's own name may have an =.
  static func withArrays(_ specification: String, _ rest: [String]) -> (arguments: StudyArguments, files: [String]) {
    let overrides = rest.filter { $0.contains("=") && !FileManager.default.fileExists(atPath: $0) }
    return (
      StudyArguments(specification: specification, overrides: overrides), rest.filter { !overrides.contains($0) }
    )
  }

  /// A point's network.
  ///
  /// - Parameter what: of the network is asked for, as in "whose kernel".
  /// - Throws: `SpecificationError` when the description has none.
  func network(of point: StudyPoint, _ what: String) throws -> Network {
    guard let network = point.study.network else {
      throw SpecificationError(
        origin: specification, line: nil, message: "The description has no network, \(what) is asked for.")
    }
    return network
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
      origin = "standard input"
      guard let bytes = InputFile.bytes(STDIN_FILENO) else {
        throw MissingInput(description: "Standard input cannot be read; name the description's file instead of -.")
      }
      text = try Specification.text(bytes, origin: origin)
    } else {
      guard !specification.isEmpty else {
        throw WrongUsage(
          description: "The description's file has an empty name; name a YAML file, or - for standard input.")
      }
      if specification.contains("=") {
        throw SpecificationError(
          origin: SpecificationError.commandLine, line: nil,
          message: "The first argument must be a description file, and is '\(specification)'; put the file before it.")
      }
      origin = URL(filePath: specification).lastPathComponent
      text = try Specification.text(InputFile.bytes(of: specification), origin: origin)
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
    let descriptor = isFolder.boolValue ? -1 : open(path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, let bytes = bytes(descriptor) else {
      throw MissingInput(description: "\(path) cannot be read; check that it is a file, and its permissions.")
    }
    return bytes
  }

  /// What a stream holds, up to what a description may have and one byte more: it may have no end. Nil when it cannot be
  /// read.
  static func bytes(_ descriptor: Int32) -> [UInt8]? {
    let limit = Specification.largestSize + 1
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let wanted = min(1 << 16, limit - bytes.count)
      var count = 0
      let part = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
        count = read(descriptor, buffer.baseAddress!, wanted)
        initialized = max(0, count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += part
    }
    return bytes
  }
}

/// An input that is not there or cannot be read.
struct MissingInput: Error, CustomStringConvertible {
  var description: String
  var category: FailureCategory { .noSuchInput }
}
