import OrreryTensors
import OrreryTestSupport
import OrreryTheory

/// A layer whose tensors are random numbers with the symmetries that those of networks have.
struct RandomTensors {
  let samples: Int
  let seed: UInt64

  func layer(fanIn: Int) throws -> FiniteWidthLayer {
    var random = SplitMix(seed: seed)
    let n = samples
    func matrix(positive: Bool) -> Matrix<Double> {
      let values = random.normals(n * n)
      var result = Matrix<Double>(rows: n, columns: n)
      for a in 0..<n {
        for b in 0..<n {
          result[a, b] =
            positive
            ? (0..<n).reduce(a == b ? 0.5 : 0) { $0 + values[a * n + $1] * values[b * n + $1] }
            : values[a * n + b] + values[b * n + a]
        }
      }
      return result
    }
    /// The mean over the images of four indices under their symmetries.
    func tensor(
      _ images: @escaping (Int, Int, Int, Int) -> [(Int, Int, Int, Int)]
    ) -> (Int, Int, Int, Int) -> Double {
      let values = random.normals(n * n * n * n)
      return { a, b, c, d in
        let all = images(a, b, c, d)
        return all.reduce(0.0) { $0 + values[(($1.0 * n + $1.1) * n + $1.2) * n + $1.3] } / Double(all.count)
      }
    }
    let pairs = { (a: Int, b: Int, c: Int, d: Int) in [(a, b, c, d), (b, a, c, d), (a, b, d, c), (b, a, d, c)] }
    let exchanged = { (a: Int, b: Int, c: Int, d: Int) in [(a, b, c, d), (c, d, a, b)] }
    let squared = { (a: Int, b: Int, c: Int, d: Int) in pairs(a, b, c, d) + pairs(c, d, a, b) }
    let mixing = { (a: Int, b: Int, c: Int, d: Int) in
      [(a, b, c, d), (b, a, d, c), (c, d, a, b), (d, c, b, a)]
    }
    return try FiniteWidthLayer(
      layer: 3, fanIn: fanIn, kernel: (matrix(positive: true), correction: matrix(positive: false)),
      tangentKernel: (matrix(positive: true), correction: matrix(positive: false)),
      pairTensors: (a: tensor(squared), d: tensor(pairs)),
      tensors: [
        tensor(mixing), tensor(exchanged),  // B, F
        tensor { [($0, $1, $2, $3), ($0, $2, $1, $3)] },  // P
        tensor { [($0, $1, $2, $3)] },  // Q
        tensor { [($0, $1, $2, $3), ($0, $1, $3, $2)] },  // R
        tensor { [($0, $1, $2, $3), ($1, $0, $3, $2)] },  // S
        tensor(exchanged), tensor(exchanged),  // T, U
      ])
  }
}
