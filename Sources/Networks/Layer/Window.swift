/// What a window sees beyond an image's edge.
public enum WindowPadding: String, Codable, Hashable, Sendable, CaseIterable {
  /// ⌈extent / stride⌉ outputs; zeros on either side, the odd one behind the image (the convention of TensorFlow, Keras and
  /// JAX). Pooling leaves what is beyond the edge out of its maxima and averages.
  case same
  /// ⌊(extent − size) / stride⌋ + 1 outputs: windows that lie in the image.
  case valid
  /// As many outputs as `same`; the image goes on at its other side.
  case circular
}

/// Windows along one axis of an image: where they begin, and how many there are.
public struct WindowAxis: Hashable, Sendable {
  public let extent: Int
  public let size: Int
  public let stride: Int
  /// How many windows there are.
  public let outputs: Int
  /// Elements that windows see before the image's first and behind its last.
  public let before: Int
  public let after: Int

  /// Nil where no window fits: a `valid` window that is longer than the image, or extents that are not positive.
  public init?(extent: Int, size: Int, stride: Int, padding: WindowPadding) {
    guard extent > 0, size > 0, stride > 0, padding != .valid || size <= extent else { return nil }
    self.extent = extent
    self.size = size
    self.stride = stride
    switch padding {
    case .valid:
      outputs = (extent - size) / stride + 1
      (before, after) = (0, 0)
    case .same, .circular:
      outputs = (extent + stride - 1) / stride
      let missing = max(0, (outputs - 1) * stride + size - extent)
      (before, after) = (missing / 2, missing - missing / 2)
    }
  }

  /// The image and its padding.
  public var paddedExtent: Int { before + extent + after }

  /// The image's elements that a window sees.
  public func range(of window: Int) -> Range<Int> {
    let start = window * stride - before
    return max(0, start)..<min(extent, start + size)
  }
}
