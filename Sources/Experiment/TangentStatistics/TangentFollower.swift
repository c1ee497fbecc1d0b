import OrreryNetworks
import OrreryTensors

/// One thread's memory, and one drawn network at a time with its hidden NTK.
final class TangentFollower {
  let setting: TangentSetting
  private let seed: UInt64
  let samples: Int
  private let pairs: [(Int, Int)]
  /// Shape (samples, width).
  private var values: [Double]
  /// σ and σ′ of the current layer, shape (samples, width).
  private(set) var activations: [Double]
  private(set) var slopes: [Double]
  private var weights: [Double]
  private var biases: [Double]
  /// Ĥ_jk;αβ for each pair α ≥ β, shape (width, width); of the first layer its diagonal number alone.
  private(set) var tangents: [[Double]]
  private var scaled: [Double]
  private var product: [Double]
  /// σ′_j3 Σ_k Ĥ_jk;34 σ′_k4 σ_k2 of one pair (3, 4), shape (samples, width): a row for each input 2.
  private var crossed: [Double]

  init(_ setting: TangentSetting, seed: UInt64) {
    self.setting = setting
    self.seed = seed
    samples = setting.inputs.rows
    pairs = (0..<samples).flatMap { a in (0...a).map { (a, $0) } }
    let hidden = setting.network.architecture.widths
    let width = hidden.max() ?? 1
    let fanIn = max(width, setting.network.inputs)
    values = Array(repeating: 0, count: samples * fanIn)
    activations = values
    slopes = values
    weights = Array(repeating: 0, count: width * fanIn)
    biases = Array(repeating: 0, count: width)
    tangents = Array(repeating: Array(repeating: 0, count: width * width), count: pairs.count)
    scaled = Array(repeating: 0, count: width * width)
    product = scaled
    crossed = Array(repeating: 0, count: samples * width)
  }

  /// What one of it takes.
  static func bytes(_ setting: TangentSetting) -> Int {
    let samples = setting.inputs.rows
    let width = setting.network.architecture.widths.max() ?? 1
    let fanIn = max(width, setting.network.inputs)
    // Beyond any memory where it does not fit an integer.
    let counts: [(Int, (partialValue: Int, overflow: Bool))] = [
      (samples * (samples + 1) / 2 + 2, width.multipliedReportingOverflow(by: width)),
      (1, width.multipliedReportingOverflow(by: fanIn)),
      (3 * samples, (fanIn, false)), (samples + 1, (width, false)),
    ]
    return counts.reduce(0) { total, part in
      let (product, overflow) = part.0.multipliedReportingOverflow(by: part.1.0)
      let bytes = product.multipliedReportingOverflow(by: 8)
      let sum = total.addingReportingOverflow(bytes.partialValue)
      return part.1.1 || overflow || bytes.overflow || sum.overflow ? .max : sum.partialValue
    }
  }

  func follow(member: Int, into record: UnsafeMutablePointer<Double>, _ layout: TangentRecordLayout) {
    let network = setting.network
    let widths = network.architecture.widths
    var width = network.inputs
    setting.inputs.withUnsafeBuffer { for i in 0..<$0.count { activations[i] = $0[i] } }
    for (index, units) in widths.enumerated() {
      let outlooks = layout.hasControls ? (0..<samples).map { outlook(index, input: $0, fanIn: width) } : []
      draw(index, units: units, fanIn: width, member: member)
      passTangents(index, units: units, fanIn: width)
      passValues(units: units, fanIn: width)
      for order in 0...1 {
        let source = values
        if order == 0 {
          network.architecture.activation.apply(order: 0, source, into: &activations, count: samples * units)
        } else {
          network.architecture.activation.apply(order: 1, source, into: &slopes, count: samples * units)
        }
      }
      width = units
      for (input, outlook) in outlooks.enumerated() {
        let (kernel, tangent) = surprise(outlook, input: input, width: units)
        record[layout.kernelControl(layer: index + 1, input)] = kernel
        record[layout.tangentControl(layer: index + 1, input)] = tangent
      }
    }
    observe(width: width, into: record, layout)
  }

