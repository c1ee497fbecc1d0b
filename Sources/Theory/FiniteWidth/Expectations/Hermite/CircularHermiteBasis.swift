import Foundation

/// The change between two orthonormal bases of functions on the plane with Gaussian weight, degree by degree.
///
/// Of degree d, the Cartesian basis is He_m(x)He_n(y)/√(m!n!), m + n = d. The circular one, with w = (x + iy)/√2 and
/// k = p − q ≥ 0 for p + q = d, is made of the real and imaginary parts of the Hermite polynomials of w^p w̄^q/√(p!q!). A
/// rotation of the plane by φ turns each pair (cos k, sin k) of the circular basis by kφ, which costs O(d) where the
/// Cartesian basis would take O(d²) and large binomials that cancel.
///
/// By reflection, cosines mix with even n only and sines with odd n. A degree's coefficients in the circular basis lie as
/// its cosines, k = d, d − 2, …, then its sines with k > 0 in the same order: d + 1 numbers.
package struct CircularHermiteBasis: Sendable {
  /// The highest degree.
  let degree: Int
  /// For each degree the matrix (n, k) of even n and cosines, then that of odd n and sines, row by row.
  private let elements: [Double]
  private let starts: [Int]

  /// The basis to degree 128, made once: 3 MB.
  package static let shared = CircularHermiteBasis(degree: 128)

  /// The number of cosines of degree d, which is also that of even n.
  @inline(__always) static func cosines(_ d: Int) -> Int { d / 2 + 1 }
  /// The number of sines of degree d, which is also that of odd n.
  @inline(__always) static func sines(_ d: Int) -> Int { (d + 1) / 2 }
  /// Where degree d's d + 1 coefficients begin when degrees follow each other.
  @inline(__always) static func start(_ d: Int) -> Int { d * (d + 1) / 2 }

  /// Fock-space recursion: w·(state p − 1, q) = √p (state p, q), and multiplication by x raises m with √m. With
  /// U_(pq),(mn) = iⁿ r_(pq),(mn), √(2p) r_(p,q),(m,n) = √m r_(p−1,q),(m−1,n) + √n r_(p−1,q),(m,n−1), and
  /// √(2q) r_(p,q),(m,n) = √m r_(p,q−1),(m−1,n) − √n r_(p,q−1),(m,n−1).
  init(degree: Int) {
    self.degree = degree
    var starts = [0]
    var elements: [Double] = []
    // r of one degree for q = 0 … d/2, each over n = 0 … d.
    var before: [[Double]] = []
    for d in 0...degree {
      var rows: [[Double]] = []
      /// [√m r_(m−1,n) ± √n r_(m,n−1)]/√2 of the state (p, q) of degree d − 1.
      func raised(_ p: Int, _ q: Int, _ n: Int, _ sign: Double) -> Double {
        guard p >= 0, q >= 0 else { return 0 }
        let source = before[min(p, q)]
        // The state with p and q exchanged is the complex conjugate: odd n change sign.
        func value(_ n: Int) -> Double { p < q && n % 2 == 1 ? -source[n] : source[n] }
        let first = n < d ? Double(d - n).squareRoot() * value(n) : 0
        let second = n > 0 ? Double(n).squareRoot() * value(n - 1) : 0
        return (first + sign * second) / 2.0.squareRoot()
      }
      for q in 0...(d / 2) {
        let p = d - q
        var row = [Double](repeating: 0, count: d + 1)
        if d == 0 {
          row[0] = 1
        } else {
          for n in 0...d {
            // Each is the sum of the two recursions with the weights p/d and q/d, an average that damps rounding.
            row[n] =
              (Double(p).squareRoot() * raised(p - 1, q, n, 1) + Double(q).squareRoot() * raised(p, q - 1, n, -1))
              / Double(d)
          }
        }
        rows.append(row)
      }
      before = rows
      func part(_ q: Int, _ n: Int) -> Double {
        // i^n is ±1 or ±i; a cosine with k = 0 is alone, the others are √2 times the real part.
        let sign = (n / 2) % 2 == 0 ? 1.0 : -1.0
        return sign * rows[q][n] * (2 * q == d ? 1 : 2.0.squareRoot())
      }
      for n in stride(from: 0, through: d, by: 2) {
        for q in 0..<Self.cosines(d) { elements.append(part(q, n)) }
      }
      for n in stride(from: 1, through: d, by: 2) {
        for q in 0..<Self.sines(d) { elements.append(part(q, n)) }
      }
      starts.append(elements.count)
    }
    self.starts = starts
    self.elements = elements
  }

  /// The rows of degree d: those of even n first.
  @inline(__always)
  func withRows<Result>(_ d: Int, _ body: (UnsafePointer<Double>) -> Result) -> Result {
    elements.withUnsafeBufferPointer { body($0.baseAddress! + starts[d]) }
  }

  /// Coefficients in the circular basis from those in the Cartesian one, f_mn at n of the degree's d + 1 numbers.
  package func circular(_ cartesian: [Double], degree d: Int) -> [Double] {
    var result = [Double](repeating: 0, count: d + 1)
    let (c, s) = (Self.cosines(d), Self.sines(d))
    withRows(d) { rows in
      for (place, n) in stride(from: 0, through: d, by: 2).enumerated() {
        for k in 0..<c { result[k] += rows[place * c + k] * cartesian[n] }
      }
      let odd = rows + c * c
      for (place, n) in stride(from: 1, through: d, by: 2).enumerated() {
        for k in 0..<s { result[c + k] += odd[place * s + k] * cartesian[n] }
      }
    }
    return result
  }
}
