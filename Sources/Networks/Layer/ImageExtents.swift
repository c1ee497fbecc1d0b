/// A height and a width: of a kernel, a window, a stride. In a description one number, for both, or `[height, width]`.
public struct ImageExtents: Hashable, Sendable, ExpressibleByIntegerLiteral {
  public var height: Int
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  public init(integerLiteral value: Int) { self.init(height: value, width: value) }
}

extension ImageExtents: Codable {
  public init(from decoder: any Decoder) throws {
    if let both = try? decoder.singleValueContainer().decode(Int.self) {
      self.init(height: both, width: both)
      return
    }
    guard let list = try? [Int](from: decoder), list.count == 2 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "give one whole number, for height and width, or a list of both, such as [3, 5]."))
    }
    self.init(height: list[0], width: list[1])
  }

  public func encode(to encoder: any Encoder) throws {
    if height == width {
      var container = encoder.singleValueContainer()
      try container.encode(height)
    } else {
      try [height, width].encode(to: encoder)
    }
  }
}

extension ImageExtents: CustomStringConvertible {
  public var description: String { "\(height) × \(width)" }
}

/// Shape rules that layers on images share.
enum ImageShape {
  /// Height, width and channels.
  ///
  /// - Throws: `NetworkError` unless (height, width, channels) enter, none of them 0.
  static func check(_ shape: [Int], what: String) throws {
    guard shape.count == 3, shape.allSatisfy({ $0 >= 1 }) else {
      throw NetworkError(
        .invalidShape, "\(what) takes images (height, width, channels), and the shape \(shape) enters",
        remedy: "put it where images are: before they are flattened or averaged.")
    }
  }

  /// - Parameter key: what the description calls the window.
  /// - Throws: `NetworkError` for extents that are not positive, or beyond ``LayerBounds/largestExtent``.
  static func check(_ window: ImageExtents, _ stride: ImageExtents, what: String, key: String = "window") throws {
    for (name, extents, key) in [("window", window, key), ("stride", stride, "stride")] {
      let isPositive = min(extents.height, extents.width) >= 1
      guard !isPositive || max(extents.height, extents.width) > LayerBounds.largestExtent else { continue }
      throw NetworkError(
        .invalidValue, "the \(name) of \(what) is \(extents)",
        remedy: isPositive ? "give at most \(LayerBounds.largestExtent)." : "give positive whole numbers.", key: key)
    }
  }

  /// Height and width behind windows over images.
  ///
  /// - Throws: `NetworkError` for windows that are not positive, too large or find no place.
  static func windows(
    _ shape: [Int], _ window: ImageExtents, _ stride: ImageExtents, _ padding: WindowPadding, what: String
  ) throws -> [Int] {
    try check(shape, what: what)
    try check(window, stride, what: what)
    guard
      let vertical = WindowAxis(extent: shape[0], size: window.height, stride: stride.height, padding: padding),
      let horizontal = WindowAxis(extent: shape[1], size: window.width, stride: stride.width, padding: padding)
    else {
      throw NetworkError(
        .invalidShape, "the window of \(what), \(window), does not fit into images of \(shape[0]) × \(shape[1])",
        remedy: "take a smaller one, or the padding 'same' or 'circular'.")
    }
    return [vertical.outputs, horizontal.outputs]
  }
}
