import OrreryAnalysis
import OrreryTensors
import OrreryTheory

/// Second moments of output 0 written out, by definition: S¹ = G̃G1G̃ᵀ − ∫ G̃(t − τ)(R + Rᵀ)(τ)G̃(t − τ)ᵀ dτ.
extension PlainHierarchy {
  /// The propagator at a time, with what of residuals follows from it.
  struct Moment {
    let g: [[Double]]
    /// ε̄ of all samples, the target of a test sample being 0: [sample][output].
    let mean: [[Double]]
  }

  func moment(_ time: Double) -> Moment {
    let g = propagator(time)
    let mean = g.map { row in (0..<outputs).map { i in -(0..<train).reduce(0.0) { $0 + row[$1] * targets[$1][i] } } }
    return Moment(g: g, mean: mean)
  }

  /// G̃KG̃ᵀ at two times.
  private func covariance(_ p: Moment, _ q: Moment) -> [[Double]] {
    let half = p.g.map { row in
      (0..<samples).map { d in (0..<samples).reduce(0.0) { $0 + row[$1] * kernel[$1, d] } }
    }
    return half.map { row in q.g.map { other in zip(row, other).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  /// E z_(i;1) z_(j;2) ΔĤ_(kl;34).
  private func correlated(_ o: (Int, Int, Int, Int), _ s: (Int, Int, Int, Int)) -> Double {
    delta(o.0, o.1) * delta(o.2, o.3) * tangent.d[s.0, s.1, s.2, s.3]
      + delta(o.0, o.2) * delta(o.1, o.3) * tangent.f[s.0, s.2, s.1, s.3]
      + delta(o.0, o.3) * delta(o.1, o.2) * tangent.f[s.0, s.3, s.1, s.2]
  }

  private typealias Leg = (output: Int, sample: Int)

  /// R_xx′ of output 0 at τ, all contributions but G1.
  func secondMomentSource(_ contribution: FiniteWidthContribution, at tau: Double) -> [[Double]] {
    var result = Array(repeating: Array(repeating: 0.0, count: samples), count: samples)
    let now = moment(tau)
    let same = covariance(now, now)
    func pair(_ p: Moment, _ a: Leg, _ q: Moment, _ b: Leg, _ c: [[Double]]) -> Double {
      p.mean[a.sample][a.output] * q.mean[b.sample][b.output] + (a.output == b.output ? c[a.sample][b.sample] : 0)
    }
    func add(_ weight: Double, _ element: (_ x: Int, _ y: Int, _ j: Int, _ a: Int) -> Double) {
      for x in 0..<samples {
        for y in 0..<samples {
          for j in 0..<outputs { for a in 0..<train { result[x][y] += weight * element(x, y, j, a) } }
        }
      }
    }
    switch contribution {
    case .tangentKernelMean:
      add(1) { x, y, j, a in j == 0 ? tangent.correction[x, a] * pair(now, (0, a), now, (0, y), same) : 0 }
      return result
    case .kernelCorrelation:
      add(1) { x, y, j, a in
        var sum = 0.0
        for e in 0..<samples {
          for f in 0..<samples { sum += correlated((j, 0, 0, j), (e, f, x, a)) * now.g[a][e] * now.g[y][f] }
        }
        return sum
      }
      return result
    default: break
    }
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let (s, w) = (tau / 2 * (1 + node), tau / 2 * weight)
      let then = moment(s)
      let thenNow = covariance(then, now)
      let between = propagator(tau - s)
      switch contribution {
      case .tangentKernelFluctuation:
        add(-w) { x, y, j, a in
          var sum = 0.0
          for k in 0..<outputs {
            for b in 0..<samples {
              for c in 0..<train {
                sum +=
                  fluctuation((0, j, j, k), (x, a, b, c)) * between[a][b] * pair(then, (k, c), now, (0, y), thenNow)
                  + fluctuation((0, j, 0, k), (x, a, b, c)) * between[y][b] * pair(then, (k, c), now, (j, a), thenNow)
              }
            }
          }
          return sum
        }
      case .differential:
        add(-w) { x, y, j, a in
          var sum = 0.0
          for k in 0..<outputs {
            for b in 0..<train {
              for f in 0..<samples {
                func n(_ l: Int) -> Double { moved((0, j, k, l), (x, a, b, f)) + moved((j, 0, k, l), (a, x, b, f)) }
                sum +=
                  n(j) * now.g[a][f] * pair(then, (k, b), now, (0, y), thenNow)
                  + n(k) * then.g[b][f] * pair(now, (j, a), now, (0, y), same)
                  + n(0) * now.g[y][f] * pair(then, (k, b), now, (j, a), thenNow)
              }
            }
          }
          return sum
        }
      default:
        for (inner, innerWeight) in zip(rule.nodes, rule.weights) {
          let (u, v) = (s / 2 * (1 + inner), s / 2 * innerWeight)
          let before = moment(u)
          let (beforeNow, beforeThen) = (covariance(before, now), covariance(before, then))
          add(w * v) { x, y, j, a in
            var sum = 0.0
            for k in 0..<outputs {
              for b in 0..<train {
                for l in 0..<outputs {
                  for c in 0..<train {
                    let tensor =
                      first((0, j, k, l), (x, a, b, c)) + second((0, j, k, l), (x, a, b, c))
                      + second((0, k, j, l), (x, b, a, c)) + first((j, 0, k, l), (a, x, b, c))
                      + second((j, 0, k, l), (a, x, b, c)) + second((j, k, 0, l), (a, b, x, c))
                    guard tensor != 0 else { continue }
                    let means = now.mean[a][j] * then.mean[b][k] * before.mean[c][l] * now.mean[y][0]
                    let moment =
                      pair(then, (k, b), now, (j, a), thenNow) * pair(before, (l, c), now, (0, y), beforeNow)
                      + pair(before, (l, c), now, (j, a), beforeNow) * pair(then, (k, b), now, (0, y), thenNow)
                      + pair(now, (j, a), now, (0, y), same) * pair(before, (l, c), then, (k, b), beforeThen)
                      - 2 * means
                    sum += tensor * moment
                  }
                }
              }
            }
            return sum
          }
        }
      }
    }
    return result
  }

  /// S¹ of output 0 by one contribution.
  func secondMoment(_ contribution: FiniteWidthContribution, start: Matrix<Double>, at time: Double) -> [[Double]] {
    func carried(_ g: [[Double]], _ x: (Int, Int) -> Double) -> [[Double]] {
      (0..<samples).map { row in
        (0..<samples).map { column in
          var sum = 0.0
          for a in 0..<samples { for b in 0..<samples { sum += g[row][a] * x(a, b) * g[column][b] } }
          return sum
        }
      }
    }
    if contribution == .kernelMean { return carried(propagator(time)) { start[$0, $1] } }
    var result = Array(repeating: Array(repeating: 0.0, count: samples), count: samples)
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let (tau, w) = (time / 2 * (1 + node), time / 2 * weight)
      let source = secondMomentSource(contribution, at: tau)
      let onward = carried(propagator(time - tau)) { source[$0][$1] + source[$1][$0] }
      for x in 0..<samples { for y in 0..<samples { result[x][y] -= w * onward[x][y] } }
    }
    return result
  }
}
