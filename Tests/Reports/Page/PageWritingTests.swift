import Foundation
import OrreryReports
import Testing

@Suite struct PageWritingTests {
  static func temporary() -> String {
    FileManager.default.temporaryDirectory.path + "/orrery-page-\(UUID().uuidString)"
  }

  @Test func makesFoldersAndReplacesWhole() throws {
    let folder = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Page(title: "one").write(to: folder + "/a/b/index.html")
    try Page(title: "two").write(to: folder + "/a/b/index.html")
    let text = try String(contentsOfFile: folder + "/a/b/index.html", encoding: .utf8)
    #expect(text.contains("<title>two</title>"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/b") == ["index.html"])
  }

  @Test func saysWhatIsWrong() throws {
    let folder = Self.temporary()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
    let path = folder + "/file/index.html"
    let error = #expect(throws: ReportError.self) { try Page(title: "x").write(to: path) }
    let text = error?.description ?? ""
    #expect(text.contains("cannot be written to '\(path)'") && text.contains("Choose a folder"))
    #expect(!text.contains("NSCocoa"))
  }
}
