import Foundation
import OrreryTensors
import Testing

/// The promised accuracy, of every function on every path that this processor has.
@Suite struct ElementwiseAccuracyTests {
  static let paths = InstructionSet.allCases.filter(\.isAvailable)

  @Test(arguments: Elementwise.Function.allCases, ElementwiseAccuracyTests.paths)
  func singleStaysWithinTwoUlps(_ function: Elementwise.Function, _ path: InstructionSet) {
    let x = arguments(function, .single, count: 120_000).map { Float($0) }
    var y = x
    y.withUnsafeMutableBufferPointer { buffer in
      Elementwise.apply(function, x, into: buffer.baseAddress!, count: x.count, on: path)
    }
    let worst = worstCase(x.indices) { errorInUlps(y[$0], doubleReference(function, Double(x[$0]))) }
    #expect(worst.error <= 2, "\(function)(\(x[worst.place])) is off by \(worst.error) ulp on \(path.name)")
  }

  #if arch(x86_64)
    @Test(arguments: Elementwise.Function.allCases, ElementwiseAccuracyTests.paths)
    func doubleStaysWithinFourUlps(_ function: Elementwise.Function, _ path: InstructionSet) {
      let x = arguments(function, .double, count: 60_000)
      var y = x
      y.withUnsafeMutableBufferPointer { buffer in
        Elementwise.apply(function, x, into: buffer.baseAddress!, count: x.count, on: path)
      }
      let worst = worstCase(x.indices) { errorInUlps(y[$0], extendedReference(function, Float80(x[$0]))) }
      #expect(worst.error <= 4, "\(function)(\(x[worst.place])) is off by \(worst.error) ulp on \(path.name)")
    }
  #endif

  /// Against numbers that share nothing with a C library.
  @Test(arguments: ElementwiseAccuracyTests.paths)
  func tableAgreesWithinFourUlps(_ path: InstructionSet) {
    for (function, rows) in elementwiseReferences {
      let x = rows.map(\.x)
      var y = x
      y.withUnsafeMutableBufferPointer {
        Elementwise.apply(function, x, into: $0.baseAddress!, count: x.count, on: path)
      }
      for (row, value) in zip(rows, y) {
        let error = abs((value - row.high) - row.low) / row.high.ulp
        #expect(error <= 4, "\(function)(\(row.x)) = \(value) is off by \(error) ulp on \(path.name)")
      }
    }
  }

  @Test(.enabled(if: InstructionSet.avx512.isAvailable, "This processor has no AVX-512: its path is not run here."))
  func avx512IsAmongThePathsTested() { #expect(Self.paths.contains(.avx512)) }

  @Test(.enabled(if: InstructionSet.avx2.isAvailable, "This processor or build has no AVX2: its path is not run here."))
  func avx2IsAmongThePathsTested() { #expect(Self.paths.contains(.avx2)) }

  /// GELU's left tail needs Φ to relative accuracy; 1 + erf would have lost all digits at −9.
  @Test func leftTailOfGELUKeepsItsDigits() {
    let x: [Double] = [-2, -5, -9, -20, -37]
    // To 20 digits, from mpmath.
    let reference = [
      -0.045500263896358414401, -1.4332578593959695584e-6, -1.015729565358456583e-18, -5.5072482372124673902e-88,
      -2.1184613523340934244e-298,
    ]
    for (value, expected) in zip(Elementwise.Function.gelu(x), reference) {
      #expect(abs(value - expected) <= 4 * expected.ulp)
    }
  }

  private func worstCase(_ places: Range<Int>, _ error: (Int) -> Double) -> (place: Int, error: Double) {
    places.reduce((0, 0)) { worst, place in
      let error = error(place)
      return error > worst.error ? (place, error) : worst
    }
  }
}
