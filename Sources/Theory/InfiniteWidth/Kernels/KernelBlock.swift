import OrreryTensors

/// One block of pairs on its way through all layers.
///
/// The block's inner products come from one matrix product; row by row, they become 1 − c, pass through every layer's fused
/// C kernel while the row segment is in the first cache, and end as K and Θ.
struct KernelBlock<Scalar: DualKernelScalar> {
  /// 256 pairs a side: inner products, u and Θ of a block stay in the second cache.
  static var size: Int { 256 }
  /// Rows that begin at the same panel on the diagonal: whole register tiles on every path.
  private static var diagonalStrip: Int { 48 }

  let kernels: PreparedKernels<Scalar>
  let rows: Range<Int>
  let columns: Range<Int>
  /// Whether only the upper half of a diagonal block, and the mirror of others, is needed.
  let isSymmetric: Bool
  private let width: Int
  /// Products begin at a packed panel's start, so many columns before the block's first.
  private let lead: Int
  private let u: AlignedStorage<Scalar>
  private let theta: AlignedStorage<Scalar>?

  init(_ kernels: PreparedKernels<Scalar>, rows: Range<Int>, columns: Range<Int>, isSymmetric: Bool) {
    self.kernels = kernels
    self.rows = rows
    self.columns = columns
    self.isSymmetric = isSymmetric
    lead = columns.lowerBound - PackedRows<Scalar>.panelStart(columns.lowerBound)
    width = (lead + columns.count + 63) / 64 * 64
    let capacity = rows.count * width + SampleTable<Scalar>.padding
    u = AlignedStorage(uninitializedCount: capacity)
    theta = kernels.tangents ? AlignedStorage(uninitializedCount: capacity) : nil
  }

  private var isDiagonal: Bool { isSymmetric && rows == columns }

  func compute() {
    let features = kernels.x.columns
    kernels.x.withUnsafeBuffer { x in
      kernels.x2.withUnsafeBuffer { x2 in
        let (first, second) = (
          x.baseAddress! + rows.lowerBound * features, x2.baseAddress! + columns.lowerBound * features
        )
        multiply(first, features)
        for row in 0..<rows.count {
          let start = isDiagonal ? row : 0
          computeRow(row, from: start, input: first + row * features, others: second, features: features)
        }
      }
    }
  }

  /// Inner products; on the diagonal, strips of rows from the panel on that holds the strip's own first pair.
  private func multiply(_ first: UnsafePointer<Scalar>, _ features: Int) {
    guard features > 0 else { return }
    let strip = isDiagonal ? Self.diagonalStrip : rows.count
    for row in Swift.stride(from: 0, to: rows.count, by: strip) {
      let start = PackedRows<Scalar>.panelStart(columns.lowerBound + (isDiagonal ? row : 0))
      kernels.packed.products(
        first + row * features, rows: min(strip, rows.count - row), range: start..<columns.upperBound,
        into: u.elements.baseAddress! + (row * width + lead + start - columns.lowerBound), stride: width)
    }
  }