  private func draw(_ index: Int, units: Int, fanIn: Int, member: Int) {
    let layer = setting.network.layers[index]
    weights.withUnsafeMutableBufferPointer { buffer in
      let matrix = UnsafeMutableBufferPointer(rebasing: buffer[..<(units * fanIn)])
      let stream = RandomStream(seed: seed, purpose: .weights, member: member, layer: index + 1)
      let variance = layer.weightVariance / Double(fanIn)
      if layer.weightDistribution == .orthogonal {
        ParameterDraws.fillOrthogonal(matrix, stream, rows: units, variance: variance)
      } else {
        ParameterDraws.fill(matrix, stream, from: 0, distribution: layer.weightDistribution, variance: variance)
      }
    }
    biases.withUnsafeMutableBufferPointer { buffer in
      ParameterDraws.fill(
        UnsafeMutableBufferPointer(rebasing: buffer[..<units]),
        RandomStream(seed: seed, purpose: .biases, member: member, layer: index + 1), from: 0,
        distribution: layer.biasDistribution, variance: layer.biasVariance)
    }
  }

  /// z = b + W σ of the layer before, whose σ is in `activations`.
  private func passValues(units: Int, fanIn: Int) {
    activations.withUnsafeBufferPointer { x in
      weights.withUnsafeBufferPointer { w in
        values.withUnsafeMutableBufferPointer { z in
          DenseProduct.multiply(
            x.baseAddress!, transposed: false, stride: fanIn, w.baseAddress!, transposed: true, stride: fanIn,
            into: z.baseAddress!,
            stride: units, rows: samples, inner: fanIn, columns: units)
          for sample in 0..<samples { for i in 0..<units { z[sample * units + i] += biases[i] } }
        }
      }
    }
  }

  /// Ĥ of the new layer from that of the layer before, whose σ and σ′ are in `activations` and `slopes`.
  private func passTangents(_ index: Int, units: Int, fanIn: Int) {
    let rates = setting.learningRates[index]
    for (place, (a, b)) in pairs.enumerated() {
      var sum = 0.0
      for j in 0..<fanIn { sum += activations[a * fanIn + j] * activations[b * fanIn + j] }
      let diagonal = rates.bias + rates.weight * sum / Double(fanIn)
      if index == 0 {
        for i in 0..<(units * units) { tangents[place][i] = 0 }
      } else {
        propagate(place, a, b, units: units, fanIn: fanIn)
      }
      for i in 0..<units { tangents[place][i * units + i] += diagonal }
    }
  }

  /// Σ_jm W_ij σ′_ja Ĥ_jm σ′_mb W_km.
  private func propagate(_ place: Int, _ a: Int, _ b: Int, units: Int, fanIn: Int) {
    for j in 0..<fanIn {
      let slope = slopes[a * fanIn + j]
      for m in 0..<fanIn { scaled[j * fanIn + m] = slope * tangents[place][j * fanIn + m] * slopes[b * fanIn + m] }
    }
    weights.withUnsafeBufferPointer { w in
      scaled.withUnsafeBufferPointer { s in
        product.withUnsafeMutableBufferPointer { p in
          DenseProduct.multiply(
            w.baseAddress!, transposed: false, stride: fanIn, s.baseAddress!, transposed: false, stride: fanIn,
            into: p.baseAddress!, stride: fanIn,
            rows: units, inner: fanIn, columns: fanIn)
          tangents[place].withUnsafeMutableBufferPointer { h in
            DenseProduct.multiply(
              UnsafePointer(p.baseAddress!), transposed: false, stride: fanIn, w.baseAddress!, transposed: true,
              stride: fanIn,
              into: h.baseAddress!, stride: units, rows: units, inner: fanIn, columns: units)
          }
        }
      }
    }
  }

