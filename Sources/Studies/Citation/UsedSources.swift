import Foundation
import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryReports

/// The sources of what a run or a written file has used.
///
/// ```swift
/// let used = try UsedSources(reading: URL(filePath: "out/finding.json"))
/// print(Bibliography(used.sources, version: used.version).bibTeX)
/// ```
public struct UsedSources: Sendable {
  public var sources: [Source] = []
  /// The version of the Orrery that computed; this one's where it is not known.
  public var version = OrreryVersion.current

  /// Of a law, or of anything that knows its own.
  public init(_ sources: [Source]) { self.sources = sources }

  /// Of a run in the archive: its network's parts, data, optimizer and observables.
  public init(_ run: ArchivedRun) {
    version = run.environment.orreryVersion
    if let study = try? JSONSerialization.jsonObject(with: Data(run.identity.study.utf8)) as? [String: Any] {
      add(study: study)
    }
    add(observables: run.identity.settings["observables"]?.split(separator: " ").map(String.init) ?? [])
  }

  /// Of a file that a command has written: a page, or a forecast, finding or law as JSON; of a folder, of the pages in it and one level
  /// below.
  ///
  /// - Throws: ``CitationError``.
  public init(reading file: URL) throws {
    let name = file.relativePath
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
      throw CitationError(.noSuchFile, "There is no file \(name).")
    }
    guard !isFolder.boolValue else {
      try add(pagesIn: file)
      return
    }
    let text = try Self.text(of: file)
    guard let first = text.first(where: { !$0.isWhitespace }) else {
      throw CitationError(.notOurs, "\(name) is empty; name a report, or JSON that a command of Orrery's has written.")
    }
    if first == "<" {
      guard let page = PageSources(html: text) else {
        throw CitationError(
          .notOurs, "\(name) is no page that this version of Orrery can read sources from; write the report again.")
      }
      guard !page.sources.isEmpty else {
        throw CitationError(
          .notOurs, "\(name) lists no sources, as pages that lead to others do; name its folder, or one of those.")
      }
      (sources, version) = (page.sources, page.version)
      return
    }
    guard let json = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else {
      throw CitationError(
        .notOurs, "\(name) is neither a page nor JSON; name a report, or JSON that a command of Orrery's has written.")
    }
    add(json: json)
    guard !sources.isEmpty else {
      throw CitationError(
        .notOurs, "\(name) names no sources; name a forecast, a finding or a law as JSON, or the page beside it.")
    }
  }

  private mutating func add(pagesIn folder: URL) throws {
    let manager = FileManager.default
    let inside = (try? manager.contentsOfDirectory(atPath: folder.path).sorted()) ?? []
    let pages = (["index.html"] + inside.map { "\($0)/index.html" }).map { folder.appending(path: $0) }
      .filter { manager.fileExists(atPath: $0.path) }
    for page in pages {
      guard let found = PageSources(html: try Self.text(of: page)) else { continue }
      sources += found.sources
      version = found.version
    }
    guard !sources.isEmpty else {
      throw CitationError(
        .notOurs, "The folder \(folder.relativePath) holds no report with sources; name one that --report has written.")
    }
  }

  private static func text(of file: URL) throws -> String {
    let name = file.relativePath
    let size = (try? FileManager.default.attributesOfItem(atPath: file.path))?[.size] as? Int ?? 0
    guard size <= largestFile else {
      throw CitationError(.notOurs, "\(name) has more than \(largestFile >> 20) MiB; name the page beside it.")
    }
    guard let bytes = try? Data(contentsOf: file) else {
      throw CitationError(.noSuchFile, "\(name) cannot be read; check that it is a file, and its permissions.")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let largestFile = 1 << 28
}

// MARK: JSON

extension UsedSources {
  /// Everything in it that is a source, a study or a request, wherever it stands.
  private mutating func add(json: Any) {
    if let list = json as? [Any] {
      for element in list { add(json: element) }
    } else if let object = json as? [String: Any] {
      if object["law"] is [String: Any], let version = object["version"] as? String { self.version = version }
      if object["statement"] is String, object["citation"] is String, let source = Self.decoded(Source.self, object) {
        return sources.append(source)
      }
      if object["dataDigest"] != nil, object["network"] != nil { add(study: object) }
      if let names = object["observables"] as? [String] { add(observables: names) }
      for key in object.keys.sorted() { add(json: object[key] as Any) }
    }
  }

  private mutating func add(study: [String: Any]) {
    if let network = study["network"] {
      if let network = Self.decoded(ResolvedNetwork.self, network) {
        sources += network.sources
      } else {
        sources.append(
          Source(
            key: "network", title: "the network", statement: "",
            citation: "it has parts that this program does not know, such as an activation of one's own"))
      }
    }
    if let name = study["initializationName"] as? String {
      sources += ResolvedStudy<ResolvedNetwork>.sources(ofInitialization: name)
    }
    sources += study["data"].flatMap { Self.decoded(DataDescription.self, $0) }?.sources ?? []
    sources += study["optimizer"].flatMap { Self.decoded(Optimizer.self, $0) }?.sources ?? []
  }

  private mutating func add(observables names: [String]) {
    sources += names.compactMap { TrainingObservable(rawValue: $0) }.flatMap(\.sources)
  }

  private static func decoded<Value: Decodable>(_ type: Value.Type, _ json: Any) -> Value? {
    guard JSONSerialization.isValidJSONObject(json), let data = try? JSONSerialization.data(withJSONObject: json) else {
      return nil
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return try? decoder.decode(type, from: data)
  }
}

/// Why no sources can be read from a file, in a sentence.
public struct CitationError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// It is not there, or cannot be read.
    case noSuchFile
    /// It is nothing that Orrery has written, or says nothing of sources.
    case notOurs
  }

  public let kind: Kind
  public let description: String
  public var errorDescription: String? { description }

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  public var category: FailureCategory {
    switch kind {
    case .noSuchFile: .noSuchInput
    case .notOurs: .badData
    }
  }
}