  private func computeRow(
    _ row: Int, from start: Int, input: UnsafePointer<Scalar>, others: UnsafePointer<Scalar>, features: Int
  ) {
    let (rowTable, columnTable) = (kernels.rowTable, kernels.columnTable)
    let sample = rows.lowerBound + row
    let first = columns.lowerBound + start
    let count = columns.count - start
    let u = self.u.elements.baseAddress! + (row * width + lead + start)
    let theta = self.theta.map { $0.elements.baseAddress! + (row * width + lead + start) }
    FusedKernels.correlate(
      rowTable.inverseNorms.elements[sample], columnTable.inverseNorms.elements.baseAddress! + first, count: count, u: u
    )
    // The diagonal itself is known; look at the pairs beside it.
    if isDiagonal { u[0] = 1 }
    var close: [(column: Int, oneMinusCorrelation: Double)] = []
    if FusedKernels.range(u, count: count).least < Scalar.closeInputs {
      for i in 0..<count where Double(u[i]) < Scalar.closeInputs {
        let exact = InputCorrelation.oneMinusCorrelation(
          input, others + (start + i) * features, count: features, squaredNorm1: rowTable.squaredNorms[sample],
          squaredNorm2: columnTable.squaredNorms[first + i])
        u[i] = Scalar(exact)
        close.append((i, exact))
      }
    }
    switch kernels.plan.fused {
    case .plain:
      for i in 0..<count {
        let exact = InputCorrelation.oneMinusCorrelation(
          input, others + (start + i) * features, count: features, squaredNorm1: rowTable.squaredNorms[sample],
          squaredNorm2: columnTable.squaredNorms[first + i])
        finishPlainly(sample, first + i, exact, features, u + i, theta.map { $0 + i })
      }
    case .closedForm(let form):
      passLayers(sample, first, count, u, theta) { layer, row, columns, stride in
        FusedKernels.layer(
          form.function, kernels.plan.layers[layer], row: row, columns: columns, stride: stride, count: count, u: u,
          theta: theta)
      }
      // Few pairs are close. In Double the fused smooth forms keep them to 1e-11 over a hundred layers, the plain ones to
      // 1e-12.
      let grown =
        form.isRelative
        ? [] : close.filter { Scalar.self == Double.self || hasGrown(u[$0.column], from: $0.oneMinusCorrelation) }
      finish(sample, first, count, u)
      for pair in grown {
        finishPlainly(
          sample, first + pair.column, pair.oneMinusCorrelation, features, u + pair.column,
          theta.map { $0 + pair.column })
      }
    case .series(let isOdd):
      var far: [Int] = []
      passLayers(sample, first, count, u, theta) { layer, row, columns, stride in
        passSeries(layer, isOdd, sample, first, count, row, columns, stride, u, theta, far: &far)
      }
      let grown = close.filter { hasGrown(u[$0.column], from: $0.oneMinusCorrelation) }
      finish(sample, first, count, u)
      for column in Set(far + grown.map(\.column)) {
        let exact = InputCorrelation.oneMinusCorrelation(
          input, others + (start + column) * features, count: features, squaredNorm1: rowTable.squaredNorms[sample],
          squaredNorm2: columnTable.squaredNorms[first + column])
        finishPlainly(sample, first + column, exact, features, u + column, theta.map { $0 + column })
      }
    }
    if isDiagonal {
      u[0] = Scalar(rowTable.variances.last![sample])
      if let theta { theta[0] = Scalar(rowTable.tangents![sample]) }
    }
  }

