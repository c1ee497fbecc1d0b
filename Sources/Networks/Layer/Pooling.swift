/// The average over windows, channel by channel: (height, width, channels) → (out height, out width, channels). At the edges
/// it is the average over what lies in the image.
///
/// In a description: `average-pool: { window: 2, stride: 2, padding: valid }`; the stride is the window's extent where it is
/// left out.
public struct AveragePool: LayerDescription {
  public static let key = "average-pool"
  public var window: ImageExtents
  public var stride: ImageExtents
  public var padding: WindowPadding

  /// - Parameter stride: nil stands for the window's extents.
  public init(window: ImageExtents, stride: ImageExtents? = nil, padding: WindowPadding = .valid) {
    self.window = window
    self.stride = stride ?? window
    self.padding = padding
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    window = try container.decodeIfPresent(ImageExtents.self, forKey: .window) ?? 2
    stride = try container.decodeIfPresent(ImageExtents.self, forKey: .stride) ?? window
    padding = try WindowPadding.decode(container, .padding) ?? .valid
  }

  /// - Throws: `NetworkError` for a window or a stride out of range.
  public func validate() throws { try ImageShape.check(window, stride, what: "average pooling") }

  /// - Throws: `NetworkError` unless images enter and the window fits.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try ImageShape.windows(inputShape, window, stride, padding, what: "average pooling") + [inputShape[2]]
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}

/// The maximum over windows, channel by channel: (height, width, channels) → (out height, out width, channels). What lies
/// beyond the edge does not count. Its derivative goes to the first of equal maxima, row by row.
///
/// In a description as ``AveragePool``, under `max-pool`.
public struct MaxPool: LayerDescription {
  public static let key = "max-pool"
  public var window: ImageExtents
  public var stride: ImageExtents
  public var padding: WindowPadding

  /// - Parameter stride: nil stands for the window's extents.
  public init(window: ImageExtents, stride: ImageExtents? = nil, padding: WindowPadding = .valid) {
    self.window = window
    self.stride = stride ?? window
    self.padding = padding
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    window = try container.decodeIfPresent(ImageExtents.self, forKey: .window) ?? 2
    stride = try container.decodeIfPresent(ImageExtents.self, forKey: .stride) ?? window
    padding = try WindowPadding.decode(container, .padding) ?? .valid
  }

  /// - Throws: `NetworkError` for a window or a stride out of range.
  public func validate() throws { try ImageShape.check(window, stride, what: "maximum pooling") }

  /// - Throws: `NetworkError` unless images enter and the window fits.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try ImageShape.windows(inputShape, window, stride, padding, what: "maximum pooling") + [inputShape[2]]
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}
