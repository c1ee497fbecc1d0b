import Foundation
import OrreryAnalysis
import OrreryTensors
import OrreryTheory

/// The hierarchy at order 1/n written out: every index of samples and outputs with its Kronecker deltas, matrix exponentials from
/// their series, nested Gauss–Legendre rules for the times. It shares no formula with the library but the definitions of tensors.
struct PlainHierarchy {
  let tangent: TangentKernelTensors
  let differentials: DifferentialTensors
  let kernel: Matrix<Double>
  let train: Int
  /// y: [sample][output].
  let targets: [[Double]]
  let rule = GaussLegendre.rule(12)

  var outputs: Int { targets[0].count }
  var samples: Int { kernel.rows }

  func delta(_ i: Int, _ j: Int) -> Double { i == j ? 1 : 0 }

  /// e^(−Θ̃t) of all samples, where Θ̃_δa is Θ for training samples a and 0 for others: row-major.
  func propagator(_ time: Double) -> [[Double]] {
    let generator = (0..<samples).map { row in
      (0..<samples).map { $0 < train ? -tangent.mean[row, $0] * time / 1024 : 0 }
    }
    func product(_ x: [[Double]], _ y: [[Double]]) -> [[Double]] {
      x.map { row in (0..<samples).map { column in zip(row, y).reduce(0) { $0 + $1.0 * $1.1[column] } } }
    }
    let one = (0..<samples).map { row in (0..<samples).map { delta(row, $0) } }
    var sum = one
    var term = one
    for order in 1...10 {
      term = product(term, generator).map { $0.map { $0 / Double(order) } }
      sum = zip(sum, term).map { zip($0, $1).map(+) }
    }
    for _ in 0..<10 { sum = product(sum, sum) }
    return sum
  }

  /// ε̄(t): [sample][output].
  func residual(_ g: [[Double]]) -> [[Double]] {
    (0..<train).map { a in
      (0..<outputs).map { i in -(0..<train).reduce(0.0) { $0 + g[a][$1] * targets[$1][i] } }
    }
  }

  /// E dĤ_(ijk;012) z_(l;3).
  func moved(_ o: (Int, Int, Int, Int), _ s: (Int, Int, Int, Int)) -> Double {
    delta(o.0, o.3) * delta(o.1, o.2) * differentials.p[s.0, s.1, s.2, s.3]
      + delta(o.0, o.1) * delta(o.2, o.3) * differentials.q[s.0, s.1, s.2, s.3]
      + delta(o.0, o.2) * delta(o.1, o.3) * differentials.q[s.0, s.2, s.1, s.3]
  }

  func first(_ o: (Int, Int, Int, Int), _ s: (Int, Int, Int, Int)) -> Double {
    delta(o.0, o.1) * delta(o.2, o.3) * differentials.r[s.0, s.1, s.2, s.3]
      + delta(o.0, o.2) * delta(o.1, o.3) * differentials.r[s.0, s.2, s.1, s.3]
      + delta(o.0, o.3) * delta(o.1, o.2) * differentials.r[s.0, s.3, s.1, s.2]
  }

  func second(_ o: (Int, Int, Int, Int), _ s: (Int, Int, Int, Int)) -> Double {
    delta(o.0, o.1) * delta(o.2, o.3) * differentials.s[s.0, s.1, s.2, s.3]
      + delta(o.0, o.2) * delta(o.1, o.3) * differentials.t[s.0, s.2, s.1, s.3]
      + delta(o.0, o.3) * delta(o.1, o.2) * differentials.u[s.0, s.3, s.1, s.2]
  }

  /// E ΔĤ_(ij;12) ΔĤ_(kl;34).
  func fluctuation(_ o: (Int, Int, Int, Int), _ s: (Int, Int, Int, Int)) -> Double {
    delta(o.0, o.1) * delta(o.2, o.3) * tangent.a[s.0, s.1, s.2, s.3]
      + delta(o.0, o.2) * delta(o.1, o.3) * tangent.b[s.0, s.2, s.1, s.3]
      + delta(o.0, o.3) * delta(o.1, o.2) * tangent.b[s.0, s.3, s.1, s.2]
  }

