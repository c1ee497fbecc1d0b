import Foundation

extension Page {
  /// Writes the page as one file, whole or not at all; folders on the way are made.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public func write(to path: String) throws(ReportError) {
    try Self.write(html(), to: path)
  }

  /// Writes every figure as `NAME.svg` and `NAME.csv` into a folder.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public func writeFigures(to folder: String) throws(ReportError) {
    for figure in figures {
      try Self.write(figure.plot.svg(), to: folder + "/" + figure.name + ".svg")
      try Self.write(figure.plot.csv, to: folder + "/" + figure.name + ".csv")
    }
  }

  private static func write(_ text: String, to path: String) throws(ReportError) {
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw ReportError.cannotWrite(path: path, reason: reason(error))
    }
  }

  /// The system's own words, without the framework's wrapping.
  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    if underlying.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(underlying.code))) }
    return (error as NSError).localizedDescription
  }
}
