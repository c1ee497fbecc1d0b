import Foundation

/// Chromium without a window, where it is installed.
public enum HeadlessBrowser {
  /// Where it is; nil if it is not installed.
  public static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Opens a file without a window; returns the document after its scripts ran, and what the browser logged.
  public static func open(_ file: String, _ arguments: [String] = []) throws -> (dom: String, log: String) {
    guard let browser = path else {
      throw FixtureError(description: "There is no Chromium to open \(file) with; install the package chromium.")
    }
    let profile = file + ".profile"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments =
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0", "--dump-dom",
        "--virtual-time-budget=2000", "--user-data-dir=\(profile)",
      ] + arguments + ["file://" + file]
    let files = [file + ".out", file + ".log"]
    for one in files { try Data().write(to: URL(fileURLWithPath: one)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: files[0]))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: files[1]))
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
    return (texts[0], texts[1])
  }
}
