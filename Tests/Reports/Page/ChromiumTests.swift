import Foundation
import OrreryReports
import OrreryTestSupport
import Testing

/// The page in a real browser, where one is installed.
@Suite(.serialized, .tags(.process)) struct ChromiumTests {
  @Test(.enabled(if: HeadlessBrowser.path != nil, "There is no Chromium."), .timeLimit(.minutes(2)))
  func opensWithoutComplaintAndSaves() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/orrery-chromium-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Presses every button, and keeps what would be saved where the test can read it.
    let probe = """
      <script>
      const saved = [];
      HTMLAnchorElement.prototype.click = function () { saved.push(this.download); };
      const made = URL.createObjectURL;
      URL.createObjectURL = (blob) => { blob.text().then((text) => {
        const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
        document.body.dataset.parsed = (document.body.dataset.parsed || "") + " " +
          parsed.documentElement.nodeName + parsed.querySelectorAll("style").length;
      }); return made(blob); };
      document.querySelectorAll("button[data-save]").forEach((one) => one.click());
      dispatchEvent(new Event("beforeprint"));
      document.body.dataset.saved = saved.join(" ");
      document.body.dataset.wide = document.documentElement.scrollWidth > innerWidth;
      </script></body>
      """
    let html = SamplePage.page.html().replacing("</body>", with: probe)
    let path = folder + "/index.html"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(html.utf8).write(to: URL(fileURLWithPath: path))
    let (dom, log) = try HeadlessBrowser.open(path, ["--window-size=500,900"])
    #expect(!log.contains("CONSOLE"), "\(log)")
    let names = SamplePage.page.figures.map { $0.name + ".svg" }
    #expect(dom.contains("data-saved=\"\(names.joined(separator: " "))\""))
    #expect(dom.contains("data-parsed=\"" + String(repeating: " svg1", count: names.count) + "\""))
    #expect(dom.contains("data-wide=\"false\""), "Nothing makes the page itself scroll sideways.")
    #expect(dom.contains("<details open"))
  }
}
