import OrreryTensors

/// The memory of one program and its steps, ready to run: nothing is allocated afterwards. One thread at a time.
package final class Arena<Scalar: TensorScalar> {
  package let program: Program
  private let storage: AlignedStorage<Scalar>
  /// By stage.
  private let stages: [Stage]

  private struct Stage {
    let run: Kernel
  }

  package var base: UnsafeMutablePointer<Scalar> { storage.elements.baseAddress! }

  /// Runs a stage: all steps whose inputs are given up to it. The first stage must have run before the second.
  package func run(stage: Int = 0) { stages[stage].run() }

  package func input(_ index: Int) -> UnsafeMutableBufferPointer<Scalar> { part(program.inputs[index]) }
  package func output(_ index: Int) -> UnsafeMutableBufferPointer<Scalar> { part(program.outputs[index]) }
  package func kept(_ index: Int) -> UnsafeMutableBufferPointer<Scalar> { part(program.kept[index]) }

  package func part(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(rebasing: storage.elements[range])
  }

  private init(_ program: Program, kernel: (Program.Step, UnsafeMutablePointer<Scalar>) -> Kernel) {
    self.program = program
    storage = AlignedStorage(uninitializedCount: program.size)
    storage.elements.update(repeating: 0)
    let base = storage.elements.baseAddress!
    var sequences = [KernelSequence](repeating: KernelSequence(), count: program.stages)
    for step in program.steps {
      let kernel = kernel(step, base)
      // Constants keep their places: filled once.
      if step.primitive is Constant { kernel() } else { sequences[step.stage].append(kernel) }
    }
    stages = sequences.map { Stage(run: $0.kernel) }
  }
}

extension Arena where Scalar == Float {
  package convenience init(_ program: Program) {
    self.init(program) { $0.primitive.kernel($0.placement, $1) }
  }
}

extension Arena where Scalar == Double {
  package convenience init(_ program: Program) {
    self.init(program) { $0.primitive.kernel($0.placement, $1) }
  }
}