  /// J_(iδ) of one contribution at t: [sample][output].
  func source(_ contribution: FiniteWidthContribution, at time: Double) -> [[Double]] {
    var result = Array(repeating: Array(repeating: 0.0, count: outputs), count: samples)
    let now = propagator(time)
    let present = residual(now)
    func add(_ weight: Double, _ element: (_ i: Int, _ x: Int, _ j: Int, _ a: Int, _ k: Int, _ b: Int) -> Double) {
      for x in 0..<samples {
        for i in 0..<outputs {
          for j in 0..<outputs {
            for a in 0..<train {
              for k in 0..<outputs {
                for b in 0..<train { result[x][i] += weight * element(i, x, j, a, k, b) }
              }
            }
          }
        }
      }
    }
    if contribution == .tangentKernelMean {
      for x in 0..<samples {
        for i in 0..<outputs {
          result[x][i] = (0..<train).reduce(0) { $0 + tangent.correction[x, $1] * present[$1][i] }
        }
      }
      return result
    }
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let (s, w) = (time / 2 * (1 + node), time / 2 * weight)
      let then = propagator(s)
      let past = residual(then)
      switch contribution {
      case .tangentKernelFluctuation:
        let between = propagator(time - s)
        add(w) { i, x, j, a, k, c in
          -(0..<train).reduce(0.0) { $0 + fluctuation((i, j, j, k), (x, a, $1, c)) * between[a][$1] } * past[c][k]
        }
      case .differential:
        add(w) { i, x, j, a, k, b in
          (0..<train).reduce(0.0) { sum, c in
            func n(_ l: Int) -> Double { moved((i, j, k, l), (x, a, b, c)) + moved((j, i, k, l), (a, x, b, c)) }
            return sum - n(j) * now[a][c] * past[b][k] - n(k) * present[a][j] * then[b][c]
          }
        }
      default:
        for (inner, innerWeight) in zip(rule.nodes, rule.weights) {
          let (u, v) = (s / 2 * (1 + inner), s / 2 * innerWeight)
          let before = propagator(u)
          let earlier = residual(before)
          func covariance(_ g: [[Double]], _ a: Int, _ h: [[Double]], _ b: Int) -> Double {
            var sum = 0.0
            for c in 0..<train { for d in 0..<train { sum += g[a][c] * kernel[c, d] * h[b][d] } }
            return sum
          }
          add(w * v) { i, x, j, a, k, b in
            var sum = 0.0
            for c in 0..<train {
              for l in 0..<outputs {
                let tensor =
                  first((i, j, k, l), (x, a, b, c)) + second((i, j, k, l), (x, a, b, c))
                  + second((i, k, j, l), (x, b, a, c)) + first((j, i, k, l), (a, x, b, c))
                  + second((j, i, k, l), (a, x, b, c)) + second((j, k, i, l), (a, b, x, c))
                guard tensor != 0 else { continue }
                let moment =
                  present[a][j] * past[b][k] * earlier[c][l]
                  + (k == l ? present[a][j] * covariance(then, b, before, c) : 0)
                  + (j == l ? past[b][k] * covariance(now, a, before, c) : 0)
                  + (j == k ? earlier[c][l] * covariance(now, a, then, b) : 0)
                sum += tensor * moment
              }
            }
            return sum
          }
        }
      }
    }
    return result
  }

  /// M(t) of one contribution: [sample][output].
  func correction(_ contribution: FiniteWidthContribution, at time: Double) -> [[Double]] {
    var result = Array(repeating: Array(repeating: 0.0, count: outputs), count: samples)
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let (tau, w) = (time / 2 * (1 + node), time / 2 * weight)
      let (source, onward) = (source(contribution, at: tau), propagator(time - tau))
      for x in 0..<samples {
        for i in 0..<outputs {
          result[x][i] -= w * (0..<samples).reduce(0) { $0 + onward[x][$1] * source[$1][i] }
        }
      }
    }
    return result
  }
}
