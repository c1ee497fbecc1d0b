import OrreryTensors
import OrreryTheory

/// Steps of gradient descent written out: every output and sample is an index of its own, the hierarchy is stepped as it stands, and
/// what is averaged are exact derivatives of the final outputs with respect to what is random at the start.
///
/// z(k) is a polynomial of z, Ĥ, dĤ and ddĤ at the start. With z Gaussian of covariance K, Ĥ = Θ + H1/n + ΔĤ, and expectations of order
/// 1/n only,
///
///     M = ∂z(k)/∂Ĥ H1 + ½ ∂²z(k)/∂Ĥ∂Ĥ E[ΔĤΔĤ] + ∂²z(k)/∂dĤ∂z E[dĤ z] + (1 + ½ K ∂²/∂z∂z) ∂z(k)/∂ddĤ E[ddĤ].
struct PlainDescent {
  let hierarchy: PlainHierarchy
  /// hη of each step.
  let rates: [Double]

  /// A number with nilpotent parts e_1, e_2, e_3: element S is the coefficient of Π_(i ∈ S) e_i, so that products give exact mixed
  /// derivatives.
  struct Jet {
    var parts = SIMD8<Double>()

    init(_ value: Double) { parts[0] = value }

    /// c e_i.
    init(_ value: Double = 0, _ coefficient: Double, along direction: Int) {
      parts[0] = value
      parts[1 << direction] = coefficient
    }

    static func + (a: Jet, b: Jet) -> Jet {
      var result = a
      result.parts += b.parts
      return result
    }

    static func * (a: Double, b: Jet) -> Jet {
      var result = b
      result.parts *= a
      return result
    }

    static func * (a: Jet, b: Jet) -> Jet {
      var result = Jet(0)
      for i in 0..<8 where a.parts[i] != 0 {
        for j in 0..<8 where i & j == 0 { result.parts[i | j] += a.parts[i] * b.parts[j] }
      }
      return result
    }
  }

  /// A sample's output.
  struct Leg: Equatable {
    let sample: Int
    let output: Int
  }

  private var legs: [Leg] {
    (0..<hierarchy.samples).flatMap { sample in
      (0..<hierarchy.outputs).map { Leg(sample: sample, output: $0) }
    }
  }

  /// The legs of training samples, which come first.
  private var trained: Int { hierarchy.train * hierarchy.outputs }

  /// What is random at the start, by numbers of legs.
  struct Start {
    var z: [Jet]
    var tangent: [[Jet]]
    var first: [[[Jet]]]
    var second: [[[[Jet]]]]
    var secondMixed: [[[[Jet]]]]
  }

  /// z = 0, Ĥ = Θ, and no differentials.
  private var start: Start {
    let legs = legs
    let zeros = legs.map { _ in Jet(0) }
    let three = legs.map { _ in legs.map { _ in zeros } }
    let four = legs.map { _ in three }
    return Start(
      z: zeros,
      tangent: legs.map { x in
        legs.map { Jet(x.output == $0.output ? hierarchy.tangent.mean[x.sample, $0.sample] : 0) }
      }, first: three, second: four, secondMixed: four)
  }

