/// A dense matrix: a tensor of rank two, with the few verbs of linear algebra that Orrery needs.
public struct Matrix<Scalar: TensorScalar>: Sendable, Equatable {
  /// The elements, shape (rows, columns).
  public private(set) var tensor: Tensor<Scalar>

  public var rows: Int { tensor.shape[0] }
  public var columns: Int { tensor.shape[1] }

  public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
    tensor = Tensor(shape: [rows, columns], repeating: value)
  }

  /// A matrix of the given elements, row after row.
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    tensor = Tensor(shape: [rows, columns], elements: elements)
  }

  /// A matrix of the given rows, all of one length.
  public init(_ rows: [[Scalar]]) {
    precondition(Set(rows.map(\.count)).count <= 1, "The rows of a matrix have one length.")
    tensor = Tensor(shape: [rows.count, rows.first?.count ?? 0], elements: rows.flatMap { $0 })
  }

  /// - Precondition: `tensor` has rank two.
  public init(_ tensor: Tensor<Scalar>) {
    precondition(tensor.shape.count == 2, "A matrix is a tensor of rank two; this one has rank \(tensor.shape.count).")
    self.tensor = tensor
  }

  package init(
    rows: Int, columns: Int, initializing body: (UnsafeMutableBufferPointer<Scalar>) throws -> Void
  ) rethrows {
    tensor = try Tensor(shape: [rows, columns], initializing: body)
  }

  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "Index outside the matrix.")
      return tensor.storage.elements[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "Index outside the matrix.")
      let width = columns
      tensor.withUnsafeMutableBuffer { $0[row * width + column] = newValue }
    }
  }

  /// One row, copied.
  public func row(_ index: Int) -> [Scalar] {
    precondition(index >= 0 && index < rows, "Row \(index) is outside 0..<\(rows).")
    return tensor.withUnsafeBuffer { Array($0[(index * columns)..<((index + 1) * columns)]) }
  }

  /// The rows with the given numbers, in that order.
  public func selectingRows(_ indices: [Int]) -> Matrix {
    Matrix(rows: indices.count, columns: columns) { target in
      tensor.withUnsafeBuffer { source in
        for (place, index) in indices.enumerated() where columns > 0 {
          precondition(index >= 0 && index < rows, "Row \(index) is outside 0..<\(rows).")
          (target.baseAddress! + place * columns).initialize(
            from: source.baseAddress! + index * columns, count: columns)
        }
      }
    }
  }

  public var transposed: Matrix {
    Matrix(rows: columns, columns: rows) { target in
      tensor.withUnsafeBuffer { source in
        for i in 0..<rows { for j in 0..<columns { target[j * rows + i] = source[i * columns + j] } }
      }
    }
  }

  package func withUnsafeBuffer<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
    try tensor.withUnsafeBuffer(body)
  }

  package mutating func withUnsafeMutableBuffer<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try tensor.withUnsafeMutableBuffer(body)
  }
}
