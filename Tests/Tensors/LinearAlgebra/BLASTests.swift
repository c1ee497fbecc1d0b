import Foundation
import OrreryTensors
import Testing

/// The system's library under LAPACK, and what its factorisations say.
@Suite struct BLASTests {
  /// Where the processor has AVX2, OpenBLAS runs no kernels of a processor without it, whether it knows this one or not.
  @Test(.enabled(if: InstructionSet.avx2.isAvailable))
  func kernelsAreOfThisProcessor() {
    let old = ["Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Atom", "Generic", "Unknown"]
    let isPinned = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] != nil
    #expect(isPinned || !old.contains(BLAS.coreName), "\(BLAS.coreName)")
  }

  @Test func errorsAreSentencesWithARemedy() {
    let errors: [LinearAlgebraError] = [
      .notFinite(row: 1, column: 2), .notPositiveDefinite(index: 3, size: 5),
      .notPositiveSemidefinite(index: 0, eigenvalue: -0.5, tolerance: 1e-12), .singular(index: 2, size: 3),
      .noConvergence(index: 1, size: 9),
    ]
    for error in errors {
      #expect(error.description.hasSuffix("."))
      #expect(error.description.split(separator: " ").count > 12, "\(error)")
    }
    #expect(errors[1].description.contains("row 3") && errors[1].description.contains("5 × 5"))
  }
}