  /// z(k) of every leg.
  private func outputs(_ start: Start) -> [Jet] {
    var now = start
    let (all, own) = (0..<legs.count, 0..<trained)
    for rate in rates {
      let (linear, square) = (-rate, rate * rate / 2)
      let cubic = -rate * rate * rate / 6
      let residual = own.map {
        now.z[$0] + Jet(-hierarchy.targets[legs[$0].sample][legs[$0].output])
      }
      var next = now
      for x in all {
        for a in own {
          next.z[x] = next.z[x] + linear * (now.tangent[x][a] * residual[a])
          for b in own {
            let two = residual[a] * residual[b]
            next.z[x] = next.z[x] + square * (now.first[x][a][b] * two)
            for c in own {
              next.z[x] = next.z[x] + cubic * (now.second[x][a][b][c] * (two * residual[c]))
            }
          }
        }
        for a in all {
          for b in own {
            next.tangent[x][a] =
              next.tangent[x][a] + linear * ((now.first[x][a][b] + now.first[a][x][b]) * residual[b])
            for c in own {
              let bent = now.second[x][a][b][c] + now.second[a][x][b][c] + 2 * now.secondMixed[x][a][b][c]
              next.tangent[x][a] = next.tangent[x][a] + square * (bent * (residual[b] * residual[c]))
            }
          }
          for b in own {
            for c in own {
              let moved = now.second[x][a][b][c] + now.secondMixed[x][a][b][c] + now.secondMixed[x][b][a][c]
              next.first[x][a][b] = next.first[x][a][b] + linear * (moved * residual[c])
            }
          }
        }
      }
      now = next
    }
    return now.z
  }

  private func outputs(_ change: (inout Start) -> Void) -> [Jet] {
    var start = start
    change(&start)
    return outputs(start)
  }

  /// M of one contribution, sample by sample and output by output.
  func correction(_ contribution: FiniteWidthContribution) -> [Double] {
    let legs = legs
    let all = legs.indices
    var result = [Double](repeating: 0, count: legs.count)
    func add(_ factor: Double, _ part: Int, _ jets: [Jet]) {
      for x in all { result[x] += factor * jets[x].parts[part] }
    }
    func indices(_ of: Int...) -> ((Int, Int, Int, Int), (Int, Int, Int, Int)) {
      let chosen = of.map { legs[$0] }
      return (
        (chosen[0].output, chosen[1].output, chosen[2].output, chosen[3].output),
        (chosen[0].sample, chosen[1].sample, chosen[2].sample, chosen[3].sample)
      )
    }
    switch contribution {
    case .tangentKernelMean:
      add(
        1, 1,
        outputs { start in
          for x in all {
            for a in all where legs[x].output == legs[a].output {
              let h = hierarchy.tangent.correction[legs[x].sample, legs[a].sample]
              start.tangent[x][a] = start.tangent[x][a] + Jet(0, h, along: 0)
            }
          }
        })
    case .tangentKernelFluctuation:
      for x in all {
        for a in all {
          add(
            0.5, 3,
            outputs { start in
              for y in all {
                for b in all {
                  let (o, s) = indices(x, a, y, b)
                  start.tangent[y][b] = start.tangent[y][b] + Jet(0, hierarchy.fluctuation(o, s), along: 1)
                }
              }
              start.tangent[x][a] = start.tangent[x][a] + Jet(0, 1, along: 0)
            })
        }
      }
    case .differential:
      for f in all {
        add(
          1, 3,
          outputs { start in
            start.z[f] = Jet(0, 1, along: 0)
            for x in all {
              for a in all {
                for b in all {
                  let (o, s) = indices(x, a, b, f)
                  start.first[x][a][b] = Jet(0, hierarchy.moved(o, s), along: 1)
                }
              }
            }
          })
      }
    default:
      func seconds(_ start: inout Start) {
        for x in all {
          for a in all {
            for b in all {
              for c in all {
                let (o, s) = indices(x, a, b, c)
                start.second[x][a][b][c] = Jet(0, hierarchy.first(o, s), along: 0)
                start.secondMixed[x][a][b][c] = Jet(0, hierarchy.second(o, s), along: 0)
              }
            }
          }
        }
      }
      add(1, 1, outputs { seconds(&$0) })
      for f in all {
        add(
          0.5, 7,
          outputs { start in
            seconds(&start)
            for g in all where legs[g].output == legs[f].output {
              start.z[g] = Jet(0, hierarchy.kernel[legs[f].sample, legs[g].sample], along: 2)
            }
            start.z[f] = start.z[f] + Jet(0, 1, along: 1)
          })
      }
    }
    return result
  }
}
