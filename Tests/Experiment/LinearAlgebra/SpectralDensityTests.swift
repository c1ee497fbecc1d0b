import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct SpectralDensityTests {
  /// Gauss quadrature: moments of one probe are zᵀA^p z exactly up to 2m − 1.
  @Test func momentsOfAProbeAreExact() throws {
    let a = try DenseOperator(eigenvalues: (0..<30).map { cos(Double($0)) })
    let density = SpectralDensity(of: a, probes: 1, steps: 5, seed: 9)
    #expect(density.nodes[0].count == 5 && abs(density.weights[0].reduce(0, +) - 1) < 1e-12)
    // The whole space with the same probe.
    let complete = SpectralDensity(of: a, probes: 1, steps: 30, seed: 9)
    for power in 0...9 { #expect(abs(density.moment(power).value - complete.moment(power).value) < 1e-12) }
    #expect(abs(density.moment(12).value - complete.moment(12).value) > 1e-9)
  }

  /// Traces of powers within the standard error over probes, and a density that integrates to 1.
  @Test func densityOfADenseMatrix() throws {
    let values = (0..<60).map { sin(0.7 * Double($0)) + ($0 == 0 ? 4 : 0) }
    let a = try DenseOperator(eigenvalues: values)
    let density = SpectralDensity(of: a, probes: 60, steps: 25, seed: 3)
    for power in 1...3 {
      let exact = values.reduce(0) { $0 + pow($1, Double(power)) } / 60
      let moment = density.moment(power)
      #expect(abs(moment.value - exact) < 4 * moment.error)
    }
    let (grid, width) = density.grid(points: 2000)
    let (height, _) = density.density(on: grid, width: width)
    let cell = grid[1] - grid[0]
    #expect(abs(height.reduce(0, +) * cell - 1) < 1e-2)
    // In the whole space the quadrature is exact for every function, and only the probes are random: against the same smoothing of the
    // eigenvalues themselves, 21 points of which one lies 5 standard errors off in 10⁵ times.
    let complete = SpectralDensity(of: a, probes: 60, steps: 60, seed: 3)
    let (smooth, smoothError) = complete.density(on: grid, width: width)
    for place in stride(from: 0, to: 2000, by: 97) {
      let exact = values.reduce(0.0) { sum, value in
        let u = (grid[place] - value) / width
        return sum + exp(-0.5 * u * u) / (width * (2 * Double.pi).squareRoot()) / 60
      }
      #expect(abs(smooth[place] - exact) < 5 * smoothError[place] + 1e-10)
    }
  }
}

extension SpectralDensity {
  /// tr A^p / P, over probes.
  fileprivate func moment(_ power: Int) -> Estimate {
    Statistics.mean(
      zip(nodes, weights).map { nodes, weights in
        zip(nodes, weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(power)) }
      })
  }
}
