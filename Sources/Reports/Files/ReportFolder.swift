import Foundation
import OrreryFormats

/// The folder of one finding: its forecast, written first, its page, every picture as SVG and CSV, and the finding as JSON. Files are written
/// whole.
public struct ReportFolder: Sendable {
  public let url: URL

  public init(_ url: URL) { self.url = url }

  /// - Parameter path: relative to the working directory.
  public init(path: String) { self.init(URL(filePath: path, directoryHint: .isDirectory)) }

  /// The folder of a sweep's point, from 1.
  public func point(_ number: Int) -> ReportFolder { folder("point-\(number)") }

  /// A folder within this one.
  public func folder(_ name: String) -> ReportFolder {
    ReportFolder(url.appending(path: name, directoryHint: .isDirectory))
  }

  /// The page's path.
  public var page: String { url.appending(path: "index.html").path }

  /// Makes the folder, so that work does not begin for a report that cannot be written.
  ///
  /// - Throws: `OutputError`.
  public func prepare() throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw OutputError(
        .refused, file: url.path, "the folder cannot be made", remedy: "choose another, or check its permissions")
    }
    try AtomicFile.requireWritable(url.appending(path: "index.html"))
  }

  /// Writes what was forecast, and renames an earlier run's page and finding, which would contradict it; they go when the new ones are
  /// complete.
  ///
  /// - Throws: `OutputError`, `EncodingError`.
  public func write(forecast: some Encodable) throws {
    for name in Self.complete {
      let file = url.appending(path: name)
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      try? FileManager.default.removeItem(at: aside(name))
      do {
        try FileManager.default.moveItem(at: file, to: aside(name))
      } catch {
        throw OutputError(
          .refused, file: file.path, "the earlier file cannot be renamed", remedy: "choose another folder")
      }
    }
    try write(try JSONText.encode(forecast), to: "forecast.json")
  }

  /// Writes a finding: page, pictures, JSON.
  ///
  /// - Throws: `OutputError`, `EncodingError`.
  public func write<Finding: Reportable>(_ finding: Finding) throws {
    try write(try JSONText.encode(finding), to: Finding.file)
    try write(finding.page())
    for name in Self.complete { try? FileManager.default.removeItem(at: aside(name)) }
  }

  /// What only a run that came to its end leaves.
  private static let complete = ["index.html", "finding.json", "pilot.json", "summary.json"]

  private func aside(_ name: String) -> URL { url.appending(path: name.replacing(".", with: ".previous.")) }

  /// Every figure as SVG and CSV, then the page.
  ///
  /// - Throws: `OutputError`.
  public func write(_ page: Page) throws {
    for figure in page.figures {
      try write(figure.plot.svg(), to: "\(figure.name).svg")
      try write(figure.plot.csv, to: "\(figure.name).csv")
    }
    try write(page.html(), to: "index.html")
  }

  /// - Throws: `OutputError`.
  public func write(_ text: String, to name: String) throws {
    try AtomicFile.write(text, to: url.appending(path: name))
  }
}

extension ReportFolder {
  /// Findings that were not forecast, each in its folder, and the page of a sweep.
  ///
  /// - Throws: `OutputError`, `EncodingError`.
  public func write<Finding: Reportable>(all findings: [Finding]) throws {
    for (index, finding) in findings.enumerated() {
      let folder = findings.count > 1 ? point(index + 1) : self
      try folder.prepare()
      try folder.write(finding)
    }
    if findings.count > 1 { try write(Finding.index(of: findings)) }
  }
}
