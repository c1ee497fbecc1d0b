import OrreryTensors

extension ActivationFunction {
  /// The elementary function that f^(order) is, if it is one: whole arrays of it need no blocks.
  func elementary(_ order: Int) -> Elementwise.Function? {
    switch (self, order) {
    case (.erf, 0): .erf
    case (.gelu, 0): .gelu
    case (.tanh, 0): .tanh
    case (.sigmoid, 0), (.softplus, 1): .sigmoid
    case (.softplus, 0): .softplus
    case (.exp, _): .exp
    default: nil
    }
  }

  /// f^(order) of a block of arguments, order 0 … 3: the fast twin of `derivative(_:at:)`, with the same formulas.
  ///
  /// What is ``elementary(_:)`` never comes to the cases below: those of erf, sigmoid and softplus begin at order 1.
  @inline(__always)
  func evaluate<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    if let function = elementary(order) { return block.call(function) }
    switch self {
    case .linear: twoSlope(1, 1, order, block)
    case .relu: twoSlope(1, 0, order, block)
    case .leakyReLU(let slope): twoSlope(1, Scalar(slope), order, block)
    case .twoSlope(let positive, let negative): twoSlope(Scalar(positive), Scalar(negative), order, block)
    case .abs: twoSlope(1, -1, order, block)
    case .step: order == 0 ? block.map { $0 > 0 ? 1 : 0 } : block.map { _ in 0 }
    case .sign: order == 0 ? block.map { $0 > 0 ? 1 : ($0 < 0 ? -1 : 0) } : block.map { _ in 0 }
    case .reluSquared:
      switch order {
      case 0: block.map { $0 <= 0 ? 0 : $0 * $0 }
      case 1: block.map { $0 <= 0 ? 0 : 2 * $0 }
      case 2: block.map { $0 <= 0 ? 0 : 2 }
      default: block.map { _ in 0 }
      }
    case .erf: bell(order - 1, scale: 2 / Double.pi.squareRoot(), block)
    case .gelu: gelu(order, block)
    case .geluTanh: geluTanh(order, block)
    case .silu: silu(order, block)
    case .tanh: hyperbolicTangent(order, block)
    case .sigmoid: logistic(order, block)
    case .softplus: logistic(order - 1, block)
    case .sin: wave(order, block)
    case .cos: wave(order + 1, block)
    case .exp: block.call(.exp)
    case .gaussian: bell(order, scale: 1, block)
    case .monomial(let degree): monomial(degree, order, block)
    case .hermite(let degree): hermite(degree, order, block)
    case .elu(let alpha): exponentialLinear(Scalar(alpha), order, block)
    case .polynomial(let coefficients): polynomial(coefficients, order, block)
    }
  }

  @inline(__always)
  private func twoSlope<S: ActivationScalar>(_ positive: S, _ negative: S, _ order: Int, _ block: ActivationBlock<S>) {
    switch order {
    // A slope of exactly 0 also at −∞; not-a-number stays what it is.
    case 0 where negative == 0: block.map { $0 <= 0 ? 0 : positive * $0 }
    case 0: block.map { ($0 > 0 ? positive : negative) * $0 }
    case 1: block.map { $0 > 0 ? positive : negative }
    default: block.map { _ in 0 }
    }
  }

  /// Derivatives of scale·e^(−u²).
  @inline(__always)
  private func bell<S: ActivationScalar>(_ order: Int, scale: Double, _ block: ActivationBlock<S>) {
    let (limit, scale) = (S(Self.normalCutoff), S(scale))
    block.first(.exp) { u in
      let v = ActivationBlock.clamp(u, limit)
      return -v * v
    }
    switch order {
    case 0: block.mapWithFirst { _, g in scale * g }
    case 1: block.mapWithFirst { u, g in -2 * ActivationBlock.clamp(u, limit) * (scale * g) }
    case 2:
      block.mapWithFirst { u, g in
        let v = ActivationBlock.clamp(u, limit)
        return (4 * v * v - 2) * (scale * g)
      }
    default:
      block.mapWithFirst { u, g in
        let v = ActivationBlock.clamp(u, limit)
        return (12 - 8 * v * v) * v * (scale * g)
      }
    }
  }

  @inline(__always)
  private func gelu<S: ActivationScalar>(_ order: Int, _ block: ActivationBlock<S>) {
    // Φ(u) keeps its digits for negative u; φ(u) = e^(−u²/2)/√(2π).
    let limit = S(Self.normalCutoff)
    let norm = S(1 / (2 * Double.pi).squareRoot())
    block.first(.gaussian) { ActivationBlock.clamp($0, limit) }
    switch order {
    case 1:
      block.second(.normalCDF) { $0 }
      block.mapWithBoth { u, bell, left in left + ActivationBlock.clamp(u, limit) * (norm * bell) }
    case 2:
      block.mapWithFirst { u, bell in
        let v = ActivationBlock.clamp(u, limit)
        return (2 - v * v) * (norm * bell)
      }
    default:
      block.mapWithFirst { u, bell in
        let v = ActivationBlock.clamp(u, limit)
        return (v * v - 4) * v * (norm * bell)
      }
    }
  }

  /// Derivatives of the logistic function s, order ≥ 1, from e = e^(−|u|): s′ = e/(1 + e)².
  @inline(__always)
  private func logistic<S: ActivationScalar>(_ order: Int, _ block: ActivationBlock<S>) {
    block.first(.exp) { -Swift.abs($0) }
    switch order {
    case 1: block.mapWithFirst { u, e in LogisticJet(u, e).first }
    case 2: block.mapWithFirst { u, e in LogisticJet(u, e).second }
    default: block.mapWithFirst { u, e in LogisticJet(u, e).third }
    }
  }

  @inline(__always)
  private func hyperbolicTangent<S: ActivationScalar>(_ order: Int, _ block: ActivationBlock<S>) {
    // 1 − tanh² = 4 e/(1 + e)² with e = e^(−2|u|) has neither cancellation nor overflow.
    block.first(.exp) { -2 * Swift.abs($0) }
    if order == 2 { block.second(.tanh) { $0 } }
    switch order {
    case 1: block.mapWithFirst { _, e in 4 * e / ((1 + e) * (1 + e)) }
    case 2: block.mapWithBoth { _, e, t in -2 * t * (4 * e / ((1 + e) * (1 + e))) }
    default:
      block.mapWithFirst { _, e in
        let q = 4 * e / ((1 + e) * (1 + e))
        return q * (4 - 6 * q)
      }
    }
  }

  @inline(__always)
  private func silu<S: ActivationScalar>(_ order: Int, _ block: ActivationBlock<S>) {
    let limit = S(Self.logisticCutoff)
    if order == 0 {
      block.first(.sigmoid) { $0 }
      return block.mapWithFirst { u, s in (u < -limit ? -limit : u) * s }
    }
    block.first(.exp) { -Swift.abs($0) }
    // One loop for each order: a choice inside would keep it from being vectorised.
    switch order {
    case 1:
      block.mapWithFirst { u, e in
        let jet = LogisticJet(u, e)
        return jet.value + ActivationBlock.clamp(u, limit) * jet.first
      }
    case 2:
      block.mapWithFirst { u, e in
        let jet = LogisticJet(u, e)
        return 2 * jet.first + ActivationBlock.clamp(u, limit) * jet.second
      }
    default:
      block.mapWithFirst { u, e in
        let jet = LogisticJet(u, e)
        return 3 * jet.second + ActivationBlock.clamp(u, limit) * jet.third
      }
    }
  }

  /// z s(w(z)) with s the logistic function and w = c (z + a z³).
  @inline(__always)
  private func geluTanh<S: ActivationScalar>(_ order: Int, _ block: ActivationBlock<S>) {
    let limit = S(Self.cubicCutoff)
    let (c, a) = (S((8 / Double.pi).squareRoot()), S(0.044715))
    if order == 0 {
      block.first(.sigmoid) { u in
        let v = ActivationBlock.clamp(u, limit)
        return c * (v + a * v * v * v)
      }
      return block.mapWithFirst { u, s in (u < -limit ? -limit : u) * s }
    }
    block.first(.exp) { u in
      let v = ActivationBlock.clamp(u, limit)
      return -Swift.abs(c * (v + a * v * v * v))
    }
    switch order {
    case 1:
      block.mapWithFirst { u, e in
        let (v, jet) = (ActivationBlock.clamp(u, limit), LogisticJet(u, e))
        return jet.value + v * (jet.first * (c + 3 * a * c * v * v))
      }
    case 2:
      block.mapWithFirst { u, e in
        let (v, jet) = (ActivationBlock.clamp(u, limit), LogisticJet(u, e))
        let (w1, w2) = (c + 3 * a * c * v * v, 6 * a * c * v)
        return 2 * (jet.first * w1) + v * (jet.second * w1 * w1 + jet.first * w2)
      }
    default:
      block.mapWithFirst { u, e in
        let (v, jet) = (ActivationBlock.clamp(u, limit), LogisticJet(u, e))
        let (w1, w2, w3) = (c + 3 * a * c * v * v, 6 * a * c * v, 6 * a * c)
        let square = w1 * w1
        let second = jet.second * square + jet.first * w2
        return 3 * second + v * (jet.third * square * w1 + 3 * jet.second * w1 * w2 + jet.first * w3)
      }
    }
  }

  /// Derivatives of sin: order 1 is cos, order 2 is −sin, …
  @inline(__always)
  private func wave<S: ActivationScalar>(_ order: Int, _ block: ActivationBlock<S>) {
    block.call(order % 2 == 0 ? .sin : .cos)
    if order % 4 >= 2 { for i in 0..<block.count { block.output[i] = -block.output[i] } }
  }

  @inline(__always)
  private func exponentialLinear<S: ActivationScalar>(_ alpha: S, _ order: Int, _ block: ActivationBlock<S>) {
    block.first(order == 0 ? .expm1 : .exp) { $0 > 0 ? 0 : $0 }
    let right: S = order == 1 ? 1 : 0
    order == 0
      ? block.mapWithFirst { u, e in u > 0 ? u : alpha * e }
      : block.mapWithFirst { u, e in u > 0 ? right : alpha * e }
  }
}

/// s, s′, s″, s‴ of the logistic function at an argument of the sign of `u`, from e = e^(−|argument|).
private struct LogisticJet<Scalar: ActivationScalar> {
  let value, first, second, third: Scalar

  @inline(__always)
  init(_ u: Scalar, _ e: Scalar) {
    let inverse = 1 / (1 + e)
    let small = e * inverse
    value = u > 0 ? inverse : small
    first = inverse * small
    // 1 − 2s = −tanh(argument/2) = ∓(1 − e)/(1 + e).
    let slope = first * ((1 - e) * inverse)
    second = u > 0 ? -slope : slope
    third = first * (1 - 6 * first)
  }
}
