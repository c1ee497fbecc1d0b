import OrreryNetworks
import OrreryTensors

/// The parts of the tangent kernel that are contracted from Jacobians, and the kernel between outputs.
extension TangentKernelEstimator {
  /// Bytes that Jacobians of a group of outputs may take.
  static var mostBytes: Int { 1 << 28 }

  /// The parts JJ′ᵀ of the tensors without Gram matrices, contracted output by output; with a direction J̇Jᵀ instead, J̇ the
  /// tangent of J along it.
  func forEachJacobianTensor(
    _ others: SampleJacobian<Scalar>.Programs, _ parameters: UnsafePointer<Scalar>, _ samples: Samples,
    _ other: Samples?, factor: Double, direction: UnsafePointer<Scalar>? = nil,
    _ body: (Int, Scalar, UnsafePointer<Scalar>, UnsafePointer<Scalar>?) -> Void
  ) {
    let (rows, columns) = (samples.count, (other ?? samples).count)
    let isSymmetric = other == nil && direction == nil
    let bytes = (isSymmetric ? rows : rows + columns) * others.columns * MemoryLayout<Scalar>.stride
    let group = programs.group(bytes: bytes)
    let offsets = others.offsets()
    let part = AlignedStorage<Scalar>(uninitializedCount: rows * columns)
    for first in stride(from: 0, to: programs.outputs, by: group) {
      let outputs = first..<min(programs.outputs, first + group)
      let left = jacobian(
        direction == nil ? others : programs.moving!, parameters, samples, outputs, direction: direction)
      let right = isSymmetric ? left : jacobian(others, parameters, other ?? samples, outputs)
      for (place, tensor) in others.tensors.enumerated() {
        let count = programs.layout.tensors[tensor].count
        // Rows of one output lie beside each other, tensor by tensor.
        for output in 0..<outputs.count {
          var products = RowProducts<Scalar>()
          let begin = (output * others.columns + offsets[place])
          products.add(
            left.elements.baseAddress! + begin * rows, right.elements.baseAddress! + begin * columns,
            into: part.elements.baseAddress!, rows: rows, columns: columns, inner: count, isSymmetric: isSymmetric)
          products.run(isParallel: programs.isParallel, accumulating: output > 0)
        }
        if isSymmetric { LowerTriangle.mirror(part.elements.baseAddress!, size: rows) }
        // Rows are in the optimizer's units already.
        let unit = programs.layout.tensors[tensor].unit
        let rate = unit == 0 ? 0 : programs.rates[tensor] / (unit * unit)
        body(tensor, Scalar(factor * rate), UnsafePointer(part.elements.baseAddress!), nil)
      }
    }
  }

  /// Jacobians of some outputs: for each output and tensor a matrix (samples, elements).
  private func jacobian(
    _ others: SampleJacobian<Scalar>.Programs, _ parameters: UnsafePointer<Scalar>, _ samples: Samples,
    _ outputs: Range<Int>, direction: UnsafePointer<Scalar>? = nil
  ) -> AlignedStorage<Scalar> {
    let storage = AlignedStorage<Scalar>(uninitializedCount: samples.count * outputs.count * others.columns)
    let offsets = others.offsets()
    let counts = others.tensors.map { programs.layout.tensors[$0].count }
    nonisolated(unsafe) let (base, w, x, v) = (storage.elements.baseAddress!, parameters, samples.start, direction)
    let (total, isParallel) = (samples.count, programs.isParallel)
    let workers = WorkerPool {
      (jacobian: SampleJacobian<Scalar>(others), rows: [Scalar](repeating: 0, count: outputs.count * others.columns))
    }
    let body: @Sendable (Int) -> Void = { sample in
      var worker = workers.take()
      worker.jacobian.move(to: w, direction: v)
      let columns = others.columns
      worker.rows.withUnsafeMutableBufferPointer { rows in
        worker.jacobian.rows(
          of: outputs, at: x + sample * others.features, into: rows.baseAddress!, stride: columns)
        for output in 0..<outputs.count {
          for (place, count) in counts.enumerated() {
            let target = base + (output * columns + offsets[place]) * total + sample * count
            target.update(from: rows.baseAddress! + output * columns + offsets[place], count: count)
          }
        }
      }
      workers.give(worker)
    }
    if isParallel { Parallel.forEach(total, body) } else { for sample in 0..<total { body(sample) } }
    return storage
  }

