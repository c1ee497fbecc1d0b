import Foundation
import OrreryTestSupport
import Testing

/// Standard output that cannot be written, or that nobody reads to its end.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct OutputTests {
  private func withDescription(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Data(Descriptions.tiny.utf8).write(to: folder.appendingPathComponent("mine.yaml"))
      try body(folder)
    }
  }

  static let commands = [
    "new", "check mine.yaml", "check mine.yaml --json", "forecast mine.yaml", "forecast mine.yaml --json",
    "tune mine.yaml",
    "tune mine.yaml --yaml", "confront mine.yaml", "confront mine.yaml --json", "data list", "data list --json",
    "data show digits", "--help", "--version", "forecast --help",
  ]

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: commands)
  func aFullDeviceIs73(command: String) throws {
    try withDescription { folder in
      let outcome = try OrreryProgram.shell("\"$ORRERY\" \(command) > /dev/full", in: folder)
      #expect(outcome.status == 73 && !outcome.isSignalled, "\(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("orrery: Standard output cannot be written"), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).count == 2, "\(outcome.errors)")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullStandardErrorEndsNothing() throws {
    try withDescription { folder in
      let outcome = try OrreryProgram.shell("\"$ORRERY\" forecast nowhere.yaml 2> /dev/full", in: folder)
      #expect(outcome.status == 66)
    }
  }

  /// A reader that has seen enough is no error, whether pipes' signals are ignored or not.
  @Test(arguments: ["", "trap '' PIPE; "], ["new", "forecast mine.yaml", "confront mine.yaml --json", "--help"])
  func aReaderThatHasSeenEnoughIsNoError(trap: String, command: String) throws {
    try withDescription { folder in
      let outcome = try OrreryProgram.shell(
        "\(trap){ \"$ORRERY\" \(command); echo $? > status; } | head -c 3", in: folder)
      #expect(outcome.output.utf8.count == 3 && outcome.errors.isEmpty, "\(outcome.errors)")
      // Closed before the first byte.
      let deaf = try OrreryProgram.shell(
        "\(trap){ sleep 0.2; \"$ORRERY\" \(command); echo $? > status; } | true", in: folder)
      #expect(deaf.errors.isEmpty, "\(deaf.errors)")
      let status = try String(contentsOf: folder.appendingPathComponent("status"), encoding: .utf8)
      #expect(status == "0\n")
    }
  }

  /// What JSON has no word for is null, in every file and on standard output.
  @Test func numbersThatAreNotFiniteAreNull() throws {
    let zero = Descriptions.tiny("init: critical", "init: { weight-variance: 0, bias-variance: 0 }")
    try withTemporaryFolder { folder in
      var texts = try ["check", "forecast"].map {
        try OrreryProgram.success([$0, "-", "--json"], input: zero).output
      }
      texts.append(
        try OrreryProgram.success(["confront", "-", "--json", "--report", "out"], input: zero, in: folder).output)
      for name in ["forecast.json", "finding.json"] {
        texts.append(try String(contentsOf: folder.appendingPathComponent("out/\(name)"), encoding: .utf8))
      }
      for text in texts {
        _ = try JSONValue(name: "json", data: Data(text.utf8))
        for word in ["\"nan\"", "\"infinity\"", "\"-infinity\"", "non-finite", "\u{F8FF}"] {
          #expect(!text.contains(word))
        }
      }
      #expect(texts[2].contains(": null"))
    }
  }
}
