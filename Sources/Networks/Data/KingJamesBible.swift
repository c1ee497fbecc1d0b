import Foundation
import OrreryFindings
import OrreryFormats

/// The King James Bible: 4.3 million characters of English, 73 different ones, with headings and numbered verses.
///
/// Debian's packages `bible-kjv` and `bible-kjv-text` hold it; `make data` installs them. The text is what
/// `bible -p /usr/lib -l80 'Gen1:1-Rev22:21'` prints, or the file `king-james-bible/king-james-bible.txt` in the user's
/// folder of data sets.
package enum KingJamesBible {
  private static let program = "/usr/bin/bible"
  private static let folder = "/usr/lib"

  private static var ownFile: URL? {
    guard let file = DataCatalogue.userFolder?.appending(path: "king-james-bible/king-james-bible.txt"),
      FileManager.default.fileExists(atPath: file.path)
    else { return nil }
    return file
  }

  private static var isInstalled: Bool {
    FileManager.default.isExecutableFile(atPath: program)
      && FileManager.default.fileExists(atPath: folder + "/bible.data")
  }

  package static var entry: DataCatalogue.Entry {
    let context = CharacterText.usualContext
    return DataCatalogue.Entry(
      name: "king-james-bible", title: "The King James Bible, as characters", samples: 30_221, testSamples: 3_357,
      features: context, shape: [context], classNames: [],
      values: "the numbers of 73 characters; a sample is a context of \(context) characters unless data.context says "
        + "otherwise",
      source: "the Authorized Version of 1611/1769, from Debian's bible-kjv-text", publications: [.bible1769authorized],
      licence: "public domain",
      location: ownFile?.path ?? folder + "/bible.data", isInstalled: ownFile != nil || isInstalled,
      remedy: "run 'make data', or 'apt-get install bible-kjv bible-kjv-text', or set ORRERY_DATA to a folder that "
        + "holds king-james-bible/king-james-bible.txt.")
  }

  static func read() throws -> CharacterText {
    let entry = entry
    guard entry.isInstalled else {
      throw DataError(
        .notInstalled, name: entry.name, "the text is not installed (no \(program) with \(entry.location))",
        remedy: entry.remedy)
    }
    let text = try ownFile.map { try CharacterText.file($0.path, relativeTo: nil).text } ?? printed()
    return CharacterText(name: entry.name, source: entry.source, licence: entry.licence, text: text)
  }

  /// What the program prints: the whole text in lines of 80 characters.
  private static func printed() throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["-p", folder, "-l80", "Gen1:1-Rev22:21"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    func failure(_ problem: String) -> DataError {
      DataError(.notInstalled, name: "king-james-bible", problem, remedy: "reinstall the package bible-kjv.")
    }
    do { try process.run() } catch { throw failure("\(program) cannot be run") }
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let text = String(validating: output, as: UTF8.self), !text.isEmpty else {
      throw failure("\(program) ended with status \(process.terminationStatus) and \(output.count) bytes of text")
    }
    return text
  }
}
