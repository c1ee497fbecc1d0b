import Foundation
import OrreryArchive
import OrreryFindings
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

/// Runs an archive test in a folder of its own.
func withArchive<Result>(_ body: (RunArchive) throws -> Result) throws -> Result {
  try withTemporaryFolder { try body(RunArchive.open($0.appending(path: "archive", directoryHint: .isDirectory))) }
}

func identity(_ key: String, kind: String = "train") throws -> RunIdentity {
  try RunIdentity(
    kind: kind, study: ["key": key], settings: ["observables": "loss"], numerics: ["training": 1],
    subject: "subject \(key)", label: "width=\(key)", dataDigest: "d1", seed: .max)
}

extension RunArchive {
  /// Begins a run that must not be complete.
  func session(
    _ identity: RunIdentity, startingOver: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RunSession {
    guard case .session(let session) = try begin(identity, startingOver: startingOver) else {
      throw FixtureError(description: "The run is complete.")
    }
    return session
  }

  /// A finished run with a few losses.
  @discardableResult
  func addRun(_ key: String, kind: String = "train") throws -> ArchivedRun {
    let session = try session(identity(key, kind: kind))
    try session.record((0..<5).map { Observation("loss", step: $0, value: 1 / Double($0 + 1)) })
    try session.finish()
    return try #require(try finishedRun(hash: session.run.hash))
  }
}

func tensors(_ value: Float) -> [String: NumericArray] {
  ["weight": NumericArray(Tensor(shape: [2, 2], repeating: value))]
}

/// Checks that the closure throws an `ArchiveError` of this kind, one sentence that contains these pieces.
func expectArchiveError<Value>(
  _ kind: ArchiveError.Kind, says pieces: String..., sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Value
) {
  do {
    _ = try body()
    Issue.record("No error.", sourceLocation: sourceLocation)
  } catch let error as ArchiveError {
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    #expect(error.description.hasSuffix(".") && !error.description.contains("\n"), sourceLocation: sourceLocation)
    for piece in pieces {
      #expect(error.description.contains(piece), "\(error)", sourceLocation: sourceLocation)
    }
  } catch {
    Issue.record("An error of another type: \(error)", sourceLocation: sourceLocation)
  }
}
