/// The combinations of tensors that both the mean output and second moments move by, in modes; their formulas are at
/// ``TrainingSources``.
struct MotionTensors: Sendable {
  /// A + B + m B, m the number of outputs.
  let fluctuation: ModeTensor
  /// 𝒟, 𝒟′.
  let early: ModeTensor
  let late: ModeTensor
  /// X1, X2, X3.
  let second: (ModeTensor, ModeTensor, ModeTensor)

  /// - Parameter tensor: turns a tensor of samples, given by its elements, into one of modes.
  init(
    _ tangent: TangentKernelTensors, _ differentials: DifferentialTensors, outputs: Int,
    _ tensor: (_ element: (Int, Int, Int, Int) -> Double) -> ModeTensor
  ) {
    let (a, b, m) = (tangent.a, tangent.b, Double(outputs))
    fluctuation = tensor { a[$0, $1, $2, $3] + b[$0, $2, $1, $3] + m * b[$0, $3, $1, $2] }
    let combinations = DifferentialCombinations(differentials, outputs: outputs)
    early = tensor(combinations.early)
    late = tensor(combinations.late)
    second = combinations.second(.motion, tensor)
  }
}

extension DifferentialCombinations {
  /// X1, X2, X3, each made by `tensor` of its elements.
  func second(
    _ part: Part, _ tensor: (_ element: (Int, Int, Int, Int) -> Double) -> ModeTensor
  ) -> (ModeTensor, ModeTensor, ModeTensor) {
    (
      tensor { first(part, $0, $1, $2, $3) }, tensor { second(part, $0, $1, $2, $3) },
      tensor { third(part, $0, $1, $2, $3) }
    )
  }
}
