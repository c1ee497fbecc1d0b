import Foundation
import GRDB
import OrreryArchive
import OrreryFindings
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

/// Damaged databases, lost files, folders that cannot be written, full disks.
@Suite("What befalls archives") struct ArchiveDamageTests {
  private func database(_ folder: URL) -> URL { folder.appending(path: "archive.sqlite") }

  @Test func noArchive() throws {
    try withTemporaryFolder { (folder: URL) throws -> Void in
      #expect(!RunArchive.exists(folder))
      expectArchiveError(.noArchive, says: folder.path) { try RunArchive.openExisting(folder) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func whereItIs() {
    func path(_ environment: [String: String]) -> String {
      RunArchive.defaultFolder(environment: environment).path(percentEncoded: false)
    }
    #expect(path(["ORRERY_ARCHIVE": "/a b", "XDG_DATA_HOME": "/x", "HOME": "/h"]) == "/a b/")
    #expect(path(["ORRERY_ARCHIVE": "", "XDG_DATA_HOME": "/x", "HOME": "/h"]) == "/x/orrery/")
    #expect(path(["XDG_DATA_HOME": "relative", "HOME": "/h"]) == "/h/.local/share/orrery/")
    #expect(path(["HOME": "/h"]) == "/h/.local/share/orrery/")
  }

  @Test func otherFiles() throws {
    try withTemporaryFolder { folder in
      try Data("This is no database, and long enough to be looked at by SQLite.".utf8).write(to: database(folder))
      expectArchiveError(.damaged, says: "not a database", ".recover") { try RunArchive.open(folder) }
    }
    try withTemporaryFolder { folder in
      try DatabaseQueue(path: database(folder).path).write { try $0.execute(sql: "CREATE TABLE other (x)") }
      expectArchiveError(.foreign, says: "another program") { try RunArchive.open(folder) }
    }
    try withTemporaryFolder { folder in
      try RunArchive.open(folder).addRun("a")
      try DatabaseQueue(path: database(folder).path).write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')")
      }
      expectArchiveError(.foreign, says: "later version of Orrery") { try RunArchive.open(folder) }
    }
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      expectArchiveError(.cannotWrite, says: "cannot be made") { try RunArchive.open(file) }
    }
  }

  @Test(.enabled(if: getuid() != 0, "The superuser may write anywhere."))
  func aFolderThatMayNotBeWritten() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path) }
      expectArchiveError(.cannotWrite, says: folder.path) { try RunArchive.open(folder) }
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self")))
  func aFileSystemThatTakesNoFolders() {
    expectArchiveError(.cannotWrite, says: "/proc/orrery") { try RunArchive.open(URL(filePath: "/proc/orrery/")) }
  }

  /// Pages with random bytes: reading fails with one sentence or yields what was written, and nothing ends the process.
  @Test func damagedPages() throws {
    var generator = SplitMix(seed: 5)
    try withTemporaryFolder { folder in
      let original = folder.appending(path: "original", directoryHint: .isDirectory)
      var runs: [ArchivedRun] = []
      do {
        let archive = try RunArchive.open(original)
        runs = try (0..<30).map { try archive.addRun("\($0)") }
      }
      let bytes = try Data(contentsOf: database(original))
      let rounds = ProcessInfo.processInfo.environment["ORRERY_NIGHTLY"] == "1" ? 2000 : 60
      var refused = 0
      for round in 0..<rounds {
        let copy = folder.appending(path: "copy-\(round)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: copy) }
        var damaged = bytes
        for _ in 0..<(1 << (round % 8)) {
          damaged[Int(generator.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: generator.next())
        }
        if round % 5 == 0 { damaged = damaged.prefix(Int(generator.next() % UInt64(damaged.count))) }
        try damaged.write(to: database(copy))
        do {
          let archive = try RunArchive.open(copy)
          for run in try archive.runs() {
            _ = try archive.observations(of: run)
            _ = try archive.measurements(of: run)
            _ = try archive.summary(of: run)
          }
          _ = try archive.check()
        } catch let error as ArchiveError {
          refused += 1
          #expect(error.description.hasSuffix(".") && !error.description.contains("\n"), "\(error)")
          #expect([65, 73].contains(error.category.exitStatus), "\(error)")
        }
      }
      #expect(refused > rounds / 10)
      #expect(try RunArchive.open(original).runs().count == runs.count)
    }
  }

  @Test func checkTellsWhatIsLost() throws {
    try withArchive { archive in
      let session = try archive.session(identity("a"))
      for step in 1...3 { try session.save(Checkpoint(step: step, tensors: tensors(1))) }
      try session.finish()
      let run = session.run
      let files = try archive.checkpoints(of: run).map { archive.folder.appending(path: "checkpoints/\($0.file)") }
      try FileManager.default.removeItem(at: files[0])
      try Data(contentsOf: files[1]).dropLast(3).write(to: files[1])
      try Data().write(to: archive.folder.appending(path: "checkpoints/stray.safetensors"))
      let check = try archive.check()
      #expect(check.problems.count == 2 && check.remarks.count == 1)
      #expect(
        check.problems[0].contains("checkpoint of network 0 at step 1") && check.problems[0].contains("no such file"))
      #expect(check.problems[1].contains("step 2"), "\(check.problems[1])")
      #expect(check.remarks[0].contains("stray.safetensors"))
      // Another run's file under this one's name.
      try Safetensors.write(tensors(2), metadata: ["run": "other"], to: files[2])
      expectArchiveError(.damaged, says: "not the one that run") { try archive.checkpoint(of: run, step: 3) }
      #expect(try archive.check().problems.count == 3)
      try DatabaseQueue(path: database(archive.folder).path).write {
        try $0.execute(sql: "INSERT INTO observable VALUES (77, 'loss', 1)")
        try $0.execute(
          sql: "INSERT INTO observation VALUES (?, 77, 0, 0, '3', x'0011')", arguments: [run.id])
      }
      #expect(try archive.check().problems.contains { $0.contains("a value of loss that is none") })
      expectArchiveError(.damaged, says: "loss") { try archive.observations(of: run) }
    }
  }

  @Test func aFullDiskLosesNoFinishedRun() throws {
    try withTemporaryFolder { folder in
      let finished = try RunArchive.open(folder).addRun("finished")
      let small = try RunArchive(folder, maximumPages: 40)
      let session = try small.session(identity("a"))
      try session.save(RunProgress(step: 1, mark: [1]))
      let much = (0..<100).map {
        Observation("loss", step: $0, shape: [512], values: [Double](repeating: 1, count: 512))
      }
      try session.record(much)
      expectArchiveError(.full, says: "make room", "finished runs are kept") {
        try session.save(RunProgress(step: 100, mark: [2]))
      }
      #expect(try session.savedProgress()?.mark == [1])
      expectArchiveError(.full, says: "make room") { try session.finish() }
      #expect(try small.finishedRun(hash: finished.hash) == finished)
      #expect(try small.observations(of: finished).count == 5)
      #expect(try small.check().problems.isEmpty)
      #expect(try small.run(hash: session.run.hash)?.state == .running)
    }
  }
}
