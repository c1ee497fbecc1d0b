/// One element Ĝ^(ℓ)_αβ of a layer's preactivation kernel. The kernel is symmetric: (α, β) and (β, α) are one entry.
public struct KernelEntry: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The preactivation layer ℓ, 1 … L.
  public let layer: Int
  /// The larger of the two sample numbers.
  public let row: Int
  /// The smaller of the two sample numbers.
  public let column: Int

  public init(layer: Int, _ first: Int, _ second: Int) {
    self.layer = layer
    row = max(first, second)
    column = min(first, second)
  }

  /// The place in a lower triangle packed by rows: (0,0), (1,0), (1,1), (2,0), …
  public var packedIndex: Int { KernelEntry.packedIndex(row, column) }

  public var description: String { "Ĝ^(\(layer))_(\(column),\(row))" }

  /// The place of (α, β) in a lower triangle packed by rows.
  static func packedIndex(_ first: Int, _ second: Int) -> Int {
    let row = max(first, second)
    return row * (row + 1) / 2 + min(first, second)
  }

  /// The number of different entries over `samples` inputs.
  static func packedCount(_ samples: Int) -> Int { samples * (samples + 1) / 2 }
}
