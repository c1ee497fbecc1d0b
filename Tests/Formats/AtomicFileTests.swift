import Foundation
import OrreryFormats
import OrreryTestSupport
import Testing

@Suite("Files written whole", .serialized) struct AtomicFileTests {
  private func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

  @Test func appearsOnlyWhenComplete() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out.txt")
      let file = try AtomicFile(url)
      try file.write("first ")
      try file.write(Array("second".utf8))
      #expect(file.count == 12)
      #expect(try contents(of: folder).allSatisfy { $0.hasPrefix(".out.txt.") && $0.hasSuffix(".partial") })
      try file.commit()
      #expect(try contents(of: folder) == ["out.txt"])
      #expect(try text(url) == "first second")
    }
  }

  @Test func replacesAtTheEndOnly() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out.txt")
      try AtomicFile.write("old", to: url)
      do {
        let file = try AtomicFile(url)
        try file.write("new")
        #expect(try text(url) == "old")
      }
      #expect(try text(url) == "old")
      #expect(try contents(of: folder) == ["out.txt"])
      try AtomicFile.write("new", to: url)
      #expect(try text(url) == "new")
      let file = try AtomicFile(url)
      file.discard()
      file.discard()
      #expect(try contents(of: folder) == ["out.txt"])
    }
  }

  @Test func keepsPermissionsAndLinks() throws {
    try withTemporaryFolder { folder in
      let manager = FileManager.default
      let url = folder.appendingPathComponent("out.txt")
      let link = folder.appendingPathComponent("link.txt")
      try AtomicFile.write("old", to: url)
      try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: url.path)
      try manager.createSymbolicLink(at: link, withDestinationURL: url)
      try AtomicFile.write("new", to: link)
      #expect(try text(url) == "new")
      #expect(try manager.destinationOfSymbolicLink(atPath: link.path) == url.path)
      let permissions = try manager.attributesOfItem(atPath: url.path)[.posixPermissions] as? NSNumber
      #expect(permissions?.intValue == 0o640)
    }
  }

  @Test func placesThatCannotBeWritten() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appendingPathComponent("none/out.txt")
      expectOutputError(.noSuchFolder, containing: "/none does not exist; create it, or choose another place.") {
        try AtomicFile.write("x", to: missing)
      }
      expectOutputError(.occupied, containing: "this is a folder; give the path of a file.") {
        try AtomicFile.write("x", to: folder)
      }
      let device = "this is a device or a pipe, which a file must not replace; give the path of a file."
      expectOutputError(.occupied, containing: "/dev/null: \(device)") {
        try AtomicFile.write("x", to: URL(fileURLWithPath: "/dev/null"))
      }
      expectOutputError(.refused, containing: "only local files are written; give a path.") {
        try AtomicFile.write("x", to: URL(string: "https://example.org/out.txt")!)
      }
      let long = folder.appendingPathComponent(String(repeating: "x", count: 300))
      expectOutputError(.refused, containing: "the file cannot be written (") { try AtomicFile.write("x", to: long) }
      try AtomicFile.write("x", to: folder.appendingPathComponent("file"))
      expectOutputError(.noSuchFolder, containing: "does not exist") {
        try AtomicFile.write("x", to: folder.appendingPathComponent("file/out.txt"))
      }
      #expect(try contents(of: folder) == ["file"])
    }
  }

  /// A file system that is always full.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func devicesAreNeverReplaced() throws {
    expectOutputError(.occupied, containing: "this is a device or a pipe") {
      try AtomicFile.write("x", to: URL(fileURLWithPath: "/dev/full"))
    }
    #expect(FileManager.default.fileExists(atPath: "/dev/full"))
  }

  @Test func checkingBeforehandLeavesNothing() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.requireWritable(folder.appendingPathComponent("out.txt"))
      #expect(try contents(of: folder) == [])
      expectOutputError(.noSuchFolder, containing: "does not exist") {
        try AtomicFile.requireWritable(folder.appendingPathComponent("none/out.txt"))
      }
    }
  }

  @Test func interruptedProgramsCleanUp() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out.txt")
      let first = try AtomicFile(url)
      let second = try AtomicFile(folder.appendingPathComponent("other.txt"))
      try first.write("half")
      #expect(try contents(of: folder).count == 2)
      // Only here: other tests are writing elsewhere meanwhile.
      AtomicFile.removeUnfinished(in: folder)
      #expect(try contents(of: folder) == [])
      first.discard()
      second.discard()
    }
  }

  @Test func twoWritersOfOneFileDoNotMix() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out.txt")
      let first = try AtomicFile(url)
      let second = try AtomicFile(url)
      try first.write("first")
      try second.write("second")
      try second.commit()
      #expect(try text(url) == "second")
      try first.commit()
      #expect(try text(url) == "first")
      #expect(try contents(of: folder) == ["out.txt"])
    }
  }

  @Test func partsCanBeReplacedBeforehand() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out.txt")
      let file = try AtomicFile(url, synchronizes: false)
      try file.write("size ???, and more")
      try file.overwrite(Array("123".utf8), at: 5)
      try file.write(".")
      try file.commit()
      #expect(try text(url) == "size 123, and more.")
    }
  }
}
