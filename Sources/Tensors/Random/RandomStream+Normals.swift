import CElementwise

/// Standard normal draws, by the Box–Muller transform of pairs of words.
///
/// The radius is √(−2 log u) with u = (k + ½) 2⁻³¹ in `Float` (k of 31 bits, rounded to a float) and (k + ½) 2⁻⁶⁴ in
/// `Double`. So the tails end at |x| = √(64 log 2) = 6.66 (beyond which a normal has mass 2.7e-11) and at
/// √(130 log 2) = 9.49 (2.3e-21). No operation is fused, hence the same bits on every instruction set.
extension RandomStream {
  /// The members that `fillNormalLanes` lays side by side.
  package static let laneCount = 16

  /// Writes the draws from `index` on.
  package func fillNormals(_ output: UnsafeMutableBufferPointer<Float>, from index: Int = 0) {
    Self.check(index: index, count: output.count)
    orrery_kernels_in_use().pointee.normals_f32(key, UInt64(index), output.count, output.baseAddress)
  }

  package func fillNormals(_ output: UnsafeMutableBufferPointer<Double>, from index: Int = 0) {
    Self.check(index: index, count: output.count)
    orrery_kernels_in_use().pointee.normals_f64(key, UInt64(index), output.count, output.baseAddress)
  }

  /// The same for an array whose type is not known here.
  package func fillNormals<Scalar: TensorScalar>(_ output: UnsafeMutableBufferPointer<Scalar>, from index: Int = 0) {
    if Scalar.self == Float.self {
      output.withMemoryRebound(to: Float.self) { fillNormals($0, from: index) }
    } else {
      output.withMemoryRebound(to: Double.self) { fillNormals($0, from: index) }
    }
  }

  /// Draws of many members at once, laid out (index, lane): `output[i * 16 + k]` is draw `index + i` of the stream of member
  /// `member + k`, bit for bit.
  ///
  /// - Parameters:
  ///   - index: the first draw of each member.
  ///   - count: the number of draws of each member.
  ///   - output: memory for `16 * count` values.
  package func fillNormalLanes(from index: Int = 0, count: Int, into output: UnsafeMutablePointer<Float>) {
    checkLanes(index: index, count: count)
    orrery_kernels_in_use().pointee.normal_lanes_f32(key, UInt64(index), count, output)
  }

  package func fillNormalLanes(from index: Int = 0, count: Int, into output: UnsafeMutablePointer<Double>) {
    checkLanes(index: index, count: count)
    orrery_kernels_in_use().pointee.normal_lanes_f64(key, UInt64(index), count, output)
  }

  private func checkLanes(index: Int, count: Int) {
    Self.check(index: index, count: count)
    precondition(member <= UInt32.max - UInt32(Self.laneCount - 1), "Sixteen members from \(member) on pass 2^32.")
  }

  /// The first `count` draws, or those from `index` on.
  public func normals(count: Int, from index: Int = 0) -> [Double] {
    Array(unsafeUninitializedCapacity: count) { buffer, written in
      fillNormals(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: index)
      written = count
    }
  }

  /// The same draws in single precision.
  public func floatNormals(count: Int, from index: Int = 0) -> [Float] {
    Array(unsafeUninitializedCapacity: count) { buffer, written in
      fillNormals(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: index)
      written = count
    }
  }
}
