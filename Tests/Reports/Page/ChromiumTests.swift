import Foundation
import OrreryReports
import Testing

/// The page in a real browser, where one is installed.
@Suite(.serialized) struct ChromiumTests {
  static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Opens a file without a window; returns the document after its scripts ran, and what the browser logged.
  static func open(_ path: String, _ browser: String, _ arguments: [String] = []) throws -> (dom: String, log: String) {
    let profile = path + ".profile"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments =
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0", "--dump-dom",
        "--virtual-time-budget=2000", "--user-data-dir=\(profile)",
      ] + arguments + ["file://" + path]
    let files = [path + ".out", path + ".log"]
    for file in files { try Data().write(to: URL(fileURLWithPath: file)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: files[0]))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: files[1]))
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
    return (texts[0], texts[1])
  }

  @Test(.enabled(if: browser != nil), .timeLimit(.minutes(2)))
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
    let (dom, log) = try Self.open(path, try #require(Self.browser), ["--window-size=500,900"])
    #expect(!log.contains("CONSOLE"), "\(log)")
    let names = SamplePage.page.figures.map { $0.name + ".svg" }
    #expect(dom.contains("data-saved=\"\(names.joined(separator: " "))\""))
    #expect(dom.contains("data-parsed=\"" + String(repeating: " svg1", count: names.count) + "\""))
    #expect(dom.contains("data-wide=\"false\""), "Nothing makes the page itself scroll sideways.")
    #expect(dom.contains("<details open"))
  }
}
