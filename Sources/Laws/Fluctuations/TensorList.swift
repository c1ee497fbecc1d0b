import OrreryAnalysis
import OrreryExperiment
import OrreryTensors
import OrreryTheory

/// The elements of V, G1, H1, A, B, D, F that symmetry leaves, of a few inputs, in one order for theory and networks.
struct TensorList: Sendable {
  let inputs: Int
  private let twos: [(Int, Int)]
  private let fours: [(Int, Int, Int, Int)]

  init(inputs: Int) {
    self.inputs = inputs
    twos = Self.pairs(inputs)
    var fours: [(Int, Int, Int, Int)] = []
    for a in 0..<inputs {
      for b in 0..<inputs {
        // B_1324 and F_1324 stay under (13) ↔ (24).
        for c in 0..<inputs { for d in 0..<inputs where (a, b) <= (c, d) { fours.append((a, b, c, d)) } }
      }
    }
    self.fours = fours
  }

  static func pairs(_ inputs: Int) -> [(Int, Int)] { (0..<inputs).flatMap { a in (0...a).map { (a, $0) } } }

  /// The number of elements of G1 and V, which come first.
  var kernelTensors: Int { twos.count + twos.count * (twos.count + 1) / 2 }

  /// By theory.
  func values(_ layer: FiniteWidthLayer) -> [Double] {
    let tangent = layer.tangentKernel!
    var values = twos.map { layer.kernelCorrection[$0.0, $0.1] }
    for (i, p) in twos.enumerated() { for q in twos[i...] { values.append(layer.fourPointVertex[p.0, p.1, q.0, q.1]) } }
    values += twos.map { tangent.correction[$0.0, $0.1] }
    for (i, p) in twos.enumerated() { for q in twos[i...] { values.append(tangent.a[p.0, p.1, q.0, q.1]) } }
    for p in twos { for q in twos { values.append(tangent.d[p.0, p.1, q.0, q.1]) } }
    for f in fours { values.append(tangent.b[f.0, f.1, f.2, f.3]) }
    for f in fours { values.append(tangent.f[f.0, f.1, f.2, f.3]) }
    return values
  }

  /// Of one sub-ensemble, each element's estimate and the covariance of all.
  ///
  /// - Parameter offsets: K and Θ of each pair.
  func moments(_ statistics: TangentStatistics, _ range: Range<Int>, offsets: [Double]) -> StreamingCovariance {
    let kernels = twos.map { Array(statistics.kernels($0.0, $0.1)[range]) }
    let tangents = twos.map { Array(statistics.tangentKernels($0.0, $0.1)[range]) }
    var terms = TangentTerms(networks: range.count, width: statistics.width)
    for (place, kernel) in kernels.enumerated() { terms.addShift(kernel, from: offsets[place]) }
    for i in twos.indices { for j in i..<twos.count { terms.addCovariance(kernels[i], kernels[j]) } }
    for (place, tangent) in tangents.enumerated() { terms.addShift(tangent, from: offsets[twos.count + place]) }
    for i in twos.indices { for j in i..<twos.count { terms.addCovariance(tangents[i], tangents[j]) } }
    for i in twos.indices { for j in twos.indices { terms.addCovariance(kernels[i], tangents[j]) } }
    for f in fours { terms.add(Array(statistics.mixings(f.0, f.1, f.2, f.3)[range])) }
    for f in fours { terms.add(Array(statistics.crossMixings(f.0, f.1, f.2, f.3)[range])) }
    return terms.moments()
  }
}
