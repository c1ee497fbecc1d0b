import Foundation
import OrreryFindings
import OrreryTensors

/// Where a run was computed: what its last bits depend on, beside its identity.
public struct RunEnvironment: Hashable, Codable, Sendable {
  public var orreryVersion: String
  /// The processor's own name, as far as the system tells.
  public var processor: String
  /// The vector kernels in use: "AVX-512".
  public var instructionSet: String
  /// The matrix library's kernels in use: "Cooperlake".
  public var blas: String

  /// This process.
  public static var current: RunEnvironment {
    RunEnvironment(
      orreryVersion: OrreryVersion.current, processor: processorName, instructionSet: InstructionSet.current.name,
      blas: BLAS.coreName)
  }

  private static let processorName: String = {
    // The file has a paragraph for every core; the first says enough.
    if let file = FileHandle(forReadingAtPath: "/proc/cpuinfo"), let start = try? file.read(upToCount: 4096) {
      for line in String(decoding: start, as: UTF8.self).split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].hasPrefix("model name") else { continue }
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    #if arch(x86_64)
      return "x86-64"
    #elseif arch(arm64)
      return "aarch64"
    #else
      return "unknown"
    #endif
  }()
}
