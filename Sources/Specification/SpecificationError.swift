/// What is wrong in a description: where, what, and what to do, in one sentence.
public struct SpecificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the text came from: a file's name, or "the command line".
  public var origin: String
  /// The line in the file, from 1; nil on the command line.
  public var line: Int?
  public var message: String

  /// What errors in overrides have as their origin.
  public static let commandLine = "the command line"

  /// True when the mistake is in an override.
  public var isFromCommandLine: Bool { origin == Self.commandLine }

  public init(origin: String, line: Int?, message: String) {
    self.origin = origin
    self.line = line
    self.message = message
  }

  public var description: String {
    line.map { "\(origin), line \($0): \(message)" } ?? "\(origin): \(message)"
  }
}
