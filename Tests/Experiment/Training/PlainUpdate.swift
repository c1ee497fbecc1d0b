import Foundation
import OrreryNetworks
import OrreryTensors

/// Every rule written out number by number, slow and plain: the twin of ``ParameterUpdate`` for its tests.
struct PlainUpdate<Scalar: TensorScalar> {
  let optimizer: Optimizer
  /// (name, role, rows, columns, is a matrix, offset) of every tensor.
  let tensors: [(name: String, role: ParameterRole, rows: Int, columns: Int, isMatrix: Bool, offset: Int)]
  private var m: [Scalar]
  private var v: [Scalar]

  init(
    _ optimizer: Optimizer, count: Int,
    tensors: [(name: String, role: ParameterRole, rows: Int, columns: Int, isMatrix: Bool, offset: Int)]
  ) {
    self.optimizer = optimizer
    self.tensors = tensors
    m = [Scalar](repeating: 0, count: count)
    v = m
  }

  mutating func step(_ k: Int, _ w: inout [Scalar], _ gradient: [Scalar]) {
    let places = tensors.map { $0.offset..<($0.offset + $0.rows * $0.columns) }
    func norm(_ ranges: [Range<Int>]) -> Double {
      ranges.flatMap { gradient[$0] }.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    for (tensor, range) in zip(tensors, places) {
      var g = Array(gradient[range])
      switch optimizer.clipping {
      case .none: break
      case .global(let limit): scale(&g, min(1, limit / norm(places)))
      case .perTensor(let limit): scale(&g, min(1, limit / norm([range])))
      case .value(let limit): g = g.map { max(-Scalar(limit), min(Scalar(limit), $0)) }
      }
      let decay = optimizer.weightDecay.coefficient(of: tensor.role)
      if optimizer.weightDecay.kind == .coupled {
        for i in g.indices { g[i] += Scalar(decay) * w[range.lowerBound + i] }
      }
      var rate = optimizer.learningRate.value! * optimizer.multipliers.factor(tensor: tensor.name, role: tensor.role)
      var method = optimizer.method
      var isOrthogonal = false
      if case .muon(let muon) = method {
        isOrthogonal = tensor.isMatrix && muon.orthogonalizes(tensor.role)
        if !isOrthogonal {
          rate *= (muon.others.learningRate ?? optimizer.learningRate.value!) / optimizer.learningRate.value!
          method =
            switch muon.others.method {
            case .adamW(let adam): .adamW(adam)
            case .sgd(let momentum): .sgd(momentum)
            }
        }
      }
      rate *= optimizer.schedule.factor(at: k, of: optimizer.steps)
      let keep = optimizer.weightDecay.kind == .decoupled ? 1 - rate * decay : 1
      let moves = direction(method, k, g, range, tensor.rows, tensor.columns)
      for (i, place) in range.enumerated() { w[place] = Scalar(keep) * w[place] - Scalar(rate) * moves[i] }
    }
  }

  private func scale(_ g: inout [Scalar], _ factor: Double) { for i in g.indices { g[i] *= Scalar(factor) } }

  /// What η multiplies.
  private mutating func direction(
    _ method: OptimizerMethod, _ k: Int, _ g: [Scalar], _ range: Range<Int>, _ rows: Int, _ columns: Int
  ) -> [Scalar] {
    var result = g
    for (i, place) in range.enumerated() {
      let x = g[i]
      switch method {
      case .gradientDescent(let momentum), .sgd(let momentum):
        switch momentum {
        case .none: break
        case .heavyBall(let beta):
          m[place] = Scalar(beta) * m[place] + x
          result[i] = m[place]
        case .exponentialMovingAverage(let beta):
          m[place] = Scalar(beta) * m[place] + Scalar(1 - beta) * x
          result[i] = m[place]
        case .nesterov(let beta):
          m[place] = Scalar(beta) * m[place] + x
          result[i] = x + Scalar(beta) * m[place]
        }
      case .adam(let adam), .adamW(let adam):
        m[place] = Scalar(adam.beta1) * m[place] + Scalar(1 - adam.beta1) * x
        v[place] = Scalar(adam.beta2) * v[place] + Scalar(1 - adam.beta2) * x * x
        let first = adam.hasBiasCorrection ? 1 - pow(adam.beta1, Double(k + 1)) : 1
        let second = adam.hasBiasCorrection ? 1 - pow(adam.beta2, Double(k + 1)) : 1
        result[i] = m[place] / Scalar(first) / root(v[place] / Scalar(second), adam.epsilon, adam.epsilonPlacement)
      case .rmsProp(let rms):
        v[place] = Scalar(rms.decay) * v[place] + Scalar(1 - rms.decay) * x * x
        let second = rms.hasBiasCorrection ? 1 - pow(rms.decay, Double(k + 1)) : 1
        result[i] = x / root(v[place] / Scalar(second), rms.epsilon, rms.epsilonPlacement)
      case .lion(let lion):
        let c = Scalar(lion.beta1) * m[place] + Scalar(1 - lion.beta1) * x
        m[place] = Scalar(lion.beta2) * m[place] + Scalar(1 - lion.beta2) * x
        result[i] = c > 0 ? 1 : c < 0 ? -1 : 0
      case .muon(let muon):
        m[place] = Scalar(muon.momentum) * m[place] + x
        result[i] = muon.isNesterov ? x + Scalar(muon.momentum) * m[place] : m[place]
      case .gradientFlow: break
      }
    }
    guard case .muon(let muon) = method else { return result }
    let scale =
      switch muon.scale {
      case .spectral: max(1, Double(rows) / Double(columns)).squareRoot()
      case .rootMeanSquare: 0.2 * Double(max(rows, columns)).squareRoot()
      }
    return Self.orthogonal(result, rows, columns, steps: muon.newtonSchulzSteps).map { Scalar(scale) * $0 }
  }

  private func root(_ v: Scalar, _ epsilon: Double, _ placement: OptimizerMethod.EpsilonPlacement) -> Scalar {
    placement == .insideRoot ? (v + Scalar(epsilon)).squareRoot() : v.squareRoot() + Scalar(epsilon)
  }

  /// aX + b(XXᵀ)X + c(XXᵀ)²X from X = U/‖U‖, by matrices in double precision, without transposing.
  static func orthogonal(_ u: [Scalar], _ rows: Int, _ columns: Int, steps: Int) -> [Scalar] {
    var x = Matrix(rows: rows, columns: columns, elements: u.map(Double.init))
    let norm = x.tensor.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0 else { return u }
    x = Matrix(rows: rows, columns: columns, elements: x.tensor.elements.map { $0 / norm })
    for _ in 0..<steps {
      let one = x.product(x, transposingRight: true).product(x)
      let two = x.product(x, transposingRight: true).product(one)
      let sum = zip(x.tensor.elements, zip(one.tensor.elements, two.tensor.elements)).map {
        3.4445 * $0 - 4.7750 * $1.0 + 2.0315 * $1.1
      }
      x = Matrix(rows: rows, columns: columns, elements: sum)
    }
    return x.tensor.elements.map { Scalar($0) }
  }
}