  /// The kernel between all outputs, shape (samples, outputs, other samples, outputs): from whole Jacobians, for small problems.
  ///
  /// - Parameter other: nil for the same samples.
  /// - Throws: as the programs' initializer.
  package func full(
    _ parameters: UnsafePointer<Scalar>, _ samples: Samples, _ other: Samples? = nil
  ) throws -> Tensor<Scalar> {
    let all = try whole()
    let left = weighted(all, parameters, samples)
    let right = other.map { weighted(all, parameters, $0) } ?? left
    let result = other == nil ? left.gram() : left.product(right, transposingRight: true)
    return Tensor(
      shape: [samples.count, programs.outputs, (other ?? samples).count, programs.outputs],
      elements: result.tensor.elements)
  }

  /// √λ ∂z_o(x_i)/∂θ, (samples · outputs, parameters).
  private func weighted(
    _ all: SampleJacobian<Scalar>.Programs, _ parameters: UnsafePointer<Scalar>, _ samples: Samples
  ) -> Matrix<Scalar> {
    let jacobian = SampleJacobian<Scalar>(all)
    jacobian.move(to: parameters)
    let (outputs, columns) = (programs.outputs, all.columns)
    return Matrix(rows: samples.count * outputs, columns: columns) { buffer in
      for sample in 0..<samples.count {
        jacobian.rows(
          of: 0..<outputs, at: samples.start + sample * programs.features,
          into: buffer.baseAddress! + sample * outputs * columns, stride: columns)
      }
      for (place, offset) in all.offsets().enumerated() {
        let tensor = programs.layout.tensors[all.tensors[place]]
        let rate = programs.rates[all.tensors[place]]
        let factor = tensor.unit == 0 ? 0 : Scalar(rate.squareRoot() / tensor.unit)
        guard factor != 1 else { continue }
        for row in 0..<(samples.count * outputs) {
          let start = row * columns + offset
          for i in start..<(start + tensor.count) { buffer[i] *= factor }
        }
      }
    }
  }
}

extension TangentKernelEstimator.Programs {
  /// Outputs whose Jacobians are alive together.
  func group(bytes: Int) -> Int { max(1, min(outputs, TangentKernelEstimator.mostBytes / max(1, bytes))) }

  /// Bytes of a traced kernel of so many samples beside arenas: Gram matrices, sums and Jacobians.
  func workspace(samples n: Int) -> Int {
    let scalar = MemoryLayout<Scalar>.stride
    var total = scalar * n * n * ((isDirectional ? 4 : 2) * products.count + 2)
    func panels(_ inner: Int) -> Int { RowProducts<Scalar>.panelCount(columns: n, inner: inner) }
    if let pass = passes.values.first { total += scalar * (pass.fanIns + pass.units).map(panels).reduce(0, +) }
    if let others {
      let bytes = (isDirectional ? 2 : 1) * n * others.columns * scalar
      let group = group(bytes: bytes)
      total += group * bytes + scalar * (others.tensors.map { panels(layout.tensors[$0].count) }.max() ?? 0)
      // Each thread has an arena, of which one is counted with the programs, and rows of one sample.
      let workers = isParallel ? Parallel.threads : 1
      let arena = max(others.program.size, moving?.program.size ?? 0)
      total += scalar * ((workers - 1) * arena + workers * group * others.columns)
    }
    return total
  }

  /// The tensors that go through Jacobians; all others go through Gram matrices.
  package var throughJacobians: [Int] { others?.tensors ?? [] }
}
