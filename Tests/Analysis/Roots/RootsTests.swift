import Foundation
import OrreryAnalysis
import OrreryTestSupport
import Testing

@Suite struct RootsTests {
  @Test func bracketedRootsToTheLastPlaces() throws {
    // The functions themselves must be known to an ulp near the root: no logarithms of small numbers here.
    let cases: [(ClosedRange<Double>, @Sendable (Double) -> Double, Double)] = [
      (0...2, { $0 * $0 - 2 }, 2.0.squareRoot()), (0...3, { cos($0) }, .pi / 2), (-1...4, { exp($0) - 3 }, log(3)),
      (0...1e6, { $0 * $0 * $0 - 1e-9 }, 1e-3), (-2...1, { tanh(50 * ($0 - 0.1)) }, 0.1),
      (1e-12...1, { $0 * exp(20) - 1 }, exp(-20)),
    ]
    for (interval, function, exact) in cases {
      let root = try Roots.bracketed(in: interval, function)
      #expect(relativeError(root.value, exact) < 1e-15)
      #expect(abs(root.value - exact) <= root.error + exact.ulp)
    }
    #expect(try Roots.bracketed(in: 0...1) { $0 }.value == 0)
    #expect(try Roots.bracketed(in: -1...0) { $0 }.value == 0)
  }

  @Test func brentIsFast() throws {
    var evaluations = 0
    _ = try Roots.bracketed(in: 0...10) { x in
      evaluations += 1
      return exp(x) - 20
    }
    #expect(evaluations < 20)
  }

  @Test func impossibleBrackets() {
    #expect(throws: RootError.self) { try Roots.bracketed(in: 1...2) { $0 } }
    #expect(throws: RootError.notANumber(argument: 1)) { try Roots.bracketed(in: 1...2) { _ in .nan } }
    #expect(throws: RootError.self) { try Roots.bracketed(in: 0...(.infinity)) { $0 - 1 } }
    #expect(throws: RootError.notPositive(lower: 0)) { try Roots.all(in: 0...1, spacing: .logarithmic) { $0 } }
    #expect(throws: RootError.tooFewSamples(1)) { try Roots.all(in: 0...1, samples: 1) { $0 } }
    #expect("\(RootError.notANumber(argument: 1))".contains("not a number at 1.0"))
  }

  @Test func allRootsOfAnInterval() throws {
    let found = try Roots.all(in: 0.5...20, samples: 100) { sin($0) }
    #expect(found.roots.count == 6)
    for (k, root) in found.roots.enumerated() { #expect(relativeError(root.value, Double(k + 1) * .pi) < 1e-15) }
    #expect(found.touching.isEmpty)
    let exactlyOnTheGrid = try Roots.all(in: -1...1, samples: 3) { $0 }
    #expect(exactlyOnTheGrid.roots.map(\.value) == [0])
  }

  @Test func logarithmicScanSpansDecades() throws {
    let found = try Roots.all(in: 1e-8...1e8, spacing: .logarithmic, samples: 200) { x in
      sin(2 * log10(x)) * 1.0
    }
    let exact = (-10...10).map { pow(10, Double($0) * .pi / 2) }.filter { (1e-8...1e8).contains($0) }
    #expect(found.roots.count == exact.count)
    for (root, expected) in zip(found.roots, exact) { #expect(relativeError(root.value, expected) < 1e-14) }
  }

  @Test func closePairsAndDoubleRootsAreNoticed() throws {
    // Two roots between neighbouring samples.
    let close = try Roots.all(in: 0...10, samples: 50) { ($0 - 3.001) * ($0 - 3.0011) }
    #expect(close.roots.count == 2)
    #expect(relativeError(close.roots.map(\.value), [3.001, 3.0011]) < 1e-12)
    // A double root is a touch that is likely a root.
    let double = try Roots.all(in: 0...10, samples: 50) { pow($0 - 3.001, 2) }
    #expect(double.roots.isEmpty)
    #expect(double.touching.count == 1)
    #expect(double.touching[0].isLikelyRoot)
    #expect(abs(double.touching[0].position - 3.001) < 1e-6)
    // A near miss is not.
    let miss = try Roots.all(in: 0...10, samples: 50) { pow($0 - 3.001, 2) + 1e-3 }
    #expect(miss.roots.isEmpty)
    #expect(miss.touching.count == 1)
    #expect(!miss.touching[0].isLikelyRoot)
    #expect(relativeError(miss.touching[0].value, 1e-3) < 1e-9)
  }

  @Test func criticalPointOfGELU() throws {
    // ⟨σσ″⟩ = 0 at K* = (3 + √17)/2 for σ = zΦ(z); σ″ = φ(z)(2 − z²).
    let found = try Roots.all(in: 1e-3...100, spacing: .logarithmic, samples: 60) { k in
      GaussianExpectation.one(variance: k) { z in
        let density = exp(-z * z / 2) / (2 * .pi).squareRoot()
        return z * 0.5 * erfc(-z / 2.0.squareRoot()) * density * (2 - z * z)
      }.value
    }
    #expect(found.roots.count == 1)
    #expect(relativeError(found.roots[0].value, (3 + 17.0.squareRoot()) / 2) < 1e-13)
  }

  @Test func minima() {
    let parabola = Minimum.bracketed(in: -3...10) { ($0 - 1.25) * ($0 - 1.25) + 4 }
    #expect(abs(parabola.position - 1.25) < 1e-7)
    #expect(parabola.value == 4)
    let cusp = Minimum.bracketed(in: 0...1) { abs($0 - 0.3) }
    #expect(abs(cusp.position - 0.3) < 1e-7)
    let edge = Minimum.bracketed(in: 0...1) { $0 }
    #expect(edge.position < 1e-6)
    var evaluations = 0
    _ = Minimum.bracketed(in: 0...5) { x in
      evaluations += 1
      return cos(x)
    }
    #expect(evaluations < 25)
  }
}
