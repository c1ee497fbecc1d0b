import OrreryNetworks

/// Convolution and pooling as nested loops, for comparison.
enum PlainImages {
  /// One convolution or pooling to be tested.
  struct Case: Sendable, CustomStringConvertible {
    var samples = 2
    var image = [5, 6]
    var channels = 3
    var units = 4
    var window = [3, 3]
    var strides = [1, 1]
    var padding = WindowPadding.same

    var imageShape: [Int] { [samples] + image + [channels] }
    var weightShape: [Int] { [units] + window + [channels] }

    var description: String {
      "\(samples)×\(image)×\(channels) → \(units), window \(window), strides \(strides), \(padding)"
    }
  }

  /// Outputs along an axis, and padding before it, by the definition of each kind.
  private static func axis(_ extent: Int, _ size: Int, _ stride: Int, _ padding: WindowPadding) -> (Int, Int) {
    if padding == .valid { return ((extent - size) / stride + 1, 0) }
    let outputs = Int((Double(extent) / Double(stride)).rounded(.up))
    return (outputs, max(0, (outputs - 1) * stride + size - extent) / 2)
  }

  /// Calls `body` with each window and each pixel of the image in it: (out row, out column), (window row, window column),
  /// (row, column).
  private static func pixels(
    _ this: Case, _ body: (_ output: (Int, Int), _ tap: (Int, Int), _ pixel: (Int, Int)) -> Void
  ) -> [Int] {
    let (outY, beforeY) = axis(this.image[0], this.window[0], this.strides[0], this.padding)
    let (outX, beforeX) = axis(this.image[1], this.window[1], this.strides[1], this.padding)
    for oy in 0..<outY {
      for ox in 0..<outX {
        for j in 0..<this.window[0] {
          for i in 0..<this.window[1] {
            var (y, x) = (oy * this.strides[0] + j - beforeY, ox * this.strides[1] + i - beforeX)
            if this.padding == .circular {
              (y, x) = ((y + 100 * this.image[0]) % this.image[0], (x + 100 * this.image[1]) % this.image[1])
            }
            guard (0..<this.image[0]).contains(y), (0..<this.image[1]).contains(x) else { continue }
            body((oy, ox), (j, i), (y, x))
          }
        }
      }
    }
    return [outY, outX]
  }

  /// What a loop over one convolution's products needs: places of an image's element, a weight and an output, in the arrays.
  static func products(_ this: Case, _ body: (_ image: Int, _ weight: Int, _ output: Int) -> Void) -> [Int] {
    let outputs = pixels(this) { _, _, _ in }
    _ = pixels(this) { output, tap, pixel in
      for s in 0..<this.samples {
        for u in 0..<this.units {
          for c in 0..<this.channels {
            let image = ((s * this.image[0] + pixel.0) * this.image[1] + pixel.1) * this.channels + c
            let weight = ((u * this.window[0] + tap.0) * this.window[1] + tap.1) * this.channels + c
            body(image, weight, ((s * outputs[0] + output.0) * outputs[1] + output.1) * this.units + u)
          }
        }
      }
    }
    return [this.samples] + outputs + [this.units]
  }

  /// The elements of each window, in order, output by output.
  static func windows(_ this: Case) -> (places: [[Int]], shape: [Int]) {
    let outputs = pixels(this) { _, _, _ in }
    let shape = [this.samples] + outputs + [this.channels]
    var places = [[Int]](repeating: [], count: shape.reduce(1, *))
    _ = pixels(this) { output, _, pixel in
      for s in 0..<this.samples {
        for c in 0..<this.channels {
          places[((s * outputs[0] + output.0) * outputs[1] + output.1) * this.channels + c].append(
            ((s * this.image[0] + pixel.0) * this.image[1] + pixel.1) * this.channels + c)
        }
      }
    }
    return (places, shape)
  }
}
