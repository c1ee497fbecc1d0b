import OrreryNetworks

/// Where every parameter of a network lies in one flat buffer; gradients and the memory of update rules lie likewise.
///
/// ```swift
/// let layout = try ParameterLayout([
///   .init("W1", role: .input, shape: [128, 64]), .init("b1", role: .hiddenBias, shape: [128]),
/// ])
/// ```
public struct ParameterLayout: Hashable, Codable, Sendable {
  /// One tensor: row-major, without gaps.
  public struct Tensor: Hashable, Codable, Sendable {
    /// `W1`, `b1`, …; unique in the layout.
    public let name: String
    public let role: ParameterRole
    public let shape: [Int]
    /// What one unit of the optimizer's own parameter is, in units of this one: w = unit · ω. The optimizer acts on ω, as in
    /// the NTK parametrization, where unit = √(C_W/fan-in); 0 leaves the tensor as it is.
    public let unit: Double
    /// The place of its first element; set by the layout.
    public fileprivate(set) var offset = 0

    public init(_ name: String, role: ParameterRole, shape: [Int], unit: Double = 1) {
      self.name = name
      self.role = role
      self.shape = shape
      self.unit = unit
    }

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }
    /// The first extent: fan-out of a weight matrix, the length of a vector.
    public var rows: Int { shape.first ?? 1 }
    /// The product of all other extents: fan-in of a weight matrix, 1 for a vector.
    public var columns: Int { shape.dropFirst().reduce(1, *) }
    public var isMatrix: Bool { shape.count >= 2 }
    /// The places of its elements.
    public var range: Range<Int> { offset..<(offset + count) }
  }

  public let tensors: [Tensor]
  /// The number of elements of the whole buffer, gaps between tensors included.
  public let count: Int

  /// Lays out tensors one behind the other.
  ///
  /// - Parameters:
  ///   - tensors: in order; their offsets are set here.
  ///   - alignment: every tensor begins at a multiple of this many elements. Nothing reads or writes the gaps.
  /// - Throws: `TrainingSetupError` for repeated names, empty tensors and more elements than can be counted.
  public init(_ tensors: [Tensor], alignment: Int = 1) throws {
    precondition(alignment >= 1, "An alignment is at least one element.")
    var placed: [Tensor] = []
    var names: Set<String> = []
    var end = 0
    for var tensor in tensors {
      guard names.insert(tensor.name).inserted else { throw TrainingSetupError.duplicateTensor(tensor.name) }
      var count = 1
      for extent in tensor.shape {
        guard extent >= 1 else { throw TrainingSetupError.emptyTensor(tensor.name, shape: tensor.shape) }
        let (product, tooMany) = count.multipliedReportingOverflow(by: extent)
        guard !tooMany, product < Self.mostElements else { throw TrainingSetupError.tooManyParameters }
        count = product
      }
      tensor.offset = (end + alignment - 1) / alignment * alignment
      end = tensor.offset + count
      guard end < Self.mostElements else { throw TrainingSetupError.tooManyParameters }
      placed.append(tensor)
    }
    self.tensors = placed
    count = end
  }

  /// Bytes of them still fit an integer.
  private static let mostElements = 1 << 58

  /// The tensor of this name.
  public func tensor(named name: String) -> Tensor? { tensors.first { $0.name == name } }
}
