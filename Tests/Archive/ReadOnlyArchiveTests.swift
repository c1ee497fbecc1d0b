import Foundation
import OrreryArchive
import OrreryFindings
import OrreryFormats
import OrreryTestSupport
import Testing

/// Archives that can be read and not written: another user's, a read-only disk's.
@Suite struct ReadOnlyArchiveTests {
  private func paths(_ folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
  }

  /// A folder whose name means something in a URL, with one run and a checkpoint.
  private func withFilledArchive(_ body: (_ folder: URL, _ run: ArchivedRun) throws -> Void) throws {
    try withTemporaryFolder { temporary in
      let folder = temporary.appending(path: "runs of 100% ?#", directoryHint: .isDirectory)
      let run = try {
        let archive = try RunArchive.open(folder)
        let session = try archive.session(identity("a"))
        try session.record((0..<3).map { Observation("loss", step: $0, value: Double($0)) })
        try session.save(Checkpoint(step: 2, tensors: tensors(1)))
        try session.finish()
        return try #require(try archive.finishedRun(hash: session.run.hash))
      }()
      try body(folder, run)
    }
  }

  @Test func nothingIsMadeToRead() throws {
    try withFilledArchive { folder, run in
      try FileManager.default.removeItem(at: folder.appending(path: "locks"))
      let before = try paths(folder)
      let archive = try RunArchive(folder, maximumPages: nil, isReadOnly: true)
      #expect(try archive.runs() == [run])
      #expect(try archive.observations(of: run).map(\.values) == [[0], [1], [2]])
      #expect(try archive.checkpoint(of: run, step: 2).names == ["weight"])
      let check = try archive.check()
      #expect(check.problems.isEmpty && check.observations == 3 && check.checkpoints == 1)
      expectArchiveError(.cannotWrite, says: "cannot be written") { try archive.begin(identity("b")) }
      expectArchiveError(.cannotWrite, says: "cannot be written") { try archive.remove(run) }
      #expect(try paths(folder) == before)
    }
  }

  /// What the last writer has left in the log counts.
  @Test func aLogIsRead() throws {
    try withFilledArchive { folder, run in
      let writer = try RunArchive.open(folder)
      let second = try writer.addRun("b")
      #expect(try RunArchive(folder, maximumPages: nil, isReadOnly: true).runs() == [second, run])
      withExtendedLifetime(writer) {}
    }
  }

  @Test(.enabled(if: geteuid() != 0, "Permissions do not bind the superuser.")) func permissions() throws {
    try withFilledArchive { folder, run in
      let path = folder.path(percentEncoded: false)
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
      #expect(try RunArchive.openForReading(folder).runs() == [run])
    }
  }

  @Test func whatIsNotThere() throws {
    try withTemporaryFolder { folder in
      expectArchiveError(.noArchive, says: "There is no archive in") { try RunArchive.openForReading(folder) }
      try Data("This is no database at all, and longer than a header.".utf8)
        .write(to: folder.appending(path: "archive.sqlite"))
      expectArchiveError(.damaged, says: "not a database") {
        try RunArchive(folder, maximumPages: nil, isReadOnly: true)
      }
      try Data().write(to: folder.appending(path: "archive.sqlite"))
      expectArchiveError(.cannotWrite, says: "cannot be written") {
        try RunArchive(folder, maximumPages: nil, isReadOnly: true)
      }
    }
  }
}
