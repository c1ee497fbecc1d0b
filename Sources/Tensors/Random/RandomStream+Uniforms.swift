import CElementwise

/// Uniform draws.
extension RandomStream {
  /// Writes the uniform draws in [0, 1) from `index` on: multiples of 2⁻²⁴.
  package func fillUniforms(_ output: UnsafeMutableBufferPointer<Float>, from index: Int = 0) {
    Self.check(index: index, count: output.count)
    orrery_kernels_in_use().pointee.uniforms_f32(key, UInt64(index), output.count, output.baseAddress)
  }

  /// Writes the uniform draws in [0, 1) from `index` on: multiples of 2⁻⁵³.
  package func fillUniforms(_ output: UnsafeMutableBufferPointer<Double>, from index: Int = 0) {
    Self.check(index: index, count: output.count)
    orrery_kernels_in_use().pointee.uniforms_f64(key, UInt64(index), output.count, output.baseAddress)
  }

  /// The first `count` uniform draws in [0, 1), or those from `index` on, with 53 bits.
  public func uniforms(count: Int, from index: Int = 0) -> [Double] {
    Array(unsafeUninitializedCapacity: count) { buffer, written in
      fillUniforms(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: index)
      written = count
    }
  }

  /// The same draws, truncated to 24 bits.
  public func floatUniforms(count: Int, from index: Int = 0) -> [Float] {
    Array(unsafeUninitializedCapacity: count) { buffer, written in
      fillUniforms(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: index)
      written = count
    }
  }
}
