import CElementwise

/// The instruction sets that the vector kernels are compiled for.
///
/// The best that the build and the processor have is chosen when the program starts. `ORRERY_INSTRUCTION_SET`, set to
/// `baseline`, `avx2` or `avx512` in the environment, can lower the choice, never raise it. Reports name it beside
/// `BLAS.coreName`: the last bits of elementwise functions and matrix products depend on the first, those of factorisations on
/// the second. Random draws and update rules depend on neither.
public enum InstructionSet: String, CaseIterable, Sendable, Comparable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on aarch64.
  case baseline
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 (F, VL, BW, DQ).
  case avx512

  /// The one in use.
  public static var current: InstructionSet { allCases[Int(orrery_instruction_set())] }

  /// Whether this build has it and this processor can run it.
  public var isAvailable: Bool { orrery_has_instruction_set(number) != 0 }

  /// The name for reports.
  public var name: String {
    switch self {
    case .baseline: "baseline"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    }
  }

  public static func < (left: InstructionSet, right: InstructionSet) -> Bool { left.number < right.number }

  private var number: Int32 { Int32(Self.allCases.firstIndex(of: self)!) }

  /// The kernels of this path.
  ///
  /// - Precondition: `isAvailable`.
  var kernels: UnsafePointer<orrery_kernels> {
    guard let kernels = orrery_kernels_for(number) else {
      preconditionFailure("This processor or this build lacks the \(name) kernels; ask isAvailable first.")
    }
    return kernels
  }
}
