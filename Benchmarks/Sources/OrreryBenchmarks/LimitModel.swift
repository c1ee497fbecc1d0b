/// The least time that a case could take on this machine, from rates measured in the same run.
///
/// Half of a symmetric kernel is computed, so n² d operations of a matrix product; then what each pair needs in each
/// hidden layer; then both kernels are written. The parts follow one another in each block, so they add.
struct LimitModel {
  /// What the time goes to, and seconds.
  let parts: [(name: String, seconds: Double)]

  var seconds: Double { parts.reduce(0) { $0 + $1.seconds } }

  /// `asin and roots 71 %, matrix product 20 %, writing 9 %`.
  var text: String {
    parts.filter { $0.seconds > 0.02 * seconds }.sorted { $0.seconds > $1.seconds }
      .map { "\($0.name) \(Int((100 * $0.seconds / seconds).rounded())) %" }.joined(separator: ", ")
  }

  /// - Parameters:
  ///   - product: operations a second of one thread's matrix products at their best.
  ///   - rate: a rate of the machine by its name, as `Machine` records it.
  ///   - cores: how many the elementwise work is shared by.
  init(_ kernelCase: KernelCase, features: Int, isFresh: Bool, cores: Int, product: Double, rate: (String) -> Double) {
    let n = Double(kernelCase.samples)
    let isSingle = kernelCase.precision == "float32"
    let size = isSingle ? 4.0 : 8.0
    let pairs = n * (n + 1) / 2
    func cost(_ function: String) -> Double { rate("\(function)-\(kernelCase.precision)") }
    let products = Double(cores) * product
    let elementwise: (name: String, seconds: Double)
    switch kernelCase.function {
    case .relu: elementwise = ("angle and root", cost("acos") + cost("sqrt"))
    case .erf, .gelu: elementwise = ("asin, root, quotient", cost("asin") + 2 * cost("sqrt"))
    case .tanh:
      // Two series by Horner's rule and the product of coefficients: three multiply-adds a term.
      let terms = Double(isSingle ? Self.tanhTermsSingle : Self.tanhTermsDouble)
      elementwise = ("Hermite series", 6 * terms / (products / Double(cores)))
    }
    let bytes = 2 * n * n * size
    var parts = [
      ("matrix product", n * n * Double(features) / products),
      (elementwise.name, pairs * Double(kernelCase.depth) * elementwise.seconds / Double(cores)),
      ("writing", bytes / (Double(cores) * rate("write"))),
    ]
    if isFresh { parts.append(("page faults", bytes / 4096 * rate("page-fault") / Double(cores))) }
    self.parts = parts
  }

  /// Odd terms that tanh's series needs at a correlation of 0.9, the upper end of what images have.
  private static let (tanhTermsSingle, tanhTermsDouble) = (16, 32)
}
