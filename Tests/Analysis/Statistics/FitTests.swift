import Foundation
import OrreryAnalysis
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct FitTests {
  @Test func exactData() throws {
    let x = [0.0, 1, 2, 3, 4]
    let y = x.map { 1 - 2 * $0 + 0.5 * $0 * $0 }
    let fit = try LinearFit.polynomial(degree: 2, x: x, y: y, errors: Array(repeating: 0.1, count: 5))
    #expect(relativeError(fit.parameters.map(\.value), [1, -2, 0.5]) < 1e-12)
    #expect(fit.chiSquared < 1e-20)
    #expect(fit.degreesOfFreedom == 2)
    #expect(fit.pValue == 1)
    #expect(relativeError(fit.prediction([1, 10, 100]).value, 31) < 1e-12)
  }

  @Test func lineHasTheTextbookErrors() throws {
    let x = [1.0, 2, 4, 7]
    let errors = [0.1, 0.2, 0.1, 0.4]
    let y = [2.1, 3.8, 8.05, 14.5]
    let fit = try LinearFit.line(x: x, y: y, errors: errors)
    let w = errors.map { 1 / ($0 * $0) }
    func sum(_ f: (Int) -> Double) -> Double { x.indices.reduce(0) { $0 + w[$1] * f($1) } }
    let (s, sx, sxx) = (sum { _ in 1 }, sum { x[$0] }, sum { x[$0] * x[$0] })
    let (sy, sxy) = (sum { y[$0] }, sum { x[$0] * y[$0] })
    let delta = s * sxx - sx * sx
    let intercept = (sxx * sy - sx * sxy) / delta
    let slope = (s * sxy - sx * sy) / delta
    #expect(relativeError(fit.parameters[0].value, intercept) < 1e-12)
    #expect(relativeError(fit.parameters[1].value, slope) < 1e-12)
    #expect(relativeError(fit.parameters[0].error, (sxx / delta).squareRoot()) < 1e-12)
    #expect(relativeError(fit.parameters[1].error, (s / delta).squareRoot()) < 1e-12)
    #expect(relativeError(fit.covariance[0, 1], -sx / delta) < 1e-12)
    #expect(relativeError(fit.chiSquared, sum { pow(y[$0] - intercept - slope * x[$0], 2) }) < 1e-10)
  }

  @Test func unknownErrorsComeFromTheScatter() throws {
    let x = [0.0, 1, 2, 3]
    let y = [0.1, 0.9, 2.1, 2.9]
    let fit = try LinearFit.line(x: x, y: y)
    #expect(fit.pValue == nil)
    // Residuals 0.04, −0.12, 0.12, −0.04 about −… : s² = Σr²/2.
    let mean = 1.5
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - 1.5) } / 5
    let residual = zip(x, y).reduce(0) { $0 + pow($1.1 - 1.5 - slope * ($1.0 - mean), 2) } / 2
    #expect(relativeError(fit.parameters[1].error, (residual / 5).squareRoot()) < 1e-12)
  }

  @Test func powerLawSlopesAreCalibrated() throws {
    var generator = SplitMix(seed: 33)
    let x = [16.0, 32, 64, 128, 256]
    var pulls: [Double] = []
    var pValues: [Double] = []
    for _ in 0..<1000 {
      let errors = x.map { 0.01 * 3 / $0 }
      let y = zip(x, errors).map { 3 / $0 + $1 * generator.normal() }
      let fit = try LinearFit.powerLaw(x: x, y: y, errors: errors)
      pulls.append((fit.parameters[1].value + 1) / fit.parameters[1].error)
      pValues.append(try #require(fit.pValue))
    }
    #expect(KolmogorovSmirnov(standardNormal: pulls).pValue > 1e-4)
    #expect(KolmogorovSmirnov(pValues) { min(max($0, 0), 1) }.pValue > 1e-4)
  }

  @Test func correlatedValues() throws {
    // Perfectly common noise moves the intercept, not the slope: with covariance a²·11ᵀ + s²·1, the slope's error is
    // that of s alone and the intercept's variance gains a².
    let x = [-1.0, 0, 1]
    let (a, s) = (0.5, 0.1)
    let design = Matrix(x.map { [1, $0] })
    let covariance = Matrix(x.indices.map { i in x.indices.map { j in a * a + (i == j ? s * s : 0) } })
    let fit = try LinearFit.correlated(design: design, values: [1, 2, 3], covariance: covariance)
    #expect(relativeError(fit.parameters.map(\.value), [2, 1]) < 1e-12)
    #expect(relativeError(fit.parameters[1].error, s / 2.0.squareRoot()) < 1e-12)
    #expect(relativeError(fit.parameters[0].error, (a * a + s * s / 3).squareRoot()) < 1e-12)
  }

  @Test func impossibleFits() {
    let x = [1.0, 2, 3]
    #expect(throws: FitError.tooFewPoints(points: 3, parameters: 4)) {
      try LinearFit.polynomial(degree: 3, x: x, y: x, errors: x)
    }
    #expect(throws: FitError.dependentColumns(index: 1)) { try LinearFit.line(x: [2, 2, 2], y: x, errors: x) }
    #expect(throws: FitError.badError(index: 1)) { try LinearFit.line(x: x, y: x, errors: [1, 0, 1]) }
    #expect(throws: FitError.badValue(index: 2)) { try LinearFit.line(x: x, y: [1, 1, .nan], errors: x) }
    #expect(throws: FitError.notPositive(index: 0)) { try LinearFit.powerLaw(x: [0, 1, 2], y: x) }
    #expect(throws: FitError.self) { try LinearFit.line(x: x, y: [1, 2]) }
    #expect(throws: FitError.notACovariance(index: 1)) {
      try LinearFit.correlated(
        design: Matrix([[1], [1]]), values: [1, 2], covariance: Matrix([[1, 2], [2, 1]]))
    }
    #expect("\(FitError.badError(index: 1))".contains("point 1"))
  }

  @Test func richardson() {
    #expect(relativeError(Richardson.weights(sizes: [8, 16], powers: [1]), [-1, 2]) < 1e-15)
    #expect(relativeError(Richardson.weights(sizes: [8, 16, 32], powers: [1, 2]), [1.0 / 3, -2, 8.0 / 3]) < 1e-14)
    let sizes = [10.0, 30, 70]
    let estimate = Richardson.extrapolate(
      sizes.map { Estimate(value: 2 + 5 / $0 - 7 / ($0 * $0), error: 0.01) }, sizes: sizes, powers: [1, 2])
    #expect(relativeError(estimate.value, 2) < 1e-13)
    let weights = Richardson.weights(sizes: sizes, powers: [1, 2])
    #expect(relativeError(estimate.error, 0.01 * weights.reduce(0) { $0 + $1 * $1 }.squareRoot()) < 1e-13)
    let half = Richardson.extrapolate(
      [4.0, 16].map { Estimate(value: 1 + 3 / $0.squareRoot(), error: 0) }, sizes: [4, 16], powers: [0.5])
    #expect(relativeError(half.value, 1) < 1e-14)
  }
}
