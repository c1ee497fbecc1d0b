import Foundation
import OrreryTestSupport
import Testing

/// The built program, run as a user runs it.
enum OrreryProgram {
  /// Beside the test bundle; nil when it was not built.
  static let url: URL? = {
    let folders = [Bundle.main.executableURL, URL(fileURLWithPath: CommandLine.arguments[0])].compactMap {
      $0?.deletingLastPathComponent()
    }
    return folders.map { $0.appendingPathComponent("orrery") }.first {
      FileManager.default.isExecutableFile(atPath: $0.path)
    }
  }()

  /// For a suite: `.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence)`.
  static var isBuilt: Bool { url != nil }
  static let absence: Comment = "The program orrery is not beside the tests; build it with swift build -c release."

  /// What a finished run left.
  struct Outcome {
    var status: Int32
    var isSignalled: Bool
    var output: String
    var errors: String

    /// Standard output as JSON, all of it.
    var json: JSONValue { get throws { try JSONValue(name: "stdout", data: Data(output.utf8)) } }
  }

  /// Starts the program; its standard output and error go to files in a folder of their own.
  static func start(
    _ arguments: [String], input: String? = nil, in folder: URL, environment: [String: String] = [:]
  ) throws -> Running {
    guard let url else { throw FixtureError(description: "\(absence)") }
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let streams = FileManager.default.temporaryDirectory.appendingPathComponent("orrery-streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    func file(_ name: String, _ text: String = "") throws -> URL {
      let url = streams.appendingPathComponent(name)
      try Data(text.utf8).write(to: url)
      return url
    }
    process.standardInput = try FileHandle(forReadingFrom: file("in", input ?? ""))
    process.standardOutput = try FileHandle(forWritingTo: file("out"))
    process.standardError = try FileHandle(forWritingTo: file("error"))
    try process.run()
    return Running(process: process, streams: streams)
  }

  struct Running {
    var process: Process
    var streams: URL

    func finish() throws -> Outcome {
      process.waitUntilExit()
      defer { try? FileManager.default.removeItem(at: streams) }
      func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: streams.appendingPathComponent(name)), as: UTF8.self)
      }
      return Outcome(
        status: process.terminationStatus, isSignalled: process.terminationReason == .uncaughtSignal,
        output: try text("out"), errors: try text("error"))
    }
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], input: String? = nil, in folder: URL = FileManager.default.temporaryDirectory,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    try start(arguments, input: input, in: folder, environment: environment).finish()
  }

  /// Runs a line of shell, in which `$ORRERY` is the program, as a pipe or a device needs it.
  static func shell(_ line: String, in folder: URL) throws -> Outcome {
    guard let url else { throw FixtureError(description: "\(absence)") }
    let errors = folder.appendingPathComponent("shell-errors")
    let output = folder.appendingPathComponent("shell-output")
    for file in [errors, output] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["ORRERY": url.path]) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, isSignalled: process.terminationReason == .uncaughtSignal,
      output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// Runs the program, which must succeed and say nothing on standard error.
  static func success(
    _ arguments: [String], input: String? = nil, in folder: URL = FileManager.default.temporaryDirectory,
    environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try run(arguments, input: input, in: folder, environment: environment)
    #expect(outcome.status == 0 && !outcome.isSignalled, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.isEmpty, "\(outcome.errors)", sourceLocation: sourceLocation)
    return outcome
  }

  /// Runs the program, which must fail with this status, nothing on standard output, and one sentence on standard error
  /// that contains `pieces`.
  @discardableResult
  static func failure(
    _ status: Int32, _ arguments: [String], says pieces: [String], input: String? = nil,
    in folder: URL = FileManager.default.temporaryDirectory, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try run(arguments, input: input, in: folder, environment: environment)
    #expect(outcome.status == status && !outcome.isSignalled, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    let lines = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines.last == "", "One line: \(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("orrery: "), "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(lines[0].hasSuffix(".") || lines[0].hasSuffix("?"), "\(outcome.errors)", sourceLocation: sourceLocation)
    for piece in pieces {
      #expect(outcome.errors.contains(piece), "'\(piece)' in: \(outcome.errors)", sourceLocation: sourceLocation)
    }
    for trace in ["Fatal error", "Stack", ".swift", "Error(", "Optional("] {
      #expect(!outcome.errors.contains(trace), "\(outcome.errors)", sourceLocation: sourceLocation)
    }
    return outcome
  }
}

/// Every file below a folder, by its path from there, sorted.
func files(below folder: URL) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
}