  private func observe(width n: Int, into record: UnsafeMutablePointer<Double>, _ layout: TangentRecordLayout) {
    let layer = setting.network.layers.last!
    let rates = setting.learningRates.last!
    let scale = layer.weightVariance / Double(n)
    for (place, (a, b)) in pairs.enumerated() {
      var (kernel, tangent) = (0.0, 0.0)
      for j in 0..<n {
        let square = activations[a * n + j] * activations[b * n + j]
        kernel += square
        tangent +=
          rates.weight * square
          + layer.weightVariance * slopes[a * n + j] * slopes[b * n + j] * tangents[place][j * n + j]
      }
      record[layout.kernel(a, b)] = layer.biasVariance + scale * kernel
      record[layout.tangent(a, b)] = rates.bias + tangent / Double(n)
    }
    let factor = Double(n) * scale * scale
    observeMixing(width: n, factor: factor, into: record, layout)
    observeCross(width: n, factor: factor, into: record, layout)
  }

  /// B̂, which is the same under (1, 2) ↔ (3, 4) and, as Ĥ_jk;12 = Ĥ_kj;21, under (1, 3) ↔ (2, 4).
  private func observeMixing(
    width n: Int, factor: Double, into record: UnsafeMutablePointer<Double>, _ layout: TangentRecordLayout
  ) {
    let m = samples
    for first in 0..<(m * m) {
      for second in 0...first {
        let (i1, i2, i3, i4) = (first / m, first % m, second / m, second % m)
        // The mirror image of both pairs, whichever of them comes first.
        let (mirrored, other) = (i2 * m + i1, i4 * m + i3)
        if (max(mirrored, other), min(mirrored, other)) < (first, second) { continue }
        var mixing = 0.0
        for j in 0..<n {
          var row = 0.0
          for k in 0..<n {
            row +=
              slopes[i2 * n + k] * slopes[i4 * n + k] * tangent(i1, i2, j, k, n) * tangent(i3, i4, j, k, n)
          }
          mixing += slopes[i1 * n + j] * slopes[i3 * n + j] * row
        }
        for (a, b, c, d) in [(i1, i3, i2, i4), (i3, i1, i4, i2), (i2, i4, i1, i3), (i4, i2, i3, i1)] {
          record[layout.mixing(a, b, c, d)] = factor * mixing
        }
      }
    }
  }

  /// F̂: for each (3, 4), Ĥ times one vector for each input 2, then a product with one for each input 1.
  private func observeCross(
    width n: Int, factor: Double, into record: UnsafeMutablePointer<Double>, _ layout: TangentRecordLayout
  ) {
    let m = samples
    for i3 in 0..<m {
      for i4 in 0..<m {
        for i2 in 0..<m {
          for j in 0..<n {
            var sum = 0.0
            for k in 0..<n { sum += tangent(i3, i4, j, k, n) * slopes[i4 * n + k] * activations[i2 * n + k] }
            crossed[i2 * n + j] = sum * slopes[i3 * n + j]
          }
        }
        for i1 in 0..<m {
          for i2 in 0..<m {
            var sum = 0.0
            for j in 0..<n { sum += activations[i1 * n + j] * crossed[i2 * n + j] }
            record[layout.cross(i1, i3, i2, i4)] = factor * sum
          }
        }
      }
    }
  }

  /// Ĥ_jk;ab, from the pair's own matrix or its mirror image.
  @inline(__always)
  private func tangent(_ a: Int, _ b: Int, _ j: Int, _ k: Int, _ n: Int) -> Double {
    a >= b ? tangents[a * (a + 1) / 2 + b][j * n + k] : tangents[b * (b + 1) / 2 + a][k * n + j]
  }
}

extension Activation {
  /// σ^(order) of the first so many numbers.
  func apply(order: Int, _ input: [Double], into output: inout [Double], count: Int) {
    input.withUnsafeBufferPointer { x in
      output.withUnsafeMutableBufferPointer { y in
        apply(order: order, to: x.baseAddress!, into: y.baseAddress!, count: count)
      }
    }
  }
}
