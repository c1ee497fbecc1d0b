import OrreryNetworks

/// The extents of pooling over windows of images (height, width, channels).
struct PoolingGeometry: Hashable, Sendable {
  let vertical: WindowAxis
  let horizontal: WindowAxis
  let channels: Int
  let isCircular: Bool

  var imageShape: [Int] { [vertical.extent, horizontal.extent, channels] }
  var outputShape: [Int] { [vertical.outputs, horizontal.outputs, channels] }
  var imageCount: Int { vertical.extent * horizontal.extent * channels }
  var outputCount: Int { vertical.outputs * horizontal.outputs * channels }

  /// The windows of one image, worked out before anything runs.
  var windows: PoolingWindows { PoolingWindows(self) }
}

/// The pixels of each window of one image.
struct PoolingWindows: Sendable {
  /// Where pixels of all windows begin in the image, window by window, row by row within each.
  let taps: [Int]
  /// Where each window's pixels begin in `taps`, and their end.
  let starts: [Int]
  let channels: Int
  /// Whether every pixel of the image is in one window.
  let isTiling: Bool

  init(_ geometry: PoolingGeometry) {
    func places(_ axis: WindowAxis, _ window: Int) -> [Int] {
      guard geometry.isCircular else { return Array(axis.range(of: window)) }
      return (0..<axis.size).map { offset in
        let place = (window * axis.stride - axis.before + offset) % axis.extent
        return place < 0 ? place + axis.extent : place
      }
    }
    var (taps, starts): ([Int], [Int]) = ([], [0])
    for y in 0..<geometry.vertical.outputs {
      for x in 0..<geometry.horizontal.outputs {
        for row in places(geometry.vertical, y) {
          for column in places(geometry.horizontal, x) {
            taps.append((row * geometry.horizontal.extent + column) * geometry.channels)
          }
        }
        starts.append(taps.count)
      }
    }
    self.taps = taps
    self.starts = starts
    channels = geometry.channels
    isTiling = taps.count == geometry.vertical.extent * geometry.horizontal.extent && Set(taps).count == taps.count
  }

  /// Calls `body` for each window with where its output begins and its pixels.
  @inline(__always)
  func visit(_ body: (_ output: Int, _ taps: UnsafeBufferPointer<Int>) -> Void) {
    taps.withUnsafeBufferPointer { taps in
      starts.withUnsafeBufferPointer { starts in
        for window in 0..<(starts.count - 1) {
          body(window * channels, UnsafeBufferPointer(rebasing: taps[starts[window]..<starts[window + 1]]))
        }
      }
    }
  }
}

extension PoolingGeometry {
  /// The shape of what leaves a batch of images.
  func pooledShape(_ images: [Int]) -> [Int] {
    precondition(images.dropFirst() == imageShape[...], "\(images) are not images of \(self).")
    return [images[0]] + outputShape
  }

  /// The shape of the images that a batch of outputs comes from.
  func unpooledShape(_ outputs: [Int]) -> [Int] {
    precondition(outputs.dropFirst() == outputShape[...], "\(outputs) are not outputs of \(self).")
    return [outputs[0]] + imageShape
  }

  /// Room for two numbers of each channel, in each group of samples.
  func scratch(samples: Int) -> Int { SampleGroups(samples).count * 2 * ArenaLayout.aligned(channels) }
}
