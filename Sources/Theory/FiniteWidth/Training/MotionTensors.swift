import OrreryTensors

/// The combinations of tensors that both the mean output and second moments move by, in modes; their formulas are at
/// ``TrainingSources``.
struct MotionTensors: Sendable {
  /// A + B + m B, m the number of outputs.
  let fluctuation: ModeTensor
  /// 𝒟, 𝒟′.
  let early: ModeTensor
  let late: ModeTensor
  let second: SecondDifferentialTensors

  /// - Parameter tensor: turns a tensor of samples, given by its elements in each block, into one of modes.
  init(
    outputs: Int, _ tensor: (_ element: (TrainingBlock) -> (Int, Int, Int, Int) -> Double) -> ModeTensor
  ) {
    let m = Double(outputs)
    fluctuation = tensor { block in
      let (a, b) = (block.tangent.a, block.tangent.b)
      return { a[$0, $1, $2, $3] + b[$0, $2, $1, $3] + m * b[$0, $3, $1, $2] }
    }
    early = tensor { DifferentialCombinations($0.differentials, outputs: outputs).early }
    late = tensor { DifferentialCombinations($0.differentials, outputs: outputs).late }
    second = SecondDifferentialTensors(.motion, outputs: outputs, tensor)
  }

  private init(fluctuation: ModeTensor, early: ModeTensor, late: ModeTensor, second: SecondDifferentialTensors) {
    self.fluctuation = fluctuation
    self.early = early
    self.late = late
    self.second = second
  }

  /// The same in ``ExtendedModes``.
  func extended(_ shares: Matrix<Double>) -> MotionTensors {
    MotionTensors(
      fluctuation: fluctuation.extended(shares), early: early.extended(shares), late: late.extended(shares),
      second: SecondDifferentialTensors(
        sharedWithA: second.sharedWithA.extended(shares), sharedWithB: second.sharedWithB.extended(shares),
        sharedWithC: second.sharedWithC.extended(shares)))
  }
}

/// X1, X2, X3 of ``DifferentialCombinations``: by whether the residual of the network's own output is ε_a, ε_b or ε_c.
struct SecondDifferentialTensors: Sendable {
  let sharedWithA: ModeTensor
  let sharedWithB: ModeTensor
  let sharedWithC: ModeTensor

  init(sharedWithA: ModeTensor, sharedWithB: ModeTensor, sharedWithC: ModeTensor) {
    self.sharedWithA = sharedWithA
    self.sharedWithB = sharedWithB
    self.sharedWithC = sharedWithC
  }

  init(
    _ part: DifferentialCombinations.Part, outputs: Int,
    _ tensor: (_ element: (TrainingBlock) -> (Int, Int, Int, Int) -> Double) -> ModeTensor
  ) {
    func combinations(_ block: TrainingBlock) -> DifferentialCombinations {
      DifferentialCombinations(block.differentials, outputs: outputs)
    }
    sharedWithA = tensor { block in
      let sums = combinations(block)
      return { sums.sharedWithA(part, $0, $1, $2, $3) }
    }
    sharedWithB = tensor { block in
      let sums = combinations(block)
      return { sums.sharedWithB(part, $0, $1, $2, $3) }
    }
    sharedWithC = tensor { block in
      let sums = combinations(block)
      return { sums.sharedWithC(part, $0, $1, $2, $3) }
    }
  }
}
