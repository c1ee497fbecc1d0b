import OrreryNetworks

/// The extents of a two-dimensional convolution of images (height, width, channels) with weights
/// (units, kernel height, kernel width, channels).
struct ConvolutionGeometry: Hashable, Sendable {
  let vertical: WindowAxis
  let horizontal: WindowAxis
  let channels: Int
  let units: Int
  let padding: WindowPadding

  /// Elements of one image, of one output (height, width, units), of a kernel of one unit.
  var imageCount: Int { vertical.extent * horizontal.extent * channels }
  var pixels: Int { vertical.outputs * horizontal.outputs }
  var outputCount: Int { pixels * units }
  var kernelCount: Int { vertical.size * horizontal.size * channels }

  var imageShape: [Int] { [vertical.extent, horizontal.extent, channels] }
  var outputShape: [Int] { [vertical.outputs, horizontal.outputs, units] }
  var weightShape: [Int] { [units, vertical.size, horizontal.size, channels] }

  /// From one row of a padded image to the next.
  var paddedRow: Int { horizontal.paddedExtent * channels }
  var paddedCount: Int { vertical.paddedExtent * paddedRow }
  var isPadded: Bool { paddedCount != imageCount }
}

/// A block of memory around an image, filled once around and anew inside: an image with its padding.
struct PaddedImage: Sendable {
  /// Rows and elements of a row of the image, and where its first element lies.
  let rows: Int
  let row: Int
  let paddedRows: Int
  let paddedRow: Int
  let top: Int
  /// In elements.
  let left: Int
  let isCircular: Bool

  /// The images that a convolution reads.
  init(images geometry: ConvolutionGeometry) {
    rows = geometry.vertical.extent
    row = geometry.horizontal.extent * geometry.channels
    paddedRows = geometry.vertical.paddedExtent
    paddedRow = geometry.paddedRow
    top = geometry.vertical.before
    left = geometry.horizontal.before * geometry.channels
    isCircular = geometry.padding == .circular
  }

  init(rows: Int, row: Int, paddedRows: Int, paddedRow: Int, top: Int, left: Int) {
    self.rows = rows
    self.row = row
    self.paddedRows = paddedRows
    self.paddedRow = paddedRow
    self.top = top
    self.left = left
    isCircular = false
  }

  var count: Int { paddedRows * paddedRow }
  /// Where there is no padding, an image is used where it lies.
  var isNeeded: Bool { count != rows * row }

  /// Zeros everywhere: once for each block that images are copied to.
  @inline(__always)
  func clear<Scalar: ExperimentScalar>(_ block: UnsafeMutablePointer<Scalar>) {
    block.update(repeating: 0, count: count)
  }

  /// The image into the block's inside, and around it where padding is circular.
  @inline(__always)
  func fill<Scalar: ExperimentScalar>(_ block: UnsafeMutablePointer<Scalar>, from image: UnsafePointer<Scalar>) {
    for y in 0..<rows {
      (block + (top + y) * paddedRow + left).update(from: image + y * row, count: row)
    }
    guard isCircular else { return }
    // Sides from the inside of each row, then whole rows; a kernel longer than the image goes round several times.
    for y in top..<(top + rows) {
      let line = block + y * paddedRow
      for i in 0..<left { line[left - 1 - i] = line[left - 1 - i + row] }
      for i in (left + row)..<max(left + row, paddedRow) { line[i] = line[i - row] }
    }
    for y in 0..<top {
      let target = top - 1 - y
      (block + target * paddedRow).update(from: block + (target + rows) * paddedRow, count: paddedRow)
    }
    for y in (top + rows)..<max(top + rows, paddedRows) {
      (block + y * paddedRow).update(from: block + (y - rows) * paddedRow, count: paddedRow)
    }
  }

  /// The transpose of ``fill(_:from:)``: the block's elements, added where they came from. Uses the block up.
  @inline(__always)
  func fold<Scalar: ExperimentScalar>(_ block: UnsafeMutablePointer<Scalar>, into image: UnsafeMutablePointer<Scalar>) {
    if isCircular {
      // The steps of `fill`, last one first.
      for y in ((top + rows)..<max(top + rows, paddedRows)).reversed() { add(y, to: y - rows, block) }
      for y in 0..<top { add(y, to: y + rows, block) }
      for y in top..<(top + rows) {
        let line = block + y * paddedRow
        for i in ((left + row)..<max(left + row, paddedRow)).reversed() { line[i - row] += line[i] }
        for i in 0..<left { line[i + row] += line[i] }
      }
    }
    for y in 0..<rows {
      (image + y * row).update(from: block + (top + y) * paddedRow + left, count: row)
    }
  }

  @inline(__always)
  private func add<Scalar: ExperimentScalar>(_ source: Int, to target: Int, _ block: UnsafeMutablePointer<Scalar>) {
    let (x, y) = (block + source * paddedRow, block + target * paddedRow)
    for i in 0..<paddedRow { y[i] += x[i] }
  }
}
