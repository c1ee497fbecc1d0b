/// Random matrices with orthonormal columns.
package enum OrthonormalColumns {
  /// Turns independent standard normals into a matrix with orthonormal columns, uniform in the sense of Haar: the factor Q of the QR
  /// factorisation in which R has a positive diagonal (F. Mezzadri, Notices AMS 54, 592, 2007).
  ///
  /// - Parameters:
  ///   - a: rows × columns numbers, column after column; overwritten.
  /// - Precondition: at least as many rows as columns.
  package static func orthonormalize(_ a: UnsafeMutablePointer<Double>, rows: Int, columns: Int) {
    precondition(rows >= columns, "\(columns) vectors of \(rows) components cannot be orthonormal.")
    guard columns > 0 else { return }
    let factors = AlignedStorage<Double>(uninitializedCount: columns)
    let tau = factors.elements.baseAddress!
    LAPACK.geqrf(a, rows: rows, columns: columns, tau)
    let signs = (0..<columns).map { a[$0 * rows + $0] < 0 }
    LAPACK.orgqr(a, rows: rows, columns: columns, tau)
    for column in 0..<columns where signs[column] {
      for i in (column * rows)..<((column + 1) * rows) { a[i] = -a[i] }
    }
  }
}
