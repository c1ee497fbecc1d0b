/// A matrix product (rows, inner) (inner, columns), as an argument of tests.
public struct ProductShape: CustomStringConvertible, Sendable {
  public let rows: Int
  public let inner: Int
  public let columns: Int

  public init(rows: Int, inner: Int, columns: Int) {
    (self.rows, self.inner, self.columns) = (rows, inner, columns)
  }

  public var description: String { "\(rows) × \(inner) × \(columns)" }
}
