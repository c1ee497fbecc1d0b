import Foundation
import OrreryReports
import Testing

@Suite struct SamplePageTests {
  /// Writes the page where `ORRERY_SAMPLE_PAGE` says, or to a temporary folder that is removed again.
  @Test func writesWholePageAndFigures() throws {
    let wish = ProcessInfo.processInfo.environment["ORRERY_SAMPLE_PAGE"]
    let folder = wish ?? FileManager.default.temporaryDirectory.path + "/orrery-sample-\(UUID().uuidString)"
    defer { if wish == nil { try? FileManager.default.removeItem(atPath: folder) } }
    try SamplePage.page.write(to: folder + "/index.html")
    try SamplePage.page.writeFigures(to: folder + "/figures")
    let html = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
    #expect(html == SamplePage.page.html())
    let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/figures")
    let names = SamplePage.page.figures.flatMap { [$0.name + ".svg", $0.name + ".csv"] }
    #expect(names.allSatisfy(files.contains))
  }
}
