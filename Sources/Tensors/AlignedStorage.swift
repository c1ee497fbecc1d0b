/// Memory for one tensor: 64-byte aligned, so that vector kernels meet whole cache lines.
///
/// The elements are trivial types, so nothing has to be destroyed but the memory itself. A storage is written only by
/// its unique owner (`Tensor` copies it first when it is shared), which is what makes it safe to send.
package final class AlignedStorage<Scalar: TensorScalar>: @unchecked Sendable {
  package let elements: UnsafeMutableBufferPointer<Scalar>

  /// Uninitialised memory for `count` elements.
  package init(uninitializedCount count: Int) {
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * MemoryLayout<Scalar>.stride, alignment: 64)
    elements = UnsafeMutableBufferPointer(start: raw.bindMemory(to: Scalar.self, capacity: max(1, count)), count: count)
  }

  package convenience init(copying other: AlignedStorage) {
    self.init(uninitializedCount: other.elements.count)
    if let source = other.elements.baseAddress { elements.baseAddress!.update(from: source, count: elements.count) }
  }

  deinit { UnsafeMutableRawPointer(elements.baseAddress!).deallocate() }
}
