import OrreryNetworks

/// Operations on images: arrays (samples, height, width, channels).
extension Graph {
  /// z_{s y x u} = b_u + Σ_{j i c} W_{u j i c} x_{s, y t + j − p, x t + i − p, c}: a convolution as networks use the word (a
  /// cross-correlation).
  ///
  /// - Parameters:
  ///   - images: (samples, height, width, channels).
  ///   - weight: (units, kernel height, kernel width, channels).
  ///   - bias: (units), or none.
  ///   - strides: t along height and width.
  /// - Throws: ``ExperimentError/windowDoesNotFit(height:width:window:)``.
  public mutating func convolution(
    _ images: Value, weight: Value, bias: Value? = nil, strides: (height: Int, width: Int) = (1, 1),
    padding: WindowPadding = .same
  ) throws -> Value {
    let (image, kernel) = (shape(images), shape(weight))
    precondition(
      image.count == 4 && kernel.count == 4 && image[3] == kernel[3], "Images \(image) do not fit weights \(kernel).")
    let (vertical, horizontal) = try windows(image, (kernel[1], kernel[2]), strides, padding)
    let geometry = ConvolutionGeometry(
      vertical: vertical, horizontal: horizontal, channels: image[3], units: kernel[0], padding: padding)
    let inputs = [images, weight] + (bias.map { [$0] } ?? [])
    return apply(ConvolutionProduct(geometry: geometry, hasBias: bias != nil), inputs)
  }

  /// The average over windows, channel by channel; at the edges over what lies in the image.
  ///
  /// - Throws: ``ExperimentError/windowDoesNotFit(height:width:window:)``.
  public mutating func averagePool(
    _ images: Value, window: (height: Int, width: Int), strides: (height: Int, width: Int),
    padding: WindowPadding = .valid
  ) throws -> Value {
    let geometry = try pooling(images, window, strides, padding)
    return apply(WindowAverage(geometry: geometry), [images])
  }

  /// The maximum over windows, channel by channel. Its derivative goes to the first of equal maxima, row by row.
  ///
  /// - Throws: ``ExperimentError/windowDoesNotFit(height:width:window:)``.
  public mutating func maxPool(
    _ images: Value, window: (height: Int, width: Int), strides: (height: Int, width: Int),
    padding: WindowPadding = .valid
  ) throws -> Value {
    let geometry = try pooling(images, window, strides, padding)
    return apply(WindowMaximum(geometry: geometry), [images])
  }

  /// The average over all pixels: (samples, height, width, channels) → (samples, channels).
  public mutating func globalAveragePool(_ images: Value) -> Value {
    let image = shape(images)
    let pixels = image[1] * image[2]
    let sums = sum(reshape(images, [image[0], pixels, image[3]]), axis: 1)
    return scale(sums, by: 1 / Double(pixels))
  }

  /// The sum over samples and pixels: (samples, height, width, channels) → (channels).
  public mutating func sumOverPixels(_ images: Value) -> Value {
    let image = shape(images)
    return sum(reshape(images, [image[0] * image[1] * image[2], image[3]]), axis: 0)
  }

  private func pooling(
    _ images: Value, _ window: (height: Int, width: Int), _ strides: (height: Int, width: Int),
    _ padding: WindowPadding
  ) throws -> PoolingGeometry {
    let image = shape(images)
    precondition(image.count == 4, "Images (samples, height, width, channels) are pooled, not \(image).")
    let (vertical, horizontal) = try windows(image, window, strides, padding)
    return PoolingGeometry(
      vertical: vertical, horizontal: horizontal, channels: image[3], isCircular: padding == .circular)
  }

  private func windows(
    _ image: [Int], _ window: (height: Int, width: Int), _ strides: (height: Int, width: Int),
    _ padding: WindowPadding
  ) throws -> (WindowAxis, WindowAxis) {
    guard
      let vertical = WindowAxis(extent: image[1], size: window.height, stride: strides.height, padding: padding),
      let horizontal = WindowAxis(extent: image[2], size: window.width, stride: strides.width, padding: padding)
    else {
      throw ExperimentError.windowDoesNotFit(
        height: image[1], width: image[2], window: [window.height, window.width])
    }
    return (vertical, horizontal)
  }
}
