import ArgumentParser
import Foundation
import OrreryArchive
import OrreryFindings
import OrreryLaws
import OrreryNetworks
import OrreryReports
import OrreryStudies

struct CiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cite", abstract: "Print the sources of exactly what a run, a report or a law used, as BibTeX.",
    discussion: """
      WHAT is the name of a law; a report's page or folder, or a forecast, finding or law as JSON; else a run in the archive, by the \
      first digits of its hash or as latest. A file of the same name as a law is given as ./NAME. Several are cited as one.
      """)

  @Argument(
    help: ArgumentHelp("A law's name, a report's page, folder or JSON, or a run.", valueName: "what"),
    completion: .custom { _, _, prefix in Self.completions(of: prefix) })
  var subjects: [String]

  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var options: CommonOptions

  func run() throws {
    try reportingFailures {
      let used = try subjects.map(used)
      let versions = Set(used.map(\.version))
      let bibliography = Bibliography(
        used.flatMap(\.sources),
        version: versions.count == 1 ? versions.first! : versions.sorted().joined(separator: ", "))
      if options.json { return try StandardOutput.print(JSONText.encode(bibliography)) }
      try StandardOutput.print(bibliography.bibTeX, terminator: "")
    }
  }

  private func used(_ subject: String) throws -> UsedSources {
    if let law = LawCatalogue.all.first(where: { $0.key == subject }) { return UsedSources(law.statement.sources) }
    let isPath = subject.contains("/") || subject.hasSuffix(".json") || subject.hasSuffix(".html")
    if isPath || FileManager.default.fileExists(atPath: subject) {
      return try UsedSources(reading: URL(filePath: subject))
    }
    guard subject == "latest" || subject.allSatisfy(\.isHexDigit), !subject.isEmpty else {
      let meant = Spelling.nearest(to: subject, among: LawCatalogue.all.map { $0.key })
      throw MissingInput(
        description: "There is no law, file or run '\(subject)'; "
          + (meant.map { "did you mean the law '\($0)'?" }
            ?? "`orrery law list` and `orrery runs list` show what there is."))
    }
    return UsedSources(try archive.openForReading().run(named: subject))
  }

  /// Laws, and files and folders below what has been typed.
  private static func completions(of prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let inside = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let files = inside.sorted().filter { !$0.hasPrefix(".") }.map { folder + $0 }
    return (LawCatalogue.all.map { $0.key } + files).filter { $0.hasPrefix(prefix) }
  }
}
