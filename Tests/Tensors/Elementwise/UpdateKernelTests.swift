import CElementwise
import OrreryTensors
import OrreryTestSupport
import Testing

/// Update rules of every instruction set that this machine has, beside plain loops: the same bits, since nothing is fused.
@Suite struct UpdateKernelTests {
  private static let tables = (0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue)).compactMap {
    orrery_update_kernels_for($0)?.pointee
  }

  /// Lengths around those of vectors.
  private static let lengths = [0, 1, 3, 7, 8, 15, 16, 17, 31, 64, 100, 257]

  private static func update() -> orrery_update {
    orrery_update(
      scale: 0.7, limit: 0.9, coupled: 0.03, keep: 0.99, rate: 0.01, memory1: 0.9, fresh1: 1 - 0.9, memory2: 0.999,
      fresh2: 1 - 0.999, second: 1 / (1 - 0.999), inside: 1e-12, outside: 1e-8, along: 0.3, across: 0.8)
  }

  /// Four arrays of normals: w, m, v ≥ 0, g.
  private static func arrays<Scalar: TensorScalar>(_ scalar: Scalar.Type, _ count: Int) -> [[Scalar]] {
    var random = SplitMix(seed: UInt64(count) + 3)
    let arrays = (0..<4).map { _ in (0..<count).map { _ in Scalar(random.normal()) } }
    return [arrays[0], arrays[1], arrays[2].map { $0 * $0 }, arrays[3]]
  }

  /// One element of a rule, in the order of operations that the kernels promise.
  private struct Plain<Scalar: TensorScalar> {
    var (w, m, v): (Scalar, Scalar, Scalar)
    var direction: Scalar = 0
    let x: Scalar
    let u: orrery_update

    init(_ u: orrery_update, w: Scalar, m: Scalar, v: Scalar, g: Scalar) {
      (self.u, self.w, self.m, self.v) = (u, w, m, v)
      var g = g * Scalar(u.scale)
      let limit = Scalar(u.limit)
      g = g < -limit ? -limit : g
      g = g > limit ? limit : g
      x = g + Scalar(u.coupled) * w
    }

    private var root: Scalar {
      (Scalar(u.second) * v + Scalar(u.inside)).squareRoot() + Scalar(u.outside)
    }

    mutating func descent() { w = Scalar(u.keep) * w - Scalar(u.rate) * x }
    mutating func toDirection() {
      m = Scalar(u.memory1) * m + Scalar(u.fresh1) * x
      direction = Scalar(u.along) * x + Scalar(u.across) * m
    }
    mutating func momentum() {
      toDirection()
      w = Scalar(u.keep) * w - Scalar(u.rate) * direction
    }
    mutating func adam() {
      m = Scalar(u.memory1) * m + Scalar(u.fresh1) * x
      v = Scalar(u.memory2) * v + Scalar(u.fresh2) * (x * x)
      w = Scalar(u.keep) * w - Scalar(u.rate) * (m / root)
    }
    mutating func rmsProp() {
      v = Scalar(u.memory2) * v + Scalar(u.fresh2) * (x * x)
      w = Scalar(u.keep) * w - Scalar(u.rate) * (x / root)
    }
    mutating func lion() {
      let c = Scalar(u.memory1) * m + Scalar(u.fresh1) * x
      m = Scalar(u.memory2) * m + Scalar(u.fresh2) * x
      w = Scalar(u.keep) * w - Scalar(u.rate) * (c > 0 ? 1 : c < 0 ? -1 : 0)
    }
  }

  private enum Rule: CaseIterable { case descent, momentum, direction, adam, rmsProp, lion }

  private static func expected<Scalar: TensorScalar>(_ rule: Rule, _ start: [[Scalar]]) -> [[Scalar]] {
    var result = start
    for i in start[0].indices {
      var plain = Plain(update(), w: start[0][i], m: start[1][i], v: start[2][i], g: start[3][i])
      switch rule {
      case .descent: plain.descent()
      case .momentum: plain.momentum()
      case .direction: plain.toDirection()
      case .adam: plain.adam()
      case .rmsProp: plain.rmsProp()
      case .lion: plain.lion()
      }
      (result[0][i], result[1][i], result[2][i]) = (plain.w, plain.m, plain.v)
      if rule == .direction { result[2][i] = plain.direction }
    }
    return result
  }

  @Test func singlePrecision() {
    #expect(!Self.tables.isEmpty)
    for rule in Rule.allCases {
      for count in Self.lengths {
        let start = Self.arrays(Float.self, count)
        let expected = Self.expected(rule, start)
        for table in Self.tables {
          var (w, m, v) = (start[0], start[1], start[2])
          let g = start[3]
          var u = Self.update()
          switch rule {
          case .descent: table.descent_f32(&u, &w, g, count)
          case .momentum: table.momentum_f32(&u, &w, &m, g, count)
          case .direction: table.direction_f32(&u, w, &m, g, &v, count)
          case .adam: table.adam_f32(&u, &w, &m, &v, g, count)
          case .rmsProp: table.rmsprop_f32(&u, &w, &v, g, count)
          case .lion: table.lion_f32(&u, &w, &m, g, count)
          }
          #expect([w, m, v, g] == expected, "\(rule) of \(count)")
        }
      }
    }
  }

  @Test func doublePrecision() {
    for rule in Rule.allCases {
      for count in Self.lengths {
        let start = Self.arrays(Double.self, count)
        let expected = Self.expected(rule, start)
        for table in Self.tables {
          var (w, m, v) = (start[0], start[1], start[2])
          let g = start[3]
          var u = Self.update()
          switch rule {
          case .descent: table.descent_f64(&u, &w, g, count)
          case .momentum: table.momentum_f64(&u, &w, &m, g, count)
          case .direction: table.direction_f64(&u, w, &m, g, &v, count)
          case .adam: table.adam_f64(&u, &w, &m, &v, g, count)
          case .rmsProp: table.rmsprop_f64(&u, &w, &v, g, count)
          case .lion: table.lion_f64(&u, &w, &m, g, count)
          }
          #expect([w, m, v, g] == expected, "\(rule) of \(count)")
        }
      }
    }
  }

  /// Thirty-two partial sums, then halves onto halves: the order that all paths share.
  private static func squares(_ values: [Double]) -> Double {
    var parts = [Double](repeating: 0, count: 32)
    for (i, value) in values.enumerated() { parts[i % 32] += value * value }
    for half in [16, 8, 4, 2, 1] { for k in 0..<half { parts[k] += parts[k + half] } }
    return parts[0]
  }

  @Test func sumsOfSquares() {
    for count in Self.lengths {
      let single = Self.arrays(Float.self, count)[0]
      let double = Self.arrays(Double.self, count)[0]
      for table in Self.tables {
        #expect(table.squares_f32(single, count) == Self.squares(single.map(Double.init)))
        #expect(table.squares_f64(double, count) == Self.squares(double))
      }
    }
  }

  /// Squares of floats never overflow double precision; what is not finite stays so.
  @Test func sumsOfExtremeSquares() {
    for table in Self.tables {
      let large = [Float](repeating: .greatestFiniteMagnitude, count: 100)
      #expect(table.squares_f32(large, 100).isFinite)
      for bad in [Float.nan, .infinity, -.infinity] {
        for place in [0, 31, 32, 36] {
          var values = [Float](repeating: 1, count: 37)
          values[place] = bad
          #expect(!table.squares_f32(values, 37).isFinite)
        }
      }
    }
  }
}