  /// The first dense layer, then the hidden ones by `body`.
  @inline(__always)
  private func passLayers(
    _ sample: Int, _ first: Int, _ count: Int, _ u: UnsafeMutablePointer<Scalar>,
    _ theta: UnsafeMutablePointer<Scalar>?,
    body: (_ layer: Int, _ row: UnsafePointer<Scalar>, _ columns: UnsafePointer<Scalar>, _ stride: Int) -> Void
  ) {
    let (rowTable, columnTable) = (kernels.rowTable, kernels.columnTable)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: SampleTable<Scalar>.featureCount) { row in
      for layer in kernels.plan.layers.indices {
        let own = rowTable.features[layer].elements
        for f in 0..<SampleTable<Scalar>.featureCount { row[f] = own[f * rowTable.stride + sample] }
        let columns = UnsafePointer(columnTable.features[layer].elements.baseAddress! + first)
        if layer == 0 {
          FusedKernels.layer(
            0, kernels.plan.inputLayer, row: UnsafePointer(row.baseAddress!), columns: columns,
            stride: columnTable.stride, count: count, u: u, theta: theta)
        } else {
          body(layer, UnsafePointer(row.baseAddress!), columns, columnTable.stride)
        }
      }
    }
  }

  /// K from 1 − c.
  private func finish(_ sample: Int, _ first: Int, _ count: Int, _ u: UnsafeMutablePointer<Scalar>) {
    FusedKernels.finish(
      kernels.rowTable.outputDeviations.elements[sample],
      kernels.columnTable.outputDeviations.elements.baseAddress! + first, count: count, u: u)
  }

  /// Whether a chaotic network has magnified the rounding of a close pair's 1 − c beyond the accuracy promised.
  ///
  /// Kernels with a kink keep 1 − c to relative accuracy. Smooth ones round it to that of c, which matters only where
  /// 1 − c grows from layer to layer: the rounding grows with it.
  private func hasGrown(_ after: Scalar, from before: Double) -> Bool {
    Double(after) > Swift.max(Scalar.growthLimit * before, 1000 * Double(Scalar.unitRoundoff))
  }

  /// One layer by Hermite series, with as many terms as the segment's largest |c| needs; `far` collects the columns for
  /// which all terms are too few.
  private func passSeries(
    _ layer: Int, _ isOdd: Bool, _ sample: Int, _ first: Int, _ count: Int, _ row: UnsafePointer<Scalar>,
    _ columns: UnsafePointer<Scalar>, _ stride: Int, _ u: UnsafeMutablePointer<Scalar>,
    _ theta: UnsafeMutablePointer<Scalar>?, far: inout [Int]
  ) {
    let rowSeries = kernels.rowTable.series[layer - 1]
    let columnSeries = kernels.columnTable.series[layer - 1]
    let limit = Swift.min(
      rowSeries.largestCorrelation(tolerance: Scalar.seriesTolerance),
      columnSeries.largestCorrelation(tolerance: Scalar.seriesTolerance))
    let largest = FusedKernels.range(u, count: count).largest
    let needed = [rowSeries, columnSeries].map {
      $0.terms(largestCorrelation: largest, tolerance: Scalar.seriesTolerance) ?? $0.terms
    }
    let terms = Swift.min(Swift.max(needed[0], needed[1]), rowSeries.terms, columnSeries.terms)
    if largest > limit {
      for i in 0..<count where Swift.abs(1 - Double(u[i])) > limit { far.append(i) }
    }
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: Swift.max(1, terms)) { coefficients in
      for m in 0..<terms { coefficients[m] = rowSeries.coefficients.elements[m * rowSeries.stride + sample] }
      FusedKernels.hermite(
        kernels.plan.layers[layer], rowCoefficients: UnsafePointer(coefficients.baseAddress!),
        columnCoefficients: UnsafePointer(columnSeries.coefficients.elements.baseAddress! + first), terms: terms,
        isOdd: isOdd, row: row, columns: columns, stride: stride, count: count, u: u, theta: theta)
    }
  }

  /// One pair through all layers in Double.
  private func finishPlainly(
    _ sample: Int, _ column: Int, _ v: Double, _ features: Int, _ kernel: UnsafeMutablePointer<Scalar>,
    _ tangent: UnsafeMutablePointer<Scalar>?
  ) {
    let (rowTable, columnTable) = (kernels.rowTable, kernels.columnTable)
    let seconds = (
      rowTable.squaredNorms[sample] / Double(features), columnTable.squaredNorms[column] / Double(features)
    )
    let result = kernels.plan.pair(
      { rowTable.variances[$0][sample] }, { columnTable.variances[$0][column] }, seconds: seconds,
      oneMinusCorrelation: v, tangents: tangent != nil)
    kernel.pointee = Scalar(result.kernel)
    tangent?.pointee = Scalar(result.tangent)
  }

  /// Copies the block, and its mirror where only half is computed, to its place.
  ///
  /// - Parameter origin: the row and column of the target's first element.
  func write(to target: KernelTarget<Scalar>, origin: (row: Int, column: Int)) {
    let (row, column) = (rows.lowerBound - origin.row, columns.lowerBound - origin.column)
    write(u.elements.baseAddress! + lead, to: target.kernel, target.stride, row, column)
    if let theta, let tangent = target.tangent {
      write(theta.elements.baseAddress! + lead, to: tangent, target.stride, row, column)
    }
  }

  private func write(
    _ source: UnsafeMutablePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, _ stride: Int, _ row: Int,
    _ column: Int
  ) {
    let (height, length) = (rows.count, columns.count)
    for i in 0..<height {
      let start = isDiagonal ? i : 0
      let line = target + ((row + i) * stride + column + start)
      line.update(from: source + (i * width + start), count: length - start)
    }
    guard isSymmetric else { return }
    // On the diagonal the squares that it cuts go element by element.
    let square = isDiagonal ? 16 : height
    for firstRow in Swift.stride(from: 0, to: height, by: square) {
      let endRow = Swift.min(firstRow + square, height)
      if isDiagonal {
        for i in firstRow..<endRow {
          for j in i + 1..<endRow {
            target[(column + j) * stride + row + i] = source[i * width + j]
          }
        }
      }
      let start = isDiagonal ? endRow : 0
      RegisterProduct.transpose(
        source + (firstRow * width + start), stride: width, rows: endRow - firstRow, columns: length - start,
        into: target + ((column + start) * stride + row + firstRow), stride: stride)
    }
  }
}
